// SPDX-License-Identifier: GPL-2.0
/*
 * Operands of I/O instructions: Principles of Operation chapter 14; and the
 * order in which conditions are recognized, chapter 6, "Priority of Program
 * Interruptions".  An instruction that ends with an exception or is left to the
 * VMM must change nothing.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "fake_image.h"

#define OPERAND		(FAKE_LOGICAL + IMAGE_OPERAND)
#define OPERAND_SIZE	64
#define SIZE_SCHIB	52
#define SIZE_IRB	64
#define SIZE_ORB	12
#define SIZE_ORB_LONG	32

/* The one I/O instruction that the module leaves to KVM */
#define IOINST_TPI	0xb236

/* SIDs in the right form, of subchannels that the kernel doesn't have */
#define SID_OTHER_NUMBER	(IMAGE_SID + 1)
#define SID_OTHER_SET		(SID_ONE | IMAGE_SCHID)

/**
 * struct ioinst_case - an instruction that has no effect
 * @name: the rule
 * @opcode: the instruction; only in the table for single instructions
 * @ending: how it has to end
 * @problem_state: the CPU is in the problem state
 * @gpr1: general register 1; 0 for the SID of the image's subchannel
 * @addr: second-operand address; 0 for OPERAND
 * @at: offset of the operand's word to which @set is added
 * @set: bits
 * @bad: part of the operand that can't be accessed
 * @bad_ending: how an access to it ends; 0 for an access exception
 * @untouched: the instruction must not access the operand at all
 */
struct ioinst_case {
	const char *name;
	u16 opcode;
	ioinst_ending_t ending;
	bool problem_state;
	u64 gpr1;
	u64 addr;
	u32 at;
	u32 set;
	struct fake_range bad;
	ioinst_ending_t bad_ending;
	bool untouched;
};

#define ALL_BAD		{ IMAGE_OPERAND & ~0xfffu, 0x1000 }
#define BYTE_BAD(at_)	{ IMAGE_OPERAND + (at_), 1 }

/* Bit n of the operand's word at this offset, as the manual numbers bits */
#define WORD_BIT(word_, bit_) .at = (word_) * 4, .set = 1u << (31 - (bit_))

#define ORB_BIT(name_, word_, bit_) \
	{ .name = "operand: ORB word " #word_ " bit " #bit_ ", " name_, \
	  .opcode = IOINST_SSCH, .ending = IOINST_OPERAND, \
	  WORD_BIT(word_, bit_) }
#define SCHIB_BIT(word_, bit_) \
	{ .name = "operand: SCHIB word " #word_ " bit " #bit_ ", zero", \
	  .opcode = IOINST_MSCH, .ending = IOINST_OPERAND, \
	  WORD_BIT(word_, bit_) }

