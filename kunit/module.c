// SPDX-License-Identifier: GPL-2.0
/*
 * What the module of the suites says of itself, and what it may be told.
 */
#include <linux/minmax.h>
#include <linux/module.h>

#include "rounds.h"

MODULE_DESCRIPTION("KUnit suites of kvm_css");
MODULE_LICENSE("GPL");

/* Not of the name it has outside: asm/uv.h has a function share(). */
static unsigned int percent = 100;
module_param_named(share, percent, uint, 0444);
MODULE_PARM_DESC(share, "Percent of their rounds that tests which draw at random do");

u32 rounds(u32 all)
{
	return max(all * percent / 100, 1u);
}
