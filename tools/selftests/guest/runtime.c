// SPDX-License-Identifier: GPL-2.0
/* The runtime's C part: entry, tests, interruptions, single instructions */
#include "entry.h"

#define CR0_LOW_ADDRESS		0x10000000ul
#define CR0_CLOCK_COMPARATOR	0x800ul
/* Control register 14 as a reset leaves it, with channel reports disabled */
#define CR14_INITIAL		0xc2000000ul
#define CR14_CHANNEL_REPORT	0x10000000ul

u64 guest_argument;
bool insn_low_address_protection;
struct insn last_insn[MAX_CPUS];

/* An I/O interruption that was taken, and that the program has not read yet */
static struct {
	bool taken;
	bool timeout;
	struct io_int io;
	bool report;
	u64 mcic;
} pending[MAX_CPUS];

static void (*cpu1_fn)(u64 argument);
static u64 cpu1_argument;

/* Hide from the compiler that this address is a small constant. */
static u8 *lowcore(unsigned int offset)
{
	u8 *p;

	asm volatile("" : "=a" (p) : "0" ((u64)offset));
	return p;
}

#define LC(type, offset)	(*(type *)lowcore(offset))

unsigned int cpu_number(void)
{
	return LC(u32, LC_CPU);
}

static void set_new_psw(unsigned int offset, void *entry)
{
	LC(u64, offset) = PSW_64;
	LC(u64, offset + 8) = (u64)entry;
}

static void control_set0(u64 cr0)
{
	asm volatile("lctlg 0,0,%0" : : "Q" (cr0) : "memory");
}

static u64 control_get0(void)
{
	u64 cr0;

	asm volatile("stctg 0,0,%0" : "=Q" (cr0));
	return cr0;
}

void io_mask(u8 isc_mask)
{
	u64 cr6 = (u64)isc_mask << 24;

	asm volatile("lctlg 6,6,%0" : : "Q" (cr6) : "memory");
}

/* --- interruptions --- */

void io_interruption(void)
{
	unsigned int cpu = cpu_number();

	if (pending[cpu].taken)
		note("a second I/O interruption before the first was looked at",
		     LC(u32, LC_IO_SID), LC(u32, LC_IO_INTPARM));
	pending[cpu].taken = true;
	pending[cpu].io.sid = LC(u32, LC_IO_SID);
	pending[cpu].io.intparm = LC(u32, LC_IO_INTPARM);
	pending[cpu].io.word = LC(u32, LC_IO_WORD);
	/*
	 * Take one interruption at a time.  The next one is taken when the
	 * program asks.
	 */
	LC(u64, LC_IO_OLD_PSW) &= ~(PSW_WAIT | PSW_IO | PSW_EXT);
}

static void clock_comparator(u64 when)
{
	asm volatile("sckc %0" : : "Q" (when));
}

void ext_interruption(void)
{
	clock_comparator(~0ul);
	if (LC(u16, LC_EXT_CODE) == 0x1004)
		pending[cpu_number()].timeout = true;
	else
		note("unexpected external interruption",
		     LC(u16, LC_EXT_CODE), 0);
	LC(u64, LC_EXT_OLD_PSW) &= ~(PSW_WAIT | PSW_IO | PSW_EXT | PSW_MCK);
}

void machine_check(void)
{
	unsigned int cpu = cpu_number();

	if (pending[cpu].report)
		note("a second machine check before the first was looked at",
		     LC(u64, LC_MCIC), pending[cpu].mcic);
	pending[cpu].report = true;
	pending[cpu].mcic = LC(u64, LC_MCIC);
	LC(u64, LC_MCK_OLD_PSW) &= ~(PSW_WAIT | PSW_IO | PSW_EXT | PSW_MCK);
}

void report_mask(bool on)
{
	u64 cr14 = CR14_INITIAL | (on ? CR14_CHANNEL_REPORT : 0);

	asm volatile("lctlg 14,14,%0" : : "Q" (cr14) : "memory");
}

static bool take_report(u64 *mcic)
{
	unsigned int cpu = cpu_number();

	barrier();
	if (!pending[cpu].report)
		return false;
	*mcic = pending[cpu].mcic;
	pending[cpu].report = false;
	return true;
}