/* Rows for each of the four instructions whose operand is in storage */
static const struct ioinst_case each_cases[] = {
	/* "Privileged operation" is recognized before all others. */
	{ .name = "privileged", .ending = IOINST_PRIVILEGED,
	  .problem_state = true, .untouched = true },
	{ .name = "privileged before specification",
	  .ending = IOINST_PRIVILEGED, .problem_state = true,
	  .addr = OPERAND + 1, .untouched = true },
	{ .name = "privileged before access", .ending = IOINST_PRIVILEGED,
	  .problem_state = true, .bad = ALL_BAD, .untouched = true },
	{ .name = "privileged before operand", .ending = IOINST_PRIVILEGED,
	  .problem_state = true, .gpr1 = IMAGE_SCHID, .untouched = true },

	/* "Specification": the operand must be on a word boundary. */
	{ .name = "specification, byte", .ending = IOINST_SPECIFICATION,
	  .addr = OPERAND + 1, .untouched = true },
	{ .name = "specification, halfword", .ending = IOINST_SPECIFICATION,
	  .addr = OPERAND + 2, .untouched = true },
	{ .name = "specification before access", .ending = IOINST_SPECIFICATION,
	  .addr = OPERAND + 3, .bad = ALL_BAD, .untouched = true },
	{ .name = "specification before operand",
	  .ending = IOINST_SPECIFICATION, .addr = OPERAND + 2,
	  .gpr1 = IMAGE_SCHID, .untouched = true },

	/* "Access": the second operand */
	{ .name = "access", .ending = IOINST_ACCESS_EXCEPTION, .bad = ALL_BAD },
	{ .name = "access, no translation", .ending = IOINST_ACCESS_EXCEPTION,
	  .addr = 0x3000 },
	{ .name = "access, first byte", .ending = IOINST_ACCESS_EXCEPTION,
	  .bad = BYTE_BAD(0) },
	{ .name = "access before operand", .ending = IOINST_ACCESS_EXCEPTION,
	  .gpr1 = IMAGE_SCHID, .bad = ALL_BAD },
	{ .name = "access, the host can't", .ending = IOINST_HOST_FAULT,
	  .bad = ALL_BAD, .bad_ending = IOINST_HOST_FAULT },
	{ .name = "access before operand, the host can't",
	  .ending = IOINST_HOST_FAULT, .gpr1 = IMAGE_SCHID, .bad = ALL_BAD,
	  .bad_ending = IOINST_HOST_FAULT },

	/* "Operand": the subsystem-identification word */
	{ .name = "operand, SID bit 15 zero", .ending = IOINST_OPERAND,
	  .gpr1 = IMAGE_SID & ~SID_ONE },
	{ .name = "operand, SID zero but for the rest",
	  .ending = IOINST_OPERAND, .gpr1 = 1ull << 32 },
	{ .name = "operand, SID bit 8", .ending = IOINST_OPERAND,
	  .gpr1 = IMAGE_SID | 0x00800000 },
	{ .name = "operand, SID bit 11", .ending = IOINST_OPERAND,
	  .gpr1 = IMAGE_SID | 0x00100000 },
	{ .name = "operand, CSSID with M zero", .ending = IOINST_OPERAND,
	  .gpr1 = IMAGE_SID | 0x01000000 },
	{ .name = "operand, highest CSSID with M zero",
	  .ending = IOINST_OPERAND, .gpr1 = IMAGE_SID | 0xff000000 },

	/*
	 * A subchannel that the kernel doesn't have is left to the VMM, with
	 * all exceptions.
	 */
	{ .name = "userspace, other number", .ending = IOINST_USERSPACE,
	  .gpr1 = SID_OTHER_NUMBER, .untouched = true },
	{ .name = "userspace, other set", .ending = IOINST_USERSPACE,
	  .gpr1 = SID_OTHER_SET, .untouched = true },
	{ .name = "userspace, M one", .ending = IOINST_USERSPACE,
	  .gpr1 = IMAGE_SID | SID_M, .untouched = true },
	{ .name = "userspace, M one with a CSSID", .ending = IOINST_USERSPACE,
	  .gpr1 = IMAGE_SID | SID_M | 0x01000000, .untouched = true },
	{ .name = "userspace before specification", .ending = IOINST_USERSPACE,
	  .gpr1 = SID_OTHER_NUMBER, .addr = OPERAND + 1, .untouched = true },
	{ .name = "userspace before access", .ending = IOINST_USERSPACE,
	  .gpr1 = SID_OTHER_NUMBER, .bad = ALL_BAD, .untouched = true },
};

KUNIT_ARRAY_PARAM_DESC(each, each_cases, name);

/* Rows for each of the four others, whose second operand has no meaning */
static const struct ioinst_case bare_cases[] = {
	{ .name = "privileged", .ending = IOINST_PRIVILEGED,
	  .problem_state = true, .untouched = true },
	{ .name = "privileged before operand", .ending = IOINST_PRIVILEGED,
	  .problem_state = true, .gpr1 = IMAGE_SCHID, .untouched = true },
	{ .name = "operand, SID bit 15 zero", .ending = IOINST_OPERAND,
	  .gpr1 = IMAGE_SID & ~SID_ONE, .untouched = true },
	{ .name = "operand, SID bit 8", .ending = IOINST_OPERAND,
	  .gpr1 = IMAGE_SID | 0x00800000, .untouched = true },
	{ .name = "operand, CSSID with M zero", .ending = IOINST_OPERAND,
	  .gpr1 = IMAGE_SID | 0x01000000, .untouched = true },
	{ .name = "operand, no specification and no access before it",
	  .ending = IOINST_OPERAND, .gpr1 = IMAGE_SCHID, .addr = OPERAND + 1,
	  .bad = ALL_BAD, .untouched = true },
	{ .name = "userspace, other number", .ending = IOINST_USERSPACE,
	  .gpr1 = SID_OTHER_NUMBER, .untouched = true },
	{ .name = "userspace, other set", .ending = IOINST_USERSPACE,
	  .gpr1 = SID_OTHER_SET, .untouched = true },
	{ .name = "userspace, M one", .ending = IOINST_USERSPACE,
	  .gpr1 = IMAGE_SID | SID_M, .untouched = true },
};

