// SPDX-License-Identifier: GPL-2.0
/* The data of a command: what the process gets, and what the guest gets of it */
#include <string.h>

#include "host.h"
#include "user.h"

#define BLOCKS		8
#define PAGE		4096u
#define LIST		(USER_CCWS + 0x8000)
/* No storage is there. */
#define NOWHERE		0x7f000000u
/* As many CCWs of one command as the kernel copies ahead, and one more */
#define MANY		129

static u8 *data(u32 offset)
{
	return (u8 *)user_at(USER_DATA) + offset;
}

/* Fill guest storage, or the area, with bytes that tell where they are. */
static void fill(u8 *to, u32 len, u8 seed)
{
	u32 i;

	for (i = 0; i < len; i++)
		to[i] = seed + i + (i >> 8) * 7;
}

static void expect_bytes(const u8 *found, const u8 *expected, u32 len,
			 const char *what)
{
	u32 i;

	for (i = 0; i < len && found[i] == expected[i]; i++)
		;
	ktap_check(i == len, "%s: byte %u of %u is %02x, expected %02x", what, i,
		   len, i < len ? found[i] : 0, i < len ? expected[i] : 0);
}

static bool expect_command(u32 provided, u32 available, u8 ccw_flags, u32 flags)
{
	const struct kvm_css_command *command = &user_unit.command;

	return ktap_check(command->provided == provided &&
			  command->available == available &&
			  command->ccw_flags == ccw_flags &&
			  command->flags == flags && !command->offset &&
			  command->room == USER_AREA,
			  "expected %u provided, %u available, CCW %02x, flags %x; found %u, %u, %02x, %x; %u+%u",
			  provided, available, ccw_flags, flags,
			  command->provided, command->available,
			  command->ccw_flags, command->flags, command->offset,
			  command->room);
}

/* --- one CCW --- */

static void write_whole(void)
{
	user_serve();
	fill(data(0), 300, 1);
	user_ccw(0, TEST_WRITE, 0, 300, USER_DATA);
	if (user_start() && user_fetch(TEST_WRITE)) {
		expect_command(300, 300, 0, KVM_CSS_COMMAND_FIRST);
		expect_bytes(user_unit.area, data(0), 300, "area");
		ktap_check(user_control() == USER_ACTIVE,
			   "control %04x while the process works",
			   user_control());
		user_answer(UNIT_ENDED, 300);
		user_expect_end(DST_ENDED, 0, 0);
		user_quiet();
	}
	user_over();
}

static void read_whole(void)
{
	user_serve();
	memset(data(0), 0xee, 400);
	user_ccw(0, TEST_READ, 0, 300, USER_DATA + 16);
	if (user_start() && user_fetch(TEST_READ)) {
		expect_command(300, 0, 0, KVM_CSS_COMMAND_FIRST);
		fill(user_unit.area, 300, 5);
		user_answer(UNIT_ENDED, 300);
		user_expect_end(DST_ENDED, 0, 0);
		expect_bytes(data(16), user_unit.area, 300, "guest storage");
		ktap_check(*data(15) == 0xee && *data(316) == 0xee,
			   "bytes before and behind it");
	}
	user_over();
}

/* The area is the device's first byte first, and the guest's last one first. */
static void read_backward(void)
{
	u32 i;

	user_serve();
	memset(data(0), 0, 64);
	user_ccw(0, TEST_READ_BACKWARD, CCW_CD, 10, USER_DATA + 31);
	user_ccw(1, 0, 0, 10, USER_DATA + 63);
	if (user_start() && user_fetch(TEST_READ_BACKWARD)) {
		fill(user_unit.area, 20, 9);
		user_answer(UNIT_ENDED, 20);
		user_expect_end(DST_ENDED, 0, 0);
		for (i = 0; i < 10; i++)
			ktap_check(*data(31 - i) == user_unit.area[i] &&
				   *data(63 - i) == user_unit.area[10 + i],
				   "byte %u is %02x and %02x", i,
				   *data(31 - i), *data(63 - i));
	}
	user_over();
}

