// SPDX-License-Identifier: GPL-2.0
/*
 * A guest for the fuzzers, see fuzz_guest.h.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "fuzz_guest.h"

/* What storage is in the beginning */
static const u8 *background(void)
{
	static u8 pattern[FUZZ_STORAGE];
	u32 at;

	for (at = FUZZ_STORAGE; !pattern[0] && at--;)
		pattern[at] = 0x5a ^ at ^ at >> 8;
	return pattern;
}

void fuzz_guest_reset(struct guest *guest)
{
	static bool filled;
	const u8 *from = background();
	u32 page;

	for (page = 0; page < FUZZ_PAGES; page++)
		if (!filled || guest->dirty[page])
			memcpy(guest->storage + page * FUZZ_PAGE,
			       from + page * FUZZ_PAGE, FUZZ_PAGE);
	filled = true;
	/* All but the storage itself */
	memset(guest->keys, 0, sizeof(*guest) - offsetof(struct guest, keys));
	guest->limit_high = U64_MAX;
}

/* Storage */

/* Return: where an address is in our storage; FUZZ_STORAGE for nowhere. */
static u32 position(u64 addr, u32 len)
{
	if (addr <= FUZZ_LOW_SIZE && len <= FUZZ_LOW_SIZE - addr)
		return addr;
	if (addr >= FUZZ_MID && addr + len <= FUZZ_MID + FUZZ_EDGE_SIZE)
		return FUZZ_LOW_SIZE + (addr - FUZZ_MID);
	if (addr >= FUZZ_HIGH && addr + len <= (u64)FUZZ_HIGH + FUZZ_EDGE_SIZE)
		return FUZZ_LOW_SIZE + FUZZ_EDGE_SIZE + (addr - FUZZ_HIGH);
	return FUZZ_STORAGE;
}

u8 *fuzz_guest_at(struct guest *guest, u64 addr, u32 len)
{
	u32 at = position(addr, len);

	return at < FUZZ_STORAGE ? guest->storage + at : NULL;
}

static void store(struct guest *guest, u8 *to, const void *data, u32 len)
{
	u32 at = to - guest->storage, page;

	for (page = at / FUZZ_PAGE; page <= (at + len - 1) / FUZZ_PAGE; page++)
		guest->dirty[page] = true;
	memcpy(to, data, len);
}

void fuzz_guest_put(struct guest *guest, u64 addr, const void *data,
		    u32 len)
{
	u8 *to = fuzz_guest_at(guest, addr, len);

	if (to && len)
		store(guest, to, data, len);
}

/* Another CPU, or another worker, does something now. */
static void during(struct guest *guest)
{
	shim_might_sleep();
	/* "Never held while guest storage is accessed", subchannel.c */
	shim_assert(!shim_context()->mutexes);
	if (guest->during)
		guest->during();
}

/* "Key-Controlled Protection" */
static bool key_permits(u8 skey, bool write, u8 key)
{
	return !key || skey >> 4 == key ||
	       (!write && !(skey & FUZZ_KEY_FETCH));
}

static guest_access_t access_page(struct guest *guest, u32 page, bool write,
				  u8 key)
{
	if (guest->pages[page] & FUZZ_PAGE_HOLE)
		return GUEST_ACCESS_ADDRESSING;
	if (guest->pages[page] & FUZZ_PAGE_BROKEN)
		return GUEST_ACCESS_ERROR;
	if (write && guest->pages[page] & FUZZ_PAGE_READONLY)
		return GUEST_ACCESS_PROTECTION;
	if (!key_permits(guest->keys[page], write, key))
		return GUEST_ACCESS_PROTECTION;
	return GUEST_ACCESS_OK;
}

static guest_access_t access(struct guest *guest, u64 addr, u32 len,
			     bool write, u8 key, u8 **at)
{
	guest_access_t access = GUEST_ACCESS_OK;
	u32 page;

	during(guest);
	shim_assert(len);
	shim_assert(addr + len - 1 >= addr);
	shim_assert(key <= 15);
	if (shim_context()->worker && !shim_context()->entered)
		shim_bug("storage accessed by a worker that has not entered");
	guest->accesses++;
	if (guest->dying)
		return GUEST_ACCESS_GONE;
	*at = fuzz_guest_at(guest, addr, len);
	if (!*at)
		return GUEST_ACCESS_ADDRESSING;
	for (page = (*at - guest->storage) / FUZZ_PAGE;
	     access == GUEST_ACCESS_OK &&
	     page <= (*at + len - 1 - guest->storage) / FUZZ_PAGE; page++)
		access = access_page(guest, page, write, key);
	return access;
}

