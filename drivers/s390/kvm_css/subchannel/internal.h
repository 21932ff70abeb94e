/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Internal to the files in subchannel/.
 */
#ifndef _KVM_CSS_SUBCHANNEL_INTERNAL_H
#define _KVM_CSS_SUBCHANNEL_INTERNAL_H

#include <linux/string.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/ending.h>
#include <kvm_css/layout.h>
#include <kvm_css/sch_shared.h>
#include <kvm_css/subchannel.h>

struct backend_program;

/*
 * The only channel path to a device, as a bit in the path masks of the PMCW
 */
#define SCH_PATH	0x80

/* The states of a subchannel, states.c */

/* The instructions whose condition code depends on the state of a subchannel */
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
 * subchannel_cc() - get the condition code of an instruction in a state
 * @state: the state, not SCH_BROKEN
 * @insn: the instruction
 *
 * Chapter 14, "Resulting Condition Code" of each instruction.  When this is
 * condition code 0 for RESUME SUBCHANNEL, subchannel_enter() may still make it
 * 2: the ORB must have suspend control, and no resume may be pending already.
 *
 * Context: any.
 * Return: a condition code.
 */
ioinst_ending_t subchannel_cc(enum sch_state state, enum sch_insn insn);

/**
 * subchannel_check_state() - what state a subchannel is in, if it can be in it
 * @sch: the subchannel
 *
 * If the subchannel is in a state that should never occur, this takes it out of
 * service, so that the error has no effect on others: one message goes to the
 * host's log, the guest gets a channel report, and its instructions get
 * condition code 3 from then on.
 *
 * Context: @sch->lock held; may sleep.
 * Return: the state, never SCH_BROKEN.
 */
enum sch_state subchannel_check_state(struct subchannel *sch);

/**
 * subchannel_out_of_service() - take a subchannel out of service
 * @sch: the subchannel; the caller has logged why, and stops what is in progress
 *
 * See subchannel_check_state().
 *
 * Context: @sch->lock held; may sleep.
 */
void subchannel_out_of_service(struct subchannel *sch);

/**
 * subchannel_check_operational() - is it operational, in a state that can be?
 * @sch: the subchannel; see subchannel_check_state()
 *
 * Context: @sch->lock held; may sleep.
 * Return: whether it is.
 */
static inline bool subchannel_check_operational(struct subchannel *sch)
{
	return subchannel_check_state(sch) != SCH_NOT_OPERATIONAL;
}

/**
 * subchannel_enter() - decide the condition code of an instruction
 * @sch: the subchannel
 * @insn: the instruction
 *
 * This calls subchannel_check_state().
 *
 * Context: @sch->lock held; may sleep.
 * Return: the condition code.  With IOINST_CC_EXPECTED the caller executes the
 * instruction.
 */
ioinst_ending_t subchannel_enter(struct subchannel *sch, enum sch_insn insn);

/**
 * subchannel_initialize() - bring a subchannel into the state after a reset
 * @sch: the subchannel, which is being reset or is new; nobody runs its program
 *
 * Context: @sch->lock held.
 */
void subchannel_initialize(struct subchannel *sch);

/**
 * subchannel_limit() - get the limit for address-limit checking
 * @sch: the subchannel
 *
 * Context: @sch->lock held.
 * Return: limit mode and limit as they are now.
 */
static inline struct chanprog_limit
subchannel_limit(const struct subchannel *sch)
{
	u16 flags = be16_to_cpu(sch->schib.pmcw.flags);

	return (struct chanprog_limit){
		.mode = flags & PMCW_LIMIT_MODE,
		.address = READ_ONCE(sch->shared->address_limit),
	};
}

/**
 * subchannel_stop_program() - tell the program to stop, and the device, too
 * @sch: the subchannel, without a backend; see news_stop()
 * @why: CHANPROG_HALT or CHANPROG_DROP
 *
 * Context: @sch->lock held.
 */
