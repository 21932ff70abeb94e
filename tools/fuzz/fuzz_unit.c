// SPDX-License-Identifier: GPL-2.0
/*
 * Processes that serve a device, see fuzz_unit.h.
 *
 * A process fetches commands and answers them, presents status, is replaced and ends, in
 * any order and with any argument.  It writes to the data area only while the area
 * belongs to it, and checks that then nobody else does.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>
#include <kvm_css/user_unit.h>

#include "devices/devices.h"
#include "devices/user.h"
#include "fuzz_guest.h"
#include "fuzz_unit.h"
#include "shim.h"

#define AREA		4096u
/* How many there are at the most, those whose device was taken away included */
#define UNITS		4

enum act {
	ACT_FETCH = FUZZ_UNIT_FETCH, ACT_ANSWER, ACT_END, ACT_PRESENT, ACT_BUSY,
	ACT_SERVE = FUZZ_UNIT_SERVE, ACT_TAKE, ACT_LEAVE, ACT_FAULT, ACT_WRITE,
	ACT_INFO, ACT_PROMPT, ACTS
};

/**
 * struct fuzz_unit - a process with its unit
 * @unit: the unit
 * @area: its data area
 * @seen: what was in it when it came to belong to the process
 * @owner: it belongs to the process
 * @told: the process knows that the command is over
 * @asleep: the process has found nothing to do, and waits
 * @prompt: when it is woken for a command, it answers before the runner of the program
 *	gets to its next lock
 * @command: the last command that it has fetched
 * @next: what was chained to it
 * @nr_next: how many commands that is
 */
struct fuzz_unit {
	struct user_unit unit;
	u8 area[AREA];
	u8 seen[AREA];
	bool owner;
	bool told;
	bool asleep;
	bool prompt;
	struct kvm_css_command command;
	struct kvm_css_command next[KVM_CSS_NEXT];
	u32 nr_next;
};

static struct fuzz_unit *units[UNITS];

/* The process that is about to answer at once, or NULL, and the input that says how */
static struct fuzz_unit *prompt;
static struct fuzz_input *prompt_in;

static struct fuzz_unit *to_fuzz(struct user_unit *unit)
{
	return container_of(unit, struct fuzz_unit, unit);
}

static void answer_at_once(void);

static void fuzz_wake(struct user_unit *unit)
{
	struct fuzz_unit *fuzz = to_fuzz(unit);

	fuzz->asleep = false;
	if (!fuzz->prompt || unit->user->state != USER_OFFERED)
		return;
	prompt = fuzz;
	shim_at_mutex_lock(answer_at_once);
}

static void fuzz_free(struct user_unit *unit)
{
	shim_might_sleep();
	kfree(to_fuzz(unit));
}

static const struct user_unit_ops fuzz_ops = {
	.wake = fuzz_wake,
	.free = fuzz_free,
};

struct css_device *fuzz_unit_create(void)
{
	static const struct kvm_css_user user = {
		.size = sizeof(user), .area = AREA, .id_len = 7, .id = { 0xff },
	};

	return user_device_add(&user);
}

/* Beginning and end of a process */

static void leave(unsigned int nr)
{
	struct fuzz_unit *fuzz = units[nr];

	if (!fuzz)
		return;
	units[nr] = NULL;
	if (prompt == fuzz)
		prompt = NULL;
	user_unit_leave(&fuzz->unit);
	user_unit_put(&fuzz->unit);
}

static void serve(struct user_device *user, unsigned int nr, bool take)
{
	struct fuzz_unit *fuzz;
	int rc;

	leave(nr);
	fuzz = kzalloc(sizeof(*fuzz), GFP_KERNEL);
	if (!fuzz)
		return;
	kref_get(&user->ref);
	user_unit_init(&fuzz->unit, &fuzz_ops, user, fuzz->area);
	rc = user_unit_serve(&fuzz->unit, take);
	shim_assert(!rc || rc == -ENODEV || (rc == -EBUSY && !take));
	if (rc)
		user_unit_put(&fuzz->unit);
	else
		units[nr] = fuzz;
}

