/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Subchannels of the host's that are lent, of which all answers are the fuzzer's input: an
 * implementation of <kvm_css/host_sch.h>.
 */
#ifndef _FUZZ_HOST_H
#define _FUZZ_HOST_H

#include <kvm_css/control_unit.h>

#include "fuzz_guest.h"
#include "input.h"

/**
 * fuzz_host_begin() - begin a run
 * @guest: the guest
 * @script: the answers
 */
void fuzz_host_begin(struct fuzz_guest *guest, struct fuzz_input *script);

/**
 * fuzz_host_end() - wait until the host has all its devices again, and check that
 *
 * All subchannels of the guest's have ended.
 */
void fuzz_host_end(void);

/**
 * fuzz_host_create() - lend a device
 *
 * Return: it, or an ERR_PTR().
 */
struct css_device *fuzz_host_create(void);

/**
 * fuzz_host_tell() - let something happen at a subchannel of the host's
 * @dev: a device of any kind
 * @what: what happens
 *
 * The context is that of a hard interrupt.
 */
void fuzz_host_tell(struct css_device *dev, u8 what);

/**
 * fuzz_host_check() - check that what a device may access is there
 */
void fuzz_host_check(void);

#endif /* _FUZZ_HOST_H */
