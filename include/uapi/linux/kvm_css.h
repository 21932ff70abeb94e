/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kvm-css: an in-kernel channel subsystem for KVM guests on s390x.
 *
 * The user ABI of /dev/kvm-css.  Documentation/user-abi.rst describes each
 * ioctl with every errno.
 *
 * Every argument structure starts with its size as the caller knows it.  A
 * caller that is older than the module passes a shorter structure, and the
 * fields that it does not know read as zero.  A newer caller passes a longer
 * one, in which the bytes that the module does not know must be zero; otherwise
 * the module refuses the call with E2BIG.  Reserved fields and undefined flags
 * must be zero; otherwise it refuses the call with EINVAL.  A refused call has
 * changed nothing.
 */
#ifndef _UAPI_LINUX_KVM_CSS_H
#define _UAPI_LINUX_KVM_CSS_H

#include <linux/ioctl.h>
#include <linux/types.h>

#include <linux/kvm_css_eckd.h>
#include <linux/kvm_css_passthrough.h>
#include <linux/kvm_css_unit.h>

/* What KVM_CSS_GET_VERSION returns; it grows by one with every addition. */
#define KVM_CSS_VERSION			8

/*
 * The argument contains its size and the ioctl number does not, so that the
 * number stays the same when a structure grows.
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
#define KVM_CSS_SERVE			_IO(KVM_CSS_IOC, 0x1c)

/* The calls on the descriptor of KVM_CSS_SERVE are in <linux/kvm_css_unit.h>. */

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
 * The VMM has no channel subsystem of its own, and all I/O instructions of the
 * guest end in the kernel.
 */
#define KVM_CSS_CREATE_ALONE		(1U << 0)
/* The VM may belong to another process. */
#define KVM_CSS_CREATE_OTHER		(1U << 1)
/*
 * The channel subsystem ends with the VM, and not when its last descriptor is
 * closed.  KVM_CSS_DETACH revokes this.
 */
#define KVM_CSS_CREATE_KEEP		(1U << 2)

/**
 * struct kvm_css_open - get one more descriptor of a VM's channel subsystem
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

/* The VM may belong to another process. */
#define KVM_CSS_OPEN_OTHER		(1U << 0)
/* Only look: the descriptor keeps neither the channel subsystem nor the VM. */
#define KVM_CSS_OPEN_LOOK		(1U << 1)

/* Types of control units; the type says to what kvm_css_add.device points. */
#define KVM_CSS_TYPE_NONE		0	/* a number without a device */
#define KVM_CSS_TYPE_TEST		1	/* struct kvm_css_test */
#define KVM_CSS_TYPE_FBA		2	/* struct kvm_css_fba */
#define KVM_CSS_TYPE_USER		3	/* struct kvm_css_user */
#define KVM_CSS_TYPE_ECKD		4	/* struct kvm_css_eckd */
#define KVM_CSS_TYPE_PASSTHROUGH	5	/* struct kvm_css_passthrough */

/**
 * struct kvm_css_test - the test control unit
 * @size:	sizeof(struct kvm_css_test)
 * @flags:	KVM_CSS_TEST_*
 *
 * A control unit with 64 KiB of storage of its own.  Documentation/devices.rst
 * lists its commands.
 */
struct kvm_css_test {
	__u32 size;
	__u32 flags;
};

/* A worker runs every channel program; the vCPU that starts it runs none. */
#define KVM_CSS_TEST_ASYNC		(1U << 0)
/*
 * A backend performs the functions of the subchannel, and the guest's program
 * says what it answers.  Not with KVM_CSS_TEST_ASYNC.  Since version 5.
 */
#define KVM_CSS_TEST_BACKEND		(1U << 1)

