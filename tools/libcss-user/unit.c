// SPDX-License-Identifier: GPL-2.0
/*
 * A unit: the descriptor with which a process serves a device.
 *
 * One thread at a time calls css_unit_run() and css_unit_step(), which call the
 * program's operations.  What these two need is theirs alone.  The functions that
 * operations and other threads may call need nothing that changes: the kernel knows
 * which command may be answered, and what may be presented.  So there is no lock.
 *
 * The answer to a command waits in the unit for the call that also fetches the next
 * one.
 *
 * If the kernel returns commands that are chained to the first one, they are executed one
 * after the other, and answered together.  How the ones before have ended is in the unit
 * before the program gets the next one, so that the thread to which it passes that one's
 * number finds it there.  A thread that answers a command which is over may find something
 * else there; the kernel doesn't look at it then.  So these members are accessed atomically.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/kvm_css.h>

#include "css_user.h"

/* Sense byte 0 */
#define EQUIPMENT_CHECK		0x10
/* So many of them are needed for the device's byte 3. */
#define SENSE3_LEN		4

static_assert(sizeof(((struct kvm_css_answer *)0)->sense) == CSS_SENSE_SIZE,
	      "the size of the sense bytes");
static_assert((KVM_CSS_STATUS_CHANNEL_END | KVM_CSS_STATUS_DEVICE_END) ==
	      CSS_ENDED, "device status");
static_assert(KVM_CSS_CCW_SLI == CSS_CCW_SLI, "flags of a CCW");

/*
 * A command that may be slow is left for the next call, so that the kernel is told soon
 * how the others have ended, and HALT SUBCHANNEL need not wait for all of them.
 */
#define CHAIN_NS		200000000u
/* The version of the ABI that returns chained commands */
#define CHAIN_VERSION		7

/*
 * @begun: a call has succeeded; what another process has left is known
 * @due: @answer has still to be given to the kernel
 * @corrected: it isn't the program's, which no control unit can give
 * @nr_done: how many commands have been executed before the last one
 * @done: how they have ended
 * @plain: the kernel is too old to return chained commands
 */
struct css_unit {
	int fd;
	const struct css_device_ops *ops;
	void *device;
	uint8_t *area;
	struct kvm_css_unit_info info;
	bool begun;
	bool due;
	bool corrected;
	struct kvm_css_answer answer;
	uint32_t nr_done;
	struct kvm_css_done done[KVM_CSS_NEXT];
	bool plain;
};

int css_unit_new(struct css_unit **unit, int fd, const struct css_device_ops *ops,
		 void *device)
{
	struct css_unit *new = calloc(1, sizeof(*new));
	int error;

	if (!new)
		return -ENOMEM;
	*new = (struct css_unit){
		.fd = fd,
		.ops = ops,
		.device = device,
		.info = { .size = sizeof(new->info) },
	};
	if (ioctl(fd, KVM_CSS_UNIT_INFO, &new->info))
		goto fail;
	new->plain = new->info.version < CHAIN_VERSION;
	new->area = mmap(NULL, new->info.area, PROT_READ | PROT_WRITE,
			 MAP_SHARED, fd, 0);
	if (new->area == MAP_FAILED)
		goto fail;
	/* A program that this one starts must not keep the unit. */
	if (fcntl(fd, F_SETFD, FD_CLOEXEC)) {
		error = errno;
		munmap(new->area, new->info.area);
		free(new);
		return -error;
	}
	*unit = new;
	return 0;

fail:
	error = errno;
	free(new);
	return -error;
}

void css_unit_free(struct css_unit *unit)
{
	if (!unit)
		return;
	munmap(unit->area, unit->info.area);
	close(unit->fd);
	free(unit);
}

int css_unit_fd(const struct css_unit *unit)
{
	return unit->fd;
}

void css_unit_place(const struct css_unit *unit, uint8_t *ssid, uint16_t *schid,
		    uint16_t *devno)
{
	*ssid = unit->info.ssid;
	*schid = unit->info.schid;
	*devno = unit->info.devno;
}

