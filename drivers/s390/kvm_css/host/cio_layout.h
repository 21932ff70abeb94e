/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module needs of the private structures of drivers/s390/cio.
 *
 * The common I/O layer exports css_driver_register() and what a css_driver calls,
 * but has no public header for them.  So their structures are declared once more
 * here, with the names and types that they have there, because the versions of the
 * exported symbols (CONFIG_MODVERSIONS) are computed from these.  When the module is
 * built, cio_layout.sh looks for the variant with which all versions are those of the
 * kernel, and writes cio_layout_found.h:
 *
 * KVM_CSS_CIO_KNOWN		there is such a variant
 * KVM_CSS_CIO_LOCK_POINTER	the lock of a subchannel is elsewhere (Linux 6.1)
 * KVM_CSS_CIO_OVERRIDE		driver_override is in struct subchannel, and not in
 *				struct device (Linux 6.1, and 6.12 before some
 *				update of it)
 *
 * Documentation/passthrough.rst, "Private structures".
 */
#ifndef _KVM_CSS_CIO_LAYOUT_H
#define _KVM_CSS_CIO_LAYOUT_H

#include <linux/device.h>
#include <linux/mod_devicetable.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include <asm/chpid.h>
#include <asm/cio.h>
#include <asm/schid.h>

/* <asm/cio.h> includes <asm/dma-types.h>, where there is such a header. */
#ifdef _ASM_S390_DMA_TYPES_H_
#define CIO_BLOCK_ADDRESS	dma64_t
#define CIO_BLOCK_ADDRESS_SCHIB	dma64_t
#else
#define CIO_BLOCK_ADDRESS	u64
#define CIO_BLOCK_ADDRESS_SCHIB	__u64
#endif

struct chp_link;
struct subchannel;
union orb;

/* The path-management-control word */
struct pmcw {
	u32 intparm;
	u32 qf : 1;
	u32 w : 1;
	u32 isc : 3;
	u32 res5 : 3;
	u32 ena : 1;
	u32 lm : 2;
	u32 mme : 2;
	u32 mp : 1;
	u32 tf : 1;
	u32 dnv : 1;
	u32 dev : 16;
	u8  lpm;
	u8  pnom;
	u8  lpum;
	u8  pim;
	u16 mbi;
	u8  pom;
	u8  pam;
	u8  chpid[8];
	u32 unused1 : 8;
	u32 st : 3;
	u32 unused2 : 18;
	u32 mbfc : 1;
	u32 xmwme : 1;
	u32 csense : 1;
} __packed;

/* The subchannel-information block */
struct schib {
	struct pmcw pmcw;
	union scsw scsw;
	CIO_BLOCK_ADDRESS_SCHIB mba;
	__u8 mda[4];
} __packed __aligned(4);

/* What cio_enable_subchannel() and cio_disable_subchannel() set in the SCHIB */
struct schib_config {
	CIO_BLOCK_ADDRESS mba;
	u32 intparm;
	u16 mbi;
	u32 isc : 3;
	u32 ena : 1;
	u32 mme : 2;
	u32 mp : 1;
	u32 csense : 1;
	u32 mbfc : 1;
} __packed;

struct chsc_ssd_info {
	u8 path_mask;
	u8 fla_valid_mask;
	struct chp_id chpid[8];
	u16 fla[8];
};

/* What css_sched_sch_todo() has a worker of the host's do */
enum sch_todo {
	SCH_TODO_NOTHING,
	SCH_TODO_EVAL,
	SCH_TODO_UNREG,
};

/* A channel path, for struct css_driver.chp_event */
struct chp_link {
	struct chp_id chpid;
	u32 fla_mask;
	u16 fla;
};

/* The events of struct css_driver.chp_event */
enum cio_chp_event {
	CIO_CHP_ONLINE,
	CIO_CHP_OFFLINE,
	CIO_CHP_VARY_ON,
	CIO_CHP_VARY_OFF,
};

struct css_driver {
	struct css_device_id *subchannel_type;
	struct device_driver drv;
	void (*irq)(struct subchannel *sch);
	int (*chp_event)(struct subchannel *sch, struct chp_link *link,
			 int event);
	int (*sch_event)(struct subchannel *sch, int process);
	int (*probe)(struct subchannel *sch);
	void (*remove)(struct subchannel *sch);
	void (*shutdown)(struct subchannel *sch);
	int (*settle)(void);
};

struct subchannel {
	struct subchannel_id schid;
#ifdef KVM_CSS_CIO_LOCK_POINTER
	spinlock_t *lock;	/* see cio_lock() */
#else
	spinlock_t lock;	/* see cio_lock() */
#endif
	struct mutex reg_mutex;	/* cio's */
	enum {
		SUBCHANNEL_TYPE_IO = 0,
		SUBCHANNEL_TYPE_CHSC = 1,
		SUBCHANNEL_TYPE_MSG = 2,
		SUBCHANNEL_TYPE_ADM = 3,
	} st;
	__u8 vpm;
	__u8 lpm;
	__u8 opm;
	struct schib schib;
	int isc;
	struct chsc_ssd_info ssd_info;
	struct device dev;
	struct css_driver *driver;
	enum sch_todo todo;
	struct work_struct todo_work;
	struct schib_config config;
	u64 dma_mask;
#ifdef KVM_CSS_CIO_OVERRIDE
	const char *driver_override;
#endif
} __aligned(8);

/* Where the host's TEST SUBCHANNEL has stored when it calls css_driver.irq */
DECLARE_PER_CPU_ALIGNED(struct irb, cio_irb);

int css_driver_register(struct css_driver *driver);
void css_driver_unregister(struct css_driver *driver);
void css_sched_sch_todo(struct subchannel *sch, enum sch_todo todo);
int cio_enable_subchannel(struct subchannel *sch, u32 intparm);
int cio_disable_subchannel(struct subchannel *sch);
int cio_update_schib(struct subchannel *sch);

/*
 * The instructions.  They return condition codes.  (The version of ssch() depends
 * on the members of union orb, which the module doesn't need.)
 */
int stsch(struct subchannel_id schid, struct schib *schib);
int hsch(struct subchannel_id schid);
int csch(struct subchannel_id schid);
int ssch(struct subchannel_id schid, union orb *orb);

static inline spinlock_t *cio_lock(struct subchannel *sch)
{
#ifdef KVM_CSS_CIO_LOCK_POINTER
	return sch->lock;
#else
	return &sch->lock;
#endif
}

#endif /* _KVM_CSS_CIO_LAYOUT_H */
