// SPDX-License-Identifier: GPL-2.0
/* Adding a subchannel with its device */
#include <sys/ioctl.h>
#include <unistd.h>

#include "cssctl.h"

/* QEMU has its subchannels in set 0. */
#define DEFAULT_SET		1
#define DEFAULT_DEVNO		0x0200
#define DEVNOS			0x10000
/* How often a number may be taken by somebody else meanwhile */
#define TRIES			16

/* The next number that there is in the set of from, with a device or not */
static bool next_in_set(int css, struct sid from, struct kvm_css_query *query)
{
	int rc = css_query(css, from,
			   KVM_CSS_QUERY_NEXT | KVM_CSS_QUERY_VACANT, query);

	if (rc && rc != -ENODEV)
		fail(STATUS_FAILED, "looking at the subchannels: %s",
		     strerror(-rc));
	return !rc && query->ssid == from.ssid;
}

/*
 * The first number of a set that has no device.  A guest stops scanning at the
 * first that isn't there, so there is no other choice.
 */
static struct sid free_sid(int css, uint8_t ssid)
{
	struct sid sid = { .ssid = ssid };
	struct kvm_css_query query;

	while (next_in_set(css, sid, &query) && query.schid == sid.schid &&
	       query.type != KVM_CSS_TYPE_NONE)
		if (!++sid.schid)
			fail(STATUS_FAILED,
			     "expected a free number in set %u, found all taken",
			     ssid);
	return sid;
}

/* A gap that the guest's scan will not get over; set 0 is shared. */
static void note_gap(int css, struct sid sid)
{
	struct sid at = { .ssid = sid.ssid };
	char name[SID_NAME_SIZE], first[SID_NAME_SIZE];
	struct kvm_css_query query;

	if (!sid.ssid)
		return;
	while (at.schid < sid.schid) {
		if (!next_in_set(css, at, &query) || query.schid != at.schid)
			break;
		at.schid++;
	}
	if (at.schid < sid.schid)
		note("there is no %s; a guest that scans the set stops there and does not find %s",
		     sid_name(at, first), sid_name(sid, name));
}

/* The device numbers that the set has, as a map; the guest's are a set each. */
static void mark_devnos(int css, uint8_t ssid, uint8_t *used)
{
	struct sid sid = { .ssid = ssid };
	struct kvm_css_query query;

	while (next_in_set(css, sid, &query)) {
		if (query.type != KVM_CSS_TYPE_NONE)
			used[query.devno / 8] |= 1 << query.devno % 8;
		sid.schid = query.schid + 1;
		if (!sid.schid)
			break;
	}
}

/* 0200 and the subchannel number, or the first free one behind */
static uint16_t free_devno(int css, struct sid sid)
{
	uint8_t used[DEVNOS / 8] = { 0 };
	unsigned int i;

	mark_devnos(css, sid.ssid, used);
	for (i = 0; i < DEVNOS; i++) {
		uint16_t devno = DEFAULT_DEVNO + sid.schid + i;

		if (!(used[devno / 8] & 1 << devno % 8))
			return devno;
	}
	fail(STATUS_FAILED,
	     "expected a free device number in set %u, found all taken",
	     sid.ssid);
}

static void check_devno(int css, struct sid sid, uint16_t devno)
{
	uint8_t used[DEVNOS / 8] = { 0 };

	mark_devnos(css, sid.ssid, used);
	if (used[devno / 8] & 1 << devno % 8)
		fail(STATUS_FAILED,
		     "expected device number %04x to be free in set %u, found it taken; leave --devno out, or choose another one",
		     devno, sid.ssid);
}

static void fail_add(const struct wanted *wanted, struct sid sid, int fd,
		     int error) __attribute__((noreturn));

static void fail_add(const struct wanted *wanted, struct sid sid, int fd,
		     int error)
{
	char name[SID_NAME_SIZE];

	sid_name(sid, name);
	if (error == EINVAL && fd >= 0)
		backing_explain(wanted, fd);
	switch (error) {
	case EEXIST:
		fail(STATUS_FAILED,
		     "expected %s to be free, found it taken; leave --id out, or choose another one",
		     name);
	case EINVAL:
		fail(STATUS_FAILED,
		     "adding %s: expected a backing that the kernel can read, write and fsync, found that it can't; is it on another file system than most?",
		     name);
	case E2BIG:
		fail(STATUS_FAILED,
		     "adding %s: expected a module that is as new as this program, found an older one",
		     name);
	default:
		fail(STATUS_FAILED, "adding %s: %s", name, strerror(error));
	}
}

static int add(int css, const struct wanted *wanted, struct sid sid, int fd)
{
	struct kvm_css_test test = { .size = sizeof(test) };
	struct kvm_css_fba fba = {
		.size = sizeof(fba),
		.flags = (wanted->readonly ? KVM_CSS_FBA_READONLY : 0) |
			 (wanted->discard ? KVM_CSS_FBA_DISCARD : 0),
		.backing_fd = fd,
		.model = wanted->model,
		.blocks = wanted->blocks,
	};
	struct kvm_css_add arg = {
		.size = sizeof(arg),
		.flags = wanted->no_report ? 0 : KVM_CSS_ADD_REPORT,
		.type = wanted->type,
		.ssid = sid.ssid,
		.schid = sid.schid,
		.devno = wanted->devno_given ? wanted->devno :
					       free_devno(css, sid),
		.chpid = wanted->chpid,
		.device = wanted->type == KVM_CSS_TYPE_FBA ?
				  (uintptr_t)&fba : (uintptr_t)&test,
	};

	return ioctl(css, KVM_CSS_ADD, &arg) ? -errno : 0;
}

/* Add it, where it is to be or where there is room. */
struct sid add_subchannel(int css, const struct wanted *wanted)
{
	struct sid sid = wanted->sid;
	int fd = -1, tries = TRIES, rc;

	if (wanted->type == KVM_CSS_TYPE_FBA)
		fd = backing_open(wanted);
	do {
		if (!wanted->sid_given)
			sid = free_sid(css, DEFAULT_SET);
		if (wanted->devno_given)
			check_devno(css, sid, wanted->devno);
		rc = add(css, wanted, sid, fd);
	} while (rc == -EEXIST && !wanted->sid_given && --tries);
	if (rc)
		fail_add(wanted, sid, fd, -rc);
	if (fd >= 0)
		close(fd);
	if (wanted->sid_given)
		note_gap(css, sid);
	return sid;
}

static void say_added(int css, struct sid sid)
{
	char name[SID_NAME_SIZE];
	struct kvm_css_query query;
	struct kvm_css_device device;

	if (css_query(css, sid, 0, &query))
		fail(STATUS_NO_SUBCHANNEL,
		     "%s has been added, and somebody has removed it since",
		     sid_name(sid, name));
	describe(css, &query, &device);
	if (json_wanted) {
		json_object(NULL);
		json_object("added");
		json_subchannel(&query, &device);
		json_end();
		json_end();
		return;
	}
	printf("%s: device number %04x, %s", sid_name(sid, name), query.devno,
	       type_name(query.type));
	if (device.type == KVM_CSS_TYPE_FBA) {
		printf(", %llu blocks of ",
		       (unsigned long long)device.fba.blocks);
		put_text(stdout, device.backing);
		if (device.fba.flags & KVM_CSS_FBA_READONLY)
			printf(", read-only");
	}
	putchar('\n');
}

int run_add(struct options *options)
{
	int css = css_of(options, CSS_OWN);

	say_added(css, add_subchannel(css, &options->wanted));
	close(css);
	return STATUS_GOOD;
}
