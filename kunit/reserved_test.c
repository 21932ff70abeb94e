// SPDX-License-Identifier: GPL-2.0
/*
 * What must be zero and what is ignored: every bit of every control block that
 * a guest provides, one by one.  The masks are written out here instead of
 * taken from layout.h, and they come from sources outside of this project.
 * Documentation/second-reading.rst names the sources row by row.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include <kvm_css/ccw.h>
#include <kvm_css/chsc_layout.h>

#include "chanprog_case.h"
#include "fake_image.h"

#define BLOCK		0x8000u

/*
 * No subchannel has this SID, so a valid operand ends with cc 3 and has no
 * effect.
 */
#define NO_SID		(SID_ONE | 0x4321)

static int reserved_init(struct kunit *test)
{
	int rc = image_init_alone(test);
	struct fake_image *image = test->priv;

	css_enable_mss(&image->css);
	return rc;
}

/* Operands of instructions, in storage and in general registers 1 and 2 */

enum where { IN_STORAGE, IN_GPR1, IN_GPR2 };

/**
 * struct operand_case - a word of an operand
 * @name: what the word is
 * @opcode: an instruction that checks it
 * @where: whether it is in storage or in a register
 * @word: which word of the operand in storage it is
 * @base: its other bits
 * @gpr1: general register 1, if the word isn't in it
 * @zeros: the bits that cause an operand exception
 * @mcsse: MCSS-E has been enabled
 */
struct operand_case {
	const char *name;
	u16 opcode;
	enum where where;
	u32 word;
	u32 base;
	u32 gpr1;
	u32 zeros;
	bool mcsse;
};

#define ORB_WORD(word_, zeros_) \
	{ .name = "ORB word " #word_, .opcode = IOINST_SSCH, .word = (word_), \
	  .gpr1 = NO_SID, .zeros = (zeros_) }
#define SCHIB_WORD(word_, zeros_) \
	{ .name = "SCHIB word " #word_, .opcode = IOINST_MSCH, \
	  .word = (word_), .gpr1 = NO_SID, .zeros = (zeros_) }
#define SID_WORD(name_, opcode_) \
	{ .name = "SID, " name_, .opcode = (opcode_), .where = IN_GPR1, \
	  .base = NO_SID, .zeros = 0xfff80000 }

static const struct operand_case operand_cases[] = {
	SID_WORD("STSCH", IOINST_STSCH),
	SID_WORD("MSCH", IOINST_MSCH),
	SID_WORD("SSCH", IOINST_SSCH),
	SID_WORD("TSCH", IOINST_TSCH),
	SID_WORD("CSCH", IOINST_CSCH),
	SID_WORD("HSCH", IOINST_HSCH),
	SID_WORD("RSCH", IOINST_RSCH),
	SID_WORD("XSCH", IOINST_XSCH),
	{ .name = "SID with M one and MCSS-E", .opcode = IOINST_HSCH,
	  .where = IN_GPR1, .base = NO_SID | SID_M, .zeros = 0x00f00000,
	  .mcsse = true },

	ORB_WORD(0, 0), ORB_WORD(1, 0x0004003e), ORB_WORD(2, 0x80000000),
	/* The extension is only checked if X is one. */
	ORB_WORD(3, 0), ORB_WORD(4, 0), ORB_WORD(7, 0),

	SCHIB_WORD(0, 0), SCHIB_WORD(1, 0xc3000000), SCHIB_WORD(2, 0),
	SCHIB_WORD(3, 0), SCHIB_WORD(4, 0), SCHIB_WORD(5, 0),
	SCHIB_WORD(6, 0xff1ffff8), SCHIB_WORD(7, 0), SCHIB_WORD(8, 0),
	SCHIB_WORD(9, 0), SCHIB_WORD(10, 0), SCHIB_WORD(11, 0),
	SCHIB_WORD(12, 0),

	{ .name = "SCHM, general register 1", .opcode = IOINST_SCHM,
	  .where = IN_GPR1, .zeros = 0x0ffffffc },
	{ .name = "SCHM, general register 2 with M", .opcode = IOINST_SCHM,
	  .where = IN_GPR2, .gpr1 = 0x2, .zeros = 0x0000001f },
	{ .name = "SCHM, general register 2 without M", .opcode = IOINST_SCHM,
	  .where = IN_GPR2, .gpr1 = 0x1 },
	{ .name = "SAL", .opcode = IOINST_SAL, .where = IN_GPR1,
	  .zeros = 0x8000ffff },
	{ .name = "RCHP", .opcode = IOINST_RCHP, .where = IN_GPR1,
	  .zeros = 0xffffff00 },
	{ .name = "RCHP with MCSS-E", .opcode = IOINST_RCHP, .where = IN_GPR1,
	  .zeros = 0xff00ff00, .mcsse = true },
};

