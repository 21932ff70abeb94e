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

struct css;
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

/**
 * struct sch_measured - the times of the current start function
 * @since: begin of what is being measured now, in ns; 0 for nothing
 * @pending: from START or RESUME SUBCHANNEL to the first command, in ns
 * @connected: executing commands, in ns
 * @disconnected: between two turns of a runner, in ns
 * @starts: START and RESUME SUBCHANNEL that are not in the block yet
 */
struct sch_measured {
	u64 since;
	u64 pending;
	u64 connected;
	u64 disconnected;
	u8  starts;
};

/**
 * measurement_started() - START SUBCHANNEL was accepted
 * @sch: the subchannel
 *
 * Context: @sch->lock held.
 */
void measurement_started(struct subchannel *sch);

/**
 * measurement_resumed() - RESUME SUBCHANNEL was accepted
 * @sch: the subchannel
 *
 * Context: @sch->lock held.
 */
void measurement_resumed(struct subchannel *sch);

/**
 * measurement_turn_begins() - a runner takes the channel program up
 * @sch: the subchannel
 *
 * Context: the runner; may access guest storage.
 */
void measurement_turn_begins(struct subchannel *sch);

/**
 * measurement_turn_ends() - a runner is done with the channel program
 * @sch: the subchannel
 * @outcome: what became of it
 *
 * Updates the measurement block when it has ended, so that the guest finds it
 * updated when it is interrupted.
 *
 * Context: the runner; may access guest storage.
 */
void measurement_turn_ends(struct subchannel *sch, enum chanprog_state outcome);

/**
 * measurement_word() - the extended-measurement word of an ended function
 * @sch: the subchannel
 * @emw: where to
 *
 * Context: @sch->lock held.
 */
void measurement_word(const struct subchannel *sch, struct css_emw *emw);

#endif /* _KVM_CSS_MEASUREMENT_H */
