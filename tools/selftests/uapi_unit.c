// SPDX-License-Identifier: GPL-2.0
/*
 * The user ABI: devices that a process models, KVM_CSS_SERVE, and the calls on the
 * descriptor that it returns.  There is no guest, so there are no commands; the theme
 * "user" has these.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "uapi.h"
#include "unit_calls.h"

#define USER_SID	SID(2, 7)
#define TEST_SID	SID(2, 8)
#define VACANT_SID	SID(2, 9)
#define NOBODY		65534
#define PAGE		4096u
/* Any of attention, control-unit end, device end, unit check and unit exception */
#define UNSOLICITED	0xa7

static const struct kvm_css_user good_user = {
	.size = sizeof(good_user),
	.area = 2 * PAGE,
	.id_len = 12,
	.sense3 = 0x43,
	.id = { 0xff, 0x34, 0x90, 0x10, 0x34, 0x90, 0x11, 0x00, 0x40, 0xfa, 0, 4 },
};

static struct kvm_css_serve good_serve(void)
{
	return (struct kvm_css_serve){
		.size = sizeof(struct kvm_css_serve),
		.schid = SID_SCHID(USER_SID),
		.ssid = SID_SSID(USER_SID),
	};
}

static int css_with_user(void)
{
	int css_fd = uapi_css();

	if (css_add_user(css_fd, USER_SID, 7, &good_user))
		die("KVM_CSS_ADD");
	return css_fd;
}

/* A unit that has been told that it begins */
static void served(int css_fd, struct unit *unit)
{
	if (unit_open(unit, css_fd, USER_SID, 0) ||
	    unit_exchange(unit, 0, NULL))
		die("KVM_CSS_SERVE");
}

static void expect(int error, int expected, const char *what)
{
	ktap_check(error == expected, "%s: expected %s, found %s", what,
		   strerrorname_np(expected), strerrorname_np(error));
}

/* --- ADD --- */

static int add(int css_fd, const struct kvm_css_user *user)
{
	int error = css_add_user(css_fd, USER_SID, 7, user) ? errno : 0;

	ktap_check(uapi_count(css_fd) == !error, "subchannels after %s",
		   strerrorname_np(error));
	if (!error)
		css_remove(css_fd, USER_SID);
	return error;
}

static void add_size(int css_fd, u32 size, u8 behind, int expected)
{
	union {
		struct kvm_css_user user;
		u8 bytes[PAGE + 8];
	} arg = { .user = good_user };

	arg.user.size = size;
	arg.bytes[sizeof(arg.user)] = behind;
	ktap_check(add(css_fd, &arg.user) == expected,
		   "size %u, behind it %u: expected %s", size, behind,
		   strerrorname_np(expected));
}

static void add_structure(void)
{
	const u32 size = sizeof(struct kvm_css_user);
	int css_fd = uapi_css();
	struct kvm_css_user user;
	unsigned int i;

	add_size(css_fd, 0, 0, EINVAL);
	add_size(css_fd, size - 1, 0, EINVAL);
	add_size(css_fd, size, 1, 0);
	add_size(css_fd, size + 8, 0, 0);
	add_size(css_fd, size + 8, 1, E2BIG);
	add_size(css_fd, PAGE, 0, 0);
	add_size(css_fd, PAGE + 1, 0, E2BIG);
	for (i = 0; i < 32; i++) {
		user = good_user;
		user.flags = 1u << i;
		expect(add(css_fd, &user), EINVAL, "flag");
	}
	for (i = 0; i < sizeof(user.reserved); i++) {
		user = good_user;
		user.reserved[i] = 0x80;
		expect(add(css_fd, &user), EINVAL, "reserved");
	}
	close(css_fd);
}

static void add_area(void)
{
	static const struct {
		u32 area;
		int error;
	} rows[] = {
		{ 0 }, { PAGE }, { 1 << 20 },
		{ 1, EINVAL }, { PAGE - 1, EINVAL }, { PAGE + 1, EINVAL },
		{ (1 << 20) + PAGE, EINVAL }, { 0x80000000, EINVAL },
		{ 0xfffff000, EINVAL }, { 0xffffffff, EINVAL },
	};
	struct kvm_css_user user = good_user;
	int css_fd = uapi_css();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		user.area = rows[i].area;
		ktap_check(add(css_fd, &user) == rows[i].error, "area %u",
			   rows[i].area);
	}
	close(css_fd);
}

