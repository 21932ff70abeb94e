/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A backend whose answers are the fuzzer's input, and may be anything.
 */
#ifndef _FUZZ_BACKEND_H
#define _FUZZ_BACKEND_H

#include <kvm_css/control_unit.h>

#include "fuzz_guest.h"
#include "input.h"

/**
 * fuzz_backend_create() - make a device with a backend
 * @guest: the guest
 * @script: the answers
 *
 * Return: the device, or NULL when memory is short.
 */
struct css_device *fuzz_backend_create(struct fuzz_guest *guest,
				       struct fuzz_input *script);

/**
 * fuzz_backend_tell() - let the backend have news, or say that it has stopped
 * @dev: a device of any kind
 * @what: bit 7: the guest is to be told of a change; else the backend has status
 *
 * It says that it has stopped if it was asked to and has not said so.
 */
void fuzz_backend_tell(struct css_device *dev, u8 what);

#endif /* _FUZZ_BACKEND_H */
