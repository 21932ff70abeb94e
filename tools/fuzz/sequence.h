/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sequences of operations on an image out of the fuzzer's input: instructions,
 * what the host does, and what goes wrong for it.
 */
#ifndef _FUZZ_SEQUENCE_H
#define _FUZZ_SEQUENCE_H

#include "image.h"

/**
 * sequence_begin() - a new run with a new image
 * @image: the image
 * @in: the input
 */
void sequence_begin(struct fuzz_image *image, struct fuzz_input *in);

/**
 * sequence_run() - do what the input says, and check the image each time
 * @operations: so often, or to the end of the input
 */
void sequence_run(unsigned int operations);

/**
 * sequence_end() - take the image down, and look what is left
 */
void sequence_end(void);

#endif /* _FUZZ_SEQUENCE_H */
