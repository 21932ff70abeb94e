/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The theme "user" consists of several files: user.c; user_guest.c has the VM;
 * user_data.c for the data of a command; user_status.c for status of all kinds;
 * user_same.c compares the device with a test control unit; user_stop.c for what
 * ends a command; user_process.c for what becomes of a process; user_prompt.c for one
 * that answers at once; and user_race.c for calls at any moment.
 *
 * The test is the process that serves the device, and it tells the guest which
 * instruction to execute next.  So a test says what comes after what, and needs no
 * second thread.  Only where the process is killed or stopped, or calls while others
 * do something else, it is a process of its own.
 */
#ifndef SELFTESTS_USER_H
#define SELFTESTS_USER_H

#include <sys/types.h>

#include "ktap.h"
#include "unit_calls.h"
#include "guest/user.h"

/* Where a test puts its program and its data in guest storage */
#define USER_CCWS		0x400000u
#define USER_DATA		0x800000u
#define USER_DATA_SIZE		0x100000u

#define USER_AREA		16384u
#define USER_DEVNO		0x3100
#define USER_INTPARM		0x00c0ffee

/* How long to wait for what comes soon */
#define USER_SOON_MS		20000
/* How long nothing may happen before a test believes that nothing does */
#define USER_QUIET_MS		50

/* Function, activity and status control of usual states */
#define USER_ACTIVE	(SCSW_FC_START | SCSW_AC_SUBCH_ACTIVE |	\
			 SCSW_AC_DEVICE_ACTIVE)
#define USER_PRIMARY	(SCSW_SC_PRIMARY | SCSW_SC_PENDING)
#define USER_ALL_ENDED	(SCSW_SC_SECONDARY | USER_PRIMARY)
#define USER_UNSOLICITED	(SCSW_SC_ALERT | SCSW_SC_PENDING)

/* A residual count that means nothing, as after CLEAR SUBCHANNEL */
#define USER_ANY_COUNT	0x10000u

/* --- user_guest.c: the VM --- */

/**
 * user_vm_begin() - make a VM, and start its guest
 *
 * It has a test control unit at USER_SID_TEST, and nothing else.
 */
void user_vm_begin(void);

/**
 * user_vm_end() - end the guest and the VM
 */
void user_vm_end(void);

/**
 * user_css() - the VM's channel subsystem
 *
 * Return: its descriptor.
 */
int user_css(void);

/* Its number in a child process that has forgotten the VM */
#define USER_KEPT_FD	3

/**
 * user_forget_vm() - in a child process: close what belongs to the VM
 * @keep: a descriptor that stays open, as USER_KEPT_FD
 *
 * Standard input, output and errors stay open, too.
 */
void user_forget_vm(int keep);

/**
 * user_at() - find a piece of guest storage
 * @addr: absolute address
 *
 * Return: where the test has it.
 */
void *user_at(u64 addr);

/**
 * user_insn() - let the guest execute an instruction
 * @insn: INSN_*
 * @sid: general register 1
 * @operand: address of the second operand
 *
 * Return: the condition code, or more than 3 for a program interruption.
 */
u32 user_insn(u16 insn, u32 sid, u64 operand);

/**
 * user_interruption() - let the guest wait for an I/O interruption
 * @ms: how long at most
 * @sid: filled in with the subchannel; 0 if none came
 *
 * Return: the interruption parameter.
 */
u32 user_interruption(u32 ms, u32 *sid);

/**
 * user_key() - give a page of guest storage a storage key
 * @page: its address
 * @key: the key, as SSKE has it
 */
void user_key(u64 page, u8 key);

/**
 * user_add() - add the device
 */
void user_add(void);

/**
 * user_enable() - enable a subchannel
 * @sid: the subchannel
 * @chars: PMCW_* in the last word of the PMCW, such as concurrent sense
 */
void user_enable(u32 sid, u32 chars);

/**
 * user_ccw() - put a CCW into the program
 * @nr: which one
 * @cmd: command
 * @flags: CCW_*
 * @count: count
 * @addr: data address
 */
void user_ccw(u32 nr, u8 cmd, u8 flags, u16 count, u64 addr);

