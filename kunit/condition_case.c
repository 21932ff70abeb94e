// SPDX-License-Identifier: GPL-2.0
/*
 * Every state of a subchannel with everything that can happen in it: Principles
 * of Operation chapter 14, "Resulting Condition Code" of each instruction, and
 * TEST SUBCHANNEL for what it clears; chapter 15 for the functions and their
 * endings; chapter 16 for function, activity and status control.  The rows are
 * written down from these chapters, and not computed from what the core has.
 */
#include <linux/errno.h>

#include "condition_case.h"

#define VALID		PMCW_VALID
#define ENABLED		(PMCW_VALID | PMCW_ENABLED)

#define RESUME		SCSW_AC_RESUME_PENDING
#define ALONE		SCSW_SC_PENDING

#define CC(cc_)		.stsch = IOINST_CC(cc_)
#define TSCH(cc_)	.tsch = IOINST_CC(cc_)

/* "CCW-Address Field": the address of the first CCW plus 8 */
#define FIRST		(IMAGE_PROG + 8)
#define SECOND		(IMAGE_PROG + 16)
#define COUNT		IMAGE_COUNT

/* An enabled subchannel without status */
#define QUIET(mark_, control_) \
	{ .mark = (mark_), CC(0), .pmcw = ENABLED, TSCH(1), \
	  .control = (control_) }
/* An enabled subchannel with status */
#define STATUS(mark_, control_) \
	.mark = (mark_), CC(0), .pmcw = ENABLED, TSCH(0), .interruptions = 1, \
	.control = (control_)

const struct condition_shown condition_shown[CONDITION_FIGURES] = {
	[AS_RESETTING] = { "resetting", CC(3), TSCH(3) },
	[AS_OUT_OF_SERVICE] = { "out", CC(3), TSCH(3), .reports = 2 },
	[AS_REMOVED] = { "gone", IOINST_USERSPACE, .tsch = IOINST_USERSPACE },
	[AS_VACANT] = { "vacant", CC(0), TSCH(3) },
	[AS_DISABLED] = { "disabled", CC(0), .pmcw = VALID, TSCH(3) },

	[AS_IDLE] = QUIET("idle", 0),
	[AS_START_PENDING] = QUIET("start", START_PENDING),
	[AS_START_RESUME] =
		QUIET("start", START_PENDING | RESUME),
	[AS_ACTIVE] = QUIET("active", START | ACTIVE),
	[AS_ACTIVE_RESUME] = QUIET("active", START | ACTIVE | RESUME),
	[AS_SUSPENDED] = QUIET("suspended", SUSPENDED),
	[AS_RESUME_PENDING] = QUIET("resume", SUSPENDED | RESUME),
	[AS_HALT_PENDING] =
		QUIET("halt", START | HALT | SCSW_AC_HALT_PENDING | ACTIVE),
	[AS_CLEAR_PENDING] = QUIET("clear", CLEAR | SCSW_AC_CLEAR_PENDING),

	[AS_ACTIVE_STATUS] = {
		STATUS("told", START | ACTIVE | INTERMEDIATE),
		.cpa = FIRST, .cstat = CSTAT_PCI, .count = COUNT,
		.after = START | ACTIVE,
	},
	[AS_ACTIVE_TOLD] = {
		STATUS("told", START | ACTIVE | INTERMEDIATE),
		.cpa = SECOND, .cstat = CSTAT_PCI, .count = COUNT,
		.after = START | ACTIVE,
	},
	[AS_SUSPENDED_STATUS] = {
		STATUS("suspended", SUSPENDED | INTERMEDIATE),
		.cpa = SECOND, .count = COUNT, .after = SUSPENDED,
	},
	[AS_SUSPENDED_TOLD] = {
		STATUS("suspended", SUSPENDED | INTERMEDIATE),
		.cpa = SECOND, .cstat = CSTAT_PCI, .count = COUNT,
		.after = SUSPENDED,
	},
	[AS_UNIT_CHECK] = {
		STATUS("ended", START | CHECKED), .cpa = FIRST,
		.dstat = CE_DE | DSTAT_UNIT_CHECK, .sense = true,
		.completed = 1,
	},
	[AS_ENDED] = {
		STATUS("ended", START | ENDED), .cpa = FIRST, .dstat = CE_DE,
		.completed = 1,
	},
	[AS_ENDED_RESUMED] = {
		STATUS("ended", START | ENDED), .cpa = SECOND, .dstat = CE_DE,
		.completed = 1,
	},
	[AS_PROGRAM_CHECK] = {
		STATUS("ended", START | CHECKED), .cpa = SECOND,
		.cstat = CSTAT_PROGRAM_CHECK,
		.completed = 1,
	},
	[AS_PROGRAM_CHECK_TOLD] = {
		STATUS("ended", START | SCSW_SC_INTERMEDIATE | CHECKED),
		.cpa = SECOND, .cstat = CSTAT_PROGRAM_CHECK | CSTAT_PCI,
		.completed = 1,
	},
	/*
	 * No command was executed that could end, so status is pending alone.
	 */
	[AS_HALTED_IDLE] = { STATUS("halted", HALT | ALONE) },
	/*
	 * A start function that has not become active is shown as such until
	 * TSCH.
	 */
	[AS_HALTED_UNBEGUN] = {
		STATUS("halted", START | HALT | SCSW_AC_START_PENDING | ALONE),
		.cc = 1,
		.completed = 1,
	},
	[AS_HALTED_SUSPENDED] = {
		STATUS("halted", START | HALT | SCSW_AC_SUSPENDED | ALONE),
		.cpa = SECOND, .count = COUNT, .cc = 1,
		.completed = 1,
	},
	/* The device ends the command that is halted. */
	[AS_HALTED_ACTIVE] = {
		STATUS("halted", START | HALT | ENDED),
		.cpa = FIRST, .dstat = CE_DE, .count = COUNT,
		.completed = 1,
	},
	/* A CCW that has been fetched and not executed isn't shown. */
	[AS_HALTED_FIRST] = {
		STATUS("halted", START | HALT | ENDED),
		.cpa = FIRST, .dstat = CE_DE,
		.completed = 1,
	},
	[AS_HALTED_NEXT] = {
		STATUS("halted", START | HALT | ENDED),
		.cpa = SECOND, .dstat = CE_DE, .count = COUNT,
		.completed = 1,
	},
	[AS_HALTED_ENDED] = {
		STATUS("ended", START | HALT | CHECKED), .cpa = SECOND,
		.cstat = CSTAT_PROGRAM_CHECK,
		.completed = 1,
	},
	[AS_CLEARED] = { STATUS("cleared", CLEAR | ALONE) },
	[AS_ATTENTION] = {
		STATUS("alert", SCSW_SC_ALERT | ALONE),
		.dstat = DSTAT_ATTENTION,
	},
};

