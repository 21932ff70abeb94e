/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How suites check the ending of an instruction, and how long they wait.
 */
#ifndef _KVM_CSS_KUNIT_EXPECT_H
#define _KVM_CSS_KUNIT_EXPECT_H

#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/jiffies.h>

/* Expect a condition code or another ending of an instruction. */
#define EXPECT_CC(test_, is_, expected_) \
	KUNIT_EXPECT_EQ(test_, (__force u32)(is_), (__force u32)(expected_))

/* Longer than any test takes, even on an emulator on a busy machine */
#define PATIENCE	(60 * HZ)

/* Wait until something is so, and expect that it becomes so. */
#define WAIT_UNTIL(test_, is_) do {					\
	unsigned long until_ = jiffies + PATIENCE;			\
	bool so_;							\
									\
	while (!(so_ = (is_)) && time_before(jiffies, until_))		\
		fsleep(1000);						\
	KUNIT_EXPECT_TRUE(test_, so_);					\
} while (0)

/* Long enough for another thread to get as far as it can */
#define A_WHILE_MS	50
#define A_WHILE		msecs_to_jiffies(A_WHILE_MS)

/*
 * Longer than the core waits before it tries again to make an interruption pending
 */
#define QUIET_MS	100

#endif /* _KVM_CSS_KUNIT_EXPECT_H */
