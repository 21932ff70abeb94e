/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An image whose subchannel has a device of the host's, and channel programs for it.
 */
#ifndef _KVM_CSS_KUNIT_PASS_CASE_H
#define _KVM_CSS_KUNIT_PASS_CASE_H

#include "devices/passthrough/internal.h"

#include "fake_host_sch.h"
#include "fake_image.h"

/**
 * struct pass_image - the image with its device
 * @image: the image
 * @host: the host's subchannel
 * @pt: the device
 * @test: the test case
 */
struct pass_image {
	struct fake_image *image;
	struct host_sch *host;
	struct passthrough *pt;
	struct kunit *test;
};

/**
 * pass_init() - for &kunit_suite.init: make it, in test->priv
 * @test: the test case
 *
 * Return: 0.
 */
int pass_init(struct kunit *test);

/**
 * pass_exit() - for &kunit_suite.exit: take it down, and check that nothing is left
 * @test: the test case
 */
void pass_exit(struct kunit *test);

/**
 * pass_ccw() - store a CCW of format 1 at IMAGE_PROG
 * @pass: the image
 * @nr: which CCW of the program
 * @cmd: command code
 * @flags: CCW_*
 * @count: byte count
 * @cda: data address
 */
void pass_ccw(struct pass_image *pass, u32 nr, u8 cmd, u8 flags, u16 count,
	      u32 cda);

/**
 * pass_orb() - make the ORB of the program at IMAGE_PROG
 * @orb: filled in
 * @flags: ORB_* beside the format and the path
 */
void pass_orb(struct css_orb *orb, u32 flags);

/**
 * pass_start() - start a program, which the host accepts
 * @pass: the image
 * @flags: as for pass_orb()
 */
void pass_start(struct pass_image *pass, u32 flags);

/**
 * pass_start_one() - start a program of one READ
 * @pass: the image
 */
void pass_start_one(struct pass_image *pass);

/**
 * pass_cpa() - the CCW address in status of the host's, behind a CCW
 * @pass: the image, whose program was not resumed in another part
 * @nr: which CCW of the program
 *
 * Return: the address, 8 more than the CCW's.
 */
u32 pass_cpa(const struct pass_image *pass, u32 nr);

/**
 * pass_interrupt() - let the host have status
 * @pass: the image
 * @flags: word 0 of the SCSW
 * @dstat: device status
 * @cpa: CCW address
 *
 * When this returns, the guest has been told, if that was possible.
 */
void pass_interrupt(struct pass_image *pass, u32 flags, u8 dstat, u32 cpa);

/**
 * pass_settle() - wait until all that was queued has been done
 * @pass: the image
 */
void pass_settle(struct pass_image *pass);

/**
 * pass_expect() - expect status to be pending, and clear it
 * @pass: the image
 * @control: function, activity and status control
 * @dstat: device status
 * @irb: filled in
 */
void pass_expect(struct pass_image *pass, u32 control, u8 dstat,
		 struct css_irb *irb);

/**
 * pass_expect_none() - expect no status to be pending
 * @pass: the image
 */
void pass_expect_none(struct pass_image *pass);

/**
 * pass_expect_lost() - expect the guest's subchannel to have no device any more
 * @pass: the image
 */
void pass_expect_lost(struct pass_image *pass);

/**
 * pass_new() - take the device from the host
 * @pass: the image
 *
 * Return: the device.
 */
struct css_device *pass_new(struct pass_image *pass);

/**
 * pass_add() - give the subchannel, which was removed, the device once more
 * @pass: the image
 */
void pass_add(struct pass_image *pass);

/**
 * pass_remove() - remove the subchannel
 * @pass: the image
 */
void pass_remove(struct pass_image *pass);

/**
 * pass_wait() - wait until something is so
 * @pass: the image
 * @is: what
 *
 * Fails the test if it doesn't become so.
 */
#define pass_wait(pass, is)	WAIT_UNTIL((pass)->test, is)

#endif /* _KVM_CSS_KUNIT_PASS_CASE_H */
