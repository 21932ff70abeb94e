// SPDX-License-Identifier: GPL-2.0
/*
 * The user ABI: /dev/kvm-css, and the file descriptors that its ioctls return.
 * Documentation/user-abi.rst describes every call and every errno.
 * attachment.c says how long the channel subsystem behind a descriptor lives.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <linux/kvm_css.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/css.h>
#include <kvm_css/device_type.h>
#include <kvm_css/subchannel.h>

#include "host.h"

/*
 * The sizes of the structures in the version of the ABI that brought them.  No
 * caller may give less.
 */
#define CREATE_SIZE_V1	16
#define OPEN_SIZE_V3	16
#define ADD_SIZE_V1	32
#define REMOVE_SIZE_V1	16
#define QUERY_SIZE_V1	104
#define QUIESCE_SIZE_V2	16
#define STATE_SIZE_V2	280
#define IMAGE_SIZE_V2	296
#define DEVICE_SIZE_V3	1152

static_assert(sizeof(struct kvm_css_create) == CREATE_SIZE_V1);
static_assert(sizeof(struct kvm_css_open) == OPEN_SIZE_V3);
static_assert(sizeof(struct kvm_css_add) == ADD_SIZE_V1);
static_assert(sizeof(struct kvm_css_remove) == REMOVE_SIZE_V1);
static_assert(offsetof(struct kvm_css_query, now) == QUERY_SIZE_V1);
static_assert(sizeof(struct kvm_css_query) == QUERY_SIZE_V1 + 8);
static_assert(sizeof(struct kvm_css_quiesce) == QUIESCE_SIZE_V2);
static_assert(sizeof(struct kvm_css_state) == STATE_SIZE_V2);
static_assert(offsetof(struct kvm_css_state, started) == 32);
static_assert(offsetof(struct kvm_css_state, schib) == 96);
static_assert(sizeof(struct kvm_css_fba_state) == 24);
static_assert(sizeof(union kvm_css_device_state) == 64);
static_assert(sizeof(struct kvm_css_image) == IMAGE_SIZE_V2);
static_assert(sizeof(struct kvm_css_device) == DEVICE_SIZE_V3);
static_assert(offsetof(struct kvm_css_device, backing) == 128);

int get_argument(void *arg, size_t size, size_t size_first,
		 const void __user *user)
{
	u32 user_size;
	int rc;

	if (get_user(user_size, (const u32 __user *)user))
		return -EFAULT;
	if (user_size < size_first)
		return -EINVAL;
	if (user_size > PAGE_SIZE)
		return -E2BIG;
	rc = copy_struct_from_user(arg, size, user, user_size);
	if (rc)
		return rc;
	/*
	 * Another thread of the caller may have changed the size meanwhile.
	 * Use the size that was checked.
	 */
	*(u32 *)arg = user_size;
	return 0;
}

int put_argument(void __user *user, const void *arg, size_t size)
{
	u32 user_size = *(const u32 *)arg;

	if (copy_to_user(user, arg, min_t(size_t, user_size, size)))
		return -EFAULT;
	return 0;
}

/* Calls on the descriptor of a VM's channel subsystem */

/*
 * The argument of a device of any type.  It fits, because KVM_CSS_GET_DEVICE
 * returns it in the same space.
 */
union device_argument {
	u64 aligned;
	u8 bytes[sizeof_field(struct kvm_css_device, bytes)];
};

static struct css_device *device_from_user(const struct kvm_css_add *arg)
{
	const struct css_device_type *type = device_type_find(arg->type);
	union device_argument device;
	int rc;

	if (!type)
		return ERR_PTR(-EINVAL);
	rc = get_argument(&device, type->size, type->size_first,
			  u64_to_user_ptr(arg->device));
	return rc ? ERR_PTR(rc) : type->create(&device);
}

static struct css_place place_of(const struct kvm_css_add *arg)
{
	return (struct css_place){
		.ssid = arg->ssid,
		.schid = arg->schid,
		.devno = arg->devno,
		.chpid = arg->chpid,
		.report = arg->flags & KVM_CSS_ADD_REPORT,
		.beside = arg->flags & KVM_CSS_ADD_BESIDE,
	};
}

static int add_vacant(struct css *css, const struct kvm_css_add *arg)
{
	const struct css_place place = place_of(arg);

	if (arg->devno || arg->chpid || arg->device)
		return -EINVAL;
	return css_add_vacant(css, &place);
}

