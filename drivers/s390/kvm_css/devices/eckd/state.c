// SPDX-License-Identifier: GPL-2.0
/* The saved state of a 3390: what commands have set, and later ones need */
#include <linux/kernel.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include "eckd.h"

void eckd_save(const struct css_device *dev, union kvm_css_device_state *state)
{
	const struct eckd_device *eckd = container_of(dev, struct eckd_device,
						      dev);
	const struct eckd_program *program = &eckd->program;

	state->eckd = (struct kvm_css_eckd_state){
		.group = eckd->group,
		.first = program->extent.first,
		.last = program->extent.last,
		.track = program->position.track,
		.record = program->position.record,
		.flags = program->flags,
		.length = program->domain.length,
		.block_size = program->extent.block_size,
		.mask = program->extent.mask,
		.orientation = program->position.orientation,
		.operation = program->domain.operation,
		.left = program->domain.left,
		.counts = program->domain.counts,
		.suborder = program->suborder,
	};
	memcpy(state->eckd.pgid, eckd->pgid, sizeof(eckd->pgid));
}

static bool group_valid(const struct kvm_css_eckd_state *from)
{
	const u8 reserved = from->group & ECKD_GROUP_RESERVED;

	if (from->group & ~(ECKD_GROUP_STATE | ECKD_GROUP_RESERVED |
			    ECKD_GROUP_MULTIPATH) ||
	    (reserved && reserved != ECKD_GROUP_RESERVED))
		return false;
	switch (from->group & ECKD_GROUP_STATE) {
	case ECKD_GROUP_RESET:
	case ECKD_GROUP_UNGROUPED:
		return !(from->group & ECKD_GROUP_MULTIPATH);
	default:
		return (from->group & ECKD_GROUP_STATE) == ECKD_GROUP_GROUPED;
	}
}

/* Where the current record is in its track is checked when the track is read. */
static bool position_valid(const struct eckd_device *eckd,
			   const struct eckd_program *program)
{
	const struct eckd_position *position = &program->position;

	if (position->track >= eckd_tracks(eckd) ||
	    position->orientation > ECKD_AT_END)
		return false;
	if (position->orientation == ECKD_AT_INDEX ||
	    position->orientation == ECKD_AT_END)
		return position->record < IMAGE_TRACK_SIZE;
	return position->record >= TRACK_FIRST &&
	       position->record < IMAGE_TRACK_SIZE &&
	       program->flags & ECKD_SOUGHT;
}

/*
 * A READ IPL or a DEFINE EXTENT comes before a domain, and the domain begins in its
 * extent.  eckd_writes() commands look at the file mask by themselves.
 */
static bool domain_valid(const struct eckd_program *program)
{
	const u16 before = ECKD_EXTENT_DEFINED | ECKD_IPL_READ;

	if (!program->domain.left)
		return true;
	return eckd_operation_valid(program->domain.operation) &&
	       program->flags & before && program->flags & ECKD_SOUGHT &&
	       program->position.track >= program->extent.first &&
	       program->position.track <= program->extent.last;
}

static bool program_valid(const struct eckd_device *eckd,
			  const struct eckd_program *program)
{
	const struct eckd_extent *extent = &program->extent;

	return !(program->flags & ~ECKD_FLAGS) &&
	       (!program->suborder || eckd_suborder_valid(program->suborder)) &&
	       eckd_mask_valid(extent->mask) &&
	       extent->first <= extent->last &&
	       extent->last < eckd_tracks(eckd) &&
	       position_valid(eckd, program) && domain_valid(program);
}

bool eckd_restore(struct css_device *dev,
		  const union kvm_css_device_state *state)
{
	const u8 *rest = state->bytes + sizeof(state->eckd);
	const struct kvm_css_eckd_state *from = &state->eckd;
	struct eckd_device *eckd = to_eckd(dev);
	const struct eckd_program program = {
		.flags = from->flags,
		.suborder = from->suborder,
		.extent = {
			.mask = from->mask,
			.block_size = from->block_size,
			.first = from->first,
			.last = from->last,
		},
		.domain = {
			.operation = from->operation,
			.left = from->left,
			.counts = from->counts,
			.length = from->length,
		},
		.position = {
			.track = from->track,
			.record = from->record,
			.orientation = from->orientation,
		},
	};

	if (memchr_inv(rest, 0, sizeof(*state) - sizeof(state->eckd)) ||
	    from->reserved || from->counts > 1 || !group_valid(from) ||
	    !program_valid(eckd, &program))
		return false;
	eckd->program = program;
	eckd->group = from->group;
	memcpy(eckd->pgid, from->pgid, sizeof(eckd->pgid));
	eckd_drop_buffer(eckd);
	return true;
}
