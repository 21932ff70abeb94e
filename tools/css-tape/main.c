// SPDX-License-Identifier: GPL-2.0
/* css-tape, a tape drive for KVM guests */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "server.h"

static const char usage[] =
"usage: css-tape [OPTION]...\n"
"\n"
"A process that models 3490E tape drives for KVM guests.\n"
"\n"
"  --listen SOCKET     take devices that cssctl passes to this socket\n"
"  --control SOCKET    take requests of cssctl tape from this socket\n"
"  --drive NAME        have a drive from the start\n"
"  --load IMAGE        load an image into it\n"
"  --loader DIRECTORY  load the images of a directory, one after the other\n"
"  --readonly, --format aws|het|flat, --compression zlib|bzip2|none,\n"
"  --level 1-9, --block BYTES, --capacity BYTES, --warning BYTES\n"
"                      how to open these images\n"
"\n"
"With CSS_UNIT=FD in the environment, the descriptor is a device to be served.\n"
"Without --drive, its drive is named by its device number.\n";

/* What the command line says of a drive */
struct wanted {
	const char *drive;
	const char *image;
	const char *loader;
	struct tape_options options;
};

static struct server server;
static struct wanted wanted[DRIVES_MAX];
static unsigned int nr_wanted;
static const char *listen_path, *control_path;

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	report(LEVEL_ERROR, NULL, "%s", text);
	exit(1);
}

static struct wanted *last_wanted(void)
{
	if (!nr_wanted)
		nr_wanted = 1;
	return &wanted[nr_wanted - 1];
}

static void want_drive(const char *name)
{
	/* Options before the first --drive are its own. */
	if (nr_wanted && wanted[nr_wanted - 1].drive) {
		if (nr_wanted == DRIVES_MAX)
			die("--drive: expected %d at most", DRIVES_MAX);
		nr_wanted++;
	}
	last_wanted()->drive = name;
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ "control", required_argument, NULL, 'c' },
		{ "drive", required_argument, NULL, 'd' },
		{ "load", required_argument, NULL, 'i' },
		{ "loader", required_argument, NULL, 'a' },
		{ "readonly", no_argument, NULL, 'o' },
		{ "format", required_argument, NULL, 'o' },
		{ "compression", required_argument, NULL, 'o' },
		{ "level", required_argument, NULL, 'o' },
		{ "block", required_argument, NULL, 'o' },
		{ "capacity", required_argument, NULL, 'o' },
		{ "warning", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{}
	};
	int which, c;

	while ((c = getopt_long(argc, argv, "h", options, &which)) >= 0) {
		switch (c) {
		case 'l':
			listen_path = optarg;
			break;
		case 'c':
			control_path = optarg;
			break;
		case 'd':
			want_drive(optarg);
			break;
		case 'i':
			last_wanted()->image = optarg;
			break;
		case 'a':
			last_wanted()->loader = optarg;
			break;
		case 'o':
			if (!control_option(options[which].name, optarg ? optarg : "1",
					    &last_wanted()->options))
				die("--%s: found %s", options[which].name, optarg);
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			fputs(usage, stderr);
			exit(2);
		}
	}
	if (optind < argc) {
		fputs(usage, stderr);
		exit(2);
	}
}

/* A socket that listens; fd is -1 if there is none.  stat says which file is its name. */
struct listener {
	int fd;
	const char *path;
	struct stat stat;
};

static int new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		die("socket: %s", strerror(errno));
	return fd;
}

/*
 * Remove a socket that a process has left that was killed: only that refuses connections.
 * A process that is busy doesn't, and neither does a socket of another type.
 */
static void remove_old(const struct sockaddr_un *address)
{
	const char *path = address->sun_path;
	struct stat stat;
	int fd;

	if (lstat(path, &stat) || !S_ISSOCK(stat.st_mode))
		return;
	fd = new_socket();
	if (!connect(fd, (const struct sockaddr *)address, sizeof(*address)))
		die("%s: another process listens there", path);
	if (errno == ECONNREFUSED)
		unlink(path);
	close(fd);
}

