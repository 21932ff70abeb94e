/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sequences of operations on an image that the fuzzer's input describes:
 * instructions, what the host does, and what goes wrong for the host
 */
#ifndef _FUZZ_SEQUENCE_H
#define _FUZZ_SEQUENCE_H

#include "image.h"

/**
 * sequence_begin() - begin a run with a new image
 * @image: the image
 * @in: the input
 */
void sequence_begin(struct fuzz_image *image, struct fuzz_input *in);

/**
 * sequence_run() - do what the input says, and check the image after each
 * operation
 * @operations: how many operations, unless the input ends before
 */
void sequence_run(unsigned int operations);

/**
 * sequence_end() - take the image down, and check what is left
 */
void sequence_end(void);

#endif /* _FUZZ_SEQUENCE_H */
