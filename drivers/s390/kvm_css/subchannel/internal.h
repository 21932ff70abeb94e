/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files in subchannel/ have of each other, and nobody else uses.
 */
#ifndef _KVM_CSS_SUBCHANNEL_INTERNAL_H
#define _KVM_CSS_SUBCHANNEL_INTERNAL_H

#include <linux/types.h>
#include <linux/workqueue.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/ending.h>
#include <kvm_css/layout.h>
#include <kvm_css/subchannel.h>

/* The one channel path that leads to a device */
#define SCH_PATH	0x80

/* The states of a subchannel, states.c */

/* The instructions that ask for a subchannel's state */
enum sch_insn {
	SCH_XSCH,
	SCH_CSCH,
	SCH_HSCH,
	SCH_RSCH,
	SCH_MSCH,
	SCH_SSCH,
	SCH_STSCH,
	SCH_TSCH,
	SCH_INSNS
};

/**
 * subchannel_cc() - the condition code of an instruction in a state
 * @state: the state, not SCH_BROKEN
 * @insn: the instruction
 *
 * Chapter 14, "Resulting Condition Code" of each instruction.  Of RESUME
 * SUBCHANNEL, condition code 0 also needs suspend control, and no resume that
 * is pending already.
 *
 * Context: any.
 * Return: a condition code.
 */
ioinst_ending_t subchannel_cc(enum sch_state state, enum sch_insn insn);

/**
 * subchannel_check_operational() - is a subchannel there, and in a state that can be?
 * @sch: the subchannel
 *
 * A subchannel found in a state that can't be is taken out of service here:
 * the host is told once, the guest gets a channel report and condition code 3
 * from then on, and nobody else notices.
 *
 * Context: @sch->lock held; may sleep.
 * Return: whether it is operational.
 */
bool subchannel_check_operational(struct subchannel *sch);

/**
 * subchannel_enter() - may an instruction act on a subchannel?
 * @sch: the subchannel
 * @insn: the instruction
 *
 * See subchannel_check_operational() for one that is in a state that can't be.
 *
 * Context: @sch->lock held; may sleep.
 * Return: the condition code of the instruction.
 */
ioinst_ending_t subchannel_enter(struct subchannel *sch, enum sch_insn insn);

/**
 * subchannel_initialize() - the state after a reset
 * @sch: the subchannel; nobody runs its program
 *
 * Context: @sch->lock held.
 */
void subchannel_initialize(struct subchannel *sch);

/**
 * subchannel_limit() - what address-limit checking compares with now
 * @sch: the subchannel
 *
 * Context: @sch->lock held.
 * Return: limit mode and limit.
 */
struct chanprog_limit subchannel_limit(const struct subchannel *sch);

/* Status and its interruption, status.c */

/**
 * subchannel_ended() - has the function ended, and is its status pending?
 * @flags: word 0 of the subchannel-status word
 *
 * Start pending and suspended may be ones in the activity control all the same:
 * then that is what it was when it ended.
 *
 * Context: any.
 * Return: whether it has.
 */
static inline bool subchannel_ended(u32 flags)
{
	const u32 goes_on = SCSW_SC_INTERMEDIATE | SCSW_SC_PENDING;

	return flags & SCSW_SC_PENDING && (flags & SCSW_SC) != goes_on;
}

/**
 * subchannel_set_flags() - change word 0 of the subchannel-status word
 * @sch: the subchannel
 * @flags: SCSW_*
 *
 * Context: @sch->lock held.
 */
static inline void subchannel_set_flags(struct subchannel *sch, u32 flags)
{
	lockdep_assert_held(&sch->lock);
	sch->schib.scsw.flags = cpu_to_be32(flags);
	sch->generation++;
}

/**
 * subchannel_raise() - status has become pending: interrupt
 * @sch: the subchannel
 *
 * Context: @sch->lock held; may sleep.
 */
void subchannel_raise(struct subchannel *sch);

/**
 * subchannel_withdraw() - status is gone, and so is its interruption
 * @sch: the subchannel
 *
 * Context: @sch->lock held; may sleep.
 */
void subchannel_withdraw(struct subchannel *sch);

/**
 * subchannel_make_pending() - status becomes pending, and interrupts
 * @sch: the subchannel
 * @status_control: SCSW_SC_*, but for SCSW_SC_PENDING; what stays of SCSW_AC_*;
 *	what else is to be one in word 0 of the SCSW
 * @ending: the rest of the SCSW
 *
 * Context: @sch->lock held; may sleep.
 */
void subchannel_make_pending(struct subchannel *sch, u32 status_control,
			     const struct chanprog_ending *ending);

/**
 * subchannel_take_sense() - "Concurrent Sense": what unit check brings along
 * @sch: the subchannel
 * @dstat: the device status
 *
 * Context: @sch->lock held; nobody runs its program.
 * Return: SCSW_EXTENDED when the sense bytes have been taken from the device.
 */
u32 subchannel_take_sense(struct subchannel *sch, u8 dstat);

/* Status that a device presents by itself, present.c */

/**
 * subchannel_attach() - let the device of a new subchannel make requests
 * @sch: the subchannel
 *
 * Context: its maker's.
 */
