// SPDX-License-Identifier: GPL-2.0
/* The host's half of the tests of I/O interruptions in guest/interrupts.c */
#include "theme.h"
#include "guest/interrupts.h"

static u64 setup(struct machine *machine)
{
	u32 flags = machine->async ? KVM_CSS_TEST_ASYNC : 0;

	machine_add_test(machine, INT_SID_A, 0xa000, flags);
	machine_add_test(machine, INT_SID_B, 0xb000, flags);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct theme theme = {
		.name = "interrupts",
		.nr_vcpus = 2,
		.setup = setup,
	};

	return theme_main(&theme, argc, argv);
}
