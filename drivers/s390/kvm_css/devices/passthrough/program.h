/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest's channel program, translated for the host: "A program is translated one
 * to one" in Documentation/passthrough.rst.
 *
 * Who translates a program owns it.  Then the backend does; it changes nothing in
 * it but by host_program_patch().  No function here takes a lock.
 */
#ifndef _KVM_CSS_PASSTHROUGH_PROGRAM_H
#define _KVM_CSS_PASSTHROUGH_PROGRAM_H

#include <linux/types.h>

#include <kvm_css/backend.h>
#include <kvm_css/ccw.h>
#include <kvm_css/guest.h>
#include <kvm_css/host_sch.h>

struct host_program;
struct translation;

/**
 * struct host_program_spare - what is kept from one translation for the next
 * @scratch: what a program is translated with, or NULL
 * @program: a program that has been freed, perhaps with a page of memory, or NULL
 *
 * Most programs are small, and then translating them allocates nothing.  Threads that
 * translate at the same time take the two from each other with xchg().
 */
struct host_program_spare {
	struct translation *scratch;
	struct host_program *program;
};

/**
 * struct host_program_source - what is translated, and how it was started
 * @guest: the VM
 * @spare: of the device, which lives longer than the translation; or NULL
 * @orb: the guest's ORB, with which the program was started
 * @limit: for address-limit checking
 * @ccw: absolute address of the first CCW in guest storage: the ORB's, or where
 *	the program goes on
 * @chained: it goes on there, in a chain of commands, after a suspension
 */
struct host_program_source {
	struct guest *guest;
	struct host_program_spare *spare;
	struct css_orb orb;
	struct chanprog_limit limit;
	u32 ccw;
	bool chained;
};

/* Why there is no translation */
enum host_program_result {
	HOST_PROGRAM_OK,
	/* It can't be executed so.  It ends in unit exception. */
	HOST_PROGRAM_CANNOT,
	/* A signal is pending, or there is no memory now. */
	HOST_PROGRAM_RETRY,
	/* The VM is dying or has become a protected one. */
	HOST_PROGRAM_GONE,
};

/**
 * host_program_new() - translate
 * @source: what; copied
 * @program: with HOST_PROGRAM_OK, the translation
 * @why: with HOST_PROGRAM_CANNOT, what the reason is, for the log
 *
 * Context: the thread of a vCPU, or a worker between guest_hold_mm() and
 * guest_drop_mm(); may sleep; looks for signals.  Time and memory are bounded.
 * Return: HOST_PROGRAM_OK or why there is none.
 */
enum host_program_result host_program_new(const struct host_program_source *source,
					  struct host_program **program,
					  const char **why);

/**
 * host_program_free() - unpin the pages and free a translation
 * @program: a translation, which no device uses, or NULL
 * @stored: the device may have stored into the pages
 *
 * Context: may sleep, but not for a device or a process.
 */
void host_program_free(struct host_program *program, bool stored);

/**
 * host_program_spare_free() - free what was kept
 * @spare: of a device all of whose programs have been freed
 *
 * Context: may sleep.
 */
void host_program_spare_free(struct host_program_spare *spare);

/**
 * host_program_orb() - the ORB with which the host is to start a program
 * @program: a translation whose source isn't @chained
 * @orb: filled in, but for the interruption parameter
 *
 * Context: any.
 */
void host_program_orb(const struct host_program *program, struct css_orb *orb);

/**
 * host_program_patch() - have a suspended program go on in another translation
 * @program: the translation at whose CCW the host's subchannel is suspended
 * @addr: the address of this CCW; absolute address of the host's
 * @next: the translation of what comes, whose source is @chained
 *
 * It stores a TIC, in one piece.
 *
 * Context: any; the subchannel is suspended.
 * Return: whether @addr is that of a CCW of @program.
 */
bool host_program_patch(struct host_program *program, u32 addr,
			const struct host_program *next);

/**
 * struct host_program_place - what a CCW address of the host's stands for
 * @ccw: CCW address for the guest's status: 8 more than where the CCW is
 * @part: the module has suspended the program here: it goes on in a translation of
 *	what is there now
 */
struct host_program_place {
	u32 ccw;
	bool part;
};

/**
 * host_program_place() - translate a CCW address back
 * @program: the translation
 * @addr: CCW address in the status of the host's: 8 more than that of a CCW.  That of
 *	the first CCW is translated, too.
 * @place: filled in
 *
 * Context: any.
 * Return: whether it is one of this translation.
 */
bool host_program_place(const struct host_program *program, u32 addr,
			struct host_program_place *place);

/**
 * host_program_check() - what the guest is told in place of a program check
 * @program: the translation
 * @addr: CCW address in the status of the host's, 8 more than the CCW's
 * @failing: filled in if the result is a channel-data or channel-control check
 *
 * Context: any.
 * Return: CSTAT_PROGRAM_CHECK, CSTAT_PROTECTION_CHECK, CSTAT_CHANNEL_DATA or
 * CSTAT_CHANNEL_CONTROL; 0 if it isn't a check at all, but the device has led to a
 * CCW that was not translated: then the program ends in unit exception.
 */
u8 host_program_check(const struct host_program *program, u32 addr,
		      struct chanprog_failing *failing);

/**
 * host_program_storage() - translate a failing-storage address back
 * @program: the translation
 * @addr: absolute address of the host's
 * @guest: filled in: absolute address in guest storage
 *
 * Context: any.
 * Return: whether it lies in the program's data, CCWs or IDALs.
 */
bool host_program_storage(const struct host_program *program, u64 addr,
			  u64 *guest);

#endif /* _KVM_CSS_PASSTHROUGH_PROGRAM_H */
