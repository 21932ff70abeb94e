// SPDX-License-Identifier: GPL-2.0
/*
 * A unit that records; see recorder.h.
 */
#include <errno.h>
#include <poll.h>

#include "recorder.h"
#include "server.h"

struct recorder recorder;

/* No test looks at the log. */
void server_log(struct terminal *terminal, const char *what, const char *why)
{
	(void)terminal;
	(void)what;
	(void)why;
}

uint64_t now_ms(void)
{
	return recorder.now;
}

int css_unit_answer(struct css_unit *unit, uint64_t seq, const struct css_answer *answer)
{
	(void)unit;
	if (recorder.nr_answers < RECORDER_LOG) {
		recorder.answers[recorder.nr_answers] = *answer;
		recorder.seqs[recorder.nr_answers] = seq;
	}
	recorder.nr_answers++;
	return 0;
}

int css_unit_present(struct css_unit *unit, uint8_t status, const uint8_t *sense,
		     uint8_t sense_len)
{
	(void)unit;
	(void)sense;
	if (recorder.present_error)
		return recorder.present_error;
	if (sense_len)
		return -EINVAL;
	if (recorder.nr_presented < RECORDER_LOG)
		recorder.presented[recorder.nr_presented] = status;
	recorder.nr_presented++;
	return 0;
}

void css_unit_place(const struct css_unit *unit, uint8_t *ssid, uint16_t *schid,
		    uint16_t *devno)
{
	(void)unit;
	*ssid = 3;
	*schid = 0;
	*devno = 9;
}

/* The tests don't run the server's loop, so nothing calls these. */
int css_unit_new(struct css_unit **unit, int fd, const struct css_device_ops *ops,
		 void *device)
{
	(void)unit;
	(void)fd;
	(void)ops;
	(void)device;
	return -ENOTTY;
}

void css_unit_free(struct css_unit *unit)
{
	(void)unit;
}

int css_unit_fd(const struct css_unit *unit)
{
	(void)unit;
	return -1;
}

uint32_t css_unit_area(const struct css_unit *unit)
{
	(void)unit;
	return 0;
}

int css_unit_step(struct css_unit *unit)
{
	(void)unit;
	return -ENODEV;
}

int css_unit_receive(int socket, int *fd, char *text, size_t size)
{
	(void)socket;
	(void)fd;
	(void)text;
	(void)size;
	return -ENODATA;
}

int css_unit_reply(int socket, const char *refusal)
{
	(void)socket;
	(void)refusal;
	return -EPIPE;
}

void recorder_turn(struct server *server)
{
	for (unsigned int i = 0; i < server->nr_connections; i++) {
		struct pollfd fd = {
			.fd = server->connections[i].client->fd,
			.events = POLLIN | POLLOUT,
		};

		if (poll(&fd, 1, 0) > 0)
			server_client(server, &server->connections[i], fd.revents);
	}
	for (unsigned int i = 0; i < server->nr_terminals; i++)
		terminal_timer(server->terminals[i], recorder.now);
	server_reap(server, recorder.now);
}