/**
 * user_start_orb() - START SUBCHANNEL, from the first CCW
 * @sid: the subchannel
 * @flags: ORB_* beside format 1 and the path
 *
 * Return: the condition code.
 */
u32 user_start_orb(u32 sid, u32 flags);

/**
 * user_start() - START SUBCHANNEL of the device, which must be accepted
 *
 * Return: whether it was.
 */
bool user_start(void);

/**
 * user_control_of() - function, activity and status control
 * @sid: the subchannel
 *
 * Return: these, as STORE SUBCHANNEL shows them.
 */
u32 user_control_of(u32 sid);

/* The same for the device */
static inline u32 user_control(void)
{
	return user_control_of(USER_SID);
}

/**
 * user_until() - wait until a bit of the device's controls is one
 * @control: any of these bits
 *
 * Return: false if it takes too long; then the test has failed.
 */
bool user_until(u32 control);

/**
 * user_tsch() - TEST SUBCHANNEL
 * @sid: the subchannel
 * @irb: filled in
 *
 * Return: the condition code.
 */
u32 user_tsch(u32 sid, struct irb *irb);

/**
 * user_status() - take one interruption, and the status that belongs to it
 * @sid: the subchannel
 * @irb: filled in
 *
 * Return: false if there was none; then the test has failed.
 */
bool user_status(u32 sid, struct irb *irb);

/**
 * user_expect() - take one interruption of the device, and check its status
 * @control: function, activity and status control
 * @dstat: device status
 * @cstat: subchannel status
 * @count: residual count, or USER_ANY_COUNT
 *
 * Return: false if the test has failed.
 */
bool user_expect(u32 control, u8 dstat, u8 cstat, u32 count);

/**
 * user_expect_end() - the same, for a start function that is over
 * @dstat: device status
 * @cstat: subchannel status
 * @count: residual count
 *
 * Return: false if the test has failed.
 */
bool user_expect_end(u8 dstat, u8 cstat, u16 count);

/**
 * user_quiet() - check that no status and no interruption is pending
 */
void user_quiet(void);

/* --- user.c: the process --- */

/* The unit of the running test */
extern struct unit user_unit;

/**
 * user_serve() - add the device, serve it, be told that this begins, and enable it
 */
void user_serve(void);

/**
 * user_over() - end what user_serve() has begun, or what there is of it
 *
 * Nothing may be left of it.
 */
void user_over(void);

/**
 * user_fetch() - get the next command, and nothing else
 * @code: which it must be
 *
 * Return: false if the test has failed.
 */
bool user_fetch(u8 code);

/**
 * user_fetch_event() - get events, and no command
 * @events: which they must be, KVM_CSS_EVENT_*
 *
 * Return: false if the test has failed.
 */
bool user_fetch_event(u32 events);

/**
 * user_nothing() - check that there is neither a command nor an event
 */
void user_nothing(void);

/**
 * user_answer() - answer the command that was fetched
 * @status: device status
 * @count: how many bytes
 *
 * Nothing else may be returned.
 * Return: false if the test has failed.
 */
bool user_answer(u8 status, u32 count);

/**
 * user_is() - check how a call has ended
 * @error: 0 or a positive errno
 * @expected: which it must be
 * @what: the call
 *
 * Return: @error == @expected.
 */
bool user_is(int error, int expected, const char *what);

/**
 * user_works() - check that a program can run on the device now
 *
 * Return: false if the test has failed.
 */
bool user_works(void);

extern const struct ktap_case user_data_cases[];
extern const unsigned int user_data_nr;
extern const struct ktap_case user_status_cases[];
extern const unsigned int user_status_nr;
extern const struct ktap_case user_same_cases[];
extern const unsigned int user_same_nr;
extern const struct ktap_case user_stop_cases[];
extern const unsigned int user_stop_nr;
extern const struct ktap_case user_process_cases[];
extern const unsigned int user_process_nr;
extern const struct ktap_case user_prompt_cases[];
extern const unsigned int user_prompt_nr;
extern const struct ktap_case user_race_cases[];
extern const unsigned int user_race_nr;
/* These make VMs of their own, so they come before user_vm_begin(). */
extern const struct ktap_case user_vm_cases[];
extern const unsigned int user_vm_nr;

#endif /* SELFTESTS_USER_H */
