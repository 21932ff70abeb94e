// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: a guest and the processes that serve its device.
 *
 * A process serves the device, and the guest has enabled it and has a program, so that
 * what follows in the input gets to something soon.  A byte says whose turn it is: the
 * guest's or the host's, as in the fuzzer "ioinst", or a process's.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include <kvm_css/ccw.h>
#include <kvm_css/subchannel.h>

#include "fuzz_unit.h"
#include "sequence.h"

#define TURNS		200
#define PROGRAM		0x1000
#define INPUT_MAX	4096

/* What the image is made of: two devices that processes can serve */
static const u8 beginning[] = { 0, 0, 0x04, 0x04 };

static struct fuzz_image image;

static void unit(u8 seat, struct fuzz_input *in)
{
	struct subchannel *sch = css_find(&image.css, image_sid(seat));

	if (!sch)
		return;
	fuzz_unit_act(sch->dev, in);
	subchannel_put(sch);
	image_check(&image);
}

/* Let a process serve, and be told that it does. */
static void serve(u8 seat)
{
	const u8 acts[] = {
		seat << 4 | FUZZ_UNIT_SERVE, seat << 4 | FUZZ_UNIT_FETCH, 0,
	};
	struct fuzz_input in = { .data = acts, .left = sizeof(acts) };

	unit(seat, &in);
	unit(seat, &in);
}

static void enable(u8 seat)
{
	struct subchannel *sch = css_find(&image.css, image_sid(seat));

	mutex_lock(&sch->lock);
	sch->schib.pmcw.flags |= cpu_to_be16(PMCW_ENABLED);
	mutex_unlock(&sch->lock);
	subchannel_put(sch);
}

static void put_program(void)
{
	static const struct css_ccw1 ccws[] = {
		{ .cmd = 0x01, .flags = CCW_CC, .count = cpu_to_be16(32),
		  .cda = cpu_to_be32(0x4000) },
		{ .cmd = 0x02, .flags = CCW_SLI, .count = cpu_to_be16(32),
		  .cda = cpu_to_be32(0x4100) },
	};

	fuzz_put(&image.guest.guest, PROGRAM, ccws, sizeof(ccws));
}

int fuzz_one_input(const u8 *data, size_t size)
{
	static u8 bytes[sizeof(beginning) + INPUT_MAX];
	struct fuzz_input in = { .data = bytes };
	unsigned int turns;
	u8 turn, seat;

	if (size > INPUT_MAX)
		size = INPUT_MAX;
	memcpy(bytes, beginning, sizeof(beginning));
	memcpy(bytes + sizeof(beginning), data, size);
	in.left = sizeof(beginning) + size;
	sequence_begin(&image, &in);
	for (seat = 0; seat < IMAGE_SEATS; seat++) {
		serve(seat);
		enable(seat);
	}
	put_program();
	for (turns = 0; turns < TURNS && in.left; turns++) {
		turn = take8(&in);
		if (turn & 1)
			unit(turn >> 1 & 1, &in);
		else
			sequence_run(1);
	}
	sequence_end();
	return 0;
}
