// SPDX-License-Identifier: GPL-2.0
/*
 * Moving the data of a channel program, one storage area after another.  A CCW
 * names an area directly, or has a list of IDAWs or MIDAWs that name one area
 * each.  Principles of Operation chapter 15, "CCW Indirect Data Addressing" and
 * "Modified-CCW-Indirect-Data Addressing".
 *
 * An IDAW or MIDAW is copied once, when the area before it is used up, and the
 * copy is checked then.  With the prefetch control in the ORB, a few of them
 * are copied at a time.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <kvm_css/ccw.h>
#include <kvm_css/chanprog.h>
#include <kvm_css/command.h>

#include "internal.h"

/*
 * Data are moved in pieces, each of which lies in one page and in one area, or
 * many pieces at a time, see span.c.
 */
#define PIECE		4096u

/*
 * A list of MIDAWs lies in one page, and so does the area that one of them
 * designates.
 */
#define MIDAW_PAGE	4096u

bool chanprog_program_check(struct chanprog *cp)
{
	cp->cstat |= CSTAT_PROGRAM_CHECK;
	return false;
}

bool chanprog_access_failed(struct chanprog *cp, guest_access_t access,
			    u64 addr, u32 what)
{
	switch ((__force u32)access) {
	case (__force u32)GUEST_ACCESS_ADDRESSING:
		cp->cstat |= CSTAT_PROGRAM_CHECK;
		break;
	case (__force u32)GUEST_ACCESS_PROTECTION:
		cp->cstat |= CSTAT_PROTECTION_CHECK;
		break;
	case (__force u32)GUEST_ACCESS_GONE:
		cp->gone = true;
		break;
	default:
		cp->cstat |= what & (LOGOUT_CCW_CHECK | LOGOUT_IDAW_CHECK) ?
				CSTAT_CHANNEL_CONTROL : CSTAT_CHANNEL_DATA;
		cp->failing.address = addr;
		cp->failing.what = what;
		break;
	}
	return false;
}

void transfer_begin(struct chanprog *cp, u32 cda)
{
	struct transfer *data = &cp->data;

	*data = (struct transfer){ .list = cda, .first = true };
	if (cp->flags & (CCW_IDA | CCW_MIDA))
		return;
	data->addr = cda;
	data->left = cp->residual;
	data->end = ccw_highest_address(cp->orb_flags);
}

/*
 * Do all @size bytes of the next entry of the list lie at addresses that a CCW
 * of this format can name?
 */
static bool list_valid(const struct chanprog *cp, u32 size)
{
	return cp->data.list <= ccw_highest_address(cp->orb_flags) - (size - 1);
}

/*
 * Make the area that an IDAW designates the current one: from @addr to the end
 * of its block, or backwards to the beginning of its block.
 * Return: false when the IDAW is invalid.
 */
static bool begin_idaw_area(struct chanprog *cp, u64 addr)
{
	const u32 block = idaw_block(cp->orb_flags);
	const bool backward = ccw_is_backward(cp->cmd);
	struct transfer *data = &cp->data;
	u32 offset = addr & (block - 1);

	/* Only the area of the first IDAW may begin inside a block. */
	if (!data->first && offset != (backward ? block - 1 : 0))
		return false;
	data->addr = addr;
	data->left = backward ? offset + 1 : block - offset;
	return true;
}

static bool next_idaw(struct chanprog *cp)
{
	const u32 size = idaw_size(cp->orb_flags);
	struct transfer *data = &cp->data;
	const u8 *raw;
	u64 addr;

	if (!list_valid(cp, size))
		return chanprog_program_check(cp);
	raw = ahead_fetch(cp, &cp->call->idaws, data->list, size);
	if (!raw)
		return false;
	addr = idaw_decode(raw, cp->orb_flags);
	data->end = cp->orb_flags & ORB_IDAW_FORMAT2 ? U64_MAX : CCW1_ADDRESS;
	if (addr > data->end || !begin_idaw_area(cp, addr))
		return chanprog_program_check(cp);
	data->list += size;
	data->first = false;
	return true;
}

/*
 * The counts of the MIDAWs must add up to the count of the CCW, and the MIDAW
 * that completes it, and no other, must have the last-MIDAW flag.
 */
