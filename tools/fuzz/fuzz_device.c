// SPDX-License-Identifier: GPL-2.0
/*
 * A control unit whose answers are the fuzzer's input, see fuzz_device.h.
 *
 * Each command takes some bytes of the script, which say what it does and with
 * how many bytes.  When the script has ended, a command moves what the program
 * provides, in the direction that its code has on most devices, and ends
 * normally.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <kvm_css/ccw.h>
#include <kvm_css/command.h>

#include "fuzz_device.h"

#define BUFFER		0x20000u
#define SINGLES		64u
#define PIECE		97u
/* How often it is busy, and for how long each time */
#define BUSY_TIMES	3
#define BUSY_US		20000
/* When a command that is pending is completed */
#define PENDING_NS	1000000

/* The first byte of an answer */
#define HOW_MOVE	0x03	/* 0: by the command, 1: none, 2: give, 3: take */
#define HOW_LENGTH	0x04	/* a length follows; else what is provided */
#define HOW_LONG	0x08	/* the length has two bytes, times two */
#define HOW_STATUS	0x10	/* a status follows */
#define HOW_WAIT	0x20	/* can only be executed on a worker */
#define HOW_PEND	0x40	/* it is pending; one byte says how */
#define HOW_STOP	0x80	/* the program is stopped meanwhile */

/* How a command is pending */
#define PEND_AT_ONCE	0x01	/* cu_completed() comes before CU_PENDING */
#define PEND_AGAIN	0x02	/* it is pending once more */
#define PEND_OBLIGING	0x04	/* it makes an end when it is asked to */
#define PEND_DURING	0x08	/* others go on before CU_PENDING is answered */

static u8 given[BUFFER];
static u8 taken[BUFFER];

static struct fuzz_device *to_fuzz(struct css_device *dev)
{
	return container_of(dev, struct fuzz_device, dev);
}

static u32 length(struct fuzz_device *fuzz, u8 how)
{
	u32 len;

	if (!(how & HOW_LENGTH))
		return 0;
	len = take8_back(fuzz->script);
	if (how & HOW_LONG)
		len = 2 * (len << 8 | take8_back(fuzz->script));
	return len;
}

static u32 move_some(struct chanprog *cp, bool give, u32 at, u32 len)
{
	u32 done = give ? chanprog_to_guest(cp, given + at, len) :
			  chanprog_from_guest(cp, taken + at, len);

	shim_assert(done <= len);
	/*
	 * If fewer bytes were moved than asked for, the core must know the
	 * reason.
	 */
	shim_assert(done == len || chanprog_broken_off(cp) ||
		    cp->device_wants_more || cp->suspended);
	return done;
}

/*
 * The size of the next piece: a byte at first, later some more, to get to an
 * end
 */
static u32 piece(const struct fuzz_device *fuzz, u32 moved)
{
	if (!fuzz->pieces)
		return BUFFER;
	return moved < SINGLES ? 1 : PIECE;
}

/* Move so many bytes, or as many as the program provides. */
static u32 move(struct fuzz_device *fuzz, struct chanprog *cp, bool give,
		u32 len, bool whatever)
{
	u32 moved = 0, want, done;

	fuzz->guest->moving = give;
	do {
		want = whatever ? chanprog_provided(cp) : len - moved;
		want = min3(want, piece(fuzz, moved), BUFFER - moved);
		if (!want)
			break;
		done = move_some(cp, give, moved, want);
		moved += done;
	} while (done == want);
	fuzz->guest->moving = false;
	return moved;
}

/* Return: 2 if the current command gives data, 3 if it takes data, or 1. */
static u8 direction_of(const struct fuzz_device *fuzz, u8 cmd)
{
	u8 direction = fuzz->how & HOW_MOVE;

	if (direction)
		return direction;
	if ((cmd & 3) == 3)
		return 1;
	return cmd & 1 ? 3 : 2;
}

static void move_data(struct fuzz_device *fuzz, struct chanprog *cp, u8 cmd)
{
	u8 direction = direction_of(fuzz, cmd);
	u32 len = length(fuzz, fuzz->how);
	bool whatever = !(fuzz->how & HOW_LENGTH);

	if (direction == 2)
		fuzz->given += move(fuzz, cp, true, len, whatever);
	else if (direction == 3 && !ccw_is_backward(cmd))
		fuzz->taken += move(fuzz, cp, false, len, whatever);
}

