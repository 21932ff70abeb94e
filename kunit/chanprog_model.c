// SPDX-License-Identifier: GPL-2.0
/*
 * Executing channel programs one byte after the other, see chanprog_model.h.
 * It is written from chapters 15 and 16 of the Principles of Operation and from
 * nothing else, so it has nothing of what the core does in pieces or ahead of
 * time.
 */
#include <linux/string.h>

#include <kvm_css/control_unit.h>

#include "chanprog_model.h"
#include "fake_device.h"

#define BIT31		0x80000000u

static bool orb(const struct model *m, u32 flag)
{
	return m->orb_flags & flag;
}

static bool format0(const struct model *m)
{
	return !orb(m, ORB_FORMAT);
}

/* The kind of a command, by bits 4-7 of its code */
static bool is_backward(const struct model *m)
{
	return (m->cmd & 0x0f) == 0x0c;
}

static bool is_output(const struct model *m)
{
	return (m->cmd & 0x03) == 0x01 || (m->cmd & 0x03) == 0x03;
}

/* Access a byte of storage.  Return: 0, or subchannel status. */

static u8 access_byte(const struct model *m, u64 addr, bool store, u8 broken)
{
	u8 key = m->orb_flags >> 28, page, skey;

	if (addr >= FAKE_STORAGE)
		return CSTAT_PROGRAM_CHECK;
	page = m->pages[addr >> 12];
	skey = m->keys[addr >> 12];
	if (page & MODEL_ABSENT)
		return CSTAT_PROGRAM_CHECK;
	if (page & MODEL_BROKEN)
		return broken;
	if (store && page & MODEL_READONLY)
		return CSTAT_PROTECTION_CHECK;
	if (key && skey >> 4 != key && (store || skey & 0x08))
		return CSTAT_PROTECTION_CHECK;
	return 0;
}

/* Fetch a CCW, IDAW or MIDAW of @len bytes, as a number. */
static bool fetch(struct model *m, u64 addr, u32 len, u64 *word)
{
	u32 i;

	*word = 0;
	for (i = 0; i < len; i++) {
		m->cstat |= access_byte(m, addr + i, false,
					CSTAT_CHANNEL_CONTROL);
		if (m->cstat)
			return false;
		*word = *word << 8 | m->storage[addr + i];
	}
	m->fetched[addr >> 12] = true;
	return true;
}

static bool check(struct model *m)
{
	m->cstat |= CSTAT_PROGRAM_CHECK;
	return false;
}

/* The fields of a CCW */
struct fields {
	u8 cmd;
	u8 flags;
	u32 count;
	u32 addr;
};

static void split_ccw(const struct model *m, u64 word, struct fields *f)
{
	f->cmd = word >> 56;
	if (format0(m)) {
		f->addr = word >> 32 & 0xffffff;
		f->flags = word >> 24;
		f->count = word & 0xffff;
	} else {
		f->flags = word >> 48;
		f->count = word >> 32 & 0xffff;
		f->addr = word;
	}
}

static bool designates_ccw(const struct model *m, u32 addr)
{
	if (addr & 7)
		return false;
	return !(addr & (format0(m) ? 0xff000000 : BIT31));
}

/* Fetch the CCW at m->next.  A TIC may lead to it, but not two TICs. */
static bool take_ccw(struct model *m, bool may_be_tic, struct fields *f)
{
	u64 word;

	m->ccw = m->next;
	if (!designates_ccw(m, m->next))
		return check(m);
	if (!fetch(m, m->next, 8, &word))
		return false;
	split_ccw(m, word, f);
	m->next += 8;
	if ((f->cmd & 0x0f) != 0x08)
		return true;
	if (!may_be_tic)
		return check(m);
	/*
	 * In format 1, all of a TIC except its command and address must be
	 * zeros.
	 */
	if (!format0(m) && word >> 32 != 0x08000000)
		return check(m);
	if (!designates_ccw(m, f->addr))
		return check(m);
	m->next = f->addr;
	/*
	 * If the CCW can't be fetched, the TIC is the last one that was used.
	 */
	if (!fetch(m, m->next, 8, &word))
		return false;
	m->ccw = m->next;
	m->next += 8;
	split_ccw(m, word, f);
	if ((f->cmd & 0x0f) == 0x08)
		return check(m);
	return true;
}

