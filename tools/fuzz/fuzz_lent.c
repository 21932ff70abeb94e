// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: sequences of I/O instructions against devices that a host lends, and whose
 * channel subsystem may answer anything, at any time.
 */
#include "sequence.h"

#define OPERATIONS	120

int fuzz_one_input(const u8 *data, size_t size)
{
	struct fuzz_input in = { .data = data, .left = size };
	static struct fuzz_image image;

	image.lent = true;
	sequence_begin(&image, &in);
	sequence_run(OPERATIONS);
	sequence_end();
	return 0;
}