guest_access_t guest_storage_read(struct guest *guest, u64 addr, void *data,
				  u32 len, u8 key)
{
	guest_access_t how;
	u8 *at;

	if (guest->watched)
		shim_assert(key == guest->key);
	how = access(guest, addr, len, false, key, &at);
	if (how != GUEST_ACCESS_OK)
		return how;
	guest->read += len;
	memcpy(data, at, len);
	return GUEST_ACCESS_OK;
}

guest_access_t guest_storage_write(struct guest *guest, u64 addr,
				   const void *data, u32 len, u8 key)
{
	guest_access_t how;
	u8 *at;

	if (guest->watched) {
		shim_assert(key == guest->key);
		shim_assert(guest->moving);
		shim_assert(addr >= guest->limit_low);
		shim_assert(addr + len - 1 < guest->limit_high);
	}
	how = access(guest, addr, len, true, key, &at);
	if (how != GUEST_ACCESS_OK)
		return how;
	guest->stored += len;
	store(guest, at, data, len);
	return GUEST_ACCESS_OK;
}

bool guest_hold(struct guest *guest)
{
	struct shim_context *context = shim_context();

	shim_assert(context->worker);
	shim_assert(!context->entered);
	/* Its memory goes and comes back here; the VM itself stays. */
	context->entered = true;
	return true;
}

bool guest_gone(struct guest *guest)
{
	return guest->dying;
}

void guest_drop(struct guest *guest)
{
	shim_assert(shim_context()->entered);
	shim_assert(!shim_context()->owes);
	shim_context()->entered = false;
}

bool guest_hold_mm(struct guest *guest)
{
	struct shim_context *context = shim_context();

	shim_might_sleep();
	shim_assert(context->worker);
	shim_assert(!context->entered);
	if (guest->dying)
		return false;
	context->entered = true;
	return true;
}

void guest_drop_mm(struct guest *guest)
{
	shim_might_sleep();
	guest_drop(guest);
}

/* Workers are the workqueue's. */

void guest_queue_work(struct guest *guest, struct workqueue_struct *wq,
		      struct guest_work *work)
{
	shim_context()->owes = true;
	queue_work(wq, &work->work);
}

void guest_ensure_worker(struct guest *guest)
{
	shim_might_sleep();
	shim_assert(!shim_context()->mutexes);
	shim_context()->owes = false;
}

bool guest_cancel_work(struct guest *guest, struct guest_work *work)
{
	return cancel_work(&work->work);
}

void guest_flush_work(struct guest *guest, struct guest_work *work)
{
	flush_work(&work->work);
}

bool guest_interrupted(void)
{
	return false;
}

u64 guest_cpu_time(struct guest *guest)
{
	/* Now and then there is something to be paid for. */
	guest->cpu_time += guest->accesses % 64 ? 1000 : 20000000;
	return guest->cpu_time;
}

/* Memory for devices, as far as the core asks its guest for it */

void *guest_buffer_alloc(struct guest *guest, u32 len);
void guest_buffer_free(void *buffer);

void *guest_buffer_alloc(struct guest *guest, u32 len)
{
	shim_might_sleep();
	shim_assert(!shim_context()->mutexes);
	if (shim_context()->worker)
		shim_assert(shim_context()->entered);
	return shim_alloc(len, false);
}

void guest_buffer_free(void *buffer)
{
	shim_might_sleep();
	shim_free(buffer);
}

/* Operands */

static ioinst_ending_t operand(struct guest_vcpu *vcpu, u64 addr, u8 ar,
			       u32 len, u8 **at)
{
	u64 absolute = addr - FUZZ_LOGICAL;

	during(vcpu->guest);
	shim_assert(len);
	shim_assert(!shim_context()->worker);
	shim_assert(ar <= 15);
	/* Below FUZZ_LOGICAL is no address space: a translation exception. */
	*at = addr < FUZZ_LOGICAL ? NULL :
				    fuzz_guest_at(vcpu->guest, absolute, len);
	vcpu->ending = IOINST_PROCEED;
	if (!*at)
		vcpu->ending = IOINST_ACCESS_EXCEPTION;
	else if (vcpu->guest->pages[(*at - vcpu->guest->storage) / FUZZ_PAGE] &
		 FUZZ_PAGE_BROKEN)
		vcpu->ending = IOINST_HOST_FAULT;
	return vcpu->ending;
}

