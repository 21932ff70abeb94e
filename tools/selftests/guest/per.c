// SPDX-License-Identifier: GPL-2.0
/*
 * Single steps, as a debugger of the VM makes them, and instructions that have
 * to be executed twice
 */
#include "entry.h"
#include "per_tests.h"

struct per_log per_log __aligned(8);

/* --- single steps --- */

/* Hercules needs PER in the new PSWs, see the host's half (per.c). */
static void new_psws(u64 mask)
{
	static const u16 offsets[] = {
		LC_EXT_NEW_PSW, LC_SVC_NEW_PSW, LC_PGM_NEW_PSW, LC_MCK_NEW_PSW,
		LC_IO_NEW_PSW,
	};
	unsigned int i;
	u64 *psw;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		asm volatile("" : "=a" (psw) : "0" ((u64)offsets[i]));
		*psw = mask;
	}
	barrier();
}

/*
 * The debugger begins directly before the instruction, so that it steps over as
 * little C code as possible: the emulator may get steps wrong.
 */
static int debugged(struct insn *insn, u32 text, u64 request, u64 where)
{
	u64 mask = insn->psw_mask;
	int ending;

	memset(&per_log, 0, sizeof(per_log));
	insn->psw_mask |= PSW_PER;
	new_psws(PSW_64 | PSW_PER);
	insn_place(insn, text);
	insn_forget(insn);
	hypercall(HC_THEME, request, (u64)&per_log, where);
	ending = insn_run_asm(insn);
	hypercall(HC_THEME, PER_CALL_STOP, 0, 0);
	new_psws(PSW_64);
	insn->psw_mask = mask;
	insn->old_mask &= ~PSW_PER;
	return ending;
}

int per_step(struct insn *insn, u32 text)
{
	return debugged(insn, text, PER_CALL_STEP, 0);
}

int per_break(struct insn *insn, u32 text)
{
	return debugged(insn, text, PER_CALL_BREAK, insn->psw_addr + 4);
}

unsigned int per_before(const struct insn *insn)
{
	unsigned int i;

	EXPECT(per_log.nr <= PER_EXITS);
	for (i = 0; i < per_log.nr; i++) {
		EXPECT_EQ(per_log.exits[i].type, PER_EXIT_STEP);
		if (per_log.exits[i].addr == insn->psw_addr)
			break;
	}
	EXPECT(i + 3 < per_log.nr);
	return i;
}

static unsigned int exits_at(u64 addr)
{
	unsigned int i, nr = 0;

	for (i = 0; i < per_log.nr; i++)
		nr += per_log.exits[i].addr == addr;
	return nr;
}

void per_once(const struct per_row *row, const struct insn *insn, int cc)
{
	const struct per_exit *exit = &per_log.exits[per_before(insn)];
	u64 behind = insn->psw_addr + 4;

	ROW_EXPECT_EQ(row, exit[1].addr, behind);
	ROW_EXPECT_EQ(row, exit[1].mask & PSW_CC(3), PSW_CC(cc));
	/* An SVC stands there. */
	ROW_EXPECT_EQ(row, exit[2].addr, svc_entry);
	ROW_EXPECT_EQ(row, exits_at(insn->psw_addr), 1);
	ROW_EXPECT_EQ(row, exits_at(behind), 1);
}

/* --- once more --- */

static void pending(void)
{
	static const struct ccw1 nop __aligned(8) = {
		.cmd = TEST_NOP, .flags = CCW_SLI, .count = 1,
	};

	chan_enable(PER_SID, 3, 0);
	chan_start(PER_SID, &nop);
	chan_until_pending(PER_SID);
}

static void reported(void)
{
	EXPECT_EQ(insn_s(INSN_RCHP, 0, NULL), CC_DONE);
}

const struct per_row per_tsch_again = {
	"TSCH again, cc 1", PER_BY_KERNEL | PER_BY_ALONE, INSN_TSCH, 1,
	PER_SID, .operand = PER_PAGE, .set_up = pending,
};

/*
 * The second execution finds no report.  Beside a VMM, the VMM would have to
 * say so.
 */
const struct per_row per_stcrw_again = {
	"STCRW again, cc 1", PER_BY_KERNEL | PER_BY_ALONE, INSN_STCRW, 1,
	.operand = PER_PAGE, .set_up = reported,
};

static volatile u32 turn;
static volatile int other_ending;

static void other(u64 arg)
{
	static u8 block[64] __aligned(8);
	const struct per_row *row = (const struct per_row *)arg;
	u64 deadline = tod() + TOD_MS(30000);

	while (turn != PER_TURN_OTHER)
		if (tod() > deadline)
			return;
	other_ending = insn_s(row->op, row->gpr1, block);
	turn = PER_TURN_DONE;
}

int per_again(const struct per_row *row, enum per_how how, per_run_fn run,
	      struct insn *insn)
{
	int ending;
	u32 text;

	if (!(row->by & guest_argument))
		skip("served by the kernel only");
	text = per_prepare(row, how, insn);
	turn = 0;
	other_ending = -1;
	if (!hypercall(HC_THEME, PER_CALL_WITHHOLD, (u64)&turn, 0))
		skip("this kernel has no userfaultfd");
	EXPECT(cpu_start(other, (u64)row));
	ending = run(insn, text);
	EXPECT(hypercall(HC_THEME, PER_CALL_PROVIDED, 0, 0));
	ROW_EXPECT_EQ(row, other_ending, CC_DONE);
	return ending;
}

/* --- groups --- */

const struct test_group *const test_groups[] = {
	&per_step_group, &per_event_group, NULL
};

void (*const test_reset)(void) = per_reset;
