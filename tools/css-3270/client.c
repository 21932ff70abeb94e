// SPDX-License-Identifier: GPL-2.0
/*
 * A client's socket; see client.h.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"

struct client *client_new(int fd)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client)
		return NULL;
	if (!telnet_new(&client->telnet, CLIENT_OUT)) {
		free(client);
		return NULL;
	}
	client->fd = fd;
	client->marks = true;
	client->agree_by = now_ms() + CLIENT_AGREE_MS;
	return client;
}

void client_free(struct client *client)
{
	telnet_free(&client->telnet);
	close(client->fd);
	free(client);
}

bool client_flush(struct client *client)
{
	struct buffer *out = &client->telnet.out;
	ssize_t sent;

	if (client->broken)
		return false;
	if (!out->len)
		return true;
	sent = send(client->fd, out->data, out->len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent >= 0)
		buffer_take(out, sent);
	else if (errno != EAGAIN && errno != EINTR)
		client->broken = "it is gone";
	return !client->broken;
}

bool client_send(struct client *client, uint8_t command, const uint8_t *data,
		 size_t len, bool mark)
{
	if (client->broken)
		return false;
	if (!telnet_send(&client->telnet, command, data, len, mark)) {
		client->broken = "it doesn't take what it is sent";
		return false;
	}
	return client_flush(client);
}

void client_tell(struct client *client, const char *text)
{
	char line[256];
	int len = snprintf(line, sizeof(line), "\r\n%s\r\n", text);

	if (len <= 0 || (size_t)len >= sizeof(line) || !client_flush(client))
		return;
	if (buffer_add(&client->telnet.out, line, len))
		client_flush(client);
}
