// SPDX-License-Identifier: GPL-2.0
/*
 * Restoring a subchannel: a saved state is input like any other.  Each row
 * spoils a valid state in one place.  The spoilt state must be refused without
 * changing anything, and after that the valid one must be accepted.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/string.h>

#include <kvm_css/control_unit.h>

#include "fake_backing.h"
#include "state_case.h"
#include "subchannel/internal.h"

#define OWN(member_, type_, flip_) \
	.at = offsetof(struct kvm_css_state, member_), \
	.len = sizeof(type_), .flip = (flip_)
#define BYTE(member_, at_) \
	.at = offsetof(struct kvm_css_state, member_) + (at_), .len = 1, \
	.flip = 0x01
#define SCHIB(member_, type_, flip_) \
	.at = offsetof(struct kvm_css_state, schib) + \
	      offsetof(struct css_schib, member_), \
	.len = sizeof(type_), .big_endian = true, .flip = (flip_)
#define FLAGS(flip_)	SCHIB(scsw.flags, u32, flip_)

static const struct state_wrong wrongs[] = {
	{ "another type", BASE_IDLE, OWN(type, u32, 1) },
	{ "unknown state flag", BASE_IDLE, OWN(state, u32, 1u << 4) },
	{ "unknown state flag, the last", BASE_IDLE,
	  OWN(state, u32, 1u << 31) },
	{ "reserved2", BASE_IDLE, OWN(reserved2, u16, 1) },
	{ "reserved3, first", BASE_IDLE, BYTE(reserved3, 0) },
	{ "reserved3, last", BASE_IDLE, BYTE(reserved3, 3) },
	{ "device without a state", BASE_IDLE, BYTE(device, 0) },
	{ "device without a state, last byte", BASE_IDLE, BYTE(device, 63) },

	/* These bits end with an operand exception in MODIFY SUBCHANNEL. */
	{ "PMCW bit 0", BASE_IDLE, SCHIB(pmcw.flags, u16, 0x8000) },
	{ "PMCW bit 1", BASE_IDLE, SCHIB(pmcw.flags, u16, 0x4000) },
	{ "PMCW bit 5", BASE_IDLE, SCHIB(pmcw.flags, u16, 0x0400) },
	{ "limit mode 11", BASE_IDLE, SCHIB(pmcw.flags, u16, 0x0060) },
	{ "PMCW word 6 bit 0", BASE_IDLE, SCHIB(pmcw.chars, u32, 0x80000000) },
	{ "PMCW word 6 bit 28", BASE_IDLE, SCHIB(pmcw.chars, u32, 0x8) },

	/* These fields belong to the subchannel and can't be restored. */
	{ "device number not valid", BASE_IDLE,
	  SCHIB(pmcw.flags, u16, PMCW_VALID) },
	{ "subchannel type", BASE_IDLE, SCHIB(pmcw.chars, u32, 0x00200000) },
	{ "device number", BASE_IDLE, SCHIB(pmcw.devno, u16, 1) },
	{ "path not operational", BASE_IDLE, SCHIB(pmcw.pnom, u8, 0x80) },
	{ "last path used that isn't there", BASE_IDLE,
	  SCHIB(pmcw.lpum, u8, 0x40) },
	{ "path installed", BASE_IDLE, SCHIB(pmcw.pim, u8, 0x40) },
	{ "path available", BASE_IDLE, SCHIB(pmcw.pam, u8, 0x80) },
	{ "channel path", BASE_IDLE, BYTE(schib, 16) },
	{ "second channel path", BASE_IDLE, BYTE(schib, 17) },
	{ "last channel path", BASE_IDLE, BYTE(schib, 23) },
	{ "model-dependent area", BASE_IDLE, BYTE(schib, 51) },

	/* Combinations of control bits that can't be */
	{ "start function and nothing else", BASE_IDLE,
	  FLAGS(SCSW_FC_START) },
	{ "status without a function", BASE_IDLE, FLAGS(ENDED) },
	{ "clear and start function", BASE_START_PENDING,
	  FLAGS(SCSW_FC_CLEAR) },
	{ "start pending and suspended", BASE_START_PENDING,
	  FLAGS(SCSW_AC_SUSPENDED) },
	{ "start pending with status", BASE_START_PENDING,
	  FLAGS(SCSW_SC_PENDING) },
	{ "status not pending", BASE_ENDED, FLAGS(SCSW_SC_PENDING) },
	{ "suspended with primary status", BASE_SUSPENDED_STATUS,
	  FLAGS(SCSW_SC_INTERMEDIATE | SCSW_SC_PRIMARY) },
	{ "not enabled with a function", BASE_START_PENDING,
	  SCHIB(pmcw.flags, u16, PMCW_ENABLED) },
	{ "not enabled and suspended", BASE_SUSPENDED,
	  SCHIB(pmcw.flags, u16, PMCW_ENABLED) },
	{ "not enabled with status", BASE_ENDED,
	  SCHIB(pmcw.flags, u16, PMCW_ENABLED) },

	/* States in which a thread would have to be running the program */
	{ "active", BASE_START_PENDING,
	  FLAGS(SCSW_AC_START_PENDING | ACTIVE) },
	{ "active with intermediate status", BASE_START_PENDING,
	  FLAGS(SCSW_AC_START_PENDING | ACTIVE | SCSW_SC_INTERMEDIATE |
		  SCSW_SC_PENDING) },
	{ "halt pending", BASE_START_PENDING,
	  FLAGS(SCSW_AC_START_PENDING | ACTIVE | SCSW_FC_HALT |
		  SCSW_AC_HALT_PENDING) },
	{ "clear pending", BASE_IDLE,
	  FLAGS(SCSW_FC_CLEAR | SCSW_AC_CLEAR_PENDING) },

	/* The rest of the SCSW */
	{ "path not operational", BASE_ENDED, FLAGS(SCSW_PATH_NOT_OPER) },
	{ "deferred condition code 1 of what has been active", BASE_ENDED,
	  FLAGS(1u << SCSW_DEFERRED_CC_SHIFT) },
	{ "deferred condition code 2", BASE_NO_PATH,
	  FLAGS(1u << SCSW_DEFERRED_CC_SHIFT) },
	{ "deferred condition code 3 of a halt", BASE_HALTED_SUSPENDED,
	  FLAGS(2u << SCSW_DEFERRED_CC_SHIFT) },
	{ "deferred condition code 1 of no function", BASE_ATTENTION,
	  FLAGS(1u << SCSW_DEFERRED_CC_SHIFT) },
	{ "deferred condition code 3 of no function", BASE_SECONDARY,
	  FLAGS(3u << SCSW_DEFERRED_CC_SHIFT) },
	{ "no deferred condition code of what was presented", BASE_PRESENTED,
	  FLAGS(1u << SCSW_DEFERRED_CC_SHIFT) },
	{ "device active after device end", BASE_SECONDARY,
	  FLAGS(SCSW_AC_DEVICE_ACTIVE) },
	{ "subchannel active between channel end and device end",
	  BASE_DEVICE_ACTIVE, FLAGS(SCSW_AC_SUBCH_ACTIVE) },
	{ "start pending under status without it", BASE_NO_PATH,
	  FLAGS(3u << SCSW_DEFERRED_CC_SHIFT) },
	{ "suspended under status without it", BASE_HALTED_SUSPENDED,
	  FLAGS(1u << SCSW_DEFERRED_CC_SHIFT) },
	{ "resume pending under status", BASE_HALTED_SUSPENDED,
	  FLAGS(SCSW_AC_RESUME_PENDING) },
	{ "deferred condition code 3 before the end", BASE_START_PENDING,
	  FLAGS(3u << SCSW_DEFERRED_CC_SHIFT) },
	{ "device status before the end", BASE_START_PENDING,
	  SCHIB(scsw.dstat, u8, DSTAT_CHANNEL_END) },
	{ "subchannel status before the end", BASE_SUSPENDED_STATUS,
	  SCHIB(scsw.cstat, u8, CSTAT_PROGRAM_CHECK) },
	{ "concurrent sense without unit check", BASE_ENDED,
	  FLAGS(SCSW_EXTENDED) },
	{ "concurrent sense that isn't enabled", BASE_UNIT_CHECK,
	  FLAGS(SCSW_EXTENDED) },
	{ "sense without a unit check any more", BASE_SENSE,
	  SCHIB(scsw.dstat, u8, DSTAT_UNIT_CHECK) },
	{ "sense and no extended control", BASE_SENSE,
	  FLAGS(SCSW_EXTENDED) },
	{ "extended-control word, first byte", BASE_ENDED, BYTE(ecw, 0) },
	{ "extended-control word, last byte", BASE_IDLE, BYTE(ecw, 31) },

	/* Intermediate status */
	{ "Z of an idle subchannel", BASE_IDLE, FLAGS(SCSW_ZERO_CC) },
	{ "Z before the start", BASE_START_PENDING, FLAGS(SCSW_ZERO_CC) },
	{ "Z that has been cleared", BASE_SUSPENDED_TESTED,
	  FLAGS(SCSW_ZERO_CC) },
	{ "Z with the ending alone", BASE_ENDED, FLAGS(SCSW_ZERO_CC) },
	{ "PCI before the start", BASE_START_PENDING,
	  SCHIB(scsw.cstat, u8, CSTAT_PCI) },
	{ "PCI that has been cleared", BASE_SUSPENDED_PCI_TESTED,
	  SCHIB(scsw.cstat, u8, CSTAT_PCI) },
	{ "PCI of a resume", BASE_RESUME_PENDING,
	  SCHIB(scsw.cstat, u8, CSTAT_PCI) },
	{ "PCI with the ending alone", BASE_ENDED,
	  SCHIB(scsw.cstat, u8, CSTAT_PCI) },
	{ "PCI, and nothing intermediate", BASE_ENDED_PCI,
	  FLAGS(SCSW_SC_INTERMEDIATE) },
	{ "another subchannel status beside PCI", BASE_SUSPENDED_PCI,
	  SCHIB(scsw.cstat, u8, CSTAT_INCORRECT_LENGTH) },
	{ "device status beside PCI", BASE_SUSPENDED_PCI,
	  SCHIB(scsw.dstat, u8, DSTAT_CHANNEL_END) },
	{ "PCI missing in status of a suspension untold", BASE_UNTOLD_PCI,
	  SCHIB(scsw.cstat, u8, CSTAT_PCI) },
	{ "Z missing in status of a suspension untold", BASE_SUSPENDED_ZERO_CC,
	  FLAGS(SCSW_ZERO_CC) },

	/* "ESW Format" is one if, and only if, there is a logout */
	{ "ESW format of an idle subchannel", BASE_IDLE,
	  FLAGS(SCSW_ESW_FORMAT) },
	{ "ESW format without a logout", BASE_ENDED, FLAGS(SCSW_ESW_FORMAT) },
	{ "ESW format after the status", BASE_DATA_CHECK_TESTED,
	  FLAGS(SCSW_ESW_FORMAT) },
	{ "ESW format before the status", BASE_BLOCK_WAITS,
	  FLAGS(SCSW_ESW_FORMAT) },
	{ "other ESW format with channel-data check", BASE_DATA_CHECK,
	  FLAGS(SCSW_ESW_FORMAT) },
	{ "other ESW format with channel-control check", BASE_CONTROL_CHECK,
	  FLAGS(SCSW_ESW_FORMAT) },
	{ "other ESW format with a block logout", BASE_BLOCK,
	  FLAGS(SCSW_ESW_FORMAT) },
	{ "storage logout without a check", BASE_DATA_CHECK,
	  SCHIB(scsw.cstat, u8, CSTAT_CHANNEL_DATA) },
	{ "failing address of an idle subchannel", BASE_DATA_CHECK_TESTED,
	  OWN(failing, u64, IMAGE_DATA) },
	{ "failing address without a check", BASE_ENDED,
	  OWN(failing, u64, 1) },
	{ "failing address of a block", BASE_BLOCK,
	  OWN(failing, u64, 1ull << 63) },
	{ "failing address before the status", BASE_BLOCK_WAITS,
	  OWN(failing, u64, 1) },
	{ "storage-access code of an idle subchannel", BASE_DATA_CHECK_TESTED,
	  OWN(logout, u32, LOGOUT_READ) },
	{ "storage-access code without a check", BASE_BLOCK,
	  OWN(logout, u32, LOGOUT_WRITE) },
	{ "CCW check before the start", BASE_START_PENDING,
	  OWN(logout, u32, LOGOUT_CCW_CHECK) },
	{ "IDAW check without a check", BASE_ENDED,
	  OWN(logout, u32, LOGOUT_IDAW_CHECK) },
	{ "block logout of an idle subchannel", BASE_IDLE,
	  OWN(logout, u32, LOGOUT_BLOCK_PROGRAM) },
	{ "block logout of a disabled subchannel", BASE_DISABLED,
	  OWN(logout, u32, LOGOUT_BLOCK_DATA) },
	{ "block logout that the ending doesn't show", BASE_ENDED,
	  OWN(logout, u32, LOGOUT_BLOCK_PROTECTION) },
	{ "block logout missing", BASE_BLOCK,
	  OWN(logout, u32, LOGOUT_BLOCK_PROGRAM) },
	{ "what is valid in the logout", BASE_DATA_CHECK,
	  OWN(logout, u32, LOGOUT_LPUM_VALID) },
	{ "last-path-used mask in the logout", BASE_BLOCK,
	  OWN(logout, u32, IMAGE_PATH << LOGOUT_LPUM_SHIFT) },
	{ "bit 0 of the logout", BASE_BLOCK, OWN(logout, u32, 1u << 31) },

	/* Interruptions */
	{ "interruption without status", BASE_IDLE,
	  OWN(state, u32, KVM_CSS_STATE_INTERRUPTION) },
	{ "interruption of a suspended program", BASE_SUSPENDED_TESTED,
	  OWN(state, u32, KVM_CSS_STATE_INTERRUPTION) },
	{ "interruption before the start", BASE_START_PENDING,
	  OWN(state, u32, KVM_CSS_STATE_INTERRUPTION) },

	/* A program in a state that has none */
	{ "idle with ORB", BASE_IDLE, OWN(orb_flags, u32, ORB_FORMAT) },
	{ "idle with CCW address", BASE_IDLE, OWN(ccw, u32, 0x1000) },
	{ "idle with count", BASE_IDLE, OWN(count, u16, 1) },
	{ "idle and begun", BASE_IDLE, OWN(state, u32, KVM_CSS_STATE_BEGUN) },
	{ "ended and executed", BASE_ENDED,
	  OWN(state, u32, KVM_CSS_STATE_EXECUTED) },
	{ "disabled with CCW address", BASE_DISABLED, OWN(ccw, u32, 0x1000) },

	/* An invalid program */
	{ "reserved bit of the ORB", BASE_START_PENDING,
	  OWN(orb_flags, u32, 0x2) },
	{ "transport mode", BASE_START_PENDING,
	  OWN(orb_flags, u32, ORB_TRANSPORT) },
	{ "CCW address bit 0", BASE_START_PENDING,
	  OWN(ccw, u32, ORB_CPA_ZERO) },
	{ "CCW address bit 0, begun", BASE_SUSPENDED,
	  OWN(ccw, u32, ORB_CPA_ZERO) },
	{ "CCW address not on a doubleword", BASE_SUSPENDED, OWN(ccw, u32, 4) },
	{ "CCW address odd", BASE_RESUME_PENDING, OWN(ccw, u32, 1) },
	{ "executed before it began", BASE_START_PENDING,
	  OWN(state, u32, KVM_CSS_STATE_EXECUTED) },
	{ "count before it began", BASE_START_PENDING, OWN(count, u16, 8) },
	{ "start pending and executed", BASE_START_PENDING_BEGUN,
	  OWN(state, u32, KVM_CSS_STATE_EXECUTED) },
	{ "start pending and begun with count", BASE_START_PENDING_BEGUN,
	  OWN(count, u16, 8) },
	{ "suspended before it began", BASE_SUSPENDED,
	  OWN(state, u32, KVM_CSS_STATE_BEGUN) },
	{ "resumed before it began", BASE_RESUME_PENDING,
	  OWN(state, u32, KVM_CSS_STATE_BEGUN) },

	/* An ORB that contradicts the SCHIB */
	{ "logical-path mask", BASE_START_PENDING, SCHIB(pmcw.lpm, u8, 0x40) },
	{ "logical-path mask of the ORB", BASE_START_PENDING,
	  OWN(orb_flags, u32, 0x4000) },
	{ "key", BASE_START_PENDING, OWN(orb_flags, u32, 0x10000000) },
	{ "format", BASE_START_PENDING, OWN(orb_flags, u32, ORB_FORMAT) },
	{ "suspend control of the ORB", BASE_SUSPENDED,
	  OWN(orb_flags, u32, ORB_SUSPEND) },
	{ "suspend control of the SCSW", BASE_SUSPENDED,
	  FLAGS(SCSW_SUSPEND) },
	{ "prefetch control", BASE_SUSPENDED, FLAGS(SCSW_PREFETCH) },
};

