// SPDX-License-Identifier: GPL-2.0
/*
 * Ask QEMU's monitor a question, over QMP on a socket.  The guest may have
 * taken over QEMU.  So an answer has a time limit and a largest size, and is
 * parsed with care.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "cssctl.h"

#define SECONDS			10
#define ANSWER_MAX		(8U << 20)

struct qmp {
	const char *path;
	int fd;
	time_t until;
	/* What has been received, with a zero byte behind it */
	char *text;
	size_t used;		/* how many bytes */
	size_t room;
};

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

static void fail_to_connect(const char *path, int error)
	__attribute__((noreturn));

static void fail_to_connect(const char *path, int error)
{
	fail(STATUS_FAILED,
	     "--qmp: expected QEMU's monitor at %s (-qmp unix:%s,server=on,wait=off), found: %s",
	     path, path, strerror(error));
}

/* Make sure that the monitor is the one of this VM's process. */
static void check_peer(const struct qmp *qmp, pid_t pid)
{
	socklen_t size = sizeof(struct ucred);
	struct ucred peer = { 0 };

	if (!getsockopt(qmp->fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) &&
	    peer.pid && peer.pid != pid)
		fail(STATUS_FAILED,
		     "--qmp: expected %s to be the monitor of process %d, found that process %d made it; where somebody else makes QEMU's sockets, take --qtree",
		     qmp->path, (int)pid, (int)peer.pid);
}

static void open_monitor(struct qmp *qmp, pid_t pid)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(qmp->path) >= sizeof(address.sun_path))
		fail_to_connect(qmp->path, ENAMETOOLONG);
	memcpy(address.sun_path, qmp->path, strlen(qmp->path));
	qmp->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			 0);
	if (qmp->fd < 0 ||
	    connect(qmp->fd, (struct sockaddr *)&address, sizeof(address)))
		fail_to_connect(qmp->path, errno);
	check_peer(qmp, pid);
	qmp->until = now() + SECONDS;
}

static void fail_answer(const struct qmp *qmp, const char *found)
	__attribute__((noreturn));

static void fail_answer(const struct qmp *qmp, const char *found)
{
	fail(STATUS_FAILED, "--qmp: expected an answer of QEMU's at %s, found %s",
	     qmp->path, found);
}

/* Receive some more bytes. */
static void receive(struct qmp *qmp)
{
	struct pollfd wait = { .fd = qmp->fd, .events = POLLIN };
	time_t left = qmp->until - now();
	ssize_t got;

	if (left <= 0 || poll(&wait, 1, left * 1000) <= 0)
		fail_answer(qmp,
			    "none in time; another program may have that monitor, for which QEMU can have one more (-qmp)");
	if (qmp->room - qmp->used < 2) {
		if (qmp->room >= ANSWER_MAX)
			fail_answer(qmp, "more than 8 MiB");
		qmp->room = qmp->room ? 2 * qmp->room : 4096;
		qmp->text = realloc(qmp->text, qmp->room);
		if (!qmp->text)
			out_of_memory();
	}
	got = read(qmp->fd, qmp->text + qmp->used, qmp->room - qmp->used - 1);
	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0)
		fail_answer(qmp, "that it has closed the connection");
	qmp->used += got;
	qmp->text[qmp->used] = '\0';
}

/* --- JSON --- */

/*
 * Return the place behind the string that begins here; NULL if it doesn't end.
 */
static const char *skip_string(const char *at)
{
	for (at++; *at; at++) {
		if (*at == '"')
			return at + 1;
		if (*at == '\\' && !*++at)
			return NULL;
	}
	return NULL;
}

/* Return the place behind a value of any kind; NULL if it doesn't end. */
static const char *skip_value(const char *at)
{
	unsigned int depth = 0;
	size_t length;

	if (*at == '"')
		return skip_string(at);
	if (*at != '{' && *at != '[') {
		length = strcspn(at, ",}] \t\r\n");
		return length && at[length] ? at + length : NULL;
	}
	while (*at) {
		if (*at == '"') {
			at = skip_string(at);
			if (!at)
				return NULL;
			continue;
		}
		if (*at == '{' || *at == '[')
			depth++;
		if ((*at == '}' || *at == ']') && !--depth)
			return at + 1;
		at++;
	}
	return NULL;
}

