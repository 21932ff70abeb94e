// SPDX-License-Identifier: GPL-2.0
/*
 * How a VMM passes a subchannel of the host's through with vfio-ccw, as
 * Documentation/arch/s390/vfio-ccw.rst of Linux says.
 *
 * Each START SUBCHANNEL of the guest leaves KVM for this program, which writes the ORB
 * to a region of the device; the kernel translates the channel program.  Status comes
 * as an event, for which a thread waits.  It reads the IRB from the region and makes an
 * interruption pending, and the guest's TEST SUBCHANNEL leaves KVM once more.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <linux/vfio.h>
#include <linux/vfio_ccw.h>

#include "vfio.h"

static_assert(sizeof(struct orb) == ORB_AREA_SIZE, "ORB");
static_assert(sizeof(struct scsw) == SCSW_AREA_SIZE, "SCSW");
static_assert(sizeof(struct irb) <= IRB_AREA_SIZE, "IRB");

/* --- functions --- */

/* What the guest is told when vfio-ccw has refused a request; QEMU does the same. */
static int refused(struct vfio_ccw *vfio, int error, u32 cpa)
{
	struct irb irb = {
		.scsw.ctrl = SCSW_FC_START | SCSW_SC_ALERT | SCSW_SC_PRIMARY |
			     SCSW_SC_SECONDARY | SCSW_SC_PENDING,
		.scsw.cpa = cpa + sizeof(struct ccw1),
		.scsw.dstat = DST_UNIT_EXCEPTION,
	};

	switch (error) {
	case EBUSY:
		return CC_BUSY;
	case ENODEV:
	case EACCES:
		return CC_NOT_OPERATIONAL;
	default:
		vmm_css_status(vfio->sch, &irb);
		return CC_DONE;
	}
}

/* Return: 0 or a positive errno. */
static int request(struct vfio_ccw *vfio, const void *region, size_t size,
		   u64 offset)
{
	for (;;) {
		if (pwrite(vfio->device, region, size, offset) ==
		    (ssize_t)size)
			return 0;
		if (errno != EAGAIN)
			return errno;
		/* It is just taking the status of the last one. */
		vfio->retries++;
	}
}

static int start(struct vfio_ccw *vfio, const struct orb *orb)
{
	const struct scsw scsw = { .ctrl = SCSW_FC_START };
	struct ccw_io_region region = { 0 };
	int error;

	vfio->orb = *orb;
	memcpy(region.orb_area, orb, sizeof(*orb));
	memcpy(region.scsw_area, &scsw, sizeof(scsw));
	error = request(vfio, &region, sizeof(region), vfio->io_region);
	return error ? refused(vfio, error, orb->cpa) : CC_DONE;
}

static int stop(struct vfio_ccw *vfio, u32 command)
{
	struct ccw_cmd_region region = { .command = command };
	int error = request(vfio, &region, sizeof(region), vfio->async_region);

	if (!error)
		return CC_DONE;
	return error == EBUSY ? CC_BUSY : CC_NOT_OPERATIONAL;
}

static int function(struct vmm_sch *sch, u16 op, const struct orb *orb)
{
	struct vfio_ccw *vfio = *(struct vfio_ccw **)sch->device_data;

	if (op == INSN_SSCH)
		return start(vfio, orb);
	/* vfio-ccw has no such request; QEMU starts the program once more. */
	if (op == INSN_RSCH)
		return start(vfio, &(struct orb){ vfio->orb.intparm,
						  vfio->orb.flags,
						  vfio->orb.cpa });
	return stop(vfio, op == INSN_HSCH ? VFIO_CCW_ASYNC_CMD_HSCH :
					    VFIO_CCW_ASYNC_CMD_CSCH);
}

static const struct vmm_device vfio_device = { .function = function };

/* --- status --- */

