// SPDX-License-Identifier: GPL-2.0
/*
 * Translations of channel programs: how they are made and freed, and how addresses are
 * translated back.
 */
#include <linux/align.h>
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <linux/string.h>

#include "translate.h"

bool translate_cannot(struct translation *t, const char *why)
{
	if (t->result == HOST_PROGRAM_OK) {
		t->result = HOST_PROGRAM_CANNOT;
		t->why = why;
	}
	return false;
}

bool translate_room(struct translation *t, void **array, u32 *room, u32 nr,
		    size_t size, u32 most)
{
	u32 more = min(2 * *room, most);
	void *copy;

	if (nr < *room)
		return true;
	if (nr >= most)
		return translate_cannot(t, "is larger than a program may be");
	copy = guest_buffer_alloc(t->source->guest, more * size);
	if (!copy) {
		t->result = HOST_PROGRAM_RETRY;
		return false;
	}
	memcpy(copy, *array, nr * size);
	if (*room > PROGRAM_FEW)
		guest_buffer_free(*array);
	*array = copy;
	*room = more;
	return true;
}

void translate_check(struct translation *t, guest_access_t access, u64 addr,
		     u32 what, struct program_check *check)
{
	const u32 control = LOGOUT_CCW_CHECK | LOGOUT_IDAW_CHECK;

	switch ((__force u32)access) {
	case (__force u32)GUEST_ACCESS_ADDRESSING:
		check->cstat = CSTAT_PROGRAM_CHECK;
		break;
	case (__force u32)GUEST_ACCESS_PROTECTION:
		check->cstat = CSTAT_PROTECTION_CHECK;
		break;
	case (__force u32)GUEST_ACCESS_GONE:
		t->result = HOST_PROGRAM_GONE;
		break;
	default:
		check->cstat = what & control ? CSTAT_CHANNEL_CONTROL :
						CSTAT_CHANNEL_DATA;
		check->failing.address = addr;
		check->failing.what = what;
		break;
	}
}

static void use_few(struct translation *t)
{
	t->ccws = t->program->few_ccws;
	t->room_ccws = PROGRAM_FEW;
	t->areas = t->program->few_areas;
	t->room_areas = PROGRAM_FEW;
	t->pages = t->program->few_pages;
	t->room_pages = PROGRAM_FEW;
	t->ranges = t->few_ranges;
	t->room_ranges = PROGRAM_FEW;
}

static void begin(struct translation *t, const struct host_program_source *source,
		  bool follow, struct host_program *program)
{
	const struct chanprog_limit *limit = &source->limit;

	memset(t, 0, offsetof(struct translation, few_ranges));
	t->source = source;
	t->program = program;
	use_few(t);
	t->flags = be32_to_cpu(source->orb.flags);
	t->key = t->flags >> ORB_KEY_SHIFT;
	t->limit_high = U64_MAX;
	t->follow = follow;
	if (!(t->flags & ORB_ADDRESS_LIMIT))
		return;
	if (limit->mode == PMCW_LIMIT_LOW)
		t->limit_low = limit->address;
	else if (limit->mode == PMCW_LIMIT_HIGH)
		t->limit_high = limit->address;
}

/* Free an array that has become too large for what there is room for. */
static void free_array(void *array, const void *few)
{
	if (array != few)
		guest_buffer_free(array);
}

static void end(struct translation *t)
{
	free_array(t->ccws, t->program->few_ccws);
	free_array(t->areas, t->program->few_areas);
	free_array(t->pages, t->program->few_pages);
	free_array(t->ranges, t->few_ranges);
}

/* Find all of the program.  If it changes itself, find it again up to there. */
static bool walk(struct translation *t)
{
	if (!program_walk(t))
		return false;
	if (!program_needs_parts(t))
		return t->result == HOST_PROGRAM_OK;
	t->parts = true;
	return program_walk(t) && program_parts_possible(t);
}

static void translate(struct translation *t,
		      const struct host_program_source *source, bool follow,
		      struct host_program *program)
{
	begin(t, source, follow, program);
	if (walk(t))
		program_make(t);
	end(t);
}

enum host_program_result host_program_new(const struct host_program_source *source,
					  struct host_program **program,
					  const char **why)
{
	struct translation *t = translate_begin(source->spare);
	struct host_program *made = program_take(source->spare);
	enum host_program_result result = HOST_PROGRAM_RETRY;

	if (t && made) {
		translate(t, source, true, made);
		/* Perhaps it is only what isn't part of the program at all. */
		if (t->result == HOST_PROGRAM_CANNOT && t->guessed)
			translate(t, source, false, made);
		result = t->result;
		*why = t->why;
	}
	translate_end(source->spare, t);
	if (result == HOST_PROGRAM_OK)
		*program = made;
	else
		program_put(made);
	return result;
}

