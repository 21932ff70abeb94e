// SPDX-License-Identifier: GPL-2.0
/* What a subchannel is, for all commands that say so */
#include "cssctl.h"

/* Of the SCHIB, in bytes: the PMCW comes first. */
#define PMCW_FLAGS		5
#define PMCW_ENABLED		0x80

const char *type_name(uint32_t type)
{
	switch (type) {
	case KVM_CSS_TYPE_NONE:
		return "none";
	case KVM_CSS_TYPE_TEST:
		return "test";
	case KVM_CSS_TYPE_FBA:
		return "fba";
	default:
		return "unknown";
	}
}

const char *model_name(uint32_t model)
{
	switch (model) {
	case KVM_CSS_FBA_MODEL_9336:
		return "9336";
	case KVM_CSS_FBA_MODEL_3370:
		return "3370";
	default:
		return "unknown";
	}
}

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

static void json_device(const struct kvm_css_device *device)
{
	if (device->type != KVM_CSS_TYPE_FBA)
		return;
	json_string("backing", device->backing);
	json_number("blocks", device->fba.blocks);
	json_bool("readonly", device->fba.flags & KVM_CSS_FBA_READONLY);
	json_bool("discard", device->fba.flags & KVM_CSS_FBA_DISCARD);
	json_string("model", model_name(device->fba.model));
}

/* The members that every command's subchannels have */
void json_subchannel(const struct kvm_css_query *query,
		     const struct kvm_css_device *device)
{
	char name[SID_NAME_SIZE];

	json_string("id", sid_name(query_sid(query), name));
	json_string("type", type_name(query->type));
	if (query->type == KVM_CSS_TYPE_NONE)
		return;
	json_hex("devno", 4, query->devno);
	json_hex("chpid", 2, query->chpid);
	json_bool("enabled", schib_enabled(query));
	json_number("started", query->started);
	json_number("completed", query->completed);
	json_number("deferred", query->deferred);
	json_device(device);
}
