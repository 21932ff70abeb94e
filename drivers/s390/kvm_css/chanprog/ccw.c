// SPDX-License-Identifier: GPL-2.0
/*
 * Channel-command words: what makes one invalid.  Principles of Operation
 * chapter 16, "Program Check".
 */
#include <linux/kernel.h>

#include <kvm_css/ccw.h>

/*
 * "Transfer in Channel".  Bits 4-7 are the command code.  All other bits but
 * the address are ignored in format 0, and must be zeros in format 1.
 */
bool ccw_tic_valid(const struct css_ccw *ccw, u32 orb_flags)
{
	if (orb_flags & ORB_FORMAT &&
	    (ccw->cmd != CCW_CMD_TIC || ccw->flags || ccw->count))
		return false;
	return ccw_address_valid(ccw->cda, orb_flags);
}

/*
 * A count of zero is valid only in format 1, and only in a CCW that neither
 * chains data nor is reached by data chaining.
 */
static bool count_valid(const struct css_ccw *ccw, u32 orb_flags,
			enum ccw_fetch why)
{
	if (ccw->count)
		return true;
	return orb_flags & ORB_FORMAT && why != FETCH_DATA &&
	       !(ccw->flags & CCW_CD);
}

/*
 * The suspend flag is valid only if the ORB allows it, and not in a CCW that is
 * reached by data chaining, because a program is suspended between two
 * commands.
 */
static bool suspend_valid(const struct css_ccw *ccw, u32 orb_flags,
			  enum ccw_fetch why)
{
	if (!(ccw->flags & CCW_SUSPEND))
		return true;
	return why != FETCH_DATA && orb_flags & ORB_SUSPEND;
}

/*
 * MIDAWs are valid only if the ORB allows them.  A CCW with MIDAWs can't have
 * the IDA flag, nor the skip flag, because each MIDAW has a skip flag of its
 * own.  A list of IDAWs or MIDAWs is on a boundary of the size of its entries.
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
	/* The command code is ignored when data was chained. */
	if (why != FETCH_DATA && !(ccw->cmd & 0x0f))
		return false;
	if (ccw->cda & CCW_CDA_ZERO)
		return false;
	return count_valid(ccw, orb_flags, why) &&
	       suspend_valid(ccw, orb_flags, why) &&
	       indirection_valid(ccw, orb_flags);
}
