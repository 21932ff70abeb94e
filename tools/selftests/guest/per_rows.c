// SPDX-License-Identifier: GPL-2.0
/* The instructions of the PER tests, and what each needs for its ending */
#include "dat.h"
#include "per_tests.h"

#define BEYOND_STORAGE		0x2000000ul
/* EX 0,0(3) */
#define EXECUTE_R3		0x44003000

#define BY_KERNEL		(PER_BY_KERNEL | PER_BY_ALONE)
#define BY_ANY			(BY_KERNEL | PER_BY_VMM)

u8 per_block[PER_BLOCK_SIZE] __aligned(PER_BLOCK_SIZE);

static const struct ccw1 nop __aligned(8) = { .cmd = TEST_NOP,
					      .flags = CCW_SLI, .count = 1 };

/* --- what an ending needs --- */

static void enabled(void)
{
	chan_enable(PER_SID, 3, 0);
}

static void schib(void)
{
	EXPECT_EQ(stsch(PER_SID, (struct schib *)per_block), CC_DONE);
}

static void startable(void)
{
	enabled();
	chan_orb((struct orb *)per_block, &nop);
}

static void pending(void)
{
	startable();
	chan_start(PER_SID, &nop);
	chan_until_pending(PER_SID);
}

static void pending_enabled(void)
{
	pending();
	io_mask(0xff);
}

static void orb_invalid(void)
{
	startable();
	((struct orb *)per_block)->flags |= ORB_ZEROS;
}

static void about_path(void)
{
	struct chsc_request *request = (struct chsc_request *)per_block;

	request->length = sizeof(*request);
	request->code = CHSC_PATHS;
}

static void reported(void)
{
	EXPECT_EQ(insn_s(INSN_RCHP, 0, NULL), CC_DONE);
}

/*
 * TSCH is not tested for a VMM: KVM drops PER where it exits with
 * KVM_EXIT_S390_TSCH.  KVM executes TPI itself.
 */
const struct per_row per_cc_rows[] = {
	{ "STSCH, cc 0", BY_ANY, INSN_STSCH, 0, .gpr1 = PER_SID },
	{ "STSCH, cc 3", BY_ANY, INSN_STSCH, 3, .gpr1 = PER_SID_NONE },
	{ "MSCH, cc 0", BY_ANY, INSN_MSCH, 0, PER_SID, .set_up = schib },
	{ "SSCH, cc 0", BY_ANY, INSN_SSCH, 0, PER_SID, .set_up = startable },
	{ "SSCH, cc 1", BY_ANY, INSN_SSCH, 1, PER_SID, .set_up = pending },
	{ "TSCH, cc 0", BY_KERNEL, INSN_TSCH, 0, PER_SID, .set_up = pending },
	{ "TSCH, cc 1", BY_KERNEL, INSN_TSCH, 1, PER_SID, .set_up = enabled },
	{ "TPI, cc 1", BY_ANY, INSN_TPI, 1, .set_up = pending_enabled },
	{ "CSCH, cc 0", BY_KERNEL, INSN_CSCH, 0, PER_SID, .set_up = enabled },
	{ "HSCH, cc 0", BY_KERNEL, INSN_HSCH, 0, PER_SID, .set_up = enabled },
	{ "RSCH, cc 2", BY_KERNEL, INSN_RSCH, 2, PER_SID, .set_up = enabled },
	{ "XSCH, cc 2", BY_KERNEL, INSN_XSCH, 2, PER_SID, .set_up = enabled },
	{ "CHSC, cc 0", BY_KERNEL, INSN_CHSC, 0, .set_up = about_path },
	{ "RCHP, cc 0", BY_KERNEL, INSN_RCHP, 0, .gpr1 = 0 },
	{ "STCRW, cc 0", BY_KERNEL, INSN_STCRW, 0, .set_up = reported },
	{ "STCRW, cc 1", BY_ANY, INSN_STCRW, 1, .gpr1 = 0 },
	{ "SCHM", PER_BY_ALONE, INSN_SCHM, PER_UNCHANGED, .gpr1 = 0 },
	{ "SAL", PER_BY_ALONE, INSN_SAL, PER_UNCHANGED, .gpr1 = 0 },
	{ "STCPS", PER_BY_ALONE, INSN_STCPS, PER_UNCHANGED, .gpr1 = 0 },
};

