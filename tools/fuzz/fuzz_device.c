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

/* The first byte of an answer */
#define HOW_MOVE	0x03	/* 0: by the command, 1: none, 2: give, 3: take */
#define HOW_LENGTH	0x04	/* a length follows; else what is provided */
#define HOW_LONG	0x08	/* the length has two bytes, times two */
#define HOW_STATUS	0x10	/* a status follows */
#define HOW_WAIT	0x20	/* can only be executed on a worker */
#define HOW_STOP	0x80	/* the program is stopped meanwhile */

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

static void move_data(struct fuzz_device *fuzz, struct chanprog *cp, u8 cmd,
		      u8 how)
{
	u8 direction = how & HOW_MOVE;
	u32 len = length(fuzz, how);
	bool whatever = !(how & HOW_LENGTH);

	if (!direction) {
		if ((cmd & 3) == 3)
			return;
		direction = cmd & 1 ? 3 : 2;
	}
	if (direction == 2)
		fuzz->given += move(fuzz, cp, true, len, whatever);
	else if (direction == 3 && !ccw_is_backward(cmd))
		fuzz->taken += move(fuzz, cp, false, len, whatever);
}

static cu_status_t fuzz_command(struct css_device *dev, struct chanprog *cp,
				u8 cmd)
{
	struct fuzz_device *fuzz = to_fuzz(dev);
	u8 dstat = DSTAT_CHANNEL_END | DSTAT_DEVICE_END;
	u8 how;

	shim_might_sleep();
	shim_assert(!shim_context()->mutexes);
	shim_assert(cmd & 0x0f && (cmd & 0x0f) != CCW_CMD_TIC);
	shim_assert(!chanprog_may_wait(cp) || shim_context()->worker);
	if (fuzz->guest->during)
		fuzz->guest->during();
	how = take8_back(fuzz->script);
	if (how & HOW_WAIT && !chanprog_may_wait(cp)) {
		/* It will be asked again, and must give the same answer. */
		fuzz->script->left++;
		return CU_MUST_WAIT;
	}
	move_data(fuzz, cp, cmd, how);
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

	fuzz->initial = 0;
	fuzz->presents = 0;
	cu_withdraw(dev);
}

static void fuzz_release(struct css_device *dev)
{
	shim_assert(!to_fuzz(dev)->released);
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

bool fuzz_device_presents(const struct css_device *dev)
{
	return dev->ops == &fuzz_ops &&
	       container_of(dev, struct fuzz_device, dev)->presents;
}
