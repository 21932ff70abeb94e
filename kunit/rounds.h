/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much a test that draws at random does.
 */
#ifndef KVM_CSS_KUNIT_ROUNDS_H
#define KVM_CSS_KUNIT_ROUNDS_H

#include <linux/types.h>

/**
 * rounds() - how many rounds a test that draws at random does
 * @all: its rounds where nothing else was asked for
 *
 * An emulated machine takes ten times as long for each.  Whoever loads the
 * suites there says with the parameter "share" how much of them it runs.  The
 * first rounds are the same everywhere.
 *
 * Context: any.
 * Return: at least 1.
 */
u32 rounds(u32 all);

#endif
