/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest for the KUnit suites and for the fuzzers: an implementation of
 * <kvm_css/guest.h>.
 *
 * It also checks the rules of the seam: storage is only accessed by the vCPU's
 * thread or by a thread that has entered the guest; a thread leaves only if it
 * has entered; interruptions and reports are made and withdrawn by a thread
 * that holds the guest; a subchannel has at most one interruption; a thread
 * that queues work makes sure that there are workers before it leaves; and
 * nothing that may sleep is called where sleeping is not allowed.
 */
#ifndef _KVM_CSS_KUNIT_FAKE_GUEST_H
#define _KVM_CSS_KUNIT_FAKE_GUEST_H

#include <kunit/test.h>
#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include <kvm_css/guest.h>

/* Size of the storage from absolute address 0 on */
#define FAKE_STORAGE		0x20000u

/*
 * There is also a page on each side of 16 MiB, the end of 24-bit addresses, of
 * 2 GiB, the end of 31-bit addresses, and of 4 GiB.
 */
#define FAKE_16M		0x00fff000u
#define FAKE_HIGH		0x7ffff000u
#define FAKE_4G			0xfffff000ull
#define FAKE_HIGH_SIZE		0x2000u

/* The size of all of it; the parts are kept one behind the other. */
#define FAKE_ALL_STORAGE	(FAKE_STORAGE + 3 * FAKE_HIGH_SIZE)

/* Each page has a storage key. */
#define FAKE_PAGE		0x1000u
#define FAKE_PAGES		(FAKE_STORAGE / FAKE_PAGE)
#define FAKE_ALL_PAGES		(FAKE_ALL_STORAGE / FAKE_PAGE)
#define FAKE_KEY_FETCH		0x08	/* fetch protection */

/* What may be unusual with a page */
#define FAKE_HOLE		0x1	/* there is no storage here */
#define FAKE_READONLY		0x2	/* the channel subsystem must not store */
#define FAKE_BROKEN		0x4	/* the host can't provide this storage */

/*
 * Operands have logical addresses.  A logical address is the absolute one plus
 * this, so that mixing up the two, or losing the upper half, is found out.
 */
#define FAKE_LOGICAL		0x700000000ull

#define FAKE_WORKERS		32
#define FAKE_INTERRUPTIONS	16
#define FAKE_TASKS		8

struct task_struct;

/*
 * Pinned pages are at absolute addresses of the host's from here on.  No address is
 * used twice, so an access to a page that isn't pinned any more is found out.
 */
#define FAKE_PINNED		0x500000000000ull
#define FAKE_PINS		8192u

/**
 * struct fake_pin - a page that guest_pin() has pinned
 * @addr: the host's absolute address; 0 if this entry isn't used
 * @page: the page in &guest.storage
 * @store: a device may store into it
 * @stored: one has done so by this address
 */
struct fake_pin {
	u64 addr;
	u32 page;
	bool store;
	bool stored;
};

/* How many signals guest_put_off_signal() still puts off */
extern unsigned int fake_signals;

/**
 * struct fake_range - a part of storage
 * @addr: absolute address
 * @len: in bytes; 0 for nothing
 */
struct fake_range {
	u32 addr;
	u32 len;
};

/**
 * struct fake_access - an access to storage that is about to be made
 * @addr: absolute address, or the logical one of an operand
 * @len: in bytes
 * @operand: an instruction accesses its operand
 * @store: the channel subsystem stores, and doesn't fetch
 * @key: storage key of an access by the channel subsystem
 */
struct fake_access {
	u64  addr;
	u32  len;
	bool operand;
	bool store;
	u8   key;
};

/**
 * struct fake_worker - a worker, which is a thread of the image's workqueue
 * @guest: the VM
 * @work: does the first work of the queue
 * @wq: the workqueue
 * @doing: what it is doing, or NULL
 * @called: @work is queued, or has not ended
 */