static const struct {
	u8 cmd, flags;
	u16 provided;
	u32 count;
	u8 cstat;
	u16 residual;
} lengths[] = {
	{ TEST_WRITE, 0, 100, 99, CST_INCORRECT_LENGTH, 1 },
	{ TEST_WRITE, CCW_SLI, 100, 99, 0, 1 },
	{ TEST_WRITE, 0, 100, 101, CST_INCORRECT_LENGTH, 0 },
	{ TEST_WRITE, CCW_SLI, 100, 101, 0, 0 },
	{ TEST_WRITE, 0, 100, 0, CST_INCORRECT_LENGTH, 100 },
	{ TEST_READ, 0, 100, 99, CST_INCORRECT_LENGTH, 1 },
	{ TEST_READ, CCW_SLI, 100, 99, 0, 1 },
	{ TEST_READ, 0, 100, 101, CST_INCORRECT_LENGTH, 0 },
	{ TEST_READ, CCW_SLI, 100, 101, 0, 0 },
	/* A tape mark: the device moves nothing. */
	{ TEST_READ, 0, 100, 0, CST_INCORRECT_LENGTH, 100 },
	{ TEST_READ, CCW_SLI, 100, 0, 0, 100 },
	/* A block that is longer than the area */
	{ TEST_READ, 0, USER_AREA, USER_AREA, 0, 0 },
	{ TEST_READ, 0, USER_AREA, USER_AREA + 1, CST_INCORRECT_LENGTH, 0 },
};

static void residuals(void)
{
	unsigned int i;

	user_serve();
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		user_ccw(0, lengths[i].cmd, lengths[i].flags,
			 lengths[i].provided, USER_DATA);
		if (!user_start() || !user_fetch(lengths[i].cmd) ||
		    !user_answer(UNIT_ENDED, lengths[i].count) ||
		    !user_expect_end(DST_ENDED, lengths[i].cstat,
				     lengths[i].residual)) {
			ktap_note("row %u", i);
			break;
		}
	}
	user_over();
}

/*
 * A device that executes a command without asking for data, asks for some and moves
 * none, or refuses it, with and without L in the ORB, which has a part only in the
 * first case ("When the device has ended the command" in channel-programs.rst).
 */
static void immediate(void)
{
	static const struct {
		bool immediate;
		u8 status;
		u32 orb;
		u8 cstat;
	} rows[] = {
		{ true, UNIT_ENDED, 0, CST_INCORRECT_LENGTH },
		{ true, UNIT_ENDED, ORB_ILS, 0 },
		{ false, UNIT_ENDED, 0, CST_INCORRECT_LENGTH },
		{ false, UNIT_ENDED, ORB_ILS, CST_INCORRECT_LENGTH },
		{ false, UNIT_REFUSED, 0, 0 },
		{ false, UNIT_REFUSED, ORB_ILS, 0 },
	};
	struct kvm_css_answer answer;
	unsigned int i;

	user_serve();
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		user_ccw(0, TEST_SEEK, 0, 4, USER_DATA);
		user_start_orb(USER_SID, rows[i].orb);
		if (!user_fetch(TEST_SEEK))
			break;
		answer = unit_end(user_unit.command.seq, rows[i].status, 0);
		if (rows[i].immediate)
			answer.flags = KVM_CSS_ANSWER_IMMEDIATE;
		user_is(unit_exchange(&user_unit, 0, &answer), 0, "answer");
		if (!user_expect_end(rows[i].status, rows[i].cstat, 4))
			ktap_note("row %u", i);
	}
	user_over();
}

/*
 * I in the ORB asks for intermediate status when the first command has been accepted,
 * unless it is immediate or refused.
 */
