// SPDX-License-Identifier: GPL-2.0
/*
 * A device that a process models: all that the process may do, what the guest sees
 * of it, and what becomes of both when one of them doesn't go on.  See user.h.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "user.h"

struct unit user_unit = { .fd = -1 };

/* How many references to the module the VM has */
static int vm_references;

bool user_is(int error, int expected, const char *what)
{
	return ktap_check(error == expected, "%s: expected %s, found %s", what,
			  strerror(expected), strerror(error));
}

void user_serve(void)
{
	user_add();
	if (!user_is(unit_open(&user_unit, user_css(), USER_SID, 0), 0, "SERVE"))
		return;
	user_fetch_event(KVM_CSS_EVENT_BEGIN);
	user_enable(USER_SID, 0);
}

void user_over(void)
{
	double until = now() + 20;

	unit_close(&user_unit);
	css_remove(user_css(), USER_SID);
	/* A worker may still have the subchannel for a moment. */
	while (references() != vm_references && now() < until)
		usleep(10000);
	ktap_check(references() == vm_references,
		   "the module has %d references, and the VM only %d",
		   references(), vm_references);
}

static bool next_call(void)
{
	int revents = unit_poll(user_unit.fd, USER_SOON_MS);

	return ktap_check(revents == POLLIN, "poll: %x", revents) &&
	       user_is(unit_exchange(&user_unit, 0, NULL), 0, "EXCHANGE");
}

/*
 * Get what is next, within a time.  A call that gives the area back, for which a command
 * waits, returns nothing; the command comes then.
 */
static bool next(void)
{
	return next_call() && (user_unit.command.seq || user_unit.events ||
			       next_call());
}

bool user_fetch(u8 code)
{
	const struct kvm_css_command *command = &user_unit.command;

	return next() && ktap_check(command->seq && command->code == code &&
				    !user_unit.events,
				    "expected command %02x, found %02x, number %llu, events %x",
				    code, command->code, command->seq,
				    user_unit.events);
}

bool user_fetch_event(u32 events)
{
	return next() && ktap_check(!user_unit.command.seq &&
				    user_unit.events == events,
				    "expected events %x, found %x, command %02x",
				    events, user_unit.events,
				    user_unit.command.code);
}

void user_nothing(void)
{
	ktap_check(!unit_poll(user_unit.fd, 0), "poll says that there is something");
	user_is(unit_exchange(&user_unit, 0, NULL), 0, "EXCHANGE");
	ktap_check(!user_unit.command.seq && !user_unit.events,
		   "command %02x, events %x", user_unit.command.code,
		   user_unit.events);
}

bool user_answer(u8 status, u32 count)
{
	const struct kvm_css_answer answer = unit_end(user_unit.command.seq,
						      status, count);

	return user_is(unit_exchange(&user_unit,
				     KVM_CSS_EXCHANGE_ONLY_ANSWER, &answer),
		       0, "an answer");
}

bool user_works(void)
{
	user_ccw(0, TEST_WRITE, 0, 16, USER_DATA);
	return user_start() && user_fetch(TEST_WRITE) &&
	       user_answer(UNIT_ENDED, 16) &&
	       user_expect_end(DST_ENDED, 0, 0);
}

int main(void)
{
	static const struct {
		const struct ktap_case *cases;
		const unsigned int *nr;
	} groups[] = {
		{ user_data_cases, &user_data_nr },
		{ user_status_cases, &user_status_nr },
		{ user_same_cases, &user_same_nr },
		{ user_stop_cases, &user_stop_nr },
		{ user_process_cases, &user_process_nr },
		{ user_prompt_cases, &user_prompt_nr },
		{ user_race_cases, &user_race_nr },
	};
	unsigned int i, nr = 0;

	vmm_watchdog();
	for (i = 0; i < ARRAY_SIZE(groups); i++)
		nr += *groups[i].nr;
	ktap_plan(nr + user_vm_nr);
	ktap_cases(user_vm_cases, user_vm_nr);
	user_vm_begin();
	vm_references = references();
	for (i = 0; i < ARRAY_SIZE(groups); i++)
		ktap_cases(groups[i].cases, *groups[i].nr);
	user_vm_end();
	return ktap_status();
}
