// SPDX-License-Identifier: GPL-2.0
/*
 * What the module of the suites says of itself.
 */
#include <linux/module.h>

MODULE_DESCRIPTION("KUnit suites of kvm_css");
MODULE_LICENSE("GPL");
