// SPDX-License-Identifier: GPL-2.0
/* The user ABI: KVM_CSS_ADD and the arguments of the devices */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backing.h"
#include "uapi.h"

#define DISK_BLOCKS	16

static struct kvm_css_test test_arg = { .size = sizeof(test_arg) };

/* A correct argument of ADD: a test control unit at 0.2.0007 */
static struct kvm_css_add good_add(void)
{
	return (struct kvm_css_add){
		.size = sizeof(struct kvm_css_add),
		.type = KVM_CSS_TYPE_TEST,
		.schid = 7,
		.devno = 0x1234,
		.ssid = 2,
		.chpid = 0x56,
		.device = (u64)&test_arg,
	};
}

static struct kvm_css_fba good_fba(int fd)
{
	return (struct kvm_css_fba){
		.size = sizeof(struct kvm_css_fba),
		.backing_fd = fd,
	};
}

/* Check that ADD is refused, and that there still is no subchannel. */
static void refused(int css_fd, const struct kvm_css_add *arg, int error,
		    const char *what)
{
	uapi_ioctl(css_fd, KVM_CSS_ADD, arg, error, what);
	ktap_check(!uapi_count(css_fd), "%s: a subchannel is there", what);
}

static void fba_refused(int css_fd, const struct kvm_css_fba *fba, int error,
			const char *what)
{
	struct kvm_css_add arg = good_add();

	arg.type = KVM_CSS_TYPE_FBA;
	arg.device = (u64)fba;
	refused(css_fd, &arg, error, what);
}

static void fba_accepted(int css_fd, const struct kvm_css_fba *fba,
			 const char *what)
{
	ktap_check(!css_add_fba(css_fd, SID(2, 7), 0x1234, fba), "%s: %s",
		   what, strerror(errno));
	css_remove(css_fd, SID(2, 7));
}

static void take_away(int fd, int rc)
{
	(void)rc;
	css_remove(fd, SID(2, 7));
}

/* --- ADD itself --- */

static void add_structure(void)
{
	struct kvm_css_add arg = good_add();
	int css_fd = uapi_css();

	uapi_sizes(css_fd, KVM_CSS_ADD, &arg, sizeof(arg), take_away);
	ktap_check(!uapi_count(css_fd), "nothing is left");
	close(css_fd);
}

static void add_flags(void)
{
	struct kvm_css_add arg = good_add();
	int css_fd = uapi_css();
	int bit;

	/* REPORT and BESIDE are bits 0 and 1. */
	for (bit = 2; bit < 32; bit++) {
		arg.flags = 1u << bit;
		refused(css_fd, &arg, EINVAL, "flag");
	}
	close(css_fd);
}

static void add_reserved(void)
{
	struct kvm_css_add arg;
	int css_fd = uapi_css();
	unsigned int i;

	for (i = 0; i < sizeof(arg.reserved); i++) {
		arg = good_add();
		arg.reserved[i] = 0x80;
		refused(css_fd, &arg, EINVAL, "reserved");
	}
	close(css_fd);
}

static void add_type(void)
{
	static const u32 types[] = { 0, 5, 0x80000001, 0xffffffff };
	struct kvm_css_add arg = good_add();
	int css_fd = uapi_css();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		arg.type = types[i];
		refused(css_fd, &arg, EINVAL, "type");
	}
	close(css_fd);
}

static void add_ssid(void)
{
	struct kvm_css_add arg = good_add();
	int css_fd = uapi_css();

	arg.ssid = 4;
	refused(css_fd, &arg, EINVAL, "set 4");
	arg.ssid = 255;
	refused(css_fd, &arg, EINVAL, "set 255");
	close(css_fd);
}

static void add_duplicate(void)
{
	struct kvm_css_add arg = good_add();
	struct kvm_css_query query;
	int css_fd = uapi_css();

	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "first");
	arg.devno = 0x9999;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, EEXIST, "second");
	css_query(css_fd, SID(2, 7), 0, &query);
	ktap_check(query.devno == 0x1234, "the first one has stayed");
	arg.ssid = 1;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "in another set");
	ktap_check(uapi_count(css_fd) == 2, "two");
	close(css_fd);
}

/*
 * In a subchannel set a device number may be used only once.  It can be used
 * again when its device has gone.
 */
