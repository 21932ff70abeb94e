/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The process: it has terminals, which are units of the kernel's, listens where
 * clients connect to, and brings both together.  It is one thread, and a loop that
 * polls all descriptors.  Each turn serves each client a bounded number of bytes, so
 * none waits for another.
 */
#ifndef CSS_3270_SERVER_H
#define CSS_3270_SERVER_H

#include "terminal.h"

#define SERVER_TERMINALS	256
/* Where clients connect to: for all terminals, and for single ones */
#define SERVER_LISTENERS	(SERVER_TERMINALS + 8)
/* How many clients negotiate with one listener at a time; others wait */
#define LISTENER_CLIENTS	8
/* How many programs that send units are connected at a time; others wait */
#define SERVER_SENDERS		4

/**
 * struct listener - where clients connect to
 * @fd: socket
 * @only: the terminal that they get, or NULL if any
 * @negotiate: how many of its clients have no terminal yet
 */
struct listener {
	int fd;
	struct terminal *only;
	unsigned int negotiate;
};

/**
 * struct connection - a client and where it has connected to
 * @client: the client
 * @listener: where it has connected to; NULL once it has a terminal or has been
 *	refused one
 */
struct connection {
	struct client *client;
	struct listener *listener;
};

/* How many clients there can be: each has a terminal, or negotiates. */
#define SERVER_CLIENTS		(SERVER_TERMINALS + SERVER_LISTENERS * LISTENER_CLIENTS)

/**
 * struct server - the process
 * @terminals: displays
 * @nr_terminals: how many there are
 * @listeners: where clients connect to
 * @nr_listeners: how many there are
 * @connections: clients
 * @nr_connections: how many there are
 * @units: a socket on which units are received, or -1
 * @senders: connections to it
 * @nr_senders: how many there are
 * @accept_at: when there may be descriptors again for a new connection
 */
struct server {
	struct terminal *terminals[SERVER_TERMINALS];
	unsigned int nr_terminals;
	struct listener *listeners[SERVER_LISTENERS];
	unsigned int nr_listeners;
	struct connection connections[SERVER_CLIENTS];
	unsigned int nr_connections;
	int units;
	int senders[SERVER_SENDERS];
	unsigned int nr_senders;
	uint64_t accept_at;
};

/**
 * server_listen() - listen for clients of any terminal
 * @server: the server
 * @address: where, as in address.h
 * @why: written, if that isn't possible: a line that says why
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int server_listen(struct server *server, const char *address, char *why, size_t size);

/**
 * server_add() - serve a unit as a terminal, which has a name that no other one has
 * @server: the server
 * @unit: descriptor of the unit, which belongs to the server then, also if this fails
 * @text: options, separated by commas: listen=ADDRESS, lu=NAME; each once at most
 * @why: written, if that isn't possible: a line that says why
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int server_add(struct server *server, int unit, const char *text, char *why, size_t size);

/**
 * server_run() - serve until there is nothing to serve any more
 * @server: the server
 * @stop: a signal sets it to end the server
 *
 * Return: 0, or -1 with errno.
 */
int server_run(struct server *server, const volatile int *stop);

/**
 * server_free() - close and free all that the server has
 * @server: the server
 */
void server_free(struct server *server);

/* server_clients.c: the clients */
struct pollfd;

/**
 * server_accept() - accept a client
 * @server: the server
 * @listener: where it has connected to
 */
void server_accept(struct server *server, struct listener *listener);

/**
 * server_client() - take some of what a client has sent, and send it what waits
 * @server: the server
 * @connection: the client
 * @events: what poll() has said
 */
void server_client(struct server *server, struct connection *connection, short events);

/**
 * server_reap() - close the clients that are broken or have negotiated for too long
 * @server: the server
 * @now: the time
 */
void server_reap(struct server *server, uint64_t now);

/**
 * server_log() - write a line of the log, unless there are too many of the terminal
 * @terminal: of which terminal it is
 * @what: what has happened
 * @why: why, or NULL
 */
void server_log(struct terminal *terminal, const char *what, const char *why);

#endif /* CSS_3270_SERVER_H */
