// SPDX-License-Identifier: GPL-2.0
/* How a process serves a device, see unit_calls.h */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit_calls.h"

#define SENSE0_INTERVENTION	0x40

static int call(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) < 0 ? errno : 0;
}

int unit_info(int fd, struct kvm_css_unit_info *info)
{
	memset(info, 0, sizeof(*info));
	info->size = sizeof(*info);
	return call(fd, KVM_CSS_UNIT_INFO, info);
}

int unit_map(struct unit *unit, int fd)
{
	struct kvm_css_unit_info info;
	int error = unit_info(fd, &info);
	u8 *area;

	if (error)
		return error;
	area = mmap(NULL, info.area, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (area == MAP_FAILED)
		return errno;
	*unit = (struct unit){ .fd = fd, .area = area, .size = info.area };
	return 0;
}

int unit_open(struct unit *unit, int css_fd, u32 sid, u32 flags)
{
	int fd = css_serve(css_fd, sid, flags);
	int error;

	*unit = (struct unit){ .fd = -1 };
	if (fd < 0)
		return errno;
	error = unit_map(unit, fd);
	if (error)
		close(fd);
	return error;
}

void unit_close(struct unit *unit)
{
	if (unit->fd < 0)
		return;
	munmap(unit->area, unit->size);
	close(unit->fd);
	unit->fd = -1;
}

int unit_exchange(struct unit *unit, u32 flags,
		  const struct kvm_css_answer *answer)
{
	struct kvm_css_exchange exchange = {
		.size = sizeof(exchange),
		.flags = flags | (answer ? KVM_CSS_EXCHANGE_ANSWER : 0),
	};
	int error;

	if (answer) {
		exchange.answer = *answer;
		exchange.nr_done = unit->nr_done;
		memcpy(exchange.done, unit->done, sizeof(unit->done));
	}
	error = call(unit->fd, KVM_CSS_UNIT_EXCHANGE, &exchange);
	if (error || flags & KVM_CSS_EXCHANGE_ONLY_ANSWER)
		return error;
	unit->command = exchange.command;
	unit->events = exchange.events;
	unit->nr_next = exchange.nr_next;
	memcpy(unit->next, exchange.next, sizeof(unit->next));
	return 0;
}

bool unit_goes_on(const struct kvm_css_command *command,
		  const struct kvm_css_answer *answer)
{
	if (answer->status != UNIT_ENDED)
		return false;
	if (answer->flags & KVM_CSS_ANSWER_IMMEDIATE)
		return command->flags & KVM_CSS_COMMAND_NEXT_IMMEDIATE;
	return command->flags & KVM_CSS_COMMAND_NEXT_ANY ||
	       answer->count == command->provided;
}

struct kvm_css_answer unit_end(u64 seq, u8 status, u32 count)
{
	struct kvm_css_answer answer = {
		.seq = seq, .count = count, .status = status,
	};

	if (status & KVM_CSS_STATUS_UNIT_CHECK) {
		answer.sense_len = sizeof(answer.sense);
		answer.sense[0] = SENSE0_INTERVENTION;
	}
	return answer;
}

struct kvm_css_answer unit_immediate(u64 seq)
{
	struct kvm_css_answer answer = unit_end(seq, UNIT_ENDED, 0);

	answer.flags = KVM_CSS_ANSWER_IMMEDIATE;
	return answer;
}

int unit_present(int fd, u64 seq, u8 status)
{
	struct kvm_css_present present = {
		.size = sizeof(present), .seq = seq, .status = status,
	};

	if (status & KVM_CSS_STATUS_UNIT_CHECK) {
		present.sense_len = sizeof(present.sense);
		present.sense[0] = SENSE0_INTERVENTION;
	}
	return call(fd, KVM_CSS_UNIT_PRESENT, &present);
}

int unit_busy(int fd, u32 flags)
{
	struct kvm_css_unit_busy busy = {
		.size = sizeof(busy), .flags = flags,
	};

	return call(fd, KVM_CSS_UNIT_BUSY, &busy);
}

int unit_poll(int fd, int ms)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	if (poll(&poll_fd, 1, ms) < 0)
		die("poll of a unit");
	return poll_fd.revents;
}

void unit_send(int socket, int fd)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec iov = { .iov_base = "u", .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&msg);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	if (sendmsg(socket, &msg, 0) != 1)
		die("send a unit");
}

int unit_receive(int socket)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	char byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;
	int fd;

	if (recvmsg(socket, &msg, MSG_CMSG_CLOEXEC) != 1)
		die("receive a unit");
	header = CMSG_FIRSTHDR(&msg);
	if (!header || header->cmsg_type != SCM_RIGHTS)
		die("no unit was received");
	memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}