static bool midaw_valid(const struct chanprog *cp,
			const struct css_midaw *midaw)
{
	u32 offset = be64_to_cpu(midaw->addr) % MIDAW_PAGE;
	u32 room = ccw_is_backward(cp->cmd) ? offset + 1 : MIDAW_PAGE - offset;
	u32 count = be16_to_cpu(midaw->count);
	bool last = midaw->flags & MIDAW_LAST;

	if (memchr_inv(midaw->zeros, 0, sizeof(midaw->zeros)) ||
	    midaw->flags & MIDAW_ZEROS)
		return false;
	if (!count || count > cp->residual)
		return false;
	if (last ? count < cp->residual : count == cp->residual)
		return false;
	/* When nothing is stored because of the skip flag, any area will do. */
	if (midaw->flags & MIDAW_SKIP && !ccw_fetches_data(cp->cmd))
		return true;
	return count <= room;
}

static bool next_midaw(struct chanprog *cp)
{
	struct transfer *data = &cp->data;
	const struct css_midaw *midaw;

	if (!list_valid(cp, sizeof(*midaw)) ||
	    (!data->first && !(data->list % MIDAW_PAGE)))
		return chanprog_program_check(cp);
	midaw = (const void *)ahead_fetch(cp, &cp->call->idaws, data->list,
					  sizeof(*midaw));
	if (!midaw)
		return false;
	if (!midaw_valid(cp, midaw))
		return chanprog_program_check(cp);
	if (midaw->flags & MIDAW_INTERRUPT) {
		cp->pci = true;
		if (cp->call->point)
			peek_passes_pci(cp);
	}
	data->addr = be64_to_cpu(midaw->addr);
	data->left = be16_to_cpu(midaw->count);
	data->end = U64_MAX;
	data->skip = midaw->flags & MIDAW_SKIP;
	data->list += sizeof(*midaw);
	data->first = false;
	return true;
}

/* Go to the next area: the current one is used up, but the count is not. */
static bool next_area(struct chanprog *cp)
{
	if (cp->flags & CCW_MIDA)
		return next_midaw(cp);
	return next_idaw(cp);
}

/* Address-limit checking, which is for data only */
static bool within_limits(const struct chanprog *cp, u64 addr, u32 len)
{
	return addr >= cp->limit_low && addr + len - 1 < cp->limit_high;
}

/* Move @len bytes from or to storage.  @addr is the lowest of their addresses. */
static guest_access_t access_data(struct chanprog *cp, u64 addr, void *data,
				  u32 len, bool to_guest)
{
	if (to_guest && (cp->flags & CCW_SKIP || cp->data.skip))
		return GUEST_ACCESS_OK;
	if (addr > cp->data.end || len - 1 > cp->data.end - addr ||
	    !within_limits(cp, addr, len))
		return GUEST_ACCESS_ADDRESSING;
	if (to_guest)
		return guest_storage_write(cp->guest, addr, data, len, cp->key);
	return guest_storage_read(cp->guest, addr, data, len, cp->key);
}

/* How many of @len bytes can be moved as one piece */
static u32 piece_length(const struct chanprog *cp, u32 len)
{
	u64 addr = cp->data.addr;

	len = min3(len, (u32)cp->residual, cp->data.left);
	if (ccw_is_backward(cp->cmd))
		return min(len, (u32)(addr % PIECE) + 1);
	return min(len, PIECE - (u32)(addr % PIECE));
}

static void reverse(u8 *to, const u8 *from, u32 len)
{
	while (len--)
		*to++ = from[len];
}

/*
 * Move a piece for read backward: the first byte of @data goes to the highest
 * address.
 */
static guest_access_t move_backward(struct chanprog *cp, const void *data,
				    u32 *len)
{
	u8 turned[64];

	*len = min_t(u32, *len, sizeof(turned));
	reverse(turned, data, *len);
	return access_data(cp, cp->data.addr - (*len - 1), turned, *len, true);
}

static void advance(struct chanprog *cp, u32 len)
{
	struct transfer *data = &cp->data;

	data->addr = ccw_is_backward(cp->cmd) ? data->addr - len :
						data->addr + len;
	data->left -= len;
	cp->residual -= len;
}

/*
 * The device has or wants more data.  If the count is used up and no data is
 * chained, note that the device wants more than there is.
 * Return: whether the data of the command have ended.
 */
static bool note_data_end(struct chanprog *cp)
{
	if (cp->residual || cp->flags & CCW_CD)
		return false;
	cp->device_wants_more = true;
	return true;
}

