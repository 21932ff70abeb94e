// SPDX-License-Identifier: GPL-2.0
/*
 * Two images with the same subchannel, see state_case.h.
 */
#include <linux/string.h>

#include <kvm_css/measurement.h>

#include "state_case.h"

#define SECOND_CCW	(IMAGE_PROG + 8)
#define SECOND_DATA	(IMAGE_DATA + IMAGE_COUNT)

/* Two reads; the second one has half the count of the first one. */
static const struct fake_step two_reads[] = {
	STEP_GIVES(IMAGE_CMD, IMAGE_COUNT),
	STEP_GIVES(IMAGE_CMD, IMAGE_COUNT / 2),
};

static const struct fake_step primary[] = {
	STEP_STATUS(IMAGE_CMD, DSTAT_CHANNEL_END),
};

static const struct fake_step unit_check[] = {
	{ .cmd = IMAGE_CMD, .dstat = DSTAT_UNIT_CHECK, .sense0 = SENSE0 },
};

int state_init(struct kunit *test)
{
	struct state_pair *pair;

	pair = kunit_kzalloc(test, sizeof(*pair), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pair);
	image_init(test);
	pair->from = test->priv;
	image_init(test);
	pair->to = test->priv;
	test->priv = pair;
	return 0;
}

void state_exit(struct kunit *test)
{
	struct state_pair *pair = test->priv;

	test->priv = pair->from;
	image_exit(test);
	test->priv = pair->to;
	image_exit(test);
}

static bool active(struct subchannel *sch)
{
	bool is;

	mutex_lock(&sch->lock);
	is = subchannel_active(sch);
	mutex_unlock(&sch->lock);
	return is;
}

void state_settle(struct fake_image *image)
{
	struct subchannel *sch = image_find(image);

	while (active(sch))
		flush_workqueue(image->css.shared.wq);
	subchannel_put(sch);
}

int state_get(struct fake_image *image, struct kvm_css_state *state)
{
	struct subchannel *sch = image_find(image);
	int rc;

	memset(state, 0, sizeof(*state));
	rc = subchannel_save(sch, state);
	subchannel_put(sch);
	return rc;
}

int state_set(struct fake_image *image, const struct kvm_css_state *state)
{
	struct subchannel *sch = image_find(image);
	int rc = subchannel_restore(sch, state);

	subchannel_put(sch);
	return rc;
}

void state_copy_rest(struct state_pair *pair)
{
	struct guest *from = &pair->from->guest, *to = &pair->to->guest;
	struct fake_device *old = pair->from->fake, *new = pair->to->fake;

	memcpy(to->storage, from->storage, FAKE_STORAGE);
	memcpy(to->pending, from->pending, sizeof(to->pending));
	to->nr_pending = from->nr_pending;
	fake_device_script(new, old->steps, old->nr_steps);
	new->done = old->done;
	new->moved = old->moved;
}

void state_spoil(void *data, const struct state_wrong *wrong)
{
	const __be64 big = cpu_to_be64(wrong->flip);
	const u64 as64 = wrong->flip;
	const u32 as32 = wrong->flip;
	const u16 as16 = wrong->flip;
	const u8 as8 = wrong->flip;
	const u8 *flip;
	u8 i;

	if (wrong->big_endian)
		flip = (const u8 *)&big + sizeof(big) - wrong->len;
	else if (wrong->len == 1)
		flip = &as8;
	else if (wrong->len == 2)
		flip = (const u8 *)&as16;
	else if (wrong->len == 4)
		flip = (const u8 *)&as32;
	else
		flip = (const u8 *)&as64;
	for (i = 0; i < wrong->len; i++)
		((u8 *)data)[wrong->at + i] ^= flip[i];
}

/* Bring a subchannel into each of the states */

/* Quiesce as css_quiesce() does, but possibly within a command. */
static void quiesce(void *arg)
{
	struct fake_image *image = arg;

	WRITE_ONCE(image->css.shared.quiesced, true);
}