static bool id_length_valid(u32 len)
{
	return len == 7 || (len >= 12 && len <= 40 && !(len % 4));
}

static void add_id(void)
{
	struct kvm_css_user user = good_user;
	int css_fd = uapi_css();
	u32 len;

	memset(user.id + 8, 0, sizeof(user.id) - 8);
	for (len = 0; len < 256; len++) {
		user.id_len = len;
		ktap_check(add(css_fd, &user) ==
			   (id_length_valid(len) ? 0 : EINVAL), "length %u", len);
	}
	user = good_user;
	user.id[0] = 0xfe;
	expect(add(css_fd, &user), EINVAL, "the first byte isn't ff");
	user = good_user;
	user.id[7] = 1;
	expect(add(css_fd, &user), EINVAL, "byte 7 isn't zero");
	for (len = 12; len < sizeof(user.id); len++) {
		user = good_user;
		user.id[len] = 1;
		expect(add(css_fd, &user), EINVAL, "a byte behind the length");
	}
	user = good_user;
	user.id_len = 7;
	expect(add(css_fd, &user), EINVAL, "command-information words behind it");
	close(css_fd);
}

static void get_device(void)
{
	struct kvm_css_device device = {
		.size = sizeof(device),
		.schid = SID_SCHID(USER_SID), .ssid = SID_SSID(USER_SID),
	};
	struct kvm_css_user user = good_user;
	int css_fd = css_with_user();

	memset(device.bytes, 0xff, sizeof(device.bytes));
	memset(device.backing, 0xff, sizeof(device.backing));
	uapi_ioctl(css_fd, KVM_CSS_GET_DEVICE, &device, UAPI_OK, "GET_DEVICE");
	ktap_check(device.type == KVM_CSS_TYPE_USER, "type %u", device.type);
	ktap_check(!memcmp(&device.user, &good_user, sizeof(good_user)),
		   "size %u, flags %x, area %u, length %u", device.user.size,
		   device.user.flags, device.user.area, device.user.id_len);
	ktap_check(!memchr(device.bytes + sizeof(user), 0xff,
			   sizeof(device.bytes) - sizeof(user)),
		   "expected zeros behind it");
	ktap_check(!device.backing[0], "a backing");
	css_remove(css_fd, USER_SID);
	user.area = 0;
	css_add_user(css_fd, USER_SID, 7, &user);
	uapi_ioctl(css_fd, KVM_CSS_GET_DEVICE, &device, UAPI_OK, "GET_DEVICE");
	ktap_check(device.user.area == 65536, "area %u", device.user.area);
	close(css_fd);
}

/* --- SERVE --- */

static void close_new(int fd, int rc)
{
	(void)fd;
	close(rc);
}

static void serve_structure(void)
{
	struct kvm_css_serve arg = good_serve();
	int css_fd = css_with_user();
	unsigned int i;

	uapi_sizes(css_fd, KVM_CSS_SERVE, &arg, sizeof(arg), close_new);
	for (arg.flags = 2; arg.flags; arg.flags <<= 1)
		uapi_ioctl(css_fd, KVM_CSS_SERVE, &arg, EINVAL, "flag");
	for (i = 0; i < sizeof(arg.reserved); i++) {
		arg = good_serve();
		arg.reserved[i] = 0x80;
		uapi_ioctl(css_fd, KVM_CSS_SERVE, &arg, EINVAL, "reserved");
	}
	close(css_fd);
}

/* Leave no descriptor for the next call.  Return: the limit as it was. */
static struct rlimit no_descriptor(void)
{
	int free_fd = dup(STDOUT_FILENO);
	struct rlimit limit, none;

	close(free_fd);
	getrlimit(RLIMIT_NOFILE, &limit);
	none = limit;
	none.rlim_cur = free_fd;
	setrlimit(RLIMIT_NOFILE, &none);
	return limit;
}

