// SPDX-License-Identifier: GPL-2.0
/* List the subchannels of a VM, or the VMs of the host. */
#include <sys/syscall.h>
#include <unistd.h>

#include "cssctl.h"

/* --- subchannels --- */

static void print_header(void)
{
	printf("%-8s  %-*s  %-5s  %-5s  %-7s  %-10s  %s\n", "ID",
	       kind_width(), "TYPE", "DEVNO", "CHPID", "ENABLED", "BLOCKS",
	       "BACKING/TYPES");
}

static void print_subchannel(const struct kvm_css_query *query,
			     const struct kvm_css_device *device)
{
	const struct device_kind *kind = kind_of(device->type);
	const char *type = kind_of(query->type)->name;
	char name[SID_NAME_SIZE], blocks[24] = "-";

	sid_name(query_sid(query), name);
	if (query->type == KVM_CSS_TYPE_NONE) {
		printf("%-8s  %-*s  %-5s  %-5s  %-7s  %-10s  -\n", name,
		       kind_width(), type, "-", "-", "-", "-");
		return;
	}
	if (kind->blocks)
		snprintf(blocks, sizeof(blocks), "%llu",
			 (unsigned long long)kind->blocks(device));
	printf("%-8s  %-*s  %04x   %02x     %-7s  %-10s  ", name, kind_width(),
	       type, query->devno, query->chpid,
	       schib_enabled(query) ? "yes" : "no", blocks);
	if (kind->brief)
		kind->brief(device);
	else
		put_text(stdout, *device->backing ? device->backing : "-");
	if (query->now & KVM_CSS_NOW_UNSERVED)
		fputs(", not served", stdout);
	putchar('\n');
}

static void list_subchannels(pid_t pid, int css)
{
	struct kvm_css_device device;
	struct kvm_css_query query;
	struct walk walk = { 0 };
	int rc;

	while (!(rc = css_walk(css, &walk, KVM_CSS_QUERY_VACANT, &query))) {
		describe(css, &query, &device);
		if (json_wanted) {
			json_object(NULL);
			json_subchannel(&query, &device);
			json_end();
		} else {
			print_subchannel(&query, &device);
		}
	}
	/* The channel subsystem has ended meanwhile. */
	if (rc == -ENOENT)
		css_fail_none(pid);
	if (rc != -ENODEV)
		fail(STATUS_FAILED, "looking at the subchannels: %s",
		     strerror(-rc));
}

/*
 * If QEMU was asked, list those of its subchannels that are hidden by the
 * kernel's.
 */
static void list_hidden(const struct neighbours *all, int css)
{
	char name[SID_NAME_SIZE];
	unsigned int i;

	neighbours_note_hidden(all, css);
	if (!json_wanted || !all->complete)
		return;
	json_array("hidden");
	for (i = 0; i < all->nr; i++) {
		const struct neighbour *one = &all->of[i];

		if (!neighbour_hidden(one, css))
			continue;
		json_object(NULL);
		json_string("id", sid_name(one->sid, name));
		json_hex("devno", 4, one->devno);
		json_string("device", one->name);
		json_end();
	}
	json_end();
}

static int list_one(struct options *options)
{
	int css = css_of(options, CSS_LOOK);
	struct neighbours all;

	neighbours_learn(&all, options);
	if (json_wanted) {
		json_object(NULL);
		json_number("pid", options->pid);
		json_array("subchannels");
	} else {
		print_header();
	}
	list_subchannels(options->pid, css);
	if (json_wanted)
		json_end();
	list_hidden(&all, css);
	close(css);
	free(all.of);
	json_end_to(0);
	return STATUS_GOOD;
}

/* --- VMs --- */

static unsigned int count(int css)
{
	struct kvm_css_query query;
	struct walk walk = { 0 };
	unsigned int nr = 0;

	while (!css_walk(css, &walk, 0, &query))
		nr++;
	return nr;
}

static void say_vm(pid_t pid, const struct vm *vm, int css)
{
	unsigned int nr = css < 0 ? 0 : count(css);
	char name[32];

	vm_name(pid, name, sizeof(name));
	if (json_wanted) {
		json_object(NULL);
		json_number("pid", pid);
		json_number("vm_fd", vm->number);
		json_string("name", name);
		json_bool("attached", css >= 0);
		json_number("subchannels", nr);
		json_end();
		return;
	}
	printf("%-8d  %-5d  ", (int)pid, vm->number);
	if (css < 0)
		printf("%-11s  ", "-");
	else
		printf("%-11u  ", nr);
	put_text(stdout, name);
	putchar('\n');
}

struct host_list {
	int dev;
	bool all;
	/* Processes at whose descriptors we may not look */
	unsigned int hidden;
	/* Processes whose VMs we may see but not copy */
	unsigned int unsaid;
};

/* List all VMs of a process. */
static bool list_process(pid_t pid, void *arg)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);
	struct host_list *list = arg;
	struct vm vms[VMS_MAX];
	int css[VMS_MAX];
	int nr, i;

	/* The process has ended meanwhile. */
	if (pidfd < 0)
		return false;
	nr = vm_find(pid, pidfd, -1, vms);
	close(pidfd);
	for (i = 0; i < nr; i++)
		css[i] = css_open(list->dev, vms[i].fd, CSS_LOOK);
	/*
	 * Close the descriptors of the VMs before anything is printed.  These
	 * descriptors keep the VMs, and the reader of the output may take any
	 * time.
	 */
	if (nr > 0)
		vm_close(vms, nr);
	for (i = 0; i < nr; i++) {
		if (css[i] >= 0 || list->all)
			say_vm(pid, &vms[i], css[i]);
		if (css[i] >= 0)
			close(css[i]);
	}
	list->hidden += nr < 0 && nr != -ESRCH;
	list->unsaid += nr == -EPERM;
	return false;
}

static int list_host(struct options *options)
{
	struct host_list list = {
		.dev = css_device(),
		.all = given(options, OPT_ALL),
	};

	if (json_wanted) {
		json_object(NULL);
		json_array("vms");
	} else {
		printf("%-8s  %-5s  %-11s  %s\n", "PID", "VM-FD",
		       "SUBCHANNELS", "NAME");
	}
	each_process(list_process, &list);
	close(list.dev);
	if (json_wanted) {
		json_end();
		json_number("not_looked_at", list.hidden);
		json_end();
	} else if (list.unsaid) {
		note("%u processes may not be looked at, %u of them with VMs: %s",
		     list.hidden, list.unsaid, rights_missing());
	} else if (list.hidden) {
		note("%u processes may not be looked at; root sees all",
		     list.hidden);
	}
	return STATUS_GOOD;
}

int run_list(struct options *options)
{
	if (given(options, OPT_PID) || given(options, OPT_PIDFILE))
		return list_one(options);
	if (given(options, OPT_QMP) || given(options, OPT_QTREE))
		fail(STATUS_USAGE,
		     "expected --pid or --pidfile with --qmp and --qtree, found none");
	return list_host(options);
}