/* What it says */

static u8 any_status(struct fuzz_input *in)
{
	static const u8 statuses[] = {
		0x0c, 0x08, 0x0e, 0x02, 0x0d, 0x4c, 0x8c, 0x04, 0x84, 0x80, 0x06, 0x44,
	};
	u8 how = take8(in);

	return how < 0xf0 ? statuses[how % ARRAY_SIZE(statuses)] : take8(in);
}

static void put_sense(u8 status, u8 *sense, u8 *len, struct fuzz_input *in)
{
	if (!(status & KVM_CSS_STATUS_UNIT_CHECK))
		return;
	*len = 1 + take8(in) % 33;
	sense[0] = take8(in);
}

static u32 any_count(const struct kvm_css_command *command, struct fuzz_input *in)
{
	u8 how = take8(in);

	switch (how & 7) {
	case 0:
		return command->available;
	case 1:
		return command->available + 1;
	case 2:
		return command->provided;
	case 3:
		return command->room + (how >> 3) % 3 - 1;
	case 4:
		return take16(in);
	default:
		return how >> 3;
	}
}

static struct kvm_css_answer any_answer(const struct kvm_css_command *command,
					struct fuzz_input *in)
{
	struct kvm_css_answer answer = {
		.seq = command->seq,
		.status = any_status(in),
	};
	u8 how = take8(in);

	if (answer.status != KVM_CSS_STATUS_UNIT_CHECK && !(how & 1))
		answer.count = any_count(command, in);
	if (how & 2)
		answer.flags = KVM_CSS_ANSWER_IMMEDIATE;
	if (how >= 0xf0)
		answer.seq += (how & 7) - 3;
	put_sense(answer.status, answer.sense, &answer.sense_len, in);
	return answer;
}

static int answer(struct fuzz_unit *fuzz, const struct kvm_css_answer *answer,
		  const struct kvm_css_done *done, u32 nr_done)
{
	u64 seq = fuzz->unit.held;
	u32 nr = fuzz->unit.nr_next;
	int rc = user_unit_answer(&fuzz->unit, answer, done, nr_done);

	shim_assert(!rc || rc == -EINVAL || rc == -ESTALE || rc == -ENODEV);
	/* Who answers a command is done with the area, also if it is too late. */
	if (rc != -EINVAL && seq && answer->seq >= seq &&
	    answer->seq - seq <= nr)
		fuzz->owner = false;
	return rc;
}

static const struct kvm_css_command *nth(const struct fuzz_unit *fuzz, u32 nr)
{
	return nr ? &fuzz->next[nr - 1] : &fuzz->command;
}

/* Any answer to one of the commands, and anything for those before it */
static void answer_any(struct fuzz_unit *fuzz, struct fuzz_input *in)
{
	u32 last = take8(in) % (fuzz->nr_next + 1), nr = last, i;
	struct kvm_css_answer any = any_answer(nth(fuzz, last), in);
	struct kvm_css_done done[KVM_CSS_NEXT];
	u8 how;

	for (i = 0; i < last; i++) {
		how = take8(in);
		done[i] = (struct kvm_css_done){ .count = nth(fuzz, i)->provided };
		if (how & 1)
			done[i].count = any_count(nth(fuzz, i), in);
		if (how & 2)
			done[i].flags = how >> 6;
	}
	if (last && take8(in) > 0xf0)
		nr--;
	answer(fuzz, &any, done, nr);
}

