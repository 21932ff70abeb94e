/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A channel-subsystem image with one subchannel for a test case, and the I/O
 * instructions that a guest executes on it.
 */
#ifndef _KVM_CSS_KUNIT_FAKE_IMAGE_H
#define _KVM_CSS_KUNIT_FAKE_IMAGE_H

#include <kunit/test.h>

#include <kvm_css/css.h>
#include <kvm_css/ioinst.h>
#include <kvm_css/layout.h>

#include "expect.h"
#include "fake_device.h"
#include "fake_guest.h"
#include "short_names.h"

/* The subchannel that every image has */
#define IMAGE_SSID	1
#define IMAGE_SCHID	0x0012
#define IMAGE_DEVNO	0x4711
#define IMAGE_CHPID	0x42
#define IMAGE_SID	(SID_ONE | IMAGE_SSID << SID_SSID_SHIFT | IMAGE_SCHID)
#define IMAGE_PATH	0x80

/* Where things are in guest storage */
#define IMAGE_OPERAND	0x2000u
#define IMAGE_PROG	0x1000u
#define IMAGE_DATA	0x4000u

/* The one read of the program that image_load() makes */
#define IMAGE_CMD	0x02
#define IMAGE_COUNT	8
#define IMAGE_INTPARM	0xfeedc0deu
#define IMAGE_ISC	3

/**
 * struct fake_image - an image with what belongs to it
 * @guest: the guest
 * @vcpu: its CPU
 * @css: the image
 * @fake: the device of the subchannel
 * @step: the only step of the device's script
 */
struct fake_image {
	struct guest guest;
	struct guest_vcpu vcpu;
	struct css css;
	struct fake_device *fake;
	struct fake_step step;
};

/**
 * fake_add() - add a subchannel, and report nothing
 * @css: the image
 * @ssid: subchannel set
 * @schid: subchannel number
 * @devno: device number
 * @chpid: channel-path identifier
 * @dev: the device
 *
 * Return: as css_add().
 */
int fake_add(struct css *css, u8 ssid, u16 schid, u16 devno, u8 chpid,
	     struct css_device *dev);

/**
 * fake_add_vacant() - add a number without a device
 * @css: the image
 * @ssid: subchannel set
 * @schid: subchannel number
 * @report: whether the guest is told
 *
 * Return: as css_add_vacant().
 */
int fake_add_vacant(struct css *css, u8 ssid, u16 schid, bool report);

/**
 * fake_remove() - remove a subchannel, and report nothing
 * @css: the image
 * @ssid: subchannel set
 * @schid: subchannel number
 *
 * Return: as css_remove().
 */
int fake_remove(struct css *css, u8 ssid, u16 schid);

/**
 * image_init() - for &kunit_suite.init: make an image beside a VMM, in
 * test->priv
 * @test: the test case
 *
 * The image is beside a VMM.
 *
 * Return: 0.
 */
int image_init(struct kunit *test);

/**
 * image_init_alone() - the same, but the image is alone
 * @test: the test case
 *
 * Its subchannel is in set 1, which the guest has to enable first.
 *
 * Return: 0.
 */
int image_init_alone(struct kunit *test);

/**
 * image_exit() - for &kunit_suite.exit: take the image down and check what is
 * left
 * @test: the test case
 */
void image_exit(struct kunit *test);

/**
 * image_insn() - execute an instruction
 * @image: the image
 * @insn: the instruction
 *
 * Checks that there are workers for what the instruction has queued.
 *
 * Return: the ending.
 */
ioinst_ending_t image_insn(struct fake_image *image, const struct ioinst *insn);

/**
 * image_execute() - execute an instruction on the image's subchannel
 * @image: the image
 * @opcode: IOINST_*
 *
 * The operand is at IMAGE_OPERAND.
 *
 * Return: the ending.
 */
ioinst_ending_t image_execute(struct fake_image *image, u16 opcode);

