// SPDX-License-Identifier: GPL-2.0
/*
 * Channel-command words: their two formats, and what makes one invalid.
 * Principles of Operation chapter 15 for the formats, chapter 16 "Program Check"
 * for what is invalid.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include <kvm_css/ccw.h>

static bool format1(u32 orb_flags)
{
	return orb_flags & ORB_FORMAT;
}

void ccw_decode(struct css_ccw *ccw, const u8 raw[CCW_SIZE], u32 orb_flags)
{
	struct css_ccw0 ccw0;
	struct css_ccw1 ccw1;

	if (format1(orb_flags)) {
		memcpy(&ccw1, raw, sizeof(ccw1));
		ccw->cmd = ccw1.cmd;
		ccw->flags = ccw1.flags;
		ccw->count = be16_to_cpu(ccw1.count);
		ccw->cda = be32_to_cpu(ccw1.cda);
	} else {
		memcpy(&ccw0, raw, sizeof(ccw0));
		ccw->cmd = ccw0.cmd;
		ccw->flags = ccw0.flags;
		ccw->count = be16_to_cpu(ccw0.count);
		ccw->cda = ccw0.cda[0] << 16 | ccw0.cda[1] << 8 | ccw0.cda[2];
	}
}

/*
 * "Transfer in Channel".  Format 0: all but bits 4-7 and the address is
 * ignored.  Format 1: it must be zeros.
 */
bool ccw_tic_valid(const struct css_ccw *ccw, u32 orb_flags)
{
	if (format1(orb_flags) &&
	    (ccw->cmd != CCW_CMD_TIC || ccw->flags || ccw->count))
		return false;
	return ccw_address_valid(ccw->cda, orb_flags);
}

/* A count of zero is for format 1, where no data is chained. */
static bool count_valid(const struct css_ccw *ccw, u32 orb_flags,
			enum ccw_fetch why)
{
	if (ccw->count)
		return true;
	return format1(orb_flags) && why != FETCH_DATA &&
	       !(ccw->flags & CCW_CD);
}

/* Suspension is between commands, and only if the ORB says so. */
static bool suspend_valid(const struct css_ccw *ccw, u32 orb_flags,
			  enum ccw_fetch why)
{
	if (!(ccw->flags & CCW_SUSPEND))
		return true;
	return why != FETCH_DATA && orb_flags & ORB_SUSPEND;
}

/*
 * MIDAWs are for a program whose ORB says so; they exclude IDAWs, and the skip
 * flag, which each of them has.  A list is aligned as its entries are.
 */
static bool indirection_valid(const struct css_ccw *ccw, u32 orb_flags)
{
	const u32 idaw_size = orb_flags & ORB_IDAW_FORMAT2 ?
				sizeof(__be64) : sizeof(__be32);

	if (ccw->flags & CCW_MIDA)
		return orb_flags & ORB_MIDAW &&
		       !(ccw->flags & (CCW_IDA | CCW_SKIP)) &&
		       !(ccw->cda % sizeof(struct css_midaw));
	if (ccw->flags & CCW_IDA)
		return !(ccw->cda % idaw_size);
	return true;
}

bool ccw_valid(const struct css_ccw *ccw, u32 orb_flags, enum ccw_fetch why)
{
	/* The command code of a data-chained CCW is ignored. */
	if (why != FETCH_DATA && !(ccw->cmd & 0x0f))
		return false;
	if (ccw->cda & CCW_CDA_ZERO)
		return false;
	return count_valid(ccw, orb_flags, why) &&
	       suspend_valid(ccw, orb_flags, why) &&
	       indirection_valid(ccw, orb_flags);
}