static void *take_status(void *arg)
{
	struct vfio_ccw *vfio = arg;
	struct ccw_io_region region;
	struct irb irb;
	u64 count;

	for (;;) {
		if (read(vfio->event, &count, sizeof(count)) != sizeof(count))
			die("the event of vfio-ccw");
		if (__atomic_load_n(&vfio->stop, __ATOMIC_ACQUIRE))
			return NULL;
		if (pread(vfio->device, &region, sizeof(region),
			  vfio->io_region) != sizeof(region))
			die("the I/O region of vfio-ccw");
		memcpy(&irb, region.irb_area, sizeof(irb));
		vmm_css_status(vfio->sch, &irb);
	}
}

/* --- from the beginning to the end --- */

static void map_storage(struct vfio_ccw *vfio, struct vmm *vmm)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (u64)vmm->mem,
		.size = vmm->mem_size,
	};

	if (ioctl(vfio->group, VFIO_GROUP_SET_CONTAINER, &vfio->container))
		die("VFIO_GROUP_SET_CONTAINER");
	if (ioctl(vfio->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		die("VFIO_SET_IOMMU");
	if (ioctl(vfio->container, VFIO_IOMMU_MAP_DMA, &map))
		die("VFIO_IOMMU_MAP_DMA");
}

static u64 region_offset(struct vfio_ccw *vfio, u32 index, size_t size)
{
	struct vfio_region_info info = {
		.argsz = sizeof(info),
		.index = index,
	};

	if (ioctl(vfio->device, VFIO_DEVICE_GET_REGION_INFO, &info))
		die("VFIO_DEVICE_GET_REGION_INFO %u", index);
	if (info.size != size)
		die("region %u: expected %zu bytes, found %llu", index, size,
		    info.size);
	return info.offset;
}

static void ask_for_events(struct vfio_ccw *vfio)
{
	struct {
		struct vfio_irq_set set;
		int event;
	} irqs = {
		.set = {
			.argsz = sizeof(irqs),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD |
				 VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = VFIO_CCW_IO_IRQ_INDEX,
			.count = 1,
		},
	};

	vfio->event = eventfd(0, EFD_CLOEXEC);
	irqs.event = vfio->event;
	if (vfio->event < 0 ||
	    ioctl(vfio->device, VFIO_DEVICE_SET_IRQS, &irqs))
		die("VFIO_DEVICE_SET_IRQS");
}

void vfio_ccw_add(struct vfio_ccw *vfio, struct machine *machine, u32 sid,
		  u16 devno, const char *group, const char *uuid)
{
	struct vfio_ccw **back = malloc(sizeof(*back));

	memset(vfio, 0, sizeof(*vfio));
	vfio->container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	vfio->group = open(group, O_RDWR | O_CLOEXEC);
	if (vfio->container < 0 || vfio->group < 0 || !back)
		die("open /dev/vfio/vfio and %s", group);
	map_storage(vfio, &machine->vmm);
	vfio->device = ioctl(vfio->group, VFIO_GROUP_GET_DEVICE_FD, uuid);
	if (vfio->device < 0)
		die("VFIO_GROUP_GET_DEVICE_FD");
	vfio->io_region = region_offset(vfio, VFIO_CCW_CONFIG_REGION_INDEX,
					sizeof(struct ccw_io_region));
	/* The first one that isn't always there */
	vfio->async_region = region_offset(vfio, VFIO_CCW_NUM_REGIONS,
					   sizeof(struct ccw_cmd_region));
	ask_for_events(vfio);
	*back = vfio;
	vfio->sch = vmm_css_add(&machine->css, sid, devno, &vfio_device, back);
	if (pthread_create(&vfio->thread, NULL, take_status, vfio))
		die("pthread_create for the status of vfio-ccw");
}

void vfio_ccw_end(struct vfio_ccw *vfio)
{
	const u64 once = 1;

	__atomic_store_n(&vfio->stop, true, __ATOMIC_RELEASE);
	if (write(vfio->event, &once, sizeof(once)) != sizeof(once))
		die("the event of vfio-ccw");
	pthread_join(vfio->thread, NULL);
	close(vfio->device);
	close(vfio->group);
	close(vfio->container);
	close(vfio->event);
}
