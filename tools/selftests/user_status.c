// SPDX-License-Identifier: GPL-2.0
/*
 * Status that answers a command, status that the device presents later or unasked,
 * and chains of commands that depend on it
 */
#include <errno.h>
#include <string.h>

#include "user.h"

#define INTERVENTION	0x40
#define SENSE_LEN	24
#define SECONDARY	(SCSW_SC_SECONDARY | SCSW_SC_PENDING)

static struct ccw1 *ccws(void)
{
	return user_at(USER_CCWS);
}

/* Answer the command with unit check and SENSE_LEN sense bytes. */
static bool answer_check(u8 status)
{
	struct kvm_css_answer answer = unit_end(user_unit.command.seq, status, 0);
	u32 i;

	memset(answer.sense, 0, sizeof(answer.sense));
	answer.sense_len = SENSE_LEN;
	for (i = 0; i < SENSE_LEN; i++)
		answer.sense[i] = 0x80 + i;
	return user_is(unit_exchange(&user_unit, 0, &answer), 0, "unit check");
}

static bool start_one(u8 cmd)
{
	user_ccw(0, cmd, CCW_SLI, 8, USER_DATA);
	return user_start() && user_fetch(cmd);
}

/* --- status of a command --- */

/* Every status that an answer may have, on a command that isn't chained */
static void every_status(void)
{
	static const u8 statuses[] = {
		0x02, 0x0c, 0x0d, 0x0e, 0x0f, 0x8c, 0x2c, 0xac, 0x8e, 0xaf, 0x4c,
	};
	unsigned int i;

	user_serve();
	for (i = 0; i < ARRAY_SIZE(statuses); i++)
		if (!start_one(TEST_SEEK) || !user_answer(statuses[i], 0) ||
		    !user_expect_end(statuses[i], 0, 8)) {
			ktap_note("status %02x", statuses[i]);
			break;
		}
	user_over();
}

static void refused_answers(void)
{
	static const u8 statuses[] = {
		0x00, 0x01, 0x03, 0x04, 0x06, 0x07, 0x10, 0x1c, 0x18, 0x40, 0x42,
		0x48, 0x4d, 0x4e, 0xcc, 0x6c, 0x50, 0x80, 0x82, 0x8a | 0x10, 0xff,
	};
	struct kvm_css_answer answer;
	unsigned int i;

	user_serve();
	if (start_one(TEST_WRITE)) {
		for (i = 0; i < ARRAY_SIZE(statuses); i++) {
			answer = unit_end(user_unit.command.seq, statuses[i], 0);
			ktap_check(unit_exchange(&user_unit, 0, &answer) ==
				   EINVAL, "status %02x", statuses[i]);
		}
		/* None of these has changed anything. */
		user_answer(UNIT_ENDED, 8);
		user_expect_end(DST_ENDED, 0, 0);
	}
	user_over();
}

/* SENSE gives the sense bytes once, and then it is the process's again. */
static void sense(void)
{
	u8 *found = user_at(USER_DATA);
	u32 i;

	user_serve();
	if (start_one(TEST_SEEK) && answer_check(DST_ENDED | DST_UNIT_CHECK) &&
	    user_expect_end(DST_ENDED | DST_UNIT_CHECK, 0, 8)) {
		memset(found, 0xee, SENSE_SIZE);
		user_ccw(0, TEST_SENSE, CCW_SLI, SENSE_SIZE, USER_DATA);
		user_start();
		user_expect_end(DST_ENDED, 0, SENSE_SIZE - SENSE_LEN);
		for (i = 0; i < SENSE_SIZE; i++)
			ktap_check(found[i] == (i < SENSE_LEN ? 0x80 + i : 0xee),
				   "sense byte %u is %02x", i, found[i]);
		user_nothing();
		if (start_one(TEST_SENSE)) {
			user_answer(UNIT_ENDED, 8);
			user_expect_end(DST_ENDED, 0, 0);
		}
	}
	user_over();
}

static void concurrent_sense(void)
{
	struct irb irb;
	u32 i;

	user_serve();
	user_enable(USER_SID, PMCW_CONCURRENT_SENSE);
	if (start_one(TEST_SEEK) && answer_check(DST_ENDED | DST_UNIT_CHECK) &&
	    user_status(USER_SID, &irb)) {
		ktap_check(irb.esw[1] & ERW_CONCURRENT_SENSE &&
			   irb.scsw.ctrl & SCSW_EXTENDED,
			   "ERW %08x, control %08x", irb.esw[1], irb.scsw.ctrl);
		for (i = 0; i < SENSE_LEN; i++)
			ktap_check(irb.ecw[i] == 0x80 + i, "sense byte %u is %02x",
				   i, irb.ecw[i]);
		/* The kernel has no sense bytes any more. */
		if (start_one(TEST_SENSE))
			user_answer(UNIT_ENDED, 0);
	}
	user_over();
}

