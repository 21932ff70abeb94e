/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A channel subsystem in userspace, such as VMMs have without kvm-css.
 *
 * It serves the same instructions as the module and, with vmm_test.c and
 * vmm_fba.c, the same devices, so that a guest program can be run and measured
 * against either.  It is deliberately fast: it copies operands directly if the
 * guest runs with DAT off, and it runs a channel program on the vCPU's thread
 * until a device says that it has to wait.
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

/* What a device has done with a command */
enum vmm_cmd {
	/* The command has ended; program->dstat says how */
	VMM_CMD_ENDED,
	VMM_CMD_DEFER,		/* the worker has to call this again */
};

/* A running channel program; its device sees one command at a time */
struct vmm_program {
	struct vmm_sch *sch;
	struct orb orb;
	bool on_worker;
	/* The current CCW */
	u32 next;		/* address of the next CCW */
	u8  command;
	u8  flags;
	u16 count;
	u32 data;
	bool chained;		/* the command follows another one */
	/* What moving the data has shown */
	bool moved;		/* the device asked for data */
	bool excess;		/* it wanted to move more than there was */
	u8  dstat;
	u8  cstat;
};

/**
 * struct vmm_device - a kind of control unit
 * @start: called when a channel program begins
 * @command: executes program->command; moves data by vmm_data_*()
 * @function: for a subchannel whose programs somebody else executes, in place of the
 * other two: passes a START (with its ORB), HALT, CLEAR or RESUME SUBCHANNEL on, and
 * returns the condition code.  The status comes by vmm_css_status().
 */
struct vmm_device {
	void (*start)(struct vmm_sch *sch);
	enum vmm_cmd (*command)(struct vmm_program *program);
	int (*function)(struct vmm_sch *sch, u16 op, const struct orb *orb);
};

struct vmm_sch {
	struct vmm_css *css;
	const struct vmm_device *device;
	void *device_data;
	u32 sid;
	pthread_mutex_t lock;	/* protects schib, irb and irq_pending */
	struct schib schib;
	struct irb irb;		/* the last one of vmm_css_status() */
	bool irq_pending;
	/* The worker; the first program that needs it starts it */
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
 * vmm_css_destroy() - end the workers and free everything
 * @css: the channel subsystem
 */
void vmm_css_destroy(struct vmm_css *css);

/**
 * vmm_css_add() - add a subchannel
 * @css: the channel subsystem
 * @sid: its subsystem-identification word
 * @devno: device number
 * @device: the kind of control unit
 * @device_data: the state of @device, from malloc(); vmm_css_destroy() frees it
 *
 * Return: the subchannel.
 */
struct vmm_sch *vmm_css_add(struct vmm_css *css, u32 sid, u16 devno,
			    const struct vmm_device *device,
			    void *device_data);

/**
 * vmm_css_io() - execute an I/O instruction
 * @css: the channel subsystem
 * @vcpu: the vCPU that has left the guest for it
 *
 * Return: the condition code, or VMM_CC_NONE.
 */
int vmm_css_io(struct vmm_css *css, struct vmm_vcpu *vcpu);

/**
 * vmm_css_status() - make status pending that somebody else's subchannel has had
 * @sch: the subchannel
 * @irb: the status, as TEST SUBCHANNEL is to store it
 */
void vmm_css_status(struct vmm_sch *sch, const struct irb *irb);

/**
 * vmm_program_start() - set up a channel program, from its first CCW
 * @program: the program
 * @sch: its subchannel
 * @orb: its ORB
 */
void vmm_program_start(struct vmm_program *program, struct vmm_sch *sch,
		       const struct orb *orb);

/**
 * vmm_program_run() - run a channel program
 * @program: the program; it goes on where a device has deferred a command
 *
 * Return: false when the worker has to go on with it.
 */
bool vmm_program_run(struct vmm_program *program);

/**
 * vmm_data_out() - move data from the program's storage to the device
 * @program: the program
 * @buf: where to put them
 * @len: how many bytes the device takes at most
 *
 * Return: how many bytes there were.
 */
u32 vmm_data_out(struct vmm_program *program, void *buf, u32 len);

/**
 * vmm_data_in() - move data from the device to the program's storage
 * @program: the program
 * @buf: the data
 * @len: how many bytes there are
 *
 * Return: how many bytes the program took.
 */
u32 vmm_data_in(struct vmm_program *program, const void *buf, u32 len);

/**
 * vmm_data_direct() - find the program's data, if they are in one piece
 * @program: the program
 * @len: how many bytes
 *
 * For a device that moves data without a buffer of its own.  The data count as
 * moved.
 *
 * Return: the address, or NULL if the device has to use a buffer.
 */
void *vmm_data_direct(struct vmm_program *program, u32 len);

#endif /* SELFTESTS_VMM_CSS_H */
