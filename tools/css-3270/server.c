// SPDX-License-Identifier: GPL-2.0
/*
 * The loop of the server, its terminals, and the units that it receives.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "server.h"

#define SERVER_POLL \
	(SERVER_TERMINALS + SERVER_LISTENERS + SERVER_CLIENTS + SERVER_SENDERS + 1)

static struct listener *add_listener(struct server *server, const char *address,
				     struct terminal *only, char *why, size_t size)
{
	struct listener *listener;

	if (server->nr_listeners == SERVER_LISTENERS) {
		snprintf(why, size, "expected %d addresses at the most", SERVER_LISTENERS);
		return NULL;
	}
	listener = calloc(1, sizeof(*listener));
	if (!listener) {
		snprintf(why, size, "no storage");
		return NULL;
	}
	listener->only = only;
	listener->fd = address_listen(address, why, size);
	if (listener->fd < 0) {
		free(listener);
		return NULL;
	}
	server->listeners[server->nr_listeners++] = listener;
	return listener;
}

int server_listen(struct server *server, const char *address, char *why, size_t size)
{
	return add_listener(server, address, NULL, why, size) ? 0 : -1;
}

/* Close the listener of a terminal, and the clients that negotiate with it. */
static void remove_listener(struct server *server, const struct terminal *terminal)
{
	for (unsigned int i = 0; i < server->nr_listeners; i++) {
		struct listener *listener = server->listeners[i];

		if (listener->only != terminal)
			continue;
		for (unsigned int j = 0; j < server->nr_connections; j++) {
			struct connection *connection = &server->connections[j];

			if (connection->listener == listener) {
				connection->listener = NULL;
				connection->client->broken = "the terminal has gone";
			}
		}
		close(listener->fd);
		free(listener);
		server->listeners[i] = server->listeners[--server->nr_listeners];
		return;
	}
}

static void free_terminal(struct terminal *terminal)
{
	terminal_clean(terminal);
	if (terminal->unit)
		css_unit_free(terminal->unit);
	free(terminal);
}

static void remove_terminal(struct server *server, unsigned int at)
{
	struct terminal *terminal = server->terminals[at];

	server_log(terminal, "the device has gone", NULL);
	if (terminal->client) {
		terminal->client->broken = "the terminal has gone";
		terminal_disconnect(terminal);
	}
	remove_listener(server, terminal);
	free_terminal(terminal);
	server->terminals[at] = server->terminals[--server->nr_terminals];
}

/* What a unit's text says; "" for what it doesn't */
struct text_options {
	char name[TERMINAL_NAME_SIZE];
	char address[128];
};

static bool is_name(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)text[i]) && !strchr("@#$-_.", text[i]))
			return false;
	}
	return len;
}

/* Take an option; NULL if it is good, or what was expected in its place. */
static const char *take_option(const char *text, size_t len, struct text_options *options)
{
	bool is_lu = len >= 3 && !strncmp(text, "lu=", 3);
	char *value = is_lu ? options->name : options->address;
	size_t size = is_lu ? sizeof(options->name) : sizeof(options->address);
	size_t skip = is_lu ? 3 : 7;

	if (!is_lu && (len < 7 || strncmp(text, "listen=", 7)))
		return "listen=ADDRESS or lu=NAME";
	if (*value)
		return "each option once";
	if (is_lu && (len - skip >= size || !is_name(text + skip, len - skip)))
		return "a name of 1 to 8 letters, digits, and @ # $ - _ .";
	if (len == skip || len - skip >= size)
		return "an address of 1 to 127 characters";
	memcpy(value, text + skip, len - skip);
	return NULL;
}

static bool take_options(const char *text, struct text_options *options, char *why, size_t size)
{
	*options = (struct text_options){};
	while (*text) {
		const char *end = strchrnul(text, ',');
		const char *expected = take_option(text, end - text, options);

		if (expected) {
			snprintf(why, size, "expected %s, found \"%.*s\"", expected,
				 (int)(end - text), text);
			return false;
		}
		text = *end ? end + 1 : end;
	}
	return true;
}

static int failed(int error, const char *what, char *why, size_t size)
{
	snprintf(why, size, "%s: %s", what, strerror(-error));
	return -1;
}

