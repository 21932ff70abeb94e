/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kvm-css: an in-kernel channel subsystem for KVM guests on s390x.
 *
 * The user ABI of /dev/kvm-css.  One page per ioctl, with every errno, stands
 * in Documentation/user-abi.rst.
 *
 * Every argument structure starts with its size as the caller knows it.  A
 * caller older than the module passes a shorter structure, and what it does
 * not know reads as zero.  A newer caller passes a longer one: bytes that the
 * module does not know must be zero, otherwise the call is refused with E2BIG.
 * Reserved fields and unknown flags must be zero, otherwise it is refused with
 * EINVAL.  A refused call has changed nothing.
 */
#ifndef _UAPI_LINUX_KVM_CSS_H
#define _UAPI_LINUX_KVM_CSS_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* What KVM_CSS_GET_VERSION returns; grows by one with every addition. */
#define KVM_CSS_VERSION			4

/*
 * The size of an argument is in the argument and not in the ioctl number, so
 * that the number stays the same when a structure grows.
 */
#define KVM_CSS_IOC			0xd5

/* On /dev/kvm-css */
#define KVM_CSS_GET_VERSION		_IO(KVM_CSS_IOC, 0x00)
#define KVM_CSS_CREATE			_IO(KVM_CSS_IOC, 0x01)
#define KVM_CSS_OPEN			_IO(KVM_CSS_IOC, 0x02)

/* On the file descriptor that KVM_CSS_CREATE or KVM_CSS_OPEN returned */
#define KVM_CSS_ADD			_IO(KVM_CSS_IOC, 0x10)
#define KVM_CSS_REMOVE			_IO(KVM_CSS_IOC, 0x11)
#define KVM_CSS_QUERY			_IO(KVM_CSS_IOC, 0x12)
#define KVM_CSS_RESET			_IO(KVM_CSS_IOC, 0x13)
#define KVM_CSS_QUIESCE			_IO(KVM_CSS_IOC, 0x14)
#define KVM_CSS_UNQUIESCE		_IO(KVM_CSS_IOC, 0x15)
#define KVM_CSS_GET_STATE		_IO(KVM_CSS_IOC, 0x16)
#define KVM_CSS_SET_STATE		_IO(KVM_CSS_IOC, 0x17)
#define KVM_CSS_GET_IMAGE		_IO(KVM_CSS_IOC, 0x18)
#define KVM_CSS_SET_IMAGE		_IO(KVM_CSS_IOC, 0x19)
#define KVM_CSS_DETACH			_IO(KVM_CSS_IOC, 0x1a)
#define KVM_CSS_GET_DEVICE		_IO(KVM_CSS_IOC, 0x1b)

/**
 * struct kvm_css_create - attach a channel subsystem to a VM
 * @size:	sizeof(struct kvm_css_create)
 * @flags:	KVM_CSS_CREATE_*
 * @vm_fd:	the VM, as KVM_CREATE_VM returned it
 * @reserved:	zero
 */
struct kvm_css_create {
	__u32 size;
	__u32 flags;
	__s32 vm_fd;
	__u32 reserved;
};

/*
 * The VMM has no channel subsystem of its own: all of the guest's I/O
 * instructions end in the kernel.
 */
#define KVM_CSS_CREATE_ALONE		(1U << 0)
/* The VM may be another process's. */
#define KVM_CSS_CREATE_OTHER		(1U << 1)
/*
 * The channel subsystem ends with the VM, or with KVM_CSS_DETACH, and not when
 * its descriptor is closed.
 */
#define KVM_CSS_CREATE_KEEP		(1U << 2)

/**
 * struct kvm_css_open - a descriptor of the channel subsystem that a VM has
 * @size:	sizeof(struct kvm_css_open)
 * @flags:	KVM_CSS_OPEN_*
 * @vm_fd:	the VM, as KVM_CREATE_VM returned it
 * @reserved:	zero
 */
struct kvm_css_open {
	__u32 size;
	__u32 flags;
	__s32 vm_fd;
	__u32 reserved;
};

/* The VM may be another process's. */
#define KVM_CSS_OPEN_OTHER		(1U << 0)
/* To look only: it keeps neither the channel subsystem nor the VM. */
#define KVM_CSS_OPEN_LOOK		(1U << 1)

/* Control units; the type selects what kvm_css_add.device points to. */
#define KVM_CSS_TYPE_NONE		0	/* a number without a device */
#define KVM_CSS_TYPE_TEST		1	/* struct kvm_css_test */
#define KVM_CSS_TYPE_FBA		2	/* struct kvm_css_fba */