KUNIT_ARRAY_PARAM_DESC(wrong, wrongs, name);

static void expect_unchanged(struct kunit *test, struct fake_image *image,
			     const struct kvm_css_state *before)
{
	struct kvm_css_state after;

	KUNIT_EXPECT_EQ(test, 0, state_get(image, &after));
	KUNIT_EXPECT_MEMEQ(test, (const u8 *)before, (const u8 *)&after,
			   sizeof(after));
	KUNIT_EXPECT_EQ(test, image->guest.injected, 0);
	KUNIT_EXPECT_EQ(test, image->fake->done, 0);
}

static void refuse_test(struct kunit *test)
{
	const struct state_wrong *wrong = test->param_value;
	struct state_pair *pair = test->priv;
	struct kvm_css_state before, state;

	state_prepare(pair->from, wrong->base);
	state_copy_rest(pair);
	pair->to->fake->done = 0;
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &state));
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->to, &before));
	WRITE_ONCE(pair->to->css.shared.quiesced, true);
	state_spoil(&state, wrong);
	KUNIT_EXPECT_EQ(test, -EINVAL, state_set(pair->to, &state));
	expect_unchanged(test, pair->to, &before);
	state_spoil(&state, wrong);
	KUNIT_EXPECT_EQ(test, 0, state_set(pair->to, &state));
}

