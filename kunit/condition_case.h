/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What can happen to a subchannel in each state, and what it shows then: the
 * rows that condition_test.c runs.
 */
#ifndef _KVM_CSS_KUNIT_CONDITION_CASE_H
#define _KVM_CSS_KUNIT_CONDITION_CASE_H

#include <kvm_css/ending.h>
#include <kvm_css/layout.h>
#include <kvm_css/subchannel.h>

#include "fake_image.h"

/* All of enum sch_state, and the one that can't be */
#define CONDITION_STATES	(SCH_BROKEN + 1)

/* What can happen: an instruction, or something inside */
enum condition_event {
	ON_XSCH,
	ON_CSCH,
	ON_HSCH,
	ON_RSCH,
	ON_MSCH,
	ON_SSCH,
	ON_STSCH,
	ON_TSCH,
	ON_INSNS,		/* those above are instructions */
	ON_ENDED = ON_INSNS,	/* the program has ended by itself */
	ON_SUSPENDED,		/* it has come to a CCW with the suspend flag */
	ON_TOLD,		/* it goes on, and has something to say */
	ON_DEFERRED,		/* it has to continue on a worker */
	ON_STOPPED,		/* its runner leaves it, without an ending */
	ON_ATTENTION,		/* the device has attention to present */
	ON_REMOVE,
	ON_VACATE,
	ON_RESET,
	ON_QUIESCE,
	CONDITION_EVENTS
};

/* What a subchannel shows: that of the states first, then that of endings */
enum condition_figure {
	AS_RESETTING,
	AS_DISABLED,
	AS_IDLE,
	AS_START_PENDING,
	AS_ACTIVE,
	AS_ACTIVE_STATUS,
	AS_SUSPENDED,
	AS_SUSPENDED_STATUS,
	AS_RESUME_PENDING,
	AS_HALT_PENDING,
	AS_CLEAR_PENDING,
	AS_UNIT_CHECK,
	AS_OUT_OF_SERVICE,
	AS_START_RESUME,	/* a resume is pending in advance */
	AS_ACTIVE_RESUME,
	AS_ACTIVE_TOLD,		/* intermediate status of the second CCW */
	AS_SUSPENDED_TOLD,	/* and what was told before */
	AS_ENDED,
	AS_ENDED_RESUMED,
	AS_PROGRAM_CHECK,
	AS_PROGRAM_CHECK_TOLD,
	AS_HALTED_IDLE,
	AS_HALTED_UNBEGUN,
	AS_HALTED_SUSPENDED,
	AS_HALTED_ACTIVE,
	AS_HALTED_FIRST,	/* halted behind the first CCW */
	AS_HALTED_NEXT,		/* halted at the second CCW */
	AS_HALTED_ENDED,	/* halted, but the program has ended before */
	AS_CLEARED,
	AS_ATTENTION,
	AS_REMOVED,
	AS_VACANT,
	CONDITION_FIGURES
};

/**
 * struct condition_shown - what a subchannel shows to a guest
 * @mark: in the matrix
 * @stsch: ending of STORE SUBCHANNEL
 * @pmcw: which of PMCW_ENABLED and PMCW_VALID are one
 * @control: function, activity and status control
 * @interruptions: how many are pending
 * @reports: how many words of channel reports are pending
 * @tsch: ending of TEST SUBCHANNEL
 * @cpa: CCW address that it stores
 * @dstat: device status
 * @cstat: subchannel status
 * @count: residual count
 * @sense: concurrent sense is stored
 * @cc: deferred condition code
 * @after: function, activity and status control that it leaves, with status
 * @completed: how many start functions have been counted as ended, where one is
 *	shown together with status
 */
struct condition_shown {
	const char *mark;
	ioinst_ending_t stsch;
	u16 pmcw;
	u32 control;
	unsigned int interruptions;
	unsigned int reports;
	ioinst_ending_t tsch;
	u32 cpa;
	u8 dstat;
	u8 cstat;
	u16 count;
	bool sense;
	u8 cc;
	u32 after;
	unsigned int completed;
};

/**
 * struct condition_case - a state and an event
 * @state: the state
 * @event: the event
 * @impossible: it can't happen; @rule says why
 * @result: condition code of an instruction; errno of what userspace asks for
 * @figure: what the subchannel shows afterwards
 * @rule: what it proves
 */
struct condition_case {
	enum sch_state state;
	enum condition_event event;
	bool impossible;
	int result;
	enum condition_figure figure;
	const char *rule;
};

extern const struct condition_shown condition_shown[CONDITION_FIGURES];
extern const char *const condition_states[CONDITION_STATES];
extern const char *const condition_events[CONDITION_EVENTS];

extern const struct condition_case condition_cases[];
extern const unsigned int condition_nr_cases;

#endif /* _KVM_CSS_KUNIT_CONDITION_CASE_H */
