// SPDX-License-Identifier: GPL-2.0
/*
 * A device that a process models, the process's side: what it may say, and what it is
 * told.  user.c and user_chain.c are the channel's side, and user.h says what both
 * share, with its lock.
 *
 * The process isn't trusted.  What it says is checked before it has an effect, and if
 * it is refused nothing has changed.  No status gets past status_valid() and its
 * likes that a control unit could not present.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/command.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/timer.h>
#include <kvm_css/user_unit.h>

#include "user.h"

#define NORMAL		(DSTAT_CHANNEL_END | DSTAT_DEVICE_END)
#define CHECKED		(NORMAL | DSTAT_UNIT_CHECK)

/* What may stand beside channel end or device end */
#define MORE		(DSTAT_ATTENTION | DSTAT_CONTROL_UNIT_END | \
			 DSTAT_UNIT_CHECK | DSTAT_UNIT_EXCEPTION)

/* How long unsolicited status waits, so that a process can't make it cost much */
#define PRESENT_US	1000

#define BUSY_FLAGS	(KVM_CSS_BUSY_DEVICE | KVM_CSS_BUSY_CONTROL_UNIT)

/* What a process may say */

static bool sense_valid(u8 status, const u8 *sense, u8 len)
{
	if (!(status & DSTAT_UNIT_CHECK))
		return !len && !memchr_inv(sense, 0, CU_SENSE_SIZE);
	return len && len <= CU_SENSE_SIZE &&
	       !memchr_inv(sense + len, 0, CU_SENSE_SIZE - len);
}

/*
 * Device status that answers a command that is executed.  Status modifier with unit
 * check would be a request for channel-command retry.
 */
static bool answer_status_valid(u8 status)
{
	if (status == (NORMAL | DSTAT_STATUS_MODIFIER))
		return true;
	return status & DSTAT_CHANNEL_END && !(status & ~(NORMAL | MORE));
}

static bool answer_valid(const struct kvm_css_answer *answer)
{
	const bool refused = answer->status == DSTAT_UNIT_CHECK;
	const bool immediate = answer->flags & KVM_CSS_ANSWER_IMMEDIATE;

	if (answer->flags & ~KVM_CSS_ANSWER_IMMEDIATE || answer->reserved ||
	    memchr_inv(answer->reserved2, 0, sizeof(answer->reserved2)))
		return false;
	if ((refused || immediate) && answer->count)
		return false;
	if (refused ? immediate : !answer_status_valid(answer->status))
		return false;
	return sense_valid(answer->status, answer->sense, answer->sense_len);
}

/* May a device have asked for so many bytes of this command? */
static bool count_valid(const struct user_unit *unit,
			const struct kvm_css_command *command, u32 count)
{
	return !ccw_fetches_data(command->code) || count <= unit->size;
}

/* A command of those that the process has: the one that was issued, and what follows */
static const struct kvm_css_command *nth_command(const struct user_unit *unit,
						 u32 nr)
{
	return nr ? &unit->next[nr - 1].command : &unit->command;
}

/* Can this end a command that the next one has followed? */
static bool done_valid(const struct user_unit *unit,
		       const struct kvm_css_command *command,
		       const struct kvm_css_done *done)
{
	if (done->flags & ~KVM_CSS_ANSWER_IMMEDIATE)
		return false;
	if (done->flags)
		return !done->count &&
		       command->flags & KVM_CSS_COMMAND_NEXT_IMMEDIATE;
	return count_valid(unit, command, done->count) &&
	       (command->flags & KVM_CSS_COMMAND_NEXT_ANY ||
		done->count == command->provided);
}

static bool all_valid(const struct user_unit *unit,
		      const struct kvm_css_answer *answer,
		      const struct kvm_css_done *done, u32 nr_done)
{
	u32 i;

	if (answer->seq - unit->command.seq != nr_done)
		return false;
	for (i = 0; i < nr_done; i++)
		if (!done_valid(unit, nth_command(unit, i), &done[i]))
			return false;
	return count_valid(unit, nth_command(unit, nr_done), answer->count);
}

static bool ending_status_valid(u8 status)
{
	if (status == (DSTAT_DEVICE_END | DSTAT_STATUS_MODIFIER))
		return true;
	return status & DSTAT_DEVICE_END && !(status & ~(DSTAT_DEVICE_END | MORE));
}

static bool unsolicited_status_valid(u8 status)
{
	return status && !(status & ~(DSTAT_DEVICE_END | MORE));
}

static bool present_valid(const struct kvm_css_present *present)
{
	const u8 status = present->status;

	if (!(present->seq ? ending_status_valid(status) :
			     unsolicited_status_valid(status)))
		return false;
	return sense_valid(status, present->sense, present->sense_len) &&
	       !memchr_inv(present->reserved, 0, sizeof(present->reserved));
}

