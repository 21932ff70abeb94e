// SPDX-License-Identifier: GPL-2.0
/*
 * The device of Documentation/user-devices.rst, which is a program of its own with
 * libcss-user; the tests are in guest/teletype.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "theme.h"
#include "guest/teletype.h"

#define PATIENCE_MS	20000
/* Where the program has its unit, and how it knows */
#define UNIT_FD		3
#define UNIT_VARIABLE	"CSS_UNIT=3"

/* The program; its number is 0 if none runs.  What it reads, and what it prints */
static struct {
	bool added;
	pid_t pid;
	int typing;
	int printing;
} program;

static int add(struct machine *machine)
{
	const struct kvm_css_user user = {
		.size = sizeof(user),
		.area = 4096,
		.id_len = 7,
		.id = { 0xff, TTY_CU_TYPE >> 8, TTY_CU_TYPE & 0xff,
			TTY_CU_MODEL },
	};

	if (program.added)
		return 0;
	if (css_add_user(machine->css_fd, TTY_SID, TTY_DEVNO, &user))
		return -errno;
	program.added = true;
	return 0;
}

/* The program lies beside this one. */
static int spawn(int unit, int input, int output)
{
	char self[PATH_MAX] = "", path[PATH_MAX + 32];
	char *const argv[] = { path, NULL };
	char *const environment[] = { UNIT_VARIABLE, NULL };
	posix_spawn_file_actions_t actions;
	int rc;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return -errno;
	snprintf(path, sizeof(path), "%s/teletype-device", dirname(self));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, unit, UNIT_FD);
	rc = posix_spawn(&program.pid, path, &actions, NULL, argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	return -rc;
}

static int start(struct machine *machine)
{
	int unit = css_serve(machine->css_fd, TTY_SID, 0);
	int input[2], output[2], rc;

	if (unit < 0)
		return -errno;
	if (pipe2(input, O_CLOEXEC) || pipe2(output, O_CLOEXEC))
		die("pipe2");
	rc = spawn(unit, input[0], output[1]);
	close(unit);
	close(input[0]);
	close(output[1]);
	program.typing = input[1];
	program.printing = output[0];
	return rc;
}

static int ended(void)
{
	int status = 0;

	if (waitpid(program.pid, &status, 0) != program.pid)
		return -errno;
	program.pid = 0;
	close(program.typing);
	close(program.printing);
	return status;
}

static int end(void)
{
	if (!program.pid)
		return 0;
	kill(program.pid, SIGKILL);
	return WIFSIGNALED(ended()) ? 0 : -EIO;
}

static int printed(void)
{
	struct pollfd wait = { .fd = program.printing, .events = POLLIN };
	char text[sizeof(TTY_TEXT)] = "";

	if (poll(&wait, 1, PATIENCE_MS) != 1)
		return -ETIMEDOUT;
	if (read(program.printing, text, sizeof(text)) < 0)
		return -errno;
	return strcmp(text, TTY_TEXT) ? -EBADMSG : 0;
}

static int removed(struct machine *machine)
{
	if (css_remove(machine->css_fd, TTY_SID))
		return -errno;
	program.added = false;
	return ended() ? -EIO : 0;
}

static int do_call(struct machine *machine, u64 what)
{
	switch (what) {
	case TTY_CALL_START:
		return start(machine);
	case TTY_CALL_KILL:
		return end();
	case TTY_CALL_TYPE:
		return write(program.typing, TTY_LINE, strlen(TTY_LINE)) < 0 ?
			-errno : 0;
	case TTY_CALL_PRINTED:
		return printed();
	case TTY_CALL_REMOVE:
		return removed(machine);
	case TTY_CALL_RESET:
		return end() ?: add(machine);
	}
	return -EINVAL;
}

static u64 call(struct machine *machine, const u64 *args)
{
	return -do_call(machine, args[0]);
}

static u64 setup(struct machine *machine)
{
	if (add(machine))
		die("add the teletype");
	return 0;
}

static void teardown(struct machine *machine)
{
	(void)machine;
	end();
}

int main(int argc, char **argv)
{
	static const struct theme theme = {
		.name = "teletype",
		.kernel = THEME_ALONE,
		.nr_vcpus = 1,
		.setup = setup,
		.call = call,
		.teardown = teardown,
	};

	return theme_main(&theme, argc, argv);
}
