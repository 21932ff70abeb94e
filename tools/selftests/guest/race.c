// SPDX-License-Identifier: GPL-2.0
/*
 * Any instruction at any time, on two CPUs.  What must hold: each condition
 * code is one that the instruction has, each state is a possible one, there are
 * no more interruptions and statuses than functions, and in the end every
 * subchannel works.
 */
#include "chan.h"
#include "race.h"

static const u32 few[] = {
	RACE_SID_SYNC, RACE_SID_ASYNC, RACE_SID_SET1, RACE_SID_HOT
};

/* The subchannels of the present test */
static const u32 *sids = few;
static unsigned int nr_sids = ARRAY_SIZE(few);
/* Most programs of the present test have commands that are pending. */
static bool pends;

#define ISC_OF(i)	((i) % 7 + 1)

/*
 * The instructions, how likely each of them is, and their condition codes; the
 * rest up to 100 percent is for interruptions.
 */
static const struct {
	u16 insn;
	u8 percent;
	bool codes[4];		/* condition codes that it can have */
	const char *name[2];
} insns[] = {
	{ INSN_SSCH, 27, { 1, 1, 1, 1 },
	  { "SSCH cc 0, cc 1", "SSCH cc 2, cc 3" } },
	{ INSN_TSCH, 22, { 1, 1, 0, 1 },
	  { "TSCH cc 0, cc 1", "TSCH cc 2, cc 3" } },
	{ INSN_STSCH, 10, { 1, 0, 0, 1 },
	  { "STSCH cc 0, cc 1", "STSCH cc 2, cc 3" } },
	{ INSN_MSCH, 6, { 1, 1, 1, 1 },
	  { "MSCH cc 0, cc 1", "MSCH cc 2, cc 3" } },
	{ INSN_RSCH, 9, { 1, 1, 1, 1 },
	  { "RSCH cc 0, cc 1", "RSCH cc 2, cc 3" } },
	{ INSN_HSCH, 6, { 1, 1, 1, 1 },
	  { "HSCH cc 0, cc 1", "HSCH cc 2, cc 3" } },
	{ INSN_CSCH, 6, { 1, 0, 0, 1 },
	  { "CSCH cc 0, cc 1", "CSCH cc 2, cc 3" } },
	{ INSN_XSCH, 8, { 1, 1, 1, 1 },
	  { "XSCH cc 0, cc 1", "XSCH cc 2, cc 3" } },
};

/*
 * On a slow host a CPU goes on after the time, until it has executed so many.
 */
#define MIN_STEPS	1000

/* What each CPU has counted */
static struct {
	u32 count[ARRAY_SIZE(insns)][4];
	u32 interruptions;
	u32 steps;
	u32 told;		/* how many programs with a PCI were started */
	u32 intermediate;	/* how many TSCH found nothing but that */
	/* The last TSCH has found a suspended program */
	bool suspended;
} seen[MAX_CPUS];

static u64 deadline, patience;
static bool cpu1_done;
static bool host_interferes;

/* --- states that can be --- */

#define START		SCSW_FC_START
#define HALT		SCSW_FC_HALT
#define CLEAR		SCSW_FC_CLEAR
#define PENDING		SCSW_SC_PENDING
#define PRIMARY		(PENDING | SCSW_SC_PRIMARY)
#define ENDED		(PRIMARY | SCSW_SC_SECONDARY)
#define ALERT		(ENDED | SCSW_SC_ALERT)
#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)
#define RESUME		SCSW_AC_RESUME_PENDING
#define INTERMEDIATE	SCSW_SC_INTERMEDIATE

/*
 * Chapter 16, "Function Control", "Activity Control" and "Status Control".
 * @control: the bits that are ones; @beside: bits that may be zeros or ones.
 */
static const struct {
	u32 control, beside;
} legal[] = {
	{ 0, 0 },
	/* RESUME SUBCHANNEL may come before the suspension. */
	{ START | SCSW_AC_START_PENDING, RESUME },
	{ START | ACTIVE, RESUME },
	/* told a PCI or initial status */
	{ START | ACTIVE | INTERMEDIATE | PENDING, RESUME },
	{ START | SCSW_AC_SUSPENDED, RESUME },
	{ START | SCSW_AC_SUSPENDED | INTERMEDIATE | PENDING, 0 },
	/* Intermediate status that has not been tested for stays. */
	{ START | PRIMARY, INTERMEDIATE },
	{ START | ENDED, INTERMEDIATE },
	{ START | ALERT, INTERMEDIATE },
	{ START | HALT | SCSW_AC_HALT_PENDING | SCSW_AC_START_PENDING, RESUME },
	{ START | HALT | SCSW_AC_HALT_PENDING | ACTIVE, RESUME },
	{ START | HALT | SCSW_AC_HALT_PENDING | SCSW_AC_SUSPENDED, RESUME },
	{ START | HALT | SCSW_AC_START_PENDING | PENDING, 0 },
	{ START | HALT | SCSW_AC_SUSPENDED | PENDING, 0 },
	{ START | HALT | PRIMARY, INTERMEDIATE },
	{ START | HALT | ENDED, INTERMEDIATE },
	{ START | HALT | ALERT, INTERMEDIATE },
	{ HALT | SCSW_AC_HALT_PENDING, 0 },
	{ HALT | PENDING, 0 },
	{ CLEAR | SCSW_AC_CLEAR_PENDING, 0 },
	{ CLEAR | PENDING, 0 },
};

