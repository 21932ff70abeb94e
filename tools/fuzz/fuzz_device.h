/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A control unit whose answers are the fuzzer's input.
 */
#ifndef _FUZZ_DEVICE_H
#define _FUZZ_DEVICE_H

#include <kvm_css/control_unit.h>

#include "fuzz_guest.h"
#include "input.h"

/**
 * struct fuzz_device - the control unit
 * @dev: what the core sees
 * @guest: whose storage it moves data to and from
 * @script: its answers, taken from the back
 * @owned: it was allocated
 * @pieces: data is moved in small pieces
 * @request: made when it has something to present, and while it is busy
 * @initial: what it says when it is selected
 * @busy: how often it says so, if that is busy alone
 * @presents: the status that it has to present
 * @may_stop: it may stop the program itself, as an instruction would
 * @last: the last status that it gave
 * @commands: how many it has executed
 * @given: bytes that programs took
 * @taken: bytes that programs gave
 * @released: how often it was released
 */
struct fuzz_device {
	struct css_device dev;
	struct fuzz_guest *guest;
	struct fuzz_input *script;
	struct cu_request request;
	u8 initial;
	u8 busy;
	u8 presents;
	bool owned;
	bool pieces;
	bool may_stop;

	u8 last;
	u32 commands;
	u64 given;
	u64 taken;
	unsigned int released;
};

/**
 * fuzz_device_init() - a control unit
 * @fuzz: the control unit
 * @guest: the guest
 * @script: its answers
 */
void fuzz_device_init(struct fuzz_device *fuzz, struct fuzz_guest *guest,
		      struct fuzz_input *script);

/**
 * fuzz_device_create() - a control unit that goes when it is released
 * @guest: the guest
 * @script: its answers
 *
 * Return: the control unit, or NULL when memory is short.
 */
struct fuzz_device *fuzz_device_create(struct fuzz_guest *guest,
				       struct fuzz_input *script);

/**
 * fuzz_device_initial() - choose what the control unit says when it is selected
 * @dev: a control unit, of any kind
 * @dstat: device status; becomes busy with it, or nothing
 */
void fuzz_device_initial(struct css_device *dev, u8 dstat);

/**
 * fuzz_device_present() - have the control unit present status
 * @dev: a control unit, of any kind
 * @dstat: device status
 */
void fuzz_device_present(struct css_device *dev, u8 dstat);

/**
 * fuzz_device_presents() - has the control unit something to present?
 * @dev: a control unit, of any kind
 *
 * Return: whether it has.
 */
bool fuzz_device_presents(const struct css_device *dev);

#endif /* _FUZZ_DEVICE_H */
