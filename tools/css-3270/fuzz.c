// SPDX-License-Identifier: GPL-2.0
/*
 * Commands of a guest, and bytes of two clients, one of which is hostile: the input is
 * a seed for what comes in which order and how it is mutated.
 *
 *	fuzz FIRST LAST		try these seeds
 *
 * What must hold, besides what the sanitizers watch: a command is answered just once,
 * with an answer that a control unit can give; at any time, one that is in progress
 * ends when its time is up; and the display of the client that does nothing wrong is
 * there at the end, with its commands answered.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "recorder.h"
#include "server.h"

#define STEPS			200

static const uint8_t words[][12] = {
	/* The first byte is how many follow. */
	{ 3, 0xff, 0xfb, 0x18 },
	{ 11, 0xff, 0xfa, 0x18, 0x00, 'I', 'B', 'M', '-', '3', '2', '7' },
	{ 6, '8', '-', '2', '-', 'E', '@' },
	{ 3, 'T', 'W', 'O' },
	{ 2, 0xff, 0xf0 },
	{ 3, 0xff, 0xfb, 0x19 },
	{ 3, 0xff, 0xfd, 0x19 },
	{ 3, 0xff, 0xfb, 0x00 },
	{ 3, 0xff, 0xfd, 0x00 },
	{ 3, 0xff, 0xfb, 0x06 },
	{ 3, 0xff, 0xfc, 0x06 },
	{ 3, 0xff, 0xfd, 0x28 },
	{ 2, 0xff, 0xef },
	{ 2, 0xff, 0xff },
	{ 2, 0xff, 0xfa },
	{ 3, 0x7d, 0x40, 0x40 },
	{ 5, 0x88, 0x00, 0x04, 0x81, 0x81 },
	{ 2, 0xff, 0xf6 },
	{ 3, 0xff, 0xfc, 0x00 },
	{ 3, 0xff, 0xfe, 0x19 },
};

#define NR_WORDS		(sizeof(words) / sizeof(words[0]))
/* An agreement begins with these words; the name is left out. */
static const uint8_t agreement[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };

struct fuzz {
	uint64_t seed;
	uint64_t state;
	unsigned int step;
	struct server server;
	struct listener listener;
	struct terminal *terminals[2];
	int clients[2];
	uint8_t area[2][65536];
	uint64_t seq;
	uint64_t pending;
};

static struct fuzz fuzz;

static void found(const char *what)
{
	fprintf(stderr, "fuzz: seed %llu, step %u: %s\n", (unsigned long long)fuzz.seed,
		fuzz.step, what);
	abort();
}

static uint32_t any(uint32_t below)
{
	fuzz.state = fuzz.state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(fuzz.state >> 33) % below;
}

static void connect_client(unsigned int nr)
{
	struct server *server = &fuzz.server;
	int size = 4096;
	int ends[2];

	if (fuzz.listener.negotiate == LISTENER_CLIENTS)
		return;
	if (fuzz.clients[nr] >= 0)
		close(fuzz.clients[nr]);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends))
		found("socketpair");
	/* What the guest writes is more than that. */
	setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	fuzz.listener.negotiate++;
	server->connections[server->nr_connections++] = (struct connection){
		client_new(ends[0]), &fuzz.listener,
	};
	fuzz.clients[nr] = ends[1];
}

static void turn(void)
{
	recorder_turn(&fuzz.server);
}

static void client_sends_bytes(unsigned int nr, const uint8_t *data, size_t len)
{
	if (fuzz.clients[nr] < 0)
		return;
	if (send(fuzz.clients[nr], data, len, MSG_NOSIGNAL) < 0 && errno != EAGAIN &&
	    errno != EPIPE && errno != ECONNRESET)
		found("send");
}

static void drain(unsigned int nr)
{
	static uint8_t data[65536];

	while (recv(fuzz.clients[nr], data, sizeof(data), 0) > 0)
		turn();
}

/* A word, perhaps with a byte changed, or cut off */
static void word(unsigned int nr, unsigned int which)
{
	uint8_t data[11];
	size_t len = words[which][0];

	memcpy(data, words[which] + 1, len);
	if (!any(8))
		data[any(len)] = any(256);
	if (!any(16))
		len = any(len) + 1;
	client_sends_bytes(nr, data, len);
}

