// SPDX-License-Identifier: GPL-2.0
/*
 * TEST SUBCHANNEL: the interruption-response block that it stores, and the status
 * that it clears.  Principles of Operation chapter 14, and chapter 16,
 * "Interruption-Response Block".
 *
 * Storing may fail, and then nothing is to be cleared.  So the instruction looks
 * at the block first, stores it without sch->lock, and clears what it has shown
 * if the subchannel has not changed meanwhile: sch->generation tells.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include <kvm_css/guest.h>
#include <kvm_css/measurement.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

#include "internal.h"

/*
 * "Format-0 ESW": the subchannel logout, for a measurement block that can't be
 * updated, and for storage that the host can't provide, with the address where
 * that was.
 */
static void logout(const struct subchannel *sch, struct css_esw *esw)
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

/* Return: how much of the block is stored. */
static u32 irb_fill(const struct subchannel *sch, struct css_irb *irb)
{
	u32 erw;

	memset(irb, 0, sizeof(*irb));
	irb->scsw = sch->schib.scsw;
	if (!(subchannel_flags(sch) & SCSW_SC_PENDING))
		return CSS_IRB_SIZE;
	/* In every format the last-path-used mask stands in byte 1. */
	irb->esw.word0 = cpu_to_be32((u32)sch->schib.pmcw.lpum <<
				     LOGOUT_LPUM_SHIFT |
				     measurement_interval(sch));
	if (subchannel_flags(sch) & SCSW_EXTENDED) {
		erw = ERW_CONCURRENT_SENSE | ECW_SIZE << ERW_SENSE_COUNT_SHIFT;
		irb->esw.erw = cpu_to_be32(erw);
		memcpy(irb->ecw, sch->ecw, sizeof(irb->ecw));
	}
	logout(sch, &irb->esw);
	if (!(sch->schib.pmcw.chars & cpu_to_be32(PMCW_XMWME)) ||
	    subchannel_flags(sch) & SCSW_ESW_FORMAT)
		return CSS_IRB_SIZE;
	/* Of a program that goes on nothing can be said yet. */
	if (!sch->running)
		measurement_word(sch, &irb->emw);
	return sizeof(*irb);
}

ioinst_ending_t subchannel_peek(struct subchannel *sch, struct css_irb *irb,
				u32 *len, u32 *generation)
{
	ioinst_ending_t cc;

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
 * What TEST SUBCHANNEL resets.  Intermediate status alone says something about
 * a program that goes on, or is suspended, and leaves it so; its PCI is told.
 * A device that is active after channel end stays so.
 */
static void tested(struct subchannel *sch)
{
	u32 flags = subchannel_flags(sch);

	/* A logout that has not been shown comes with the next status. */
	if (flags & SCSW_ESW_FORMAT)
		sch->measured.logout = 0;
	flags &= ~(SCSW_PATH_NOT_OPER | SCSW_ZERO_CC | SCSW_ESW_FORMAT);
	if ((flags & SCSW_SC) == (SCSW_SC_INTERMEDIATE | SCSW_SC_PENDING) &&
	    !(flags & SCSW_FC_HALT)) {
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

	mutex_lock(&sch->lock);
	if (!sch->gone && sch->generation == generation) {
		subchannel_withdraw(sch);
		tested(sch);
		memset(sch->ecw, 0, sizeof(sch->ecw));
		subchannel_ask(sch);
		ending = IOINST_CC_EXPECTED;
	}
	mutex_unlock(&sch->lock);
	/* The device may have had something to say that its program waits for. */
	guest_ensure_worker(sch->shared->guest);
	return ending;
}