KUNIT_ARRAY_PARAM_DESC(bare, bare_cases, name);

/* Rows for a single instruction */
static const struct ioinst_case ioinst_cases[] = {
	/* "Access": all of the second operand */
	{ .name = "access, last byte of the SCHIB (STSCH)",
	  .opcode = IOINST_STSCH, .ending = IOINST_ACCESS_EXCEPTION,
	  .bad = BYTE_BAD(SIZE_SCHIB - 1) },
	{ .name = "access, last byte of the SCHIB (MSCH)",
	  .opcode = IOINST_MSCH, .ending = IOINST_ACCESS_EXCEPTION,
	  .bad = BYTE_BAD(SIZE_SCHIB - 1) },
	{ .name = "access, last byte of the ORB (SSCH)",
	  .opcode = IOINST_SSCH, .ending = IOINST_ACCESS_EXCEPTION,
	  .bad = BYTE_BAD(SIZE_ORB - 1) },
	{ .name = "access, last byte of the IRB (TSCH)",
	  .opcode = IOINST_TSCH, .ending = IOINST_ACCESS_EXCEPTION,
	  .bad = BYTE_BAD(SIZE_IRB - 1) },
	{ .name = "access, last byte of the extended ORB (SSCH)",
	  .opcode = IOINST_SSCH, .ending = IOINST_ACCESS_EXCEPTION,
	  WORD_BIT(1, 31), .bad = BYTE_BAD(SIZE_ORB_LONG - 1) },
	{ .name = "access before operand, reserved bits (SSCH)",
	  .opcode = IOINST_SSCH, .ending = IOINST_ACCESS_EXCEPTION,
	  .at = 4, .set = ORB_ZEROS | ORB_EXTENSION,
	  .bad = BYTE_BAD(SIZE_ORB) },

	/* "Operand": the ORB */
	ORB_BIT("transport mode, not installed", 1, 13),
	ORB_BIT("zero", 1, 26),
	ORB_BIT("zero", 1, 27),
	ORB_BIT("zero", 1, 28),
	ORB_BIT("zero", 1, 29),
	ORB_BIT("zero", 1, 30),
	ORB_BIT("zero", 2, 0),

	/* "Operand": the SCHIB */
	SCHIB_BIT(1, 0), SCHIB_BIT(1, 1), SCHIB_BIT(1, 6), SCHIB_BIT(1, 7),
	{ .name = "operand: SCHIB word 1 bits 9-10, limit mode 11",
	  .opcode = IOINST_MSCH, .ending = IOINST_OPERAND,
	  .at = 4, .set = 0x00600000 },
	SCHIB_BIT(6, 0), SCHIB_BIT(6, 1), SCHIB_BIT(6, 2), SCHIB_BIT(6, 3),
	SCHIB_BIT(6, 4), SCHIB_BIT(6, 5), SCHIB_BIT(6, 6), SCHIB_BIT(6, 7),
	SCHIB_BIT(6, 11), SCHIB_BIT(6, 12), SCHIB_BIT(6, 13), SCHIB_BIT(6, 14),
	SCHIB_BIT(6, 15), SCHIB_BIT(6, 16), SCHIB_BIT(6, 17), SCHIB_BIT(6, 18),
	SCHIB_BIT(6, 19), SCHIB_BIT(6, 20), SCHIB_BIT(6, 21), SCHIB_BIT(6, 22),
	SCHIB_BIT(6, 23), SCHIB_BIT(6, 24), SCHIB_BIT(6, 25), SCHIB_BIT(6, 26),
	SCHIB_BIT(6, 27), SCHIB_BIT(6, 28),

	/*
	 * A subchannel that the kernel doesn't have, or an instruction that the
	 * kernel doesn't execute, is left to the VMM.
	 */
	{ .name = "userspace before operand (SSCH)", .opcode = IOINST_SSCH,
	  .ending = IOINST_USERSPACE, .gpr1 = SID_OTHER_NUMBER,
	  WORD_BIT(1, 26), .untouched = true },
	{ .name = "userspace, TPI", .opcode = IOINST_TPI,
	  .ending = IOINST_USERSPACE, .untouched = true },
};

