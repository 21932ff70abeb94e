/* SPDX-License-Identifier: GPL-2.0 */
/* The theme "uapi" is two files: uapi.c, and uapi_add.c for KVM_CSS_ADD. */
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

/* The tests of uapi_add.c */
extern const struct ktap_case uapi_add_cases[];
extern const unsigned int uapi_add_nr;

#endif /* SELFTESTS_UAPI_H */
