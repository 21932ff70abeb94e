/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The theme "uapi" consists of nine files: uapi.c; uapi_add.c for KVM_CSS_ADD;
 * uapi_backing.c for what belongs to the open file of a backing; uapi_cache.c
 * for when a disk is flushed; uapi_run.c for RESET, QUIESCE and what the guest is
 * told; uapi_state.c for saving and restoring; uapi_device.c for what a tool
 * asks; uapi_storage.c for the files that disks can be made of; uapi_unit.c for
 * devices that a process models.
 */
#ifndef SELFTESTS_UAPI_H
#define SELFTESTS_UAPI_H

#include "ktap.h"
#include "vmm_kernel.h"

/* What a call is expected to end with: 0 or a positive errno */
#define UAPI_OK		0

/**
 * uapi_ioctl() - make a call and check how it ends
 * @fd: the descriptor
 * @request: KVM_CSS_*
 * @arg: its argument
 * @expected: UAPI_OK or an errno
 * @what: what is special about this call, for the message
 *
 * Return: what ioctl() returned.
 */
int uapi_ioctl(int fd, unsigned long request, const void *arg, int expected,
	       const char *what);

/**
 * uapi_vm() - make a VM without CPUs and storage
 *
 * Return: its descriptor.
 */
int uapi_vm(void);

/**
 * uapi_css() - make a VM and attach a channel subsystem to it
 *
 * Return: the channel subsystem's descriptor; the VM ends when it is closed.
 */
int uapi_css(void);

/**
 * uapi_unreadable() - make an address that can't be read
 *
 * Return: the address of the first byte behind a readable page.
 */
char *uapi_unreadable(void);

/**
 * uapi_sizes() - check the rules for extensible structures, for any call
 * @fd: the descriptor
 * @request: KVM_CSS_*
 * @good: an argument that the call accepts: @size bytes, which begin with the
 * size
 * @size: the size of version 1 of the structure
 * @undo: called after each call that succeeded, with what the call returned
 */
void uapi_sizes(int fd, unsigned long request, const void *good, u32 size,
		void (*undo)(int fd, int rc));

/**
 * uapi_sizes_from() - as uapi_sizes(), for a structure that has grown
 * @fd: as there
 * @request: as there
 * @good: as there
 * @first: the size that it had at first
 * @size: as there
 * @undo: as there
 */
void uapi_sizes_from(int fd, unsigned long request, const void *good, u32 first,
		     u32 size, void (*undo)(int fd, int rc));

/**
 * uapi_count() - count the subchannels
 * @css_fd: the channel subsystem
 *
 * Return: how many there are, found by QUERY_NEXT.
 */
unsigned int uapi_count(int css_fd);

/**
 * struct uapi_machine - a VM with storage but without a CPU, and its channel
 * subsystem, which has a test control unit at UAPI_SID
 * @vm_fd: the VM
 * @css_fd: its channel subsystem
 * @flic_fd: KVM's device for its floating interruptions
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
/* Where uapi_pending() puts the program, and where the program has its data */
#define UAPI_CCW	0x1000
#define UAPI_DATA	0x2000

/**
 * uapi_machine() - make such a VM
 * @machine: filled in
 */
void uapi_machine(struct uapi_machine *machine);

/**
 * uapi_machine_end() - close everything that uapi_machine() has made
 * @machine: the machine
 */
void uapi_machine_end(struct uapi_machine *machine);

/**
 * uapi_get_state() - save the subchannel at UAPI_SID
 * @machine: the machine
 * @state: filled in
 *
 * Return: 0, or -1 with errno set.
 */
int uapi_get_state(const struct uapi_machine *machine,
		   struct kvm_css_state *state);

/**
 * uapi_set_state() - restore the subchannel at UAPI_SID
 * @machine: the machine
 * @state: the state to restore
 *
 * Return: 0, or -1 with errno set.
 */
int uapi_set_state(const struct uapi_machine *machine,
		   const struct kvm_css_state *state);

/**
 * uapi_pending() - make a state in which a program of one command is start
 * pending
 * @machine: the machine; the program is put into its storage
 * @state: filled in
 * @cmd: the command
 * @count: bytes of data
 *
 * Restoring this state starts the program.  There is no CPU that could do it.
 */
void uapi_pending(const struct uapi_machine *machine,
		  struct kvm_css_state *state, u8 cmd, u16 count);

/**
 * uapi_completed() - wait until the program has ended
 * @machine: the machine
 *
 * Return: false if it has not ended in time.
 */
bool uapi_completed(const struct uapi_machine *machine);

/* The tests of the other eight files */
extern const struct ktap_case uapi_add_cases[];
extern const unsigned int uapi_add_nr;
extern const struct ktap_case uapi_run_cases[];
extern const unsigned int uapi_run_nr;
extern const struct ktap_case uapi_state_cases[];
extern const unsigned int uapi_state_nr;
extern const struct ktap_case uapi_backing_cases[];
extern const unsigned int uapi_backing_nr;
extern const struct ktap_case uapi_cache_cases[];
extern const unsigned int uapi_cache_nr;
extern const struct ktap_case uapi_device_cases[];
extern const unsigned int uapi_device_nr;
extern const struct ktap_case uapi_storage_cases[];
extern const unsigned int uapi_storage_nr;
extern const struct ktap_case uapi_unit_cases[];
extern const unsigned int uapi_unit_nr;

#endif /* SELFTESTS_UAPI_H */
