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

/* Why a CCW is fetched; decides what is checked in it. */
enum ccw_fetch { FETCH_FIRST, FETCH_COMMAND, FETCH_DATA };

/**
 * struct css_ccw - a CCW of either format
 * @cmd: command code
 * @flags: CCW_*
 * @count: byte count
 * @cda: data address
 */
struct css_ccw {
	u8  cmd;
	u8  flags;
	u16 count;
	u32 cda;
};

/**
 * ccw_decode() - what the eight bytes of a CCW say
 * @ccw: where to
 * @raw: the CCW as it lies in guest storage, copied
 * @orb_flags: second word of the ORB, for the format
 *
 * Context: any.
 */
void ccw_decode(struct css_ccw *ccw, const u8 raw[CCW_SIZE], u32 orb_flags);

/**
 * ccw_is_tic() - is it a transfer in channel?
 * @ccw: the CCW
 *
 * Bits 4-7 of the command code make it one, in data chaining as well.
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
 * Return: whether it does: read backward.
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
 * ccw_tic_valid() - is it a valid transfer in channel?
 * @ccw: the CCW, ccw_is_tic()
 * @orb_flags: second word of the ORB
 *
 * Context: any.
 * Return: whether it is; where it leads to is @ccw->cda.
 */
bool ccw_tic_valid(const struct css_ccw *ccw, u32 orb_flags);

/**
 * ccw_valid() - is it a valid CCW, other than a transfer in channel?
 * @ccw: the CCW
 * @orb_flags: second word of the ORB
 * @why: why it is fetched
 *
 * Context: any.
 * Return: whether it is.
 */
bool ccw_valid(const struct css_ccw *ccw, u32 orb_flags, enum ccw_fetch why);

/**
 * ccw_address_valid() - may a CCW be fetched from there?
 * @addr: absolute address
 * @orb_flags: second word of the ORB
 *
 * Context: any.
 * Return: whether it is an address of this format of CCWs, on a doubleword
 * boundary.
 */
static inline bool ccw_address_valid(u32 addr, u32 orb_flags)
{
	return !(addr % CCW_SIZE) &&
	       addr <= (orb_flags & ORB_FORMAT ? CCW1_ADDRESS : CCW0_ADDRESS);
}

#endif /* _KVM_CSS_CCW_H */
