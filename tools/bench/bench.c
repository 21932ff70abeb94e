// SPDX-License-Identifier: GPL-2.0
/*
 * How long channel I/O takes for a guest, served by the kernel, by the VMM and by
 * QEMU.
 *
 * The guest program measures with the TOD clock, see guest/bench.c.  There are
 * many short passes, and the three alternate, so that all see the same changes
 * of the host.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "backing.h"
#include "ext2.h"
#include "paths.h"
#include "qemu.h"
#include "report.h"
#include "served.h"
#include "theme.h"
#include "guest/bench.h"

static unsigned int rounds = 300, passes = 8;
/*
 * The host's processor that is only there for paths with two CPUs, or 0: then
 * all that the host has are there all the time
 */
static unsigned int second;
static const char *json_name;
/* Paths with two CPUs are left out */
static bool no_pairs;
/* If not NULL, the only path that is measured */
static struct path *only;

/* The running pass */
static struct {
	enum setting setting;
	struct path *path;	/* is being measured, or was the last one */
	u64 io_before;
	u64 switches_before;
	bool failed;
	bool block_device;	/* this host has a loop block device */
	int ext4;		/* the file on ext4, or -1 */
} pass;

static bool paired(enum setting setting)
{
	return setting == PAIR_PLAIN || setting == PAIR_ATTACHED;
}

static bool by_vmm(enum setting setting)
{
	return setting == PLAIN || setting == PAIR_PLAIN;
}

/* A QEMU that runs the same guest program; it is stopped between its passes */
static struct qemu qemu;
static const char *qemu_dir;

/* --- one pass --- */

static bool there(const struct path *path)
{
	if (path->setting != pass.setting || (only && path != only))
		return false;
	switch (path->sid) {
	case BENCH_SID_BUFFERED:
	case BENCH_SID_DIRECT:
	case BENCH_SID_WRITEBACK:
	case BENCH_SID_NONE:
		return pass.block_device;
	case BENCH_SID_EXT4:
	case BENCH_SID_EXT4_INLINE:
	case BENCH_SID_EXT4_PAIR:
		return pass.ext4 >= 0;
	default:
		return true;
	}
}

static struct path *next_path(struct path *path)
{
	for (path = path ? path + 1 : paths; path < paths + nr_paths; path++)
		if (there(path))
			return path;
	return NULL;
}

static u64 io_exits(struct vmm *vmm)
{
	struct vmm_exits exits;

	if (pass.setting == QEMU)
		return qemu_exits(&qemu);
	vmm_exits_sum(vmm, &exits);
	return exits.io;
}

/*
 * How often the thread of the first vCPU has slept or been preempted.  This is
 * called in that thread, but for QEMU, of which nobody knows.
 */
static u64 switches(void)
{
	struct rusage usage;

	if (getrusage(RUSAGE_THREAD, &usage))
		die("getrusage");
	return usage.ru_nvcsw + usage.ru_nivcsw;
}

static unsigned int rounds_of(const struct path *path)
{
	unsigned int nr = rounds;

	if (path->divide)
		nr = (rounds + path->divide - 1) / path->divide;
	if (path->what == BENCH_READ_ANEW && nr > BENCH_PLACES)
		nr = BENCH_PLACES;
	return nr;
}

static u64 call_next(void)
{
	pass.path = next_path(pass.path);
	if (!pass.path)
		return BENCH_NEXT(BENCH_END, 0, 0, 0, 0);
	return BENCH_NEXT(pass.path->what, pass.path->sid, pass.path->size,
			  rounds_of(pass.path), pass.path->how);
}

static void call_begin(struct vmm *vmm)
{
	int error;

	if (pass.path->what == BENCH_READ_ANEW) {
		error = posix_fadvise(pass.ext4, 0, 0, POSIX_FADV_DONTNEED);
		if (error) {
			errno = error;
			die("posix_fadvise");
		}
	}
	pass.io_before = io_exits(vmm);
	pass.switches_before = switches();
}

static void call_done(struct vmm *vmm, u64 total)
{
	const u32 (*results)[BENCH_PARTS];
	struct path *path = pass.path;
	unsigned int part, i, nr = rounds_of(path);

	if (path->how & BENCH_PAIR)
		nr *= 2;
	results = vmm_pointer(vmm, BENCH_RESULTS, nr * sizeof(results[0]));
	for (i = 0; i < nr; i++)
		for (part = 0; part < BENCH_PARTS; part++)
			samples_add(&path->samples[part], results[i][part]);
	path->total += total;
	path->rounds += nr;
	path->io_exits += io_exits(vmm) - pass.io_before;
	path->switches += switches() - pass.switches_before;
}

static void failed(struct vmm *vmm, u64 addr)
{
	struct hc_failure *failure = vmm_pointer(vmm, addr, sizeof(*failure));

	printf("bench: %s: line %lu: %s: found %#lx\n",
	       pass.path ? pass.path->name : "start", failure->line,
	       vmm_string(vmm, failure->what), failure->actual);
	pass.failed = true;
}

