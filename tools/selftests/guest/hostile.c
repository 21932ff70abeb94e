// SPDX-License-Identifier: GPL-2.0
/*
 * Random instructions with random operands and random channel programs, on two
 * CPUs, while the host adds, removes, vacates, resets and quiesces.  Every
 * instruction must have one of its endings, and the guest program must survive.
 * Afterwards each subchannel can be cleared and works.
 */
#include "hostile_prog.h"

static const u32 sids[HOSTILE_NR] = {
	HOSTILE_SYNC, HOSTILE_ASYNC, HOSTILE_FBA, HOSTILE_HOT, HOSTILE_SET1,
	HOSTILE_USER
};

/* The instructions, and how likely each of them is */
static const struct {
	u16 insn;
	u8 weight;
	const char *codes[2];
} insns[] = {
	{ INSN_SSCH, 32, { "SSCH cc 0, cc 1", "SSCH cc 2, cc 3" } },
	{ INSN_TSCH, 24, { "TSCH cc 0, cc 1", "TSCH cc 2, cc 3" } },
	{ INSN_STSCH, 6, { "STSCH cc 0, cc 1", "STSCH cc 2, cc 3" } },
	{ INSN_MSCH, 10, { "MSCH cc 0, cc 1", "MSCH cc 2, cc 3" } },
	{ INSN_RSCH, 10, { "RSCH cc 0, cc 1", "RSCH cc 2, cc 3" } },
	{ INSN_HSCH, 6, { "HSCH cc 0, cc 1", "HSCH cc 2, cc 3" } },
	{ INSN_CSCH, 6, { "CSCH cc 0, cc 1", "CSCH cc 2, cc 3" } },
	{ INSN_XSCH, 5, { "XSCH cc 0, cc 1", "XSCH cc 2, cc 3" } },
	{ INSN_CHSC, 3, { "CHSC cc 0, cc 1", "CHSC cc 2, cc 3" } },
	{ INSN_STCRW, 2, { "STCRW cc 0, cc 1", "STCRW cc 2, cc 3" } },
	{ INSN_STCPS, 1, { "STCPS cc 0, cc 1", "STCPS cc 2, cc 3" } },
	{ INSN_RCHP, 1, { "RCHP cc 0, cc 1", "RCHP cc 2, cc 3" } },
	{ INSN_SCHM, 2, { "SCHM cc 0, cc 1", "SCHM cc 2, cc 3" } },
	{ INSN_SAL, 1, { "SAL cc 0, cc 1", "SAL cc 2, cc 3" } },
	{ INSN_TPI, 2, { "TPI cc 0, cc 1", "TPI cc 2, cc 3" } },
};

#define WEIGHTS		111	/* the sum of these weights */

/*
 * On a slow host a CPU goes on after the time, until it has executed so many.
 */
#define MIN_STEPS	2000

/* What each CPU has counted */
static struct {
	u32 codes[ARRAY_SIZE(insns)][4];
	u32 exceptions;
	u32 interruptions, machine_checks;
	u32 steps;
} seen[MAX_CPUS];

static u64 deadline, patience;
static bool cpu1_done;

/* --- one instruction --- */

static u32 any_sid(struct random *random)
{
	u32 sid = sids[random_next(random) % HOSTILE_NR];

	if (random_one_in(random, 24))
		sid ^= 1u << random_next(random) % 32;
	if (random_one_in(random, 96))
		sid = random_next(random);
	return sid;
}

/* An address to store at, or from which random bytes are fetched */
static u64 any_operand(struct random *random)
{
	u64 addr = hostile_data(random);

	return random_one_in(random, 8) ? addr : addr & -8ul;
}

static u32 mostly_zeros(struct random *random)
{
	return random_one_in(random, 4) ? random_next(random) :
					  random_next(random) & 3;
}

/*
 * An instruction that names no subchannel uses general register 1 for something
 * else.
 */
static u64 register1(struct random *random, u16 insn)
{
	switch (insn) {
	case INSN_RCHP:
		return mostly_zeros(random);
	case INSN_SCHM:
		return mostly_zeros(random) |
		       (random_next(random) & 0xf0000000);
	case INSN_SAL:
		return random_one_in(random, 4) ? random_next(random) :
						  hostile_data(random) & -65536;
	}
	return any_sid(random);
}

