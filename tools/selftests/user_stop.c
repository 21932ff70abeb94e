// SPDX-License-Identifier: GPL-2.0
/*
 * What ends a command, or what the device does after it: HALT and CLEAR SUBCHANNEL,
 * and resets.  What the process says of it comes too late then, and changes nothing.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "user.h"

#define HALTED		(SCSW_FC_START | SCSW_FC_HALT | USER_ALL_ENDED)
#define CLEARED		(SCSW_FC_CLEAR | SCSW_SC_PENDING)
#define INTERVENTION	(DST_ENDED | DST_UNIT_CHECK)
/* How much longer than halt_ms it may take; how much time others may take */
#define LATE_SECONDS	(checks_itself() ? 10 : 3)

static bool start_write(void)
{
	memset(user_at(USER_DATA), 0x11, 64);
	user_ccw(0, TEST_WRITE, 0, 64, USER_DATA);
	return user_start();
}

static void do_insn(u16 insn)
{
	u32 cc = user_insn(insn, USER_SID, 0);

	ktap_check(cc == CC_DONE, "instruction %04x: cc %u", insn, cc);
}

static int late_answer(u64 seq)
{
	const struct kvm_css_answer answer = unit_end(seq, UNIT_ENDED, 64);

	return unit_exchange(&user_unit, KVM_CSS_EXCHANGE_ONLY_ANSWER, &answer);
}

/* --- HALT SUBCHANNEL --- */

/* No process has the command, so it is as if it had not been issued. */
static void halt_offered(void)
{
	user_serve();
	start_write();
	do_insn(INSN_HSCH);
	user_expect(HALTED, DST_ENDED, 0, USER_ANY_COUNT);
	user_nothing();
	user_works();
	user_over();
}

static void halt_taken(void)
{
	user_serve();
	if (start_write() && user_fetch(TEST_WRITE)) {
		u64 seq = user_unit.command.seq;

		do_insn(INSN_HSCH);
		user_fetch_event(KVM_CSS_EVENT_STOP);
		/* It says how far it has got, and that isn't incorrect. */
		user_is(late_answer(seq), 0, "an answer");
		user_expect(HALTED, DST_ENDED, 0, 0);
		user_works();
	}
	user_over();
}

/* An answer makes the event needless. */
static void halt_answered(void)
{
	user_serve();
	if (start_write() && user_fetch(TEST_WRITE)) {
		do_insn(INSN_HSCH);
		user_answer(UNIT_ENDED, 10);
		user_expect(HALTED, DST_ENDED, 0, 54);
		user_nothing();
	}
	user_over();
}

static void halt_no_answer(void)
{
	struct kvm_css_unit_info info;
	double begin, took;
	u64 seq;

	user_serve();
	unit_info(user_unit.fd, &info);
	ktap_check(info.halt_ms && info.halt_ms < 3000, "halt_ms is %u",
		   info.halt_ms);
	if (start_write() && user_fetch(TEST_WRITE)) {
		seq = user_unit.command.seq;
		do_insn(INSN_HSCH);
		begin = now();
		user_expect(HALTED | SCSW_SC_ALERT, INTERVENTION, 0, 64);
		took = now() - begin;
		ktap_check(took > info.halt_ms / 1000. - .1 &&
			   took < info.halt_ms / 1000. + LATE_SECONDS,
			   "it took %.1f s", took);
		user_is(late_answer(seq), ESTALE, "an answer");
		user_works();
	}
	user_over();
}

static void halt_operation(void)
{
	u64 seq;

	user_serve();
	if (start_write() && user_fetch(TEST_WRITE)) {
		seq = user_unit.command.seq;
		user_answer(KVM_CSS_STATUS_CHANNEL_END, 64);
		user_expect(SCSW_FC_START | SCSW_AC_DEVICE_ACTIVE | USER_PRIMARY,
			    DST_CHANNEL_END, 0, 0);
		do_insn(INSN_HSCH);
		user_until(SCSW_SC_PENDING);
		user_fetch_event(KVM_CSS_EVENT_HALTED);
		user_is(unit_present(user_unit.fd, seq, DST_DEVICE_END), ESTALE,
			"device end");
		user_expect(SCSW_FC_HALT | SCSW_SC_SECONDARY | SCSW_SC_PENDING,
			    DST_DEVICE_END, 0, USER_ANY_COUNT);
		user_works();
	}
	user_over();
}

/* A halt doesn't end attention, and not that the device is busy. */
static void halt_idle(void)
{
	user_serve();
	user_is(unit_busy(user_unit.fd, KVM_CSS_BUSY_DEVICE), 0, "BUSY");
	user_ccw(0, TEST_WRITE, 0, 64, USER_DATA);
	user_start();
	do_insn(INSN_HSCH);
	user_until(SCSW_SC_PENDING);
	user_nothing();
	user_insn(INSN_CSCH, USER_SID, 0);
	user_expect(CLEARED, 0, 0, USER_ANY_COUNT);
	user_over();
}