/* Sense bytes are those of the last command. */
static void sense_forgotten(void)
{
	user_serve();
	if (start_one(TEST_SEEK) && answer_check(DST_UNIT_CHECK) &&
	    user_expect_end(DST_UNIT_CHECK, 0, 8) && user_works() &&
	    start_one(TEST_SENSE))
		user_answer(UNIT_ENDED, 0);
	user_over();
}

/* --- later --- */

static bool end_later(void)
{
	return start_one(TEST_SEEK) && user_answer(KVM_CSS_STATUS_CHANNEL_END, 8) &&
	       user_expect(SCSW_FC_START | SCSW_AC_DEVICE_ACTIVE | USER_PRIMARY,
			   DST_CHANNEL_END, 0, 0);
}

static void device_end(void)
{
	u64 seq;

	user_serve();
	if (end_later()) {
		seq = user_unit.command.seq;
		user_quiet();
		ktap_check(user_control() == SCSW_AC_DEVICE_ACTIVE,
			   "control %04x", user_control());
		user_is(unit_present(user_unit.fd, seq + 1, DST_DEVICE_END),
			ESTALE, "PRESENT for another command");
		user_is(unit_present(user_unit.fd, seq, DST_DEVICE_END), 0,
			"PRESENT");
		user_expect(SECONDARY, DST_DEVICE_END, 0, 0);
		user_is(unit_present(user_unit.fd, seq, DST_DEVICE_END), ESTALE,
			"PRESENT once more");
		user_nothing();
		user_works();
	}
	user_over();
}

static void device_end_check(void)
{
	user_serve();
	if (end_later()) {
		user_is(unit_present(user_unit.fd, user_unit.command.seq,
				     DST_DEVICE_END | DST_UNIT_CHECK), 0,
			"PRESENT");
		user_expect(SECONDARY | SCSW_SC_ALERT,
			    DST_DEVICE_END | DST_UNIT_CHECK, 0, 0);
		user_ccw(0, TEST_SENSE, CCW_SLI, SENSE_SIZE, USER_DATA);
		user_start();
		user_expect_end(DST_ENDED, 0, 0);
		ktap_check(*(u8 *)user_at(USER_DATA) == INTERVENTION, "sense %02x",
			   *(u8 *)user_at(USER_DATA));
	}
	user_over();
}

/* A start function that finds an operation going on waits for its end. */
static void busy_with_operation(void)
{
	u64 seq;

	user_serve();
	if (end_later()) {
		seq = user_unit.command.seq;
		user_ccw(0, TEST_WRITE, 0, 8, USER_DATA);
		user_start();
		user_nothing();
		ktap_check(user_control() == (SCSW_FC_START |
					      SCSW_AC_START_PENDING),
			   "control %04x", user_control());
		user_is(unit_present(user_unit.fd, seq, DST_DEVICE_END), 0,
			"PRESENT");
		if (user_fetch(TEST_WRITE)) {
			user_answer(UNIT_ENDED, 8);
			user_expect_end(DST_ENDED, 0, 0);
		}
	}
	user_over();
}

/* The same, but the end is one of which the guest has to be told */
static void busy_then_check(void)
{
	struct irb irb;

	user_serve();
	if (end_later()) {
		user_ccw(0, TEST_WRITE, 0, 8, USER_DATA);
		user_start();
		user_is(unit_present(user_unit.fd, user_unit.command.seq,
				     DST_DEVICE_END | DST_UNIT_CHECK), 0,
			"PRESENT");
		if (user_status(USER_SID, &irb))
			ktap_check((irb.scsw.ctrl & SCSW_CC) ==
					SCSW_CC_NOT_BEGUN &&
				   irb.scsw.dstat == (DST_BUSY | DST_DEVICE_END |
						      DST_UNIT_CHECK),
				   "control %08x, status %02x", irb.scsw.ctrl,
				   irb.scsw.dstat);
		user_nothing();
		user_works();
	}
	user_over();
}

