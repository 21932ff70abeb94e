// SPDX-License-Identifier: GPL-2.0
/*
 * The user ABI: RESET, QUIESCE and UNQUIESCE, numbers without a device, and
 * what the guest is told
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "uapi.h"

/* A report for a set other than 0 consists of two channel-report words. */
#define REPORT_WORDS	2

static int quiesce(int css_fd, u32 ms)
{
	struct kvm_css_quiesce arg = { .size = sizeof(arg), .timeout_ms = ms };

	return ioctl(css_fd, KVM_CSS_QUIESCE, &arg);
}

static void unquiesce(int fd, int rc)
{
	(void)rc;
	ioctl(fd, KVM_CSS_UNQUIESCE, 0);
}

static u32 reports(int css_fd)
{
	struct kvm_css_image image = { .size = sizeof(image) };

	if (ioctl(css_fd, KVM_CSS_GET_IMAGE, &image))
		die("KVM_CSS_GET_IMAGE");
	return image.nr_reports;
}

/* Restore the image, as if the guest had run on another host before. */
static void guest_comes(int css_fd)
{
	struct kvm_css_image image = { .size = sizeof(image) };

	if (ioctl(css_fd, KVM_CSS_GET_IMAGE, &image) ||
	    ioctl(css_fd, KVM_CSS_SET_IMAGE, &image))
		die("KVM_CSS_SET_IMAGE");
}

static bool enabled(int css_fd)
{
	struct kvm_css_query query;

	if (css_query(css_fd, UAPI_SID, 0, &query))
		die("KVM_CSS_QUERY");
	return ((struct schib *)query.schib)->pmcw.flags & PMCW_ENABLED;
}

/* Start a program that takes longer than the test; RESET ends it. */
static void start_waiting(struct uapi_machine *machine)
{
	const u32 us = TEST_WAIT_MAX_US;
	struct kvm_css_state state;

	memcpy(machine->storage + UAPI_DATA, &us, sizeof(us));
	uapi_pending(machine, &state, TEST_WAIT, sizeof(us));
	ktap_check(!uapi_set_state(machine, &state), "SET_STATE: %s",
		   strerror(errno));
	/* Give a worker time to begin with the command. */
	usleep(100000);
}

/* --- RESET --- */

static void reset_argument(void)
{
	int css_fd = uapi_css();

	uapi_ioctl(css_fd, KVM_CSS_RESET, (void *)1, EINVAL, "argument 1");
	uapi_ioctl(css_fd, KVM_CSS_RESET, NULL, UAPI_OK, "nothing there");
	close(css_fd);
}

static void reset_ends_all(void)
{
	struct uapi_machine machine;
	struct kvm_css_state state;
	u32 words;

	uapi_machine(&machine);
	start_waiting(&machine);
	ktap_check(enabled(machine.css_fd), "enabled before");
	uapi_ioctl(machine.css_fd, KVM_CSS_RESET, NULL, UAPI_OK, "RESET");
	ktap_check(!enabled(machine.css_fd), "not enabled any more");
	ktap_check(!uapi_get_state(&machine, &state), "GET_STATE: %s",
		   strerror(errno));
	ktap_check(!((struct schib *)state.schib)->scsw.ctrl, "no status");
	words = reports(machine.css_fd);
	ktap_check(!words, "%u reports", words);
	uapi_machine_end(&machine);
}

/* --- QUIESCE and UNQUIESCE --- */

static void quiesce_structure(void)
{
	struct kvm_css_quiesce arg = { .size = sizeof(arg) };
	int css_fd = uapi_css();

	uapi_sizes(css_fd, KVM_CSS_QUIESCE, &arg, sizeof(arg), unquiesce);
	close(css_fd);
}

