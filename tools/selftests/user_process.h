/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The processes of the theme "user": each serves a device whose commands
 * guest/user.h describes.  They are children of one that was forked before there was a
 * VM, so that they have nothing of it but the unit, which is passed to them; and they
 * run as nobody.
 */
#ifndef SELFTESTS_USER_PROCESS_H
#define SELFTESTS_USER_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "cio.h"

/**
 * struct user_shared - what a process and the VMM tell each other, in shared memory
 * @asked: the VMM has asked for so many things; SIGUSR1 has the process look
 * @done: the process has done so many
 * @what: what it is to do: USER_CALL_*
 * @argument: with which argument
 * @result: errno of the call that it has made for that
 * @commands: how many commands it has got
 * @events: KVM_CSS_EVENT_* that it has been told of
 * @stale: how many of its answers were too late
 * @dead: its unit has ended
 * @wrong: what it has found that must not be, or NULL (the addresses are the same)
 */
struct user_shared {
	volatile u32 asked;
	volatile u32 done;
	volatile u32 what;
	volatile u32 argument;
	volatile u32 result;
	volatile u32 commands;
	volatile u32 events;
	volatile u32 stale;
	volatile u32 dead;
	const char *volatile wrong;
};

extern struct user_shared *user_shared;

/**
 * user_process_init() - fork the parent of all processes
 */
void user_process_init(void);

/**
 * user_process_create() - make a process that serves a unit
 * @unit: the unit's descriptor, which the caller closes
 * @hostile: it does what it likes
 *
 * Return: its number.
 */
pid_t user_process_create(int unit, bool hostile);

#endif /* SELFTESTS_USER_PROCESS_H */