static int new_unit(struct terminal *terminal, int fd, char *why, size_t size)
{
	uint16_t schid, devno;
	uint8_t ssid;
	int error = css_unit_new(&terminal->unit, fd, &terminal_ops, terminal);

	if (error) {
		close(fd);
		return failed(error, "expected a unit of a device", why, size);
	}
	if (css_unit_area(terminal->unit) > TELNET_RECORD_SIZE) {
		snprintf(why, size, "expected an area of %d bytes at the most", TELNET_RECORD_SIZE);
		return -1;
	}
	css_unit_place(terminal->unit, &ssid, &schid, &devno);
	if (!terminal->name[0])
		snprintf(terminal->name, sizeof(terminal->name), "%04X", devno);
	return 0;
}

/* Let a unit do what there is to be done; it may be that its terminal has gone afterwards. */
static void step(struct server *server, unsigned int at)
{
	struct terminal *terminal = server->terminals[at];
	int error = css_unit_step(terminal->unit);

	if (!error || error == -EINTR || error == -EAGAIN)
		return;
	if (error != -ENODEV)
		server_log(terminal, "serving", strerror(-error));
	remove_terminal(server, at);
}

static int find_name(const struct server *server, const char *name)
{
	for (unsigned int i = 0; i < server->nr_terminals; i++) {
		if (!strcasecmp(server->terminals[i]->name, name))
			return i;
	}
	return -1;
}

/*
 * Nobody knows which of two terminals with the same name a client gets.  Guests often have a
 * device with the same number, so they need names.
 */
static bool has_own_name(struct server *server, const struct terminal *terminal, char *why,
			 size_t size)
{
	int other = find_name(server, terminal->name);

	/* The unit before may have ended, and this process doesn't know it yet. */
	if (other >= 0) {
		step(server, other);
		other = find_name(server, terminal->name);
	}
	if (other >= 0)
		snprintf(why, size,
			 "expected a name by lu=NAME that no other terminal has, found \"%s\"",
			 terminal->name);
	return other < 0;
}

int server_add(struct server *server, int unit, const char *text, char *why, size_t size)
{
	struct text_options options;
	struct terminal *terminal;

	if (!take_options(text, &options, why, size)) {
		close(unit);
		return -1;
	}
	terminal = calloc(1, sizeof(*terminal));
	if (!terminal) {
		close(unit);
		return failed(-ENOMEM, "a terminal", why, size);
	}
	memcpy(terminal->name, options.name, sizeof(terminal->name));
	if (new_unit(terminal, unit, why, size) || !has_own_name(server, terminal, why, size))
		goto refuse;
	if (server->nr_terminals == SERVER_TERMINALS) {
		snprintf(why, size, "expected %d terminals at the most", SERVER_TERMINALS);
		goto refuse;
	}
	if (*options.address && !add_listener(server, options.address, terminal, why, size))
		goto refuse;
	server->terminals[server->nr_terminals++] = terminal;
	server_log(terminal, "serves", NULL);
	/* The device begins.  An error comes again in the loop. */
	css_unit_step(terminal->unit);
	return 0;

refuse:
	free_terminal(terminal);
	return -1;
}

/* A unit has been sent.  False: the sender has closed its connection. */
static bool receive_unit(struct server *server, int socket)
{
	char text[256], why[256];
	int unit;
	int error = css_unit_receive(socket, &unit, text, sizeof(text));

	if (error)
		return error == -EAGAIN || error == -EINTR;
	error = server_add(server, unit, text, why, sizeof(why));
	if (error)
		fprintf(stderr, "css-3270: %s\n", why);
	return !css_unit_reply(socket, error ? why : NULL);
}

static void accept_sender(struct server *server)
{
	int fd = accept4(server->units, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd >= 0)
		server->senders[server->nr_senders++] = fd;
	else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
		server->accept_at = now_ms() + 1000;
}

static void serve_units(struct server *server, struct pollfd *poll)
{
	/* From the end, because the last takes the place of one that goes. */
	for (unsigned int i = server->nr_terminals; i-- > 0;) {
		if (poll[i].revents)
			step(server, i);
	}
}

static unsigned int add_poll(struct pollfd *poll, unsigned int nr, int fd, short events)
{
	poll[nr] = (struct pollfd){ .fd = fd, .events = events };
	return nr + 1;
}

