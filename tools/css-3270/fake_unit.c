// SPDX-License-Identifier: GPL-2.0
/*
 * The library's functions for a unit, for tests of the whole program: the unit is a
 * socket (SOCK_SEQPACKET), and the test is the kernel and the guest at its other end.
 *
 *	test:	C code flags provided(4) data	a command
 *		R			the VM is reset
 *		S			HALT: answer the command in progress
 *		P			status has been presented
 *	unit:	A status sense_len sense(32) count(4) data, as far as there was room
 *		L			the command is answered later
 *		P status		present this
 *
 * Each is a packet, and numbers are in this machine's order.  The end of the
 * connection is the device's end.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "css_user.h"

#define AREA			65536

struct css_unit {
	int fd;
	const struct css_device_ops *ops;
	void *device;
	uint64_t seq;
	uint8_t code;
	uint32_t room;
	bool begun;
	uint8_t area[AREA];
};

int css_unit_new(struct css_unit **unit, int fd, const struct css_device_ops *ops,
		 void *device)
{
	socklen_t len = sizeof(int);
	int type;

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) || type != SOCK_SEQPACKET)
		return -ENOTTY;
	*unit = calloc(1, sizeof(**unit));
	if (!*unit)
		return -ENOMEM;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	(*unit)->fd = fd;
	(*unit)->ops = ops;
	(*unit)->device = device;
	return 0;
}

void css_unit_free(struct css_unit *unit)
{
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
	(void)unit;
	*ssid = 3;
	*schid = 0;
	*devno = 9;
}

uint32_t css_unit_area(const struct css_unit *unit)
{
	const char *area = getenv("FAKE_AREA");

	(void)unit;
	return area ? strtoul(area, NULL, 10) : AREA;
}

static int say(struct css_unit *unit, const void *packet, size_t len)
{
	return send(unit->fd, packet, len, MSG_NOSIGNAL) < 0 ? -ENODEV : 0;
}

static int answer_now(struct css_unit *unit, const struct css_answer *answer)
{
	uint8_t packet[39 + AREA] = { 'A', answer->status, answer->sense_len };
	size_t len = 39;

	memcpy(packet + 3, answer->sense, CSS_SENSE_SIZE);
	memcpy(packet + 35, &answer->count, 4);
	if (!css_command_fetches(unit->code)) {
		size_t some = answer->count < unit->room ? answer->count : unit->room;

		memcpy(packet + len, unit->area, some);
		len += some;
	}
	return say(unit, packet, len);
}

int css_unit_answer(struct css_unit *unit, uint64_t seq, const struct css_answer *answer)
{
	return seq == unit->seq ? answer_now(unit, answer) : -ESTALE;
}

int css_unit_present(struct css_unit *unit, uint8_t status, const uint8_t *sense,
		     uint8_t sense_len)
{
	const uint8_t packet[] = { 'P', status };

	if (sense || sense_len)
		return -EINVAL;
	return say(unit, packet, sizeof(packet));
}

static int command(struct css_unit *unit, const uint8_t *packet, size_t len)
{
	struct css_command command = {
		.seq = ++unit->seq,
		.code = packet[1],
		.flags = packet[2],
		.room = AREA,
		.data = unit->area,
	};
	struct css_answer answer = {};

	memcpy(&command.provided, packet + 3, 4);
	unit->code = command.code;
	unit->room = AREA;
	if (css_command_fetches(command.code)) {
		command.available = len - 7;
		memcpy(unit->area, packet + 7, len - 7);
	} else if (command.provided < AREA) {
		command.room = command.provided;
		unit->room = command.provided;
	}
	unit->ops->command(unit->device, &command, &answer);
	return answer.later ? say(unit, "L", 1) : answer_now(unit, &answer);
}

static int have(struct css_unit *unit, const uint8_t *packet, size_t len)
{
	switch (packet[0]) {
	case 'C':
		return len < 7 ? -EPROTO : command(unit, packet, len);
	case 'R':
		unit->ops->reset(unit->device);
		return 0;
	case 'S':
		unit->ops->stop(unit->device);
		return 0;
	case 'P':
		unit->ops->presented(unit->device);
		return 0;
	default:
		return -EPROTO;
	}
}

int css_unit_step(struct css_unit *unit)
{
	static uint8_t packet[7 + AREA];
	ssize_t len;

	if (!unit->begun) {
		unit->begun = true;
		unit->ops->begin(unit->device);
	}
	len = recv(unit->fd, packet, sizeof(packet), MSG_DONTWAIT);
	if (len < 0 && errno == EAGAIN)
		return 0;
	return len > 0 ? have(unit, packet, len) : -ENODEV;
}