/* As a device does that knows the rules: none of its answers is refused. */
static void end(struct fuzz_unit *fuzz, struct fuzz_input *in)
{
	u32 want = fuzz->nr_next ? take8(in) % (fuzz->nr_next + 1) : 0, i;
	struct kvm_css_done done[KVM_CSS_NEXT] = {};
	struct kvm_css_answer good = {
		.status = KVM_CSS_STATUS_CHANNEL_END | KVM_CSS_STATUS_DEVICE_END,
	};
	int rc;

	for (i = 0; i < want; i++) {
		done[i].count = nth(fuzz, i)->provided;
		if (nth(fuzz, i)->flags & KVM_CSS_COMMAND_NEXT_IMMEDIATE &&
		    take8(in) & 1)
			done[i] = (struct kvm_css_done){
				0, KVM_CSS_ANSWER_IMMEDIATE,
			};
		else if (nth(fuzz, i)->flags & KVM_CSS_COMMAND_NEXT_ANY)
			done[i].count = take8(in);
	}
	good.seq = fuzz->command.seq + want;
	good.count = nth(fuzz, want)->code & 1 ? nth(fuzz, want)->available :
						 nth(fuzz, want)->provided;
	rc = answer(fuzz, &good, done, want);
	shim_assert(rc != -EINVAL);
}

static void present(struct fuzz_unit *fuzz, struct fuzz_input *in)
{
	struct kvm_css_present present = { .status = any_status(in) };
	int rc;

	if (take8(in) & 1)
		present.seq = fuzz->unit.operation ?: fuzz->command.seq;
	put_sense(present.status, present.sense, &present.sense_len, in);
	rc = user_unit_present(&fuzz->unit, &present);
	shim_assert(!rc || rc == -EINVAL || rc == -ESTALE || rc == -EBUSY ||
		    rc == -ENODEV);
}

static void busy(struct fuzz_unit *fuzz, struct fuzz_input *in)
{
	u8 how = take8(in);
	int rc = user_unit_busy(&fuzz->unit, how & 1 ? how >> 1 & 7 : 0);

	shim_assert(!rc || rc == -EINVAL || rc == -ESTALE || rc == -ENODEV);
}

/* What it is told */

/* The call gives the area back, if the process knows that the command is over. */
static bool enter(struct fuzz_unit *fuzz)
{
	if (user_unit_enter(&fuzz->unit))
		return false;
	if (fuzz->told)
		fuzz->owner = false;
	return true;
}

static void fetched(struct fuzz_unit *fuzz, const struct kvm_css_command *command,
		    u32 events)
{
	const u32 over = KVM_CSS_EVENT_BEGIN | KVM_CSS_EVENT_RESET |
			 KVM_CSS_EVENT_CLEARED;
	const struct kvm_css_command *next;
	u32 i;

	fuzz->asleep = !command->seq && !events;
	fuzz->told |= !!(events & over);
	if (!command->seq)
		return;
	shim_assert(!(events & over));
	shim_assert(command->available <= command->room);
	shim_assert(command->room == AREA && !command->offset);
	fuzz->command = *command;
	fuzz->nr_next = user_unit_next(&fuzz->unit, fuzz->next);
	for (i = 0; i < fuzz->nr_next; i++) {
		next = &fuzz->next[i];
		shim_assert(next->seq == command->seq + i + 1);
		shim_assert(next->available <= next->room);
		shim_assert(next->offset <= AREA &&
			    next->room <= AREA - next->offset);
	}
	fuzz->owner = true;
	fuzz->told = false;
	memcpy(fuzz->seen, fuzz->area, AREA);
}

static void fetch(struct fuzz_unit *fuzz, struct fuzz_input *in, bool fault)
{
	const u8 how = take8(in);
	bool again = how & 1;
	struct kvm_css_command command;
	u32 events;

	if (!enter(fuzz))
		return;
	user_unit_chains(&fuzz->unit, !(how & 6));
	if (!user_unit_fetch(&fuzz->unit, again, &command, &events)) {
		if (fault)
			user_unit_unfetch(&fuzz->unit, &command, events);
		else
			fetched(fuzz, &command, events);
	}
	user_unit_exit(&fuzz->unit);
}

