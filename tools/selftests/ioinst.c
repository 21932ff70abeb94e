// SPDX-License-Identifier: GPL-2.0
/*
 * The host's half of the tests of how STSCH, MSCH, SSCH and TSCH end; the tests
 * are in guest/ioinst.c and guest/ioinst_operand.c
 */
#include "theme.h"
#include "guest/ioinst.h"

static u64 setup(struct machine *machine)
{
	machine_add_test(machine, IOINST_SID, 0x1234, 0);
	machine_add_test(machine, IOINST_SID_SET3, 0x4321, 0);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct theme theme = {
		.name = "ioinst",
		.nr_vcpus = 1,
		.setup = setup,
	};

	return theme_main(&theme, argc, argv);
}