static void initial_status(void)
{
	static const struct {
		u8 flags, status;
		u32 count, intermediate;
	} rows[] = {
		{ 0, UNIT_ENDED, 4, SCSW_SC_INTERMEDIATE },
		{ 0, UNIT_ENDED, 0, SCSW_SC_INTERMEDIATE },
		{ KVM_CSS_ANSWER_IMMEDIATE, UNIT_ENDED, 0, 0 },
		{ 0, UNIT_REFUSED, 0, 0 },
	};
	struct kvm_css_answer answer;
	struct irb irb;
	unsigned int i;

	user_serve();
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		user_ccw(0, TEST_SEEK, CCW_SLI, 4, USER_DATA);
		user_start_orb(USER_SID, ORB_INITIAL_STATUS);
		if (!user_fetch(TEST_SEEK))
			break;
		ktap_check(!(user_control() & SCSW_SC),
			   "row %u: control %04x before the answer", i,
			   user_control());
		answer = unit_end(user_unit.command.seq, rows[i].status,
				  rows[i].count);
		answer.flags = rows[i].flags;
		user_is(unit_exchange(&user_unit, 0, &answer), 0, "answer");
		if (user_until(SCSW_SC_PRIMARY) && user_status(USER_SID, &irb))
			ktap_check((irb.scsw.ctrl & SCSW_SC_INTERMEDIATE) ==
				   rows[i].intermediate &&
				   !!(irb.scsw.ctrl & SCSW_ZERO_CC) ==
				   !!rows[i].intermediate,
				   "row %u: control %08x", i, irb.scsw.ctrl);
	}
	user_over();
}

/* --- chains and lists --- */

static void data_chain(void)
{
	user_serve();
	fill(data(0), 300, 3);
	user_ccw(0, TEST_WRITE, CCW_CD, 100, USER_DATA + 200);
	user_ccw(1, 0, CCW_CD, 100, USER_DATA);
	user_ccw(2, 0, CCW_SLI, 100, USER_DATA + 100);
	if (user_start() && user_fetch(TEST_WRITE)) {
		expect_command(100, 300, KVM_CSS_CCW_CHAIN_DATA,
			       KVM_CSS_COMMAND_FIRST);
		expect_bytes(user_unit.area, data(200), 100, "first");
		expect_bytes(user_unit.area + 100, data(0), 200, "others");
		/* What the last CCW is, only the count in the answer says. */
		user_answer(UNIT_ENDED, 250);
		user_expect_end(DST_ENDED, 0, 50);
	}
	user_over();
}

static void read_skipped(void)
{
	user_serve();
	memset(data(0), 0xee, 300);
	user_ccw(0, TEST_READ, CCW_CD, 100, USER_DATA);
	user_ccw(1, 0, CCW_CD | CCW_SKIP, 50, NOWHERE);
	user_ccw(2, 0, 0, 100, USER_DATA + 100);
	if (user_start() && user_fetch(TEST_READ)) {
		fill(user_unit.area, 250, 7);
		user_answer(UNIT_ENDED, 250);
		user_expect_end(DST_ENDED, 0, 0);
		expect_bytes(data(0), user_unit.area, 100, "first");
		expect_bytes(data(100), user_unit.area + 150, 100, "last");
	}
	user_over();
}

/* Pages in no order, which begin in the middle of the first one */
static void put_idaws(u32 orb)
{
	u32 block = orb & ORB_IDAW_2K || !(orb & ORB_IDAW_FORMAT2) ? 2048 : PAGE;
	u32 i, addr;

	for (i = 0; i < BLOCKS; i++) {
		addr = USER_DATA + i * 5 % BLOCKS * PAGE + (i ? 0 : block / 2);
		if (orb & ORB_IDAW_FORMAT2)
			((u64 *)user_at(LIST))[i] = addr;
		else
			((u32 *)user_at(LIST))[i] = addr;
	}
}

/* Byte @at of the data as the list that put_idaws() has made gives them */
static u8 *indirect(u32 orb, u32 at)
{
	u32 block = orb & ORB_IDAW_2K || !(orb & ORB_IDAW_FORMAT2) ? 2048 : PAGE;

	at += block / 2;
	return data(at / block * 5 % BLOCKS * PAGE + at % block);
}

