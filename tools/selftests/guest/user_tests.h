/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The theme "user" consists of several files: user.c has what they share;
 * user_command.c commands and their data; user_status.c status that the process
 * presents, and HALT SUBCHANNEL; user_end.c processes that are stopped, killed, replaced
 * or hostile.
 */
#ifndef GUEST_USER_TESTS_H
#define GUEST_USER_TESTS_H

#include "chan.h"
#include "user.h"

#define USER_ISC		3
#define USER_INTPARM		0x00facade

#define USER_DEVICE		SCSW_AC_DEVICE_ACTIVE
#define USER_ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)
#define USER_PRIMARY		(SCSW_SC_PRIMARY | SCSW_SC_PENDING)
#define USER_SECONDARY		(SCSW_SC_SECONDARY | SCSW_SC_PENDING)
#define USER_ENDED		(SCSW_SC_SECONDARY | USER_PRIMARY)
#define USER_ALERT		(SCSW_SC_ALERT | SCSW_SC_PENDING)
#define USER_CHECKED		(SCSW_FC_START | SCSW_SC_ALERT | USER_ENDED)
#define USER_CHECK_STATUS	(DST_ENDED | DST_UNIT_CHECK)

#define SENSE_INTERVENTION	0x40
#define SENSE_EQUIPMENT		0x10

/* The program of the running test, and its data */
extern struct ccw1 user_prog[8];
extern u8 user_data[4096];

/**
 * user_call() - ask the host for something
 * @what: USER_CALL_*
 * @argument: with which argument
 *
 * Return: the answer.
 */
u64 user_call(u64 what, u64 argument);

/**
 * user_must() - ask the host for something that must work
 * @what: USER_CALL_*
 * @argument: with which argument
 */
void user_must(u64 what, u64 argument);

/**
 * user_seen() - what the process has seen since it was last asked
 * @what: USER_SEEN_*
 *
 * Return: the number or the bits.
 */
u64 user_seen(u64 what);

/**
 * user_serve() - have a process serve USER_SID, and enable the subchannel
 */
void user_serve(void);

/**
 * user_enable() - enable the subchannel and all interruption subclasses
 */
void user_enable(void);

/**
 * user_start() - start a program of one CCW
 * @cmd: command
 * @flags: CCW_*
 * @count: count
 * @data: data address
 */
void user_start(u8 cmd, u8 flags, u16 count, void *data);

/**
 * user_end() - take an interruption and execute TEST SUBCHANNEL
 *
 * Return: the interruption-response block.
 */
const struct irb *user_end(void);

/**
 * user_expect() - take an interruption and check the status
 * @control: function, activity and status control
 * @dstat: device status
 * @cstat: subchannel status
 * @count: residual count
 */
void user_expect(u32 control, u8 dstat, u8 cstat, u16 count);

/**
 * user_expect_ended() - expect the end of a program by channel end and device end
 * @count: residual count
 */
void user_expect_ended(u16 count);

/**
 * user_expect_sense() - fetch sense bytes
 * @sense0: sense byte 0
 * @sense1: sense byte 1
 * @residual: how many of 32 bytes there aren't
 */
void user_expect_sense(u8 sense0, u8 sense1, u16 residual);

/**
 * user_expect_usable() - write to the process and read back
 */
void user_expect_usable(void);

extern const struct test_group user_command_group, user_status_group,
			       user_end_group;

#endif /* GUEST_USER_TESTS_H */
