/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The channel-subsystem image of one VM: its subchannel sets, and all else that
 * doesn't belong to a single subchannel.  The top of css.c describes locking
 * and lifetime.
 */
#ifndef _KVM_CSS_CSS_H
#define _KVM_CSS_CSS_H

#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <kvm_css/crw.h>
#include <kvm_css/layout.h>
#include <kvm_css/number_map.h>
#include <kvm_css/sch_shared.h>

struct css_device;
struct guest;
struct kvm_css_image;
struct subchannel;

#define CSS_SETS	4
#define CSS_CHPIDS	256

/*
 * The CSSID of the image, by which a guest names it when M is one.  It is the
 * same image that a guest means when M is zero.  QEMU uses this number for its
 * virtual devices, too.
 */
#define CSS_IMAGE	0xfe

/**
 * struct css - a channel-subsystem image
 * @shared: what its subchannels see of it
 * @alone: the image is the whole channel subsystem of the VM; the VMM has no
 *	part in it
 * @requeue: tries again to queue interruptions and channel reports that the
 *	host could not queue
 * @crws: pending channel reports
 * @lock: serializes adding, removing, resetting, saving and restoring; protects
 *	all members below
 * @sets: the subchannels of each subchannel set, by subchannel number; read
 *	under RCU.  A value entry is a vacant number, one without a device; see
 *	css_lookup().
 * @devnos: the device numbers in use in each set
 * @ours: the subchannel numbers in each set where the image has or had a
 *	subchannel, or a vacant number
 * @vmms: the subchannel numbers in each set where the guest is seen to use a
 *	subchannel of the VMM's; vmm.c changes them without @lock
 * @paths: how many subchannels a channel path leads to, by CHPID
 * @backends: how many subchannels have a backend
 * @quiesce_held: a css_quiesce() has succeeded, and css_unquiesce() was not
 *	called since
 * @quiescing: how many css_quiesce() are waiting
 * @unquiesces: how often css_unquiesce() was called
 * @asked: the guest has executed an I/O instruction since its last reset, or
 *	the image was restored; see guest_looked() in css.c
 * @was_reset: the image was reset at least once
 * @mss: the guest has enabled multiple subchannel sets
 * @mcsse: the guest has enabled multiple channel-subsystem images
 */
