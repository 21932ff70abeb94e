// SPDX-License-Identifier: GPL-2.0
/*
 * CHANNEL SUBSYSTEM CALL: the instruction, and each command that the module
 * knows.  Each row is executed on an image that is alone, and on one beside a
 * VMM.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include <kvm_css/chsc_layout.h>

#include "fake_image.h"

#define BLOCK		0x8000u
#define OPERAND		(FAKE_LOGICAL + BLOCK)

/* Another subchannel, in set 1 as well as in set 0 */
#define OTHER_SCHID	(IMAGE_SCHID + 2)
#define OTHER_CHPID	(IMAGE_CHPID + 1)
#define VACANT_SCHID	(IMAGE_SCHID + 3)

/**
 * struct chsc_case - a command
 * @name: the rule
 * @length: length of the request; 0 for 16
 * @command: the command
 * @words: words 1 to 3 of the request
 * @mss: MSS has been enabled
 * @ending: how the instruction ends for an image that is alone; 0 for cc 0
 * @beside: how it ends beside a VMM; 0 for USERSPACE
 * @code: response code, in case of cc 0
 * @data: length of what comes behind the head of the response
 * @parameter: word 1 of the response
 */
struct chsc_case {
	const char *name;
	u16 length;
	u16 command;
	u32 words[3];
	bool mss;
	ioinst_ending_t ending;
	ioinst_ending_t beside;
	u16 code;
	u16 data;
	u32 parameter;
};

#define PATHS(name_)	.name = "paths: " name_, .command = CHSC_STORE_PATHS
#define SUBCHANNELS(name_) \
	.name = "subchannels: " name_, .command = CHSC_STORE_SUBCHANNELS
#define EVENT(name_)	.name = "event: " name_, .command = CHSC_STORE_EVENT
#define CHARS(name_)	.name = "chars: " name_, .command = CHSC_STORE_CHARS
#define DOMAIN(name_)	.name = "domain: " name_, .command = CHSC_SET_DOMAIN
#define INVALID_LENGTH(name_, length_) \
	{ .name = "operand: length " name_, .length = (length_), \
	  .command = CHSC_STORE_CHARS, .ending = IOINST_OPERAND }
#define NOT_PROVIDED(command_) \
	{ .name = "command " #command_ ", not provided", \
	  .command = (command_), .code = CHSC_NOT_PROVIDED }

/* Beside a VMM, too, the kernel answers. */
#define KERNEL		.beside = IOINST_CC_EXPECTED

#define SET(ssid_)	((ssid_) << CHSC_SUBCHANNELS_SSID_SHIFT)
#define NUMBERS(from_, to_) { SET(1) | (from_), (to_) }