static void serve_arguments(void)
{
	struct kvm_css_add vacant = {
		.size = sizeof(vacant),
		.type = KVM_CSS_TYPE_NONE,
		.schid = SID_SCHID(VACANT_SID), .ssid = SID_SSID(VACANT_SID),
	};
	struct kvm_css_serve arg = good_serve();
	int css_fd = css_with_user(), fd;
	struct rlimit limit;

	if (css_add_test(css_fd, TEST_SID, 8, 0) ||
	    ioctl(css_fd, KVM_CSS_ADD, &vacant))
		die("KVM_CSS_ADD");
	arg.ssid = 4;
	uapi_ioctl(css_fd, KVM_CSS_SERVE, &arg, EINVAL, "set 4");
	arg = good_serve();
	arg.schid = 10;
	uapi_ioctl(css_fd, KVM_CSS_SERVE, &arg, ENODEV, "absent");
	arg.schid = SID_SCHID(VACANT_SID);
	uapi_ioctl(css_fd, KVM_CSS_SERVE, &arg, ENODEV, "without a device");
	arg.schid = SID_SCHID(TEST_SID);
	uapi_ioctl(css_fd, KVM_CSS_SERVE, &arg, EINVAL, "a test control unit");
	arg = good_serve();
	fd = uapi_ioctl(css_fd, KVM_CSS_SERVE, &arg, UAPI_OK, "SERVE");
	ktap_check(fcntl(fd, F_GETFD) == FD_CLOEXEC, "closed on exec");
	uapi_ioctl(css_fd, KVM_CSS_SERVE, &arg, EBUSY, "served");
	/* A descriptor comes before the other unit in the order of checks. */
	limit = no_descriptor();
	uapi_ioctl(css_fd, KVM_CSS_SERVE, &arg, EMFILE, "no descriptor left");
	arg.flags = KVM_CSS_SERVE_TAKE;
	uapi_ioctl(css_fd, KVM_CSS_SERVE, &arg, EMFILE, "TAKE, no descriptor");
	setrlimit(RLIMIT_NOFILE, &limit);
	ktap_check(!unit_busy(fd, 0) || errno == ESTALE,
		   "the other one serves no more");
	close(uapi_ioctl(css_fd, KVM_CSS_SERVE, &arg, UAPI_OK, "TAKE"));
	expect(unit_busy(fd, 0), ENODEV, "BUSY of the unit that was taken away");
	close(fd);
	close(css_fd);
}

static void serve_look(void)
{
	struct kvm_css_open arg = {
		.size = sizeof(arg), .flags = KVM_CSS_OPEN_LOOK,
	};
	int dev_fd = open(KVM_CSS_DEV, O_RDWR | O_CLOEXEC), css_fd, look_fd;
	struct kvm_css_serve serve = good_serve();

	arg.vm_fd = uapi_vm();
	css_fd = css_attach(arg.vm_fd, 0);
	css_add_user(css_fd, USER_SID, 7, &good_user);
	look_fd = uapi_ioctl(dev_fd, KVM_CSS_OPEN, &arg, UAPI_OK, "LOOK");
	uapi_ioctl(look_fd, KVM_CSS_SERVE, &serve, EBADF, "it only looks");
	close(look_fd);
	close(css_fd);
	close(arg.vm_fd);
	close(dev_fd);
}

/* --- the unit --- */

static void unit_unknown(void)
{
	int css_fd = css_with_user();
	struct unit unit;
	char byte = 0;

	served(css_fd, &unit);
	uapi_ioctl(unit.fd, _IO(KVM_CSS_IOC, 0x34), NULL, ENOTTY, "number 34");
	uapi_ioctl(unit.fd, KVM_CSS_RESET, NULL, ENOTTY, "RESET");
	uapi_ioctl(css_fd, KVM_CSS_UNIT_INFO, NULL, ENOTTY,
		   "INFO of a channel subsystem");
	ktap_check(read(unit.fd, &byte, 1) < 0, "it can't be read");
	ktap_check(write(unit.fd, &byte, 1) < 0, "it can't be written");
	unit_close(&unit);
	close(css_fd);
}

