/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of libcss-user share */
#ifndef CSS_USER_TEST_H
#define CSS_USER_TEST_H

#include "css_user.h"
#include "fake_unit.h"
#include "ktap.h"

#define TEST_AREA		8192

/**
 * struct tester - a device that does what a test says
 * @unit: its unit
 * @answer: what it answers to the next command
 * @commands: the commands that it got, since tester_open()
 * @nr: how many these are
 * @told: a letter for each operation that was called: b for begin, c for command,
 *	h for halted, p for presented, r for reset, s for stop, x for cleared
 * @hook: called by every operation, with its letter, when it is noted
 */
struct tester {
	struct css_unit *unit;
	struct css_answer answer;
	struct css_command commands[FAKE_LOG];
	unsigned int nr;
	char told[64];
	void (*hook)(char operation);
};

extern struct tester tester;

/* Make the fake unit and a unit of the library; both are forgotten at first. */
void tester_open(void);
/* The same, but nothing has been done with it yet */
void tester_open_fresh(void);
/* As tester_open(), with a kernel whose ABI has this version */
void tester_open_old(uint32_t version);
void tester_close(void);
/* Forget which operations were called, and what the fake has counted. */
void tester_forget(void);

/* The operations that were called since tester_forget() */
void expect_told(const char *expected);
void expect_rc(const char *call, int rc, int expected);
/* The accepted answer of that number, counted from tester_forget() */
void expect_answer(unsigned int nr, uint64_t seq, uint8_t status,
		   uint32_t count, uint8_t sense);
void expect_answers(unsigned int nr);

extern const struct ktap_case exchange_cases[], chain_cases[], later_cases[],
	status_cases[], passing_cases[];
extern const unsigned int exchange_nr, chain_nr, later_nr, status_nr, passing_nr;

#endif /* CSS_USER_TEST_H */
