// SPDX-License-Identifier: GPL-2.0
/*
 * The descriptor of a unit, with which a process serves a device
 * (KVM_CSS_TYPE_USER).  Documentation/user-abi.rst describes every call and every
 * errno, Documentation/user-devices.rst who does what.  devices/user_unit.c decides
 * what the process may say; this file copies, waits and maps.
 *
 * The data area is a file of its own.  A mapping of it keeps its pages, but does not
 * keep the unit, so that a process serves the device as long as it has the descriptor,
 * and no longer.  The pages are charged to the VM's memory control group, which is the
 * active one in KVM_CSS_SERVE.  (Memory of vmalloc_user() can't be charged.)
 *
 * No lock is held while memory of a process is accessed, and none while a thread waits.
 *
 * A thread that waits for a command may poll for a short while before it sleeps, as KVM's
 * vCPUs do (halt_poll_ns): unit_poll_ns says for how long at the most.  It is the
 * process's CPU time, and the thread polls only if nothing else wants the CPU.
 */
#include <linux/anon_inodes.h>
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/poll.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/stat.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include <linux/kvm_css.h>

#include <kvm_css/css.h>
#include <kvm_css/subchannel.h>
#include <kvm_css/user_unit.h>

#include "host.h"
#include "trace.h"

/* The sizes of the structures in the version of the ABI that brought them */
#define SERVE_SIZE_V6		16
#define INFO_SIZE_V6		64
#define EXCHANGE_SIZE_V6	144
#define PRESENT_SIZE_V6		56
#define BUSY_SIZE_V6		8

static_assert(sizeof(struct kvm_css_serve) == SERVE_SIZE_V6);
static_assert(sizeof(struct kvm_css_unit_info) == INFO_SIZE_V6);
static_assert(offsetof(struct kvm_css_exchange, nr_done) == EXCHANGE_SIZE_V6);
static_assert(sizeof(struct kvm_css_exchange) == 656);
static_assert(offsetof(struct kvm_css_exchange, command) == 72);
static_assert(offsetof(struct kvm_css_exchange, events) == 136);
static_assert(sizeof(struct kvm_css_command) == 64);
static_assert(sizeof(struct kvm_css_answer) == 64);
static_assert(sizeof(struct kvm_css_present) == PRESENT_SIZE_V6);
static_assert(sizeof(struct kvm_css_unit_busy) == BUSY_SIZE_V6);

#define EXCHANGE_FLAGS	(KVM_CSS_EXCHANGE_WAIT | KVM_CSS_EXCHANGE_AGAIN | \
			 KVM_CSS_EXCHANGE_ANSWER | \
			 KVM_CSS_EXCHANGE_ONLY_ANSWER | KVM_CSS_EXCHANGE_CHAIN)

/* How long a thread polls that begins to do so, as KVM's halt_poll_ns_grow_start */
#define POLL_START_NS		10000u

/* Off unless somebody wants to pay for it: see user-devices.rst */
static unsigned int unit_poll_ns;
module_param(unit_poll_ns, uint, 0644);
MODULE_PARM_DESC(unit_poll_ns,
		 "How long a process that serves a device polls for a command before it sleeps, at the most, in ns; 0: it doesn't");

/*
 * A data area
 *
 * @bytes: all of it, for the kernel; NULL while it is being made
 * @nr: the number of its pages, as far as they have been allocated
 * @pages: the pages
 */
struct area {
	u8 *bytes;
	unsigned int nr;
	struct page *pages[];
};

/*
 * @user: what the device knows of it
 * @area: the file of the data area
 * @wait: where a thread of the process waits until there is something to do
 * @poll_ns: how long it polls before that; for the thread that is in the call
 * @sid: where the device is
 * @devno: its device number
 */
struct unit {
	struct user_unit user;
	struct file *area;
	wait_queue_head_t wait;
	unsigned int poll_ns;
	u32 sid;
	u16 devno;
};

static struct unit *to_unit(struct user_unit *user)
{
	return container_of(user, struct unit, user);
}

/* The data area */

static void area_free(struct area *area)
{
	if (area->bytes)
		vunmap(area->bytes);
	while (area->nr)
		__free_page(area->pages[--area->nr]);
	kfree(area);
}

static int area_release(struct inode *inode, struct file *file)
{
	area_free(file->private_data);
	return 0;
}

static const struct file_operations area_fops = {
	.owner		= THIS_MODULE,
	.release	= area_release,
	.llseek		= noop_llseek,
};