static inline void subchannel_stop_program(struct subchannel *sch,
					   enum chanprog_stop why)
{
	lockdep_assert_held(&sch->lock);
	chanprog_stop(&sch->program, why);
	if (sch->pending)
		cu_stop(sch->dev, why == CHANPROG_DROP);
}

/* Status and its interruption, status.c */

/**
 * subchannel_ended() - is status pending that is not just intermediate status?
 * @flags: word 0 of the subchannel-status word
 *
 * If so, the function in progress, if there was one, has ended.  The activity
 * control may still show start pending or suspended: that says how far the
 * function had got when it ended.
 *
 * Context: any.
 * Return: whether there is such status.
 */
static inline bool subchannel_ended(u32 flags)
{
	return flags & SCSW_SC_PENDING && !scsw_intermediate_alone(flags);
}

/**
 * subchannel_set_flags() - set word 0 of the subchannel-status word
 * @sch: the subchannel
 * @flags: the word, SCSW_*
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
 * subchannel_begin_start() - show that a start function has been accepted
 * @sch: the subchannel
 * @orb: the ORB
 *
 * "Start Function and Resume Function": the subchannel is start pending.
 *
 * Context: @sch->lock held.
 */
static inline void subchannel_begin_start(struct subchannel *sch,
					  const struct css_orb *orb)
{
	u32 flags = be32_to_cpu(orb->flags);

	sch->schib.pmcw.intparm = orb->intparm;
	sch->schib.pmcw.lpm = (flags & ORB_LPM) >> ORB_LPM_SHIFT;
	sch->stats.started++;
	sch->deferred = false;
	memset(&sch->schib.scsw, 0, sizeof(sch->schib.scsw));
	subchannel_set_flags(sch, (flags & SCSW_FROM_ORB) | SCSW_FC_START |
			     SCSW_AC_START_PENDING);
}

/**
 * subchannel_begin_halt() - show that a halt function has been accepted
 * @sch: the subchannel
 *
 * "Halt Function": the subchannel is halt pending, and status that was pending
 * is obsolete.  Its interruption is withdrawn.
 *
 * Context: @sch->lock held; may sleep.
 */
void subchannel_begin_halt(struct subchannel *sch);

/**
 * subchannel_begin_clear() - show that a clear function has been accepted
 * @sch: the subchannel
 *
 * "Clear Function": as for subchannel_begin_halt(), and no other function is in
 * progress any more.
 *
 * Context: @sch->lock held; may sleep.
 */
void subchannel_begin_clear(struct subchannel *sch);

/**
 * subchannel_raise() - make the I/O interruption for pending status pending
 * @sch: the subchannel
 *
 * If the host can't queue the interruption now, the image tries again later.
 *
 * Context: @sch->lock held; may sleep.
 */
void subchannel_raise(struct subchannel *sch);

/**
 * subchannel_withdraw() - withdraw the I/O interruption of a subchannel
 * @sch: the subchannel
 *
 * If the guest has taken the interruption already, this has no effect on it.
 *
 * Context: @sch->lock held; may sleep.
 */
void subchannel_withdraw(struct subchannel *sch);

/**
 * subchannel_make_pending() - make status and its I/O interruption pending
 * @sch: the subchannel
 * @status_control: bits to set in word 0 of the SCSW, beside SCSW_SC_PENDING:
 *	SCSW_SC_*, SCSW_AC_* and others.  The activity control (SCSW_AC) becomes
 *	what is given here.  Other bits of the word are only set and never
 *	cleared
 * @ending: CCW address, device status, subchannel status and count for the SCSW
 *
 * If an interruption is pending for earlier status, the new one replaces it.
 *
 * Context: @sch->lock held; may sleep.
 */
void subchannel_make_pending(struct subchannel *sch, u32 status_control,
			     const struct chanprog_ending *ending);

/**
 * subchannel_take_sense() - take the sense bytes that belong to a unit check
 * @sch: the subchannel
 * @dstat: the device status
 *
 * "Concurrent Sense": if @dstat has unit check, and concurrent sense is enabled
 * in the PMCW, the sense bytes move from the device to @sch->ecw.
 *
 * Context: @sch->lock held; nobody runs its program.
 * Return: SCSW_EXTENDED when the sense bytes have been taken, 0 otherwise.
 */
