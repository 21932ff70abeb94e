// SPDX-License-Identifier: GPL-2.0
/*
 * A guest for the tests, see fake_guest.h.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "expect.h"
#include "fake_guest.h"

u8 fake_background(u32 addr)
{
	return 0x5a ^ addr ^ addr >> 8;
}

/*
 * The initial contents of every guest's storage.  They are made only once,
 * because under KASAN on an emulator that takes longer than most test cases.
 */
static const u8 *background(void)
{
	static u8 pattern[FAKE_STORAGE];
	u32 addr;

	if (pattern[0] != fake_background(0))
		for (addr = FAKE_STORAGE; addr--;)
			pattern[addr] = fake_background(addr);
	return pattern;
}

void fake_guest_init(struct kunit *test, struct guest *guest)
{
	memset(guest, 0, sizeof(*guest));
	guest->test = test;
	guest->storage = kunit_kmalloc(test, FAKE_STORAGE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, guest->storage);
	memcpy(guest->storage, background(), FAKE_STORAGE);
	guest->high = kunit_kzalloc(test, 3 * FAKE_HIGH_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, guest->high);
	guest->mib16 = guest->high + FAKE_HIGH_SIZE;
	guest->gib4 = guest->mib16 + FAKE_HIGH_SIZE;
	guest->thread = current;
	spin_lock_init(&guest->lock);
	init_waitqueue_head(&guest->changed);
	/*
	 * This thread may access the guest even if another thread is the
	 * vCPUs'.
	 */
	fake_visit(guest);
}

void fake_vcpu_init(struct guest_vcpu *vcpu, struct guest *guest)
{
	memset(vcpu, 0, sizeof(*vcpu));
	vcpu->guest = guest;
}

void fake_put(struct guest *guest, u32 addr, const void *data, u32 len)
{
	memcpy(guest->storage + addr, data, len);
}

void fake_get(struct guest *guest, u32 addr, void *data, u32 len)
{
	memcpy(data, guest->storage + addr, len);
}

static bool touches(const struct fake_range *range, u64 addr, u32 len)
{
	return range->len && addr < (u64)range->addr + range->len &&
	       range->addr < addr + len;
}

static bool touches_any(const struct fake_range *ranges, u64 addr, u32 len)
{
	int i;

	for (i = 0; i < FAKE_RANGES; i++)
		if (touches(&ranges[i], addr, len))
			return true;
	return false;
}

/* Threads */

static bool among(struct guest *guest, struct task_struct **tasks)
{
	bool found = false;
	int i;

	spin_lock(&guest->lock);
	for (i = 0; i < FAKE_TASKS; i++)
		found |= tasks[i] == current;
	spin_unlock(&guest->lock);
	return found;
}

/* Replace @from by @to.  Return: whether @from was there. */
static bool exchange(struct guest *guest, struct task_struct **tasks,
		     struct task_struct *from, struct task_struct *to)
{
	int i;

	spin_lock(&guest->lock);
	for (i = 0; i < FAKE_TASKS; i++)
		if (tasks[i] == from)
			break;
	if (i < FAKE_TASKS)
		tasks[i] = to;
	spin_unlock(&guest->lock);
	return i < FAKE_TASKS;
}

static void join(struct guest *guest, struct task_struct **tasks)
{
	if (!exchange(guest, tasks, NULL, current))
		KUNIT_FAIL(guest->test, "more than %d threads in the guest",
			   FAKE_TASKS);
}

/*
 * Check that the VM is held: a thread of the VMM has it, any other must have
 * taken it.
 */
static void expect_held(struct guest *guest, const char *what)
{
	if (current != guest->thread && !among(guest, guest->visitors) &&
	    !among(guest, guest->held))
		KUNIT_FAIL(guest->test, "%s by a thread that does not hold the guest",
			   what);
}

void fake_visit(struct guest *guest)
{
	join(guest, guest->visitors);
}

void fake_visit_ends(struct guest *guest)
{
	fake_expect_staffed(guest);
	exchange(guest, guest->visitors, current, NULL);
}

