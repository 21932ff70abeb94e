// SPDX-License-Identifier: GPL-2.0
/*
 * The host's half of the tests of a subsystem reset by KVM_CSS_RESET and by
 * DIAGNOSE 308; the tests are in guest/reset.c.
 */
#include <errno.h>

#include "theme.h"
#include "guest/reset.h"

static u64 call(struct machine *machine, const u64 *args)
{
	int css_fd = machine->css_fd;
	int rc = -1;

	errno = EINVAL;
	switch (args[0]) {
	case RESET_CALL_RESET:
		rc = css_reset(css_fd);
		break;
	case RESET_CALL_QUIESCE:
		rc = css_quiesce(css_fd, 2000);
		break;
	case RESET_CALL_UNQUIESCE:
		rc = css_unquiesce(css_fd);
		break;
	case RESET_CALL_ADD:
		rc = css_add_test_report(css_fd, RESET_SID_HOT, 2);
		break;
	case RESET_CALL_REMOVE:
		rc = css_remove(css_fd, RESET_SID_HOT);
		break;
	case RESET_CALL_RESETS:
		return machine->vmm.vcpu[0].exits.resets;
	}
	return rc ? errno : 0;
}

static u64 setup(struct machine *machine)
{
	machine_add_test(machine, RESET_SID, 0, 0);
	machine_add_test(machine, RESET_SID_ASYNC, 1, KVM_CSS_TEST_ASYNC);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct theme theme = {
		.name = "reset",
		.kernel = THEME_ALONE,
		.nr_vcpus = 1,
		.setup = setup,
		.call = call,
	};

	return theme_main(&theme, argc, argv);
}
