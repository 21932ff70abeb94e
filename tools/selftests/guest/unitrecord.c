// SPDX-License-Identifier: GPL-2.0
/*
 * A card reader and a printer of the host's.  Their channel programs are those of
 * no driver: data chaining, indirect data, and all kinds of lengths.
 *
 * What is on the cards and what must have been printed is in tools/lab/lent.py,
 * which compares the printer's file when the host has ended.
 *
 * Commands and status: IBM 2821 Component Description, GA24-3312.
 */
#include "chan.h"
#include "unitrecord.h"

#define ISC			3
#define CARD			80
#define PRINT_AND_SPACE		0x09
#define SPACE_AT_ONCE		0x0b
#define READ_CARD		0x02
#define SENSE			0x04
#define SENSE_ID		0xe4
#define SENSE_INTERVENTION	0x40
#define PATIENCE_MS		20000

static struct ccw1 prog[8] __aligned(8);
static u8 data[3 * CARD] __aligned(8);
static u8 sense[8] __aligned(8);
/* A line that begins in front of a page boundary */
static u8 pages[2 * 4096] __aligned(4096);
static u32 idaws[2] __aligned(8);

/* Small letters, digits, blanks and hyphens in EBCDIC */
static u8 ebcdic(char c)
{
	if (c >= 'a' && c <= 'i')
		return 0x81 + c - 'a';
	if (c >= 'j' && c <= 'r')
		return 0x91 + c - 'j';
	if (c >= 's' && c <= 'z')
		return 0xa2 + c - 's';
	if (c >= '0' && c <= '9')
		return 0xf0 + c - '0';
	return c == '-' ? 0x60 : 0x40;
}

/* Return: its length. */
static u16 text(u8 *to, const char *from)
{
	u16 len = 0;

	for (; from[len]; len++)
		to[len] = ebcdic(from[len]);
	return len;
}

static void reset(void)
{
	chan_clear(READER_SID);
	chan_clear(PRINTER_SID);
	memset(data, 0, sizeof(data));
	memset(prog, 0, sizeof(prog));
	io_mask(0);
}

static void enable(u32 sid)
{
	chan_enable(sid, ISC, 0);
	io_mask(0xff);
}

static void ends(const struct irb *irb, u8 dstat, u8 cstat, u16 count)
{
	EXPECT_EQ(irb->scsw.dstat, dstat);
	EXPECT_EQ(irb->scsw.cstat, cstat);
	EXPECT_EQ(irb->scsw.count, count);
}

static void is_card(const u8 *card, const char *what)
{
	u8 expected[CARD];

	memset(expected, ebcdic(' '), sizeof(expected));
	text(expected, what);
	EXPECT_EQ(memcmp(card, expected, sizeof(expected)), 0);
}

static void identified(u32 sid, u16 cu, u16 device)
{
	enable(sid);
	prog[0] = CCW(SENSE_ID, CCW_SLI, 7, data);
	chan_ok(sid, prog);
	EXPECT_EQ(data[0], 0xff);
	EXPECT_EQ(data[1] << 8 | data[2], cu);
	EXPECT_EQ(data[4] << 8 | data[5], device);
}

static void identities(void)
{
	identified(READER_SID, 0x2821, 0x3505);
	identified(PRINTER_SID, 0x2821, 0x1403);
}

static void printed(void)
{
	u16 one = text(data, "kvm-css line 1");
	u16 two = text(data + CARD, "kvm-css line 2");

	enable(PRINTER_SID);
	prog[0] = CCW(PRINT_AND_SPACE, CCW_CC, one, data);
	prog[1] = CCW(PRINT_AND_SPACE, 0, two, data + CARD);
	chan_ok(PRINTER_SID, prog);
}

/* One line out of three areas, of which one is in two pages */
static void chained(void)
{
	u8 *across = pages + 4096 - 4;
	struct irb irb __aligned(4);

	enable(PRINTER_SID);
	text(data, "kvm-css ");
	text(across, "line 3 of ");
	text(data + CARD, "three areas");
	idaws[0] = (u32)(u64)across;
	idaws[1] = (u32)(u64)(pages + 4096);
	prog[0] = CCW(PRINT_AND_SPACE, CCW_CD, 8, data);
	prog[1] = CCW(0, CCW_CD | CCW_IDA, 10, idaws);
	prog[2] = CCW(0, 0, 11, data + CARD);
	chan_run(PRINTER_SID, prog, &irb);
	ends(&irb, DST_ENDED, 0, 0);
}

/* A program without data: its address in status is that behind its last CCW. */
static void spaced(void)
{
	struct irb irb __aligned(4);

	enable(PRINTER_SID);
	prog[0] = CCW(SPACE_AT_ONCE, CCW_CC | CCW_SLI, 1, data);
	prog[1] = CCW(SPACE_AT_ONCE, CCW_SLI, 1, data);
	chan_run(PRINTER_SID, prog, &irb);
	EXPECT_EQ(irb.scsw.dstat, DST_ENDED);
	EXPECT_EQ(irb.scsw.cpa, (u32)(u64)(prog + 2));
}

static void rejected(void)
{
	struct irb irb __aligned(4);

	enable(PRINTER_SID);
	prog[0] = CCW(READ_CARD, CCW_SLI, CARD, data);
	chan_run(PRINTER_SID, prog, &irb);
	EXPECT_EQ(irb.scsw.dstat & DST_UNIT_CHECK, DST_UNIT_CHECK);
	EXPECT_EQ(irb.scsw.cpa, (u32)(u64)(prog + 1));
	prog[0] = CCW(SENSE, CCW_SLI, 1, sense);
	chan_ok(PRINTER_SID, prog);
	EXPECT_EQ(sense[0] & SENSE_COMMAND_REJECT, SENSE_COMMAND_REJECT);
}

