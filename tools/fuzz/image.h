/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A channel-subsystem image for the fuzzers: what the host does with it, and
 * what must hold whenever nobody has a lock
 */
#ifndef _FUZZ_IMAGE_H
#define _FUZZ_IMAGE_H

#include <kvm_css/css.h>
#include <kvm_css/subchannel.h>

#include "fuzz_device.h"
#include "fuzz_guest.h"
#include "input.h"

/* How many subchannels there can be */
#define IMAGE_SEATS		2

/**
 * struct fuzz_image - the image
 * @lent: all devices are some that a host lends; set before
 * @guest: the guest
 * @vcpus: a CPU for each context
 * @css: the image
 * @in: the input
 * @file: the backing of FBA DASD, open for the whole run
 * @nest: how many operations another CPU does when @nest_in has counted down
 * @nest_in: counts places where another CPU could do something
 * @nested: how often another CPU has done something
 * @restored: a state has been restored, so counters may have any value
 * @backends: a backend was there, which may have said anything about status
 * @died: the VM's memory has been torn down, once
 */
struct fuzz_image {
	bool lent;
	struct fuzz_guest guest;
	struct guest_vcpu vcpus[SHIM_CONTEXTS];
	struct css css;
	struct fuzz_input *in;
	struct file *file;
	unsigned int nest;
	unsigned int nest_in;
	unsigned int nested;
	bool restored;
	bool backends;
	bool died;
};

/**
 * image_begin() - make an image with a subchannel in each seat
 * @image: the image
 * @in: the input; takes some bytes
 * @during: called where another CPU may do something; may be NULL
 */
void image_begin(struct fuzz_image *image, struct fuzz_input *in,
		 void (*during)(void));

/**
 * image_end() - take the image down, and check what is left
 * @image: the image
 */
void image_end(struct fuzz_image *image);

/**
 * image_sid() - the subsystem-identification word of a seat
 * @seat: the seat
 *
 * Return: the word.
 */
u32 image_sid(u8 seat);

/**
 * image_add() - add a subchannel
 * @image: the image; takes a byte: the device
 * @seat: its seat
 */
void image_add(struct fuzz_image *image, u8 seat);

/**
 * image_remove() - remove a subchannel
 * @image: the image; takes a byte: how
 * @seat: its seat
 */
void image_remove(struct fuzz_image *image, u8 seat);

/**
 * image_check() - check what must hold at any moment
 * @image: the image
 */
void image_check(struct fuzz_image *image);

#endif /* _FUZZ_IMAGE_H */