/* --- CLEAR SUBCHANNEL --- */

static void clear_offered(void)
{
	user_serve();
	start_write();
	do_insn(INSN_CSCH);
	user_expect(CLEARED, 0, 0, USER_ANY_COUNT);
	user_fetch_event(KVM_CSS_EVENT_CLEARED);
	user_nothing();
	user_works();
	user_over();
}

/* The clear doesn't wait, and what the process says until it knows is refused. */
static void clear_taken(void)
{
	u64 seq;

	user_serve();
	if (start_write() && user_fetch(TEST_WRITE)) {
		seq = user_unit.command.seq;
		do_insn(INSN_CSCH);
		user_expect(CLEARED, 0, 0, USER_ANY_COUNT);
		user_is(late_answer(seq), ESTALE, "an answer");
		user_is(unit_present(user_unit.fd, 0, DST_ATTENTION), ESTALE,
			"attention");
		user_is(unit_present(user_unit.fd, seq, DST_DEVICE_END), ESTALE,
			"device end");
		user_is(unit_busy(user_unit.fd, KVM_CSS_BUSY_DEVICE), ESTALE,
			"BUSY");
		user_fetch_event(KVM_CSS_EVENT_CLEARED);
		user_is(late_answer(seq), ESTALE, "an answer");
		user_is(unit_present(user_unit.fd, seq, DST_DEVICE_END), ESTALE,
			"device end");
		user_works();
		user_is(unit_present(user_unit.fd, 0, DST_ATTENTION), 0,
			"attention");
		user_expect(USER_UNSOLICITED, DST_ATTENTION, 0, 0);
	}
	user_over();
}

/* Status and busy are over. */
static void clear_status(void)
{
	user_serve();
	if (start_write() && user_fetch(TEST_WRITE)) {
		user_is(unit_present(user_unit.fd, 0, DST_ATTENTION), 0,
			"attention");
		user_is(unit_busy(user_unit.fd, KVM_CSS_BUSY_DEVICE), 0, "BUSY");
		do_insn(INSN_CSCH);
		user_expect(CLEARED, 0, 0, USER_ANY_COUNT);
		user_quiet();
		user_fetch_event(KVM_CSS_EVENT_CLEARED);
		user_works();
	}
	user_over();
}

static void clear_operation(void)
{
	u64 seq;

	user_serve();
	if (start_write() && user_fetch(TEST_WRITE)) {
		seq = user_unit.command.seq;
		user_answer(KVM_CSS_STATUS_CHANNEL_END, 64);
		do_insn(INSN_CSCH);
		user_expect(CLEARED, 0, 0, USER_ANY_COUNT);
		user_fetch_event(KVM_CSS_EVENT_CLEARED);
		user_is(unit_present(user_unit.fd, seq, DST_DEVICE_END), ESTALE,
			"device end");
		user_works();
	}
	user_over();
}

/* Let the guest clear what it has started, and start a WRITE, once or twice. */
static void clear_and_write(unsigned int times)
{
	while (times--) {
		do_insn(INSN_CSCH);
		user_expect(CLEARED, 0, 0, USER_ANY_COUNT);
		start_write();
	}
	usleep(USER_QUIET_MS * 1000);
}

/*
 * The process is about to put the data of a READ into the area when the guest clears
 * the command, and starts a WRITE.  The data of the WRITE must not be there before the
 * process says that it is done with the READ; otherwise it would overwrite them.  It
 * says so by an answer that comes too late, or after the event by its next call.
 */
static void late_writer_row(unsigned int clears, bool answers)
{
	u64 seq;

	user_ccw(0, TEST_READ, 0, 64, USER_DATA);
	if (!user_start() || !user_fetch(TEST_READ))
		return;
	seq = user_unit.command.seq;
	memset(user_unit.area, 0x55, 64);
	clear_and_write(clears);
	ktap_check(user_unit.area[0] == 0x55 && user_unit.area[63] == 0x55,
		   "the area has %02x of the next command", user_unit.area[0]);
	if (answers) {
		memset(user_unit.area, 0x99, 64);
		user_is(late_answer(seq), ESTALE, "an answer");
	}
	if (!user_fetch_event(KVM_CSS_EVENT_CLEARED))
		return;
	if (!answers) {
		usleep(USER_QUIET_MS * 1000);
		memset(user_unit.area, 0x99, 64);
	}
	if (!user_fetch(TEST_WRITE))
		return;
	ktap_check(user_unit.area[0] == 0x11 && user_unit.area[63] == 0x11,
		   "%u clears, answer %d: the data of the WRITE are %02x", clears,
		   answers, user_unit.area[0]);
	user_answer(UNIT_ENDED, 64);
	user_expect_end(DST_ENDED, 0, 0);
}

static void late_writer(void)
{
	unsigned int row;

	user_serve();
	for (row = 0; row < 4; row++)
		late_writer_row(1 + (row & 1), row & 2);
	user_over();
}