/**
 * struct kvm_css_test - the test control unit
 * @size:	sizeof(struct kvm_css_test)
 * @flags:	KVM_CSS_TEST_*
 *
 * A control unit with 64 KiB of storage of its own; its commands are listed in
 * Documentation/devices.rst.
 */
struct kvm_css_test {
	__u32 size;
	__u32 flags;
};

/* Run every channel program on a worker, none on the vCPU that started it. */
#define KVM_CSS_TEST_ASYNC		(1U << 0)

/**
 * struct kvm_css_fba - a fixed-block DASD
 * @size:	sizeof(struct kvm_css_fba)
 * @flags:	KVM_CSS_FBA_*
 * @backing_fd:	a regular file or block device, open for reading, and for
 *		writing too unless KVM_CSS_FBA_READONLY is set
 * @model:	KVM_CSS_FBA_MODEL_*
 * @blocks:	number of 512-byte blocks; 0 for as many as the backing holds
 */
struct kvm_css_fba {
	__u32 size;
	__u32 flags;
	__s32 backing_fd;
	__u32 model;
	__u64 blocks;
};

#define KVM_CSS_FBA_READONLY		(1U << 0)
/* What the guest discards is given back to the backing's file system. */
#define KVM_CSS_FBA_DISCARD		(1U << 1)

#define KVM_CSS_FBA_MODEL_9336		0	/* 6310/9336, the default */
#define KVM_CSS_FBA_MODEL_3370		1	/* 3880/3370 */

/**
 * struct kvm_css_add - add a subchannel with its device
 * @size:	sizeof(struct kvm_css_add)
 * @flags:	KVM_CSS_ADD_*
 * @type:	KVM_CSS_TYPE_*
 * @schid:	subchannel number, 0 to 65535
 * @devno:	device number; no other subchannel of the set has it
 * @ssid:	subchannel set, 0 to 3
 * @chpid:	channel-path identifier of the one path
 * @reserved:	zero
 * @device:	address of the argument of this type of device
 *
 * With KVM_CSS_TYPE_NONE, the number is as KVM_CSS_REMOVE_VACATE leaves it, and
 * @devno, @chpid and @device are zero.
 */
struct kvm_css_add {
	__u32 size;
	__u32 flags;
	__u32 type;
	__u16 schid;
	__u16 devno;
	__u8  ssid;
	__u8  chpid;
	__u8  reserved[6];
	__u64 device;
};

/* The guest is running: tell it by a channel report. */
#define KVM_CSS_ADD_REPORT		(1U << 0)
/* Not in the place of a subchannel of the VMM's that the guest is seen to use. */
#define KVM_CSS_ADD_BESIDE		(1U << 1)

/**
 * struct kvm_css_remove - remove a subchannel; its running I/O is ended first
 * @size:	sizeof(struct kvm_css_remove)
 * @flags:	KVM_CSS_REMOVE_*
 * @schid:	subchannel number
 * @ssid:	subchannel set
 * @reserved:	zero
 */
struct kvm_css_remove {
	__u32 size;
	__u32 flags;
	__u16 schid;
	__u8  ssid;
	__u8  reserved[5];
};

/* The guest is running: tell it by a channel report. */
#define KVM_CSS_REMOVE_REPORT		(1U << 0)
/* The device goes, and the subchannel stays: its device number is not valid. */
#define KVM_CSS_REMOVE_VACATE		(1U << 1)

/**
 * struct kvm_css_quiesce - begin no channel program any more
 * @size:	sizeof(struct kvm_css_quiesce)
 * @flags:	none defined, zero
 * @timeout_ms:	how long to wait for those that run, in milliseconds
 * @reserved:	zero
 */
struct kvm_css_quiesce {
	__u32 size;
	__u32 flags;
	__u32 timeout_ms;
	__u32 reserved;
};

/**
 * struct kvm_css_query - read what a subchannel is and has done
 * @size:	sizeof(struct kvm_css_query)
 * @flags:	KVM_CSS_QUERY_*
 * @schid:	subchannel number; with NEXT also written
 * @ssid:	subchannel set; with NEXT also written
 * @chpid:	written: channel-path identifier
 * @devno:	written: device number
 * @reserved:	zero
 * @type:	written: KVM_CSS_TYPE_*
 * @reserved2:	zero
 * @schib:	written: the subchannel-information block, as STORE SUBCHANNEL
 *		would give it to the guest now
 * @started:	written: start functions accepted
 * @completed:	written: channel programs ended
 * @deferred:	written: channel programs that a worker had to take over from
 *		the vCPU
 */