/**
 * struct kvm_css_fba - a fixed-block DASD
 * @size:	sizeof(struct kvm_css_fba)
 * @flags:	KVM_CSS_FBA_*
 * @backing_fd:	a regular file or block device that is open for reading and,
 *		unless KVM_CSS_FBA_READONLY is set, for writing
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

/* The guest can't write to the disk. */
#define KVM_CSS_FBA_READONLY		(1U << 0)
/* What the guest discards becomes a hole in the backing. */
#define KVM_CSS_FBA_DISCARD		(1U << 1)
/*
 * A WRITE ends before its data are on stable storage.  They are there after
 * KVM_CSS_QUIESCE and KVM_CSS_REMOVE.  Since version 5.
 */
#define KVM_CSS_FBA_WRITEBACK		(1U << 2)
/*
 * @backing_fd is open with O_DIRECT.  KVM_CSS_GET_DEVICE returns the flag for
 * every such disk.  Since version 5.
 */
#define KVM_CSS_FBA_DIRECT		(1U << 3)

#define KVM_CSS_FBA_MODEL_9336		0	/* 6310/9336, the default */
#define KVM_CSS_FBA_MODEL_3370		1	/* 3880/3370 */

#define KVM_CSS_SENSE_ID		40

/**
 * struct kvm_css_user - a control unit that a process models
 * @size:	sizeof(struct kvm_css_user)
 * @flags:	none defined, zero
 * @area:	size in bytes of the data area that the process will map: a multiple of
 *		4096, from 4096 to 1048576; 0 for 65536
 * @id_len:	how many bytes SENSE ID gives: 7, or 12, 16, ... 40 if there are
 *		command-information words
 * @sense3:	sense byte 3 of unit checks of the kernel's; the ERA code of a tape
 * @reserved:	zero
 * @id:		these bytes, of which the first is 0xff, and zeros behind them
 *
 * KVM_CSS_SERVE returns the descriptor with which a process serves the device.  The
 * kernel answers SENSE ID, so that a guest finds the same device whether a process
 * serves it or not.  Since version 6.
 */
struct kvm_css_user {
	__u32 size;
	__u32 flags;
	__u32 area;
	__u8  id_len;
	__u8  sense3;
	__u8  reserved[2];
	__u8  id[KVM_CSS_SENSE_ID];
};

/**
 * struct kvm_css_add - add a subchannel with its device
 * @size:	sizeof(struct kvm_css_add)
 * @flags:	KVM_CSS_ADD_*
 * @type:	KVM_CSS_TYPE_*
 * @schid:	subchannel number, 0 to 65535
 * @devno:	device number; no other subchannel of the kernel's in the set may
 *		have the same
 * @ssid:	subchannel set, 0 to 3
 * @chpid:	channel-path identifier of the one path
 * @reserved:	zero
 * @device:	address of the argument of this type of device
 *
 * With KVM_CSS_TYPE_NONE, the subchannel has no device, as after a removal with
 * KVM_CSS_REMOVE_VACATE, and @devno, @chpid and @device must be zero.
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

/* Tell the guest by a channel report, if it has begun to run. */
#define KVM_CSS_ADD_REPORT		(1U << 0)
/*
 * Refuse the call if the module has seen that the guest uses a subchannel of
 * the VMM's with this number.
 */
#define KVM_CSS_ADD_BESIDE		(1U << 1)

/**
 * struct kvm_css_remove - end the I/O of a subchannel and remove it
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

/* Tell the guest by a channel report, if it has begun to run. */
#define KVM_CSS_REMOVE_REPORT		(1U << 0)
/*
 * Remove only the device.  The subchannel stays, and says that its device
 * number isn't valid.
 */
#define KVM_CSS_REMOVE_VACATE		(1U << 1)

/**
 * struct kvm_css_quiesce - let no channel program begin any more
 * @size:	sizeof(struct kvm_css_quiesce)
 * @flags:	none defined, zero
 * @timeout_ms:	how long to wait for programs that run, in milliseconds
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
 * @started:	written: start functions that SSCH has accepted
 * @completed:	written: start functions that have ended with status
 * @deferred:	written: channel programs that a worker took over from the vCPU
 * @now:	written: KVM_CSS_NOW_*
 * @reserved3:	written: zero
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
	__u32 now;
	__u32 reserved3;
};

/* The device is one of KVM_CSS_TYPE_USER, and a process serves it, */
#define KVM_CSS_NOW_SERVED		(1U << 0)
/* or none does. */
#define KVM_CSS_NOW_UNSERVED		(1U << 1)

