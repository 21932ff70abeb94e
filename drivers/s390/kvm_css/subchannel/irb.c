// SPDX-License-Identifier: GPL-2.0
/*
 * TEST SUBCHANNEL: the interruption-response block (IRB) that it stores, and
 * the status that it clears.  Principles of Operation chapter 14, and chapter
 * 16, "Interruption-Response Block".
 *
 * The store may meet an access exception, and then no status may be cleared.
 * So the instruction first gets the IRB with subchannel_peek(), then stores it
 * without sch->lock, and then clears the status with subchannel_test().  That
 * clears nothing if sch->generation shows that the subchannel has changed
 * meanwhile.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include <kvm_css/guest.h>
#include <kvm_css/measurement.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

/*
 * "Format-0 ESW": fill in the subchannel logout.  There is one if the
 * measurement block could not be updated, or if the host could not provide
 * storage for the channel program.  In the latter case it has the address of
 * that storage.
 */
static void fill_logout(const struct subchannel *sch, struct css_esw *esw)
{
	const u8 storage = CSTAT_CHANNEL_DATA | CSTAT_CHANNEL_CONTROL;

	if (!(subchannel_flags(sch) & SCSW_ESW_FORMAT))
		return;
	esw->word0 |= cpu_to_be32(LOGOUT_LPUM_VALID | LOGOUT_CPA_VALID |
				  LOGOUT_DSTAT_VALID | sch->measured.logout);
	if (!(sch->schib.scsw.cstat & storage))
		return;
	esw->word0 |= cpu_to_be32(sch->program.failing.what);
	esw->erw |= cpu_to_be32(ERW_FAILING_ADDRESS | ERW_FAILING_FORMAT2);
	esw->failing = cpu_to_be64(sch->program.failing.address);
}

/* Return: how many bytes of the IRB TEST SUBCHANNEL stores. */
static u32 irb_fill(const struct subchannel *sch, struct css_irb *irb)
{
	u32 erw;

	memset(irb, 0, sizeof(*irb));
	irb->scsw = sch->schib.scsw;
	if (!(subchannel_flags(sch) & SCSW_SC_PENDING))
		return CSS_IRB_SIZE;
	/* An ESW of any format has the last-path-used mask in byte 1. */
	irb->esw.word0 = cpu_to_be32((u32)sch->schib.pmcw.lpum <<
				     LOGOUT_LPUM_SHIFT);
	if (sch->measured.interval)
		irb->esw.word0 |= cpu_to_be32(measurement_interval(sch));
	if (subchannel_flags(sch) & SCSW_EXTENDED) {
		erw = ERW_CONCURRENT_SENSE | ECW_SIZE << ERW_SENSE_COUNT_SHIFT;
		irb->esw.erw = cpu_to_be32(erw);
		memcpy(irb->ecw, sch->ecw, sizeof(irb->ecw));
	}
	fill_logout(sch, &irb->esw);
	if (!(sch->schib.pmcw.chars & cpu_to_be32(PMCW_XMWME)) ||
	    subchannel_flags(sch) & SCSW_ESW_FORMAT)
		return CSS_IRB_SIZE;
	/*
	 * While the program runs, its times belong to the runner: store zeros.
	 */
	if (!sch->running)
		measurement_word(sch, &irb->emw);
	return sizeof(*irb);
}

ioinst_ending_t subchannel_peek(struct subchannel *sch, struct css_irb *irb,
				u32 *len, u32 *generation)
{
	ioinst_ending_t cc;

	if (unlikely(sch->backend))
		return backend_peek(sch, irb, len, generation);
	mutex_lock(&sch->lock);
	cc = subchannel_enter(sch, SCH_TSCH);
	if (cc != IOINST_CC_NOT_OPERATIONAL) {
		*len = irb_fill(sch, irb);
		*generation = sch->generation;
	}
	mutex_unlock(&sch->lock);
	return cc;
}

/*
 * Clear the status that TEST SUBCHANNEL has stored.
 *
 * If only intermediate status is pending, the program still runs or is
 * suspended.  Then its PCI is cleared, but function control and activity
 * control stay as they are.  Otherwise both are cleared, except for the bit
 * "device active": it stays for a device that is still active after channel
 * end.
 */
static void clear_status(struct subchannel *sch)
{
	u32 flags = subchannel_flags(sch);

	/* A logout that has not been shown is kept for the next status. */
	if (flags & SCSW_ESW_FORMAT)
		sch->measured.logout = 0;
	flags &= ~(SCSW_PATH_NOT_OPER | SCSW_ZERO_CC | SCSW_ESW_FORMAT);
	if (scsw_intermediate_alone(flags) && !(flags & SCSW_FC_HALT)) {
		sch->schib.scsw.cstat = 0;
		flags &= ~SCSW_SC;
	} else {
		flags &= ~(SCSW_FC | SCSW_SC | SCSW_EXTENDED |
			   (SCSW_AC & ~SCSW_AC_DEVICE_ACTIVE));
	}
	subchannel_set_flags(sch, flags);
}

ioinst_ending_t subchannel_test(struct subchannel *sch, u32 generation)
{
	ioinst_ending_t ending = IOINST_RETRY;
	bool queued;

	mutex_lock(&sch->lock);
	if (!sch->gone && sch->generation == generation) {
		subchannel_withdraw(sch);
		clear_status(sch);
		memset(sch->ecw, 0, sizeof(sch->ecw));
		if (unlikely(sch->backend))
			news_take(sch);
		else
			subchannel_ask(sch);
		ending = IOINST_CC_EXPECTED;
	}
	/* By subchannel_ask() */
	queued = sch->queued;
	mutex_unlock(&sch->lock);
	if (queued)
		guest_ensure_worker(sch->shared->guest);
	return ending;
}
