// SPDX-License-Identifier: GPL-2.0
/* A fixed-block disk on a file or block device */
#include "cssctl.h"

#define BLOCK			512

static const char *const models[] = {
	[KVM_CSS_FBA_MODEL_9336] = "9336",
	[KVM_CSS_FBA_MODEL_3370] = "3370",
	NULL
};

static void set_blocks(struct wanted *wanted, const char *text)
{
	wanted->device.fba.blocks = option_decimal("blocks", text, 1,
						   UINT32_MAX);
}

static const struct kind_option option_blocks = {
	.name = "blocks",
	.value = "N",
	.does = "blocks of 512 bytes (default: all that the backing holds)",
	.set = set_blocks,
};

static void set_model(struct wanted *wanted, const char *text)
{
	wanted->device.fba.model = option_choice("model", text, models);
}

static const struct kind_option option_model = {
	.name = "model",
	.value = "MODEL",
	.does = "9336 (default) or 3370",
	.choices = models,
	.set = set_model,
};

static void set_discard(struct wanted *wanted, const char *text)
{
	(void)text;
	wanted->device.fba.flags |= KVM_CSS_FBA_DISCARD;
}

static const struct kind_option option_discard = {
	.name = "discard",
	.does = "what the guest discards becomes a hole in the backing",
	.set = set_discard,
};

static const struct kind_option *const fba_options[] = {
	&backing_readonly, &option_blocks, &option_model, &backing_cache,
	&backing_direct, &option_discard, &backing_share, NULL
};

static void fba_argument(const struct wanted *wanted, int fd,
			 struct kvm_css_device *device)
{
	device->fba.size = sizeof(device->fba);
	device->fba.backing_fd = fd;
	if (wanted->readonly)
		device->fba.flags |= KVM_CSS_FBA_READONLY;
	if (wanted->direct)
		device->fba.flags |= KVM_CSS_FBA_DIRECT;
	if (wanted->writeback)
		device->fba.flags |= KVM_CSS_FBA_WRITEBACK;
}

static void fba_explain(const struct wanted *wanted, int fd)
{
	uint64_t blocks = wanted->device.fba.blocks, bytes, holds;

	if (!backing_size(wanted, fd, &bytes))
		return;
	holds = bytes / BLOCK;
	if (!holds || holds < blocks)
		fail(STATUS_FAILED,
		     "expected %s to hold %llu blocks of 512 bytes or more, found %llu",
		     wanted->backing, (unsigned long long)(blocks ?: 1),
		     (unsigned long long)holds);
	if (!blocks && holds > UINT32_MAX)
		fail(STATUS_FAILED,
		     "expected %s to hold fewer than 2^32 blocks of 512 bytes, found %llu; --blocks takes part of it",
		     wanted->backing, (unsigned long long)holds);
	backing_explain_direct(wanted, fd, BLOCK);
}

static bool fba_is_readonly(const struct kvm_css_device *device)
{
	return device->fba.flags & KVM_CSS_FBA_READONLY;
}

static bool fba_discards(const struct kvm_css_device *device)
{
	return device->fba.flags & KVM_CSS_FBA_DISCARD;
}

static enum cache fba_cache(const struct kvm_css_device *device)
{
	return cache_of(device->fba.flags & KVM_CSS_FBA_DIRECT,
			device->fba.flags & KVM_CSS_FBA_WRITEBACK);
}

static const char *fba_model(const struct kvm_css_device *device)
{
	return device->fba.model < ARRAY_SIZE(models) - 1 ?
		models[device->fba.model] : "unknown";
}

static const char *fba_differs(const struct wanted *wanted,
			       const struct kvm_css_device *device)
{
	const struct kvm_css_fba *fba = &wanted->device.fba;

	if (fba->blocks && fba->blocks != device->fba.blocks)
		return "--blocks";
	if (fba->model != device->fba.model)
		return "--model";
	if (wanted->readonly != fba_is_readonly(device))
		return "--readonly";
	if (fba_discards(&wanted->device) != fba_discards(device))
		return "--discard";
	if (cache_of(wanted->direct, wanted->writeback) != fba_cache(device))
		return "--cache";
	return NULL;
}

static uint64_t fba_blocks(const struct kvm_css_device *device)
{
	return device->fba.blocks;
}

static void fba_say(const struct kvm_css_device *device)
{
	printf(", %llu blocks of ", (unsigned long long)device->fba.blocks);
	put_text(stdout, device->backing);
	if (fba_is_readonly(device))
		printf(", read-only");
	if (fba_cache(device))
		printf(", cache %s", cache_name(fba_cache(device)));
}

static void fba_print(const struct kvm_css_device *device)
{
	printf("  %-24s", "backing");
	put_text(stdout, device->backing);
	printf("\n  %-24s%llu of 512 bytes, %llu MiB\n", "blocks",
	       (unsigned long long)device->fba.blocks,
	       (unsigned long long)device->fba.blocks / 2048);
	printf("  %-24s%s\n", "access",
	       fba_is_readonly(device) ? "read only" : "read and write");
	printf("  %-24s%s%s\n", "cache", cache_name(fba_cache(device)),
	       fba_cache(device) & CACHE_WRITEBACK ?
			", a crash of the host loses writes" : "");
	printf("  %-24s%s\n", "discarded blocks",
	       fba_discards(device) ? "given back" : "kept");
	printf("  %-24s%s\n", "model", fba_model(device));
}

static void fba_json(const struct kvm_css_device *device)
{
	json_string("backing", device->backing);
	json_number("blocks", device->fba.blocks);
	json_bool("readonly", fba_is_readonly(device));
	json_bool("discard", fba_discards(device));
	json_string("cache", cache_name(fba_cache(device)));
	json_string("model", fba_model(device));
}

const struct device_kind kind_fba = {
	.name = "fba",
	.title = "a fixed-block disk",
	.noun = "disk",
	.type = KVM_CSS_TYPE_FBA,
	.on_backing = true,
	.options = fba_options,
	.argument = fba_argument,
	.explain = fba_explain,
	.differs = fba_differs,
	.blocks = fba_blocks,
	.say = fba_say,
	.print = fba_print,
	.json = fba_json,
};
