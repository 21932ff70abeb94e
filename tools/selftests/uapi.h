/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The theme "uapi" is seven files: uapi.c, uapi_add.c for KVM_CSS_ADD,
 * uapi_backing.c for what belongs to the open file of a backing, uapi_run.c for
 * RESET, QUIESCE and what the guest is told, uapi_state.c for saving and
 * restoring, uapi_device.c for what a tool asks, uapi_storage.c for the files that
 * disks are made of.
 */
#ifndef SELFTESTS_UAPI_H
#define SELFTESTS_UAPI_H

#include "ktap.h"
#include "vmm_kernel.h"

/* What a call is expected to end with: 0 or a positive errno */
#define UAPI_OK		0

/**
 * uapi_ioctl() - call, and check how it ends
 * @fd: on which descriptor
 * @request: KVM_CSS_*
 * @arg: its argument
 * @expected: UAPI_OK or an errno
 * @what: what is special about the call, for the message
 *
 * Return: what ioctl() returned.
 */
int uapi_ioctl(int fd, unsigned long request, const void *arg, int expected,
	       const char *what);

/**
 * uapi_vm() - make a VM without anything
 *
 * Return: its descriptor.
 */
int uapi_vm(void);

/**
 * uapi_css() - a channel subsystem of a VM of its own
 *
 * Return: its descriptor; the VM lives as long as that.
 */
int uapi_css(void);

/**
 * uapi_unreadable() - make an address that can't be read
 *
 * Return: the address of the first byte behind a page that can.
 */
char *uapi_unreadable(void);

/**
 * uapi_sizes() - the rules for extensible structures, for any call
 * @fd: on which descriptor
 * @request: KVM_CSS_*
 * @good: an argument that the call accepts, @size bytes, size first
 * @size: of version 1
 * @undo: called after each call that was accepted, with what it returned
 */
void uapi_sizes(int fd, unsigned long request, const void *good, u32 size,
		void (*undo)(int fd, int rc));

/**
 * uapi_count() - how many subchannels there are
 * @css_fd: the channel subsystem
 *
 * Return: the number, found by QUERY_NEXT.
 */
unsigned int uapi_count(int css_fd);

/**
 * struct uapi_machine - a VM with storage, and a channel subsystem with a test
 * control unit at UAPI_SID; no CPU
 * @vm_fd: the VM
 * @css_fd: its channel subsystem
 * @flic_fd: its floating interruptions
 * @storage: its storage from address 0 on, UAPI_STORAGE bytes
 */
struct uapi_machine {
	int vm_fd;
	int css_fd;
	int flic_fd;
	char *storage;
};

#define UAPI_SID	SID(2, 7)
#define UAPI_DEVNO	0x1234
#define UAPI_STORAGE	(1UL << 20)
/* Where uapi_pending() has its program, and the program its data */
#define UAPI_CCW	0x1000
#define UAPI_DATA	0x2000

/**
 * uapi_machine() - make one
 * @machine: filled in
 */
void uapi_machine(struct uapi_machine *machine);

/**
 * uapi_machine_end() - and take it down
 * @machine: the machine
 */
void uapi_machine_end(struct uapi_machine *machine);

/**
 * uapi_get_state() - save its subchannel
 * @machine: the machine
 * @state: filled in
 *
 * Return: 0, or -1 with errno set.
 */
int uapi_get_state(const struct uapi_machine *machine,
		   struct kvm_css_state *state);

/**
 * uapi_set_state() - restore its subchannel
 * @machine: the machine
 * @state: what it is to be
 *
 * Return: 0, or -1 with errno set.
 */
int uapi_set_state(const struct uapi_machine *machine,
		   const struct kvm_css_state *state);

/**
 * uapi_pending() - a state in which a program of one command is start pending
 * @machine: the machine; the program is put into its storage
 * @state: filled in
 * @cmd: the command
 * @count: bytes of data
 *
 * Without a CPU, a program is started by restoring this.
 */
void uapi_pending(const struct uapi_machine *machine,
		  struct kvm_css_state *state, u8 cmd, u16 count);

/**
 * uapi_completed() - wait until a program has ended
 * @machine: the machine
 *
 * Return: false when that takes longer than anything may.
 */
bool uapi_completed(const struct uapi_machine *machine);

/* The tests of the other files */
extern const struct ktap_case uapi_add_cases[];
extern const unsigned int uapi_add_nr;
extern const struct ktap_case uapi_run_cases[];
extern const unsigned int uapi_run_nr;
extern const struct ktap_case uapi_state_cases[];
extern const unsigned int uapi_state_nr;
extern const struct ktap_case uapi_backing_cases[];
extern const unsigned int uapi_backing_nr;
extern const struct ktap_case uapi_device_cases[];
extern const unsigned int uapi_device_nr;
extern const struct ktap_case uapi_storage_cases[];
extern const unsigned int uapi_storage_nr;

#endif /* SELFTESTS_UAPI_H */
