// SPDX-License-Identifier: GPL-2.0
/*
 * How many instructions a host executes for an operation of its guest, counted by
 * the emulator: insn --setting SETTING [--as NAME] [--rounds N] [--qemu DIR]
 *
 * insn --wait exact|fast waits until the emulator counts one instruction at a time,
 * or twelve, and is fast.
 *
 * The guest program makes a mark before and after each operation.  A mark is a
 * hypercall, in which this program reads the counter.  So the difference of two
 * marks is all that the host executes in between, in KVM, in the module, in the
 * kernel and in this VMM, and what a hypercall takes, which is counted as well
 * and subtracted.
 *
 * Now and then the host executes something else in between, such as a timer's
 * interruption; and a thread of Hercules sometimes moves the counter to another
 * variable, and may then lose a count or count twice.  On a busy machine, most
 * rounds of a longer operation have such a thing in them.  So the tenth percentile
 * counts.
 *
 * QEMU has no such hypercall.  Its guest program is that of bench, which executes
 * some rounds between two of its requests.  What the requests take is the same for
 * twice as many rounds, so the difference is that of the rounds.  They are counted
 * some times, and the lower counts have less of everything else in them.
 *
 * Each line of the output is SETTING NAME MEDIAN P10 P90, and --as gives the
 * setting another name.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backing.h"
#include "counter.h"
#include "ext2.h"
#include "qemu.h"
#include "samples.h"
#include "theme.h"
#include "guest/insn.h"

/* --- what is counted --- */

/* Each part of a round, which lies between two marks */
struct row {
	const char *name;
	struct samples samples;
};

static struct row rows[COUNT_WHATS][COUNT_NR_PARTS] = {
	[COUNT_NOTHING] = { { "mark" } },
	[COUNT_STIDP] = { { "stidp" } },
	[COUNT_STSCH] = { { "stsch" } },
	[COUNT_CYCLE] = { { "cycle" } },
	[COUNT_PARTS] = {
		[COUNT_PART_SSCH] = { "cycle.ssch" },
		[COUNT_PART_STIDP] = { "cycle.stidp" },
		[COUNT_PART_INTERRUPT] = { "cycle.interrupt" },
		[COUNT_PART_TSCH] = { "cycle.tsch" },
	},
	[COUNT_READ] = { { "fba4k" } },
	[COUNT_WRITE] = { { "fba4k-write" } },
	[COUNT_READ_DIRECT] = { { "fba4k.direct" } },
	[COUNT_WRITE_DIRECT] = { { "fba4k-write.directsync" } },
};

static unsigned int rounds = 300;

/* What the guest is doing */
static struct {
	struct row *row;
	unsigned int parts;	/* of each round */
	unsigned int nr;	/* of marks */
	u32 marks[COUNT_MAX_ROUNDS * (COUNT_NR_PARTS + 1)];
	bool failed;
} now;

/* Nothing is done with the marks until all of them have been made. */
static void keep(void)
{
	const unsigned int marks = now.parts + 1;
	unsigned int i;

	for (i = 0; i < now.nr; i++)
		if (i % marks)
			samples_add(&now.row[i % marks - 1].samples,
				    now.marks[i] - now.marks[i - 1]);
}

static void begin(unsigned int what, unsigned int parts)
{
	keep();
	now.row = rows[what];
	now.parts = parts;
	now.nr = 0;
}

static u64 hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	struct hc_failure *failure;

	if (args[0] == HC_THEME && args[1] == COUNT_CALL_MARK) {
		now.marks[now.nr++] = counter_read();
		return 0;
	}
	if (args[0] == HC_THEME && args[1] == COUNT_CALL_BEGIN)
		begin(args[2], args[3]);
	if (args[0] == HC_FAIL) {
		failure = vmm_pointer(vcpu->vmm, args[1], sizeof(*failure));
		fprintf(stderr, "insn: %s: line %lu: %s: found %#lx\n",
			now.row ? now.row->name : "start", failure->line,
			vmm_string(vcpu->vmm, failure->what), failure->actual);
		now.failed = true;
	}
	return rounds;
}