void fake_expect_staffed(struct guest *guest)
{
	if (among(guest, guest->owing))
		KUNIT_FAIL(guest->test,
			   "something was queued, and nobody saw to it that there are workers");
}

/* Storage, as the channel subsystem accesses it */

static u8 *high_storage_at(u8 *bytes, u64 from, u64 addr, u32 len)
{
	if (addr < from || len > FAKE_HIGH_SIZE ||
	    addr - from > FAKE_HIGH_SIZE - len)
		return NULL;
	return bytes + (addr - from);
}

/*
 * Return: the host address of the bytes, or NULL if there is no such storage.
 */
static u8 *storage_at(struct guest *guest, u64 addr, u32 len)
{
	if (touches_any(guest->hole, addr, len))
		return NULL;
	if (addr <= FAKE_STORAGE && len <= FAKE_STORAGE - addr)
		return guest->storage + addr;
	return high_storage_at(guest->high, FAKE_HIGH, addr, len) ?:
	       high_storage_at(guest->mib16, FAKE_16M, addr, len) ?:
	       high_storage_at(guest->gib4, FAKE_4G, addr, len);
}

static guest_access_t storage_access(struct guest *guest, u64 addr, u32 len,
				     u8 **at)
{
	might_sleep();
	if (current != guest->thread && !among(guest, guest->entered))
		KUNIT_FAIL(guest->test,
			   "guest storage accessed by a thread that has not entered");
	if (READ_ONCE(guest->dying) || READ_ONCE(guest->protected))
		return GUEST_ACCESS_GONE;
	*at = storage_at(guest, addr, len);
	if (!*at)
		return GUEST_ACCESS_ADDRESSING;
	if (touches_any(guest->broken, addr, len))
		return GUEST_ACCESS_ERROR;
	return GUEST_ACCESS_OK;
}

/* "Key-Controlled Protection"; storage above FAKE_STORAGE has key 0. */
static bool key_permits(const struct guest *guest, u64 addr, u32 len,
			bool store, u8 key)
{
	u64 page = addr / FAKE_PAGE;
	u8 skey;

	if (!key)
		return true;
	for (; page <= (addr + len - 1) / FAKE_PAGE; page++) {
		skey = page < FAKE_PAGES ? guest->keys[page] : 0;
		if (skey >> 4 != key && (store || skey & FAKE_KEY_FETCH))
			return false;
	}
	return true;
}

guest_access_t guest_storage_read(struct guest *guest, u64 addr, void *data,
				  u32 len, u8 key)
{
	void (*before_read)(void *arg) = guest->before_read;
	guest_access_t access;
	u8 *at;

	if (before_read && addr == guest->before_read_addr) {
		guest->before_read = NULL;
		before_read(guest->before_read_arg);
	}
	access = storage_access(guest, addr, len, &at);
	if (access != GUEST_ACCESS_OK)
		return access;
	if (!key_permits(guest, addr, len, false, key))
		return GUEST_ACCESS_PROTECTION;
	memcpy(data, at, len);
	return GUEST_ACCESS_OK;
}

static void note_stored(struct guest *guest, u64 addr, u32 len)
{
	u64 page;

	for (page = addr / FAKE_PAGE; page <= (addr + len - 1) / FAKE_PAGE;
	     page++)
		if (page < FAKE_PAGES)
			guest->stored[page] = true;
}

guest_access_t guest_storage_write(struct guest *guest, u64 addr,
				   const void *data, u32 len, u8 key)
{
	guest_access_t access;
	u8 *at;

	access = storage_access(guest, addr, len, &at);
	if (access != GUEST_ACCESS_OK)
		return access;
	if (touches_any(guest->readonly, addr, len) ||
	    !key_permits(guest, addr, len, true, key))
		return GUEST_ACCESS_PROTECTION;
	note_stored(guest, addr, len);
	memcpy(at, data, len);
	return GUEST_ACCESS_OK;
}

/* The workers are those of the workqueue. */