static void unquiesce(struct fake_image *image)
{
	css_unquiesce(&image->css);
	state_settle(image);
}

static void put_ccw(struct fake_image *image, u32 addr, u8 flags, u16 count,
		    u32 cda)
{
	const struct css_ccw1 ccw = {
		.cmd = IMAGE_CMD,
		.flags = flags,
		.count = cpu_to_be16(count),
		.cda = cpu_to_be32(cda),
	};

	fake_put(&image->guest, addr, &ccw, sizeof(ccw));
}

/* Enable the subchannel, and store two reads with flags of their own. */
static void load_two(struct fake_image *image, struct css_orb *orb,
		     u32 orb_flags, u8 first, u8 second)
{
	image_enable(image, IMAGE_ISC, 0);
	image_load(image, orb);
	put_ccw(image, IMAGE_PROG, first | CCW_CC, IMAGE_COUNT, IMAGE_DATA);
	put_ccw(image, SECOND_CCW, second, IMAGE_COUNT / 2, SECOND_DATA);
	orb->flags |= cpu_to_be32(orb_flags);
	fake_device_script(image->fake, two_reads, 2);
}

static void prepare_disabled(struct fake_image *image)
{
	struct css_schib schib;

	image_stsch(image, &schib);
	schib.pmcw.intparm = cpu_to_be32(IMAGE_INTPARM);
	schib.pmcw.mbi = cpu_to_be16(0x1234);
	schib.pmcw.pom = 0x81;
	KUNIT_ASSERT_TRUE(image->guest.test,
			  image_msch(image, &schib) == IOINST_CC_EXPECTED);
}

static void prepare_idle(struct fake_image *image)
{
	image_enable(image, IMAGE_ISC, PMCW_CONCURRENT_SENSE);
}

static void prepare_idle_after(struct fake_image *image)
{
	struct css_irb irb;

	image_start(image);
	image_tsch(image, &irb);
}

static void prepare_start_pending(struct fake_image *image)
{
	struct css_orb orb;

	load_two(image, &orb, 0, 0, 0);
	quiesce(image);
	image_must_start(image, &orb);
}

/* The vCPU has fetched the first CCW, and the worker has not run yet. */
static void prepare_start_pending_begun(struct fake_image *image)
{
	struct css_orb orb;

	load_two(image, &orb, 0, 0, 0);
	image->fake->must_wait = true;
	image->fake->during = quiesce;
	image->fake->during_arg = image;
	image_must_start(image, &orb);
	state_settle(image);
	KUNIT_ASSERT_EQ(image->guest.test, image->fake->waits, 1);
	image->fake->during = NULL;
	image->fake->waits = 0;
}

static void prepare_suspended(struct fake_image *image)
{
	struct css_orb orb;

	load_two(image, &orb, ORB_SUSPEND | ORB_SUPPRESS_SUSPENDED,
		 CCW_SUSPEND, 0);
	image_must_start(image, &orb);
}

static void prepare_suspended_executed(struct fake_image *image)
{
	struct css_orb orb;

	load_two(image, &orb, ORB_SUSPEND | ORB_SUPPRESS_SUSPENDED, 0,
		 CCW_SUSPEND);
	image_must_start(image, &orb);
	KUNIT_ASSERT_EQ(image->guest.test, image->fake->done, 1);
}

static void prepare_suspended_status(struct fake_image *image)
{
	struct css_orb orb;

	load_two(image, &orb, ORB_SUSPEND, 0, CCW_SUSPEND);
	image_must_start(image, &orb);
}

static void prepare_suspended_tested(struct fake_image *image)
{
	struct css_irb irb;

	prepare_suspended_status(image);
	image_tsch(image, &irb);
}

static void prepare_resume_pending(struct fake_image *image)
{
	prepare_suspended_executed(image);
	put_ccw(image, SECOND_CCW, 0, IMAGE_COUNT / 2, SECOND_DATA);
	quiesce(image);
	image_must(image, IOINST_RSCH);
}

/*
 * The program was resumed before any command was executed, and is a worker's
 * now.
 */
