// SPDX-License-Identifier: GPL-2.0
/*
 * A VM whose VMM has no channel subsystem, so that no I/O instruction may reach
 * the VMM.  The tests are in guest/alone.c.
 */
#include "theme.h"
#include "guest/alone.h"

static u64 call(struct machine *machine, const u64 *args)
{
	struct vmm_exits exits;

	if (args[0] != ALONE_CALL_EXITS)
		return -1;
	vmm_exits_sum(&machine->vmm, &exits);
	return exits.io;
}

static u64 setup(struct machine *machine)
{
	u32 i;

	for (i = 0; i < ALONE_SET0; i++)
		machine_add_test(machine, SID(0, i), ALONE_DEVNO(0, i),
				 i & 1 ? KVM_CSS_TEST_ASYNC : 0);
	for (i = 0; i < ALONE_SET1; i++)
		machine_add_test(machine, SID(1, i), ALONE_DEVNO(1, i), 0);
	return 0;
}

/* Say which I/O instructions left the kernel, if any did. */
static void teardown(struct machine *machine)
{
	struct vmm_exits exits;
	unsigned int opcode;

	vmm_exits_sum(&machine->vmm, &exits);
	for (opcode = 0; opcode < 256; opcode++)
		if (exits.io_by_opcode[opcode])
			ktap_note("B2%02X left the kernel %lu times", opcode,
				  exits.io_by_opcode[opcode]);
	ktap_note("exits to userspace: %lu I/O instructions, %lu hypercalls, %lu in all",
		  exits.io, exits.diag, exits.total);
}

int main(int argc, char **argv)
{
	static const struct theme theme = {
		.name = "alone",
		.kernel = THEME_ALONE,
		.nr_vcpus = 1,
		.setup = setup,
		.call = call,
		.teardown = teardown,
	};

	return theme_main(&theme, argc, argv);
}
