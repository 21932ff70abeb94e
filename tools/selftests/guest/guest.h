/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest runtime: what guest programs need to test channel I/O.
 *
 * A theme defines its tests in test_groups[].  A test is a function with
 * assertions, and the first one that fails ends it.  C code runs with DAT off
 * and disabled for interruptions.  An interruption is only taken in io_wait()
 * and io_window().
 */
#ifndef GUEST_GUEST_H
#define GUEST_GUEST_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

#include "../cio.h"
#include "../hypercall.h"
#include "lowcore.h"

/* --- tests --- */

struct test {
	const char *name;
	void (*fn)(void);
};

/* The tests of one file */
struct test_group {
	const struct test *tests;
	unsigned int nr;
};

/* The theme defines these: its tests, in order. */
extern const struct test_group *const test_groups[];	/* ends with NULL */
/*
 * Called before and after each test, to bring the devices to rest; may be NULL
 */
extern void (*const test_reset)(void);

/**
 * expect() - what the assertions call
 * @file: __FILE__
 * @line: __LINE__
 * @what: the assertion as text
 * @actual: what was found
 * @expected: what the rule says
 *
 * Ends the running test if the two numbers differ.
 */
void expect(const char *file, int line, const char *what, u64 actual,
	    u64 expected);

#define EXPECT_EQ(actual, expected)					\
	expect(__FILE__, __LINE__, #actual " == " #expected,		\
	       (u64)(actual), (u64)(expected))
