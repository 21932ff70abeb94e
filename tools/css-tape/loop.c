// SPDX-License-Identifier: GPL-2.0
/* Waits for units, connections and signals */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server.h"

#define CONNECTIONS_MAX		16
#define TEXT_SIZE		256

/*
 * A connection to one of the sockets: is_control says to which.  They are in the order in
 * which they have come.
 */
struct connection {
	struct control control;
	bool is_control;
};

static struct connection connections[CONNECTIONS_MAX];
static unsigned int nr_connections;

static void drop_connection(unsigned int i)
{
	close(connections[i].control.socket);
	nr_connections--;
	memmove(&connections[i], &connections[i + 1],
		(nr_connections - i) * sizeof(connections[0]));
}

/* One more connection: the oldest one has to go if there are too many. */
static void accept_connection(int socket, bool is_control)
{
	int fd = accept4(socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	if (nr_connections == CONNECTIONS_MAX)
		drop_connection(0);
	connections[nr_connections++] = (struct connection){
		.control = { .socket = fd },
		.is_control = is_control,
	};
}

/* Receive a unit, and say whether the connection goes on. */
static bool receive_unit(struct server *server, int socket)
{
	char text[TEXT_SIZE];
	const char *problem;
	int fd;
	int rc = css_unit_receive(socket, &fd, text, sizeof(text));

	if (rc == -EAGAIN)
		return true;
	if (rc == -ENODATA)
		return false;
	if (rc) {
		report(LEVEL_WARNING, NULL, "a unit couldn't be received: %s", strerror(-rc));
		return false;
	}
	problem = server_serve(server, fd, text);
	if (problem)
		report(LEVEL_WARNING, NULL, "unit '%s' isn't served: %s", text, problem);
	css_unit_reply(socket, problem);
	return false;
}

static void add(struct pollfd *polled, unsigned int *nr, int fd, short events)
{
	polled[(*nr)++] = (struct pollfd){ .fd = fd, .events = events };
}

/* Serve a connection, and say whether it goes on. */
static bool serve_connection(struct server *server, struct connection *one)
{
	if (!one->is_control)
		return receive_unit(server, one->control.socket);
	if (one->control.listing)
		return control_list(server, &one->control);
	return control_request(server, &one->control);
}

static bool has_units(const struct server *server)
{
	unsigned int i;

	for (i = 0; i < server->nr; i++)
		if (server->stations[i]->unit)
			return true;
	return false;
}

/*
 * Do what poll() has found.  Connections and units that come meanwhile are behind those
 * that were polled, and a connection that goes takes only its own place, so both are
 * walked from their ends.
 */
static void serve_polled(struct server *server, const struct pollfd *polled, unsigned int nr)
{
	unsigned int i, first = 3, nr_units = nr - first - nr_connections;

	for (i = nr_connections; i--;) {
		if (polled[first + nr_units + i].revents &&
		    !serve_connection(server, &connections[i]))
			drop_connection(i);
	}
	for (i = 0; i < nr_units; i++) {
		struct station *station = server->stations[i];

		if (polled[first + i].revents && station->unit)
			server_step(station);
	}
}

void loop_run(struct server *server, int units, int control, int signals)
{
	struct pollfd polled[3 + DRIVES_MAX + CONNECTIONS_MAX];

	while (units >= 0 || control >= 0 || has_units(server)) {
		unsigned int i, nr = 0;

		add(polled, &nr, signals, POLLIN);
		add(polled, &nr, units, POLLIN);
		add(polled, &nr, control, POLLIN);
		for (i = 0; i < server->nr; i++) {
			const struct css_unit *unit = server->stations[i]->unit;

			add(polled, &nr, unit ? css_unit_fd(unit) : -1, POLLIN);
		}
		for (i = 0; i < nr_connections; i++)
			add(polled, &nr, connections[i].control.socket,
			    connections[i].control.listing ? POLLOUT : POLLIN);
		if (poll(polled, nr, -1) < 0) {
			if (errno == EINTR)
				continue;
			report(LEVEL_ERROR, NULL, "poll: %s", strerror(errno));
			return;
		}
		if (polled[0].revents)
			return;
		serve_polled(server, polled, nr);
		if (polled[1].revents)
			accept_connection(units, false);
		if (polled[2].revents)
			accept_connection(control, true);
	}
}
