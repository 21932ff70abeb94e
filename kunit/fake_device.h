/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A control unit that follows a script: which command it expects next, what it
 * moves, and how it ends the command.  Any other command fails the test case.
 */
#ifndef _KVM_CSS_KUNIT_FAKE_DEVICE_H
#define _KVM_CSS_KUNIT_FAKE_DEVICE_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/types.h>

#include <kvm_css/control_unit.h>

#define FAKE_STREAM		0x10000u

/* What a command does with data */
enum fake_move {
	FAKE_NO_DATA,
	FAKE_GIVES,	/* it gives data to the guest: read, sense */
	FAKE_TAKES,	/* it takes data from the guest: write, control */
};

/**
 * struct fake_step - what the device does in one command
 * @cmd: the command that it expects
 * @move: the direction of the data
 * @len: how many bytes it has, or wants
 * @left: how many of them the channel program must leave
 * @dstat: device status; 0 for channel end and device end
 * @sense0: sense byte 0, kept with unit check
 */
struct fake_step {
	u8  cmd;
	enum fake_move move;
	u32 len;
	u32 left;
	u8  dstat;
	u8  sense0;
};

/* A command that is executed, and moves all its bytes */
#define STEP_GIVES(cmd_, len_) \
	{ .cmd = (cmd_), .move = FAKE_GIVES, .len = (len_) }
#define STEP_TAKES(cmd_, len_) \
	{ .cmd = (cmd_), .move = FAKE_TAKES, .len = (len_) }
/* A command that the channel subsystem ends before all bytes are moved */
#define STEP_GIVES_LEFT(cmd_, len_, left_) \
	{ .cmd = (cmd_), .move = FAKE_GIVES, .len = (len_), .left = (left_) }
#define STEP_TAKES_LEFT(cmd_, len_, left_) \
	{ .cmd = (cmd_), .move = FAKE_TAKES, .len = (len_), .left = (left_) }
/* An immediate operation, or a command that is not executed */
#define STEP_STATUS(cmd_, dstat_) \
	{ .cmd = (cmd_), .dstat = (dstat_) }
#define STEP_IMMEDIATE(cmd_) \
	{ .cmd = (cmd_) }

/* When the device calls cu_completed() for a command that is pending */
enum fake_when {
	FAKE_WHEN_TOLD,		/* in fake_complete() */
	FAKE_AT_ONCE,		/* before it has answered CU_PENDING */
	FAKE_IN_INTERRUPT,	/* soon, in a hard interrupt */
};

/**
 * struct fake_device - the control unit
 * @dev: what the core sees
 * @test: the test case
 * @steps: the script
 * @nr_steps: how many steps it has
 * @endless: the last step is repeated without end
 * @must_wait: no command can be executed on the vCPU
 * @blocks: a command waits for @go_on, or to be stopped
 * @stubborn: it waits for @go_on even when it is stopped
 * @parts: how often a command answers CU_PENDING before it ends.  It takes data
 *	before that, and gives data when it is completed the last time
 * @when: when a command that is pending is completed
 * @obliging: a command that is pending is completed when the device is asked to
 *	make an end
 * @chunk: size of the pieces in which data are moved; 0 for all at once
 * @during: called in each command before data are moved; may be NULL
 * @during_arg: argument of @during
 * @writes: each command writes something that is not stable
 * @sync_error: what its synchronization returns
 * @in_sync: what its synchronization waits for; NULL for nothing
 * @busy: it is executing a command
 * @at: the step of the current command
 * @waiting: a command is pending, and it has not called cu_completed()
 * @parts_left: how often it still answers CU_PENDING to the current command
 * @completes: how often it was to complete a command
 * @stops: how often it was asked to make an end
 * @dropped: it was told that nobody would see how the command ends
 * @pending: for commands that are pending
 * @timer: for FAKE_IN_INTERRUPT
 * @done: how many commands it has executed
 * @started: how many channel programs have begun
 * @waits: how often it has answered CU_MUST_WAIT
 * @resets: how often it has been reset; the creation of its subchannel does
 * that once
 * @unstable: for @writes
 * @syncs: how often it was synchronized
 * @synced_by: the thread that has done it last
 * @released: how often it has been released
 * @initial: how it answers when a start function is to be initiated; status that
 *	it presents so is taken from it
 * @presents: the status that it is going to present by itself
 * @selected: how often a start function was to be initiated
 * @halts: how often it was halted while it executed no command
 * @request: the request that fake_present() makes
 * @stream: the data that it gives, or has taken, in all commands
 * @moved: how much of @stream has been moved
 * @in_command: completed when a command that blocks has begun
 * @go_on: completed to let a command that blocks go on
 */
struct fake_device {
	struct css_device dev;
	struct kunit *test;
	const struct fake_step *steps;
	unsigned int nr_steps;
	bool endless;
	bool must_wait;
	bool blocks;
	bool stubborn;
	unsigned int parts;
	enum fake_when when;
	bool obliging;
	u32 chunk;
	void (*during)(void *arg);
	void *during_arg;
	bool writes;
	int sync_error;
	struct completion *in_sync;

	bool busy;
	unsigned int at;
	bool waiting;
	unsigned int parts_left;
	unsigned int completes;
	unsigned int stops;
	bool dropped;
	struct cu_pending pending;
	struct hrtimer timer;
	unsigned int done;
	unsigned int started;
	unsigned int waits;
	unsigned int resets;
	struct cu_writes unstable;
	unsigned int syncs;
	const struct task_struct *synced_by;
	unsigned int released;
	u8 initial;
	u8 presents;
	unsigned int selected;
	unsigned int halts;
	struct cu_request request;
	u8 *stream;
	u32 moved;
	struct completion in_command;
	struct completion go_on;
};

/**
 * fake_device_create() - make a control unit without a script
 * @test: the test case; its memory is that of the test case
 *
 * Return: the control unit.
 */
struct fake_device *fake_device_create(struct kunit *test);

/**
 * fake_device_script() - give the control unit its script, from the beginning
 * @fake: the control unit
 * @steps: the steps
 * @nr_steps: how many
 */
void fake_device_script(struct fake_device *fake, const struct fake_step *steps,
			unsigned int nr_steps);

/**
 * fake_present() - let the control unit present status now
 * @fake: the control unit
 * @dstat: the status; 0 to make only the request
 *
 * When this returns, the control unit has been asked for its status, if that
 * was possible.
 */
void fake_present(struct fake_device *fake, u8 dstat);

/**
 * fake_complete() - let the control unit call cu_completed() now
 * @fake: the control unit, with a command that is pending
 */
void fake_complete(struct fake_device *fake);

/**
 * fake_halt_program() - halt a program, for &fake_device.during and &guest.before_read
 * @program: the program, struct chanprog
 */
void fake_halt_program(void *program);

/**
 * fake_pattern() - the data that a control unit gives
 * @at: position in its stream
 *
 * Return: the byte there.
 */
u8 fake_pattern(u32 at);

#endif /* _KVM_CSS_KUNIT_FAKE_DEVICE_H */
