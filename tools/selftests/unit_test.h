/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A test control unit in a process: the commands in Documentation/devices.rst that
 * end at once
 */
#ifndef SELFTESTS_UNIT_TEST_H
#define SELFTESTS_UNIT_TEST_H

#include "unit_calls.h"

/**
 * struct unit_test - a test control unit; all zeros at the start
 * @storage: its storage
 * @position: where READ and WRITE go on
 */
struct unit_test {
	u8 storage[TEST_SIZE];
	u32 position;
};

/**
 * unit_test_execute() - execute the command that was fetched
 * @test: the device
 * @unit: its unit
 * @provided: how many bytes all CCWs of the command provide, which a real device
 *	doesn't know
 *
 * Return: the answer.
 */
struct kvm_css_answer unit_test_execute(struct unit_test *test,
					const struct unit *unit, u32 provided);

#endif /* SELFTESTS_UNIT_TEST_H */
