/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device of the host's that a VM has: Documentation/passthrough.rst.  device.c is
 * what KVM_CSS_ADD sees of it, and all else is behind these functions.
 */
#ifndef _KVM_CSS_PASSTHROUGH_PASSTHROUGH_H
#define _KVM_CSS_PASSTHROUGH_PASSTHROUGH_H

#include <kvm_css/control_unit.h>
#include <kvm_css/host_sch.h>

/**
 * passthrough_new() - take a device from the host, for a subchannel of a VM
 * @id: which one
 * @ops: the operations of the device; passthrough_backend() and
 *	passthrough_release() are among them
 *
 * The host gets it back when the subchannel is removed, or at once, by
 * &cu_ops.release, if the device never gets a subchannel.
 *
 * Context: as host_sch_take().
 * Return: the device, ERR_PTR(-ENOMEM), or an ERR_PTR() as host_sch_take() returns
 * it.
 */
struct css_device *passthrough_new(const struct host_sch_id *id,
				   const struct cu_ops *ops);

/**
 * passthrough_id() - which device of the host's it is
 * @dev: what passthrough_new() has returned
 *
 * Context: any.
 * Return: what passthrough_new() was given.
 */
const struct host_sch_id *passthrough_id(const struct css_device *dev);

/**
 * passthrough_backend() - &cu_ops.backend
 * @dev: what passthrough_new() has returned
 *
 * Context: any.
 * Return: its backend.
 */
struct sch_backend *passthrough_backend(struct css_device *dev);

/**
 * passthrough_release() - &cu_ops.release
 * @dev: what passthrough_new() has returned
 *
 * Context: may sleep.
 */
void passthrough_release(struct css_device *dev);

#endif /* _KVM_CSS_PASSTHROUGH_PASSTHROUGH_H */
