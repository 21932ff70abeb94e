/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For tests: a host that fails, or that ends the process, at a call of one's choice.
 */
#ifndef CSS_TAPE_IMAGE_FAULT_H
#define CSS_TAPE_IMAGE_FAULT_H

#include <stdbool.h>

/**
 * fault_set() - let a call fail
 * @calls: "write" for pwrite(), ftruncate() and fdatasync(), "out" for sync_file_range(), "read"
 *	for pread(), "lock" for fcntl() with a lock
 * @first: the first call of these that fails, from 1; 0 for none
 * @count: how many fail
 * @kind: "eio", "enospc", "enolck", "half" (pwrite() writes half and says so; the next call
 *	fails with ENOSPC) or "kill" (half is written, and the process ends)
 *
 * Return: whether the arguments were understood.
 */
bool fault_set(const char *calls, unsigned int first, unsigned int count, const char *kind);

/**
 * fault_outs() - what sync_file_range() was called for since fault_outs() was
 *
 * Return: for each call FROM-TO, and a + behind it if it waits.
 */
const char *fault_outs(void);

/**
 * fault_happened() - whether a call has failed since fault_set()
 *
 * Return: whether one has.
 */
bool fault_happened(void);

#endif /* CSS_TAPE_IMAGE_FAULT_H */
