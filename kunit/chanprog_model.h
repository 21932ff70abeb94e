/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A second implementation of channel programs, as plain as possible: it moves
 * one byte after the other, and does nothing ahead of time.
 * chanprog_property_test.c compares the core with it.
 */
#ifndef _KVM_CSS_KUNIT_CHANPROG_MODEL_H
#define _KVM_CSS_KUNIT_CHANPROG_MODEL_H

#include <linux/types.h>

#include <kvm_css/chanprog.h>

#include "fake_guest.h"

/* How many commands a device executes; it ends the last one with unit check. */
#define MODEL_COMMANDS		16

/* The longest block that a device has or wants */
#define MODEL_BLOCK		3000

/**
 * struct model_behaviour - what the device does in one command
 * @len: how many bytes it has or wants; 0 for an immediate operation
 * @dstat: device status
 * @later: status that it presents after channel end alone
 */
struct model_behaviour {
	u32 len;
	u8  dstat;
	u8  later;
};

/**
 * struct model_command - a command that was executed
 * @cmd: the command code
 * @moved: how many bytes were moved
 */
struct model_command {
	u8  cmd;
	u32 moved;
};

/* What is special about a page of storage */
#define MODEL_ABSENT		0x1
#define MODEL_BROKEN		0x2
#define MODEL_READONLY		0x4

/**
 * struct model - a channel program, what it runs with, and its result
 * @orb_flags: second word of the ORB
 * @cpa: channel-program address
 * @limit: the limit for address-limit checking
 * @storage: FAKE_STORAGE bytes
 * @keys: storage keys
 * @pages: MODEL_* of each page
 * @behaviour: what the device does, command by command
 * @stream: the data that the device has given or taken
 * @suspended: the program has been suspended and has not ended
 * @ending: how it ended, or where it was suspended
 * @pci: how often a PCI was told while it ran
 * @zero_cc: how often initial status was told while it ran
 * @last: what is told with the ending: CHANPROG_*
 * @commands: the commands that were executed
 * @nr_commands: how many commands were executed
 * @streamed: how long @stream is
 * @fetched: pages with CCWs, IDAWs or MIDAWs that were used
 * @stored: pages that were stored into
 * @ccw: address of the current CCW, or of what is shown in its place
 * @next: address of the next CCW
 * @cmd: the current command
 * @flags: flags of the current CCW
 * @count: bytes of the current CCW that are left
 * @addr: address of the next byte of data
 * @list: address of the next IDAW or MIDAW
 * @listed: an IDAW or MIDAW has been used
 * @in_block: @addr is in the block that the last IDAW designates
 * @midaw_count: bytes of the current MIDAW that are left
 * @midaw_flags: its flags
 * @cstat: subchannel status so far
 * @pending_pci: a PCI has been met but not told yet
 */
struct model {
	u32 orb_flags;
	u32 cpa;
	struct chanprog_limit limit;
	u8 *storage;
	u8 keys[FAKE_PAGES];
	u8 pages[FAKE_PAGES];
	struct model_behaviour behaviour[MODEL_COMMANDS];

	u8 *stream;
	bool suspended;
	struct chanprog_ending ending;
	unsigned int pci;
	unsigned int zero_cc;
	unsigned int last;
	struct model_command commands[MODEL_COMMANDS];
	unsigned int nr_commands;
	u32 streamed;
	bool fetched[FAKE_PAGES];
	bool stored[FAKE_PAGES];

	/* What the model needs while the program runs */
	u32 ccw;
	u32 next;
	u8 cmd;
	u8 flags;
	u32 count;
	u64 addr;
	u64 list;
	bool listed;
	bool in_block;
	u32 midaw_count;
	u8 midaw_flags;
	u8 cstat;
	bool pending_pci;
};

/**
 * model_run() - execute a channel program
 * @model: the program; all members behind @behaviour are filled in
 */
void model_run(struct model *model);

#endif /* _KVM_CSS_KUNIT_CHANPROG_MODEL_H */