static void cards(void)
{
	struct irb irb __aligned(4);

	enable(READER_SID);
	/* A card in one piece, with room behind it */
	prog[0] = CCW(READ_CARD, CCW_SLI, CARD + 20, data);
	chan_run(READER_SID, prog, &irb);
	ends(&irb, DST_ENDED, 0, 20);
	is_card(data, "kvm-css card 1");
	/* One in two pieces, and of the next one only the beginning */
	prog[0] = CCW(READ_CARD, CCW_CC | CCW_CD, 10, data);
	prog[1] = CCW(0, CCW_CC, CARD - 10, data + CARD);
	prog[2] = CCW(READ_CARD, 0, 14, data + 2 * CARD);
	chan_run(READER_SID, prog, &irb);
	ends(&irb, DST_ENDED, CST_INCORRECT_LENGTH, 0);
	EXPECT_EQ(irb.scsw.cpa, (u32)(u64)(prog + 3));
	memcpy(data + 10, data + CARD, CARD - 10);
	is_card(data, "kvm-css card 2");
	memset(data, ebcdic(' '), CARD);
	memcpy(data, data + 2 * CARD, 14);
	is_card(data, "kvm-css card 3");
}

/* The reader is empty; then it isn't any more, and says so by itself. */
static void refilled(void)
{
	struct irb irb __aligned(4);
	struct io_int io;

	enable(READER_SID);
	prog[0] = CCW(READ_CARD, 0, CARD, data);
	chan_run(READER_SID, prog, &irb);
	EXPECT_EQ(irb.scsw.dstat & DST_UNIT_CHECK, DST_UNIT_CHECK);
	prog[0] = CCW(SENSE, CCW_SLI, 1, sense);
	chan_ok(READER_SID, prog);
	EXPECT_EQ(sense[0], SENSE_INTERVENTION);
	hypercall(HC_THEME, UNITRECORD_CALL_CARDS, 0, 0);
	EXPECT(io_wait(&io, PATIENCE_MS));
	EXPECT_EQ(io.sid, READER_SID);
	EXPECT_EQ(tsch(READER_SID, &irb), CC_DONE);
	EXPECT_EQ(irb.scsw.ctrl & SCSW_CONTROL,
		  SCSW_SC_ALERT | SCSW_SC_PENDING);
	EXPECT_EQ(irb.scsw.dstat, DST_DEVICE_END);
	prog[0] = CCW(READ_CARD, 0, CARD, data);
	chan_ok(READER_SID, prog);
	is_card(data, "kvm-css card 4");
}

/* The host has the printer again, whatever it was doing, and lends it once more. */
static void returned(void)
{
	EXPECT_EQ(hypercall(HC_THEME, UNITRECORD_CALL_RETURN, 0, 0), 0);
	identified(PRINTER_SID, 0x2821, 0x1403);
}

/* Start a program that is suspended. */
static void suspend(void)
{
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);

	enable(PRINTER_SID);
	prog[0] = CCW(SENSE_ID, CCW_CC | CCW_SLI, 7, data);
	prog[1] = CCW(SENSE_ID, CCW_SLI | CCW_SUSPEND, 7, data);
	chan_orb(&orb, prog);
	orb.flags |= ORB_SUSPEND;
	EXPECT_EQ(ssch(PRINTER_SID, &orb), CC_DONE);
	chan_until_pending(PRINTER_SID);
	EXPECT_EQ(tsch(PRINTER_SID, &irb), CC_DONE);
	EXPECT_EQ(irb.scsw.ctrl & SCSW_AC_SUSPENDED, SCSW_AC_SUSPENDED);
}

static void returned_suspended(void)
{
	suspend();
	returned();
}

static void returned_cleared(void)
{
	struct irb irb __aligned(4);

	suspend();
	EXPECT_EQ(csch(PRINTER_SID), CC_DONE);
	chan_until_pending(PRINTER_SID);
	EXPECT_EQ(tsch(PRINTER_SID, &irb), CC_DONE);
	returned();
}

static void returned_halting(void)
{
	struct orb orb __aligned(4);
	int i;

	for (i = 0; i < 3; i++) {
		enable(PRINTER_SID);
		prog[0] = CCW(SENSE_ID, CCW_SLI, 7, data);
		chan_orb(&orb, prog);
		EXPECT_EQ(ssch(PRINTER_SID, &orb), CC_DONE);
		hsch(PRINTER_SID);
		returned();
	}
}

static const struct test tests[] = {
	{ "SENSE ID is that of the host's devices", identities },
	{ "two lines are printed by one program", printed },
	{ "a line out of areas and pages is printed", chained },
	{ "immediate commands: the CCW address is the guest's", spaced },
	{ "a command that the printer hasn't got is rejected", rejected },
	{ "cards arrive: residual counts and incorrect length", cards },
	{ "an empty reader; device end when there are cards", refilled },
	{ "given back with a suspended program", returned_suspended },
	{ "given back after CSCH of a suspended program", returned_cleared },
	{ "given back when it was halted as soon as it was started",
	  returned_halting },
};

static const struct test_group group = { tests, ARRAY_SIZE(tests) };
const struct test_group *const test_groups[] = { &group, NULL };

void (*const test_reset)(void) = reset;