/* A socket that only this user and root can connect to */
static struct listener listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct listener listener = { .fd = new_socket(), .path = path };
	mode_t mask;

	if (strlen(path) >= sizeof(address.sun_path))
		die("%s: expected %zu characters at most", path, sizeof(address.sun_path) - 1);
	memcpy(address.sun_path, path, strlen(path));
	remove_old(&address);
	mask = umask(0177);
	if (bind(listener.fd, (struct sockaddr *)&address, sizeof(address)) ||
	    lstat(path, &listener.stat) || listen(listener.fd, 16))
		die("%s: %s", path, strerror(errno));
	umask(mask);
	return listener;
}

/* Remove its name, unless it is another file's by now. */
static void remove_name(const struct listener *listener)
{
	struct stat stat;

	if (listener->fd >= 0 && !lstat(listener->path, &stat) &&
	    stat.st_dev == listener->stat.st_dev && stat.st_ino == listener->stat.st_ino)
		unlink(listener->path);
}

/*
 * SIGTERM, SIGINT and SIGHUP are read in poll()'s turn.  A limit of file sizes is an error of
 * the write that reaches it, not the end of all drives, and neither is a log that nobody
 * reads any more.
 */
static int catch_signals(void)
{
	sigset_t set;
	int fd;

	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		die("sigprocmask: %s", strerror(errno));
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		die("signalfd: %s", strerror(errno));
	return fd;
}

static void load(struct station *station, const struct wanted *from)
{
	char message[TAPE_MESSAGE_SIZE];
	struct tape_image *image;
	enum tape_result result;

	result = tape_image_open(from->image, &from->options, &image, message);
	if (result != TAPE_OK)
		die("%s: %s", from->image, *message ? message : tape_result_name(result));
	if (*message)
		report(LEVEL_NOTICE, &station->drive, "%s: %s", from->image, message);
	if (drive_load(&station->drive, image, from->image))
		die("out of memory");
}

/* Give a drive what the command line says. */
static void equip(struct station *station, const struct wanted *from)
{
	if (from->image)
		load(station, from);
	if (from->loader) {
		station->loader = loader_open(from->loader, &from->options);
		if (!station->loader)
			die("%s: %s", from->loader, strerror(errno));
		if (!station->drive.image)
			loader_next(station->loader, &station->drive);
	}
	server_present(station);
}

int main(int argc, char **argv)
{
	struct listener units = { .fd = -1 }, control = { .fd = -1 };
	int unit, signals;
	const char *problem;
	unsigned int i;

	parse(argc, argv);
	unit = css_unit_inherited();
	if (unit < 0 && unit != -ENOENT)
		die("CSS_UNIT: %s", strerror(-unit));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		die("no_new_privs: %s", strerror(errno));
	signals = catch_signals();
	if (listen_path)
		units = listen_at(listen_path);
	if (control_path)
		control = listen_at(control_path);
	for (i = 0; i < nr_wanted; i++)
		if (wanted[i].drive && !server_add(&server, wanted[i].drive, true, &problem))
			die("--drive %s: %s", wanted[i].drive, problem);
	if (unit >= 0) {
		problem = server_serve(&server, unit, wanted[0].drive ? wanted[0].drive : "");
		if (problem)
			die("CSS_UNIT: %s", problem);
	}
	for (i = 0; i < nr_wanted; i++) {
		if (!wanted[i].image && !wanted[i].loader)
			continue;
		if (i >= server.nr)
			die("--load: expected a drive, by --drive or CSS_UNIT");
		equip(server.stations[i], &wanted[i]);
	}
	loop_run(&server, units.fd, control.fd, signals);
	remove_name(&units);
	remove_name(&control);
	return server_stop(&server) ? 0 : 1;
}
