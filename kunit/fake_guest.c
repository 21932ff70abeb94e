// SPDX-License-Identifier: GPL-2.0
/*
 * A guest for the KUnit suites and for the fuzzers, see fake_guest.h.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "expect.h"
#include "fake_guest.h"

/*
 * The fuzzers know of each of their threads whether it holds a lock of the core,
 * and whether it is a worker; see <kunit/test.h> there.  A kernel doesn't know.
 */
#ifndef fake_expect_unlocked
#define fake_expect_unlocked()	might_sleep()
#define fake_expect_worker()	do { } while (0)
#endif

/* The parts of storage, and the offset at which each is kept */
static const struct {
	u64 addr;
	u32 size;
	u32 at;
} parts[] = {
	{ 0, FAKE_STORAGE, 0 },
	{ FAKE_16M, FAKE_HIGH_SIZE, FAKE_STORAGE },
	{ FAKE_HIGH, FAKE_HIGH_SIZE, FAKE_STORAGE + FAKE_HIGH_SIZE },
	{ FAKE_4G, FAKE_HIGH_SIZE, FAKE_STORAGE + 2 * FAKE_HIGH_SIZE },
};

u8 fake_background(u64 addr)
{
	return 0x5a ^ addr ^ addr >> 8;
}

/*
 * The initial contents of every guest's storage.  They are made only once,
 * because under KASAN on an emulator that takes longer than most test cases.
 */
static const u8 *background(void)
{
	static u8 pattern[FAKE_ALL_STORAGE];
	u32 at, i;

	for (i = ARRAY_SIZE(parts); pattern[0] != fake_background(0) && i--;)
		for (at = parts[i].size; at--;)
			pattern[parts[i].at + at] =
				fake_background(parts[i].addr + at);
	return pattern;
}

void fake_guest_init(struct kunit *test, struct guest *guest)
{
	memset(guest, 0, sizeof(*guest));
	guest->test = test;
	guest->storage = kunit_kmalloc(test, FAKE_ALL_STORAGE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, guest->storage);
	memset(guest->dirty, true, sizeof(guest->dirty));
	fake_workers_init(guest);
	fake_guest_reset(guest);
}

void fake_guest_reset(struct guest *guest)
{
	const u8 *from = background();
	u32 page, at;

	for (page = 0; page < FAKE_ALL_PAGES; page++) {
		at = page * FAKE_PAGE;
		if (guest->dirty[page])
			memcpy(guest->storage + at, from + at, FAKE_PAGE);
		guest->dirty[page] = false;
	}
	memset(guest->keys, 0, sizeof(*guest) - offsetof(struct guest, keys));
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

/* Where storage is kept */

static bool within(u64 addr, u32 len, u64 from, u32 size)
{
	return addr >= from && len <= size && addr - from <= size - len;
}

u8 *fake_at(struct guest *guest, u64 addr, u32 len)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (within(addr, len, parts[i].addr, parts[i].size))
			return guest->storage + parts[i].at +
			       (addr - parts[i].addr);
	return NULL;
}

/* Find the first and the last page of some bytes that fake_at() has found. */
static void pages_of(const struct guest *guest, const u8 *at, u32 len,
		     u32 *first, u32 *last)
{
	*first = (at - guest->storage) / FAKE_PAGE;
	*last = (at + len - 1 - guest->storage) / FAKE_PAGE;
}

static void store(struct guest *guest, u8 *at, const void *data, u32 len)
{
	u32 page, last;

	pages_of(guest, at, len, &page, &last);
	memset(&guest->dirty[page], true, last - page + 1);
	memcpy(at, data, len);
}

void fake_put(struct guest *guest, u64 addr, const void *data, u32 len)
{
	u8 *at = fake_at(guest, addr, len);

	if (!at)
		KUNIT_FAIL(guest->test, "there is no storage at %llx", addr);
	else if (len)
		store(guest, at, data, len);
}

void fake_get(struct guest *guest, u64 addr, void *data, u32 len)
{
	const u8 *at = fake_at(guest, addr, len);

	if (!at)
		KUNIT_FAIL(guest->test, "there is no storage at %llx", addr);
	else
		memcpy(data, at, len);
}

