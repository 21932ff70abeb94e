/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A subchannel of the host's that executes the programs it is started with: in the storage of
 * the host, by the module's interpreter, and with a device that does what a table says.
 */
#ifndef _KVM_CSS_KUNIT_FAKE_HOST_RUN_H
#define _KVM_CSS_KUNIT_FAKE_HOST_RUN_H

#include <linux/workqueue.h>

#include "fake_host_sch.h"
#include "program_case.h"

/* How PCI is told.  All else is told at once. */
enum fake_host_pci {
	FAKE_PCI_AT_ONCE,
	/* When something else is, in the same status: nobody has taken it before that */
	FAKE_PCI_TOGETHER,
	/* The same, but in status of its own, as Hercules does */
	FAKE_PCI_BEFORE,
	FAKE_PCI_WAYS
};

/**
 * struct fake_host_run - the channel subsystem, and the device
 * @dev: what the interpreter sees of the device
 * @cp: the program
 * @storage: the host's
 * @host: the subchannel
 * @work: executes the program
 * @steps: what the device does
 * @cmds: the commands that it has got
 * @done: how many
 * @pci: how PCI is told
 * @kept: PCI that is told later
 * @has_kept: there is some
 */
struct fake_host_run {
	struct css_device dev;
	struct chanprog cp;
	struct guest storage;
	struct host_sch *host;
	struct work_struct work;
	const struct part_step *steps;
	u8 cmds[16];
	unsigned int done;
	enum fake_host_pci pci;
	struct css_irb kept;
	bool has_kept;
};

/**
 * fake_host_run_init() - have a subchannel of the host's execute programs
 * @run: filled in; in use until the device is given back
 * @host: the subchannel, which is idle
 * @guest: the guest whose pages the programs use
 */
void fake_host_run_init(struct fake_host_run *run, struct host_sch *host,
			struct guest *guest);

/**
 * fake_host_run_start() - START SUBCHANNEL was accepted
 * @run: the channel subsystem
 *
 * Context: the lock of the subchannel is held.
 */
void fake_host_run_start(struct fake_host_run *run);

/**
 * fake_host_run_resume() - RESUME SUBCHANNEL was accepted
 * @run: the channel subsystem
 *
 * Context: the lock of the subchannel is held.
 */
void fake_host_run_resume(struct fake_host_run *run);

#endif /* _KVM_CSS_KUNIT_FAKE_HOST_RUN_H */
