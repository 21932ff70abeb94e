// SPDX-License-Identifier: GPL-2.0
/*
 * Sockets that listen; see address.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "address.h"

#define BACKLOG			16

/* A client that doesn't answer is given up after two minutes. */
#define KEEPALIVE_IDLE_S	60
#define KEEPALIVE_EVERY_S	15
#define KEEPALIVE_TIMES		4
#define UNANSWERED_MS		120000U

static int failed(int fd, char *why, size_t size, const char *text, const char *what)
{
	snprintf(why, size, "%s: %s: %s", text, what, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Does nobody listen on this path any more? */
static bool is_left_over(const struct sockaddr_un *address, int type)
{
	struct stat stat;
	bool refused;
	int fd;

	if (lstat(address->sun_path, &stat) || !S_ISSOCK(stat.st_mode))
		return false;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	refused = connect(fd, (const struct sockaddr *)address, sizeof(*address)) &&
		  errno == ECONNREFUSED;
	close(fd);
	return refused;
}

int address_listen_unix(const char *path, int type, char *why, size_t size)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return failed(-1, why, size, path, "path of a socket");
	}
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return failed(fd, why, size, path, "socket");
	if (is_left_over(&address, type))
		unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return failed(fd, why, size, path, "bind");
	if (listen(fd, BACKLOG))
		return failed(fd, why, size, path, "listen");
	return fd;
}

/* Divide HOST:PORT, [HOST]:PORT or PORT; false if it is none of these. */
static bool divide(char *text, const char **host, const char **port)
{
	char *colon = strrchr(text, ':');

	*host = "127.0.0.1";
	*port = text;
	if (!colon)
		return *text;
	*colon = 0;
	*port = colon + 1;
	if (*text == '[' && colon > text && colon[-1] == ']') {
		colon[-1] = 0;
		text++;
	}
	if (*text)
		*host = text;
	return **port;
}

static int listen_tcp(const struct addrinfo *found, char *why, size_t size, const char *text)
{
	int on = 1;
	int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return failed(fd, why, size, text, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, found->ai_addr, found->ai_addrlen))
		return failed(fd, why, size, text, "bind");
	if (listen(fd, BACKLOG))
		return failed(fd, why, size, text, "listen");
	return fd;
}

int address_listen(const char *text, char *why, size_t size)
{
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV,
	};
	struct addrinfo *found = NULL;
	const char *host, *port;
	char copy[128];
	int fd, error;

	if (strchr(text, '/'))
		return address_listen_unix(text, SOCK_STREAM, why, size);
	if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy) ||
	    !divide(copy, &host, &port)) {
		snprintf(why, size, "expected PORT, ADDRESS:PORT or a path, found \"%s\"", text);
		return -1;
	}
	error = getaddrinfo(host, port, &hints, &found);
	if (error) {
		snprintf(why, size, "expected PORT, ADDRESS:PORT or a path, found \"%s\": %s",
			 text, gai_strerror(error));
		return -1;
	}
	fd = listen_tcp(found, why, size, text);
	freeaddrinfo(found);
	return fd;
}

void address_accepted(int fd)
{
	static const struct {
		int level, name, value;
	} options[] = {
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S },
		{ IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_EVERY_S },
		{ IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_TIMES },
		{ IPPROTO_TCP, TCP_USER_TIMEOUT, UNANSWERED_MS },
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
	};

	/* A UNIX socket has none of these, and needs none. */
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		setsockopt(fd, options[i].level, options[i].name, &options[i].value,
			   sizeof(options[i].value));
}
