// SPDX-License-Identifier: GPL-2.0
/* Units that are passed on */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

struct passing {
	int ours;
	int theirs;
	int fd;
};

static void passing_open(struct passing *passing)
{
	int both[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, both))
		die("socketpair");
	*passing = (struct passing){
		.ours = both[0],
		.theirs = both[1],
		.fd = memfd_create("passed", MFD_CLOEXEC),
	};
}

static void passing_close(struct passing *passing)
{
	close(passing->ours);
	close(passing->theirs);
	close(passing->fd);
}

/* The lowest descriptor that is free; the same again if none was left open */
static int lowest(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	close(fd);
	return fd;
}

static bool is_same_file(int one, int other)
{
	struct stat first, second;

	return !fstat(one, &first) && !fstat(other, &second) &&
	       first.st_ino == second.st_ino && first.st_dev == second.st_dev;
}

static void a_unit_and_its_text_are_passed(void)
{
	struct passing passing;
	char text[16] = "";
	int fd = -1;

	passing_open(&passing);
	expect_rc("css_unit_send",
		  css_unit_send(passing.ours, passing.fd, "tape 1"), 0);
	expect_rc("css_unit_receive",
		  css_unit_receive(passing.theirs, &fd, text, sizeof(text)), 0);
	ktap_check(fd != passing.fd && is_same_file(fd, passing.fd),
		   "another file");
	ktap_check(fcntl(fd, F_GETFD) == FD_CLOEXEC,
		   "programs that are started keep the unit");
	ktap_check(!strcmp(text, "tape 1"), "found text \"%s\"", text);
	close(fd);
	passing_close(&passing);
}

static void no_text_is_an_empty_text(void)
{
	struct passing passing;
	char text[4] = "abc";
	int fd = -1;

	passing_open(&passing);
	expect_rc("css_unit_send", css_unit_send(passing.ours, passing.fd, NULL),
		  0);
	expect_rc("css_unit_receive",
		  css_unit_receive(passing.theirs, &fd, text, sizeof(text)), 0);
	ktap_check(!*text, "found text \"%s\"", text);
	close(fd);
	expect_rc("css_unit_send", css_unit_send(passing.ours, passing.fd, ""), 0);
	expect_rc("css_unit_receive",
		  css_unit_receive(passing.theirs, &fd, NULL, 0), 0);
	close(fd);
	passing_close(&passing);
}

static void a_long_text_is_cut_off(void)
{
	struct passing passing;
	char text[4];
	int fd = -1;

	passing_open(&passing);
	expect_rc("css_unit_send",
		  css_unit_send(passing.ours, passing.fd, "abcdefgh"), 0);
	expect_rc("css_unit_receive",
		  css_unit_receive(passing.theirs, &fd, text, sizeof(text)), 0);
	ktap_check(!strcmp(text, "abc"), "found text \"%s\"", text);
	close(fd);
	passing_close(&passing);
}

/* Send a message with data and several descriptors, as anybody could. */
static void send_raw(int socket, const char *data, size_t size, const int *fds,
		     size_t nr)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(8 * sizeof(int))];
	} control = { 0 };
	struct iovec iov = { .iov_base = (void *)data, .iov_len = size };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = nr ? control.bytes : NULL,
		.msg_controllen = nr ? CMSG_SPACE(nr * sizeof(int)) : 0,
	};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(nr * sizeof(int));
	if (nr)
		memcpy(CMSG_DATA(&control.header), fds, nr * sizeof(int));
	if (sendmsg(socket, &message, 0) < 0)
		die("sendmsg");
}

static void anything_but_one_descriptor_is_refused(void)
{
	static const size_t numbers[] = { 0, 2, 3, 4, 5, 8 };
	struct passing passing;
	int fds[8], fd = -1, before;
	char text[4];
	unsigned int i;

	passing_open(&passing);
	for (i = 0; i < ARRAY_SIZE(fds); i++)
		fds[i] = passing.fd;
	before = lowest();
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		send_raw(passing.ours, "x", 2, fds, numbers[i]);
		expect_rc("css_unit_receive",
			  css_unit_receive(passing.theirs, &fd, text,
					   sizeof(text)), -EBADMSG);
		ktap_check(fd == -1 && lowest() == before,
			   "descriptors stay open");
	}
	passing_close(&passing);
}

static void a_text_without_an_end_gets_one(void)
{
	struct passing passing;
	char text[4] = "zzz";
	int fd = -1;

	passing_open(&passing);
	send_raw(passing.ours, "ab", 2, &passing.fd, 1);
	expect_rc("css_unit_receive",
		  css_unit_receive(passing.theirs, &fd, text, sizeof(text)), 0);
	ktap_check(!strcmp(text, "ab"), "found text \"%s\"", text);
	close(fd);
	send_raw(passing.ours, "abcd", 4, &passing.fd, 1);
	expect_rc("css_unit_receive",
		  css_unit_receive(passing.theirs, &fd, text, sizeof(text)), 0);
	ktap_check(!strcmp(text, "abc"), "found text \"%s\"", text);
	close(fd);
	passing_close(&passing);
}