/* Take the first subchannel at or behind (ssid, schid). */
#define KVM_CSS_QUERY_NEXT		(1U << 0)
/* Find numbers without a device too; their type is KVM_CSS_TYPE_NONE. */
#define KVM_CSS_QUERY_VACANT		(1U << 1)

/**
 * struct kvm_css_device - read how a subchannel's device was created
 * @size:	sizeof(struct kvm_css_device)
 * @flags:	none defined, zero
 * @schid:	subchannel number
 * @ssid:	subchannel set
 * @reserved:	zero
 * @type:	written: KVM_CSS_TYPE_*
 * @test:	written, for a test control unit: the argument with which it was
 *		added, with the size of the module's structure
 * @fba:	the same for a fixed-block DASD; @fba.blocks is the number of blocks
 *		that the disk has, and @fba.backing_fd is -1
 * @user:	the same for a device that a process models; @user.area is not 0
 * @eckd:	the same for a 3390 DASD; @eckd.cylinders is the number of cylinders
 *		that the disk has, and @eckd.backing_fd is -1
 * @passthrough: the same for a device of the host's
 * @bytes:	written: the same bytes, and zeros behind them
 * @backing:	written: the path of the backing file, as /proc/PID/fd would show
 *		it, and a zero byte; a path that doesn't fit is cut off at its
 *		end.  Empty if there is no backing.
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
		struct kvm_css_user user;
		struct kvm_css_eckd eckd;
		struct kvm_css_passthrough passthrough;
		__u8 bytes[112];
	};
	char backing[1024];
};

/**
 * struct kvm_css_test_state - state of a test control unit
 * @position:	where READ and WRITE go on, 0 to 65536
 * @what:	KVM_CSS_TEST_STATE_*: what the unit still has to do for earlier
 *		commands.  With 0 it has nothing to do, and the fields behind
 *		are zero.  Since version 4.
 * @status:	the device status that it will present then
 * @sense:	sense byte 0 for this status
 * @asked:	1 if the unit has answered busy to a start function meanwhile
 * @left_us:	how many microseconds are left until then; zero with
 *		KVM_CSS_TEST_STATE_HOLDS
 *
 * The contents of the unit's storage are not part of its state.
 */
struct kvm_css_test_state {
	__u32 position;
	__u8  what;
	__u8  status;
	__u8  sense;
	__u8  asked;
	__u32 left_us;
};

/* An operation goes on after channel end. */
#define KVM_CSS_TEST_STATE_WORKS	1
/* The unit will present status. */
#define KVM_CSS_TEST_STATE_PRESENTS	2
/* The unit has status, and waits until it is selected. */
#define KVM_CSS_TEST_STATE_HOLDS	3
/* The device or its control unit is busy. */
#define KVM_CSS_TEST_STATE_BUSY	4