/* In the context of a runner, who may let others go on */
static void enter(struct fuzz_device *fuzz, struct chanprog *cp)
{
	shim_might_sleep();
	shim_assert(!shim_context()->mutexes);
	shim_assert(!chanprog_may_wait(cp) || shim_context()->worker);
	shim_assert(!fuzz->waiting);
	if (fuzz->guest->during)
		fuzz->guest->during();
}

static cu_status_t end(struct fuzz_device *fuzz, struct chanprog *cp, u8 cmd)
{
	struct css_device *dev = &fuzz->dev;
	u8 dstat = DSTAT_CHANNEL_END | DSTAT_DEVICE_END;
	u8 how = fuzz->how;

	if (how & HOW_STOP && fuzz->may_stop)
		chanprog_stop(cp, cmd & 0x10 ? CHANPROG_HALT : CHANPROG_DROP);
	if (how & HOW_STATUS)
		dstat = take8_back(fuzz->script);
	if (dstat & DSTAT_UNIT_CHECK)
		memset(dev->sense, how, sizeof(dev->sense));
	fuzz->commands++;
	fuzz->last = dstat;
	return CU_STATUS(dstat);
}

/* Commands that are pending */

void fuzz_device_complete(struct css_device *dev)
{
	struct fuzz_device *fuzz = to_fuzz(dev);

	if (!fuzz_device_incomplete(dev) || !fuzz->waiting)
		return;
	hrtimer_cancel(&fuzz->timer);
	fuzz->waiting = false;
	cu_completed(dev);
}

static enum hrtimer_restart expired(struct hrtimer *timer)
{
	struct fuzz_device *fuzz = container_of(timer, struct fuzz_device,
						timer);

	shim_assert(fuzz->waiting);
	fuzz->waiting = false;
	cu_completed(&fuzz->dev);
	return HRTIMER_NORESTART;
}

static cu_status_t pend(struct fuzz_device *fuzz)
{
	fuzz->waiting = true;
	fuzz->incomplete = true;
	hrtimer_start(&fuzz->timer, PENDING_NS, HRTIMER_MODE_REL);
	if (fuzz->pend & PEND_AT_ONCE)
		fuzz_device_complete(&fuzz->dev);
	/* Another context may now run the timer or the work item. */
	if (fuzz->pend & PEND_DURING && fuzz->guest->during)
		fuzz->guest->during();
	return CU_PENDING;
}

static void fuzz_stop(struct css_device *dev, bool dropped)
{
	shim_assert(to_fuzz(dev)->incomplete);
	if (to_fuzz(dev)->pend & PEND_OBLIGING)
		fuzz_device_complete(dev);
}

static cu_status_t fuzz_complete(struct css_device *dev, struct chanprog *cp,
				 u8 cmd)
{
	struct fuzz_device *fuzz = to_fuzz(dev);

	shim_assert(fuzz->incomplete);
	shim_assert(chanprog_may_wait(cp));
	fuzz->incomplete = false;
	enter(fuzz, cp);
	if (fuzz->pend & PEND_AGAIN) {
		fuzz->pend &= ~PEND_AGAIN;
		return pend(fuzz);
	}
	if (direction_of(fuzz, cmd) == 2)
		move_data(fuzz, cp, cmd);
	return end(fuzz, cp, cmd);
}

static cu_status_t fuzz_command(struct css_device *dev, struct chanprog *cp,
				u8 cmd)
{
	struct fuzz_device *fuzz = to_fuzz(dev);
	bool pends;
	u8 how;

	shim_assert(cmd & 0x0f && (cmd & 0x0f) != CCW_CMD_TIC);
	shim_assert(!fuzz->incomplete);
	enter(fuzz, cp);
	how = take8_back(fuzz->script);
	if (how & HOW_WAIT && !chanprog_may_wait(cp)) {
		/* It will be asked again, and must give the same answer. */
		fuzz->script->left++;
		return CU_MUST_WAIT;
	}
	fuzz->how = how;
	pends = how & HOW_PEND;
	if (pends)
		fuzz->pend = take8_back(fuzz->script);
	if (!pends || direction_of(fuzz, cmd) != 2)
		move_data(fuzz, cp, cmd);
	return pends ? pend(fuzz) : end(fuzz, cp, cmd);
}

