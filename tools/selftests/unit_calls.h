/* SPDX-License-Identifier: GPL-2.0 */
/* How a process serves a device: one function for each ioctl of a unit */
#ifndef SELFTESTS_UNIT_CALLS_H
#define SELFTESTS_UNIT_CALLS_H

#include <linux/kvm_css.h>

#include "vmm_kernel.h"

/* How an answer ends a command that is executed, or isn't */
#define UNIT_ENDED	(KVM_CSS_STATUS_CHANNEL_END | KVM_CSS_STATUS_DEVICE_END)
#define UNIT_REFUSED	KVM_CSS_STATUS_UNIT_CHECK

/**
 * struct unit - a unit, as the process that has it sees it
 * @fd: its descriptor, or -1
 * @area: the data area
 * @size: its size in bytes
 * @command: what the last exchange has returned
 * @events: likewise, KVM_CSS_EVENT_*
 * @nr_next: likewise, how many commands are chained to it
 * @next: these commands
 * @nr_done: how many commands have been executed before the one that is answered
 * @done: how they have ended
 */
struct unit {
	int fd;
	u8 *area;
	u32 size;
	struct kvm_css_command command;
	u32 events;
	u32 nr_next;
	struct kvm_css_command next[KVM_CSS_NEXT];
	u32 nr_done;
	struct kvm_css_done done[KVM_CSS_NEXT];
};

/**
 * unit_open() - get and map the unit of a device
 * @unit: filled in
 * @css_fd: the channel subsystem
 * @sid: subsystem-identification word of the subchannel
 * @flags: KVM_CSS_SERVE_*
 *
 * Return: 0, or a positive errno.
 */
int unit_open(struct unit *unit, int css_fd, u32 sid, u32 flags);

/**
 * unit_map() - make a unit of its descriptor
 * @unit: filled in; the descriptor belongs to it
 * @fd: the descriptor
 *
 * Return: 0, or a positive errno; then the descriptor is as it was.
 */
int unit_map(struct unit *unit, int fd);

/**
 * unit_close() - unmap a unit, and close its descriptor
 * @unit: the unit; nothing happens if it is closed already
 */
void unit_close(struct unit *unit);

/**
 * unit_info() - KVM_CSS_UNIT_INFO
 * @fd: the unit
 * @info: filled in
 *
 * Return: 0, or a positive errno.
 */
int unit_info(int fd, struct kvm_css_unit_info *info);

/**
 * unit_exchange() - KVM_CSS_UNIT_EXCHANGE
 * @unit: @command, @events and @next are set, unless the call fails, or only answers
 * @flags: KVM_CSS_EXCHANGE_*; that there is an answer is added
 * @answer: the answer, or NULL; @done of the unit goes with it
 *
 * Return: 0, or a positive errno.
 */
int unit_exchange(struct unit *unit, u32 flags,
		  const struct kvm_css_answer *answer);

/**
 * unit_goes_on() - does the program go on behind a command that ends so?
 * @command: the command, one that another one follows
 * @answer: how it ends
 *
 * Return: whether the process may execute the next one.
 */
bool unit_goes_on(const struct kvm_css_command *command,
		  const struct kvm_css_answer *answer);

/**
 * unit_end() - make an answer with status and a count
 * @seq: number of the command
 * @status: device status
 * @count: how many bytes the device asks to be moved
 *
 * Return: the answer; with unit check it has 32 sense bytes, the first of which is
 * intervention required.
 */
struct kvm_css_answer unit_end(u64 seq, u8 status, u32 count);

/**
 * unit_immediate() - make the answer of an immediate operation that has ended
 * @seq: number of the command
 *
 * Return: the answer.
 */
struct kvm_css_answer unit_immediate(u64 seq);

/**
 * unit_present() - KVM_CSS_UNIT_PRESENT
 * @fd: the unit
 * @seq: the number of the command whose device end it is; 0 for unsolicited status
 * @status: device status; with unit check, there are the sense bytes of unit_end()
 *
 * Return: 0, or a positive errno.
 */
int unit_present(int fd, u64 seq, u8 status);

/**
 * unit_busy() - KVM_CSS_UNIT_BUSY
 * @fd: the unit
 * @flags: KVM_CSS_BUSY_*
 *
 * Return: 0, or a positive errno.
 */
int unit_busy(int fd, u32 flags);

/**
 * unit_poll() - wait until poll() says something of a unit
 * @fd: the unit
 * @ms: how long at most
 *
 * Return: POLLIN, POLLHUP and so on; 0 when the time is over.
 */
int unit_poll(int fd, int ms);

/**
 * unit_send() - pass a descriptor to another process
 * @socket: a UNIX socket
 * @fd: the descriptor
 */
void unit_send(int socket, int fd);

/**
 * unit_receive() - receive a descriptor
 * @socket: a UNIX socket
 *
 * Return: the descriptor.
 */
int unit_receive(int socket);

#endif /* SELFTESTS_UNIT_CALLS_H */
