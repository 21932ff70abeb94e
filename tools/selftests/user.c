// SPDX-License-Identifier: GPL-2.0
/*
 * The host's half of the tests of devices that a process models, which are in
 * guest/user.c.  The processes are in user_process.c.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "host.h"
#include "theme.h"
#include "user_process.h"
#include "guest/user.h"

/* What the guest is answered when the process is too late */
static const u64 late = ETIMEDOUT;

/* How long the process may take for what it is asked */
#define PATIENCE	20

static struct {
	pid_t pid;
	u64 ms;
} process;

static int add(int css_fd, u32 sid, u16 devno)
{
	struct kvm_css_user user = {
		.size = sizeof(user),
		.id_len = 7,
		.id = { 0xff, USER_CU_TYPE >> 8, USER_CU_TYPE & 0xff, 1,
			USER_DEV_TYPE >> 8, USER_DEV_TYPE & 0xff, 2 },
	};
	struct kvm_css_add arg = {
		.size = sizeof(arg),
		.type = KVM_CSS_TYPE_USER,
		.schid = SID_SCHID(sid),
		.ssid = SID_SSID(sid),
		.devno = devno,
		.device = (u64)&user,
	};

	return ioctl(css_fd, KVM_CSS_ADD, &arg) ? errno : 0;
}

static u64 serve(int css_fd, bool take, bool hostile)
{
	struct kvm_css_serve arg = {
		.size = sizeof(arg),
		.flags = take ? KVM_CSS_SERVE_TAKE : 0,
		.schid = SID_SCHID(USER_SID),
		.ssid = SID_SSID(USER_SID),
	};
	int unit = ioctl(css_fd, KVM_CSS_SERVE, &arg);

	if (unit < 0)
		return errno;
	process.pid = user_process_create(unit, hostile);
	close(unit);
	return 0;
}

static u64 wait_for(volatile u32 *what, u32 value)
{
	double until = now() + PATIENCE;

	while (*what < value) {
		if (now() > until)
			return late;
		usleep(1000);
	}
	return 0;
}

static char state_of(pid_t pid)
{
	char path[32], state = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	if (file)
		fclose(file);
	return state;
}

/* A thread goes on for a moment after SIGSTOP. */
static u64 stop_process(void)
{
	double until = now() + PATIENCE;

	if (kill(process.pid, SIGSTOP))
		return errno;
	while (state_of(process.pid) != 'T') {
		if (now() > until)
			return late;
		usleep(1000);
	}
	return 0;
}

/* Return when the process is dead: then the device is served no more. */
static u64 kill_process(void)
{
	double until = now() + PATIENCE;

	if (!process.pid)
		return 0;
	kill(process.pid, SIGKILL);
	while (!kill(process.pid, 0)) {
		if (now() > until)
			return late;
		usleep(1000);
	}
	process.pid = 0;
	return 0;
}

/* The signal may come just before the process begins to wait, so repeat it. */
static u64 ask(u32 what, u32 argument)
{
	double until = now() + PATIENCE;
	u32 asked = user_shared->asked + 1;

	user_shared->what = what;
	user_shared->argument = argument;
	__sync_synchronize();
	user_shared->asked = asked;
	while (user_shared->done != asked) {
		if (now() > until)
			return late;
		kill(process.pid, SIGUSR1);
		usleep(2000);
	}
	return user_shared->result;
}

static u64 seen(u32 what)
{
	volatile u32 *where = what == USER_SEEN_EVENTS ? &user_shared->events :
			      what == USER_SEEN_STALE ? &user_shared->stale :
							&user_shared->dead;
	u32 value = *where;

	*where = 0;
	return value;
}

static u64 do_call(struct machine *machine, u64 what, u64 argument)
{
	int css_fd = machine->css_fd;

	switch (what) {
	case USER_CALL_SERVE:
		return serve(css_fd, argument, false);
	case USER_CALL_HOSTILE:
		return serve(css_fd, false, true);
	case USER_CALL_KILL:
		return kill_process();
	case USER_CALL_STOP:
		return stop_process();
	case USER_CALL_CONTINUE:
		return kill(process.pid, SIGCONT) ? errno : 0;
	case USER_CALL_TAKEN:
		return wait_for(&user_shared->commands, argument);
	case USER_CALL_REMOVE:
		return css_remove(css_fd, USER_SID) ? errno : 0;
	case USER_CALL_ADD:
		return add(css_fd, USER_SID, USER_DEVNO);
	case USER_CALL_RESET:
		return css_reset(css_fd) ? errno : 0;
	default:
		return ask(what, argument);
	}
}

static u64 call(struct machine *machine, const u64 *args)
{
	double begin = now();
	u64 result;

	if (args[0] == USER_CALL_SEEN)
		return seen(args[1]);
	if (args[0] == USER_CALL_MS)
		return process.ms;
	result = do_call(machine, args[0], args[1]);
	process.ms = (now() - begin) * 1000;
	if (user_shared->wrong)
		ktap_fail("the process has found: %s", user_shared->wrong);
	user_shared->wrong = NULL;
	return result;
}

static u64 setup(struct machine *machine)
{
	if (add(machine->css_fd, USER_SID, USER_DEVNO) ||
	    add(machine->css_fd, USER_SID_ALONE, USER_DEVNO + 1))
		die("add the devices");
	return 0;
}

static void teardown(struct machine *machine)
{
	(void)machine;
	kill_process();
}

int main(int argc, char **argv)
{
	static const struct theme theme = {
		.name = "user",
		.kernel = THEME_KERNEL,
		.nr_vcpus = 1,
		.setup = setup,
		.call = call,
		.teardown = teardown,
	};

	user_process_init();
	return theme_main(&theme, argc, argv);
}