static void prepare_start_pending_resumed(struct fake_image *image)
{
	prepare_suspended(image);
	put_ccw(image, IMAGE_PROG, CCW_CC, IMAGE_COUNT, IMAGE_DATA);
	image->fake->must_wait = true;
	image->fake->during = quiesce;
	image->fake->during_arg = image;
	image_must(image, IOINST_RSCH);
	state_settle(image);
	image->fake->during = NULL;
	image->fake->waits = 0;
}

static void prepare_ended(struct fake_image *image)
{
	struct css_orb orb;

	load_two(image, &orb, ORB_SUSPEND | ORB_PREFETCH, 0, 0);
	image_must_start(image, &orb);
}

static void prepare_with(struct fake_image *image, u32 chars,
			 const struct fake_step *steps)
{
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, chars);
	image_load(image, &orb);
	orb.flags |= cpu_to_be32(ORB_ILS);
	fake_device_script(image->fake, steps, 1);
	image_must_start(image, &orb);
}

static void prepare_primary(struct fake_image *image)
{
	prepare_with(image, 0, primary);
}

static void prepare_unit_check(struct fake_image *image)
{
	prepare_with(image, 0, unit_check);
}

static void prepare_sense(struct fake_image *image)
{
	prepare_with(image, PMCW_CONCURRENT_SENSE, unit_check);
}

static void prepare_program_check(struct fake_image *image)
{
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	orb.cpa = cpu_to_be32(IMAGE_PROG + 4);
	image_must_start(image, &orb);
}

static void prepare_no_path(struct fake_image *image)
{
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	orb.flags &= ~cpu_to_be32(ORB_LPM);
	image_must_start(image, &orb);
}

static void prepare_halted(struct fake_image *image)
{
	prepare_idle(image);
	image_must(image, IOINST_HSCH);
}

static void prepare_halted_unbegun(struct fake_image *image)
{
	prepare_start_pending(image);
	image_must(image, IOINST_HSCH);
	unquiesce(image);
}

static void prepare_halted_suspended(struct fake_image *image)
{
	prepare_suspended_executed(image);
	image_must(image, IOINST_HSCH);
}

static void prepare_cleared(struct fake_image *image)
{
	prepare_start_pending(image);
	image_must(image, IOINST_CSCH);
	unquiesce(image);
}

/*
 * The start function was pending, was resumed in advance, and so is only
 * suspended for a moment.
 */
static void prepare_start_pending_advance(struct fake_image *image)
{
	struct css_orb orb;

	load_two(image, &orb, ORB_SUSPEND | ORB_SUPPRESS_SUSPENDED,
		 CCW_SUSPEND, 0);
	quiesce(image);
	image_must_start(image, &orb);
	image_must(image, IOINST_RSCH);
	image->guest.before_read = quiesce;
	image->guest.before_read_arg = image;
	image->guest.before_read_addr = IMAGE_PROG;
	unquiesce(image);
	KUNIT_ASSERT_EQ(image->guest.test, image->fake->started, 1);
	image->fake->started = 0;
}

/* Intermediate status, which stays when other status follows */

static void prepare_told(struct fake_image *image, u32 orb_flags, u8 first,
			 u8 second)
{
	struct css_orb orb;

	load_two(image, &orb, orb_flags, first, second);
	image_must_start(image, &orb);
	KUNIT_ASSERT_GE(image->guest.test, image->fake->done, 1);
}

static void prepare_suspended_pci(struct fake_image *image)
{
	prepare_told(image, ORB_SUSPEND, CCW_PCI, CCW_SUSPEND);
}

static void prepare_suspended_zero_cc(struct fake_image *image)
{
	prepare_told(image, ORB_SUSPEND | ORB_SUPPRESS_SUSPENDED |
			    ORB_INITIAL_STATUS, 0, CCW_SUSPEND);
}

static void prepare_suspended_pci_tested(struct fake_image *image)
{
	struct css_irb irb;

	prepare_suspended_pci(image);
	image_tsch(image, &irb);
}

