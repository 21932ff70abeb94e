// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: the arguments of KVM_CSS_SET_STATE and KVM_CSS_SET_IMAGE.
 *
 * A sequence of operations brings the image into some state.  That state is
 * saved, changed in some places, and restored.  If it is refused, nothing may
 * have changed.  If it is accepted, it must be a state in which the image works
 * as usual, and saving it again must give the same.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include "sequence.h"

#define OPERATIONS_BEFORE	24
#define OPERATIONS_AFTER	48

/* The byte that says how to restore */
#define HOW_IMAGE		0x01	/* restore the image too */
#define HOW_SEAT		0x02
#define HOW_RESET		0x04	/* reset the target before */
#define HOW_OTHER		0x08	/* restore into the other subchannel */
#define HOW_QUIESCED		0x10
#define HOW_EDITS		0xe0

static struct fuzz_image image;

/* Change some bytes of a saved state, anywhere with the same likelihood. */
static void edit(void *saved, size_t size, unsigned int times)
{
	u8 *bytes = saved;
	u16 at;

	while (times--) {
		at = take16(image.in) % size;
		bytes[at] ^= take8(image.in);
	}
}

/* KVM or the guest has the interruption.  Note that the guest has taken it. */
static void has_interruption(u32 sid, const struct kvm_css_state *state)
{
	if (state->state & KVM_CSS_STATE_INTERRUPTION)
		fuzz_has_accepted(&image.guest, sid);
}

static void check_refused(const struct subchannel *sch, int rc,
			  const struct css_schib *schib, u32 generation)
{
	shim_assert(rc == -ENODEV || rc == -EIO || rc == -EBUSY ||
		    rc == -EINVAL || rc == -EOPNOTSUPP);
	shim_assert(!memcmp(&sch->schib, schib, sizeof(*schib)));
	shim_assert(sch->generation == generation);
}

/*
 * Check that what is saved now is what was restored, except for time that has
 * passed.  The timing facility is the subchannel's own, even if the state is of
 * an old version without one.
 */
static void check_same(struct subchannel *sch, const struct kvm_css_state *set)
{
	struct kvm_css_state got = *set;
	struct css_schib schib;

	shim_assert(!subchannel_save(sch, &got));
	shim_assert(got.type == set->type);
	shim_assert(got.orb_flags == set->orb_flags);
	shim_assert(got.ccw == set->ccw);
	shim_assert(got.count == set->count);
	shim_assert(got.started == set->started);
	memcpy(&schib, set->schib, sizeof(schib));
	schib.pmcw.flags |= cpu_to_be16(PMCW_TIMING);
	shim_assert(!memcmp(got.schib, &schib, sizeof(schib)));
	shim_assert(!memcmp(got.ecw, set->ecw, sizeof(got.ecw)));
	shim_assert(!memcmp(got.sense, set->sense, sizeof(got.sense)));
	shim_assert(!((got.state ^ set->state) & ~KVM_CSS_STATE_INTERRUPTION));
	shim_assert(!memcmp(&got.device, &set->device, sizeof(got.device)));
}

static void restore(struct subchannel *sch, const struct kvm_css_state *state)
{
	struct css_schib before = sch->schib;
	u32 generation = sch->generation;
	int rc = subchannel_restore(sch, state);

	if (rc) {
		check_refused(sch, rc, &before, generation);
		return;
	}
	image.restored = true;
	has_interruption(sch->sid, state);
	if (image.css.shared.quiesced)
		check_same(sch, state);
}

static void subchannel(u8 how)
{
	u8 seat = !!(how & HOW_SEAT), other = how & HOW_OTHER ? !seat : seat;
	struct subchannel *from = css_find(&image.css, image_sid(seat));
	struct subchannel *to = css_find(&image.css, image_sid(other));
	struct kvm_css_state state = {};
	int rc;

	if (from) {
		rc = subchannel_save(from, &state);
		shim_assert(!rc || rc == -ENODEV || rc == -EIO ||
			    rc == -EBUSY || rc == -EOPNOTSUPP);
		edit(&state, sizeof(state), how >> 5);
		subchannel_put(from);
	}
	if (how & HOW_RESET)
		css_reset(&image.css, CSS_RESET_ALL);
	if (to) {
		restore(to, &state);
		subchannel_put(to);
	}
}

static void whole_image(u8 how)
{
	struct kvm_css_image state = {};
	int rc;

	rc = css_save(&image.css, &state);
	shim_assert(!rc || (rc == -EOPNOTSUPP && image.css.backends));
	if (rc)
		return;
	edit(&state, sizeof(state), how >> 5);
	if (how & HOW_RESET)
		css_reset(&image.css, CSS_RESET_ALL);
	rc = css_restore(&image.css, &state);
	shim_assert(!rc || rc == -EINVAL || rc == -EBUSY);
}

int fuzz_one_input(const u8 *data, size_t size)
{
	struct fuzz_input in = { .data = data, .left = size };
	u8 before, how;

	sequence_begin(&image, &in);
	before = take8(&in) % OPERATIONS_BEFORE;
	how = take8(&in);
	sequence_run(before);
	/* From here on allocations succeed; the input decides the rest. */
	shim_fail_alloc(0, 0);
	image.nest = 0;
	if (how & HOW_QUIESCED)
		css_quiesce(&image.css, 100);
	if (how & HOW_IMAGE)
		whole_image(how);
	subchannel(how);
	image_check(&image);
	css_unquiesce(&image.css);
	sequence_run(OPERATIONS_AFTER);
	sequence_end();
	return 0;
}
