// SPDX-License-Identifier: GPL-2.0
/*
 * A device that a process models, the channel's side.  user_chain.c looks at what is chained
 * to a command, user_unit.c is the process's side, and user.h says what both share, with its lock.
 *
 * Documentation/user-devices.rst describes the states of a command and who changes
 * them.  A command that goes up is pending (Documentation/pending-commands.rst): no
 * thread waits for the process.
 */
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/command.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/user_unit.h>

#include "devices.h"
#include "user.h"

#define CMD_SENSE_PGID		0x34
#define CMD_MULTIPATH_OFF	0x5b
#define CMD_SET_PGID		0xaf

#define NORMAL		(DSTAT_CHANNEL_END | DSTAT_DEVICE_END)
#define CHECKED		(NORMAL | DSTAT_UNIT_CHECK)

#define AREA_UNIT	4096u
#define AREA_DEFAULT	65536u
#define AREA_MAX	1048576u

/* The data of SENSE ID, without and with command-information words */
#define ID_LEN		7u
#define ID_LEN_CIW	8u
#define CIW_SIZE	4u

static_assert(KVM_CSS_CCW_CHAIN_DATA == CCW_CD);
static_assert(KVM_CSS_CCW_CHAIN_COMMAND == CCW_CC);
static_assert(KVM_CSS_CCW_SLI == CCW_SLI);
static_assert(KVM_CSS_STATUS_ATTENTION == DSTAT_ATTENTION);
static_assert(KVM_CSS_STATUS_MODIFIER == DSTAT_STATUS_MODIFIER);
static_assert(KVM_CSS_STATUS_CU_END == DSTAT_CONTROL_UNIT_END);
static_assert(KVM_CSS_STATUS_BUSY == DSTAT_BUSY);
static_assert(KVM_CSS_STATUS_CHANNEL_END == DSTAT_CHANNEL_END);
static_assert(KVM_CSS_STATUS_DEVICE_END == DSTAT_DEVICE_END);
static_assert(KVM_CSS_STATUS_UNIT_CHECK == DSTAT_UNIT_CHECK);
static_assert(KVM_CSS_STATUS_UNIT_EXCEPTION == DSTAT_UNIT_EXCEPTION);
static_assert(sizeof_field(struct kvm_css_answer, sense) == CU_SENSE_SIZE);
static_assert(sizeof_field(struct user_kept, sense) == CU_SENSE_SIZE);

/* "Memory" in Documentation/architecture.rst states this size. */
#if !IS_ENABLED(CONFIG_LOCKDEP) && !IS_ENABLED(CONFIG_DEBUG_OBJECTS) && \
	!IS_ENABLED(CONFIG_DEBUG_SPINLOCK)
static_assert(sizeof(struct user_device) <= 320);
#endif

/* References */

static void user_free(struct kref *ref)
{
	kfree(container_of(ref, struct user_device, ref));
}

void user_device_put(struct user_device *user)
{
	kref_put(&user->ref, user_free);
}

static void put_unit(struct user_unit *unit)
{
	if (unit)
		user_unit_put(unit);
}

/* Forget the command.  Return: its unit, see user_detach(). */
static struct user_unit *forget_command(struct user_device *user)
{
	struct user_unit *at = user->at;

	user->at = NULL;
	user->state = USER_NONE;
	return at;
}

/* Sense bytes */

static void set_sense(struct user_device *user, const u8 *sense, u8 len)
{
	memset(user->dev.sense, 0, sizeof(user->dev.sense));
	memcpy(user->dev.sense, sense, len);
	user->sense_len = len;
}

/*
 * The sense bytes of a unit check that the process has not made.  Byte 3 is one of the
 * device's: Linux takes a unit check of a tape drive for success if that byte, the ERA
 * code, is zero (tape_34xx_unit_check()).
 */
static void set_sense0(struct user_device *user, u8 sense0)
{
	u8 sense[CU_SENSE_SIZE] = { sense0, 0, 0, user->sense3 };

	set_sense(user, sense, sizeof(sense));
}

static void clear_sense(struct user_device *user)
{
	memset(user->dev.sense, 0, sizeof(user->dev.sense));
	user->sense_len = 0;
}

static bool has_sense(const struct user_device *user)
{
	return memchr_inv(user->dev.sense, 0, sizeof(user->dev.sense));
}

