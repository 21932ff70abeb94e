/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Saving and restoring: what a VMM takes from one image and gives another, for
 * live migration and snapshots.  What is valid is described at the top of
 * migration.c, and for the VMM in Documentation/user-abi.rst.
 */
#ifndef _KVM_CSS_MIGRATION_H
#define _KVM_CSS_MIGRATION_H

struct css;
struct kvm_css_image;
struct kvm_css_state;
struct subchannel;

/**
 * migration_get_subchannel() - the state of a subchannel with its device
 * @sch: the subchannel
 * @state: where to: all that GET_STATE writes
 *
 * Context: may sleep; takes @sch->lock.
 * Return: 0; -ENODEV when it has been removed; -EIO when it is out of service;
 * -EBUSY when its channel program, a halt, a clear or a reset is in progress.
 */
int migration_get_subchannel(struct subchannel *sch, struct kvm_css_state *state);

/**
 * migration_set_subchannel() - have a subchannel go on where another one was
 * @sch: the subchannel
 * @state: what somebody says that migration_get_subchannel() gave; size, flags and
 *	the subchannel's number are not looked at
 *
 * Context: may sleep; takes @sch->lock.
 * Return: 0; -ENODEV and -EIO as migration_get_subchannel(); -EBUSY when there is
 * a function in progress or status pending; -EINVAL when this subchannel can't
 * be in such a state.  Then nothing has changed.
 */
int migration_set_subchannel(struct subchannel *sch,
			     const struct kvm_css_state *state);

/**
 * migration_get_image() - the state of what is not a subchannel's own
 * @css: the image
 * @image: where to: all that GET_IMAGE writes
 *
 * Context: may sleep; takes @css->lock, killably.
 * Return: 0, or -EINTR when the caller was killed.
 */
int migration_get_image(struct css *css, struct kvm_css_image *image);

/**
 * migration_set_image() - let an image be what another one was
 * @css: the image
 * @image: what somebody says that migration_get_image() gave; size and flags are
 *	not looked at
 *
 * Context: may sleep; takes @css->lock, killably.
 * Return: 0; -EINVAL when this image can't be in such a state; -EINTR when the
 * caller was killed; -EBUSY when the guest is being told of other channel reports.
 * Then nothing has changed.
 */
int migration_set_image(struct css *css, const struct kvm_css_image *image);

#endif /* _KVM_CSS_MIGRATION_H */