struct fake_worker {
	struct guest *guest;
	struct work_struct work;
	struct workqueue_struct *wq;
	struct guest_work *doing;
	bool called;
};

/**
 * struct guest - a VM for one test case, or for all inputs of a fuzzer
 * @test: the test case
 * @storage: FAKE_ALL_STORAGE bytes: what there is from 0 on, around 16 MiB, around
 *	2 GiB, and around 4 GiB
 * @dirty: pages whose contents may have changed since fake_guest_reset()
 * @queue_lock: protects @queue and @workers; interrupts take it, too
 * @queue: what the workers are to do
 * @workers: the workers
 * @pins: FAKE_PINS of them, made when the first page is pinned
 * @pin_serial: how often a page was pinned
 * @keys: storage key of each page: access-control bits in the upper half
 * @pages: what is unusual with each page: FAKE_HOLE, FAKE_READONLY, FAKE_BROKEN
 * @stored: pages into which the channel subsystem has stored
 * @bytes_stored: how many bytes the channel subsystem has stored, without those
 *	that were stored before an access failed
 * @bytes_fetched: how many bytes it has fetched
 * @no_memory: guest_buffer_alloc() fails
 * @scattered: guest_buffer_alloc() gives pages that are not one behind the other
 * @cpu_cost: CPU time in ns that is used between two calls of guest_cpu_time()
 * @cpu_used: the sum of that so far
 * @expected: how often guest_expect_work() was called
 * @kept: how many threads have called guest_keep()
 * @pin_limit: how many pages guest_pin() may pin; 0 for any number
 * @pin_fails: what guest_pin() returns, if not 0
 * @pinned: how many pages are pinned
 * @pin_calls: how often guest_pin() has been called
 * @instead: if not NULL, storage is accessed by calling this, without any checks:
 *	this is the host, not a guest
 * @instead_arg: for @instead
 * @dying: the VM's processes are gone, and its memory is being torn down
 * @protected: it has become a protected VM, whose storage the host can't access
 * @at_access: called before each access to storage, with no lock held; may be NULL
 * @before_read: called once before a CCW or data at @before_read_addr are read
 * @before_read_arg: argument of @before_read
 * @before_read_addr: absolute address
 * @at_hold: called before guest_hold(), with no lock held; may be NULL
 * @at_drop: called before a worker gives the guest back, with no lock held; may
 *	be NULL
 * @thread: the thread of the vCPUs
 * @lock: protects what follows
 * @held: threads that hold the guest
 * @entered: which of them have entered it
 * @visitors: threads of the VMM beside @thread
 * @owing: threads that have queued work and not called guest_ensure_worker()
 * since
 * @inject_error: what guest_inject() returns, @inject_failures times
 * @inject_failures: how often guest_inject() will still fail
 * @pending: interruptions that the guest has not accepted yet
 * @nr_pending: the number of pending interruptions
 * @injected: how many interruptions have been made pending in all
 * @at_injection: called before an interruption is made pending; may be NULL
 * @at_injection_arg: argument of @at_injection
 * @at_withdrawal: called before an interruption is withdrawn; may be NULL
 * @at_withdrawal_arg: argument of @at_withdrawal
 * @refused: how often guest_inject() has failed
 * @withdrawn: how many interruptions were withdrawn
 * @never_run: none of its CPUs has ever run in the guest
 * @notifies: the SID for which guest_notifies() says yes; 0 for none
 * @reports: how many machine checks for channel reports were made pending
 * @report_error: what guest_report() returns, @report_failures times
 * @report_failures: how often guest_report() will still fail
 * @changed: woken when guest_inject() has been called
 */