static cu_status_t give_sense(struct user_device *user, struct chanprog *cp)
{
	u8 sense[CU_SENSE_SIZE];

	cu_take_sense(&user->dev, sense);
	chanprog_to_guest(cp, sense, user->sense_len ?: sizeof(sense));
	return CU_ENDED;
}

/* Commands that the kernel executes */

static cu_status_t refuse(struct user_device *user, u8 sense0)
{
	set_sense0(user, sense0);
	return CU_STATUS(DSTAT_UNIT_CHECK);
}

static cu_status_t give_id(const struct user_device *user, struct chanprog *cp)
{
	chanprog_to_guest(cp, user->id, user->id_len);
	return CU_ENDED;
}

/*
 * Nobody serves the device.  Linux asks for path groups before it uses a device, and
 * takes no other unit check but command reject for the answer that there are none
 * (drivers/s390/cio/device_pgid.c).
 */
static cu_status_t unserved_command(struct user_device *user,
				    struct chanprog *cp, u8 cmd)
{
	switch (cmd) {
	case CU_CMD_SENSE:
		set_sense0(user, SENSE0_INTERVENTION_REQ);
		return give_sense(user, cp);
	case CU_CMD_NOOP:
		return CU_ENDED;
	case CMD_SENSE_PGID:
	case CMD_SET_PGID:
	case CMD_MULTIPATH_OFF:
		return refuse(user, SENSE0_COMMAND_REJECT);
	default:
		return refuse(user, SENSE0_INTERVENTION_REQ);
	}
}

/* Commands that go up */

/*
 * Which unit serves the device?  A command that was in progress is forgotten:
 * ->command() may be called again for it when a worker was killed before it could
 * call ->complete().
 * Return: the unit, with a reference, or NULL.
 */
static struct user_unit *serving(struct user_device *user)
{
	struct user_unit *before, *unit;

	spin_lock_bh(&user->lock);
	unit = user->unit;
	/* The guest has not seen how it ended, and won't. */
	if (user->state == USER_ANSWERED && unit && user->at == unit)
		user_unit_reset(unit, KVM_CSS_EVENT_CLEARED);
	before = forget_command(user);
	if (unit)
		kref_get(&unit->ref);
	spin_unlock_bh(&user->lock);
	put_unit(before);
	return unit;
}

/* Who has the data area of a unit */
enum area_of {
	AREA_FREE,
	/* The process: the command is pending until it gives the area back. */
	AREA_HELD,
	/* Nobody, since the unit serves no more. */
	AREA_GONE,
};

static enum area_of whose_area(struct user_device *user, struct user_unit *unit)
{
	enum area_of whose = AREA_FREE;

	spin_lock_bh(&user->lock);
	if (user->unit != unit)
		whose = AREA_GONE;
	else if (unit->held)
		whose = AREA_HELD;
	if (whose == AREA_HELD) {
		user->state = USER_HELD;
		/* The process may wait in poll() until there is something new. */
		if (unit->told)
			unit->ops->wake(unit);
	}
	spin_unlock_bh(&user->lock);
	return whose;
}

static u32 flags_of(const struct chanprog *cp, const struct user_unit *unit)
{
	u32 flags = 0;

	if (chanprog_untouched(cp))
		flags |= KVM_CSS_COMMAND_FIRST;
	if (!chanprog_fetches(cp))
		return flags;
	if (unit->point.more)
		flags |= KVM_CSS_COMMAND_MORE;
	if (unit->point.check)
		flags |= KVM_CSS_COMMAND_CHECK;
	return flags;
}

/* Return: false when the unit doesn't serve any more. */
static bool offer(struct user_device *user, struct user_unit *unit,
		  const struct kvm_css_command *command)
{
	bool serves;
	u32 i;

	spin_lock_bh(&user->lock);
	serves = user->unit == unit;
	if (serves) {
		unit->command = *command;
		unit->command.seq = ++unit->seq;
		for (i = 0; i < unit->nr_next; i++)
			unit->next[i].command.seq = ++unit->seq;
		unit->halting = false;
		kref_get(&unit->ref);
		user->at = unit;
		user->state = USER_OFFERED;
		guest_trace_unit(unit, GUEST_TRACE_OFFERED, unit->command.seq,
				 command->code, unit->nr_next);
		unit->ops->wake(unit);
	}
	spin_unlock_bh(&user->lock);
	return serves;
}

