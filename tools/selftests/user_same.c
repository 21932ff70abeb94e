// SPDX-License-Identifier: GPL-2.0
/*
 * The same programs on a test control unit, and on a device in this process that
 * executes the test control unit's commands: they must end in the same way, and
 * leave the same in guest storage.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host.h"
#include "unit_test.h"
#include "user.h"

#define COMMANDS	5
#define CCWS_EACH	3
#define PROGRAMS	(checks_itself() ? 40 : 400)
#define NOWHERE		0x7f000000u
#define LISTS		(USER_CCWS + 0x8000)
#define PAGE		4096u
/* Guest storage that the programs use, and parameters of END WITH STATUS behind it */
#define PAGES		16u
#define STATUSES	(USER_DATA + (PAGES + 1) * PAGE)

/* The device, and how many commands of the program it has executed, in how many calls */
static struct unit_test device;
static u32 executed, calls;

/* The program of this turn */
static struct {
	u32 nr;			/* CCWs */
	u32 commands;
	u32 provided[COMMANDS];	/* bytes of all CCWs of each command */
	u32 orb;
	bool chains;		/* the process takes what is chained */
	u32 random;
} program;

static u32 below(u32 n)
{
	program.random ^= program.random << 13;
	program.random ^= program.random >> 17;
	program.random ^= program.random << 5;
	return (program.random >> 4) % n;
}

static bool one_in(u32 n)
{
	return !below(n);
}

/* Execute a command and what is chained to it, as far as the program goes on. */
static struct kvm_css_answer execute(void)
{
	struct kvm_css_command *command = &user_unit.command;
	struct kvm_css_answer answer;
	u32 nr;

	calls++;
	for (nr = 0;; nr++) {
		answer = unit_test_execute(&device, &user_unit,
					   program.provided[executed++ %
							    COMMANDS]);
		if (nr == user_unit.nr_next || !unit_goes_on(command, &answer))
			break;
		user_unit.done[nr].count = answer.count;
		user_unit.done[nr].flags = answer.flags;
		*command = user_unit.next[nr];
	}
	user_unit.nr_done = nr;
	return answer;
}

/* Execute commands until the program has ended. */
static bool serve(void)
{
	const u32 flags = program.chains ? KVM_CSS_EXCHANGE_CHAIN : 0;
	double until = now() + USER_SOON_MS / 1000;
	struct kvm_css_answer answer;

	while (!(user_control() & SCSW_SC_PRIMARY)) {
		if (!ktap_check(now() < until, "the program doesn't end"))
			return false;
		if (!(unit_poll(user_unit.fd, 1) & POLLIN))
			continue;
		if (!user_is(unit_exchange(&user_unit, flags, NULL), 0,
			     "EXCHANGE") || !user_unit.command.seq)
			continue;
		answer = execute();
		if (!user_is(unit_exchange(&user_unit,
					   KVM_CSS_EXCHANGE_ONLY_ANSWER,
					   &answer), 0, "an answer"))
			return false;
	}
	return true;
}

/* --- random programs --- */

static u32 any_address(u8 cmd)
{
	if (one_in(40))
		return NOWHERE;
	if (cmd == TEST_END_STATUS)
		return STATUSES + 4 * below(PAGE / 4);
	return USER_DATA + below(PAGES - 2) * PAGE + below(PAGE);
}

static u16 any_count(u8 cmd)
{
	static const u16 counts[] = { 1, 2, 3, 4, 5, 8, 64, 511, 512, 2048, 3000 };

	if ((cmd == TEST_SEEK || cmd == TEST_END_STATUS) && !one_in(4))
		return cmd == TEST_SEEK ? 4 : 2;
	return counts[below(ARRAY_SIZE(counts))];
}

/* Return: the address of a list of IDAWs, for forward or backward. */
static u32 any_list(u32 nr, u8 cmd, u16 count)
{
	u32 at = LISTS + nr * 256, i;
	bool backward = cmd == TEST_READ_BACKWARD;
	u32 *idaws = user_at(at);

	for (i = 0; i < 2u + count / 2048; i++) {
		idaws[i] = USER_DATA + below(PAGES - 1) * PAGE +
			   (backward ? 2047 : 0);
		if (one_in(60))
			idaws[i] += 3;
	}
	return at;
}

/* Put the next CCW of a command; the first one has its code. */
static void any_ccw(u8 cmd, bool first, u8 flags)
{
	u16 count = any_count(cmd);
	u32 nr = program.nr++, addr;

	if (one_in(2))
		flags |= CCW_SLI;
	if (one_in(8))
		flags |= CCW_PCI;
	if (one_in(10))
		flags |= CCW_SKIP;
	if (one_in(5) && !(flags & CCW_SKIP) && cmd != TEST_END_STATUS) {
		flags |= CCW_IDA;
		addr = any_list(nr, cmd, count);
	} else {
		addr = any_address(cmd);
	}
	user_ccw(nr, first ? cmd : 0, flags, count, addr);
	program.provided[program.commands] += count;
}

static void any_command(u8 cmd, bool last)
{
	u32 ccws = one_in(3) ? 1 + below(CCWS_EACH) : 1, i;

	for (i = 1; i <= ccws; i++)
		any_ccw(cmd, i == 1, i < ccws ? CCW_CD : last ? 0 : CCW_CC);
	program.commands++;
}

