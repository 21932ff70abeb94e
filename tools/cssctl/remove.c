// SPDX-License-Identifier: GPL-2.0
/* Remove a subchannel, or only its device. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "cssctl.h"

/*
 * A guest's scan stops at the first number that isn't there, so the guest would
 * lose the subchannels behind it at its next boot.  Only the last number of a
 * set may be removed; others are vacated.
 */
bool must_vacate(int css, struct sid sid)
{
	struct kvm_css_query query;
	struct sid behind = sid;
	int rc;

	if (!sid_next(&behind) || behind.ssid != sid.ssid)
		return false;
	rc = css_query(css, behind, KVM_CSS_QUERY_NEXT | KVM_CSS_QUERY_VACANT,
		       &query);
	if (rc && rc != -ENODEV)
		fail(STATUS_FAILED, "looking at the subchannels: %s",
		     strerror(-rc));
	return !rc && query.ssid == sid.ssid;
}

static void fail_remove(int css, struct sid sid, int error)
	__attribute__((noreturn));

static void fail_remove(int css, struct sid sid, int error)
{
	char name[SID_NAME_SIZE];
	struct kvm_css_query query;

	sid_name(sid, name);
	if (error == EIO)
		fail(STATUS_FAILED,
		     "%s is removed, but not all that the guest has written to it is on stable storage; the kernel's log may say more",
		     name);
	if (error != ENODEV)
		fail(STATUS_FAILED, "removing %s: %s", name, strerror(error));
	if (!css_query(css, sid, KVM_CSS_QUERY_VACANT, &query))
		fail(STATUS_NO_SUBCHANNEL,
		     "expected a device at %s, found a number without one; --gone takes the number away",
		     name);
	fail(STATUS_NO_SUBCHANNEL,
	     "expected a subchannel %s, found none; cssctl list shows those that there are",
	     name);
}

void remove_subchannel(int css, struct sid sid, bool vacate, bool no_report)
{
	struct kvm_css_remove arg = {
		.size = sizeof(arg),
		.flags = (no_report ? 0 : KVM_CSS_REMOVE_REPORT) |
			 (vacate ? KVM_CSS_REMOVE_VACATE : 0),
		.ssid = sid.ssid,
		.schid = sid.schid,
	};

	if (ioctl(css, KVM_CSS_REMOVE, &arg))
		fail_remove(css, sid, errno);
}

int run_remove(struct options *options)
{
	const struct wanted *wanted = &options->wanted;
	int css = css_of(options, CSS_OWN);
	bool vacate = given(options, OPT_VACATE) ||
		      (!given(options, OPT_GONE) &&
		       must_vacate(css, wanted->sid));
	char name[SID_NAME_SIZE];

	remove_subchannel(css, wanted->sid, vacate, wanted->no_report);
	close(css);
	sid_name(wanted->sid, name);
	if (json_wanted) {
		json_object(NULL);
		json_object("removed");
		json_string("id", name);
		json_string("number", vacate ? "vacated" : "gone");
		json_end();
		json_end();
	} else {
		printf("%s: %s\n", name,
		       vacate ? "the device is gone, the number stays" : "gone");
	}
	return STATUS_GOOD;
}
