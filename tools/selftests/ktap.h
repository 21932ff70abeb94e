/* SPDX-License-Identifier: GPL-2.0 */
/* Test results as KTAP on standard output */
#ifndef SELFTESTS_KTAP_H
#define SELFTESTS_KTAP_H

#include <stdbool.h>

#include "compiler.h"

/**
 * ktap_plan() - version and plan line
 * @nr: number of tests
 */
void ktap_plan(unsigned int nr);

/**
 * ktap_begin() - a test begins
 * @name: the rule it proves
 */
void ktap_begin(const char *name);

/**
 * ktap_fail() - the running test failed
 * @format: why, as printf()
 *
 * May come more than once; each is a diagnostic line before the result.
 */
void __printf(1, 2) ktap_fail(const char *format, ...);

/**
 * ktap_skip() - the running test does not apply
 * @format: why, as printf()
 */
void __printf(1, 2) ktap_skip(const char *format, ...);

/**
 * ktap_note() - a diagnostic line
 * @format: as printf()
 */
void __printf(1, 2) ktap_note(const char *format, ...);

/**
 * ktap_end() - the running test ended; prints its result
 */
void ktap_end(void);

/**
 * ktap_check() - fail the running test unless a condition holds
 * @ok: the condition
 * @format: what it was, as printf()
 *
 * Return: @ok.
 */
bool __printf(2, 3) ktap_check(bool ok, const char *format, ...);

/**
 * ktap_status() - exit status of the program
 *
 * Return: 0 when as many tests ran as were planned and none failed.
 */
int ktap_status(void);

/* A table of tests that run in the host */
struct ktap_case {
	const char *name;
	void (*fn)(void);
};

/**
 * ktap_cases() - run a table of tests; ktap_plan() has come before
 * @cases: the table
 * @nr: entries in it
 */
void ktap_cases(const struct ktap_case *cases, unsigned int nr);

#endif /* SELFTESTS_KTAP_H */