/* A page that can be read and not written, with this at its beginning */
static void *read_only(const void *arg, u32 size)
{
	static void *page;

	if (!page)
		page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED || mprotect(page, PAGE, PROT_READ | PROT_WRITE))
		die("mmap");
	memcpy(page, arg, size);
	if (mprotect(page, PAGE, PROT_READ))
		die("mprotect");
	return page;
}

static void info(void)
{
	struct kvm_css_unit_info arg = { .size = sizeof(arg) }, found;
	int css_fd = css_with_user();
	struct unit unit;

	served(css_fd, &unit);
	uapi_sizes(unit.fd, KVM_CSS_UNIT_INFO, &arg, sizeof(arg), NULL);
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_INFO, read_only(&arg, sizeof(arg)),
		   EFAULT, "it can't be written");
	for (arg.flags = 1; arg.flags; arg.flags <<= 1)
		uapi_ioctl(unit.fd, KVM_CSS_UNIT_INFO, &arg, EINVAL, "flag");
	memset(&arg, 0xff, sizeof(arg));
	arg.size = sizeof(arg);
	arg.flags = 0;
	unit_busy(unit.fd, KVM_CSS_BUSY_DEVICE);
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_INFO, &arg, UAPI_OK, "INFO");
	found = (struct kvm_css_unit_info){
		.size = sizeof(found), .version = KVM_CSS_VERSION,
		.area = 2 * PAGE, .schid = 7, .devno = 7, .ssid = 2,
		.halt_ms = 1000, .busy = KVM_CSS_BUSY_DEVICE,
	};
	ktap_check(!memcmp(&arg, &found, sizeof(arg)),
		   "version %u, area %u, %x.%04x, device %04x, halt_ms %u, busy %x, command %llu",
		   arg.version, arg.area, arg.ssid, arg.schid, arg.devno,
		   arg.halt_ms, arg.busy, arg.command);
	css_remove(css_fd, USER_SID);
	arg.flags = 1;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_INFO, &arg, EINVAL, "flag, and dead");
	arg.flags = 0;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_INFO, &arg, ENODEV, "dead");
	unit_close(&unit);
	close(css_fd);
}

static const struct kvm_css_exchange good_exchange = {
	.size = sizeof(good_exchange),
};

static void exchange_structure(void)
{
	struct kvm_css_exchange arg = good_exchange;
	int css_fd = css_with_user();
	struct unit unit;

	served(css_fd, &unit);
	uapi_sizes_from(unit.fd, KVM_CSS_UNIT_EXCHANGE, &arg, 144, sizeof(arg),
			NULL);
	for (arg.flags = 32; arg.flags; arg.flags <<= 1)
		uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, &arg, EINVAL, "flag");
	arg.flags = KVM_CSS_EXCHANGE_CHAIN;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, &arg, UAPI_OK, "CHAIN");
	arg.nr_done = 1;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, &arg, EINVAL,
		   "commands before, without an answer");
	arg.nr_done = 0;
	arg.size = 144;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, &arg, EINVAL,
		   "CHAIN, and the size of version 6");
	arg = good_exchange;
	arg.flags = KVM_CSS_EXCHANGE_ANSWER | KVM_CSS_EXCHANGE_ONLY_ANSWER;
	arg.answer = unit_end(1, UNIT_ENDED, 0);
	arg.nr_done = KVM_CSS_NEXT;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, &arg, ESTALE,
		   "as many commands before as there can be");
	arg.nr_done = KVM_CSS_NEXT + 1;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, &arg, EINVAL,
		   "more commands before than there can be");
	arg = good_exchange;
	arg.flags = KVM_CSS_EXCHANGE_ONLY_ANSWER;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, &arg, EINVAL,
		   "ONLY_ANSWER without an answer");
	arg.flags |= KVM_CSS_EXCHANGE_ANSWER;
	arg.answer = unit_end(1, UNIT_ENDED, 0);
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, &arg, ESTALE, "ONLY_ANSWER");
	arg.flags |= KVM_CSS_EXCHANGE_WAIT;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, &arg, EINVAL,
		   "ONLY_ANSWER and WAIT");
	arg.flags ^= KVM_CSS_EXCHANGE_WAIT | KVM_CSS_EXCHANGE_AGAIN;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, &arg, EINVAL,
		   "ONLY_ANSWER and AGAIN");
	arg = good_exchange;
	arg.answer.reserved2[3] = 1;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, &arg, EINVAL,
		   "a byte of an answer without the flag");
	/* What is written isn't looked at. */
	arg = good_exchange;
	memset(&arg.command, 0xff, sizeof(arg.command));
	arg.events = 0xffffffff;
	arg.reserved = 0xffffffff;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, &arg, UAPI_OK, "EXCHANGE");
	ktap_check(!memcmp(&arg, &good_exchange, sizeof(arg)),
		   "command %llu, events %x", arg.command.seq, arg.events);
	unit_close(&unit);
	close(css_fd);
}

