/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files that translate a channel program have of each other.
 *
 * A translation is made in steps, each of which is a file: program_walk.c finds the
 * CCWs, and has program_data.c find the areas of their data; program_host.c pins the
 * pages and makes the host's program.  Nobody else knows the translation while it
 * is being made, so there are no locks.  program_spare.c has what is kept for the next.
 */
#ifndef _KVM_CSS_PASSTHROUGH_TRANSLATE_H
#define _KVM_CSS_PASSTHROUGH_TRANSLATE_H

#include <linux/types.h>

#include <kvm_css/ccw.h>
#include <kvm_css/guest.h>
#include <kvm_css/host_sch.h>

#include "program.h"

/* "Bounds" in Documentation/passthrough.rst */
#define PROGRAM_CCWS	2048u
#define PROGRAM_PAGES	4096u
#define PROGRAM_AREAS	16384u

/*
 * For how many CCWs, areas and pages there is room without an allocation.  A program for
 * 64 KiB of a DASD with blocks of 4 KiB has less.
 */
#define PROGRAM_FEW	32u

#define GUEST_PAGE	4096u

/*
 * No channel subsystem has storage there.  The address of an entry that must not
 * be used, plus an offset in its page.
 */
#define HOST_NOWHERE	0x8000000000000000ull

/*
 * How a CCW is reached.  As a command: it is the first one, or commands are
 * chained, perhaps by a TIC.  By data chaining: which way data move, perhaps by
 * a TIC.  Each *_TIC is the one before it, shifted by the same.
 */
#define REACHED_FIRST		0x0001u
#define REACHED_COMMAND		0x0002u
#define REACHED_FETCH		0x0004u
#define REACHED_STORE		0x0008u
#define REACHED_BACKWARD	0x0010u
/* The CCWs in front of it, of the same command, may change what is behind it. */
#define REACHED_CHANGING	0x0020u
#define REACHED_TIC_SHIFT	8
#define REACHED_BY_TIC(how)	((how) << REACHED_TIC_SHIFT)

#define REACHED_AS_COMMAND	(REACHED_FIRST | REACHED_COMMAND | \
				 REACHED_BY_TIC(REACHED_COMMAND))
/* Which way data move; also without the TIC */
#define MOVES			(REACHED_FETCH | REACHED_STORE | REACHED_BACKWARD)
#define REACHED_BY_DATA		(MOVES | REACHED_BY_TIC(MOVES))
/* A TIC that is reached in another way is invalid. */
#define REACHED_MAY_BE_TIC	(REACHED_COMMAND | MOVES)

/* What there is in the guest's storage */
enum program_found {
	FOUND_CCW,
	FOUND_NOTHING,	/* it can't be fetched, &program_ccw.check says why */
	/* Nobody has looked: only a status modifier leads there. */
	FOUND_UNKNOWN,
	/*
	 * Nobody has looked, because it may be changed before it is executed.
	 * The host suspends the program there.
	 */
	FOUND_CHANGED,
};

/**
 * struct program_check - a check that the guest is told of
 * @cstat: CSTAT_*; 0 for none
 * @failing: for channel-data and channel-control checks
 */
struct program_check {
	u8 cstat;
	struct chanprog_failing failing;
};

/**
 * struct program_ccw - a CCW of the guest's and its translation
 * @addr: absolute address in guest storage
 * @host: absolute address of the translation
 * @ccw: a copy of it
 * @found: what it is
 * @turn: 0 if it is reached without a TIC from the first CCW, or else 1; always
 *	0 if the program isn't executed in parts
 * @reached: in which ways it can be reached, REACHED_*
 * @pending: those of @reached that have not been followed yet
 * @changing: what is behind it may be changed before it is executed
 * @moves: in which ways its data move if it is valid and executed, of MOVES
 * @nop: a control command that transfers no data, whatever its CCW designates
 * @areas_known: @first_area and @areas are valid
 * @first_area: its first area in &translation.areas
 * @areas: how many areas it has
 * @check: what the guest is told in place of a program check of the host's; for
 *	FOUND_NOTHING, why it can't be fetched
 * @list: where its list is in the host's lists
 * @chain: the next one with the same hash; an index
 * @todo: the next one that has something @pending; an index
 * @modifier: the next one whose device may present status modifier; an index
 */