/* A command may chain data for long, so let other threads run. */
static bool chain_data(struct chanprog *cp)
{
	cond_resched_tasks_rcu_qs();
	return chanprog_chain_data(cp);
}

/* "Storage-Access Code" of the subchannel logout: in which way data move */
static u32 storage_access_code(const struct chanprog *cp)
{
	if (ccw_is_backward(cp->cmd))
		return LOGOUT_READ_BACKWARD;
	return ccw_fetches_data(cp->cmd) ? LOGOUT_WRITE : LOGOUT_READ;
}

/*
 * If the program has been halted, note that the halt keeps data of the current
 * command from being moved.  How the command ends is left to the device.
 *
 * The caller calls this only if the CCWs provide more data.  At the end of the
 * data a halt keeps nothing from being moved, and the device ends the command
 * as it does without a halt.
 *
 * @stored: the next byte may have been stored already by an access that has
 * failed.  Then a halt has to wait: the count would leave this byte out.  It has to wait
 * as well if the device has executed the next command, too, see follow.c.
 *
 * Return: may data be moved?
 */
static bool check_may_move(struct chanprog *cp, bool stored)
{
	if (!stored && !cp->follow &&
	    READ_ONCE(cp->stop) == CHANPROG_HALT)
		cp->halted = true;
	return !chanprog_broken_off(cp);
}

/*
 * Can more of @len bytes be moved by one access than a piece, that is, may there
 * be a span?  Beyond the current area there is none without prefetching.
 */
static bool may_span(const struct chanprog *cp, u32 piece, u32 len)
{
	if (piece == len || (!(cp->orb_flags & ORB_PREFETCH) &&
			     piece == min((u32)cp->residual, cp->data.left)))
		return false;
	return !cp->one_by_one && !ccw_is_backward(cp->cmd) &&
	       !(cp->flags & (CCW_SKIP | CCW_MIDA));
}

/*
 * Move the data of a span, of which *@len says how long it may be.
 * Return: whether the access has succeeded; *@len: the length of the span.
 */
static bool move_span(struct chanprog *cp, void *data, u32 *len, bool to_guest)
{
	struct span span;

	*len = span_find(cp, *len, &span);
	if (access_data(cp, cp->data.addr, data, *len, to_guest) !=
	    GUEST_ACCESS_OK) {
		cp->one_by_one = true;
		return false;
	}
	span_pass(cp, &span);
	return true;
}

/*
 * Move a piece of the current area.
 * Return: how many of @len bytes were moved; 0 when a check was recognized.
 */
static u32 move_piece(struct chanprog *cp, void *data, u32 len, bool to_guest)
{
	guest_access_t access;

	if (to_guest && ccw_is_backward(cp->cmd))
		access = move_backward(cp, data, &len);
	else
		access = access_data(cp, cp->data.addr, data, len, to_guest);
	if (access != GUEST_ACCESS_OK) {
		chanprog_access_failed(cp, access, cp->data.addr,
				       storage_access_code(cp));
		return 0;
	}
	advance(cp, len);
	return len;
}

static u32 move(struct chanprog *cp, void *data, u32 len, bool to_guest)
{
	/* How many bytes an access that has failed may have stored */
	u32 stored = 0;
	u32 done = 0, piece, moved;

	if (!len)
		return 0;
	cp->data_moved = true;
	while (done < len) {
		chanprog_spend(cp);
		if (note_data_end(cp) || !check_may_move(cp, done < stored))
			break;
		if (!cp->residual && !chain_data(cp))
			break;
		if (!cp->data.left && !next_area(cp))
			break;
		piece = piece_length(cp, len - done);
		moved = len - done;
		if (may_span(cp, piece, moved)) {
			if (move_span(cp, data + done, &moved, to_guest)) {
				done += moved;
				continue;
			}
			if (to_guest)
				stored = done + moved;
		}
		moved = move_piece(cp, data + done, piece, to_guest);
		if (!moved)
			break;
		done += moved;
	}
	return done;
}

u32 chanprog_to_guest(struct chanprog *cp, const void *data, u32 len)
{
	return move(cp, (void *)data, len, true);
}

u32 chanprog_from_guest(struct chanprog *cp, void *data, u32 len)
{
	return move(cp, data, len, false);
}
