// SPDX-License-Identifier: GPL-2.0
/*
 * I/O interruptions: what they store, when they come, and when they must not
 * come
 */
#include "chan.h"
#include "interrupts.h"

static const struct ccw1 nop __aligned(8) = { .cmd = TEST_NOP,
					    .flags = CCW_SLI, .count = 1 };

/* How often two CPUs do something */
static u32 race_rounds;

static void reset(void)
{
	race_rounds = times(200, 40);
	chan_disable(INT_SID_A);
	chan_disable(INT_SID_B);
	io_mask(0);
}

static void start(u32 sid, u32 intparm)
{
	struct orb orb __aligned(4);

	chan_orb(&orb, &nop);
	orb.intparm = intparm;
	EXPECT_EQ(ssch(sid, &orb), CC_DONE);
}

static void start_wait(u32 sid, u32 us)
{
	static struct ccw1 program __aligned(8);
	static u32 wait_us;

	wait_us = us;
	program = CCW(TEST_WAIT, CCW_SLI, sizeof(wait_us), &wait_us);
	chan_start(sid, &program);
}

static void until_status_pending(u32 sid)
{
	u64 deadline = tod() + TOD_MS(20000);
	struct schib schib __aligned(4);

	do {
		EXPECT_EQ(stsch(sid, &schib), CC_DONE);
		EXPECT(tod() < deadline);
	} while (!(schib.scsw.ctrl & SCSW_SC_PENDING));
}

static void nothing_comes(void)
{
	struct io_int io;

	io_mask(0xff);
	EXPECT(!io_window(&io));
	EXPECT(!io_wait(&io, 50));
}

/* --- one CPU --- */

static void stores(void)
{
	struct io_int io;

	chan_enable(INT_SID_A, 5, 0x11111111);
	io_mask(0xff);
	start(INT_SID_A, 0xc0ffee01);
	EXPECT(io_wait(&io, 20000));
	EXPECT_EQ(io.sid, INT_SID_A);
	EXPECT_EQ(io.intparm, 0xc0ffee01);
	EXPECT_EQ(IO_WORD_ISC(io.word), 5);
}

static void stores_set1(void)
{
	struct io_int io;

	chan_enable(INT_SID_B, 2, 0);
	io_mask(0xff);
	start(INT_SID_B, 0xfeedf00d);
	EXPECT(io_wait(&io, 20000));
	EXPECT_EQ(io.sid, INT_SID_B);
	EXPECT_EQ(io.intparm, 0xfeedf00d);
	EXPECT_EQ(IO_WORD_ISC(io.word), 2);
}

static void isc_mask(void)
{
	struct io_int io;
	struct irb irb __aligned(4);
	unsigned int isc;

	for (isc = 0; isc < 8; isc++) {
		chan_enable(INT_SID_A, isc, 0);
		start(INT_SID_A, isc);
		until_status_pending(INT_SID_A);
		io_mask((u8)~(0x80 >> isc));
		EXPECT(!io_window(&io));
		io_mask(0x80 >> isc);
		EXPECT(io_window(&io));
		EXPECT_EQ(IO_WORD_ISC(io.word), isc);
		EXPECT_EQ(io.intparm, isc);
		EXPECT_EQ(tsch(INT_SID_A, &irb), CC_DONE);
	}
}

static void psw_mask(void)
{
	struct io_int io;
	struct schib schib __aligned(4);
	unsigned int i;

	chan_enable(INT_SID_A, 3, 0);
	io_mask(0xff);
	start(INT_SID_A, 0);
	/*
	 * The PSW is disabled: the interruption has many chances, and none may
	 * be taken.
	 */
	until_status_pending(INT_SID_A);
	for (i = 0; i < 100; i++)
		EXPECT_EQ(stsch(INT_SID_A, &schib), CC_DONE);
	EXPECT(io_window(&io));
	EXPECT(!io_window(&io));
}

static void wakes(void)
{
	u64 before = tod();
	struct io_int io;

	chan_enable(INT_SID_A, 3, 0);
	io_mask(0xff);
	start_wait(INT_SID_A, 200000);
	EXPECT(io_wait(&io, 20000));
	EXPECT(tod() - before >= TOD_MS(200));
}

static void priority(void)
{
	struct io_int io;

	chan_enable(INT_SID_A, 6, 0);
	chan_enable(INT_SID_B, 1, 0);
	start(INT_SID_A, 0);
	until_status_pending(INT_SID_A);
	start(INT_SID_B, 0);
	until_status_pending(INT_SID_B);
	io_mask(0xff);
	EXPECT(io_window(&io));
	EXPECT_EQ(io.sid, INT_SID_B);
	EXPECT(io_window(&io));
	EXPECT_EQ(io.sid, INT_SID_A);
}