const unsigned int per_nr_cc_rows = ARRAY_SIZE(per_cc_rows);

/*
 * A VMM injects access exceptions by KVM_S390_MEM_OP, which isn't tested here.
 */
const struct per_row per_pgm_rows[] = {
	{ "STSCH, specification", BY_ANY, INSN_STSCH, PGM(PGM_SPECIFICATION),
	  PER_SID, .operand = 2 },
	{ "SSCH, operand", BY_ANY, INSN_SSCH, PGM(PGM_OPERAND), PER_SID,
	  .set_up = orb_invalid },
	{ "MSCH, privileged operation", BY_ANY, INSN_MSCH, PGM(PGM_PRIVILEGED),
	  PER_SID, .mode = PSW_PROBLEM },
	{ "TSCH, specification", BY_KERNEL, INSN_TSCH, PGM(PGM_SPECIFICATION),
	  PER_SID, .operand = 2, .set_up = pending },
	{ "RSCH, operand", BY_KERNEL, INSN_RSCH, PGM(PGM_OPERAND), .gpr1 = 0 },
	{ "STSCH, addressing", BY_KERNEL, INSN_STSCH, PGM(PGM_ADDRESSING),
	  PER_SID, .operand = BEYOND_STORAGE },
	{ "TSCH, protection", BY_KERNEL, INSN_TSCH, PGM(PGM_PROTECTION),
	  PER_SID, .operand = DAT_PROTECTED, .mode = PSW_DAT,
	  .set_up = pending },
	{ "SSCH, page translation", BY_KERNEL, INSN_SSCH,
	  PGM(PGM_PAGE_TRANSLATION), PER_SID, .operand = DAT_INVALID,
	  .mode = PSW_DAT, .set_up = enabled },
	{ "TSCH, page translation", BY_KERNEL, INSN_TSCH,
	  PGM(PGM_PAGE_TRANSLATION), PER_SID, .operand = DAT_INVALID,
	  .mode = PSW_DAT, .set_up = pending },
	{ "STSCH, segment translation", BY_KERNEL, INSN_STSCH,
	  PGM(PGM_SEGMENT_TRANSLATION), PER_SID, .operand = DAT_NO_SEGMENT,
	  .mode = PSW_DAT },
	{ "CHSC, specification", PER_BY_ALONE, INSN_CHSC,
	  PGM(PGM_SPECIFICATION), .operand = 2 },
	{ "SCHM, operand", PER_BY_ALONE, INSN_SCHM, PGM(PGM_OPERAND),
	  .gpr1 = 4 },
};

const unsigned int per_nr_pgm_rows = ARRAY_SIZE(per_pgm_rows);

/* --- executing one --- */

static void rest(void)
{
	u32 word;

	chan_disable(PER_SID);
	while (guest_argument != PER_BY_VMM && !stcrw(&word))
		barrier();
	memset(per_block, 0, sizeof(per_block));
}

u32 per_prepare(const struct per_row *row, enum per_how how,
		struct insn *insn)
{
	static u32 text __aligned(8);
	u64 operand = row->operand;

	rest();
	if (row->mode & PSW_DAT)
		dat_init();
	if (row->set_up)
		row->set_up();
	/* A small number is an offset in per_block. */
	if (operand < sizeof(u64))
		operand += (u64)per_block;
	text = row->op == INSN_CHSC ? (u32)INSN_CHSC << 16 | 0x20 :
				      (u32)row->op << 16 | 0x2000;
	memset(insn, 0, sizeof(*insn));
	insn->psw_mask = PSW_64 | row->mode;
	/* Begin with another condition code than the one of the ending. */
	insn->psw_mask |= PSW_CC(row->ending < PER_UNCHANGED ?
				 3 - row->ending : 2);
	insn->gprs[1] = row->gpr1;
	insn->gprs[2] = operand;
	insn->gprs[3] = (u64)&text;
	return how == PER_EXECUTED ? EXECUTE_R3 : text;
}

void per_reset(void)
{
	hypercall(HC_THEME, PER_CALL_STOP, 0, 0);
	rest();
}