static cu_status_t issue(struct user_device *user, struct user_unit *unit,
			 struct chanprog *cp, u8 cmd)
{
	struct kvm_css_command command = {
		.code = cmd,
		.ccw_flags = chanprog_ccw_flags(cp),
		.room = unit->size,
		.provided = chanprog_provided(cp),
		.issued = ktime_get_ns(),
	};

	switch (whose_area(user, unit)) {
	case AREA_HELD:
		return CU_OFFERED;
	case AREA_GONE:
		return refuse(user, SENSE0_INTERVENTION_REQ);
	default:
		break;
	}
	if (chanprog_fetches(cp))
		command.available = chanprog_peek(cp, unit->area, unit->size,
						  &unit->point);
	command.flags = flags_of(cp, unit);
	user_look_on(unit, cp, &command);
	/* The device has not begun, so nothing of the command has happened. */
	if (chanprog_stopped(cp))
		return CU_ENDED;
	return offer(user, unit, &command) ? CU_OFFERED :
		refuse(user, SENSE0_INTERVENTION_REQ);
}

static cu_status_t use_answer(struct user_device *user, struct user_unit *unit,
			      struct chanprog *cp);

/*
 * The process has executed this command behind the one before, and has answered it.
 * Nobody changes @at meanwhile, which has its reference until the last one.
 */
static cu_status_t go_on(struct user_device *user, struct chanprog *cp, u8 cmd)
{
	struct user_unit *at = user->at, *last = NULL;
	cu_status_t status;

	if (cmd != CU_CMD_NOOP)
		clear_sense(user);
	status = use_answer(user, at, cp);
	if (at->used <= at->nr_done)
		return status;
	spin_lock_bh(&user->lock);
	last = forget_command(user);
	spin_unlock_bh(&user->lock);
	put_unit(last);
	return status;
}

static cu_status_t user_command(struct css_device *dev, struct chanprog *cp,
				u8 cmd)
{
	struct user_device *user = to_user(dev);
	struct user_unit *unit;
	cu_status_t status;

	if (chanprog_followed(cp))
		return go_on(user, cp, cmd);
	unit = serving(user);

	if (cmd == CU_CMD_SENSE && has_sense(user)) {
		status = give_sense(user, cp);
	} else {
		if (cmd != CU_CMD_NOOP)
			clear_sense(user);
		if (cmd == CU_CMD_SENSE_ID)
			status = give_id(user, cp);
		else
			status = unit ? issue(user, unit, cp, cmd) :
					unserved_command(user, cp, cmd);
	}
	put_unit(unit);
	return status;
}

/* Commands that have been up */

/*
 * If the device has more data than the area, it wants more bytes of storage than there
 * are if there are no more than those.
 */
static void give_data(const struct user_unit *unit, struct chanprog *cp,
		      const struct kvm_css_command *command, u32 count)
{
	const u8 more = 0;

	chanprog_to_guest(cp, unit->area + command->offset,
			  min(count, command->room));
	if (count > command->room && !chanprog_provided(cp))
		chanprog_to_guest(cp, &more, sizeof(more));
}

static void move_data(const struct user_unit *unit, struct chanprog *cp, u32 nr,
		      u32 count)
{
	if (!chanprog_fetches(cp))
		give_data(unit, cp, nr ? &unit->next[nr - 1].command :
					 &unit->command, count);
	else if (nr)
		chanprog_take_chained(cp, count);
	else
		chanprog_take(cp, &unit->point, count);
}

/* Use what the process has said of a command that the next one has followed. */
static cu_status_t use_done(const struct user_unit *unit, struct chanprog *cp,
			    u32 nr)
{
	chanprog_follow(cp, &unit->next[nr].ccw);
	move_data(unit, cp, nr, unit->done[nr].count);
	if (!(unit->done[nr].flags & KVM_CSS_ANSWER_IMMEDIATE))
		chanprog_asks(cp);
	return CU_ENDED;
}

/*
 * Use the answer of the process for the next of the commands that it has executed.  What
 * it asks the channel to move to the guest is in the area, which it may change meanwhile:
 * then the guest gets what it has changed.
 */