struct program_ccw {
	u32 addr;
	u32 host;
	struct css_ccw ccw;
	u8 found;
	u8 turn;
	u16 reached;
	u16 pending;
	bool changing;
	u8 moves;
	bool nop;
	bool areas_known;
	u32 first_area;
	u16 areas;
	u16 chain;
	u16 todo;
	u16 modifier;
	u32 list;
	struct program_check check;
};

#define NO_CCW		0xffffu

/*
 * What is unusual with an area: it ends the list of its CCW, because the IDAW or
 * MIDAW is invalid or can't be fetched
 */
#define AREA_INVALID	0x01
/* The address is beyond what a CCW of this format, or the limit, permits. */
#define AREA_BEYOND	0x02

/**
 * struct program_area - data that an IDAW or a MIDAW of the host's will name
 * @addr: absolute address in guest storage of the first byte that is moved.  The
 *	data lie in the same page, unless they are skipped.
 * @count: of a MIDAW
 * @midaw: flags of a MIDAW
 * @flags: AREA_*
 * @page: the page in &translation.pages, or NO_PAGE
 */
struct program_area {
	u64 addr;
	u16 count;
	u8 midaw;
	u8 flags;
	u32 page;
};

#define NO_PAGE		(~0u)

/**
 * struct program_range - something of the program that has been fetched
 * @from: absolute address in guest storage
 * @to: the address behind it
 */
struct program_range {
	u32 from;
	u32 to;
};

#define CCW_HASH_SIZE	1024u
#define TRANSLATE_AHEAD	256u

/**
 * struct host_program - a translation
 * @guest: the VM
 * @spare: where it is kept when it is freed, or NULL
 * @flags: second word of the guest's ORB
 * @orb: second word of the host's ORB
 * @memory: the host's CCWs, and their lists
 * @used: how much of @memory may be other than zeros, from the first byte on
 * @first: absolute address of the host's at which it begins; 0 if it can't
 * @ccws: the CCWs, in the order of their addresses, first those of turn 0
 * @nr_ccws: their number
 * @areas: the areas of their data
 * @pages: the pages that are pinned
 * @nr_pages: their number
 * @few_ccws: these are @ccws, if they suffice
 * @few_areas: likewise
 * @few_pages: likewise
 */
struct host_program {
	struct guest *guest;
	struct host_program_spare *spare;
	u32 flags;
	u32 orb;
	struct host_memory memory;
	u32 used;
	u32 first;
	struct program_ccw *ccws;
	u32 nr_ccws;
	struct program_area *areas;
	struct guest_page *pages;
	u32 nr_pages;
	struct program_ccw few_ccws[PROGRAM_FEW];
	struct program_area few_areas[PROGRAM_FEW];
	struct guest_page few_pages[PROGRAM_FEW];
};

/**
 * struct translation - a program that is being translated
 * @source: what
 * @program: what becomes of it; there is room for few in it
 * @flags: second word of the guest's ORB
 * @key: its key
 * @limit_low: data must lie at this address or above
 * @limit_high: data must lie below this address
 * @follow: what only a status modifier leads to is followed where it is likely
 * @guessed: something was followed so
 * @parts: the program is executed in parts
 * @result: HOST_PROGRAM_OK as long as nothing is wrong
 * @why: the reason for HOST_PROGRAM_CANNOT
 * @ccws: all CCWs
 * @nr_ccws: their number
 * @room_ccws: for how many there is room
 * @areas: the areas of all CCWs
 * @nr_areas: their number
 * @room_areas: for how many there is room
 * @pages: the pages that are pinned
 * @nr_pages: their number
 * @room_pages: for how many there is room
 * @ranges: what has been fetched, in order
 * @nr_ranges: their number
 * @room_ranges: for how many there is room
 * @todo: the first CCW with something pending
 * @modifier: the first CCW behind which nobody has looked for what a status modifier
 *	leads to
 * @ahead_addr: from where @ahead was copied
 * @ahead_len: how much
 * @few_ranges: these are @ranges, if they suffice.  From here on, nothing is cleared
 *	before a program is translated.
 * @heads: the first CCW of each hash
 * @ahead: CCWs that have been copied
 */