/* Instructions that fetch an operand mostly get one that was made for them. */
static u64 register2(struct random *random, u16 insn)
{
	static struct schib schib[MAX_CPUS] __aligned(64);
	static u32 orb[MAX_CPUS][8] __aligned(64);
	unsigned int cpu = cpu_number();
	u64 addr;

	switch (insn) {
	case INSN_SSCH:
		hostile_orb(random, (struct orb *)orb[cpu]);
		addr = (u64)orb[cpu];
		break;
	case INSN_MSCH:
		hostile_schib(random, &schib[cpu]);
		addr = (u64)&schib[cpu];
		break;
	case INSN_SCHM:
		return hostile_origin(random);
	case INSN_CHSC:
		return hostile_chsc(random);
	default:
		return any_operand(random);
	}
	/*
	 * Sometimes the operand isn't on a word boundary, or isn't in storage.
	 */
	if (random_one_in(random, 64))
		addr++;
	if (random_one_in(random, 64))
		addr |= 0x7f000000;
	return addr;
}

static int execute(struct random *random, u16 op)
{
	struct insn *insn = &last_insn[cpu_number()];

	memset(insn, 0, sizeof(*insn));
	insn->psw_mask = PSW_64;
	if (random_one_in(random, 64))
		insn->psw_mask |= PSW_PROBLEM;
	if (random_one_in(random, 32))
		insn->psw_mask |= PSW_KEY(random_next(random) & 0xf);
	insn->gprs[1] = register1(random, op);
	insn->gprs[2] = register2(random, op);
	return insn_run(insn, (u32)op << 16 | (op == INSN_CHSC ? 0x20 :
							0x2000));
}

static bool may_end(int ending)
{
	switch (ending) {
	case 0 ... 3:
	case PGM(PGM_PRIVILEGED):
	case PGM(PGM_PROTECTION):
	case PGM(PGM_ADDRESSING):
	case PGM(PGM_SPECIFICATION):
	case PGM(PGM_OPERAND):
		return true;
	}
	return false;
}

static void instruction(struct random *random)
{
	unsigned int cpu = cpu_number(), n;
	u32 dice = random_next(random) % WEIGHTS;
	int ending;

	for (n = 0; dice >= insns[n].weight; n++)
		dice -= insns[n].weight;
	ending = execute(random, insns[n].insn);
	if (!may_end(ending)) {
		note("instruction, ending", insns[n].insn, ending);
		EXPECT(!"an ending that there is");
	}
	if (ending > 3)
		seen[cpu].exceptions++;
	else
		seen[cpu].codes[n][ending]++;
}

/* --- one CPU's part --- */

static void interruptions(void)
{
	unsigned int cpu = cpu_number();
	struct io_int io;
	u64 mcic;

	while (io_window(&io))
		seen[cpu].interruptions++;
	report_mask(true);
	if (report_window(&mcic))
		seen[cpu].machine_checks++;
	report_mask(false);
}

static void step(struct random *random)
{
	switch (random_next(random) % 16) {
	case 0 ... 3:
		hostile_rewrite(random);
		break;
	case 4:
		interruptions();
		break;
	case 5:
		if (random_one_in(random, 8))
			hostile_key(random);
		break;
	default:
		instruction(random);
	}
	seen[cpu_number()].steps++;
}

static void steps(u64 seed)
{
	struct random random = { .state = seed };
	unsigned int cpu = cpu_number();

	io_mask(0xff);
	while (tod() < deadline ||
	       (seen[cpu].steps < MIN_STEPS && tod() < patience))
		step(&random);
	io_mask(0);
}

static void on_cpu1(u64 seed)
{
	steps(seed);
	cpu1_done = true;
}

/* --- both --- */

static u32 total(unsigned int n, int cc)
{
	return seen[0].codes[n][cc] + seen[1].codes[n][cc];
}

static void tell(void)
{
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(insns); n++) {
		note(insns[n].codes[0], total(n, 0), total(n, 1));
		note(insns[n].codes[1], total(n, 2), total(n, 3));
	}
	note("steps of each CPU", seen[0].steps, seen[1].steps);
	note("program interruptions of each CPU", seen[0].exceptions,
	     seen[1].exceptions);
	note("I/O interruptions of each CPU", seen[0].interruptions,
	     seen[1].interruptions);
	note("machine checks of each CPU", seen[0].machine_checks,
	     seen[1].machine_checks);
}