static long css_ioctl_add(struct guest *guest, const void __user *user)
{
	struct css_place place;
	struct css_device *dev;
	struct kvm_css_add arg;
	int rc;

	rc = get_argument(&arg, sizeof(arg), ADD_SIZE_V1, user);
	if (rc)
		return rc;
	if (arg.flags & ~(KVM_CSS_ADD_REPORT | KVM_CSS_ADD_BESIDE) ||
	    arg.ssid >= CSS_SETS ||
	    memchr_inv(arg.reserved, 0, sizeof(arg.reserved)))
		return -EINVAL;
	if (arg.type == KVM_CSS_TYPE_NONE)
		return add_vacant(&guest->css, &arg);
	dev = device_from_user(&arg);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	place = place_of(&arg);
	rc = css_add(&guest->css, &place, dev);
	if (rc)
		dev->ops->release(dev);
	return rc;
}

static long css_ioctl_remove(struct guest *guest, const void __user *user)
{
	struct kvm_css_remove arg;
	int rc;

	rc = get_argument(&arg, sizeof(arg), REMOVE_SIZE_V1, user);
	if (rc)
		return rc;
	if (arg.flags & ~(KVM_CSS_REMOVE_REPORT | KVM_CSS_REMOVE_VACATE) ||
	    arg.ssid >= CSS_SETS ||
	    memchr_inv(arg.reserved, 0, sizeof(arg.reserved)))
		return -EINVAL;
	return css_remove(&guest->css, arg.ssid, arg.schid,
			  arg.flags & KVM_CSS_REMOVE_VACATE ? CSS_VACATE :
							      CSS_REMOVE,
			  arg.flags & KVM_CSS_REMOVE_REPORT);
}

static long css_ioctl_quiesce(struct guest *guest, const void __user *user)
{
	struct kvm_css_quiesce arg;
	int rc;

	rc = get_argument(&arg, sizeof(arg), QUIESCE_SIZE_V2, user);
	if (rc)
		return rc;
	if (arg.flags || arg.reserved)
		return -EINVAL;
	return css_quiesce(&guest->css, msecs_to_jiffies(arg.timeout_ms));
}

static void query_fill_vacant(struct kvm_css_query *arg, u32 sid)
{
	*arg = (struct kvm_css_query){
		.size = arg->size,
		.flags = arg->flags,
		.schid = sid & SID_NUMBER,
		.ssid = sid_ssid(sid),
		.type = KVM_CSS_TYPE_NONE,
	};
}

static int query_fill(struct kvm_css_query *arg, struct subchannel *sch)
{
	struct subchannel_info state;
	const struct css_pmcw *pmcw = &state.schib.pmcw;

	/* The subchannel was removed after the caller had looked it up. */
	if (!subchannel_query(sch, &state))
		return -ENODEV;
	arg->schid = sch->sid & SID_NUMBER;
	arg->ssid = sid_ssid(sch->sid);
	arg->chpid = pmcw->chpid[0];
	arg->devno = be16_to_cpu(pmcw->devno);
	arg->type = sch->dev->ops->type;
	memset(arg->schib, 0, sizeof(arg->schib));
	memcpy(arg->schib, &state.schib, sizeof(state.schib));
	arg->started = state.stats.started;
	arg->completed = state.stats.completed;
	arg->deferred = state.stats.deferred;
	arg->now = state.now;
	arg->reserved3 = 0;
	return 0;
}

/*
 * Describe the subchannel with a number or, with KVM_CSS_QUERY_NEXT, the first
 * one from that number on.
 * Return: 0; -ENODEV when there is none; -EAGAIN when the caller has to try
 * again.
 */
static int query_find(struct css *css, u32 sid, struct kvm_css_query *arg)
{
	bool next = arg->flags & KVM_CSS_QUERY_NEXT;
	struct subchannel *sch = next ? css_find_next(css, sid) :
					css_find(css, sid);
	u32 last = sch ? sch->sid : css_sid(CSS_SETS - 1, U16_MAX);
	u32 vacant = sid;
	bool found;
	int rc;

	found = arg->flags & KVM_CSS_QUERY_VACANT &&
		(next ? css_next_vacant(css, sid, last, &vacant) :
			css_vacant(css, sid));
	if (found) {
		query_fill_vacant(arg, vacant);
		rc = 0;
	} else {
		rc = sch ? query_fill(arg, sch) : -ENODEV;
	}
	/* It was removed meanwhile, but there may be another one after it. */
	if (rc && sch && next)
		rc = -EAGAIN;
	if (sch)
		subchannel_put(sch);
	return rc;
}

