/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Internal to the devices: what registry.c calls in each of their files, see
 * &css_device_type.create.
 */
#ifndef _KVM_CSS_DEVICES_H
#define _KVM_CSS_DEVICES_H

struct css_device;

struct css_device *test_device_add(const void *argument);
struct css_device *fba_device_add(const void *argument);
struct css_device *user_device_add(const void *argument);
struct css_device *eckd_device_add(const void *argument);
struct css_device *passthrough_device_add(const void *argument);

#endif /* _KVM_CSS_DEVICES_H */