void guest_queue_work(struct guest *guest, struct workqueue_struct *wq,
		      struct guest_work *work)
{
	if (!among(guest, guest->owing))
		join(guest, guest->owing);
	queue_work(wq, &work->work);
}

void guest_ensure_worker(struct guest *guest)
{
	might_sleep();
	exchange(guest, guest->owing, current, NULL);
}

bool guest_cancel_work(struct guest *guest, struct guest_work *work)
{
	return cancel_work(&work->work);
}

void guest_flush_work(struct guest *guest, struct guest_work *work)
{
	might_sleep();
	flush_work(&work->work);
}

unsigned int fake_interrupted;

bool guest_interrupted(void)
{
	if (!fake_interrupted)
		return false;
	fake_interrupted--;
	return true;
}

/*
 * The CPU time of all threads together, which is more than each of them has
 * used.
 */
u64 guest_cpu_time(struct guest *guest)
{
	return atomic64_add_return(READ_ONCE(guest->cpu_cost),
				   &guest->cpu_used);
}

void *guest_buffer_alloc(struct guest *guest, u32 len)
{
	might_sleep();
	return READ_ONCE(guest->no_memory) ? NULL : vzalloc(len);
}

void guest_buffer_free(void *buffer)
{
	vfree(buffer);
}

bool guest_hold(struct guest *guest)
{
	if (READ_ONCE(guest->dying))
		return false;
	join(guest, guest->held);
	return true;
}

bool guest_gone(struct guest *guest)
{
	return READ_ONCE(guest->dying);
}

void guest_drop(struct guest *guest)
{
	fake_expect_staffed(guest);
	if (!exchange(guest, guest->held, current, NULL))
		KUNIT_FAIL(guest->test, "dropped a guest that it does not hold");
}

bool guest_hold_mm(struct guest *guest)
{
	might_sleep();
	if (!guest_hold(guest))
		return false;
	join(guest, guest->entered);
	return true;
}

void guest_drop_mm(struct guest *guest)
{
	might_sleep();
	if (!exchange(guest, guest->entered, current, NULL))
		KUNIT_FAIL(guest->test,
			   "left a guest that it has not entered");
	guest_drop(guest);
}

/* Operands, as the instructions access them */

static ioinst_ending_t operand_access(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				      u32 len)
{
	might_sleep();
	KUNIT_EXPECT_PTR_EQ(vcpu->guest->test, current, vcpu->guest->thread);
	vcpu->accesses++;
	vcpu->last_ar = ar;
	/*
	 * No address space has anything below FAKE_LOGICAL: a translation
	 * exception.
	 */
	if (addr < FAKE_LOGICAL || addr - FAKE_LOGICAL > FAKE_STORAGE - len)
		return IOINST_ACCESS_EXCEPTION;
	if (touches(&vcpu->bad, addr - FAKE_LOGICAL, len))
		return vcpu->bad_ending;
	return IOINST_PROCEED;
}

ioinst_ending_t guest_operand_read(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				   void *data, u32 len)
{
	ioinst_ending_t ending = operand_access(vcpu, addr, ar, len);

	if (!ending)
		fake_get(vcpu->guest, addr - FAKE_LOGICAL, data, len);
	return ending;
}

ioinst_ending_t guest_operand_write(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				    const void *data, u32 len)
{
	ioinst_ending_t ending = operand_access(vcpu, addr, ar, len);
	void (*after_write)(void *arg) = vcpu->after_write;

	if (ending)
		return ending;
	fake_put(vcpu->guest, addr - FAKE_LOGICAL, data, len);
	vcpu->stores++;
	if (after_write) {
		vcpu->after_write = NULL;
		after_write(vcpu->after_write_arg);
	}
	return IOINST_PROCEED;
}

ioinst_ending_t guest_operand_probe(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				    u32 len)
{
	return operand_access(vcpu, addr, ar, len);
}

/* Interruptions */

