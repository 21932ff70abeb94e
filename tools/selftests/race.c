// SPDX-License-Identifier: GPL-2.0
/*
 * The host's half of the theme "race": two vCPUs use the same few subchannels,
 * and the host interferes.  What must hold is in guest/race.c.
 *
 * RACE_SECONDS in the environment says how long it takes; 15 is the default.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "theme.h"
#include "guest/race.h"

#define DEFAULT_SECONDS		15

static struct {
	pthread_t thread;
	bool running;
	volatile bool stop;
	unsigned int replaced, quiesced, reset, saved, moved;
} host;

static u16 devno_of(u32 sid)
{
	return SID_SCHID(sid);
}

static void replace(int css_fd)
{
	u32 sid = rand() % 2 ? RACE_SID_HOT :
			       RACE_SID_PENDING(rand() % RACE_NR_PENDING);
	u32 flags = rand() % 2 ? KVM_CSS_REMOVE_VACATE : 0;

	if (css_remove_flags(css_fd, sid, flags))
		ktap_fail("REMOVE: %s", strerror(errno));
	usleep(rand() % 2000);
	if (css_add_test(css_fd, sid, devno_of(sid),
			 rand() % 2 ? KVM_CSS_TEST_ASYNC : 0))
		ktap_fail("ADD: %s", strerror(errno));
	host.replaced++;
}

/*
 * Save a subchannel, remove it, and restore the state into a new one.  If the
 * guest has already used the new subchannel, its state can't be replaced:
 * EBUSY.
 */
static void move(int css_fd, struct kvm_css_state *state)
{
	if (css_remove_flags(css_fd, RACE_SID_HOT, KVM_CSS_REMOVE_VACATE))
		ktap_fail("REMOVE: %s", strerror(errno));
	if (css_add_test(css_fd, RACE_SID_HOT, devno_of(RACE_SID_HOT), 0))
		ktap_fail("ADD: %s", strerror(errno));
	/*
	 * The interruption was withdrawn when the old subchannel was removed.
	 */
	state->state &= ~KVM_CSS_STATE_INTERRUPTION;
	if (!css_set_state(css_fd, state))
		host.moved++;
	else if (errno != EBUSY)
		ktap_fail("SET_STATE: %s", strerror(errno));
}

static void save_one(int css_fd, u32 sid, struct kvm_css_state *state)
{
	if (css_get_state(css_fd, sid, state))
		ktap_fail("GET_STATE of %08x: %s", sid, strerror(errno));
	host.saved++;
}

/*
 * No program runs while the channel subsystem is quiesced, so all states can be
 * saved.
 */
static void save(int css_fd)
{
	static const u32 sids[] = {
		RACE_SID_SYNC, RACE_SID_ASYNC, RACE_SID_SET1, RACE_SID_HOT,
	};
	struct kvm_css_state state;
	unsigned int i;

	for (i = 0; i < RACE_NR_PENDING; i++)
		save_one(css_fd, RACE_SID_PENDING(i), &state);
	for (i = 0; i < ARRAY_SIZE(sids); i++)
		save_one(css_fd, sids[i], &state);
	if (rand() % 2)
		move(css_fd, &state);
}

static void quiesce(int css_fd)
{
	/* The timeout may end while a program without end is running. */
	if (css_quiesce(css_fd, rand() % 20)) {
		if (errno != ETIME)
			ktap_fail("QUIESCE: %s", strerror(errno));
		return;
	}
	usleep(rand() % 2000);
	save(css_fd);
	if (css_unquiesce(css_fd))
		ktap_fail("UNQUIESCE: %s", strerror(errno));
	host.quiesced++;
}

static void reset(int css_fd)
{
	if (css_reset(css_fd))
		ktap_fail("RESET: %s", strerror(errno));
	host.reset++;
}

static void *interfere(void *arg)
{
	struct machine *machine = arg;

	while (!host.stop) {
		switch (rand() % 16) {
		case 0:
			reset(machine->css_fd);
			break;
		case 1 ... 6:
			quiesce(machine->css_fd);
			break;
		default:
			replace(machine->css_fd);
		}
		usleep(rand() % 5000);
	}
	return NULL;
}

static void end(void)
{
	if (!host.running)
		return;
	host.stop = true;
	pthread_join(host.thread, NULL);
	host.running = false;
	ktap_note("the host replaced a subchannel %u times, quiesced %u times, reset %u times",
		  host.replaced, host.quiesced, host.reset);
	ktap_note("it saved %u subchannels and moved %u", host.saved,
		  host.moved);
}

static u64 call(struct machine *machine, const u64 *args)
{
	switch (args[0]) {
	case RACE_CALL_BEGIN:
		host.stop = false;
		host.running = true;
		if (pthread_create(&host.thread, NULL, interfere, machine))
			die("pthread_create");
		break;
	case RACE_CALL_END:
		end();
		break;
	}
	return 0;
}

static u64 setup(struct machine *machine)
{
	const char *seconds = getenv("RACE_SECONDS");
	unsigned int i;

	machine_add_test(machine, RACE_SID_SYNC, 0, 0);
	machine_add_test(machine, RACE_SID_ASYNC, 1, KVM_CSS_TEST_ASYNC);
	machine_add_test(machine, RACE_SID_SET1, 2, 0);
	machine_add_test(machine, RACE_SID_HOT, devno_of(RACE_SID_HOT), 0);
	for (i = 0; i < RACE_NR_PENDING; i++)
		machine_add_test(machine, RACE_SID_PENDING(i),
				 devno_of(RACE_SID_PENDING(i)), 0);
	return seconds && atoi(seconds) > 0 ? atoi(seconds) : DEFAULT_SECONDS;
}

static void teardown(struct machine *machine)
{
	(void)machine;
	end();
}

int main(int argc, char **argv)
{
	static const struct theme theme = {
		.name = "race",
		.kernel = THEME_KERNEL,
		.nr_vcpus = 2,
		.setup = setup,
		.call = call,
		.teardown = teardown,
	};

	return theme_main(&theme, argc, argv);
}
