/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_LOCKDEP_H
#define _FUZZ_LINUX_LOCKDEP_H

#include <shim.h>

#ifdef SHIM_NO_LOCKDEP
/* As in a kernel without lockdep, for what counts instructions */
#define lockdep_assert_held(lock)	((void)(lock))
#else
#define lockdep_assert_held(lock) \
	do { if (!(lock)->locked) shim_bug("not locked: " #lock); } while (0)
#endif

#endif /* _FUZZ_LINUX_LOCKDEP_H */