bool report_wait(u64 *mcic, unsigned int ms)
{
	unsigned int cpu = cpu_number();

	pending[cpu].timeout = false;
	clock_comparator(tod() + TOD_MS(ms));
	barrier();
	while (!pending[cpu].report && !pending[cpu].timeout) {
		wait_enabled(PSW_64 | PSW_WAIT | PSW_EXT | PSW_MCK);
		barrier();
	}
	clock_comparator(~0ul);
	return take_report(mcic);
}

bool report_window(u64 *mcic)
{
	load_mask(PSW_64 | PSW_MCK);
	load_mask(PSW_64);
	return take_report(mcic);
}

void unexpected_interruption(u64 code, u64 addr)
{
	note("unexpected program or SVC interruption: code, behind address",
	     code, addr);
	expect(__FILE__, __LINE__, "no unexpected program interruption",
	       code ? code : ~0ul, 0);
	/* This didn't happen in a test, so the guest program is wrong. */
	hypercall(HC_EXIT, 99, 0, 0);
}

static bool take(struct io_int *io)
{
	unsigned int cpu = cpu_number();

	barrier();
	if (!pending[cpu].taken)
		return false;
	*io = pending[cpu].io;
	pending[cpu].taken = false;
	return true;
}

bool io_wait(struct io_int *io, unsigned int ms)
{
	unsigned int cpu = cpu_number();

	pending[cpu].timeout = false;
	clock_comparator(tod() + TOD_MS(ms));
	barrier();
	while (!pending[cpu].taken && !pending[cpu].timeout) {
		wait_enabled(PSW_64 | PSW_WAIT | PSW_IO | PSW_EXT);
		barrier();
	}
	clock_comparator(~0ul);
	return take(io);
}

bool io_window(struct io_int *io)
{
	open_window();
	return take(io);
}

/* --- single instructions --- */

void insn_forget(struct insn *insn)
{
	insn->ilc = 0;
	insn->code = 0;
	insn->teid = 0;
	insn->access_id = 0;
	LC(u64, LC_TEID) = 0;
	LC(u8, LC_ACCESS_ID) = 0;
	LC(u32, LC_PGM_ILC) = 0;
	barrier();
}

int insn_run_at(struct insn *insn)
{
	int ending;

	insn_forget(insn);
	if (!insn_low_address_protection)
		return insn_run_asm(insn);
	/*
	 * Enable it only now, because it would also stop our own stores above.
	 */
	control_set0(control_get0() | CR0_LOW_ADDRESS);
	ending = insn_run_asm(insn);
	control_set0(control_get0() & ~CR0_LOW_ADDRESS);
	return ending;
}

void insn_place(struct insn *insn, u32 text)
{
	static struct {
		u32 text;
		u16 svc;
	} __aligned(16) buffer[MAX_CPUS];
	unsigned int cpu = cpu_number();

	buffer[cpu].text = text;
	buffer[cpu].svc = 0x0a00;
	insn->psw_addr = (u64)&buffer[cpu];
}

int insn_run(struct insn *insn, u32 text)
{
	insn_place(insn, text);
	return insn_run_at(insn);
}

int insn_s_mode(u16 op, u64 gpr1, u64 operand, u64 mode, u32 alet)
{
	struct insn *insn = &last_insn[cpu_number()];

	memset(insn, 0, sizeof(*insn));
	insn->psw_mask = PSW_64 | mode;
	insn->gprs[1] = gpr1;
	insn->gprs[2] = operand;
	insn->ars[2] = alet;
	return insn_run(insn, (u32)op << 16 | 0x2000);
}

int insn_s(u16 op, u64 gpr1, void *operand)
{
	return insn_s_mode(op, gpr1, (u64)operand, 0, 0);
}

/* --- tests --- */

u32 times(u32 many, u32 few)
{
	return hypercall(HC_CHECKS_ITSELF, 0, 0, 0) ? few : many;
}

void note(const char *text, u64 a, u64 b)
{
	hypercall(HC_LOG, (u64)text, a, b);
}

void expect(const char *file, int line, const char *what, u64 actual,
	    u64 expected)
{
	struct hc_failure failure = {
		.file = (u64)file,
		.line = line,
		.what = (u64)what,
		.actual = actual,
		.expected = expected,
	};

	if (actual == expected)
		return;
	hypercall(HC_FAIL, (u64)&failure, 0, 0);
	test_abort();
}