const char *const condition_states[CONDITION_STATES] = {
	[SCH_NOT_OPERATIONAL] = "NOT_OPERATIONAL",
	[SCH_DISABLED] = "DISABLED",
	[SCH_IDLE] = "IDLE",
	[SCH_START_PENDING] = "START_PENDING",
	[SCH_ACTIVE] = "ACTIVE",
	[SCH_ACTIVE_STATUS] = "ACTIVE_STATUS",
	[SCH_SUSPENDED] = "SUSPENDED",
	[SCH_SUSPENDED_STATUS] = "SUSPENDED_STATUS",
	[SCH_RESUME_PENDING] = "RESUME_PENDING",
	[SCH_HALT_PENDING] = "HALT_PENDING",
	[SCH_CLEAR_PENDING] = "CLEAR_PENDING",
	[SCH_STATUS_PENDING] = "STATUS_PENDING",
	[SCH_BROKEN] = "BROKEN",
};

const char *const condition_events[CONDITION_EVENTS] = {
	[ON_XSCH] = "XSCH", [ON_CSCH] = "CSCH", [ON_HSCH] = "HSCH",
	[ON_RSCH] = "RSCH", [ON_MSCH] = "MSCH", [ON_SSCH] = "SSCH",
	[ON_STSCH] = "STSCH", [ON_TSCH] = "TSCH",
	[ON_ENDED] = "ended", [ON_SUSPENDED] = "suspended", [ON_TOLD] = "told",
	[ON_DEFERRED] = "deferred", [ON_STOPPED] = "stopped",
	[ON_ATTENTION] = "attention",
	[ON_REMOVE] = "remove", [ON_VACATE] = "vacate",
	[ON_RESET] = "reset", [ON_QUIESCE] = "quiesce",
};