static void agree(unsigned int nr, bool exactly)
{
	for (unsigned int i = 0; i < sizeof(agreement); i++) {
		unsigned int which = agreement[i];

		if (exactly || any(32)) {
			if (exactly)
				client_sends_bytes(nr, words[which] + 1, words[which][0]);
			else
				word(nr, which);
		}
		turn();
	}
}

static void junk(unsigned int nr)
{
	static uint8_t data[20000];
	size_t len = any(sizeof(data)) + 1;

	for (size_t i = 0; i < len; i++)
		data[i] = any(4) ? 0xff : any(256);
	if (!any(2))
		memset(data, any(2) ? 'a' : 0xff, len);
	client_sends_bytes(nr, data, len);
}

static void check_answer(const struct css_answer *answer)
{
	uint8_t status = answer->status;

	if (status != CSS_ENDED && status != CSS_UNIT_CHECK &&
	    status != (CSS_ENDED | CSS_UNIT_CHECK))
		found("a status that this device doesn't have");
	if (answer->sense_len != (status & CSS_UNIT_CHECK ? 1 : 0))
		found("another number of sense bytes");
	if (answer->count > sizeof(fuzz.area[0]) + 1)
		found("more bytes than any command can move");
}

/* The answers that have come later, since this was called last */
static void check_later(void)
{
	for (unsigned int i = 0; i < recorder.nr_answers; i++) {
		if (i >= RECORDER_LOG)
			found("too many answers");
		if (!fuzz.pending || recorder.seqs[i] != fuzz.pending)
			found("an answer to a command that isn't in progress");
		check_answer(&recorder.answers[i]);
		fuzz.pending = 0;
	}
	recorder.nr_answers = 0;
	if (recorder.nr_presented > RECORDER_LOG)
		found("too much status");
	for (unsigned int i = 0; i < recorder.nr_presented; i++) {
		if (recorder.presented[i] != CSS_DEVICE_END &&
		    recorder.presented[i] != CSS_ATTENTION)
			found("another status was presented");
	}
	recorder.nr_presented = 0;
}

static void command(unsigned int nr)
{
	static const uint8_t codes[] = {
		0x01, 0x02, 0x05, 0x06, 0x0d, 0x0e, 0x0f, 0x11, 0x03, 0x04, 0xe4, 0x0b,
	};
	struct css_command command = {
		.seq = ++fuzz.seq,
		.code = any(16) ? codes[any(sizeof(codes))] : any(256),
		.flags = any(256),
		.provided = any(3) ? any(100) : any(65536),
		.room = any(3) ? 65536 : any(65536),
		.data = fuzz.area[nr],
	};
	struct css_answer answer = {};

	if (fuzz.pending)
		return;
	if (css_command_fetches(command.code)) {
		command.room = 65536;
		command.check = !any(4);
		command.available = command.check ? any(command.provided + 1) :
						    command.provided;
	}
	terminal_ops.command(fuzz.terminals[nr], &command, &answer);
	if (answer.later)
		fuzz.pending = command.seq;
	else
		check_answer(&answer);
}

static void reset(unsigned int nr)
{
	terminal_ops.reset(fuzz.terminals[nr]);
	/* Only terminal 1 has commands that may be pending. */
	if (nr)
		fuzz.pending = 0;
}

static void step(void)
{
	switch (any(16)) {
	case 0:
		connect_client(1);
		break;
	case 1:
	case 2:
		agree(1, false);
		break;
	case 3:
		junk(1);
		break;
	case 4:
		recorder.now += any(3) ? any(100) : any(12000);
		break;
	case 5:
		reset(1);
		break;
	case 6:
		terminal_ops.stop(fuzz.terminals[1]);
		break;
	case 7:
		recorder.present_error = any(3) ? 0 : any(2) ? -EBUSY : -ESTALE;
		terminal_ops.presented(fuzz.terminals[1]);
		break;
	case 8:
		drain(1);
		break;
	case 9:
	case 10:
	case 11:
		command(1);
		break;
	case 12:
		for (unsigned int i = any(8); i > 0; i--) {
			client_sends_bytes(1, words[16] + 1, words[16][0]);
			client_sends_bytes(1, words[12] + 1, words[12][0]);
		}
		break;
	default:
		word(1, any(NR_WORDS));
		break;
	}
	turn();
	check_later();
}

