// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that a process models: commands, status, and what becomes of them when the
 * process is stopped or killed.  guest/user.h describes the process.
 */
#include "user_tests.h"

struct ccw1 user_prog[8] __aligned(8);
u8 user_data[4096] __aligned(4096);

u64 user_call(u64 what, u64 argument)
{
	return hypercall(HC_THEME, what, argument, 0);
}

void user_must(u64 what, u64 argument)
{
	EXPECT_EQ(user_call(what, argument), 0);
}

u64 user_seen(u64 what)
{
	return user_call(USER_CALL_SEEN, what);
}

void user_serve(void)
{
	user_must(USER_CALL_SERVE, 0);
	user_enable();
}

void user_enable(void)
{
	chan_enable(USER_SID, USER_ISC, USER_INTPARM);
	io_mask(0xff);
}

void user_start(u8 cmd, u8 flags, u16 count, void *data)
{
	user_prog[0] = CCW(cmd, flags, count, data);
	chan_start(USER_SID, user_prog);
}

const struct irb *user_end(void)
{
	static struct irb irb __aligned(4);
	struct io_int io;

	io_mask(0xff);
	EXPECT(io_wait(&io, 20000));
	EXPECT_EQ(io.sid, USER_SID);
	EXPECT_EQ(tsch(USER_SID, &irb), CC_DONE);
	EXPECT(irb.scsw.ctrl & SCSW_SC_PENDING);
	return &irb;
}

void user_expect(u32 control, u8 dstat, u8 cstat, u16 count)
{
	const struct irb *irb = user_end();

	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL, control);
	EXPECT_EQ(irb->scsw.dstat, dstat);
	EXPECT_EQ(irb->scsw.cstat, cstat);
	EXPECT_EQ(irb->scsw.count, count);
}

void user_expect_ended(u16 count)
{
	user_expect(SCSW_FC_START | USER_ENDED, DST_ENDED, 0, count);
}

void user_expect_sense(u8 sense0, u8 sense1, u16 residual)
{
	memset(user_data, 0, 32);
	user_start(TEST_SENSE, CCW_SLI, 32, user_data);
	user_expect_ended(residual);
	EXPECT_EQ(user_data[0], sense0);
	EXPECT_EQ(user_data[1], sense1);
}

void user_expect_usable(void)
{
	u8 *to = user_data + 128;
	u32 i;

	for (i = 0; i < 64; i++)
		user_data[i] = i ^ 0x5c;
	memset(to, 0, 64);
	user_prog[0] = CCW(USER_WRITE, CCW_CC, 64, user_data);
	user_prog[1] = CCW(USER_READ, 0, 64, to);
	chan_start(USER_SID, user_prog);
	user_expect_ended(0);
	EXPECT_EQ(memcmp(to, user_data, 64), 0);
}

static void reset(void)
{
	user_call(USER_CALL_KILL, 0);
	user_call(USER_CALL_ADD, 0);
	user_call(USER_CALL_RESET, 0);
	user_call(USER_CALL_SEEN, USER_SEEN_EVENTS);
	chan_clear(USER_SID);
	memset(user_prog, 0, sizeof(user_prog));
}

const struct test_group *const test_groups[] = {
	&user_command_group, &user_status_group, &user_end_group, NULL
};

void (*const test_reset)(void) = reset;