struct css {
	struct sch_shared shared;
	bool alone;
	struct delayed_work requeue;
	struct crw_queue crws;
	struct mutex lock;	/* see css.c */
	struct xarray sets[CSS_SETS];
	struct number_map devnos[CSS_SETS];
	struct number_map ours[CSS_SETS];
	struct number_map vmms[CSS_SETS];
	u32 paths[CSS_CHPIDS];
	u32 backends;
	bool quiesce_held;
	u32 quiescing;
	u32 unquiesces;
	bool asked;
	bool was_reset;
	bool mss;
	bool mcsse;
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
 * @alone: see &struct css
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int css_init(struct css *css, struct guest *guest, bool alone);

/**
 * css_stop() - remove all subchannels from the image, without waiting for them
 * @css: the image
 *
 * Pending interruptions are withdrawn, and no new ones are made pending.
 * Channel programs that run are told to stop.  css_wait_stopped() waits until
 * they have.
 *
 * Context: may sleep; takes @css->lock.
 */
void css_stop(struct css *css);

/**
 * css_wait_stopped() - wait until nobody runs a channel program
 * @css: the image, after css_stop()
 *
 * Context: sleeps in TASK_IDLE, which no signal ends, as long as the devices
 * take to end their commands.
 */
void css_wait_stopped(struct css *css);

/**
 * css_destroy() - remove all subchannels, and give back what the image holds
 * @css: the image; no instruction is being executed on it any more
 *
 * Context: sleeps uninterruptibly, as long as the devices take to end their
 * commands.  So a process may call it only when the image has no subchannels.
 */
void css_destroy(struct css *css);

/**
 * struct css_place - where and how a subchannel is added
 * @ssid: subchannel set, below CSS_SETS
 * @schid: subchannel number
 * @devno: device number
 * @chpid: channel-path identifier of the subchannel's only path
 * @report: make a channel report for the guest, if it has begun to run
 * @beside: refuse a number where css_vmm_uses() says that the guest uses a
 *	subchannel of the VMM's
 */
struct css_place {
	u8   ssid;
	u16  schid;
	u16  devno;
	u8   chpid;
	bool report;
	bool beside;
};

/**
 * css_add() - add a subchannel
 * @css: the image
 * @place: where and how
 * @dev: the device; it belongs to the image once css_add() has succeeded, and
 *	stays the caller's otherwise
 *
 * A vacant number is taken over.
 *
 * Context: may sleep; takes @css->lock, killably.
 * Return: 0; -EBUSY when the image is quiesced and the device has a backend;
 * -EEXIST when the image has a subchannel with this number;
 * -ENOTUNIQ when it has one with this device number in the set; -EADDRINUSE
 * when @place->beside is set and the guest is seen to use a subchannel of the
 * VMM's with this number; -EINTR when the caller was killed; -ENOMEM.  A call
 * that fails has changed nothing.
 */
int css_add(struct css *css, const struct css_place *place,
	    struct css_device *dev);

/**
 * css_add_vacant() - add a vacant number: a subchannel without a device
 * @css: the image
 * @place: where and how; device number and path are ignored
 *
 * Context: may sleep; takes @css->lock, killably.
 * Return: 0; -EEXIST when the image has a subchannel with this number or the
 * number is vacant already; -EADDRINUSE, -EINTR or -ENOMEM as css_add().
 */
int css_add_vacant(struct css *css, const struct css_place *place);

/* What becomes of the number of a subchannel that is removed */
enum css_removal {
	CSS_REMOVE,	/* the subchannel is not provided any more */
	CSS_VACATE,	/* the number becomes vacant: STSCH stores V zero */
};

/**
 * css_remove() - remove a subchannel and end its I/O
 * @css: the image
 * @ssid: subchannel set, below CSS_SETS
 * @schid: subchannel number
 * @how: what becomes of its number
 * @report: make a channel report for the guest, if it has begun to run
 *
 * CSS_REMOVE also removes a vacant number.
 *
 * Context: sleeps killably, as long as the device takes to end its command;
 * takes @css->lock.
 * Return: 0; -ENODEV when there is nothing to remove or vacate at this number;
 * -EIO when the device is removed, and something that it has written may not be
 * on stable storage; -EINTR when the caller was killed.  If it was killed while
 * it waited for @css->lock, nothing has changed; if it was killed while it
 * waited for the device, the subchannel is removed all the same, and a work
 * item gets what it has written to stable storage.
 */
int css_remove(struct css *css, u8 ssid, u16 schid, enum css_removal how,
	       bool report);

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
 * css_lookup() - look a subchannel up, or find out that its number is vacant
 * @css: the image
 * @sid: a valid subsystem-identification word
 * @vacant: where to: whether the number is vacant
 *
 * A guest stops scanning a set at the first number that isn't provided.  So the
 * VMM should vacate the number of a device that it removes.  This looks for a
 * subchannel and for a vacant number in one step.  So while another thread
 * vacates the number or fills it again, it finds one or the other, and never
 * neither.
 *
 * Context: any.
 * Return: the subchannel with a reference taken, or NULL.
 */
struct subchannel *css_lookup(struct css *css, u32 sid, bool *vacant);

/**
 * css_vacant() - is this number vacant?
 * @css: the image
 * @sid: a valid subsystem-identification word
 *
 * Context: any.
 * Return: whether it is.
 */
bool css_vacant(struct css *css, u32 sid);

/**
 * css_find_next() - look up the first subchannel at or after a number
 * @css: the image
 * @sid: a valid subsystem-identification word; where to begin
 *
 * Context: any.
 * Return: the subchannel with a reference taken, or NULL when there is none.
 */
struct subchannel *css_find_next(struct css *css, u32 sid);

/**
 * css_any_in() - does the image have a subchannel or vacant number in this
 * range?
 * @css: the image
 * @ssid: subchannel set, below CSS_SETS
 * @first: the first number of the range
 * @last: the last number of the range
 *
 * Context: any.
 * Return: whether it has.
 */
bool css_any_in(struct css *css, u8 ssid, u16 first, u16 last);

/**
 * css_path_there() - does the image have this channel path?
 * @css: the image
 * @chpid: channel-path identifier
 *
 * Context: any.
 * Return: whether it leads to a subchannel of the image.
 */
bool css_path_there(const struct css *css, u8 chpid);

/**
 * css_enable_mss() - enable multiple subchannel sets, until the next reset
 * @css: the image
 *
 * Context: may sleep; takes @css->lock.
 */
void css_enable_mss(struct css *css);

/**
 * css_enable_mcsse() - let the guest name images by CSSID, until the next reset
 * @css: the image
 *
 * Context: may sleep; takes @css->lock.
 */
void css_enable_mcsse(struct css *css);

/**
 * css_set_monitor() - SET CHANNEL MONITOR
 * @css: the image
 * @monitor: the operands, checked
 *
 * Context: may sleep; takes @css->lock.
 */
void css_set_monitor(struct css *css, const struct css_monitor *monitor);

/**
 * css_set_address_limit() - SET ADDRESS LIMIT
 * @css: the image
 * @limit: the operand, checked
 *
 * Context: may sleep; takes @css->lock.
 */
void css_set_address_limit(struct css *css, u32 limit);

/**
 * css_next_vacant() - find the first vacant number at or after a number
 * @css: the image
 * @sid: a valid subsystem-identification word; where to begin
 * @last: a valid subsystem-identification word, not below @sid; the last to
 *	look at
 * @found: where to: the subsystem-identification word of the vacant number
 *
 * Context: any.
 * Return: false when there is none.
 */
bool css_next_vacant(struct css *css, u32 sid, u32 last, u32 *found);

/* What becomes of interruptions that are pending when subchannels are reset */
enum css_reset {
	CSS_RESET_ALL,		/* css_reset() withdraws them */
	CSS_RESET_FLOATING,	/* the caller clears them afterwards */
};

/**
 * css_reset() - I/O-system reset, chapter 17
 * @css: the image
 * @how: what becomes of interruptions
 *
 * Every subchannel is brought to its initial state.  Its channel program ends
 * without status, and its interruption goes.  Channel reports are cleared, and
 * so is what instructions that name no subchannel have set.  Vacant numbers
 * stay vacant.
 *
 * Context: sleeps killably, as long as the devices take to end their commands;
 * takes @css->lock, with CSS_RESET_ALL killably.
 * Return: 0; -EINTR when the caller was killed.  If it was killed while it
 * waited for @css->lock (with CSS_RESET_ALL only), nothing has changed.  If it
 * was killed while it waited for the devices, the subchannels are reset all the
 * same, each as soon as its device has ended its command.
 */
int css_reset(struct css *css, enum css_reset how);

/**
 * css_quiesce() - begin no channel program any more, and wait for those that
 * run
 * @css: the image
 * @timeout: how long to wait, in jiffies
 *
 * From now on, a start or resume function stays pending until css_unquiesce().
 * When no program runs, what devices have written before is got to stable
 * storage.
 *
 * Context: sleeps killably, for @timeout at most, and then for as long as the
 * host takes to write, killably between two devices; takes @css->lock.
 * Return: 0; -EOPNOTSUPP when a subchannel has a backend, whose functions nobody
 * can hold up; -ETIME when programs still run after @timeout; -EIO when something
 * that a device has written may be lost; -EINTR when the caller was killed, or
 * a signal has interrupted the writing; -ECANCELED when somebody called
 * css_unquiesce() meanwhile.
 * When this call fails, the image stays quiesced only if another css_quiesce()
 * has succeeded or still waits.
 */
int css_quiesce(struct css *css, unsigned long timeout);

/**
 * css_unquiesce() - end what css_quiesce() has begun
 * @css: the image
 *
 * Start and resume functions that are pending are begun.
 *
 * Context: may sleep; takes @css->lock.
 */
void css_unquiesce(struct css *css);

/**
 * css_report_subchannel() - make a channel report for a subchannel
 * @css: the image
 * @sid: its subsystem-identification word
 *
 * The report says "installed parameters initialized", both when the subchannel
 * was added and when it was removed; so does QEMU.  The guest finds out with
 * STORE SUBCHANNEL which of the two it was.  There is no report for a guest
 * that can't have looked for subchannels since its last reset, see
 * guest_looked() in css.c.
 *
 * Context: may sleep; takes @css->crws.lock.
 */
void css_report_subchannel(struct css *css, u32 sid);

/**
 * css_reset_path() - the channel-path-reset function, chapter 17
 * @css: the image
 * @chpid: a channel path of the image
 *
 * The devices at the path are in the host: there is no link that a reset would
 * have to bring up again, and no control unit that it would have to reach.  So
 * the subchannels and their programs stay as they are, and all that happens is
 * a solicited channel report which says that the path has been initialized.
 *
 * Context: may sleep; takes @css->crws.lock.
 */
void css_reset_path(struct css *css, u8 chpid);

/**
 * css_tell_reports() - tell the guest of channel reports that it was not told
 * of
 * @css: the image
 *
 * When the host can't tell the guest now, this is tried again later.
 *
 * Context: may sleep; takes @css->crws.lock.
 */
void css_tell_reports(struct css *css);

/* Which subchannels of the VMM's the guest uses, image/vmm.c */

/**
 * css_note_vmm() - note which subchannel of the VMM's an instruction names
 * @css: the image; not alone
 * @sid: a valid subsystem-identification word, where the image has neither a
 *	subchannel nor a vacant number
 *
 * Context: the vCPU's thread; may sleep.
 */
void css_note_vmm(struct css *css, u32 sid);

/**
 * css_vmm_uses() - is the guest seen to use a subchannel of the VMM's?
 * @css: the image
 * @sid: a valid subsystem-identification word
 *
 * Context: process context.
 * Return: true when it is.  False may be wrong: the guest may use one without
 * having been seen to.
 */
bool css_vmm_uses(struct css *css, u32 sid);

/* Saving and restoring, image/migration.c */

/**
 * css_save() - save the state of the image, without that of its subchannels
 * @css: the image
 * @image: where to: all that KVM_CSS_GET_IMAGE writes
 *
 * Context: may sleep; takes @css->lock, killably.
 * Return: 0; -EOPNOTSUPP when a subchannel has a backend; -EINTR when the caller
 * was killed.
 */
int css_save(struct css *css, struct kvm_css_image *image);

/**
 * css_restore() - bring the image into a saved state
 * @css: the image
 * @image: what the caller says that css_save() has written; nothing of it is
 *	trusted, and size and flags are ignored
 *
 * Context: may sleep; takes @css->lock, killably.
 * Return: 0; -EINVAL when this image can't be in such a state; -EINTR when the
 * caller was killed; -EBUSY when the guest is still being told of channel
 * reports that this image has made.  A call that fails has changed nothing.
 */
int css_restore(struct css *css, const struct kvm_css_image *image);

#endif /* _KVM_CSS_CSS_H */
