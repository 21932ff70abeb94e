// SPDX-License-Identifier: GPL-2.0
/*
 * The host's storage for KUnit and for the fuzzers, see fake_host_memory.h.
 */
#include <linux/align.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "expect.h"
#include "fake_host_memory.h"

/* Where the memory is; it doesn't begin on a page, unless by chance. */
#define MEMORY_FROM	0x10000008u
#define MEMORY_TO	0x70000000u

/* How many allocations there may be at a time */
#define REGIONS		64

static struct host_memory regions[REGIONS];
static DEFINE_SPINLOCK(regions_lock);	/* protects all these */
static u32 next_addr = MEMORY_FROM;
static unsigned int used;

int fake_host_memory_good = -1;

unsigned int fake_host_memory_used(void)
{
	return used;
}

/* Give some memory its address.  Return: whether there was an entry for it. */
static bool take_region(struct host_memory *memory)
{
	unsigned int i;

	spin_lock(&regions_lock);
	for (i = 0; i < REGIONS && regions[i].bytes; i++)
		;
	if (i < REGIONS) {
		if (next_addr > MEMORY_TO)
			next_addr = MEMORY_FROM;
		memory->addr = next_addr;
		/* Leave room, so that running out of the memory is found out. */
		next_addr += ALIGN(memory->size, 8) + 0x1008;
		regions[i] = *memory;
		used++;
	}
	spin_unlock(&regions_lock);
	return i < REGIONS;
}

bool host_memory_alloc(struct host_memory *memory, u32 size)
{
	*memory = (struct host_memory){ .size = size };
	if (!fake_host_memory_good)
		return false;
	if (fake_host_memory_good > 0)
		fake_host_memory_good--;
	memory->bytes = kvzalloc(size, GFP_KERNEL);
	if (!memory->bytes || take_region(memory))
		return memory->bytes;
	kvfree(memory->bytes);
	memory->bytes = NULL;
	return false;
}

void host_memory_free(struct host_memory *memory)
{
	unsigned int i;

	if (!memory->bytes)
		return;
	spin_lock(&regions_lock);
	for (i = 0; i < REGIONS; i++) {
		if (regions[i].bytes != memory->bytes)
			continue;
		regions[i].bytes = NULL;
		used--;
	}
	spin_unlock(&regions_lock);
	kvfree(memory->bytes);
	memory->bytes = NULL;
}

/* Find what host_memory_alloc() has given.  Return: the bytes, or NULL. */
static u8 *in_memory(u64 addr, u32 len)
{
	const struct host_memory *region;
	u8 *found = NULL;

	spin_lock(&regions_lock);
	for (region = regions; region < regions + REGIONS; region++)
		if (region->bytes && addr >= region->addr &&
		    len <= region->size &&
		    addr - region->addr <= region->size - len)
			found = region->bytes + (addr - region->addr);
	spin_unlock(&regions_lock);
	return found;
}

/* Access what lies in one page of the guest's. */
static guest_access_t in_page(struct guest *guest, u64 addr, void *data, u32 len,
			      bool store)
{
	struct fake_pin *pin;
	u8 *at;

	if (!guest->pins || addr < FAKE_PINNED)
		return GUEST_ACCESS_ADDRESSING;
	pin = &guest->pins[addr / FAKE_PAGE % FAKE_PINS];
	if (pin->addr != ALIGN_DOWN(addr, (u64)FAKE_PAGE))
		return GUEST_ACCESS_ADDRESSING;
	at = guest->storage + pin->page * FAKE_PAGE + addr % FAKE_PAGE;
	if (!store) {
		memcpy(data, at, len);
		return GUEST_ACCESS_OK;
	}
	if (!pin->store)
		KUNIT_FAIL(guest->test, "a store into a page that is not pinned for that");
	pin->stored = true;
	guest->stored[pin->page] = true;
	guest->dirty[pin->page] = true;
	memcpy(at, data, len);
	return GUEST_ACCESS_OK;
}

