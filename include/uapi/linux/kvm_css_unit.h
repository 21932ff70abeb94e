/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kvm-css: units, with which a process serves a device of the type KVM_CSS_TYPE_USER.
 *
 * A part of <linux/kvm_css.h>, which says what holds for all structures, and is what
 * programs include.  Documentation/user-abi-unit.rst describes each ioctl with every
 * errno.
 */
#ifndef _UAPI_LINUX_KVM_CSS_UNIT_H
#define _UAPI_LINUX_KVM_CSS_UNIT_H

#include <linux/types.h>

/* On the file descriptor that KVM_CSS_SERVE returned */
#define KVM_CSS_UNIT_INFO		_IO(KVM_CSS_IOC, 0x30)
#define KVM_CSS_UNIT_EXCHANGE		_IO(KVM_CSS_IOC, 0x31)
#define KVM_CSS_UNIT_PRESENT		_IO(KVM_CSS_IOC, 0x32)
#define KVM_CSS_UNIT_BUSY		_IO(KVM_CSS_IOC, 0x33)

/**
 * struct kvm_css_unit_info - what a unit is, and what its process has to see to
 * @size:	sizeof(struct kvm_css_unit_info)
 * @flags:	none defined, zero
 * @version:	written: KVM_CSS_VERSION of the module
 * @area:	written: size of the data area in bytes; it is mapped at offset 0
 * @schid:	written: subchannel number
 * @devno:	written: device number
 * @ssid:	written: subchannel set
 * @reserved:	written: zero
 * @halt_ms:	written: how long an answer may take after KVM_CSS_EVENT_STOP
 * @command:	written: the number of the command that has been returned and not been
 *		answered; 0 for none.  It may be over, and then the answer ends with ESTALE
 * @operation:	written: the number of the command that has been answered with channel
 *		end without device end, and whose end is to be presented; 0 for none
 * @busy:	written: KVM_CSS_BUSY_*
 * @reserved2:	written: zero
 *
 * @command, @operation and @busy are for a process that goes on with the work of
 * another one, see KVM_CSS_EXCHANGE_AGAIN.
 */
struct kvm_css_unit_info {
	__u32 size;
	__u32 flags;
	__u32 version;
	__u32 area;
	__u16 schid;
	__u16 devno;
	__u8  ssid;
	__u8  reserved[3];
	__u32 halt_ms;
	__u32 busy;
	__u64 command;
	__u64 operation;
	__u32 reserved2[4];
};

/**
 * struct kvm_css_command - a command that the process is to execute
 * @seq:	the number of the command, which no other command of this unit has; 0
 *		if there is no command, and then all is zero
 * @code:	command code
 * @ccw_flags:	flags of the CCW, KVM_CSS_CCW_*
 * @reserved:	zero
 * @offset:	where in the data area the command's data are, or belong
 * @room:	how many bytes of the area belong to it, whatever the CCWs provide.  For a
 *		command that fetches data, the data of commands that are chained to it may
 *		be behind @available.
 * @provided:	the count of the CCW.  The CCWs provide more if data are chained.
 * @available:	how many bytes of data from the guest are in the area: all that the
 *		CCWs provide, unless @flags says otherwise
 * @flags:	KVM_CSS_COMMAND_*
 * @issued:	when the guest's channel program has come to the command, in ns of
 *		CLOCK_MONOTONIC
 * @reserved2:	zero
 *
 * From the return of a command until the process answers it, the data area belongs to
 * the process: the kernel puts nothing there, even if the command is over meanwhile.
 * If an event has said that it is, the process gives the area back with its next
 * KVM_CSS_UNIT_EXCHANGE.  For a read backward, the first byte in the area is the one
 * that the device reads first, which is stored at the highest address.
 */
struct kvm_css_command {
	__u64 seq;
	__u8  code;
	__u8  ccw_flags;
	__u8  reserved[2];
	__u32 offset;
	__u32 room;
	__u32 provided;
	__u32 available;
	__u32 flags;
	__u64 issued;
	__u32 reserved2[6];
};

/* The first command of its channel program */
#define KVM_CSS_COMMAND_FIRST		(1U << 0)
/*
 * The CCWs provide more data than @available.  There is no room for them, or they are
 * in more CCWs than the kernel copies ahead, 128.  The device can't have them.
 */
#define KVM_CSS_COMMAND_MORE		(1U << 1)
/*
 * The channel subsystem has recognized a check at the byte behind @available.  A
 * device that would take this byte answers with a @count greater than @available,
 * and the channel program ends with the check.
 */