struct guest {
	struct kunit *test;
	u8 *storage;
	bool dirty[FAKE_ALL_PAGES];
	spinlock_t queue_lock;	/* protects what follows */
	struct list_head queue;
	struct fake_worker workers[FAKE_WORKERS];
	struct fake_pin *pins;
	u64 pin_serial;
	/* fake_guest_reset() clears what is from here on. */
	u8 keys[FAKE_ALL_PAGES];
	u8 pages[FAKE_ALL_PAGES];
	bool stored[FAKE_ALL_PAGES];
	u64 bytes_stored;
	u64 bytes_fetched;
	bool no_memory;
	bool scattered;
	u32 cpu_cost;
	atomic64_t cpu_used;
	atomic_t expected;
	atomic_t kept;
	u32 pin_limit;
	enum guest_pinned pin_fails;
	u32 pinned;
	u32 pin_calls;
	guest_access_t (*instead)(void *arg, u64 addr, void *data, u32 len,
				  bool store);
	void *instead_arg;
	bool dying;
	bool protected;
	void (*at_access)(struct guest *guest, const struct fake_access *access);
	void (*before_read)(void *arg);
	void *before_read_arg;
	u32 before_read_addr;
	void (*at_hold)(struct guest *guest);
	void (*at_drop)(struct guest *guest);
	struct task_struct *thread;

	spinlock_t lock;	/* protects what follows */
	struct task_struct *held[FAKE_TASKS];
	struct task_struct *entered[FAKE_TASKS];
	struct task_struct *visitors[FAKE_TASKS];
	struct task_struct *owing[FAKE_TASKS];
	int inject_error;
	unsigned int inject_failures;
	struct guest_io_int pending[FAKE_INTERRUPTIONS];
	unsigned int nr_pending;
	unsigned int injected;
	void (*at_injection)(void *arg, u32 sid);
	void *at_injection_arg;
	void (*at_withdrawal)(void *arg, u32 sid);
	void *at_withdrawal_arg;
	unsigned int refused;
	unsigned int withdrawn;
	bool never_run;
	u32 notifies;
	unsigned int reports;
	int report_error;
	unsigned int report_failures;
	wait_queue_head_t changed;
};

/**
 * struct guest_vcpu - a CPU of the VM
 * @guest: the VM
 * @bad: accesses to operands in this part of storage end with @bad_ending
 * @bad_ending: IOINST_ACCESS_EXCEPTION or IOINST_HOST_FAULT
 * @after_write: called once when an operand has been stored
 * @after_write_arg: argument of @after_write
 * @accesses: how many operand accesses there were, including probes
 * @stores: how many operands were stored
 * @last_ar: the access register of the last access
 * @last_ending: how the last access has ended
 */
struct guest_vcpu {
	struct guest *guest;
	struct fake_range bad;
	ioinst_ending_t bad_ending;
	void (*after_write)(void *arg);
	void *after_write_arg;
	unsigned int accesses;
	unsigned int stores;
	u8 last_ar;
	ioinst_ending_t last_ending;
};

/**
 * fake_guest_init() - make a guest whose storage is filled with a pattern
 * @test: the test case; its memory is that of the test case
 * @guest: the guest; the current thread becomes that of its vCPUs
 */
void fake_guest_init(struct kunit *test, struct guest *guest);

/**
 * fake_workers_init() - make the workers
 * @guest: the guest
 */
void fake_workers_init(struct guest *guest);

/**
 * fake_guest_reset() - undo all that has happened to the guest since it was made
 * @guest: the guest, which no thread holds
 *
 * The current thread becomes that of its vCPUs.
 */
void fake_guest_reset(struct guest *guest);

/**
 * fake_vcpu_init() - make a CPU
 * @vcpu: the CPU
 * @guest: its VM
 */
void fake_vcpu_init(struct guest_vcpu *vcpu, struct guest *guest);

/**
 * fake_visit() - make the current thread one of the VMM's
 * @guest: the guest
 *
 * It may use the VM because it has a descriptor, but it isn't a vCPU's thread.
 */
void fake_visit(struct guest *guest);

/**
 * fake_visit_ends() - end what fake_visit() has begun
 * @guest: the guest
 */
