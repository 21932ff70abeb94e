/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A control unit of the module's, with a guest that runs channel programs on
 * it, for the suites of devices
 */
#ifndef _KVM_CSS_KUNIT_DEVICE_BENCH_H
#define _KVM_CSS_KUNIT_DEVICE_BENCH_H

#include <kunit/test.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/layout.h>

#include "fake_guest.h"

/* Where things are in guest storage */
#define BENCH_PROG	0x1000u
#define BENCH_PARAM(n)	(0x2000u + 0x20 * (n))
#define BENCH_DATA	0x4000u
#define BENCH_CCWS	140

#define BENCH_NORMAL	(DSTAT_CHANNEL_END | DSTAT_DEVICE_END)
#define BENCH_CHECKED	(BENCH_NORMAL | DSTAT_UNIT_CHECK)

/**
 * struct device_bench - the control unit and its guest
 * @test: the test case
 * @guest: the guest
 * @dev: the control unit
 * @cp: the running channel program, or the last one
 * @ccws: the channel program that is being made
 * @nr_ccws: how many CCWs it has
 * @on_vcpu: programs begin on a vCPU
 * @prefetch: its ORB allows prefetching
 * @by_page: no access to data is longer than a page
 * @deferred: a worker had to take over the program
 */
struct device_bench {
	struct kunit *test;
	struct guest guest;
	struct css_device *dev;
	struct chanprog cp;
	struct css_ccw1 ccws[BENCH_CCWS];
	unsigned int nr_ccws;
	bool on_vcpu;
	bool prefetch;
	bool by_page;
	bool deferred;
};

/**
 * device_bench_create() - make a guest for a control unit
 * @test: the test case, which releases the control unit when it is over
 * @dev: the control unit, or the error of its creation
 *
 * Return: the bench.
 */
struct device_bench *device_bench_create(struct kunit *test,
					 struct css_device *dev);

/**
 * device_bench_use() - let the guest have another control unit
 * @bench: the bench
 * @dev: the control unit, which the caller releases
 */
void device_bench_use(struct device_bench *bench, struct css_device *dev);

/**
 * device_ccw() - add a CCW to the channel program
 * @bench: the bench
 * @cmd: command code
 * @flags: CCW_*; chaining to the next CCW is added where there is one
 * @count: byte count
 * @cda: data address
 */
void device_ccw(struct device_bench *bench, u8 cmd, u8 flags, u16 count,
		u32 cda);

/**
 * device_ccw_param() - add a CCW whose data are parameters
 * @bench: the bench
 * @cmd: command code
 * @flags: as device_ccw()
 * @param: the parameters, at most 32 bytes
 * @len: their length, which is the byte count
 */
void device_ccw_param(struct device_bench *bench, u8 cmd, u8 flags,
		      const void *param, u16 len);

/**
 * device_begin() - load the channel program that has been made
 * @bench: the bench
 *
 * The next device_ccw() begins another program.
 */
void device_begin(struct device_bench *bench);

/**
 * device_run() - load the program by device_begin() and run it to its end
 * @bench: the bench
 *
 * Return: the ending.
 */
const struct chanprog_ending *device_run(struct device_bench *bench);

/**
 * device_turn() - run the program that device_begin() has loaded
 * @bench: the bench
 * @turn: who runs it first
 *
 * When a command is pending, this waits until it can go on, and goes on as a
 * worker.
 *
 * Return: what has become of the program; never CHANPROG_PENDING.
 */
enum chanprog_state device_turn(struct device_bench *bench,
				enum chanprog_turn turn);

/**
 * device_wait_completed() - wait until the control unit has called cu_completed()
 * @bench: the bench, after CHANPROG_PENDING
 */
void device_wait_completed(struct device_bench *bench);

/**
 * device_suspend_and_reset() - run a program to its last CCW, and reset the device
 * @bench: the bench; the last CCW has the suspend flag
 *
 * After that nothing keeps the last CCW from being executed.
 */
void device_suspend_and_reset(struct device_bench *bench);

/**
 * device_expect() - run the program by device_run() and check its ending
 * @bench: the bench
 * @nr: number of the last CCW executed, counted from zero
 * @dstat: device status
 * @cstat: subchannel status
 * @count: residual count
 */
void device_expect(struct device_bench *bench, unsigned int nr, u8 dstat,
		   u8 cstat, u16 count);

/**
 * device_expect_normal() - run the program and expect the normal ending
 * @bench: the bench
 */
void device_expect_normal(struct device_bench *bench);

/**
 * device_expect_sense() - fetch the sense bytes and check them
 * @bench: the bench
 * @sense0: sense byte 0
 * @sense1: sense byte 1
 * @sense7: sense byte 7; all others must be zeros
 */
void device_expect_sense(struct device_bench *bench, u8 sense0, u8 sense1,
			 u8 sense7);

/**
 * device_expect_storage() - check what is in guest storage
 * @bench: the bench
 * @addr: absolute address
 * @data: what has to be there
 * @len: in bytes
 */
void device_expect_storage(struct device_bench *bench, u32 addr,
			   const void *data, u32 len);

/**
 * device_expect_untouched() - expect storage to be as fake_guest_init() left it
 * @bench: the bench
 * @addr: absolute address
 * @len: in bytes
 */
void device_expect_untouched(struct device_bench *bench, u32 addr, u32 len);

#endif /* _KVM_CSS_KUNIT_DEVICE_BENCH_H */