/* The same after a halt that has not been answered in time */
static void late_writer_halted(void)
{
	u64 seq;

	user_serve();
	user_ccw(0, TEST_READ, 0, 64, USER_DATA);
	if (user_start() && user_fetch(TEST_READ)) {
		seq = user_unit.command.seq;
		do_insn(INSN_HSCH);
		user_expect(HALTED | SCSW_SC_ALERT, INTERVENTION, 0, 64);
		start_write();
		usleep(USER_QUIET_MS * 1000);
		memset(user_unit.area, 0x99, 64);
		user_is(late_answer(seq), ESTALE, "an answer");
		if (user_fetch(TEST_WRITE)) {
			ktap_check(user_unit.area[0] == 0x11,
				   "the data of the WRITE are %02x",
				   user_unit.area[0]);
			user_answer(UNIT_ENDED, 64);
			user_expect_end(DST_ENDED, 0, 0);
		}
	}
	user_over();
}

/* --- the host --- */

static void reset_taken(void)
{
	double begin;
	u64 seq;

	user_serve();
	if (start_write() && user_fetch(TEST_WRITE)) {
		seq = user_unit.command.seq;
		begin = now();
		ktap_check(!css_reset(user_css()), "RESET: %s", strerror(errno));
		ktap_check(now() - begin < LATE_SECONDS, "RESET took %.1f s",
			   now() - begin);
		user_is(late_answer(seq), ESTALE, "an answer");
		user_fetch_event(KVM_CSS_EVENT_RESET);
		user_enable(USER_SID, 0);
		user_quiet();
		user_works();
	}
	user_over();
}

/* A clear and a reset before the process looks: it is told of both. */
static void reset_and_clear(void)
{
	user_serve();
	start_write();
	do_insn(INSN_CSCH);
	/* A reset that comes before the clear function is performed takes its place. */
	user_expect(CLEARED, 0, 0, USER_ANY_COUNT);
	css_reset(user_css());
	user_fetch_event(KVM_CSS_EVENT_CLEARED | KVM_CSS_EVENT_RESET);
	user_enable(USER_SID, 0);
	user_works();
	user_over();
}

static void quiesce(void)
{
	user_serve();
	if (start_write() && user_fetch(TEST_WRITE)) {
		ktap_check(css_quiesce(user_css(), 100) && errno == ETIME,
			   "QUIESCE while a process has a command: %s",
			   strerror(errno));
		user_answer(UNIT_ENDED, 64);
		ktap_check(!css_quiesce(user_css(), USER_SOON_MS),
			   "QUIESCE: %s", strerror(errno));
		user_is(unit_present(user_unit.fd, 0, DST_ATTENTION), 0,
			"attention");
		user_nothing();
		ktap_check(!css_unquiesce(user_css()), "UNQUIESCE: %s",
			   strerror(errno));
		user_expect_end(DST_ENDED, 0, 0);
		user_expect(USER_UNSOLICITED, DST_ATTENTION, 0, 0);
	}
	user_over();
}

static void remove_taken(void)
{
	double begin;
	u64 seq;

	user_serve();
	if (start_write() && user_fetch(TEST_WRITE)) {
		seq = user_unit.command.seq;
		begin = now();
		ktap_check(!css_remove(user_css(), USER_SID), "REMOVE: %s",
			   strerror(errno));
		ktap_check(now() - begin < LATE_SECONDS, "REMOVE took %.1f s",
			   now() - begin);
		user_is(late_answer(seq), ENODEV, "an answer");
		user_is(unit_exchange(&user_unit, KVM_CSS_EXCHANGE_WAIT, NULL),
			ENODEV, "EXCHANGE");
		user_is(unit_present(user_unit.fd, 0, DST_ATTENTION), ENODEV,
			"PRESENT");
		user_is(unit_busy(user_unit.fd, 0), ENODEV, "BUSY");
		/* The area is still memory. */
		memset(user_unit.area, 0x77, user_unit.size);
	}
	user_over();
}

const struct ktap_case user_stop_cases[] = {
	{ "HALT of a command that no process has", halt_offered },
	{ "HALT of a command that a process has: it says how it ends",
	  halt_taken },
	{ "HALT, and an answer before the process knows", halt_answered },
	{ "HALT, and no answer: the kernel ends the command", halt_no_answer },
	{ "HALT after channel end", halt_operation },
	{ "HALT of a start function that waits for a busy device", halt_idle },
	{ "CLEAR of a command that no process has", clear_offered },
	{ "CLEAR of a command that a process has", clear_taken },
	{ "CLEAR: status and busy are over", clear_status },
	{ "CLEAR after channel end", clear_operation },
	{ "who writes late doesn't change the next command's data", late_writer },
	{ "the same after a halt", late_writer_halted },
	{ "RESET of a command that a process has", reset_taken },
	{ "CLEAR and RESET before the process looks", reset_and_clear },
	{ "QUIESCE waits for a command, and status waits for its end", quiesce },
	{ "REMOVE while a process has a command", remove_taken },
};

const unsigned int user_stop_nr = ARRAY_SIZE(user_stop_cases);
