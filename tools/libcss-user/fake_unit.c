// SPDX-License-Identifier: GPL-2.0
/* For tests: a unit in the kernel's place, see fake_unit.h */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "css_user.h"
#include "fake_unit.h"

#define FETCHES			0x01

struct fake_unit fake;

static bool removed;
/* The unit before, if it was removed, or -1: calls for it fail. */
static int dead_fd = -1;
static uint64_t last_seq;

int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);

void die(const char *what)
{
	perror(what);
	exit(2);
}

int fake_open(uint32_t area)
{
	dead_fd = removed ? fake.fd : -1;
	fake = (struct fake_unit){
		.fd = memfd_create("unit", MFD_CLOEXEC),
		.size = area,
		.events = KVM_CSS_EVENT_BEGIN,
		.version = KVM_CSS_VERSION,
	};
	removed = false;
	if (fake.fd < 0 || ftruncate(fake.fd, area))
		die("memfd_create");
	fake.area = mmap(NULL, area, PROT_READ | PROT_WRITE, MAP_SHARED,
			 fake.fd, 0);
	if (fake.area == MAP_FAILED)
		die("mmap");
	return fake.fd;
}

void fake_remove(void)
{
	removed = true;
}

void fake_close(void)
{
	munmap(fake.area, fake.size);
	fake = (struct fake_unit){ .fd = -1 };
}

uint64_t fake_command(uint8_t code, uint8_t flags, uint32_t count,
		      const void *data)
{
	struct kvm_css_command *command = &fake.command;

	if (command->seq)
		die("fake_command: the guest has issued another one");
	*command = (struct kvm_css_command){
		.seq = ++last_seq,
		.code = code,
		.ccw_flags = flags,
		.room = fake.size,
		.provided = count,
		.flags = KVM_CSS_COMMAND_FIRST,
		.issued = 1000 * last_seq,
	};
	fake.ended = 0;
	fake.nr_next = 0;
	if (!(code & FETCHES))
		return command->seq;
	command->available = count < fake.size ? count : fake.size;
	if (command->available < count)
		command->flags |= KVM_CSS_COMMAND_MORE;
	if (data)
		memcpy(fake.area, data, command->available);
	else
		memset(fake.area, 0, command->available);
	return command->seq;
}

uint64_t fake_chain(uint32_t when, uint8_t code, uint8_t flags, uint32_t count,
		    const void *data)
{
	struct kvm_css_command *before = fake.nr_next ?
		&fake.next[fake.nr_next - 1] : &fake.command;
	struct kvm_css_command *command = &fake.next[fake.nr_next++];

	before->flags |= when;
	*command = (struct kvm_css_command){
		.seq = ++last_seq,
		.code = code,
		.ccw_flags = flags,
		.offset = before->offset + before->provided,
		.provided = count,
		.issued = fake.command.issued,
	};
	command->room = fake.size - command->offset;
	if (code & FETCHES) {
		command->available = count;
		memcpy(fake.area + command->offset, data, count);
	}
	return command->seq;
}

static void over(void)
{
	fake.command.seq = 0;
	fake.taken = false;
}

static void end_all(uint32_t event)
{
	over();
	fake.ended = 0;
	fake.present.size = 0;
	fake.busy = 0;
	fake.events = event;
}

void fake_clear(void)
{
	end_all(KVM_CSS_EVENT_CLEARED);
}

void fake_reset(void)
{
	end_all(KVM_CSS_EVENT_RESET);
}

void fake_halt(void)
{
	if (fake.taken)
		fake.events |= KVM_CSS_EVENT_STOP;
	else
		over();
	if (fake.ended)
		fake.events |= KVM_CSS_EVENT_HALTED;
	fake.ended = 0;
}

void fake_time_is_up(void)
{
	fake.events &= ~KVM_CSS_EVENT_STOP;
	over();
}

void fake_take_status(void)
{
	if (!fake.present.size)
		die("fake_take_status: there is none");
	fake.present.size = 0;
	fake.events |= KVM_CSS_EVENT_PRESENTED;
}

void fake_forget(void)
{
	fake.nr_answers = 0;
	fake.calls = 0;
	fake.waits = 0;
	fake.agains = 0;
}

/* --- what the kernel does --- */

static int give_info(struct kvm_css_unit_info *info)
{
	if (info->size != sizeof(*info) || info->flags)
		return -EINVAL;
	*info = (struct kvm_css_unit_info){
		.size = sizeof(*info),
		.version = fake.version,
		.area = fake.size,
		.schid = FAKE_SCHID,
		.devno = FAKE_DEVNO,
		.ssid = FAKE_SSID,
		.halt_ms = 1000,
		.busy = fake.busy,
		.command = fake.taken ? fake.command.seq : 0,
		.operation = fake.ended,
	};
	return 0;
}