ioinst_ending_t guest_operand_read(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				   void *data, u32 len)
{
	ioinst_ending_t ending;
	u8 *at;

	ending = operand(vcpu, addr, ar, len, &at);
	if (!ending)
		memcpy(data, at, len);
	return ending;
}

ioinst_ending_t guest_operand_write(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				    const void *data, u32 len)
{
	ioinst_ending_t ending;
	u8 *at;

	ending = operand(vcpu, addr, ar, len, &at);
	if (!ending)
		store(vcpu->guest, at, data, len);
	return ending;
}

ioinst_ending_t guest_operand_probe(struct guest_vcpu *vcpu, u64 addr, u8 ar,
				    u32 len)
{
	u8 *at;

	return operand(vcpu, addr, ar, len, &at);
}

/* Interruptions */

bool fuzz_guest_pending(const struct guest *guest, u32 sid)
{
	unsigned int i;

	for (i = 0; i < guest->nr_pending; i++)
		if (guest->pending[i].sid == sid)
			return true;
	return false;
}

bool fuzz_guest_accepted(const struct guest *guest, u32 sid)
{
	unsigned int i;

	for (i = 0; i < guest->nr_accepted; i++)
		if (guest->accepted[i] == sid)
			return true;
	return false;
}

static void forget_accepted(struct guest *guest, u32 sid)
{
	unsigned int i;

	for (i = 0; i < guest->nr_accepted; i++)
		if (guest->accepted[i] == sid)
			guest->accepted[i--] =
				guest->accepted[--guest->nr_accepted];
}

/* A worker must have taken the VM, or it may be gone. */
static void expect_held(void)
{
	shim_might_sleep();
	if (shim_context()->worker)
		shim_assert(shim_context()->entered);
}

int guest_inject(struct guest *guest, const struct guest_io_int *io_int)
{
	expect_held();
	shim_assert(io_int->isc <= 7);
	if (guest->inject_failures) {
		guest->inject_failures--;
		return guest->inject_failures & 1 ? -EBUSY : -ENOMEM;
	}
	if (fuzz_guest_pending(guest, io_int->sid))
		shim_bug("a second interruption for subchannel %08x", io_int->sid);
	shim_assert(guest->nr_pending < FUZZ_INTERRUPTIONS);
	guest->pending[guest->nr_pending++] = *io_int;
	forget_accepted(guest, io_int->sid);
	return 0;
}

static void take_out(struct guest *guest, unsigned int at)
{
	guest->nr_pending--;
	memmove(&guest->pending[at], &guest->pending[at + 1],
		(guest->nr_pending - at) * sizeof(guest->pending[0]));
}

void guest_withdraw(struct guest *guest, u32 sid)
{
	unsigned int i = 0;

	expect_held();
	while (i < guest->nr_pending)
		if (guest->pending[i].sid == sid)
			take_out(guest, i);
		else
			i++;
	forget_accepted(guest, sid);
}

void fuzz_guest_has_accepted(struct guest *guest, u32 sid)
{
	shim_assert(guest->nr_accepted < FUZZ_INTERRUPTIONS);
	guest->accepted[guest->nr_accepted++] = sid;
}

void fuzz_guest_accept(struct guest *guest)
{
	if (!guest->nr_pending)
		return;
	fuzz_guest_has_accepted(guest, guest->pending[0].sid);
	take_out(guest, 0);
}

bool guest_has_run(struct guest *guest)
{
	return !guest->never_run;
}

int guest_report(struct guest *guest)
{
	expect_held();
	if (guest->report_failures) {
		guest->report_failures--;
		return -ENOMEM;
	}
	guest->reports++;
	return 0;
}

/* Asked for what is added beside a VMM's only; some are, and some are not. */
bool guest_notifies(struct guest *guest, u32 sid)
{
	shim_might_sleep();
	return sid & 1;
}