uint32_t css_unit_area(const struct css_unit *unit)
{
	return unit->info.area;
}

uint64_t css_unit_operation(const struct css_unit *unit)
{
	return unit->info.operation;
}

static void set_sense(uint8_t *to, const uint8_t *sense, uint8_t length)
{
	/* The kernel refuses a length that is too large. */
	if (length <= CSS_SENSE_SIZE)
		memcpy(to, sense, length);
}

static struct kvm_css_answer answer_of(uint64_t seq,
				       const struct css_answer *answer)
{
	struct kvm_css_answer to = {
		.seq = seq,
		.count = answer->count,
		.status = answer->status,
		.sense_len = answer->sense_len,
		.flags = answer->immediate ? KVM_CSS_ANSWER_IMMEDIATE : 0,
	};

	set_sense(to.sense, answer->sense, answer->sense_len);
	return to;
}

/*
 * The kernel has refused the answer with EINVAL.  Let the command end with equipment
 * check: otherwise the guest would wait for it forever.
 */
static int correct(struct css_unit *unit)
{
	if (unit->corrected) {
		unit->due = false;
		unit->corrected = false;
		return -EINVAL;
	}
	unit->corrected = true;
	unit->answer = (struct kvm_css_answer){
		.seq = unit->answer.seq,
		.status = CSS_ENDED | CSS_UNIT_CHECK,
		.sense_len = unit->ops->sense3 ? SENSE3_LEN : 1,
		.sense = { EQUIPMENT_CHECK, 0, 0, unit->ops->sense3 },
	};
	return 0;
}

/* The kernel has refused the call.  0: it is to be repeated. */
static int refused(struct css_unit *unit, int error)
{
	if (!unit->due)
		return -error;
	if (error == EINVAL)
		return correct(unit);
	if (error != ESTALE)
		return -error;
	/* The command is over, and what has ended it comes with the next call. */
	unit->due = false;
	unit->corrected = false;
	return 0;
}

static void call(const struct css_unit *unit, void (*operation)(void *device))
{
	if (operation)
		operation(unit->device);
}

/*
 * Tell the device what has happened.  What ends everything is the last of it: commands
 * and status that come after it are given or announced by a later call.
 */
static void tell(const struct css_unit *unit, uint32_t events)
{
	if (events & KVM_CSS_EVENT_STOP)
		call(unit, unit->ops->stop);
	if (events & KVM_CSS_EVENT_HALTED)
		call(unit, unit->ops->halted);
	if (events & KVM_CSS_EVENT_PRESENTED)
		call(unit, unit->ops->presented);
	if (events & KVM_CSS_EVENT_CLEARED)
		call(unit, unit->ops->cleared);
	if (events & KVM_CSS_EVENT_RESET)
		call(unit, unit->ops->reset);
	if (events & KVM_CSS_EVENT_BEGIN)
		call(unit, unit->ops->begin);
}

/* True if the data of the command are in the area. */
static bool fits(const struct css_unit *unit,
		 const struct kvm_css_command *command)
{
	return command->offset <= unit->info.area &&
	       command->room <= unit->info.area - command->offset &&
	       command->available <= command->room;
}

/* Execute a command.  *@ended: it has ended, and @answer of the unit says how. */
static int execute(struct css_unit *unit, const struct kvm_css_command *from,
		   bool *ended)
{
	const struct css_command command = {
		.seq = from->seq,
		.code = from->code,
		.flags = from->ccw_flags,
		.provided = from->provided,
		.available = from->available,
		.room = from->room,
		.first = from->flags & KVM_CSS_COMMAND_FIRST,
		.more = from->flags & KVM_CSS_COMMAND_MORE,
		.check = from->flags & KVM_CSS_COMMAND_CHECK,
		.issued = from->issued,
		.data = unit->area + from->offset,
	};
	struct css_answer answer = { 0 };

	*ended = false;
	if (!fits(unit, from))
		return -EPROTO;
	unit->ops->command(unit->device, &command, &answer);
	if (answer.later)
		return 0;
	unit->answer = answer_of(from->seq, &answer);
	*ended = true;
	return 0;
}

