/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel reports: Principles of Operation chapter 17, "Channel Report".
 * The top of crw.c describes locking.
 */
#ifndef _KVM_CSS_CRW_H
#define _KVM_CSS_CRW_H

#include <linux/mutex.h>
#include <linux/types.h>

struct guest;

/* How many channel-report words may be pending; one more is an overflow. */
#define CRW_PENDING	64

/**
 * struct crw_queue - pending channel-report words
 * @guest: the VM
 * @lock: protects all members below; no other lock of the core is taken in it
 * @first: index of the oldest word
 * @nr: number of words
 * @words: the words, in a ring
 * @told: the guest has been told by a machine check, and has not found the
 *	queue empty since
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
 * @words: its words; crw_report() itself sets the chaining bit
 * @nr: number of words, 1 or 2
 *
 * When not all words fit into the queue, none of them is queued, and the last
 * word in the queue says overflow.
 *
 * Context: may sleep; takes @crws->lock.
 * Return: false when the host can't tell the guest now.  Then the caller calls
 * crw_retry() later.
 */
bool crw_report(struct crw_queue *crws, const u32 *words, unsigned int nr);

/**
 * crw_retry() - tell the guest of pending reports that it was not told of
 * @crws: the queue
 *
 * Context: may sleep; takes @crws->lock.
 * Return: false when the host still can't tell the guest.
 */
bool crw_retry(struct crw_queue *crws);

/**
 * crw_peek_or_rearm() - copy the oldest word for STORE CHANNEL REPORT WORD, or
 * note that the guest has found none
 * @crws: the queue
 * @word: where to; 0 when no word is pending
 *
 * The word stays in the queue until crw_take().  When the guest has found none,
 * the next report makes a machine check pending again.
 *
 * Context: may sleep; takes @crws->lock.
 * Return: whether there is a word.
 */
bool crw_peek_or_rearm(struct crw_queue *crws, u32 *word);

/**
 * crw_take() - dequeue the word that STORE CHANNEL REPORT WORD has stored
 * @crws: the queue
 * @word: the word that crw_peek_or_rearm() has returned
 *
 * Context: may sleep; takes @crws->lock.
 * Return: false when @word is not the oldest any more, because another CPU has
 * dequeued it.
 */
bool crw_take(struct crw_queue *crws, u32 word);

/**
 * crw_save() - copy the words that are pending
 * @crws: the queue
 * @words: where to: room for CRW_PENDING words; the oldest comes first
 * @told: where to: has the guest been told?
 *
 * Context: may sleep; takes @crws->lock.
 * Return: the number of words.
 */
unsigned int crw_save(struct crw_queue *crws, u32 *words, bool *told);

/**
 * crw_saved_valid() - may crw_save() have copied these words?
 * @words: the words, from userspace
 * @nr: number of words, CRW_PENDING at the most
 *
 * Context: any.
 * Return: whether it may.
 */
bool crw_saved_valid(const u32 *words, unsigned int nr);

/**
 * crw_restore() - make words pending that crw_save() has copied
 * @crws: the queue
 * @words: the words, which are valid
 * @nr: number of words
 * @told: the guest has been told of them, and is not told again
 *
 * Without @told the caller calls crw_retry() afterwards, which tells the guest.
 *
 * Context: may sleep; takes @crws->lock.
 * Return: false when there are words in the queue, or the guest has been told
 * and not found it empty since; then nothing has changed.
 */
bool crw_restore(struct crw_queue *crws, const u32 *words, unsigned int nr,
		 bool told);

/**
 * crw_reset() - clear all channel reports, as a subsystem reset does
 * @crws: the queue
 *
 * Context: may sleep; takes @crws->lock.
 */
void crw_reset(struct crw_queue *crws);

#endif /* _KVM_CSS_CRW_H */
