// SPDX-License-Identifier: GPL-2.0
/* How STSCH, MSCH, SSCH and TSCH end: address and access of the operand */
#include "chan.h"
#include "dat.h"
#include "ioinst.h"
#include "ioinst_tests.h"

#define BEYOND_STORAGE		0x2000000ul

static const u16 all_insns[] = {
	INSN_STSCH, INSN_MSCH, INSN_SSCH, INSN_TSCH
};

void ioinst_suppressed(void)
{
	EXPECT_EQ(last_insn[0].old_addr, last_insn[0].psw_addr + 4);
	EXPECT_EQ(last_insn[0].ilc, 4);
}

void ioinst_nullified(void)
{
	EXPECT_EQ(last_insn[0].old_addr, last_insn[0].psw_addr);
	EXPECT_EQ(last_insn[0].ilc, 4);
}

/* The exception access identification only has a meaning in AR mode. */
static void translation_parameters(u64 page, u32 asi)
{
	EXPECT_EQ(last_insn[0].teid & TEID_ADDRESS, page);
	EXPECT_EQ(last_insn[0].teid & TEID_ASI, asi);
}

static void addressing(void)
{
	unsigned int i;

	chan_enable(IOINST_SID, 3, 0);
	for (i = 0; i < ARRAY_SIZE(all_insns); i++) {
		EXPECT_EQ(insn_s(all_insns[i], IOINST_SID,
				 (void *)BEYOND_STORAGE), PGM(PGM_ADDRESSING));
		ioinst_suppressed();
	}
}

static void low_address_protection(void)
{
	int store, test;

	chan_enable(IOINST_SID, 3, 0);
	insn_low_address_protection = true;
	store = insn_s(INSN_STSCH, IOINST_SID, (void *)0x200ul - 52);
	insn_low_address_protection = false;
	EXPECT_EQ(store, PGM(PGM_PROTECTION));
	ioinst_suppressed();
	insn_low_address_protection = true;
	test = insn_s(INSN_TSCH, IOINST_SID, (void *)0x200ul - 64);
	insn_low_address_protection = false;
	EXPECT_EQ(test, PGM(PGM_PROTECTION));
	ioinst_suppressed();
}

static void base_displacement(void)
{
	struct insn insn = { .psw_mask = PSW_64 };
	u8 *operand = ioinst_operand(INSN_STSCH);

	/* 8(%r9) */
	insn.gprs[1] = IOINST_SID;
	insn.gprs[9] = (u64)operand - 8;
	EXPECT_EQ(insn_run(&insn, INSN_STSCH << 16 | 0x9008), CC_DONE);
	EXPECT_EQ(((struct schib *)operand)->pmcw.devno, 0x1234);
	/* 2(%r1): the register with the SID is also the base register. */
	insn.gprs[1] = IOINST_SID_SET3;
	EXPECT_EQ(insn_run(&insn, INSN_STSCH << 16 | 0x1002), CC_DONE);
	operand = (u8 *)(u64)(IOINST_SID_SET3 + 2);
	EXPECT_EQ(((struct schib *)operand)->pmcw.devno, 0x4321);
	/*
	 * 0xe00 without a base is real address 0xe00, which nothing else uses.
	 */
	insn.gprs[0] = BEYOND_STORAGE;
	insn.gprs[1] = IOINST_SID;
	EXPECT_EQ(insn_run(&insn, INSN_STSCH << 16 | 0x0e00), CC_DONE);
	operand = (u8 *)0xe00ul;
	asm volatile("" : "+a" (operand));
	EXPECT_EQ(((struct schib *)operand)->pmcw.devno, 0x1234);
}

