/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A channel program, what the device does in it, and how it has to end: the
 * rows of the tables in chanprog_test.c and chanprog_check_test.c.
 */
#ifndef _KVM_CSS_KUNIT_CHANPROG_CASE_H
#define _KVM_CSS_KUNIT_CHANPROG_CASE_H

#include <kunit/test.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/layout.h>

#include "fake_device.h"
#include "fake_guest.h"

/* Where things are in guest storage */
#define PROG		0x1000u
#define CCW(n)		(PROG + 8 * (n))
#define DATA		0x4000u
#define DATA2		0x6000u
#define DATA3		0x8000u

/*
 * The CCW address in the SCSW: "the address of the last-used CCW plus 8",
 * chapter 16, "CCW-Address Field".
 */
#define AFTER(n)	(CCW(n) + 8)

#define CE_DE		(DSTAT_CHANNEL_END | DSTAT_DEVICE_END)

/* What the architecture leaves open is not checked. */
#define ANY		0xffffffffu

#define CASE_CCWS	6
#define CASE_STEPS	4
#define CASE_SPANS	6

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
 * struct case_span - storage that data came from or went to
 * @addr: absolute address
 * @len: in bytes
 * @from: position of the first byte in what the device gave or took
 */
struct case_span {
	u32 addr;
	u32 len;
	u32 from;
};

/**
 * struct case_end - what TEST SUBCHANNEL has to show; ANY for not checked
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
 * struct chanprog_case - a row
 * @name: the rule it proves
 * @orb: flags of the ORB, beside @format0
 * @format0: the CCW-format bit is zero
 * @cpa: channel-program address; 0 for that of the first CCW
 * @base: where the CCWs are; 0 for PROG
 * @limit: for address-limit checking
 * @hole: there is no storage here
 * @broken: the host can't provide this storage
 * @readonly: the channel subsystem must not store here
 * @ccws: the CCWs, one behind the other
 * @steps: what the device does
 * @data: where data has gone or come from; nothing else is stored
 * @end: the ending
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
	struct case_ccw ccws[CASE_CCWS];
	struct fake_step steps[CASE_STEPS];
	struct case_span data[CASE_SPANS];
	struct case_end end;
};

/* How the same program is run; the ending must not depend on it. */
enum chanprog_mode {
	MODE_VCPU,	/* begins on the vCPU, goes on as it has to */
	MODE_WORKER,	/* all on a worker */
	MODE_DEFERRED,	/* the device can do nothing on a vCPU */
	MODE_BYTEWISE,	/* the device moves its data byte by byte */
};

/**
 * struct chanprog_bench - a program with its guest and device
 * @guest: the guest
 * @fake: the device
 * @cp: the channel program
 */
struct chanprog_bench {
	struct css_guest guest;
	struct fake_device *fake;
	struct chanprog cp;
};

/**
 * chanprog_bench_create() - a guest and a device without a program
 * @test: the test case
 *
 * Return: what was made, in the memory of the test case.
 */
struct chanprog_bench *chanprog_bench_create(struct kunit *test);

/**
 * chanprog_bench_load() - put a case's program and script where they belong
 * @bench: the guest and the device
 * @c: the case
 */
void chanprog_bench_load(struct chanprog_bench *bench,
			 const struct chanprog_case *c);

/**
 * chanprog_case_run() - run a case and check all that came out of it
 * @test: the test case
 * @c: the row
 * @mode: how it is run
 */
void chanprog_case_run(struct kunit *test, const struct chanprog_case *c,
		       enum chanprog_mode mode);

#endif /* _KVM_CSS_KUNIT_CHANPROG_CASE_H */