KUNIT_ARRAY_PARAM_DESC(ioinst, ioinst_cases, name);

/* Store an operand with which the instruction would have an effect. */
static void put_operand(struct fake_image *image, u16 opcode)
{
	struct css_schib schib;
	struct css_orb orb;

	image_stsch(image, &schib);
	image_load(image, &orb);
	if (opcode == IOINST_MSCH) {
		schib.pmcw.intparm = cpu_to_be32(IMAGE_INTPARM);
		fake_put(&image->guest, IMAGE_OPERAND, &schib, sizeof(schib));
	} else if (opcode == IOINST_SSCH) {
		fake_put(&image->guest, IMAGE_OPERAND, &orb, sizeof(orb));
		/* The extension of the ORB is all zeros. */
		memset(image->guest.storage + IMAGE_OPERAND + sizeof(orb), 0,
		       SIZE_ORB_LONG - sizeof(orb));
	}
}

static void set_bits(struct fake_image *image, u32 at, u32 set)
{
	__be32 word;

	fake_get(&image->guest, IMAGE_OPERAND + at, &word, sizeof(word));
	word |= cpu_to_be32(set);
	fake_put(&image->guest, IMAGE_OPERAND + at, &word, sizeof(word));
}

/* Make status pending, so that TSCH would have an effect. */
static void make_status_pending(struct fake_image *image)
{
	image_start(image);
	KUNIT_ASSERT_EQ(image->guest.test, image->guest.nr_pending, 1);
}

static void no_effect(struct kunit *test, u16 opcode)
{
	const struct ioinst_case *c = test->param_value;
	const struct ioinst insn = {
		.opcode = opcode,
		.problem_state = c->problem_state,
		.gpr1 = c->gpr1 ?: IMAGE_SID,
		.addr = c->addr ?: OPERAND,
	};
	u8 before[OPERAND_SIZE], after[OPERAND_SIZE];
	struct fake_image *image = test->priv;
	unsigned int accesses, done, pending;
	struct css_schib was, is;

	if (opcode == IOINST_TSCH)
		make_status_pending(image);
	else
		image_enable(image, IMAGE_ISC, 0);
	image_stsch(image, &was);
	put_operand(image, opcode);
	if (c->set)
		set_bits(image, c->at, c->set);
	fake_get(&image->guest, IMAGE_OPERAND, before, sizeof(before));
	image->vcpu.bad = c->bad;
	image->vcpu.bad_ending = c->bad_ending ?: IOINST_ACCESS_EXCEPTION;
	accesses = image->vcpu.accesses;
	pending = image->guest.nr_pending;
	done = image->fake->done;

	EXPECT_CC(test, image_insn(image, &insn), c->ending);

	if (c->untouched)
		KUNIT_EXPECT_EQ(test, image->vcpu.accesses, accesses);
	fake_get(&image->guest, IMAGE_OPERAND, after, sizeof(after));
	KUNIT_EXPECT_MEMEQ(test, before, after, sizeof(after));
	KUNIT_EXPECT_EQ(test, image->fake->done, done);
	KUNIT_EXPECT_EQ(test, image->guest.nr_pending, pending);
	memset(&image->vcpu.bad, 0, sizeof(image->vcpu.bad));
	image_stsch(image, &is);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&was, (u8 *)&is, sizeof(is));
}

static void ioinst_stsch_test(struct kunit *test)
{
	no_effect(test, IOINST_STSCH);
}

static void ioinst_msch_test(struct kunit *test)
{
	no_effect(test, IOINST_MSCH);
}

static void ioinst_ssch_test(struct kunit *test)
{
	no_effect(test, IOINST_SSCH);
}

static void ioinst_tsch_test(struct kunit *test)
{
	no_effect(test, IOINST_TSCH);
}

static void ioinst_csch_test(struct kunit *test)
{
	no_effect(test, IOINST_CSCH);
}