u32 subchannel_take_sense(struct subchannel *sch, u8 dstat);

/* Status that a device presents by itself, present.c */

/**
 * subchannel_attach() - let the device of a new subchannel make requests
 * @sch: the subchannel
 *
 * Context: any; nobody else knows the subchannel yet.
 */
void subchannel_attach(struct subchannel *sch);

/**
 * subchannel_ask() - ask the device for status, if the subchannel can take it
 * @sch: the subchannel
 *
 * Nothing happens unless the device has made a request, see @sch->requested.
 * If the subchannel is idle, the device is asked for status, which becomes
 * pending for the guest.  If the subchannel is not enabled, the device is asked
 * as well, but its status is discarded.  Between channel end and device end of
 * a command, the device is asked for device end; when it presents status, a
 * worker goes on with the program.  If the subchannel is start pending, perhaps
 * because the device was busy, a worker selects the device again.  In all other
 * states, and while somebody runs the program, nothing happens.
 *
 * Context: @sch->lock held; may sleep.  The caller has a reference to the VM as
 * for guest_inject().  When it has unlocked @sch->lock, it calls
 * guest_ensure_worker(), because the program may have been queued.
 */
void subchannel_ask(struct subchannel *sch);

/**
 * subchannel_ask_later() - have subchannel_ask() called by a work item
 * @sch: the subchannel
 *
 * Context: @sch->lock held.
 */
void subchannel_ask_later(struct subchannel *sch);

/**
 * subchannel_initiate() - "Initiating the Start Function": select the device
 * @sch: the subchannel, which is start pending; its program has not begun
 *
 * If the device has status to present, the function ends with deferred
 * condition code 1.  If the device is just busy, the function stays pending.
 *
 * Context: @sch->lock held; may sleep.
 * Return: whether the program may be executed.
 */
bool subchannel_initiate(struct subchannel *sch);

/* Instructions for a subchannel with a backend, backend.c */

/**
 * backend_store() - subchannel_store() for a subchannel with a backend
 * @sch: the subchannel
 * @schib: as for subchannel_store()
 *
 * Context: may sleep; takes @sch->lock.
 * Return: as subchannel_store().
 */
ioinst_ending_t backend_store(struct subchannel *sch, struct css_schib *schib);

/**
 * backend_modify() - decide how MODIFY SUBCHANNEL ends
 * @sch: the subchannel, which has a backend
 * @schib: the operand
 *
 * Context: @sch->lock held; may sleep.
 * Return: a condition code, or IOINST_OPERAND; with condition code 0 the caller
 * takes over the operand.
 */
ioinst_ending_t backend_modify(struct subchannel *sch,
			       const struct css_schib *schib);

/**
 * backend_peek() - subchannel_peek() for a subchannel with a backend
 * @sch: the subchannel
 * @irb: as for subchannel_peek()
 * @len: likewise
 * @generation: likewise
 *
 * Context: may sleep; takes @sch->lock.
 * Return: as subchannel_peek().
 */
ioinst_ending_t backend_peek(struct subchannel *sch, struct css_irb *irb,
			     u32 *len, u32 *generation);

/**
 * backend_start() - subchannel_start() for a subchannel with a backend
 * @sch: the subchannel
 * @orb: as for subchannel_start()
 *
 * Context: the vCPU's thread; may sleep; takes @sch->lock.
 * Return: a condition code, or IOINST_RETRY.
 */
ioinst_ending_t backend_start(struct subchannel *sch, const struct css_orb *orb);

/**
 * backend_resume() - subchannel_resume() for a subchannel with a backend
 * @sch: the subchannel
 *
 * Context: the vCPU's thread; may sleep; takes @sch->lock.
 * Return: a condition code, or IOINST_RETRY.
 */
ioinst_ending_t backend_resume(struct subchannel *sch);

