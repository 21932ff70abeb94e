/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel-command words: Principles of Operation chapter 15,
 * "Channel-Command Word".
 */
#ifndef _KVM_CSS_CCW_H
#define _KVM_CSS_CCW_H

#include <linux/types.h>

#include <kvm_css/layout.h>

#define CCW_SIZE	8u

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
 * ccw_tic_valid() - is this transfer in channel valid?
 * @ccw: the CCW, for which ccw_is_tic() is true
 * @orb_flags: second word of the ORB
 *
 * Context: any.
 * Return: whether it is.  Then @ccw->cda is the address of the next CCW.
 */
bool ccw_tic_valid(const struct css_ccw *ccw, u32 orb_flags);

/**
 * ccw_valid() - is this CCW valid?
 * @ccw: the CCW, which is not a transfer in channel
 * @orb_flags: second word of the ORB
 * @why: why it is fetched
 *
 * Context: any.
 * Return: whether it is.
 */
bool ccw_valid(const struct css_ccw *ccw, u32 orb_flags, enum ccw_fetch why);

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
	       addr <= (orb_flags & ORB_FORMAT ? CCW1_ADDRESS : CCW0_ADDRESS);
}

#endif /* _KVM_CSS_CCW_H */
