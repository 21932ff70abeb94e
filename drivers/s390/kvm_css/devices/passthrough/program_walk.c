// SPDX-License-Identifier: GPL-2.0
/*
 * Finding all CCWs of a program that can be reached.  "A program is translated one to
 * one" in Documentation/passthrough.rst.
 *
 * Each CCW is fetched once.  It may be reached in several ways: as a command, or by
 * data chaining of a command that moves data in this or that direction.  What follows
 * is found for each way.
 *
 * A status modifier may lead to the CCW behind the next one.  If nothing else leads
 * there, what is there is not part of the program most of the time, but whatever
 * the guest keeps behind its end.  So it is part of the translation only if
 * the command can be a search, or if the next CCW is a TIC, which is how a search is
 * repeated.  Otherwise it is an invalid CCW, which ends the program in unit
 * exception if a device leads there all the same.
 */
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include "translate.h"

static u32 hash(u32 addr)
{
	return addr / CCW_SIZE % CCW_HASH_SIZE;
}

struct program_ccw *program_find(const struct translation *t, u32 addr, u8 turn)
{
	u16 at = t->heads[hash(addr)];

	while (at != NO_CCW && (t->ccws[at].addr != addr ||
				t->ccws[at].turn != turn))
		at = t->ccws[at].chain;
	return at == NO_CCW ? NULL : &t->ccws[at];
}

/*
 * Copy what is at @addr, and with it what follows in the page.
 * Return: the copy, or NULL; then @check says why.
 */
static const u8 *copy(struct translation *t, u32 addr,
		      struct program_check *check)
{
	u32 len = min(TRANSLATE_AHEAD, GUEST_PAGE - addr % GUEST_PAGE);
	guest_access_t access;

	if (addr >= t->ahead_addr &&
	    addr + CCW_SIZE <= t->ahead_addr + t->ahead_len)
		return t->ahead + (addr - t->ahead_addr);
	t->ahead_len = 0;
	access = guest_storage_read(t->source->guest, addr, t->ahead, len,
				    t->key);
	if (access != GUEST_ACCESS_OK) {
		translate_check(t, access, addr, LOGOUT_CCW_CHECK, check);
		return NULL;
	}
	t->ahead_addr = addr;
	t->ahead_len = len;
	return t->ahead;
}

static void fetch(struct translation *t, struct program_ccw *ccw)
{
	const u8 *raw = NULL;

	if (ccw_address_valid(ccw->addr, t->flags))
		raw = copy(t, ccw->addr, &ccw->check);
	else
		ccw->check.cstat = CSTAT_PROGRAM_CHECK;
	ccw->found = raw ? FOUND_CCW : FOUND_NOTHING;
	if (raw)
		ccw_decode(&ccw->ccw, raw, t->flags);
}

/* Return: the CCW, or NULL if there are too many. */
static struct program_ccw *add(struct translation *t, u32 addr, u8 turn)
{
	struct program_ccw *ccw;

	if (!translate_room(t, (void **)&t->ccws, &t->room_ccws, t->nr_ccws,
			    sizeof(*ccw), PROGRAM_CCWS))
		return NULL;
	ccw = &t->ccws[t->nr_ccws];
	*ccw = (struct program_ccw){
		.addr = addr, .turn = turn, .found = FOUND_UNKNOWN,
		.chain = t->heads[hash(addr)],
	};
	t->heads[hash(addr)] = t->nr_ccws++;
	return ccw;
}

/* A CCW can be reached in these ways. */
static void reach(struct translation *t, u32 addr, u8 turn, u16 how)
{
	struct program_ccw *ccw = program_find(t, addr, turn) ?:
				  add(t, addr, turn);

	if (!ccw)
		return;
	if (ccw->found == FOUND_UNKNOWN)
		fetch(t, ccw);
	how &= ~ccw->reached;
	if (!how)
		return;
	ccw->reached |= how;
	if (!ccw->pending) {
		ccw->todo = t->todo;
		t->todo = ccw - t->ccws;
	}
	ccw->pending |= how;
}

/* The way data move in the command of a CCW */
static u16 command_moves(u8 cmd)
{
	if (ccw_is_backward(cmd))
		return REACHED_BACKWARD;
	return ccw_fetches_data(cmd) ? REACHED_FETCH : REACHED_STORE;
}

/* How the CCW is executed when it is reached so; 0 if it isn't, or is invalid. */
static u16 executed(const struct translation *t, const struct css_ccw *ccw,
		    u16 how)
{
	u16 moves = 0;

	/* When it is resumed, a suspended program fetches the CCW again. */
	if (how & REACHED_AS_COMMAND && !(ccw->flags & CCW_SUSPEND) &&
	    ccw_valid(ccw, t->flags, FETCH_COMMAND))
		moves |= command_moves(ccw->cmd);
	if (how & REACHED_BY_DATA && ccw_valid(ccw, t->flags, FETCH_DATA))
		moves |= (how | how >> REACHED_TIC_SHIFT) & MOVES;
	return moves;
}

static u8 behind_tic(const struct translation *t)
{
	return t->parts;
}

static void follow_tic(struct translation *t, const struct program_ccw *ccw,
		       u16 how)
{
	const u16 changing = how & REACHED_CHANGING;

	how &= REACHED_MAY_BE_TIC;
	if (how && ccw_tic_valid(&ccw->ccw, t->flags))
		reach(t, ccw->ccw.cda, behind_tic(t),
		      REACHED_BY_TIC(how) | changing);
}

/*
 * Read backward needs other lists than the commands that move data forward.  So a
 * CCW that is reached by both can't have one translation.
 */