static u8 fuzz_select(struct css_device *dev)
{
	struct fuzz_device *fuzz = to_fuzz(dev);
	u8 dstat = fuzz->initial;

	shim_assert(shim_context()->mutexes);
	if (dstat & ~(DSTAT_BUSY | DSTAT_STATUS_MODIFIER) || !fuzz->busy)
		fuzz->initial = 0;
	if (!dstat || dstat & ~(DSTAT_BUSY | DSTAT_STATUS_MODIFIER))
		return dstat;
	if (!fuzz->busy)
		return 0;
	fuzz->busy--;
	cu_request(dev, BUSY_US);
	return dstat;
}

static u8 fuzz_status(struct css_device *dev)
{
	struct fuzz_device *fuzz = to_fuzz(dev);
	u8 dstat = fuzz->presents;

	shim_assert(shim_context()->mutexes);
	fuzz->presents = 0;
	return dstat;
}

static void fuzz_halt(struct css_device *dev)
{
	shim_assert(shim_context()->mutexes);
}

static void fuzz_reset(struct css_device *dev)
{
	struct fuzz_device *fuzz = to_fuzz(dev);

	/* Nobody has this device complete a command any more. */
	shim_assert(!fuzz->waiting);
	fuzz->incomplete = false;
	fuzz->initial = 0;
	fuzz->presents = 0;
	cu_withdraw(dev);
}

static void fuzz_release(struct css_device *dev)
{
	shim_assert(!to_fuzz(dev)->released);
	shim_assert(!to_fuzz(dev)->waiting);
	to_fuzz(dev)->released++;
	if (to_fuzz(dev)->owned)
		kfree(to_fuzz(dev));
}

static const struct cu_ops fuzz_ops = {
	.name = "fuzz",
	.select = fuzz_select,
	.status = fuzz_status,
	.halt = fuzz_halt,
	.reset = fuzz_reset,
	.command = fuzz_command,
	.complete = fuzz_complete,
	.stop = fuzz_stop,
	.release = fuzz_release,
};

void fuzz_device_init(struct fuzz_device *fuzz, struct fuzz_guest *guest,
		      struct fuzz_input *script)
{
	static bool filled;
	u32 i;

	for (i = 0; !filled && i < BUFFER; i++)
		given[i] = i * 7 ^ i >> 8;
	filled = true;
	memset(fuzz, 0, sizeof(*fuzz));
	fuzz->dev.ops = &fuzz_ops;
	fuzz->dev.request = &fuzz->request;
	fuzz->dev.pending = &fuzz->pending;
	hrtimer_init(&fuzz->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	fuzz->timer.function = expired;
	fuzz->guest = guest;
	fuzz->script = script;
}

struct fuzz_device *fuzz_device_create(struct fuzz_guest *guest,
				       struct fuzz_input *script)
{
	struct fuzz_device *fuzz = kzalloc(sizeof(*fuzz), GFP_KERNEL);

	if (!fuzz)
		return NULL;
	fuzz_device_init(fuzz, guest, script);
	fuzz->owned = true;
	return fuzz;
}

void fuzz_device_initial(struct css_device *dev, u8 dstat)
{
	if (dev->ops != &fuzz_ops)
		return;
	to_fuzz(dev)->initial = dstat ? dstat | DSTAT_BUSY : 0;
	to_fuzz(dev)->busy = BUSY_TIMES;
}

void fuzz_device_present(struct css_device *dev, u8 dstat)
{
	if (dev->ops != &fuzz_ops)
		return;
	to_fuzz(dev)->presents = dstat;
	cu_request(dev, 0);
}

bool fuzz_device_incomplete(const struct css_device *dev)
{
	return dev->ops == &fuzz_ops &&
	       container_of(dev, struct fuzz_device, dev)->incomplete;
}

bool fuzz_device_presents(const struct css_device *dev)
{
	return dev->ops == &fuzz_ops &&
	       container_of(dev, struct fuzz_device, dev)->presents;
}