static void status_stays(void)
{
	struct schib schib __aligned(4);
	struct irb irb __aligned(4);
	struct io_int io;

	chan_enable(INT_SID_A, 3, 0);
	io_mask(0xff);
	start(INT_SID_A, 0);
	EXPECT(io_wait(&io, 20000));
	EXPECT_EQ(stsch(INT_SID_A, &schib), CC_DONE);
	EXPECT(schib.scsw.ctrl & SCSW_SC_PENDING);
	nothing_comes();
	EXPECT_EQ(tsch(INT_SID_A, &irb), CC_DONE);
	EXPECT_EQ(tsch(INT_SID_A, &irb), 1);
}

static void once_per_program(void)
{
	const u32 programs = times(200, 40);
	struct irb irb __aligned(4);
	struct io_int io;
	unsigned int i;

	chan_enable(INT_SID_A, 3, 0);
	io_mask(0xff);
	for (i = 0; i < programs; i++) {
		start(INT_SID_A, i);
		EXPECT(io_wait(&io, 20000));
		EXPECT_EQ(io.intparm, i);
		EXPECT_EQ(tsch(INT_SID_A, &irb), CC_DONE);
	}
	nothing_comes();
}

/* --- TEST PENDING INTERRUPTION --- */

static void tpi_takes(void)
{
	struct irb irb __aligned(4);
	struct io_int io;

	chan_enable(INT_SID_B, 4, 0);
	start(INT_SID_B, 0x0badcafe);
	until_status_pending(INT_SID_B);
	io_mask(0xff);
	EXPECT_EQ(tpi(&io), 1);
	EXPECT_EQ(io.sid, INT_SID_B);
	EXPECT_EQ(io.intparm, 0x0badcafe);
	EXPECT_EQ(tpi(&io), 0);
	nothing_comes();
	EXPECT_EQ(tsch(INT_SID_B, &irb), CC_DONE);
}

static void tpi_lowcore(void)
{
	u32 *lowcore = (u32 *)LC_IO_SID;

	asm volatile("" : "+a" (lowcore));
	chan_enable(INT_SID_A, 4, 0);
	start(INT_SID_A, 0x600df00d);
	until_status_pending(INT_SID_A);
	lowcore[0] = 0;
	lowcore[1] = 0;
	lowcore[2] = 0;
	io_mask(0xff);
	EXPECT_EQ(insn_s(INSN_TPI, 0, NULL), 1);
	EXPECT_EQ(lowcore[0], INT_SID_A);
	EXPECT_EQ(lowcore[1], 0x600df00d);
	EXPECT_EQ(IO_WORD_ISC(lowcore[2]), 4);
}

static void tpi_masked(void)
{
	struct io_int io;

	chan_enable(INT_SID_A, 4, 0);
	start(INT_SID_A, 0);
	until_status_pending(INT_SID_A);
	io_mask((u8)~(0x80 >> 4));
	EXPECT_EQ(tpi(&io), 0);
	io_mask(0x80 >> 4);
	EXPECT_EQ(tpi(&io), 1);
}

/* --- TEST SUBCHANNEL --- */

static void tsch_withdraws(void)
{
	struct irb irb __aligned(4);

	chan_enable(INT_SID_A, 3, 0);
	start(INT_SID_A, 0);
	until_status_pending(INT_SID_A);
	EXPECT_EQ(tsch(INT_SID_A, &irb), CC_DONE);
	nothing_comes();
}

static void tsch_withdraws_any_isc(void)
{
	struct schib schib __aligned(4);
	struct irb irb __aligned(4);
	struct io_int io;
	u32 isc;

	/* Another subchannel's interruption of the same ISC or another one */
	chan_enable(INT_SID_B, 3, 0);
	start(INT_SID_B, 0);
	until_status_pending(INT_SID_B);
	for (isc = 0; isc < 8; isc++) {
		chan_enable(INT_SID_A, isc, 0);
		start(INT_SID_A, 0);
		until_status_pending(INT_SID_A);
		/* The ISC can't be changed now. */
		EXPECT_EQ(stsch(INT_SID_A, &schib), CC_DONE);
		schib.pmcw.flags ^= PMCW_ISC(7);
		EXPECT_EQ(msch(INT_SID_A, &schib), 1);
		EXPECT_EQ(tsch(INT_SID_A, &irb), CC_DONE);
	}
	io_mask(0xff);
	EXPECT(io_window(&io));
	EXPECT_EQ(io.sid, INT_SID_B);
	EXPECT(!io_window(&io));
}

