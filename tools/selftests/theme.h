/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A theme is a guest program full of tests that is run against a channel
 * subsystem, either the one in the kernel or the one in userspace.
 */
#ifndef SELFTESTS_THEME_H
#define SELFTESTS_THEME_H

#include "ktap.h"
#include "vmm.h"
#include "vmm_css.h"
#include "vmm_devices.h"
#include "vmm_kernel.h"

enum served_by { SERVED_BY_KERNEL, SERVED_BY_VMM };

struct theme;

/* A VM that runs a theme */
struct machine {
	struct vmm vmm;
	enum served_by served_by;
	bool async;		/* --async */
	int css_fd;		/* if served by the kernel */
	struct vmm_css css;	/* if served by the VMM */
	const struct theme *theme;
};

/* Which channel subsystem a theme can be run against */
enum theme_kernel {
	THEME_EITHER,		/* the kernel's or the VMM's */
	THEME_KERNEL,		/* the kernel's, beside a VMM's */
	THEME_ALONE,		/* the kernel's, with KVM_CSS_CREATE_ALONE */
};

struct theme {
	const char *name;
	int nr_vcpus;
	enum theme_kernel kernel;
	/* Add the subchannels; return the argument of the guest program. */
	u64 (*setup)(struct machine *machine);
	/* Answer an HC_THEME whose registers 3 to 5 are @args; may be NULL. */
	u64 (*call)(struct machine *machine, const u64 *args);
	/* Called when the guest program has ended; may be NULL */
	void (*teardown)(struct machine *machine);
	/*
	 * Tests that the host runs after the VM has been destroyed; may be NULL
	 */
	const struct ktap_case *behind;
	unsigned int nr_behind;
};

/* The guest program of this theme; guest_image.S puts it into the binary. */
extern const char guest_image[], guest_image_end[];

/**
 * machine_create() - make a VM with an empty channel subsystem
 * @machine: filled in
 * @served_by: who serves the subchannels
 * @nr_vcpus: 1 or 2
 */
void machine_create(struct machine *machine, enum served_by served_by,
		    int nr_vcpus);

/**
 * machine_create_alone() - make a VM whose VMM has no channel subsystem at all
 * @machine: filled in
 * @nr_vcpus: 1 or 2
 */
void machine_create_alone(struct machine *machine, int nr_vcpus);

/**
 * machine_destroy() - destroy the VM and its channel subsystem
 * @machine: the machine; none of its vCPUs may be running
 */
void machine_destroy(struct machine *machine);

/**
 * machine_add_test() - add a test control unit
 * @machine: the machine
 * @sid: subsystem-identification word
 * @devno: device number
 * @flags: KVM_CSS_TEST_*; without effect on the one in userspace
 */
void machine_add_test(struct machine *machine, u32 sid, u16 devno, u32 flags);

/**
 * machine_add_fba() - add an FBA DASD
 * @machine: the machine
 * @sid: subsystem-identification word
 * @devno: device number
 * @fd: descriptor of its backing
 * @blocks: number of blocks
 * @readonly: whether the disk refuses to be written
 */
void machine_add_fba(struct machine *machine, u32 sid, u16 devno, int fd,
		     u64 blocks, bool readonly);

/**
 * machine_run() - run a guest program that reports tests
 * @machine: the machine
 * @argument: the guest program's argument
 *
 * Return: its exit status, or VMM_BROKEN.
 */
int machine_run(struct machine *machine, u64 argument);

/**
 * theme_options() - read the command line; a wrong one ends the program
 * @argc: as main() got it
 * @argv: as main() got it
 * @served_by: set by --served-by kernel|vmm; the kernel by default
 * @async: set by --async
 */
void theme_options(int argc, char **argv, enum served_by *served_by,
		   bool *async);

/**
 * theme_main() - what main() of a theme does
 * @theme: the theme
 * @argc: as main() got it
 * @argv: as main() got it
 *
 * Return: exit status.
 */
int theme_main(const struct theme *theme, int argc, char **argv);

#endif /* SELFTESTS_THEME_H */
