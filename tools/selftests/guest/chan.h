/* SPDX-License-Identifier: GPL-2.0 */
/* Subchannel operations for guest programs */
#ifndef GUEST_CHAN_H
#define GUEST_CHAN_H

#include "guest.h"

/* The instructions in plain form; they return the ending as insn_s() does. */
static inline int stsch(u32 sid, struct schib *schib)
{
	return insn_s(INSN_STSCH, sid, schib);
}

static inline int msch(u32 sid, const struct schib *schib)
{
	return insn_s(INSN_MSCH, sid, (void *)schib);
}

static inline int ssch(u32 sid, const struct orb *orb)
{
	return insn_s(INSN_SSCH, sid, (void *)orb);
}

static inline int tsch(u32 sid, struct irb *irb)
{
	return insn_s(INSN_TSCH, sid, irb);
}

static inline int csch(u32 sid)
{
	return insn_s(INSN_CSCH, sid, NULL);
}

static inline int hsch(u32 sid)
{
	return insn_s(INSN_HSCH, sid, NULL);
}

static inline int rsch(u32 sid)
{
	return insn_s(INSN_RSCH, sid, NULL);
}

static inline int xsch(u32 sid)
{
	return insn_s(INSN_XSCH, sid, NULL);
}

static inline int stcrw(u32 *word)
{
	return insn_s(INSN_STCRW, 0, word);
}

/* CHSC has format RRE; general register 2 has the address of its block. */
static inline int chsc(void *block)
{
	struct insn insn = { .psw_mask = PSW_64, .gprs[2] = (u64)block };

	return insn_run(&insn, (u32)INSN_CHSC << 16 | 0x20);
}

static inline int tpi(struct io_int *io)
{
	return insn_s(INSN_TPI, 0, io);
}

/**
 * chan_enable() - enable a subchannel by MODIFY SUBCHANNEL
 * @sid: the subchannel
 * @isc: its interruption subclass
 * @intparm: interruption parameter of the PMCW
 *
 * Asserts that MSCH works.
 */
void chan_enable(u32 sid, unsigned int isc, u32 intparm);

/**
 * chan_disable() - bring a subchannel to rest and disable it
 * @sid: the subchannel
 *
 * Waits for a running start function, and clears pending status.  Asserts that
 * it works.
 */
void chan_disable(u32 sid);

/**
 * chan_clear() - bring a subchannel to rest by CLEAR SUBCHANNEL
 * @sid: the subchannel, enabled or not
 *
 * Afterwards it is disabled, as MODIFY SUBCHANNEL with zeros leaves it.  No
 * interruption of it is pending.  Asserts.
 */
void chan_clear(u32 sid);

/**
 * chan_control() - read function, activity and status control
 * @sid: the subchannel
 *
 * Asserts that STORE SUBCHANNEL works.
 * Return: these three controls, see SCSW_CONTROL.
 */
u32 chan_control(u32 sid);

/**
 * chan_until_pending() - wait until status is pending, take no interruption
 * @sid: the subchannel
 *
 * Asserts that this takes no longer than 20 s.
 */
void chan_until_pending(u32 sid);

/**
 * chan_enable_mss() - enable multiple subchannel sets by CHSC
 *
 * Return: the response code; 0 if the instruction itself failed.
 */
u16 chan_enable_mss(void);

/**
 * chan_quiet() - assert that no I/O interruption is pending or comes
 *
 * Enables all subclasses, and waits 50 ms.
 */
void chan_quiet(void);

/**
 * chan_orb() - make the usual ORB
 * @orb: filled in
 * @program: first CCW
 *
 * It has format-1 CCWs, all paths and the interruption parameter CHAN_INTPARM.
 */
void chan_orb(struct orb *orb, const struct ccw1 *program);

#define CHAN_INTPARM		0x1badcafe

/**
 * chan_start() - start a program with the usual ORB, asserting cc 0
 * @sid: the subchannel
 * @program: first CCW
 */
void chan_start(u32 sid, const struct ccw1 *program);

/**
 * chan_finish() - wait until the start function ends with an interruption
 * @sid: the subchannel
 * @irb: what TEST SUBCHANNEL stores
 *
 * Asserts that an interruption for it comes within 20 s and that the status is
 * pending with primary status and no deferred condition code.
 */
void chan_finish(u32 sid, struct irb *irb);

/**
 * chan_run() - chan_start() and chan_finish()
 * @sid: the subchannel
 * @program: first CCW
 * @irb: what TEST SUBCHANNEL stores
 */
void chan_run(u32 sid, const struct ccw1 *program, struct irb *irb);

/**
 * chan_ok() - run a program and assert that it ends well
 * @sid: the subchannel
 * @program: first CCW
 *
 * Device status is channel end and device end, subchannel status zero.
 */
void chan_ok(u32 sid, const struct ccw1 *program);

#define CCW(c, f, n, a)							\
	((struct ccw1){ .cmd = (c), .flags = (f), .count = (n),		\
			.cda = (u32)(u64)(a) })

#endif /* GUEST_CHAN_H */