static void addressing_modes(void)
{
	/* The program is below 1 MiB, so every addressing mode reaches it. */
	u64 operand = (u64)ioinst_operand(INSN_STSCH);
	struct schib *schib = (struct schib *)operand;

	EXPECT_EQ(insn_s_mode(INSN_STSCH, IOINST_SID, operand, 0, 0), CC_DONE);
	memset(schib, 0, sizeof(*schib));
	last_insn[0].psw_mask = PSW_31;
	last_insn[0].gprs[1] = IOINST_SID;
	last_insn[0].gprs[2] = 0xffffffff80000000ul | operand;
	EXPECT_EQ(insn_run(&last_insn[0], INSN_STSCH << 16 | 0x2000), CC_DONE);
	EXPECT_EQ(schib->pmcw.devno, 0x1234);
	memset(schib, 0, sizeof(*schib));
	last_insn[0].psw_mask = 0;
	last_insn[0].gprs[1] = IOINST_SID;
	last_insn[0].gprs[2] = 0xffffffffff000000ul | operand;
	EXPECT_EQ(insn_run(&last_insn[0], INSN_STSCH << 16 | 0x2000), CC_DONE);
	EXPECT_EQ(schib->pmcw.devno, 0x1234);
}

/* --- DAT --- */

/*
 * Execute STSCH to @addr under @mode, and check that the SCHIB is in the frame
 * of @space.
 */
static void stsch_through(u64 addr, u64 mode, u32 alet, enum dat_space space)
{
	struct schib *schib = dat_frame(space);
	unsigned int i;

	dat_init();
	for (i = 0; i < DAT_SPACES; i++)
		memset(dat_frame(i), 0, DAT_PAGE);
	EXPECT_EQ(insn_s_mode(INSN_STSCH, IOINST_SID, addr, PSW_DAT | mode,
			      alet), CC_DONE);
	EXPECT_EQ(schib->pmcw.devno, 0x1234);
	for (i = 0; i < DAT_SPACES; i++) {
		schib = dat_frame(i);
		if (i != space)
			EXPECT_EQ(schib->pmcw.devno, 0);
	}
}

static void dat_plain(void)
{
	stsch_through(DAT_PLAIN, PSW_AS_PRIMARY, 0, DAT_PRIMARY);
}

static void dat_secondary(void)
{
	stsch_through(DAT_PLAIN, PSW_AS_SECONDARY, 0, DAT_SECONDARY);
}

static void dat_home(void)
{
	stsch_through(DAT_PLAIN, PSW_AS_HOME, 0, DAT_HOME);
}

static void ar_primary(void)
{
	stsch_through(DAT_PLAIN, PSW_AS_AR, 0, DAT_PRIMARY);
}

static void ar_secondary(void)
{
	stsch_through(DAT_PLAIN, PSW_AS_AR, 1, DAT_SECONDARY);
}

static void dat_protected_store(void)
{
	u8 *frame = dat_frame(DAT_PRIMARY);

	dat_init();
	chan_enable(IOINST_SID, 3, 0);
	memset(frame, 0x5a, DAT_PAGE);
	EXPECT_EQ(insn_s_mode(INSN_STSCH, IOINST_SID, DAT_PROTECTED + 16,
			      PSW_DAT, 0), PGM(PGM_PROTECTION));
	ioinst_suppressed();
	translation_parameters(DAT_PROTECTED, TEID_ASI_PRIMARY);
	EXPECT_EQ(insn_s_mode(INSN_TSCH, IOINST_SID, DAT_PROTECTED + 16,
			      PSW_DAT, 0), PGM(PGM_PROTECTION));
	ioinst_suppressed();
	translation_parameters(DAT_PROTECTED, TEID_ASI_PRIMARY);
	EXPECT_EQ(frame[16], 0x5a);
}

static void dat_protected_fetch(void)
{
	u8 *frame = dat_frame(DAT_PRIMARY);

	dat_init();
	memcpy(frame, ioinst_operand(INSN_MSCH), sizeof(struct schib));
	EXPECT_EQ(insn_s_mode(INSN_MSCH, IOINST_SID, DAT_PROTECTED, PSW_DAT,
			      0), CC_DONE);
	/*
	 * The subchannel is disabled, but that is found after the ORB has been
	 * fetched.
	 */
	memcpy(frame, ioinst_operand(INSN_SSCH), sizeof(struct orb));
	EXPECT_EQ(insn_s_mode(INSN_SSCH, IOINST_SID, DAT_PROTECTED, PSW_DAT,
			      0), CC_NOT_OPERATIONAL);
}