static void any_program(void)
{
	static const u8 commands[] = {
		TEST_WRITE, TEST_WRITE, TEST_READ, TEST_READ, TEST_READ_BACKWARD,
		TEST_SEEK, TEST_SEEK, TEST_END_STATUS, TEST_NOP, 0x7f,
	};
	u32 commands_left = 1 + below(COMMANDS);

	memset(program.provided, 0, sizeof(program.provided));
	program.nr = 0;
	program.commands = 0;
	program.chains = one_in(2);
	program.orb = one_in(program.chains ? 1 : 3) ? ORB_PREFETCH : 0;
	while (commands_left--)
		any_command(commands[below(ARRAY_SIZE(commands))],
			    !commands_left);
}

/* Positions for SEEK and other bytes, and statuses for END WITH STATUS */
static void any_data(void)
{
	static const u8 statuses[] = { 0x0c, 0x0c, 0x0d, 0x0e, 0x8c };
	u8 *data = user_at(USER_DATA), *status = user_at(STATUSES);
	u32 i;

	for (i = 0; i < PAGES * PAGE; i++)
		data[i] = i % 4 > 1 || !one_in(3) ? below(256) : 0;
	for (i = 0; i < PAGE; i += 4)
		status[i] = statuses[below(ARRAY_SIZE(statuses))];
}

/* --- both --- */

static u8 before[PAGES * PAGE], expected[PAGES * PAGE];

static bool start(u32 sid)
{
	u32 cc = user_start_orb(sid, program.orb);

	return ktap_check(cc == CC_DONE, "SSCH of %08x: cc %u", sid, cc);
}

static bool test_unit_ended(void)
{
	double until = now() + USER_SOON_MS / 1000;

	while (!(user_control_of(USER_SID_TEST) & SCSW_SC_PRIMARY))
		if (!ktap_check(now() < until, "the test control unit doesn't end"))
			return false;
	return true;
}

static bool same_irb(const struct irb *test, const struct irb *user)
{
	return ktap_check(test->scsw.cpa == user->scsw.cpa &&
			  test->scsw.dstat == user->scsw.dstat &&
			  test->scsw.cstat == user->scsw.cstat &&
			  test->scsw.count == user->scsw.count &&
			  test->scsw.ctrl == user->scsw.ctrl,
			  "test unit: %08x, CCW %x, %02x %02x, %u; process: %08x, CCW %x, %02x %02x, %u",
			  test->scsw.ctrl, test->scsw.cpa, test->scsw.dstat,
			  test->scsw.cstat, test->scsw.count, user->scsw.ctrl,
			  user->scsw.cpa, user->scsw.dstat, user->scsw.cstat,
			  user->scsw.count);
}

/* Run the program on both.  Return: false if they differ. */
static bool same(void)
{
	u8 *data = user_at(USER_DATA);
	struct irb test, user;
	u32 i;

	memcpy(before, data, sizeof(before));
	if (!start(USER_SID_TEST) || !test_unit_ended() ||
	    user_tsch(USER_SID_TEST, &test))
		return false;
	memcpy(expected, data, sizeof(expected));
	memcpy(data, before, sizeof(before));
	executed = 0;
	calls = 0;
	/* The kernel has to know beforehand whether the process takes chains. */
	if (!user_is(unit_exchange(&user_unit, program.chains ?
				   KVM_CSS_EXCHANGE_CHAIN : 0, NULL), 0,
		     "EXCHANGE"))
		return false;
	if (!start(USER_SID) || !serve() || user_tsch(USER_SID, &user))
		return false;
	for (i = 0; i < sizeof(expected) && data[i] == expected[i]; i++)
		;
	return same_irb(&test, &user) &
	       ktap_check(i == sizeof(expected),
			  "guest storage at %x is %02x, expected %02x",
			  USER_DATA + i, i < sizeof(expected) ? data[i] : 0,
			  i < sizeof(expected) ? expected[i] : 0);
}

static void tell(u32 seed)
{
	const struct ccw1 *ccw = user_at(USER_CCWS);
	u32 i;

	ktap_note("seed %#x, ORB %08x", seed, program.orb);
	for (i = 0; i < program.nr; i++)
		ktap_note("CCW %02x %02x %u %08x", ccw[i].cmd, ccw[i].flags,
			  ccw[i].count, ccw[i].cda);
}

static u32 first_seed(void)
{
	const char *seed = getenv("USER_SEED");
	struct timespec time;

	if (seed)
		return strtoul(seed, NULL, 0);
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_nsec ^ (u32)time.tv_sec << 20;
}

/* A failure names its seed; with USER_SEED in the environment it comes first. */
static void random_programs(void)
{
	u32 i, seed = first_seed(), ends[2] = { 0 }, together = 0;

	user_serve();
	user_enable(USER_SID_TEST, 0);
	memset(&device, 0, sizeof(device));
	for (i = 0; i < PROGRAMS; i++, seed += 0x9e3779b9) {
		program.random = seed | 1;
		any_data();
		any_program();
		if (!same()) {
			tell(seed);
			break;
		}
		ends[executed > 1]++;
		together += calls < executed;
	}
	user_unit.nr_done = 0;
	ktap_check(together, "no process got several commands at a time");
	ktap_note("%u programs, of which %u had more than one command executed",
		  ends[0] + ends[1], ends[1]);
	ktap_note("%u had several of them executed together", together);
	user_over();
}

const struct ktap_case user_same_cases[] = {
	{ "random programs end as on a test control unit", random_programs },
};

const unsigned int user_same_nr = ARRAY_SIZE(user_same_cases);
