// SPDX-License-Identifier: GPL-2.0
/*
 * The control socket
 *
 * A request is a packet of words, each with a zero byte behind it:
 *
 *	load DRIVE NAME [OPTION=VALUE]...	with the descriptor of the image
 *	unload DRIVE
 *	status [DRIVE]
 *
 * Replies are packets of words as well: for each drive that "status" asks for there is
 * one with "drive" and KEY=VALUE words, and the last one is "ok", or "error" and what
 * is wrong.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server.h"

#define WORDS_MAX	32
/* More descriptors than one are an error, and are closed. */
#define FDS_MAX		4

struct request {
	char bytes[CONTROL_SIZE + 1];
	char *words[WORDS_MAX];
	unsigned int nr;
	int fd;
};

struct reply {
	char bytes[CONTROL_SIZE];
	size_t length;
};

/* Add a word, or the part of it that there is room for. */
static void add(struct reply *reply, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct reply *reply, const char *format, ...)
{
	size_t room = sizeof(reply->bytes) - reply->length;
	va_list args;
	int length;

	if (!room)
		return;
	va_start(args, format);
	length = vsnprintf(reply->bytes + reply->length, room, format, args);
	va_end(args);
	if (length >= 0)
		reply->length += (size_t)length < room ? (size_t)length + 1 : room;
}

/* Send it, and say whether that was possible. */
static bool deliver(int socket, struct reply *reply)
{
	ssize_t sent = send(socket, reply->bytes, reply->length, MSG_NOSIGNAL | MSG_DONTWAIT);

	reply->length = 0;
	return sent >= 0;
}

static bool fail(int socket, const char *problem)
{
	struct reply reply = { .length = 0 };

	add(&reply, "error");
	add(&reply, "%s", problem);
	return deliver(socket, &reply);
}

static bool succeed(int socket)
{
	struct reply reply = { .length = 0 };

	add(&reply, "ok");
	return deliver(socket, &reply);
}

static void take_descriptors(struct request *request, struct msghdr *message)
{
	struct cmsghdr *header;
	int fds[FDS_MAX];
	size_t i, nr;

	for (header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		nr = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(header), nr * sizeof(int));
		for (i = 0; i < nr; i++) {
			if (request->fd < 0)
				request->fd = fds[i];
			else
				close(fds[i]);
		}
	}
}

/* Receive a request.  0: there is none; less: there will be no more. */
static int receive(int socket, struct request *request)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
	} control;
	struct iovec data = { .iov_base = request->bytes, .iov_len = CONTROL_SIZE };
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	char *word;

	request->fd = -1;
	request->nr = 0;
	if (length < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	take_descriptors(request, &message);
	if (!length)
		return -1;
	request->bytes[length] = 0;
	for (word = request->bytes; word < request->bytes + length; word += strlen(word) + 1)
		if (request->nr < WORDS_MAX)
			request->words[request->nr++] = word;
	return 1;
}

/* Recognize VALUE as one of some words. */
static bool choice(const char *value, const char *const *words, unsigned int nr,
		   unsigned int *found)
{
	for (*found = 0; *found < nr; ++*found)
		if (words[*found] && !strcmp(words[*found], value))
			return true;
	return false;
}

static bool number(const char *value, uint64_t max, uint64_t *found)
{
	char *end;

	if (*value < '0' || *value > '9')
		return false;
	errno = 0;
	*found = strtoull(value, &end, 10);
	return !errno && !*end && *found <= max;
}

static const char *const formats[] = {
	[TAPE_FORMAT_AWS] = "aws",
	[TAPE_FORMAT_HET] = "het",
	[TAPE_FORMAT_FLAT] = "flat",
};

static const char *const compressions[] = {
	[TAPE_COMPRESSION_ZLIB] = "zlib",
	[TAPE_COMPRESSION_BZIP2] = "bzip2",
	[TAPE_COMPRESSION_NONE] = "none",
};

bool control_option(const char *name, const char *value, struct tape_options *options)
{
	unsigned int one;
	uint64_t count;

	if (!strcmp(name, "format")) {
		if (!choice(value, formats, ARRAY_SIZE(formats), &one))
			return false;
		options->format = one;
	} else if (!strcmp(name, "compression")) {
		if (!choice(value, compressions, ARRAY_SIZE(compressions), &one))
			return false;
		options->compression = one;
	} else if (!strcmp(name, "level") && number(value, 9, &count)) {
		options->level = count;
	} else if (!strcmp(name, "block") && number(value, TAPE_BLOCK_MAX, &count)) {
		options->block = count;
	} else if (!strcmp(name, "capacity") && number(value, INT64_MAX, &count)) {
		options->capacity = count;
	} else if (!strcmp(name, "warning") && number(value, INT64_MAX, &count)) {
		options->warning = count;
	} else if (!strcmp(name, "readonly") && number(value, 1, &count)) {
		options->protect = count;
	} else {
		return false;
	}
	return true;
}