static void tsch_withdraws_its_own(void)
{
	struct irb irb __aligned(4);
	struct io_int io;

	chan_enable(INT_SID_A, 3, 0);
	chan_enable(INT_SID_B, 3, 0);
	start(INT_SID_A, 0);
	start(INT_SID_B, 0);
	until_status_pending(INT_SID_A);
	until_status_pending(INT_SID_B);
	EXPECT_EQ(tsch(INT_SID_A, &irb), CC_DONE);
	io_mask(0xff);
	EXPECT(io_window(&io));
	EXPECT_EQ(io.sid, INT_SID_B);
	EXPECT(!io_window(&io));
}

static void never_late(void)
{
	const u32 programs = times(500, 100);
	struct irb irb __aligned(4);
	unsigned int i;

	chan_enable(INT_SID_A, 3, 0);
	for (i = 0; i < programs; i++) {
		start(INT_SID_A, i);
		while (tsch(INT_SID_A, &irb) == 1)
			;
	}
	nothing_comes();
}

/* --- two CPUs; calls keep the compiler from holding on to values --- */

static struct {
	bool ready;
	bool done;
	u32 count;
	struct io_int io;
} cpu1;

static void until(const bool *flag)
{
	u64 deadline = tod() + TOD_MS(60000);

	while (!*flag) {
		asm volatile("diag 0,0,0x44" : : : "memory");
		EXPECT(tod() < deadline);
	}
}

static void start_cpu1(void (*fn)(u64 argument), u64 argument)
{
	cpu1.ready = false;
	cpu1.done = false;
	cpu1.count = 0;
	barrier();
	EXPECT(cpu_start(fn, argument));
}

static void wait_on_cpu1(u64 argument)
{
	struct io_int io;

	(void)argument;
	io_mask(0xff);
	cpu1.ready = true;
	if (io_wait(&io, 20000)) {
		cpu1.count = 1;
		cpu1.io = io;
	}
	cpu1.done = true;
}

static void other_cpu_takes(void)
{
	chan_enable(INT_SID_A, 3, 0);
	start_cpu1(wait_on_cpu1, 0);
	until(&cpu1.ready);
	start(INT_SID_A, 0x2222);
	until(&cpu1.done);
	EXPECT_EQ(cpu1.count, 1);
	EXPECT_EQ(cpu1.io.sid, INT_SID_A);
	EXPECT_EQ(cpu1.io.intparm, 0x2222);
	nothing_comes();
}

static bool race_over;

static void take_on_cpu1(u64 argument)
{
	struct io_int io;

	(void)argument;
	io_mask(0xff);
	cpu1.ready = true;
	while (!race_over)
		if (io_wait(&io, 5))
			cpu1.count++;
	cpu1.done = true;
}

static void taken_once(void)
{
	u64 deadline = tod() + TOD_MS(60000);
	struct irb irb __aligned(4);
	struct io_int io;
	u32 count = 0, i;

	chan_enable(INT_SID_A, 3, 0);
	race_over = false;
	start_cpu1(take_on_cpu1, 0);
	until(&cpu1.ready);
	io_mask(0xff);
	for (i = 1; i <= race_rounds; i++) {
		start(INT_SID_A, i);
		/* Either CPU may take the interruption. */
		while (count + cpu1.count < i) {
			count += io_window(&io);
			EXPECT(tod() < deadline);
		}
		EXPECT_EQ(tsch(INT_SID_A, &irb), CC_DONE);
	}
	race_over = true;
	until(&cpu1.done);
	EXPECT_EQ(count + cpu1.count, race_rounds);
	nothing_comes();
}

/*
 * Run programs on a subchannel of this CPU's own.  Return: how many ended well.
 */
static u32 cycles(u32 sid, u32 rounds)
{
	struct orb orb __aligned(4);
	struct irb irb __aligned(4);
	u32 good = 0, i;
	int cc;

	chan_orb(&orb, &nop);
	for (i = 0; i < rounds; i++) {
		if (ssch(sid, &orb) != CC_DONE)
			break;
		do {
			cc = tsch(sid, &irb);
		} while (cc == 1);
		if (cc != CC_DONE || irb.scsw.dstat != DST_ENDED)
			break;
		good++;
	}
	return good;
}

static void cycles_on_cpu1(u64 sid)
{
	cpu1.ready = true;
	cpu1.count = cycles(sid, race_rounds);
	cpu1.done = true;
}

