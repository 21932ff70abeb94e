/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest's channel program that is translated, and executed by the interpreter as the
 * host's channel subsystem would: in the storage of the host, see
 * fake_host_memory.h.  It stands for what the backend does.  KUnit and the fuzzers
 * compare it with the same program in the storage of the guest.
 */
#ifndef _KVM_CSS_KUNIT_TRANSLATED_H
#define _KVM_CSS_KUNIT_TRANSLATED_H

#include <kvm_css/chanprog.h>

#include "devices/passthrough/program.h"

#include "fake_guest.h"

/**
 * struct translated - a program that is executed so
 * @spare: kept for the next one, or NULL; set by the caller, who frees it
 * @source: the program
 * @host: the host
 * @program: the translation, or the last part of it
 * @old: the one before it, which isn't used any more when @program is
 * @parts: how many translations there have been
 * @result: why there is no translation, or no other part
 * @why: with HOST_PROGRAM_CANNOT
 * @ending: how it has ended or where it is, for the guest
 * @failing: for the guest
 */
struct translated {
	struct host_program_spare *spare;
	struct host_program_source source;
	struct guest host;
	struct host_program *program;
	struct host_program *old;
	unsigned int parts;
	enum host_program_result result;
	const char *why;
	struct chanprog_ending ending;
	struct chanprog_failing failing;
};

/**
 * translated_begin() - translate a program and prepare to run it
 * @t: filled in, but for &translated.spare
 * @cp: has &chanprog.guest and &chanprog.dev; prepared for chanprog_run()
 * @orb: the guest's ORB
 * @limit: for address-limit checking
 *
 * Return: whether there is a translation; otherwise see @t->result.
 */
bool translated_begin(struct translated *t, struct chanprog *cp,
		      const struct css_orb *orb,
		      const struct chanprog_limit *limit);

/**
 * translated_goes_on() - let a program that is suspended between parts go on
 * @t: the program
 * @cp: after CHANPROG_SUSPENDED
 *
 * Return: whether it goes on.  If not, the guest has suspended it, or @t->result isn't
 * HOST_PROGRAM_OK any more.
 */
bool translated_goes_on(struct translated *t, struct chanprog *cp);

/**
 * translated_resume() - RESUME SUBCHANNEL
 * @t: the program
 * @cp: after CHANPROG_SUSPENDED
 *
 * Return: whether there is a translation of what comes.
 */
bool translated_resume(struct translated *t, struct chanprog *cp);

/**
 * translated_end() - say how it has ended, and free everything
 * @t: the program; @t->ending and @t->failing are filled in.  If a device has led it
 *	to a CCW that was not translated, @t->result is HOST_PROGRAM_CANNOT.
 * @cp: after CHANPROG_ENDED, CHANPROG_SUSPENDED or CHANPROG_STOPPED
 * @state: which
 */
void translated_end(struct translated *t, struct chanprog *cp,
		    enum chanprog_state state);

#endif /* _KVM_CSS_KUNIT_TRANSLATED_H */
