// SPDX-License-Identifier: GPL-2.0
/*
 * css-3270: 3270 displays of KVM guests, for TN3270 clients.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#include "address.h"
#include "server.h"

#define DEFAULT_ADDRESS		"3270"

static volatile int stop;

static const char usage[] =
"usage: css-3270 [OPTION...]\n"
"\n"
"3270 displays of KVM guests: TN3270 clients connect to it.\n"
"\n"
"  --units PATH      receive units on this socket; cssctl sends them there, each\n"
"                    with options: listen=ADDRESS, lu=NAME\n"
"  --unit OPTIONS    options of the unit with which cssctl has started the program\n"
"  --listen ADDRESS  for clients of any terminal: a PORT of the local host,\n"
"                    ADDRESS:PORT, or the path of a UNIX socket; several times if\n"
"                    you like.  By default 3270; \"none\": each terminal has its own\n"
"  --help            print this\n";

uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * UINT64_C(1000) + now.tv_nsec / 1000000;
}

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

static int refuse(const char *why)
{
	fprintf(stderr, "css-3270: %s\n", why);
	return 2;
}

/* The unit that cssctl has started the program with, if it has */
static int inherited(struct server *server, const char *options)
{
	char why[256];
	int fd = css_unit_inherited();

	if (fd == -ENOENT && !options)
		return 0;
	if (fd < 0)
		return refuse("expected the number of a descriptor in $CSS_UNIT");
	if (server_add(server, fd, options ? options : "", why, sizeof(why)))
		return refuse(why);
	return 0;
}

struct options {
	const char *units;
	const char *unit;
	bool listens;
};

/* -1: go on; otherwise the status to exit with */
static int parse(struct server *server, struct options *options, int argc, char **argv)
{
	static const struct option known[] = {
		{ "units", required_argument, NULL, 'u' },
		{ "unit", required_argument, NULL, '1' },
		{ "listen", required_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{}
	};
	char why[256];
	int found;

	while ((found = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (found) {
		case 'u':
			options->units = optarg;
			break;
		case '1':
			options->unit = optarg;
			break;
		case 'l':
			options->listens = true;
			if (strcmp(optarg, "none") &&
			    server_listen(server, optarg, why, sizeof(why)))
				return refuse(why);
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind == argc)
		return -1;
	fputs(usage, stderr);
	return 2;
}

static int run(struct server *server, int argc, char **argv)
{
	struct options options = {};
	int status = parse(server, &options, argc, argv);
	char why[256];

	if (status >= 0)
		return status;
	if (!options.listens && server_listen(server, DEFAULT_ADDRESS, why, sizeof(why)))
		return refuse(why);
	status = inherited(server, options.unit);
	if (status)
		return status;
	if (options.units) {
		/* Only this user and root can give it units. */
		mode_t mask = umask(0177);

		server->units = address_listen_unix(options.units, SOCK_SEQPACKET, why,
						    sizeof(why));
		umask(mask);
		if (server->units < 0)
			return refuse(why);
	}
	if (!server->nr_terminals && server->units < 0)
		return refuse("expected --units or a unit in $CSS_UNIT, found neither");
	return server_run(server, &stop) ? 1 : 0;
}

int main(int argc, char **argv)
{
	static struct server server = { .units = -1 };
	const struct sigaction action = { .sa_handler = on_signal };
	int status;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return refuse("expected to be able to give up new privileges");
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	status = run(&server, argc, argv);
	server_free(&server);
	return status;
}