static void all_meet(u64 addr, u16 code)
{
	unsigned int i;

	dat_init();
	chan_enable(IOINST_SID, 3, 0);
	for (i = 0; i < ARRAY_SIZE(all_insns); i++) {
		EXPECT_EQ(insn_s_mode(all_insns[i], IOINST_SID, addr + 8,
				      PSW_DAT, 0), PGM(code));
		ioinst_nullified();
		translation_parameters(addr, TEID_ASI_PRIMARY);
	}
}

static void dat_page_invalid(void)
{
	all_meet(DAT_INVALID, PGM_PAGE_TRANSLATION);
}

static void dat_segment_invalid(void)
{
	all_meet(DAT_NO_SEGMENT, PGM_SEGMENT_TRANSLATION);
}

static void dat_beyond_asce(void)
{
	all_meet(DAT_BEYOND_ASCE, PGM_ASCE_TYPE);
}

static void dat_crossing(void)
{
	u8 *frame = dat_frame_before_invalid();
	unsigned int i;

	dat_init();
	chan_enable(IOINST_SID, 3, 0);
	memset(frame, 0x5a, DAT_PAGE);
	for (i = 0; i < ARRAY_SIZE(all_insns); i++) {
		EXPECT_EQ(insn_s_mode(all_insns[i], IOINST_SID,
				      DAT_INVALID2 - 8, PSW_DAT, 0),
			  PGM(PGM_PAGE_TRANSLATION));
		ioinst_nullified();
		translation_parameters(DAT_INVALID2, TEID_ASI_PRIMARY);
		EXPECT_EQ(frame[DAT_PAGE - 8], 0x5a);
	}
}

/* --- access registers --- */

static void ar_alet_specification(void)
{
	dat_init();
	EXPECT_EQ(insn_s_mode(INSN_STSCH, IOINST_SID, DAT_PLAIN,
			      PSW_DAT | PSW_AS_AR, 0x10000000),
		  PGM(PGM_ALET_SPECIFICATION));
	ioinst_suppressed();
}

static void ar_alen_translation(void)
{
	dat_init();
	EXPECT_EQ(insn_s_mode(INSN_STSCH, IOINST_SID, DAT_PLAIN,
			      PSW_DAT | PSW_AS_AR, 0x00000800),
		  PGM(PGM_ALEN_TRANSLATION));
	ioinst_nullified();
	EXPECT_EQ(last_insn[0].access_id, 2);
}

static void ar_page_invalid(void)
{
	dat_init();
	EXPECT_EQ(insn_s_mode(INSN_STSCH, IOINST_SID, DAT_INVALID,
			      PSW_DAT | PSW_AS_AR, 1),
		  PGM(PGM_PAGE_TRANSLATION));
	ioinst_nullified();
	EXPECT_EQ(last_insn[0].teid & TEID_ADDRESS, DAT_INVALID);
	EXPECT_EQ(last_insn[0].access_id, 2);
}

/* --- storage keys --- */

#define KEY(key)		((key) << 4)
#define KEY_FETCH		0x08
/* A page that nothing else uses */
#define KEYED			((void *)0x100000ul)

static void set_key(void *page, u8 key)
{
	asm volatile("sske %0,%1" : : "d" ((u64)key), "a" (page) : "memory");
}

static int with_key(u16 insn, u8 psw_key)
{
	return insn_s_mode(insn, IOINST_SID, (u64)KEYED, PSW_KEY(psw_key), 0);
}

static void key_protection(void)
{
	struct schib *schib = KEYED;
	int store, test;

	chan_enable(IOINST_SID, 3, 0);
	schib->pmcw.devno = 0xffff;
	set_key(KEYED, KEY(5));
	store = with_key(INSN_STSCH, 6);
	test = with_key(INSN_TSCH, 6);
	set_key(KEYED, KEY(0));
	EXPECT_EQ(store, PGM(PGM_PROTECTION));
	EXPECT_EQ(test, PGM(PGM_PROTECTION));
	ioinst_suppressed();
	EXPECT_EQ(schib->pmcw.devno, 0xffff);
}

