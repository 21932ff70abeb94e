/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Instructions for programs that measure: in line, not behind insn_run(), and an
 * I/O interruption only lets the program go on.
 */
#ifndef GUEST_INLINE_H
#define GUEST_INLINE_H

#include "guest.h"

static inline void stidp_inline(u64 *id)
{
	asm volatile("stidp %0" : "=Q" (*id));
}

static inline int stsch_inline(u32 sid, struct schib *schib)
{
	register u32 r1 asm("1") = sid;
	int cc;

	asm volatile("stsch %[schib]\n"
		     "	ipm %[cc]\n"
		     "	srl %[cc],28"
		     : [cc] "=d" (cc), [schib] "=Q" (*schib)
		     : "d" (r1)
		     : "cc");
	return cc;
}

static inline int ssch_inline(u32 sid, const struct orb *orb)
{
	register u32 r1 asm("1") = sid;
	int cc;

	asm volatile("ssch %[orb]\n"
		     "	ipm %[cc]\n"
		     "	srl %[cc],28"
		     : [cc] "=d" (cc)
		     : "d" (r1), [orb] "Q" (*orb)
		     : "cc", "memory");
	return cc;
}

static inline int tsch_inline(u32 sid, struct irb *irb)
{
	register u32 r1 asm("1") = sid;
	int cc;

	asm volatile("tsch %[irb]\n"
		     "	ipm %[cc]\n"
		     "	srl %[cc],28"
		     : [cc] "=d" (cc), [irb] "=Q" (*irb)
		     : "d" (r1)
		     : "cc");
	return cc;
}

/*
 * Wait, enabled for an I/O interruption, whose new PSW leads behind the wait.
 * No other interruption is taken in this program.
 */
static inline void await(void)
{
	static struct {
		u64 mask;
		u64 addr;
	} wait __aligned(8), go_on __aligned(8);

	wait.mask = PSW_64 | PSW_WAIT | PSW_IO;
	go_on.mask = PSW_64;
	asm volatile("	larl	%%r1,0f\n"
		     "	stg	%%r1,8+%[go_on]\n"
		     "	mvc	%[new](16,%%r0),%[go_on]\n"
		     "	lpswe	%[wait]\n"
		     "0:"
		     : [go_on] "+Q" (go_on)
		     : [wait] "Q" (wait), [new] "i" (LC_IO_NEW_PSW)
		     : "1", "memory", "cc");
}

#endif /* GUEST_INLINE_H */
