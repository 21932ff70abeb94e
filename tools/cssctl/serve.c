// SPDX-License-Identifier: GPL-2.0
/* Give a device that a process models to that process. */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "css_user.h"
#include "cssctl.h"

/* How long a program may take to reply; tests have it short */
#ifndef SERVE_SECONDS
#define SERVE_SECONDS		10
#endif
/* The descriptor that the unit is in a program that is started */
#define UNIT_FD			3
#define REASON_SIZE		1024

/*
 * Return the unit of a device: the descriptor with which a process serves it; or a
 * negative errno, -EBUSY if a process serves it.
 */
int serve_unit(int css, struct sid sid, bool take)
{
	struct kvm_css_serve arg = {
		.size = sizeof(arg),
		.flags = take ? KVM_CSS_SERVE_TAKE : 0,
		.schid = sid.schid,
		.ssid = sid.ssid,
	};
	int unit = ioctl(css, KVM_CSS_SERVE, &arg);

	return unit < 0 ? -errno : unit;
}

static void fail_unit(int css, struct sid sid, int error)
	__attribute__((noreturn));

static void fail_unit(int css, struct sid sid, int error)
{
	struct kvm_css_query query;
	char name[SID_NAME_SIZE];

	sid_name(sid, name);
	if (error == EBUSY)
		fail(STATUS_FAILED,
		     "expected nobody to serve %s, found that a process does; --take takes it away from that process",
		     name);
	if (css_query(css, sid, KVM_CSS_QUERY_VACANT, &query))
		fail(STATUS_NO_SUBCHANNEL,
		     "expected a subchannel %s, found none; cssctl list shows those that there are",
		     name);
	if (query.type == KVM_CSS_TYPE_NONE)
		fail(STATUS_NO_SUBCHANNEL,
		     "expected a device at %s, found a number without one",
		     name);
	if (query.type != KVM_CSS_TYPE_USER)
		fail(STATUS_FAILED,
		     "expected %s to be a device that a process models, found one of type %s",
		     name, kind_of(query.type)->name);
	fail(STATUS_FAILED, "serving %s: %s", name, strerror(error));
}

static void fail_to_connect(const char *path, int error)
	__attribute__((noreturn));

static void fail_to_connect(const char *path, int error)
{
	fail(STATUS_FAILED,
	     "expected a program that listens on %s (SOCK_SEQPACKET), found: %s",
	     path, strerror(error));
}

/*
 * Connect to the program that is to serve a device, which may take so many seconds to reply;
 * 0: as many as usual.
 */
int serve_connect(const char *path, unsigned int seconds)
{
	const struct timeval limit = { .tv_sec = seconds ?: SERVE_SECONDS };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		fail_to_connect(path, ENAMETOOLONG);
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	/* The limit for sending is the one for connecting, too. */
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)))
		fail_to_connect(path, errno);
	return fd;
}

/* What is wrong with a program that takes too long, which serve_connect() has said. */
static void say_late(int socket, char *reason)
{
	struct timeval limit = { 0 };
	socklen_t size = sizeof(limit);

	getsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, &size);
	snprintf(reason, REASON_SIZE,
		 "it hasn't replied within %lld seconds, maybe because it waits for a disk; --reply says how long it may take",
		 (long long)limit.tv_sec);
}

/*
 * Give the unit to a program, and close it here.  If the program doesn't serve the
 * device, return why.
 */
const char *serve_pass(int socket, int unit, const char *text)
{
	static char reason[REASON_SIZE];
	int rc = css_unit_send(socket, unit, text);

	close(unit);
	if (!rc)
		rc = css_unit_replied(socket, reason, sizeof(reason));
	if (rc == -EAGAIN) {
		say_late(socket, reason);
		return reason;
	}
	if (rc == -ENODATA || rc == -EPIPE || rc == -ECONNRESET)
		return "it has closed the connection";
	if (rc)
		return strerror(-rc);
	return *reason ? reason : NULL;
}

void serve_fail(const char *path, struct sid sid, const char *reason)
{
	char name[SID_NAME_SIZE];

	fail(STATUS_FAILED,
	     "expected the program at %s to serve %s, found that it doesn't: %s",
	     path, sid_name(sid, name), reason);
}

static void start(int unit, char **words) __attribute__((noreturn));

/* Become the program.  It gets the unit, and no other descriptor of cssctl's. */
static void start(int unit, char **words)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", UNIT_FD);
	if (unit == UNIT_FD ? fcntl(unit, F_SETFD, (void *)0) :
			      dup2(unit, UNIT_FD) < 0)
		fail(STATUS_FAILED, "giving %s the device: %s", words[0],
		     strerror(errno));
	if (setenv("CSS_UNIT", number, 1))
		out_of_memory();
	execvp(words[0], words);
	fail(STATUS_FAILED, "expected to start %s, found: %s", words[0],
	     strerror(errno));
}

static void say(struct sid sid, const char *path)
{
	char name[SID_NAME_SIZE];

	sid_name(sid, name);
	if (json_wanted) {
		json_object(NULL);
		json_object("served");
		json_string("id", name);
		json_string("socket", path);
		json_end();
		json_end();
		return;
	}
	printf("%s: served by the program at ", name);
	put_text(stdout, path);
	putchar('\n');
}

static void check_words(const struct options *options)
{
	if (!options->socket == !options->nr_words)
		fail(STATUS_USAGE,
		     "expected one of --socket and a program behind --, found %s; cssctl serve --help has all options",
		     options->socket ? "both" : "none");
	if (options->reply && !options->socket)
		fail(STATUS_USAGE, "--reply: expected --socket with it, found none");
	if (options->text && !options->socket)
		fail(STATUS_USAGE, "--text: expected --socket with it, found none");
	if (json_wanted && !options->socket)
		fail(STATUS_USAGE,
		     "--json: expected --socket with it, found a program, which prints what it likes");
}

int run_serve(struct options *options)
{
	const struct sid sid = options->wanted.sid;
	const char *reason;
	int css, unit, socket = -1;

	check_words(options);
	css = css_of(options, CSS_OWN);
	if (options->socket)
		socket = serve_connect(options->socket, options->reply);
	unit = serve_unit(css, sid, given(options, OPT_TAKE));
	if (unit < 0)
		fail_unit(css, sid, -unit);
	close(css);
	if (!options->socket)
		start(unit, options->words);
	reason = serve_pass(socket, unit, options->text);
	close(socket);
	if (reason)
		serve_fail(options->socket, sid, reason);
	say(sid, options->socket);
	return STATUS_GOOD;
}
