/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of KUnit as the fuzzers need to share the suites' guest.  An
 * expectation that would fail a test case is a finding here.
 */
#ifndef _FUZZ_KUNIT_TEST_H
#define _FUZZ_KUNIT_TEST_H

#include <stdlib.h>

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/types.h>

struct kunit {
	const char *name;
};

#define KUNIT_FAIL(test, fmt, ...) \
	do { (void)(test); shim_bug(fmt, ##__VA_ARGS__); } while (0)
#define KUNIT_EXPECT_TRUE(test, cond) \
	do { (void)(test); shim_assert(cond); } while (0)
#define KUNIT_EXPECT_FALSE(test, cond)	KUNIT_EXPECT_TRUE(test, !(cond))
#define KUNIT_EXPECT_LE(test, a, b)	KUNIT_EXPECT_TRUE(test, (a) <= (b))
#define KUNIT_EXPECT_EQ(test, a, b)	KUNIT_EXPECT_TRUE(test, (a) == (b))
#define KUNIT_EXPECT_GT(test, a, b)	KUNIT_EXPECT_TRUE(test, (a) > (b))
#define KUNIT_EXPECT_PTR_EQ(test, a, b)	KUNIT_EXPECT_TRUE(test, (a) == (b))
#define KUNIT_EXPECT_NULL(test, ptr)	KUNIT_EXPECT_TRUE(test, !(ptr))
#define KUNIT_ASSERT_NOT_NULL(test, ptr) KUNIT_EXPECT_TRUE(test, ptr)

/* There is only one test, which lasts as long as the process. */
static inline void *kunit_kmalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	return malloc(size);
}

static inline void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	return calloc(1, size);
}

/*
 * What the fuzzers' shims know about a thread, and the real kernel can't tell
 */
#define fake_expect_unlocked() \
	do { shim_might_sleep(); shim_assert(!shim_context()->mutexes); } while (0)
#define fake_expect_worker()	shim_assert(shim_context()->worker)

#endif /* _FUZZ_KUNIT_TEST_H */
