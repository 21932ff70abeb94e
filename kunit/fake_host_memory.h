/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host's storage, as its channel subsystem accesses it: what host_memory_alloc()
 * gives, and the pages that guest_pin() has pinned.  Nothing else is there.  This
 * is for KUnit and for the fuzzers.
 */
#ifndef _KVM_CSS_KUNIT_FAKE_HOST_MEMORY_H
#define _KVM_CSS_KUNIT_FAKE_HOST_MEMORY_H

#include <kvm_css/host_sch.h>

#include "fake_guest.h"

/* How many more allocations succeed; then one fails.  Negative: all do. */
extern int fake_host_memory_good;

/**
 * fake_host_memory_used() - how much host_memory_alloc() has given
 *
 * Return: how many allocations have not been freed.
 */
unsigned int fake_host_memory_used(void);

/**
 * fake_host_access() - access storage by absolute addresses of the host's
 * @guest: the guest whose pages may be pinned; its type is that of
 *	&guest.instead_arg
 * @addr: absolute address
 * @data: where to, or what
 * @len: in bytes
 * @store: data are stored; not into what host_memory_alloc() gives
 *
 * A store into a page that was not pinned for that makes the test fail.
 *
 * Return: GUEST_ACCESS_OK, or GUEST_ACCESS_ADDRESSING if there is no such storage.
 */
guest_access_t fake_host_access(void *guest, u64 addr, void *data, u32 len,
				bool store);

/**
 * fake_host_init() - make the host itself, for chanprog_run() of a translation
 * @host: the host
 * @guest: the guest whose pages may be pinned
 */
void fake_host_init(struct guest *host, struct guest *guest);

#endif /* _KVM_CSS_KUNIT_FAKE_HOST_MEMORY_H */
