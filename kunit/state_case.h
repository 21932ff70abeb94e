/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two images with the same subchannel, such as a VMM has at both ends of a
 * migration.  The first one's can be brought into every state that can be
 * saved.
 */
#ifndef _KVM_CSS_KUNIT_STATE_CASE_H
#define _KVM_CSS_KUNIT_STATE_CASE_H

#include <kunit/test.h>

#include <linux/kvm_css.h>

#include <kvm_css/subchannel.h>

#include "fake_image.h"

/**
 * struct state_pair - the two images
 * @from: the image that is saved
 * @to: the image into which the state is restored
 */
struct state_pair {
	struct fake_image *from;
	struct fake_image *to;
};

/**
 * struct state_base - a state that can be saved
 * @name: a description
 * @state: the core's name of the same state
 * @prepare: brings an image's subchannel into the state
 */
struct state_base {
	const char *name;
	enum sch_state state;
	void (*prepare)(struct fake_image *image);
};

/* All these states, in the order of state_bases[] */
enum state_of_base {
	BASE_DISABLED,
	BASE_IDLE,
	BASE_IDLE_AFTER,
	BASE_START_PENDING,
	BASE_START_PENDING_BEGUN,
	BASE_SUSPENDED,
	BASE_SUSPENDED_EXECUTED,
	BASE_SUSPENDED_TESTED,
	BASE_SUSPENDED_STATUS,
	BASE_RESUME_PENDING,
	BASE_START_PENDING_RESUMED,
	BASE_ENDED,
	BASE_PRIMARY,
	BASE_UNIT_CHECK,
	BASE_SENSE,
	BASE_PROGRAM_CHECK,
	BASE_NO_PATH,
	BASE_HALTED,
	BASE_HALTED_UNBEGUN,
	BASE_HALTED_SUSPENDED,
	BASE_CLEARED,
	BASE_START_PENDING_ADVANCE,
	BASE_SUSPENDED_PCI,
	BASE_SUSPENDED_ZERO_CC,
	BASE_SUSPENDED_PCI_TESTED,
	BASE_UNTOLD_PCI,
	BASE_ENDED_PCI,
	BASE_DATA_CHECK,
	BASE_DATA_CHECK_TESTED,
	BASE_CONTROL_CHECK,
	BASE_BLOCK,
	BASE_BLOCK_WAITS,
	BASE_DEVICE_ACTIVE,
	BASE_SECONDARY,
	BASE_ATTENTION,
	BASE_PRESENTED,
	BASES
};

extern const struct state_base state_bases[BASES];

/**
 * state_init() - for &kunit_suite.init: make both images, in test->priv
 * @test: the test case
 *
 * Return: 0.
 */
int state_init(struct kunit *test);

/**
 * state_exit() - for &kunit_suite.exit: destroy both images
 * @test: the test case
 */
void state_exit(struct kunit *test);

/**
 * state_prepare() - bring the image's subchannel into a state
 * @image: the image, as state_init() made it
 * @base: the state
 */
static inline void state_prepare(struct fake_image *image,
				 enum state_of_base base)
{
	state_bases[base].prepare(image);
}

/**
 * state_settle() - wait until nobody runs the image's subchannel
 * @image: the image
 */
void state_settle(struct fake_image *image);

/**
 * state_get() - save the image's subchannel
 * @image: the image
 * @state: filled in; all zeros if saving is refused
 *
 * Return: as subchannel_save().
 */
int state_get(struct fake_image *image, struct kvm_css_state *state);

/**
 * state_set() - restore the image's subchannel
 * @image: the image
 * @state: the state to restore
 *
 * Return: as subchannel_restore().
 */
int state_set(struct fake_image *image, const struct kvm_css_state *state);

/**
 * state_copy_rest() - copy what a VMM moves by other means
 * @pair: the images; what is copied is storage, interruptions that KVM has, the
 * device's script
 */
void state_copy_rest(struct state_pair *pair);

/**
 * struct state_wrong - how to make a valid state invalid
 * @name: what is wrong with it
 * @base: the valid state
 * @at: offset of what is changed, in bytes
 * @len: how many bytes, 1, 2, 4 or 8
 * @big_endian: it is in the guest's byte order
 * @flip: bits to invert there
 */
struct state_wrong {
	const char *name;
	enum state_of_base base;
	size_t at;
	u8   len;
	bool big_endian;
	u64  flip;
};

/**
 * state_spoil() - make a valid state invalid
 * @data: the state
 * @wrong: how
 */
void state_spoil(void *data, const struct state_wrong *wrong);

#endif /* _KVM_CSS_KUNIT_STATE_CASE_H */