/* An event is not lost when it can't be written. */
static void exchange_fault(void)
{
	struct kvm_css_exchange arg = good_exchange;
	int css_fd = css_with_user();
	struct unit unit;

	if (unit_open(&unit, css_fd, USER_SID, 0))
		die("KVM_CSS_SERVE");
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, read_only(&arg, sizeof(arg)),
		   EFAULT, "it can't be written");
	unit_exchange(&unit, 0, NULL);
	ktap_check(unit.events == KVM_CSS_EVENT_BEGIN, "events %x", unit.events);
	unit_close(&unit);
	close(css_fd);
}

/* Return: how an answer ends; there is no command, so a good one is ESTALE. */
static int answer(int fd, const struct kvm_css_answer *answer)
{
	struct unit unit = { .fd = fd };

	return unit_exchange(&unit, 0, answer);
}

static void answer_fields(void)
{
	struct kvm_css_answer good = unit_end(1, UNIT_ENDED, 0), bad;
	int css_fd = css_with_user();
	struct unit unit;
	u32 i;

	served(css_fd, &unit);
	expect(answer(unit.fd, &good), ESTALE, "a good answer");
	for (i = 1; i < 8; i++) {
		bad = good;
		bad.flags = 1 << i;
		expect(answer(unit.fd, &bad), EINVAL, "flag of an answer");
	}
	bad = good;
	bad.reserved = 1;
	expect(answer(unit.fd, &bad), EINVAL, "reserved");
	for (i = 0; i < ARRAY_SIZE(bad.reserved2); i++) {
		bad = good;
		bad.reserved2[i] = 1;
		expect(answer(unit.fd, &bad), EINVAL, "reserved2");
	}
	bad = unit_immediate(1);
	expect(answer(unit.fd, &bad), ESTALE, "immediate");
	bad.count = 1;
	expect(answer(unit.fd, &bad), EINVAL, "immediate with a count");
	bad = unit_end(1, UNIT_REFUSED, 0);
	expect(answer(unit.fd, &bad), ESTALE, "refused");
	bad.flags = KVM_CSS_ANSWER_IMMEDIATE;
	expect(answer(unit.fd, &bad), EINVAL, "refused, and immediate");
	bad = unit_end(1, UNIT_REFUSED, 1);
	expect(answer(unit.fd, &bad), EINVAL, "refused with a count");
	unit_close(&unit);
	close(css_fd);
}

static void answer_sense(void)
{
	int css_fd = css_with_user();
	struct kvm_css_answer bad;
	struct unit unit;
	u32 i;

	served(css_fd, &unit);
	for (i = 0; i < 256; i++) {
		bad = unit_end(1, UNIT_ENDED | KVM_CSS_STATUS_UNIT_CHECK, 0);
		bad.sense_len = i;
		ktap_check(answer(unit.fd, &bad) ==
			   (i && i <= 32 ? ESTALE : EINVAL), "%u sense bytes", i);
	}
	for (i = 1; i < 32; i++) {
		bad.sense_len = i;
		bad.sense[i] = 1;
		expect(answer(unit.fd, &bad), EINVAL, "a byte behind them");
		bad.sense[i] = 0;
	}
	bad = unit_end(1, UNIT_ENDED, 0);
	bad.sense_len = 1;
	expect(answer(unit.fd, &bad), EINVAL, "a length without unit check");
	bad.sense_len = 0;
	bad.sense[31] = 1;
	expect(answer(unit.fd, &bad), EINVAL, "a byte without unit check");
	unit_close(&unit);
	close(css_fd);
}