void host_program_free(struct host_program *program, bool stored)
{
	if (!program)
		return;
	if (program->nr_pages)
		guest_unpin(program->guest, program->pages, program->nr_pages,
			    stored);
	free_array(program->ccws, program->few_ccws);
	free_array(program->areas, program->few_areas);
	free_array(program->pages, program->few_pages);
	program_put(program);
}

void host_program_orb(const struct host_program *program, struct css_orb *orb)
{
	*orb = (struct css_orb){
		.flags = cpu_to_be32(program->orb),
		.cpa = cpu_to_be32(program->first),
	};
}

/* The CCW whose translation is at @addr; NULL if there is none */
static const struct program_ccw *at_host(const struct host_program *program,
					 u32 addr)
{
	u32 low = 0, high = program->nr_ccws, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (program->ccws[middle].host < addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low < program->nr_ccws && program->ccws[low].host == addr ?
			&program->ccws[low] : NULL;
}

bool host_program_patch(struct host_program *program, u32 addr,
			const struct host_program *next)
{
	const struct css_ccw1 tic = {
		.cmd = CCW_CMD_TIC, .cda = cpu_to_be32(next->first),
	};
	u64 word, *at;

	if (!at_host(program, addr))
		return false;
	memcpy(&word, &tic, sizeof(word));
	at = (u64 *)(program->memory.bytes + (addr - program->memory.addr));
	WRITE_ONCE(*at, word);
	return true;
}

bool host_program_place(const struct host_program *program, u32 addr,
			struct host_program_place *place)
{
	const struct program_ccw *ccw = at_host(program, addr - CCW_SIZE);

	if (ccw) {
		place->ccw = ccw_behind(ccw->addr);
		place->part = ccw->found == FOUND_CHANGED;
		return true;
	}
	ccw = at_host(program, addr);
	if (!ccw)
		return false;
	place->ccw = ccw->addr;
	place->part = false;
	return true;
}

u8 host_program_check(const struct host_program *program, u32 addr,
		      struct chanprog_failing *failing)
{
	const struct program_ccw *ccw = at_host(program, addr - CCW_SIZE);

	if (ccw && ccw->found == FOUND_UNKNOWN)
		return 0;
	if (!ccw || !ccw->check.cstat)
		return CSTAT_PROGRAM_CHECK;
	*failing = ccw->check.failing;
	return ccw->check.cstat;
}

static bool in_pages(const struct host_program *program, u64 addr, u64 *guest)
{
	const struct guest_page *page = program->pages;
	const struct guest_page *end = page + program->nr_pages;

	for (; page < end; page++) {
		if (!page->addr || page->addr != addr - addr % GUEST_PAGE)
			continue;
		*guest = page->guest + addr % GUEST_PAGE;
		return true;
	}
	return false;
}

/* The address of an entry of the guest's list, or of what the entry names */
static u64 entry_address(const struct host_program *program,
			 const struct program_ccw *ccw, u32 entry)
{
	if (ccw->nop)
		return ccw->ccw.cda;
	if (ccw->ccw.flags & CCW_MIDA)
		return ccw->ccw.cda + entry * sizeof(struct css_midaw);
	if (ccw->ccw.flags & CCW_IDA)
		return ccw->ccw.cda + entry * idaw_size(program->flags);
	return program->areas[ccw->first_area + entry].addr;
}

static bool in_lists(const struct host_program *program, u64 addr, u64 *guest)
{
	const struct program_ccw *ccw = program->ccws;
	const struct program_ccw *end = ccw + program->nr_ccws;
	u32 size;

	for (; ccw < end; ccw++) {
		size = program_has_midaws(ccw) ? sizeof(struct css_midaw) :
						 sizeof(__be64);
		if (!program_executes(ccw) || addr < ccw->list ||
		    addr >= ccw->list + ccw->areas * size)
			continue;
		*guest = entry_address(program, ccw,
				       (u32)(addr - ccw->list) / size);
		return true;
	}
	return false;
}

bool host_program_storage(const struct host_program *program, u64 addr,
			  u64 *guest)
{
	const struct program_ccw *ccw;

	if (in_pages(program, addr, guest))
		return true;
	if (addr > CCW1_ADDRESS)
		return false;
	ccw = at_host(program, ALIGN_DOWN(addr, CCW_SIZE));
	if (!ccw)
		return in_lists(program, addr, guest);
	*guest = ccw->addr + addr % CCW_SIZE;
	return true;
}
