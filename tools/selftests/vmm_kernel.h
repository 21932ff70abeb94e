/* SPDX-License-Identifier: GPL-2.0 */
/* How a VMM uses kvm-css: one function for each ioctl of /dev/kvm-css */
#ifndef SELFTESTS_VMM_KERNEL_H
#define SELFTESTS_VMM_KERNEL_H

#include <linux/kvm_css.h>

#include "vmm.h"

#define KVM_CSS_DEV		"/dev/kvm-css"

/**
 * css_attach() - attach an in-kernel channel subsystem to a VM
 * @vm_fd: the VM
 * @flags: KVM_CSS_CREATE_*
 *
 * Return: its file descriptor, or -1 with errno set.
 */
int css_attach(int vm_fd, u32 flags);

/**
 * css_add_test() - add a test control unit
 * @css_fd: the channel subsystem
 * @sid: subsystem-identification word of the subchannel
 * @devno: device number
 * @flags: KVM_CSS_TEST_*
 *
 * Return: 0, or -1 with errno set.
 */
int css_add_test(int css_fd, u32 sid, u16 devno, u32 flags);

/**
 * css_add_fba() - add an FBA DASD
 * @css_fd: the channel subsystem
 * @sid: subsystem-identification word of the subchannel
 * @devno: device number
 * @fba: its argument
 *
 * @fba: the device's argument
 */
int css_add_fba(int css_fd, u32 sid, u16 devno, const struct kvm_css_fba *fba);

/**
 * css_add_user() - add a control unit that a process models
 * @css_fd: the channel subsystem
 * @sid: subsystem-identification word of the subchannel
 * @devno: device number
 * @user: the device's argument
 *
 * Return: 0, or -1 with errno set.
 */
int css_add_user(int css_fd, u32 sid, u16 devno, const struct kvm_css_user *user);

/**
 * css_add_passthrough() - add a device of the host's
 * @css_fd: the channel subsystem
 * @sid: subsystem-identification word of the subchannel
 * @devno: device number in the guest
 * @passthrough: the device's argument
 *
 * Return: 0, or -1 with errno set.
 */
int css_add_passthrough(int css_fd, u32 sid, u16 devno,
			const struct kvm_css_passthrough *passthrough);

/**
 * css_serve() - get the unit of a control unit that a process models
 * @css_fd: the channel subsystem
 * @sid: subsystem-identification word of the subchannel
 * @flags: KVM_CSS_SERVE_*
 *
 * Return: its file descriptor, or -1 with errno set.
 */
int css_serve(int css_fd, u32 sid, u32 flags);

/**
 * css_add_test_report() - add a test control unit and tell the running guest
 * @css_fd: the channel subsystem
 * @sid: subsystem-identification word of the subchannel
 * @devno: device number
 *
 * Return: 0, or -1 with errno set.
 */
int css_add_test_report(int css_fd, u32 sid, u16 devno);

/**
 * css_remove() - remove a subchannel
 * @css_fd: the channel subsystem
 * @sid: subsystem-identification word of the subchannel
 *
 * Return: 0, or -1 with errno set.
 */
int css_remove(int css_fd, u32 sid);

/**
 * css_remove_flags() - remove a subchannel in a way that flags say
 * @css_fd: the channel subsystem
 * @sid: subsystem-identification word of the subchannel
 * @flags: KVM_CSS_REMOVE_*
 *
 * Return: 0, or -1 with errno set.
 */
int css_remove_flags(int css_fd, u32 sid, u32 flags);

/**
 * css_reset() - bring all subchannels to their initial state
 * @css_fd: the channel subsystem
 *
 * Return: 0, or -1 with errno set.
 */
int css_reset(int css_fd);

/**
 * css_quiesce() - let no channel program begin any more
 * @css_fd: the channel subsystem
 * @timeout_ms: how long to wait for running programs to end
 *
 * Return: 0, or -1 with errno set.
 */
int css_quiesce(int css_fd, u32 timeout_ms);

/**
 * css_unquiesce() - let channel programs begin again
 * @css_fd: the channel subsystem
 *
 * Return: 0, or -1 with errno set.
 */
int css_unquiesce(int css_fd);

/**
 * css_get_state() - save a subchannel
 * @css_fd: the channel subsystem
 * @sid: subsystem-identification word of the subchannel
 * @state: filled in
 *
 * Return: 0, or -1 with errno set.
 */
int css_get_state(int css_fd, u32 sid, struct kvm_css_state *state);

/**
 * css_set_state() - restore a subchannel, which then goes on from that state
 * @css_fd: the channel subsystem
 * @state: as css_get_state() gave it
 *
 * Return: 0, or -1 with errno set.
 */
int css_set_state(int css_fd, const struct kvm_css_state *state);

/**
 * css_start_pending() - make a state in which a channel program is start pending
 * @css_fd: the channel subsystem
 * @sid: subsystem-identification word of the subchannel
 * @ccw: absolute address of the program, of format-1 CCWs
 * @state: filled in; css_set_state() has a worker begin the program
 *
 * So a VM without a CPU can start one.
 *
 * Return: 0, or -1 with errno set.
 */
int css_start_pending(int css_fd, u32 sid, u32 ccw, struct kvm_css_state *state);

/**
 * css_query() - read what a subchannel is and what it has done
 * @css_fd: the channel subsystem
 * @sid: subsystem-identification word of the subchannel
 * @flags: KVM_CSS_QUERY_*
 * @query: filled in
 *
 * Return: 0, or -1 with errno set.
 */
int css_query(int css_fd, u32 sid, u32 flags, struct kvm_css_query *query);

#endif /* SELFTESTS_VMM_KERNEL_H */
