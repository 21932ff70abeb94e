// SPDX-License-Identifier: GPL-2.0
/* Execute I/O instructions; the host checks which of them reach userspace. */
#include "chan.h"
#include "fallback.h"

static const u16 insns[] = {
	INSN_CSCH, INSN_HSCH, INSN_MSCH, INSN_SSCH, INSN_STSCH, INSN_TSCH,
	INSN_RSCH, INSN_XSCH, INSN_SAL, INSN_STCRW, INSN_STCPS, INSN_RCHP,
	INSN_SCHM, INSN_CHSC, INSN_TPI,
};

/*
 * Subchannels that the kernel doesn't have; the last two have the M bit and an
 * image number.
 */
static const u32 unowned[] = {
	SID(0, 0x0011), SID(1, 0x0010), SID(3, 0xffff),
	SID(0, 0x0010) | 0x00080000, SID(0, 0x0010) | 0xfe080000,
};

static u8 operand[4096] __aligned(4096);

static void report(u16 insn, int ending)
{
	hypercall(HC_THEME, FALL_CALL_ENDING, ending, insn);
}

static void execute_all(u32 sid)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(insns); i++) {
		report(insns[i], insn_s(insns[i], sid, operand));
		report(insns[i], insn_s(insns[i], sid, operand + 1));
		report(insns[i], insn_s(insns[i], sid, (void *)0x8000000ul));
		report(insns[i], insn_s_mode(insns[i], sid, (u64)operand,
					     PSW_PROBLEM, 0));
	}
}

/* The VMM makes interruptions pending, which TSCH and TPI take. */
static void pending(u32 sid)
{
	io_mask(0xff);
	hypercall(HC_THEME, FALL_CALL_INJECT, sid, 3);
	report(INSN_TSCH, insn_s(INSN_TSCH, sid, operand));
	hypercall(HC_THEME, FALL_CALL_INJECT, sid, 3);
	report(INSN_TPI, insn_s(INSN_TPI, sid, operand));
	report(INSN_TPI, *(u32 *)operand == sid);
}

static const struct ccw1 nop __aligned(8) = { .cmd = TEST_NOP,
					      .flags = CCW_SLI, .count = 1 };

static void cycles(void)
{
	struct irb irb __aligned(4);
	unsigned int i;

	chan_enable(FALL_OWNED, 3, 0);
	io_mask(0xff);
	for (i = 0; i < 100; i++)
		chan_run(FALL_OWNED, &nop, &irb);
	report(INSN_TSCH, irb.scsw.dstat);
	chan_disable(FALL_OWNED);
}

static void hidden(void)
{
	report(INSN_STSCH, insn_s(INSN_STSCH, FALL_OWNED, operand));
	hypercall(HC_THEME, FALL_CALL_REMOVE, 0, 0);
	report(INSN_STSCH, insn_s(INSN_STSCH, FALL_OWNED, operand));
}

/*
 * Nothing that the guest does with a subchannel of the kernel's may leave the
 * kernel.
 */
static void eight(void)
{
	static const u16 named[] = {
		INSN_STSCH, INSN_MSCH, INSN_SSCH, INSN_TSCH, INSN_HSCH,
		INSN_TSCH, INSN_CSCH, INSN_TSCH, INSN_RSCH, INSN_XSCH,
	};
	unsigned int i;

	chan_enable(FALL_OWNED, 3, 0);
	for (i = 0; i < ARRAY_SIZE(named); i++) {
		if (named[i] == INSN_SSCH)
			chan_orb((struct orb *)operand, &nop);
		report(named[i], insn_s(named[i], FALL_OWNED, operand));
		report(named[i], insn_s(named[i], FALL_OWNED & ~0x00010000u,
					operand));
		report(named[i], insn_s_mode(named[i], FALL_OWNED,
					     (u64)operand, PSW_PROBLEM, 0));
	}
	chan_disable(FALL_OWNED);
}