static struct area *area_alloc(u32 size)
{
	const unsigned int nr = size >> PAGE_SHIFT;
	struct area *area = kzalloc(struct_size(area, pages, nr),
				    GFP_KERNEL_ACCOUNT);

	if (!area)
		return NULL;
	for (; area->nr < nr; area->nr++) {
		area->pages[area->nr] = alloc_page(GFP_KERNEL_ACCOUNT |
						   __GFP_ZERO);
		if (!area->pages[area->nr])
			goto free;
	}
	area->bytes = vmap(area->pages, nr, VM_MAP, PAGE_KERNEL);
	if (area->bytes)
		return area;
free:
	area_free(area);
	return NULL;
}

static struct file *area_create(u32 size)
{
	struct area *area = area_alloc(size);
	struct file *file;

	if (!area)
		return ERR_PTR(-ENOMEM);
	file = anon_inode_getfile("kvm-css-area", &area_fops, area, O_RDWR);
	if (IS_ERR(file))
		area_free(area);
	return file;
}

/* The unit */

static void unit_wake(struct user_unit *user)
{
	wake_up_poll(&to_unit(user)->wait, EPOLLIN | EPOLLRDNORM | EPOLLHUP);
}

void guest_trace_unit(struct user_unit *user, enum guest_trace what, u64 seq, u8 byte,
		      u32 nr)
{
	trace_unit(to_unit(user)->sid, what, seq, byte, nr);
}

static void unit_free(struct user_unit *user)
{
	struct unit *unit = to_unit(user);

	fput(unit->area);
	kfree(unit);
}

static const struct user_unit_ops unit_ops = {
	.wake = unit_wake,
	.free = unit_free,
};

/* Make a unit.  The reference to @user becomes that of the unit. */
static struct unit *unit_create(struct user_device *user)
{
	struct unit *unit = kzalloc(sizeof(*unit), GFP_KERNEL_ACCOUNT);
	const struct area *area;

	if (!unit)
		return ERR_PTR(-ENOMEM);
	unit->area = area_create(user_device_area(user));
	if (IS_ERR(unit->area)) {
		struct file *error = unit->area;

		kfree(unit);
		return ERR_CAST(error);
	}
	area = unit->area->private_data;
	init_waitqueue_head(&unit->wait);
	user_unit_init(&unit->user, &unit_ops, user, area->bytes);
	return unit;
}

/* Calls on the descriptor */

static long unit_ioctl_info(struct unit *unit, void __user *user)
{
	struct kvm_css_unit_info arg;
	int rc;

	rc = get_argument(&arg, sizeof(arg), INFO_SIZE_V6, user);
	if (rc)
		return rc;
	if (arg.flags)
		return -EINVAL;
	if (!user_unit_serves(&unit->user))
		return -ENODEV;
	arg = (struct kvm_css_unit_info){
		.size = arg.size,
		.version = KVM_CSS_VERSION,
		.area = unit->user.size,
		.schid = unit->sid & SID_NUMBER,
		.devno = unit->devno,
		.ssid = sid_ssid(unit->sid),
		.halt_ms = USER_HALT_MS,
	};
	user_unit_info(&unit->user, &arg);
	return put_argument(user, &arg, sizeof(arg));
}

/* Poll until there is something to do, until @end, or until there is a better use. */
static void unit_poll_until(struct unit *unit, bool again, u64 end)
{
	while (!user_unit_seems_ready(&unit->user, again) && !need_resched() &&
	       !signal_pending(current) && single_task_running() &&
	       ktime_get_ns() < end)
		cpu_relax();
}

/* A call has waited for so long.  How long is the next one to poll? */
static unsigned int poll_next(unsigned int polled, u64 waited)
{
	const unsigned int most = READ_ONCE(unit_poll_ns);

	if (waited > most)
		return 0;
	if (waited <= polled)
		return min(polled, most);
	return min(max(2 * polled, POLL_START_NS), most);
}

/* Return: 0, or -ERESTARTSYS when a signal has come. */
static int unit_wait(struct unit *unit, bool again)
{
	u64 begin;
	int rc;

	if (!READ_ONCE(unit_poll_ns))
		return wait_event_interruptible(unit->wait,
						user_unit_ready(&unit->user,
								again));
	begin = ktime_get_ns();
	unit_poll_until(unit, again, begin + unit->poll_ns);
	rc = wait_event_interruptible(unit->wait,
				      user_unit_ready(&unit->user, again));
	unit->poll_ns = poll_next(unit->poll_ns, ktime_get_ns() - begin);
	return rc;
}

