/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files that are behind passthrough.h have of each other.
 *
 * Locking: struct passthrough is protected by its @lock, which interrupts take, too.
 * It nests within the lock of the host's subchannel, and that within sch->lock of the
 * guest's.  A check and the instruction at the host's subchannel that follows it are
 * one hold of both, pt_enter() to pt_leave().
 *
 * Lifetime: there are two references to struct passthrough: the core's, which
 * &cu_ops.release gives back, and one while the device is lent.  A device that can't
 * be stopped stays lent when the core's reference has gone, with the programs that it
 * may still execute.  If the host can't stop it either, nobody gives back the second
 * reference: neither this nor the programs are ever freed.
 */
#ifndef _KVM_CSS_PASSTHROUGH_INTERNAL_H
#define _KVM_CSS_PASSTHROUGH_INTERNAL_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <kvm_css/backend.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/host_sch.h>

#include "program.h"

/* The guest's only path */
#define PT_PATH		0x80u

/* Function control, and what is told of a function */
#define PT_START	SCSW_FC_START
#define PT_HALT		SCSW_FC_HALT
#define PT_CLEAR	SCSW_FC_CLEAR

/* How often an instruction is tried that status of the host's gets into the way of */
#define PT_TRIES	3

/**
 * struct pt_part - a translation, which is all of a program or a part of it
 * @entry: in one of the lists of struct pt_run
 * @program: the translation
 * @used: the device may have executed it
 */
struct pt_part {
	struct list_head entry;
	struct host_program *program;
	bool used;
};

/* Who needs a program */
enum pt_need {
	PT_PREPARED,	/* who has prepared it */
	PT_IN_USE,	/* the host's subchannel may use it */
	PT_OVER,	/* nobody */
};

/**
 * struct pt_run - a program of the guest's
 * @base: for the subchannel
 * @entry: in &passthrough.runs, until all of it has been freed
 * @source: what was translated
 * @parts: what the host may execute; it is in the last one
 * @left: what it has left, and doesn't come back to
 * @next: what comes behind the CCW at which the program is suspended; or NULL
 * @next_when: what &passthrough.generation was when that was prepared
 * @next_cannot: it can't be translated
 * @cannot: the program can't be executed
 * @need: who needs it
 * @discarded: &sch_backend_ops.discard was called for it
 */
struct pt_run {
	struct backend_program base;
	struct list_head entry;
	struct host_program_source source;
	struct list_head parts;
	struct list_head left;
	struct pt_part *next;
	u64 next_when;
	bool next_cannot;
	bool cannot;
	enum pt_need need;
	bool discarded;
};

#define PT_UNSOLICITED	4u

/**
 * struct pt_status - status of the host's that the guest hasn't been told of
 * @has_intermediate: there is @intermediate
 * @has_ended: there is @ended
 * @ended_made: @ended was made here, as the guest will see it
 * @nr_unsolicited: how many @unsolicited there are
 * @intermediate: intermediate status alone
 * @ended: how the function has ended
 * @unsolicited: status without a function, the oldest first
 */
struct pt_status {
	bool has_intermediate;
	bool has_ended;
	bool ended_made;
	u8 nr_unsolicited;
	struct css_irb intermediate;
	struct css_irb ended;
	struct css_irb unsolicited[PT_UNSOLICITED];
};

/**
 * struct pt_suspended - where the program is suspended
 * @is: it is
 * @addr: absolute address of the CCW, of the host's
 * @place: what it stands for
 */
struct pt_suspended {
	bool is;
	u32 addr;
	struct host_program_place place;
};

/* Who uses the host's subchannel */
enum pt_mode {
	PT_GUEST,	/* the guest */
	PT_STOPPING,	/* reset.c; the answer to &sch_backend_ops.stop is to come */
	PT_STUCK,	/* nobody: it couldn't be stopped */
	PT_BACK,	/* the host, to which it was given back */
};

/* How far a reset is */
enum pt_step {
	PT_STEP_STOP,
	PT_STEP_PROGRAMS,
	PT_STEP_END,
};

/* How much memory the programs of a reset need, in bytes */
#define PT_RESET_MEMORY	64u