KUNIT_ARRAY_PARAM_DESC(operand, operand_cases, name);

/* The upper half of a 64-bit register, which has no meaning */
#define UPPER		0x5a5a5a5a00000000ull

static ioinst_ending_t execute_with(struct fake_image *image,
				    const struct operand_case *c, u32 bit)
{
	struct ioinst insn = {
		.opcode = c->opcode,
		.gpr1 = UPPER | c->gpr1,
		.addr = FAKE_LOGICAL + IMAGE_OPERAND,
	};
	__be32 words[13] = {};
	u32 word = c->base | bit;

	if (c->where == IN_STORAGE)
		words[c->word] = cpu_to_be32(word);
	else if (c->where == IN_GPR1)
		insn.gpr1 = UPPER | word;
	else
		insn.gpr2 = UPPER | word;
	/* Bit X in word 1 says that the ORB has more than three words. */
	if (c->opcode == IOINST_SSCH && c->word > 2)
		words[1] |= cpu_to_be32(ORB_EXTENSION);
	fake_put(&image->guest, IMAGE_OPERAND, words, sizeof(words));
	return image_insn(image, &insn);
}

static void operand_test(struct kunit *test)
{
	const struct operand_case *c = test->param_value;
	struct fake_image *image = test->priv;
	ioinst_ending_t ending;
	int i;

	if (c->mcsse)
		css_enable_mcsse(&image->css);
	for (i = 0; i < 32; i++) {
		ending = execute_with(image, c, 0x80000000u >> i);
		KUNIT_EXPECT_EQ_MSG(test, ending == IOINST_OPERAND,
				    !!(c->zeros & 0x80000000u >> i),
				    "bit %d", i);
	}
	/*
	 * Try the word without any of the other bits, and with all that may be
	 * ones.
	 */
	KUNIT_EXPECT_TRUE(test, execute_with(image, c, 0) != IOINST_OPERAND);
	/* Limit mode 11 is invalid, although each of its bits may be one. */
	if (c->opcode == IOINST_MSCH && c->where == IN_STORAGE && c->word == 1)
		EXPECT_CC(test, execute_with(image, c, 0x00600000),
			  IOINST_OPERAND);
}

/* Which bits MODIFY SUBCHANNEL sets and which it ignores, as STSCH shows */

struct schib_case {
	const char *name;
	u32 zeros;
	u32 set;
};

static const struct schib_case schib_cases[] = {
	{ "word 0", 0, 0xffffffff },
	{ "word 1", 0xc3000000, 0x38fc0000 },
	{ "word 2", 0, 0xff000000 },
	{ "word 3", 0, 0xffffff00 },
	{ "word 4" }, { "word 5" },
	{ "word 6", 0xff1ffff8, 0x00000007 },
	{ "word 7" }, { "word 8" }, { "word 9" },
	{ "word 10", 0, 0xffffffff },
	{ "word 11", 0, 0xffffffff },
	{ "word 12" },
};

KUNIT_ARRAY_PARAM_DESC(schib, schib_cases, name);

static void schib_test(struct kunit *test)
{
	const struct schib_case *c = test->param_value;
	const u32 word = c - schib_cases;
	struct fake_image *image = test->priv;
	struct css_schib before, schib;
	__be32 *words = (__be32 *)&schib;
	__be32 expected;
	int i;

	image_stsch(image, &before);
	for (i = 0; i < 32; i++) {
		const u32 bit = 0x80000000u >> i;

		if (c->zeros & bit)
			continue;
		schib = before;
		words[word] ^= cpu_to_be32(bit);
		expected = ((__be32 *)&before)[word] ^
			   cpu_to_be32(bit & c->set);
		EXPECT_CC(test, image_msch(image, &schib), IOINST_CC_EXPECTED);
		image_stsch(image, &schib);
		KUNIT_EXPECT_EQ_MSG(test, be32_to_cpu(words[word]),
				    be32_to_cpu(expected), "bit %d", i);
		EXPECT_CC(test, image_msch(image, &before), IOINST_CC_EXPECTED);
		image_stsch(image, &schib);
		KUNIT_EXPECT_MEMEQ(test, (u8 *)&schib, (u8 *)&before,
				   sizeof(schib));
	}
}

