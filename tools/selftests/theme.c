// SPDX-License-Identifier: GPL-2.0
/* Runs a guest program full of tests and reports them */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "theme.h"

static void attach(struct machine *machine, u32 flags)
{
	machine->css_fd = css_attach(machine->vmm.vm_fd, flags);
	if (machine->css_fd < 0)
		die("attach kvm-css (is kvm_css.ko loaded?)");
}

void machine_create(struct machine *machine, enum served_by served_by,
		    int nr_vcpus)
{
	memset(machine, 0, sizeof(*machine));
	machine->served_by = served_by;
	machine->css_fd = -1;
	vmm_create(&machine->vmm, nr_vcpus);
	machine->vmm.theme = machine;
	if (served_by == SERVED_BY_VMM)
		vmm_css_create(&machine->css, &machine->vmm);
	else
		attach(machine, 0);
}

void machine_create_alone(struct machine *machine, int nr_vcpus)
{
	memset(machine, 0, sizeof(*machine));
	machine->served_by = SERVED_BY_KERNEL;
	vmm_create(&machine->vmm, nr_vcpus);
	machine->vmm.theme = machine;
	attach(machine, KVM_CSS_CREATE_ALONE);
}

void machine_destroy(struct machine *machine)
{
	if (machine->served_by == SERVED_BY_VMM)
		vmm_css_destroy(&machine->css);
	else
		close(machine->css_fd);
	vmm_destroy(&machine->vmm);
}

void machine_add_test(struct machine *machine, u32 sid, u16 devno, u32 flags)
{
	struct vmm_test *test;

	if (machine->served_by == SERVED_BY_KERNEL) {
		if (css_add_test(machine->css_fd, sid, devno, flags))
			die("add test control unit %08x", sid);
		return;
	}
	test = calloc(1, sizeof(*test));
	if (!test)
		die("test control unit %08x", sid);
	vmm_css_add(&machine->css, sid, devno, &vmm_test_device, test);
}

void machine_add_fba(struct machine *machine, u32 sid, u16 devno, int fd,
		     u64 blocks, bool readonly)
{
	struct kvm_css_fba arg = {
		.size = sizeof(arg),
		.flags = readonly ? KVM_CSS_FBA_READONLY : 0,
		.backing_fd = fd,
		.blocks = blocks,
	};
	struct vmm_fba *fba;

	if (machine->served_by == SERVED_BY_KERNEL) {
		if (css_add_fba(machine->css_fd, sid, devno, &arg))
			die("add FBA DASD %08x", sid);
		return;
	}
	fba = malloc(sizeof(*fba));
	if (!fba)
		die("FBA DASD %08x", sid);
	vmm_fba_init(fba, fd, blocks);
	fba->readonly = readonly;
	vmm_css_add(&machine->css, sid, devno, &vmm_fba_device, fba);
}

static void guest_failure(struct vmm *vmm, u64 addr)
{
	struct hc_failure *failure = vmm_pointer(vmm, addr, sizeof(*failure));

	if (!failure) {
		ktap_fail("a failure whose description at %lx isn't in guest storage",
			  addr);
		return;
	}
	ktap_fail("%s:%lu: expected %s", vmm_string(vmm, failure->file),
		  failure->line, vmm_string(vmm, failure->what));
	ktap_note("expected %#lx, found %#lx", failure->expected,
		  failure->actual);
}

static u64 theme_hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	struct vmm *vmm = vcpu->vmm;
	struct machine *machine = vmm->theme;

	switch (args[0]) {
	case HC_PLAN:
		ktap_plan(args[1] + (machine->theme ?
				     machine->theme->nr_behind : 0));
		break;
	case HC_BEGIN:
		ktap_begin(vmm_string(vmm, args[1]));
		break;
	case HC_FAIL:
		guest_failure(vmm, args[1]);
		break;
	case HC_SKIP:
		ktap_skip("%s", vmm_string(vmm, args[1]));
		break;
	case HC_END:
		ktap_end();
		break;
	case HC_LOG:
		ktap_note("%s %#lx %#lx", vmm_string(vmm, args[1]), args[2],
			  args[3]);
		break;
	case HC_CHECKS_ITSELF:
		return checks_itself();
	case HC_THEME:
		if (machine->theme && machine->theme->call)
			return machine->theme->call(machine, args + 1);
		return 0;
	}
	return 0;
}

int machine_run(struct machine *machine, u64 argument)
{
	machine->vmm.hypercall = theme_hypercall;
	vmm_load(&machine->vmm, guest_image, guest_image_end, argument);
	return vmm_run(&machine->vmm);
}

void theme_options(int argc, char **argv, enum served_by *served_by,
		   bool *async)
{
	static const struct option options[] = {
		{ "served-by", required_argument, NULL, 's' },
		{ "async", no_argument, NULL, 'a' },
		{ 0 },
	};
	int c;

	*served_by = SERVED_BY_KERNEL;
	*async = false;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's' && !strcmp(optarg, "kernel")) {
			*served_by = SERVED_BY_KERNEL;
		} else if (c == 's' && !strcmp(optarg, "vmm")) {
			*served_by = SERVED_BY_VMM;
		} else if (c == 'a') {
			*async = true;
		} else {
			fprintf(stderr,
				"usage: %s [--served-by kernel|vmm] [--async]\n",
				argv[0]);
			exit(2);
		}
	}
}

int theme_main(const struct theme *theme, int argc, char **argv)
{
	enum served_by served_by;
	struct machine machine;
	int status;
	bool async;

	theme_options(argc, argv, &served_by, &async);
	if (theme->kernel != THEME_EITHER && served_by != SERVED_BY_KERNEL) {
		fprintf(stderr, "%s: served by the kernel only\n", theme->name);
		return 2;
	}
	vmm_watchdog();
	if (checks_itself())
		ktap_note("this kernel checks itself: what is repeated is repeated less often");
	if (theme->kernel == THEME_ALONE)
		machine_create_alone(&machine, theme->nr_vcpus);
	else
		machine_create(&machine, served_by, theme->nr_vcpus);
	machine.theme = theme;
	machine.async = async;
	status = machine_run(&machine, theme->setup(&machine));
	if (theme->teardown)
		theme->teardown(&machine);
	machine_destroy(&machine);
	ktap_cases(theme->behind, theme->nr_behind);
	if (status)
		ktap_note("the guest program ended with status %d", status);
	return ktap_status() || status;
}
