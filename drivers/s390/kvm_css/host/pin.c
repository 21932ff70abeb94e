// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of guest storage that a device of the host's accesses by itself.
 *
 * The pages are pinned with FOLL_LONGTERM: how long a device takes is up to the
 * device.  They are charged to the VM's process, as those of devices that VFIO
 * passes through are.  What is charged is given back when they are unpinned, also
 * if the process has ended meanwhile: struct guest keeps its struct mm_struct.
 *
 * The storage keys are looked at when the pages are pinned; the device then
 * accesses them with key 0.
 */
#include <linux/kvm_host.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include <kvm_css/guest.h>

#include "host.h"

/* How many pages are pinned by one call */
#define PIN_BATCH	32u

/* A page of the guest's that is not in the host's address space */
#define NO_HVA		0ul

/*
 * Find out where a page is for the process.
 * Return: NO_HVA if it can't be accessed; then &page->access says why.
 */
static unsigned long page_hva(struct guest *guest, struct guest_page *page,
			      u8 key)
{
	struct kvm_memory_slot *slot;
	gfn_t gfn = gpa_to_gfn(page->guest);

	page->page = NULL;
	page->addr = 0;
	slot = kvm_symbols.gfn_to_memslot(guest->kvm, gfn);
	if (!slot || slot->flags & KVM_MEMSLOT_INVALID ||
	    (page->store && slot->flags & KVM_MEM_READONLY)) {
		page->access = storage_failure(guest, page->guest, PAGE_SIZE,
					       page->store);
		return NO_HVA;
	}
	page->access = storage_permits(guest, page->guest, PAGE_SIZE,
				       page->store, key);
	if (page->access != GUEST_ACCESS_OK)
		return NO_HVA;
	return slot->userspace_addr + (gfn - slot->base_gfn) * PAGE_SIZE;
}

/*
 * Pin pages that follow each other for the process, all for the same accesses.
 * Return: how many from the first one on were pinned, or a negative errno if
 * not even the first one was.
 */
static int pin_run(struct guest_page *pages, unsigned long hva, u32 count)
{
	unsigned int flags = FOLL_LONGTERM | (pages->store ? FOLL_WRITE : 0);
	struct page *pinned[PIN_BATCH];
	int n, i;

	n = pin_user_pages_fast(hva, count, flags, pinned);
	for (i = 0; i < n; i++) {
		pages[i].page = pinned[i];
		pages[i].addr = page_to_phys(pinned[i]);
	}
	return n;
}

/* Pin pages from the first one on.  Return: for how many *@how is true. */
static u32 pin_some(struct guest *guest, struct guest_page *pages, u32 count,
		    u8 key, enum guest_pinned *how)
{
	unsigned long hva = page_hva(guest, pages, key);
	u32 run = 1;
	int n;

	*how = GUEST_PINNED;
	if (hva == NO_HVA)
		return 1;
	count = min(count, PIN_BATCH);
	while (run < count && pages[run].store == pages->store &&
	       page_hva(guest, &pages[run], key) == hva + run * PAGE_SIZE)
		run++;
	n = pin_run(pages, hva, run);
	if (n > 0)
		return n;
	if (fatal_signal_pending(current))
		*how = GUEST_PIN_SIGNAL;
	else if (n == -ENOMEM)
		*how = GUEST_PIN_NO_MEMORY;
	else
		pages->access = GUEST_ACCESS_ERROR;
	return 1;
}

static void unpin(struct guest_page *pages, u32 count, bool stored)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (pages[i].page)
			unpin_user_pages_dirty_lock(&pages[i].page, 1,
						    stored && pages[i].store);
}

enum guest_pinned guest_pin(struct guest *guest, struct guest_page *pages,
			    u32 count, u8 key)
{
	enum guest_pinned how = GUEST_PINNED;
	u32 done = 0;
	int idx;

	if (!storage_reachable(guest))
		return GUEST_PIN_GONE;
	if (account_locked_vm(guest->mm, count, true))
		return fatal_signal_pending(current) ? GUEST_PIN_SIGNAL :
						       GUEST_PIN_LIMIT;
	idx = storage_enter(guest);
	while (done < count && how == GUEST_PINNED) {
		done += pin_some(guest, pages + done, count - done, key, &how);
		cond_resched();
	}
	storage_leave(guest, idx);
	/* It may have become a protected VM meanwhile. */
	if (how == GUEST_PINNED && storage_lost(guest))
		how = GUEST_PIN_GONE;
	if (how == GUEST_PINNED) {
		attachment_get(guest);
		return how;
	}
	unpin(pages, done, false);
	account_locked_vm(guest->mm, count, false);
	return how;
}

/* Tell whoever copies the VM's storage, to migrate it, what the device stored. */
static void log_dirty(struct guest *guest, const struct guest_page *pages,
		      u32 count)
{
	int idx;
	u32 i;

	if (!attachment_hold_vm(guest))
		return;
	idx = storage_enter(guest);
	for (i = 0; i < count; i++)
		if (pages[i].page && pages[i].store)
			kvm_symbols.mark_page_dirty(guest->kvm,
						    gpa_to_gfn(pages[i].guest));
	storage_leave(guest, idx);
	attachment_drop_vm(guest);
}

void guest_unpin(struct guest *guest, struct guest_page *pages, u32 count,
		 bool stored)
{
	if (stored)
		log_dirty(guest, pages, count);
	unpin(pages, count, stored);
	account_locked_vm(guest->mm, count, false);
	attachment_put(guest);
}