/* Requests of CHANNEL SUBSYSTEM CALL */

/**
 * struct request_case - a word of a request
 * @name: what the word is
 * @command: the command
 * @length: length of the request
 * @word: which word it is, 1 to 3
 * @words: words 1 to 3 without the bit
 * @zeros: the bits that make the request invalid
 * @values: the bits of a field that has only some valid values
 */
struct request_case {
	const char *name;
	u16 command;
	u16 length;
	u8 word;
	u32 words[3];
	u32 zeros;
	u32 values;
};

static const struct request_case request_cases[] = {
	{ "paths, word 1", 0x0002, 16, 1, { 0, 0xff }, 0xc000f000 },
	{ "paths, word 2", 0x0002, 16, 2, {}, 0xffffff00 },
	{ "paths, word 3", 0x0002, 16, 3, {}, 0xffffffff },
	{ "subchannels, word 1", 0x0004, 16, 1, { 0, 0xffff }, 0xffc00000 },
	{ "subchannels, word 2", 0x0004, 16, 2, {}, 0xffff0000 },
	{ "subchannels, word 3", 0x0004, 16, 3, {}, 0xffffffff },
	{ "event, word 1", 0x000e, 16, 1, {}, 0xffffffff },
	{ "event, word 2", 0x000e, 16, 2 },
	{ "event, word 3", 0x000e, 16, 3 },
	{ "characteristics, word 1", 0x0010, 16, 1, {}, 0xdff000ff },
	{ "characteristics, word 2", 0x0010, 16, 2, {}, 0xffffffff },
	{ "characteristics, word 3", 0x0010, 16, 3, {}, 0xffffffff },
	{ "domain, word 1", 0x0031, 1024, 1, { 2 }, 0xf0ff0000, 0x0000ffff },
	{ "domain, word 2", 0x0031, 1024, 2, { 2 } },
	{ "domain, word 3", 0x0031, 1024, 3, { 2 } },
};

KUNIT_ARRAY_PARAM_DESC(request, request_cases, name);

static u16 response_code(struct fake_image *image, const struct request_case *c,
			 u32 bit)
{
	const struct ioinst insn = {
		.opcode = IOINST_CHSC,
		.addr = FAKE_LOGICAL + BLOCK,
	};
	struct css_chsc_response head;
	__be32 words[4];
	int i;

	words[0] = cpu_to_be32((u32)c->length << 16 | c->command);
	for (i = 1; i < 4; i++)
		words[i] = cpu_to_be32(c->words[i - 1] |
				       (i == c->word ? bit : 0));
	fake_put(&image->guest, BLOCK, words, sizeof(words));
	EXPECT_CC(image->guest.test,
		  image_insn(image, &insn),
		  IOINST_CC_EXPECTED);
	fake_get(&image->guest, BLOCK + c->length, &head, sizeof(head));
	return be16_to_cpu(head.code);
}

static void request_test(struct kunit *test)
{
	const struct request_case *c = test->param_value;
	struct fake_image *image = test->priv;
	int i;

	for (i = 0; i < 32; i++) {
		const u32 bit = 0x80000000u >> i;

		if (c->values & bit)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, response_code(image, c, bit) == 0x0003,
				    !!(c->zeros & bit), "bit %d", i);
	}
	KUNIT_EXPECT_NE(test, response_code(image, c, 0), 0x0003);
}

/* CCWs of both formats, bits 0 to 63 */

/**
 * struct ccw_case - a CCW
 * @name: what it is
 * @orb: flags of the ORB
 * @why: why it is fetched
 * @base: what it is beside the bit, valid
 * @zeros: the bits that make it invalid
 * @code: the bits that make it another command
 */
