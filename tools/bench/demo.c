// SPDX-License-Identifier: GPL-2.0
/*
 * The demo: a guest writes and reads a disk by channel programs, served by the
 * kernel or by this VMM, and the host checks the file afterwards.
 *
 * The exit status is 0 if the guest and the file agree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backing.h"
#include "theme.h"
#include "guest/demo.h"

static bool failed;
static unsigned int written, read_back;

static u64 hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	struct hc_failure *failure;

	if (args[0] == HC_FAIL) {
		failure = vmm_pointer(vcpu->vmm, args[1], sizeof(*failure));
		printf("  guest: FAILED: %s: expected %#lx, found %#lx\n",
		       vmm_string(vcpu->vmm, failure->what),
		       failure->expected, failure->actual);
		failed = true;
	}
	if (args[0] != HC_THEME)
		return 0;
	switch (args[1]) {
	case DEMO_CALL_ID:
		printf("  guest: SENSE ID: control unit %04lx-%02lx, device %04lx-%02lx\n",
		       args[2] >> 8, args[2] & 0xff, args[3] >> 8,
		       args[3] & 0xff);
		break;
	case DEMO_CALL_BLOCKS:
		printf("  guest: READ DEVICE CHARACTERISTICS: %lu blocks of %lu bytes\n",
		       args[2], args[3]);
		break;
	case DEMO_CALL_WRITTEN:
		written = args[2];
		printf("  guest: wrote %u times %u bytes\n", written,
		       DEMO_PROGRAM_BLOCKS * FBA_BLOCK);
		break;
	case DEMO_CALL_READ:
		read_back = args[2];
		printf("  guest: read them back, they are what was written\n");
		break;
	}
	return 0;
}

/*
 * Count the bytes that differ from what the guest says it wrote, and from zeros
 * everywhere else.
 */
static unsigned long wrong_bytes(int file)
{
	u8 found[FBA_BLOCK];
	unsigned long wrong = 0;
	u32 block, in, at, i;
	u8 expected;

	for (block = 0; block < DEMO_BLOCKS; block++) {
		if (pread(file, found, FBA_BLOCK, (off_t)block * FBA_BLOCK) !=
		    FBA_BLOCK)
			die("read block %u of the backing file", block);
		in = block % DEMO_STRIDE;
		at = block - in;
		for (i = 0; i < FBA_BLOCK; i++) {
			expected = 0;
			if (in < DEMO_PROGRAM_BLOCKS)
				expected = demo_byte(at, in * FBA_BLOCK + i);
			wrong += found[i] != expected;
		}
	}
	return wrong;
}

static void show_exits(struct vmm *vmm)
{
	struct vmm_exits exits;

	vmm_exits_sum(vmm, &exits);
	printf("  exits to userspace: %lu I/O instructions", exits.io);
	printf(" (SSCH %lu, STSCH %lu, TSCH %lu, MSCH %lu)", exits.io_by_opcode[INSN_SSCH & 0xff],
	       exits.io_by_opcode[INSN_STSCH & 0xff],
	       exits.io_by_opcode[INSN_TSCH & 0xff],
	       exits.io_by_opcode[INSN_MSCH & 0xff]);
	printf(", %lu reports of the guest program, %lu in all\n", exits.diag,
	       exits.total);
}

static bool exits_as_expected(struct machine *machine)
{
	struct vmm_exits exits;

	vmm_exits_sum(&machine->vmm, &exits);
	return machine->served_by == SERVED_BY_VMM || !exits.io;
}

int main(int argc, char **argv)
{
	struct machine machine;
	enum served_by served_by;
	unsigned long wrong;
	bool async, good;
	int file, status;

	theme_options(argc, argv, &served_by, &async);
	vmm_watchdog();
	file = backing_file((u64)DEMO_BLOCKS * FBA_BLOCK);
	machine_create(&machine, served_by, 1);
	machine_add_fba(&machine, DEMO_SID, 0x0100, file, DEMO_BLOCKS, false);
	machine.vmm.hypercall = hypercall;
	vmm_load(&machine.vmm, guest_image, guest_image_end, 0);
	printf("disk served by %s\n", served_by == SERVED_BY_KERNEL ?
	       "the kernel, kvm-css" : "this VMM, in userspace");
	status = vmm_run(&machine.vmm);
	wrong = wrong_bytes(file);
	printf("  host: %lu of %u bytes of the backing file are wrong\n", wrong,
	       DEMO_BLOCKS * FBA_BLOCK);
	show_exits(&machine.vmm);
	good = !status && !failed && !wrong && written == DEMO_PROGRAMS &&
	       read_back == DEMO_PROGRAMS && exits_as_expected(&machine);
	machine_destroy(&machine);
	printf("  %s\n", good ? "good" : "FAILED");
	return !good;
}