static void idaws_of(u32 orb, u32 len)
{
	u32 i;

	put_idaws(orb);
	fill(data(0), BLOCKS * PAGE, orb >> 16);
	user_ccw(0, TEST_WRITE, CCW_IDA | CCW_CC, len, LIST);
	user_ccw(1, TEST_READ, CCW_IDA, len, LIST);
	user_start_orb(USER_SID, orb);
	if (!user_fetch(TEST_WRITE))
		return;
	for (i = 0; i < len && user_unit.area[i] == *indirect(orb, i); i++)
		;
	ktap_check(i == len && user_unit.command.available == len,
		   "ORB %08x: byte %u, %u available", orb, i,
		   user_unit.command.available);
	if (!user_answer(UNIT_ENDED, len) || !user_fetch(TEST_READ))
		return;
	fill(user_unit.area, len, 0x77);
	user_answer(UNIT_ENDED, len);
	user_expect_end(DST_ENDED, 0, 0);
	for (i = 0; i < len && user_unit.area[i] == *indirect(orb, i); i++)
		;
	ktap_check(i == len, "ORB %08x: byte %u that was read", orb, i);
}

static void idaws(void)
{
	user_serve();
	idaws_of(0, 7000);
	idaws_of(ORB_IDAW_FORMAT2, 14000);
	idaws_of(ORB_IDAW_FORMAT2 | ORB_IDAW_2K, 7000);
	user_over();
}

static void midaws(void)
{
	struct midaw *list = user_at(LIST);

	user_serve();
	fill(data(0), 2 * PAGE, 2);
	memset(list, 0, 2 * sizeof(*list));
	list[0].count = 33;
	list[0].addr = USER_DATA + PAGE;
	list[1].count = 67;
	list[1].addr = USER_DATA;
	list[1].flags = MIDAW_LAST;
	user_ccw(0, TEST_WRITE, CCW_MIDA, 100, LIST);
	user_start_orb(USER_SID, ORB_MIDAW);
	if (user_fetch(TEST_WRITE)) {
		expect_command(100, 100, 0, KVM_CSS_COMMAND_FIRST);
		expect_bytes(user_unit.area, data(PAGE), 33, "first");
		expect_bytes(user_unit.area + 33, data(0), 67, "second");
		user_answer(UNIT_ENDED, 100);
		user_expect_end(DST_ENDED, 0, 0);
	}
	user_over();
}

/* --- data that aren't there --- */

/* Start a WRITE of two CCWs, of which the second one's data can't be fetched. */
static bool start_checked(u64 addr)
{
	user_ccw(0, TEST_WRITE, CCW_CD, 100, USER_DATA);
	user_ccw(1, 0, CCW_SLI, 100, addr);
	return user_start() && user_fetch(TEST_WRITE) &&
	       expect_command(100, 100, KVM_CSS_CCW_CHAIN_DATA,
			      KVM_CSS_COMMAND_FIRST | KVM_CSS_COMMAND_CHECK);
}

/* A device that doesn't ask for what fails doesn't fail, but uses one CCW of two. */
static void check_behind(void)
{
	user_serve();
	if (start_checked(NOWHERE)) {
		user_answer(UNIT_ENDED, 100);
		user_expect_end(DST_ENDED, CST_INCORRECT_LENGTH, 0);
	}
	if (start_checked(NOWHERE)) {
		user_answer(UNIT_ENDED, 101);
		user_expect_end(DST_ENDED, CST_PROGRAM_CHECK, 100);
	}
	user_over();
}

static void check_protected(void)
{
	u64 page = USER_DATA + PAGE;

	user_serve();
	/* Key 2, and fetching with another key is forbidden. */
	user_key(page, 0x28);
	user_ccw(0, TEST_WRITE, CCW_SLI, 200, page - 100);
	user_start_orb(USER_SID, ORB_KEY(1));
	if (user_fetch(TEST_WRITE) &&
	    expect_command(200, 100, KVM_CSS_CCW_SLI,
			   KVM_CSS_COMMAND_FIRST | KVM_CSS_COMMAND_CHECK)) {
		user_answer(UNIT_ENDED, 101);
		user_expect_end(DST_ENDED, CST_PROTECTION_CHECK, 100);
	}
	user_key(page, 0);
	user_over();
}

