// SPDX-License-Identifier: GPL-2.0
/*
 * Subchannels that come and go while the guest runs; the tests are in
 * guest/hotplug.c.
 */
#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "theme.h"
#include "guest/hotplug.h"

static struct {
	struct machine *machine;
	pthread_t thread;
	bool running;
	u32 sid;
} later;

static int add(struct machine *machine, u32 sid, u64 flags)
{
	if (flags & HOT_REPORT)
		return css_add_test_report(machine->css_fd, sid, HOT_DEVNO);
	return css_add_test(machine->css_fd, sid, HOT_DEVNO, 0);
}

static void *add_later(void *arg)
{
	(void)arg;
	usleep(200000);
	if (add(later.machine, later.sid, HOT_REPORT))
		ktap_fail("ADD of %08x by another thread", later.sid);
	return NULL;
}

static int begin_later(struct machine *machine, u32 sid)
{
	later.machine = machine;
	later.sid = sid;
	later.running = true;
	return pthread_create(&later.thread, NULL, add_later, NULL);
}

static u64 call(struct machine *machine, const u64 *args)
{
	u32 flags = 0;
	int rc = -1;

	if (later.running)
		pthread_join(later.thread, NULL);
	later.running = false;
	errno = EINVAL;
	switch (args[0]) {
	case HOT_CALL_ADD:
		rc = add(machine, args[1], args[2]);
		break;
	case HOT_CALL_REMOVE:
		if (args[2] & HOT_REPORT)
			flags |= KVM_CSS_REMOVE_REPORT;
		if (args[2] & HOT_VACATE)
			flags |= KVM_CSS_REMOVE_VACATE;
		rc = css_remove_flags(machine->css_fd, args[1], flags);
		break;
	case HOT_CALL_LATER:
		rc = begin_later(machine, args[1]);
		break;
	}
	return rc ? errno : 0;
}

static u64 setup(struct machine *machine)
{
	/*
	 * This asks for a report, but the guest has not begun to run, and so is
	 * told nothing.
	 */
	if (css_add_test_report(machine->css_fd, HOT_SID_STAYS, 0x3000))
		die("add test control unit");
	return 0;
}

int main(int argc, char **argv)
{
	static const struct theme theme = {
		.name = "hotplug",
		.kernel = THEME_ALONE,
		.nr_vcpus = 1,
		.setup = setup,
		.call = call,
	};

	return theme_main(&theme, argc, argv);
}
