// SPDX-License-Identifier: GPL-2.0
/*
 * How a unit gets to the program that models the device.
 *
 * Over a socket: one side sends a message that carries the descriptor and has
 * the text with its zero byte as data.  The other side replies by a message
 * with the reason why it doesn't serve the device, which is empty if it does.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "css_user.h"

/* More descriptors than one are an error, and are closed. */
#define FDS_MAX			4

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
};

/*
 * Return the descriptor that a message carries, or -EBADMSG unless there is
 * exactly one.
 */
static int descriptor_of(struct msghdr *message)
{
	int fds[FDS_MAX], fd = -EBADMSG;
	struct cmsghdr *header;
	size_t nr = 0, i;

	for (header = CMSG_FIRSTHDR(message); header;
	     header = CMSG_NXTHDR(message, header)) {
		size_t length = header->cmsg_len - CMSG_LEN(0);

		if (header->cmsg_level != SOL_SOCKET ||
		    header->cmsg_type != SCM_RIGHTS)
			continue;
		/* A UNIX socket puts all descriptors into one header. */
		nr = length / sizeof(int);
		memcpy(fds, CMSG_DATA(header), nr * sizeof(int));
	}
	if (nr == 1 && !(message->msg_flags & MSG_CTRUNC))
		return fds[0];
	for (i = 0; i < nr; i++)
		close(fds[i]);
	return fd;
}

/* Receive one message, with a descriptor unless fd is NULL. */
static int receive(int socket, int *fd, char *text, size_t size)
{
	char empty;
	struct iovec data = {
		.iov_base = size ? text : &empty,
		.iov_len = size ?: sizeof(empty),
	};
	union control control;
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = fd ? control.bytes : NULL,
		.msg_controllen = fd ? sizeof(control.bytes) : 0,
	};
	ssize_t length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	int found = -1;

	if (length < 0)
		return -errno;
	if (fd)
		found = descriptor_of(&message);
	/* Each message has a zero byte at least. */
	if (!length) {
		if (found >= 0)
			close(found);
		return -ENODATA;
	}
	if (fd && found < 0)
		return found;
	if (size)
		text[(size_t)length < size ? (size_t)length : size - 1] = '\0';
	if (fd)
		*fd = found;
	return 0;
}

static int send_message(int socket, int fd, const char *text)
{
	struct iovec data = {
		.iov_base = (void *)text,
		.iov_len = strlen(text) + 1,
	};
	union control control = { 0 };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };

	if (fd >= 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(sizeof(fd));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int css_unit_receive(int socket, int *fd, char *text, size_t size)
{
	return receive(socket, fd, text, size);
}

int css_unit_send(int socket, int fd, const char *text)
{
	return fd < 0 ? -EBADF : send_message(socket, fd, text ?: "");
}

int css_unit_reply(int socket, const char *refusal)
{
	return send_message(socket, -1, refusal ?: "");
}

int css_unit_replied(int socket, char *refusal, size_t size)
{
	return receive(socket, NULL, refusal, size);
}

int css_unit_inherited(void)
{
	const char *text = getenv("CSS_UNIT");
	char *end;
	long fd;

	if (!text || !*text)
		return -ENOENT;
	errno = 0;
	fd = strtol(text, &end, 10);
	if (errno || *end || fd < 0 || fd > INT32_MAX)
		return -EBADF;
	/* Programs that this one starts don't get the unit. */
	unsetenv("CSS_UNIT");
	return fd;
}
