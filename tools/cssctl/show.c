// SPDX-License-Identifier: GPL-2.0
/* Show everything that is known about one subchannel. */
#include <unistd.h>

#include "cssctl.h"

/* The SCHIB, as STORE SUBCHANNEL stores it: big-endian, PMCW and then SCSW */
#define SCHIB_SIZE		52
#define PMCW_INTPARM		0
#define PMCW_BYTE4		4	/* ISC in bits 2-4 */
#define PMCW_LPM		8
#define PMCW_PNOM		9
#define PMCW_LPUM		10
#define PMCW_PIM		11
#define PMCW_POM		14
#define PMCW_PAM		15
/* Condition code in its last two bits */
#define SCSW_BYTE1		29
#define SCSW_FUNCTION		30
/*
 * Activity control in the last 4 bits of this byte and the first 3 of the next
 */
#define SCSW_ACTIVITY		30
#define SCSW_STATUS		31
#define SCSW_CCW		32
#define SCSW_DEVICE		36
#define SCSW_SUBCHANNEL		37
#define SCSW_COUNT		38

struct bit {
	uint16_t mask;
	const char *name;
};

static const struct bit functions[] = {
	{ 0x40, "start" }, { 0x20, "halt" }, { 0x10, "clear" }, { 0 }
};

static const struct bit activities[] = {
	{ 0x0800, "resume-pending" }, { 0x0400, "start-pending" },
	{ 0x0200, "halt-pending" }, { 0x0100, "clear-pending" },
	{ 0x0080, "subchannel-active" }, { 0x0040, "device-active" },
	{ 0x0020, "suspended" }, { 0 }
};

static const struct bit statuses[] = {
	{ 0x10, "alert" }, { 0x08, "intermediate" }, { 0x04, "primary" },
	{ 0x02, "secondary" }, { 0x01, "pending" }, { 0 }
};