guest_access_t fake_host_access(void *arg, u64 addr, void *data, u32 len,
				bool store)
{
	guest_access_t how = GUEST_ACCESS_OK;
	struct guest *guest = arg;
	u8 *at = in_memory(addr, len);
	u32 done, part;

	if (at && !store)
		memcpy(data, at, len);
	if (at)
		return store ? GUEST_ACCESS_ADDRESSING : GUEST_ACCESS_OK;
	for (done = 0; done < len && how == GUEST_ACCESS_OK; done += part) {
		part = min_t(u32, len - done,
			     FAKE_PAGE - (addr + done) % FAKE_PAGE);
		how = in_page(guest, addr + done, data + done, part, store);
	}
	return how;
}

void fake_host_init(struct guest *host, struct guest *guest)
{
	memset(host, 0, sizeof(*host));
	host->test = guest->test;
	host->instead = fake_host_access;
	host->instead_arg = guest;
	spin_lock_init(&host->lock);
	host->thread = current;
}

/* Pinning */

static bool make_pins(struct guest *guest)
{
	if (!guest->pins)
		guest->pins = kunit_kzalloc(guest->test, FAKE_PINS *
					    sizeof(*guest->pins), GFP_KERNEL);
	return guest->pins;
}

/* Find an entry that isn't used, which has an address that was not used before. */
static struct fake_pin *take_pin(struct guest *guest)
{
	struct fake_pin *pin;
	u64 addr;

	do {
		addr = FAKE_PINNED + guest->pin_serial++ * FAKE_PAGE;
		pin = &guest->pins[addr / FAKE_PAGE % FAKE_PINS];
	} while (pin->addr);
	pin->addr = addr;
	return pin;
}

static void pin_page(struct guest *guest, struct guest_page *page, u8 key)
{
	const struct fake_access access = {
		.addr = page->guest, .len = FAKE_PAGE, .store = page->store,
		.key = key,
	};
	struct fake_pin *pin;
	u8 *at;

	KUNIT_EXPECT_EQ(guest->test, page->guest % FAKE_PAGE, 0);
	page->addr = 0;
	page->page = NULL;
	page->access = fake_page_access(guest, &access, &at);
	if (page->access != GUEST_ACCESS_OK)
		return;
	pin = take_pin(guest);
	pin->page = (at - guest->storage) / FAKE_PAGE;
	pin->store = page->store;
	pin->stored = false;
	page->addr = pin->addr;
	page->page = (struct page *)pin;
	guest->pinned++;
}

enum guest_pinned guest_pin(struct guest *guest, struct guest_page *pages,
			    u32 count, u8 key)
{
	u32 i;

	might_sleep();
	KUNIT_EXPECT_GT(guest->test, count, 0);
	guest->pin_calls++;
	if (guest->dying || guest->protected)
		return GUEST_PIN_GONE;
	if (guest->pin_fails)
		return guest->pin_fails;
	if (guest->pin_limit && guest->pinned + count > guest->pin_limit)
		return GUEST_PIN_LIMIT;
	if (guest->pinned + count > FAKE_PINS || !make_pins(guest))
		return GUEST_PIN_NO_MEMORY;
	for (i = 0; i < count; i++)
		pin_page(guest, &pages[i], key);
	return GUEST_PINNED;
}

void guest_unpin(struct guest *guest, struct guest_page *pages, u32 count,
		 bool stored)
{
	struct fake_pin *pin;
	u32 i;

	might_sleep();
	for (i = 0; i < count; i++) {
		pin = (struct fake_pin *)pages[i].page;
		if (!pin)
			continue;
		KUNIT_EXPECT_EQ(guest->test, pin->addr, pages[i].addr);
		/* Another translation may have the page pinned, too. */
		if (pin->stored)
			KUNIT_EXPECT_TRUE(guest->test, stored);
		pin->addr = 0;
		guest->pinned--;
	}
}