/* The table of statuses in user-abi-unit.rst */
static bool answer_status_valid(u8 status)
{
	const u8 ended = 0x0c, modifier = 0x40, busy = 0x10, check = 0x02;

	if (status == check || status == (ended | modifier))
		return true;
	return status & KVM_CSS_STATUS_CHANNEL_END &&
	       !(status & (modifier | busy));
}

static bool end_status_valid(u8 status)
{
	return status == 0x44 || (status & KVM_CSS_STATUS_DEVICE_END &&
				  !(status & ~UNSOLICITED));
}

static void statuses(void)
{
	int css_fd = css_with_user(), found;
	struct kvm_css_answer end;
	struct unit unit;
	u32 status;

	served(css_fd, &unit);
	for (status = 0; status < 256; status++) {
		end = unit_end(1, status, 0);
		ktap_check(answer(unit.fd, &end) ==
			   (answer_status_valid(status) ? ESTALE : EINVAL),
			   "status %02x of an answer", status);
		ktap_check(unit_present(unit.fd, 1, status) ==
			   (end_status_valid(status) ? ESTALE : EINVAL),
			   "status %02x of an operation", status);
		found = unit_present(unit.fd, 0, status);
		ktap_check((found == EINVAL) ==
			   (!status || status & ~UNSOLICITED),
			   "unsolicited status %02x: %s", status,
			   strerrorname_np(found));
	}
	unit_close(&unit);
	close(css_fd);
}

static const struct kvm_css_present good_present = {
	.size = sizeof(good_present),
	.status = KVM_CSS_STATUS_ATTENTION,
};

static void present(void)
{
	struct kvm_css_present arg = good_present;
	int css_fd = css_with_user();
	struct unit unit;
	u32 i;

	if (unit_open(&unit, css_fd, USER_SID, 0))
		die("KVM_CSS_SERVE");
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_PRESENT, &arg, ESTALE,
		   "before it knows that it begins");
	arg.status = 0;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_PRESENT, &arg, EINVAL,
		   "the same, with no status");
	arg = good_present;
	unit_exchange(&unit, 0, NULL);
	uapi_sizes(unit.fd, KVM_CSS_UNIT_PRESENT, &arg, sizeof(arg), NULL);
	for (arg.flags = 1; arg.flags; arg.flags <<= 1)
		uapi_ioctl(unit.fd, KVM_CSS_UNIT_PRESENT, &arg, EINVAL, "flag");
	for (i = 0; i < sizeof(arg.reserved); i++) {
		arg = good_present;
		arg.reserved[i] = 1;
		uapi_ioctl(unit.fd, KVM_CSS_UNIT_PRESENT, &arg, EINVAL,
			   "reserved");
	}
	arg = good_present;
	arg.sense_len = 1;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_PRESENT, &arg, EINVAL,
		   "sense bytes without unit check");
	arg.status = KVM_CSS_STATUS_UNIT_CHECK;
	arg.sense_len = 33;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_PRESENT, &arg, EINVAL, "33 sense bytes");
	/* While the channel subsystem is quiesced, status is kept. */
	if (css_quiesce(css_fd, 10000))
		die("KVM_CSS_QUIESCE");
	expect(unit_present(unit.fd, 0, KVM_CSS_STATUS_UNIT_CHECK), 0,
	       "unit check");
	expect(unit_present(unit.fd, 0, KVM_CSS_STATUS_ATTENTION), 0,
	       "attention beside it");
	expect(unit_present(unit.fd, 0, KVM_CSS_STATUS_UNIT_CHECK), EBUSY,
	       "unit check beside it");
	css_remove(css_fd, USER_SID);
	expect(unit_present(unit.fd, 0, KVM_CSS_STATUS_UNIT_CHECK), ENODEV,
	       "dead");
	expect(unit_present(unit.fd, 0, 0), EINVAL, "dead, and no status");
	unit_close(&unit);
	close(css_fd);
}