static void request(u16 code, u32 word1, u32 word2)
{
	struct chsc_request *request = (struct chsc_request *)operand;

	memset(operand, 0, sizeof(operand));
	request->length = sizeof(*request);
	request->code = code;
	request->word1 = word1;
	request->word2 = word2;
	report(INSN_CHSC, chsc(request));
}

/*
 * Instructions as a guest's drivers execute them, all valid.  The path and the
 * numbers are the VMM's.
 */
static void wide(void)
{
	memset(operand, 0, sizeof(operand));
	report(INSN_SAL, insn_s(INSN_SAL, 0, NULL));
	report(INSN_STCRW, insn_s(INSN_STCRW, 0, operand));
	report(INSN_STCPS, insn_s(INSN_STCPS, 0, operand));
	report(INSN_RCHP, insn_s(INSN_RCHP, 0x55, NULL));
	report(INSN_SCHM, insn_s(INSN_SCHM, 0, NULL));
	request(CHSC_PATHS, 0x55, 0x55);
	request(CHSC_PATHS, 1, 0xff);
	request(CHSC_SUBCHANNELS, SID_SCHID(FALL_OWNED) + 1, 0xffff);
	request(CHSC_SUBCHANNELS, 1 << 20, 0xffff);
	/*
	 * A path of the kernel's, but in a request that names an image by its
	 * number
	 */
	request(CHSC_PATHS, 0x20000000, 0);
	request(CHSC_EVENT, 0, 0);
	request(CHSC_CHARS, 0, 0);
	request(0x7fff, 0, 0);
}

/*
 * If one of the paths or subchannels is the kernel's, the kernel answers for
 * all of them.
 */
static void about_owned(void)
{
	const u8 *data = operand + sizeof(struct chsc_request) +
			 sizeof(struct chsc_response);
	const struct chsc_response *response =
		(void *)(operand + sizeof(struct chsc_request));

	request(CHSC_PATHS, 0, 0);
	EXPECT_EQ(response->code, CHSC_OK);
	EXPECT_EQ(response->length, sizeof(*response) + 8);
	EXPECT_EQ(data[0] & 0x80, 0x80);
	request(CHSC_PATHS, 0, 3);
	EXPECT_EQ(response->code, CHSC_OK);
	request(CHSC_SUBCHANNELS, SID_SCHID(FALL_OWNED), SID_SCHID(FALL_OWNED));
	EXPECT_EQ(response->code, CHSC_OK);
	EXPECT_EQ(response->length, sizeof(*response) + 32);
	EXPECT_EQ(data[0] & 0xc0, 0xc0);
	EXPECT_EQ(*(u16 *)(data + 2), FALL_DEVNO);
	EXPECT_EQ(*(u16 *)(data + 6), SID_SCHID(FALL_OWNED));
	request(CHSC_SUBCHANNELS, 0, 0x1f);
	EXPECT_EQ(response->code, CHSC_OK);
	/* An invalid request that names the kernel's subchannel */
	request(CHSC_SUBCHANNELS, SID_SCHID(FALL_OWNED) | 0x80000000,
		SID_SCHID(FALL_OWNED));
	EXPECT_EQ(response->code, CHSC_INVALID);
}

static void fallback(void)
{
	unsigned int i;

	switch (guest_argument) {
	case FALL_WITH_OWNED:
		execute_all(FALL_OWNED);
		fallthrough;
	case FALL_UNOWNED:
		for (i = 0; i < ARRAY_SIZE(unowned); i++)
			execute_all(unowned[i]);
		pending(unowned[0]);
		pending(unowned[1]);
		break;
	case FALL_CYCLES:
		cycles();
		break;
	case FALL_REMOVE:
		hidden();
		break;
	case FALL_EIGHT:
		eight();
		break;
	case FALL_WIDE:
		wide();
		break;
	case FALL_CHSC:
		about_owned();
		break;
	}
}

static const struct test tests[] = {
	{ "fallback", fallback },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = NULL;
