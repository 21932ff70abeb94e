// SPDX-License-Identifier: GPL-2.0
/*
 * What a process may say: which answers and which status a control unit could give.
 * The header <linux/kvm_css.h> has the rules.  A call that is refused changes nothing.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "user_case.h"

#define UE		DSTAT_UNIT_EXCEPTION
#define CUE		DSTAT_CONTROL_UNIT_END
#define SM		DSTAT_STATUS_MODIFIER
#define BESIDE		(UNIT_CHECK | UE | ATTENTION | CUE)

/* Is @status all of @has, and beside that nothing but some of @may_have? */
static bool is(u8 status, u8 has, u8 may_have)
{
	return (status & has) == has && !(status & ~(has | may_have));
}

static bool answer_allowed(u8 status)
{
	return status == UNIT_CHECK || status == (CE_DE | SM) ||
	       is(status, CE, DE | BESIDE);
}

static bool ending_allowed(u8 status)
{
	return status == (DE | SM) || is(status, DE, BESIDE);
}

static bool unsolicited_allowed(u8 status)
{
	return status && is(status, 0, DE | BESIDE);
}

/* Every device status there is, as an answer */
static void user_answer_status(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct css_irb irb;
	u32 status;
	u64 seq;
	int rc;

	for (status = 0; status <= 0xff; status++) {
		user_start(bench, CMD_READ, CCW_SLI);
		seq = user_take(unit, CMD_READ);
		rc = user_answer(unit, seq, status, 0);
		KUNIT_EXPECT_EQ_MSG(test, rc, answer_allowed(status) ? 0 : -EINVAL,
				    "status %02x", status);
		if (rc)
			KUNIT_EXPECT_EQ(test, user_answer(unit, seq, CE_DE, 0), 0);
		fake_wait_injected(&bench->image->guest, status + 1);
		image_tsch(bench->image, &irb);
		KUNIT_EXPECT_EQ(test, irb.scsw.dstat, rc ? CE_DE : status);
		/* Without device end, the operation goes on. */
		image_must(bench->image, IOINST_CSCH);
		image_tsch(bench->image, &irb);
		bench->image->guest.injected = status + 1;
		user_fetch(unit, &(struct kvm_css_command){});
	}
}

static void user_present_status(struct kunit *test)
{
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	u32 status;
	int rc;

	for (status = 0; status <= 0xff; status++) {
		rc = user_present(unit, 0, status);
		KUNIT_EXPECT_EQ_MSG(test, rc,
				    unsolicited_allowed(status) ? 0 : -EINVAL,
				    "unsolicited status %02x", status);
		/* There is no such operation, but first the status is looked at. */
		KUNIT_EXPECT_EQ_MSG(test, user_present(unit, 1, status),
				    ending_allowed(status) ? -ESTALE : -EINVAL,
				    "status %02x", status);
		image_must(bench->image, IOINST_CSCH);
		user_expect_irb(bench, CLEAR | SCSW_SC_PENDING, 0, 0);
		user_fetch(unit, &(struct kvm_css_command){});
	}
}

/**
 * struct field_case - an answer to a WRITE with one thing changed
 * @name: what
 * @at: a byte of the answer
 * @xor: what is changed in it
 * @status: device status
 * @sense_len: how many sense bytes
 * @count: count
 * @cmd: the command, if it isn't a WRITE
 * @error: what the call returns
 */
struct field_case {
	const char *name;
	u32 at;
	u8 xor;
	u8 status;
	u8 sense_len;
	u32 count;
	u8 cmd;
	int error;
};

#define AT(member)	offsetof(struct kvm_css_answer, member)
#define IMMEDIATE	KVM_CSS_ANSWER_IMMEDIATE