#define CASE(state_, event_, result_, figure_, rule_) \
	{ SCH_##state_, ON_##event_, false, (result_), AS_##figure_, rule_ }
#define NEVER(state_, event_, reason_) \
	{ SCH_##state_, ON_##event_, true, 0, 0, reason_ }

const struct condition_case condition_cases[] = {
	/* NOT_OPERATIONAL: A reset waits until the program has stopped. */
	CASE(NOT_OPERATIONAL, XSCH, 3, RESETTING, "XSCH is not executed during a reset"),
	CASE(NOT_OPERATIONAL, CSCH, 3, RESETTING, "CSCH is not executed during a reset"),
	CASE(NOT_OPERATIONAL, HSCH, 3, RESETTING, "HSCH is not executed during a reset"),
	CASE(NOT_OPERATIONAL, RSCH, 3, RESETTING, "RSCH is not executed during a reset"),
	CASE(NOT_OPERATIONAL, MSCH, 3, RESETTING, "MSCH is not executed during a reset"),
	CASE(NOT_OPERATIONAL, SSCH, 3, RESETTING, "SSCH is not executed during a reset"),
	CASE(NOT_OPERATIONAL, STSCH, 3, RESETTING, "STSCH is not executed during a reset"),
	CASE(NOT_OPERATIONAL, TSCH, 3, RESETTING, "TSCH is not executed during a reset"),
	CASE(NOT_OPERATIONAL, ENDED, 0, DISABLED, "the reset ends the program, not its own ending"),
	CASE(NOT_OPERATIONAL, SUSPENDED, 0, DISABLED, "the reset ends what would be suspended"),
	CASE(NOT_OPERATIONAL, TOLD, 0, DISABLED, "the reset ends what has something to say"),
	CASE(NOT_OPERATIONAL, DEFERRED, 0, DISABLED,
	     "the reset ends what would continue on a worker"),
	CASE(NOT_OPERATIONAL, STOPPED, 0, DISABLED,
	     "the reset is complete when the runner has left"),
	CASE(NOT_OPERATIONAL, ATTENTION, 0, RESETTING, "nobody is told during a reset"),
	CASE(NOT_OPERATIONAL, REMOVE, 0, REMOVED, "the number isn't the kernel's any more"),
	CASE(NOT_OPERATIONAL, VACATE, 0, VACANT, "the number is left, without a device"),
	CASE(NOT_OPERATIONAL, RESET, 0, DISABLED, "a second reset waits for the same runner"),
	CASE(NOT_OPERATIONAL, QUIESCE, -ETIME, RESETTING,
	     "the runner that is to leave is waited for"),

	/* DISABLED */
	CASE(DISABLED, XSCH, 3, DISABLED, "cancel needs an enabled subchannel"),
	CASE(DISABLED, CSCH, 3, DISABLED, "clear needs an enabled subchannel"),
	CASE(DISABLED, HSCH, 3, DISABLED, "halt needs an enabled subchannel"),
	CASE(DISABLED, RSCH, 3, DISABLED, "resume needs an enabled subchannel"),
	CASE(DISABLED, MSCH, 0, DISABLED, "modify needs none that is enabled"),
	CASE(DISABLED, SSCH, 3, DISABLED, "start needs an enabled subchannel"),
	CASE(DISABLED, STSCH, 0, DISABLED, "store needs none that is enabled"),
	CASE(DISABLED, TSCH, 3, DISABLED, "test needs an enabled subchannel"),
	NEVER(DISABLED, ENDED, "no program while not enabled"),
	NEVER(DISABLED, SUSPENDED, "no program while not enabled"),
	NEVER(DISABLED, TOLD, "no program while not enabled"),
	NEVER(DISABLED, DEFERRED, "no program while not enabled"),
	NEVER(DISABLED, STOPPED, "no program while not enabled"),
	CASE(DISABLED, ATTENTION, 0, DISABLED, "a guest that has not enabled it is not told"),
	CASE(DISABLED, REMOVE, 0, REMOVED, "the number isn't the kernel's any more"),
	CASE(DISABLED, VACATE, 0, VACANT, "the number is left, without a device"),
	CASE(DISABLED, RESET, 0, DISABLED, "it is as after a reset"),
	CASE(DISABLED, QUIESCE, 0, DISABLED, "there is nothing to wait for"),

	/* IDLE */
	CASE(IDLE, XSCH, 2, IDLE, "there is no function to cancel"),
	CASE(IDLE, CSCH, 0, CLEARED, "clear resets the device all the same"),
	CASE(IDLE, HSCH, 0, HALTED_IDLE, "halt with nothing to halt"),
	CASE(IDLE, RSCH, 2, IDLE, "there is no function to resume"),
	CASE(IDLE, MSCH, 0, IDLE, "modified between two programs"),
	CASE(IDLE, SSCH, 0, ENDED, "started, and ended on the vCPU"),
	CASE(IDLE, STSCH, 0, IDLE, "stored as it is"),
	CASE(IDLE, TSCH, 1, IDLE, "there is no status to test"),
	NEVER(IDLE, ENDED, "no program without a start function"),
	NEVER(IDLE, SUSPENDED, "no program without a start function"),
	NEVER(IDLE, TOLD, "no program without a start function"),
	NEVER(IDLE, DEFERRED, "no program without a start function"),
	NEVER(IDLE, STOPPED, "no program without a start function"),
	CASE(IDLE, ATTENTION, 0, ATTENTION, "unsolicited status is an alert"),
	CASE(IDLE, REMOVE, 0, REMOVED, "the number isn't the kernel's any more"),
	CASE(IDLE, VACATE, 0, VACANT, "the number is left, without a device"),
	CASE(IDLE, RESET, 0, DISABLED, "a reset disables"),
	CASE(IDLE, QUIESCE, 0, IDLE, "there is nothing to wait for"),

	/* START_PENDING */
	CASE(START_PENDING, XSCH, 0, IDLE, "cancelled as if never started"),
	CASE(START_PENDING, CSCH, 0, CLEARED, "cleared before it began"),
	CASE(START_PENDING, HSCH, 0, HALTED_UNBEGUN, "halted before it began"),
	CASE(START_PENDING, RSCH, 0, START_RESUME, "a resume may come before the suspension"),
	CASE(START_PENDING, MSCH, 2, START_PENDING, "busy with the start function"),
	CASE(START_PENDING, SSCH, 2, START_PENDING, "busy with the start function"),
	CASE(START_PENDING, STSCH, 0, START_PENDING, "stored as it is"),
	CASE(START_PENDING, TSCH, 1, START_PENDING, "there is no status so far"),
	NEVER(START_PENDING, ENDED, "the program has no runner yet"),
	NEVER(START_PENDING, SUSPENDED, "the program has no runner yet"),
	NEVER(START_PENDING, TOLD, "the program has no runner yet"),
	NEVER(START_PENDING, DEFERRED, "the program has no runner yet"),
	NEVER(START_PENDING, STOPPED, "the program has no runner yet"),
	CASE(START_PENDING, ATTENTION, 0, START_PENDING,
	     "the device keeps it while a function is in progress"),
	CASE(START_PENDING, REMOVE, 0, REMOVED, "the number isn't the kernel's any more"),
	CASE(START_PENDING, VACATE, 0, VACANT, "the number is left, without a device"),
	CASE(START_PENDING, RESET, 0, DISABLED, "a reset ends what hasn't begun"),
	CASE(START_PENDING, QUIESCE, 0, START_PENDING, "what hasn't begun waits"),

	/* ACTIVE */
	CASE(ACTIVE, XSCH, 2, ACTIVE, "too late: something has been executed"),
	CASE(ACTIVE, CSCH, 0, CLEAR_PENDING, "the program has yet to stop"),
	CASE(ACTIVE, HSCH, 0, HALT_PENDING, "the program has yet to stop"),
	CASE(ACTIVE, RSCH, 0, ACTIVE_RESUME, "a resume may come before the suspension"),
	CASE(ACTIVE, MSCH, 2, ACTIVE, "busy with the start function"),
	CASE(ACTIVE, SSCH, 2, ACTIVE, "busy with the start function"),
	CASE(ACTIVE, STSCH, 0, ACTIVE, "stored as it is"),
	CASE(ACTIVE, TSCH, 1, ACTIVE, "there is no status so far"),
	CASE(ACTIVE, ENDED, 0, PROGRAM_CHECK, "the program's own ending is shown"),
	CASE(ACTIVE, SUSPENDED, 0, SUSPENDED_STATUS, "intermediate status says so"),
	CASE(ACTIVE, TOLD, 0, ACTIVE_TOLD, "intermediate status, and the program goes on"),
	CASE(ACTIVE, DEFERRED, 0, ACTIVE, "nothing of a change of runners is seen"),
	CASE(ACTIVE, STOPPED, 0, ACTIVE, "a dying VM is told nothing"),
	CASE(ACTIVE, ATTENTION, 0, ACTIVE, "the device keeps it while a function is in progress"),
	CASE(ACTIVE, REMOVE, 0, REMOVED, "the number isn't the kernel's any more"),
	CASE(ACTIVE, VACATE, 0, VACANT, "the number is left, without a device"),
	CASE(ACTIVE, RESET, 0, DISABLED, "a reset ends the program without status"),
	CASE(ACTIVE, QUIESCE, -ETIME, ACTIVE, "what has begun goes on"),

	/* ACTIVE_STATUS */
	CASE(ACTIVE_STATUS, XSCH, 1, ACTIVE_STATUS, "status pending comes first"),
	CASE(ACTIVE_STATUS, CSCH, 0, CLEAR_PENDING, "clear takes the intermediate status away"),
	CASE(ACTIVE_STATUS, HSCH, 0, HALT_PENDING, "halt takes the intermediate status away"),
	CASE(ACTIVE_STATUS, RSCH, 1, ACTIVE_STATUS, "status pending comes first"),
	CASE(ACTIVE_STATUS, MSCH, 1, ACTIVE_STATUS, "status pending comes first"),
	CASE(ACTIVE_STATUS, SSCH, 1, ACTIVE_STATUS, "status pending comes first"),
	CASE(ACTIVE_STATUS, STSCH, 0, ACTIVE_STATUS, "stored as it is"),
	CASE(ACTIVE_STATUS, TSCH, 0, ACTIVE, "intermediate status goes, the program goes on"),
	CASE(ACTIVE_STATUS, ENDED, 0, PROGRAM_CHECK_TOLD, "the ending comes together with it"),
	CASE(ACTIVE_STATUS, SUSPENDED, 0, SUSPENDED_TOLD, "the suspension comes together with it"),
	CASE(ACTIVE_STATUS, TOLD, 0, ACTIVE_TOLD, "one interruption for what is told twice"),
	CASE(ACTIVE_STATUS, DEFERRED, 0, ACTIVE_STATUS, "nothing of a change of runners is seen"),
	CASE(ACTIVE_STATUS, STOPPED, 0, ACTIVE_STATUS, "a dying VM is told nothing more"),
	CASE(ACTIVE_STATUS, ATTENTION, 0, ACTIVE_STATUS,
	     "the device keeps it while a function is in progress"),
	CASE(ACTIVE_STATUS, REMOVE, 0, REMOVED, "the number isn't the kernel's any more"),
	CASE(ACTIVE_STATUS, VACATE, 0, VACANT, "the number is left, without a device"),
	CASE(ACTIVE_STATUS, RESET, 0, DISABLED, "a reset takes status and interruption away"),
	CASE(ACTIVE_STATUS, QUIESCE, -ETIME, ACTIVE_STATUS, "what has begun goes on"),

	/* SUSPENDED */
	CASE(SUSPENDED, XSCH, 0, IDLE, "cancelled while suspended"),
	CASE(SUSPENDED, CSCH, 0, CLEARED, "cleared while suspended"),
	CASE(SUSPENDED, HSCH, 0, HALTED_SUSPENDED, "halted at the CCW that suspends"),
	CASE(SUSPENDED, RSCH, 0, ENDED_RESUMED, "goes on where it was suspended"),
	CASE(SUSPENDED, MSCH, 2, SUSPENDED, "busy with the start function"),
	CASE(SUSPENDED, SSCH, 2, SUSPENDED, "busy with the start function"),
	CASE(SUSPENDED, STSCH, 0, SUSPENDED, "stored as it is"),
	CASE(SUSPENDED, TSCH, 1, SUSPENDED, "there is no status any more"),
	NEVER(SUSPENDED, ENDED, "a suspended program has no runner"),
	NEVER(SUSPENDED, SUSPENDED, "a suspended program has no runner"),
	NEVER(SUSPENDED, TOLD, "a suspended program has no runner"),
	NEVER(SUSPENDED, DEFERRED, "a suspended program has no runner"),
	NEVER(SUSPENDED, STOPPED, "a suspended program has no runner"),
	CASE(SUSPENDED, ATTENTION, 0, SUSPENDED,
	     "the device keeps it while a function is in progress"),
	CASE(SUSPENDED, REMOVE, 0, REMOVED, "the number isn't the kernel's any more"),
	CASE(SUSPENDED, VACATE, 0, VACANT, "the number is left, without a device"),
	CASE(SUSPENDED, RESET, 0, DISABLED, "a reset ends a suspended program"),
	CASE(SUSPENDED, QUIESCE, 0, SUSPENDED, "there is nothing to wait for"),

	/* SUSPENDED_STATUS */
	CASE(SUSPENDED_STATUS, XSCH, 1, SUSPENDED_STATUS, "status pending comes first"),
	CASE(SUSPENDED_STATUS, CSCH, 0, CLEARED, "clear takes the intermediate status away"),
	CASE(SUSPENDED_STATUS, HSCH, 0, HALTED_SUSPENDED,
	     "halt takes the intermediate status away"),
	CASE(SUSPENDED_STATUS, RSCH, 1, SUSPENDED_STATUS, "status pending comes first"),
	CASE(SUSPENDED_STATUS, MSCH, 1, SUSPENDED_STATUS, "status pending comes first"),
	CASE(SUSPENDED_STATUS, SSCH, 1, SUSPENDED_STATUS, "status pending comes first"),
	CASE(SUSPENDED_STATUS, STSCH, 0, SUSPENDED_STATUS, "stored as it is"),
	CASE(SUSPENDED_STATUS, TSCH, 0, SUSPENDED, "intermediate status goes, the function stays"),
	NEVER(SUSPENDED_STATUS, ENDED, "a suspended program has no runner"),
	NEVER(SUSPENDED_STATUS, SUSPENDED, "a suspended program has no runner"),
	NEVER(SUSPENDED_STATUS, TOLD, "a suspended program has no runner"),
	NEVER(SUSPENDED_STATUS, DEFERRED, "a suspended program has no runner"),
	NEVER(SUSPENDED_STATUS, STOPPED, "a suspended program has no runner"),
	CASE(SUSPENDED_STATUS, ATTENTION, 0, SUSPENDED_STATUS,
	     "the device keeps it while status is pending"),
	CASE(SUSPENDED_STATUS, REMOVE, 0, REMOVED, "the number isn't the kernel's any more"),
	CASE(SUSPENDED_STATUS, VACATE, 0, VACANT, "the number is left, without a device"),
	CASE(SUSPENDED_STATUS, RESET, 0, DISABLED, "a reset takes status and interruption away"),
	CASE(SUSPENDED_STATUS, QUIESCE, 0, SUSPENDED_STATUS, "there is nothing to wait for"),

	/* RESUME_PENDING */
	CASE(RESUME_PENDING, XSCH, 0, IDLE, "cancelled before it is taken up again"),
	CASE(RESUME_PENDING, CSCH, 0, CLEARED, "cleared before it is taken up again"),
	CASE(RESUME_PENDING, HSCH, 0, HALTED_SUSPENDED, "halted before it is taken up again"),
	CASE(RESUME_PENDING, RSCH, 2, RESUME_PENDING, "one resume at a time"),
	CASE(RESUME_PENDING, MSCH, 2, RESUME_PENDING, "busy with the start function"),
	CASE(RESUME_PENDING, SSCH, 2, RESUME_PENDING, "busy with the start function"),
	CASE(RESUME_PENDING, STSCH, 0, RESUME_PENDING, "stored as it is"),
	CASE(RESUME_PENDING, TSCH, 1, RESUME_PENDING, "there is no status"),
	NEVER(RESUME_PENDING, ENDED, "the program has no runner yet"),
	NEVER(RESUME_PENDING, SUSPENDED, "the program has no runner yet"),
	NEVER(RESUME_PENDING, TOLD, "the program has no runner yet"),
	NEVER(RESUME_PENDING, DEFERRED, "the program has no runner yet"),
	NEVER(RESUME_PENDING, STOPPED, "the program has no runner yet"),
	CASE(RESUME_PENDING, ATTENTION, 0, RESUME_PENDING,
	     "the device keeps it while a function is in progress"),
	CASE(RESUME_PENDING, REMOVE, 0, REMOVED, "the number isn't the kernel's any more"),
	CASE(RESUME_PENDING, VACATE, 0, VACANT, "the number is left, without a device"),
	CASE(RESUME_PENDING, RESET, 0, DISABLED, "a reset ends what hasn't been taken up"),
	CASE(RESUME_PENDING, QUIESCE, 0, RESUME_PENDING, "what hasn't been taken up waits"),

	/* HALT_PENDING */
	CASE(HALT_PENDING, XSCH, 2, HALT_PENDING, "not with another function than start"),
	CASE(HALT_PENDING, CSCH, 0, CLEAR_PENDING, "clear takes the place of halt"),
	CASE(HALT_PENDING, HSCH, 2, HALT_PENDING, "one halt at a time"),
	CASE(HALT_PENDING, RSCH, 2, HALT_PENDING, "not with another function than start"),
	CASE(HALT_PENDING, MSCH, 2, HALT_PENDING, "busy with the halt function"),
	CASE(HALT_PENDING, SSCH, 2, HALT_PENDING, "busy with the halt function"),
	CASE(HALT_PENDING, STSCH, 0, HALT_PENDING, "stored as it is"),
	CASE(HALT_PENDING, TSCH, 1, HALT_PENDING, "there is no status so far"),
	CASE(HALT_PENDING, ENDED, 0, HALTED_ENDED, "an ending that came first is shown"),
	CASE(HALT_PENDING, SUSPENDED, 0, HALTED_FIRST, "halted instead of suspended"),
	CASE(HALT_PENDING, TOLD, 0, HALTED_FIRST, "halted, and nothing intermediate said"),
	CASE(HALT_PENDING, DEFERRED, 0, HALTED_FIRST, "halted instead of going on"),
	CASE(HALT_PENDING, STOPPED, 0, HALTED_NEXT, "the runner halts it on its way out"),
	CASE(HALT_PENDING, ATTENTION, 0, HALT_PENDING,
	     "the device keeps it while a function is in progress"),
	CASE(HALT_PENDING, REMOVE, 0, REMOVED, "the number isn't the kernel's any more"),
	CASE(HALT_PENDING, VACATE, 0, VACANT, "the number is left, without a device"),
	CASE(HALT_PENDING, RESET, 0, DISABLED, "a reset ends the halt without status"),
	CASE(HALT_PENDING, QUIESCE, -ETIME, HALT_PENDING,
	     "the runner that is to leave is waited for"),

	/* CLEAR_PENDING */
	CASE(CLEAR_PENDING, XSCH, 2, CLEAR_PENDING, "not with another function than start"),
	CASE(CLEAR_PENDING, CSCH, 0, CLEAR_PENDING, "a second clear is the same one"),
	CASE(CLEAR_PENDING, HSCH, 2, CLEAR_PENDING, "clear is more than halt"),
	CASE(CLEAR_PENDING, RSCH, 2, CLEAR_PENDING, "not with another function than start"),
	CASE(CLEAR_PENDING, MSCH, 2, CLEAR_PENDING, "busy with the clear function"),
	CASE(CLEAR_PENDING, SSCH, 2, CLEAR_PENDING, "busy with the clear function"),
	CASE(CLEAR_PENDING, STSCH, 0, CLEAR_PENDING, "stored as it is"),
	CASE(CLEAR_PENDING, TSCH, 1, CLEAR_PENDING, "there is no status so far"),
	CASE(CLEAR_PENDING, ENDED, 0, CLEARED, "the ending of a cleared program isn't shown"),
	CASE(CLEAR_PENDING, SUSPENDED, 0, CLEARED, "cleared instead of suspended"),
	CASE(CLEAR_PENDING, TOLD, 0, CLEARED, "cleared, and nothing intermediate said"),
	CASE(CLEAR_PENDING, DEFERRED, 0, CLEARED, "cleared instead of going on"),
	CASE(CLEAR_PENDING, STOPPED, 0, CLEARED, "the runner clears it on its way out"),
	CASE(CLEAR_PENDING, ATTENTION, 0, CLEAR_PENDING,
	     "the device keeps it while a function is in progress"),
	CASE(CLEAR_PENDING, REMOVE, 0, REMOVED, "the number isn't the kernel's any more"),
	CASE(CLEAR_PENDING, VACATE, 0, VACANT, "the number is left, without a device"),
	CASE(CLEAR_PENDING, RESET, 0, DISABLED, "a reset ends the clear without status"),
	CASE(CLEAR_PENDING, QUIESCE, -ETIME, CLEAR_PENDING,
	     "the runner that is to leave is waited for"),

	/* STATUS_PENDING */
	CASE(STATUS_PENDING, XSCH, 1, UNIT_CHECK, "status pending comes first"),
	CASE(STATUS_PENDING, CSCH, 0, CLEARED, "clear takes status and sense away"),
	CASE(STATUS_PENDING, HSCH, 1, UNIT_CHECK, "status other than intermediate comes first"),
	CASE(STATUS_PENDING, RSCH, 1, UNIT_CHECK, "status pending comes first"),
	CASE(STATUS_PENDING, MSCH, 1, UNIT_CHECK, "status pending comes first"),
	CASE(STATUS_PENDING, SSCH, 1, UNIT_CHECK, "status pending comes first"),
	CASE(STATUS_PENDING, STSCH, 0, UNIT_CHECK, "stored as it is"),
	CASE(STATUS_PENDING, TSCH, 0, IDLE, "stored with its sense, and cleared"),
	NEVER(STATUS_PENDING, ENDED, "the program has ended"),
	NEVER(STATUS_PENDING, SUSPENDED, "the program has ended"),
	NEVER(STATUS_PENDING, TOLD, "the program has ended"),
	NEVER(STATUS_PENDING, DEFERRED, "the program has ended"),
	NEVER(STATUS_PENDING, STOPPED, "the program has ended"),
	CASE(STATUS_PENDING, ATTENTION, 0, UNIT_CHECK,
	     "the device keeps it while status is pending"),
	CASE(STATUS_PENDING, REMOVE, 0, REMOVED, "the number isn't the kernel's any more"),
	CASE(STATUS_PENDING, VACATE, 0, VACANT, "the number is left, without a device"),
	CASE(STATUS_PENDING, RESET, 0, DISABLED, "a reset takes status and interruption away"),
	CASE(STATUS_PENDING, QUIESCE, 0, UNIT_CHECK, "there is nothing to wait for"),

	/* BROKEN: Control bits that the architecture doesn't allow */
	CASE(BROKEN, XSCH, 3, OUT_OF_SERVICE, "XSCH takes it out of service"),
	CASE(BROKEN, CSCH, 3, OUT_OF_SERVICE, "CSCH takes it out of service"),
	CASE(BROKEN, HSCH, 3, OUT_OF_SERVICE, "HSCH takes it out of service"),
	CASE(BROKEN, RSCH, 3, OUT_OF_SERVICE, "RSCH takes it out of service"),
	CASE(BROKEN, MSCH, 3, OUT_OF_SERVICE, "MSCH takes it out of service"),
	CASE(BROKEN, SSCH, 3, OUT_OF_SERVICE, "SSCH takes it out of service"),
	CASE(BROKEN, STSCH, 3, OUT_OF_SERVICE, "STSCH takes it out of service"),
	CASE(BROKEN, TSCH, 3, OUT_OF_SERVICE, "TSCH takes it out of service"),
	CASE(BROKEN, ENDED, 0, OUT_OF_SERVICE, "found by the runner that leaves"),
	CASE(BROKEN, SUSPENDED, 0, OUT_OF_SERVICE, "found by the runner that leaves"),
	CASE(BROKEN, TOLD, 0, OUT_OF_SERVICE, "found by the runner that has something to say"),
	CASE(BROKEN, DEFERRED, 0, OUT_OF_SERVICE, "found by the runner that leaves"),
	CASE(BROKEN, STOPPED, 0, OUT_OF_SERVICE, "found by the runner that leaves"),
	CASE(BROKEN, ATTENTION, 0, OUT_OF_SERVICE, "found when the device is to be asked"),
	CASE(BROKEN, REMOVE, 0, REMOVED, "the number isn't the kernel's any more"),
	CASE(BROKEN, VACATE, 0, VACANT, "the number is left, without a device"),
	CASE(BROKEN, RESET, 0, DISABLED, "a reset brings it back"),
	CASE(BROKEN, QUIESCE, 0, OUT_OF_SERVICE, "nothing to wait for; STSCH finds it"),
};

const unsigned int condition_nr_cases = ARRAY_SIZE(condition_cases);
