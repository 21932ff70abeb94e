// SPDX-License-Identifier: GPL-2.0
/*
 * The host's half of the tests of HSCH, CSCH, RSCH and XSCH, which are in
 * guest/functions.c and guest/func_*.c
 */
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "theme.h"
#include "guest/functions.h"

/* No program runs when the guest asks for a quiesce, so it ends at once. */
#define QUIESCE_MS	2000

static struct {
	pthread_t thread;
	bool running;
	int css_fd;
	u64 us;
} soon;

static void *unquiesce_soon(void *arg)
{
	(void)arg;
	usleep(soon.us);
	if (css_unquiesce(soon.css_fd))
		die("UNQUIESCE");
	return NULL;
}

static void soon_over(void)
{
	if (soon.running)
		pthread_join(soon.thread, NULL);
	soon.running = false;
}

static void soon_begin(int css_fd, u64 us)
{
	soon.css_fd = css_fd;
	soon.us = us;
	soon.running = true;
	if (pthread_create(&soon.thread, NULL, unquiesce_soon, NULL))
		die("pthread_create");
}

static u64 call(struct machine *machine, const u64 *args)
{
	int rc = 0;

	soon_over();
	switch (args[0]) {
	case FUNC_CALL_QUIESCE:
		rc = css_quiesce(machine->css_fd, QUIESCE_MS);
		break;
	case FUNC_CALL_UNQUIESCE:
		rc = css_unquiesce(machine->css_fd);
		break;
	case FUNC_CALL_UNQUIESCE_SOON:
		soon_begin(machine->css_fd, args[1]);
		break;
	case FUNC_CALL_RESET:
		rc = css_reset(machine->css_fd);
		break;
	case FUNC_CALL_ADD_BACKEND:
		rc = css_add_test(machine->css_fd, FUNC_SID_BACKEND, 0x2300,
				  KVM_CSS_TEST_BACKEND);
		break;
	case FUNC_CALL_REMOVE_BACKEND:
		rc = css_remove(machine->css_fd, FUNC_SID_BACKEND);
		break;
	}
	return rc ? errno : 0;
}

static u64 setup(struct machine *machine)
{
	machine_add_test(machine, FUNC_SID, 0x2100, 0);
	machine_add_test(machine, FUNC_SID_ASYNC, 0x2200, KVM_CSS_TEST_ASYNC);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct theme theme = {
		.name = "functions",
		.kernel = THEME_KERNEL,
		.nr_vcpus = 1,
		.setup = setup,
		.call = call,
	};

	return theme_main(&theme, argc, argv);
}
