/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small virtual machine monitor for s390x over the KVM API.
 *
 * Also the example of how a VMM uses kvm-css: vmm_create() makes a VM that may
 * do channel I/O, vmm_kernel.c attaches the in-kernel channel subsystem to it,
 * vmm_run() is the loop around KVM_RUN.  What the kernel does not serve comes
 * to vmm_io(), as it does in every VMM.
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
/* Status of vmm_run() when the guest did not end by itself */
#define VMM_BROKEN		127

struct vmm;
struct vmm_css;

/* Exits to userspace, counted by the thread of the vCPU */
struct vmm_exits {
	u64 total;
	u64 by_reason[VMM_EXIT_REASONS];	/* KVM_EXIT_* */
	u64 io;			/* I/O instructions, TEST SUBCHANNEL too */
	u64 io_by_opcode[256];	/* by the second byte: 0x33 is SSCH */
	u64 diag;		/* hypercalls */
	u64 resets;		/* subsystem resets that the guest asked for */
};

struct vmm_vcpu {
	struct vmm *vmm;
	int nr;
	int fd;
	struct kvm_run *run;
	struct vmm_exits exits;
	bool running;		/* nr 1 only: has a thread to join */
	pthread_t thread;
};

/**
 * typedef vmm_io_fn - an I/O instruction that left the kernel
 * @vcpu: the vCPU; its run structure has instruction and registers
 *
 * Return: condition code, or VMM_CC_NONE when it was ended otherwise.
 */
typedef int (*vmm_io_fn)(struct vmm_vcpu *vcpu);

#define VMM_CC_NONE		-1

/**
 * typedef vmm_hypercall_fn - a DIAGNOSE with function code DIAG_VMM
 * @vcpu: the vCPU
 * @args: registers 2 to 5
 *
 * Return: what the guest gets in register 2.
 */
typedef u64 (*vmm_hypercall_fn)(struct vmm_vcpu *vcpu, const u64 *args);

/**
 * typedef vmm_debug_fn - an exit that KVM_SET_GUEST_DEBUG has asked for
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
	vmm_debug_fn debug;	/* or NULL: nobody debugs */
	void *theme;
	int flic_fd;		/* made by the first reset, or 0 */
	int exit_status;
};

/**
 * vmm_create() - make a VM with memory, vCPUs and channel I/O
 * @vmm: filled in
 * @nr_vcpus: 1 or 2
 *
 * Ends the program when the host can't; that is never what a test is about.
 */
void vmm_create(struct vmm *vmm, int nr_vcpus);

/**
 * vmm_destroy() - close everything
 * @vmm: the VM; no vCPU runs
 */
void vmm_destroy(struct vmm *vmm);

/**
 * vmm_load() - put the image at its place and point vCPU 0 at it
 * @vmm: the VM
 * @image: first byte
 * @end: behind the last byte
 * @argument: what the guest program finds in guest_argument
 */
void vmm_load(struct vmm *vmm, const void *image, const void *end,
	      u64 argument);

/**
 * vmm_run() - run vCPU 0 in this thread until the guest ends
 * @vmm: the VM
 *
 * Return: the guest program's exit status, or VMM_BROKEN.
 */
int vmm_run(struct vmm *vmm);

/**
 * vmm_start() - run vCPU 0 in a thread of its own, see vmm_wait()
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
 * vmm_pointer() - guest storage as the VMM sees it
 * @vmm: the VM
 * @addr: absolute address
 * @len: bytes wanted
 *
 * Return: where it is, or NULL when the guest has no such storage.
 */
void *vmm_pointer(struct vmm *vmm, u64 addr, u64 len);

/**
 * vmm_string() - a string in guest storage
 * @vmm: the VM
 * @addr: absolute address
 *
 * Return: the string; the guest programs are trusted to terminate it.
 */
const char *vmm_string(struct vmm *vmm, u64 addr);

/**
 * vmm_exits_sum() - the exits of all vCPUs together
 * @vmm: the VM
 * @sum: where to
 */
void vmm_exits_sum(struct vmm *vmm, struct vmm_exits *sum);

/**
 * vmm_ipb_address() - operand address of an S-format instruction
 * @vcpu: the vCPU
 * @ipb: as the exit gave it
 * @ar: base register, which is the access register too; may be NULL
 *
 * Return: the logical address, wrapped as the addressing mode says.
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
 * vmm_watchdog() - end the program when it takes too long
 *
 * That is 300 s, or what the environment has in SECONDS_EACH.  It prints where
 * the vCPUs stand.
 */
void vmm_watchdog(void);

/**
 * die() - end the program: the host, not the thing under test, failed
 * @format: as printf(); ": " and the text of errno are appended
 */
void __printf(1, 2) __noreturn die(const char *format, ...);

#endif /* SELFTESTS_VMM_H */
