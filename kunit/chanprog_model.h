/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel programs once more, as plainly as can be: one byte after the other,
 * nothing ahead and nothing at once.  chanprog_property_test.c holds the core
 * against it.
 */
#ifndef _KVM_CSS_KUNIT_CHANPROG_MODEL_H
#define _KVM_CSS_KUNIT_CHANPROG_MODEL_H

#include <linux/types.h>

#include <kvm_css/chanprog.h>

#include "fake_guest.h"

/* A device executes no more of them; it ends the last one with unit check. */
#define MODEL_COMMANDS		16

/* The longest block a device has or wants */
#define MODEL_BLOCK		3000

/**
 * struct model_behaviour - what the device does in one command
 * @len: how many bytes it has or wants; 0 for an immediate operation
 * @dstat: device status
 * @later: what it presents after channel end alone
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

/* Conditions of a page of storage */
#define MODEL_ABSENT		0x1
#define MODEL_BROKEN		0x2
#define MODEL_READONLY		0x4

/**
 * struct model - a channel program, where it runs, and what becomes of it
 * @orb_flags: second word of the ORB
 * @cpa: channel-program address
 * @limit: for address-limit checking
 * @storage: FAKE_STORAGE bytes
 * @keys: storage keys
 * @pages: MODEL_* of each page
 * @behaviour: what the device does, command after command
 * @stream: what it has given or taken
 * @suspended: the program has been suspended, and not ended
 * @ending: how it ended, or where it was suspended
 * @pci: how often a PCI was told while it ran
 * @zero_cc: how often initial status was told, likewise
 * @last: CHANPROG_*: what comes with the ending
 * @commands: the commands that were executed
 * @nr_commands: how many
 * @streamed: how long @stream is
 * @fetched: pages with CCWs, IDAWs or MIDAWs that were used
 * @stored: pages that were stored into
 * @ccw: where the current CCW is, or what stands for it
 * @next: where the next one is
 * @cmd: the command that is executed
 * @flags: flags of the current CCW
 * @count: bytes of it that are left
 * @addr: of the next byte of data
 * @list: of the next IDAW or MIDAW
 * @listed: one of them has been used
 * @in_block: @addr is in the block that the last IDAW designates
 * @midaw_count: bytes of the current MIDAW that are left
 * @midaw_flags: its flags
 * @cstat: subchannel status so far
 * @pending_pci: a PCI has been met and not been told
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

	/* The model's own */
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
 * model_run() - what becomes of a channel program
 * @model: the program; what comes behind @behaviour is filled in
 */
void model_run(struct model *model);

#endif /* _KVM_CSS_KUNIT_CHANPROG_MODEL_H */
