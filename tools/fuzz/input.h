/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fuzzer's input.  It is read from both ends: what is to be done from the
 * front, and what devices answer from the back, so that a change of one doesn't
 * shift the other.  Behind its end there are zeros.
 */
#ifndef _FUZZ_INPUT_H
#define _FUZZ_INPUT_H

#include <linux/types.h>

/**
 * fuzz_one_input() - run the fuzzer for one input; libFuzzer calls this
 * @data: the input
 * @size: in bytes
 *
 * Return: 0.
 */
int fuzz_one_input(const u8 *data, size_t size);

/**
 * struct fuzz_input - what is left of the input
 * @data: the first byte that is left
 * @left: how many bytes are left
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

/* Take a byte from the back. */
static inline u8 take8_back(struct fuzz_input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return in->data[in->left];
}

#endif /* _FUZZ_INPUT_H */
