/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_LOCKDEP_H
#define _FUZZ_LINUX_LOCKDEP_H

#include <shim.h>

#define lockdep_assert_held(lock) \
	do { if (!(lock)->locked) shim_bug("not locked: " #lock); } while (0)

#endif /* _FUZZ_LINUX_LOCKDEP_H */