/**
 * image_stsch() - execute STORE SUBCHANNEL
 * @image: the image
 * @schib: what was stored, or what was there before
 *
 * Return: the ending.
 */
ioinst_ending_t image_stsch(struct fake_image *image, struct css_schib *schib);

/**
 * image_msch() - execute MODIFY SUBCHANNEL
 * @image: the image
 * @schib: the operand
 *
 * Return: the ending.
 */
ioinst_ending_t image_msch(struct fake_image *image, const struct css_schib *schib);

/**
 * image_ssch() - execute START SUBCHANNEL
 * @image: the image
 * @orb: the operand
 *
 * Return: the ending.
 */
ioinst_ending_t image_ssch(struct fake_image *image, const struct css_orb *orb);

/**
 * image_tsch() - execute TEST SUBCHANNEL
 * @image: the image
 * @irb: what was stored, or what was there before
 *
 * Return: the ending.
 */
ioinst_ending_t image_tsch(struct fake_image *image, struct css_irb *irb);

/**
 * image_must() - execute an instruction, which must end with condition code 0
 * @image: the image
 * @opcode: IOINST_*
 */
void image_must(struct fake_image *image, u16 opcode);

/**
 * image_must_start() - execute SSCH, which must end with condition code 0
 * @image: the image
 * @orb: the operand
 */
void image_must_start(struct fake_image *image, const struct css_orb *orb);

/**
 * image_find() - look up the image's subchannel, which must be there
 * @image: the image
 *
 * Return: the subchannel, with a reference.
 */
struct subchannel *image_find(struct fake_image *image);

/**
 * image_state() - the state of the image's subchannel
 * @image: the image
 *
 * Return: the state.
 */
enum sch_state image_state(struct fake_image *image);

/**
 * image_control() - function, activity and status control, as STSCH stores them
 * @image: the image
 *
 * Return: these bits.
 */
u32 image_control(struct fake_image *image);

/**
 * image_expect_stats() - check the subchannel's counters
 * @image: the image
 * @started: how many start functions
 * @completed: how many of them have ended
 */
void image_expect_stats(struct fake_image *image, u64 started, u64 completed);

/**
 * image_expect_deferred() - check the counter of deferred start functions
 * @image: the image
 * @deferred: how many start functions a worker has taken over
 */
void image_expect_deferred(struct fake_image *image, u64 deferred);

/**
 * image_corrupt() - change the SCSW as a stray store of the host would
 * @image: the image
 * @flags: word 0 of the SCSW from now on
 */
void image_corrupt(struct fake_image *image, u32 flags);

/**
 * irb_flags() - read word 0 of the SCSW
 * @irb: where it is
 *
 * Return: the word.
 */
static inline u32 irb_flags(const struct css_irb *irb)
{
	return be32_to_cpu(irb->scsw.flags);
}

/**
 * irb_control() - read function, activity and status control
 * @irb: where they are
 *
 * Return: these bits.
 */
static inline u32 irb_control(const struct css_irb *irb)
{
	return irb_flags(irb) & CONTROL;
}

/**
 * image_enable() - enable the subchannel, as a guest does
 * @image: the image
 * @isc: interruption subclass
 * @chars: PMCW_CONCURRENT_SENSE or 0
 */
void image_enable(struct fake_image *image, u8 isc, u32 chars);

/**
 * image_load() - store a program of one read, and let the device execute it
 * @image: the image
 * @orb: filled in for the program
 */
void image_load(struct fake_image *image, struct css_orb *orb);

/**
 * image_start() - enable, load and start; the device ends the program at once
 * @image: the image
 */
void image_start(struct fake_image *image);

/**
 * image_start_blocked() - enable, load and start; the device waits
 * @image: the image
 *
 * The device waits on a worker for fake->go_on.
 */
void image_start_blocked(struct fake_image *image);

#endif /* _KVM_CSS_KUNIT_FAKE_IMAGE_H */