/* These rows change more than one field. */

static void set_scsw(struct kvm_css_state *state, u32 flags)
{
	struct css_schib *schib = (struct css_schib *)state->schib;

	schib->scsw.flags = cpu_to_be32(flags);
}

static void refuse_more(struct kunit *test, const struct kvm_css_state *state,
			const char *what)
{
	struct state_pair *pair = test->priv;
	struct kvm_css_state before;

	KUNIT_ASSERT_EQ(test, 0, state_get(pair->to, &before));
	KUNIT_EXPECT_EQ_MSG(test, -EINVAL, state_set(pair->to, state), "%s",
			    what);
	expect_unchanged(test, pair->to, &before);
}

static void refuse_combined_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct kvm_css_state good, state;
	struct css_schib *schib = (struct css_schib *)state.schib;

	state_prepare(pair->from, BASE_SUSPENDED_STATUS);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &good));

	state = good;
	state.orb_flags &= ~ORB_SUSPEND;
	set_scsw(&state, be32_to_cpu(schib->scsw.flags) & ~SCSW_SUSPEND);
	refuse_more(test, &state, "suspended without suspend control");

	state = good;
	state.orb_flags |= ORB_SUPPRESS_SUSPENDED;
	set_scsw(&state, be32_to_cpu(schib->scsw.flags) |
			 SCSW_SUPPRESS_SUSPENDED);
	refuse_more(test, &state, "status although it is suppressed");

	state = good;
	state.orb_flags &= ~ORB_FORMAT;
	set_scsw(&state, be32_to_cpu(schib->scsw.flags) & ~SCSW_FORMAT);
	state.ccw |= 0x01000000;
	refuse_more(test, &state, "begun with format 0 above 24 bits");
	state.ccw &= ~0x01000000;
	KUNIT_EXPECT_EQ(test, 0, state_set(pair->to, &state));
	KUNIT_ASSERT_EQ(test, 0, css_reset(&pair->to->css, CSS_RESET_ALL));

	state = good;
	state.orb_flags &= ~ORB_LPM;
	schib->pmcw.lpm = 0;
	refuse_more(test, &state, "started without a path");

	state = good;
	state.orb_flags &= ~ORB_SUSPEND;
	state.state &= ~KVM_CSS_STATE_INTERRUPTION;
	set_scsw(&state, (be32_to_cpu(schib->scsw.flags) &
			  ~(SCSW_SUSPEND | SCSW_SC)) | SCSW_AC_RESUME_PENDING);
	refuse_more(test, &state, "resumed without suspend control");

	state = good;
	schib->pmcw.chars = cpu_to_be32(PMCW_MB_FORMAT1);
	schib->mba = cpu_to_be64(32);
	refuse_more(test, &state, "format-1 block not on its boundary");
	schib->mba = cpu_to_be64(64);
	KUNIT_EXPECT_EQ(test, 0, state_set(pair->to, &state));
}

