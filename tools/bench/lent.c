// SPDX-License-Identifier: GPL-2.0
/*
 * What programs for a disk of the host's cost a guest that it is passed through to,
 * and with the guest program of "cases", what becomes of other ones:
 *
 *	lent --device BUSID [--rounds N] [--count]
 *		through the module
 *	lent --group FILE --uuid UUID [--rounds N] [--count]
 *		through vfio-ccw, which must have been given the disk
 *
 * The guest program is the same both times.  Each line of the output is WAY NAME P10
 * P50 P99 EXITS RATE: nanoseconds, exits to userspace for each program, and KiB/s.
 * With --count it is WAY NAME P10: instructions of the host, as insn.c counts them.  Of
 * "cases" it is WAY: NAME: OUTCOME.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counter.h"
#include "host_device.h"
#include "samples.h"
#include "theme.h"
#include "vfio.h"
#include "guest/lent.h"

/* What is measured, and how many KiB it moves */
static const struct {
	const char *name;
	u32 kib;
} rows[LENT_WHATS] = {
	[LENT_NOTHING] = { "mark", 0 },
	[LENT_NOP] = { "nop", 0 },
	[LENT_READ] = { "read4k", 4 },
	[LENT_WRITE] = { "write4k", 4 },
	[LENT_READ_LONG] = { "read64k", 64 },
	[LENT_WRITE_LONG] = { "write64k", 64 },
};

static struct options {
	const char *device;
	const char *group;
	const char *uuid;
	u32 rounds;
	bool count;
} options = { .rounds = 300 };

/* What the guest is doing */
static u64 what, exits;
static bool failed;

/* The last mark, what two of them need themselves, and what there is between two */
static u32 last_mark, marks_need;
static struct samples counts;

/* A TOD unit is 1/4096 us. */
static u32 ns(u64 tod)
{
	return tod * 1000 >> 12;
}

static const char *way(void)
{
	return options.device ? "module" : "vfio-ccw";
}

static void print(struct vmm *vmm, u64 total, u64 left)
{
	const u64 *results = vmm_pointer(vmm, LENT_RESULTS,
					 options.rounds * sizeof(*results));
	struct samples samples = { 0 };
	u32 i;

	for (i = 0; i < options.rounds; i++)
		samples_add(&samples, ns(results[i]));
	printf("%s %s %u %u %u %.2f %.1f\n", way(), rows[what].name,
	       samples_quantile(&samples, 10),
	       samples_quantile(&samples, 50), samples_quantile(&samples, 99),
	       (double)left / options.rounds,
	       (double)rows[what].kib * options.rounds * 4096e6 / total);
	free(samples.values);
}

static void print_count(void)
{
	if (what == LENT_NOTHING)
		marks_need = samples_quantile(&counts, 50);
	else
		printf("%s %s %d\n", way(), rows[what].name,
		       (int)(samples_quantile(&counts, 10) - marks_need));
}

static void mark(u64 begins)
{
	u32 now = counter_read();

	if (!begins)
		samples_add(&counts, now - last_mark);
	last_mark = now;
}

static void begin(struct vmm_vcpu *vcpu, u64 begins)
{
	what = begins;
	exits = vcpu->exits.total;
	counts.nr = 0;
}

/* The status of a program that has ended */
static void print_status(const struct lent_outcome *outcome)
{
	static const struct {
		u8 dstat, cstat;
		const char *name;
	} bits[] = {
		{ .dstat = DST_UNIT_CHECK, .name = "unit check" },
		{ .dstat = DST_UNIT_EXCEPTION, .name = "unit exception" },
		{ .cstat = CST_PCI, .name = "PCI" },
		{ .cstat = CST_INCORRECT_LENGTH, .name = "incorrect length" },
		{ .cstat = CST_PROGRAM_CHECK, .name = "program check" },
		{ .cstat = CST_PROTECTION_CHECK, .name = "protection check" },
	};
	const char *separator = "";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		if (!(outcome->dstat & bits[i].dstat) &&
		    !(outcome->cstat & bits[i].cstat))
			continue;
		printf("%s%s", separator, bits[i].name);
		separator = ", ";
	}
	if (!*separator)
		printf("ended");
	/* Who refuses a program doesn't execute it, so the rest goes without saying. */
	if (outcome->dstat & DST_UNIT_EXCEPTION)
		return;
	if (outcome->cpa)
		printf(", another CCW address");
	if (!outcome->same_flags)
		printf(", another format in the SCSW");
	if (!outcome->good)
		printf(", other data");
}