static void print_row(const char *setting, struct row *row, u32 mark)
{
	if (row->name)
		printf("%s %s %d %d %d\n", setting, row->name,
		       (int)(samples_quantile(&row->samples, 50) - mark),
		       (int)(samples_quantile(&row->samples, 10) - mark),
		       (int)(samples_quantile(&row->samples, 90) - mark));
}

static void print(const char *setting)
{
	struct row *nothing = &rows[COUNT_NOTHING][0];
	u32 mark = samples_quantile(&nothing->samples, 50);
	unsigned int what, part;

	print_row(setting, nothing, 0);
	for (what = COUNT_NOTHING + 1; what < COUNT_WHATS; what++)
		for (part = 0; part < COUNT_NR_PARTS; part++)
			print_row(setting, &rows[what][part], mark);
}

/* --- the machine --- */

/* Add a disk, which a VMM serves on the thread of its vCPU. */
static void add_disk(struct machine *machine, u32 sid, u16 devno, int file)
{
	struct vmm_fba *fba;

	machine_add_fba(machine, sid, devno, file, COUNT_FBA_BLOCKS, false);
	if (machine->served_by == SERVED_BY_VMM) {
		fba = machine->css.sch[machine->css.nr - 1]->device_data;
		fba->on_vcpu = true;
	}
}

static void run(enum served_by served_by)
{
	struct backing_loop loop;
	struct machine machine;
	int file, device;

	machine_create(&machine, served_by, 1);
	machine_add_test(&machine, COUNT_SID_TEST, 1, 0);
	file = ext2_file(&loop, COUNT_FS_BLOCKS, 0,
			 (u64)COUNT_FBA_BLOCKS * FBA_BLOCK);
	device = backing_null_blk();
	if (file < 0 || device < 0)
		die("a file on ext4 and null_blk");
	backing_keep_access_time(file);
	add_disk(&machine, COUNT_SID_FBA, 2, file);
	add_disk(&machine, COUNT_SID_DIRECT, 3, device);
	machine.vmm.hypercall = hypercall;
	vmm_load(&machine.vmm, guest_image, guest_image_end, 0);
	if (vmm_run(&machine.vmm) || now.failed)
		exit(1);
	keep();
	machine_destroy(&machine);
	close(device);
	close(file);
	backing_loop_end(&loop);
}

/* --- QEMU --- */

/* How many rounds are counted at a time, and how often at least */
#define QEMU_ROUNDS	50
#define QEMU_TIMES	5

/* What the host executes for so many rounds, and for the requests beside them */
static u32 count_rounds(struct qemu *qemu, u32 what, u32 nr)
{
	u32 before = 0, after = 0;
	bool done = false;
	const u64 *args;
	u64 answer;

	for (;;) {
		args = qemu_request(qemu);
		answer = 0;
		if (args[0] == HC_FAIL) {
			fprintf(stderr, "insn: the guest program failed under QEMU\n");
			exit(1);
		}
		if (args[0] == HC_THEME && args[1] == BENCH_CALL_NEXT) {
			if (done)
				return after - before;
			answer = BENCH_NEXT(what, BENCH_SID_QEMU, 0, nr, 0);
		} else if (args[0] == HC_THEME && args[1] == BENCH_CALL_DONE) {
			after = counter_read();
			done = true;
		} else if (args[0] == HC_THEME) {
			before = counter_read();
		}
		qemu_answer(qemu, answer);
	}
}

static u32 count_each(struct qemu *qemu, u32 what)
{
	struct samples once = { 0 }, twice = { 0 };
	unsigned int i, times = rounds / QEMU_ROUNDS;

	for (i = 0; i < times || i < QEMU_TIMES; i++) {
		samples_add(&once, count_rounds(qemu, what, QEMU_ROUNDS));
		samples_add(&twice, count_rounds(qemu, what, 2 * QEMU_ROUNDS));
	}
	/* The counter sometimes jumps, and a single count may be too small. */
	return (samples_quantile(&twice, 25) - samples_quantile(&once, 25)) /
	       QEMU_ROUNDS;
}

