// SPDX-License-Identifier: GPL-2.0
/* A teletype that a program models with libcss-user, see user-devices.rst. */
#include "chan.h"
#include "teletype.h"

#define ISC		3
#define INTPARM		0x00facade	/* of the PMCW, for unsolicited status */
#define ROOM		80

static u8 data[ROOM] __aligned(8);
static struct ccw1 prog[1] __aligned(8);

static u64 host(u64 what)
{
	return hypercall(HC_THEME, what, 0, 0);
}

static void reset(void)
{
	EXPECT_EQ(host(TTY_CALL_RESET), 0);
	chan_clear(TTY_SID);
	memset(data, 0, sizeof(data));
}

/* Take the interruption of the subchannel. */
static const struct irb *interruption(void)
{
	static struct irb irb __aligned(4);
	struct io_int io;

	EXPECT(io_wait(&io, 20000));
	EXPECT_EQ(io.sid, TTY_SID);
	EXPECT_EQ(tsch(TTY_SID, &irb), CC_DONE);
	return &irb;
}

static void unsolicited(u8 dstat)
{
	const struct irb *irb = interruption();

	EXPECT_EQ(irb->scsw.ctrl & SCSW_CONTROL,
		  SCSW_SC_ALERT | SCSW_SC_PENDING);
	EXPECT_EQ(irb->scsw.dstat, dstat);
}

static void enable(void)
{
	chan_enable(TTY_SID, ISC, INTPARM);
	io_mask(0xff);
}

/* Start the program, and wait until the teletype is ready. */
static void begin(void)
{
	enable();
	EXPECT_EQ(host(TTY_CALL_START), 0);
	unsolicited(DST_DEVICE_END);
}

static void expect_end(const struct irb *irb, u8 dstat, u32 count)
{
	EXPECT_EQ(irb->scsw.dstat, dstat);
	EXPECT_EQ(irb->scsw.cstat, 0);
	EXPECT_EQ(irb->scsw.count, count);
}

static void start_read(void)
{
	prog[0] = CCW(TTY_CMD_READ, CCW_SLI, sizeof(data), data);
	chan_start(TTY_SID, prog);
}

/* The READ has got what was typed. */
static void expect_line(void)
{
	struct irb irb __aligned(4);

	chan_finish(TTY_SID, &irb);
	expect_end(&irb, DST_ENDED, sizeof(data) - (sizeof(TTY_LINE) - 1));
	EXPECT_EQ(memcmp(data, TTY_LINE, sizeof(TTY_LINE) - 1), 0);
}

static void expect_sense(u8 sense)
{
	prog[0] = CCW(TEST_SENSE, CCW_SLI, 1, data);
	chan_ok(TTY_SID, prog);
	EXPECT_EQ(data[0], sense);
}

static void sense_id(void)
{
	prog[0] = CCW(TEST_SENSE_ID, CCW_SLI, 7, data);
	chan_ok(TTY_SID, prog);
	EXPECT_EQ(data[0], 0xff);
	EXPECT_EQ(data[1] << 8 | data[2], TTY_CU_TYPE);
	EXPECT_EQ(data[3], TTY_CU_MODEL);
}

static void identified(void)
{
	enable();
	sense_id();
	EXPECT_EQ(host(TTY_CALL_START), 0);
	unsolicited(DST_DEVICE_END);
	memset(data, 0, sizeof(data));
	sense_id();
}

static void written(void)
{
	static const char text[] __aligned(8) = TTY_TEXT;

	prog[0] = CCW(TTY_CMD_WRITE, 0, sizeof(text) - 1, text);
	chan_ok(TTY_SID, prog);
	EXPECT_EQ(host(TTY_CALL_PRINTED), 0);
}

static void write_is_printed(void)
{
	begin();
	written();
}

static void nothing_to_do(void)
{
	begin();
	prog[0] = CCW(TTY_CMD_NOOP, CCW_SLI, 1, data);
	chan_ok(TTY_SID, prog);
}

static void read_waits(void)
{
	begin();
	start_read();
	chan_quiet();
	EXPECT_EQ(host(TTY_CALL_TYPE), 0);
	expect_line();
}

static void attention(void)
{
	begin();
	EXPECT_EQ(host(TTY_CALL_TYPE), 0);
	unsolicited(DST_ATTENTION);
	start_read();
	expect_line();
}

static void halted(void)
{
	const struct irb *irb;

	begin();
	start_read();
	chan_quiet();
	EXPECT_EQ(hsch(TTY_SID), CC_DONE);
	irb = interruption();
	EXPECT_EQ(irb->scsw.ctrl & SCSW_FC, SCSW_FC_START | SCSW_FC_HALT);
	expect_end(irb, DST_ENDED, sizeof(data));
	written();
}

/* What is typed when the READ is over waits for the next one. */
static void cleared(void)
{
	const struct irb *irb;

	begin();
	start_read();
	chan_quiet();
	EXPECT_EQ(csch(TTY_SID), CC_DONE);
	irb = interruption();
	EXPECT_EQ(irb->scsw.ctrl & SCSW_FC, SCSW_FC_CLEAR);
	EXPECT_EQ(host(TTY_CALL_TYPE), 0);
	unsolicited(DST_ATTENTION);
	start_read();
	expect_line();
}

static void rejected(void)
{
	struct irb irb __aligned(4);

	begin();
	prog[0] = CCW(0x2f, CCW_SLI, 1, data);
	chan_run(TTY_SID, prog, &irb);
	EXPECT_EQ(irb.scsw.dstat, DST_UNIT_CHECK);
	expect_sense(SENSE_COMMAND_REJECT);
	written();
}

#define SENSE_INTERVENTION	0x40

static void died(void)
{
	struct irb irb __aligned(4);

	begin();
	start_read();
	chan_quiet();
	EXPECT_EQ(host(TTY_CALL_KILL), 0);
	chan_finish(TTY_SID, &irb);
	expect_end(&irb, DST_ENDED | DST_UNIT_CHECK, sizeof(data));
	expect_sense(SENSE_INTERVENTION);
	EXPECT_EQ(host(TTY_CALL_START), 0);
	unsolicited(DST_DEVICE_END);
	written();
}

static void gone(void)
{
	struct schib schib __aligned(4);

	begin();
	EXPECT_EQ(host(TTY_CALL_REMOVE), 0);
	EXPECT_EQ(stsch(TTY_SID, &schib), CC_NOT_OPERATIONAL);
}

static const struct test tests[] = {
	{ "SENSE ID is what ADD was given, with the program and without",
	  identified },
	{ "WRITE is printed", write_is_printed },
	{ "NO-OPERATION ends", nothing_to_do },
	{ "READ waits until something is typed", read_waits },
	{ "attention tells that something is typed", attention },
	{ "HSCH ends a READ that waits", halted },
	{ "CSCH ends a READ that waits, and the next line is kept", cleared },
	{ "other commands are rejected", rejected },
	{ "the program dies during READ, and another one goes on", died },
	{ "REMOVE ends the program", gone },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = reset;