static int look_query(struct guest *guest, void *argument)
{
	struct kvm_css_query *arg = argument;
	u32 sid;
	int rc;

	if (arg->flags & ~(KVM_CSS_QUERY_NEXT | KVM_CSS_QUERY_VACANT) ||
	    arg->ssid >= CSS_SETS || arg->reserved || arg->reserved2)
		return -EINVAL;
	sid = css_sid(arg->ssid, arg->schid);
	do {
		rc = query_find(&guest->css, sid, arg);
	} while (rc == -EAGAIN);
	return rc;
}

/* Find the subchannel that a GET_STATE or SET_STATE names. */
static int state_subchannel(struct guest *guest,
			    const struct kvm_css_state *arg,
			    struct subchannel **sch)
{
	if (arg->flags || arg->ssid >= CSS_SETS || arg->reserved)
		return -EINVAL;
	*sch = css_find(&guest->css, css_sid(arg->ssid, arg->schid));
	return *sch ? 0 : -ENODEV;
}

static int look_state(struct guest *guest, void *argument)
{
	struct kvm_css_state *arg = argument;
	struct subchannel *sch;
	int rc;

	rc = state_subchannel(guest, arg, &sch);
	if (rc)
		return rc;
	rc = subchannel_save(sch, arg);
	subchannel_put(sch);
	return rc;
}

static long css_ioctl_set_state(struct guest *guest,
				const void __user *user)
{
	struct kvm_css_state arg;
	struct subchannel *sch;
	int rc;

	rc = get_argument(&arg, sizeof(arg), STATE_SIZE_V2, user);
	if (!rc)
		rc = state_subchannel(guest, &arg, &sch);
	if (rc)
		return rc;
	rc = subchannel_restore(sch, &arg);
	subchannel_put(sch);
	return rc;
}

static int look_image(struct guest *guest, void *argument)
{
	struct kvm_css_image *arg = argument;

	if (arg->flags)
		return -EINVAL;
	return css_save(&guest->css, arg);
}

static long css_ioctl_set_image(struct guest *guest,
				const void __user *user)
{
	struct kvm_css_image arg;
	int rc;

	rc = get_argument(&arg, sizeof(arg), IMAGE_SIZE_V2, user);
	if (rc)
		return rc;
	if (arg.flags)
		return -EINVAL;
	return css_restore(&guest->css, &arg);
}

static int look_device(struct guest *guest, void *argument)
{
	struct kvm_css_device *arg = argument;
	struct subchannel *sch;
	int rc;

	if (arg->flags || arg->ssid >= CSS_SETS || arg->reserved)
		return -EINVAL;
	sch = css_find(&guest->css, css_sid(arg->ssid, arg->schid));
	if (!sch)
		return -ENODEV;
	rc = cu_describe(sch->dev, arg);
	subchannel_put(sch);
	return rc;
}

/*
 * A call that looks at the channel subsystem and changes nothing
 *
 * @size: the size of its structure
 * @size_first: the size of its structure in the version that brought the call
 * @fn: makes the call, with the structure in kernel memory
 */
struct look {
	size_t size;
	size_t size_first;
	int (*fn)(struct guest *guest, void *argument);
};

static const struct look *look_of(unsigned int cmd)
{
	static const struct look query = {
		sizeof(struct kvm_css_query), QUERY_SIZE_V1, look_query
	};
	static const struct look state = {
		sizeof(struct kvm_css_state), STATE_SIZE_V2, look_state
	};
	static const struct look image = {
		sizeof(struct kvm_css_image), IMAGE_SIZE_V2, look_image
	};
	static const struct look device = {
		sizeof(struct kvm_css_device), DEVICE_SIZE_V3, look_device
	};

	switch (cmd) {
	case KVM_CSS_QUERY:
		return &query;
	case KVM_CSS_GET_STATE:
		return &state;
	case KVM_CSS_GET_IMAGE:
		return &image;
	case KVM_CSS_GET_DEVICE:
		return &device;
	}
	return NULL;
}

/*
 * Make a call that looks.  If the descriptor keeps the attachment (@keeps),
 * that is all.  The attachment of a descriptor that only looks may have ended,
 * so keep the image during the call.
 */
static int look_at(struct guest *guest, const struct look *look, void *arg,
		   bool keeps)
{
	int rc;

	if (keeps)
		return look->fn(guest, arg);
	if (!attachment_enter(guest))
		return -ENOENT;
	rc = look->fn(guest, arg);
	attachment_leave(guest);
	return rc;
}