static void add_same_devno(void)
{
	struct kvm_css_add arg = good_add();
	int css_fd = uapi_css();

	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "first");
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, EEXIST,
		   "the same number, too: that comes first");
	arg.schid = 8;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, ENOTUNIQ, "second");
	ktap_check(uapi_count(css_fd) == 1, "the second one isn't there");
	arg.ssid = 1;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "in another set");
	arg.ssid = 2;
	css_remove_flags(css_fd, SID(2, 7), KVM_CSS_REMOVE_VACATE);
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "vacated");
	css_remove(css_fd, SID(2, 8));
	arg.schid = 7;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "removed");
	close(css_fd);
}

/*
 * As a VMM does: ask KVM to tell it of a subchannel's queue, or to stop that.
 */
static void notify(int vm_fd, int event_fd, u32 sid, u32 flags)
{
	struct kvm_ioeventfd arg = {
		.addr = sid,
		.len = 8,
		.fd = event_fd,
		.flags = KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY |
			 KVM_IOEVENTFD_FLAG_DATAMATCH | flags,
	};

	if (ioctl(vm_fd, KVM_IOEVENTFD, &arg))
		die("KVM_IOEVENTFD");
}

/* The theme "fallback" proves that instructions of the guest count as well. */
static void add_beside(void)
{
	int vm_fd = uapi_vm(), event_fd = eventfd(0, EFD_CLOEXEC);
	int css_fd = css_attach(vm_fd, 0);
	struct kvm_css_add arg = good_add();
	struct kvm_css_add none = {
		.size = sizeof(none),
		.flags = KVM_CSS_ADD_BESIDE,
		.type = KVM_CSS_TYPE_NONE,
		.schid = 7,
		.ssid = 2,
	};

	if (event_fd < 0 || css_fd < 0)
		die("eventfd, KVM_CSS_CREATE");
	notify(vm_fd, event_fd, SID(2, 7), 0);
	arg.flags = KVM_CSS_ADD_BESIDE;
	refused(css_fd, &arg, EADDRINUSE, "the VMM has one there");
	refused(css_fd, &none, EADDRINUSE, "nor without a device");
	arg.flags = 0;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "it may be hidden");
	css_remove(css_fd, SID(2, 7));
	arg.flags = KVM_CSS_ADD_BESIDE;
	arg.ssid = 1;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "another set");
	arg.ssid = 2;
	notify(vm_fd, event_fd, SID(2, 7), KVM_IOEVENTFD_FLAG_DEASSIGN);
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "no longer");
	close(css_fd);
	close(event_fd);
	close(vm_fd);
}

static void add_every_set(void)
{
	struct kvm_css_add arg = good_add();
	int css_fd = uapi_css();

	for (arg.ssid = 0; arg.ssid < 4; arg.ssid++) {
		arg.schid = 0;
		arg.devno = 0;
		uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "0");
		arg.schid = 0xffff;
		arg.devno = 0xffff;
		uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "65535");
	}
	ktap_check(uapi_count(css_fd) == 8, "eight");
	close(css_fd);
}

static void add_schib(void)
{
	struct kvm_css_add arg = good_add();
	struct kvm_css_query query;
	struct schib *schib = (struct schib *)query.schib;
	static const u8 zero[4];
	int css_fd = uapi_css();

	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "ADD");
	ktap_check(!css_query(css_fd, SID(2, 7), 0, &query), "QUERY");
	ktap_check(query.schid == 7 && query.ssid == 2, "number");
	ktap_check(query.devno == 0x1234, "device number");
	ktap_check(query.chpid == 0x56, "channel path");
	ktap_check(query.type == KVM_CSS_TYPE_TEST, "type");
	ktap_check(!query.started && !query.completed && !query.deferred,
		   "counters");
	ktap_check(schib->pmcw.devno == 0x1234, "devno in the SCHIB");
	ktap_check(schib->pmcw.flags == (PMCW_VALID | PMCW_TIMING),
		   "only V and T are set");
	ktap_check(schib->pmcw.lpm == 0x80 && schib->pmcw.pim == 0x80 &&
		   schib->pmcw.pam == 0x80, "path masks");
	ktap_check(schib->pmcw.chpid[0] == 0x56, "CHPID in the SCHIB");
	ktap_check(!schib->scsw.ctrl, "no status");
	ktap_check(!memcmp(query.schib + sizeof(*schib), zero, sizeof(zero)),
		   "zeros behind the SCHIB");
	close(css_fd);
}