static void ioinst_hsch_test(struct kunit *test)
{
	no_effect(test, IOINST_HSCH);
}

static void ioinst_rsch_test(struct kunit *test)
{
	no_effect(test, IOINST_RSCH);
}

static void ioinst_xsch_test(struct kunit *test)
{
	no_effect(test, IOINST_XSCH);
}

static void ioinst_one_test(struct kunit *test)
{
	const struct ioinst_case *c = test->param_value;

	no_effect(test, c->opcode);
}

/*
 * The same instructions with valid operands end with condition code 0.  They
 * access nothing behind the operand, pass the access register on, and ignore
 * the upper half of general register 1.
 */
struct good_case {
	const char *name;
	u16 opcode;
	u32 size;
	u32 set;	/* bits that are added to word 1 of the operand */
};

static const struct good_case good_cases[] = {
	{ "STSCH stores 52 bytes", IOINST_STSCH, SIZE_SCHIB },
	{ "MSCH fetches 52 bytes", IOINST_MSCH, SIZE_SCHIB },
	{ "SSCH fetches 12 bytes", IOINST_SSCH, SIZE_ORB },
	{ "SSCH fetches 32 bytes with ORB extension", IOINST_SSCH,
	  SIZE_ORB_LONG, ORB_EXTENSION },
	{ "SSCH with every control that a program without it may have",
	  IOINST_SSCH, SIZE_ORB, ORB_STREAMING | ORB_MODIFICATION | ORB_SYNC |
	  ORB_PREFETCH | ORB_SUPPRESS_SUSPENDED | ORB_IDAW_FORMAT2 |
	  ORB_IDAW_2K | ORB_ILS | ORB_MIDAW | ORB_SUSPEND },
	{ "TSCH stores 64 bytes", IOINST_TSCH, SIZE_IRB },
};

KUNIT_ARRAY_PARAM_DESC(good, good_cases, name);

static void ioinst_good_test(struct kunit *test)
{
	const struct good_case *c = test->param_value;
	const struct ioinst insn = {
		.opcode = c->opcode,
		.ar = 7,
		.gpr1 = 0xffffffff00000000ull | IMAGE_SID,
		.addr = OPERAND,
	};
	bool stores = c->opcode == IOINST_STSCH || c->opcode == IOINST_TSCH;
	struct fake_image *image = test->priv;
	u8 *operand = image->guest.storage + IMAGE_OPERAND;
	unsigned int stored;

	if (c->opcode == IOINST_TSCH)
		make_status_pending(image);
	else
		image_enable(image, IMAGE_ISC, 0);
	put_operand(image, c->opcode);
	set_bits(image, 4, c->set);
	if (stores)
		memset(operand, 0xff, OPERAND_SIZE + 1);
	image->vcpu.bad = (struct fake_range)BYTE_BAD(c->size);
	image->vcpu.bad_ending = IOINST_ACCESS_EXCEPTION;
	stored = image->vcpu.stores;
	EXPECT_CC(test, image_insn(image, &insn), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, image->vcpu.last_ar, 7);
	KUNIT_EXPECT_EQ(test, image->vcpu.stores - stored, stores);
	if (stores) {
		/*
		 * The model-dependent area and the extended-control word end
		 * with zeros.
		 */
		KUNIT_EXPECT_EQ(test, operand[c->size - 1], 0);
		KUNIT_EXPECT_EQ(test, operand[c->size], 0xff);
	}
}

/* An operand may cross a page boundary. */
static void ioinst_crossing_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	const u32 at = IMAGE_OPERAND + 0x1000 - 4;
	struct ioinst insn = {
		.opcode = IOINST_STSCH,
		.gpr1 = IMAGE_SID,
		.addr = FAKE_LOGICAL + at,
	};
	struct css_schib schib, expected;

	image_stsch(image, &expected);
	EXPECT_CC(test, image_insn(image, &insn), IOINST_CC_EXPECTED);
	fake_get(&image->guest, at, &schib, sizeof(schib));
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&schib, (u8 *)&expected, sizeof(schib));
	image->vcpu.bad = (struct fake_range){ IMAGE_OPERAND + 0x1000, 0x1000 };
	image->vcpu.bad_ending = IOINST_ACCESS_EXCEPTION;
	EXPECT_CC(test, image_insn(image, &insn), IOINST_ACCESS_EXCEPTION);
}