void fake_refuse_interruptions(struct guest *guest, int error,
			       unsigned int times)
{
	spin_lock(&guest->lock);
	guest->inject_error = error;
	guest->inject_failures = times;
	spin_unlock(&guest->lock);
}

static bool is_pending(struct guest *guest, u32 sid)
{
	unsigned int i;

	lockdep_assert_held(&guest->lock);
	for (i = 0; i < guest->nr_pending; i++)
		if (guest->pending[i].sid == sid)
			return true;
	return false;
}

int guest_inject(struct guest *guest, const struct guest_io_int *io_int)
{
	bool twice = false, full = false;
	int rc = 0;

	might_sleep();
	expect_held(guest, "interrupted");
	if (guest->at_injection)
		guest->at_injection(guest->at_injection_arg);
	spin_lock(&guest->lock);
	if (guest->inject_failures) {
		guest->inject_failures--;
		guest->refused++;
		rc = guest->inject_error;
	} else {
		twice = is_pending(guest, io_int->sid);
		full = guest->nr_pending == FAKE_INTERRUPTIONS;
		if (!full)
			guest->pending[guest->nr_pending++] = *io_int;
		guest->injected++;
	}
	spin_unlock(&guest->lock);
	if (twice)
		KUNIT_FAIL(guest->test,
			   "subchannel %08x has two interruptions pending",
			   io_int->sid);
	if (full)
		KUNIT_FAIL(guest->test, "more than %d interruptions pending",
			   FAKE_INTERRUPTIONS);
	wake_up_all(&guest->changed);
	return rc;
}

bool guest_has_run(struct guest *guest)
{
	return !READ_ONCE(guest->never_run);
}

int guest_report(struct guest *guest)
{
	int rc = 0;

	might_sleep();
	expect_held(guest, "reported to");
	spin_lock(&guest->lock);
	if (guest->report_failures) {
		guest->report_failures--;
		rc = guest->report_error;
	} else {
		guest->reports++;
	}
	spin_unlock(&guest->lock);
	wake_up_all(&guest->changed);
	return rc;
}

static void remove_pending(struct guest *guest, unsigned int at)
{
	lockdep_assert_held(&guest->lock);
	guest->nr_pending--;
	memmove(&guest->pending[at], &guest->pending[at + 1],
		(guest->nr_pending - at) * sizeof(guest->pending[0]));
}

void guest_withdraw(struct guest *guest, u32 sid)
{
	unsigned int i = 0;

	might_sleep();
	expect_held(guest, "an interruption withdrawn");
	if (guest->at_withdrawal)
		guest->at_withdrawal(guest->at_withdrawal_arg);
	spin_lock(&guest->lock);
	while (i < guest->nr_pending) {
		if (guest->pending[i].sid == sid) {
			remove_pending(guest, i);
			guest->withdrawn++;
		} else {
			i++;
		}
	}
	spin_unlock(&guest->lock);
}

bool fake_wait_injected(struct guest *guest, unsigned int count)
{
	return wait_event_timeout(guest->changed,
				  READ_ONCE(guest->injected) >= count,
				  PATIENCE);
}

bool fake_wait_refused(struct guest *guest, unsigned int count)
{
	return wait_event_timeout(guest->changed,
				  READ_ONCE(guest->refused) >= count,
				  PATIENCE);
}

/* "Priority of I/O-interruption requests": the lowest subclass comes first. */
bool fake_accept(struct guest *guest, struct guest_io_int *io_int)
{
	unsigned int i, first = 0;
	bool any;

	spin_lock(&guest->lock);
	any = guest->nr_pending;
	for (i = 1; i < guest->nr_pending; i++)
		if (guest->pending[i].isc < guest->pending[first].isc)
			first = i;
	if (any) {
		*io_int = guest->pending[first];
		remove_pending(guest, first);
	}
	spin_unlock(&guest->lock);
	return any;
}

MODULE_DESCRIPTION("KUnit suites of kvm_css");
MODULE_LICENSE("GPL");

bool guest_notifies(struct guest *guest, u32 sid)
{
	might_sleep();
	return guest->notifies == sid;
}