static void key_fetch_protection(void)
{
	int plain, modify, start;

	memcpy(KEYED, ioinst_operand(INSN_MSCH), sizeof(struct schib));
	set_key(KEYED, KEY(5));
	plain = with_key(INSN_MSCH, 6);
	set_key(KEYED, KEY(5) | KEY_FETCH);
	modify = with_key(INSN_MSCH, 6);
	start = with_key(INSN_SSCH, 6);
	set_key(KEYED, KEY(0));
	EXPECT_EQ(plain, CC_DONE);
	EXPECT_EQ(modify, PGM(PGM_PROTECTION));
	EXPECT_EQ(start, PGM(PGM_PROTECTION));
	ioinst_suppressed();
}

static void key_matches(void)
{
	struct schib *schib = KEYED;
	int store, modify;

	memset(schib, 0, sizeof(*schib));
	set_key(KEYED, KEY(5) | KEY_FETCH);
	store = with_key(INSN_STSCH, 5);
	modify = with_key(INSN_MSCH, 5);
	set_key(KEYED, KEY(0));
	EXPECT_EQ(store, CC_DONE);
	EXPECT_EQ(schib->pmcw.devno, 0x1234);
	EXPECT_EQ(modify, CC_DONE);
}

/* --- EXECUTE --- */

const u32 stsch_r2 __aligned(8) = INSN_STSCH << 16 | 0x2000;

static void execute(void)
{
	struct insn *insn = &last_insn[0];
	u8 *operand = ioinst_operand(INSN_STSCH);

	memset(insn, 0, sizeof(*insn));
	insn->psw_mask = PSW_64;
	insn->gprs[1] = IOINST_SID;
	insn->gprs[2] = (u64)operand;
	insn->gprs[3] = (u64)&stsch_r2;
	/* EX 0,0(3) */
	EXPECT_EQ(insn_run(insn, 0x44003000), CC_DONE);
	EXPECT_EQ(((struct schib *)operand)->pmcw.devno, 0x1234);
	insn->gprs[2] = (u64)operand + 2;
	EXPECT_EQ(insn_run(insn, 0x44003000), PGM(PGM_SPECIFICATION));
	ioinst_suppressed();
}

/*
 * EXRL and SVC 0.  The six bytes of EXRL are too long for insn_run().  Its
 * target STIDP is executed by KVM itself, and shows what this machine can do.
 */
const u32 stidp_r2 __aligned(8) = 0xb2022000;
asm("	.pushsection .text\n"
"	.balign 8\n"
"exrl_stsch:\n"
"	exrl	0,stsch_r2\n"
"	svc	0\n"
"	.balign 8\n"
"exrl_stidp:\n"
"	exrl	0,stidp_r2\n"
"	svc	0\n"
"	.popsection\n");

static struct insn *exrl_at(const char *where, u64 operand, u64 mode)
{
	struct insn *insn = &last_insn[0];

	memset(insn, 0, sizeof(*insn));
	insn->psw_mask = PSW_64 | mode;
	insn->psw_addr = (u64)where;
	insn->gprs[1] = IOINST_SID;
	insn->gprs[2] = operand;
	return insn;
}

static struct insn *exrl(u64 operand, u64 mode)
{
	return exrl_at(exrl_stsch, operand, mode);
}

/*
 * KVM needs to know the length of the EXECUTE instruction.  SIE tells it; if
 * not, KVM assumes 4.
 */
static void needs_execute_length(void)
{
	EXPECT_EQ(insn_run_at(exrl_at(exrl_stidp, (u64)ioinst_operand(0) + 2,
				      0)), PGM(PGM_SPECIFICATION));
	if (last_insn[0].ilc != 6)
		skip("SIE here doesn't tell the length of EXECUTE; KVM's STIDP has it wrong too");
}

static void execute_relative(void)
{
	struct schib *schib = (struct schib *)ioinst_operand(INSN_STSCH);

	EXPECT_EQ(insn_run_at(exrl((u64)schib, 0)), CC_DONE);
	EXPECT_EQ(schib->pmcw.devno, 0x1234);
}

static void execute_relative_exception(void)
{
	u64 operand = (u64)ioinst_operand(INSN_STSCH) + 2;

	needs_execute_length();
	EXPECT_EQ(insn_run_at(exrl(operand, 0)), PGM(PGM_SPECIFICATION));
	EXPECT_EQ(last_insn[0].old_addr, (u64)exrl_stsch + 6);
	EXPECT_EQ(last_insn[0].ilc, 6);
}

