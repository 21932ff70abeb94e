/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Credentials: those of the VMM and those of a worker, see file.c of the
 * fuzzers
 */
#ifndef _FUZZ_LINUX_CRED_H
#define _FUZZ_LINUX_CRED_H

#include "shim.h"

struct cred {
	unsigned int references;
};

extern struct cred fuzz_vmm_cred, fuzz_worker_cred;
extern const struct cred *fuzz_cred;

/* The VMM makes devices, so the caller is the VMM. */
static inline const struct cred *get_current_cred(void)
{
	fuzz_vmm_cred.references++;
	return &fuzz_vmm_cred;
}

static inline void put_cred(const struct cred *cred)
{
	if (!((struct cred *)cred)->references--)
		shim_bug("credentials are given back that nobody has");
}

static inline const struct cred *override_creds(const struct cred *cred)
{
	const struct cred *old = fuzz_cred;

	fuzz_cred = cred;
	return old;
}

static inline void revert_creds(const struct cred *old)
{
	fuzz_cred = old;
}

#endif /* _FUZZ_LINUX_CRED_H */
