// SPDX-License-Identifier: GPL-2.0
/* What a subchannel is, for all commands that print it */
#include "cssctl.h"

/* Byte of the SCHIB, which begins with the PMCW */
#define PMCW_FLAGS		5
#define PMCW_ENABLED		0x80

struct sid query_sid(const struct kvm_css_query *query)
{
	return (struct sid){ .ssid = query->ssid, .schid = query->schid };
}

bool schib_enabled(const struct kvm_css_query *query)
{
	return query->schib[PMCW_FLAGS] & PMCW_ENABLED;
}

/*
 * Ask what the device was made of.  If it has been removed or replaced since it
 * was queried, only the query's contents describe it.
 */
void describe(int css, const struct kvm_css_query *query,
	      struct kvm_css_device *device)
{
	if (query->type == KVM_CSS_TYPE_NONE ||
	    css_get_device(css, query_sid(query), device) ||
	    device->type != query->type)
		*device = (struct kvm_css_device){ 0 };
	device->backing[sizeof(device->backing) - 1] = '\0';
}

/* The members that every command prints for a subchannel */
void json_subchannel(const struct kvm_css_query *query,
		     const struct kvm_css_device *device)
{
	const struct device_kind *kind = kind_of(device->type);
	char name[SID_NAME_SIZE];

	json_string("id", sid_name(query_sid(query), name));
	json_string("type", kind_of(query->type)->name);
	if (query->type == KVM_CSS_TYPE_NONE)
		return;
	json_hex("devno", 4, query->devno);
	json_hex("chpid", 2, query->chpid);
	json_bool("enabled", schib_enabled(query));
	json_number("started", query->started);
	json_number("completed", query->completed);
	json_number("deferred", query->deferred);
	if (query->now & (KVM_CSS_NOW_SERVED | KVM_CSS_NOW_UNSERVED))
		json_bool("served", query->now & KVM_CSS_NOW_SERVED);
	if (kind->json)
		kind->json(device);
}