static const struct field_case field_cases[] = {
	{ "count: all that there is room for", 0, 0, CE_DE, 0, USER_AREA },
	{ "count: a byte more", 0, 0, CE_DE, 0, USER_AREA + 1, .error = -EINVAL },
	{ "count: the most there can be", 0, 0, CE_DE, 0, U32_MAX,
	  .error = -EINVAL },
	{ "count of a READ: more than there is room for", 0, 0, CE_DE, 0,
	  USER_AREA + 1, CMD_READ },
	{ "count of a READ: the most there can be", 0, 0, CE_DE, 0, U32_MAX,
	  CMD_READ },
	{ "refused, with a count", 0, 0, UNIT_CHECK, 1, 1, .error = -EINVAL },
	{ "immediate", AT(flags), IMMEDIATE, CE_DE, 0, 0 },
	{ "immediate, with channel end alone", AT(flags), IMMEDIATE, CE, 0, 0 },
	{ "immediate, with a count", AT(flags), IMMEDIATE, CE_DE, 0, 1,
	  .error = -EINVAL },
	{ "immediate, and refused", AT(flags), IMMEDIATE, UNIT_CHECK, 1, 0,
	  .error = -EINVAL },
	{ "an undefined flag", AT(flags), 0x02, CE_DE, 0, 0, .error = -EINVAL },
	{ "the last undefined flag", AT(flags), 0x80, CE_DE, 0, 0,
	  .error = -EINVAL },
	{ "reserved", AT(reserved), 1, CE_DE, 0, 0, .error = -EINVAL },
	{ "the first reserved word", AT(reserved2[0]), 1, CE_DE, 0, 0,
	  .error = -EINVAL },
	{ "the last reserved word", AT(reserved2[3]), 1, CE_DE, 0, 0,
	  .error = -EINVAL },
	{ "no sense bytes with unit check", 0, 0, CE_DE | UNIT_CHECK, 0, 0,
	  .error = -EINVAL },
	{ "32 sense bytes", AT(sense[31]), 1, CE_DE | UNIT_CHECK, 32, 0 },
	{ "33 sense bytes", 0, 0, CE_DE | UNIT_CHECK, 33, 0, .error = -EINVAL },
	{ "a byte behind the sense bytes", AT(sense[31]), 1, CE_DE | UNIT_CHECK, 31,
	  0, .error = -EINVAL },
	{ "sense bytes without unit check", 0, 0, CE_DE, 1, 0, .error = -EINVAL },
	{ "a sense byte without a length", AT(sense[0]), 1, CE_DE, 0, 0,
	  .error = -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(field, field_cases, name);

static void user_answer_field(struct kunit *test)
{
	const struct field_case *c = test->param_value;
	const u8 cmd = c->cmd ?: CMD_WRITE;
	struct user_bench *bench = user_bench(test);
	struct fake_unit *unit = user_serve(bench);
	struct kvm_css_answer answer = {
		.status = c->status, .sense_len = c->sense_len, .count = c->count,
	};
	struct kvm_css_unit_info info = {};

	user_start(bench, cmd, CCW_SLI);
	answer.seq = user_take(unit, cmd);
	((u8 *)&answer)[c->at] ^= c->xor;
	KUNIT_EXPECT_EQ(test, user_unit_answer(&unit->user, &answer, NULL, 0),
			c->error);
	user_unit_info(&unit->user, &info);
	KUNIT_EXPECT_EQ(test, info.command, c->error ? answer.seq : 0);
}

static void user_busy_flags(struct kunit *test)
{
	struct fake_unit *unit = user_serve(user_bench(test));
	u32 bit;

	for (bit = 0; bit < 32; bit++)
		KUNIT_EXPECT_EQ(test, user_unit_busy(&unit->user, 1U << bit),
				bit < 2 ? 0 : -EINVAL);
	KUNIT_EXPECT_EQ(test, user_unit_busy(&unit->user, 3), 0);
	KUNIT_EXPECT_EQ(test, user_unit_busy(&unit->user, 0), 0);
}

static struct kunit_case answer_cases[] = {
	KUNIT_CASE(user_answer_status),
	KUNIT_CASE(user_present_status),
	KUNIT_CASE_PARAM(user_answer_field, field_gen_params),
	KUNIT_CASE(user_busy_flags),
	{}
};

static struct kunit_suite answer_suite = {
	.name = "kvm_css_user_answer",
	.init = user_init,
	.exit = user_exit,
	.test_cases = answer_cases,
};

kunit_test_suite(answer_suite);