#define KVM_CSS_COMMAND_CHECK		(1U << 2)
/*
 * These two are for a command that others follow in @next of struct kvm_css_exchange.  If
 * it ends with channel end and device end and nothing else, the next one is executed: with
 * ANY whatever its @count is, otherwise only if that is @provided; and if it has been an
 * immediate operation, only with IMMEDIATE.  (The channel subsystem finds an incorrect
 * length otherwise, and the channel program ends.)
 */
#define KVM_CSS_COMMAND_NEXT_ANY	(1U << 3)
#define KVM_CSS_COMMAND_NEXT_IMMEDIATE	(1U << 4)

/* Flags of a CCW, as in a format-1 CCW; the others aren't shown. */
#define KVM_CSS_CCW_CHAIN_DATA		0x80
#define KVM_CSS_CCW_CHAIN_COMMAND	0x40
#define KVM_CSS_CCW_SLI			0x20

/**
 * struct kvm_css_answer - how the process has executed a command
 * @seq:	the number of the command
 * @count:	how many bytes the device asks the channel to move.  For a command that
 *		fetches data, bytes of the guest's that it has taken; the size of the data
 *		area at the most.
 *		For others, bytes for the guest, which are in the area; if it has more
 *		than there is room for, the area has the first of them.  The channel
 *		subsystem makes residual count and incorrect length of it.
 * @status:	device status, KVM_CSS_STATUS_*: unit check alone, with @count 0, if
 *		the command isn't executed; otherwise channel end, alone or with any
 *		of device end, unit check, unit exception, attention and control-unit
 *		end.  Status modifier only with channel end and device end and nothing
 *		else.  Busy never.
 * @flags:	KVM_CSS_ANSWER_*
 * @sense_len:	how many sense bytes there are: 1 to 32 if @status has unit
 *		check, otherwise 0
 * @reserved:	zero
 * @sense:	the sense bytes, and zeros behind them
 * @reserved2:	zero
 */
struct kvm_css_answer {
	__u64 seq;
	__u32 count;
	__u8  status;
	__u8  flags;
	__u8  sense_len;
	__u8  reserved;
	__u8  sense[32];
	__u32 reserved2[4];
};

/*
 * The device has executed the command as an immediate operation: it has not asked for
 * data.  Only with @count 0 and channel end.  Without the flag, @count 0 says that it
 * has asked for data, and none have moved, as when a tape finds a tape mark.
 */
#define KVM_CSS_ANSWER_IMMEDIATE	(1U << 0)

/* Device status */
#define KVM_CSS_STATUS_ATTENTION	0x80
#define KVM_CSS_STATUS_MODIFIER		0x40
#define KVM_CSS_STATUS_CU_END		0x20
#define KVM_CSS_STATUS_BUSY		0x10
#define KVM_CSS_STATUS_CHANNEL_END	0x08
#define KVM_CSS_STATUS_DEVICE_END	0x04
#define KVM_CSS_STATUS_UNIT_CHECK	0x02
#define KVM_CSS_STATUS_UNIT_EXCEPTION	0x01

/* How many commands that are chained to a command are returned with it at the most */
#define KVM_CSS_NEXT			7

/**
 * struct kvm_css_done - how a command has ended that the next one has followed
 * @count:	as in struct kvm_css_answer
 * @flags:	KVM_CSS_ANSWER_*
 *
 * Its status is channel end and device end.
 */
struct kvm_css_done {
	__u32 count;
	__u32 flags;
};

/**
 * struct kvm_css_exchange - answer a command, and get what is next
 * @size:	sizeof(struct kvm_css_exchange)
 * @flags:	KVM_CSS_EXCHANGE_*
 * @answer:	an answer, with KVM_CSS_EXCHANGE_ANSWER; otherwise zeros
 * @command:	written: the next command
 * @events:	written: KVM_CSS_EVENT_*: what has happened.  Each is returned once.
 * @reserved:	written: zero
 * @nr_done:	with KVM_CSS_EXCHANGE_ANSWER, how many commands have been executed before the
 *		one that @answer is for: the one that was returned in @command, and those that
 *		followed it.  0 for an answer to @command
 * @nr_next:	written: how many commands are in @next
 * @done:	@nr_done of them: how they have ended
 * @next:	written: with KVM_CSS_EXCHANGE_CHAIN, commands that are chained to @command, in
 *		their order
 *
 * The process may execute those in @next behind @command, one after the other, as long as
 * the flags KVM_CSS_COMMAND_NEXT_* of the one before allow it.  It answers the last one that
 * it has executed.  The others are returned again, with other numbers, if the channel program
 * comes to them.
 *
 * If nothing is returned, @command.seq and @events are 0.  A call that returns
 * KVM_CSS_EVENT_BEGIN, KVM_CSS_EVENT_RESET or KVM_CSS_EVENT_CLEARED returns no command;
 * one that comes is returned by the next call.
 *
 * One thread at a time makes calls without KVM_CSS_EXCHANGE_ONLY_ANSWER.
 */
