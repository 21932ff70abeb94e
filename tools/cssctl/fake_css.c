// SPDX-License-Identifier: GPL-2.0
/*
 * For the tests: a replacement for the kernel, linked in front of libc.
 *
 * FAKE_CSS is a directory.  A file that has "kvm-vm" in its name and is opened
 * by a process stands for a VM.  Its channel subsystem is a file css-INODE in
 * the directory.  The file "log" there gets a line for each call that changes
 * something.  FAKE_FAIL is a list of CALL=ERRNO: these calls fail.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cssctl.h"

#define SLOTS			64
#define VM_LINK			"anon_inode:kvm-vm"

struct slot {
	bool used;
	struct kvm_css_query query;
	struct kvm_css_device device;
};

struct image {
	struct slot slots[SLOTS];
};

int __real_open(const char *path, int flags, ...);
int __real_fcntl(int fd, int command, ...);
long __real_syscall(long number, ...);
ssize_t __real_readlinkat(int dir, const char *name, char *to, size_t size);

int __wrap_open(const char *path, int flags, ...);
int __wrap_fcntl(int fd, int command, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);
long __wrap_syscall(long number, ...);
ssize_t __wrap_readlinkat(int dir, const char *name, char *to, size_t size);

/* Return the errno that FAKE_FAIL has for a call; 0 if there is none. */
static int planned(const char *call)
{
	const char *list = getenv("FAKE_FAIL") ?: "";
	size_t length = strlen(call);

	while (*list) {
		if (!strncmp(list, call, length) && list[length] == '=')
			return atoi(list + length + 1);
		list += strcspn(list, ",");
		list += *list == ',';
	}
	return 0;
}

static bool refused(const char *call)
{
	errno = planned(call);
	return errno;
}

static void path_of(char *path, const char *name)
{
	snprintf(path, 512, "%s/%s", getenv("FAKE_CSS"), name);
}

