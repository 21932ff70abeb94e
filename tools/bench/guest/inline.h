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
 * No other interruption is taken in these programs.  @mask is that of the PSW
 * that this CPU has.
 *
 * With @awake the CPU doesn't wait, but lets others run: of two CPUs that wait,
 * KVM wakes the first one, even if only the other is enabled for the subclass.
 */
static inline void await_on(unsigned int cpu, u64 mask, bool awake)
{
	static struct {
		struct {
			u64 mask;
			u64 addr;
		} wait, go_on;
	} psws[MAX_CPUS] __aligned(8);

	psws[cpu].wait.mask = mask | PSW_IO | (awake ? 0 : PSW_WAIT);
	psws[cpu].go_on.mask = mask;
	asm volatile("	larl	%%r1,0f\n"
		     "	stg	%%r1,8+%[go_on]\n"
		     "	mvc	%[new](16,%%r0),%[go_on]\n"
		     "	larl	%%r1,1f\n"
		     "	stg	%%r1,8+%[wait]\n"
		     "	lpswe	%[wait]\n"
		     "1:	diag	0,0,0x44\n"
		     "	j	1b\n"
		     "0:"
		     : [go_on] "+Q" (psws[cpu].go_on),
		       [wait] "+Q" (psws[cpu].wait)
		     : [new] "i" (LC_IO_NEW_PSW)
		     : "1", "memory", "cc");
}

static inline void await(void)
{
	await_on(0, PSW_64, false);
}

#endif /* GUEST_INLINE_H */