static void print_outcome(struct vmm *vmm, u64 addr)
{
	const struct lent_outcome *outcome = vmm_pointer(vmm, addr,
							 sizeof(*outcome));

	printf("%s: %s: %s: ", way(), vmm_string(vmm, outcome->name),
	       outcome->right ? "right" : "wrong");
	if (outcome->cc)
		printf("SSCH: cc %lu", outcome->cc);
	else if (outcome->resumed)
		printf("RSCH: cc %lu", outcome->resumed);
	else if (!outcome->ended)
		printf("no status");
	else
		print_status(outcome);
	printf(" (%08lx %02lx %02lx %+ld)\n", outcome->ctrl, outcome->dstat,
	       outcome->cstat, outcome->cpa);
}

static u64 hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	struct hc_failure *failure;

	if (args[0] == HC_THEME && args[1] == LENT_CALL_BEGIN)
		begin(vcpu, args[2]);
	if (args[0] == HC_THEME && args[1] == LENT_CALL_MARK)
		mark(args[2]);
	if (args[0] == HC_THEME && args[1] == LENT_CALL_DONE && options.count) {
		print_count();
		return 0;
	}
	/* The hypercall that ends the rounds is an exit, too. */
	if (args[0] == HC_THEME && args[1] == LENT_CALL_DONE)
		print(vcpu->vmm, args[2], vcpu->exits.total - exits - 1);
	if (args[0] == HC_THEME && args[1] == LENT_CALL_OUTCOME)
		print_outcome(vcpu->vmm, args[2]);
	if (args[0] == HC_FAIL) {
		failure = vmm_pointer(vcpu->vmm, args[1], sizeof(*failure));
		fprintf(stderr, "lent: line %lu: %s: expected %#lx, found %#lx\n",
			failure->line, vmm_string(vcpu->vmm, failure->what),
			failure->expected, failure->actual);
		failed = true;
	}
	return options.rounds;
}

static void add_to_module(struct machine *machine)
{
	const struct kvm_css_passthrough arg = {
		.size = sizeof(arg),
		.devno = host_device_devno(options.device),
	};

	if (css_add_passthrough(machine->css_fd, LENT_SID, LENT_DEVNO, &arg))
		die("lend %s", options.device);
}

/* Return: false if they make no sense. */
static bool read_options(int argc, char **argv)
{
	static const struct option all[] = {
		{ "device", required_argument, NULL, 'd' },
		{ "group", required_argument, NULL, 'g' },
		{ "uuid", required_argument, NULL, 'u' },
		{ "rounds", required_argument, NULL, 'r' },
		{ "count", no_argument, NULL, 'c' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", all, NULL)) != -1) {
		if (c == 'd')
			options.device = optarg;
		else if (c == 'g')
			options.group = optarg;
		else if (c == 'u')
			options.uuid = optarg;
		else if (c == 'r')
			options.rounds = strtoul(optarg, NULL, 0);
		else if (c == 'c')
			options.count = true;
		else
			return false;
	}
	if (!options.rounds || options.rounds > LENT_MAX_ROUNDS)
		return false;
	return options.device ? !options.group && !options.uuid :
				options.group && options.uuid;
}

int main(int argc, char **argv)
{
	struct machine machine;
	struct vfio_ccw vfio;
	int status;

	if (!read_options(argc, argv)) {
		fprintf(stderr,
			"usage: %s --device BUSID | --group FILE --uuid UUID [--rounds N] [--count]\n",
			argv[0]);
		return 2;
	}
	vmm_watchdog();
	machine_create(&machine, options.device ? SERVED_BY_KERNEL :
						  SERVED_BY_VMM, 1);
	if (options.device)
		add_to_module(&machine);
	else
		vfio_ccw_add(&vfio, &machine, LENT_SID, LENT_DEVNO,
			     options.group, options.uuid);
	machine.vmm.hypercall = hypercall;
	vmm_load(&machine.vmm, guest_image, guest_image_end,
		 options.count);
	status = vmm_run(&machine.vmm);
	if (!options.device)
		vfio_ccw_end(&vfio);
	machine_destroy(&machine);
	return status || failed;
}
