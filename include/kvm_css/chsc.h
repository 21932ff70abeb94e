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
 * chsc_is_ours() - does the kernel answer this request, although there is a
 * VMM?
 * @css: the channel-subsystem image, which is not alone
 * @request: the beginning of the request
 *
 * The kernel answers a request for a description of channel paths or
 * subchannels, if at least one of them is the kernel's.  The VMM doesn't know
 * that one.  All other requests are the VMM's.
 *
 * Context: any.
 * Return: whether it is.
 */
bool chsc_is_ours(struct css *css, const struct css_chsc_request *request);

/**
 * chsc_answer() - make the response to a request
 * @css: the channel-subsystem image
 * @request: the beginning of the request; its length field has been checked
 * @answer: where to; zeros before.  Afterwards its length field says how much
 *	of it is to be stored
 *
 * Nothing but @answer is changed.  If the request is to change the image, that
 * is left to chsc_done().
 *
 * Context: may sleep; takes the locks of subchannels.
 */
void chsc_answer(struct css *css, const struct css_chsc_request *request,
		 struct css_chsc_answer *answer);

/**
 * chsc_done() - make the change of the image that a request asks for
 * @css: the channel-subsystem image
 * @request: the beginning of the request
 *
 * Called when the kernel has stored the response, or when it leaves the request
 * to the VMM: then the kernel's image has to change as the VMM's does.  If the
 * request asks for no change, or if the kernel would give it another response
 * code than CHSC_DONE, nothing changes.
 *
 * Context: may sleep; takes @css->lock.
 */
void chsc_done(struct css *css, const struct css_chsc_request *request);

#endif /* _KVM_CSS_CHSC_H */