/* Channel end and device end of a command that is chained */
static void chain_waits(void)
{
	u64 seq;

	user_serve();
	user_ccw(0, TEST_SEEK, CCW_CC, 8, USER_DATA);
	user_ccw(1, TEST_WRITE, 0, 8, USER_DATA);
	if (user_start() && user_fetch(TEST_SEEK) &&
	    user_answer(KVM_CSS_STATUS_CHANNEL_END, 8)) {
		seq = user_unit.command.seq;
		user_nothing();
		user_quiet();
		/* Meanwhile a key is pressed.  Its status comes after the end. */
		user_is(unit_present(user_unit.fd, 0, DST_ATTENTION), 0,
			"attention");
		user_nothing();
		user_is(unit_present(user_unit.fd, seq, DST_DEVICE_END), 0,
			"device end");
		if (user_fetch(TEST_WRITE) && user_answer(UNIT_ENDED, 8) &&
		    user_expect_end(DST_ENDED, 0, 0))
			user_expect(USER_UNSOLICITED, DST_ATTENTION, 0, 0);
	}
	user_over();
}

/* --- unasked --- */

static void attention(void)
{
	user_serve();
	user_is(unit_present(user_unit.fd, 0, DST_ATTENTION), 0, "PRESENT");
	user_expect(USER_UNSOLICITED, DST_ATTENTION, 0, 0);
	user_fetch_event(KVM_CSS_EVENT_PRESENTED);
	user_is(unit_present(user_unit.fd, 0, 0x85), 0, "a tape is loaded");
	user_expect(USER_UNSOLICITED, 0x85, 0, 0);
	user_fetch_event(KVM_CSS_EVENT_PRESENTED);
	user_works();
	user_over();
}

/* Status that comes while there is other status is presented together. */
static void attention_kept(void)
{
	user_serve();
	if (start_one(TEST_WRITE)) {
		user_is(unit_present(user_unit.fd, 0, DST_ATTENTION), 0,
			"attention");
		user_is(unit_present(user_unit.fd, 0, DST_DEVICE_END), 0,
			"device end");
		user_answer(UNIT_ENDED, 8);
		user_expect_end(DST_ENDED, 0, 0);
		user_expect(USER_UNSOLICITED, DST_ATTENTION | DST_DEVICE_END, 0,
			    0);
		user_fetch_event(KVM_CSS_EVENT_PRESENTED);
	}
	user_over();
}

/* Status that comes between a program's end and the guest's next start */
static void attention_waits(void)
{
	user_serve();
	if (start_one(TEST_WRITE) && user_answer(UNIT_ENDED, 8) &&
	    user_until(SCSW_SC_PENDING)) {
		user_is(unit_present(user_unit.fd, 0, DST_ATTENTION), 0,
			"attention");
		user_nothing();
		user_expect_end(DST_ENDED, 0, 0);
		user_expect(USER_UNSOLICITED, DST_ATTENTION, 0, 0);
		user_fetch_event(KVM_CSS_EVENT_PRESENTED);
	}
	user_over();
}

static void not_enabled(void)
{
	user_add();
	if (user_is(unit_open(&user_unit, user_css(), USER_SID, 0), 0, "SERVE")) {
		user_fetch_event(KVM_CSS_EVENT_BEGIN);
		user_is(unit_present(user_unit.fd, 0, DST_ATTENTION), 0,
			"PRESENT");
		user_fetch_event(KVM_CSS_EVENT_PRESENTED);
		user_enable(USER_SID, 0);
		user_quiet();
	}
	user_over();
}

static void busy(void)
{
	static const u32 kinds[] = { KVM_CSS_BUSY_DEVICE,
				     KVM_CSS_BUSY_CONTROL_UNIT };
	unsigned int i;

	user_serve();
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		user_is(unit_busy(user_unit.fd, kinds[i]), 0, "BUSY");
		user_ccw(0, TEST_WRITE, 0, 8, USER_DATA);
		user_start();
		user_nothing();
		ktap_check(user_control() == (SCSW_FC_START |
					      SCSW_AC_START_PENDING),
			   "control %04x", user_control());
		user_is(unit_busy(user_unit.fd, 0), 0, "not busy");
		if (!user_fetch(TEST_WRITE) || !user_answer(UNIT_ENDED, 8) ||
		    !user_expect_end(DST_ENDED, 0, 0))
			break;
	}
	user_over();
}