static void two_subchannels(void)
{
	u32 good;

	chan_enable(INT_SID_A, 3, 0);
	chan_enable(INT_SID_B, 3, 0);
	start_cpu1(cycles_on_cpu1, INT_SID_B);
	until(&cpu1.ready);
	good = cycles(INT_SID_A, race_rounds);
	until(&cpu1.done);
	EXPECT_EQ(good, race_rounds);
	EXPECT_EQ(cpu1.count, race_rounds);
	nothing_comes();
}

static struct {
	u32 started;
	u32 ended;
} contended[MAX_CPUS];

/*
 * Start and test as the subchannel allows.  Only the sums are known beforehand.
 */
static void contend(u32 sid)
{
	unsigned int cpu = cpu_number();
	struct orb orb __aligned(4);
	struct irb irb __aligned(4);
	u32 i;

	chan_orb(&orb, &nop);
	for (i = 0; i < race_rounds; i++) {
		contended[cpu].started += ssch(sid, &orb) == CC_DONE;
		contended[cpu].ended += tsch(sid, &irb) == CC_DONE;
	}
}

static void contend_on_cpu1(u64 sid)
{
	cpu1.ready = true;
	contend(sid);
	cpu1.done = true;
}

static void one_subchannel(void)
{
	u64 deadline = tod() + TOD_MS(20000);
	struct schib schib __aligned(4);
	struct irb irb __aligned(4);
	u32 ended = 0;

	memset(contended, 0, sizeof(contended));
	chan_enable(INT_SID_A, 3, 0);
	start_cpu1(contend_on_cpu1, INT_SID_A);
	until(&cpu1.ready);
	contend(INT_SID_A);
	until(&cpu1.done);
	/* The last program may still be running. */
	do {
		ended += tsch(INT_SID_A, &irb) == CC_DONE;
		EXPECT_EQ(stsch(INT_SID_A, &schib), CC_DONE);
		EXPECT(tod() < deadline);
	} while (schib.scsw.ctrl & (SCSW_FC | SCSW_SC));
	EXPECT(contended[0].started + contended[1].started);
	EXPECT_EQ(contended[0].started + contended[1].started,
		  contended[0].ended + contended[1].ended + ended);
	nothing_comes();
}

static void prefix_on_cpu1(u64 argument)
{
	struct schib *real = (struct schib *)0xe00ul;

	(void)argument;
	asm volatile("" : "+a" (real));
	memset(real, 0, sizeof(*real));
	EXPECT_EQ(stsch(INT_SID_A, real), CC_DONE);
	EXPECT_EQ(real->pmcw.devno, 0xa000);
	cpu1.done = true;
}

static void prefixing(void)
{
	struct schib *real = (struct schib *)0xe00ul;

	asm volatile("" : "+a" (real));
	memset(real, 0, sizeof(*real));
	start_cpu1(prefix_on_cpu1, 0);
	until(&cpu1.done);
	/* Real address 0xe00 of the other CPU is another absolute address. */
	EXPECT_EQ(real->pmcw.devno, 0);
}

static const struct test tests[] = {
	{ "an interruption stores SID, parameter of the ORB and ISC", stores },
	{ "the SID of a subchannel in set 1", stores_set1 },
	{ "control register 6 masks each ISC", isc_mask },
	{ "the PSW masks all", psw_mask },
	{ "an interruption ends an enabled wait", wakes },
	{ "a lower ISC comes first", priority },
	{ "status stays pending until TSCH, the interruption comes once",
	  status_stays },
	{ "one interruption for each of many programs", once_per_program },
	{ "TPI stores and takes the interruption: cc 1", tpi_takes },
	{ "TPI with operand address 0 stores in the lowcore", tpi_lowcore },
	{ "TPI respects control register 6: cc 0", tpi_masked },
	{ "TSCH withdraws the pending interruption", tsch_withdraws },
	{ "TSCH withdraws the pending interruption of each ISC",
	  tsch_withdraws_any_isc },
	{ "TSCH leaves the interruption of another subchannel",
	  tsch_withdraws_its_own },
	{ "no interruption late after many programs ended by TSCH",
	  never_late },
	{ "an interruption goes to the other CPU when that is enabled",
	  other_cpu_takes },
	{ "two enabled CPUs take each interruption once", taken_once },
	{ "two CPUs with a subchannel each", two_subchannels },
	{ "two CPUs at one subchannel: as many ends as starts",
	  one_subchannel },
	{ "the operand of the second CPU goes through its prefix",
	  prefixing },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = reset;