static void execute_relative_nullified(void)
{
	needs_execute_length();
	dat_init();
	EXPECT_EQ(insn_run_at(exrl(DAT_INVALID, PSW_DAT)),
		  PGM(PGM_PAGE_TRANSLATION));
	EXPECT_EQ(last_insn[0].old_addr, (u64)exrl_stsch);
	EXPECT_EQ(last_insn[0].ilc, 6);
}

/* --- nothing happens behind an exception --- */

static void exception_keeps_status(void)
{
	u64 deadline = tod() + TOD_MS(20000);
	struct schib schib __aligned(4);
	struct irb irb __aligned(4);
	struct io_int io;

	dat_init();
	chan_enable(IOINST_SID, 3, 0);
	ioinst_start_wait();
	do {
		EXPECT_EQ(stsch(IOINST_SID, &schib), CC_DONE);
		EXPECT(tod() < deadline);
	} while (!(schib.scsw.ctrl & SCSW_SC_PENDING));
	EXPECT_EQ(insn_s_mode(INSN_TSCH, IOINST_SID, DAT_INVALID, PSW_DAT, 0),
		  PGM(PGM_PAGE_TRANSLATION));
	EXPECT_EQ(insn_s_mode(INSN_TSCH, IOINST_SID, DAT_PROTECTED, PSW_DAT,
			      0), PGM(PGM_PROTECTION));
	/* The interruption is still pending as well. */
	io_mask(0x80 >> 3);
	EXPECT(io_window(&io));
	EXPECT_EQ(io.sid, IOINST_SID);
	EXPECT_EQ(tsch(IOINST_SID, &irb), CC_DONE);
	EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
}

static const struct test tests[] = {
	{ "operand outside storage: addressing exception", addressing },
	{ "store below 512 with low-address protection: protection",
	  low_address_protection },
	{ "operand address is base plus displacement; base 0 is none",
	  base_displacement },
	{ "operand address wraps at 24 and 31 bits", addressing_modes },
	{ "DAT on: operand through the primary space", dat_plain },
	{ "DAT on, protected page: STSCH and TSCH meet protection",
	  dat_protected_store },
	{ "DAT on, protected page: MSCH and SSCH fetch from it",
	  dat_protected_fetch },
	{ "DAT on, invalid page: page translation, its address, nullified",
	  dat_page_invalid },
	{ "DAT on, invalid segment: segment translation",
	  dat_segment_invalid },
	{ "DAT on, address beyond the ASCE: ASCE type", dat_beyond_asce },
	{ "operand crosses into an invalid page: its address, no change",
	  dat_crossing },
	{ "secondary-space mode: operand through the secondary space",
	  dat_secondary },
	{ "home-space mode: operand through the home space", dat_home },
	{ "AR mode, ALET 0: operand through the primary space",
	  ar_primary },
	{ "AR mode, ALET 1: operand through the secondary space",
	  ar_secondary },
	{ "AR mode, reserved ALET bits: ALET specification",
	  ar_alet_specification },
	{ "AR mode, no access-list entry: ALEN translation",
	  ar_alen_translation },
	{ "AR mode, invalid page: exception access identification",
	  ar_page_invalid },
	{ "PSW key differs from the storage key: stores meet protection",
	  key_protection },
	{ "PSW key differs, fetch protected: fetches meet protection",
	  key_fetch_protection },
	{ "PSW key equals the storage key: no exception", key_matches },
	{ "target of EXECUTE: condition code, old PSW behind EXECUTE",
	  execute },
	{ "target of EXRL: condition code",
	  execute_relative },
	{ "target of EXRL, specification: old PSW behind it, length 6",
	  execute_relative_exception },
	{ "target of EXRL, page translation: old PSW at it, length 6",
	  execute_relative_nullified },
	{ "TSCH that meets an access exception keeps the status",
	  exception_keeps_status },
};

const struct test_group ioinst_operand_group = { tests, ARRAY_SIZE(tests) };
