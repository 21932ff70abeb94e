/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel-command words and IDAWs: their formats, and what makes a CCW invalid.
 * Principles of Operation chapter 15, "Channel-Command Word", and chapter 16,
 * "Program Check".
 *
 * All of it is inline, because a chain of small CCWs is as fast as this is.
 */
#ifndef _KVM_CSS_CCW_H
#define _KVM_CSS_CCW_H

#include <linux/types.h>

#include <kvm_css/layout.h>

#define CCW_SIZE	8u

/**
 * struct chanprog_limit - the limit for address-limit checking
 * @mode: limit mode of the subchannel: PMCW_LIMIT_LOW, PMCW_LIMIT_HIGH, or 0
 *	for no checking
 * @address: the absolute address that SET ADDRESS LIMIT has set
 */
struct chanprog_limit {
	u16 mode;
	u32 address;
};

/**
 * struct chanprog_failing - storage that the host could not provide
 * @address: absolute address
 * @what: what was accessed there: LOGOUT_CCW_CHECK, LOGOUT_IDAW_CHECK, or
 *	LOGOUT_READ, LOGOUT_WRITE or LOGOUT_READ_BACKWARD for data
 */
struct chanprog_failing {
	u64 address;
	u32 what;
};

/* Why a CCW is fetched, which decides what is checked in it */
enum ccw_fetch {
	FETCH_FIRST,	/* it is the first CCW of the program */
	FETCH_COMMAND,	/* a command was chained */
	FETCH_DATA,	/* data was chained */
};

/**
 * struct css_ccw - a CCW of either format
 * @cmd: command code
 * @flags: CCW_*
 * @count: byte count
 * @cda: data address, or that of the next CCW for a transfer in channel
 */
struct css_ccw {
	u8  cmd;
	u8  flags;
	u16 count;
	u32 cda;
};

/**
 * ccw_decode() - decode the eight bytes of a CCW
 * @ccw: where to
 * @raw: a copy of the CCW as it lies in guest storage
 * @orb_flags: second word of the ORB, which says the format of CCWs
 *
 * Context: any.
 */
static inline void ccw_decode(struct css_ccw *ccw, const u8 raw[CCW_SIZE],
			      u32 orb_flags)
{
	const struct css_ccw0 *ccw0 = (const void *)raw;
	const struct css_ccw1 *ccw1 = (const void *)raw;

	if (orb_flags & ORB_FORMAT) {
		ccw->cmd = ccw1->cmd;
		ccw->flags = ccw1->flags;
		ccw->count = be16_to_cpu(ccw1->count);
		ccw->cda = be32_to_cpu(ccw1->cda);
	} else {
		ccw->cmd = ccw0->cmd;
		ccw->flags = ccw0->flags;
		ccw->count = be16_to_cpu(ccw0->count);
		ccw->cda = ccw0->cda[0] << 16 | ccw0->cda[1] << 8 |
			   ccw0->cda[2];
	}
}

/**
 * ccw_is_tic() - is this CCW a transfer in channel?
 * @ccw: the CCW
 *
 * Bits 4-7 of the command code decide that.  They decide it after data chaining
 * as well, although the command code of such a CCW has no other effect.
 *
 * Context: any.
 * Return: whether it is.
 */
static inline bool ccw_is_tic(const struct css_ccw *ccw)
{
	return (ccw->cmd & 0x0f) == CCW_CMD_TIC;
}

/**
 * ccw_is_backward() - does a command move data towards lower addresses?
 * @cmd: the command code
 *
 * Context: any.
 * Return: true for read backward, false for all others.
 */
static inline bool ccw_is_backward(u8 cmd)
{
	return (cmd & 0x0f) == CCW_CMD_READ_BACKWARD;
}

/**
 * ccw_fetches_data() - does a command move data from storage?
 * @cmd: the command code
 *
 * Context: any.
 * Return: true for write and control; false for read, read backward and sense.
 */
static inline bool ccw_fetches_data(u8 cmd)
{
	return cmd & 0x01;
}

/**
 * ccw_highest_address() - the highest address that a CCW can name
 * @orb_flags: second word of the ORB
 *
 * Context: any.
 * Return: the address.
 */
static inline u32 ccw_highest_address(u32 orb_flags)
{
	return orb_flags & ORB_FORMAT ? CCW1_ADDRESS : CCW0_ADDRESS;
}

/**
 * ccw_address_valid() - may a CCW be fetched from this address?
 * @addr: absolute address
 * @orb_flags: second word of the ORB
 *
 * Context: any.
 * Return: whether the address is on a doubleword boundary, and one that a CCW
 * of the format in @orb_flags can name.
 */
static inline bool ccw_address_valid(u32 addr, u32 orb_flags)
{
	return !(addr % CCW_SIZE) &&
	       addr <= ccw_highest_address(orb_flags);
}

/**
 * ccw_behind() - the CCW address that status shows for a CCW
 * @addr: absolute address of the CCW
 *
 * "CCW Address": 8 more than the address of the CCW.  Bit 0 of the field is zero, so behind
 * the last CCW that there can be it is 0.
 *
 * Context: any.
 * Return: the CCW address.
 */
static inline u32 ccw_behind(u32 addr)
{
	return (addr + CCW_SIZE) & CCW1_ADDRESS;
}

/**
 * ccw_before() - the CCW for which status shows a CCW address
 * @cpa: CCW address in status
 *
 * Context: any.
 * Return: absolute address of the CCW, if a CCW can be fetched from there: behind
 * the highest address, more than one has the same CCW address.
 */
