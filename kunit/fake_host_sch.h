/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A subchannel of the host's for a test case.  It executes no program, unless it is told to
 * (fake_host_run.h).  The test case says how instructions end and which status there is.
 */
#ifndef _KVM_CSS_KUNIT_FAKE_HOST_SCH_H
#define _KVM_CSS_KUNIT_FAKE_HOST_SCH_H

#include <kunit/test.h>
#include <linux/hrtimer.h>
#include <linux/spinlock.h>

#include <kvm_css/host_sch.h>

#define FAKE_HOST_PATH	0x80
#define FAKE_HOST_IRBS	8
#define FAKE_HOST_PROGRAMS 16

struct fake_host_run;

/* The instructions of which the test case decides the condition code */
enum fake_host_insn {
	HOST_SSCH,
	HOST_RSCH,
	HOST_HSCH,
	HOST_CSCH,
	HOST_XSCH,
	HOST_MSCH,
	HOST_STSCH,
	HOST_INSNS
};

/**
 * struct host_sch - the subchannel
 * @test: the test case
 * @lock: what host_sch_lock() takes
 * @client: who is told
 * @identity: the device
 * @answers: how each instruction ends
 * @asked: how often each was executed
 * @late: word 0 of the SCSW of status that is there when an instruction ends with
 *	condition code 1, as long as it is
 * @once: the next condition code 1 is the last
 * @obliging: a function ends soon by itself, in an interrupt; only available paths
 *	lead to the device
 * @silent: CLEAR SUBCHANNEL doesn't end, even so
 * @timer: for @obliging
 * @ends: the function that ends then
 * @schib: what STORE SUBCHANNEL stores
 * @irbs: status that is there without an interruption
 * @nr_irbs: how much
 * @orb: the last ORB
 * @modes: what was modified last
 * @own: the memory for the module's own programs
 * @programs: the commands of these programs that were started while @obliging
 * @operands: the first byte of the data of each
 * @paths: over which path each was started
 * @nr_programs: how many
 * @snid: the first byte of a path-group ID that it gives
 * @run: executes the programs that are started while it isn't @obliging; or NULL
 * @taken: it is lent
 * @backs: how often it was given back
 * @given_up: how often the host was to take it away
 */
struct host_sch {
	struct kunit *test;
	spinlock_t lock;	/* protects what follows */
	struct host_sch_client *client;
	struct host_sch_identity identity;

	ioinst_ending_t answers[HOST_INSNS];
	unsigned int asked[HOST_INSNS];
	u32 late;
	bool once;
	bool obliging;
	bool silent;
	struct hrtimer timer;
	u32 ends;
	struct css_schib schib;
	struct css_irb irbs[FAKE_HOST_IRBS];
	unsigned int nr_irbs;
	struct css_orb orb;
	struct host_sch_modes modes;
	const struct host_memory *own;
	u8 programs[FAKE_HOST_PROGRAMS];
	u8 operands[FAKE_HOST_PROGRAMS];
	u8 paths[FAKE_HOST_PROGRAMS];
	unsigned int nr_programs;
	u8 snid;
	struct fake_host_run *run;
	bool taken;
	unsigned int backs;
	unsigned int given_up;
};

/**
 * fake_host_sch_init() - make the subchannel that host_sch_take() gives
 * @test: the test case
 *
 * Return: the subchannel.
 */
struct host_sch *fake_host_sch_init(struct kunit *test);

/**
 * fake_host_make() - make status
 * @irb: filled in
 * @flags: word 0 of the SCSW
 * @dstat: device status
 * @cpa: CCW address
 */
void fake_host_make(struct css_irb *irb, u32 flags, u8 dstat, u32 cpa);

/**
 * fake_host_interrupt() - status becomes pending, with an interruption
 * @host: the subchannel
 * @irb: the status
 */
void fake_host_interrupt(struct host_sch *host, const struct css_irb *irb);

/**
 * fake_host_gives() - status becomes pending, without an interruption
 * @host: the subchannel
 * @irb: the status
 */
void fake_host_gives(struct host_sch *host, const struct css_irb *irb);

/**
 * fake_host_paths() - the path masks change
 * @host: the subchannel
 * @pam: path-available mask from now on
 * @pom: path-operational mask from now on
 */
void fake_host_paths(struct host_sch *host, u8 pam, u8 pom);

/**
 * fake_host_initialized() - the channel subsystem initializes the subchannel by itself
 * @host: the subchannel
 */
void fake_host_initialized(struct host_sch *host);

/**
 * fake_host_goes() - the host takes the device away
 * @host: the subchannel
 * @quiet: no function is in progress any more
 */
void fake_host_goes(struct host_sch *host, bool quiet);

#endif /* _KVM_CSS_KUNIT_FAKE_HOST_SCH_H */
