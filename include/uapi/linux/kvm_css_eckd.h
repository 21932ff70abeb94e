/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kvm-css: count-key-data disks, the type KVM_CSS_TYPE_ECKD.
 *
 * A part of <linux/kvm_css.h>, which says what holds for all structures, and is what
 * programs include.
 */
#ifndef _UAPI_LINUX_KVM_CSS_ECKD_H
#define _UAPI_LINUX_KVM_CSS_ECKD_H

#include <linux/types.h>

#define KVM_CSS_ECKD_SERIAL		12

/**
 * struct kvm_css_eckd - a 3390 DASD
 * @size:	sizeof(struct kvm_css_eckd)
 * @flags:	KVM_CSS_ECKD_*
 * @backing_fd:	a regular file or block device with a CKD image, open for reading
 *		and, unless KVM_CSS_ECKD_READONLY is set, for writing
 * @cylinders:	number of cylinders, at most 262668; 0 for as many as the image has
 * @subsystem:	subsystem identifier of the control unit
 * @unit:	unit address of the device at the control unit
 * @reserved:	zero
 * @serial:	serial number, 12 digits or upper-case letters in ASCII
 * @reserved2:	zero
 *
 * A guest tells its disks by @serial, @subsystem and @unit together.  Since
 * version 7.
 */
struct kvm_css_eckd {
	__u32 size;
	__u32 flags;
	__s32 backing_fd;
	__u32 cylinders;
	__u16 subsystem;
	__u8  unit;
	__u8  reserved;
	__u8  serial[KVM_CSS_ECKD_SERIAL];
	__u8  reserved2[8];
};

/* The guest can't write to the disk. */
#define KVM_CSS_ECKD_READONLY		(1U << 0)
/*
 * A write ends before its data are on stable storage.  They are there after
 * KVM_CSS_QUIESCE and KVM_CSS_REMOVE.
 */
#define KVM_CSS_ECKD_WRITEBACK		(1U << 2)
/*
 * @backing_fd is open with O_DIRECT.  KVM_CSS_GET_DEVICE returns the flag for every
 * such disk.
 */
#define KVM_CSS_ECKD_DIRECT		(1U << 3)

/**
 * struct kvm_css_eckd_state - state of a 3390 DASD
 * @group:	state of the path group: byte 0 of what SENSE PATH GROUP ID gives
 * @pgid:	identifier of the path group
 * @first:	first track of the extent
 * @last:	last track of the extent
 * @track:	the track to which the device is positioned
 * @record:	where its current record is in the image of the track
 * @flags:	what the commands of the program have done.  No meaning for others
 *		than the module, which checks it
 * @length:	transfer-length factor
 * @block_size:	block size of DEFINE EXTENT
 * @mask:	file mask
 * @orientation: what has passed last: 0 the index, 1 the count area of the current
 *		record, 2 its key, 3 its data, 4 the whole track
 * @operation:	operation of LOCATE RECORD; with an extended one its code and 0x40
 * @left:	how many commands of its domain are still to come
 * @counts:	1 if the last of them is a READ COUNT
 * @suborder:	suborder for READ SUBSYSTEM DATA, if that is the next command
 * @reserved:	zero
 *
 * The records of the disk are not part of its state.
 */
struct kvm_css_eckd_state {
	__u8  group;
	__u8  pgid[11];
	__u32 first;
	__u32 last;
	__u32 track;
	__u16 record;
	__u16 flags;
	__u16 length;
	__u16 block_size;
	__u8  mask;
	__u8  orientation;
	__u8  operation;
	__u8  left;
	__u8  counts;
	__u8  suborder;
	__u16 reserved;
};

#endif /* _UAPI_LINUX_KVM_CSS_ECKD_H */
