// SPDX-License-Identifier: GPL-2.0
/*
 * Executing sequences of I/O instructions on an image while the host
 * interferes, see sequence.h.  Other CPUs and workers may run wherever the core
 * may sleep: in every access to storage, and in every command of a device.
 */
#include <linux/kernel.h>

#include "fuzz_backend.h"
#include "fuzz_host.h"
#include "fuzz_unit.h"
#include "insn.h"
#include "program.h"
#include "sequence.h"

/* How many contexts may be active at most when another CPU begins */
#define NEST_DEPTH	3

/* The first byte of an operation; smaller numbers are instructions. */
enum op {
	OP_PUMP = INSNS, OP_PUMP_ALL, OP_ACCEPT, OP_ADD, OP_REMOVE, OP_RESET,
	OP_QUIESCE, OP_UNQUIESCE, OP_FAIL_INJECT, OP_FAIL_REPORT, OP_FAIL_ALLOC,
	OP_DIE, OP_NEST, OP_PROGRAM, OP_PATIENCE, OP_QUERY, OP_SELECT,
	OP_PRESENT, OP_UNIT, OPS
};

/* The image of the sequence; there is only one at a time. */
static struct fuzz_image *image;

/*
 * A byte has more values than there are operations, so frequent ones have two.
 */
static u8 take_op(void)
{
	u8 op = take8(image->in) & 0x3f;

	return op < OPS ? op : (op - OPS) % INSNS;
}

static void pump(unsigned int times, bool timers)
{
	while (times-- && shim_pump(timers))
		;
}

static void query(void)
{
	struct subchannel *sch = css_find_next(&image->css, SID_ONE);
	struct subchannel_info state;

	if (!sch)
		return;
	subchannel_query(sch, &state);
	subchannel_put(sch);
}

/*
 * Give a device status to present, when it is selected or by itself; or let it
 * complete a command that is pending, in a hard interrupt.
 */
static void device(u8 op, u8 arg)
{
	struct subchannel *sch = css_find(&image->css, image_sid(arg & 1));
	u8 dstat = take8(image->in);

	if (!sch)
		return;
	if (arg & 2) {
		shim_atomic_begin();
		fuzz_device_complete(sch->dev);
		fuzz_backend_tell(sch->dev, dstat);
		fuzz_host_tell(sch->dev, dstat);
		shim_atomic_end();
		subchannel_put(sch);
		return;
	}
	mutex_lock(&sch->lock);
	if (op == OP_SELECT)
		fuzz_device_initial(sch->dev, dstat);
	else
		fuzz_device_present(sch->dev, dstat);
	mutex_unlock(&sch->lock);
	subchannel_put(sch);
}

/* Let a process that serves a device do something. */
static void unit(u8 arg)
{
	struct subchannel *sch = css_find(&image->css, image_sid(arg & 1));

	if (!sch)
		return;
	fuzz_unit_act(sch->dev, image->in);
	subchannel_put(sch);
}

static void put_program(void)
{
	u8 what = take8(image->in);
	struct fuzz_program program = {
		.guest = &image->guest.guest,
		.orb_flags = what & 0x80 ? 0 : ORB_FORMAT,
		.begin = program_begin(what & 7),
		.next = what >> 3 & 0x0f,
	};

	while (program_item(&program, image->in))
		;
}

static void host(u8 op)
{
	const int timeouts[] = { 0, 1, 4, 100 };
	u8 arg = take8(image->in);
	int rc;

	switch (op) {
	case OP_ADD:
		image_add(image, arg % IMAGE_SEATS);
		break;
	case OP_REMOVE:
		image_remove(image, arg % IMAGE_SEATS);
		break;
	case OP_RESET:
		rc = css_reset(&image->css, CSS_RESET_ALL);
		shim_assert(!rc || rc == -EINTR);
		break;
	case OP_QUIESCE:
		rc = css_quiesce(&image->css, timeouts[arg % 4]);
		shim_assert(!rc || rc == -EINTR || rc == -ETIME || rc == -ECANCELED ||
			    rc == -EIO || rc == -EOPNOTSUPP);
		break;
	case OP_FAIL_INJECT:
		image->guest.guest.inject_failures = arg & 7;
		break;
	case OP_FAIL_REPORT:
		image->guest.guest.report_failures = arg & 7;
		break;
	case OP_FAIL_ALLOC:
		shim_fail_alloc(arg & 3, arg >> 2 & 3);
		break;
	case OP_PATIENCE:
		shim_patience(arg & 0x80 ? ~0u : arg & 7);
		break;
	case OP_SELECT:
	case OP_PRESENT:
		device(op, arg);
		break;
	case OP_UNIT:
		unit(arg);
		break;
	case OP_NEST:
		image->nest = 1 + (arg & 3);
		image->nest_in = arg >> 2;
		break;
	}
}

static void operation(void)
{
	u8 op = take_op();

	if (op < INSNS) {
		insn_execute(image, op);
		return;
	}
	switch (op) {
	case OP_PUMP:
		pump(1, false);
		break;
	case OP_PUMP_ALL:
		pump(8, true);
		break;
	case OP_ACCEPT:
		fuzz_accept(&image->guest);
		break;
	case OP_UNQUIESCE:
		css_unquiesce(&image->css);
		break;
	case OP_DIE:
		image->guest.guest.dying = true;
		image->died = true;
		break;
	case OP_PROGRAM:
		put_program();
		break;
	case OP_QUERY:
		query();
		break;
	default:
		host(op);
	}
}

/* A thread sleeps, so another CPU may do something. */
static void during(void)
{
	struct task_struct *outer;
	unsigned int times;

	if (!image->nest || shim_depth() >= NEST_DEPTH)
		return;
	if (image->nest_in) {
		image->nest_in--;
		return;
	}
	image->nested++;
	times = image->nest;
	image->nest = 0;
	outer = fuzz_cpu_begin(&image->guest);
	while (times--) {
		operation();
		image_check(image);
	}
	fuzz_cpu_end(&image->guest, outer);
}

void sequence_begin(struct fuzz_image *new, struct fuzz_input *in)
{
	image = new;
	shim_begin();
	image_begin(image, in, during);
}

void sequence_run(unsigned int operations)
{
	while (operations-- && image->in->left) {
		operation();
		image_check(image);
	}
}

void sequence_end(void)
{
	image->nest = 0;
	shim_fail_alloc(0, 0);
	image_end(image);
	shim_end();
}
