/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel-subsystem monitoring: Principles of Operation chapter 17.  The top of
 * measurement.c describes what is measured, and locking.
 */
#ifndef _KVM_CSS_MEASUREMENT_H
#define _KVM_CSS_MEASUREMENT_H

#include <linux/types.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/layout.h>

struct sch_shared;
struct subchannel;

/**
 * struct css_monitor - what SET CHANNEL MONITOR has set
 * @origin: measurement-block origin, an absolute address, for format-0 blocks
 * @key: storage key for the accesses to measurement blocks
 * @update: measurement-block update is active
 * @connect_time: device-connect-time measurement is active
 */
struct css_monitor {
	u64 origin;
	u8  key;
	bool update;
	bool connect_time;
};

/* The times that are measured; all others are always zero, see measurement.c */
enum measured_time {
	MEASURED_CONNECT,	/* device-connect time */
	MEASURED_PENDING,	/* function-pending time */
	MEASURED_DISCONNECT,	/* device-disconnect time */
	MEASURED_TIMES
};

/**
 * struct sch_measured - what is measured of a subchannel
 * @block: where the measurement block is: its absolute address in format 1, its
 *	displacement from the origin in format 0
 * @since: when the time that is being measured now has begun, in ns
 * @times: the times since the last START or RESUME SUBCHANNEL, in ns
 * @rests: the part of each time that was less than a unit of the block and will
 *	be added with a later time, in ns
 * @starts: how many START and RESUME SUBCHANNEL have to be added to the block
 * @logout: why the block could not be updated: LOGOUT_BLOCK_*, or 0
 * @timed: the times of the current function are measured
 * @update: the block is updated at the end of the current function
 * @interval: TEST SUBCHANNEL stores the device-connect-time interval of the
 *	current function
 * @format1: the block is of format 1
 * @begun: the function-pending time is over.  This becomes true at the end of
 *	the first turn after START or RESUME SUBCHANNEL by whose end a command
 *	of the program has been executed
 */
struct sch_measured {
	u64 block;
	u64 since;
	u64 times[MEASURED_TIMES];
	u32 rests[MEASURED_TIMES];
	u32 starts;
	u32 logout;
	bool timed;
	bool update;
	bool interval;
	bool format1;
	bool begun;
};

/**
 * struct measured_saved - the saved measurements of a subchannel
 * @times: the times since the last START or RESUME SUBCHANNEL, in ns
 * @starts: as in &struct sch_measured
 * @logout: as in &struct sch_measured
 * @timed: as in &struct sch_measured
 */
struct measured_saved {
	u64 times[MEASURED_TIMES];
	u32 starts;
	u32 logout;
	bool timed;
};

/**
 * measurement_set() - change what SET CHANNEL MONITOR has set
 * @shared: what the subchannels of the image share
 * @monitor: the new values, from SET CHANNEL MONITOR, a reset or a saved image
 *
 * Context: css->lock held, with which the image serializes the calls.
 */
void measurement_set(struct sch_shared *shared, const struct css_monitor *monitor);

/**
 * measurement_get() - get what one SET CHANNEL MONITOR has set
 * @shared: what the subchannels of the image share
 * @monitor: where to
 *
 * Context: any.
 */
void measurement_get(struct sch_shared *shared, struct css_monitor *monitor);

/**
 * measurement_started() - begin to measure an accepted START SUBCHANNEL
 * @sch: the subchannel
 *
 * Context: @sch->lock held; nobody runs its program.
 */
void measurement_started(struct subchannel *sch);

/**
 * measurement_resumed() - begin to measure an accepted RESUME SUBCHANNEL
 * @sch: the subchannel
 *
 * Context: @sch->lock held; nobody runs its program.
 */
void measurement_resumed(struct subchannel *sch);

/**
 * measurement_turn_begins() - account that a runner begins its turn
 * @sch: the subchannel
 *
 * Context: the runner.
 */
void measurement_turn_begins(struct subchannel *sch);

/**
 * measurement_turn_ends() - account that a runner ends its turn
 * @sch: the subchannel
 * @outcome: what became of the channel program
 *
 * Updates the measurement block when the program has ended, is suspended or has
 * been stopped.  Status becomes pending after that, so a guest that is
 * interrupted finds the block updated.
 *
 * Context: the runner; may access guest storage.
 */
void measurement_turn_ends(struct subchannel *sch, enum chanprog_state outcome);

/**
 * measurement_runner_left() - disable the update of a block if it has failed
 * @sch: the subchannel, whose runner has just left
 *
 * If the measurement block could not be updated, the PMCW doesn't enable its
 * update any more, until MODIFY SUBCHANNEL enables it again.
 *
 * Context: @sch->lock held, before status is made pending.
 */
void measurement_runner_left(struct subchannel *sch);

/**
 * measurement_word() - make the extended-measurement word of a function
 * @sch: the subchannel, whose function has ended or is suspended
 * @emw: where to
 *
 * Context: @sch->lock held; nobody runs its program.
 */
void measurement_word(const struct subchannel *sch, struct css_emw *emw);

/**
 * measurement_interval() - get the device-connect-time interval of a function
 * @sch: the subchannel; &sch_measured.interval says that it is measured
 *
 * Context: @sch->lock held.
 * Return: the interval, in units of 128 microseconds; 0 when the status is not
 * that of a start function that has ended or is suspended.
 */
u16 measurement_interval(const struct subchannel *sch);

/**
 * measurement_save() - save the measurements of a subchannel
 * @sch: the subchannel
 * @saved: where to
 *
 * Context: @sch->lock held; nobody runs its program.
 */
void measurement_save(const struct subchannel *sch,
		      struct measured_saved *saved);

/**
 * measurement_restore() - go on measuring from what was saved
 * @sch: the subchannel; its SCHIB and its program have been restored already
 * @saved: what measurement_save() has saved
 *
 * The time between saving and restoring is not measured.
 *
 * Context: @sch->lock held; nobody runs its program.
 */
void measurement_restore(struct subchannel *sch,
			 const struct measured_saved *saved);

#endif /* _KVM_CSS_MEASUREMENT_H */
