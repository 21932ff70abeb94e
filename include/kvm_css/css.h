/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The channel-subsystem image of one VM: its subchannel sets, and what is not a
 * subchannel's own.  Locking and lifetime are described at the top of css.c.
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
 * The channel-subsystem image that the guest means with M zero, when it names
 * images by their number (M one).  As QEMU's: a virtual one.
 */
#define CSS_IMAGE	0xfe

/**
 * struct css - a channel-subsystem image
 * @shared: what its subchannels see of it
 * @alone: there is no VMM's part: the image is the whole channel subsystem
 * @requeue: makes up for interruptions that the host could not queue
 * @crws: channel reports
 * @lock: serializes adding, removing, resetting, saving and restoring;
 *	protects what follows
 * @sets: the subchannels of each subchannel set, by subchannel number; read
 *	under RCU.  A value entry is a number without a device, see css_lookup().
 * @devnos: the device numbers of each set
 * @ours: the subchannel numbers of each set that the image has or had
 * @vmms: those that the guest is seen to use and that aren't the image's; of
 *	vmm.c, which changes them without the lock
 * @paths: how many subchannels a channel path leads to, by CHPID
 * @quiesce_held: css_quiesce() has succeeded, and nobody ended it since
 * @quiescing: how many css_quiesce() are waiting
 * @unquiesces: how often css_unquiesce() was called
 * @asked: the guest has executed an I/O instruction since its last reset, or was
 *	restored; see guest_looked() in css.c
 * @was_reset: it has been reset
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
 * @alone: the VMM has no part in the channel subsystem
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int css_init(struct css *css, struct guest *guest, bool alone);

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
 * css_wait_stopped() - wait until nobody runs a channel program
 * @css: the image, stopped
 *
 * Context: a kernel thread; may sleep, in TASK_IDLE, as long as the devices take to
 * end their commands.
 */
void css_wait_stopped(struct css *css);

/**
 * css_destroy() - remove all subchannels
 * @css: the image; no instruction is being executed on it any more
 *
 * Context: may sleep, as long as the devices take to end their commands, and
 * uninterruptibly: not for a process that could be killed.
 */
void css_destroy(struct css *css);

/**
 * struct css_place - what a new subchannel is to be
 * @ssid: subchannel set, below CSS_SETS
 * @schid: subchannel number
 * @devno: device number
 * @chpid: channel-path identifier of the one path
 * @report: tell the guest of it by a channel report, if it has begun to run
 * @beside: not in the place of one of the VMM's that the guest is seen to use
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
 * @place: where
 * @dev: the device; the image's own from a successful return on
 *
 * Context: may sleep; takes @css->lock, killably.
 * Return: 0, -EEXIST when there is one with this number, -ENOTUNIQ when there is
 * one with this device number in the set, -EADDRINUSE when the VMM has one with
 * this number and @place->beside is set, -EINTR when the caller was killed, or
 * -ENOMEM.  A call that is refused has changed nothing.
 */
int css_add(struct css *css, const struct css_place *place,
	    struct css_device *dev);

/**
 * css_add_vacant() - add the number of a subchannel without a device
 * @css: the image
 * @place: where; device number and path are not looked at
 *
 * Context: may sleep; takes @css->lock, killably.
 * Return: 0, -EEXIST when there is one with this number, vacant or not,
 * -EADDRINUSE and -EINTR as css_add(), or -ENOMEM.
 */
int css_add_vacant(struct css *css, const struct css_place *place);

/* What becomes of the number of a subchannel that is removed */
enum css_removal {
	CSS_REMOVE,	/* there is no such subchannel any more */
	CSS_VACATE,	/* there is one, but no device: STSCH stores V zero */
};

/**
 * css_remove() - remove a subchannel and end its I/O
 * @css: the image
 * @ssid: subchannel set, below CSS_SETS
 * @schid: subchannel number
 * @how: what becomes of its number
 * @report: tell the guest of it by a channel report, if it has begun to run
 *
 * With CSS_REMOVE, a number that has been vacated before is removed too.
 *
 * Context: may sleep, killably, as long as the device takes to end its command;
 * takes @css->lock.
 * Return: 0; -ENODEV when there is none with this number; -EINTR when the
 * caller was killed while it waited: for @css->lock, and nothing has changed, or
 * for the device, and the subchannel is removed all the same.
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
 * css_lookup() - look a subchannel up, or that its number is vacant
 * @css: the image
 * @sid: a valid subsystem-identification word
 * @vacant: whether it is the number of a subchannel without a device
 *
 * A guest stops scanning a set at the first number that isn't provided, so a
 * device that goes should leave its number behind.  Both are found in one look,
 * so that a number which is provided all the time is always found.
 *
 * Context: any.
 * Return: the subchannel with a reference taken, or NULL.
 */
struct subchannel *css_lookup(struct css *css, u32 sid, bool *vacant);

/**
 * css_vacant() - is this the number of a subchannel without a device?
 * @css: the image
 * @sid: a valid subsystem-identification word
 *
 * Context: any.
 * Return: whether it is.
 */
bool css_vacant(struct css *css, u32 sid);

/**
 * css_find_next() - look up the first subchannel at or behind a number
 * @css: the image
 * @sid: a valid subsystem-identification word; where to begin
 *
 * Context: any.
 * Return: the subchannel with a reference taken, or NULL behind the last.
 */
struct subchannel *css_find_next(struct css *css, u32 sid);

