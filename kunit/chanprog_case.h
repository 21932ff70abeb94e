/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rows of the tables in chanprog_*_test.c: a channel program, what the
 * device does in it, and how it has to end
 */
#ifndef _KVM_CSS_KUNIT_CHANPROG_CASE_H
#define _KVM_CSS_KUNIT_CHANPROG_CASE_H

#include <kunit/test.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/layout.h>

#include "expect.h"
#include "fake_device.h"
#include "fake_guest.h"
#include "short_names.h"

/* Where things are in guest storage */
#define PROG		0x1000u
#define CCW(n)		(PROG + 8 * (n))
#define DATA		0x4000u
#define DATA2		0x6000u
#define DATA3		0x8000u
#define LIST		0x2000u
/* A second list, because IMAGE_OPERAND is at the address of the first */
#define LIST2		0x3000u

/* A read that comes first, in rows about what comes second, and what each moves */
#define FIRST_READ	{ 0x02, CCW_CC, 8, DATA }
#define FIRST_STEP	STEP_GIVES(0x02, 8)
#define FIRST_DATA	{ DATA, 8, 0 }
#define SECOND_DATA	{ DATA2, 8, 8 }

#define PROGRAM_CHECK	CSTAT_PROGRAM_CHECK

/*
 * The CCW address in the SCSW: "the address of the last-used CCW plus 8",
 * chapter 16, "CCW-Address Field".
 */
#define AFTER(n)	(CCW(n) + 8)

/* A value that the architecture leaves open, which is therefore not checked */
#define ANY		0xffffffffu

#define CASE_CCWS	6
#define CASE_STEPS	4
#define CASE_SPANS	6
#define CASE_WORDS	8
#define CASE_LISTS	2
#define CASE_KEYS	3

/**
 * struct case_ccw - a CCW of the program, as in struct css_ccw1
 * @cmd: command code
 * @flags: CCW_*
 * @count: byte count
 * @cda: data address
 */
struct case_ccw {
	u8  cmd;
	u8  flags;
	u16 count;
	u32 cda;
};

/**
 * struct case_list - a list of IDAWs or MIDAWs
 * @addr: its address
 * @size: size of a word: 4 for format-1 IDAWs, 8 for format 2 and for MIDAWs,
 *	of which each is two words
 * @nr: the number of words
 * @words: the words
 */
struct case_list {
	u32 addr;
	u8  size;
	u8  nr;
	u64 words[CASE_WORDS];
};

#define IDAWS1(addr_, nr_, ...) { (addr_), 4, (nr_), { __VA_ARGS__ } }
#define IDAWS2(addr_, nr_, ...) { (addr_), 8, (nr_), { __VA_ARGS__ } }
#define MIDAWS(addr_, nr_, ...) { (addr_), 8, 2 * (nr_), { __VA_ARGS__ } }
/* The first word of a MIDAW; the second word is the address */
#define MIDAW(flags_, count_) ((u64)(flags_) << 16 | (count_))

/**
 * struct case_key - the storage key of a page
 * @addr: an address in it
 * @key: the key; 0 for no page
 */
struct case_key {
	u32 addr;
	u8  key;
};

/**
 * struct case_span - storage that data came from or went to
 * @addr: absolute address
 * @len: in bytes
 * @from: position of the first byte in what the device gave or took
 * @backward: @addr is the highest address, that of the first byte
 */
struct case_span {
	u32 addr;
	u32 len;
	u32 from;
	bool backward;
};

/**
 * struct case_told - what the guest is told beside the ending
 * @pci: how often it is told a PCI while the program runs
 * @zero_cc: how often it is told initial status while the program runs
 * @last: what is told with the ending: CHANPROG_PCI, CHANPROG_ZERO_CC
 */
struct case_told {
	u8 pci;
	u8 zero_cc;
	u8 last;
};

/**
 * struct case_end - what TEST SUBCHANNEL has to show; ANY is not checked
 * @cpa: CCW address
 * @dstat: device status
 * @cstat: subchannel status
 * @count: residual count
 */
struct case_end {
	u32 cpa;
	u32 dstat;
	u32 cstat;
	u32 count;
};