static void can_be(u16 insn, u32 ctrl)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(legal); i++)
		if ((ctrl & SCSW_CONTROL & ~legal[i].beside) ==
		    legal[i].control)
			return;
	note("stored by instruction: function, activity, status control", insn,
	     ctrl & SCSW_CONTROL);
	EXPECT(!"a state that can't be");
}

/* --- programs --- */

#define LONG		40

static struct ccw1 prog_nop[1] __aligned(8);
static struct ccw1 prog_data[2] __aligned(8);
static struct ccw1 prog_wait[2] __aligned(8);
static struct ccw1 prog_suspend[3] __aligned(8);
static struct ccw1 prog_loop[2] __aligned(8);
static struct ccw1 prog_check[2] __aligned(8);
static struct ccw1 prog_sense[1] __aligned(8);
static struct ccw1 prog_long[LONG] __aligned(8);
static struct ccw1 prog_told[3] __aligned(8);
/* WAITs of different lengths, one behind the other */
static u32 lengths[] = { 0, 10, 100, 1000, 5000, 30000, 1000000 };
static struct ccw1 prog_waits[ARRAY_SIZE(lengths)][3] __aligned(8);

static void make_programs(void)
{
	static u8 data[64], byte, how[2] = { DST_ENDED | DST_UNIT_CHECK, 1 };
	static u32 us = 2000;
	unsigned int i;

	prog_nop[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	prog_data[0] = CCW(TEST_WRITE, CCW_CC, 32, data);
	prog_data[1] = CCW(TEST_READ, CCW_SLI, 32, data + 32);
	prog_wait[0] = CCW(TEST_WAIT, CCW_CC, sizeof(us), &us);
	prog_wait[1] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	prog_suspend[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog_suspend[1] = CCW(TEST_NOP, CCW_CC | CCW_SLI | CCW_SUSPEND, 1, 0);
	prog_suspend[2] = CCW(TEST_WRITE, 0, 1, &byte);
	prog_loop[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog_loop[1] = CCW(CCW_TIC, 0, 0, prog_loop);
	prog_check[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI, 1, 0);
	prog_check[1] = CCW(0, 0, 0, 0);
	prog_sense[0] = CCW(TEST_END_STATUS, 0, 2, how);
	prog_told[0] = CCW(TEST_NOP, CCW_CC | CCW_SLI | CCW_PCI, 1, 0);
	prog_told[1] = CCW(TEST_WAIT, CCW_CC, sizeof(us), &us);
	prog_told[2] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		prog_waits[i][0] = CCW(TEST_WAIT, CCW_CC, 4, &lengths[i]);
		prog_waits[i][1] = CCW(TEST_WAIT, CCW_CC, 4,
				       &lengths[i / 2]);
		prog_waits[i][2] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	}
	for (i = 0; i < LONG; i++)
		prog_long[i] = CCW(TEST_NOP, CCW_SLI |
				   (i < LONG - 1 ? CCW_CC : 0), 1, 0);
}

static const struct ccw1 *any_program(u32 random)
{
	if (pends && random & 0x60000)
		return prog_waits[(random >> 8) % ARRAY_SIZE(lengths)];
	switch (random % 32) {
	case 0:
		return prog_loop;
	case 1 ... 4:
		return prog_wait;
	case 5 ... 12:
		return prog_suspend;
	case 13 ... 15:
		return prog_long;
	case 16:
		return prog_check;
	case 17:
		return prog_sense;
	case 18 ... 20:
		return prog_data;
	case 21 ... 23:
		return prog_told;
	}
	return prog_nop;
}

/* --- one CPU's part --- */

static u32 next_random(u32 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static int do_ssch(u32 sid, u32 random)
{
	const struct ccw1 *program = any_program(random);
	struct orb orb __aligned(4);
	int cc;

	chan_orb(&orb, program);
	orb.flags |= ORB_SUSPEND;
	if (random & 0x10000)
		orb.flags |= ORB_SUPPRESS_SUSPENDED;
	cc = ssch(sid, &orb);
	if (cc == CC_DONE && program == prog_told)
		seen[cpu_number()].told++;
	return cc;
}

static int do_msch(unsigned int i, u32 random)
{
	struct schib schib __aligned(4);

	memset(&schib, 0, sizeof(schib));
	schib.pmcw.intparm = random;
	schib.pmcw.flags = PMCW_ENABLED | PMCW_ISC(ISC_OF(i));
	schib.pmcw.lpm = 0x80;
	schib.pmcw.pom = 0xff;
	schib.pmcw.chars = random & (PMCW_XMWME | PMCW_CONCURRENT_SENSE);
	return msch(sids[i], &schib);
}

static int do_stsch(u32 sid)
{
	struct schib schib __aligned(4);
	int cc = stsch(sid, &schib);

	if (cc == CC_DONE)
		can_be(INSN_STSCH, schib.scsw.ctrl);
	return cc;
}

static int do_tsch(u32 sid)
{
	u8 area[IRB_SIZE_EXTENDED] __aligned(8);
	struct irb *irb = (struct irb *)area;
	int cc = tsch(sid, irb);

	if (cc == CC_NOT_OPERATIONAL)
		return cc;
	can_be(INSN_TSCH, irb->scsw.ctrl);
	EXPECT_EQ(!!(irb->scsw.ctrl & SCSW_SC_PENDING), cc == CC_DONE);
	if (cc == CC_DONE &&
	    (irb->scsw.ctrl & SCSW_SC) == (INTERMEDIATE | PENDING)) {
		seen[cpu_number()].intermediate++;
		seen[cpu_number()].suspended =
			irb->scsw.ctrl & SCSW_AC_SUSPENDED;
	}
	return cc;
}

static int execute(u16 insn, unsigned int i, u32 random)
{
	switch (insn) {
	case INSN_SSCH:
		return do_ssch(sids[i], random);
	case INSN_MSCH:
		return do_msch(i, random);
	case INSN_STSCH:
		return do_stsch(sids[i]);
	case INSN_TSCH:
		return do_tsch(sids[i]);
	case INSN_RSCH:
		/*
		 * Whether the program will be suspended once more changes with
		 * each resume.
		 */
		prog_suspend[1].flags ^= CCW_SUSPEND;
	}
	return insn_s(insn, sids[i], NULL);
}

static void interruption(void)
{
	unsigned int cpu = cpu_number(), i;
	struct io_int io;

	if (!io_window(&io))
		return;
	seen[cpu].interruptions++;
	for (i = 0; i < nr_sids; i++)
		if (io.sid == sids[i])
			break;
	EXPECT(i < nr_sids);
	if (!host_interferes)
		EXPECT_EQ(IO_WORD_ISC(io.word), ISC_OF(i));
}

static unsigned int number_of(u16 insn)
{
	unsigned int n;

	for (n = 0; insns[n].insn != insn; n++)
		;
	return n;
}

static void execute_one(unsigned int n, unsigned int i, u32 random)
{
	unsigned int cpu = cpu_number();
	int cc = execute(insns[n].insn, i, random);

	if (cc < 0 || cc > 3 || !insns[n].codes[cc]) {
		note("instruction, ending", insns[n].insn, cc);
		EXPECT(!"an ending that it doesn't have");
	}
	/*
	 * Without the host, the subchannels are always there and enabled, so
	 * they are operational.
	 */
	if (!host_interferes)
		EXPECT(cc != CC_NOT_OPERATIONAL);
	seen[cpu].count[n][cc]++;
}

static void step(u32 *state)
{
	unsigned int cpu = cpu_number(), i, n;
	u32 random = next_random(state);
	u32 dice = (random >> 4) % 100;

	seen[cpu].steps++;
	seen[cpu].suspended = false;
	/* The low bits choose the subchannel. */
	i = random % nr_sids;
	for (n = 0; n < ARRAY_SIZE(insns); n++) {
		if (dice < insns[n].percent)
			break;
		dice -= insns[n].percent;
	}
	if (n == ARRAY_SIZE(insns)) {
		interruption();
		return;
	}
	execute_one(n, i, next_random(state));
	/* Resume on purpose, because chance alone would hardly ever do it. */
	if (seen[cpu].suspended && next_random(state) & 1)
		execute_one(number_of(INSN_RSCH), i, 0);
}

static u32 total(u16 insn, int cc)
{
	unsigned int n = number_of(insn);

	return seen[0].count[n][cc] + seen[1].count[n][cc];
}

static bool each_kind_happened(void)
{
	return total(INSN_SSCH, 0) && total(INSN_RSCH, 0) &&
	       total(INSN_HSCH, 0) && total(INSN_CSCH, 0) &&
	       total(INSN_XSCH, 0) && total(INSN_MSCH, 0) &&
	       seen[0].interruptions && seen[1].interruptions &&
	       seen[0].told + seen[1].told &&
	       seen[0].intermediate + seen[1].intermediate;
}

/* A slow host executes few programs, so what is rare may take longer to come. */
static bool has_seen_enough(unsigned int cpu)
{
	return seen[cpu].steps >= MIN_STEPS && each_kind_happened();
}

static void steps(u32 seed)
{
	unsigned int cpu = cpu_number();
	u32 state = seed;

	io_mask(0xff);
	while (tod() < deadline ||
	       (!has_seen_enough(cpu) && tod() < patience))
		step(&state);
	io_mask(0);
}

static void on_cpu1(u64 seed)
{
	steps(seed);
	cpu1_done = true;
}

/* --- both --- */

static void tell(void)
{
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(insns); n++) {
		u16 insn = insns[n].insn;

		note(insns[n].name[0], total(insn, 0), total(insn, 1));
		note(insns[n].name[1], total(insn, 2), total(insn, 3));
	}
	note("interruptions taken by each CPU", seen[0].interruptions,
	     seen[1].interruptions);
}

static void sums(void)
{
	u32 functions = total(INSN_SSCH, 0) + total(INSN_RSCH, 0) +
			total(INSN_HSCH, 0) + total(INSN_CSCH, 0);
	u32 told = seen[0].told + seen[1].told;
	u32 intermediate = seen[0].intermediate + seen[1].intermediate;

	/* See each_kind_happened(). */
	EXPECT(total(INSN_SSCH, 0) && total(INSN_RSCH, 0));
	EXPECT(total(INSN_HSCH, 0) && total(INSN_CSCH, 0));
	EXPECT(total(INSN_XSCH, 0) && total(INSN_MSCH, 0));
	EXPECT(seen[0].interruptions && seen[1].interruptions);
	EXPECT(told && intermediate);
	/*
	 * A function makes status pending once, and the status interrupts once.
	 */
	EXPECT(total(INSN_TSCH, 0) <= functions + told);
	EXPECT(total(INSN_TSCH, 0) - intermediate <= functions);
	EXPECT(seen[0].interruptions + seen[1].interruptions <=
	       functions + told);
}

static void end_well(void)
{
	unsigned int i;

	for (i = 0; i < nr_sids; i++)
		chan_clear(sids[i]);
	chan_quiet();
	for (i = 0; i < nr_sids; i++) {
		chan_enable(sids[i], 3, 0);
		io_mask(0xff);
		chan_ok(sids[i], prog_nop);
		chan_ok(sids[i], prog_data);
		chan_disable(sids[i]);
	}
	chan_quiet();
}

static void race(u64 seconds)
{
	unsigned int i;

	memset(seen, 0, sizeof(seen));
	make_programs();
	for (i = 0; i < nr_sids; i++)
		EXPECT_EQ(do_msch(i, 0), CC_DONE);
	cpu1_done = false;
	deadline = tod() + TOD_MS(seconds * 1000);
	patience = deadline + TOD_MS(60000);
	barrier();
	if (host_interferes)
		hypercall(HC_THEME, RACE_CALL_BEGIN, 0, 0);
	EXPECT(cpu_start(on_cpu1, 0x2545f491 + guest_argument));
	steps(0x9e3779b9 + guest_argument);
	while (!*(volatile bool *)&cpu1_done) {
		asm volatile("diag 0,0,0x44" : : : "memory");
		/*
		 * If the other CPU doesn't get done, it has failed and has
		 * reported that.
		 */
		EXPECT(tod() < patience + TOD_MS(10000));
	}
	if (host_interferes)
		hypercall(HC_THEME, RACE_CALL_END, 0, 0);
	tell();
	sums();
	end_well();
}

/* Clean up before and after each test, whatever it has left. */
static void rest(void)
{
	unsigned int i;

	hypercall(HC_THEME, RACE_CALL_END, 0, 0);
	for (i = 0; i < nr_sids; i++)
		chan_clear(sids[i]);
	sids = few;
	nr_sids = ARRAY_SIZE(few);
	pends = false;
}

static void two_cpus(void)
{
	host_interferes = false;
	race((guest_argument + 2) / 3);
}

static void and_the_host(void)
{
	host_interferes = true;
	race((guest_argument + 2) / 3);
}

static void pending(void)
{
	static u32 many[RACE_NR_PENDING];
	unsigned int i;

	for (i = 0; i < RACE_NR_PENDING; i++)
		many[i] = RACE_SID_PENDING(i);
	sids = many;
	nr_sids = RACE_NR_PENDING;
	pends = true;
	host_interferes = true;
	race((guest_argument + 2) / 3);
}

static const struct test tests[] = {
	{ "two CPUs at four subchannels", two_cpus },
	{ "two CPUs, and the host removes, quiesces, resets", and_the_host },
	{ "the same while commands are pending on many subchannels", pending },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = rest;