static void busy(void)
{
	struct kvm_css_unit_busy arg = { .size = sizeof(arg) };
	int css_fd = css_with_user();
	struct unit unit;

	if (unit_open(&unit, css_fd, USER_SID, 0))
		die("KVM_CSS_SERVE");
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_BUSY, &arg, ESTALE,
		   "before it knows that it begins");
	unit_exchange(&unit, 0, NULL);
	uapi_sizes(unit.fd, KVM_CSS_UNIT_BUSY, &arg, sizeof(arg), NULL);
	arg.flags = KVM_CSS_BUSY_DEVICE | KVM_CSS_BUSY_CONTROL_UNIT;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_BUSY, &arg, UAPI_OK, "both");
	for (arg.flags = 4; arg.flags; arg.flags <<= 1)
		uapi_ioctl(unit.fd, KVM_CSS_UNIT_BUSY, &arg, EINVAL, "flag");
	css_remove(css_fd, USER_SID);
	expect(unit_busy(unit.fd, 4), EINVAL, "dead, and a flag");
	expect(unit_busy(unit.fd, 0), ENODEV, "dead");
	unit_close(&unit);
	close(css_fd);
}

/* The order in which EXCHANGE looks at things, on a unit that is dead */
static void exchange_dead(void)
{
	struct kvm_css_answer bad = unit_end(1, 0, 0), good;
	struct kvm_css_exchange arg = good_exchange;
	int css_fd = css_with_user();
	struct unit unit;

	served(css_fd, &unit);
	css_remove(css_fd, USER_SID);
	arg.flags = 32;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, read_only(&arg, sizeof(arg)),
		   EINVAL, "a flag, and it can't be written");
	arg.flags = 0;
	uapi_ioctl(unit.fd, KVM_CSS_UNIT_EXCHANGE, read_only(&arg, sizeof(arg)),
		   EFAULT, "it can't be written");
	expect(unit_exchange(&unit, 0, &bad), ENODEV, "an answer that is none");
	expect(unit_exchange(&unit, KVM_CSS_EXCHANGE_ONLY_ANSWER, &bad), EINVAL,
	       "the same with ONLY_ANSWER");
	good = unit_end(1, UNIT_ENDED, 0);
	expect(unit_exchange(&unit, KVM_CSS_EXCHANGE_ONLY_ANSWER, &good), ENODEV,
	       "an answer with ONLY_ANSWER");
	expect(unit_exchange(&unit, KVM_CSS_EXCHANGE_WAIT, NULL), ENODEV, "WAIT");
	unit_close(&unit);
	close(css_fd);
}

/* Return: how mmap() ends. */
static int map(int fd, u32 len, int flags, u32 offset, u8 first)
{
	u8 *area = mmap(NULL, len, PROT_READ | PROT_WRITE, flags, fd, offset);
	u32 i;

	if (area == MAP_FAILED)
		return errno;
	for (i = 0; i < len; i++)
		ktap_check(area[i] == (i ? 0 : first), "byte %u is %02x", i,
			   area[i]);
	area[0] = 0x5a;
	munmap(area, len);
	return 0;
}

static void mapped(void)
{
	int css_fd = css_with_user();
	int fd = css_serve(css_fd, USER_SID, 0);

	expect(map(fd, 2 * PAGE, MAP_SHARED, 0, 0), 0, "all of it");
	expect(map(fd, PAGE, MAP_SHARED, 0, 0x5a), 0, "its first page");
	expect(map(fd, PAGE, MAP_PRIVATE, 0, 0), EINVAL, "a private mapping");
	expect(map(fd, PAGE, MAP_SHARED, PAGE, 0), EINVAL, "at an offset");
	expect(map(fd, 3 * PAGE, MAP_SHARED, 0, 0), EINVAL, "more than there is");
	css_remove(css_fd, USER_SID);
	close(fd);
	close(css_fd);
}

