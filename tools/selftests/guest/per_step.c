// SPDX-License-Identifier: GPL-2.0
/* A debugger of the VM steps over I/O instructions. */
#include "entry.h"
#include "per_tests.h"

/* What an instruction has done */
struct result {
	int ending;
	struct insn insn;
	u8 block[PER_BLOCK_SIZE];
};

static struct result plain, stepped;

static void execute(const struct per_row *row, enum per_how how,
		    per_run_fn run, struct result *result)
{
	u32 text = per_prepare(row, how, &result->insn);

	result->ending = run(&result->insn, text);
	memcpy(result->block, per_block, sizeof(per_block));
}

/*
 * Compare the old PSWs, and what a program interruption has stored; without one
 * that is all zeros.
 */
static void same(const struct per_row *row, const struct result *a,
		 const struct result *b)
{
	ROW_EXPECT_EQ(row, a->ending, b->ending);
	ROW_EXPECT_EQ(row, a->insn.old_mask, b->insn.old_mask);
	ROW_EXPECT_EQ(row, a->insn.old_addr, b->insn.old_addr);
	ROW_EXPECT_EQ(row, a->insn.ilc, b->insn.ilc);
	ROW_EXPECT_EQ(row, a->insn.code, b->insn.code);
	ROW_EXPECT_EQ(row, a->insn.teid, b->insn.teid);
	ROW_EXPECT_EQ(row, a->insn.access_id, b->insn.access_id);
	ROW_EXPECT_EQ(row, memcmp(a->insn.gprs, b->insn.gprs,
				  sizeof(a->insn.gprs)), 0);
	ROW_EXPECT_EQ(row, memcmp(a->block, b->block, sizeof(a->block)), 0);
}

/* --- condition codes --- */

static void each_cc(enum per_how how)
{
	const struct per_row *row = per_cc_rows;
	unsigned int i;
	int cc;

	for (i = 0; i < per_nr_cc_rows; i++, row++) {
		if (!(row->by & guest_argument))
			continue;
		cc = row->ending == PER_UNCHANGED ? 2 : row->ending;
		execute(row, how, insn_run, &plain);
		ROW_EXPECT_EQ(row, plain.ending, cc);
		execute(row, how, per_step, &stepped);
		same(row, &stepped, &plain);
		per_once(row, &stepped.insn, cc);
	}
}

static void step_cc(void)
{
	each_cc(PER_PLAIN);
}

static void step_execute(void)
{
	each_cc(PER_EXECUTED);
}

/* --- program interruptions --- */

/*
 * Compare with STIDP, which KVM executes itself, under the same conditions.
 * When KVM injects a program interruption, Linux 6.1 first exits behind the
 * instruction, and the next step goes on into the handler; 6.12 only exits at
 * the handler.
 */
static void as_stidp(const struct per_row *row, enum per_how how)
{
	static struct per_exit found[4];
	struct per_row stidp = *row;
	const struct per_exit *exit;
	unsigned int i;

	memcpy(found, &per_log.exits[per_before(&stepped.insn)],
	       sizeof(found));
	stidp.op = INSN_STIDP;
	stidp.set_up = NULL;
	if (row->ending == PGM(PGM_OPERAND)) {
		stidp.ending = PGM(PGM_SPECIFICATION);
		stidp.operand = 2;
	}
	execute(&stidp, how, per_step, &plain);
	exit = &per_log.exits[per_before(&plain.insn)];
	for (i = 0; i < ARRAY_SIZE(found); i++) {
		ROW_EXPECT_EQ(row, found[i].addr, exit[i].addr);
		ROW_EXPECT_EQ(row, found[i].mask, exit[i].mask);
	}
}

static void each_pgm(enum per_how how)
{
	const struct per_row *row = per_pgm_rows;
	unsigned int i;

	for (i = 0; i < per_nr_pgm_rows; i++, row++) {
		if (!(row->by & guest_argument))
			continue;
		execute(row, how, insn_run, &plain);
		ROW_EXPECT_EQ(row, plain.ending, row->ending);
		ROW_EXPECT_EQ(row, plain.insn.ilc, 4);
		execute(row, how, per_step, &stepped);
		/*
		 * SIE recognizes this exception, and KVM of Linux 6.12 shows
		 * the guest the debugger's PER event with it.
		 */
		if (row->ending == PGM(PGM_PRIVILEGED)) {
			stepped.ending &= ~PGM_PER;
			stepped.insn.code &= ~PGM_PER;
		}
		same(row, &stepped, &plain);
		as_stidp(row, how);
	}
}