static const struct chsc_case chsc_cases[] = {
	INVALID_LENGTH("0, the least is 16", 0xffff),
	INVALID_LENGTH("8", 8),
	INVALID_LENGTH("15", 15),
	INVALID_LENGTH("17, no multiple of 8", 17),
	INVALID_LENGTH("20", 20),
	INVALID_LENGTH("4092", 4092),
	INVALID_LENGTH("4096", 4096),
	INVALID_LENGTH("65528", 65528),
	{ .name = "length 4088, no room but for the head", .length = 4088,
	  .command = 0x0012, .code = CHSC_NOT_PROVIDED },

	NOT_PROVIDED(0x0000),
	NOT_PROVIDED(0x0001),
	NOT_PROVIDED(0x0006),
	NOT_PROVIDED(0x0012),
	NOT_PROVIDED(0x0016),
	NOT_PROVIDED(0x0022),
	NOT_PROVIDED(0x0024),
	NOT_PROVIDED(0x0034),
	NOT_PROVIDED(0xffff),

	/* Store channel-path description */
	{ PATHS("length"), .length = 24, .words = { IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_INVALID_REQUEST, KERNEL },
	{ PATHS("the longest request, nothing behind the block"),
	  .length = 4088, .words = { CHSC_PATHS_C | 0, 0xff },
	  .code = CHSC_INVALID_REQUEST, KERNEL },
	{ PATHS("reserved, word 1 bit 0"),
	  .words = { 0x80000000 | IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_INVALID_REQUEST, KERNEL },
	{ PATHS("reserved, word 1 bit 16"),
	  .words = { 0x00008000 | IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_INVALID_REQUEST, KERNEL },
	{ PATHS("reserved, word 2"), .words = { IMAGE_CHPID, 0x142 },
	  .code = CHSC_INVALID_REQUEST, KERNEL },
	{ PATHS("reserved, word 3"), .words = { IMAGE_CHPID, IMAGE_CHPID, 1 },
	  .code = CHSC_INVALID_REQUEST, KERNEL },
	{ PATHS("reserved before format"),
	  .words = { 0x81000000 | IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_INVALID_REQUEST, KERNEL },
	{ PATHS("format of the request"),
	  .words = { 0x01000000 | IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_INVALID_FORMAT, KERNEL },
	{ PATHS("format of the response, 2"),
	  .words = { 0x00000200 | IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_INVALID_FORMAT, KERNEL },
	{ PATHS("format of the response, 3"),
	  .words = { 0x00000300 | IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_INVALID_FORMAT, KERNEL },
	{ PATHS("format before image"),
	  .words = { 0x01010000 | IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_INVALID_FORMAT },
	{ PATHS("another image, M zero"),
	  .words = { 0x00fe0000 | IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_NO_IMAGE },
	{ PATHS("another image, M one"),
	  .words = { 0x20010000 | IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_NO_IMAGE },
	{ PATHS("image before range"),
	  .words = { 0x20010000 | IMAGE_CHPID, 0 }, .code = CHSC_NO_IMAGE },
	{ PATHS("its own image by number"),
	  .words = { 0x20fe0000 | IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_DONE, .data = 8 },
	{ PATHS("range upside down"), .words = { IMAGE_CHPID + 1, IMAGE_CHPID },
	  .code = CHSC_INVALID_REQUEST },
	{ PATHS("none there"), .words = { 0, IMAGE_CHPID - 1 },
	  .code = CHSC_DONE },
	{ PATHS("one, format 0"), .words = { IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_DONE, .data = 8, KERNEL },
	{ PATHS("one, format 0 by number"),
	  .words = { 0x00000100 | IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_DONE, .data = 8, KERNEL },
	{ PATHS("one, format 1"),
	  .words = { 0x10000100 | IMAGE_CHPID, IMAGE_CHPID },
	  .code = CHSC_DONE, .data = 32, .parameter = 1, KERNEL },
	{ PATHS("all, format 0"), .words = { 0, 0xff }, .code = CHSC_DONE,
	  .data = 16, KERNEL },
	{ PATHS("all, format 1"), .words = { 0x10000000, 0xff },
	  .code = CHSC_DONE, .data = 64, .parameter = 1, KERNEL },

	/* Store subchannel description */
	{ SUBCHANNELS("length"), .mss = true, .length = 32,
	  .words = NUMBERS(IMAGE_SCHID, IMAGE_SCHID),
	  .code = CHSC_INVALID_REQUEST, KERNEL },
	{ SUBCHANNELS("reserved, word 1"), .mss = true,
	  .words = { 0x20000000 | SET(1) | IMAGE_SCHID, IMAGE_SCHID },
	  .code = CHSC_INVALID_REQUEST, KERNEL },
	{ SUBCHANNELS("reserved, word 2"), .mss = true,
	  .words = NUMBERS(IMAGE_SCHID, 0x10000 | IMAGE_SCHID),
	  .code = CHSC_INVALID_REQUEST, KERNEL },
	{ SUBCHANNELS("reserved, word 3"), .mss = true,
	  .words = { SET(1) | IMAGE_SCHID, IMAGE_SCHID, 0x80000000 },
	  .code = CHSC_INVALID_REQUEST, KERNEL },
	{ SUBCHANNELS("format"), .mss = true,
	  .words = NUMBERS(0x10000 | IMAGE_SCHID, IMAGE_SCHID),
	  .code = CHSC_INVALID_FORMAT, KERNEL },
	{ SUBCHANNELS("range upside down"), .mss = true,
	  .words = NUMBERS(IMAGE_SCHID + 1, IMAGE_SCHID),
	  .code = CHSC_INVALID_REQUEST },
	{ SUBCHANNELS("none there"), .mss = true,
	  .words = NUMBERS(0, IMAGE_SCHID - 1),
	  .code = CHSC_DONE, .data = IMAGE_SCHID * 32 },
	{ SUBCHANNELS("none there, another set"), .mss = true,
	  .words = { SET(2) | IMAGE_SCHID, IMAGE_SCHID },
	  .code = CHSC_DONE, .data = 32 },
	{ SUBCHANNELS("one"), .mss = true,
	  .words = NUMBERS(IMAGE_SCHID, IMAGE_SCHID),
	  .code = CHSC_DONE, .data = 32, KERNEL },
	{ SUBCHANNELS("a vacated one"), .mss = true,
	  .words = NUMBERS(VACANT_SCHID, VACANT_SCHID),
	  .code = CHSC_DONE, .data = 32, KERNEL },
	{ SUBCHANNELS("all of a set: as many as fit"), .mss = true,
	  .words = NUMBERS(0, 0xffff),
	  .code = CHSC_DONE, .data = 127 * 32, KERNEL },
	{ SUBCHANNELS("the last of a set"), .mss = true,
	  .words = NUMBERS(0xffff, 0xffff), .code = CHSC_DONE, .data = 32 },

	/*
	 * Store event information: no event is ever pending, whichever is
	 * selected.
	 */
	{ EVENT("length"), .length = 24, .code = CHSC_INVALID_REQUEST },
	{ EVENT("reserved"), .words = { 1 }, .code = CHSC_INVALID_REQUEST },
	{ EVENT("none"), .code = CHSC_NO_EVENT },
	{ EVENT("none, types 0 and 2"), .words = { 0, 0xa0000000 },
	  .code = CHSC_NO_EVENT },

	/* Store channel-subsystem characteristics */
	{ CHARS("length"), .length = 24, .code = CHSC_INVALID_REQUEST },
	{ CHARS("reserved, word 1"), .words = { 0x00000001 },
	  .code = CHSC_INVALID_REQUEST },
	{ CHARS("reserved, word 2"), .words = { 0, 1 },
	  .code = CHSC_INVALID_REQUEST },
	{ CHARS("reserved, word 3"), .words = { 0, 0, 1 },
	  .code = CHSC_INVALID_REQUEST },
	{ CHARS("format"), .words = { 0x00010000 },
	  .code = CHSC_INVALID_FORMAT },
	{ CHARS("another image, M zero"), .words = { 0x00000100 },
	  .code = CHSC_NO_IMAGE },
	{ CHARS("another image, M one"), .words = { 0x20000100 },
	  .code = CHSC_NO_IMAGE },
	{ CHARS("its own image"), .code = CHSC_DONE, .data = 4072 },
	{ CHARS("its own image by number"), .words = { 0x2000fe00 },
	  .code = CHSC_DONE, .data = 4072 },

	/* Set domain attributes */
	{ DOMAIN("length"), .words = { CHSC_ENABLE_MSS },
	  .code = CHSC_INVALID_REQUEST },
	{ DOMAIN("reserved"), .length = 1024,
	  .words = { 0x00010000 | CHSC_ENABLE_MSS },
	  .code = CHSC_INVALID_REQUEST },
	{ DOMAIN("format"), .length = 1024,
	  .words = { 0x01000000 | CHSC_ENABLE_MSS },
	  .code = CHSC_INVALID_FORMAT },
	{ DOMAIN("operation 1"), .length = 1024, .words = { 1 },
	  .code = CHSC_INVALID_REQUEST },
	{ DOMAIN("operation 3"), .length = 1024, .words = { 3 },
	  .code = CHSC_INVALID_REQUEST },
	{ DOMAIN("MSS"), .length = 1024, .words = { CHSC_ENABLE_MSS },
	  .code = CHSC_DONE },
	{ DOMAIN("MSS again"), .mss = true, .length = 1024,
	  .words = { CHSC_ENABLE_MSS }, .code = CHSC_DONE },
	{ DOMAIN("MCSS-E"), .length = 1024, .words = { CHSC_ENABLE_MCSSE },
	  .code = CHSC_DONE },
};

KUNIT_ARRAY_PARAM_DESC(chsc, chsc_cases, name);

static void populate(struct kunit *test)
{
	struct fake_image *image = test->priv;

	KUNIT_ASSERT_EQ(test, 0,
			fake_add(&image->css, IMAGE_SSID, OTHER_SCHID, 0x1234,
				 OTHER_CHPID, &fake_device_create(test)->dev));
	KUNIT_ASSERT_EQ(test, 0,
			fake_add(&image->css, IMAGE_SSID, VACANT_SCHID, 0, 7,
				 &fake_device_create(test)->dev));
	KUNIT_ASSERT_EQ(test, 0, css_remove(&image->css, IMAGE_SSID,
					    VACANT_SCHID, CSS_VACATE, false));
}

static void put_request(struct fake_image *image, const struct chsc_case *c)
{
	struct css_chsc_request request = {
		.length = cpu_to_be16(c->length ?: 16),
		.command = cpu_to_be16(c->command),
		.word1 = cpu_to_be32(c->words[0]),
		.word2 = cpu_to_be32(c->words[1]),
		.word3 = cpu_to_be32(c->words[2]),
	};

	if (c->length == 0xffff)
		request.length = 0;
	fake_put(&image->guest, BLOCK, &request, sizeof(request));
}

static ioinst_ending_t execute(struct fake_image *image, u32 off)
{
	const struct ioinst insn = {
		.opcode = IOINST_CHSC,
		.ar = 9,
		.gpr1 = ~0ull,
		.addr = OPERAND + off,
	};

	return image_insn(image, &insn);
}

static struct css_chsc_answer *answer(struct fake_image *image, u32 length)
{
	return (void *)(image->guest.storage + BLOCK + (length ?: 16));
}

/* Only the request and @len bytes behind it may differ from what was there. */
static void expect_stored(struct kunit *test, u32 request, u32 len)
{
	struct fake_image *image = test->priv;
	u32 addr;

	for (addr = BLOCK + 16; addr < BLOCK + 2 * CHSC_BLOCK; addr++) {
		if (addr == BLOCK + request)
			addr += len;
		KUNIT_ASSERT_EQ(test, image->guest.storage[addr],
				fake_background(addr));
	}
}

static void execute_case(struct kunit *test, ioinst_ending_t expected)
{
	const struct chsc_case *c = test->param_value;
	struct fake_image *image = test->priv;
	u32 length = c->length ?: 16, stored = 0;
	struct css_chsc_response *head;

	populate(test);
	if (c->mss)
		css_enable_mss(&image->css);
	put_request(image, c);
	EXPECT_CC(test, execute(image, 0), expected);
	KUNIT_EXPECT_EQ(test, image->vcpu.last_ar, 9);
	if (expected == IOINST_CC_EXPECTED) {
		head = &answer(image, length)->head;
		stored = 8 + c->data;
		KUNIT_EXPECT_EQ(test, be16_to_cpu(head->code), c->code);
		KUNIT_EXPECT_EQ(test, be16_to_cpu(head->length), stored);
		KUNIT_EXPECT_EQ(test, be32_to_cpu(head->parameter),
				c->parameter);
	}
	expect_stored(test, length, stored);
	/* Beside a VMM the module also notes what the guest enables. */
	KUNIT_EXPECT_EQ(test, image->css.mss, c->mss ||
			(c->command == CHSC_SET_DOMAIN && c->words[0] == 2 &&
			 c->code == CHSC_DONE));
	KUNIT_EXPECT_EQ(test, image->css.mcsse,
			c->command == CHSC_SET_DOMAIN && !c->words[0]);
}

static void alone_test(struct kunit *test)
{
	const struct chsc_case *c = test->param_value;

	execute_case(test, c->ending ?: IOINST_CC_EXPECTED);
}

static void beside_test(struct kunit *test)
{
	const struct chsc_case *c = test->param_value;

	execute_case(test, c->beside ?: IOINST_USERSPACE);
}

/*
 * The instruction itself recognizes specification, access and operand
 * exceptions in this order.
 */
struct access_case {
	const char *name;
	u32 off;
	u32 bad;
	u32 length;
	ioinst_ending_t alone;
	ioinst_ending_t beside;
};

static const struct access_case access_cases[] = {
	{ "specification, byte", 1, CHSC_BLOCK, 16, IOINST_SPECIFICATION,
	  IOINST_USERSPACE },
	{ "specification, 2 KiB", 2048, CHSC_BLOCK, 16, IOINST_SPECIFICATION,
	  IOINST_USERSPACE },
	{ "specification before access", 8, 0, 16, IOINST_SPECIFICATION,
	  IOINST_USERSPACE },
	{ "access, first byte of the request", 0, 0, 16,
	  IOINST_ACCESS_EXCEPTION, IOINST_USERSPACE },
	{ "access, last byte that is looked at", 0, 15, 16,
	  IOINST_ACCESS_EXCEPTION, IOINST_USERSPACE },
	{ "access before operand", 0, 8, 4, IOINST_ACCESS_EXCEPTION,
	  IOINST_USERSPACE },
	{ "operand before access to the response", 0, 16, 20, IOINST_OPERAND,
	  IOINST_USERSPACE },
	{ "access, first byte of the response", 0, 1024, 1024,
	  IOINST_ACCESS_EXCEPTION, IOINST_USERSPACE },
	{ "access, last byte of the response", 0, 1031, 1024,
	  IOINST_ACCESS_EXCEPTION, IOINST_USERSPACE },
	{ "nothing behind the response is accessed", 0, 1032, 1024,
	  IOINST_CC_EXPECTED, IOINST_USERSPACE },
};

KUNIT_ARRAY_PARAM_DESC(access, access_cases, name);

/*
 * A command that sets something must not do so if the response can't be stored.
 */
static void access_test(struct kunit *test)
{
	const struct access_case *c = test->param_value;
	struct fake_image *image = test->priv;
	const struct chsc_case request = {
		.command = CHSC_SET_DOMAIN,
		.length = c->length,
		.words = { CHSC_ENABLE_MSS },
	};
	ioinst_ending_t expected = image->css.alone ? c->alone : c->beside;

	put_request(image, &request);
	image->vcpu.bad = (struct fake_range){ BLOCK + c->bad, 1 };
	image->vcpu.bad_ending = IOINST_ACCESS_EXCEPTION;
	EXPECT_CC(test, execute(image, c->off), expected);
	KUNIT_EXPECT_EQ(test, image->css.mss,
			expected == IOINST_CC_EXPECTED ||
			(expected == IOINST_USERSPACE && c->length == 1024));
	image->vcpu.bad_ending = IOINST_HOST_FAULT;
	if (expected == IOINST_ACCESS_EXCEPTION)
		EXPECT_CC(test, execute(image, c->off), IOINST_HOST_FAULT);
}

/*
 * Before MSS is enabled, a request can't name a subchannel of a higher set,
 * just as a SID can't.
 */
static void subchannels_before_mss_test(struct kunit *test)
{
	struct fake_image *image = test->priv;
	const struct chsc_case request = {
		.command = CHSC_STORE_SUBCHANNELS,
		.words = NUMBERS(IMAGE_SCHID, IMAGE_SCHID),
	};
	u16 code = image->css.alone ? CHSC_INVALID_REQUEST : CHSC_DONE;

	put_request(image, &request);
	EXPECT_CC(test, execute(image, 0), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(answer(image, 0)->head.code), code);
}

/* The descriptions in a response */

static void path_data_test(struct kunit *test)
{
	static const u8 path0[] = {
		0x80, 0, 0x32, IMAGE_CHPID, 0, 0, 0, 0,
		0x80, 0, 0x32, OTHER_CHPID, 0, 0, 0, 0,
	};
	static const u8 path1[64] = {
		[0] = 0x80, [2] = 0x32, [3] = IMAGE_CHPID,
		[32] = 0x80, [34] = 0x32, [35] = OTHER_CHPID,
	};
	struct chsc_case request = {
		.command = CHSC_STORE_PATHS,
		.words = { IMAGE_CHPID - 1, 0xff },
	};
	struct fake_image *image = test->priv;

	populate(test);
	put_request(image, &request);
	execute(image, 0);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)answer(image, 0)->path0, path0,
			   sizeof(path0));
	request.words[0] |= CHSC_PATHS_C;
	put_request(image, &request);
	execute(image, 0);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)answer(image, 0)->path1, path1,
			   sizeof(path1));
}

/*
 * If there are more paths than fit, those that fit are described, and nothing
 * is stored behind them.
 */
static void path_many_test(struct kunit *test)
{
	const struct chsc_case format0 = {
		.command = CHSC_STORE_PATHS, .words = { 0, 0xff },
	};
	const struct chsc_case format1 = {
		.command = CHSC_STORE_PATHS, .words = { CHSC_PATHS_C, 0xff },
	};
	struct fake_image *image = test->priv;
	int i;

	for (i = 0; i < CSS_CHPIDS; i++)
		WRITE_ONCE(image->css.paths[i], 1 + image->css.paths[i]);
	put_request(image, &format0);
	execute(image, 0);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(answer(image, 0)->head.length),
			8 + 256 * 8);
	KUNIT_EXPECT_EQ(test, answer(image, 0)->path0[255].chpid, 255);
	put_request(image, &format1);
	execute(image, 0);
	KUNIT_EXPECT_EQ(test, be16_to_cpu(answer(image, 0)->head.length),
			8 + 127 * 32);
	KUNIT_EXPECT_EQ(test, answer(image, 0)->path1[126].chpid, 126);
	KUNIT_EXPECT_EQ(test, image->guest.storage[BLOCK + CHSC_BLOCK],
			fake_background(BLOCK + CHSC_BLOCK));
}

static void subchannel_data_test(struct kunit *test)
{
	static const u8 described[4][32] = {
		{ 0xc0, 0x11, 0x47, 0x11, 0x80, 0, 0, 0x12, IMAGE_CHPID },
		{},
		{ 0xc0, 0x34, 0x12, 0x34, 0x80, 0, 0, 0x14, OTHER_CHPID },
		{ 0x80, 0, 0, 0, 0, 0, 0, 0x15 },
	};
	const struct chsc_case request = {
		.command = CHSC_STORE_SUBCHANNELS,
		.words = NUMBERS(IMAGE_SCHID, VACANT_SCHID),
	};
	struct fake_image *image = test->priv;

	populate(test);
	css_enable_mss(&image->css);
	put_request(image, &request);
	execute(image, 0);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)answer(image, 0)->subchannel,
			   (u8 *)described, sizeof(described));
}

static u32 bits(const __be32 *words, unsigned int nr)
{
	u32 count = 0;

	while (nr--)
		count += hweight32((__force u32)words[nr]);
	return count;
}

/*
 * Linux reads the characteristics in this way (<asm/css_chars.h>): bit n of a
 * string of bits.
 */
static bool bit(const __be32 *words, unsigned int n)
{
	return ((const u8 *)words)[n / 8] & 0x80 >> n % 8;
}

static void chars_data_test(struct kunit *test)
{
	const struct chsc_case request = { .command = CHSC_STORE_CHARS };
	struct fake_image *image = test->priv;
	struct css_chsc_chars *chars = &answer(image, 0)->chars;

	put_request(image, &request);
	execute(image, 0);
	/* CANCEL SUBCHANNEL, concurrent sense, mcss, fcs, ext_mb */
	KUNIT_EXPECT_TRUE(test, bit(chars->general, 6));
	KUNIT_EXPECT_TRUE(test, bit(chars->general, 7));
	KUNIT_EXPECT_TRUE(test, bit(chars->general, 45));
	KUNIT_EXPECT_TRUE(test, bit(chars->general, 46));
	KUNIT_EXPECT_TRUE(test, bit(chars->general, 48));
	KUNIT_EXPECT_EQ(test, bits(chars->general, ARRAY_SIZE(chars->general)),
			5);
	/* Commands 0x0002 and 0x0004 */
	KUNIT_EXPECT_TRUE(test, bit(chars->chsc, 1));
	KUNIT_EXPECT_TRUE(test, bit(chars->chsc, 3));
	KUNIT_EXPECT_EQ(test, bits(chars->chsc, ARRAY_SIZE(chars->chsc)), 2);
	KUNIT_EXPECT_EQ(test, image->guest.storage[BLOCK + CHSC_BLOCK],
			fake_background(BLOCK + CHSC_BLOCK));
}

/*
 * A guest enables the sets of an image that is alone, and then finds the
 * subchannel.
 */
static void enable_mss_test(struct kunit *test)
{
	const struct chsc_case request = {
		.command = CHSC_SET_DOMAIN,
		.length = CHSC_DOMAIN_LENGTH,
		.words = { CHSC_ENABLE_MSS },
	};
	struct fake_image *image = test->priv;
	struct css_schib schib;

	EXPECT_CC(test, image_stsch(image, &schib), IOINST_OPERAND);
	put_request(image, &request);
	EXPECT_CC(test, execute(image, 0), IOINST_CC_EXPECTED);
	EXPECT_CC(test, image_stsch(image, &schib), IOINST_CC_EXPECTED);
}

static struct kunit_case alone_cases[] = {
	KUNIT_CASE_PARAM(alone_test, chsc_gen_params),
	KUNIT_CASE_PARAM(access_test, access_gen_params),
	KUNIT_CASE(subchannels_before_mss_test),
	KUNIT_CASE(path_data_test),
	KUNIT_CASE(path_many_test),
	KUNIT_CASE(subchannel_data_test),
	KUNIT_CASE(chars_data_test),
	KUNIT_CASE(enable_mss_test),
	{}
};

static struct kunit_suite alone_suite = {
	.name = "kvm_css_chsc_alone",
	.init = image_init_alone,
	.exit = image_exit,
	.test_cases = alone_cases,
};

static struct kunit_case beside_cases[] = {
	KUNIT_CASE_PARAM(beside_test, chsc_gen_params),
	KUNIT_CASE_PARAM(access_test, access_gen_params),
	KUNIT_CASE(subchannels_before_mss_test),
	KUNIT_CASE(path_data_test),
	KUNIT_CASE(path_many_test),
	KUNIT_CASE(subchannel_data_test),
	{}
};

static struct kunit_suite beside_suite = {
	.name = "kvm_css_chsc_beside",
	.init = image_init,
	.exit = image_exit,
	.test_cases = beside_cases,
};

kunit_test_suites(&alone_suite, &beside_suite);