/* The reason for which a start function waits may change. */
static void busy_changes(void)
{
	user_serve();
	user_is(unit_busy(user_unit.fd, KVM_CSS_BUSY_DEVICE), 0, "BUSY");
	user_ccw(0, TEST_WRITE, 0, 8, USER_DATA);
	user_start();
	user_is(unit_busy(user_unit.fd, KVM_CSS_BUSY_CONTROL_UNIT), 0, "BUSY");
	user_is(unit_busy(user_unit.fd, 0), 0, "not busy");
	if (user_fetch(TEST_WRITE) && user_answer(UNIT_ENDED, 8))
		user_expect_end(DST_ENDED, 0, 0);
	user_over();
}

/* The guest may give up a start function that waits. */
static void busy_cancelled(void)
{
	user_serve();
	user_is(unit_busy(user_unit.fd, KVM_CSS_BUSY_DEVICE), 0, "BUSY");
	user_ccw(0, TEST_WRITE, 0, 8, USER_DATA);
	user_start();
	ktap_check(user_insn(INSN_XSCH, USER_SID, 0) == CC_DONE, "XSCH");
	user_is(unit_busy(user_unit.fd, 0), 0, "not busy");
	user_nothing();
	user_quiet();
	user_works();
	user_over();
}

/* --- chains of commands --- */

static void command_chain(void)
{
	u32 i;

	user_serve();
	for (i = 0; i < 4; i++)
		user_ccw(i, TEST_WRITE, i < 3 ? CCW_CC : 0, 8, USER_DATA + i);
	user_start();
	for (i = 0; i < 4; i++) {
		if (!user_fetch(TEST_WRITE))
			break;
		ktap_check(user_unit.command.seq == i + 1 &&
			   user_unit.command.flags ==
				(i ? 0 : KVM_CSS_COMMAND_FIRST) &&
			   user_unit.command.ccw_flags ==
				(i < 3 ? KVM_CSS_CCW_CHAIN_COMMAND : 0),
			   "command %u: number %llu, flags %x, CCW flags %02x", i,
			   user_unit.command.seq, user_unit.command.flags,
			   user_unit.command.ccw_flags);
		user_answer(UNIT_ENDED, 8);
	}
	user_expect_end(DST_ENDED, 0, 0);
	user_over();
}

/* Answer a command, and get the next one of the chain by the same call. */
static void answered_and_fetched(void)
{
	struct kvm_css_answer answer;

	user_serve();
	user_ccw(0, TEST_SEEK, CCW_CC, 8, USER_DATA);
	user_ccw(1, TEST_WRITE, 0, 8, USER_DATA);
	if (user_start() && user_fetch(TEST_SEEK)) {
		answer = unit_end(user_unit.command.seq, UNIT_ENDED, 8);
		user_is(unit_exchange(&user_unit, KVM_CSS_EXCHANGE_WAIT,
				      &answer), 0, "EXCHANGE");
		ktap_check(user_unit.command.code == TEST_WRITE,
			   "command %02x", user_unit.command.code);
		user_answer(UNIT_ENDED, 8);
		user_expect_end(DST_ENDED, 0, 0);
	}
	user_over();
}

static void chain_ends(void)
{
	user_serve();
	user_ccw(0, TEST_SEEK, CCW_CC, 8, USER_DATA);
	user_ccw(1, TEST_WRITE, 0, 8, USER_DATA);
	if (user_start() && user_fetch(TEST_SEEK) &&
	    user_answer(DST_ENDED | DST_UNIT_EXCEPTION, 8))
		user_expect_end(DST_ENDED | DST_UNIT_EXCEPTION, 0, 0);
	user_nothing();
	user_over();
}

static void status_modifier(void)
{
	user_serve();
	user_ccw(0, TEST_SEEK, CCW_CC, 8, USER_DATA);
	user_ccw(1, TEST_WRITE, CCW_CC, 8, USER_DATA);
	user_ccw(2, TEST_READ, 0, 8, USER_DATA);
	if (user_start() && user_fetch(TEST_SEEK) &&
	    user_answer(DST_ENDED | DST_STATUS_MODIFIER, 8) &&
	    user_fetch(TEST_READ)) {
		user_answer(UNIT_ENDED, 8);
		user_expect_end(DST_ENDED, 0, 0);
	}
	user_over();
}