/*
 * Get what is next.  A signal interrupts a call that has given an answer, too, but
 * that call must not be made again: it returns that there is nothing.
 */
static int unit_fetch(struct unit *unit, struct kvm_css_exchange *arg, bool wait)
{
	const bool again = arg->flags & KVM_CSS_EXCHANGE_AGAIN;
	int rc;

	for (;;) {
		rc = user_unit_fetch(&unit->user, again, &arg->command,
				     &arg->events);
		if (rc || !wait || arg->command.seq || arg->events)
			return rc;
		rc = unit_wait(unit, again);
		if (rc)
			return arg->flags & KVM_CSS_EXCHANGE_ANSWER ? 0 : rc;
	}
}

static int unit_answer(struct unit *unit, const struct kvm_css_exchange *arg)
{
	return user_unit_answer(&unit->user, &arg->answer, arg->done,
				arg->nr_done);
}

/* Write what is new in the structure, and all of @next that there is. */
static int unit_put(const struct kvm_css_exchange *arg, void __user *user)
{
	size_t size = offsetof(struct kvm_css_exchange, done);

	if (arg->nr_next)
		size = offsetof(struct kvm_css_exchange, next[arg->nr_next]);
	return put_argument(user, arg, size);
}

/* Answer a command, and fetch what is next. */
static int unit_exchange(struct unit *unit, struct kvm_css_exchange *arg,
			 bool wait, void __user *user)
{
	const bool chains = arg->flags & KVM_CSS_EXCHANGE_CHAIN;
	int rc = user_unit_enter(&unit->user);

	if (rc)
		return rc;
	user_unit_chains(&unit->user, chains);
	if (arg->flags & KVM_CSS_EXCHANGE_ANSWER)
		rc = unit_answer(unit, arg);
	if (!rc)
		rc = unit_fetch(unit, arg, wait);
	if (!rc && chains && arg->command.seq)
		arg->nr_next = user_unit_next(&unit->user, arg->next);
	if (!rc && unit_put(arg, user)) {
		user_unit_unfetch(&unit->user, &arg->command, arg->events);
		rc = -EFAULT;
	}
	user_unit_exit(&unit->user);
	return rc;
}

static bool exchange_valid(const struct kvm_css_exchange *arg)
{
	const u32 only = KVM_CSS_EXCHANGE_ANSWER | KVM_CSS_EXCHANGE_ONLY_ANSWER;

	if (arg->flags & ~EXCHANGE_FLAGS || arg->nr_done > KVM_CSS_NEXT)
		return false;
	/* Without @nr_next, there would be no saying how many commands are returned. */
	if (arg->flags & KVM_CSS_EXCHANGE_CHAIN && arg->size < sizeof(*arg))
		return false;
	if (arg->flags & KVM_CSS_EXCHANGE_ONLY_ANSWER)
		return arg->flags == only;
	return arg->flags & KVM_CSS_EXCHANGE_ANSWER ||
	       (!arg->nr_done &&
		!memchr_inv(&arg->answer, 0, sizeof(arg->answer)));
}

static long unit_ioctl_exchange(struct unit *unit, bool nonblock,
				void __user *user)
{
	struct kvm_css_exchange arg;
	int rc;

	rc = get_argument(&arg, sizeof(arg), EXCHANGE_SIZE_V6, user);
	if (rc)
		return rc;
	if (!exchange_valid(&arg))
		return -EINVAL;
	/* Before the answer has an effect, see whether the result can be written. */
	memset(&arg.command, 0, sizeof(arg.command));
	arg.events = 0;
	arg.reserved = 0;
	arg.nr_next = 0;
	rc = unit_put(&arg, user);
	if (rc)
		return rc;
	if (arg.flags & KVM_CSS_EXCHANGE_ONLY_ANSWER)
		return unit_answer(unit, &arg);
	return unit_exchange(unit, &arg,
			     arg.flags & KVM_CSS_EXCHANGE_WAIT && !nonblock,
			     user);
}

static long unit_ioctl_present(struct unit *unit, const void __user *user)
{
	struct kvm_css_present arg;
	int rc;

	rc = get_argument(&arg, sizeof(arg), PRESENT_SIZE_V6, user);
	if (rc)
		return rc;
	return arg.flags ? -EINVAL : user_unit_present(&unit->user, &arg);
}

