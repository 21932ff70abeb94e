/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest for the tests: the other implementation of <kvm_css/guest.h>.
 *
 * It watches the rules of the seam too: storage is accessed by the vCPU's
 * thread or by one that has entered the guest, nobody leaves who has not
 * entered, interruptions and reports are given and taken by who has the guest, a
 * subchannel has one interruption at the most, whoever queues something sees to it
 * that there are workers before it leaves, and nothing is called where sleeping is
 * not allowed.
 */
#ifndef _KVM_CSS_KUNIT_FAKE_GUEST_H
#define _KVM_CSS_KUNIT_FAKE_GUEST_H

#include <kunit/test.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include <kvm_css/guest.h>

/* Absolute storage from 0 on */
#define FAKE_STORAGE		0x20000u

/* Storage has a key for each of these. */
#define FAKE_PAGE		0x1000u
#define FAKE_PAGES		(FAKE_STORAGE / FAKE_PAGE)
#define FAKE_KEY_FETCH		0x08	/* fetch protection */

/*
 * And a page on each side of 2 GiB, the end of what 31 bits address; of 16 MiB,
 * the end of what 24 bits do; and of 4 GiB.
 */
#define FAKE_HIGH		0x7ffff000u
#define FAKE_HIGH_SIZE		0x2000u
#define FAKE_16M		0x00fff000u
#define FAKE_4G			0xfffff000ull

/*
 * Operands are addressed logically.  A logical address is the absolute one plus
 * this, so that nobody can take one for the other, or lose the upper half.
 */
#define FAKE_LOGICAL		0x700000000ull

#define FAKE_INTERRUPTIONS	16
#define FAKE_TASKS		8
#define FAKE_RANGES		2

struct task_struct;

/* How often guest_interrupted() still says that it is no reason */
extern unsigned int fake_interrupted;

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
 * struct guest - a VM that exists for one test case
 * @test: the test case
 * @storage: FAKE_STORAGE bytes
 * @high: FAKE_HIGH_SIZE bytes at FAKE_HIGH, zeros at first
 * @mib16: FAKE_HIGH_SIZE bytes at FAKE_16M, zeros at first
 * @gib4: FAKE_HIGH_SIZE bytes at FAKE_4G, zeros at first
 * @keys: storage key of each page: access-control bits in the upper half
 * @stored: pages into which the channel subsystem has stored
 * @hole: there is no storage here
 * @broken: the host can't provide this storage
 * @readonly: the channel subsystem must not store here
 * @no_memory: guest_buffer_alloc() fails
 * @cpu_cost: CPU time, in ns, that has been used between two looks at it
 * @cpu_used: all that so far
 * @dying: the VM has nobody left, and its memory is being torn down
 * @protected: it has become a protected one, whose storage isn't the host's
 * @before_read: called once, before a CCW or data at @before_read_addr is read
 * @before_read_arg: its argument
 * @before_read_addr: absolute address
 * @thread: the thread of the vCPUs
 * @lock: protects what follows
 * @held: threads that hold the guest
 * @entered: those of them that have entered it
 * @visitors: threads of the VMM beside @thread
 * @owing: threads that have queued something, and not called guest_ensure_worker()
 * @inject_error: what guest_inject() returns, @inject_failures times
 * @inject_failures: how often it is still to fail
 * @pending: interruptions that the guest has not accepted yet
 * @nr_pending: how many
 * @injected: how many were ever made pending
 * @at_injection: called before an interruption is made pending; may be NULL
 * @at_injection_arg: its argument
 * @at_withdrawal: called before one is taken back; may be NULL
 * @at_withdrawal_arg: its argument
 * @refused: how often guest_inject() failed
 * @withdrawn: how many were taken back
 * @never_run: no CPU of it has been in the guest
 * @notifies: the SID for which guest_notifies() says yes; 0 for none
 * @reports: machine checks for channel reports, that were made pending
 * @report_error: what guest_report() returns, @report_failures times
 * @report_failures: how often it is still to fail
 * @changed: someone has called guest_inject()
 */