static bool sense_is_right(uint8_t status, const uint8_t *sense, uint8_t length)
{
	unsigned int i;

	if (length > sizeof(fake.answers->sense) ||
	    !(status & KVM_CSS_STATUS_UNIT_CHECK) != !length)
		return false;
	for (i = length; i < sizeof(fake.answers->sense); i++)
		if (sense[i])
			return false;
	return true;
}

static bool answer_is_right(const struct kvm_css_answer *answer,
			    const struct kvm_css_command *command)
{
	/* A command alone has the whole area, unless a test says otherwise. */
	const uint32_t most = fake.nr_next ? fake.size : command->room;
	const uint8_t status = answer->status;

	if ((command->code & FETCHES && answer->count > most) ||
	    answer->reserved ||
	    answer->flags & ~KVM_CSS_ANSWER_IMMEDIATE ||
	    (answer->flags && answer->count) ||
	    !sense_is_right(status, answer->sense, answer->sense_len))
		return false;
	if (status == KVM_CSS_STATUS_UNIT_CHECK)
		return !answer->count;
	if (status & KVM_CSS_STATUS_MODIFIER)
		return status == (KVM_CSS_STATUS_MODIFIER | CSS_ENDED);
	return status & KVM_CSS_STATUS_CHANNEL_END &&
	       !(status & KVM_CSS_STATUS_BUSY);
}

/* What the process hasn't been told yet has ended everything. */
static bool is_stale(void)
{
	return fake.events & (KVM_CSS_EVENT_CLEARED | KVM_CSS_EVENT_RESET);
}

static const struct kvm_css_command *nth(uint32_t nr)
{
	return nr ? &fake.next[nr - 1] : &fake.command;
}

/* The program comes to the next command. */
static bool done_is_right(const struct kvm_css_done *done,
			  const struct kvm_css_command *command)
{
	if (done->flags)
		return done->flags == KVM_CSS_ANSWER_IMMEDIATE &&
		       command->flags & KVM_CSS_COMMAND_NEXT_IMMEDIATE &&
		       !done->count;
	return command->flags & KVM_CSS_COMMAND_NEXT_ANY ||
	       done->count == command->provided;
}

static int take_answer(const struct kvm_css_answer *answer,
		       const struct kvm_css_done *done, uint32_t nr_done)
{
	const uint64_t nr = answer->seq - fake.command.seq;
	uint32_t i;

	if (is_stale() || !fake.taken || nr > fake.nr_next)
		return -ESTALE;
	if (nr != nr_done || !answer_is_right(answer, nth(nr)))
		return -EINVAL;
	for (i = 0; i < nr; i++)
		if (!done_is_right(&done[i], nth(i)))
			return -EINVAL;
	memcpy(fake.done, done, nr * sizeof(*done));
	fake.nr_done = nr;
	if (fake.nr_answers == FAKE_LOG)
		die("take_answer: more than a test looks at");
	fake.answers[fake.nr_answers++] = *answer;
	fake.events &= ~KVM_CSS_EVENT_STOP;
	if (answer->status & KVM_CSS_STATUS_CHANNEL_END &&
	    !(answer->status & KVM_CSS_STATUS_DEVICE_END))
		fake.ended = answer->seq;
	over();
	if (fake.answered)
		fake.answered();
	return 0;
}

static bool has_command(bool again)
{
	return fake.command.seq && (!fake.taken || again);
}

static bool has_news(bool again)
{
	return fake.events || has_command(again);
}

/* A signal ends a call that has given an answer without an error. */
static int wait_for_guest(bool answered)
{
	const int signal = answered ? 0 : -EINTR;

	if (fake.interrupt) {
		fake.interrupt = false;
		return signal;
	}
	while (!has_news(false)) {
		if (!fake.idle || !fake.idle())
			return signal;
		if (removed)
			return -ENODEV;
	}
	return 0;
}

/* A call that returns what has ended everything returns no command. */
static void give(struct kvm_css_exchange *arg, bool again)
{
	const uint32_t last = KVM_CSS_EVENT_CLEARED | KVM_CSS_EVENT_RESET |
			      KVM_CSS_EVENT_BEGIN;

	arg->events = fake.events;
	fake.events = 0;
	if (arg->events & last || !has_command(again))
		return;
	fake.taken = true;
	arg->command = fake.command;
	if (arg->flags & KVM_CSS_EXCHANGE_CHAIN) {
		arg->nr_next = fake.nr_next;
		memcpy(arg->next, fake.next, fake.nr_next * sizeof(*arg->next));
	} else {
		fake.nr_next = 0;
	}
	if (fake.distort)
		fake.distort(&arg->command);
	fake.distort = NULL;
}