static void step_pgm(void)
{
	each_pgm(PER_PLAIN);
}

static void step_execute_pgm(void)
{
	each_pgm(PER_EXECUTED);
}

/* --- an I/O interruption behind it --- */

static void step_interruption(void)
{
	const struct per_row *row = per_cc_rows;
	const struct per_exit *exit;
	struct insn insn;
	struct io_int io;
	u32 text;

	while (row->op != INSN_SSCH)
		row++;
	text = per_prepare(row, PER_PLAIN, &insn);
	insn.psw_mask |= PSW_IO;
	io_mask(0xff);
	EXPECT_EQ(per_step(&insn, text), CC_DONE);
	EXPECT(io_window(&io));
	EXPECT_EQ(io.sid, PER_SID);
	exit = &per_log.exits[per_before(&insn)];
	EXPECT_EQ(exit[1].addr, insn.psw_addr + 4);
	EXPECT_EQ(exit[1].mask & (PSW_CC(3) | PSW_IO), PSW_CC(0) | PSW_IO);
	/*
	 * The exit is at the handler or behind its first instruction, see
	 * as_stidp().
	 */
	EXPECT(exit[2].addr == (u64)io_entry ||
	       exit[2].addr == (u64)io_entry + 6);
	EXPECT_EQ(exit[2].mask & PSW_IO, 0);
}

/* --- once more --- */

static void step_again(const struct per_row *row, enum per_how how)
{
	static struct insn insn;

	ROW_EXPECT_EQ(row, per_again(row, how, per_step, &insn), row->ending);
	per_once(row, &insn, row->ending);
}

static void step_tsch_again(void)
{
	step_again(&per_tsch_again, PER_PLAIN);
}

static void step_tsch_again_executed(void)
{
	step_again(&per_tsch_again, PER_EXECUTED);
}

static void step_stcrw_again(void)
{
	step_again(&per_stcrw_again, PER_PLAIN);
}

/* --- breakpoints --- */

static void breakpoint(void)
{
	const struct per_row *row = per_cc_rows;
	unsigned int i;
	u32 text;

	for (i = 0; i < per_nr_cc_rows; i++, row++) {
		if (!(row->by & guest_argument))
			continue;
		execute(row, PER_PLAIN, insn_run, &plain);
		text = per_prepare(row, PER_PLAIN, &stepped.insn);
		stepped.insn.psw_addr = plain.insn.psw_addr;
		stepped.ending = per_break(&stepped.insn, text);
		memcpy(stepped.block, per_block, sizeof(per_block));
		same(row, &stepped, &plain);
		ROW_EXPECT_EQ(row, per_log.nr, 1);
		ROW_EXPECT_EQ(row, per_log.exits[0].type, PER_EXIT_BREAK);
		ROW_EXPECT_EQ(row, per_log.exits[0].addr,
			      plain.insn.psw_addr + 4);
	}
}

static const struct test tests[] = {
	{ "a step over each instruction: one exit, behind it, cc as without",
	  step_cc },
	{ "as the target of EXECUTE: the same", step_execute },
	{ "program interruption: as without, and exits as of KVM's own STIDP",
	  step_pgm },
	{ "as the target of EXECUTE: the same", step_execute_pgm },
	{ "SSCH and an I/O interruption: an exit behind SSCH, then the handler",
	  step_interruption },
	{ "TSCH that has to be executed again: one exit for both",
	  step_tsch_again },
	{ "as the target of EXECUTE: the same", step_tsch_again_executed },
	{ "STCRW that has to be executed again: one exit for both",
	  step_stcrw_again },
	{ "breakpoint behind each instruction: one exit, at it", breakpoint },
};

const struct test_group per_step_group = { tests, ARRAY_SIZE(tests) };