static bool moves_agree(const struct program_ccw *ccw)
{
	const u8 moves = ccw->moves;

	if (!ccw->ccw.count)
		return true;
	/* Its areas were left out when it was reached as a command. */
	if (ccw->nop && ccw->reached & REACHED_BY_DATA)
		return false;
	if (moves & REACHED_BACKWARD && moves != REACHED_BACKWARD)
		return false;
	/* Whether the data of a MIDAW may cross a page depends on that. */
	return !(ccw->ccw.flags & CCW_MIDA) || !(moves & (moves - 1));
}

/*
 * The host is to suspend the program at this CCW, if it gets there, because it may be
 * changed until then.  Where no CCW can be fetched, there is nothing to change.
 */
static void suspend_at(struct translation *t, u32 addr, u8 turn)
{
	struct program_ccw *ccw;

	if (!ccw_address_valid(addr, t->flags)) {
		reach(t, addr, turn, REACHED_COMMAND);
		return;
	}
	ccw = program_find(t, addr, turn) ?: add(t, addr, turn);
	if (!ccw)
		return;
	ccw->found = FOUND_CHANGED;
	ccw->reached |= REACHED_COMMAND;
	if (ccw->reached & REACHED_BY_DATA)
		translate_cannot(t, "changes a CCW that is reached by data chaining");
}

/* Go on behind a CCW that is executed. */
static void follow_chain(struct translation *t, u16 at, u16 moves)
{
	const struct program_ccw *ccw = &t->ccws[at];
	const u32 addr = ccw->addr;
	const u8 turn = ccw->turn;

	if (ccw->ccw.flags & CCW_CD) {
		reach(t, addr + CCW_SIZE, turn, moves |
		      (ccw->changing ? REACHED_CHANGING : 0));
	} else if (ccw->ccw.flags & CCW_CC && !ccw->changing) {
		reach(t, addr + CCW_SIZE, turn, REACHED_COMMAND);
	} else if (ccw->ccw.flags & CCW_CC) {
		suspend_at(t, addr + CCW_SIZE, turn);
		suspend_at(t, addr + 2 * CCW_SIZE, turn);
	}
}

static void follow(struct translation *t, u16 at)
{
	struct program_ccw *ccw = &t->ccws[at];
	u16 how = ccw->pending, moves;

	ccw->pending = 0;
	if (ccw->found == FOUND_CHANGED && ccw->reached & REACHED_BY_DATA)
		translate_cannot(t, "changes a CCW that is reached by data chaining");
	if (ccw->found != FOUND_CCW)
		return;
	/* All that follows is to know it. */
	if (how & REACHED_CHANGING)
		how = ccw->reached;
	if (ccw_is_tic(&ccw->ccw)) {
		follow_tic(t, ccw, how);
		return;
	}
	moves = executed(t, &ccw->ccw, how);
	if (!moves)
		return;
	if (!ccw->moves) {
		ccw->modifier = t->modifier;
		t->modifier = at;
	}
	ccw->moves |= moves;
	if (!moves_agree(ccw)) {
		translate_cannot(t, "reaches a CCW in two ways, with other data");
		return;
	}
	if (!ccw->areas_known && !program_areas(t, ccw))
		return;
	/* Whatever is in front of it, what it changes itself must be possible. */
	if (t->parts && program_changes(t, ccw))
		ccw->changing = true;
	if (how & REACHED_CHANGING)
		ccw->changing = true;
	if (t->result == HOST_PROGRAM_OK)
		follow_chain(t, at, moves);
}

static bool follow_all(struct translation *t)
{
	u32 done = 0;
	u16 at;

	while (t->todo != NO_CCW && t->result == HOST_PROGRAM_OK) {
		at = t->todo;
		t->todo = t->ccws[at].todo;
		follow(t, at);
		if (++done % 64)
			continue;
		cond_resched();
		if (fatal_signal_pending(current))
			t->result = HOST_PROGRAM_RETRY;
	}
	return t->result == HOST_PROGRAM_OK;
}

/*
 * Find out what a status modifier may lead to after this CCW.  What else is reached
 * is known by then.
 */
static void follow_modifier(struct translation *t, const struct program_ccw *ccw)
{
	const u32 to = ccw->addr + 2 * CCW_SIZE;
	const struct program_ccw *next;
	const u8 turn = ccw->turn;

	if ((ccw->ccw.flags & (CCW_CD | CCW_CC)) != CCW_CC)
		return;
	if (program_find(t, to, turn)) {
		reach(t, to, turn, REACHED_COMMAND);
		return;
	}
	next = program_find(t, ccw->addr + CCW_SIZE, turn);
	if (t->follow && (program_is_search(ccw->ccw.cmd) ||
			  (next->found == FOUND_CCW && ccw_is_tic(&next->ccw)))) {
		t->guessed = true;
		reach(t, to, turn, REACHED_COMMAND);
	} else {
		add(t, to, turn);
	}
}

bool program_walk(struct translation *t)
{
	const struct host_program_source *source = t->source;
	u16 at;

	t->nr_ccws = 0;
	t->nr_areas = 0;
	t->ahead_len = 0;
	memset(t->heads, 0xff, sizeof(t->heads));
	t->todo = NO_CCW;
	t->modifier = NO_CCW;
	reach(t, source->ccw, 0,
	      source->chained ? REACHED_COMMAND : REACHED_FIRST);
	while (follow_all(t) && t->modifier != NO_CCW) {
		at = t->modifier;
		t->modifier = t->ccws[at].modifier;
		follow_modifier(t, &t->ccws[at]);
	}
	return t->result == HOST_PROGRAM_OK;
}