/**
 * css_any_in() - is there a subchannel of the image's with such a number?
 * @css: the image
 * @ssid: subchannel set, below CSS_SETS
 * @first: the first number
 * @last: and the last one
 *
 * Context: any.
 * Return: whether there is, vacated ones too.
 */
bool css_any_in(struct css *css, u8 ssid, u16 first, u16 last);

/**
 * css_path_there() - is there such a channel path?
 * @css: the image
 * @chpid: channel-path identifier
 *
 * Context: any.
 * Return: whether it leads to a subchannel of the image.
 */
bool css_path_there(const struct css *css, u8 chpid);

/**
 * css_enable_mss() - multiple subchannel sets, until the next reset
 * @css: the image
 *
 * Context: may sleep; takes @css->lock.
 */
void css_enable_mss(struct css *css);

/**
 * css_enable_mcsse() - images named by their number, until the next reset
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
 * css_next_vacant() - find the first vacant number at or behind a number
 * @css: the image
 * @sid: a valid subsystem-identification word; where to begin
 * @last: one not below; where to end
 * @found: where to: that of the vacant one
 *
 * Context: any.
 * Return: false when there is none.
 */
bool css_next_vacant(struct css *css, u32 sid, u32 last, u32 *found);

/* How interruptions go that are pending for a subchannel which is reset */
enum css_reset {
	CSS_RESET_ALL,		/* they are withdrawn */
	CSS_RESET_FLOATING,	/* the caller takes all of the VM's away */
};

/**
 * css_reset() - I/O-system reset, chapter 17
 * @css: the image
 * @how: what becomes of interruptions
 *
 * Every subchannel is brought to its initial state, its channel program ended
 * without status, its interruption gone; so are channel reports, and what
 * CSS-wide instructions have set.  Vacated numbers stay.
 *
 * Context: may sleep, killably, as long as the devices take to end their
 * commands; takes @css->lock, with CSS_RESET_ALL killably.
 * Return: 0; -EINTR when the caller was killed while it waited: with CSS_RESET_ALL
 * for @css->lock, and nothing has changed, or for the devices, and no program goes
 * on all the same.
 */
int css_reset(struct css *css, enum css_reset how);

/**
 * css_quiesce() - begin no channel program any more
 * @css: the image
 * @timeout: how long to wait for those that run, in jiffies
 *
 * A start or resume function that the guest asks for stays pending until
 * css_unquiesce().
 *
 * Context: may sleep, killably, as long as @timeout; takes @css->lock.
 * Return: 0; -ETIME when programs still run; -EINTR when the caller was killed;
 * then it is quiesced only if it was before.  -ECANCELED when somebody else has
 * ended the quiesce meanwhile.
 */
int css_quiesce(struct css *css, unsigned long timeout);

/**
 * css_unquiesce() - begin what is pending, and all that comes
 * @css: the image
 *
 * Context: may sleep; takes @css->lock.
 */
void css_unquiesce(struct css *css);

/**
 * css_report_subchannel() - a channel report: look at this subchannel
 * @css: the image
 * @sid: its subsystem-identification word
 *
 * Installed parameters initialized, as QEMU reports both an added and a removed
 * subchannel; the guest finds out which with STORE SUBCHANNEL.  A guest that has
 * not begun to run, or not since its last reset, isn't told.
 *
 * Context: may sleep; takes @css->crws.lock.
 */
void css_report_subchannel(struct css *css, u32 sid);

/**
 * css_reset_path() - the channel-path-reset function, chapter 17
 * @css: the image
 * @chpid: a channel path that there is
 *
 * The path is one to devices in the host: there is no link to be brought up
 * again and nobody whom a reset would have to reach past the subchannels, so
 * these and their programs stay as they are.  That the path is initialized
 * becomes pending as a solicited channel report.
 *
 * Context: may sleep; takes @css->crws.lock.
 */
void css_reset_path(struct css *css, u8 chpid);

/**
 * css_tell_reports() - tell the guest of channel reports, if it has not been
 * @css: the image
 *
 * Context: may sleep; takes @css->crws.lock.
 */
void css_tell_reports(struct css *css);

/* --- vmm.c --- */

/**
 * css_note_vmm() - the guest has executed an instruction for the VMM
 * @css: the image; not alone
 * @opcode: of the instruction
 * @sid: a valid subsystem-identification word of the image, which has no
 *	subchannel there
 *
 * Context: the vCPU's thread; may sleep.
 */
void css_note_vmm(struct css *css, u16 opcode, u32 sid);

/**
 * css_vmm_uses() - is the guest seen to use a subchannel of the VMM's?
 * @css: the image
 * @sid: a valid subsystem-identification word
 *
 * Context: process context.
 * Return: whether it is; a no may be wrong.
 */
bool css_vmm_uses(struct css *css, u32 sid);

/**
 * css_save() - the state of what is not a subchannel's own
 * @css: the image
 * @image: where to: all that GET_IMAGE writes
 *
 * Context: may sleep; takes @css->lock, killably.
 * Return: 0, or -EINTR when the caller was killed.
 */
int css_save(struct css *css, struct kvm_css_image *image);

/**
 * css_restore() - let an image be what another one was
 * @css: the image
 * @image: what somebody says that css_save() gave; size and flags are
 *	not looked at
 *
 * Context: may sleep; takes @css->lock, killably.
 * Return: 0; -EINVAL when this image can't be in such a state; -EINTR when the
 * caller was killed; -EBUSY when the guest is being told of other channel reports.
 * Then nothing has changed.
 */
int css_restore(struct css *css, const struct kvm_css_image *image);

#endif /* _KVM_CSS_CSS_H */