/**
 * struct pt_reset - a reset of the device
 * @step: what comes next
 * @last: the device goes back to the host
 * @waits: it has ended, but for what others still do
 * @failed: CLEAR SUBCHANNEL doesn't end
 * @paths: over which paths the programs are still to be executed
 * @program: the number of the program that comes next
 * @tries: how often it was started
 * @in_progress: PT_START, PT_HALT or PT_CLEAR, if this function is in progress at the
 *	host's subchannel; or 0
 * @ended: status of it has come
 * @primary: primary status has come, and secondary status hasn't
 * @deadline: when it is to have ended, in jiffies
 * @memory: for a program: its CCW and data
 * @irb: the status
 */
struct pt_reset {
	enum pt_step step;
	bool last;
	bool waits;
	bool failed;
	u8 paths;
	u8 program;
	u8 tries;
	u32 in_progress;
	bool ended;
	bool primary;
	unsigned long deadline;
	struct host_memory memory;
	struct css_irb irb;
};

/**
 * struct passthrough - a device of the host's that a VM has
 * @dev: what the core sees
 * @backend: performs the functions of the subchannel
 * @client: is told what happens at the host's subchannel
 * @id: which device it is
 * @host: the host's subchannel
 * @ref: see above
 * @warned: it was said why a program can't be translated
 * @spare: kept from one translation for the next
 * @lock: protects what follows
 * @attached: the subchannel has been made
 * @mode: who uses the host's subchannel
 * @gone: the host has taken the device away
 * @abandoned: it has done so although the device may still access storage
 * @told_gone: the subchannel knows that
 * @paths_changed: the path masks may have changed
 * @path: the path that the guest's only one stands for, as a bit in the host's masks
 * @used: all those for which it has stood since what was set there was undone
 * @shown: the path masks as the subchannel knows them
 * @functions: function control of the guest's, as far as it is known here
 * @kept: what the guest isn't told yet
 * @runs: the programs that have not been freed
 * @run: the program of the start function in progress, or NULL
 * @suspended: where it is suspended
 * @resume_pending: the guest has resumed it, but it was not suspended then
 * @ending: the module halts or clears the host's subchannel to end it
 * @generation: counts what makes the work of &part obsolete
 * @part: goes on with a program that the module has suspended
 * @part_busy: that work is queued, or being done
 * @part_tries: how often it has failed because memory was short
 * @freeing: how many threads are freeing something of @runs
 * @reset: how far the reset is
 * @work: goes on with the reset, and frees programs
 */
struct passthrough {
	struct css_device dev;
	struct sch_backend backend;
	struct host_sch_client client;
	struct host_sch_id id;
	struct host_sch *host;
	struct kref ref;
	atomic_t warned;
	struct host_program_spare spare;

	spinlock_t lock;	/* protects what follows */
	bool attached;
	enum pt_mode mode;
	bool gone;
	bool abandoned;
	bool told_gone;
	bool paths_changed;
	u8 path;
	u8 used;
	struct backend_schib shown;
	u32 functions;
	struct pt_status kept;
	struct list_head runs;
	struct pt_run *run;
	struct pt_suspended suspended;
	bool resume_pending;
	bool ending;
	u64 generation;
	struct guest_work part;
	bool part_busy;
	u8 part_tries;
	unsigned int freeing;
	struct pt_reset reset;
	struct delayed_work work;
};

static inline struct passthrough *to_passthrough(struct sch_backend *backend)
{
	return container_of(backend, struct passthrough, backend);
}

/**
 * pt_enter() - take the locks for an instruction at the host's subchannel
 * @pt: the device, which is lent
 *
 * Context: any but a hard interrupt; interrupts are disabled from then on.
 * Return: for pt_leave().
 */
static inline unsigned long pt_enter(struct passthrough *pt)
{
	unsigned long flags = host_sch_lock(pt->host);

	spin_lock(&pt->lock);
	return flags;
}

/**
 * pt_leave() - the counterpart of pt_enter()
 * @pt: the device
 * @flags: what pt_enter() has returned
 *
 * Context: as it was.
 */
static inline void pt_leave(struct passthrough *pt, unsigned long flags)
{
	spin_unlock(&pt->lock);
	host_sch_unlock(pt->host, flags);
}