struct kvm_css_query {
	__u32 size;
	__u32 flags;
	__u16 schid;
	__u8  ssid;
	__u8  chpid;
	__u16 devno;
	__u16 reserved;
	__u32 type;
	__u32 reserved2;
	__u8  schib[56];
	__u64 started;
	__u64 completed;
	__u64 deferred;
};

/* Take the first subchannel at or behind (ssid, schid) instead of that one. */
#define KVM_CSS_QUERY_NEXT		(1U << 0)
/* Find numbers without a device too; their type is KVM_CSS_TYPE_NONE. */
#define KVM_CSS_QUERY_VACANT		(1U << 1)

/**
 * struct kvm_css_device - what a subchannel's device was made of
 * @size:	sizeof(struct kvm_css_device)
 * @flags:	none defined, zero
 * @schid:	subchannel number
 * @ssid:	subchannel set
 * @reserved:	zero
 * @type:	written: KVM_CSS_TYPE_*
 * @test:	written, of the test control unit: as it was added; its size is
 *		that of the module's structure
 * @fba:	written, of a fixed-block DASD: likewise, with all blocks that it
 *		has, and -1 for the descriptor
 * @bytes:	written: zero behind that
 * @backing:	written: path of the backing file as /proc/PID/fd would show it,
 *		as much as fits with a zero behind it; empty when there is none
 */
struct kvm_css_device {
	__u32 size;
	__u32 flags;
	__u16 schid;
	__u8  ssid;
	__u8  reserved;
	__u32 type;
	union {
		struct kvm_css_test test;
		struct kvm_css_fba fba;
		__u8 bytes[112];
	};
	char backing[1024];
};

/**
 * struct kvm_css_test_state - what the test control unit knows of a program
 * @position:	where READ and WRITE go on, 0 to 65536
 * @what:	KVM_CSS_TEST_STATE_*: what it still does of earlier commands; 0: nothing,
 *		and all behind is zero.  Since version 4.
 * @status:	the device status that comes of it
 * @sense:	sense byte 0 for it
 * @asked:	1: it has been busy for a start function meanwhile
 * @left_us:	when, in microseconds from now; zero with KVM_CSS_TEST_STATE_HOLDS
 *
 * What is in its storage is not part of it.
 */
struct kvm_css_test_state {
	__u32 position;
	__u8  what;
	__u8  status;
	__u8  sense;
	__u8  asked;
	__u32 left_us;
};

/* The operation goes on after channel end. */
#define KVM_CSS_TEST_STATE_WORKS	1
/* It will present status. */
#define KVM_CSS_TEST_STATE_PRESENTS	2
/* It has status, and waits until it is selected. */
#define KVM_CSS_TEST_STATE_HOLDS	3
/* It, or its control unit, is busy. */
#define KVM_CSS_TEST_STATE_BUSY	4

/**
 * struct kvm_css_fba_state - what a fixed-block DASD knows of a program
 * @defined:	1: DEFINE EXTENT has been executed, or READ IPL, which stands for
 *		the one that names the whole disk; 0: not, and all else is zero
 * @mask:	its mask byte
 * @command:	0x41 (WRITE) or 0x42 (READ) after a LOCATE that announces it; 0x02
 *		directly behind READ IPL, and 0: none, with which @count and
 *		@block are zero
 * @reserved:	zero
 * @location:	first block of the extent, on the device
 * @first:	the number that LOCATE knows it by
 * @last:	the number of the extent's last block
 * @block:	first block located, on the device
 * @count:	blocks located
 * @reserved2:	zero
 *
 * What is on the disk is not part of it.
 */
struct kvm_css_fba_state {
	__u8  defined;
	__u8  mask;
	__u8  command;
	__u8  reserved;
	__u32 location;
	__u32 first;
	__u32 last;
	__u32 block;
	__u16 count;
	__u16 reserved2;
};

/* What a device knows, by its type.  What the type doesn't use is zero. */
union kvm_css_device_state {
	struct kvm_css_test_state test;
	struct kvm_css_fba_state fba;
	__u8 bytes[64];
};

