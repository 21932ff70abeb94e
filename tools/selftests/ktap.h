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
 * @name: the rule that the test proves
 */
void ktap_begin(const char *name);

/**
 * ktap_fail() - the running test failed
 * @format: the reason, as for printf()
 *
 * A test may fail more than once.  Each call prints a diagnostic line before
 * the test's result.
 */
void __printf(1, 2) ktap_fail(const char *format, ...);

/**
 * ktap_skip() - the running test does not apply
 * @format: the reason, as for printf()
 */
void __printf(1, 2) ktap_skip(const char *format, ...);

/**
 * ktap_note() - print a diagnostic line
 * @format: the line, as for printf()
 */
void __printf(1, 2) ktap_note(const char *format, ...);

/**
 * ktap_end() - the running test has ended; print its result
 */
void ktap_end(void);

/**
 * ktap_check() - fail the running test unless a condition holds
 * @ok: the condition
 * @format: what the test expected or found, as for printf(); printed if @ok is
 * false
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

/**
 * struct ktap_case - a test that runs in the host, not in a guest
 * @name: what it proves
 * @fn: proves it
 * @table: it tries one argument after the other, and all go the same way through
 *	   the module; a kernel that checks itself skips it
 */
struct ktap_case {
	const char *name;
	void (*fn)(void);
	bool table;
};

/**
 * ktap_cases() - run a table of tests; the caller has called ktap_plan()
 * @cases: the table
 * @nr: entries in it
 */
void ktap_cases(const struct ktap_case *cases, unsigned int nr);

#endif /* SELFTESTS_KTAP_H */