/* Check what can make a CCW invalid, condition by condition. */
static bool ccw_is_valid(const struct model *m, const struct fields *f,
			 bool chained_data)
{
	if (!chained_data && !(f->cmd & 0x0f))
		return false;
	if (!format0(m) && f->addr & BIT31)
		return false;
	if (!f->count && (format0(m) || chained_data || f->flags & CCW_CD))
		return false;
	if (f->flags & CCW_SUSPEND && (chained_data || !orb(m, ORB_SUSPEND)))
		return false;
	if (f->flags & CCW_MIDA) {
		if (!orb(m, ORB_MIDAW) || f->flags & (CCW_IDA | CCW_SKIP))
			return false;
		return !(f->addr & 15);
	}
	if (f->flags & CCW_IDA)
		return !(f->addr & (orb(m, ORB_IDAW_FORMAT2) ? 7 : 3));
	return true;
}

/* Make the next CCW the current one. */
static bool next_ccw(struct model *m, bool first, bool chained_data)
{
	struct fields f;

	m->count = 0;
	if (!take_ccw(m, !first, &f))
		return false;
	if (!ccw_is_valid(m, &f, chained_data))
		return check(m);
	m->count = f.count;
	if (f.flags & CCW_SUSPEND) {
		m->suspended = true;
		return false;
	}
	if (!chained_data)
		m->cmd = f.cmd;
	m->flags = f.flags;
	m->addr = f.addr;
	m->list = f.addr;
	m->listed = false;
	m->in_block = false;
	m->midaw_count = 0;
	m->midaw_flags = 0;
	if (f.flags & CCW_PCI)
		m->pending_pci = true;
	return true;
}

/* The list must be where an address in a CCW can lead. */
static bool list_word(struct model *m, u32 len, u64 *word)
{
	u64 end = format0(m) ? 0x1000000 : BIT31;

	if (m->list + len > end)
		return check(m);
	if (!fetch(m, m->list, len, word))
		return false;
	m->list += len;
	return true;
}

/*
 * Each IDAW after the first must designate the first byte of a block, or its
 * last.
 */
static bool use_idaw(struct model *m)
{
	bool format2 = orb(m, ORB_IDAW_FORMAT2);
	u64 block = format2 && !orb(m, ORB_IDAW_2K) ? 4096 : 2048;
	u64 word;

	if (!list_word(m, format2 ? 8 : 4, &word))
		return false;
	if (!format2 && word & BIT31)
		return check(m);
	if (m->listed && is_backward(m) && (word + 1) % block)
		return check(m);
	if (m->listed && !is_backward(m) && word % block)
		return check(m);
	m->listed = true;
	m->in_block = true;
	m->addr = word;
	return true;
}

static bool use_midaw(struct model *m)
{
	u64 what, addr, last;
	u8 flags;

	/* A list of MIDAWs must not cross a page boundary. */
	if (m->listed && m->list % 4096 == 0)
		return check(m);
	if (m->list + 16 > (format0(m) ? 0x1000000 : BIT31))
		return check(m);
	if (!fetch(m, m->list, 8, &what) || !fetch(m, m->list + 8, 8, &addr))
		return false;
	m->list += 16;
	m->listed = true;
	flags = what >> 16;
	if (what >> 24 || flags & 0x1f)
		return check(m);
	m->midaw_count = what & 0xffff;
	/* The last MIDAW must use up the count, and no other one may. */
	if (!m->midaw_count || m->midaw_count > m->count)
		return check(m);
	if ((flags & 0x80) && m->midaw_count != m->count)
		return check(m);
	if (!(flags & 0x80) && m->midaw_count == m->count)
		return check(m);
	/* The data of a MIDAW must be in one page, unless they are skipped. */
	last = is_backward(m) ? addr - (m->midaw_count - 1) :
				addr + (m->midaw_count - 1);
	if ((is_output(m) || !(flags & 0x40)) && addr / 4096 != last / 4096)
		return check(m);
	if (flags & 0x20)
		m->pending_pci = true;
	m->midaw_flags = flags;
	m->addr = addr;
	return true;
}

/* Return: whether the next byte has an address. */
static bool have_address(struct model *m)
{
	if (m->flags & CCW_MIDA)
		return m->midaw_count || use_midaw(m);
	if (m->flags & CCW_IDA)
		return m->in_block || use_idaw(m);
	/*
	 * The address must neither be above what the CCW can address nor below
	 * 0.
	 */
	if (m->flags & CCW_SKIP && !is_output(m))
		return true;
	if (m->addr >= (format0(m) ? 0x1000000 : BIT31))
		return check(m);
	return true;
}

static bool in_limits(const struct model *m)
{
	if (!orb(m, ORB_ADDRESS_LIMIT))
		return true;
	if (m->limit.mode == PMCW_LIMIT_LOW)
		return m->addr >= m->limit.address;
	if (m->limit.mode == PMCW_LIMIT_HIGH)
		return m->addr < m->limit.address;
	return true;
}