static unsigned int half(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static uint32_t word(const uint8_t *at)
{
	return (uint32_t)half(at) << 16 | half(at + 2);
}

static void json_bits(const char *key, const struct bit *bits,
		      unsigned int value)
{
	json_array(key);
	for (; bits->mask; bits++)
		if (value & bits->mask)
			json_string(NULL, bits->name);
	json_end();
}

static void print_bits(const char *what, const struct bit *bits,
		       unsigned int value)
{
	bool any = false;

	printf("  %-24s", what);
	for (; bits->mask; bits++) {
		if (!(value & bits->mask))
			continue;
		printf("%s%s", any ? " " : "", bits->name);
		any = true;
	}
	printf("%s\n", any ? "" : "none");
}

static void json_pmcw(const uint8_t *schib)
{
	json_number("isc", schib[PMCW_BYTE4] >> 3 & 7);
	json_hex("interruption_parameter", 8, word(schib + PMCW_INTPARM));
	json_object("paths");
	json_hex("installed", 2, schib[PMCW_PIM]);
	json_hex("available", 2, schib[PMCW_PAM]);
	json_hex("operational", 2, schib[PMCW_POM]);
	json_hex("not_operational", 2, schib[PMCW_PNOM]);
	json_hex("logical", 2, schib[PMCW_LPM]);
	json_hex("last_used", 2, schib[PMCW_LPUM]);
	json_end();
}

static void json_scsw(const uint8_t *schib)
{
	json_object("scsw");
	json_number("condition_code", schib[SCSW_BYTE1] & 3);
	json_bits("function", functions, schib[SCSW_FUNCTION]);
	json_bits("activity", activities, half(schib + SCSW_ACTIVITY));
	json_bits("status", statuses, schib[SCSW_STATUS]);
	json_hex("ccw", 8, word(schib + SCSW_CCW));
	json_hex("device_status", 2, schib[SCSW_DEVICE]);
	json_hex("subchannel_status", 2, schib[SCSW_SUBCHANNEL]);
	json_number("count", half(schib + SCSW_COUNT));
	json_end();
}

static void show_json(const struct kvm_css_query *query,
		      const struct kvm_css_device *device)
{
	const struct device_kind *kind = kind_of(device->type);

	json_object(NULL);
	json_subchannel(query, device);
	if (query->type != KVM_CSS_TYPE_NONE) {
		if (kind->json_show)
			kind->json_show(device);
		json_pmcw(query->schib);
		json_scsw(query->schib);
		json_bytes("schib", query->schib, SCHIB_SIZE);
	}
	json_end();
}

static void print_pmcw(const struct kvm_css_query *query)
{
	const uint8_t *schib = query->schib;

	printf("  %-24s%s\n", "enabled",
	       schib_enabled(query) ? "yes" : "no");
	printf("  %-24s%u\n", "ISC", schib[PMCW_BYTE4] >> 3 & 7);
	printf("  %-24s%08x\n", "interruption parameter",
	       word(schib + PMCW_INTPARM));
	printf("  %-24s%02x, path %02x\n", "channel paths", schib[PMCW_PIM],
	       query->chpid);
	printf("  %-24savailable %02x, operational %02x, not operational %02x\n",
	       "", schib[PMCW_PAM], schib[PMCW_POM], schib[PMCW_PNOM]);
	printf("  %-24slogical %02x, last used %02x\n", "", schib[PMCW_LPM],
	       schib[PMCW_LPUM]);
}

static void print_scsw(const uint8_t *schib)
{
	print_bits("function", functions, schib[SCSW_FUNCTION]);
	print_bits("activity", activities, half(schib + SCSW_ACTIVITY));
	print_bits("status", statuses, schib[SCSW_STATUS]);
	printf("  %-24scondition code %u, device %02x, subchannel %02x, count %u, CCW %08x\n",
	       "", schib[SCSW_BYTE1] & 3, schib[SCSW_DEVICE],
	       schib[SCSW_SUBCHANNEL], half(schib + SCSW_COUNT),
	       word(schib + SCSW_CCW));
}

static void print_counters(const struct kvm_css_query *query)
{
	printf("  %-24s%llu started, %llu completed, %llu deferred to a worker\n",
	       "programs", (unsigned long long)query->started,
	       (unsigned long long)query->completed,
	       (unsigned long long)query->deferred);
}

static void show_text(const struct kvm_css_query *query,
		      const struct kvm_css_device *device)
{
	const struct device_kind *kind = kind_of(device->type);
	char name[SID_NAME_SIZE];

	sid_name(query_sid(query), name);
	if (query->type == KVM_CSS_TYPE_NONE) {
		printf("%s: a number without a device\n", name);
		return;
	}
	printf("%s: device number %04x, %s\n", name, query->devno,
	       kind_of(query->type)->name);
	if (kind->print)
		kind->print(device);
	/* Neither, if the kernel models the device, or the module doesn't say. */
	if (query->now & (KVM_CSS_NOW_SERVED | KVM_CSS_NOW_UNSERVED))
		printf("  %-24s%s\n", "served",
		       query->now & KVM_CSS_NOW_SERVED ? "by a process" :
							 "by no process");
	print_pmcw(query);
	print_scsw(query->schib);
	print_counters(query);
}

int run_show(struct options *options)
{
	int css = css_of(options, CSS_LOOK);
	struct sid sid = options->wanted.sid;
	struct kvm_css_device device;
	struct kvm_css_query query;
	char name[SID_NAME_SIZE];
	int rc = css_query(css, sid, KVM_CSS_QUERY_VACANT, &query);

	if (rc == -ENODEV)
		fail(STATUS_NO_SUBCHANNEL,
		     "expected a subchannel %s, found none; cssctl list --pid %d shows those that there are",
		     sid_name(sid, name), (int)options->pid);
	/* The channel subsystem has ended meanwhile. */
	if (rc == -ENOENT)
		css_fail_none(options->pid);
	if (rc)
		fail(STATUS_FAILED, "looking at %s: %s", sid_name(sid, name),
		     strerror(-rc));
	describe(css, &query, &device);
	close(css);
	if (json_wanted)
		show_json(&query, &device);
	else
		show_text(&query, &device);
	return STATUS_GOOD;
}