/**
 * path_look() - use another path, if the one in use doesn't lead to the device any more
 * @pt: the device; the locks are held
 */
void path_look(struct passthrough *pt);

/* Status of the host's, kept.c.  The locks are held. */

/**
 * kept_add() - keep status that the host's subchannel had
 * @pt: the device
 * @irb: what TEST SUBCHANNEL has stored there
 */
void kept_add(struct passthrough *pt, const struct css_irb *irb);

/**
 * kept_look() - keep all status that the host's subchannel has now
 * @pt: the device
 *
 * Return: whether there was any.
 */
bool kept_look(struct passthrough *pt);

/**
 * kept_initialized() - end the function in progress, because the host's subchannel has been
 * initialized
 * @pt: the device
 */
void kept_initialized(struct passthrough *pt);

/**
 * kept_ended() - is there status that an instruction of the guest's ends in?
 * @pt: the device
 * @functions: function control of the guest's subchannel
 *
 * Return: whether there is status that is not just intermediate.  When a function is
 * in progress, unsolicited status isn't counted.
 */
bool kept_ended(const struct passthrough *pt, u32 functions);

/**
 * kept_some() - is there any status?
 * @pt: the device
 *
 * Return: whether something is kept, for the guest or to be dropped.
 */
bool kept_some(const struct passthrough *pt);

/**
 * kept_forget() - forget all status
 * @pt: the device
 */
void kept_forget(struct passthrough *pt);

/* What the guest sees, status.c.  The locks are held. */

/**
 * status_of() - translate the status of a function
 * @pt: the device
 * @from: the IRB of the host's
 * @functions: function control of the guest's subchannel
 * @to: filled in; zeros before
 */
void status_of(struct passthrough *pt, const struct css_irb *from, u32 functions,
	       struct css_irb *to);

/**
 * status_unsolicited() - translate status without a function
 * @from: the IRB of the host's
 * @to: filled in; zeros before
 */
void status_unsolicited(const struct css_irb *from, struct css_irb *to);

/**
 * status_cannot() - make the status of a program that can't be executed
 * @ccw: absolute address in guest storage of the CCW that can't be
 * @functions: function control of the guest's subchannel
 * @to: filled in; zeros before
 */
void status_cannot(u32 ccw, u32 functions, struct css_irb *to);

/**
 * status_initialized() - make the status of a function of which the host's subchannel
 * doesn't know anything any more
 * @functions: function control of the guest's subchannel
 * @to: filled in; zeros before
 */
void status_initialized(u32 functions, struct css_irb *to);

/**
 * status_place() - translate a CCW address back
 * @pt: the device
 * @addr: CCW address in the host's status
 * @place: filled in
 *
 * Return: the translation, or NULL if it is an address of none of them.
 */
const struct host_program *status_place(const struct passthrough *pt, u32 addr,
					struct host_program_place *place);

/**
 * status_schib() - map activity and path masks
 * @pt: the device
 * @from: the SCHIB of the host's
 * @to: filled in
 */
void status_schib(const struct passthrough *pt, const struct css_schib *from,
		  struct backend_schib *to);

/* The programs, run.c */

/**
 * run_begin() - the host has accepted a program
 * @pt: the device; the locks are held
 * @run: the program
 */
void run_begin(struct passthrough *pt, struct pt_run *run);

/**
 * run_end() - the start function is over, as far as the guest knows
 * @pt: the device; the locks are held
 * @final: the host's subchannel doesn't use the program any more
 */
void run_end(struct passthrough *pt, bool final);

/**
 * run_idle() - the host's subchannel doesn't use any program but the current one
 * @pt: the device; the locks are held
 * @all: nobody prepares one either
 */
void run_idle(struct passthrough *pt, bool all);

/**
 * run_free_left() - free what the host doesn't use any more
 * @pt: the device; no lock is held
 *
 * Context: may sleep.
 */
void run_free_left(struct passthrough *pt);

/**
 * run_prepare_start() - &sch_backend_ops.prepare_start
 * @backend: as there
 * @guest: as there
 * @orb: as there
 * @limit: as there
 * @program: as there
 *
 * Context: as there.
 * Return: as there.
 */
