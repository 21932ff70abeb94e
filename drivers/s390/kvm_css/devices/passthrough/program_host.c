// SPDX-License-Identifier: GPL-2.0
/*
 * Making the host's program: pages are pinned, and CCWs and lists are written into memory
 * that the guest can't reach.
 *
 * Where the guest's program would meet a check, the host's has an entry at which the
 * host's channel subsystem recognizes a program check: a CCW or an entry of a list
 * that is invalid, or the address of storage that no channel subsystem has.
 *
 * Layout of the memory: the CCWs, with room for one behind each piece; the page for
 * skipped data, if there are any; the lists.
 */
#include <linux/align.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "translate.h"

/* What host_memory_alloc() can give */
#define MEMORY_MOST	(512u << 10)

/* How the memory is used, and what the program needs of the host */
struct layout {
	u32 ccws;		/* bytes of CCWs */
	u32 lists;		/* bytes of lists, and of the page for skipping */
	u32 align;		/* of the lists */
	u32 list_base;		/* where they are, in the memory */
	bool skips;
	bool midaws;
	bool suspends;
};

/* The order of the CCWs */

static int compare(const void *a, const void *b)
{
	const struct program_ccw *x = a, *y = b;

	if (x->turn != y->turn)
		return x->turn < y->turn ? -1 : 1;
	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

static void put_in_order(struct translation *t)
{
	u32 i;

	for (i = 1; i < t->nr_ccws; i++)
		if (compare(&t->ccws[i - 1], &t->ccws[i]) > 0)
			break;
	if (i < t->nr_ccws)
		sort(t->ccws, t->nr_ccws, sizeof(*t->ccws), compare, NULL);
}

static struct program_ccw *find_ordered(const struct translation *t, u32 addr,
					u8 turn)
{
	const struct program_ccw key = { .addr = addr, .turn = turn };
	u32 low = 0, high = t->nr_ccws, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (compare(&t->ccws[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < t->nr_ccws && !compare(&t->ccws[low], &key) ?
			&t->ccws[low] : NULL;
}

/* Pages */

static bool accesses(const struct program_ccw *ccw,
		     const struct program_area *area)
{
	return program_fetches(ccw) || program_stores(ccw, area);
}

static struct guest_page *take_page(struct translation *t, u64 addr, bool store)
{
	struct guest_page *page = t->pages + t->nr_pages;

	/*
	 * Areas in one page often follow each other.  A page that can't be stored
	 * into can perhaps be fetched from.
	 */
	if (t->nr_pages && page[-1].guest == addr && page[-1].store == store)
		return page - 1;
	if (!translate_room(t, (void **)&t->pages, &t->room_pages, t->nr_pages,
			    sizeof(*page), PROGRAM_PAGES))
		return NULL;
	page = &t->pages[t->nr_pages++];
	*page = (struct guest_page){ .guest = addr, .store = store };
	return page;
}

/* Choose the pages of a CCW's data, up to the first area that can't be used. */
static void choose_pages(struct translation *t, const struct program_ccw *ccw)
{
	struct program_area *area = &t->areas[ccw->first_area];
	const struct program_area *end = area + ccw->areas;
	const struct guest_page *page;

	for (; area < end; area++) {
		if (area->flags & AREA_INVALID)
			return;
		if (!accesses(ccw, area))
			continue;
		if (area->flags & AREA_BEYOND)
			return;
		page = take_page(t, ALIGN_DOWN(area->addr, GUEST_PAGE),
				 program_stores(ccw, area));
		if (!page)
			return;
		area->page = page - t->pages;
	}
}

static bool pin(struct translation *t)
{
	u32 i;

	for (i = 0; i < t->nr_ccws && t->result == HOST_PROGRAM_OK; i++)
		if (program_executes(&t->ccws[i]))
			choose_pages(t, &t->ccws[i]);
	if (t->result != HOST_PROGRAM_OK || !t->nr_pages)
		return t->result == HOST_PROGRAM_OK;
	switch (guest_pin(t->source->guest, t->pages, t->nr_pages, t->key)) {
	case GUEST_PINNED:
		return true;
	case GUEST_PIN_LIMIT:
		translate_cannot(t, "needs more locked memory than the process may have");
		break;
	case GUEST_PIN_GONE:
		t->result = HOST_PROGRAM_GONE;
		break;
	default:
		t->result = HOST_PROGRAM_RETRY;
		break;
	}
	t->nr_pages = 0;
	return false;
}

/* "Storage-Access Code" of the subchannel logout */
static u32 storage_access_code(const struct program_ccw *ccw)
{
	if (ccw->moves & REACHED_BACKWARD)
		return LOGOUT_READ_BACKWARD;
	return program_fetches(ccw) ? LOGOUT_WRITE : LOGOUT_READ;
}

/* Can this area be used?  If not, @ccw->check says what the guest is told. */
static bool usable(struct translation *t, struct program_ccw *ccw,
		   const struct program_area *area)
{
	const struct guest_page *page;

	if (area->flags & AREA_INVALID)
		return false;
	if (!accesses(ccw, area))
		return true;
	if (area->flags & AREA_BEYOND) {
		ccw->check = (struct program_check){ CSTAT_PROGRAM_CHECK };
		return false;
	}
	page = &t->pages[area->page];
	if (page->access == GUEST_ACCESS_OK)
		return true;
	ccw->check = (struct program_check){};
	translate_check(t, page->access, area->addr, storage_access_code(ccw),
			&ccw->check);
	/*
	 * Perhaps the page may be fetched from, but not stored into; and the
	 * logout says which it was.
	 */
	if (page->access != GUEST_ACCESS_ADDRESSING && program_fetches(ccw) &&
	    program_stores(ccw, area))
		translate_cannot(t, "reaches a CCW in two ways, one with a check");
	return false;
}

/* Drop the areas that nothing comes to. */
static void cut_areas(struct translation *t, struct program_ccw *ccw)
{
	u32 i;

	for (i = 0; i < ccw->areas; i++)
		if (!usable(t, ccw, &t->areas[ccw->first_area + i]))
			break;
	if (i == ccw->areas)
		return;
	ccw->areas = i + 1;
	/* The host recognizes another check if it is reached as a command. */
	if (ccw->check.cstat != CSTAT_PROGRAM_CHECK &&
	    ccw->reached & REACHED_AS_COMMAND &&
	    !ccw_valid(&ccw->ccw, t->flags, FETCH_COMMAND))
		translate_cannot(t, "reaches a CCW in two ways, with different checks");
}

/* Layout */

static u32 entry_size(const struct program_ccw *ccw)
{
	return program_has_midaws(ccw) ? sizeof(struct css_midaw) :
					 sizeof(__be64);
}

static void lay_out_list(struct translation *t, struct program_ccw *ccw,
			 struct layout *layout)
{
	const u32 size = entry_size(ccw), len = ccw->areas * size;
	u32 i, room;

	for (i = 0; i < ccw->areas; i++)
		if (!accesses(ccw, &t->areas[ccw->first_area + i]))
			layout->skips = true;
	layout->lists = ALIGN(layout->lists, size);
	if (program_has_midaws(ccw)) {
		layout->midaws = true;
		/* A list lies in one page, but for an invalid MIDAW behind it. */
		room = GUEST_PAGE - layout->lists % GUEST_PAGE;
		if (len > room)
			layout->lists += room;
	}
	ccw->list = layout->lists;
	layout->lists += len;
}

static bool has_list(const struct program_ccw *ccw)
{
	return program_executes(ccw) && ccw->areas;
}

/* Say where everything will be.  Return: whether there is so much room. */
static bool lay_out(struct translation *t, struct layout *layout)
{
	struct program_ccw *ccw = t->ccws, *end = ccw + t->nr_ccws;

	*layout = (struct layout){};
	for (; ccw < end; ccw++) {
		if (ccw > t->ccws && (ccw->turn != ccw[-1].turn ||
				      ccw->addr != ccw[-1].addr + CCW_SIZE))
			layout->ccws += CCW_SIZE;
		ccw->host = layout->ccws;
		layout->ccws += CCW_SIZE;
		if (ccw->found == FOUND_CHANGED)
			layout->suspends = true;
		if (!program_executes(ccw))
			continue;
		cut_areas(t, ccw);
		if (has_list(ccw))
			lay_out_list(t, ccw, layout);
	}
	layout->ccws += CCW_SIZE;
	layout->align = layout->midaws || layout->skips ? GUEST_PAGE : CCW_SIZE;
	if (layout->skips)
		layout->lists += GUEST_PAGE;
	if (t->result == HOST_PROGRAM_OK &&
	    layout->ccws + layout->align + layout->lists > MEMORY_MOST)
		translate_cannot(t, "has more IDAWs and MIDAWs than a program may have");
	return t->result == HOST_PROGRAM_OK;
}

/* Turn offsets in the memory into addresses. */
static void place(struct translation *t, struct layout *layout,
		  const struct host_memory *memory)
{
	u32 i, lists = ALIGN(memory->addr + layout->ccws, layout->align);

	layout->list_base = lists - memory->addr;
	for (i = 0; i < t->nr_ccws; i++) {
		t->ccws[i].host += memory->addr;
		t->ccws[i].list += lists + (layout->skips ? GUEST_PAGE : 0);
	}
}

/* Lists */

/* What the host uses in place of the address of an area */
static u64 host_address(const struct translation *t,
			const struct program_ccw *ccw,
			const struct program_area *area, u64 skipped)
{
	const u32 offset = area->addr % GUEST_PAGE;

	if (!accesses(ccw, area)) {
		/* Nothing is stored.  Only the data of MIDAWs cross a page. */
		if (area->count > GUEST_PAGE - offset)
			return HOST_NOWHERE + offset;
		return skipped + offset;
	}
	if (area->page == NO_PAGE || !t->pages[area->page].addr)
		return HOST_NOWHERE + offset;
	return t->pages[area->page].addr + offset;
}

static void write_midaw(u8 *to, const struct program_area *area, u64 addr)
{
	struct css_midaw *midaw = (struct css_midaw *)to;

	midaw->addr = cpu_to_be64(addr);
	if (area->flags & AREA_INVALID) {
		memset(midaw->zeros, 0xff, sizeof(midaw->zeros));
		midaw->flags = 0xff;
		return;
	}
	midaw->flags = area->midaw;
	midaw->count = cpu_to_be16(area->count);
}

static void write_list(const struct translation *t,
		       const struct program_ccw *ccw, u8 *to, u64 skipped)
{
	const struct program_area *area = &t->areas[ccw->first_area];
	u32 i;
	u64 addr;

	for (i = 0; i < ccw->areas; i++, area++, to += entry_size(ccw)) {
		/* Neither the first byte of a block nor the last one */
		if (area->flags & AREA_INVALID)
			addr = HOST_NOWHERE + CCW_SIZE;
		else
			addr = host_address(t, ccw, area, skipped);
		if (program_has_midaws(ccw))
			write_midaw(to, area, addr);
		else
			*(__be64 *)to = cpu_to_be64(addr);
	}
}

/* CCWs */

static void write_ccw(u8 *to, u8 cmd, u8 flags, u16 count, u32 cda)
{
	*(struct css_ccw1 *)to = (struct css_ccw1){
		.cmd = cmd, .flags = flags,
		.count = cpu_to_be16(count), .cda = cpu_to_be32(cda),
	};
}

/* This is invalid however it is reached. */
static void write_invalid(u8 *to)
{
	write_ccw(to, 0, 0, 0, CCW_CDA_ZERO);
}

/*
 * The host suspends the program here.  It doesn't execute this, but a TIC that
 * replaces it.  The status of the suspension shows the count.
 */
static void write_suspend(u8 *to, u16 count)
{
	write_ccw(to, CCW_CMD_NOP, CCW_CC | CCW_SLI | CCW_SUSPEND, count, 0);
}

/*
 * Does the TIC lead to a CCW?  If not, the check is that of the TIC, or of a TIC to
 * which it leads.
 */
static struct program_ccw *tic_target(const struct translation *t,
				      struct program_ccw *tic)
{
	struct program_ccw *to;

	if (!(tic->reached & REACHED_MAY_BE_TIC) ||
	    !ccw_tic_valid(&tic->ccw, t->flags))
		return NULL;
	to = find_ordered(t, tic->ccw.cda, t->parts);
	if (to->found != FOUND_NOTHING)
		return to;
	tic->check = to->check;
	return NULL;
}

static void write_tic(const struct translation *t, struct program_ccw *ccw,
		      u8 *to)
{
	const struct program_ccw *target = tic_target(t, ccw);

	if (target)
		write_ccw(to, CCW_CMD_TIC, 0, 0, target->host);
	else
		write_invalid(to);
}

/* The guest itself suspends the program here. */
static bool suspended(const struct translation *t, const struct program_ccw *ccw)
{
	return ccw->ccw.flags & CCW_SUSPEND &&
	       ccw->reached & REACHED_AS_COMMAND &&
	       ccw_valid(&ccw->ccw, t->flags, FETCH_COMMAND);
}

static void write_command(const struct translation *t,
			  const struct program_ccw *ccw, u8 *to)
{
	u8 flags = ccw->ccw.flags & ~(CCW_IDA | CCW_MIDA);

	if (ccw->areas) {
		flags |= program_has_midaws(ccw) ? CCW_MIDA : CCW_IDA;
		/*
		 * The first IDAW can't be made invalid by its address, if the
		 * address isn't used.
		 */
		if (t->areas[ccw->first_area].flags & AREA_INVALID)
			flags &= ~CCW_SKIP;
	}
	write_ccw(to, ccw->ccw.cmd, flags, ccw->ccw.count,
		  ccw->areas ? ccw->list : 0);
}

static void write_one(const struct translation *t, struct program_ccw *ccw,
		      u8 *to)
{
	if (ccw->found == FOUND_CHANGED)
		write_suspend(to, 1);
	else if (ccw->found != FOUND_CCW)
		write_invalid(to);
	else if (ccw_is_tic(&ccw->ccw))
		write_tic(t, ccw, to);
	else if (suspended(t, ccw))
		write_suspend(to, ccw->ccw.count);
	else if (ccw->moves)
		write_command(t, ccw, to);
	else
		write_invalid(to);
}

static void write_program(const struct translation *t,
			  const struct layout *layout,
			  const struct host_memory *memory)
{
	struct program_ccw *ccw = t->ccws, *end = ccw + t->nr_ccws;
	u64 skipped = memory->addr + layout->list_base;

	for (; ccw < end; ccw++) {
		write_one(t, ccw, memory->bytes + (ccw->host - memory->addr));
		if (has_list(ccw))
			write_list(t, ccw,
				   memory->bytes + (ccw->list - memory->addr),
				   skipped);
	}
}

/* The ORB */

static u32 host_orb(const struct translation *t, const struct layout *layout)
{
	const u32 kept = ORB_STREAMING | ORB_MODIFICATION | ORB_SYNC |
			 ORB_INITIAL_STATUS | ORB_SUSPEND | ORB_ILS |
			 ORB_PREFETCH;
	u32 orb = (t->flags & kept) | ORB_FORMAT | ORB_IDAW_FORMAT2;

	if (layout->suspends)
		orb |= ORB_SUSPEND;
	if (!(t->flags & ORB_FORMAT))
		orb |= ORB_ILS;
	if (idaw_block(t->flags) == 2048)
		orb |= ORB_IDAW_2K;
	/* Another translation, with MIDAWs, may follow after a suspension. */
	if (layout->midaws || orb & ORB_SUSPEND)
		orb |= t->flags & ORB_MIDAW;
	/* One path of the guest's stands for all of the host's. */
	if (t->flags & (0x80 << ORB_LPM_SHIFT))
		orb |= ORB_LPM;
	return orb;
}

/*
 * Where the program begins.  A suspended program goes on by a TIC, which can't lead to
 * another one: so if it goes on with a TIC of the guest's, it goes on behind that.
 */
static u32 first_ccw(const struct translation *t)
{
	struct program_ccw *ccw = find_ordered(t, t->source->ccw, 0);
	struct program_ccw *target = NULL;

	if (t->source->chained && ccw->found == FOUND_CCW &&
	    ccw_is_tic(&ccw->ccw))
		target = tic_target(t, ccw);
	return target ? target->host : ccw->host;
}

static void hand_over(struct translation *t, const struct layout *layout)
{
	struct host_program *program = t->program;

	program->guest = t->source->guest;
	program->flags = t->flags;
	program->orb = host_orb(t, layout);
	program->first = first_ccw(t);
	program->ccws = t->ccws;
	program->nr_ccws = t->nr_ccws;
	program->areas = t->areas;
	program->pages = t->pages;
	program->nr_pages = t->nr_pages;
	t->ccws = NULL;
	t->areas = NULL;
	t->pages = NULL;
}

bool program_make(struct translation *t)
{
	struct host_program *program = t->program;
	struct layout layout;

	put_in_order(t);
	if (!pin(t))
		return false;
	if (!lay_out(t, &layout))
		goto unpin;
	if (!program_memory(program,
			    layout.ccws + layout.align + layout.lists)) {
		t->result = HOST_PROGRAM_RETRY;
		goto unpin;
	}
	place(t, &layout, &program->memory);
	write_program(t, &layout, &program->memory);
	hand_over(t, &layout);
	return true;
unpin:
	if (t->nr_pages)
		guest_unpin(t->source->guest, t->pages, t->nr_pages, false);
	return false;
}