struct ccw_case {
	const char *name;
	u32 orb;
	enum ccw_fetch why;
	u64 base;
	u64 zeros;
	u64 code;
};

#define CONTROLS	(ORB_SUSPEND | ORB_MIDAW)

static const struct ccw_case ccw_cases[] = {
	{ "format 0", CONTROLS, FETCH_COMMAND, 0x0200400000000008, 0 },
	{ "format 0, no controls in the ORB", 0, FETCH_COMMAND,
	  0x0200400000000008, 0x0000000003000000 },
	{ "format 0, data-chained", CONTROLS, FETCH_DATA,
	  0x0200400000000008, 0x0000000002000000, 0x0f00000000000000 },
	{ "format 1", ORB_FORMAT | CONTROLS, FETCH_COMMAND,
	  0x0200000800004000, 0x0000000080000000 },
	{ "format 1, no controls in the ORB", ORB_FORMAT, FETCH_COMMAND,
	  0x0200000800004000, 0x0003000080000000 },
	{ "format 1, data-chained", ORB_FORMAT | CONTROLS, FETCH_DATA,
	  0x0200000800004000, 0x0002000080000000, 0x0f00000000000000 },
	/* The address of a TIC must be valid as that of a CCW. */
	{ "format 0, TIC", 0, FETCH_COMMAND, 0x0800400000000000,
	  0x0000000700000000, 0x0f00000000000000 },
	{ "format 1, TIC", ORB_FORMAT, FETCH_COMMAND, 0x0800000000004000,
	  0xf0ffffff80000007, 0x0f00000000000000 },
};

KUNIT_ARRAY_PARAM_DESC(ccw, ccw_cases, name);

static bool valid(const struct ccw_case *c, u64 bit)
{
	const __be64 raw = cpu_to_be64(c->base | bit);
	struct css_ccw ccw;

	ccw_decode(&ccw, (const u8 *)&raw, c->orb);
	return ccw_is_tic(&ccw) ? ccw_tic_valid(&ccw, c->orb) :
				  ccw_valid(&ccw, c->orb, c->why);
}

static void ccw_test(struct kunit *test)
{
	const struct ccw_case *c = test->param_value;
	int i;

	KUNIT_EXPECT_TRUE(test, valid(c, 0));
	for (i = 0; i < 64; i++) {
		const u64 bit = 1ull << (63 - i);

		if (c->code & bit)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, valid(c, bit), !(c->zeros & bit),
				    "bit %d", i);
	}
}

/* A MIDAW's first word: bits 0-39 and 43-47 */
static void midaw_test(struct kunit *test)
{
	const u64 zeros = 0xffffffffff1f0000;
	struct chanprog_case c = {
		.orb = ORB_MIDAW,
		.ccws = { { 0x02, CCW_MIDA, 8, 0x2000 } },
		.steps = { STEP_GIVES_LEFT(0x02, 8, 8) },
		.end = { AFTER(0), CE_DE, CSTAT_PROGRAM_CHECK, ANY },
	};
	int i;

	for (i = 0; i < 48; i++) {
		const u64 bit = 1ull << (63 - i);
		const struct case_list list =
			MIDAWS(0x2000, 1, bit | MIDAW(MIDAW_LAST, 8), DATA);

		if (!(zeros & bit))
			continue;
		c.lists[0] = list;
		chanprog_case_run(test, &c, MODE_VCPU);
	}
}

static struct kunit_case reserved_test_cases[] = {
	KUNIT_CASE_PARAM(operand_test, operand_gen_params),
	KUNIT_CASE_PARAM(schib_test, schib_gen_params),
	KUNIT_CASE_PARAM(request_test, request_gen_params),
	{}
};

static struct kunit_suite reserved_suite = {
	.name = "kvm_css_reserved",
	.init = reserved_init,
	.exit = image_exit,
	.test_cases = reserved_test_cases,
};

static struct kunit_case reserved_program_test_cases[] = {
	KUNIT_CASE_PARAM(ccw_test, ccw_gen_params),
	KUNIT_CASE(midaw_test),
	{}
};

static struct kunit_suite reserved_program_suite = {
	.name = "kvm_css_reserved_program",
	.test_cases = reserved_program_test_cases,
};

kunit_test_suites(&reserved_suite, &reserved_program_suite);
