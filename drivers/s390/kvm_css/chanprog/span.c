// SPDX-License-Identifier: GPL-2.0
/*
 * Spans: storage areas of one command that follow each other in storage, so
 * that one access can move the data of all.
 *
 * Guests use many CCWs or IDAWs for what lies in one piece: Linux has a CCW for
 * each block of an FBA disk, and an IDAW for each page.  transfer.c goes from
 * area to area and moves the data of each page by themselves.  A span is a
 * short cut: span_find() finds out, without changing anything, how far the data
 * go on without a gap; transfer.c moves all of them; and then span_pass() puts
 * the program where it would be now if it had gone from area to area.
 *
 * Principles of Operation chapter 15, "Prefetching", allows that.  Why a guest
 * can't tell the difference at all:
 *
 * - A span goes on only in CCWs and IDAWs that have been copied ahead, which
 *   the prefetch control in the ORB allows.  From area to area, the program
 *   would use the same copies, and would copy nothing in between.  So each CCW
 *   and IDAW is read from storage at the same point of the data.
 * - A span ends in front of a CCW or IDAW that has any other effect than to
 *   name data: an invalid one, a TIC, MIDAWs, or the skip flag.  A PCI flag in
 *   a CCW that chains data is told when the command has ended.
 * - In chanprog_peek() a span ends with its CCW, so that each CCW is noted.
 * - A span is no longer than the data that the device moves now.  A CCW doesn't
 *   become current before the device moves a byte of it.
 * - If the access fails, nothing has happened to the program.  It goes on from
 *   area to area, to the piece that fails.  What the access has stored in front
 *   of this piece is stored once more; behind it, nothing has been stored, see
 *   guest_storage_write().
 * - A halt is looked for once in a span, so it seems to come later.  When an
 *   access that stores has failed, a halt comes behind what may have been stored.
 *
 * The functions that make a span longer rely on this: before each step, either
 * the area at its end is used up (@left is zero), or its CCW is (@residual is
 * zero), or both are, since everything in front of that step has been taken in.
 * So an IDAW that follows in the same CCW begins a block, as it has to.
 */
#include <linux/minmax.h>

#include <kvm_css/ccw.h>
#include <kvm_css/chanprog.h>

#include "internal.h"

/* How many bytes a span has at the most */
#define SPAN_MAX	0x10000u

/*
 * Is this a valid CCW that does nothing but name more data?
 * @how: CCW_IDA when it has to name them by IDAWs, or else 0
 */
static inline bool names_data(const struct chanprog *cp,
			      const struct css_ccw *ccw, u8 how)
{
	return (ccw->flags & (CCW_SKIP | CCW_IDA | CCW_MIDA)) == how &&
	       !ccw_is_tic(ccw) && ccw_valid(ccw, cp->orb_flags, FETCH_DATA);
}

/* Go on through CCWs that name data directly. */
static void follow_ccws(const struct chanprog *cp, struct span *span, u32 len)
{
	const struct chanprog_ahead *ahead = &cp->call->ccws;
	const u8 *first = ahead_find(ahead, cp->next, CCW_SIZE), *raw = first;
	const u8 *behind = ahead->bytes + ahead->len;
	u64 addr = cp->data.addr + span->len;
	u64 end = cp->data.addr + len;
	u32 left = span->left, more;
	u8 flags = cp->flags, all = 0;
	struct css_ccw ccw;

	while (raw && raw < behind && addr < end && flags & CCW_CD) {
		ccw_decode(&ccw, raw, cp->orb_flags);
		if (ccw.cda != addr || !names_data(cp, &ccw, 0))
			break;
		flags = ccw.flags;
		all |= flags;
		more = min_t(u64, end - addr, ccw.count);
		left = ccw.count - more;
		addr += more;
		raw += CCW_SIZE;
	}
	span->len = addr - cp->data.addr;
	span->ccws = (raw - first) / CCW_SIZE;
	span->flags = flags;
	span->pci = all & CCW_PCI;
	span->residual = left;
	span->left = left;
}

/*
 * Go on through IDAWs, and through CCWs that have their data named by IDAWs.
 * Not inline, because follow_ccws() needs the registers.
 */
static noinline void follow_idaws(const struct chanprog *cp, struct span *span,
				  u32 len)
{
	const struct chanprog_ahead *ccws = &cp->call->ccws;
	const u32 block = idaw_block(cp->orb_flags);
	const u32 size = idaw_size(cp->orb_flags);
	u32 next = cp->next, more;
	struct css_ccw ccw;
	const u8 *raw;
	u64 addr;

	while (span->len < len) {
		/* The rest of the CCW, or the CCW that it chains */
		if (span->residual) {
			ccw.flags = span->flags;
			ccw.count = span->residual;
			ccw.cda = span->list;
		} else {
			raw = ahead_find(ccws, next, CCW_SIZE);
			if (!raw || !(span->flags & CCW_CD) || cp->call->point)
				return;
			ccw_decode(&ccw, raw, cp->orb_flags);
			if (!names_data(cp, &ccw, CCW_IDA))
				return;
		}
		raw = ahead_find(&cp->call->idaws, ccw.cda, size);
		addr = cp->data.addr + span->len;
		if (!raw || idaw_decode(raw, cp->orb_flags) != addr)
			return;
		if (!span->residual) {
			next += CCW_SIZE;
			span->ccws++;
			span->flags = ccw.flags;
			span->pci |= ccw.flags & CCW_PCI;
		}
		span->list = ccw.cda + size;
		span->left = block - (addr & (block - 1));
		more = min3(len - span->len, (u32)ccw.count, span->left);
		span->len += more;
		span->left -= more;
		span->residual = ccw.count - more;
	}
}

u32 span_find(const struct chanprog *cp, u32 len, struct span *span)
{
	len = min(len, SPAN_MAX);
	/* What is left of the current area */
	span->len = min3(len, (u32)cp->residual, cp->data.left);
	span->left = cp->data.left - span->len;
	span->residual = cp->residual - span->len;
	span->list = cp->data.list;
	span->flags = cp->flags;
	span->ccws = 0;
	span->pci = false;
	if (cp->flags & CCW_IDA)
		follow_idaws(cp, span, len);
	else if (!cp->call->point)
		follow_ccws(cp, span, len);
	return span->len;
}

void span_pass(struct chanprog *cp, const struct span *span)
{
	cp->data.addr += span->len;
	cp->data.left = span->left;
	cp->data.list = span->list;
	cp->residual = span->residual;
	if (!span->ccws)
		return;
	cp->flags = span->flags;
	cp->next += span->ccws * CCW_SIZE;
	cp->ccw_addr = cp->next - CCW_SIZE;
	cp->quantum -= min(cp->quantum, span->ccws);
	if (span->pci)
		cp->pci = true;
}
