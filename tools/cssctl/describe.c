// SPDX-License-Identifier: GPL-2.0
/* What a subchannel is, for all commands that say so */
#include "cssctl.h"

/* Of the SCHIB, in bytes: the PMCW comes first. */
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
 * What the device was made of.  One that went, or became another one, since it
 * was queried is described as far as the query did.
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

/* The members that every command's subchannels have */
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
	if (kind->json)
		kind->json(device);
}
