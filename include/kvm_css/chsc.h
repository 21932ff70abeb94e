/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands of CHANNEL SUBSYSTEM CALL.
 */
#ifndef _KVM_CSS_CHSC_H
#define _KVM_CSS_CHSC_H

#include <linux/types.h>

#include <kvm_css/chsc_layout.h>

struct css;

/**
 * chsc_is_ours() - can only the kernel answer this, beside a VMM?
 * @css: the channel-subsystem image
 * @request: the beginning of the request
 *
 * That is a description of channel paths or subchannels, with one of the
 * kernel's among those asked for.
 *
 * Context: any.
 * Return: whether it is.
 */
bool chsc_is_ours(struct css *css, const struct css_chsc_request *request);

/**
 * chsc_answer() - the response of an image that is asked
 * @css: the channel-subsystem image
 * @request: the beginning of the request; its length field has been checked
 * @answer: where to, zeros; its length field says how much of it is stored
 *
 * Changes nothing; see chsc_done() for that.
 *
 * Context: may sleep; takes the locks of subchannels.
 */
void chsc_answer(struct css *css, const struct css_chsc_request *request,
		 struct css_chsc_answer *answer);

/**
 * chsc_done() - the command is being completed: do what it changes
 * @css: the channel-subsystem image
 * @request: the beginning of the request
 *
 * A request that is answered with another code than CHSC_DONE changes nothing.
 * Beside a VMM it is the VMM that completes the command, and the kernel has
 * to know as well.
 *
 * Context: may sleep; takes @css->lock.
 */
void chsc_done(struct css *css, const struct css_chsc_request *request);

#endif /* _KVM_CSS_CHSC_H */