static void run_qemu(const char *dir, const char *setting)
{
	static const u32 whats[COUNT_WHATS] = {
		[COUNT_STIDP] = BENCH_STIDP,
		[COUNT_STSCH] = BENCH_STSCH,
		[COUNT_CYCLE] = BENCH_CYCLE,
	};
	struct qemu qemu;
	unsigned int what;
	struct row *row;

	qemu_open(&qemu, dir);
	qemu_go(&qemu);
	for (what = 0; what < COUNT_WHATS; what++) {
		if (!whats[what])
			continue;
		row = &rows[what][0];
		samples_add(&row->samples, count_each(&qemu, whats[what]));
		print_row(setting, row, 0);
	}
	qemu_end(&qemu);
}

/* --- */

static void no_counter(int signal)
{
	static const char text[] =
		"insn: expected Hercules' instruction counter, found none\n";

	if (signal == SIGILL && write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(3);
	_exit(2);
}

/* For how long insn --wait waits */
#define WAIT_SECONDS	30

/* Return: the exit status. */
static int wait_for(bool exact)
{
	unsigned int tries = WAIT_SECONDS * 100;

	while (counter_is_exact() != exact) {
		if (!tries--) {
			fprintf(stderr,
				"insn: expected a counter that is %s within %u s, found none\n",
				exact ? "exact" : "fast", WAIT_SECONDS);
			return 1;
		}
		usleep(10000);
	}
	return 0;
}

/*
 * The settings: the VMM serves the guest and the module is as it is; the same
 * while another VM is attached; the kernel serves the guest; and QEMU does.
 */
static const char *const settings[] = { "vmm", "beside", "kernel", "qemu", NULL };

struct options {
	const char *setting;	/* one of settings[] */
	const char *as;		/* what it is called */
	const char *qemu;	/* the directory of QEMU */
	const char *wait;	/* exact or fast: count nothing */
};

/* Return: false if they make no sense. */
static bool read_options(int argc, char **argv, struct options *options)
{
	static const struct option all[] = {
		{ "setting", required_argument, NULL, 's' },
		{ "as", required_argument, NULL, 'a' },
		{ "rounds", required_argument, NULL, 'r' },
		{ "qemu", required_argument, NULL, 'q' },
		{ "wait", required_argument, NULL, 'w' },
		{ 0 },
	};
	unsigned int i;
	int c;

	while ((c = getopt_long(argc, argv, "", all, NULL)) != -1) {
		if (c == 'r')
			rounds = strtoul(optarg, NULL, 0);
		else if (c == 'a')
			options->as = optarg;
		else if (c == 'q')
			options->qemu = optarg;
		else if (c == 'w')
			options->wait = optarg;
		for (i = 0; c == 's' && settings[i]; i++)
			if (!strcmp(optarg, settings[i]))
				options->setting = settings[i];
	}
	if (options->wait)
		return !strcmp(options->wait, "exact") ||
		       !strcmp(options->wait, "fast");
	return options->setting && rounds && rounds <= COUNT_MAX_ROUNDS &&
	       (strcmp(options->setting, "qemu") || options->qemu);
}

static void count(const char *setting, const char *as)
{
	bool beside = !strcmp(setting, "beside");
	struct machine other;

	if (beside)
		machine_create(&other, SERVED_BY_KERNEL, 1);
	run(strcmp(setting, "kernel") ? SERVED_BY_VMM : SERVED_BY_KERNEL);
	if (beside)
		machine_destroy(&other);
	print(as);
}

int main(int argc, char **argv)
{
	struct options options = { 0 };

	if (!read_options(argc, argv, &options)) {
		fprintf(stderr,
			"usage: %s --setting vmm|beside|kernel|qemu [--as NAME] [--rounds N] [--qemu DIR]\n       %s --wait exact|fast\n",
			argv[0], argv[0]);
		return 2;
	}
	signal(SIGILL, no_counter);
	counter_read();
	if (options.wait)
		return wait_for(!strcmp(options.wait, "exact"));
	vmm_watchdog();
	if (!strcmp(options.setting, "qemu"))
		run_qemu(options.qemu, options.as ?: options.setting);
	else
		count(options.setting, options.as ?: options.setting);
	return 0;
}
