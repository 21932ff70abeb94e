// SPDX-License-Identifier: GPL-2.0
/* Executing translated channel programs, see translated.h */
#include <linux/string.h>

#include <kvm_css/ccw.h>

#include "expect.h"
#include "fake_host_memory.h"
#include "translated.h"

/* Translate what begins at @ccw.  Return: the translation, or NULL. */
static struct host_program *make(struct translated *t, u32 ccw, bool chained)
{
	struct host_program *program = NULL;

	t->source.ccw = ccw;
	t->source.chained = chained;
	t->result = host_program_new(&t->source, &program, &t->why);
	if (t->result != HOST_PROGRAM_OK)
		return NULL;
	t->parts++;
	return program;
}

bool translated_begin(struct translated *t, struct chanprog *cp,
		      const struct css_orb *orb,
		      const struct chanprog_limit *limit)
{
	struct css_orb host_orb;

	*t = (struct translated){ .spare = t->spare };
	t->source.guest = cp->guest;
	t->source.spare = t->spare;
	t->source.orb = *orb;
	t->source.limit = *limit;
	t->program = make(t, be32_to_cpu(orb->cpa), false);
	if (!t->program)
		return false;
	fake_host_init(&t->host, cp->guest);
	host_program_orb(t->program, &host_orb);
	KUNIT_EXPECT_TRUE(t->host.test, chanprog_orb_valid(&host_orb));
	cp->guest = &t->host;
	chanprog_init(cp, &host_orb, &(struct chanprog_limit){});
	return true;
}

/* Where the program is suspended, for the host and for the guest */
static void position(struct translated *t, const struct chanprog *cp,
		     u32 *host, struct host_program_place *place)
{
	struct chanprog_ending ending;

	chanprog_position(cp, &ending);
	*host = ending.cpa - CCW_SIZE;
	if (!host_program_place(t->program, ending.cpa, place))
		KUNIT_FAIL(t->host.test, "suspended at %x, which is nowhere",
			   ending.cpa);
}

/* Go on in another translation. */
static bool go_on(struct translated *t, struct chanprog *cp, u32 host,
		  const struct host_program_place *place)
{
	struct host_program *next = make(t, ccw_before(place->ccw), true);

	if (!next)
		return false;
	KUNIT_EXPECT_TRUE(t->host.test,
			  host_program_patch(t->program, host, next));
	chanprog_resume(cp);
	/*
	 * The host fetches the TIC, and after that nothing of the old one.  As the
	 * interpreter fetches it when it runs, the old one is freed later.
	 */
	host_program_free(t->old, true);
	t->old = t->program;
	t->program = next;
	return true;
}

bool translated_goes_on(struct translated *t, struct chanprog *cp)
{
	struct host_program_place place;
	u32 host;

	position(t, cp, &host, &place);
	return place.part && go_on(t, cp, host, &place);
}

bool translated_resume(struct translated *t, struct chanprog *cp)
{
	struct host_program_place place;
	u32 host;

	position(t, cp, &host, &place);
	KUNIT_EXPECT_FALSE(t->host.test, place.part);
	return go_on(t, cp, host, &place);
}

/* Turn a program check of the host's into what it stands for. */
static void turn_check(struct translated *t, const struct chanprog *cp)
{
	u8 check;

	/* There is no such storage, so nothing but a program check can be. */
	KUNIT_EXPECT_FALSE(t->host.test, cp->ending.cstat &
			   (CSTAT_PROTECTION_CHECK | CSTAT_CHANNEL_CONTROL |
			    CSTAT_CHANNEL_DATA));
	if (!(cp->ending.cstat & CSTAT_PROGRAM_CHECK))
		return;
	check = host_program_check(t->program, cp->ending.cpa, &t->failing);
	t->ending.cstat &= ~CSTAT_PROGRAM_CHECK;
	t->ending.cstat |= check;
	if (check)
		return;
	t->result = HOST_PROGRAM_CANNOT;
	t->why = "has a status modifier that leads behind its end";
}

void translated_end(struct translated *t, struct chanprog *cp,
		    enum chanprog_state state)
{
	struct host_program_place place = {};

	t->ending = cp->ending;
	if (state == CHANPROG_SUSPENDED)
		chanprog_position(cp, &t->ending);
	if (state == CHANPROG_STOPPED)
		chanprog_executed(cp, &t->ending);
	if (!host_program_place(t->program, t->ending.cpa, &place) &&
	    !(t->old && host_program_place(t->old, t->ending.cpa, &place)) &&
	    t->ending.cpa)
		KUNIT_FAIL(t->host.test, "ended at %x, which is nowhere",
			   t->ending.cpa);
	t->ending.cpa = place.ccw;
	if (state == CHANPROG_ENDED)
		turn_check(t, cp);
	host_program_free(t->old, true);
	host_program_free(t->program, true);
	t->old = NULL;
	t->program = NULL;
	cp->guest = t->source.guest;
}
