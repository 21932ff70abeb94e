// SPDX-License-Identifier: GPL-2.0
/*
 * Tapes in the drives of css-tape, to whose control socket this file talks.  The packets
 * are described in tools/css-tape/control.c.
 */
#include <fcntl.h>
#include <limits.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cssctl.h"

#define CONTROL_SOCKET		"/run/css-tape/control"
#define PACKET_SIZE		8192

struct packet {
	char bytes[PACKET_SIZE + 1];
	size_t length;
};

static void add_word(struct packet *packet, const char *word)
{
	size_t length = strlen(word) + 1;

	if (length > PACKET_SIZE - packet->length)
		fail(STATUS_USAGE, "expected shorter words, found \"%s\"", word);
	memcpy(packet->bytes + packet->length, word, length);
	packet->length += length;
}

/* The word behind this one, or NULL.  A packet that was received has a zero byte at its end. */
static const char *next_word(const struct packet *packet, const char *word)
{
	word += strlen(word) + 1;
	return word < packet->bytes + packet->length ? word : NULL;
}

/* The value of the word "KEY=VALUE", or NULL */
static const char *value_of(const struct packet *packet, const char *key)
{
	size_t length = strlen(key);
	const char *word = packet->bytes;

	for (; word; word = next_word(packet, word))
		if (!strncmp(word, key, length) && word[length] == '=')
			return word + length + 1;
	return NULL;
}

static void send_request(int socket, struct packet *packet, int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(fd))];
	} control = { 0 };
	struct iovec data = { packet->bytes, packet->length };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };

	if (fd >= 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	if (sendmsg(socket, &message, MSG_NOSIGNAL) < 0)
		fail(STATUS_FAILED, "asking css-tape: %s", strerror(errno));
}

/*
 * Receive a packet, for which there is a time limit.  Loading and unloading have none: they
 * take as long as the host's file system takes, and css-tape's reply says whether
 * blocks are lost.
 */
static ssize_t receive(int socket, struct packet *packet, bool patient)
{
	bool said = false;
	ssize_t length;

	for (;;) {
		length = recv(socket, packet->bytes, PACKET_SIZE, 0);
		if (length >= 0 || errno != EAGAIN || !patient)
			return length;
		if (!said)
			note("css-tape hasn't replied yet; it may be waiting for the host's disk");
		said = true;
	}
}

/* Receive a reply; true if it is one of a drive, and false if it is the last one. */
static bool receive_reply(int socket, struct packet *packet, bool patient)
{
	ssize_t length = receive(socket, packet, patient);
	const char *reason;

	if (length < 0 && errno != EAGAIN)
		fail(STATUS_FAILED, "waiting for css-tape: %s", strerror(errno));
	if (length <= 0)
		fail(STATUS_FAILED, "expected css-tape to reply, found that it %s",
		     length ? "hasn't in time" : "has closed the connection");
	packet->length = length;
	packet->bytes[length] = '\0';
	if (!strcmp(packet->bytes, "drive"))
		return true;
	if (!strcmp(packet->bytes, "ok"))
		return false;
	reason = next_word(packet, packet->bytes);
	fail(STATUS_FAILED, "css-tape: %s", reason ? reason : "a reply that isn't known");
}

/* The value of the last option readonly=; css-tape says if it isn't 0 or 1. */
static bool is_readonly(char **words, int nr)
{
	static const char option[] = "readonly=";
	bool readonly = false;
	int i;

	for (i = 0; i < nr; i++)
		if (!strncmp(words[i], option, strlen(option)))
			readonly = strcmp(words[i] + strlen(option), "0");
	return readonly;
}

/*
 * Open an image with the rights of the caller; for reading only if it can't or mustn't be
 * written.  css-tape locks it by how it is open.
 */
static int open_image(const char *path, bool readonly)
{
	const int flags = O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	int fd = open(path, (readonly ? O_RDONLY : O_RDWR) | flags);

	if (fd < 0 && !readonly && (errno == EACCES || errno == EROFS || errno == EPERM))
		fd = open(path, O_RDONLY | flags);
	if (fd < 0)
		fail(STATUS_FAILED, "opening %s: %s", path, strerror(errno));
	return fd;
}

