/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A backend that answers what a test case wants, and an image whose subchannel
 * has it.
 */
#ifndef _KVM_CSS_KUNIT_FAKE_BACKEND_H
#define _KVM_CSS_KUNIT_FAKE_BACKEND_H

#include <kvm_css/backend.h>
#include <kvm_css/control_unit.h>

#include "fake_image.h"
#include "subchannel/internal.h"

#define FAKE_IRBS	8

/**
 * struct fake_backend - the backend
 * @dev: what the core sees
 * @backend: part of the device
 * @test: the test case
 * @answers: what it answers to each instruction
 * @asked: how often it was asked
 * @prepares: how the prepare operations end
 * @meanwhile: called by ->prepare_start(); may be NULL
 * @meanwhile_arg: argument of @meanwhile
 * @prepared: how often something was prepared
 * @discarded: how often that was discarded
 * @orb: the ORB that it was started with
 * @schib: the operand of the last MODIFY SUBCHANNEL
 * @limit: the limit for address-limit checking that it was given
 * @stores: what it says of activity and paths
 * @irbs: the status that it has
 * @nr_irbs: how many
 * @late: word 0 of the SCSW of status that it has in hand when it answers with
 *	condition code 1
 * @news: the news that it will tell, beside status
 * @fails: it can't stop
 * @obliging: it stops as soon as it is asked
 * @unanswered: it was asked to stop, and has not
 * @stops: how often it was asked to stop
 * @last: that was said to be the last time
 * @released: how often it was released
 */
struct fake_backend {
	struct css_device dev;
	struct sch_backend backend;
	struct kunit *test;

	ioinst_ending_t answers[SCH_INSNS];
	unsigned int asked[SCH_INSNS];
	ioinst_ending_t prepares;
	void (*meanwhile)(void *arg);
	void *meanwhile_arg;
	unsigned int prepared;
	unsigned int discarded;
	struct css_orb orb;
	struct css_schib schib;
	struct chanprog_limit limit;
	struct backend_schib stores;
	struct css_irb irbs[FAKE_IRBS];
	unsigned int nr_irbs;
	u32 late;
	enum backend_news news;
	bool fails;
	bool obliging;
	bool unanswered;
	unsigned int stops;
	bool last;
	unsigned int released;
};

/**
 * struct backend_image - an image whose subchannel has a backend
 * @image: the image
 * @fake: the backend
 */
struct backend_image {
	struct fake_image *image;
	struct fake_backend *fake;
};

/**
 * backend_init() - for &kunit_suite.init: make a struct backend_image, in
 * test->priv
 * @test: the test case
 *
 * Return: 0.
 */
int backend_init(struct kunit *test);

/**
 * backend_exit() - for &kunit_suite.exit: take it down and check what is left
 * @test: the test case
 */
void backend_exit(struct kunit *test);

/**
 * fake_backend_gives() - let the backend have status, without telling anybody
 * @fake: the backend
 * @flags: word 0 of the SCSW
 * @dstat: device status
 *
 * Return: the IRB, for more.
 */
struct css_irb *fake_backend_gives(struct fake_backend *fake, u32 flags,
				   u8 dstat);

/**
 * fake_backend_tell() - let the backend say that it has news
 * @fake: the backend
 *
 * When this returns, it has been asked, if that was possible.
 */
void fake_backend_tell(struct fake_backend *fake);

/**
 * fake_backend_present() - let the backend have status, and say so
 * @fake: the backend
 * @flags: word 0 of the SCSW
 * @dstat: device status
 */
void fake_backend_present(struct fake_backend *fake, u32 flags, u8 dstat);

/**
 * fake_backend_stop() - let the backend say that it has stopped
 * @fake: the backend
 */
void fake_backend_stop(struct fake_backend *fake);

/**
 * backend_orb() - make the ORB of a program, which nobody interprets
 * @image: the image
 * @orb: filled in
 */
void backend_orb(struct fake_image *image, struct css_orb *orb);

/* In which state a subchannel is, as far as that decides condition codes */
enum backend_is {
	IS_DISABLED,
	IS_IDLE,
	IS_STARTED,		/* a start function is in progress */
	IS_INTERMEDIATE,	/* the same, and intermediate status is pending */
	IS_SUSPENDED,		/* a start function, whose status was cleared */
	IS_HALTING,
	IS_CLEARING,
	IS_ENDED,		/* status of a start function is pending */
	IS_UNSOLICITED,
	IS_OUT,			/* out of service */
	IS_LOST,		/* the device is gone */
	BACKEND_STATES
};

/**
 * backend_bring() - bring the subchannel, which is disabled, into a state
 * @both: the image with its backend, whose answers are condition code 0
 * @is: the state
 */
void backend_bring(struct backend_image *both, enum backend_is is);

#endif /* _KVM_CSS_KUNIT_FAKE_BACKEND_H */