/*
 * "Operand": with a format-1 measurement block, bits 58-63 of its address must
 * be zeros; with format 0 the address means nothing.
 */
static void ioinst_mba_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct css_schib schib;
	ioinst_ending_t ending;
	int bit;

	for (bit = 0; bit <= 6; bit++) {
		image_stsch(image, &schib);
		schib.mba = cpu_to_be64(1ull << bit);
		EXPECT_CC(test, image_msch(image, &schib), IOINST_CC_EXPECTED);
		schib.pmcw.chars |= cpu_to_be32(PMCW_MB_FORMAT1);
		ending = image_msch(image, &schib);
		KUNIT_EXPECT_TRUE(test, ending == (bit < 6 ? IOINST_OPERAND :
						   IOINST_CC_EXPECTED));
	}
}

/*
 * TSCH recognizes access exceptions before it sets condition code 3, which
 * stores nothing.
 */
static void ioinst_access_before_cc3_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	struct ioinst insn = {
		.opcode = IOINST_TSCH,
		.gpr1 = IMAGE_SID,
		.addr = FAKE_LOGICAL + IMAGE_OPERAND,
	};
	u8 byte;

	/* The subchannel is not enabled, as after a reset. */
	EXPECT_CC(test, image_insn(image, &insn), IOINST_CC_NOT_OPERATIONAL);
	fake_get(&image->guest, IMAGE_OPERAND, &byte, 1);
	KUNIT_EXPECT_EQ(test, byte, fake_background(IMAGE_OPERAND));
	image->vcpu.bad = (struct fake_range)BYTE_BAD(CSS_IRB_SIZE - 1);
	image->vcpu.bad_ending = IOINST_ACCESS_EXCEPTION;
	EXPECT_CC(test, image_insn(image, &insn), IOINST_ACCESS_EXCEPTION);
}

/* Which operation codes the module takes from KVM */
static void ioinst_opcodes_test(struct kunit *test)
{
	static const u16 known[] = {
		0xb230, 0xb231, 0xb232, 0xb233, 0xb234, 0xb235, 0xb237, 0xb238,
		0xb239, 0xb23a, 0xb23b, 0xb23c, 0xb25f, 0xb274, 0xb276,
	};
	u32 opcode, ours = 0;
	int i;

	for (opcode = 0; opcode <= 0xffff; opcode++)
		ours += ioinst_is_ours(opcode);
	KUNIT_EXPECT_EQ(test, ours, ARRAY_SIZE(known));
	for (i = 0; i < ARRAY_SIZE(known); i++)
		KUNIT_EXPECT_TRUE(test, ioinst_is_ours(known[i]));
	/* KVM executes TPI itself. */
	KUNIT_EXPECT_FALSE(test, ioinst_is_ours(IOINST_TPI));
}

static struct kunit_case ioinst_test_cases[] = {
	KUNIT_CASE_PARAM(ioinst_stsch_test, each_gen_params),
	KUNIT_CASE_PARAM(ioinst_msch_test, each_gen_params),
	KUNIT_CASE_PARAM(ioinst_ssch_test, each_gen_params),
	KUNIT_CASE_PARAM(ioinst_tsch_test, each_gen_params),
	KUNIT_CASE_PARAM(ioinst_csch_test, bare_gen_params),
	KUNIT_CASE_PARAM(ioinst_hsch_test, bare_gen_params),
	KUNIT_CASE_PARAM(ioinst_rsch_test, bare_gen_params),
	KUNIT_CASE_PARAM(ioinst_xsch_test, bare_gen_params),
	KUNIT_CASE_PARAM(ioinst_one_test, ioinst_gen_params),
	KUNIT_CASE_PARAM(ioinst_good_test, good_gen_params),
	KUNIT_CASE(ioinst_crossing_test),
	KUNIT_CASE(ioinst_mba_test),
	KUNIT_CASE(ioinst_access_before_cc3_test),
	KUNIT_CASE(ioinst_opcodes_test),
	{}
};

static struct kunit_suite ioinst_suite = {
	.name = "kvm_css_ioinst",
	.init = image_init,
	.exit = image_exit,
	.test_cases = ioinst_test_cases,
};

kunit_test_suite(ioinst_suite);