void subchannel_attach(struct subchannel *sch);

/**
 * subchannel_ask() - ask the device for status, if the guest can be told now
 * @sch: the subchannel
 *
 * It can while no function is in progress and no status pending; between channel
 * end and device end of a command the program is told; and a start function that
 * the device was busy for is tried again.
 *
 * Context: @sch->lock held; may sleep.  The caller has the VM, and calls
 * guest_ensure_worker() when it has unlocked: the program may have been queued.
 */
void subchannel_ask(struct subchannel *sch);

/**
 * subchannel_ask_later() - have a worker do subchannel_ask()
 * @sch: the subchannel
 *
 * Context: @sch->lock held.
 */
void subchannel_ask_later(struct subchannel *sch);

/**
 * subchannel_initiate() - "Initiating the Start Function": select the device
 * @sch: the subchannel, start pending, nothing of its program executed
 *
 * If the device has status instead, the function ends with deferred condition
 * code 1; if it is busy, the function stays pending.
 *
 * Context: @sch->lock held; may sleep.
 * Return: may its program be executed?
 */
bool subchannel_initiate(struct subchannel *sch);

/* How a function ends, ending.c */

/**
 * ending_of_start() - the channel program has ended: primary status
 * @sch: the subchannel, which may have been halted meanwhile
 *
 * Context: @sch->lock held; nobody runs the program; may sleep.
 */
void ending_of_start(struct subchannel *sch);

/**
 * ending_intermediate() - the channel program goes on, and has something to tell
 * @sch: the subchannel
 *
 * Context: @sch->lock held, by the runner; may sleep.
 */
void ending_intermediate(struct subchannel *sch);

/**
 * ending_suspended() - the channel program is suspended
 * @sch: the subchannel, with no resume pending
 *
 * Context: @sch->lock held; nobody runs the program; may sleep.
 */
void ending_suspended(struct subchannel *sch);

/**
 * ending_of_halt() - the halt function has been performed
 * @sch: the subchannel
 *
 * Context: @sch->lock held; nobody runs the program; may sleep.
 */
void ending_of_halt(struct subchannel *sch);

/**
 * ending_of_clear() - the clear function has been performed
 * @sch: the subchannel
 *
 * Context: @sch->lock held; nobody runs the program; may sleep.
 */
void ending_of_clear(struct subchannel *sch);

/**
 * ending_no_path() - a start function has no path to the device
 * @sch: the subchannel, start pending
 * @orb: the ORB
 *
 * Context: @sch->lock held; may sleep.
 */
void ending_no_path(struct subchannel *sch, const struct css_orb *orb);

/* Who runs the channel program, runner.c */

/**
 * runner_become() - make the caller the runner
 * @sch: the subchannel
 *
 * Context: @sch->lock held; may sleep.
 * Return: whether the caller is the runner now and calls runner_run(); false when
 * there is nothing to run, somebody runs it, or the image is quiesced.
 */
bool runner_become(struct subchannel *sch);

/**
 * runner_run() - run the channel program for a turn
 * @sch: the subchannel; the caller is its runner, and afterwards no longer
 * @turn: where
 *
 * Context: may sleep; takes @sch->lock.
 */
void runner_run(struct subchannel *sch, enum chanprog_turn turn);

/**
 * runner_resume() - let a suspended program go on
 * @sch: the subchannel; nobody runs its program
 *
 * Whoever runs it next fetches the CCW at which it was suspended again.
 *
 * Context: @sch->lock held.
 */
void runner_resume(struct subchannel *sch);

/**
 * subchannel_disconnected() - does its program wait for device end?
 * @sch: the subchannel
 *
 * Context: @sch->lock held.
 * Return: whether it does; then nobody runs it, and it isn't at its end.
 */
bool subchannel_disconnected(const struct subchannel *sch);

/**
 * subchannel_try_begin() - may something be begun for it?
 * @sch: the subchannel
 *
 * Context: @sch->lock held; after true, subchannel_settle() follows in it, or
 * the program gets a runner.
 * Return: false while the image is quiesced.
 */
bool subchannel_try_begin(struct subchannel *sch);

/**
 * subchannel_run() - have a worker look for its program
 * @sch: the subchannel
 *
 * Context: @sch->lock held; guest_ensure_worker() follows without it.
 */
void subchannel_run(struct subchannel *sch);

/**
 * subchannel_settle() - who waits until nothing is done for it looks again
 * @sch: the subchannel
 *
 * Completes a reset, and a removal's part in the device.
 *
 * Context: @sch->lock held.
 */
void subchannel_settle(struct subchannel *sch);

/**
 * subchannel_unqueue() - have no work item look at it any more, if none does yet
 * @sch: the subchannel
 *
 * What was queued may stand behind others; what is told to stop need not wait for
 * them.
 *
 * Context: @sch->lock held, and a reference beside the work item's.
 */
void subchannel_unqueue(struct subchannel *sch);

/**
 * subchannel_work() - the work item that runs channel programs
 * @work: of a subchannel
 *
 * Context: a worker; holds a reference of its own.
 */
void subchannel_work(struct work_struct *work);

#endif /* _KVM_CSS_SUBCHANNEL_INTERNAL_H */
