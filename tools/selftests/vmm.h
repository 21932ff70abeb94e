/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small virtual machine monitor for s390x over the KVM API.
 *
 * It also is the example of how a VMM uses kvm-css: vmm_create() makes a VM
 * that may do channel I/O, vmm_kernel.c attaches the in-kernel channel
 * subsystem to it, and vmm_run() is the loop around KVM_RUN.  What the kernel
 * does not serve comes to vmm_io(), as in every VMM.
 */
#ifndef SELFTESTS_VMM_H
#define SELFTESTS_VMM_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <linux/kvm.h>

#include "cio.h"
#include "hypercall.h"

#define VMM_MAX_VCPUS		2
#define VMM_MEMORY		(16UL << 20)
#define VMM_EXIT_REASONS	64
/* What vmm_run() returns if the guest did not end by itself */
#define VMM_BROKEN		127

struct vmm;
struct vmm_css;

/* How often a vCPU has left the guest for userspace, counted by its thread */
struct vmm_exits {
	u64 total;
	u64 by_reason[VMM_EXIT_REASONS];	/* KVM_EXIT_* */
	u64 io;			/* I/O instructions, TSCH included */
	/* By the second byte of the opcode; 0x33 is SSCH */
	u64 io_by_opcode[256];
	u64 diag;		/* hypercalls */
	u64 resets;		/* subsystem resets that the guest asked for */
};

struct vmm_vcpu {
	struct vmm *vmm;
	int nr;
	int fd;
	struct kvm_run *run;
	struct vmm_exits exits;
	bool running;		/* its thread has to be joined; vCPU 1 only */
	pthread_t thread;
};

/**
 * typedef vmm_io_fn - serve an I/O instruction that left the kernel
 * @vcpu: the vCPU; its run structure has the instruction and the registers
 *
 * Return: the condition code, or VMM_CC_NONE if the instruction has ended in
 * another way.
 */
typedef int (*vmm_io_fn)(struct vmm_vcpu *vcpu);

#define VMM_CC_NONE		-1

/**
 * typedef vmm_hypercall_fn - answer a DIAGNOSE with function code DIAG_VMM
 * @vcpu: the vCPU
 * @args: general registers 2 to 5
 *
 * Return: what the guest gets in general register 2.
 */
typedef u64 (*vmm_hypercall_fn)(struct vmm_vcpu *vcpu, const u64 *args);

/**
 * typedef vmm_debug_fn - handle an exit that KVM_SET_GUEST_DEBUG has asked for
 * @vcpu: the vCPU; its run structure has the PSW
 */
typedef void (*vmm_debug_fn)(struct vmm_vcpu *vcpu);

struct vmm {
	int kvm_fd;
	int vm_fd;
	u8 *mem;
	size_t mem_size;
	int nr_vcpus;
	struct vmm_vcpu vcpu[VMM_MAX_VCPUS];
	struct vmm_css *css;	/* the channel subsystem in userspace, or NULL */
	vmm_io_fn io;		/* called first, before @css; may be NULL */
	vmm_hypercall_fn hypercall;
	vmm_debug_fn debug;	/* NULL if nobody debugs */
	void *theme;
	int flic_fd;		/* 0 before the first reset, which makes it */
	int exit_status;
};

/**
 * vmm_storage() - map memory that can be guest storage
 * @size: bytes
 * @sharing: MAP_SHARED or MAP_PRIVATE
 *
 * KVM wants guest storage to begin at a segment boundary in the host, too.  Ends
 * the program when the host can't.
 *
 * Return: the memory; it is unmapped by munmap().
 */
void *vmm_storage(size_t size, int sharing);

/**
 * vmm_create() - make a VM with memory, vCPUs and channel I/O
 * @vmm: filled in
 * @nr_vcpus: 1 or 2
 *
 * Ends the program if the host can't make one; no test is about that.
 */
void vmm_create(struct vmm *vmm, int nr_vcpus);

/**
 * vmm_destroy() - close everything
 * @vmm: the VM; none of its vCPUs may be running
 */
void vmm_destroy(struct vmm *vmm);

/**
 * vmm_load() - copy an image to its place and let vCPU 0 begin there
 * @vmm: the VM
 * @image: its first byte
 * @end: the byte behind its last one
 * @argument: what the guest program will find in guest_argument
 */
void vmm_load(struct vmm *vmm, const void *image, const void *end,
	      u64 argument);

/**
 * vmm_run() - run vCPU 0 in this thread until the guest program ends
 * @vmm: the VM
 *
 * Return: the guest program's exit status, or VMM_BROKEN.
 */
int vmm_run(struct vmm *vmm);

/**
 * vmm_start() - run vCPU 0 in a thread of its own; vmm_wait() waits for its end
 * @vmm: the VM
 */
void vmm_start(struct vmm *vmm);

/**
 * vmm_wait() - wait for a vCPU started by vmm_start()
 * @vmm: the VM
 *
 * Return: as vmm_run().
 */
int vmm_wait(struct vmm *vmm);

/**
 * vmm_pointer() - find the address at which the VMM has a piece of guest
 * storage
 * @vmm: the VM
 * @addr: absolute address
 * @len: its length in bytes
 *
 * Return: the address, or NULL if the guest has no such storage.
 */
void *vmm_pointer(struct vmm *vmm, u64 addr, u64 len);

/**
 * vmm_string() - find a string in guest storage
 * @vmm: the VM
 * @addr: absolute address
 *
 * Return: the string; guest programs are trusted to end it with a zero byte.
 */
const char *vmm_string(struct vmm *vmm, u64 addr);

/**
 * vmm_exits_sum() - add up the exits of all vCPUs
 * @vmm: the VM
 * @sum: the result
 */
void vmm_exits_sum(struct vmm *vmm, struct vmm_exits *sum);

/**
 * vmm_ipb_address() - compute the operand address of an S-format instruction
 * @vcpu: the vCPU
 * @ipb: IPB, from the exit
 * @ar: set to the base register's number, which is the access register's too;
 * may be NULL
 *
 * Return: the logical address, truncated as the addressing mode says.
 */
u64 vmm_ipb_address(struct vmm_vcpu *vcpu, u32 ipb, u8 *ar);

/**
 * vmm_program_interruption() - end the instruction by a program interruption
 * @vcpu: the vCPU
 * @code: PGM_*
 */
void vmm_program_interruption(struct vmm_vcpu *vcpu, u16 code);

/**
 * vmm_io_interruption() - make an I/O interruption pending
 * @vmm: the VM
 * @sid: subsystem-identification word
 * @intparm: interruption parameter
 * @isc: interruption subclass
 */
void vmm_io_interruption(struct vmm *vmm, u32 sid, u32 intparm, u8 isc);

/**
 * vmm_watchdog() - end the program if it takes too long
 *
 * It ends the program 10 s before the limit that "run" has for it: 300 s, or as
 * many seconds as SECONDS_EACH in the environment says.  The program prints
 * where the vCPUs stand.
 */
void vmm_watchdog(void);

/**
 * die() - end the program because the host failed, not what is being tested
 * @format: as for printf(); ": " and the text of errno are added
 */
void __printf(1, 2) __noreturn die(const char *format, ...);

#endif /* SELFTESTS_VMM_H */