/*
 * For any contents of the structure the call returns, and what it accepts is a
 * valid state.
 */
static void refuse_noise_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct kvm_css_state good, state;
	struct css_schib *schib = (struct css_schib *)state.schib;
	unsigned int at, bit, accepted = 0;
	u8 *bytes = (u8 *)&state;

	state_prepare(pair->from, BASE_SUSPENDED_EXECUTED);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &good));
	WRITE_ONCE(pair->to->css.shared.quiesced, true);
	for (at = offsetof(struct kvm_css_state, type); at < sizeof(state);
	     at++) {
		for (bit = 0; bit < 8; bit++) {
			state = good;
			bytes[at] ^= 1u << bit;
			if (state_set(pair->to, &state))
				continue;
			accepted++;
			KUNIT_EXPECT_EQ(test, image_state(pair->to),
					schib_state(schib));
			css_reset(&pair->to->css, CSS_RESET_ALL);
		}
	}
	KUNIT_EXPECT_GT(test, accepted, 0);
}

/* A state can only be restored into an idle subchannel. */
static void busy_test(struct kunit *test)
{
	const struct state_base *base = test->param_value;
	struct state_pair *pair = test->priv;
	bool idle = base->state == SCH_DISABLED || base->state == SCH_IDLE;
	struct kvm_css_state state, before, after;

	state_prepare(pair->from, BASE_IDLE);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->from, &state));
	base->prepare(pair->to);
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->to, &before));
	KUNIT_EXPECT_EQ(test, idle ? 0 : -EBUSY, state_set(pair->to, &state));
	KUNIT_ASSERT_EQ(test, 0, state_get(pair->to, &after));
	if (!idle)
		KUNIT_EXPECT_MEMEQ(test, (const u8 *)&before,
				   (const u8 *)&after, sizeof(after));
}

