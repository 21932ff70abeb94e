// SPDX-License-Identifier: GPL-2.0
/*
 * The clients of the server: which terminal each gets, what it sends, and when it is
 * closed.
 */
#include <errno.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "server.h"

/* How much is read from a client in a turn */
#define TURN			16384

/* How long to wait for descriptors if there are none */
#define DESCRIPTORS_MS		1000U

void server_accept(struct server *server, struct listener *listener)
{
	struct client *client;
	int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
			server->accept_at = now_ms() + DESCRIPTORS_MS;
		return;
	}
	address_accepted(fd);
	client = client_new(fd);
	if (!client) {
		close(fd);
		return;
	}
	listener->negotiate++;
	server->connections[server->nr_connections++] = (struct connection){ client, listener };
	client_flush(client);
}

static void negotiated(struct connection *connection)
{
	if (connection->listener)
		connection->listener->negotiate--;
	connection->listener = NULL;
}

static void refuse(struct connection *connection, const char *text)
{
	client_tell(connection->client, text);
	connection->client->broken = text;
}

static bool is_wanted(const struct listener *listener, const struct terminal *terminal,
		      const char *name)
{
	if (listener->only)
		return listener->only == terminal && (!*name || !strcasecmp(name, terminal->name));
	return !*name || !strcasecmp(name, terminal->name);
}

/* The terminal that the client wants and nobody has; NULL, and refuse it, if none. */
static struct terminal *find_terminal(struct server *server, struct connection *connection)
{
	const char *name = connection->client->telnet.name;
	bool exists = false;

	for (unsigned int i = 0; i < server->nr_terminals; i++) {
		struct terminal *terminal = server->terminals[i];

		if (!is_wanted(connection->listener, terminal, name))
			continue;
		if (!terminal->client)
			return terminal;
		exists = true;
	}
	refuse(connection, exists ? "css-3270: the terminal is in use" :
	       "css-3270: there is no such terminal");
	return NULL;
}

static void have_event(struct server *server, struct connection *connection,
		       enum telnet_event event);

/* While the client is still in NVT mode, its user can read why it is refused. */
static void have_type(struct server *server, struct connection *connection)
{
	if (find_terminal(server, connection))
		have_event(server, connection,
			   telnet_ask_records(&connection->client->telnet));
}

/* The client has agreed to be a display. */
static void give_terminal(struct server *server, struct connection *connection)
{
	struct terminal *terminal = find_terminal(server, connection);

	if (!terminal)
		return;
	negotiated(connection);
	server_log(terminal, "connected", connection->client->telnet.type);
	terminal_connect(terminal, connection->client);
}

static void have_event(struct server *server, struct connection *connection,
		       enum telnet_event event)
{
	struct client *client = connection->client;

	switch (event) {
	case TELNET_NOTHING:
		break;
	case TELNET_TYPED:
		have_type(server, connection);
		break;
	case TELNET_AGREED:
		give_terminal(server, connection);
		break;
	case TELNET_RECORD:
		terminal_record(client->terminal, client->telnet.in.data,
				client->telnet.in.len);
		telnet_next(&client->telnet);
		break;
	case TELNET_MARKED:
		terminal_marked(client->terminal);
		break;
	case TELNET_REFUSED:
		if (!client->telnet.agreed)
			client_tell(client, "css-3270: expected a TN3270 client");
		client->broken = client->telnet.why;
		break;
	}
}

static void receive(struct server *server, struct connection *connection)
{
	struct client *client = connection->client;
	enum telnet_event event;
	uint8_t data[TURN];
	ssize_t len = recv(client->fd, data, sizeof(data), MSG_DONTWAIT);
	size_t done = 0;

	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len <= 0)
		client->broken = len ? "it is gone" : "it has closed the connection";
	while (!client->broken && done < (size_t)len) {
		done += telnet_input(&client->telnet, data + done, len - done, &event);
		have_event(server, connection, event);
	}
}

void server_client(struct server *server, struct connection *connection, short events)
{
	struct client *client = connection->client;

	if (!client->broken && (events & (POLLIN | POLLHUP | POLLERR)))
		receive(server, connection);
	if (client_flush(client) && !client_sends(client) && client->terminal)
		terminal_sent(client->terminal);
}

static void end_client(struct server *server, struct connection *connection)
{
	struct client *client = connection->client;
	struct terminal *terminal = client->terminal;

	negotiated(connection);
	if (terminal) {
		server_log(terminal, "disconnected", client->broken);
		terminal_disconnect(terminal);
	}
	client_free(client);
	*connection = server->connections[--server->nr_connections];
}

void server_reap(struct server *server, uint64_t now)
{
	for (unsigned int i = 0; i < server->nr_connections; i++) {
		struct connection *connection = &server->connections[i];
		struct client *client = connection->client;

		if (!client->broken && !client->terminal && now >= client->agree_by)
			refuse(connection, "css-3270: expected a TN3270 client");
		if (client->broken) {
			end_client(server, connection);
			/* Another one is in its place. */
			i--;
		}
	}
}