/* Does the channel program go on behind a command that has ended so? */
static bool goes_on(const struct css_unit *unit,
		    const struct kvm_css_command *command)
{
	const struct kvm_css_answer *answer = &unit->answer;

	if (answer->status != CSS_ENDED || answer->sense_len)
		return false;
	if (answer->flags & KVM_CSS_ANSWER_IMMEDIATE)
		return !answer->count &&
		       command->flags & KVM_CSS_COMMAND_NEXT_IMMEDIATE;
	if (css_command_fetches(command->code) && answer->count > unit->info.area)
		return false;
	return command->flags & KVM_CSS_COMMAND_NEXT_ANY ||
	       answer->count == command->provided;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

/* The command has ended, and the next one is to be executed. */
static void add_done(struct css_unit *unit)
{
	struct kvm_css_done *done = &unit->done[unit->nr_done];

	__atomic_store_n(&done->count, unit->answer.count, __ATOMIC_RELAXED);
	__atomic_store_n(&done->flags, unit->answer.flags, __ATOMIC_RELAXED);
	__atomic_store_n(&unit->nr_done, unit->nr_done + 1, __ATOMIC_RELAXED);
}

/* Execute a command and those that are chained to it, as far as they may be. */
static int execute_chain(struct css_unit *unit, const struct kvm_css_exchange *arg)
{
	const struct kvm_css_command *command = &arg->command;
	const uint64_t begin = arg->nr_next ? now_ns() : 0;
	bool ended;
	int rc;

	if (arg->nr_next > KVM_CSS_NEXT)
		return -EPROTO;
	__atomic_store_n(&unit->nr_done, 0, __ATOMIC_RELAXED);
	for (;;) {
		rc = execute(unit, command, &ended);
		if (rc || !ended)
			break;
		unit->due = true;
		if (unit->nr_done == arg->nr_next || !goes_on(unit, command) ||
		    now_ns() - begin > CHAIN_NS)
			break;
		unit->due = false;
		command = &arg->next[unit->nr_done];
		add_done(unit);
	}
	return rc;
}

/* Of the structure, only what the kernel looks at need be set. */
static void begin_call(const struct css_unit *unit, struct kvm_css_exchange *arg,
		       uint32_t flags)
{
	memset(arg, 0, offsetof(struct kvm_css_exchange, done));
	arg->size = unit->plain ? offsetof(struct kvm_css_exchange, nr_done) :
				  sizeof(*arg);
	arg->flags = flags;
	if (!unit->plain && !(flags & KVM_CSS_EXCHANGE_ONLY_ANSWER))
		arg->flags |= KVM_CSS_EXCHANGE_CHAIN;
}

static void put_answer(const struct css_unit *unit, struct kvm_css_exchange *arg,
		       const struct kvm_css_answer *answer)
{
	uint32_t i;

	arg->answer = *answer;
	arg->nr_done = __atomic_load_n(&unit->nr_done, __ATOMIC_RELAXED);
	for (i = 0; i < arg->nr_done; i++) {
		arg->done[i].count = __atomic_load_n(&unit->done[i].count,
						     __ATOMIC_RELAXED);
		arg->done[i].flags = __atomic_load_n(&unit->done[i].flags,
						     __ATOMIC_RELAXED);
	}
}

/*
 * Give the kernel the answer, and do what it returns.  *idle says that this was nothing.
 */
static int exchange(struct css_unit *unit, uint32_t flags, bool *idle)
{
	struct kvm_css_exchange arg;
	bool corrected;
	int rc = 0;

	begin_call(unit, &arg, flags);
	if (!unit->begun)
		arg.flags |= KVM_CSS_EXCHANGE_AGAIN;
	*idle = false;
	if (unit->due) {
		arg.flags |= KVM_CSS_EXCHANGE_ANSWER;
		put_answer(unit, &arg, &unit->answer);
	}
	/* The program is told of its mistake at once. */
	if (unit->corrected)
		arg.flags &= ~KVM_CSS_EXCHANGE_WAIT;
	if (ioctl(unit->fd, KVM_CSS_UNIT_EXCHANGE, &arg))
		return refused(unit, errno);
	*idle = !arg.command.seq && !arg.events;
	corrected = unit->corrected;
	unit->begun = true;
	unit->due = false;
	unit->corrected = false;
	tell(unit, arg.events);
	if (arg.command.seq)
		rc = execute_chain(unit, &arg);
	return rc ? rc : corrected ? -EINVAL : 0;
}

int css_unit_step(struct css_unit *unit)
{
	bool idle;
	int rc = exchange(unit, 0, &idle), last;

	while (unit->due && (!rc || rc == -EINVAL)) {
		last = exchange(unit, KVM_CSS_EXCHANGE_ONLY_ANSWER, &idle);
		rc = last ? last : rc;
	}
	return rc;
}

/*
 * A call has waited, and there is nothing.  If a signal ends a call that has given an
 * answer, the call doesn't fail, because the answer has been taken.
 */
static int wait_again(const struct css_unit *unit)
{
	struct pollfd wait = { .fd = unit->fd, .events = POLLIN };
	int flags = fcntl(unit->fd, F_GETFL);

	if (flags < 0)
		return -errno;
	/* Somebody has made the descriptor one on which calls don't wait. */
	if (flags & O_NONBLOCK)
		return poll(&wait, 1, -1) < 0 ? -errno : 0;
	return -EINTR;
}

int css_unit_run(struct css_unit *unit)
{
	bool idle;
	int rc;

	do {
		rc = exchange(unit, KVM_CSS_EXCHANGE_WAIT, &idle);
		if (!rc && idle)
			rc = wait_again(unit);
	} while (!rc);
	return rc;
}

/*
 * The call takes the answer alone.  If it returned an event or a command, it would
 * take them away from the thread that serves the unit.
 */
int css_unit_answer(struct css_unit *unit, uint64_t seq,
		    const struct css_answer *answer)
{
	const struct kvm_css_answer last = answer_of(seq, answer);
	struct kvm_css_exchange arg;

	begin_call(unit, &arg,
		   KVM_CSS_EXCHANGE_ANSWER | KVM_CSS_EXCHANGE_ONLY_ANSWER);
	put_answer(unit, &arg, &last);
	return ioctl(unit->fd, KVM_CSS_UNIT_EXCHANGE, &arg) ? -errno : 0;
}

static int present(const struct css_unit *unit, uint64_t seq, uint8_t status,
		   const uint8_t *sense, uint8_t sense_len)
{
	struct kvm_css_present arg = {
		.size = sizeof(arg),
		.seq = seq,
		.status = status,
		.sense_len = sense_len,
	};

	if (sense_len)
		set_sense(arg.sense, sense, sense_len);
	return ioctl(unit->fd, KVM_CSS_UNIT_PRESENT, &arg) ? -errno : 0;
}

int css_unit_end(struct css_unit *unit, uint64_t seq, uint8_t status,
		 const uint8_t *sense, uint8_t sense_len)
{
	/* Number 0 would make it unsolicited. */
	return seq ? present(unit, seq, status, sense, sense_len) : -ESTALE;
}

int css_unit_present(struct css_unit *unit, uint8_t status, const uint8_t *sense,
		     uint8_t sense_len)
{
	return present(unit, 0, status, sense, sense_len);
}

int css_unit_busy(struct css_unit *unit, bool device, bool control_unit)
{
	struct kvm_css_unit_busy arg = {
		.size = sizeof(arg),
		.flags = (device ? KVM_CSS_BUSY_DEVICE : 0) |
			 (control_unit ? KVM_CSS_BUSY_CONTROL_UNIT : 0),
	};

	return ioctl(unit->fd, KVM_CSS_UNIT_BUSY, &arg) ? -errno : 0;
}