static void suspended(void)
{
	struct irb irb;

	user_serve();
	user_ccw(0, TEST_SEEK, CCW_CC, 8, USER_DATA);
	user_ccw(1, TEST_WRITE, CCW_SUSPEND, 8, USER_DATA);
	user_start_orb(USER_SID, ORB_SUSPEND);
	if (user_fetch(TEST_SEEK) && user_answer(UNIT_ENDED, 8) &&
	    user_status(USER_SID, &irb)) {
		ktap_check((irb.scsw.ctrl & SCSW_CONTROL) ==
			   (SCSW_FC_START | SCSW_AC_SUSPENDED |
			    SCSW_SC_INTERMEDIATE | SCSW_SC_PENDING),
			   "control %08x", irb.scsw.ctrl);
		user_nothing();
		ccws()[1].flags = 0;
		ktap_check(user_insn(INSN_RSCH, USER_SID, 0) == CC_DONE, "RSCH");
		if (user_fetch(TEST_WRITE)) {
			/* A program that is resumed goes on, and doesn't begin. */
			ktap_check(!(user_unit.command.flags &
				     KVM_CSS_COMMAND_FIRST), "the first command");
			user_answer(UNIT_ENDED, 8);
			user_expect_end(DST_ENDED, 0, 0);
		}
	}
	user_over();
}

/* The guest is told while the process has the command. */
static void pci(void)
{
	struct irb irb;

	user_serve();
	user_ccw(0, TEST_SEEK, CCW_CC, 8, USER_DATA);
	user_ccw(1, TEST_WRITE, CCW_PCI, 8, USER_DATA);
	if (user_start() && user_fetch(TEST_SEEK) &&
	    user_answer(UNIT_ENDED, 8) && user_fetch(TEST_WRITE)) {
		if (user_status(USER_SID, &irb))
			ktap_check((irb.scsw.ctrl & SCSW_CONTROL) ==
				   (USER_ACTIVE | SCSW_SC_INTERMEDIATE |
				    SCSW_SC_PENDING) &&
				   irb.scsw.cstat == CST_PCI,
				   "control %08x, status %02x", irb.scsw.ctrl,
				   irb.scsw.cstat);
		user_answer(UNIT_ENDED, 8);
		user_expect_end(DST_ENDED, 0, 0);
	}
	user_over();
}

/* A PCI flag counts if the device has asked for a byte of its CCW. */
static void pci_chained(void)
{
	static const struct {
		u32 count;
		u8 cstat;
		u16 residual;
	} rows[] = {
		{ 8, CST_INCORRECT_LENGTH, 0 },
		{ 9, CST_PCI | CST_INCORRECT_LENGTH, 7 },
		{ 16, CST_PCI, 0 },
	};
	struct irb irb;
	unsigned int i;

	user_serve();
	user_ccw(0, TEST_WRITE, CCW_CD, 8, USER_DATA);
	user_ccw(1, 0, CCW_PCI, 8, USER_DATA + 8);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!user_start() || !user_fetch(TEST_WRITE))
			break;
		ktap_check(!(user_control() & SCSW_SC),
			   "row %u: the guest has been told already", i);
		user_answer(UNIT_ENDED, rows[i].count);
		if (user_until(SCSW_SC_PRIMARY) && user_status(USER_SID, &irb))
			ktap_check(irb.scsw.cstat == rows[i].cstat &&
				   irb.scsw.count == rows[i].residual,
				   "row %u: status %02x, count %u", i,
				   irb.scsw.cstat, irb.scsw.count);
	}
	user_over();
}

const struct ktap_case user_status_cases[] = {
	{ "every status that an answer may have", every_status },
	{ "any other status is EINVAL, and nothing has changed", refused_answers },
	{ "unit check: SENSE gives the sense bytes", sense },
	{ "concurrent sense", concurrent_sense },
	{ "the next command resets the sense bytes", sense_forgotten },
	{ "channel end, and device end later", device_end },
	{ "device end with unit check", device_end_check },
	{ "a start function waits for device end", busy_with_operation },
	{ "device end with unit check ends a start function that waits",
	  busy_then_check },
	{ "a chain waits for device end, and attention for both", chain_waits },
	{ "attention", attention },
	{ "attention during a command", attention_kept },
	{ "attention while status is pending", attention_waits },
	{ "a subchannel that isn't enabled drops status", not_enabled },
	{ "device busy, control unit busy", busy },
	{ "device busy, then control unit busy, then not", busy_changes },
	{ "a start function that waits for a busy device is cancelled",
	  busy_cancelled },
	{ "command chaining: one command after the other", command_chain },
	{ "one call answers, and waits for the next command",
	  answered_and_fetched },
	{ "unit exception ends a chain", chain_ends },
	{ "status modifier: the next command is left out", status_modifier },
	{ "suspended and resumed between two commands", suspended },
	{ "PCI while the process has the command", pci },
	{ "PCI of data that are chained", pci_chained },
};

const unsigned int user_status_nr = ARRAY_SIZE(user_status_cases);