void fake_mark(struct guest *guest, const struct fake_range *range, u8 what)
{
	const u8 *at = fake_at(guest, range->addr, range->len);
	u32 page, last;

	if (!range->len)
		return;
	KUNIT_ASSERT_NOT_NULL(guest->test, at);
	pages_of(guest, at, range->len, &page, &last);
	for (; page <= last; page++)
		guest->pages[page] |= what;
}

void fake_unmark(struct guest *guest)
{
	memset(guest->pages, 0, sizeof(guest->pages));
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

static void expect_entered(struct guest *guest, const char *what)
{
	fake_expect_unlocked();
	/* Who holds the VM without its storage isn't one of its vCPUs at that moment. */
	if ((current != guest->thread || among(guest, guest->held)) &&
	    !among(guest, guest->entered))
		KUNIT_FAIL(guest->test, "%s by a thread that has not entered",
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

void fake_expect_left(struct guest *guest)
{
	fake_expect_staffed(guest);
	KUNIT_EXPECT_FALSE(guest->test, among(guest, guest->held));
	KUNIT_EXPECT_FALSE(guest->test, among(guest, guest->entered));
	KUNIT_EXPECT_TRUE(guest->test, !atomic_read(&guest->kept));
}

void fake_expect_alone(struct guest *guest)
{
	int i;

	for (i = 0; i < FAKE_TASKS; i++) {
		KUNIT_EXPECT_NULL(guest->test, guest->held[i]);
		KUNIT_EXPECT_NULL(guest->test, guest->entered[i]);
		KUNIT_EXPECT_NULL(guest->test, guest->owing[i]);
	}
}

/* Storage, as the channel subsystem accesses it */

/* Before an access of any length.  Return: whether the VM is still there. */
static bool begin_access(struct guest *guest, const struct fake_access *access)
{
	expect_entered(guest, "guest storage accessed");
	KUNIT_EXPECT_GT(guest->test, access->len, 0);
	KUNIT_EXPECT_LE(guest->test, access->key, 15);
	if (guest->at_access)
		guest->at_access(guest, access);
	return !READ_ONCE(guest->dying) && !READ_ONCE(guest->protected);
}

/* "Key-Controlled Protection" */
static bool key_permits(const struct guest *guest, u32 page,
			const struct fake_access *access)
{
	u8 skey = guest->keys[page];

	return !access->key || skey >> 4 == access->key ||
	       !(access->store || skey & FAKE_KEY_FETCH);
}

guest_access_t fake_page_access(struct guest *guest,
				const struct fake_access *access, u8 **at)
{
	u32 page, last;
	u8 marks;

	*at = fake_at(guest, access->addr, access->len);
	if (!*at)
		return GUEST_ACCESS_ADDRESSING;
	pages_of(guest, *at, access->len, &page, &last);
	marks = guest->pages[page];
	if (marks & FAKE_HOLE)
		return GUEST_ACCESS_ADDRESSING;
	if (marks & FAKE_BROKEN)
		return GUEST_ACCESS_ERROR;
	if ((access->store && marks & FAKE_READONLY) ||
	    !key_permits(guest, page, access))
		return GUEST_ACCESS_PROTECTION;
	return GUEST_ACCESS_OK;
}

/* Access what lies in one page.  Return: how the access ends; *@at: where. */
static guest_access_t page_access(struct guest *guest, u64 addr, u32 len,
				  const struct fake_access *access, u8 **at)
{
	struct fake_access part = *access;

	part.addr = addr;
	part.len = len;
	return fake_page_access(guest, &part, at);
}

/* How much of @len bytes lies in the page of @addr */
static u32 in_page(u64 addr, u32 len)
{
	return min_t(u32, len, FAKE_PAGE - addr % FAKE_PAGE);
}

guest_access_t guest_storage_read(struct guest *guest, u64 addr, void *data,
				  u32 len, u8 key)
{
	const struct fake_access access = {
		.addr = addr, .len = len, .key = key,
	};
	void (*before_read)(void *arg) = guest->before_read;
	guest_access_t how;
	u32 done, part;
	u8 *at;

	if (guest->instead)
		return guest->instead(guest->instead_arg, addr, data, len,
				      false);
	if (before_read && addr == guest->before_read_addr) {
		guest->before_read = NULL;
		before_read(guest->before_read_arg);
	}
	if (!begin_access(guest, &access))
		return GUEST_ACCESS_GONE;
	for (done = 0; done < len; done += part) {
		part = in_page(addr + done, len - done);
		how = page_access(guest, addr + done, part, &access, &at);
		if (how != GUEST_ACCESS_OK) {
			/* The contents of @data are unpredictable. */
			memset(data, 0xee, len);
			return how;
		}
		memcpy(data + done, at, part);
	}
	guest->bytes_fetched += len;
	return GUEST_ACCESS_OK;
}

/*
 * As with KVM, what lies in front of the page that can't be stored into may
 * have been stored.
 */
guest_access_t guest_storage_write(struct guest *guest, u64 addr,
				   const void *data, u32 len, u8 key)
{
	const struct fake_access access = {
		.addr = addr, .len = len, .key = key, .store = true,
	};
	u32 done, part, page, last;
	guest_access_t how;
	u8 *at;

	if (guest->instead)
		return guest->instead(guest->instead_arg, addr, (void *)data,
				      len, true);
	if (!begin_access(guest, &access))
		return GUEST_ACCESS_GONE;
	for (done = 0; done < len; done += part) {
		part = in_page(addr + done, len - done);
		how = page_access(guest, addr + done, part, &access, &at);
		if (how != GUEST_ACCESS_OK)
			return how;
		pages_of(guest, at, part, &page, &last);
		guest->stored[page] = true;
		store(guest, at, data + done, part);
	}
	guest->bytes_stored += len;
	return GUEST_ACCESS_OK;
}

void guest_queue_work(struct guest *guest, struct workqueue_struct *wq,
		      struct guest_work *work)
{
	if (!among(guest, guest->owing))
		join(guest, guest->owing);
	guest_call_worker(guest, wq, work);
}

void guest_set_apart(struct guest *guest, struct workqueue_struct *wq,
		     struct guest_work *work, bool apart)
{
	work->apart = apart;
}

void guest_ensure_worker(struct guest *guest)
{
	fake_expect_unlocked();
	exchange(guest, guest->owing, current, NULL);
}

void guest_expect_work(struct guest *guest)
{
	fake_expect_unlocked();
	atomic_inc(&guest->expected);
}

unsigned int fake_signals;

bool guest_put_off_signal(void)
{
	if (!fake_signals)
		return false;
	fake_signals--;
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
	expect_entered(guest, "host memory allocated");
	if (READ_ONCE(guest->no_memory))
		return NULL;
	return guest->scattered ? vzalloc(len) : kvzalloc(len, GFP_KERNEL);
}

void guest_buffer_free(void *buffer)
{
	might_sleep();
	kvfree(buffer);
}

void guest_keep(struct guest *guest)
{
	atomic_inc(&guest->kept);
}

void guest_keep_no_longer(struct guest *guest)
{
	KUNIT_EXPECT_GT(guest->test, atomic_read(&guest->kept), 0);
	atomic_dec(&guest->kept);
}

bool guest_hold(struct guest *guest)
{
	if (guest->at_hold)
		guest->at_hold(guest);
	if (!atomic_read(&guest->kept))
		fake_expect_worker();
	if (READ_ONCE(guest->dying))
		return false;
	if (among(guest, guest->held))
		KUNIT_FAIL(guest->test, "a thread holds the guest twice");
	join(guest, guest->held);
	return true;
}

bool guest_gone(struct guest *guest)
{
	return READ_ONCE(guest->dying);
}

void guest_drop(struct guest *guest)
{
	if (guest->at_drop)
		guest->at_drop(guest);
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

/* What the host traces of units */

unsigned int fake_traces[GUEST_TRACE_PRESENTED + 1];

void guest_trace_unit(struct user_unit *unit, enum guest_trace what, u64 seq, u8 byte,
		      u32 nr)
{
	fake_traces[what]++;
}

/* Operands, as the instructions access them */

static bool touches(const struct fake_range *range, u64 addr, u32 len)
{
	return range->len && addr < (u64)range->addr + range->len &&
	       range->addr < addr + len;
}

/* Return: IOINST_PROCEED, and where the operand is kept. */
static ioinst_ending_t operand_at(struct guest_vcpu *vcpu, u64 addr, u32 len,
				  u8 **at)
{
	struct guest *guest = vcpu->guest;
	u32 page, last;

	/*
	 * No address space has anything below FAKE_LOGICAL: a translation
	 * exception.
	 */
	if (addr < FAKE_LOGICAL)
		return IOINST_ACCESS_EXCEPTION;
	*at = fake_at(guest, addr - FAKE_LOGICAL, len);
	if (!*at)
		return IOINST_ACCESS_EXCEPTION;
	if (touches(&vcpu->bad, addr - FAKE_LOGICAL, len))
		return vcpu->bad_ending;
	pages_of(guest, *at, len, &page, &last);
	for (; page <= last; page++)
		if (guest->pages[page] & FAKE_BROKEN)
			return IOINST_HOST_FAULT;
	return IOINST_PROCEED;
}

static ioinst_ending_t operand_access(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				      u32 len, u8 **at)
{
	const struct fake_access access = {
		.addr = addr, .len = len, .operand = true,
	};
	struct kunit *test = vcpu->guest->test;

	fake_expect_unlocked();
	KUNIT_EXPECT_PTR_EQ(test, current, vcpu->guest->thread);
	KUNIT_EXPECT_GT(test, len, 0);
	KUNIT_EXPECT_LE(test, ar, 15);
	if (vcpu->guest->at_access)
		vcpu->guest->at_access(vcpu->guest, &access);
	vcpu->accesses++;
	vcpu->last_ar = ar;
	vcpu->last_ending = operand_at(vcpu, addr, len, at);
	return vcpu->last_ending;
}

ioinst_ending_t guest_operand_read(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				   void *data, u32 len)
{
	ioinst_ending_t ending;
	u8 *at;

	ending = operand_access(vcpu, addr, ar, len, &at);
	if (!ending)
		memcpy(data, at, len);
	return ending;
}

ioinst_ending_t guest_operand_write(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				    const void *data, u32 len)
{
	void (*after_write)(void *arg) = vcpu->after_write;
	ioinst_ending_t ending;
	u8 *at;

	ending = operand_access(vcpu, addr, ar, len, &at);
	if (ending)
		return ending;
	store(vcpu->guest, at, data, len);
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
	u8 *at;

	return operand_access(vcpu, addr, ar, len, &at);
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

bool fake_pending(struct guest *guest, u32 sid)
{
	bool pending;

	spin_lock(&guest->lock);
	pending = is_pending(guest, sid);
	spin_unlock(&guest->lock);
	return pending;
}

int guest_inject(struct guest *guest, const struct guest_io_int *io_int)
{
	bool twice = false, full = false;
	int rc = 0;

	might_sleep();
	expect_held(guest, "interrupted");
	KUNIT_EXPECT_LE(guest->test, io_int->isc, 7);
	if (guest->at_injection)
		guest->at_injection(guest->at_injection_arg, io_int->sid);
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

/* As KVM, this finds an interruption only in the subclass that it has. */
void guest_withdraw(struct guest *guest, u32 sid, u8 isc)
{
	unsigned int i = 0;

	might_sleep();
	expect_held(guest, "an interruption withdrawn");
	if (guest->at_withdrawal)
		guest->at_withdrawal(guest->at_withdrawal_arg, sid);
	spin_lock(&guest->lock);
	while (i < guest->nr_pending) {
		if (guest->pending[i].sid == sid &&
		    guest->pending[i].isc == isc) {
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

bool guest_notifies(struct guest *guest, u32 sid)
{
	might_sleep();
	return guest->notifies == sid;
}