/*
 * Accessing the caller's memory may take as long as the caller likes.  So the
 * image is kept neither while the structure is copied from the caller nor while
 * it is copied back.
 */
static int css_look(struct guest *guest, const struct look *look,
		    void __user *user, bool keeps)
{
	union {
		struct kvm_css_query query;
		struct kvm_css_state state;
		struct kvm_css_image image;
	} small;
	void *arg = &small;
	int rc;

	if (look->size > sizeof(small))
		arg = kmalloc(look->size, GFP_KERNEL);
	if (!arg)
		return -ENOMEM;
	rc = get_argument(arg, look->size, look->size_first, user);
	if (!rc)
		rc = look_at(guest, look, arg, keeps);
	if (!rc)
		rc = put_argument(user, arg, look->size);
	if (arg != &small)
		kfree(arg);
	return rc;
}

static long css_call(struct guest *guest, unsigned int cmd,
		     unsigned long user)
{
	const struct look *look = look_of(cmd);

	if (look)
		return css_look(guest, look, (void __user *)user, true);
	switch (cmd) {
	case KVM_CSS_ADD:
		return css_ioctl_add(guest, (void __user *)user);
	case KVM_CSS_REMOVE:
		return css_ioctl_remove(guest, (void __user *)user);
	case KVM_CSS_RESET:
		return user ? -EINVAL : css_reset(&guest->css, CSS_RESET_ALL);
	case KVM_CSS_QUIESCE:
		return css_ioctl_quiesce(guest, (void __user *)user);
	case KVM_CSS_UNQUIESCE:
		if (user)
			return -EINVAL;
		css_unquiesce(&guest->css);
		return 0;
	case KVM_CSS_SERVE:
		return unit_serve(guest, (void __user *)user);
	case KVM_CSS_SET_STATE:
		return css_ioctl_set_state(guest, (void __user *)user);
	case KVM_CSS_SET_IMAGE:
		return css_ioctl_set_image(guest, (void __user *)user);
	case KVM_CSS_DETACH:
		if (user)
			return -EINVAL;
		attachment_keep_no_longer(guest);
		return 0;
	}
	return -ENOTTY;
}

/*
 * The VM's memory control group is charged for the image, whoever makes the
 * call.
 */
static long css_ioctl(struct file *file, unsigned int cmd, unsigned long user)
{
	struct guest *guest = file->private_data;
	struct mem_cgroup *before = set_active_memcg(guest->memcg);
	long rc = css_call(guest, cmd, user);

	set_active_memcg(before);
	return rc;
}

static int css_release(struct inode *inode, struct file *file)
{
	/* When descriptor() fails, it closes a file without an attachment. */
	if (file->private_data)
		attachment_close(file->private_data);
	return 0;
}

static const struct file_operations css_fops = {
	.owner		= THIS_MODULE,
	.release	= css_release,
	.unlocked_ioctl	= css_ioctl,
	.llseek		= noop_llseek,
};

/* Calls on a descriptor that only looks */

static long look_ioctl(struct file *file, unsigned int cmd, unsigned long user)
{
	const struct look *look = look_of(cmd);

	if (look)
		return css_look(file->private_data, look, (void __user *)user,
				false);
	switch (cmd) {
	case KVM_CSS_ADD:
	case KVM_CSS_REMOVE:
	case KVM_CSS_RESET:
	case KVM_CSS_QUIESCE:
	case KVM_CSS_UNQUIESCE:
	case KVM_CSS_SET_STATE:
	case KVM_CSS_SET_IMAGE:
	case KVM_CSS_DETACH:
	case KVM_CSS_SERVE:
		return -EBADF;
	}
	return -ENOTTY;
}

static int look_release(struct inode *inode, struct file *file)
{
	if (file->private_data)
		attachment_look_no_longer(file->private_data);
	return 0;
}

static const struct file_operations look_fops = {
	.owner		= THIS_MODULE,
	.release	= look_release,
	.unlocked_ioctl	= look_ioctl,
	.llseek		= noop_llseek,
};

/* Calls on /dev/kvm-css */

/*
 * May the caller attach or open this VM?  A descriptor of the VM is not enough:
 * the VM must be one of the caller's process, unless the caller has said that
 * it means another one's.  KVM also wants a VM's ioctls to come from its own
 * process.
 */
static bool may_have(const struct kvm *kvm, bool other)
{
	return other || kvm->mm == current->mm;
}