static void prepare_untold_pci(struct fake_image *image)
{
	prepare_told(image, ORB_SUSPEND | ORB_SUPPRESS_SUSPENDED, CCW_PCI,
		     CCW_SUSPEND);
}

static void prepare_ended_pci(struct fake_image *image)
{
	prepare_told(image, 0, CCW_PCI, CCW_PCI);
}

/* Subchannel logouts */

static void prepare_broken(struct fake_image *image, u32 addr, u32 left)
{
	const struct fake_range broken = { addr, FAKE_PAGE };
	struct css_orb orb;

	image_enable(image, IMAGE_ISC, 0);
	image_load(image, &orb);
	image->step.left = left;
	fake_mark(&image->guest, &broken, FAKE_BROKEN);
	image_must_start(image, &orb);
	fake_unmark(&image->guest);
}

static void prepare_data_check(struct fake_image *image)
{
	prepare_broken(image, IMAGE_DATA, IMAGE_COUNT);
}

static void prepare_data_check_tested(struct fake_image *image)
{
	struct css_irb irb;

	prepare_data_check(image);
	image_tsch(image, &irb);
}

static void prepare_control_check(struct fake_image *image)
{
	prepare_broken(image, IMAGE_PROG, 0);
}

/* Two reads, which are measured in a block without storage */
static void prepare_no_block(struct fake_image *image, u32 orb_flags, u8 second)
{
	const struct css_monitor monitor = {
		.origin = FAKE_STORAGE,
		.update = true,
	};
	struct css_schib schib;
	struct css_orb orb;

	load_two(image, &orb, orb_flags, 0, second);
	image_stsch(image, &schib);
	schib.pmcw.flags |= cpu_to_be16(PMCW_BLOCK_UPDATE);
	KUNIT_ASSERT_TRUE(image->guest.test,
			  image_msch(image, &schib) == IOINST_CC_EXPECTED);
	mutex_lock(&image->css.lock);
	measurement_set(&image->css.shared, &monitor);
	mutex_unlock(&image->css.lock);
	image_must_start(image, &orb);
}

static void prepare_block(struct fake_image *image)
{
	prepare_no_block(image, 0, 0);
}

/* The suspension isn't told, so neither is the block that can't be updated. */
static void prepare_block_waits(struct fake_image *image)
{
	prepare_no_block(image, ORB_SUSPEND | ORB_SUPPRESS_SUSPENDED,
			 CCW_SUSPEND);
}

/* Status that the device presents by itself */

static void prepare_device_active(struct fake_image *image)
{
	struct css_irb irb;

	prepare_primary(image);
	image_tsch(image, &irb);
}

static void prepare_secondary(struct fake_image *image)
{
	prepare_device_active(image);
	fake_present(image->fake, DSTAT_DEVICE_END | DSTAT_UNIT_EXCEPTION);
}

static void prepare_attention(struct fake_image *image)
{
	image_enable(image, IMAGE_ISC, 0);
	fake_present(image->fake, DSTAT_ATTENTION);
}

static void prepare_presented(struct fake_image *image)
{
	image->fake->initial = DSTAT_BUSY | DSTAT_UNIT_CHECK;
	prepare_with(image, PMCW_CONCURRENT_SENSE, unit_check);
}

