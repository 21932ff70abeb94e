// SPDX-License-Identifier: GPL-2.0
/*
 * Channel reports.  A machine check tells the guest that reports are pending.
 * The guest then executes STORE CHANNEL REPORT WORD until no word is left.
 *
 * Locking: crws->lock protects the queue and is the innermost lock of the core.
 * It is a mutex because guest_report(), which makes the machine check pending,
 * allocates memory and is called under it.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include <kvm_css/crw.h>
#include <kvm_css/guest.h>
#include <kvm_css/layout.h>

void crw_init(struct crw_queue *crws, struct guest *guest)
{
	memset(crws, 0, sizeof(*crws));
	crws->guest = guest;
	mutex_init(&crws->lock);
}

static void push(struct crw_queue *crws, u32 word)
{
	crws->words[(crws->first + crws->nr++) % CRW_PENDING] = word;
}

/*
 * Make a machine check pending if there are words in the queue.  A guest that
 * has been told already, and has not found the queue empty since, needs no
 * other machine check: it will find the new words, too.
 */
static void tell(struct crw_queue *crws)
{
	if (crws->nr && !crws->told)
		crws->told = !guest_report(crws->guest);
}

bool crw_report(struct crw_queue *crws, const u32 *words, unsigned int nr)
{
	unsigned int i;
	bool told;

	mutex_lock(&crws->lock);
	if (crws->nr + nr > CRW_PENDING) {
		/*
		 * Overflow makes the guest look at all subchannels and paths.
		 */
		crws->words[(crws->first + crws->nr - 1) % CRW_PENDING] |=
			CRW_OVERFLOW;
		nr = 0;
	}
	for (i = 0; i < nr; i++)
		push(crws, words[i] | (i + 1 < nr ? CRW_CHAINED : 0));
	tell(crws);
	told = crws->told;
	mutex_unlock(&crws->lock);
	return told;
}

bool crw_retry(struct crw_queue *crws)
{
	bool done;

	mutex_lock(&crws->lock);
	tell(crws);
	done = crws->told || !crws->nr;
	mutex_unlock(&crws->lock);
	return done;
}

bool crw_peek_or_rearm(struct crw_queue *crws, u32 *word)
{
	bool pending;

	mutex_lock(&crws->lock);
	pending = crws->nr;
	*word = pending ? crws->words[crws->first] : 0;
	if (!pending)
		crws->told = false;
	mutex_unlock(&crws->lock);
	return pending;
}

bool crw_take(struct crw_queue *crws, u32 word)
{
	bool taken = false;

	mutex_lock(&crws->lock);
	if (crws->nr && crws->words[crws->first] == word) {
		crws->first = (crws->first + 1) % CRW_PENDING;
		crws->nr--;
		taken = true;
	}
	mutex_unlock(&crws->lock);
	return taken;
}

unsigned int crw_save(struct crw_queue *crws, u32 *words, bool *told)
{
	unsigned int i, nr;

	mutex_lock(&crws->lock);
	nr = crws->nr;
	for (i = 0; i < nr; i++)
		words[i] = crws->words[(crws->first + i) % CRW_PENDING];
	*told = crws->told;
	mutex_unlock(&crws->lock);
	return nr;
}

bool crw_saved_valid(const u32 *words, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (words[i] & CRW_ZEROS || !(words[i] & CRW_RSC))
			return false;
	}
	/* No word follows the last one, so it can't be chained. */
	return !nr || !(words[nr - 1] & CRW_CHAINED);
}

bool crw_restore(struct crw_queue *crws, const u32 *words, unsigned int nr,
		 bool told)
{
	unsigned int i;
	bool idle;

	mutex_lock(&crws->lock);
	idle = !crws->nr && !crws->told;
	if (idle) {
		for (i = 0; i < nr; i++)
			push(crws, words[i]);
		crws->told = told;
	}
	mutex_unlock(&crws->lock);
	return idle;
}

void crw_reset(struct crw_queue *crws)
{
	mutex_lock(&crws->lock);
	crws->first = 0;
	crws->nr = 0;
	crws->told = false;
	mutex_unlock(&crws->lock);
}