/* Terminals, clients, listeners, senders and the socket for them, in this order */
static unsigned int prepare(struct server *server, struct pollfd *poll, uint64_t now)
{
	bool accepts = now >= server->accept_at;
	unsigned int nr = 0;

	for (unsigned int i = 0; i < server->nr_terminals; i++)
		nr = add_poll(poll, nr, css_unit_fd(server->terminals[i]->unit), POLLIN);
	for (unsigned int i = 0; i < server->nr_connections; i++) {
		struct client *client = server->connections[i].client;

		nr = add_poll(poll, nr, client->fd,
			      POLLIN | (client_sends(client) ? POLLOUT : 0));
	}
	for (unsigned int i = 0; i < server->nr_listeners; i++) {
		struct listener *listener = server->listeners[i];
		bool room = accepts && listener->negotiate < LISTENER_CLIENTS;

		nr = add_poll(poll, nr, room ? listener->fd : -1, POLLIN);
	}
	for (unsigned int i = 0; i < server->nr_senders; i++)
		nr = add_poll(poll, nr, server->senders[i], POLLIN);
	return add_poll(poll, nr, accepts && server->nr_senders < SERVER_SENDERS ?
			server->units : -1, POLLIN);
}

static int milliseconds(const struct server *server, uint64_t now)
{
	uint64_t by = UINT64_MAX;

	if (server->accept_at > now)
		by = server->accept_at;
	for (unsigned int i = 0; i < server->nr_terminals; i++) {
		uint64_t terminal = terminal_deadline(server->terminals[i]);

		by = terminal < by ? terminal : by;
	}
	for (unsigned int i = 0; i < server->nr_connections; i++) {
		struct client *client = server->connections[i].client;

		if (client->broken)
			return 0;
		if (!client->terminal && client->agree_by < by)
			by = client->agree_by;
	}
	if (by == UINT64_MAX)
		return -1;
	if (by <= now)
		return 0;
	return by - now < INT_MAX ? (int)(by - now) : INT_MAX;
}

/* What came and went meanwhile changes the arrays, so each is served in its order. */
static void serve(struct server *server, struct pollfd *poll)
{
	unsigned int terminals = server->nr_terminals;
	unsigned int connections = server->nr_connections;
	unsigned int listeners = server->nr_listeners;
	unsigned int senders = server->nr_senders;
	struct pollfd *clients = poll + terminals;
	struct pollfd *listening = clients + connections;
	struct pollfd *sending = listening + listeners;

	for (unsigned int i = 0; i < connections; i++) {
		if (clients[i].revents)
			server_client(server, &server->connections[i], clients[i].revents);
	}
	for (unsigned int i = 0; i < listeners; i++) {
		if (listening[i].revents)
			server_accept(server, server->listeners[i]);
	}
	serve_units(server, poll);
	for (unsigned int i = senders; i-- > 0;) {
		if (sending[i].revents && !receive_unit(server, server->senders[i])) {
			close(server->senders[i]);
			server->senders[i] = server->senders[--server->nr_senders];
		}
	}
	if (sending[senders].revents)
		accept_sender(server);
}

int server_run(struct server *server, const volatile int *stop)
{
	struct pollfd *fds = calloc(SERVER_POLL, sizeof(*fds));

	if (!fds)
		return -1;
	while (!*stop && (server->nr_terminals || server->units >= 0)) {
		uint64_t now = now_ms();
		unsigned int nr = prepare(server, fds, now);

		if (poll(fds, nr, milliseconds(server, now)) < 0) {
			if (errno == EINTR)
				continue;
			break;
		}
		serve(server, fds);
		now = now_ms();
		for (unsigned int i = 0; i < server->nr_terminals; i++)
			terminal_timer(server->terminals[i], now);
		server_reap(server, now);
	}
	free(fds);
	return *stop || !server->nr_terminals ? 0 : -1;
}

void server_free(struct server *server)
{
	for (unsigned int i = 0; i < server->nr_connections; i++)
		client_free(server->connections[i].client);
	for (unsigned int i = 0; i < server->nr_terminals; i++)
		free_terminal(server->terminals[i]);
	for (unsigned int i = 0; i < server->nr_listeners; i++) {
		close(server->listeners[i]->fd);
		free(server->listeners[i]);
	}
	for (unsigned int i = 0; i < server->nr_senders; i++)
		close(server->senders[i]);
	if (server->units >= 0)
		close(server->units);
}
