// SPDX-License-Identifier: GPL-2.0
/* Subchannel operations for guest programs, see chan.h */
#include "chan.h"

/* On a busy emulator an interruption may take that long. */
#define WAIT_MS		20000

void chan_enable(u32 sid, unsigned int isc, u32 intparm)
{
	struct schib schib __aligned(4);

	EXPECT_EQ(stsch(sid, &schib), CC_DONE);
	schib.pmcw.intparm = intparm;
	schib.pmcw.flags &= ~(PMCW_ISC_MASK | PMCW_LIMIT_MODE);
	schib.pmcw.flags |= PMCW_ISC(isc) | PMCW_ENABLED;
	schib.pmcw.lpm = 0x80;
	schib.pmcw.mbi = 0;
	schib.pmcw.chars = 0;
	EXPECT_EQ(msch(sid, &schib), CC_DONE);
}

void chan_disable(u32 sid)
{
	u64 deadline = tod() + TOD_MS(WAIT_MS);
	struct schib schib __aligned(4);
	struct irb irb __aligned(4);

	io_mask(0);
	for (;;) {
		EXPECT_EQ(stsch(sid, &schib), CC_DONE);
		if (!(schib.pmcw.flags & PMCW_ENABLED))
			return;
		if (schib.scsw.ctrl & SCSW_SC_PENDING)
			EXPECT_EQ(tsch(sid, &irb), CC_DONE);
		else if (!(schib.scsw.ctrl & (SCSW_FC | SCSW_AC)))
			break;
		EXPECT(tod() < deadline);
	}
	memset(&schib.pmcw, 0, sizeof(schib.pmcw));
	EXPECT_EQ(msch(sid, &schib), CC_DONE);
}

u32 chan_control(u32 sid)
{
	struct schib schib __aligned(4);

	EXPECT_EQ(stsch(sid, &schib), CC_DONE);
	return schib.scsw.ctrl & SCSW_CONTROL;
}

void chan_until_pending(u32 sid)
{
	u64 deadline = tod() + TOD_MS(WAIT_MS);

	while (!(chan_control(sid) & SCSW_SC_PENDING))
		EXPECT(tod() < deadline);
}

void chan_clear(u32 sid)
{
	struct schib schib __aligned(4);
	struct irb irb __aligned(4);

	io_mask(0);
	EXPECT_EQ(stsch(sid, &schib), CC_DONE);
	if (schib.pmcw.flags & PMCW_ENABLED) {
		EXPECT_EQ(csch(sid), CC_DONE);
		chan_until_pending(sid);
		EXPECT_EQ(tsch(sid, &irb), CC_DONE);
	}
	memset(&schib, 0, sizeof(schib));
	schib.pmcw.lpm = 0x80;
	schib.pmcw.pom = 0xff;
	EXPECT_EQ(msch(sid, &schib), CC_DONE);
}

u16 chan_enable_mss(void)
{
	static struct chsc_sda block __aligned(4096);

	memset(&block, 0, sizeof(block));
	block.length = offsetof(struct chsc_sda, response_length);
	block.code = CHSC_SDA;
	block.operation = CHSC_SDA_MSS;
	return chsc(&block) == CC_DONE ? block.response : 0;
}

void chan_quiet(void)
{
	struct io_int io;

	io_mask(0xff);
	EXPECT(!io_window(&io));
	EXPECT(!io_wait(&io, 50));
}

void chan_orb(struct orb *orb, const struct ccw1 *program)
{
	orb->intparm = CHAN_INTPARM;
	orb->flags = ORB_FORMAT1 | ORB_LPM(0xff);
	orb->cpa = (u32)(u64)program;
}

void chan_start(u32 sid, const struct ccw1 *program)
{
	struct orb orb __aligned(4);

	chan_orb(&orb, program);
	EXPECT_EQ(ssch(sid, &orb), CC_DONE);
}

void chan_finish(u32 sid, struct irb *irb)
{
	struct io_int io;

	EXPECT(io_wait(&io, WAIT_MS));
	EXPECT_EQ(io.sid, sid);
	EXPECT_EQ(tsch(sid, irb), CC_DONE);
	EXPECT(irb->scsw.ctrl & SCSW_SC_PENDING);
	EXPECT(irb->scsw.ctrl & SCSW_SC_PRIMARY);
	EXPECT_EQ(irb->scsw.ctrl & SCSW_CC, 0);
}

void chan_run(u32 sid, const struct ccw1 *program, struct irb *irb)
{
	chan_start(sid, program);
	chan_finish(sid, irb);
}

void chan_ok(u32 sid, const struct ccw1 *program)
{
	struct irb irb __aligned(4);

	chan_run(sid, program, &irb);
	EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
	EXPECT_EQ(irb.scsw.cstat, 0);
	EXPECT(irb.scsw.ctrl & SCSW_SC_SECONDARY);
}