static void add_device_pointer(void)
{
	static const u32 types[] = {
		KVM_CSS_TYPE_TEST, KVM_CSS_TYPE_FBA, KVM_CSS_TYPE_ECKD,
	};
	struct kvm_css_add arg = good_add();
	int css_fd = uapi_css();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		arg.type = types[i];
		arg.device = 0;
		refused(css_fd, &arg, EFAULT, "NULL");
		arg.device = (u64)uapi_unreadable();
		refused(css_fd, &arg, EFAULT, "unreadable");
		arg.device = ~0ul - 4;
		refused(css_fd, &arg, EFAULT, "at the end of all addresses");
	}
	close(css_fd);
}

/* --- the devices' arguments --- */

/* Check the rules for sizes once more, for the structure that ADD points to. */
static void device_sizes(int css_fd, u32 type, const void *good, u32 size)
{
	char device[4200] __aligned(8) = { 0 };
	struct kvm_css_add arg = good_add();
	u32 *device_size = (u32 *)device;
	char *edge = uapi_unreadable();

	memcpy(device, good, size);
	arg.type = type;
	arg.device = (u64)device;
	*device_size = 0;
	refused(css_fd, &arg, EINVAL, "size 0");
	*device_size = size - 1;
	refused(css_fd, &arg, EINVAL, "size one too small");
	*device_size = size + 8;
	take_away(css_fd, uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK,
				     "8 more bytes of zeros"));
	device[size + 7] = 1;
	refused(css_fd, &arg, E2BIG, "an unknown byte is not zero");
	device[size + 7] = 0;
	*device_size = 4097;
	refused(css_fd, &arg, E2BIG, "size 4097");
	memcpy(edge - size, good, size);
	*(u32 *)(edge - size) = size + 8;
	arg.device = (u64)(edge - size);
	refused(css_fd, &arg, EFAULT, "readable in part");
}

static void add_test_structure(void)
{
	int css_fd = uapi_css();

	device_sizes(css_fd, KVM_CSS_TYPE_TEST, &test_arg, sizeof(test_arg));
	close(css_fd);
}

static void add_test_flags(void)
{
	struct kvm_css_test test = { .size = sizeof(test) };
	struct kvm_css_add arg = good_add();
	int css_fd = uapi_css();
	int bit;

	arg.device = (u64)&test;
	/* ASYNC and BACKEND are bits 0 and 1, and can't be set together. */
	test.flags = KVM_CSS_TEST_ASYNC | KVM_CSS_TEST_BACKEND;
	refused(css_fd, &arg, EINVAL, "ASYNC and BACKEND");
	for (bit = 2; bit < 32; bit++) {
		test.flags = 1u << bit;
		refused(css_fd, &arg, EINVAL, "flag");
	}
	test.flags = KVM_CSS_TEST_ASYNC;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "ASYNC");
	css_remove(css_fd, SID(2, 7));
	/* It is there when the channel subsystem ends. */
	test.flags = KVM_CSS_TEST_BACKEND;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "BACKEND");
	close(css_fd);
}

static void add_fba_structure(void)
{
	int fd = backing_file(DISK_BLOCKS * FBA_BLOCK);
	struct kvm_css_fba fba = good_fba(fd);
	int css_fd = uapi_css();

	device_sizes(css_fd, KVM_CSS_TYPE_FBA, &fba, sizeof(fba));
	close(css_fd);
	close(fd);
}

static void add_fba_flags(void)
{
	int fd = backing_file(DISK_BLOCKS * FBA_BLOCK);
	struct kvm_css_fba fba = good_fba(fd);
	int css_fd = uapi_css();
	int bit;

	/*
	 * READONLY, DISCARD and WRITEBACK are bits 0 to 2.  Bit 3 says that the
	 * descriptor has O_DIRECT, which it hasn't.
	 */
	for (bit = 3; bit < 32; bit++) {
		fba.flags = 1u << bit;
		fba_refused(css_fd, &fba, EINVAL, "flag");
	}
	fba = good_fba(fd);
	fba.model = 2;
	fba_refused(css_fd, &fba, EINVAL, "model 2");
	fba.model = 0xffffffff;
	fba_refused(css_fd, &fba, EINVAL, "model 4294967295");
	close(css_fd);
	close(fd);
}