/* Beginning and end */

/*
 * If the timer of an earlier halt comes late, another command may be in progress by
 * now, perhaps one that has been halted later.
 */
static enum hrtimer_restart halt_too_long(struct hrtimer *timer)
{
	struct user_unit *unit = container_of(timer, struct user_unit, timer);
	struct user_device *user = unit->user;

	spin_lock_bh(&user->lock);
	if (user->at == unit && user->state == USER_TAKEN && unit->halting &&
	    ktime_get_ns() >= unit->halt_end)
		user_end(user, CHECKED, SENSE0_EQUIPMENT_CHECK);
	spin_unlock_bh(&user->lock);
	return HRTIMER_NORESTART;
}

void user_unit_init(struct user_unit *unit, const struct user_unit_ops *ops,
		    struct user_device *user, u8 *area)
{
	unit->ops = ops;
	unit->user = user;
	unit->area = area;
	unit->size = user->area;
	kref_init(&unit->ref);
	css_timer_init(&unit->timer, halt_too_long, HRTIMER_MODE_REL_SOFT);
}

static void unit_free(struct kref *ref)
{
	struct user_unit *unit = container_of(ref, struct user_unit, ref);
	struct user_device *user = unit->user;

	hrtimer_cancel(&unit->timer);
	unit->ops->free(unit);
	user_device_put(user);
}

void user_unit_put(struct user_unit *unit)
{
	kref_put(&unit->ref, unit_free);
}

void user_unit_reset(struct user_unit *unit, u32 event)
{
	unit->operation = 0;
	unit->ending.status = 0;
	unit->unsolicited.status = 0;
	unit->busy = 0;
	unit->asked = false;
	unit->told = false;
	unit->events &= USER_OVER_EVENTS;
	user_event(unit, event);
}

int user_unit_serve(struct user_unit *unit, bool take)
{
	struct user_device *user = unit->user;
	struct user_unit *before = NULL;
	int rc = 0;

	spin_lock_bh(&user->lock);
	if (user->gone)
		rc = -ENODEV;
	else if (user->unit && !take)
		rc = -EBUSY;
	if (!rc) {
		before = user_detach(user);
		kref_get(&unit->ref);
		user->unit = unit;
		user_unit_reset(unit, KVM_CSS_EVENT_BEGIN);
	}
	spin_unlock_bh(&user->lock);
	if (before)
		user_unit_put(before);
	return rc;
}

void user_unit_leave(struct user_unit *unit)
{
	struct user_device *user = unit->user;
	struct user_unit *before = NULL;

	spin_lock_bh(&user->lock);
	if (user->unit == unit)
		before = user_detach(user);
	spin_unlock_bh(&user->lock);
	if (before)
		user_unit_put(before);
}

/* Exchange */

/* Does a command wait until the process gives the area back by its next call? */
static bool is_waited_for(const struct user_unit *unit)
{
	return unit->user->state == USER_HELD && unit->told;
}

/* Has the process this command, and has it not been answered? */
static bool in_progress(const struct user_unit *unit)
{
	const struct user_device *user = unit->user;

	return user->at == unit && user->state == USER_TAKEN;
}

/* The process doesn't use the area any more.  A command may wait for that. */
static void give_back(struct user_unit *unit)
{
	struct user_device *user = unit->user;

	unit->held = 0;
	if (user->state != USER_HELD)
		return;
	user->state = USER_FREED;
	cu_completed(&user->dev);
}

/*
 * Does it take guest storage to complete the command?  Only a command that stores data
 * into the guest does.  The data of others were copied when it was issued.
 */
static bool needs_storage(const struct user_unit *unit)
{
	u32 i, count;

	for (i = 0; i <= unit->nr_done; i++) {
		count = i < unit->nr_done ? unit->done[i].count :
					    unit->answer.count;
		if (count && !ccw_fetches_data(nth_command(unit, i)->code))
			return true;
	}
	return false;
}

/* Return: whether the caller has to call cu_complete(). */
static bool take_answer(struct user_unit *unit,
			const struct kvm_css_answer *answer,
			const struct kvm_css_done *done, u32 nr_done)
{
	struct user_device *user = unit->user;

	unit->answer = *answer;
	unit->nr_done = nr_done;
	memcpy(unit->done, done, nr_done * sizeof(*done));
	guest_trace_unit(unit, GUEST_TRACE_ANSWERED, answer->seq, answer->status,
			 nr_done);
	unit->held = 0;
	unit->events &= ~KVM_CSS_EVENT_STOP;
	if ((answer->status & NORMAL) == DSTAT_CHANNEL_END) {
		unit->operation = answer->seq;
		unit->ending.status = 0;
	}
	user->state = USER_ANSWERED;
	return cu_take_completion(&user->dev, needs_storage(unit));
}