static cu_status_t use_answer(struct user_device *user, struct user_unit *unit,
			      struct chanprog *cp)
{
	const struct kvm_css_answer *answer = &unit->answer;
	const u32 nr = unit->used++;

	if (nr < unit->nr_done)
		return use_done(unit, cp, nr);
	move_data(unit, cp, nr, answer->count);
	if (answer->status & DSTAT_CHANNEL_END &&
	    !(answer->flags & KVM_CSS_ANSWER_IMMEDIATE))
		chanprog_asks(cp);
	if (answer->status & DSTAT_UNIT_CHECK)
		set_sense(user, answer->sense, answer->sense_len);
	return CU_STATUS(answer->status);
}

/*
 * A command is in progress until this has been called, so nobody changes @at and
 * @answer of the unit while this uses them without the lock.
 */
static cu_status_t user_complete(struct css_device *dev, struct chanprog *cp,
				 u8 cmd)
{
	struct user_device *user = to_user(dev);
	struct user_unit *at, *unit;
	cu_status_t status;
	u8 state;

	spin_lock_bh(&user->lock);
	state = user->state;
	if (state == USER_ANSWERED && user->at->nr_done) {
		at = user->at;
		kref_get(&at->ref);
		user->state = USER_EXECUTED;
	} else {
		at = forget_command(user);
	}
	unit = user->unit;
	if (unit)
		kref_get(&unit->ref);
	spin_unlock_bh(&user->lock);
	if (state == USER_ANSWERED) {
		at->used = 0;
		status = use_answer(user, at, cp);
	} else if (state == USER_OVER) {
		set_sense0(user, user->over_sense);
		status = CU_STATUS(user->over);
	} else {
		/* USER_FREED */
		status = unit ? issue(user, unit, cp, cmd) :
			refuse(user, SENSE0_INTERVENTION_REQ);
	}
	put_unit(at);
	put_unit(unit);
	return status;
}

void user_end(struct user_device *user, u8 status, u8 sense0)
{
	if (user->at) {
		user->at->events &= ~KVM_CSS_EVENT_STOP;
		guest_trace_unit(user->at, GUEST_TRACE_ENDED, user->at->command.seq,
				 status, 0);
	}
	user->state = USER_OVER;
	user->over = status;
	user->over_sense = sense0;
	cu_completed(&user->dev);
}

/* Give the process a time limit, see halt_too_long(). */
static void halt_taken(struct user_unit *unit)
{
	if (unit->halting)
		return;
	unit->halting = true;
	unit->halt_end = ktime_get_ns() + USER_HALT_MS * NSEC_PER_MSEC;
	hrtimer_start(&unit->timer, ns_to_ktime(USER_HALT_MS * NSEC_PER_MSEC),
		      HRTIMER_MODE_REL_SOFT);
	user_event(unit, KVM_CSS_EVENT_STOP);
}

/*
 * If no process has got the command, nothing of it has happened, and it ends as a
 * program ends that is halted between two commands.
 */
static void user_stop(struct css_device *dev, bool dropped)
{
	struct user_device *user = to_user(dev);

	spin_lock_bh(&user->lock);
	if (user->state == USER_HELD || user->state == USER_OFFERED ||
	    (user->state == USER_TAKEN && dropped))
		user_end(user, NORMAL, 0);
	else if (user->state == USER_TAKEN)
		halt_taken(user->at);
	spin_unlock_bh(&user->lock);
}

/* Status that the device presents */

static u8 take_kept(struct user_device *user, struct user_kept *kept)
{
	u8 status = kept->status;

	if (status & DSTAT_UNIT_CHECK)
		set_sense(user, kept->sense, kept->sense_len);
	kept->status = 0;
	return status;
}

static u8 take_ending(struct user_device *user, struct user_unit *unit)
{
	guest_trace_unit(unit, GUEST_TRACE_PRESENTED, unit->operation,
			 unit->ending.status, 0);
	unit->operation = 0;
	return take_kept(user, &unit->ending);
}

static u8 take_unsolicited(struct user_device *user, struct user_unit *unit)
{
	guest_trace_unit(unit, GUEST_TRACE_PRESENTED, 0, unit->unsolicited.status, 0);
	user_event(unit, KVM_CSS_EVENT_PRESENTED);
	return take_kept(user, &unit->unsolicited);
}