/**
 * struct kvm_css_fba_state - state of a fixed-block DASD
 * @defined:	1 if DEFINE EXTENT has been executed, or READ IPL, which defines
 *		the whole disk as the extent; otherwise 0, and all other fields
 *		are zero
 * @mask:	mask byte of DEFINE EXTENT
 * @command:	after a LOCATE, the command that it announces: 0x41 (WRITE) or
 *		0x42 (READ).  Directly behind READ IPL it is 0x02.  Otherwise it
 *		is 0.  With 0x02 and 0, @count and @block are zero.
 * @reserved:	zero
 * @location:	first block of the extent, as the device numbers blocks
 * @first:	first block of the extent, as LOCATE numbers blocks
 * @last:	last block of the extent, as LOCATE numbers blocks
 * @block:	first block that LOCATE has named, as the device numbers blocks
 * @count:	how many blocks LOCATE has named
 * @reserved2:	zero
 *
 * The blocks of the disk are not part of its state.
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

/* A device's state, by its type.  Bytes that the type does not use are zero. */
union kvm_css_device_state {
	struct kvm_css_test_state test;
	struct kvm_css_fba_state fba;
	struct kvm_css_eckd_state eckd;
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
 * @orb_flags:	the second word of the ORB, if a channel program has to go on;
 *		otherwise @orb_flags, @ccw and @count are zero
 * @ccw:	address of the CCW that will be fetched next
 * @count:	residual count with which the program is suspended
 * @reserved2:	zero
 * @started:	as in struct kvm_css_query
 * @completed:	likewise
 * @deferred:	likewise
 * @pending_ns:	function-pending time of the current start function
 * @connected_ns: its device-connect time
 * @disconnected_ns: its device-disconnect time
 * @failing:	failing-storage address of a subchannel logout
 * @starts:	how many SSCH and RSCH have still to be added to the measurement
 *		block
 * @logout:	the part of a subchannel logout that TEST SUBCHANNEL has not
 *		stored yet
 * @schib:	the subchannel-information block, as STORE SUBCHANNEL stores it
 * @reserved3:	zero
 * @ecw:	the extended-control word, concurrent sense
 * @sense:	sense bytes that no SENSE has fetched yet
 * @device:	the rest of the device's state
 *
 * KVM_CSS_GET_STATE reads @size, @flags, @schid, @ssid and @reserved, and
 * writes all fields behind them.
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

/* The module has given KVM the interruption for the pending status. */
#define KVM_CSS_STATE_INTERRUPTION	(1U << 0)
/* The channel subsystem has fetched the program's first CCW. */
#define KVM_CSS_STATE_BEGUN		(1U << 1)
/* The device has executed a command of the program. */
#define KVM_CSS_STATE_EXECUTED		(1U << 2)
/* The times of the start function are being measured. */
#define KVM_CSS_STATE_MEASURED		(1U << 3)

#define KVM_CSS_REPORTS			64

/**
 * struct kvm_css_image - the state that belongs to no subchannel
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
 * KVM_CSS_GET_IMAGE reads @size and @flags, and writes all fields behind them.
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

/* The channel subsystem was created with KVM_CSS_CREATE_ALONE. */
#define KVM_CSS_IMAGE_ALONE		(1U << 0)
/* The guest has enabled multiple subchannel sets. */
#define KVM_CSS_IMAGE_MSS		(1U << 1)
/* The guest has enabled multiple channel-subsystem images. */
#define KVM_CSS_IMAGE_MCSSE		(1U << 2)
/* SET CHANNEL MONITOR has started measurement-block update. */
#define KVM_CSS_IMAGE_BLOCK_UPDATE	(1U << 3)
/* SET CHANNEL MONITOR has started device-connect-time measurement. */
#define KVM_CSS_IMAGE_CONNECT_TIME	(1U << 4)
/*
 * The module has given KVM a machine check for channel reports, and since then each
 * STORE CHANNEL REPORT WORD has found one of the kernel's.
 */
#define KVM_CSS_IMAGE_REPORTED		(1U << 5)

/*
 * A control unit that a process models.  KVM_CSS_SERVE returns its only right to that,
 * a descriptor, the unit.  Documentation/user-devices.rst describes who does what.
 */

/**
 * struct kvm_css_serve - get the unit of a control unit that a process models
 * @size:	sizeof(struct kvm_css_serve)
 * @flags:	KVM_CSS_SERVE_*
 * @schid:	subchannel number
 * @ssid:	subchannel set
 * @reserved:	zero
 */
struct kvm_css_serve {
	__u32 size;
	__u32 flags;
	__u16 schid;
	__u8  ssid;
	__u8  reserved[5];
};

/* Take the device away from the descriptor that serves it now. */
#define KVM_CSS_SERVE_TAKE		(1U << 0)

#endif /* _UAPI_LINUX_KVM_CSS_H */
