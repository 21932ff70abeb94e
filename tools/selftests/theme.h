/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A theme: one guest program full of tests, run against a channel subsystem
 * either in the kernel or in userspace.
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

/* A running theme */
struct machine {
	struct vmm vmm;
	enum served_by served_by;
	bool async;		/* --async */
	int css_fd;		/* SERVED_BY_KERNEL */
	struct vmm_css css;	/* SERVED_BY_VMM */
	const struct theme *theme;
};

/* What a theme can be run against */
enum theme_kernel {
	THEME_EITHER,		/* the kernel or the VMM */
	THEME_KERNEL,		/* the kernel, beside a VMM */
	THEME_ALONE,		/* the kernel, KVM_CSS_CREATE_ALONE */
};

struct theme {
	const char *name;
	int nr_vcpus;
	enum theme_kernel kernel;
	/* Add the subchannels; returns the guest program's argument. */
	u64 (*setup)(struct machine *machine);
	/* HC_THEME with registers 3 to 5; may be NULL */
	u64 (*call)(struct machine *machine, const u64 *args);
	/* Behind the guest program; may be NULL */
	void (*teardown)(struct machine *machine);
	/* Tests of the host when the machine is destroyed; may be NULL */
	const struct ktap_case *behind;
	unsigned int nr_behind;
};

/* The guest program of this theme, put into the binary by guest_image.S */
extern const char guest_image[], guest_image_end[];

/**
 * machine_create() - a VM with an empty channel subsystem
 * @machine: filled in
 * @served_by: by whom the subchannels are served
 * @nr_vcpus: 1 or 2
 */
void machine_create(struct machine *machine, enum served_by served_by,
		    int nr_vcpus);

/**
 * machine_create_alone() - a VM whose VMM has no channel subsystem at all
 * @machine: filled in
 * @nr_vcpus: 1 or 2
 */
void machine_create_alone(struct machine *machine, int nr_vcpus);

/**
 * machine_destroy() - the end of it
 * @machine: the machine; no vCPU runs
 */
void machine_destroy(struct machine *machine);

/**
 * machine_add_test() - add a test control unit
 * @machine: the machine
 * @sid: subsystem-identification word
 * @devno: device number
 * @flags: KVM_CSS_TEST_*; the userspace one does not need them
 */
void machine_add_test(struct machine *machine, u32 sid, u16 devno, u32 flags);

/**
 * machine_add_fba() - add an FBA DASD
 * @machine: the machine
 * @sid: subsystem-identification word
 * @devno: device number
 * @fd: its backing
 * @blocks: number of blocks
 * @readonly: whether writing is refused
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
 * theme_options() - read the command line; ends the program when it is wrong
 * @argc: as main() got it
 * @argv: as main() got it
 * @served_by: --served-by kernel|vmm; the kernel by default
 * @async: --async
 */
void theme_options(int argc, char **argv, enum served_by *served_by,
		   bool *async);

/**
 * theme_main() - all of main() of a theme
 * @theme: the theme
 * @argc: as main() got it
 * @argv: as main() got it
 *
 * Return: exit status.
 */
int theme_main(const struct theme *theme, int argc, char **argv);

#endif /* SELFTESTS_THEME_H */