static u64 answer(struct vmm *vmm, const u64 *args)
{
	if (args[0] == HC_FAIL)
		failed(vmm, args[1]);
	if (args[0] != HC_THEME)
		return 0;
	switch (args[1]) {
	case BENCH_CALL_NEXT:
		return call_next();
	case BENCH_CALL_BEGIN:
		call_begin(vmm);
		return 0;
	default:
		call_done(vmm, args[2]);
		return 0;
	}
}

static u64 hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	return answer(vcpu->vmm, args);
}

/*
 * The guest program waits for an answer while QEMU is stopped.  So at the end of
 * a pass, what it asked then is answered at the beginning of the next one.
 */
static void run_qemu_pass(void)
{
	const u64 *args;
	u64 next;

	memset(&pass, 0, sizeof(pass));
	pass.setting = QEMU;
	qemu_go(&qemu);
	for (;;) {
		args = qemu_request(&qemu);
		next = answer(&qemu.vmm, args);
		if (pass.failed)
			exit(1);
		if (args[0] == HC_THEME && args[1] == BENCH_CALL_NEXT &&
		    !pass.path)
			break;
		qemu_answer(&qemu, next);
	}
	qemu_stop(&qemu);
}

static void add_writeback(struct machine *machine, u32 sid, u16 devno, int fd)
{
	const struct kvm_css_fba fba = {
		.size = sizeof(fba),
		.flags = KVM_CSS_FBA_WRITEBACK,
		.backing_fd = fd,
		.blocks = BENCH_FBA_BLOCKS,
	};

	/* The VMM always flushes, and no path asks it for these disks. */
	if (machine->served_by == SERVED_BY_KERNEL &&
	    css_add_fba(machine->css_fd, sid, devno, &fba))
		die("KVM_CSS_ADD");
}

/* Add the disk on a block device that is made from the file, in each mode. */
static void add_block_device(struct machine *machine, struct backing_loop *loop,
			     int file)
{
	int direct;

	pass.block_device = backing_loop(loop, file);
	if (!pass.block_device)
		return;
	direct = backing_reopen(loop->fd, O_RDWR | O_DIRECT);
	machine_add_fba(machine, BENCH_SID_BUFFERED, 5, loop->fd,
			BENCH_FBA_BLOCKS, false);
	machine_add_fba(machine, BENCH_SID_DIRECT, 6, direct, BENCH_FBA_BLOCKS,
			false);
	add_writeback(machine, BENCH_SID_WRITEBACK, 13, loop->fd);
	add_writeback(machine, BENCH_SID_NONE, 14, direct);
	close(direct);
}

/* Add a disk that the VMM serves on the thread of the vCPU. */
static void add_inline(struct machine *machine, u32 sid, u16 devno, int file)
{
	struct vmm_fba *fba;

	machine_add_fba(machine, sid, devno, file, BENCH_FBA_BLOCKS, false);
	fba = machine->css.sch[machine->css.nr - 1]->device_data;
	fba->on_vcpu = true;
}

/* Add the disk whose file is on ext4, or a pair of disks on it. */
static void add_ext4(struct machine *machine, struct backing_loop *loop)
{
	u64 size = (u64)BENCH_FBA_BLOCKS * FBA_BLOCK;
	u32 sid = paired(pass.setting) ? BENCH_SID_EXT4_PAIR : BENCH_SID_EXT4;
	int nr = 0;

	pass.ext4 = ext2_file(loop, BENCH_FS_BLOCKS, 0, size);
	if (pass.ext4 < 0)
		return;
	backing_keep_access_time(pass.ext4);
	for (; nr < (paired(pass.setting) ? 2 : 1); nr++) {
		if (pass.setting == PAIR_PLAIN)
			add_inline(machine, sid + nr, 7 + nr, pass.ext4);
		else
			machine_add_fba(machine, sid + nr, 7 + nr, pass.ext4,
					BENCH_FBA_BLOCKS, false);
	}
	if (pass.setting == PLAIN)
		add_inline(machine, BENCH_SID_EXT4_INLINE, 8, pass.ext4);
}

/* Give the VM storage above 2 GB, and return where that is here. */
static void *add_high_storage(struct machine *machine)
{
	struct kvm_userspace_memory_region region = {
		.slot = 1,
		.guest_phys_addr = BENCH_HIGH_STORAGE,
		.memory_size = BENCH_HIGH_SIZE,
	};
	void *storage = vmm_storage(BENCH_HIGH_SIZE, MAP_SHARED);

	region.userspace_addr = (u64)storage;
	if (ioctl(machine->vmm.vm_fd, KVM_SET_USER_MEMORY_REGION, &region))
		die("KVM_SET_USER_MEMORY_REGION at %#lx", BENCH_HIGH_STORAGE);
	return storage;
}

static void run_guest(struct machine *machine)
{
	machine->vmm.hypercall = hypercall;
	vmm_load(&machine->vmm, guest_image, guest_image_end, 0);
	if (vmm_run(&machine->vmm) || pass.failed)
		exit(1);
	machine_destroy(machine);
}

static void begin_pass(struct machine *machine, enum setting setting)
{
	memset(&pass, 0, sizeof(pass));
	pass.setting = setting;
	pass.ext4 = -1;
	machine_create(machine, by_vmm(setting) ? SERVED_BY_VMM :
						  SERVED_BY_KERNEL,
		       paired(setting) ? 2 : 1);
}

