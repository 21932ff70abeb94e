/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The types of devices that KVM_CSS_ADD can make.  Documentation/adding-a-device.rst
 * says what else belongs to one.
 */
#ifndef _KVM_CSS_DEVICE_TYPE_H
#define _KVM_CSS_DEVICE_TYPE_H

#include <linux/types.h>

struct css_device;

/**
 * struct css_device_type - a type of device, as KVM_CSS_ADD sees it
 * @type: KVM_CSS_TYPE_*
 * @size: of its argument, which is a member of struct kvm_css_device too
 * @size_first: of its argument in the first version that has this type; a caller
 *	that knows less than that is refused
 * @create: make a device as the argument says.  The argument is a copy in the
 *	kernel of @size bytes.  What the caller doesn't know of it is zero, and what
 *	@create doesn't know is refused already, but for unknown flags and values.
 *	It is called by the process that calls KVM_CSS_ADD, whose file descriptors
 *	an argument may name.  It may sleep, and returns the device or ERR_PTR() of
 *	an errno that Documentation/user-abi.rst lists.
 */
struct css_device_type {
	u32 type;
	u32 size;
	u32 size_first;
	struct css_device *(*create)(const void *argument);
};

/**
 * device_type_find() - what there is to know of a type
 * @type: KVM_CSS_TYPE_*, or any number that somebody has said
 *
 * Context: any.
 * Return: the type; NULL when no device has it.
 */
const struct css_device_type *device_type_find(u32 type);

/**
 * device_type_at() - one type after the other
 * @nr: which one, from 0 on
 *
 * Context: any.
 * Return: the type; NULL behind the last one.
 */
const struct css_device_type *device_type_at(unsigned int nr);

#endif /* _KVM_CSS_DEVICE_TYPE_H */