/**
 * struct chanprog_case - a row of a table
 * @name: the rule it proves
 * @orb: flags of the ORB with its key, but without the CCW format
 * @format0: the CCW-format bit is zero
 * @cpa: channel-program address; 0 for the address of the first CCW
 * @base: address of the CCWs; 0 for PROG
 * @limit: the limit for address-limit checking
 * @hole: there is no storage here
 * @broken: the host can't provide this storage
 * @readonly: the channel subsystem must not store here
 * @keys: storage keys; all other pages have key 0
 * @ccws: the CCWs, which are stored in this order
 * @lists: the lists to which CCWs with IDA and MIDA lead
 * @steps: what the device does
 * @data: where data have gone or come from; nothing else may be stored
 * @end: the ending
 * @told: what the guest is told besides
 */
struct chanprog_case {
	const char *name;
	u32 orb;
	bool format0;
	u32 cpa;
	u32 base;
	struct chanprog_limit limit;
	struct fake_range hole;
	struct fake_range broken;
	struct fake_range readonly;
	struct case_key keys[CASE_KEYS];
	struct case_ccw ccws[CASE_CCWS];
	struct case_list lists[CASE_LISTS];
	struct fake_step steps[CASE_STEPS];
	struct case_span data[CASE_SPANS];
	struct case_end end;
	struct case_told told;
};

/* In which way a program is run; its ending must not depend on that */
enum chanprog_mode {
	MODE_VCPU,	/* begins on the vCPU, goes on where it has to */
	MODE_WORKER,	/* a worker runs all of it */
	MODE_DEFERRED,	/* the device must wait in each command */
	MODE_BYTEWISE,	/* the device moves its data byte by byte */
	MODE_PREFETCH,	/* the ORB allows prefetching, on a worker */
	MODE_PENDING,	/* each command is pending, twice */
	/* The ORB allows prefetching, and */
	MODE_PREFETCH_VCPU,	/* the program begins on the vCPU */
	MODE_PREFETCH_CHUNKS,	/* the device moves its data in chunks */
	MODE_ONE_BY_ONE,	/* each area of data is moved by itself */
	/* As for a device of the host's: a translation is run on a worker, and */
	MODE_TRANSLATED,	/* the ORB doesn't allow prefetching */
	MODE_TRANSLATED_PREFETCH,	/* it does */
	MODES
};

/**
 * struct chanprog_bench - a program with its guest and device
 * @guest: the guest
 * @fake: the device
 * @cp: the channel program
 * @translated: the translation that is run, or NULL
 */
struct chanprog_bench {
	struct guest guest;
	struct fake_device *fake;
	struct chanprog cp;
	struct translated *translated;
};

/**
 * chanprog_bench_create() - make a guest and a device without a program
 * @test: the test case
 *
 * Return: the bench, in memory of the test case.
 */
struct chanprog_bench *chanprog_bench_create(struct kunit *test);

/**
 * chanprog_bench_load() - load a case's program and the device's script
 * @bench: the guest and the device
 * @c: the case
 */
void chanprog_bench_load(struct chanprog_bench *bench,
			 const struct chanprog_case *c);

/**
 * chanprog_bench_of() - make a bench and load a row
 * @test: the test case
 * @c: the row
 *
 * Return: the bench.
 */
struct chanprog_bench *chanprog_bench_of(struct kunit *test,
					 const struct chanprog_case *c);

/**
 * chanprog_put_ccw() - write a CCW into guest storage
 * @guest: the guest
 * @addr: its address
 * @ccw: the CCW
 * @format0: whether it has format 0
 */
void chanprog_put_ccw(struct guest *guest, u32 addr,
		      const struct case_ccw *ccw, bool format0);

/**
 * chanprog_case_end() - run a program to its end
 * @test: the test case
 * @bench: the guest and the device, with the program loaded
 * @may_wait: run the first turn on a worker, too
 * @told: set to what the guest has been told besides
 *
 * Return: the state in which the program is left.
 */
enum chanprog_state chanprog_case_end(struct kunit *test,
				      struct chanprog_bench *bench,
				      bool may_wait, struct case_told *told);

/**
 * chanprog_case_run() - run a case and check everything about it
 * @test: the test case
 * @c: the row
 * @mode: in which way it is run
 */
void chanprog_case_run(struct kunit *test, const struct chanprog_case *c,
		       enum chanprog_mode mode);

/*
 * Test cases for a table of struct chanprog_case; each runs a row in one mode
 */
void chanprog_on_vcpu(struct kunit *test);
void chanprog_on_worker(struct kunit *test);
void chanprog_deferred(struct kunit *test);
void chanprog_bytewise(struct kunit *test);
void chanprog_prefetched(struct kunit *test);
void chanprog_completed(struct kunit *test);
void chanprog_translated(struct kunit *test);

#endif /* _KVM_CSS_KUNIT_CHANPROG_CASE_H */
