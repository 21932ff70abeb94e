// SPDX-License-Identifier: GPL-2.0
/* An image whose subchannel has a device of the host's, see pass_case.h. */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/workqueue.h>

#include <kvm_css/subchannel.h>

#include "devices/passthrough/passthrough.h"

#include "fake_host_memory.h"
#include "pass_case.h"

static const struct cu_ops pass_ops = {
	.name = "passed through",
	.release = passthrough_release,
	.backend = passthrough_backend,
};

struct css_device *pass_new(struct pass_image *pass)
{
	static const struct host_sch_id id = { .ssid = 0, .devno = 0x0120 };
	struct css_device *dev = passthrough_new(&id, &pass_ops);

	KUNIT_ASSERT_FALSE(pass->test, IS_ERR(dev));
	pass->pt = to_passthrough(passthrough_backend(dev));
	pass->host->own = &pass->pt->reset.memory;
	return dev;
}

void pass_add(struct pass_image *pass)
{
	struct css_device *dev = pass_new(pass);

	KUNIT_ASSERT_EQ(pass->test, 0,
			fake_add(&pass->image->css, IMAGE_SSID, IMAGE_SCHID,
				 IMAGE_DEVNO, IMAGE_CHPID, dev));
}

void pass_remove(struct pass_image *pass)
{
	KUNIT_EXPECT_EQ(pass->test, 0,
			fake_remove(&pass->image->css, IMAGE_SSID, IMAGE_SCHID));
}

/* The subchannel that fake_image.c makes is replaced. */
int pass_init(struct kunit *test)
{
	struct pass_image *pass;

	pass = kunit_kzalloc(test, sizeof(*pass), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pass);
	pass->test = test;
	pass->host = fake_host_sch_init(test);
	image_init(test);
	pass->image = test->priv;
	KUNIT_ASSERT_EQ(test, 0, fake_remove(&pass->image->css, IMAGE_SSID,
					     IMAGE_SCHID));
	test->priv = pass;
	pass_add(pass);
	return 0;
}

/* If a test case has failed, the host must not keep the image from ending. */
void pass_exit(struct kunit *test)
{
	struct pass_image *pass = test->priv;
	struct host_sch *host = pass->host;
	int insn;

	host->obliging = true;
	host->silent = false;
	host->late = 0;
	for (insn = 0; insn < HOST_INSNS; insn++)
		if (host->answers[insn] != IOINST_CC_NOT_OPERATIONAL)
			host->answers[insn] = IOINST_CC_EXPECTED;
	fake_signals = 0;
	pass->image->guest.at_access = NULL;
	test->priv = pass->image;
	image_exit(test);
	KUNIT_EXPECT_FALSE(test, host->taken);
	KUNIT_EXPECT_EQ(test, host->backs, 1);
	KUNIT_EXPECT_EQ(test, pass->image->guest.pinned, 0);
	KUNIT_EXPECT_EQ(test, fake_host_memory_used(), 0);
}

void pass_ccw(struct pass_image *pass, u32 nr, u8 cmd, u8 flags, u16 count,
	      u32 cda)
{
	const struct css_ccw1 ccw = {
		.cmd = cmd,
		.flags = flags,
		.count = cpu_to_be16(count),
		.cda = cpu_to_be32(cda),
	};

	fake_put(&pass->image->guest, IMAGE_PROG + nr * CCW_SIZE, &ccw,
		 sizeof(ccw));
}

void pass_orb(struct css_orb *orb, u32 flags)
{
	flags |= ORB_FORMAT | IMAGE_PATH << ORB_LPM_SHIFT;
	*orb = (struct css_orb){
		.intparm = cpu_to_be32(IMAGE_INTPARM),
		.flags = cpu_to_be32(flags),
		.cpa = cpu_to_be32(IMAGE_PROG),
	};
}

void pass_start(struct pass_image *pass, u32 flags)
{
	struct css_orb orb;

	pass_orb(&orb, flags);
	image_must_start(pass->image, &orb);
}

void pass_start_one(struct pass_image *pass)
{
	pass_ccw(pass, 0, IMAGE_CMD, 0, IMAGE_COUNT, IMAGE_DATA);
	pass_start(pass, ORB_PREFETCH);
}

u32 pass_cpa(const struct pass_image *pass, u32 nr)
{
	return be32_to_cpu(pass->host->orb.cpa) + (nr + 1) * CCW_SIZE;
}

void pass_settle(struct pass_image *pass)
{
	pass_wait(pass, !READ_ONCE(pass->pt->part_busy));
	flush_work(&pass->pt->backend.news.work);
	flush_work(&pass->pt->backend.give_back.work);
	flush_delayed_work(&pass->pt->work);
}

void pass_interrupt(struct pass_image *pass, u32 flags, u8 dstat, u32 cpa)
{
	struct css_irb irb;

	fake_host_make(&irb, flags, dstat, cpa);
	fake_host_interrupt(pass->host, &irb);
	flush_work(&pass->pt->backend.news.work);
}

void pass_expect(struct pass_image *pass, u32 control, u8 dstat,
		 struct css_irb *irb)
{
	EXPECT_CC(pass->test, image_tsch(pass->image, irb), IOINST_CC_EXPECTED);
	KUNIT_EXPECT_EQ(pass->test, irb_control(irb), control);
	KUNIT_EXPECT_EQ(pass->test, irb->scsw.dstat, dstat);
}

void pass_expect_none(struct pass_image *pass)
{
	struct css_irb irb;

	EXPECT_CC(pass->test, image_tsch(pass->image, &irb),
		  IOINST_CC_NOT_STATUS_PENDING);
}

void pass_expect_lost(struct pass_image *pass)
{
	struct css_irb irb;

	EXPECT_CC(pass->test, image_tsch(pass->image, &irb),
		  IOINST_CC_NOT_OPERATIONAL);
}