static bool load(struct station *station, int socket, struct request *request)
{
	struct tape_options options = {};
	char message[TAPE_MESSAGE_SIZE];
	struct tape_image *image;
	enum tape_result result;
	unsigned int i;
	int fd = request->fd;

	if (request->nr < 3 || fd < 0)
		return fail(socket, "expected a drive, a name and a descriptor");
	for (i = 3; i < request->nr; i++) {
		char *value = strchr(request->words[i], '=');

		if (value)
			*value++ = 0;
		if (!value || !control_option(request->words[i], value, &options))
			return fail(socket, "expected options of an image");
	}
	if (station->drive.image)
		return fail(socket, "there is a tape in the drive");
	/* The image has the descriptor from now on. */
	request->fd = -1;
	result = tape_image_open_fd(fd, request->words[2], &options, &image, message);
	if (result != TAPE_OK)
		return fail(socket, *message ? message : tape_result_name(result));
	if (*message)
		report(LEVEL_NOTICE, &station->drive, "%s: %s", request->words[2], message);
	if (drive_load(&station->drive, image, request->words[2])) {
		tape_image_close(image);
		return fail(socket, "out of memory");
	}
	server_present(station);
	return succeed(socket);
}

static bool unload(struct station *station, int socket)
{
	enum tape_result result;

	if (!station->drive.image)
		return fail(socket, "there is no tape in the drive");
	result = drive_unload(&station->drive);
	if (result != TAPE_OK)
		return fail(socket, "the tape was unloaded, but blocks that were written are lost");
	return succeed(socket);
}

static bool describe(const struct station *station, int socket)
{
	const struct drive *drive = &station->drive;
	struct reply reply = { .length = 0 };

	add(&reply, "drive");
	add(&reply, "name=%s", drive->name);
	if (station->unit) {
		uint8_t ssid;
		uint16_t schid, devno;

		css_unit_place(station->unit, &ssid, &schid, &devno);
		add(&reply, "device=0.%x.%04x", ssid, devno);
		add(&reply, "assigned=%d", drive->path.assigned);
	}
	if (drive->image) {
		struct tape_position position = tape_image_position(drive->image);

		add(&reply, "format=%s", formats[tape_image_format(drive->image)]);
		add(&reply, "protected=%d",
		    drive->protected || tape_image_protected(drive->image));
		add(&reply, "block=%llu", (unsigned long long)position.block);
		add(&reply, "file=%llu", (unsigned long long)position.file);
		add(&reply, "offset=%llu", (unsigned long long)position.offset);
		add(&reply, "synced=%d", !drive->unsynced && !drive->lost);
		add(&reply, "fenced=%d", drive->fenced);
		add(&reply, "display=%s|%s", drive->display.message[0],
		    drive->display.message[1]);
		/* The last one, because it may be too long. */
		add(&reply, "image=%s", drive->image_name);
	}
	return deliver(socket, &reply);
}

bool control_list(const struct server *server, struct control *control)
{
	for (; control->next < server->nr; control->next++)
		if (!describe(server->stations[control->next], control->socket))
			return errno == EAGAIN;
	if (!succeed(control->socket))
		return errno == EAGAIN;
	control->listing = false;
	return true;
}

/* There may be more to be sent than the socket holds, so the loop goes on with all drives. */
static bool status(const struct server *server, struct control *control,
		   const struct station *one)
{
	if (one)
		return describe(one, control->socket) && succeed(control->socket);
	control->listing = true;
	control->next = 0;
	return control_list(server, control);
}

static bool execute(struct server *server, struct control *control, struct request *request)
{
	const char *what = request->words[0];
	struct station *station = NULL;
	int socket = control->socket;

	if (request->nr > 1) {
		station = server_find(server, request->words[1]);
		if (!station)
			return fail(socket, "there is no such drive");
	}
	if (!strcmp(what, "status"))
		return status(server, control, station);
	if (!station)
		return fail(socket, "expected a drive");
	if (!strcmp(what, "load"))
		return load(station, socket, request);
	if (!strcmp(what, "unload"))
		return unload(station, socket);
	return fail(socket, "expected load, unload or status");
}

bool control_request(struct server *server, struct control *control)
{
	struct request request;
	bool goes_on;
	int rc = receive(control->socket, &request);

	if (rc <= 0)
		goes_on = !rc;
	else
		goes_on = execute(server, control, &request);
	if (request.fd >= 0)
		close(request.fd);
	return goes_on;
}