static void add_fba_descriptor(void)
{
	int fd = backing_file(DISK_BLOCKS * FBA_BLOCK);
	struct kvm_css_fba fba = good_fba(-1);
	int css_fd = uapi_css();

	fba_refused(css_fd, &fba, EBADF, "-1");
	fba.backing_fd = backing_reopen(fd, O_PATH);
	fba_refused(css_fd, &fba, EBADF, "O_PATH");
	close(fba.backing_fd);
	fba_refused(css_fd, &fba, EBADF, "closed");
	close(css_fd);
	close(fd);
}

/* An image of a 3390 with two cylinders, and the argument for it */

#define ECKD_TRACK		56832
#define ECKD_IMAGE		(512 + 2 * 15 * ECKD_TRACK)

static int eckd_image(void)
{
	static const unsigned char header[512] = {
		'C', 'K', 'D', '_', 'P', '3', '7', '0', 15, 0, 0, 0,
		ECKD_TRACK & 0xff, ECKD_TRACK >> 8, 0, 0, 0x90,
	};
	int fd = backing_file(ECKD_IMAGE);

	if (pwrite(fd, header, sizeof(header), 0) != sizeof(header))
		die("image");
	return fd;
}

static struct kvm_css_eckd good_eckd(int fd)
{
	return (struct kvm_css_eckd){
		.size = sizeof(struct kvm_css_eckd),
		.backing_fd = fd,
		.serial = { '0', '0', '0', '0', '0', '0', '0', '0', '0', '0',
			    'A', '1' },
	};
}

static void eckd_refused(int css_fd, const struct kvm_css_eckd *eckd, int error,
			 const char *what)
{
	struct kvm_css_add arg = good_add();

	arg.type = KVM_CSS_TYPE_ECKD;
	arg.device = (u64)eckd;
	refused(css_fd, &arg, error, what);
}

static void add_eckd_structure(void)
{
	int fd = eckd_image();
	struct kvm_css_eckd eckd = good_eckd(fd);
	int css_fd = uapi_css();

	device_sizes(css_fd, KVM_CSS_TYPE_ECKD, &eckd, sizeof(eckd));
	close(css_fd);
	close(fd);
}

static void add_eckd_fields(void)
{
	int fd = eckd_image();
	struct kvm_css_eckd eckd = good_eckd(fd);
	int css_fd = uapi_css();
	unsigned int i;

	/*
	 * READONLY is bit 0 and WRITEBACK bit 2.  Bit 3 says that the descriptor has
	 * O_DIRECT, which it hasn't.
	 */
	for (i = 0; i < 32; i++) {
		if (i == 0 || i == 2)
			continue;
		eckd.flags = 1u << i;
		eckd_refused(css_fd, &eckd, EINVAL, "flag");
	}
	eckd = good_eckd(fd);
	eckd.reserved = 1;
	eckd_refused(css_fd, &eckd, EINVAL, "reserved");
	for (i = 0; i < sizeof(eckd.reserved2); i++) {
		eckd = good_eckd(fd);
		eckd.reserved2[i] = 1;
		eckd_refused(css_fd, &eckd, EINVAL, "reserved2");
	}
	for (i = 0; i < sizeof(eckd.serial); i++) {
		eckd = good_eckd(fd);
		eckd.serial[i] = 'a';
		eckd_refused(css_fd, &eckd, EINVAL, "lower-case serial");
	}
	eckd = good_eckd(-1);
	eckd_refused(css_fd, &eckd, EBADF, "-1");
	close(css_fd);
	close(fd);
}

static void add_eckd_image(void)
{
	int fd = eckd_image();
	struct kvm_css_eckd eckd = good_eckd(fd);
	int css_fd = uapi_css();

	eckd.cylinders = 3;
	eckd_refused(css_fd, &eckd, EINVAL, "3 cylinders of 2");
	eckd.cylinders = 0;
	if (pwrite(fd, "CKD_C370", 8, 0) != 8)
		die("image");
	eckd_refused(css_fd, &eckd, EINVAL, "a compressed image");
	close(css_fd);
	close(fd);
}

static void kind_refused(int css_fd, int fd, const char *what)
{
	struct kvm_css_fba fba = good_fba(fd);

	if (fd < 0)
		die("open: %s", what);
	fba_refused(css_fd, &fba, EINVAL, what);
	fba.flags = KVM_CSS_FBA_READONLY;
	fba_refused(css_fd, &fba, EINVAL, what);
	close(fd);
}