static inline u32 ccw_before(u32 cpa)
{
	return (cpa - CCW_SIZE) & CCW1_ADDRESS;
}

/**
 * idaw_size() - the size of an IDAW
 * @orb_flags: second word of the ORB, which says the format of IDAWs
 *
 * Context: any.
 * Return: the size in bytes.
 */
static inline u32 idaw_size(u32 orb_flags)
{
	return orb_flags & ORB_IDAW_FORMAT2 ? sizeof(__be64) : sizeof(__be32);
}

/**
 * idaw_block() - the size of the block in which the area of an IDAW lies
 * @orb_flags: second word of the ORB
 *
 * Context: any.
 * Return: the size in bytes, a power of two.
 */
static inline u32 idaw_block(u32 orb_flags)
{
	return orb_flags & ORB_IDAW_FORMAT2 && !(orb_flags & ORB_IDAW_2K) ?
			4096 : 2048;
}

/**
 * idaw_decode() - decode an IDAW
 * @raw: a copy of the IDAW as it lies in guest storage, on its boundary
 * @orb_flags: second word of the ORB
 *
 * Context: any.
 * Return: the address in it.  With format 1, bit 0 of the address may be one,
 * which makes the IDAW invalid.
 */
static inline u64 idaw_decode(const u8 *raw, u32 orb_flags)
{
	if (orb_flags & ORB_IDAW_FORMAT2)
		return be64_to_cpu(*(const __be64 *)raw);
	return be32_to_cpu(*(const __be32 *)raw);
}

/**
 * ccw_tic_valid() - is this transfer in channel valid?
 * @ccw: the CCW, for which ccw_is_tic() is true
 * @orb_flags: second word of the ORB
 *
 * "Transfer in Channel": bits 4-7 are the command code.  All other bits but the
 * address are ignored in format 0, and must be zeros in format 1.
 *
 * Context: any.
 * Return: whether it is.  Then @ccw->cda is the address of the next CCW.
 */
static inline bool ccw_tic_valid(const struct css_ccw *ccw, u32 orb_flags)
{
	if (orb_flags & ORB_FORMAT &&
	    (ccw->cmd != CCW_CMD_TIC || ccw->flags || ccw->count))
		return false;
	return ccw_address_valid(ccw->cda, orb_flags);
}

/**
 * ccw_count_valid() - is the count of this CCW valid?
 * @ccw: the CCW, which is not a transfer in channel
 * @orb_flags: second word of the ORB
 * @why: why it is fetched
 *
 * A count of zero is valid only in format 1, and only in a CCW that neither
 * chains data nor is reached by data chaining.
 *
 * Context: any.
 * Return: whether it is.
 */
static inline bool ccw_count_valid(const struct css_ccw *ccw, u32 orb_flags,
				   enum ccw_fetch why)
{
	if (ccw->count)
		return true;
	return orb_flags & ORB_FORMAT && why != FETCH_DATA &&
	       !(ccw->flags & CCW_CD);
}

/**
 * ccw_suspend_valid() - may this CCW have the suspend flag, if it does?
 * @ccw: the CCW, which is not a transfer in channel
 * @orb_flags: second word of the ORB
 * @why: why it is fetched
 *
 * The suspend flag is valid only if the ORB allows it, and not in a CCW that is
 * reached by data chaining, because a program is suspended between two
 * commands.
 *
 * Context: any.
 * Return: whether it may.
 */
static inline bool ccw_suspend_valid(const struct css_ccw *ccw, u32 orb_flags,
				     enum ccw_fetch why)
{
	if (!(ccw->flags & CCW_SUSPEND))
		return true;
	return why != FETCH_DATA && orb_flags & ORB_SUSPEND;
}

/**
 * ccw_indirection_valid() - is the use of IDAWs or MIDAWs in this CCW valid?
 * @ccw: the CCW, which is not a transfer in channel
 * @orb_flags: second word of the ORB
 *
 * MIDAWs are valid only if the ORB allows them.  A CCW with MIDAWs can't have
 * the IDA flag, nor the skip flag, because each MIDAW has a skip flag of its
 * own.  A list of IDAWs or MIDAWs is on a boundary of the size of its entries.
 *
 * Context: any.
 * Return: whether it is, or the CCW uses none.
 */
static inline bool ccw_indirection_valid(const struct css_ccw *ccw,
					 u32 orb_flags)
{
	if (ccw->flags & CCW_MIDA)
		return orb_flags & ORB_MIDAW &&
		       !(ccw->flags & (CCW_IDA | CCW_SKIP)) &&
		       !(ccw->cda % sizeof(struct css_midaw));
	if (ccw->flags & CCW_IDA)
		return !(ccw->cda % idaw_size(orb_flags));
	return true;
}

/**
 * ccw_valid() - is this CCW valid?
 * @ccw: the CCW, which is not a transfer in channel
 * @orb_flags: second word of the ORB
 * @why: why it is fetched
 *
 * Context: any.
 * Return: whether it is.
 */
static inline bool ccw_valid(const struct css_ccw *ccw, u32 orb_flags,
			     enum ccw_fetch why)
{
	/* The command code is ignored when data was chained. */
	if (why != FETCH_DATA && !(ccw->cmd & 0x0f))
		return false;
	if (ccw->cda & CCW_CDA_ZERO)
		return false;
	return ccw_count_valid(ccw, orb_flags, why) &&
	       ccw_suspend_valid(ccw, orb_flags, why) &&
	       ccw_indirection_valid(ccw, orb_flags);
}

#endif /* _KVM_CSS_CCW_H */