static const char *skip_space(const char *at)
{
	return at + strspn(at, " \t\r\n");
}

/* Return the value of an object's member; NULL if it has no such member. */
static const char *member(const char *object, const char *name)
{
	const char *at = skip_space(object);

	if (*at != '{')
		return NULL;
	at = skip_space(at + 1);
	while (*at == '"') {
		const char *key = at + 1, *end = skip_string(at);

		if (!end)
			return NULL;
		at = skip_space(end);
		if (*at != ':')
			return NULL;
		at = skip_space(at + 1);
		if (strlen(name) == (size_t)(end - 1 - key) &&
		    !strncmp(key, name, strlen(name)))
			return at;
		at = skip_value(at);
		if (!at)
			return NULL;
		at = skip_space(at);
		at = skip_space(at + (*at == ','));
	}
	return NULL;
}

/*
 * Return the next character of a string.  One that isn't ASCII becomes a
 * question mark.
 */
static char unescape(const char **at)
{
	char digits[5] = "";
	unsigned long code;

	if (**at != '\\')
		return *(*at)++;
	*at += 2;
	switch ((*at)[-1]) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case 'u':
		memcpy(digits, *at, strnlen(*at, 4));
		*at += strlen(digits);
		code = strtoul(digits, NULL, 16);
		return code && code < 0x80 ? code : '?';
	default:
		return (*at)[-1];
	}
}

/*
 * Return the text of a string, which the caller frees; NULL if it is no string.
 */
static char *string_of(const char *value)
{
	const char *end = value && *value == '"' ? skip_string(value) : NULL;
	char *text, *to;

	if (!end)
		return NULL;
	text = malloc(end - value);
	to = text;
	if (!text)
		out_of_memory();
	for (value++; value < end - 1;)
		*to++ = unescape(&value);
	*to = '\0';
	return text;
}

/* --- questions and answers --- */

/* Wait for the next object.  Return its text, which the caller frees. */
static char *next_object(struct qmp *qmp)
{
	const char *from, *end;
	char *object;

	for (;;) {
		from = qmp->text ? skip_space(qmp->text) : "";
		end = *from ? skip_value(from) : NULL;
		if (end)
			break;
		receive(qmp);
	}
	object = strndup(from, end - from);
	if (!object)
		out_of_memory();
	qmp->used -= end - qmp->text;
	memmove(qmp->text, end, qmp->used + 1);
	return object;
}

static void fail_error(const struct qmp *qmp, const char *error)
	__attribute__((noreturn));

static void fail_error(const struct qmp *qmp, const char *error)
{
	char *said = string_of(member(error, "desc"));
	char found[256];

	snprintf(found, sizeof(found), "an error: %s", said ?: "?");
	fail_answer(qmp, found);
}

/*
 * Execute a command.  Return the object with its result, which the caller
 * frees.
 */
static char *ask(struct qmp *qmp, const char *command)
{
	if (write(qmp->fd, command, strlen(command)) != (ssize_t)strlen(command))
		fail_answer(qmp, "that it doesn't take questions");
	for (;;) {
		char *object = next_object(qmp);

		if (member(object, "error"))
			fail_error(qmp, member(object, "error"));
		if (member(object, "return"))
			return object;
		/* QEMU sends events at any time. */
		free(object);
	}
}

/* Return what a command of the human monitor prints, which the caller frees. */
char *qmp_hmp(const char *path, pid_t pid, const char *line)
{
	struct qmp qmp = { .path = path };
	char command[256], *object, *text;

	open_monitor(&qmp, pid);
	object = next_object(&qmp);
	if (!member(object, "QMP"))
		fail_answer(&qmp, "something else");
	free(object);
	free(ask(&qmp, "{\"execute\":\"qmp_capabilities\"}\n"));
	snprintf(command, sizeof(command),
		 "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\"%s\"}}\n",
		 line);
	object = ask(&qmp, command);
	text = string_of(member(object, "return"));
	if (!text)
		fail_answer(&qmp, "something else");
	free(object);
	free(qmp.text);
	close(qmp.fd);
	return text;
}
