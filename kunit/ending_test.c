// SPDX-License-Identifier: GPL-2.0
/*
 * Endings of I/O instructions: each has the properties that it should have, and
 * no two are the same.
 */
#include <kunit/test.h>

#include <kvm_css/ending.h>
#include <kvm_css/layout.h>

#define NO_VALUE	0xffff

struct ending_case {
	const char *name;
	ioinst_ending_t ending;
	bool cc;
	bool pgm;
	u16 value;
};

static const struct ending_case ending_cases[] = {
	/* Chapter 14: condition codes 0 to 3 */
	{ "condition code 0, expected", IOINST_CC_EXPECTED, true, false, 0 },
	{ "condition code 1, status present", IOINST_CC_STATUS_PRESENT,
	  true, false, 1 },
	{ "condition code 2, busy", IOINST_CC_BUSY, true, false, 2 },
	{ "condition code 3, not operational", IOINST_CC_NOT_OPERATIONAL,
	  true, false, 3 },
	/* Chapter 6, "Program-Interruption Conditions" */
	{ "operation exception", IOINST_PGM(PGM_CODE_OPERATION),
	  false, true, 0x0001 },
	{ "privileged-operation exception", IOINST_PRIVILEGED,
	  false, true, 0x0002 },
	{ "specification exception", IOINST_SPECIFICATION,
	  false, true, 0x0006 },
	{ "operand exception", IOINST_OPERAND, false, true, 0x0015 },
	{ "highest program-interruption code", IOINST_PGM(0xffff),
	  false, true, 0xffff },
	/* Endings with neither a condition code nor an interruption code */
	{ "proceed", IOINST_PROCEED, false, false, NO_VALUE },
	{ "access exception", IOINST_ACCESS_EXCEPTION, false, false, NO_VALUE },
	{ "userspace", IOINST_USERSPACE, false, false, NO_VALUE },
	{ "retry", IOINST_RETRY, false, false, NO_VALUE },
	{ "completed", IOINST_COMPLETED, false, false, NO_VALUE },
	{ "host fault", IOINST_HOST_FAULT, false, false, NO_VALUE },
};

KUNIT_ARRAY_PARAM_DESC(ending, ending_cases, name);

static void ending_kind_test(struct kunit *test)
{
	const struct ending_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, ioinst_is_cc(c->ending), c->cc);
	KUNIT_EXPECT_EQ(test, ioinst_is_pgm(c->ending), c->pgm);
	if (c->cc || c->pgm)
		KUNIT_EXPECT_EQ(test, ioinst_value(c->ending), c->value);
}

static void ending_distinct_test(struct kunit *test)
{
	const struct ending_case *c = test->param_value;
	int i, same = 0;

	for (i = 0; i < ARRAY_SIZE(ending_cases); i++)
		same += ending_cases[i].ending == c->ending;
	KUNIT_EXPECT_EQ(test, same, 1);
}

/*
 * PROCEED is zero, so that a step can be followed by "if (ending) return
 * ending;".
 */
static void ending_proceed_is_zero_test(struct kunit *test)
{
	int i, zero = 0;

	for (i = 0; i < ARRAY_SIZE(ending_cases); i++)
		zero += !ending_cases[i].ending;
	KUNIT_EXPECT_EQ(test, zero, 1);
	KUNIT_EXPECT_FALSE(test, !!IOINST_PROCEED);
}

/* TSCH and STCRW have names of their own for condition code 1. */
static void ending_cc1_names_test(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, IOINST_CC_NOT_STATUS_PENDING ==
				IOINST_CC_STATUS_PRESENT);
	KUNIT_EXPECT_TRUE(test, IOINST_CC_NO_REPORT ==
				IOINST_CC_STATUS_PRESENT);
}

static struct kunit_case ending_test_cases[] = {
	KUNIT_CASE_PARAM(ending_kind_test, ending_gen_params),
	KUNIT_CASE_PARAM(ending_distinct_test, ending_gen_params),
	KUNIT_CASE(ending_proceed_is_zero_test),
	KUNIT_CASE(ending_cc1_names_test),
	{}
};

static struct kunit_suite ending_suite = {
	.name = "kvm_css_ending",
	.test_cases = ending_test_cases,
};

kunit_test_suite(ending_suite);
