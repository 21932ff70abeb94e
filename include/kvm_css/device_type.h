/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The types of devices that KVM_CSS_ADD can make.
 * Documentation/adding-a-device.rst says what else a new type needs.
 */
#ifndef _KVM_CSS_DEVICE_TYPE_H
#define _KVM_CSS_DEVICE_TYPE_H

#include <linux/types.h>

struct css_device;

/**
 * struct css_device_type - a type of device, as KVM_CSS_ADD sees it
 * @type: KVM_CSS_TYPE_*
 * @size: the size of its argument, the structure that struct kvm_css_device has
 *	for this type
 * @size_first: the size of its argument in the version of the ABI that brought
 *	the type; a shorter argument is refused
 * @create: make a device.  The argument is a copy in kernel memory, of @size
 *	bytes.  If the caller has given fewer bytes, zeros follow them.  If the
 *	caller has given more bytes, those beyond @size are left out; they were
 *	checked to be zeros.  @create itself refuses unknown flags and values.
 *	It is called in the thread that calls KVM_CSS_ADD, so the argument may
 *	name file descriptors of that process.  It may sleep.  It returns the
 *	device, or an ERR_PTR() with an errno that Documentation/user-abi.rst
 *	lists.
 */
struct css_device_type {
	u32 type;
	u32 size;
	u32 size_first;
	struct css_device *(*create)(const void *argument);
};

/**
 * device_type_find() - look up a type by its number
 * @type: any number, from userspace
 *
 * Context: any.
 * Return: the type; NULL when no device has it.
 */
const struct css_device_type *device_type_find(u32 type);

/**
 * device_type_at() - look up a type by its place in the table
 * @nr: its place, counted from 0
 *
 * Context: any.
 * Return: the type; NULL when the table has no such place.
 */
const struct css_device_type *device_type_at(unsigned int nr);

#endif /* _KVM_CSS_DEVICE_TYPE_H */