static long unit_ioctl_busy(struct unit *unit, const void __user *user)
{
	struct kvm_css_unit_busy arg;
	int rc;

	rc = get_argument(&arg, sizeof(arg), BUSY_SIZE_V6, user);
	return rc ?: user_unit_busy(&unit->user, arg.flags);
}

static long unit_ioctl(struct file *file, unsigned int cmd, unsigned long user)
{
	struct unit *unit = file->private_data;

	switch (cmd) {
	case KVM_CSS_UNIT_INFO:
		return unit_ioctl_info(unit, (void __user *)user);
	case KVM_CSS_UNIT_EXCHANGE:
		return unit_ioctl_exchange(unit, file->f_flags & O_NONBLOCK,
					   (void __user *)user);
	case KVM_CSS_UNIT_PRESENT:
		return unit_ioctl_present(unit, (const void __user *)user);
	case KVM_CSS_UNIT_BUSY:
		return unit_ioctl_busy(unit, (const void __user *)user);
	}
	return -ENOTTY;
}

static __poll_t unit_poll(struct file *file, poll_table *table)
{
	struct unit *unit = file->private_data;

	poll_wait(file, &unit->wait, table);
	if (!user_unit_serves(&unit->user))
		return EPOLLIN | EPOLLRDNORM | EPOLLHUP;
	return user_unit_ready(&unit->user, false) ? EPOLLIN | EPOLLRDNORM : 0;
}

/*
 * In a private mapping, the kernel would not see what the process has written.
 */
static int unit_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct unit *unit = file->private_data;
	struct area *area = unit->area->private_data;

	if (!(vma->vm_flags & VM_SHARED) || vma->vm_pgoff ||
	    vma_pages(vma) > area->nr)
		return -EINVAL;
	vma_set_file(vma, unit->area);
	return vm_map_pages(vma, area->pages, area->nr);
}

static int unit_release(struct inode *inode, struct file *file)
{
	struct unit *unit = file->private_data;

	user_unit_leave(&unit->user);
	user_unit_put(&unit->user);
	return 0;
}

static const struct file_operations unit_fops = {
	.owner		= THIS_MODULE,
	.release	= unit_release,
	.unlocked_ioctl	= unit_ioctl,
	.poll		= unit_poll,
	.mmap		= unit_mmap,
	.llseek		= noop_llseek,
};

/* KVM_CSS_SERVE */

/*
 * Make the descriptor of a unit.  The file owns the unit from then on, so whoever
 * closes it, perhaps another thread of the caller, ends the unit.
 */
static int unit_descriptor(struct unit *unit, bool take)
{
	struct file *file;
	int fd, rc;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0) {
		user_unit_put(&unit->user);
		return fd;
	}
	file = anon_inode_getfile("kvm-css-unit", &unit_fops, unit, O_RDWR);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		user_unit_put(&unit->user);
		return PTR_ERR(file);
	}
	rc = user_unit_serve(&unit->user, take);
	if (rc) {
		fput(file);
		put_unused_fd(fd);
		return rc;
	}
	fd_install(fd, file);
	return fd;
}

static int serve(struct subchannel *sch, bool take)
{
	struct user_device *user = user_device_get(sch->dev);
	struct subchannel_info info;
	struct unit *unit;

	/* Another type of device */
	if (!user)
		return -EINVAL;
	unit = subchannel_query(sch, &info) ? unit_create(user) :
					      ERR_PTR(-ENODEV);
	if (IS_ERR(unit)) {
		user_device_put(user);
		return PTR_ERR(unit);
	}
	unit->sid = sch->sid;
	unit->devno = be16_to_cpu(info.schib.pmcw.devno);
	return unit_descriptor(unit, take);
}

long unit_serve(struct guest *guest, const void __user *user)
{
	struct kvm_css_serve arg;
	struct subchannel *sch;
	int rc;

	rc = get_argument(&arg, sizeof(arg), SERVE_SIZE_V6, user);
	if (rc)
		return rc;
	if (arg.flags & ~KVM_CSS_SERVE_TAKE || arg.ssid >= CSS_SETS ||
	    memchr_inv(arg.reserved, 0, sizeof(arg.reserved)))
		return -EINVAL;
	sch = css_find(&guest->css, css_sid(arg.ssid, arg.schid));
	if (!sch)
		return -ENODEV;
	rc = serve(sch, arg.flags & KVM_CSS_SERVE_TAKE);
	subchannel_put(sch);
	return rc;
}