static void quiesce_arguments(void)
{
	static const u32 timeouts[] = { 0, 1, 0x7fffffff, 0x80000000,
					0xffffffff };
	struct kvm_css_quiesce arg = { .size = sizeof(arg) };
	int css_fd = uapi_css();
	unsigned int i;

	for (i = 0; i < 32; i++) {
		arg.flags = 1u << i;
		uapi_ioctl(css_fd, KVM_CSS_QUIESCE, &arg, EINVAL, "flag");
	}
	arg.flags = 0;
	arg.reserved = 1;
	uapi_ioctl(css_fd, KVM_CSS_QUIESCE, &arg, EINVAL, "reserved");
	arg.reserved = 0;
	css_add_test(css_fd, UAPI_SID, UAPI_DEVNO, 0);
	/*
	 * No program runs, so the call returns at once whatever the timeout is.
	 */
	for (i = 0; i < ARRAY_SIZE(timeouts); i++) {
		arg.timeout_ms = timeouts[i];
		uapi_ioctl(css_fd, KVM_CSS_QUIESCE, &arg, UAPI_OK, "timeout");
	}
	uapi_ioctl(css_fd, KVM_CSS_UNQUIESCE, (void *)1, EINVAL, "argument 1");
	uapi_ioctl(css_fd, KVM_CSS_UNQUIESCE, NULL, UAPI_OK, "UNQUIESCE");
	uapi_ioctl(css_fd, KVM_CSS_UNQUIESCE, NULL, UAPI_OK, "once more");
	close(css_fd);
}

static void quiesce_timeout(void)
{
	struct uapi_machine machine;
	struct kvm_css_state state;

	uapi_machine(&machine);
	start_waiting(&machine);
	ktap_check(quiesce(machine.css_fd, 0) && errno == ETIME,
		   "timeout 0: expected ETIME, found %s", strerror(errno));
	ktap_check(quiesce(machine.css_fd, 50) && errno == ETIME,
		   "50 ms: expected ETIME, found %s", strerror(errno));
	ktap_check(uapi_get_state(&machine, &state) && errno == EBUSY,
		   "GET_STATE: expected EBUSY, found %s", strerror(errno));
	ktap_check(uapi_set_state(&machine, &state) && errno == EBUSY,
		   "SET_STATE: expected EBUSY, found %s", strerror(errno));
	ioctl(machine.css_fd, KVM_CSS_RESET, 0);
	ktap_check(!quiesce(machine.css_fd, 0), "after RESET: %s",
		   strerror(errno));
	uapi_machine_end(&machine);
}

/*
 * A program that is start pending stays so while quiesced, and runs afterwards.
 */
static void quiesce_holds(void)
{
	static const char zeros[16];
	struct uapi_machine machine;
	struct kvm_css_state state;
	struct kvm_css_query query;

	uapi_machine(&machine);
	memset(machine.storage + UAPI_DATA, 0xff, sizeof(zeros));
	ktap_check(!quiesce(machine.css_fd, 0), "QUIESCE: %s",
		   strerror(errno));
	uapi_pending(&machine, &state, TEST_READ, sizeof(zeros));
	ktap_check(!uapi_set_state(&machine, &state), "SET_STATE: %s",
		   strerror(errno));
	usleep(100000);
	css_query(machine.css_fd, UAPI_SID, 0, &query);
	ktap_check(!query.completed && machine.storage[UAPI_DATA],
		   "it has waited");
	unquiesce(machine.css_fd, 0);
	ktap_check(uapi_completed(&machine), "it has run");
	ktap_check(!memcmp(machine.storage + UAPI_DATA, zeros, sizeof(zeros)),
		   "its data is there");
	uapi_machine_end(&machine);
}

/* --- numbers without a device --- */

static void put_none(int fd, int rc)
{
	(void)rc;
	css_remove(fd, UAPI_SID);
}

static struct kvm_css_add good_none(void)
{
	return (struct kvm_css_add){
		.size = sizeof(struct kvm_css_add),
		.type = KVM_CSS_TYPE_NONE,
		.schid = SID_SCHID(UAPI_SID),
		.ssid = SID_SSID(UAPI_SID),
	};
}

static void none_arguments(void)
{
	struct kvm_css_add arg = good_none();
	struct kvm_css_query query;
	int css_fd = uapi_css();

	uapi_sizes(css_fd, KVM_CSS_ADD, &arg, sizeof(arg), put_none);
	arg.devno = 1;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, EINVAL, "device number");
	arg = good_none();
	arg.chpid = 1;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, EINVAL, "channel path");
	arg = good_none();
	arg.device = (u64)&arg;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, EINVAL, "device");
	ktap_check(css_query(css_fd, UAPI_SID, KVM_CSS_QUERY_VACANT, &query) &&
		   errno == ENODEV, "nothing is there after refusals");
	arg = good_none();
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, UAPI_OK, "the right one");
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, EEXIST, "once more");
	ktap_check(!css_add_test(css_fd, UAPI_SID, 1, 0),
		   "ADD of a device there: %s", strerror(errno));
	uapi_ioctl(css_fd, KVM_CSS_ADD, &arg, EEXIST, "where a device is");
	close(css_fd);
}