ioinst_ending_t run_prepare_start(struct sch_backend *backend,
				  struct guest *guest,
				  const struct css_orb *orb,
				  const struct chanprog_limit *limit,
				  struct backend_program **program);

/**
 * run_discard() - &sch_backend_ops.discard
 * @backend: as there
 * @program: as there
 *
 * Context: as there.
 */
void run_discard(struct sch_backend *backend, struct backend_program *program);

/**
 * run_translate() - translate a program, or what comes next of it
 * @pt: the device
 * @source: what
 * @part: with HOST_PROGRAM_OK, the translation
 *
 * If it can't be translated, the host's log says so, once for each device.
 *
 * Context: as host_program_new().
 * Return: as host_program_new().
 */
enum host_program_result run_translate(struct passthrough *pt,
				       const struct host_program_source *source,
				       struct pt_part **part);

/**
 * run_cannot() - say once for each device why programs end in unit exception
 * @pt: the device
 * @why: the reason, as a relative clause: "is ..."
 *
 * Context: any.
 */
void run_cannot(struct passthrough *pt, const char *why);

/**
 * part_free() - free a translation
 * @part: the translation, which is in no list, or NULL
 *
 * Context: may sleep.
 */
void part_free(struct pt_part *part);

/* Programs in parts, part.c */

/**
 * part_look() - see whether the host has suspended the program
 * @pt: the device; the locks are held
 *
 * If so, a suspension of the module's is taken out of the status that is kept, and a
 * worker goes on with the program.
 */
void part_look(struct passthrough *pt);

/**
 * part_hides() - does the guest not know that the program is suspended?
 * @pt: the device; the locks are held
 *
 * Return: whether it is suspended without that the guest knows.
 */
bool part_hides(const struct passthrough *pt);

/**
 * part_prepare_resume() - &sch_backend_ops.prepare_resume
 * @backend: as there
 * @guest: as there
 * @program: left NULL, because what is prepared is a part of the program that was
 *	started
 *
 * Context: as there.
 * Return: as there.
 */
ioinst_ending_t part_prepare_resume(struct sch_backend *backend,
				    struct guest *guest,
				    struct backend_program **program);

/**
 * part_resume() - RESUME SUBCHANNEL
 * @pt: the device; the locks are held; no status is kept that counts
 *
 * Return: the condition code.  With 1 the host's subchannel has status.
 */
ioinst_ending_t part_resume(struct passthrough *pt);

/**
 * part_work() - go on with a program that the module has suspended
 * @work: &passthrough.part
 *
 * Context: a worker of the VM.
 */
void part_work(struct guest_work *work);

/* Resets, reset.c */

/**
 * reset_stop() - &sch_backend_ops.stop
 * @backend: as there
 * @last: as there
 *
 * Context: as there.
 */
void reset_stop(struct sch_backend *backend, bool last);

/**
 * reset_status() - status has come while a reset is in progress
 * @pt: the device, whose mode isn't PT_GUEST; the locks are held
 * @irb: what TEST SUBCHANNEL has stored
 */
void reset_status(struct passthrough *pt, const struct css_irb *irb);

/**
 * reset_initialized() - the host's subchannel has been initialized while a reset is in
 * progress
 * @pt: the device, whose mode isn't PT_GUEST; the locks are held
 */
void reset_initialized(struct passthrough *pt);

/**
 * reset_kick() - have a work item look what is to be done
 * @pt: the device
 *
 * Context: &passthrough.lock is held.
 */
void reset_kick(struct passthrough *pt);

/**
 * reset_go_on() - somebody has ended what a reset may have waited for
 * @pt: the device
 *
 * Context: &passthrough.lock is held.
 */
static inline void reset_go_on(struct passthrough *pt)
{
	if (pt->reset.waits)
		reset_kick(pt);
}

/**
 * reset_work() - the work item
 * @work: &passthrough.work
 */
void reset_work(struct work_struct *work);

/**
 * passthrough_put() - give back a reference
 * @pt: the device; its memory may be gone after that
 *
 * Context: may sleep.
 */
void passthrough_put(struct passthrough *pt);

#endif /* _KVM_CSS_PASSTHROUGH_INTERNAL_H */
