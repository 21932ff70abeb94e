/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest for the fuzzers: an implementation of <kvm_css/guest.h> that checks
 * what the core does to it.
 */
#ifndef _FUZZ_GUEST_H
#define _FUZZ_GUEST_H

#include <kvm_css/guest.h>
#include <kvm_css/layout.h>

/* Absolute storage: from 0 on, and around what 24 and 31 bits can address */
#define FUZZ_LOW_SIZE		0x20000u
#define FUZZ_MID		0x00fff000u
#define FUZZ_HIGH		0x7ffff000u
#define FUZZ_EDGE_SIZE		0x2000u
#define FUZZ_PAGE		0x1000u
#define FUZZ_PAGES		((FUZZ_LOW_SIZE + 2 * FUZZ_EDGE_SIZE) / FUZZ_PAGE)
#define FUZZ_STORAGE		(FUZZ_PAGES * FUZZ_PAGE)

/* Operands are addressed logically, this much above the absolute address. */
#define FUZZ_LOGICAL		0x700000000ull

/* What is unusual with a page */
#define FUZZ_PAGE_HOLE		0x1
#define FUZZ_PAGE_READONLY	0x2
#define FUZZ_PAGE_BROKEN	0x4

#define FUZZ_KEY_FETCH		0x08	/* fetch protection */
#define FUZZ_INTERRUPTIONS	8

/**
 * struct guest - the VM
 * @storage: all of it, one region behind the other
 * @keys: storage key of each page: access-control bits in the upper half
 * @pages: FUZZ_PAGE_* of each page
 * @dirty: pages that are not as they were in the beginning
 * @dying: the VM's memory is being torn down
 * @key: the key that accesses must have, if @watched
 * @watched: a channel program is being executed, and by whom is known
 * @moving: a device is moving data: storage may be changed
 * @limit_low: stores must be at this address or above
 * @limit_high: and below this one
 * @stored: bytes stored so far
 * @read: bytes fetched so far
 * @accesses: accesses to storage so far
 * @cpu_time: what guest_cpu_time() has said last
 * @inject_failures: how often guest_inject() is still to fail
 * @report_failures: how often guest_report() is still to fail
 * @pending: interruptions pending
 * @nr_pending: how many
 * @accepted: the last interruptions that the guest has taken, by their sid
 * @nr_accepted: how many
 * @never_run: no CPU of it has been in the guest
 * @reports: machine checks pending
 * @during: called where another CPU may do something; may be NULL
 */
struct guest {
	u8 storage[FUZZ_STORAGE];
	u8 keys[FUZZ_PAGES];
	u8 pages[FUZZ_PAGES];
	bool dirty[FUZZ_PAGES];
	bool dying;

	u8 key;
	bool watched;
	bool moving;
	u64 limit_low;
	u64 limit_high;
	u64 stored;
	u64 read;
	u64 accesses;
	u64 cpu_time;

	unsigned int inject_failures;
	unsigned int report_failures;
	bool never_run;
	struct guest_io_int pending[FUZZ_INTERRUPTIONS];
	unsigned int nr_pending;
	u32 accepted[FUZZ_INTERRUPTIONS];
	unsigned int nr_accepted;
	unsigned int reports;

	void (*during)(void);
};

/**
 * struct guest_vcpu - a CPU of the VM
 * @guest: the VM
 * @ending: of the last operand access that failed, or IOINST_PROCEED
 */
struct guest_vcpu {
	struct guest *guest;
	ioinst_ending_t ending;
};

/**
 * fuzz_guest_reset() - the guest as it is at the begin of a run
 * @guest: the guest
 */
void fuzz_guest_reset(struct guest *guest);

/**
 * fuzz_guest_at() - where some storage is kept
 * @guest: the guest
 * @addr: absolute address
 * @len: in bytes
 *
 * Return: the place, or NULL when there is no such storage.
 */
u8 *fuzz_guest_at(struct guest *guest, u64 addr, u32 len);

/**
 * fuzz_guest_put() - set storage, as far as there is any
 * @guest: the guest
 * @addr: absolute address
 * @data: what
 * @len: in bytes
 */
void fuzz_guest_put(struct guest *guest, u64 addr, const void *data,
		    u32 len);

/**
 * fuzz_guest_accept() - the guest takes an interruption
 * @guest: the guest
 */
void fuzz_guest_accept(struct guest *guest);

/**
 * fuzz_guest_has_accepted() - the guest has taken one that it got elsewhere
 * @guest: the guest
 * @sid: for which subchannel
 */
void fuzz_guest_has_accepted(struct guest *guest, u32 sid);

/**
 * fuzz_guest_pending() - is an interruption pending?
 * @guest: the guest
 * @sid: for which subchannel
 *
 * Return: whether it is.
 */
bool fuzz_guest_pending(const struct guest *guest, u32 sid);

/**
 * fuzz_guest_accepted() - has the guest taken the interruption?
 * @guest: the guest
 * @sid: for which subchannel
 *
 * Return: whether it has, and there was none since.
 */
bool fuzz_guest_accepted(const struct guest *guest, u32 sid);

#endif /* _FUZZ_GUEST_H */
