// SPDX-License-Identifier: GPL-2.0
/*
 * A function that does nothing.  It is outside of the core's section, so that
 * whoever traces the processor sees when it is called.
 */
#include "pathlen.h"

void __attribute__((noinline)) pathlen_mark(void)
{
	asm volatile("");
}