struct guest {
	struct kunit *test;
	u8 *storage;
	u8 *high;
	u8 *mib16;
	u8 *gib4;
	u8 keys[FAKE_PAGES];
	bool stored[FAKE_PAGES];
	struct fake_range hole[FAKE_RANGES];
	struct fake_range broken[FAKE_RANGES];
	struct fake_range readonly[FAKE_RANGES];
	bool no_memory;
	u32 cpu_cost;
	atomic64_t cpu_used;
	bool dying;
	bool protected;
	void (*before_read)(void *arg);
	void *before_read_arg;
	u32 before_read_addr;
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
	void (*at_injection)(void *arg);
	void *at_injection_arg;
	void (*at_withdrawal)(void *arg);
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
 * @bad: operand accesses that touch this part of storage end with @bad_ending
 * @bad_ending: IOINST_ACCESS_EXCEPTION or IOINST_HOST_FAULT
 * @after_write: called once, when an operand has been stored
 * @after_write_arg: its argument
 * @accesses: operand accesses so far, probes too
 * @stores: operands stored so far
 * @last_ar: access register of the last one
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
};

/**
 * fake_guest_init() - make a guest whose storage is filled with a pattern
 * @test: the test case; its memory is that of the test case
 * @guest: the guest; the current thread becomes that of its vCPUs
 */
void fake_guest_init(struct kunit *test, struct guest *guest);

/**
 * fake_vcpu_init() - make a CPU
 * @vcpu: the CPU
 * @guest: its VM
 */
void fake_vcpu_init(struct guest_vcpu *vcpu, struct guest *guest);

/**
 * fake_visit() - the current thread becomes one of the VMM's
 * @guest: the guest
 *
 * It has the VM as one does that has a descriptor, but is no vCPU's.
 */
void fake_visit(struct guest *guest);

/**
 * fake_visit_ends() - the counterpart of fake_visit()
 * @guest: the guest
 */
void fake_visit_ends(struct guest *guest);

/**
 * fake_expect_staffed() - whoever has queued something must have workers for it
 * @guest: the guest
 *
 * For the end of an instruction or of what else the current thread has done.
 */
void fake_expect_staffed(struct guest *guest);

/**
 * fake_background() - what storage holds after fake_guest_init()
 * @addr: absolute address
 *
 * Return: the byte there.
 */
u8 fake_background(u32 addr);

/**
 * fake_put() - set storage, whatever is there
 * @guest: the guest
 * @addr: absolute address
 * @data: what
 * @len: in bytes
 */
void fake_put(struct guest *guest, u32 addr, const void *data, u32 len);

/**
 * fake_get() - look at storage, whatever is there
 * @guest: the guest
 * @addr: absolute address
 * @data: where to
 * @len: in bytes
 */
void fake_get(struct guest *guest, u32 addr, void *data, u32 len);

/**
 * fake_refuse_interruptions() - have guest_inject() fail
 * @guest: the guest
 * @error: -ENOMEM or -EBUSY
 * @times: how often
 */
void fake_refuse_interruptions(struct guest *guest, int error,
			       unsigned int times);

/**
 * fake_wait_injected() - wait until interruptions have been made pending
 * @guest: the guest
 * @count: how many since the guest was made
 *
 * Return: false when that takes longer than anything in a test may.
 */
bool fake_wait_injected(struct guest *guest, unsigned int count);

/**
 * fake_wait_refused() - wait until guest_inject() has failed
 * @guest: the guest
 * @count: how often since the guest was made
 *
 * Return: false when that takes longer than anything in a test may.
 */
bool fake_wait_refused(struct guest *guest, unsigned int count);

/**
 * fake_accept() - the guest accepts the pending interruption that comes first
 * @guest: the guest
 * @io_int: where to
 *
 * Return: false when none is pending.
 */
bool fake_accept(struct guest *guest, struct guest_io_int *io_int);

#endif /* _KVM_CSS_KUNIT_FAKE_GUEST_H */