static void busy_desc(const struct state_base *base, char *desc)
{
	strscpy(desc, base->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(busy, state_bases, busy_desc);

static void expect_both(struct kunit *test, int rc)
{
	struct state_pair *pair = test->priv;
	struct kvm_css_state state, good;

	KUNIT_ASSERT_EQ(test, 0, state_get(pair->to, &good));
	KUNIT_EXPECT_EQ(test, rc, state_get(pair->from, &state));
	KUNIT_EXPECT_EQ(test, rc, state_set(pair->from, &good));
}

/* The subchannel has a function in progress, for which a quiesce would wait. */
static void progress_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;

	image_start_blocked(pair->from);
	KUNIT_EXPECT_EQ(test, image_state(pair->from), SCH_ACTIVE);
	expect_both(test, -EBUSY);
	image_execute(pair->from, IOINST_HSCH);
	expect_both(test, -EBUSY);
	image_execute(pair->from, IOINST_CSCH);
	expect_both(test, -EBUSY);
	css_reset(&pair->from->css, CSS_RESET_ALL);
	expect_both(test, 0);
}

/* The same, after the program has told the guest something */
static void progress_told_test(struct kunit *test)
{
	const u8 flags = CCW_PCI;
	struct state_pair *pair = test->priv;
	struct fake_image *image = pair->from;
	struct css_orb orb;
	struct css_irb irb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	fake_put(&image->guest,
		 IMAGE_PROG + offsetof(struct css_ccw1, flags), &flags,
		 sizeof(flags));
	image->fake->must_wait = true;
	image->fake->blocks = true;
	EXPECT_CC(test, image_ssch(image, &orb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(test, image_state(image), SCH_ACTIVE_STATUS);
	expect_both(test, -EBUSY);
	image_tsch(image, &irb);
	KUNIT_EXPECT_EQ(test, image_state(image), SCH_ACTIVE);
	expect_both(test, -EBUSY);
	css_reset(&image->css, CSS_RESET_ALL);
	expect_both(test, 0);
}

static void resetting_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct subchannel *sch = image_find(pair->from);

	image_start_blocked(pair->from);
	subchannel_reset(sch, true);
	expect_both(test, -EBUSY);
	state_settle(pair->from);
	expect_both(test, 0);
	subchannel_put(sch);
}

/*
 * The subchannel is in a state that can't be, which has been found before or is
 * found now.
 */
static void broken_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct subchannel *sch = image_find(pair->from);
	struct css_schib schib;

	mutex_lock(&sch->lock);
	subchannel_set_flags(sch, SCSW_FC_CLEAR | SCSW_FC_START);
	mutex_unlock(&sch->lock);
	expect_both(test, -EIO);
	image_stsch(pair->from, &schib);
	KUNIT_EXPECT_TRUE(test, sch->broken);
	expect_both(test, -EIO);
	css_reset(&pair->from->css, CSS_RESET_ALL);
	expect_both(test, 0);
	subchannel_put(sch);
}

static void removed_test(struct kunit *test)
{
	struct state_pair *pair = test->priv;
	struct subchannel *sch = image_find(pair->from);
	struct kvm_css_state state;

	KUNIT_ASSERT_EQ(test, 0, state_get(pair->to, &state));
	fake_remove(&pair->from->css, IMAGE_SSID, IMAGE_SCHID);
	KUNIT_EXPECT_EQ(test, -ENODEV, subchannel_restore(sch, &state));
	KUNIT_EXPECT_EQ(test, -ENODEV, subchannel_save(sch, &state));
	subchannel_put(sch);
}

static struct kunit_case refuse_cases[] = {
	KUNIT_CASE_PARAM(refuse_test, wrong_gen_params),
	KUNIT_CASE(refuse_combined_test),
	KUNIT_CASE(refuse_noise_test),
	KUNIT_CASE_PARAM(busy_test, busy_gen_params),
	KUNIT_CASE(progress_test),
	KUNIT_CASE(progress_told_test),
	KUNIT_CASE(resetting_test),
	KUNIT_CASE(broken_test),
	KUNIT_CASE(removed_test),
	{}
};

static struct kunit_suite refuse_suite = {
	.name = "kvm_css_state_refuse",
	.init = state_init,
	.exit = state_exit,
	.test_cases = refuse_cases,
};

/* What devices refuse to restore */

#define DISK_BLOCKS	16
#define POSITION_MAX	65536
#define CMD_WRITE	0x41
#define CMD_READ	0x42

#define FBA(member_, type_, flip_) \
	.at = offsetof(union kvm_css_device_state, fba.member_), \
	.len = sizeof(type_), .flip = (flip_)
#define DEVICE_BYTE(at_)	.at = (at_), .len = 1, .flip = 1

/*
 * Blocks 4 to 11 of the extent are blocks 100 to 107 of the disk, and blocks
 * 102 to 104 of the disk have been located.
 */
static const struct kvm_css_fba_state located = {
	.defined = 1,
	.command = CMD_WRITE,
	.location = 4,
	.first = 100,
	.last = 107,
	.block = 6,
	.count = 3,
};

static const struct state_wrong fba_wrongs[] = {
	{ "defined 0 with the rest", 0, FBA(defined, u8, 1) },
	{ "defined 3", 0, FBA(defined, u8, 2) },
	{ "mask with a zero bit", 0, FBA(mask, u8, 0x01) },
	{ "mask of the CE area", 0, FBA(mask, u8, 0x08) },
	{ "WRITE that the mask inhibits", 0, FBA(mask, u8, 0x40) },
	{ "another command", 0, FBA(command, u8, CMD_WRITE ^ 0x43) },
	{ "READ IPL with blocks", 0, FBA(command, u8, CMD_WRITE ^ 0x02) },
	{ "no command with blocks", 0, FBA(command, u8, CMD_WRITE) },
	{ "reserved", 0, FBA(reserved, u8, 1) },
	{ "reserved2", 0, FBA(reserved2, u16, 1) },
	{ "extent behind the disk", 0, FBA(location, u32, 0x10) },
	{ "extent far behind the disk", 0, FBA(location, u32, 0x80000000) },
	{ "extent that begins behind its end", 0, FBA(first, u32, 0x80) },
	{ "extent longer than the disk", 0, FBA(last, u32, 0x10) },
	{ "extent that wraps", 0, FBA(last, u32, 0xffffff00) },
	{ "no block", 0, FBA(count, u16, 3) },
	{ "blocks to behind the extent", 0, FBA(count, u16, 4) },
	{ "65535 blocks", 0, FBA(count, u16, 0xfffc) },
	{ "blocks before the extent", 0, FBA(block, u32, 4) },
	{ "blocks behind the extent", 0, FBA(block, u32, 8) },
	{ "blocks that wrap", 0, FBA(block, u32, 0xfffffff9) },
	{ "first byte behind", 0, DEVICE_BYTE(24) },
	{ "last byte", 0, DEVICE_BYTE(63) },
};

KUNIT_ARRAY_PARAM_DESC(fba_wrong, fba_wrongs, name);

static struct css_device *make_fba(struct kunit *test, bool readonly)
{
	loff_t size = DISK_BLOCKS * 512;
	struct fake_backing *backing = fake_backing_create(test, size);
	struct css_device *dev;

	dev = fba_device_create(backing->file, 0, KVM_CSS_FBA_MODEL_9336,
				readonly);
	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));
	return dev;
}

