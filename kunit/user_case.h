/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the suites about devices that a process models share: an image whose subchannel
 * has such a device, and units that serve it.  The test case is the guest and the
 * process.
 */
#ifndef _KVM_CSS_KUNIT_USER_CASE_H
#define _KVM_CSS_KUNIT_USER_CASE_H

#include <linux/kvm_css.h>

#include <kvm_css/user_unit.h>

#include "fake_image.h"
#include "present_case.h"

/* Sense byte 0 of the process's unit checks, and byte 3 of the kernel's */
#define USER_SENSE0	SENSE0_BUS_OUT_CHECK
#define USER_SENSE3	0x43

#define USER_AREA	4096u
#define USER_UNITS	3

#define CMD_WRITE	0x01
#define CMD_READ	0x02
#define CMD_CONTROL	0x07

/**
 * struct fake_unit - a unit
 * @user: what the device knows
 * @area: its data area
 * @wakes: how often the process was woken
 * @frees: how often it was freed
 */
struct fake_unit {
	struct user_unit user;
	u8 area[USER_AREA];
	unsigned int wakes;
	unsigned int frees;
};

/**
 * struct user_bench - the device with its units
 * @image: the image
 * @dev: the device
 * @units: units, made by user_make()
 * @nr: how many there are
 */
struct user_bench {
	struct fake_image *image;
	struct css_device *dev;
	struct fake_unit *units[USER_UNITS];
	unsigned int nr;
};

/**
 * user_init() - for &kunit_suite.init: make an image with such a device, enabled
 * @test: the test case
 *
 * Return: 0.
 */
int user_init(struct kunit *test);

/**
 * user_exit() - for &kunit_suite.exit: close the units and take the image down
 * @test: the test case
 */
void user_exit(struct kunit *test);

/**
 * user_bench() - the bench of the running test case
 * @test: the test case
 *
 * Return: the bench.
 */
struct user_bench *user_bench(struct kunit *test);

/**
 * user_make() - make a unit that doesn't serve yet
 * @bench: the bench
 *
 * Return: the unit.
 */
struct fake_unit *user_make(struct user_bench *bench);

/**
 * user_serve() - make a unit that serves, and take the event that it begins
 * @bench: the bench
 *
 * Return: the unit.
 */
struct fake_unit *user_serve(struct user_bench *bench);

/**
 * user_close() - the process closes its descriptor
 * @bench: the bench
 * @unit: the unit, which must not be used afterwards
 */
void user_close(struct user_bench *bench, struct fake_unit *unit);

/**
 * user_start_program() - start a program
 * @bench: the bench
 * @ccws: its CCWs, which are put at IMAGE_PROG
 * @nr: how many there are
 * @orb_flags: ORB_*; the path is added
 */
void user_start_program(struct user_bench *bench, const struct css_ccw1 *ccws,
			u32 nr, u32 orb_flags);

/**
 * user_start() - start a program of one command
 * @bench: the bench
 * @cmd: the command, with IMAGE_COUNT bytes at IMAGE_DATA
 * @flags: CCW_*
 */
void user_start(struct user_bench *bench, u8 cmd, u8 flags);

/**
 * user_fetch() - fetch what is next, as the process does
 * @unit: the unit
 * @command: set to the command
 *
 * Return: the events.
 */
u32 user_fetch(struct fake_unit *unit, struct kvm_css_command *command);

/**
 * user_take() - wait for a command and fetch it
 * @unit: the unit
 * @cmd: the command that it must be
 *
 * Return: its number.
 */
u64 user_take(struct fake_unit *unit, u8 cmd);

/**
 * user_answer() - answer a command
 * @unit: the unit
 * @seq: its number
 * @status: device status; with unit check there is one sense byte, USER_SENSE0
 * @count: how many bytes
 *
 * Return: as user_unit_answer().
 */
int user_answer(struct fake_unit *unit, u64 seq, u8 status, u32 count);

/**
 * user_present() - present status
 * @unit: the unit
 * @seq: the number of the command, or 0
 * @status: device status; with unit check there is one sense byte, USER_SENSE0
 *
 * Return: as user_unit_present().
 */
int user_present(struct fake_unit *unit, u64 seq, u8 status);

/**
 * user_expect_irb() - wait for an interruption and check the status
 * @bench: the bench
 * @control: function, activity and status control
 * @dstat: device status
 * @count: residual count
 */
void user_expect_irb(struct user_bench *bench, u32 control, u8 dstat, u16 count);

/**
 * user_expect_sense() - check the sense bytes that the device has, and take them
 * @bench: the bench
 * @sense0: sense byte 0.  Unless it is USER_SENSE0, the kernel has made the unit check, and
 *	byte 3 is USER_SENSE3.  All other bytes must be zeros
 */
void user_expect_sense(struct user_bench *bench, u8 sense0);

/**
 * user_settle() - wait until nobody works for the image
 * @bench: the bench
 */
void user_settle(struct user_bench *bench);

#endif /* _KVM_CSS_KUNIT_USER_CASE_H */
