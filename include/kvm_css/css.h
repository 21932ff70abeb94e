/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The channel-subsystem image of one VM: its subchannel sets.
 * Locking and lifetime are described at the top of css.c.
 */
#ifndef _KVM_CSS_CSS_H
#define _KVM_CSS_CSS_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/xarray.h>

#include <kvm_css/layout.h>

struct css_device;
struct css_guest;
struct subchannel;
struct workqueue_struct;

#define CSS_SETS	4

/**
 * struct css - a channel-subsystem image
 * @guest: the VM
 * @wq: runs channel programs off the vCPUs; one for each VM, so that none
 *	waits for another VM's devices
 * @reap_wq: waits for what a removed subchannel still runs
 * @lock: serializes adding and removing
 * @sets: the subchannels of each subchannel set, by subchannel number
 */
struct css {
	struct css_guest *guest;
	struct workqueue_struct *wq;
	struct workqueue_struct *reap_wq;
	struct mutex lock;	/* see css.c */
	struct xarray sets[CSS_SETS];
};

/**
 * css_sid() - the subsystem-identification word of a subchannel
 * @ssid: subchannel set
 * @schid: subchannel number
 *
 * Context: any.
 * Return: the word, for the guest's default channel-subsystem image.
 */
static inline u32 css_sid(u8 ssid, u16 schid)
{
	return SID_ONE | (u32)ssid << SID_SSID_SHIFT | schid;
}

/**
 * css_init() - prepare an empty image
 * @css: the image
 * @guest: the VM
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int css_init(struct css *css, struct css_guest *guest);

/**
 * css_stop() - take all subchannels out of service, and don't wait
 * @css: the image
 *
 * Nothing is made pending for them any more; what they run is told to stop.
 *
 * Context: may sleep; takes @css->lock.
 */
void css_stop(struct css *css);

/**
 * css_destroy() - remove all subchannels
 * @css: the image; no instruction is being executed on it any more
 *
 * Context: may sleep, as long as the devices take to end their commands, and
 * uninterruptibly: not for a process that could be killed.
 */
void css_destroy(struct css *css);

/**
 * css_add() - add a subchannel
 * @css: the image
 * @ssid: subchannel set, below CSS_SETS
 * @schid: subchannel number
 * @devno: device number
 * @chpid: channel-path identifier of the one path
 * @dev: the device; the image's own from a successful return on
 *
 * Context: may sleep; takes @css->lock.
 * Return: 0, -EEXIST when there is one with this number, or -ENOMEM.
 */
int css_add(struct css *css, u8 ssid, u16 schid, u16 devno, u8 chpid,
	    struct css_device *dev);

/**
 * css_remove() - remove a subchannel and end its I/O
 * @css: the image
 * @ssid: subchannel set, below CSS_SETS
 * @schid: subchannel number
 *
 * Context: may sleep, as long as the device takes to end its command; takes
 * @css->lock.
 * Return: 0; -ENODEV when there is none with this number; -EINTR when the
 * caller was killed while it waited: removed all the same.
 */
int css_remove(struct css *css, u8 ssid, u16 schid);

/**
 * css_find() - look a subchannel up
 * @css: the image
 * @sid: a valid subsystem-identification word
 *
 * Context: any.
 * Return: the subchannel with a reference taken, or NULL.
 */
struct subchannel *css_find(struct css *css, u32 sid);

/**
 * css_find_next() - look up the first subchannel at or behind a number
 * @css: the image
 * @sid: a valid subsystem-identification word; where to begin
 *
 * Context: any.
 * Return: the subchannel with a reference taken, or NULL behind the last.
 */
struct subchannel *css_find_next(struct css *css, u32 sid);

#endif /* _KVM_CSS_CSS_H */
