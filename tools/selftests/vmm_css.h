/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A channel subsystem in userspace, as VMMs have it without kvm-css.
 *
 * It serves the same instructions and, with vmm_test.c and vmm_fba.c, the same
 * devices as the module, so that one guest program can be run, and measured,
 * against either.  Deliberately no slower than it must be: operands are copied
 * directly when the guest runs with DAT off, a channel program runs on the
 * vCPU's thread until a device says that it has to wait.
 */
#ifndef SELFTESTS_VMM_CSS_H
#define SELFTESTS_VMM_CSS_H

#include <pthread.h>
#include <stdbool.h>

#include "cio.h"

#define VMM_CSS_SUBCHANNELS	16

struct vmm;
struct vmm_vcpu;
struct vmm_sch;

/* How a device took a command */
enum vmm_cmd {
	VMM_CMD_ENDED,		/* program->dstat says how */
	VMM_CMD_DEFER,		/* must run on the worker: call again there */
};

/* A channel program on its way; a device sees one command at a time */
struct vmm_program {
	struct vmm_sch *sch;
	struct orb orb;
	bool on_worker;
	/* The CCW in effect */
	u32 next;		/* address of the next CCW */
	u8  command;
	u8  flags;
	u16 count;
	u32 data;
	bool chained;		/* a command came before this one */
	/* What the device and the walk through the data found */
	bool moved;		/* the device asked for data */
	bool excess;		/* it would have moved more than there was */
	u8  dstat;
	u8  cstat;
};

/**
 * struct vmm_device - a kind of control unit
 * @start: a channel program begins
 * @command: execute program->command; data through vmm_data_*()
 */
struct vmm_device {
	void (*start)(struct vmm_sch *sch);
	enum vmm_cmd (*command)(struct vmm_program *program);
};

struct vmm_sch {
	struct vmm_css *css;
	const struct vmm_device *device;
	void *device_data;
	u32 sid;
	pthread_mutex_t lock;	/* schib, irq_pending */
	struct schib schib;
	bool irq_pending;
	/* The worker, started with the first program that needs it */
	bool has_worker;
	bool stop;
	bool work;
	pthread_t worker;
	pthread_cond_t wake;
	struct vmm_program program;
};

struct vmm_css {
	struct vmm *vmm;
	struct vmm_sch *sch[VMM_CSS_SUBCHANNELS];
	int nr;
};

/**
 * vmm_css_create() - give a VM a channel subsystem in userspace
 * @css: filled in
 * @vmm: the VM
 */
void vmm_css_create(struct vmm_css *css, struct vmm *vmm);

/**
 * vmm_css_destroy() - end workers and free
 * @css: the channel subsystem
 */
void vmm_css_destroy(struct vmm_css *css);

/**
 * vmm_css_add() - add a subchannel
 * @css: the channel subsystem
 * @sid: its subsystem-identification word
 * @devno: device number
 * @device: the kind of control unit
 * @device_data: for @device; from malloc(), given away
 *
 * Return: the subchannel.
 */
struct vmm_sch *vmm_css_add(struct vmm_css *css, u32 sid, u16 devno,
			    const struct vmm_device *device,
			    void *device_data);

/**
 * vmm_css_io() - execute an I/O instruction
 * @css: the channel subsystem
 * @vcpu: the vCPU whose exit it was
 *
 * Return: condition code or VMM_CC_NONE.
 */
int vmm_css_io(struct vmm_css *css, struct vmm_vcpu *vcpu);

/**
 * vmm_program_start() - put a channel program at its first CCW
 * @program: the program
 * @sch: its subchannel
 * @orb: its ORB
 */
void vmm_program_start(struct vmm_program *program, struct vmm_sch *sch,
		       const struct orb *orb);

/**
 * vmm_program_run() - walk through a channel program
 * @program: the program; continued when a device deferred it before
 *
 * Return: false when it has to be continued on the worker.
 */
bool vmm_program_run(struct vmm_program *program);

/**
 * vmm_data_out() - data from the program to the device
 * @program: the program
 * @buf: where to
 * @len: how much the device takes at most
 *
 * Return: how much there was.
 */
u32 vmm_data_out(struct vmm_program *program, void *buf, u32 len);

/**
 * vmm_data_in() - data from the device to the program
 * @program: the program
 * @buf: the data
 * @len: how much there is
 *
 * Return: how much the program took.
 */
u32 vmm_data_in(struct vmm_program *program, const void *buf, u32 len);

/**
 * vmm_data_direct() - where the data lie, when they lie in one piece
 * @program: the program
 * @len: how much
 *
 * For a device that moves data without a buffer of its own.  The data count as
 * moved.
 *
 * Return: the address, or NULL when the device has to take a buffer.
 */
void *vmm_data_direct(struct vmm_program *program, u32 len);

#endif /* SELFTESTS_VMM_CSS_H */
