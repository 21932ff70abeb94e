// SPDX-License-Identifier: GPL-2.0
/*
 * The guest of the theme "user".  It executes one instruction after the other, as
 * the host's half tells it to, which is also the process that serves the device.
 */
#include "chan.h"
#include "user.h"

static void wait(volatile struct user_order *order)
{
	struct io_int io = { 0 };

	io_mask(0xff);
	order->result = io_wait(&io, order->ms);
	io_mask(0);
	order->io_sid = io.sid;
	order->io_intparm = io.intparm;
}

static void set_key(u64 page, u64 key)
{
	volatile u8 *touched = (u8 *)page;

	/* Hercules can't set the key of a page that the host hasn't provided. */
	*touched = *touched;
	asm volatile("sske %0,%1" : : "d" (key), "a" (page) : "memory");
}

static void obey(void)
{
	volatile struct user_order *order = (void *)USER_ORDER;

	for (;;) {
		hypercall(HC_THEME, USER_CALL_NEXT, 0, 0);
		switch (order->what) {
		case USER_INSN:
			order->result = insn_s(order->insn, order->sid,
					       (void *)order->operand);
			break;
		case USER_WAIT:
			wait(order);
			break;
		case USER_KEY:
			set_key(order->operand, order->key);
			break;
		default:
			return;
		}
	}
}

static const struct test tests[] = {
	{ "the guest does what it is told", obey },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = NULL;