void fake_visit_ends(struct guest *guest);

/**
 * fake_expect_staffed() - check that there are workers for what was queued
 * @guest: the guest
 *
 * Called at the end of an instruction, or of anything else that the thread has
 * done.
 */
void fake_expect_staffed(struct guest *guest);

/**
 * fake_expect_left() - check that the current thread doesn't hold the guest
 * @guest: the guest
 *
 * Also checks that there are workers for what the thread has queued.
 */
void fake_expect_left(struct guest *guest);

/**
 * fake_expect_alone() - check that no thread holds the guest
 * @guest: the guest
 */
void fake_expect_alone(struct guest *guest);

/**
 * fake_background() - the byte that fake_guest_init() stores at an address
 * @addr: absolute address
 *
 * Return: the byte there.
 */
u8 fake_background(u64 addr);

/**
 * fake_at() - find guest storage as the host sees it
 * @guest: the guest
 * @addr: absolute address
 * @len: in bytes
 *
 * Return: the host address, or NULL if the guest has no such storage.
 */
u8 *fake_at(struct guest *guest, u64 addr, u32 len);

/**
 * fake_put() - store into guest storage, without any checks
 * @guest: the guest
 * @addr: absolute address
 * @data: the data
 * @len: in bytes
 */
void fake_put(struct guest *guest, u64 addr, const void *data, u32 len);

/**
 * fake_get() - read guest storage, without any checks
 * @guest: the guest
 * @addr: absolute address
 * @data: where to
 * @len: in bytes
 */
void fake_get(struct guest *guest, u64 addr, void *data, u32 len);

/**
 * fake_page_access() - how an access to storage in one page ends
 * @guest: the guest
 * @access: the access, which isn't one to an operand
 * @at: filled in: where the storage is for the host
 *
 * Return: as guest_storage_read().
 */
guest_access_t fake_page_access(struct guest *guest,
				const struct fake_access *access, u8 **at);

/**
 * fake_mark() - let accesses to a part of storage end unusually
 * @guest: the guest
 * @range: the part; all pages that it touches are marked
 * @what: FAKE_HOLE, FAKE_READONLY or FAKE_BROKEN
 */
void fake_mark(struct guest *guest, const struct fake_range *range, u8 what);

/**
 * fake_unmark() - undo all that fake_mark() has done
 * @guest: the guest
 */
void fake_unmark(struct guest *guest);

/**
 * fake_refuse_interruptions() - let guest_inject() fail
 * @guest: the guest
 * @error: -ENOMEM or -EBUSY
 * @times: how often
 */
void fake_refuse_interruptions(struct guest *guest, int error,
			       unsigned int times);

/**
 * fake_wait_injected() - wait until interruptions have been made pending
 * @guest: the guest
 * @count: how many, counted from the guest's creation
 *
 * Return: false when that takes longer than anything in a test may.
 */
bool fake_wait_injected(struct guest *guest, unsigned int count);

/**
 * fake_wait_refused() - wait until guest_inject() has failed
 * @guest: the guest
 * @count: how often, counted from the guest's creation
 *
 * Return: false when that takes longer than anything in a test may.
 */
bool fake_wait_refused(struct guest *guest, unsigned int count);

/**
 * fake_pending() - check whether an interruption is pending
 * @guest: the guest
 * @sid: the subchannel's SID
 *
 * Return: whether it is.
 */
bool fake_pending(struct guest *guest, u32 sid);

/**
 * fake_accept() - the guest accepts the pending interruption that comes first
 * @guest: the guest
 * @io_int: where to
 *
 * Return: false when none is pending.
 */
bool fake_accept(struct guest *guest, struct guest_io_int *io_int);

/* How often guest_trace_unit() was called, by enum guest_trace */
extern unsigned int fake_traces[];

#endif /* _KVM_CSS_KUNIT_FAKE_GUEST_H */