static void device_expect(struct kunit *test, const struct css_device *dev,
			  const union kvm_css_device_state *expected)
{
	union kvm_css_device_state state;

	memset(&state, 0xff, sizeof(state));
	cu_save(dev, &state);
	KUNIT_EXPECT_MEMEQ(test, (const u8 *)&state, (const u8 *)expected,
			   sizeof(state));
}

static void fba_refuse_test(struct kunit *test)
{
	const struct state_wrong *wrong = test->param_value;
	const union kvm_css_device_state nothing = {};
	union kvm_css_device_state state = { .fba = located };
	struct css_device *dev = make_fba(test, false);

	state_spoil(&state, wrong);
	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	device_expect(test, dev, &nothing);
	state_spoil(&state, wrong);
	KUNIT_EXPECT_TRUE(test, cu_restore(dev, &state));
	device_expect(test, dev, &state);
	KUNIT_EXPECT_TRUE(test, cu_restore(dev, &nothing));
	device_expect(test, dev, &nothing);
	dev->ops->release(dev);
}

static void fba_readonly_test(struct kunit *test)
{
	union kvm_css_device_state state = { .fba = located };
	struct css_device *dev = make_fba(test, true);

	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	state.fba.command = CMD_READ;
	KUNIT_EXPECT_TRUE(test, cu_restore(dev, &state));
	device_expect(test, dev, &state);
	dev->ops->release(dev);
}