struct kvm_css_exchange {
	__u32 size;
	__u32 flags;
	struct kvm_css_answer answer;
	struct kvm_css_command command;
	__u32 events;
	__u32 reserved;
	__u32 nr_done;
	__u32 nr_next;
	struct kvm_css_done done[KVM_CSS_NEXT];
	struct kvm_css_command next[KVM_CSS_NEXT];
};

/* Wait until there is a command or an event, unless the descriptor has O_NONBLOCK. */
#define KVM_CSS_EXCHANGE_WAIT		(1U << 0)
/*
 * Return the command that has been returned before and has not been answered, for a
 * process that goes on with the work of another one.
 */
#define KVM_CSS_EXCHANGE_AGAIN		(1U << 1)
/* @answer is an answer. */
#define KVM_CSS_EXCHANGE_ANSWER		(1U << 2)
/*
 * With KVM_CSS_EXCHANGE_ANSWER alone: return neither a command nor events.  Any thread
 * may do that, also while another one waits.
 */
#define KVM_CSS_EXCHANGE_ONLY_ANSWER	(1U << 3)
/* Return what is chained to the command, too, if the ORB allows prefetching. */
#define KVM_CSS_EXCHANGE_CHAIN		(1U << 4)

/*
 * After one of the first three events, all that came before is over: commands, operations
 * that went on after channel end, status that has not been presented, and being busy.
 * Until it has been returned, answers, PRESENT and BUSY end with ESTALE.
 */
/* The unit begins to serve the device. */
#define KVM_CSS_EVENT_BEGIN		(1U << 0)
/* System reset: the VM or the subchannel has been reset. */
#define KVM_CSS_EVENT_RESET		(1U << 1)
/* Selective reset: CLEAR SUBCHANNEL */
#define KVM_CSS_EVENT_CLEARED		(1U << 2)
/* HALT SUBCHANNEL has ended the operation that went on after channel end. */
#define KVM_CSS_EVENT_HALTED		(1U << 3)
/*
 * HALT SUBCHANNEL: answer the command that has been returned soon.  After @halt_ms the
 * kernel ends it, and the answer ends with ESTALE.
 */
#define KVM_CSS_EVENT_STOP		(1U << 4)
/* The status that KVM_CSS_UNIT_PRESENT was given with @seq 0 has been presented. */
#define KVM_CSS_EVENT_PRESENTED		(1U << 5)

/**
 * struct kvm_css_present - present status that doesn't answer a command
 * @size:	sizeof(struct kvm_css_present)
 * @flags:	none defined, zero
 * @seq:	the number of the command that was answered with channel end without
 *		device end, if this is its end; 0 for unsolicited status
 * @status:	device status.  With @seq: device end, alone or with any of unit
 *		check, unit exception, attention and control-unit end, or with status
 *		modifier and nothing else.  Unsolicited: any of attention, control-unit
 *		end, device end, unit check and unit exception.
 * @sense_len:	as in struct kvm_css_answer
 * @reserved:	zero
 * @sense:	as in struct kvm_css_answer
 *
 * The kernel keeps unsolicited status until the device has nothing else to do and the
 * subchannel can take it.  If there is more meanwhile, it is presented together.
 */
struct kvm_css_present {
	__u32 size;
	__u32 flags;
	__u64 seq;
	__u8  status;
	__u8  sense_len;
	__u8  reserved[6];
	__u8  sense[32];
};

/**
 * struct kvm_css_unit_busy - say whether the device accepts start functions
 * @size:	sizeof(struct kvm_css_unit_busy)
 * @flags:	KVM_CSS_BUSY_*; 0 if it accepts them
 */
struct kvm_css_unit_busy {
	__u32 size;
	__u32 flags;
};

/* The device is busy. */
#define KVM_CSS_BUSY_DEVICE		(1U << 0)
/* Its control unit is busy, and the device may be. */
#define KVM_CSS_BUSY_CONTROL_UNIT	(1U << 1)

#endif /* _UAPI_LINUX_KVM_CSS_UNIT_H */