/* Move one byte whose address is known. */
static bool move_byte(struct model *m)
{
	bool skip = m->flags & CCW_SKIP || m->midaw_flags & 0x40;
	u8 *byte = &m->stream[m->streamed];

	if (!is_output(m))
		*byte = fake_pattern(m->streamed);
	if (is_output(m) || !skip) {
		if (!in_limits(m))
			return check(m);
		m->cstat |= access_byte(m, m->addr, !is_output(m),
					CSTAT_CHANNEL_DATA);
		if (m->cstat)
			return false;
		if (is_output(m)) {
			*byte = m->storage[m->addr];
		} else {
			m->storage[m->addr] = *byte;
			m->stored[m->addr >> 12] = true;
		}
	}
	m->streamed++;
	return true;
}

/* Go on to the address of the next byte. */
static void step(struct model *m)
{
	u64 block = orb(m, ORB_IDAW_FORMAT2) && !orb(m, ORB_IDAW_2K) ? 4096 :
								      2048;

	m->count--;
	if (is_backward(m)) {
		if (m->addr % block == 0)
			m->in_block = false;
		m->addr--;
	} else {
		m->addr++;
		if (m->addr % block == 0)
			m->in_block = false;
	}
	if (m->midaw_count)
		m->midaw_count--;
}

/*
 * Let the device move its block.
 *
 * Return: how much of it moved; @too_long: it has more than the CCWs provide.
 */
static u32 move_block(struct model *m, u32 len, bool *too_long)
{
	u32 moved = 0;

	*too_long = false;
	while (moved < len) {
		if (!m->count && !(m->flags & CCW_CD)) {
			*too_long = true;
			break;
		}
		if (!m->count && !next_ccw(m, false, true))
			break;
		if (!have_address(m) || !move_byte(m))
			break;
		step(m);
		moved++;
	}
	return moved;
}

static bool wrong_length(const struct model *m, bool immediate, u8 dstat,
			 bool too_long)
{
	if (immediate) {
		/* A command that is refused, or is immediate, has no length. */
		if (!(dstat & DSTAT_CHANNEL_END))
			return false;
		if (format0(m) || orb(m, ORB_ILS))
			return false;
	}
	if (m->flags & CCW_CD)
		return true;
	if (m->flags & CCW_SLI)
		return false;
	return m->count || too_long;
}

static void end(struct model *m, u8 dstat)
{
	m->ending.cpa = (m->ccw + 8) & ~BIT31;
	m->ending.dstat = dstat;
	m->ending.cstat = m->cstat;
	m->ending.count = m->count;
}

static void tell(struct model *m, bool *zero_cc)
{
	m->pci += m->pending_pci;
	m->zero_cc += *zero_cc;
	m->pending_pci = false;
	*zero_cc = false;
}

/* Let the device execute a command.  Return: whether another one follows. */
static bool execute(struct model *m, bool *zero_cc)
{
	struct model_behaviour *device = &m->behaviour[m->nr_commands];
	u8 dstat = device->dstat;
	u32 len = device->len, moved;
	bool too_long, first, chained;

	first = !m->nr_commands;
	moved = move_block(m, len, &too_long);
	m->commands[m->nr_commands].cmd = m->cmd;
	m->commands[m->nr_commands].moved = moved;
	m->nr_commands++;
	if (first && len && orb(m, ORB_INITIAL_STATUS))
		*zero_cc = true;
	if (!m->cstat && wrong_length(m, !len, dstat, too_long))
		m->cstat |= CSTAT_INCORRECT_LENGTH;
	chained = !m->cstat && !(m->flags & CCW_CD) && m->flags & CCW_CC;
	/* After channel end alone, the status that follows decides. */
	if (chained && dstat == 0x08) {
		tell(m, zero_cc);
		dstat = device->later;
		chained = (dstat | DSTAT_STATUS_MODIFIER) == 0x44;
	} else if ((dstat | DSTAT_STATUS_MODIFIER) != 0x4c) {
		chained = false;
	}
	if (!chained) {
		end(m, dstat);
		return false;
	}
	if (dstat & DSTAT_STATUS_MODIFIER)
		m->next += 8;
	return true;
}

void model_run(struct model *m)
{
	bool first = true, zero_cc = false;

	m->next = m->cpa;
	do {
		tell(m, &zero_cc);
		if (!next_ccw(m, first, false)) {
			end(m, 0);
			return;
		}
		first = false;
		tell(m, &zero_cc);
	} while (execute(m, &zero_cc));
	m->last = (m->pending_pci ? CHANPROG_PCI : 0) |
		  (zero_cc ? CHANPROG_ZERO_CC : 0);
}
