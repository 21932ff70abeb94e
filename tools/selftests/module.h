/* SPDX-License-Identifier: GPL-2.0 */
/* Unload the module, and load it again */
#ifndef SELFTESTS_MODULE_H
#define SELFTESTS_MODULE_H

#include <stdbool.h>

/**
 * module_file() - where the module's file is
 *
 * Skips the running test if nobody says it.
 *
 * Return: what $KVM_CSS_KO says, or NULL.
 */
const char *module_file(void);

/**
 * module_unload() - unload the module
 *
 * Return: false with errno set if it couldn't be.
 */
bool module_unload(void);

/**
 * module_load() - load the module
 * @name: its file
 *
 * Return: false with errno set if it couldn't be.
 */
bool module_load(const char *name);

#endif /* SELFTESTS_MODULE_H */