static u8 take_orphan(struct user_device *user)
{
	user->orphan = false;
	set_sense0(user, SENSE0_INTERVENTION_REQ);
	return DSTAT_DEVICE_END | DSTAT_UNIT_CHECK;
}

/* While an operation goes on, the device presents its end and nothing else. */
static u8 status_of_unit(struct user_device *user, struct user_unit *unit)
{
	if (unit->operation)
		return unit->ending.status ? take_ending(user, unit) : 0;
	return unit->unsolicited.status ? take_unsolicited(user, unit) : 0;
}

static u8 user_status(struct css_device *dev)
{
	struct user_device *user = to_user(dev);
	u8 status = 0;

	spin_lock_bh(&user->lock);
	if (user->orphan)
		status = take_orphan(user);
	else if (user->unit)
		status = status_of_unit(user, user->unit);
	spin_unlock_bh(&user->lock);
	return status;
}

static u8 busy_status(const struct user_unit *unit)
{
	if (unit->busy & KVM_CSS_BUSY_CONTROL_UNIT)
		return DSTAT_BUSY | DSTAT_STATUS_MODIFIER;
	return unit->busy ? DSTAT_BUSY : 0;
}

/*
 * If an operation has ended with device end alone, this would only say that the device
 * isn't busy any more, which it says by accepting the start function, too.  Unsolicited
 * status waits until the subchannel is idle: a driver that doesn't look at the deferred
 * condition code (Linux' raw3270.c) would take it for the end of its start function.
 */
static u8 select_unit(struct user_device *user, struct user_unit *unit)
{
	if (unit->operation) {
		if (!unit->ending.status)
			return DSTAT_BUSY;
		if (unit->ending.status != DSTAT_DEVICE_END)
			return DSTAT_BUSY | take_ending(user, unit);
		take_ending(user, unit);
	}
	unit->asked = unit->busy;
	return busy_status(unit);
}

static u8 user_select(struct css_device *dev)
{
	struct user_device *user = to_user(dev);
	u8 status = 0;

	spin_lock_bh(&user->lock);
	if (user->orphan)
		status = DSTAT_BUSY | take_orphan(user);
	else if (user->unit)
		status = select_unit(user, user->unit);
	spin_unlock_bh(&user->lock);
	return status;
}

static void user_halt(struct css_device *dev)
{
	struct user_device *user = to_user(dev);
	struct user_unit *unit;

	spin_lock_bh(&user->lock);
	user->orphan = false;
	unit = user->unit;
	if (unit && unit->operation) {
		unit->operation = 0;
		unit->ending.status = 0;
		user_event(unit, KVM_CSS_EVENT_HALTED);
		/* The device was asked for this while the operation went on. */
		if (unit->unsolicited.status)
			cu_request(dev, 0);
	}
	spin_unlock_bh(&user->lock);
}

/* The end of all */

static void reset(struct user_device *user, u32 event)
{
	struct user_unit *at;

	spin_lock_bh(&user->lock);
	at = forget_command(user);
	user->orphan = false;
	user->sense_len = 0;
	/* Under the lock, so that a request that comes after the reset stays. */
	cu_withdraw(&user->dev);
	if (user->unit)
		user_unit_reset(user->unit, event);
	spin_unlock_bh(&user->lock);
	put_unit(at);
}

static void user_reset(struct css_device *dev)
{
	reset(to_user(dev), KVM_CSS_EVENT_RESET);
}

static void user_clear(struct css_device *dev)
{
	reset(to_user(dev), KVM_CSS_EVENT_CLEARED);
}

struct user_unit *user_detach(struct user_device *user)
{
	struct user_unit *unit = user->unit;

	if (!unit)
		return NULL;
	user->unit = NULL;
	if (user->state == USER_HELD || user->state == USER_OFFERED)
		user_end(user, DSTAT_UNIT_CHECK, SENSE0_INTERVENTION_REQ);
	else if (user->state == USER_TAKEN)
		user_end(user, CHECKED, SENSE0_INTERVENTION_REQ);
	/* There may be one that has not been presented yet. */
	if (unit->operation && !user->gone)
		user->orphan = true;
	/* A start function may wait until the device isn't busy any more. */
	if (user->orphan || (unit->asked && !user->gone))
		cu_request(&user->dev, 0);
	unit->ops->wake(unit);
	return unit;
}