/**
 * backend_halt() - subchannel_halt() for a subchannel with a backend
 * @sch: the subchannel
 *
 * Context: may sleep; takes @sch->lock.
 * Return: a condition code.
 */
ioinst_ending_t backend_halt(struct subchannel *sch);

/**
 * backend_clear() - subchannel_clear() for a subchannel with a backend
 * @sch: the subchannel
 *
 * Context: may sleep; takes @sch->lock.
 * Return: a condition code.
 */
ioinst_ending_t backend_clear(struct subchannel *sch);

/**
 * backend_cancel() - subchannel_cancel() for a subchannel with a backend
 * @sch: the subchannel
 *
 * Context: may sleep; takes @sch->lock.
 * Return: a condition code.
 */
ioinst_ending_t backend_cancel(struct subchannel *sch);

/* What a backend has to say, news.c */

/**
 * news_attach() - let the backend of a new subchannel perform its functions
 * @sch: the subchannel; does nothing if its device has no backend
 *
 * Context: any; nobody else knows the subchannel yet.
 */
void news_attach(struct subchannel *sch);

/**
 * news_take() - take what the backend has to say
 * @sch: the subchannel, which has a backend
 *
 * Status is taken if the guest has cleared the last one.
 *
 * Context: @sch->lock held; may sleep.  The caller has a reference to the VM as
 * for guest_inject(), and one to the subchannel.
 */
void news_take(struct subchannel *sch);

/**
 * news_schib() - take what STORE SUBCHANNEL shows of activity and paths
 * @sch: the subchannel, which has a backend and is operational
 *
 * Context: @sch->lock held.
 */
void news_schib(struct subchannel *sch);

/**
 * news_answer() - check the answer of a backend to an instruction
 * @sch: the subchannel; if @answer can't be one, it goes out of service
 * @insn: the instruction
 * @answer: the answer
 *
 * Context: as news_take().
 * Return: the ending of the instruction.
 */
ioinst_ending_t news_answer(struct subchannel *sch, enum sch_insn insn,
			    ioinst_ending_t answer);

/**
 * news_wrong() - a backend has answered what it must not answer
 * @sch: the subchannel, which goes out of service
 * @answer: what it has answered, for the host's log
 *
 * Context: as news_take().
 * Return: IOINST_CC_NOT_OPERATIONAL.
 */
ioinst_ending_t news_wrong(struct subchannel *sch, ioinst_ending_t answer);

/**
 * news_over() - have programs discarded that the device doesn't use any more
 * @sch: the subchannel, which has a backend
 *
 * Context: @sch->lock held.
 */
void news_over(struct subchannel *sch);

/**
 * news_refused() - have a program discarded that was not accepted
 * @sch: the subchannel, which has a backend
 * @program: the program
 *
 * Context: @sch->lock held.
 */
void news_refused(struct subchannel *sch, struct backend_program *program);

/**
 * news_stop() - have the backend stop
 * @sch: the subchannel, which has a backend and isn't operational any more, or
 *	has no device any more
 *
 * While somebody prepares something, this is put off.  @sch->pending is set until
 * the backend has stopped.
 *
 * Context: @sch->lock held.
 */
void news_stop(struct subchannel *sch);

/**
 * news_show() - make the SCHIB as STORE SUBCHANNEL shows it
 * @sch: the subchannel, which has a backend
 * @schib: where to
 *
 * Context: @sch->lock held.
 */
void news_show(struct subchannel *sch, struct css_schib *schib);

/**
 * news_flush() - wait for the work items of the backend
 * @sch: the subchannel, which was stopped, and whose backend has stopped
 *
 * Context: may sleep.
 */
void news_flush(struct subchannel *sch);

/* Commands that end later, pending.c */

/**
 * pending_attach() - let the device of a new subchannel complete commands later
 * @sch: the subchannel
 *
 * Context: any; nobody else knows the subchannel yet.
 */
void pending_attach(struct subchannel *sch);