/* On one processor, a process often gets its turn before the runner that has woken it. */
static void answer_at_once(void)
{
	struct fuzz_unit *fuzz = prompt;
	struct task_struct *outer;
	struct fuzz_guest *guest;

	prompt = NULL;
	if (!fuzz || fuzz->unit.user->unit != &fuzz->unit ||
	    shim_depth() + 2 >= SHIM_CONTEXTS)
		return;
	guest = container_of(fuzz->unit.user->pending.sch->shared->guest,
			     struct fuzz_guest, guest);
	outer = fuzz_cpu_begin(guest);
	fetch(fuzz, prompt_in, false);
	if (fuzz->owner && take8(prompt_in) & 1)
		answer_any(fuzz, prompt_in);
	else if (fuzz->owner)
		end(fuzz, prompt_in);
	fuzz_cpu_end(guest, outer);
}

static void look(const struct fuzz_unit *fuzz)
{
	struct kvm_css_unit_info info = {};
	struct fuzz_unit *other = (struct fuzz_unit *)fuzz;

	user_unit_info(&other->unit, &info);
	shim_assert(info.busy <= 3);
	shim_assert(!info.command || !info.operation ||
		    info.command > info.operation);
}

static void write_area(struct fuzz_unit *fuzz, struct fuzz_input *in)
{
	u16 at = take16(in) % AREA;

	if (!fuzz->owner)
		return;
	fuzz->area[at] = take8(in);
	fuzz->seen[at] = fuzz->area[at];
}

static void act(struct fuzz_unit *fuzz, u8 what, struct fuzz_input *in)
{
	switch (what) {
	case ACT_FETCH:
	case ACT_FAULT:
		fetch(fuzz, in, what == ACT_FAULT);
		break;
	case ACT_ANSWER:
		answer_any(fuzz, in);
		break;
	case ACT_END:
		end(fuzz, in);
		break;
	case ACT_PRESENT:
		present(fuzz, in);
		break;
	case ACT_BUSY:
		busy(fuzz, in);
		break;
	case ACT_WRITE:
		write_area(fuzz, in);
		break;
	case ACT_PROMPT:
		fuzz->prompt = !fuzz->prompt;
		prompt_in = in;
		break;
	default:
		look(fuzz);
	}
}

void fuzz_unit_act(struct css_device *dev, struct fuzz_input *in)
{
	u8 how = take8(in), nr = how >> 4 & (UNITS - 1);
	struct user_device *user = user_device_get(dev);
	u8 what = (how & 15) % ACTS;

	if (!user)
		return;
	/* Mostly it is the one that serves the device. */
	if (how & 0x40 && user->unit)
		while (units[nr] != to_fuzz(user->unit))
			nr = (nr + 1) % UNITS;
	if (what == ACT_SERVE || what == ACT_TAKE)
		serve(user, nr, what == ACT_TAKE);
	else if (what == ACT_LEAVE)
		leave(nr);
	else if (units[nr])
		act(units[nr], what, in);
	user_device_put(user);
}

bool fuzz_unit_busy(struct css_device *dev)
{
	struct user_device *user = user_device_get(dev);
	const struct user_unit *unit;
	bool busy;

	if (!user)
		return false;
	unit = user->unit;
	busy = unit && (unit->busy || (unit->operation && !unit->ending.status));
	user_device_put(user);
	return busy;
}

/* What must be true */

/*
 * Somebody must see to a command that waits for the process: the process itself, if it
 * is woken or is at an earlier one.
 */
static void check_waiting(struct fuzz_unit *fuzz)
{
	struct user_device *user = fuzz->unit.user;
	bool ready = user_unit_ready(&fuzz->unit, false);

	shim_assert(!fuzz->asleep || !ready);
	if (user->unit != &fuzz->unit)
		return;
	if (user->state == USER_OFFERED)
		shim_assert(ready);
	if (user->state == USER_HELD)
		shim_assert(ready || (fuzz->owner && !fuzz->told));
}

void fuzz_unit_check(void)
{
	unsigned int i;

	for (i = 0; i < UNITS; i++) {
		if (!units[i])
			continue;
		check_waiting(units[i]);
		if (units[i]->owner && memcmp(units[i]->area, units[i]->seen, AREA))
			shim_bug("the data area has changed under the process");
	}
}

void fuzz_unit_end(void)
{
	unsigned int i;

	for (i = 0; i < UNITS; i++)
		leave(i);
}