static void the_end_of_a_connection_is_told(void)
{
	struct passing passing;
	char text[4];
	int fd = -1, before;

	passing_open(&passing);
	before = lowest();
	/* A message without data can't be told from the end. */
	send_raw(passing.ours, "", 0, &passing.fd, 1);
	expect_rc("css_unit_receive",
		  css_unit_receive(passing.theirs, &fd, text, sizeof(text)),
		  -ENODATA);
	ktap_check(lowest() == before, "a descriptor stays open");
	shutdown(passing.ours, SHUT_WR);
	expect_rc("css_unit_receive",
		  css_unit_receive(passing.theirs, &fd, text, sizeof(text)),
		  -ENODATA);
	expect_rc("css_unit_replied",
		  css_unit_replied(passing.theirs, text, sizeof(text)), -ENODATA);
	passing_close(&passing);
}

static void the_program_replies(void)
{
	struct passing passing;
	char refusal[32] = "?";

	passing_open(&passing);
	expect_rc("css_unit_reply", css_unit_reply(passing.theirs, NULL), 0);
	expect_rc("css_unit_replied",
		  css_unit_replied(passing.ours, refusal, sizeof(refusal)), 0);
	ktap_check(!*refusal, "found \"%s\"", refusal);
	expect_rc("css_unit_reply",
		  css_unit_reply(passing.theirs, "no such tape"), 0);
	expect_rc("css_unit_replied",
		  css_unit_replied(passing.ours, refusal, sizeof(refusal)), 0);
	ktap_check(!strcmp(refusal, "no such tape"), "found \"%s\"", refusal);
	passing_close(&passing);
}

/* A reply has no descriptor; the kernel drops one that is sent with it. */
static void a_descriptor_with_a_reply_is_dropped(void)
{
	struct passing passing;
	char refusal[8];
	int before;

	passing_open(&passing);
	before = lowest();
	send_raw(passing.theirs, "no", 3, &passing.fd, 1);
	expect_rc("css_unit_replied",
		  css_unit_replied(passing.ours, refusal, sizeof(refusal)), 0);
	ktap_check(!strcmp(refusal, "no") && lowest() == before,
		   "a descriptor stays open");
	passing_close(&passing);
}

static void nobody_there_is_no_signal(void)
{
	struct passing passing;

	passing_open(&passing);
	close(passing.theirs);
	passing.theirs = -1;
	expect_rc("css_unit_send", css_unit_send(passing.ours, passing.fd, ""),
		  -EPIPE);
	expect_rc("css_unit_send", css_unit_send(passing.ours, -1, ""), -EBADF);
	passing_close(&passing);
}

static void a_program_is_started_with_a_unit(void)
{
	static const char *const bad[] = { "x", "3x", "-1", " ",
					   "99999999999999999999", "2147483648" };
	unsigned int i;

	unsetenv("CSS_UNIT");
	expect_rc("css_unit_inherited", css_unit_inherited(), -ENOENT);
	setenv("CSS_UNIT", "", 1);
	expect_rc("css_unit_inherited", css_unit_inherited(), -ENOENT);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		setenv("CSS_UNIT", bad[i], 1);
		expect_rc("css_unit_inherited", css_unit_inherited(), -EBADF);
	}
	setenv("CSS_UNIT", "3", 1);
	expect_rc("css_unit_inherited", css_unit_inherited(), 3);
	expect_rc("css_unit_inherited", css_unit_inherited(), -ENOENT);
}

const struct ktap_case passing_cases[] = {
	{ "a unit and its text are passed", a_unit_and_its_text_are_passed },
	{ "no text is an empty text", no_text_is_an_empty_text },
	{ "a long text is cut off", a_long_text_is_cut_off },
	{ "anything but one descriptor is refused",
	  anything_but_one_descriptor_is_refused },
	{ "a text without an end gets one", a_text_without_an_end_gets_one },
	{ "the end of a connection is told", the_end_of_a_connection_is_told },
	{ "the program replies", the_program_replies },
	{ "a descriptor with a reply is dropped",
	  a_descriptor_with_a_reply_is_dropped },
	{ "nobody there is no signal", nobody_there_is_no_signal },
	{ "a program is started with a unit",
	  a_program_is_started_with_a_unit },
};

const unsigned int passing_nr = ARRAY_SIZE(passing_cases);