static void vacate(void)
{
	struct kvm_css_remove arg = {
		.size = sizeof(arg),
		.flags = KVM_CSS_REMOVE_VACATE,
		.schid = SID_SCHID(UAPI_SID),
		.ssid = SID_SSID(UAPI_SID),
	};
	struct kvm_css_query query;
	int css_fd = uapi_css();

	uapi_ioctl(css_fd, KVM_CSS_REMOVE, &arg, ENODEV, "nothing there");
	css_add_test(css_fd, UAPI_SID, UAPI_DEVNO, 0);
	uapi_ioctl(css_fd, KVM_CSS_REMOVE, &arg, UAPI_OK, "VACATE");
	uapi_ioctl(css_fd, KVM_CSS_REMOVE, &arg, ENODEV, "once more");
	ktap_check(!uapi_count(css_fd), "QUERY_NEXT doesn't show it");
	ktap_check(css_query(css_fd, UAPI_SID, 0, &query) && errno == ENODEV,
		   "QUERY doesn't find it");
	ktap_check(!css_query(css_fd, UAPI_SID, KVM_CSS_QUERY_VACANT, &query) &&
		   query.type == KVM_CSS_TYPE_NONE && !query.devno,
		   "with VACANT it does");
	arg.flags = 0;
	uapi_ioctl(css_fd, KVM_CSS_REMOVE, &arg, UAPI_OK, "REMOVE");
	uapi_ioctl(css_fd, KVM_CSS_REMOVE, &arg, ENODEV, "and once more");
	close(css_fd);
}

/* A loop of QUERY_NEXT finds devices as well as numbers without one. */
static void query_vacant(void)
{
	static const struct {
		u32 sid;
		u32 type;
	} all[] = {
		{ SID(0, 0), KVM_CSS_TYPE_NONE },
		{ SID(0, 1), KVM_CSS_TYPE_TEST },
		{ SID(0, 2), KVM_CSS_TYPE_NONE },
		{ SID(1, 0), KVM_CSS_TYPE_TEST },
		{ SID(3, 0xffff), KVM_CSS_TYPE_NONE },
	};
	const u32 flags = KVM_CSS_QUERY_NEXT | KVM_CSS_QUERY_VACANT;
	struct kvm_css_add none = good_none();
	struct kvm_css_query query;
	int css_fd = uapi_css();
	u32 from = SID(0, 0);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		none.ssid = SID_SSID(all[i].sid);
		none.schid = SID_SCHID(all[i].sid);
		if (all[i].type == KVM_CSS_TYPE_NONE)
			uapi_ioctl(css_fd, KVM_CSS_ADD, &none, UAPI_OK, "ADD");
		else
			css_add_test(css_fd, all[i].sid, i, 0);
	}
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		ktap_check(!css_query(css_fd, from, flags, &query),
			   "behind %08x: %s", from, strerror(errno));
		ktap_check(SID((u32)query.ssid, query.schid) == all[i].sid &&
			   query.type == all[i].type,
			   "expected %08x, found %x.%04x of type %u",
			   all[i].sid, query.ssid, query.schid, query.type);
		from = all[i].sid == SID(0, 2) ? SID(1, 0) : all[i].sid + 1;
	}
	ktap_check(uapi_count(css_fd) == 2, "expected two devices");
	close(css_fd);
}

/* --- what the guest is told --- */