/* State of a disk after READ IPL, which sets an extent of its own */
static void fba_ipl_test(struct kunit *test)
{
	const struct kvm_css_fba_state good = {
		.defined = 1,
		.command = 0x02,
		.last = DISK_BLOCKS - 1,
	};
	const union kvm_css_device_state nothing = {};
	union kvm_css_device_state state = { .fba = good };
	struct css_device *dev = make_fba(test, true);

	KUNIT_EXPECT_TRUE(test, cu_restore(dev, &state));
	device_expect(test, dev, &state);
	KUNIT_EXPECT_TRUE(test, cu_restore(dev, &nothing));
	state.fba.mask = 0x80;
	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	state.fba = good;
	state.fba.last--;
	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	state.fba = good;
	state.fba.location = 1;
	state.fba.last--;
	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	state.fba = good;
	state.fba.count = 1;
	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	state.fba = good;
	state.fba.first = 1;
	state.fba.last++;
	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	device_expect(test, dev, &nothing);
	dev->ops->release(dev);
}

/* An extent of the whole disk, with its last block located */
static void fba_whole_test(struct kunit *test)
{
	union kvm_css_device_state state = {
		.fba = {
			.defined = 1,
			.command = CMD_READ,
			.first = U32_MAX - (DISK_BLOCKS - 1),
			.last = U32_MAX,
			.block = DISK_BLOCKS - 1,
			.count = 1,
		},
	};
	struct css_device *dev = make_fba(test, false);

	KUNIT_EXPECT_TRUE(test, cu_restore(dev, &state));
	device_expect(test, dev, &state);
	state.fba.count = 2;
	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	dev->ops->release(dev);
}