static void note_call(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

static void note_call(const char *format, ...)
{
	char path[512];
	va_list args;
	FILE *file;

	path_of(path, "log");
	file = fopen(path, "ae");
	va_start(args, format);
	vfprintf(file, format, args);
	va_end(args);
	fputc('\n', file);
	fclose(file);
}

/* True if a test has a file that takes the place of this one of /proc. */
static bool replaced(const char *path, char *other)
{
	if (strncmp(path, "/proc/", 6))
		return false;
	path_of(other, strrchr(path, '/') + 1);
	return !access(other, R_OK);
}

int __wrap_open(const char *path, int flags, ...)
{
	char other[512];

	if (replaced(path, other))
		return __real_open(other, flags);
	if (flags & O_EXCL && refused("claim"))
		return -1;
	if (strcmp(path, CSS_DEV))
		return __real_open(path, flags, 0600);
	if (refused("open"))
		return -1;
	path_of(other, "device");
	return __real_open(other, flags | O_CREAT, 0600);
}

/* cssctl calls it for locks only. */
int __wrap_fcntl(int fd, int command, ...)
{
	va_list args;
	void *lock;

	va_start(args, command);
	lock = va_arg(args, void *);
	va_end(args);
	if (command == F_OFD_SETLK && refused("lock"))
		return -1;
	return __real_fcntl(fd, command, lock);
}

/* This reads more arguments than were passed, as libc's syscall() does. */
__attribute__((no_sanitize("address")))
long __wrap_syscall(long number, ...)
{
	long arg[6];
	va_list args;
	int i;

	va_start(args, number);
	for (i = 0; i < 6; i++)
		arg[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_pidfd_getfd && refused("getfd"))
		return -1;
	return __real_syscall(number, arg[0], arg[1], arg[2], arg[3], arg[4],
			      arg[5]);
}

ssize_t __wrap_readlinkat(int dir, const char *name, char *to, size_t size)
{
	char link[1024] = "";
	ssize_t length = __real_readlinkat(dir, name, link, sizeof(link) - 1);

	if (length > 0 && strstr(link, "kvm-vm")) {
		memcpy(to, VM_LINK, sizeof(VM_LINK) - 1);
		return sizeof(VM_LINK) - 1;
	}
	return __real_readlinkat(dir, name, to, size);
}

static int open_image(int vm_fd, int flags)
{
	char name[64], path[512];
	struct stat vm;

	if (fstat(vm_fd, &vm))
		return -1;
	snprintf(name, sizeof(name), "css-%llu", (unsigned long long)vm.st_ino);
	path_of(path, name);
	return __real_open(path, O_RDWR | O_CLOEXEC | flags, 0600);
}

/* Whether a descriptor was opened to look */
static bool looks[1024];

static int do_create(const struct kvm_css_create *arg)
{
	int fd;

	if (refused("create"))
		return -1;
	fd = open_image(arg->vm_fd, O_CREAT | O_EXCL);
	if (fd < 0) {
		errno = EBUSY;
		return -1;
	}
	looks[fd] = false;
	note_call("create flags=%x", arg->flags);
	return ftruncate(fd, sizeof(struct image)) ? -1 : fd;
}

static int do_open(const struct kvm_css_open *arg)
{
	bool look = arg->flags & KVM_CSS_OPEN_LOOK;
	int fd;

	if (refused("open_css") || (!look && refused("open_own")))
		return -1;
	if (!(arg->flags & KVM_CSS_OPEN_OTHER)) {
		errno = EPERM;
		return -1;
	}
	fd = open_image(arg->vm_fd, 0);
	if (fd >= 0)
		looks[fd] = look;
	return fd;
}

/*
 * Return a negative errno if a descriptor that was opened to look must not do
 * this, 0 otherwise.
 */
static int refused_to_look(int css, unsigned long request)
{
	struct stat image;

	switch (request) {
	case KVM_CSS_QUERY:
	case KVM_CSS_GET_DEVICE:
		return fstat(css, &image) || !image.st_nlink ? -ENOENT : 0;
	default:
		return -EBADF;
	}
}

static struct slot *find(struct image *image, unsigned int ssid,
			 unsigned int schid)
{
	int i;

	for (i = 0; i < SLOTS; i++) {
		struct slot *slot = &image->slots[i];

		if (slot->used && slot->query.ssid == ssid &&
		    slot->query.schid == schid)
			return slot;
	}
	return NULL;
}

/* True as long as the disk needs its backing */
static bool is_held(int css, const struct slot *slot)
{
	struct stat image;

	return !fstat(css, &image) && image.st_nlink && slot->used &&
	       slot->query.type == KVM_CSS_TYPE_FBA;
}

/*
 * The module would keep the open file.  Here a process keeps it until the disk
 * is gone.  The slot is in shared memory.
 */
static void hold_backing(int css, const struct slot *slot, int backing)
{
	int fd;

	if (fork())
		return;
	setsid();
	for (fd = 0; fd < 3; fd++)
		dup2(__real_open("/dev/null", O_RDWR), fd);
	for (fd = 3; fd < 100; fd++)
		if (fd != css && fd != backing)
			close(fd);
	while (is_held(css, slot))
		usleep(10000);
	_exit(0);
}

/* The path of the backing */
static void fill_path(struct slot *slot, int fd)
{
	char link[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, slot->device.backing,
			  sizeof(slot->device.backing) - 1);
	slot->device.backing[length > 0 ? length : 0] = '\0';
}

static void fill_fba(struct slot *slot, const struct kvm_css_fba *fba)
{
	struct stat file;

	fstat(fba->backing_fd, &file);
	if (!fba->blocks)
		slot->device.fba.blocks = file.st_size / 512;
	slot->device.fba.backing_fd = -1;
	/* The module says what the file has, and not what ADD was told. */
	slot->device.fba.flags &= ~KVM_CSS_FBA_DIRECT;
	if (fcntl(fba->backing_fd, F_GETFL) & O_DIRECT)
		slot->device.fba.flags |= KVM_CSS_FBA_DIRECT;
	fill_path(slot, fba->backing_fd);
}

static void fill_eckd(struct slot *slot, const struct kvm_css_eckd *eckd)
{
	const uint64_t cylinder = 15 * 56832;
	struct stat file;

	fstat(eckd->backing_fd, &file);
	if (!eckd->cylinders)
		slot->device.eckd.cylinders = (file.st_size - 512) / cylinder;
	slot->device.eckd.backing_fd = -1;
	fill_path(slot, eckd->backing_fd);
}

static void fill(struct slot *slot, const struct kvm_css_add *arg)
{
	const void *device = (const void *)(uintptr_t)arg->device;

	*slot = (struct slot){
		.used = true,
		.query = {
			.size = sizeof(slot->query),
			.ssid = arg->ssid,
			.schid = arg->schid,
			.type = arg->type,
			.devno = arg->devno,
			.chpid = arg->chpid,
			/*
			 * PMCW: enabled, ISC 3.  SCSW: start pending, start
			 * function.
			 */
			.schib = { 0x11, 0x22, 0x33, 0x44, 0x18, 0x81,
				   arg->devno >> 8, arg->devno & 0xff,
				   0x80, 0, 0x80, 0x80, 0, 0, 0xff, 0x80,
				   arg->chpid, [30] = 0x44, 0x15,
				   0, 0, 0x10, 0x08, 0x0c, 0x40, 0x02, 0x01 },
		},
		.device = {
			.size = sizeof(slot->device),
			.ssid = arg->ssid,
			.schid = arg->schid,
			.type = arg->type,
		},
	};
	/* The argument begins with its size. */
	memcpy(slot->device.bytes, device, *(const uint32_t *)device);
	if (arg->type == KVM_CSS_TYPE_FBA)
		fill_fba(slot, device);
	if (arg->type == KVM_CSS_TYPE_ECKD)
		fill_eckd(slot, device);
	if (arg->type == KVM_CSS_TYPE_USER && !slot->device.user.area)
		slot->device.user.area = 65536;
}

/* Return the slot of a vacated number, or a free one. */
static struct slot *room(struct image *image, unsigned int ssid,
			 unsigned int schid)
{
	struct slot *slot = find(image, ssid, schid);
	int i;

	for (i = 0; i < SLOTS && !slot; i++)
		if (!image->slots[i].used)
			slot = &image->slots[i];
	return slot;
}

/*
 * True if the guest uses one of the VMM's subchannels there.  FAKE_VMM lists
 * them, such as 3.0000,2.0001.
 */
static bool is_vmms(const struct kvm_css_add *arg)
{
	char name[16];

	snprintf(name, sizeof(name), "%x.%04x", arg->ssid, arg->schid);
	return strstr(getenv("FAKE_VMM") ?: "", name);
}

static bool has_devno(const struct image *image, const struct kvm_css_add *arg)
{
	int i;

	for (i = 0; i < SLOTS; i++) {
		const struct slot *slot = &image->slots[i];

		if (slot->used && slot->query.type != KVM_CSS_TYPE_NONE &&
		    slot->query.ssid == arg->ssid &&
		    slot->query.devno == arg->devno)
			return true;
	}
	return false;
}

static void note_id(const struct kvm_css_user *user)
{
	char digits[2 * KVM_CSS_SENSE_ID + 1] = "";
	int i;

	for (i = 0; i < user->id_len && i < KVM_CSS_SENSE_ID; i++)
		sprintf(digits + 2 * i, "%02x", user->id[i]);
	note_call("id %s sense3 %02x", digits, user->sense3);
}

static int do_add(struct image *image, int css, const struct kvm_css_add *arg)
{
	struct slot *slot = room(image, arg->ssid, arg->schid);

	if (!slot)
		return -ENOMEM;
	if (slot->used && slot->query.type != KVM_CSS_TYPE_NONE)
		return -EEXIST;
	if (has_devno(image, arg))
		return -ENOTUNIQ;
	if (!slot->used && arg->flags & KVM_CSS_ADD_BESIDE && is_vmms(arg))
		return -EADDRINUSE;
	fill(slot, arg);
	if (arg->type == KVM_CSS_TYPE_FBA)
		hold_backing(css, slot, ((const struct kvm_css_fba *)(uintptr_t)
					 arg->device)->backing_fd);
	if (arg->type == KVM_CSS_TYPE_ECKD)
		hold_backing(css, slot, ((const struct kvm_css_eckd *)(uintptr_t)
					 arg->device)->backing_fd);
	note_call("add %x.%04x flags=%x devno=%04x chpid=%02x type=%u",
		  arg->ssid, arg->schid, arg->flags, arg->devno, arg->chpid,
		  arg->type);
	if (arg->type == KVM_CSS_TYPE_USER)
		note_id(&slot->device.user);
	return 0;
}

static void unit_path(char *path, unsigned int ssid, unsigned int schid)
{
	char name[32];

	snprintf(name, sizeof(name), "unit-%x.%04x", ssid, schid);
	path_of(path, name);
}

static int do_remove(struct image *image, const struct kvm_css_remove *arg)
{
	struct slot *slot = find(image, arg->ssid, arg->schid);
	bool vacate = arg->flags & KVM_CSS_REMOVE_VACATE;
	char path[512];

	if (!slot || (vacate && slot->query.type == KVM_CSS_TYPE_NONE))
		return -ENODEV;
	slot->query.type = KVM_CSS_TYPE_NONE;
	slot->used = vacate;
	unit_path(path, arg->ssid, arg->schid);
	unlink(path);
	note_call("remove %x.%04x flags=%x", arg->ssid, arg->schid,
		  arg->flags);
	return 0;
}

static unsigned int number_of(const struct kvm_css_query *query)
{
	return query->ssid << 16 | query->schid;
}

/* Somebody has the lock of the unit's file, as do_serve() takes it. */
static bool is_served(const struct slot *slot)
{
	char path[512];
	bool served;
	int unit;

	unit_path(path, slot->query.ssid, slot->query.schid);
	unit = __real_open(path, O_RDWR | O_CLOEXEC);
	if (unit < 0)
		return false;
	served = flock(unit, LOCK_EX | LOCK_NB);
	close(unit);
	return served;
}

static int do_query(struct image *image, struct kvm_css_query *arg)
{
	struct slot *best = NULL;
	int i;

	for (i = 0; i < SLOTS; i++) {
		struct slot *slot = &image->slots[i];

		if (!slot->used || number_of(&slot->query) < number_of(arg) ||
		    (slot->query.type == KVM_CSS_TYPE_NONE &&
		     !(arg->flags & KVM_CSS_QUERY_VACANT)))
			continue;
		if (!best || number_of(&slot->query) < number_of(&best->query))
			best = slot;
	}
	if (!best || (!(arg->flags & KVM_CSS_QUERY_NEXT) &&
		      number_of(&best->query) != number_of(arg)))
		return -ENODEV;
	*arg = best->query;
	if (best->query.type == KVM_CSS_TYPE_USER)
		arg->now = is_served(best) ? KVM_CSS_NOW_SERVED :
					     KVM_CSS_NOW_UNSERVED;
	best->query.started += planned("busy");
	best->query.completed += planned("busy");
	return 0;
}

static int do_device(struct image *image, struct kvm_css_device *arg)
{
	struct slot *slot = find(image, arg->ssid, arg->schid);

	if (!slot || slot->query.type == KVM_CSS_TYPE_NONE)
		return -ENODEV;
	*arg = slot->device;
	return 0;
}

/*
 * The unit is an open file that has the lock of its file.  It serves as long as
 * somebody has a copy of its descriptor.
 */
static int do_serve(struct image *image, const struct kvm_css_serve *arg)
{
	struct slot *slot = find(image, arg->ssid, arg->schid);
	char path[512];
	int unit;

	if (!slot || slot->query.type == KVM_CSS_TYPE_NONE)
		return -ENODEV;
	if (slot->query.type != KVM_CSS_TYPE_USER)
		return -EINVAL;
	unit_path(path, arg->ssid, arg->schid);
	if (arg->flags & KVM_CSS_SERVE_TAKE)
		unlink(path);
	unit = __real_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (flock(unit, LOCK_EX | LOCK_NB)) {
		close(unit);
		return -EBUSY;
	}
	note_call("serve %x.%04x flags=%x", arg->ssid, arg->schid, arg->flags);
	return unit;
}

static int do_detach(int css)
{
	char link[64], path[512];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", css);
	length = readlink(link, path, sizeof(path) - 1);
	path[length > 0 ? length : 0] = '\0';
	note_call("detach");
	return unlink(path) ? -errno : 0;
}

static int call_image(struct image *image, int css, unsigned long request,
		      void *arg)
{
	switch (request) {
	case KVM_CSS_ADD:
		return planned("add") ? -planned("add") : do_add(image, css, arg);
	case KVM_CSS_REMOVE:
		return planned("remove") ? -planned("remove") :
					   do_remove(image, arg);
	case KVM_CSS_QUERY:
		return planned("query") ? -planned("query") :
					  do_query(image, arg);
	case KVM_CSS_GET_DEVICE:
		return do_device(image, arg);
	case KVM_CSS_SERVE:
		return planned("serve") ? -planned("serve") :
					  do_serve(image, arg);
	case KVM_CSS_RESET:
		note_call("reset");
		return 0;
	case KVM_CSS_DETACH:
		return do_detach(css);
	default:
		return -ENOTTY;
	}
}

static int on_image(int css, unsigned long request, void *arg)
{
	struct image *image = mmap(NULL, sizeof(*image), PROT_READ | PROT_WRITE,
				   MAP_SHARED, css, 0);
	int rc;

	if (image == MAP_FAILED)
		return -1;
	rc = looks[css] ? refused_to_look(css, request) : 0;
	if (!rc)
		rc = call_image(image, css, request, arg);
	munmap(image, sizeof(*image));
	if (rc >= 0)
		return rc;
	errno = -rc;
	return -1;
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	switch (request) {
	case KVM_CSS_GET_VERSION:
		return planned("version") ?: KVM_CSS_VERSION;
	case KVM_CSS_CREATE:
		return do_create(arg);
	case KVM_CSS_OPEN:
		return do_open(arg);
	default:
		return on_image(fd, request, arg);
	}
}
