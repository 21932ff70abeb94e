/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel reports: Principles of Operation chapter 17, "Channel Report".
 * Locking is described at the top of crw.c.
 */
#ifndef _KVM_CSS_CRW_H
#define _KVM_CSS_CRW_H

#include <linux/mutex.h>
#include <linux/types.h>

struct guest;

/* Reports that wait for STORE CHANNEL REPORT WORD; more are an overflow. */
#define CRW_PENDING	64

/**
 * struct crw_queue - channel-report words pending
 * @guest: the VM
 * @lock: protects what follows; nothing of the core is taken in it
 * @first: place of the oldest one
 * @nr: how many
 * @words: the words, a ring
 * @told: the guest has been told by a machine check, and has not emptied the
 *	queue since
 */
struct crw_queue {
	struct guest *guest;
	struct mutex lock;	/* see crw.c */
	unsigned int first;
	unsigned int nr;
	u32 words[CRW_PENDING];
	bool told;
};

/**
 * crw_init() - prepare an empty queue
 * @crws: the queue
 * @guest: the VM
 *
 * Context: any.
 */
void crw_init(struct crw_queue *crws, struct guest *guest);

/**
 * crw_report() - make a channel report pending
 * @crws: the queue
 * @words: its words; chaining is set here
 * @nr: how many, 1 or 2; a report is queued whole or lost whole, and then the
 *	last word before it says overflow
 *
 * Context: may sleep; takes @crws->lock.
 * Return: false when the host can't tell the guest now; see crw_retry().
 */
bool crw_report(struct crw_queue *crws, const u32 *words, unsigned int nr);

/**
 * crw_retry() - tell the guest of pending reports, if that has failed
 * @crws: the queue
 *
 * Context: may sleep; takes @crws->lock.
 * Return: false when the host still can't.
 */
bool crw_retry(struct crw_queue *crws);

/**
 * crw_peek() - the oldest word that is pending
 * @crws: the queue
 * @word: where to; 0 when there is none
 *
 * Context: may sleep; takes @crws->lock.
 * Return: whether there is one.  If not, the guest will be told of the next.
 */
bool crw_peek(struct crw_queue *crws, u32 *word);

/**
 * crw_take() - the word has been stored: have it no longer
 * @crws: the queue
 * @word: as crw_peek() gave it
 *
 * Context: may sleep; takes @crws->lock.
 * Return: false when it is not the oldest any more, because another CPU has
 * taken it.
 */
bool crw_take(struct crw_queue *crws, u32 word);

/**
 * crw_save() - the words that are pending
 * @crws: the queue
 * @words: where to, CRW_PENDING words; the oldest first
 * @told: where to: has the guest been told?
 *
 * Context: may sleep; takes @crws->lock.
 * Return: how many there are.
 */
unsigned int crw_save(struct crw_queue *crws, u32 *words, bool *told);

/**
 * crw_saved_valid() - can these words be pending?
 * @words: what somebody says that crw_save() gave
 * @nr: how many, CRW_PENDING at the most
 *
 * Context: any.
 * Return: whether they can.
 */
bool crw_saved_valid(const u32 *words, unsigned int nr);

/**
 * crw_restore() - have words pending that were so elsewhere
 * @crws: the queue
 * @words: valid ones
 * @nr: how many
 * @told: the guest has been told, and is not told again
 *
 * If it has not, crw_retry() tells it.
 *
 * Context: may sleep; takes @crws->lock.
 * Return: false when the guest is being told of others; then nothing has
 * changed.
 */
bool crw_restore(struct crw_queue *crws, const u32 *words, unsigned int nr,
		 bool told);

/**
 * crw_reset() - channel reports are gone, as after a subsystem reset
 * @crws: the queue
 *
 * Context: may sleep; takes @crws->lock.
 */
void crw_reset(struct crw_queue *crws);

#endif /* _KVM_CSS_CRW_H */