/* An extent without a located block */
static void fba_extent_test(struct kunit *test)
{
	union kvm_css_device_state state = { .fba = located };
	struct css_device *dev = make_fba(test, false);

	state.fba.command = 0;
	state.fba.count = 0;
	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	state.fba.block = 0;
	state.fba.count = 3;
	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	state.fba.count = 0;
	KUNIT_EXPECT_TRUE(test, cu_restore(dev, &state));
	device_expect(test, dev, &state);
	dev->ops->release(dev);
}

static void test_unit_test(struct kunit *test)
{
	union kvm_css_device_state state = {
		.test = { .position = POSITION_MAX },
	};
	struct css_device *dev = test_device_create(false);

	KUNIT_ASSERT_FALSE(test, IS_ERR(dev));
	KUNIT_EXPECT_TRUE(test, cu_restore(dev, &state));
	device_expect(test, dev, &state);
	state.test.position++;
	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	state.test.position = U32_MAX;
	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	state.test.position = 1;
	state.bytes[4] = 1;
	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	state.bytes[4] = 0;
	state.bytes[63] = 1;
	KUNIT_EXPECT_FALSE(test, cu_restore(dev, &state));
	state.bytes[63] = 0;
	state.test.position = POSITION_MAX;
	device_expect(test, dev, &state);
	dev->ops->release(dev);
}

static struct kunit_case device_cases[] = {
	KUNIT_CASE_PARAM(fba_refuse_test, fba_wrong_gen_params),
	KUNIT_CASE(fba_readonly_test),
	KUNIT_CASE(fba_ipl_test),
	KUNIT_CASE(fba_whole_test),
	KUNIT_CASE(fba_extent_test),
	KUNIT_CASE(test_unit_test),
	{}
};

static struct kunit_suite device_suite = {
	.name = "kvm_css_state_device",
	.test_cases = device_cases,
};

kunit_test_suites(&refuse_suite, &device_suite);