void skip(const char *reason)
{
	hypercall(HC_SKIP, (u64)reason, 0, 0);
	test_abort();
}

static void run_test(const struct test *test)
{
	hypercall(HC_BEGIN, (u64)test->name, 0, 0);
	if (test_reset)
		test_call(test_reset);
	test_call(test->fn);
	if (test_reset)
		test_call(test_reset);
	hypercall(HC_END, 0, 0, 0);
}

static void run_tests(void)
{
	const struct test_group *const *group;
	unsigned int i, nr = 0;

	for (group = test_groups; *group; group++)
		nr += (*group)->nr;
	hypercall(HC_PLAN, nr, 0, 0);
	for (group = test_groups; *group; group++)
		for (i = 0; i < (*group)->nr; i++)
			run_test(&(*group)->tests[i]);
}

/* --- CPUs --- */

static void lowcore_init(unsigned int nr)
{
	LC(u32, LC_CPU) = nr;
	LC(u64, LC_INT_STACK) = (u64)stacks + ((u64)nr << STACK_SHIFT) +
				INT_STACK_SIZE - 160;
	LC(u64, LC_INSN) = 0;
	set_new_psw(LC_SVC_NEW_PSW, svc_entry);
	set_new_psw(LC_PGM_NEW_PSW, pgm_entry);
	set_new_psw(LC_IO_NEW_PSW, io_entry);
	set_new_psw(LC_EXT_NEW_PSW, ext_entry);
	set_new_psw(LC_MCK_NEW_PSW, mck_entry);
	/* Of the external interruptions, enable only the clock comparator's. */
	control_set0(control_get0() | CR0_CLOCK_COMPARATOR);
	io_mask(0);
	report_mask(false);
	clock_comparator(~0ul);
}

void cpu_was_reset(void)
{
	lowcore_init(cpu_number());
}

static void set_prefix(u32 prefix)
{
	asm volatile("spx %0" : : "Q" (prefix) : "memory");
}

static void cpu1_body(void)
{
	cpu1_fn(cpu1_argument);
}

bool cpu_start(void (*fn)(u64 argument), u64 argument)
{
	cpu1_argument = argument;
	barrier();
	return !hypercall(HC_CPU_START, (u64)fn, argument, 0);
}

void cpu_main(u64 nr, void (*fn)(u64 argument), u64 argument)
{
	static u8 prefix_area[0x2000] __aligned(0x2000);

	if (nr)
		set_prefix((u32)(u64)prefix_area);
	lowcore_init(nr);
	if (nr) {
		cpu1_fn = fn;
		test_call(cpu1_body);
	} else {
		guest_argument = argument;
		run_tests();
	}
	hypercall(HC_EXIT, 0, 0, 0);
}

/* --- storage --- */

/* On an emulated machine one MVC is much faster than 256 stores. */
#define BLOCK		256

void *memset(void *dst, int c, size_t n)
{
	u8 *d = dst;

	for (; n >= BLOCK; n -= BLOCK, d += BLOCK) {
		*d = c;
		/*
		 * MVC copies each byte from the one before, so all get the same
		 * value.
		 */
		asm volatile("mvc 1(255,%0),0(%0)" : : "a" (d) : "memory");
	}
	while (n--)
		*d++ = c;
	return dst;
}

void *memcpy(void *dst, const void *src, size_t n)
{
	const u8 *s = src;
	u8 *d = dst;

	for (; n >= BLOCK; n -= BLOCK, d += BLOCK, s += BLOCK)
		asm volatile("mvc 0(256,%0),0(%1)"
			     : : "a" (d), "a" (s) : "memory");
	while (n--)
		*d++ = *s++;
	return dst;
}

static bool same_block(const u8 *x, const u8 *y)
{
	u32 cc;

	asm volatile("clc 0(256,%1),0(%2)\n\tipm %0\n\tsrl %0,28"
		     : "=d" (cc) : "a" (x), "a" (y) : "cc", "memory");
	return !cc;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;

	while (n >= BLOCK && same_block(x, y)) {
		n -= BLOCK;
		x += BLOCK;
		y += BLOCK;
	}
	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}
