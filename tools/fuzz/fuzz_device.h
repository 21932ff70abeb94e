/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A control unit whose answers are the fuzzer's input.
 */
#ifndef _FUZZ_DEVICE_H
#define _FUZZ_DEVICE_H

#include <linux/hrtimer.h>

#include <kvm_css/control_unit.h>

#include "fuzz_guest.h"
#include "input.h"

/**
 * struct fuzz_device - the control unit
 * @dev: what the core sees
 * @guest: whose storage it moves data to and from
 * @script: its answers, taken from the end of the input
 * @owned: it was allocated
 * @pieces: it moves data in small pieces
 * @request: its request to be selected, made when it has something to present
 *	and while it is busy
 * @pending: for commands that are pending
 * @timer: completes a command that is pending
 * @how: what the current command does
 * @pend: if it is pending, how
 * @waiting: a command is pending, and it has not called cu_completed()
 * @incomplete: a command has been pending, and was not to be completed since
 * @initial: status that it presents when it is selected
 * @busy: how often it presents @initial, if that is busy alone
 * @presents: status that it is going to present by itself
 * @may_stop: it may stop the program itself, as an instruction would
 * @last: the last status that it has presented
 * @commands: how many it has executed
 * @given: how many bytes it has given to programs
 * @taken: how many bytes it has taken from programs
 * @released: how often it was released
 */
struct fuzz_device {
	struct css_device dev;
	struct fuzz_guest *guest;
	struct fuzz_input *script;
	struct cu_request request;
	struct cu_pending pending;
	struct hrtimer timer;
	u8 how;
	u8 pend;
	bool waiting;
	bool incomplete;
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
 * fuzz_device_init() - set up a control unit
 * @fuzz: the control unit
 * @guest: the guest
 * @script: its answers
 */
void fuzz_device_init(struct fuzz_device *fuzz, struct fuzz_guest *guest,
		      struct fuzz_input *script);

/**
 * fuzz_device_create() - make a control unit that is freed when it is released
 * @guest: the guest
 * @script: its answers
 *
 * Return: the control unit, or NULL when memory is short.
 */
struct fuzz_device *fuzz_device_create(struct fuzz_guest *guest,
				       struct fuzz_input *script);

/**
 * fuzz_device_initial() - choose the status that the control unit presents when
 * selected
 * @dev: a control unit, of any kind
 * @dstat: device status; busy is added unless it is zero
 */
void fuzz_device_initial(struct css_device *dev, u8 dstat);

/**
 * fuzz_device_present() - let the control unit present status
 * @dev: a control unit, of any kind
 * @dstat: device status
 */
void fuzz_device_present(struct css_device *dev, u8 dstat);

/**
 * fuzz_device_presents() - whether the control unit has status to present
 * @dev: a control unit, of any kind
 *
 * Return: whether it has.
 */
bool fuzz_device_presents(const struct css_device *dev);

/**
 * fuzz_device_complete() - let the control unit call cu_completed(), if a command
 * is pending
 * @dev: a control unit, of any kind
 */
void fuzz_device_complete(struct css_device *dev);

/**
 * fuzz_device_incomplete() - whether a command of the control unit is pending
 * @dev: a control unit, of any kind
 *
 * Return: whether one is that it has not been told to complete.
 */
bool fuzz_device_incomplete(const struct css_device *dev);

#endif /* _FUZZ_DEVICE_H */
