/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Channel-subsystem monitoring: Principles of Operation chapter 17.
 * Locking is described at the top of measurement.c.
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
 * @origin: measurement-block origin, for format-0 blocks
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

/* The times that are measured; the others are always zero, see measurement.c */
enum measured_time {
	MEASURED_CONNECT,	/* commands are being executed */
	MEASURED_PENDING,	/* no command has been executed so far */
	MEASURED_DISCONNECT,	/* between two turns of a runner */
	MEASURED_TIMES
};

/**
 * struct sch_measured - what is measured of a subchannel
 * @block: its measurement block: the address in format 1, the displacement
 *	from the origin in format 0
 * @since: since when what is measured now has been going on, in ns
 * @times: of the last START or RESUME SUBCHANNEL, in ns
 * @rests: what the block's unit is too coarse for, in ns
 * @starts: START and RESUME SUBCHANNEL that are not in the block yet
 * @logout: why the block could not be updated: LOGOUT_*, or 0
 * @timed: times are taken of the current function
 * @update: so is the block updated at its end
 * @interval: so is the device-connect-time interval told
 * @format1: the block is of format 1
 * @begun: a command has been executed since START or RESUME SUBCHANNEL
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
 * struct measured_saved - what is known of a function that is saved
 * @times: so far, in ns
 * @starts: as in &struct sch_measured
 * @logout: likewise
 * @timed: likewise
 */
struct measured_saved {
	u64 times[MEASURED_TIMES];
	u32 starts;
	u32 logout;
	bool timed;
};

/**
 * measurement_set() - SET CHANNEL MONITOR, or a reset
 * @shared: what the subchannels of the image share
 * @monitor: what it has set
 *
 * Context: calls are serialized by the image, with css->lock.
 */
void measurement_set(struct sch_shared *shared, const struct css_monitor *monitor);

/**
 * measurement_get() - what SET CHANNEL MONITOR has set, all of one moment
 * @shared: what the subchannels of the image share
 * @monitor: where to
 *
 * Context: any.
 */
void measurement_get(struct sch_shared *shared, struct css_monitor *monitor);

/**
 * measurement_started() - START SUBCHANNEL was accepted
 * @sch: the subchannel
 *
 * Context: @sch->lock held; nobody runs its program.
 */
void measurement_started(struct subchannel *sch);

/**
 * measurement_resumed() - RESUME SUBCHANNEL was accepted
 * @sch: the subchannel
 *
 * Context: @sch->lock held; nobody runs its program.
 */
void measurement_resumed(struct subchannel *sch);

/**
 * measurement_turn_begins() - a runner takes the channel program up
 * @sch: the subchannel
 *
 * Context: the runner.
 */
void measurement_turn_begins(struct subchannel *sch);

/**
 * measurement_turn_ends() - a runner is done with the channel program
 * @sch: the subchannel
 * @outcome: what became of it
 *
 * Updates the measurement block when the program has ended or is suspended, so
 * that the guest finds it updated when it is interrupted.
 *
 * Context: the runner; may access guest storage.
 */
void measurement_turn_ends(struct subchannel *sch, enum chanprog_state outcome);

/**
 * measurement_runner_left() - the runner's part in it is over
 * @sch: the subchannel
 *
 * A subchannel whose block could not be updated is not measured any more.
 *
 * Context: @sch->lock held; status is made pending after that.
 */
void measurement_runner_left(struct subchannel *sch);

/**
 * measurement_word() - the extended-measurement word of an ended function
 * @sch: the subchannel
 * @emw: where to
 *
 * Context: @sch->lock held; nobody runs its program.
 */
void measurement_word(const struct subchannel *sch, struct css_emw *emw);

/**
 * measurement_interval() - the device-connect-time interval of the function
 * @sch: the subchannel
 *
 * Context: @sch->lock held; nobody runs its program.
 * Return: it, in units of 128 microseconds; 0 when it isn't measured.
 */
u16 measurement_interval(const struct subchannel *sch);

/**
 * measurement_save() - what is known so far, and can be taken elsewhere
 * @sch: the subchannel
 * @saved: where to
 *
 * Context: @sch->lock held; nobody runs its program.
 */
void measurement_save(const struct subchannel *sch,
		      struct measured_saved *saved);

/**
 * measurement_restore() - go on from there, as if no time had passed
 * @sch: the subchannel; SCHIB and program have been restored
 * @saved: what measurement_save() knew
 *
 * Context: @sch->lock held; nobody runs its program.
 */
void measurement_restore(struct subchannel *sch,
			 const struct measured_saved *saved);

#endif /* _KVM_CSS_MEASUREMENT_H */