/* The file system ends with its last file, and then the device can. */
static void end_ext4(struct backing_loop *loop)
{
	if (pass.ext4 < 0)
		return;
	close(pass.ext4);
	backing_loop_end(loop);
}

static void run_pass(enum setting setting)
{
	u64 size = (u64)BENCH_FBA_BLOCKS * FBA_BLOCK;
	struct backing_loop loop, ext4_loop;
	struct machine machine;
	pid_t served = 0;
	void *high;
	int file;

	begin_pass(&machine, setting);
	file = backing_file(size);
	machine_add_test(&machine, BENCH_SID_TEST, 1, 0);
	machine_add_test(&machine, BENCH_SID_ASYNC, 2, KVM_CSS_TEST_ASYNC);
	machine_add_fba(&machine, BENCH_SID_FBA, 3, file, BENCH_FBA_BLOCKS,
			false);
	if (setting == PLAIN)
		add_inline(&machine, BENCH_SID_INLINE, 4, file);
	else
		add_block_device(&machine, &loop, file);
	add_ext4(&machine, &ext4_loop);
	high = add_high_storage(&machine);
	if (setting == ATTACHED)
		served = served_begin(machine.css_fd, BENCH_SID_UNIT, 15);
	run_guest(&machine);
	if (served)
		served_end(served);
	munmap(high, BENCH_HIGH_SIZE);
	if (pass.block_device)
		backing_loop_end(&loop);
	close(file);
	end_ext4(&ext4_loop);
}

static void run_pair_pass(enum setting setting)
{
	struct backing_loop loop;
	struct machine machine;

	begin_pass(&machine, setting);
	machine_add_test(&machine, BENCH_SID_TEST_PAIR, 1, 0);
	machine_add_test(&machine, BENCH_SID_TEST_PAIR + 1, 2, 0);
	add_ext4(&machine, &loop);
	run_guest(&machine);
	end_ext4(&loop);
}

/* --- the host's processors --- */

/* Put the host's second processor into the host, or take it out. */
static void second_processor(bool online)
{
	char name[64];
	int fd;

	if (!second)
		return;
	snprintf(name, sizeof(name), "/sys/devices/system/cpu/cpu%u/online",
		 second);
	fd = open(name, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, online ? "1" : "0", 1) != 1)
		die("write %s", name);
	close(fd);
}

/* --- all passes --- */

static unsigned int parse_number(const char *text, unsigned int most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (*end || !value || value > most) {
		fprintf(stderr, "bench: expected a number from 1 to %u, found '%s'\n",
			most, text);
		exit(2);
	}
	return value;
}

static bool wanted(enum setting setting)
{
	if ((setting == QEMU && !qemu_dir) || (paired(setting) && no_pairs))
		return false;
	return !only || only->setting == setting;
}

static void run_passes(void)
{
	unsigned int i;

	if (qemu_dir)
		qemu_open(&qemu, qemu_dir);
	for (i = 0; i < passes; i++) {
		fprintf(stderr, "bench: pass %u of %u\n", i + 1, passes);
		second_processor(false);
		if (wanted(PLAIN))
			run_pass(PLAIN);
		if (wanted(ATTACHED))
			run_pass(ATTACHED);
		if (wanted(QEMU))
			run_qemu_pass();
		second_processor(true);
		if (wanted(PAIR_PLAIN))
			run_pair_pass(PAIR_PLAIN);
		if (wanted(PAIR_ATTACHED))
			run_pair_pass(PAIR_ATTACHED);
	}
	if (qemu_dir)
		qemu_end(&qemu);
}

static int usage(const char *name)
{
	fprintf(stderr, "usage: %s [--rounds N] [--passes N] [--json FILE]\n"
		"	[--qemu DIR] [--second-processor N] [--only PATH | --no-pairs]\n",
		name);
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "rounds", required_argument, NULL, 'r' },
		{ "passes", required_argument, NULL, 'p' },
		{ "json", required_argument, NULL, 'j' },
		{ "only", required_argument, NULL, 'o' },
		{ "no-pairs", no_argument, NULL, 'n' },
		{ "qemu", required_argument, NULL, 'q' },
		{ "second-processor", required_argument, NULL, 's' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'r':
			rounds = parse_number(optarg, BENCH_MAX_ROUNDS);
			break;
		case 'p':
			passes = parse_number(optarg, 1000);
			break;
		case 'j':
			json_name = optarg;
			break;
		case 'o':
			only = find_path(optarg);
			if (only)
				break;
			fprintf(stderr, "bench: there is no path %s\n", optarg);
			return 2;
		case 'n':
			no_pairs = true;
			break;
		case 'q':
			qemu_dir = optarg;
			break;
		case 's':
			second = parse_number(optarg, 1000);
			break;
		default:
			return usage(argv[0]);
		}
	}
	vmm_watchdog();
	run_passes();
	report_table();
	if (only)
		return 0;
	report_ratios();
	report_costs();
	if (json_name)
		report_json(json_name);
	return 0;
}