/* The attack counts only if enough instructions have been executed. */
static void enough(void)
{
	EXPECT(seen[0].steps >= MIN_STEPS && seen[1].steps >= MIN_STEPS);
	/* SSCH and TSCH, the first two in the table, must have succeeded. */
	EXPECT(total(0, CC_DONE) && total(1, CC_DONE));
	EXPECT(seen[0].exceptions && seen[1].exceptions);
	EXPECT(seen[0].interruptions + seen[1].interruptions);
}

static void attack(void)
{
	u64 seed = HOSTILE_SEED(guest_argument);

	memset(seen, 0, sizeof(seen));
	hostile_prog_init();
	cpu1_done = false;
	deadline = tod() + TOD_MS(HOSTILE_SECONDS(guest_argument) * 1000ul);
	patience = deadline + TOD_MS(60000);
	EXPECT_EQ(chan_enable_mss(), CHSC_OK);
	barrier();
	hypercall(HC_THEME, HOSTILE_CALL_BEGIN, 0, 0);
	EXPECT(cpu_start(on_cpu1, 0x9e3779b97f4a7c15ul ^ seed));
	steps(0x2545f4914f6cdd1dul ^ seed << 32);
	while (!*(volatile bool *)&cpu1_done) {
		asm volatile("diag 0,0,0x44" : : : "memory");
		/*
		 * If the other CPU doesn't get done, it has failed and has
		 * reported that.
		 */
		EXPECT(tod() < patience + TOD_MS(10000));
	}
	EXPECT_EQ(hypercall(HC_THEME, HOSTILE_CALL_END, 0, 0), 0);
	tell();
	enough();
}

/* --- afterwards --- */

static u8 *const out = (u8 *)0x600000ul, *const in = (u8 *)0x680000ul;

static void test_unit_works(u32 sid)
{
	static struct ccw1 program[3] __aligned(8);
	static u32 zero;
	u32 i;

	for (i = 0; i < 256; i++)
		out[i] = sid + i;
	memset(in, 0, 256);
	program[0] = CCW(TEST_WRITE, CCW_CC, 256, out);
	program[1] = CCW(TEST_SEEK, CCW_CC, 4, &zero);
	program[2] = CCW(TEST_READ, 0, 256, in);
	chan_ok(sid, program);
	EXPECT_EQ(memcmp(in, out, 256), 0);
}

static void move_blocks(u32 sid, u8 cmd, u8 *data)
{
	static const struct fba_extent extent = {
		.mask = FBA_MASK_ALL, .last = HOSTILE_BLOCKS - 1
	};
	struct fba_locate locate __aligned(8) = {
		.operation = cmd == FBA_WRITE ? FBA_OP_WRITE : FBA_OP_READ,
		.blocks = 4, .first = HOSTILE_BLOCKS - 4,
	};
	static struct ccw1 program[3] __aligned(8);

	program[0] = CCW(FBA_DEFINE_EXTENT, CCW_CC, sizeof(extent), &extent);
	program[1] = CCW(FBA_LOCATE, CCW_CC, sizeof(locate), &locate);
	program[2] = CCW(cmd, 0, 4 * FBA_BLOCK, data);
	chan_ok(sid, program);
}

static void disk_works(u32 sid)
{
	u32 i;

	for (i = 0; i < 4 * FBA_BLOCK; i++)
		out[i] = sid + i * 3;
	memset(in, 0, 4 * FBA_BLOCK);
	move_blocks(sid, FBA_WRITE, out);
	move_blocks(sid, FBA_READ, in);
	EXPECT_EQ(memcmp(in, out, 4 * FBA_BLOCK), 0);
}

static void recover(void)
{
	unsigned int i;
	u32 word, n;

	io_mask(0);
	EXPECT_EQ(insn_s(INSN_SCHM, 0, NULL), 0);
	EXPECT_EQ(insn_s(INSN_SAL, 0, NULL), 0);
	EXPECT_EQ(chan_enable_mss(), CHSC_OK);
	for (n = 0; stcrw(&word) == CC_DONE; n++)
		EXPECT(n < 10000);
	for (i = 0; i < HOSTILE_NR; i++)
		chan_clear(sids[i]);
	chan_quiet();
	for (i = 0; i < HOSTILE_NR; i++) {
		chan_enable(sids[i], i + 1, 0);
		io_mask(0xff);
		if (sids[i] == HOSTILE_FBA)
			disk_works(sids[i]);
		else
			test_unit_works(sids[i]);
		chan_disable(sids[i]);
	}
	chan_quiet();
}

static const struct test tests[] = {
	{ "two CPUs execute anything, and the host interferes", attack },
	{ "every subchannel can be cleared, and works", recover },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = NULL;
