/* SPDX-License-Identifier: GPL-2.0 */
/* A subchannel that a VMM has of the host's, by vfio-ccw */
#ifndef BENCH_VFIO_H
#define BENCH_VFIO_H

#include "theme.h"

struct vfio_ccw {
	int container;
	int group;
	int device;
	int event;		/* signalled when there is status */
	u64 io_region;		/* their offsets in the device */
	u64 async_region;
	struct vmm_sch *sch;
	struct orb orb;		/* the last one */
	pthread_t thread;	/* takes the status */
	bool stop;
	u64 retries;		/* START SUBCHANNEL that vfio-ccw wasn't ready for */
};

/**
 * vfio_ccw_add() - add a subchannel of the host's to a VM whose VMM serves its channels
 * @vfio: filled in
 * @machine: the VM
 * @sid: subsystem-identification word in the guest
 * @devno: device number in the guest
 * @group: the character device of its VFIO group
 * @uuid: the name of its mediated device
 *
 * All of the guest's storage is mapped for the device.  Ends the program if the host
 * can't do it.
 */
void vfio_ccw_add(struct vfio_ccw *vfio, struct machine *machine, u32 sid,
		  u16 devno, const char *group, const char *uuid);

/**
 * vfio_ccw_end() - give the subchannel back; the guest must not run any more
 * @vfio: the subchannel
 */
void vfio_ccw_end(struct vfio_ccw *vfio);

#endif /* BENCH_VFIO_H */
