// SPDX-License-Identifier: GPL-2.0
/*
 * A function that does nothing, and lies beside the core: where the processor
 * comes by here, it is seen.
 */
#include "pathlen.h"

void __attribute__((noinline)) pathlen_mark(void)
{
	asm volatile("");
}
