// SPDX-License-Identifier: GPL-2.0
/* Channel programs of the test control unit; the tests are in guest/ */
#include <stdio.h>
#include <string.h>
#include <errno.h>

#include "theme.h"
#include "guest/chanprog.h"

static u64 setup(struct machine *machine)
{
	u32 flags = machine->async ? KVM_CSS_TEST_ASYNC : 0;

	machine_add_test(machine, PROG_SID, 0x0c01, flags);
	machine_add_test(machine, PROG_SID_REMOVED, 0x0c02, flags);
	return 0;
}

static u64 call(struct machine *machine, const u64 *args)
{
	if (args[0] != PROG_CALL_REMOVE || machine->served_by == SERVED_BY_VMM)
		return 1;
	if (css_remove(machine->css_fd, PROG_SID_REMOVED)) {
		ktap_fail("KVM_CSS_REMOVE: %s", strerror(errno));
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const struct theme theme = {
		.name = "chanprog",
		.nr_vcpus = 1,
		.setup = setup,
		.call = call,
	};

	return theme_main(&theme, argc, argv);
}