struct translation {
	const struct host_program_source *source;
	struct host_program *program;
	u32 flags;
	u8 key;
	u64 limit_low;
	u64 limit_high;
	bool follow;
	bool guessed;
	bool parts;
	enum host_program_result result;
	const char *why;
	struct program_ccw *ccws;
	u32 nr_ccws;
	u32 room_ccws;
	struct program_area *areas;
	u32 nr_areas;
	u32 room_areas;
	struct guest_page *pages;
	u32 nr_pages;
	u32 room_pages;
	struct program_range *ranges;
	u32 nr_ranges;
	u32 room_ranges;
	u16 todo;
	u16 modifier;
	u32 ahead_addr;
	u32 ahead_len;
	struct program_range few_ranges[PROGRAM_FEW];
	u16 heads[CCW_HASH_SIZE];
	u8 ahead[TRANSLATE_AHEAD] __aligned(8);
};

/**
 * translate_begin() - get what a program is translated with
 * @spare: of the device, or NULL
 *
 * Context: may sleep.
 * Return: the scratch, filled with anything; NULL if there is no memory.
 */
struct translation *translate_begin(struct host_program_spare *spare);

/**
 * translate_end() - the counterpart of translate_begin()
 * @spare: as there
 * @t: the scratch or NULL
 *
 * Context: may sleep.
 */
void translate_end(struct host_program_spare *spare, struct translation *t);

/**
 * program_take() - get a program
 * @spare: of the device, or NULL
 *
 * Context: may sleep.
 * Return: the program, with nothing valid but what program_put() and program_memory()
 * need; NULL if there is no memory.
 */
struct host_program *program_take(struct host_program_spare *spare);

/**
 * program_put() - the counterpart of program_take()
 * @program: the program, without pages and arrays, or NULL
 *
 * Context: may sleep.
 */
void program_put(struct host_program *program);

/**
 * program_memory() - get the memory for CCWs and lists
 * @program: the program, which may have some
 * @size: in bytes, at most 512 KiB
 *
 * Context: may sleep.
 * Return: whether @program has so much, filled with zeros.
 */
bool program_memory(struct host_program *program, u32 size);

/**
 * translate_cannot() - note that the program can't be translated
 * @t: the translation
 * @why: the reason, for the log
 *
 * The first reason is kept.
 *
 * Return: false, so that the caller can return it.
 */
bool translate_cannot(struct translation *t, const char *why);

/**
 * translate_room() - make room for more in an array
 * @t: the translation
 * @array: the array; it is allocated if there is room for more than PROGRAM_FEW
 * @room: for how many elements there is room
 * @nr: how many there are
 * @size: of an element, in bytes
 * @most: how many there may be
 *
 * Context: may sleep.
 * Return: whether there is room for one more.  If not, @t says why.
 */
bool translate_room(struct translation *t, void **array, u32 *room, u32 nr,
		    size_t size, u32 most);

/**
 * translate_check() - what the guest is told of an access that has failed
 * @t: the translation
 * @access: how it has ended, not GUEST_ACCESS_OK
 * @addr: absolute address in guest storage
 * @what: LOGOUT_*, as in &chanprog_failing.what
 * @check: filled in
 *
 * If the VM is gone, @t says so.
 */
void translate_check(struct translation *t, guest_access_t access, u64 addr,
		     u32 what, struct program_check *check);

/**
 * program_walk() - find all CCWs that can be reached
 * @t: the translation; &translation.source to &translation.parts are filled in
 *
 * What was found before is forgotten.
 *
 * Context: may sleep; may access guest storage.
 * Return: whether they were found.  If not, @t says why.
 */
bool program_walk(struct translation *t);

/**
 * program_find() - find a CCW
 * @t: the translation
 * @addr: its absolute address in guest storage
 * @turn: &program_ccw.turn
 *
 * Return: the CCW or NULL.
 */
struct program_ccw *program_find(const struct translation *t, u32 addr, u8 turn);

/**
 * program_areas() - find the areas of a CCW's data
 * @t: the translation
 * @ccw: the CCW; &program_ccw.moves says which way
 *
 * It fetches the IDAWs or MIDAWs.
 *
 * Context: may sleep; may access guest storage.
 * Return: whether they were found.  If not, @t says why.
 */