static void user_gone(struct css_device *dev)
{
	struct user_device *user = to_user(dev);
	struct user_unit *unit;

	spin_lock_bh(&user->lock);
	user->gone = true;
	user->orphan = false;
	unit = user_detach(user);
	spin_unlock_bh(&user->lock);
	put_unit(unit);
}

static void user_release(struct css_device *dev)
{
	struct user_device *user = to_user(dev);

	user_gone(dev);
	put_unit(serving(user));
	user_device_put(user);
}

static int user_describe(const struct css_device *dev,
			 struct kvm_css_device *device)
{
	const struct user_device *user = container_of(dev, struct user_device,
						      dev);

	device->user = (struct kvm_css_user){
		.size = sizeof(device->user),
		.area = user->area,
		.id_len = user->id_len,
		.sense3 = user->sense3,
	};
	memcpy(device->user.id, user->id, sizeof(user->id));
	return 0;
}

/* What a process does can't be taken elsewhere. */
static bool user_saveable(struct css_device *dev)
{
	struct user_device *user = to_user(dev);
	bool saveable;

	spin_lock_bh(&user->lock);
	saveable = !user->unit && !user->orphan;
	spin_unlock_bh(&user->lock);
	return saveable;
}

static u32 user_now(struct css_device *dev)
{
	struct user_device *user = to_user(dev);
	bool served;

	spin_lock_bh(&user->lock);
	served = user->unit;
	spin_unlock_bh(&user->lock);
	return served ? KVM_CSS_NOW_SERVED : KVM_CSS_NOW_UNSERVED;
}

/* Sense bytes are restored for each device; here it is not known how many there were. */
static bool user_restore(struct css_device *dev,
			 const union kvm_css_device_state *state)
{
	if (memchr_inv(state, 0, sizeof(*state)))
		return false;
	to_user(dev)->sense_len = 0;
	return true;
}

static const struct cu_ops user_ops = {
	.name = "user",
	.type = KVM_CSS_TYPE_USER,
	.reset = user_reset,
	.clear = user_clear,
	.select = user_select,
	.status = user_status,
	.halt = user_halt,
	.command = user_command,
	.complete = user_complete,
	.stop = user_stop,
	.describe = user_describe,
	.gone = user_gone,
	.saveable = user_saveable,
	.now = user_now,
	.restore = user_restore,
	.release = user_release,
};

struct user_device *user_device_get(struct css_device *dev)
{
	if (dev->ops != &user_ops)
		return NULL;
	kref_get(&to_user(dev)->ref);
	return to_user(dev);
}

u32 user_device_area(const struct user_device *user)
{
	return user->area;
}

/* "Sense ID": its first byte is ones, and command-information words follow byte 7. */
static bool id_valid(const u8 *id, u32 len)
{
	if (len != ID_LEN && (len <= ID_LEN_CIW || len > KVM_CSS_SENSE_ID ||
			      (len - ID_LEN_CIW) % CIW_SIZE))
		return false;
	return id[0] == 0xff && !id[ID_LEN] &&
	       !memchr_inv(id + len, 0, KVM_CSS_SENSE_ID - len);
}

struct css_device *user_device_add(const void *argument)
{
	const struct kvm_css_user *arg = argument;
	struct user_device *user;

	if (arg->flags || arg->area % AREA_UNIT || arg->area > AREA_MAX ||
	    !id_valid(arg->id, arg->id_len) ||
	    memchr_inv(arg->reserved, 0, sizeof(arg->reserved)))
		return ERR_PTR(-EINVAL);
	user = kzalloc(sizeof(*user), GFP_KERNEL_ACCOUNT);
	if (!user)
		return ERR_PTR(-ENOMEM);
	user->dev.ops = &user_ops;
	user->dev.request = &user->request;
	user->dev.pending = &user->pending;
	user->id_len = arg->id_len;
	user->sense3 = arg->sense3;
	memcpy(user->id, arg->id, sizeof(user->id));
	kref_init(&user->ref);
	user->area = arg->area ?: AREA_DEFAULT;
	spin_lock_init(&user->lock);
	return &user->dev;
}