/* Is this the number of a command that the process has, or had? */
static bool is_known(const struct user_unit *unit, u64 seq)
{
	return unit->held && seq >= unit->held &&
	       seq - unit->held <= unit->nr_next;
}

static int answer(struct user_unit *unit, const struct kvm_css_answer *answer,
		  const struct kvm_css_done *done, u32 nr_done, bool *taken)
{
	if (unit->user->unit != unit)
		return -ENODEV;
	if (!is_known(unit, answer->seq))
		return -ESTALE;
	if (in_progress(unit)) {
		if (!all_valid(unit, answer, done, nr_done))
			return -EINVAL;
		*taken = take_answer(unit, answer, done, nr_done);
		return 0;
	}
	/* Who answers a command doesn't use the area for it any more. */
	give_back(unit);
	return -ESTALE;
}

int user_unit_answer(struct user_unit *unit, const struct kvm_css_answer *arg,
		     const struct kvm_css_done *done, u32 nr_done)
{
	struct user_device *user = unit->user;
	bool taken = false;
	int rc;

	if (!answer_valid(arg))
		return -EINVAL;
	spin_lock_bh(&user->lock);
	rc = answer(unit, arg, done, nr_done, &taken);
	spin_unlock_bh(&user->lock);
	if (taken)
		cu_complete(&user->pending);
	return rc;
}

int user_unit_enter(struct user_unit *unit)
{
	struct user_device *user = unit->user;
	int rc = 0;

	spin_lock_bh(&user->lock);
	if (user->unit != unit)
		rc = -ENODEV;
	else if (unit->fetching)
		rc = -EBUSY;
	else
		unit->fetching = true;
	if (!rc && unit->held && unit->told && !in_progress(unit))
		give_back(unit);
	spin_unlock_bh(&user->lock);
	return rc;
}

void user_unit_exit(struct user_unit *unit)
{
	spin_lock_bh(&unit->user->lock);
	unit->fetching = false;
	spin_unlock_bh(&unit->user->lock);
}

/* Is there a command for the process? */
static bool has_command(const struct user_unit *unit, bool again)
{
	const struct user_device *user = unit->user;

	return user->at == unit &&
	       (user->state == USER_OFFERED ||
		(again && user->state == USER_TAKEN));
}

static void take_command(struct user_unit *unit)
{
	/* The process has it already if it is returned again. */
	unit->taken = !in_progress(unit);
	unit->user->state = USER_TAKEN;
	unit->held = unit->command.seq;
	unit->told = false;
	if (!unit->chains)
		unit->nr_next = 0;
	guest_trace_unit(unit, GUEST_TRACE_TAKEN, unit->held, unit->command.code,
			 unit->nr_next);
}

/* The process hasn't got the command, so nothing of it has happened. */
static void untake_command(struct user_unit *unit)
{
	struct user_device *user = unit->user;

	if (!in_progress(unit)) {
		give_back(unit);
		return;
	}
	unit->held = 0;
	if (unit->halting) {
		user_end(user, NORMAL, 0);
		return;
	}
	user->state = USER_OFFERED;
	unit->ops->wake(unit);
}

int user_unit_fetch(struct user_unit *unit, bool again,
		    struct kvm_css_command *command, u32 *events)
{
	struct user_device *user = unit->user;
	int rc = -ENODEV;

	*command = (struct kvm_css_command){};
	*events = 0;
	spin_lock_bh(&user->lock);
	if (user->unit == unit) {
		rc = 0;
		*events = unit->events;
		unit->events = 0;
		if (*events & USER_OVER_EVENTS) {
			unit->told = true;
		} else if (has_command(unit, again)) {
			*command = unit->command;
			take_command(unit);
		}
	}
	spin_unlock_bh(&user->lock);
	return rc;
}

void user_unit_chains(struct user_unit *unit, bool chains)
{
	spin_lock_bh(&unit->user->lock);
	unit->chains = chains;
	spin_unlock_bh(&unit->user->lock);
}

/*
 * The process has the area now, so that no other command takes the place of this one,
 * even if it is over.
 */
u32 user_unit_next(struct user_unit *unit, struct kvm_css_command *next)
{
	struct user_device *user = unit->user;
	u32 nr, i;

	spin_lock_bh(&user->lock);
	nr = unit->nr_next;
	for (i = 0; i < nr; i++)
		next[i] = unit->next[i].command;
	spin_unlock_bh(&user->lock);
	return nr;
}