const struct state_base state_bases[BASES] = {
[BASE_DISABLED] = {
	"disabled", SCH_DISABLED, prepare_disabled },
[BASE_IDLE] = {
	"idle", SCH_IDLE, prepare_idle },
[BASE_IDLE_AFTER] = {
	"idle, after a program", SCH_IDLE, prepare_idle_after },
[BASE_START_PENDING] = {
	"start pending", SCH_START_PENDING, prepare_start_pending },
[BASE_START_PENDING_BEGUN] = {
	"start pending, for a worker", SCH_START_PENDING,
	prepare_start_pending_begun },
[BASE_SUSPENDED] = {
	"suspended at the first CCW", SCH_SUSPENDED, prepare_suspended },
[BASE_SUSPENDED_EXECUTED] = {
	"suspended at the second CCW", SCH_SUSPENDED,
	prepare_suspended_executed },
[BASE_SUSPENDED_TESTED] = {
	"suspended, its status cleared", SCH_SUSPENDED,
	prepare_suspended_tested },
[BASE_SUSPENDED_STATUS] = {
	"suspended, with status", SCH_SUSPENDED_STATUS,
	prepare_suspended_status },
[BASE_RESUME_PENDING] = {
	"resume pending", SCH_RESUME_PENDING, prepare_resume_pending },
[BASE_START_PENDING_RESUMED] = {
	"resumed, for a worker", SCH_START_PENDING,
	prepare_start_pending_resumed },
[BASE_ENDED] = {
	"ended", SCH_STATUS_PENDING, prepare_ended },
[BASE_PRIMARY] = {
	"ended with channel end", SCH_STATUS_PENDING, prepare_primary },
[BASE_UNIT_CHECK] = {
	"unit check", SCH_STATUS_PENDING, prepare_unit_check },
[BASE_SENSE] = {
	"unit check with concurrent sense", SCH_STATUS_PENDING,
	prepare_sense },
[BASE_PROGRAM_CHECK] = {
	"program check", SCH_STATUS_PENDING, prepare_program_check },
[BASE_NO_PATH] = {
	"deferred condition code 3", SCH_STATUS_PENDING, prepare_no_path },
[BASE_HALTED] = {
	"halted, idle before", SCH_STATUS_PENDING, prepare_halted },
[BASE_HALTED_UNBEGUN] = {
	"halted, start pending before", SCH_STATUS_PENDING,
	prepare_halted_unbegun },
[BASE_HALTED_SUSPENDED] = {
	"halted, suspended before", SCH_STATUS_PENDING,
	prepare_halted_suspended },
[BASE_CLEARED] = {
	"cleared", SCH_STATUS_PENDING, prepare_cleared },
[BASE_START_PENDING_ADVANCE] = {
	"resumed in advance", SCH_START_PENDING,
	prepare_start_pending_advance },
[BASE_SUSPENDED_PCI] = {
	"suspended, with PCI", SCH_SUSPENDED_STATUS, prepare_suspended_pci },
[BASE_SUSPENDED_ZERO_CC] = {
	"suspended untold, with Z", SCH_SUSPENDED_STATUS,
	prepare_suspended_zero_cc },
[BASE_SUSPENDED_PCI_TESTED] = {
	"suspended, its PCI cleared", SCH_SUSPENDED,
	prepare_suspended_pci_tested },
[BASE_UNTOLD_PCI] = {
	"suspended untold, with PCI", SCH_SUSPENDED_STATUS,
	prepare_untold_pci },
[BASE_ENDED_PCI] = {
	"ended, with PCI", SCH_STATUS_PENDING, prepare_ended_pci },
[BASE_DATA_CHECK] = {
	"channel-data check", SCH_STATUS_PENDING, prepare_data_check },
[BASE_DATA_CHECK_TESTED] = {
	"idle, after a channel-data check", SCH_IDLE,
	prepare_data_check_tested },
[BASE_CONTROL_CHECK] = {
	"channel-control check", SCH_STATUS_PENDING, prepare_control_check },
[BASE_BLOCK] = {
	"measurement-block logout", SCH_STATUS_PENDING, prepare_block },
[BASE_BLOCK_WAITS] = {
	"measurement-block logout that waits", SCH_SUSPENDED,
	prepare_block_waits },
[BASE_DEVICE_ACTIVE] = {
	"between channel end and device end", SCH_IDLE,
	prepare_device_active },
[BASE_SECONDARY] = {
	"secondary status", SCH_STATUS_PENDING, prepare_secondary },
[BASE_ATTENTION] = {
	"attention", SCH_STATUS_PENDING, prepare_attention },
[BASE_PRESENTED] = {
	"deferred condition code 1", SCH_STATUS_PENDING, prepare_presented },
};