bool program_areas(struct translation *t, struct program_ccw *ccw);

/**
 * program_needs_parts() - may the program change itself?
 * @t: the translation, after program_walk()
 *
 * Context: may sleep.
 * Return: whether it has to be executed in parts.  It is false, too, if @t says why it
 * can't be translated.
 */
bool program_needs_parts(struct translation *t);

/**
 * program_changes() - may a command change what is behind it?
 * @t: the translation, after program_needs_parts()
 * @ccw: the CCW, which is executed
 *
 * Return: whether it may.  If it may change itself, @t says so.
 */
bool program_changes(struct translation *t, const struct program_ccw *ccw);

/**
 * program_parts_possible() - can the program be suspended where it has to be?
 * @t: the translation in parts, after program_walk()
 *
 * Return: whether it can.  If not, @t says why.
 */
bool program_parts_possible(struct translation *t);

/**
 * program_make() - pin the pages and make the host's program
 * @t: the translation, after program_walk()
 *
 * &translation.program is filled in, and owns the pages, the CCWs and the areas.
 *
 * Context: may sleep; may access guest storage.
 * Return: whether it was made.  If not, @t says why, and nothing is pinned.
 */
bool program_make(struct translation *t);

/**
 * program_executes() - is this a CCW that moves data or ends a command?
 * @ccw: the CCW, after program_walk()
 *
 * Return: false for a TIC, and for a CCW that is never executed in this
 * translation.
 */
static inline bool program_executes(const struct program_ccw *ccw)
{
	return ccw->found == FOUND_CCW && ccw->moves;
}

/**
 * program_is_search() - can a device present status modifier at the end?
 * @cmd: the command code
 *
 * The commands with which control units present it search for what the guest has in
 * storage: they are write commands with one of these modifier bits.
 *
 * Return: whether it can be such a command.
 */
static inline bool program_is_search(u8 cmd)
{
	return (cmd & 0x07) == 0x01 && cmd & 0x18;
}

/**
 * program_fetches() - does a CCW fetch data from storage?
 * @ccw: the CCW, which is executed
 *
 * Return: whether it does, for each of its areas.
 */
static inline bool program_fetches(const struct program_ccw *ccw)
{
	return ccw->moves & REACHED_FETCH && !ccw->nop;
}

/**
 * program_stores() - does a CCW store into an area?
 * @ccw: the CCW, which is executed
 * @area: one of its areas
 *
 * Return: whether it does.
 */
static inline bool program_stores(const struct program_ccw *ccw,
				  const struct program_area *area)
{
	return ccw->moves & (REACHED_STORE | REACHED_BACKWARD) &&
	       !(ccw->ccw.flags & CCW_SKIP) && !(area->midaw & MIDAW_SKIP);
}

/**
 * program_block_room() - how much there is up to the end of a block
 * @ccw: the CCW, which says whether data move backward
 * @addr: absolute address of the first byte
 * @block: the size of the block
 *
 * Return: in bytes, in the direction of the data.
 */
static inline u32 program_block_room(const struct program_ccw *ccw, u64 addr,
				     u32 block)
{
	u32 offset = addr & (block - 1);

	return ccw->moves & REACHED_BACKWARD ? offset + 1 : block - offset;
}

/**
 * program_area_room() - how many bytes an area can have
 * @t: the translation
 * @ccw: the CCW, which is executed
 * @area: one of its areas
 *
 * Return: in bytes; the count of the CCW may end before that.
 */
static inline u32 program_area_room(const struct translation *t,
				    const struct program_ccw *ccw,
				    const struct program_area *area)
{
	if (area->count)
		return area->count;
	return program_block_room(ccw, area->addr, idaw_block(t->flags));
}

/**
 * program_has_midaws() - has the CCW a list of MIDAWs in the host's program?
 * @ccw: the CCW, which is executed
 *
 * Return: whether it has, if it has a list at all.
 */
static inline bool program_has_midaws(const struct program_ccw *ccw)
{
	return ccw->ccw.flags & CCW_MIDA && !ccw->nop;
}

#endif /* _KVM_CSS_PASSTHROUGH_TRANSLATE_H */