static void report_flags(void)
{
	struct kvm_css_test device = { .size = sizeof(device) };
	struct kvm_css_add add = good_none();
	struct kvm_css_remove remove = {
		.size = sizeof(remove),
		.schid = SID_SCHID(UAPI_SID),
		.ssid = SID_SSID(UAPI_SID),
	};
	int css_fd = uapi_css();

	add.type = KVM_CSS_TYPE_TEST;
	add.device = (u64)&device;
	guest_comes(css_fd);
	uapi_ioctl(css_fd, KVM_CSS_ADD, &add, UAPI_OK, "ADD");
	ktap_check(!reports(css_fd), "ADD without the flag");
	uapi_ioctl(css_fd, KVM_CSS_REMOVE, &remove, UAPI_OK, "REMOVE");
	ktap_check(!reports(css_fd), "REMOVE without the flag");
	add.flags = KVM_CSS_ADD_REPORT;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &add, UAPI_OK, "ADD_REPORT");
	ktap_check(reports(css_fd) == REPORT_WORDS, "ADD_REPORT");
	uapi_ioctl(css_fd, KVM_CSS_ADD, &add, EEXIST, "ADD_REPORT refused");
	ktap_check(reports(css_fd) == REPORT_WORDS,
		   "expected no report of a refused call");
	remove.flags = KVM_CSS_REMOVE_REPORT | KVM_CSS_REMOVE_VACATE;
	uapi_ioctl(css_fd, KVM_CSS_REMOVE, &remove, UAPI_OK, "both flags");
	ktap_check(reports(css_fd) == 2 * REPORT_WORDS, "REMOVE_REPORT");
	uapi_ioctl(css_fd, KVM_CSS_REMOVE, &remove, ENODEV, "refused");
	ktap_check(reports(css_fd) == 2 * REPORT_WORDS,
		   "expected no report of a refused call");
	uapi_ioctl(css_fd, KVM_CSS_RESET, NULL, UAPI_OK, "RESET");
	ktap_check(!reports(css_fd), "expected no reports after RESET");
	close(css_fd);
}

/*
 * A guest that has not yet run isn't told: it will find its subchannels itself.
 */
static void report_before_run(void)
{
	struct kvm_css_test device = { .size = sizeof(device) };
	struct kvm_css_add add = good_none();
	int css_fd = uapi_css();

	add.type = KVM_CSS_TYPE_TEST;
	add.device = (u64)&device;
	add.flags = KVM_CSS_ADD_REPORT;
	uapi_ioctl(css_fd, KVM_CSS_ADD, &add, UAPI_OK, "ADD_REPORT");
	ktap_check(!reports(css_fd), "no report: the guest has never run");
	css_remove_flags(css_fd, UAPI_SID, KVM_CSS_REMOVE_REPORT);
	ktap_check(!reports(css_fd),
		   "no report of REMOVE: the guest has never run");
	guest_comes(css_fd);
	uapi_ioctl(css_fd, KVM_CSS_ADD, &add, UAPI_OK, "ADD_REPORT");
	ktap_check(reports(css_fd) == REPORT_WORDS,
		   "a report: the guest has run elsewhere");
	uapi_ioctl(css_fd, KVM_CSS_RESET, NULL, UAPI_OK, "RESET");
	css_remove_flags(css_fd, UAPI_SID, KVM_CSS_REMOVE_REPORT);
	ktap_check(!reports(css_fd),
		   "no report: the guest has not run since its reset");
	close(css_fd);
}

const struct ktap_case uapi_run_cases[] = {
	{ "RESET: an argument is EINVAL", reset_argument },
	{ "RESET ends a program and resets the subchannel", reset_ends_all },
	{ "QUIESCE: size and unknown bytes", quiesce_structure, true },
	{ "QUIESCE, UNQUIESCE: EINVAL, and any timeout", quiesce_arguments },
	{ "QUIESCE: ETIME, and then it isn't quiesced", quiesce_timeout },
	{ "QUIESCE holds what is pending, UNQUIESCE lets it run",
	  quiesce_holds },
	{ "ADD none: size, EINVAL, EEXIST", none_arguments },
	{ "REMOVE_VACATE leaves the number, and QUERY_VACANT finds it",
	  vacate },
	{ "QUERY_NEXT with QUERY_VACANT finds all in order", query_vacant },
	{ "ADD_REPORT and REMOVE_REPORT tell the guest, once", report_flags },
	{ "a guest that has not begun to run is told nothing",
	  report_before_run },
};

const unsigned int uapi_run_nr = ARRAY_SIZE(uapi_run_cases);