/* The display that nobody disturbs: it takes a WRITE, and its key arrives. */
static void still_works(void)
{
	static const uint8_t key[] = { 0x7d, 0xff, 0xef };
	struct css_command write = { .seq = ++fuzz.seq, .code = 0x01, .data = fuzz.area[0],
				     .room = 65536, .provided = 1, .available = 1 };
	struct css_command read = { .seq = ++fuzz.seq, .code = 0x06, .data = fuzz.area[0],
				    .room = 100, .provided = 100 };
	struct css_answer answer = {};

	drain(0);
	terminal_ops.command(fuzz.terminals[0], &write, &answer);
	if (answer.later || answer.status != CSS_ENDED)
		found("the display that nobody disturbs has ended");
	client_sends_bytes(0, key, sizeof(key));
	turn();
	answer = (struct css_answer){};
	terminal_ops.command(fuzz.terminals[0], &read, &answer);
	if (answer.later || answer.status != CSS_ENDED || answer.count != 1)
		found("the key of the display that nobody disturbs is lost");
	check_later();
}

static void try(uint64_t seed)
{
	fuzz = (struct fuzz){ .seed = seed, .state = seed, .clients = { -1, -1 } };
	memset(&recorder, 0, sizeof(recorder));
	recorder.now = 1000000;
	fuzz.server.units = -1;
	fuzz.listener.fd = -1;
	for (unsigned int i = 0; i < 2; i++) {
		fuzz.terminals[i] = calloc(1, sizeof(struct terminal));
		memcpy(fuzz.terminals[i]->name, i ? "TWO" : "ONE", 4);
		fuzz.server.terminals[i] = fuzz.terminals[i];
	}
	for (unsigned int i = 0; i < 2; i++) {
		struct css_command write = { .code = 0x01, .data = fuzz.area[i] };
		struct css_answer answer = {};

		terminal_ops.begin(fuzz.terminals[i]);
		terminal_ops.command(fuzz.terminals[i], &write, &answer);
	}
	fuzz.server.nr_terminals = 1;
	connect_client(0);
	agree(0, true);
	if (fuzz.terminals[0]->client)
		found("a client has got a terminal whose name it hasn't said");
	fuzz.server.nr_terminals = 2;
	close(fuzz.clients[0]);
	fuzz.clients[0] = -1;
	turn();
	connect_client(0);
	client_sends_bytes(0, words[0] + 1, words[0][0]);
	client_sends_bytes(0, words[1] + 1, words[1][0]);
	client_sends_bytes(0, (const uint8_t *)"8-2-E@ONE\xff\xf0", 11);
	for (unsigned int i = 5; i <= 8; i++)
		client_sends_bytes(0, words[i] + 1, words[i][0]);
	turn();
	for (fuzz.step = 0; fuzz.step < STEPS; fuzz.step++)
		step();
	still_works();
	recorder.now += CLIENT_SEND_MS + CLIENT_READ_MS;
	turn();
	check_later();
	if (fuzz.pending)
		found("a command is pending although its time is up");
	server_free(&fuzz.server);
	close(fuzz.clients[0]);
	if (fuzz.clients[1] >= 0)
		close(fuzz.clients[1]);
}

int main(int argc, char **argv)
{
	uint64_t first, last;

	if (argc != 3) {
		fprintf(stderr, "usage: fuzz FIRST LAST\n");
		return 2;
	}
	first = strtoull(argv[1], NULL, 0);
	last = strtoull(argv[2], NULL, 0);
	for (uint64_t seed = first; seed <= last; seed++)
		try(seed);
	printf("fuzz: seeds %llu to %llu: nothing found\n", (unsigned long long)first,
	       (unsigned long long)last);
	return 0;
}