/* Another user, who got the descriptor, may do all that the process has to do. */
static void unprivileged(void)
{
	int css_fd = css_with_user(), status;
	int fd = css_serve(css_fd, USER_SID, 0);
	pid_t pid = fork();

	if (!pid) {
		struct unit unit;

		close(css_fd);
		_exit(setgid(NOBODY) || setuid(NOBODY) || unit_map(&unit, fd) ||
		      unit_exchange(&unit, 0, NULL) ||
		      unit.events != KVM_CSS_EVENT_BEGIN ||
		      unit_present(fd, 0, KVM_CSS_STATUS_ATTENTION) ||
		      unit_busy(fd, 0));
	}
	waitpid(pid, &status, 0);
	ktap_check(!status, "expected all calls to work, status %x", status);
	close(fd);
	close(css_fd);
}

static void state(void)
{
	struct kvm_css_state saved;
	int css_fd = css_with_user(), fd;

	ktap_check(!css_get_state(css_fd, USER_SID, &saved), "GET_STATE: %s",
		   strerror(errno));
	ktap_check(saved.type == KVM_CSS_TYPE_USER, "type %u", saved.type);
	ktap_check(!css_set_state(css_fd, &saved), "SET_STATE: %s",
		   strerror(errno));
	fd = css_serve(css_fd, USER_SID, 0);
	ktap_check(css_set_state(css_fd, &saved) && errno == EOPNOTSUPP,
		   "SET_STATE while it is served: %s", strerror(errno));
	ktap_check(css_get_state(css_fd, USER_SID, &saved) &&
		   errno == EOPNOTSUPP, "GET_STATE while it is served: %s",
		   strerror(errno));
	close(fd);
	ktap_check(!css_get_state(css_fd, USER_SID, &saved), "GET_STATE: %s",
		   strerror(errno));
	close(css_fd);
}

/* The channel subsystem ends, and the unit keeps nothing of it but itself. */
static void keeps_nothing(void)
{
	int before = references(), css_fd = css_with_user();
	double until = now() + 20;
	struct unit unit;

	served(css_fd, &unit);
	close(css_fd);
	while (references() > before + 2 && now() < until)
		usleep(10000);
	/* Those of the unit, and of its area */
	ktap_check(references() == before + 2, "%d references",
		   references() - before);
	expect(unit_busy(unit.fd, 0), ENODEV, "BUSY");
	unit_close(&unit);
	ktap_check(references() == before, "%d references",
		   references() - before);
}

const struct ktap_case uapi_unit_cases[] = {
	{ "ADD of a device in a process: size, flags, reserved", add_structure,
	  true },
	{ "ADD of a device in a process: size of the area", add_area },
	{ "ADD of a device in a process: SENSE ID", add_id, true },
	{ "GET_DEVICE: a device in a process", get_device },
	{ "SERVE: size, flags, reserved", serve_structure, true },
	{ "SERVE: EINVAL, ENODEV, EMFILE, EBUSY", serve_arguments },
	{ "SERVE on a descriptor that only looks is EBADF", serve_look },
	{ "an unknown call of a unit is ENOTTY", unit_unknown },
	{ "UNIT_INFO", info },
	{ "UNIT_EXCHANGE: size, flags, what is written", exchange_structure },
	{ "UNIT_EXCHANGE: EFAULT loses no event", exchange_fault },
	{ "UNIT_EXCHANGE: the fields of an answer", answer_fields },
	{ "UNIT_EXCHANGE: the sense bytes of an answer", answer_sense, true },
	{ "UNIT_EXCHANGE: the order of errors of a dead unit", exchange_dead },
	{ "every status, of answers, of operations and unsolicited", statuses,
	  true },
	{ "UNIT_PRESENT", present },
	{ "UNIT_BUSY", busy },
	{ "mmap of a unit", mapped },
	{ "a unit may be used by another user", unprivileged },
	{ "GET_STATE and SET_STATE: EOPNOTSUPP while a unit serves", state },
	{ "a unit doesn't keep the channel subsystem", keeps_nothing },
};

const unsigned int uapi_unit_nr = ARRAY_SIZE(uapi_unit_cases);