/**
 * pending_unqueue() - take the completion of a command off its queue
 * @sch: the subchannel
 *
 * If the device has called cu_completed(), and no worker has come, the caller
 * does what the worker would do, except that it doesn't run the program: a clear
 * function that is pending is performed, a reset or a removal goes on, or the
 * program is queued for a worker.
 *
 * Context: @sch->lock held; may sleep; the caller has a reference to the VM as
 * for guest_inject(), or the subchannel isn't operational, and it has a
 * reference to the subchannel.  When it has unlocked @sch->lock, it calls
 * guest_ensure_worker(), unless the program is to be dropped.
 * Return: whether the completion was on its queue.
 */
bool pending_unqueue(struct subchannel *sch);

/**
 * pending_set_apart() - let no worker be needed when the device completes
 * @sch: the subchannel, whose program is dropped
 *
 * The VMM may be stopped, and others wait for the end of the command.
 *
 * Context: @sch->lock held.
 */
void pending_set_apart(struct subchannel *sch);

/* How a function ends, ending.c */

/**
 * ending_of_start() - make the status of an ended channel program pending
 * @sch: the subchannel; it may have been halted meanwhile
 *
 * Context: @sch->lock held; nobody runs the program; may sleep.
 */
void ending_of_start(struct subchannel *sch);

/**
 * ending_intermediate() - make intermediate status of a running program pending
 * @sch: the subchannel, after CHANPROG_INTERMEDIATE
 *
 * Context: @sch->lock held, by the runner; may sleep.
 */
void ending_intermediate(struct subchannel *sch);

/**
 * ending_suspended() - show that the channel program is suspended
 * @sch: the subchannel, with no resume pending
 *
 * Makes intermediate status pending, unless the ORB suppresses it.
 *
 * Context: @sch->lock held; nobody runs the program; may sleep.
 */
void ending_suspended(struct subchannel *sch);

/**
 * ending_of_halt() - perform the halt function, and make its status pending
 * @sch: the subchannel
 *
 * Context: @sch->lock held; nobody runs the program; may sleep.
 */
void ending_of_halt(struct subchannel *sch);

/**
 * ending_of_clear() - perform the clear function, and make its status pending
 * @sch: the subchannel
 *
 * Context: @sch->lock held; nobody runs the program; may sleep.
 */
void ending_of_clear(struct subchannel *sch);

/**
 * ending_no_path() - end a start function that has no path to the device
 * @sch: the subchannel, start pending
 * @orb: the ORB
 *
 * Context: @sch->lock held; may sleep.
 */
void ending_no_path(struct subchannel *sch, const struct css_orb *orb);

/* Who runs the channel program, runner.c */

/**
 * runner_become() - make the caller the runner, if there is something to run
 * @sch: the subchannel
 *
 * If the program has not begun, this also selects the device.
 *
 * Context: @sch->lock held; may sleep.
 * Return: true when the caller is the runner now; it has to call runner_run()
 * then.  False when there is nothing to run, somebody else runs the program,
 * the device is busy or has presented status instead, or the image is quiesced.
 */
bool runner_become(struct subchannel *sch);

/**
 * runner_run() - run the channel program for a turn
 * @sch: the subchannel; the caller is its runner before, and not any more after
 * @turn: where the caller runs it
 *
 * Context: may sleep; may access guest storage, see guest_storage_read(); takes
 * @sch->lock.
 */
void runner_run(struct subchannel *sch, enum chanprog_turn turn);

/**
 * runner_resume() - let a suspended program go on
 * @sch: the subchannel; nobody runs its program
 *
 * The next runner fetches the CCW at which the program was suspended again.
 *
 * Context: @sch->lock held.
 */
void runner_resume(struct subchannel *sch);

/**
 * runner_completed() - see what follows when the device has called cu_completed()
 * @sch: the subchannel; nobody runs its program, and no command is pending
 *
 * A clear function that is pending is performed.
 *
 * Context: @sch->lock held; may sleep.  The caller has a reference to the VM as
 * for guest_inject(), or the subchannel isn't operational.  It runs the program
 * or has a worker run it, or calls subchannel_settle().
 * Return: whether somebody has to go on with the program.
 */