static struct guest *create_for(struct kvm *kvm, u32 flags)
{
	if (!may_have(kvm, flags & KVM_CSS_CREATE_OTHER))
		return ERR_PTR(-EPERM);
	/* KVM handles no instruction of a protected or user-controlled VM. */
	if (kvm->arch.pv.handle || !kvm->arch.gmap)
		return ERR_PTR(-EOPNOTSUPP);
	return attachment_create(kvm, flags & KVM_CSS_CREATE_ALONE,
				 flags & KVM_CSS_CREATE_KEEP);
}

static struct guest *open_for(struct kvm *kvm, u32 flags)
{
	if (!may_have(kvm, flags & KVM_CSS_OPEN_OTHER))
		return ERR_PTR(-EPERM);
	return attachment_open(kvm);
}

static struct guest *look_for(struct kvm *kvm, u32 flags)
{
	if (!may_have(kvm, flags & KVM_CSS_OPEN_OTHER))
		return ERR_PTR(-EPERM);
	return attachment_look(kvm);
}

/*
 * A kind of descriptor
 *
 * @get: gets the attachment of a VM for it
 * @fops: its file operations
 * @open_flags: its access mode
 */
struct purpose {
	struct guest *(*get)(struct kvm *kvm, u32 flags);
	const struct file_operations *fops;
	int open_flags;
};

static const struct purpose to_create = { create_for, &css_fops, O_RDWR };
static const struct purpose to_open = { open_for, &css_fops, O_RDWR };
static const struct purpose to_look = { look_for, &look_fops, O_RDONLY };

/*
 * Make a descriptor of the attachment that @purpose->get gets.  The file is
 * made first: if that fails, no VM has been attached.
 */
static int descriptor(struct kvm *kvm, const struct purpose *purpose, u32 flags)
{
	struct guest *guest;
	struct file *file;
	int fd;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = anon_inode_getfile("kvm-css", purpose->fops, NULL,
				  purpose->open_flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	guest = purpose->get(kvm, flags);
	if (IS_ERR(guest)) {
		fput(file);
		put_unused_fd(fd);
		return PTR_ERR(guest);
	}
	file->private_data = guest;
	fd_install(fd, file);
	return fd;
}

/* As descriptor(), for the VM whose descriptor is @vm_fd */
static int descriptor_for(int vm_fd, const struct purpose *purpose, u32 flags)
{
	struct file *file = fget(vm_fd);
	int rc;

	if (!file)
		return -EBADF;
	rc = kvm_symbols.file_is_kvm(file) ?
		descriptor(file->private_data, purpose, flags) : -EINVAL;
	fput(file);
	return rc;
}

static long dev_ioctl_create(const void __user *user)
{
	const u32 known = KVM_CSS_CREATE_ALONE | KVM_CSS_CREATE_OTHER |
			  KVM_CSS_CREATE_KEEP;
	struct kvm_css_create arg;
	int rc;

	rc = get_argument(&arg, sizeof(arg), CREATE_SIZE_V1, user);
	if (rc)
		return rc;
	if (arg.flags & ~known || arg.reserved)
		return -EINVAL;
	return descriptor_for(arg.vm_fd, &to_create, arg.flags);
}

static long dev_ioctl_open(const void __user *user)
{
	struct kvm_css_open arg;
	int rc;

	rc = get_argument(&arg, sizeof(arg), OPEN_SIZE_V3, user);
	if (rc)
		return rc;
	if (arg.flags & ~(KVM_CSS_OPEN_OTHER | KVM_CSS_OPEN_LOOK) ||
	    arg.reserved)
		return -EINVAL;
	return descriptor_for(arg.vm_fd,
			      arg.flags & KVM_CSS_OPEN_LOOK ? &to_look : &to_open,
			      arg.flags);
}

static long dev_ioctl(struct file *file, unsigned int cmd, unsigned long user)
{
	switch (cmd) {
	case KVM_CSS_GET_VERSION:
		return user ? -EINVAL : KVM_CSS_VERSION;
	case KVM_CSS_CREATE:
		return dev_ioctl_create((const void __user *)user);
	case KVM_CSS_OPEN:
		return dev_ioctl_open((const void __user *)user);
	}
	return -ENOTTY;
}

static const struct file_operations dev_fops = {
	.owner		= THIS_MODULE,
	.unlocked_ioctl	= dev_ioctl,
	.llseek		= noop_llseek,
};

static struct miscdevice dev_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "kvm-css",
	.fops	= &dev_fops,
	.mode	= 0600,
};

int __init uapi_init(void)
{
	return misc_register(&dev_misc);
}

void uapi_exit(void)
{
	misc_deregister(&dev_misc);
}