#define EXPECT(what)							\
	expect(__FILE__, __LINE__, #what, !!(what), 1)

/**
 * skip() - end the running test as one that does not apply
 * @reason: why
 */
void __noreturn skip(const char *reason);

/**
 * note() - have the VMM print a line
 * @text: the line
 * @a: a number that is printed behind the line
 * @b: a second number
 */
void note(const char *text, u64 a, u64 b);

/**
 * times() - how often to repeat something
 * @many: on any host
 * @few: on a host whose kernel checks itself, where each time takes long
 *
 * Return: @many or @few.
 */
u32 times(u32 many, u32 few);

/* What the VMM has passed to the guest program */
extern u64 guest_argument;

/**
 * hypercall() - ask the VMM for something
 * @request: HC_*
 * @a: first argument
 * @b: second argument
 * @c: third argument
 *
 * Return: the VMM's answer.
 */
#ifdef HC_BY_MAILBOX
u64 hypercall(u64 request, u64 a, u64 b, u64 c);
#else
static inline u64 hypercall(u64 request, u64 a, u64 b, u64 c)
{
	register u64 r2 asm("2") = request;
	register u64 r3 asm("3") = a;
	register u64 r4 asm("4") = b;
	register u64 r5 asm("5") = c;

	asm volatile("diag 2,3,%[code](0)"
		     : "+d" (r2)
		     : "d" (r3), "d" (r4), "d" (r5), [code] "i" (DIAG_VMM)
		     : "memory", "cc");
	return r2;
}
#endif

/* --- one instruction under any PSW --- */

/* How an instruction ended: 0 to 3 are condition codes, others are PGM() */
#define PGM(code)		(0x100 | (code))

#define PSW_PER			0x4000000000000000ul
#define PSW_DAT			0x0400000000000000ul
#define PSW_IO			0x0200000000000000ul
#define PSW_EXT			0x0100000000000000ul
#define PSW_CC(cc)		((u64)(cc) << 44)
#define PSW_KEY(key)		((u64)(key) << 52)
#define PSW_MCK			0x0004000000000000ul
#define PSW_WAIT		0x0002000000000000ul
#define PSW_PROBLEM		0x0001000000000000ul
#define PSW_AS_PRIMARY		0x0000000000000000ul
#define PSW_AS_AR		0x0000400000000000ul
#define PSW_AS_SECONDARY	0x0000800000000000ul
#define PSW_AS_HOME		0x0000c00000000000ul
#define PSW_64			0x0000000180000000ul
#define PSW_31			0x0000000080000000ul

/**
 * struct insn - an instruction, how to execute it, and how it ended
 * @psw_mask: PSW to execute it under
 * @psw_addr: address of the instruction; insn_run() sets it
 * @gprs: general registers before the instruction, and after it unless it ended
 * in a program interruption
 * @ars: access registers
 * @old_mask: mask of the PSW behind the instruction, or of the program old PSW
 * @old_addr: address of the same PSW
 * @ilc: instruction length as the program interruption stored it
 * @code: program-interruption code
 * @teid: translation-exception identification
 * @access_id: exception access identification
 */
struct insn {
	u64 psw_mask;
	u64 psw_addr;
	u64 gprs[16];
	u32 ars[16];
	u64 old_mask;
	u64 old_addr;
	u16 ilc;
	u16 code;
	u64 teid;
	u8  access_id;
};

static_assert(offsetof(struct insn, gprs) == INSN_GPRS, "INSN_GPRS");
static_assert(offsetof(struct insn, ars) == INSN_ARS, "INSN_ARS");
static_assert(offsetof(struct insn, old_mask) == INSN_OLD_PSW, "OLD_PSW");
static_assert(offsetof(struct insn, ilc) == INSN_ILC, "INSN_ILC");
static_assert(offsetof(struct insn, teid) == INSN_TEID, "INSN_TEID");
static_assert(offsetof(struct insn, access_id) == INSN_ACCESS_ID, "ACCESS_ID");

/* Bits of the translation-exception identification */
#define TEID_ADDRESS		0xfffffffffffff000ul
#define TEID_STORE		0x400
#define TEID_FETCH		0x800
#define TEID_FSI		0xc00
#define TEID_ASI		0x003
#define TEID_ASI_PRIMARY	0
#define TEID_ASI_AR		1
#define TEID_ASI_SECONDARY	2
#define TEID_ASI_HOME		3

/**
 * insn_place() - store a four-byte instruction, with an SVC behind it
 * @insn: its psw_addr is set to the instruction
 * @text: the instruction
 */
void insn_place(struct insn *insn, u32 text);

/**
 * insn_forget() - remove what an earlier program interruption has stored
 * @insn: the instruction, about to be executed
 */
void insn_forget(struct insn *insn);

/**
 * insn_run() - execute one four-byte instruction
 * @insn: registers and PSW mask; gets the result
 * @text: the instruction
 *
 * Return: a condition code, or PGM(code).
 */
int insn_run(struct insn *insn, u32 text);

/**
 * insn_run_at() - execute the instruction at psw_addr
 * @insn: registers, PSW mask and psw_addr; takes the result
 *
 * An SVC must stand behind it.
 *
 * Return: a condition code, or PGM(code).
 */
int insn_run_at(struct insn *insn);

/**
 * insn_s() - execute an S-format instruction with the operand in %r2
 * @op: INSN_*
 * @gpr1: general register 1
 * @operand: address of the second operand
 *
 * Return: a condition code, or PGM(code).
 */
int insn_s(u16 op, u64 gpr1, void *operand);

/* insn_run() executes with low-address protection if this is true. */
extern bool insn_low_address_protection;

/*
 * What insn_s() and insn_s_mode() have noted about the last instruction of a
 * CPU
 */
extern struct insn last_insn[MAX_CPUS];

/**
 * insn_s_mode() - the same as insn_s(), with DAT, in problem state and so on
 * @op: INSN_*
 * @gpr1: general register 1
 * @operand: logical address of the second operand
 * @mode: PSW_* bits, which are added to the 64-bit addressing mode
 * @alet: what access register 2 contains
 *
 * Return: a condition code, or PGM(code).
 */
int insn_s_mode(u16 op, u64 gpr1, u64 operand, u64 mode, u32 alet);

/* --- interruptions --- */

struct io_int {
	u32 sid;
	u32 intparm;
	u32 word;
};

#define IO_WORD_ISC(word)	((word) >> 27 & 7)

/**
 * io_mask() - set which interruption subclasses are enabled (control register
 * 6)
 * @isc_mask: bit 0x80 >> isc
 */
void io_mask(u8 isc_mask);

/**
 * io_wait() - wait, enabled, for an I/O interruption
 * @io: what it stored
 * @ms: how long at most
 *
 * Return: false when none came.
 */
bool io_wait(struct io_int *io, unsigned int ms);

/**
 * io_window() - take a pending I/O interruption, without waiting for one
 * @io: what it stored
 *
 * Return: false when none was taken.
 */
bool io_window(struct io_int *io);

/* Machine-check-interruption code: channel report pending */
#define MCIC_CHANNEL_REPORT	0x0040000000000000ul

/**
 * report_mask() - enable machine checks for channel reports (control register 14)
 * @on: true to enable them, false to disable them
 */
void report_mask(bool on);

/**
 * report_wait() - wait, enabled, for a machine check
 * @mcic: its interruption code
 * @ms: how long at most
 *
 * Return: false when none came.
 */
bool report_wait(u64 *mcic, unsigned int ms);

/**
 * report_window() - take a pending machine check, without waiting for one
 * @mcic: its interruption code
 *
 * Return: false when none was taken.
 */
bool report_window(u64 *mcic);

/**
 * cpu_was_reset() - set this CPU up again after it has been reset
 */
void cpu_was_reset(void);

/**
 * cpu_number() - the number of the CPU that executes this
 *
 * Return: 0 or 1.
 */
unsigned int cpu_number(void);

/**
 * cpu_start() - run a function on the other CPU
 * @fn: the function; when it returns, the CPU stops
 * @argument: its argument
 *
 * Return: false when the VM has no second CPU.
 */
bool cpu_start(void (*fn)(u64 argument), u64 argument);

/* --- time --- */

static inline u64 tod(void)
{
	u64 clock;

	asm volatile("stckf %0" : "=Q" (clock) : : "cc");
	return clock;
}

#define TOD_US(us)		((u64)(us) << 12)
#define TOD_MS(ms)		TOD_US((u64)(ms) * 1000)

/* --- storage --- */

#define barrier()		({ asm volatile("" : : : "memory"); })

void *memset(void *dst, int c, size_t n);
void *memcpy(void *dst, const void *src, size_t n);
int memcmp(const void *a, const void *b, size_t n);

#endif /* GUEST_GUEST_H */