void user_unit_unfetch(struct user_unit *unit,
		       const struct kvm_css_command *command, u32 events)
{
	struct user_device *user = unit->user;

	spin_lock_bh(&user->lock);
	if (command->seq && unit->taken && command->seq == unit->held)
		untake_command(unit);
	/* After a reset, nothing else of what was before is of interest. */
	if (unit->events & USER_OVER_EVENTS)
		events &= USER_OVER_EVENTS;
	if (events & USER_OVER_EVENTS)
		unit->told = false;
	if (!in_progress(unit))
		events &= ~KVM_CSS_EVENT_STOP;
	if (user->unit == unit)
		user_event(unit, events);
	spin_unlock_bh(&user->lock);
}

bool user_unit_ready(struct user_unit *unit, bool again)
{
	struct user_device *user = unit->user;
	bool ready;

	spin_lock_bh(&user->lock);
	ready = user->unit != unit || unit->events || is_waited_for(unit) ||
		has_command(unit, again);
	spin_unlock_bh(&user->lock);
	return ready;
}

bool user_unit_seems_ready(const struct user_unit *unit, bool again)
{
	const struct user_device *user = unit->user;
	const u8 state = READ_ONCE(user->state);

	return READ_ONCE(user->unit) != unit || READ_ONCE(unit->events) ||
	       state == USER_OFFERED || state == USER_HELD ||
	       (again && state == USER_TAKEN);
}

void user_unit_info(struct user_unit *unit, struct kvm_css_unit_info *info)
{
	struct user_device *user = unit->user;

	spin_lock_bh(&user->lock);
	info->command = unit->held;
	info->operation = unit->operation;
	info->busy = unit->busy;
	spin_unlock_bh(&user->lock);
}

bool user_unit_serves(struct user_unit *unit)
{
	return READ_ONCE(unit->user->unit) == unit;
}

/* Status and busy */

/* May the process say something of its device now? */
static int may_say(const struct user_unit *unit)
{
	if (unit->user->unit != unit)
		return -ENODEV;
	return unit->events & USER_OVER_EVENTS ? -ESTALE : 0;
}

static void keep(struct user_kept *kept, const struct kvm_css_present *present)
{
	kept->status |= present->status;
	if (!(present->status & DSTAT_UNIT_CHECK))
		return;
	kept->sense_len = present->sense_len;
	memcpy(kept->sense, present->sense, sizeof(kept->sense));
}

static int keep_ending(struct user_unit *unit,
		       const struct kvm_css_present *present)
{
	if (present->seq != unit->operation || unit->ending.status)
		return -ESTALE;
	keep(&unit->ending, present);
	cu_request(&unit->user->dev, 0);
	return 0;
}

/*
 * Sense bytes are those of one status.  If status is kept already, its request is still
 * open, and another one would only put it off.
 */
static int keep_unsolicited(struct user_unit *unit,
			    const struct kvm_css_present *present)
{
	struct user_kept *kept = &unit->unsolicited;

	if (kept->status & present->status & DSTAT_UNIT_CHECK)
		return -EBUSY;
	if (!kept->status && !unit->ending.status)
		cu_request(&unit->user->dev, PRESENT_US);
	keep(kept, present);
	return 0;
}

int user_unit_present(struct user_unit *unit,
		      const struct kvm_css_present *present)
{
	struct user_device *user = unit->user;
	int rc;

	if (!present_valid(present))
		return -EINVAL;
	spin_lock_bh(&user->lock);
	rc = may_say(unit);
	if (!rc)
		rc = present->seq ? keep_ending(unit, present) :
				    keep_unsolicited(unit, present);
	spin_unlock_bh(&user->lock);
	return rc;
}

/* Have the device selected again, but not as often as the process likes. */
static void select_again(struct user_unit *unit)
{
	const u64 now = ktime_get_ns();
	const bool soon = now - unit->selected < PRESENT_US * NSEC_PER_USEC;

	unit->selected = now;
	cu_request(&unit->user->dev, soon ? PRESENT_US : 0);
}

int user_unit_busy(struct user_unit *unit, u32 busy)
{
	struct user_device *user = unit->user;
	int rc;

	if (busy & ~BUSY_FLAGS)
		return -EINVAL;
	spin_lock_bh(&user->lock);
	rc = may_say(unit);
	if (!rc) {
		/* A start function may wait. */
		if (unit->asked && !busy)
			select_again(unit);
		unit->asked = unit->asked && busy;
		unit->busy = busy;
	}
	spin_unlock_bh(&user->lock);
	return rc;
}