static void add_fba_kind(void)
{
	int css_fd = uapi_css();
	int pair[2];

	kind_refused(css_fd, open("/tmp", O_RDONLY | O_DIRECTORY), "directory");
	kind_refused(css_fd, open("/dev/null", O_RDWR), "character device");
	kind_refused(css_fd, open(KVM_CSS_DEV, O_RDWR), KVM_CSS_DEV);
	if (pipe(pair))
		die("pipe");
	kind_refused(css_fd, pair[0], "pipe");
	close(pair[1]);
	kind_refused(css_fd, socket(AF_UNIX, SOCK_STREAM, 0), "socket");
	kind_refused(css_fd, epoll_create1(0), "epoll");
	kind_refused(css_fd, dup(css_fd), "the channel subsystem itself");
	close(css_fd);
}

static void add_fba_mode(void)
{
	int file = backing_file(DISK_BLOCKS * FBA_BLOCK);
	struct kvm_css_fba fba = good_fba(0);
	int css_fd = uapi_css();

	fba.backing_fd = backing_reopen(file, O_RDONLY);
	fba_refused(css_fd, &fba, EACCES, "O_RDONLY without READONLY");
	fba.flags = KVM_CSS_FBA_READONLY;
	fba_accepted(css_fd, &fba, "O_RDONLY with READONLY");
	close(fba.backing_fd);
	fba.flags = 0;
	fba.backing_fd = backing_reopen(file, O_WRONLY);
	fba_refused(css_fd, &fba, EACCES, "O_WRONLY");
	fba.flags = KVM_CSS_FBA_READONLY;
	fba_refused(css_fd, &fba, EACCES, "O_WRONLY with READONLY");
	close(fba.backing_fd);
	fba.flags = 0;
	fba.backing_fd = backing_reopen(file, O_RDWR | O_APPEND);
	fba_refused(css_fd, &fba, EACCES, "O_APPEND");
	close(fba.backing_fd);
	fba.backing_fd = file;
	fba.flags = KVM_CSS_FBA_READONLY;
	fba_accepted(css_fd, &fba, "O_RDWR with READONLY");
	close(css_fd);
	close(file);
}

static void add_fba_size(void)
{
	int file = backing_file(DISK_BLOCKS * FBA_BLOCK + 511);
	struct kvm_css_fba fba = good_fba(file);
	int css_fd = uapi_css();

	fba.blocks = DISK_BLOCKS + 1;
	fba_refused(css_fd, &fba, EINVAL, "one block more");
	fba.blocks = ~0ul;
	fba_refused(css_fd, &fba, EINVAL, "2^64 - 1 blocks");
	fba.blocks = DISK_BLOCKS;
	fba_accepted(css_fd, &fba, "all blocks");
	fba.blocks = 1;
	fba_accepted(css_fd, &fba, "one block");
	close(file);
	fba.blocks = 0;
	fba.backing_fd = backing_file(511);
	fba_refused(css_fd, &fba, EINVAL, "511 bytes");
	close(fba.backing_fd);
	fba.backing_fd = backing_file(0);
	fba_refused(css_fd, &fba, EINVAL, "empty");
	close(fba.backing_fd);
	close(css_fd);
}

static void add_fba_huge(void)
{
	u64 most = 0xfffffffful;
	/* The file is sparse, but some file systems have no files of 2 TiB. */
	int file = backing_file(0);
	struct kvm_css_fba fba = good_fba(file);
	int css_fd;

	if (ftruncate(file, (most + 1) * FBA_BLOCK)) {
		ktap_skip("no file of 2 TiB in /tmp: %s", strerror(errno));
		close(file);
		return;
	}
	css_fd = uapi_css();
	fba.blocks = most;
	fba_accepted(css_fd, &fba, "2^32 - 1 blocks");
	fba.blocks = most + 1;
	fba_refused(css_fd, &fba, EINVAL, "2^32 blocks");
	fba.blocks = 0;
	fba_refused(css_fd, &fba, EINVAL, "all of 2^32 blocks");
	close(css_fd);
	close(file);
}

static void add_fba_models(void)
{
	int file = backing_file(DISK_BLOCKS * FBA_BLOCK);
	struct kvm_css_fba fba = good_fba(file);
	struct kvm_css_query query;
	int css_fd = uapi_css();

	fba_accepted(css_fd, &fba, "9336");
	fba.model = KVM_CSS_FBA_MODEL_3370;
	ktap_check(!css_add_fba(css_fd, SID(0, 1), 1, &fba), "3370: %s",
		   strerror(errno));
	css_query(css_fd, SID(0, 1), 0, &query);
	ktap_check(query.type == KVM_CSS_TYPE_FBA, "type");
	close(css_fd);
	close(file);
}