/**
 * struct kvm_css_state - the state of a subchannel with its device
 * @size:	sizeof(struct kvm_css_state)
 * @flags:	none defined, zero
 * @schid:	subchannel number
 * @ssid:	subchannel set
 * @reserved:	zero
 * @type:	KVM_CSS_TYPE_*
 * @state:	KVM_CSS_STATE_*
 * @orb_flags:	the second word of the ORB, of a channel program that is to go
 *		on; otherwise all of the program is zero
 * @ccw:	address of the CCW that is fetched next
 * @count:	residual count at which the program is suspended
 * @reserved2:	zero
 * @started:	as in struct kvm_css_query
 * @completed:	likewise
 * @deferred:	likewise
 * @pending_ns:	function-pending time of the current start function
 * @connected_ns: its device-connect time
 * @disconnected_ns: its device-disconnect time
 * @failing:	failing-storage address of a subchannel logout
 * @starts:	SSCH and RSCH that are not yet in the measurement block
 * @logout:	what of a subchannel logout TEST SUBCHANNEL has yet to store
 * @schib:	the subchannel-information block, as STORE SUBCHANNEL stores it
 * @reserved3:	zero
 * @ecw:	the extended-control word, concurrent sense
 * @sense:	sense bytes that the device has not given away yet
 * @device:	what else the device knows
 *
 * KVM_CSS_GET_STATE looks at @size, @flags, @schid, @ssid and @reserved, and
 * writes all that is behind.
 */
struct kvm_css_state {
	__u32 size;
	__u32 flags;
	__u16 schid;
	__u8  ssid;
	__u8  reserved;
	__u32 type;
	__u32 state;
	__u32 orb_flags;
	__u32 ccw;
	__u16 count;
	__u16 reserved2;
	__u64 started;
	__u64 completed;
	__u64 deferred;
	__u64 pending_ns;
	__u64 connected_ns;
	__u64 disconnected_ns;
	__u64 failing;
	__u32 starts;
	__u32 logout;
	__u8  schib[52];
	__u8  reserved3[4];
	__u8  ecw[32];
	__u8  sense[32];
	union kvm_css_device_state device;
};

/* KVM has been given the interruption of the status that is pending. */
#define KVM_CSS_STATE_INTERRUPTION	(1U << 0)
/* The program's first CCW has been fetched. */
#define KVM_CSS_STATE_BEGUN		(1U << 1)
/* The device has executed a command of the program. */
#define KVM_CSS_STATE_EXECUTED		(1U << 2)
/* The times of the start function are being measured. */
#define KVM_CSS_STATE_MEASURED		(1U << 3)

#define KVM_CSS_REPORTS			64

/**
 * struct kvm_css_image - the state of what is not a subchannel's own
 * @size:	sizeof(struct kvm_css_image)
 * @flags:	none defined, zero
 * @version:	KVM_CSS_VERSION of the module that wrote it
 * @state:	KVM_CSS_IMAGE_*
 * @monitor_origin: measurement-block origin
 * @address_limit: address limit
 * @monitor_key: measurement-block key, 0 to 15
 * @reserved:	zero
 * @nr_reports:	channel-report words pending, 0 to 64
 * @reserved2:	zero
 * @reports:	the words, the oldest first; zero behind the last
 *
 * KVM_CSS_GET_IMAGE looks at @size and @flags, and writes all that is behind.
 */
struct kvm_css_image {
	__u32 size;
	__u32 flags;
	__u32 version;
	__u32 state;
	__u64 monitor_origin;
	__u32 address_limit;
	__u8  monitor_key;
	__u8  reserved[3];
	__u32 nr_reports;
	__u32 reserved2;
	__u32 reports[KVM_CSS_REPORTS];
};

/* Made with KVM_CSS_CREATE_ALONE */
#define KVM_CSS_IMAGE_ALONE		(1U << 0)
/* The guest has enabled multiple subchannel sets. */
#define KVM_CSS_IMAGE_MSS		(1U << 1)
/* The guest has enabled multiple channel-subsystem images. */
#define KVM_CSS_IMAGE_MCSSE		(1U << 2)
/* SET CHANNEL MONITOR: measurement-block update is active. */
#define KVM_CSS_IMAGE_BLOCK_UPDATE	(1U << 3)
/* SET CHANNEL MONITOR: device-connect-time measurement is active. */
#define KVM_CSS_IMAGE_CONNECT_TIME	(1U << 4)
/*
 * KVM has been given a machine check for channel reports, and the guest has not
 * found the end of them since.
 */
#define KVM_CSS_IMAGE_REPORTED		(1U << 5)

#endif /* _UAPI_LINUX_KVM_CSS_H */
