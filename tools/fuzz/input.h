/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fuzzer's input, read from both ends: what is to be done from the front,
 * what devices answer from the back.  So a change in the one doesn't shift the
 * other.  Behind the end there are zeros.
 */
#ifndef _FUZZ_INPUT_H
#define _FUZZ_INPUT_H

#include <linux/types.h>

/**
 * fuzz_one_input() - one run of a fuzzer: what libFuzzer calls
 * @data: the input
 * @size: in bytes
 *
 * Return: 0.
 */
int fuzz_one_input(const u8 *data, size_t size);

/**
 * struct fuzz_input - what is left of the input
 * @data: where it begins
 * @left: in bytes
 */
struct fuzz_input {
	const u8 *data;
	size_t left;
};

static inline u8 take8(struct fuzz_input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

static inline u16 take16(struct fuzz_input *in)
{
	u16 high = take8(in);

	return high << 8 | take8(in);
}

static inline u32 take32(struct fuzz_input *in)
{
	u32 high = take16(in);

	return high << 16 | take16(in);
}

/* From the back */
static inline u8 take8_back(struct fuzz_input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return in->data[in->left];
}

#endif /* _FUZZ_INPUT_H */