/* This program has key 1, as the first page.  The second one has another key. */
static void read_protected(void)
{
	u64 page = USER_DATA + PAGE;

	user_serve();
	user_key(USER_DATA, 0x10);
	user_key(page, 0x20);
	memset(data(PAGE), 0xee, 100);
	user_ccw(0, TEST_READ, CCW_SLI, 200, page - 100);
	user_start_orb(USER_SID, ORB_KEY(1));
	if (user_fetch(TEST_READ)) {
		fill(user_unit.area, 200, 3);
		user_answer(UNIT_ENDED, 200);
		user_expect_end(DST_ENDED, CST_PROTECTION_CHECK, 100);
		expect_bytes(data(PAGE - 100), user_unit.area, 100, "before");
		ktap_check(*data(PAGE) == 0xee, "byte behind it");
	}
	user_key(USER_DATA, 0);
	user_key(page, 0);
	user_over();
}

/* --- more data than there is room for --- */

static void more_than_room(void)
{
	user_serve();
	fill(data(0), USER_AREA + 100, 4);
	user_ccw(0, TEST_WRITE, 0, USER_AREA + 100, USER_DATA);
	if (user_start() && user_fetch(TEST_WRITE) &&
	    expect_command(USER_AREA + 100, USER_AREA, 0,
			   KVM_CSS_COMMAND_FIRST | KVM_CSS_COMMAND_MORE)) {
		expect_bytes(user_unit.area, data(0), USER_AREA, "area");
		user_answer(UNIT_ENDED, USER_AREA);
		user_expect_end(DST_ENDED, CST_INCORRECT_LENGTH, 100);
	}
	user_over();
}

static void many_ccws(void)
{
	u32 i;

	user_serve();
	fill(data(0), MANY, 4);
	for (i = 0; i < MANY; i++)
		user_ccw(i, TEST_WRITE, i < MANY - 1 ? CCW_CD : CCW_SLI, 1,
			 USER_DATA + i);
	if (user_start() && user_fetch(TEST_WRITE) &&
	    expect_command(1, MANY - 1, KVM_CSS_CCW_CHAIN_DATA,
			   KVM_CSS_COMMAND_FIRST | KVM_CSS_COMMAND_MORE)) {
		expect_bytes(user_unit.area, data(0), MANY - 1, "area");
		user_answer(UNIT_ENDED, 3);
		/* Three CCWs have been used, and one more isn't. */
		user_expect_end(DST_ENDED, CST_INCORRECT_LENGTH, 0);
	}
	user_over();
}

/* Guest storage is read once, when the command is issued. */
static void fetched_once(void)
{
	user_serve();
	fill(data(0), 100, 1);
	user_ccw(0, TEST_WRITE, CCW_CD, 50, USER_DATA);
	user_ccw(1, 0, 0, 50, USER_DATA + 50);
	if (user_start() && user_fetch(TEST_WRITE)) {
		/* The program changes while the device executes the command. */
		user_ccw(0, 0xff, 0xff, 0xffff, NOWHERE);
		user_ccw(1, 0xff, 0xff, 0xffff, NOWHERE);
		user_answer(UNIT_ENDED, 100);
		user_expect_end(DST_ENDED, 0, 0);
	}
	user_over();
}

const struct ktap_case user_data_cases[] = {
	{ "WRITE: the process gets the data, and the guest the status",
	  write_whole },
	{ "READ: the guest gets what is in the area", read_whole },
	{ "READ BACKWARD: the last byte first", read_backward },
	{ "residual count and incorrect length", residuals },
	{ "immediate operation, no data, refusal: incorrect length", immediate },
	{ "immediate operation, no data, refusal: initial status",
	  initial_status },
	{ "data chaining: the area has all of it", data_chain },
	{ "a CCW that skips data", read_skipped },
	{ "IDAWs of each kind", idaws },
	{ "MIDAWs", midaws },
	{ "a check counts if the device asks for the byte", check_behind },
	{ "fetch protection: what is before it is available", check_protected },
	{ "READ up to a protected page", read_protected },
	{ "more data than there is room for", more_than_room },
	{ "more CCWs than are copied ahead", many_ccws },
	{ "a program is fetched once", fetched_once },
};

const unsigned int user_data_nr = ARRAY_SIZE(user_data_cases);
