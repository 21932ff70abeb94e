/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rows that condition_test.c runs: what can happen to a subchannel in each
 * state, and what the subchannel shows afterwards
 */
#ifndef _KVM_CSS_KUNIT_CONDITION_CASE_H
#define _KVM_CSS_KUNIT_CONDITION_CASE_H

#include <kvm_css/ending.h>
#include <kvm_css/layout.h>
#include <kvm_css/subchannel.h>

#include "fake_image.h"

/* All states of enum sch_state, and SCH_BROKEN */
#define CONDITION_STATES	(SCH_BROKEN + 1)

/* What can happen: an instruction or another event */
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
	/* The program has come to a CCW with the suspend flag */
	ON_SUSPENDED,
	/* The program has something to tell, and goes on */
	ON_TOLD,
	ON_DEFERRED,		/* a worker has to go on with the program */
	/* Its runner leaves the program, without an ending */
	ON_STOPPED,
	ON_ATTENTION,		/* the device has attention to present */
	ON_REMOVE,
	ON_VACATE,
	ON_RESET,
	ON_QUIESCE,
	CONDITION_EVENTS
};

/* What a subchannel shows: first for the states, then after endings */
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
	AS_START_RESUME,	/* and a resume is pending */
	AS_ACTIVE_RESUME,
	AS_ACTIVE_TOLD,		/* intermediate status of the second CCW */
	AS_SUSPENDED_TOLD,	/* suspended after that */
	AS_ENDED,
	AS_ENDED_RESUMED,
	AS_PROGRAM_CHECK,
	AS_PROGRAM_CHECK_TOLD,
	AS_HALTED_IDLE,
	AS_HALTED_UNBEGUN,
	AS_HALTED_SUSPENDED,
	AS_HALTED_ACTIVE,
	AS_HALTED_FIRST,	/* halted after the first CCW */
	AS_HALTED_NEXT,		/* halted at the second CCW */
	AS_HALTED_ENDED,	/* halted after the program has ended */
	AS_CLEARED,
	AS_ATTENTION,
	AS_REMOVED,
	AS_VACANT,
	CONDITION_FIGURES
};

/**
 * struct condition_shown - what a subchannel shows to a guest
 * @mark: what the matrix has for it
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
 * @after: function, activity and status control that it leaves if there was
 * status
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
 * @impossible: this can't happen, and @rule says why
 * @result: condition code of an instruction; errno of what userspace asks for
 * @figure: what the subchannel shows afterwards
 * @rule: the rule that the row proves
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