static int exchange(struct kvm_css_exchange *arg)
{
	const uint32_t flags = arg->flags;
	const bool again = flags & KVM_CSS_EXCHANGE_AGAIN;
	int rc = 0;

	if (flags & KVM_CSS_EXCHANGE_ONLY_ANSWER &&
	    flags != (KVM_CSS_EXCHANGE_ANSWER | KVM_CSS_EXCHANGE_ONLY_ANSWER))
		return -EINVAL;
	if (arg->command.seq || arg->events || arg->reserved ||
	    flags & ~(KVM_CSS_EXCHANGE_WAIT | KVM_CSS_EXCHANGE_AGAIN |
		      KVM_CSS_EXCHANGE_ANSWER | KVM_CSS_EXCHANGE_ONLY_ANSWER |
		      KVM_CSS_EXCHANGE_CHAIN))
		return -EINVAL;
	if (fake.version < 7 ? arg->size != 144 || flags & KVM_CSS_EXCHANGE_CHAIN :
			       arg->size != sizeof(*arg) || arg->nr_next ||
			       arg->nr_done > KVM_CSS_NEXT)
		return -EINVAL;
	fake.calls++;
	fake.waits += !!(flags & KVM_CSS_EXCHANGE_WAIT);
	fake.agains += again;
	if (flags & KVM_CSS_EXCHANGE_ANSWER)
		rc = take_answer(&arg->answer, arg->done,
				 fake.version < 7 ? 0 : arg->nr_done);
	if (rc || flags & KVM_CSS_EXCHANGE_ONLY_ANSWER)
		return rc;
	if (flags & KVM_CSS_EXCHANGE_WAIT &&
	    !(fcntl(fake.fd, F_GETFL) & O_NONBLOCK))
		rc = wait_for_guest(flags & KVM_CSS_EXCHANGE_ANSWER);
	else if (!has_news(again) && fake.idle && fake.idle())
		return 0;
	if (!rc)
		give(arg, again);
	return rc;
}

/* Device end of a command that has been answered with channel end alone */
static int present_end(const struct kvm_css_present *arg)
{
	if (arg->seq != fake.ended)
		return -ESTALE;
	if (!(arg->status & KVM_CSS_STATUS_DEVICE_END))
		return -EINVAL;
	fake.end = *arg;
	fake.ended = 0;
	return 0;
}

static int present(const struct kvm_css_present *arg)
{
	uint8_t status;

	if (arg->size != sizeof(*arg) || arg->flags || !arg->status ||
	    !sense_is_right(arg->status, arg->sense, arg->sense_len))
		return -EINVAL;
	if (is_stale())
		return -ESTALE;
	if (arg->seq)
		return present_end(arg);
	if (arg->status & (KVM_CSS_STATUS_CHANNEL_END | KVM_CSS_STATUS_BUSY))
		return -EINVAL;
	if (fake.present.size &&
	    arg->status & fake.present.status & KVM_CSS_STATUS_UNIT_CHECK)
		return -EBUSY;
	status = arg->status | (fake.present.size ? fake.present.status : 0);
	if (!fake.present.size || arg->sense_len)
		fake.present = *arg;
	fake.present.status = status;
	return 0;
}

static int set_busy(const struct kvm_css_unit_busy *arg)
{
	if (arg->size != sizeof(*arg) ||
	    arg->flags & ~(KVM_CSS_BUSY_DEVICE | KVM_CSS_BUSY_CONTROL_UNIT))
		return -EINVAL;
	if (is_stale())
		return -ESTALE;
	fake.busy = arg->flags;
	return 0;
}

static int call(unsigned long request, void *arg)
{
	int fail = fake.fail;

	fake.fail = 0;
	if (fail)
		return -fail;
	if (removed)
		return -ENODEV;
	switch (request) {
	case KVM_CSS_UNIT_INFO:
		return give_info(arg);
	case KVM_CSS_UNIT_EXCHANGE:
		return exchange(arg);
	case KVM_CSS_UNIT_PRESENT:
		return present(arg);
	case KVM_CSS_UNIT_BUSY:
		return set_busy(arg);
	default:
		return -ENOTTY;
	}
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;
	int rc;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (fd != fake.fd && (fd < 0 || fd != dead_fd))
		return __real_ioctl(fd, request, arg);
	rc = fd == fake.fd ? call(request, arg) : -ENODEV;
	errno = rc ? -rc : errno;
	return rc ? -1 : 0;
}