static void load(int socket, char **words, int nr)
{
	struct packet packet = { .length = 0 };
	char path[PATH_MAX];
	int fd, i;

	if (nr < 3)
		fail(STATUS_USAGE, "expected a drive and an image behind load");
	fd = open_image(words[2], is_readonly(words + 3, nr - 3));
	add_word(&packet, "load");
	add_word(&packet, words[1]);
	/* The log is to say which file it is. */
	add_word(&packet, realpath(words[2], path) ? path : words[2]);
	for (i = 3; i < nr; i++)
		add_word(&packet, words[i]);
	send_request(socket, &packet, fd);
	close(fd);
	receive_reply(socket, &packet, true);
}

static void unload(int socket, char **words, int nr)
{
	struct packet packet = { .length = 0 };

	if (nr != 2)
		fail(STATUS_USAGE, "expected a drive behind unload");
	add_word(&packet, "unload");
	add_word(&packet, words[1]);
	send_request(socket, &packet, -1);
	receive_reply(socket, &packet, true);
}

/* What has a value that is text, a number, or 0 or 1 */
static const char *const texts[] = { "name", "device", "image", "format", "display" };
static const char *const numbers[] = { "block", "file", "offset" };
static const char *const flags[] = { "assigned", "protected", "synced", "fenced" };

static void json_drive(const struct packet *packet)
{
	const char *value;
	unsigned int i;

	json_object(NULL);
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		value = value_of(packet, texts[i]);
		if (value)
			json_string(texts[i], value);
		else
			json_null(texts[i]);
	}
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		value = value_of(packet, numbers[i]);
		if (value)
			json_number(numbers[i], strtoull(value, NULL, 10));
	}
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		value = value_of(packet, flags[i]);
		if (value)
			json_bool(flags[i], *value == '1');
	}
	json_end();
}

static const char *or_none(const char *value)
{
	return value ? value : "-";
}

static bool is_set(const struct packet *packet, const char *flag)
{
	const char *value = value_of(packet, flag);

	return value && *value == '1';
}

static void print_drive(const struct packet *packet)
{
	const char *image = value_of(packet, "image");

	printf("%-12s  %-8s  %-8s  %-6s  %-9s  ", or_none(value_of(packet, "name")),
	       or_none(value_of(packet, "device")), or_none(value_of(packet, "block")),
	       or_none(value_of(packet, "format")),
	       !image ? "-" : is_set(packet, "fenced") ? "fenced" :
	       is_set(packet, "protected") ? "protected" : "writable");
	put_text(stdout, or_none(image));
	putchar('\n');
}

static void show(int socket, char **words, int nr)
{
	struct packet packet = { .length = 0 };

	if (nr > 2)
		fail(STATUS_USAGE, "expected one drive at most behind status");
	add_word(&packet, "status");
	if (nr == 2)
		add_word(&packet, words[1]);
	send_request(socket, &packet, -1);
	if (json_wanted) {
		json_object(NULL);
		json_array("drives");
	} else {
		printf("%-12s  %-8s  %-8s  %-6s  %-9s  %s\n", "DRIVE", "DEVICE", "BLOCK", "FORMAT",
		       "TAPE", "IMAGE");
	}
	while (receive_reply(socket, &packet, false)) {
		if (json_wanted)
			json_drive(&packet);
		else
			print_drive(&packet);
	}
	json_end_to(0);
}

int run_tape(struct options *options)
{
	const char *path = options->socket ? options->socket : CONTROL_SOCKET;
	const char *what = options->nr_words ? options->words[0] : "";
	void (*run)(int socket, char **words, int nr);
	int socket;

	if (!strcmp(what, "load"))
		run = load;
	else if (!strcmp(what, "unload"))
		run = unload;
	else if (!strcmp(what, "status"))
		run = show;
	else
		fail(STATUS_USAGE, "expected load, unload or status, found \"%s\"", what);
	socket = serve_connect(path, 0);
	run(socket, options->words, options->nr_words);
	close(socket);
	if (json_wanted && run != show) {
		json_object(NULL);
		json_string("drive", options->words[1]);
		json_end();
	}
	return STATUS_GOOD;
}