bool runner_completed(struct subchannel *sch);

/**
 * runner_deferred() - count that a start function needs a worker
 * @sch: the subchannel
 *
 * It is counted once for each of them.
 *
 * Context: @sch->lock held.
 */
void runner_deferred(struct subchannel *sch);

/**
 * runner_arrived() - a worker has come to run the program
 * @sch: the subchannel
 * @there: guest_hold_mm() has succeeded
 *
 * Context: @sch->lock held; may sleep.
 * Return: whether the worker is the runner now.  In either case it calls
 * runner_turn() when it has unlocked @sch->lock.
 */
bool runner_arrived(struct subchannel *sch, bool there);

/**
 * runner_turn() - the turn of a worker that has come to run the program
 * @sch: the subchannel; the work item's reference to it is given back
 * @there: guest_hold_mm() has succeeded; its counterpart is called
 * @runner: what runner_arrived() has returned
 *
 * Context: a worker.
 */
void runner_turn(struct subchannel *sch, bool there, bool runner);

/**
 * runner_in_command() - does the device have to end a command before a halt?
 * @sch: the subchannel
 *
 * That is so while somebody runs the program, and from the moment in which a
 * command became pending until a worker has had the device complete it.
 *
 * Context: @sch->lock held.
 * Return: whether it has.
 */
bool runner_in_command(const struct subchannel *sch);

/**
 * subchannel_disconnected() - does the program wait for device end?
 * @sch: the subchannel
 *
 * A program that waits for device end has no runner, but is in progress.
 *
 * Context: @sch->lock held; nobody runs the program.
 * Return: whether it does.
 */
bool subchannel_disconnected(const struct subchannel *sch);

/**
 * subchannel_may_begin() - may anything be begun for a subchannel?
 * @sch: the subchannel
 *
 * css_quiesce() sets @sch->shared->quiesced, and takes @sch->lock after that to
 * count the subchannel if it is active.  So who begins something under this lock
 * either finds that it may not, or is waited for.
 *
 * Context: @sch->lock held.
 * Return: false when nothing may be begun, because the image is quiesced.
 */
bool subchannel_may_begin(const struct subchannel *sch);

/**
 * subchannel_count() - as subchannel_count_active()
 * @sch: the subchannel
 *
 * Context: @sch->lock held.
 */
void subchannel_count(struct subchannel *sch);

/**
 * subchannel_run() - have a worker run the program
 * @sch: the subchannel
 *
 * Context: @sch->lock held; when the caller has unlocked it, it calls
 * guest_ensure_worker().
 */
void subchannel_run(struct subchannel *sch);

/**
 * subchannel_settle() - do what has to wait until nobody works for a subchannel
 * @sch: the subchannel
 *
 * While the program has a runner, is queued for a worker, or waits for a pending
 * command or for device end, this does nothing.  Otherwise it completes a reset
 * that is in progress, resets the device if the subchannel is removed, takes the
 * subchannel out of the count in @sch->shared->active if it is counted there, and
 * wakes those who wait on @sch->shared->idle.
 *
 * Context: @sch->lock held.
 */
void subchannel_settle(struct subchannel *sch);

/**
 * subchannel_unqueue() - take the work item off its queue, if it waits there
 * @sch: the subchannel
 *
 * Called when the program is to stop.  The work item may stand behind many
 * others in the queue, and the program need not wait for them in order to stop.
 *
 * Context: @sch->lock held.  The caller has a reference of its own, because
 * that of the work item is given back.
 */
void subchannel_unqueue(struct subchannel *sch);

/**
 * subchannel_work() - run the channel program of a subchannel for a turn
 * @work: &subchannel.work; it has a reference, which this gives back
 *
 * Context: a worker.
 */
void subchannel_work(struct guest_work *work);

#endif /* _KVM_CSS_SUBCHANNEL_INTERNAL_H */
