/* SPDX-License-Identifier: GPL-2.0 */
/* For tests: where drive_shell.c gets its tapes from, and how it lets them fail */
#ifndef CSS_TAPE_SHELL_TAPE_H
#define CSS_TAPE_SHELL_TAPE_H

#include "image.h"

/* Open an image. */
enum tape_result shell_open(const char *name, struct tape_image **image);

/* "set NAME VALUE" or "get NAME": what is to be printed */
const char *shell_fault(const char *word, const char *rest);

#endif /* CSS_TAPE_SHELL_TAPE_H */
