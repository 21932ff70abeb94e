/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A control unit that follows a script: which command it expects next, what it
 * moves, and how it ends it.  What it is asked beyond that fails the test case.
 */
#ifndef _KVM_CSS_KUNIT_FAKE_DEVICE_H
#define _KVM_CSS_KUNIT_FAKE_DEVICE_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/types.h>

#include <kvm_css/control_unit.h>

#define FAKE_STREAM		0x10000u

/* What a command does with data */
enum fake_move {
	FAKE_NO_DATA,
	FAKE_GIVES,	/* to the guest: read, sense */
	FAKE_TAKES,	/* from the guest: write, control */
};

/**
 * struct fake_step - what the device does in one command
 * @cmd: the command that it expects
 * @move: the direction of the data
 * @len: how many bytes it has, or wants
 * @left: how many of them the channel program must not take, or give
 * @dstat: device status; 0 stands for channel end and device end
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

/* A command that is executed: all its bytes move. */
#define STEP_GIVES(cmd_, len_) \
	{ .cmd = (cmd_), .move = FAKE_GIVES, .len = (len_) }
#define STEP_TAKES(cmd_, len_) \
	{ .cmd = (cmd_), .move = FAKE_TAKES, .len = (len_) }
/* A command where the channel subsystem tells the device to stop earlier. */
#define STEP_GIVES_LEFT(cmd_, len_, left_) \
	{ .cmd = (cmd_), .move = FAKE_GIVES, .len = (len_), .left = (left_) }
#define STEP_TAKES_LEFT(cmd_, len_, left_) \
	{ .cmd = (cmd_), .move = FAKE_TAKES, .len = (len_), .left = (left_) }
/* An immediate operation, or a command that is not executed. */
#define STEP_STATUS(cmd_, dstat_) \
	{ .cmd = (cmd_), .dstat = (dstat_) }
#define STEP_IMMEDIATE(cmd_) \
	{ .cmd = (cmd_) }

/**
 * struct fake_device - the control unit
 * @dev: what the core sees
 * @test: the test case
 * @steps: the script
 * @nr_steps: how many steps it has
 * @endless: the last step is repeated for ever
 * @must_wait: no command can be executed on the vCPU
 * @blocks: a command waits for @go_on, or to be stopped
 * @stubborn: one that is stopped waits all the same
 * @chunk: data is moved in pieces of this size; 0: all at once
 * @during: called whenever it is asked, before data moves; may be NULL
 * @during_arg: its argument
 * @busy: it is executing a command
 * @done: commands executed
 * @started: channel programs begun
 * @waits: how often it has answered CU_MUST_WAIT
 * @resets: how often it has been reset; creating its subchannel does it once
 * @released: how often it has been released
 * @initial: how it answers when a start function is to be initiated; status that
 *	it presents so is taken from it
 * @presents: the status that it has to present by itself
 * @selected: how often a start function was to be initiated
 * @halts: how often it was halted while it executed no command
 * @request: made by fake_present()
 * @stream: the data it gives, or the data it has taken, all commands in a row
 * @moved: how much of it
 * @in_command: a command that blocks has begun
 * @go_on: lets a command that blocks go on
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
	u32 chunk;
	void (*during)(void *arg);
	void *during_arg;

	bool busy;
	unsigned int done;
	unsigned int started;
	unsigned int waits;
	unsigned int resets;
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
 * fake_present() - have the control unit present status, now
 * @fake: the control unit
 * @dstat: the status; 0 if it only wants to be asked
 *
 * When it returns the control unit has been asked, if it could be.
 */
void fake_present(struct fake_device *fake, u8 dstat);

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
