/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Processes that serve a device of the type KVM_CSS_TYPE_USER, and do what the
 * fuzzer's input says.
 */
#ifndef _FUZZ_UNIT_H
#define _FUZZ_UNIT_H

#include <kvm_css/control_unit.h>

#include "input.h"

/* How the first byte that fuzz_unit_act() takes says these two, for process 0 */
#define FUZZ_UNIT_FETCH		0
#define FUZZ_UNIT_SERVE		5

/**
 * fuzz_unit_create() - make a device that processes can serve
 *
 * Return: the device, or an ERR_PTR().
 */
struct css_device *fuzz_unit_create(void);

/**
 * fuzz_unit_act() - let a process do something
 * @dev: a device of any kind; if it is another one, nothing happens
 * @in: the input; says which process, and what
 */
void fuzz_unit_act(struct css_device *dev, struct fuzz_input *in);

/**
 * fuzz_unit_busy() - whether a process keeps start functions waiting
 * @dev: a device of any kind
 *
 * Return: whether one does, and can end that.
 */
bool fuzz_unit_busy(struct css_device *dev);

/**
 * fuzz_unit_check() - check what must hold for all processes at any moment
 */
void fuzz_unit_check(void);

/**
 * fuzz_unit_end() - let all processes end
 */
void fuzz_unit_end(void);

#endif /* _FUZZ_UNIT_H */