/* True if nobody else has the file open. */
static bool unused(int file)
{
	/* A write lease is only given on a file that is open nowhere else. */
	bool only = !fcntl(file, F_SETLEASE, F_WRLCK);

	fcntl(file, F_SETLEASE, F_UNLCK);
	return only;
}

static void add_fba_reference(void)
{
	int file = backing_file(DISK_BLOCKS * FBA_BLOCK);
	bool leases = unused(file);
	int other = backing_reopen(file, O_RDWR);
	struct kvm_css_fba fba = good_fba(other);
	int css_fd = uapi_css();

	if (!leases)
		ktap_skip("this kernel has no file leases, which the test needs");
	ktap_check(!css_add_fba(css_fd, SID(0, 1), 1, &fba), "ADD: %s",
		   strerror(errno));
	close(other);
	ktap_check(!unused(file), "the subchannel has the file");
	ktap_check(!css_remove(css_fd, SID(0, 1)), "REMOVE: %s",
		   strerror(errno));
	ktap_check(!leases || unused(file), "REMOVE lets the file go");
	close(css_fd);
	close(file);
}

static void add_refused_file(void)
{
	int file = backing_file(DISK_BLOCKS * FBA_BLOCK);
	bool leases = unused(file);
	int other = backing_reopen(file, O_RDWR);
	struct kvm_css_fba fba = good_fba(other);
	int css_fd = uapi_css();

	if (!leases)
		ktap_skip("this kernel has no file leases, which the test needs");
	fba.blocks = DISK_BLOCKS + 1;
	fba_refused(css_fd, &fba, EINVAL, "too many blocks");
	css_add_test(css_fd, SID(2, 7), 7, 0);
	fba.blocks = 0;
	ktap_check(css_add_fba(css_fd, SID(2, 7), 7, &fba) &&
		   errno == EEXIST, "a subchannel that is there");
	close(other);
	ktap_check(!leases || unused(file), "nobody has the file any more");
	close(css_fd);
	close(file);
}

const struct ktap_case uapi_add_cases[] = {
	{ "ADD: size and unknown bytes", add_structure },
	{ "ADD: a flag is EINVAL", add_flags, true },
	{ "ADD: each reserved byte is EINVAL", add_reserved, true },
	{ "ADD: an unknown type is EINVAL", add_type, true },
	{ "ADD: a subchannel set above 3 is EINVAL", add_ssid, true },
	{ "ADD: a subchannel that is there is EEXIST", add_duplicate },
	{ "ADD: a device number that the set has is ENOTUNIQ",
	  add_same_devno },
	{ "ADD: beside the VMM's, one that it is notified of is EADDRINUSE",
	  add_beside },
	{ "ADD: subchannels 0 and 65535 in sets 0 to 3", add_every_set, true },
	{ "ADD: the SCHIB of a new subchannel", add_schib },
	{ "ADD: a device argument that can't be read is EFAULT",
	  add_device_pointer },
	{ "ADD test: size and unknown bytes", add_test_structure, true },
	{ "ADD test: an unknown flag is EINVAL", add_test_flags, true },
	{ "ADD FBA: size and unknown bytes", add_fba_structure, true },
	{ "ADD FBA: an unknown flag or model is EINVAL", add_fba_flags, true },
	{ "ADD FBA: a descriptor that isn't open is EBADF",
	  add_fba_descriptor, true },
	{ "ADD FBA: neither file nor block device is EINVAL",
	  add_fba_kind, true },
	{ "ADD FBA: not open for that is EACCES", add_fba_mode, true },
	{ "ADD FBA: more blocks than there are is EINVAL",
	  add_fba_size, true },
	{ "ADD FBA: 2^32 - 1 blocks at most", add_fba_huge, true },
	{ "ADD FBA: both models", add_fba_models },
	{ "ADD FBA: the backing descriptor may be closed",
	  add_fba_reference },
	{ "ADD FBA: refused, it lets the file go", add_refused_file },
	{ "ADD ECKD: size and unknown bytes", add_eckd_structure, true },
	{ "ADD ECKD: flags, reserved fields, serial numbers, descriptors",
	  add_eckd_fields, true },
	{ "ADD ECKD: no image of so many cylinders is EINVAL",
	  add_eckd_image, true },
};

const unsigned int uapi_add_nr = ARRAY_SIZE(uapi_add_cases);
