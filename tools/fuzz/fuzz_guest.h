/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest of the KUnit suites, with what the fuzzers check beyond that: how a
 * channel program accesses storage, and which interruptions the guest has taken.
 */
#ifndef _FUZZ_GUEST_H
#define _FUZZ_GUEST_H

#include <kvm_css/layout.h>

#include "fake_guest.h"

/**
 * struct fuzz_guest - the VM
 * @guest: what the core sees
 * @key: the key that accesses must have, if @watched
 * @watched: a channel program is running, and its accesses are checked
 * @moving: a device is moving data, so storage may be changed
 * @limit_low: the lowest address that the program may store at
 * @limit_high: the address from which on it may not store
 * @accesses: how many accesses to storage there were, without those to operands
 * @accepted: the last interruptions that the guest has taken, by their sid
 * @nr_accepted: the number of these interruptions
 * @during: called where another CPU may do something; may be NULL
 */
struct fuzz_guest {
	struct guest guest;
	u8 key;
	bool watched;
	bool moving;
	u64 limit_low;
	u64 limit_high;
	u64 accesses;
	u32 accepted[FAKE_INTERRUPTIONS];
	unsigned int nr_accepted;
	void (*during)(void);
};

/**
 * fuzz_guest_begin() - make the guest, or make it anew, for an input
 * @fuzz: the guest, static
 */
void fuzz_guest_begin(struct fuzz_guest *fuzz);

/**
 * fuzz_guest_end() - check that no thread holds the guest at the end of an input
 * @fuzz: the guest
 */
void fuzz_guest_end(struct fuzz_guest *fuzz);

/**
 * fuzz_cpu_begin() - let another CPU of the guest run while the current one sleeps
 * @fuzz: the guest
 *
 * Return: the thread that sleeps.
 */
struct task_struct *fuzz_cpu_begin(struct fuzz_guest *fuzz);

/**
 * fuzz_cpu_end() - the counterpart of fuzz_cpu_begin()
 * @fuzz: the guest
 * @outer: the thread that goes on
 */
void fuzz_cpu_end(struct fuzz_guest *fuzz, struct task_struct *outer);

/**
 * fuzz_put() - store into guest storage, as far as it exists
 * @guest: the guest
 * @addr: absolute address
 * @data: the data
 * @len: in bytes
 */
void fuzz_put(struct guest *guest, u64 addr, const void *data, u32 len);

/**
 * fuzz_accept() - let the guest take an interruption
 * @fuzz: the guest
 */
void fuzz_accept(struct fuzz_guest *fuzz);

/**
 * fuzz_has_accepted() - note that the guest has taken an interruption elsewhere
 * @fuzz: the guest
 * @sid: for which subchannel
 */
void fuzz_has_accepted(struct fuzz_guest *fuzz, u32 sid);

/**
 * fuzz_accepted() - whether the guest has taken the last interruption of a
 * subchannel
 * @fuzz: the guest
 * @sid: for which subchannel
 *
 * Return: true if it has taken it, and none has been made pending since.
 */
bool fuzz_accepted(const struct fuzz_guest *fuzz, u32 sid);

#endif /* _FUZZ_GUEST_H */
