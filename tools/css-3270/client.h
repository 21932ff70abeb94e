/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A client: a connection on which TELNET is spoken, until it is found to be broken.
 * Who finds that says why, and the server's loop frees the client later, so that
 * nobody on the way up there has a pointer to what isn't there any more.
 */
#ifndef CSS_3270_CLIENT_H
#define CSS_3270_CLIENT_H

#include "telnet.h"

struct terminal;

/* How long a client may negotiate */
#define CLIENT_AGREE_MS		10000U
/* How long it may take for a command of the guest's and its data */
#define CLIENT_SEND_MS		10000U
/* How long it may take to answer a command that reads */
#define CLIENT_READ_MS		5000U

/* What waits to be sent: a command with its data, and what TELNET has to say */
#define CLIENT_OUT		(TELNET_SENT(TELNET_RECORD_SIZE + 1) + 1024)

/**
 * struct client - a connection
 * @fd: socket, not blocking
 * @telnet: what is spoken on it
 * @terminal: whose display it is, or NULL
 * @agree_by: until when there must be an agreement
 * @marks: whether it answers timing marks
 * @broken: why it is to be closed, or NULL
 */
struct client {
	int fd;
	struct telnet telnet;
	struct terminal *terminal;
	uint64_t agree_by;
	bool marks;
	const char *broken;
};

/**
 * now_ms() - the time of a clock that goes on steadily, in milliseconds
 *
 * main.c has it, and tests have one that stands still.
 */
uint64_t now_ms(void);

/**
 * client_new() - make a client of a socket, and begin to negotiate
 * @fd: the socket, which belongs to the client if this succeeds
 *
 * Return: the client, or NULL if there is no storage.
 */
struct client *client_new(int fd);
/**
 * client_free() - close the connection
 * @client: the client, which has no terminal any more
 */
void client_free(struct client *client);

/**
 * client_send() - send a record, now or when the client takes it
 * @client: the client
 * @command: first byte of the record
 * @data: the other bytes
 * @len: how many these are
 * @mark: ask for a timing mark, too
 *
 * Return: false if the client is broken.
 */
bool client_send(struct client *client, uint8_t command, const uint8_t *data,
		 size_t len, bool mark);
/**
 * client_flush() - send what waits, as far as that is possible now
 * @client: the client
 *
 * Return: false if the client is broken.
 */
bool client_flush(struct client *client);
/**
 * client_tell() - send a line of text, which the user sees
 * @client: a client that hasn't agreed to records yet
 * @text: the line
 *
 * It is for the reason why a client is refused.  What can't be sent at once isn't sent.
 */
void client_tell(struct client *client, const char *text);

/**
 * client_sends() - whether something waits to be sent
 * @client: the client
 */
static inline bool client_sends(const struct client *client)
{
	return client->telnet.out.len;
}

#endif /* CSS_3270_CLIENT_H */
