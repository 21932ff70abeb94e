// SPDX-License-Identifier: GPL-2.0
/* Channel programs: storage keys */
#include "prog_tests.h"

#define PAGE			4096u

/* Storage key: access-control bits and fetch protection */
#define KEY(acc)		((acc) << 4)
#define KEY_FETCH		0x08
#define KEY_MASK		0xf8

/* Pages for the data of the tests, and a page for CCWs and IDAWs */
#define DATA			IN
#define CONTROL			((u8 *)0x380000ul)

static void set_key(void *page, u64 key)
{
	asm volatile("sske %0,%1" : : "d" (key), "a" (page) : "memory");
}

static u64 get_key(void *page)
{
	u64 key = 0;

	asm volatile("iske %0,%1" : "+d" (key) : "a" (page));
	return key & KEY_MASK;
}

static void read(u32 key, u32 len)
{
	prog[0] = CCW(TEST_READ, CCW_SLI, len, DATA);
	prog_ends(ORB_KEY(key), DST_ENDED, 0, (u64)&prog[1], 0);
}

static void write(u32 key, u32 len)
{
	prog[0] = CCW(TEST_WRITE, CCW_SLI, len, DATA);
	prog_ends(ORB_KEY(key), DST_ENDED, 0, (u64)&prog[1], 0);
}

/* Expect a protection check, with @left bytes not moved. */
static void protected(u8 cmd, u32 key, u32 len, u16 left)
{
	prog[0] = CCW(cmd, CCW_SLI, len, DATA);
	prog_ends(ORB_KEY(key), DST_ENDED, CST_PROTECTION_CHECK, (u64)&prog[1],
		  left);
}

/*
 * This must be the first test: KVM keeps no storage keys before a guest has set
 * one.
 */
static void before_keys(void)
{
	u32 key;

	prog_kernel_only();
	memset(DATA, 0xee, 64);
	for (key = 1; key < 16; key++) {
		protected(TEST_READ, key, 64, 64);
		write(key, 64);
	}
	EXPECT_EQ(DATA[0], 0xee);
	EXPECT_EQ(DATA[63], 0xee);
	read(0, 64);
	write(0, 64);
}

static void set_and_get(void)
{
	u32 key;

	prog_kernel_only();
	for (key = 0; key < 16; key++) {
		set_key(DATA, KEY(key));
		EXPECT_EQ(get_key(DATA), KEY(key));
		set_key(DATA, KEY(key) | KEY_FETCH);
		EXPECT_EQ(get_key(DATA), KEY(key) | KEY_FETCH);
	}
	set_key(DATA, 0);
	EXPECT_EQ(get_key(DATA), 0);
}

/*
 * Try each key of a page with key 0 of the ORB, with the same key, and with
 * others.
 */
static void all_keys(void)
{
	u32 page, i;

	prog_kernel_only();
	for (page = 0; page < 16; page++) {
		const u32 keys[] = { 0, page, page ^ 1, page ^ 8 };

		set_key(DATA, KEY(page));
		for (i = 0; i < ARRAY_SIZE(keys); i++) {
			const u32 key = keys[i];

			write(key, 32);
			if (!key || key == page)
				read(key, 32);
			else
				protected(TEST_READ, key, 32, 32);
		}
		set_key(DATA, KEY(page) | KEY_FETCH);
		for (i = 0; i < ARRAY_SIZE(keys); i++) {
			const u32 key = keys[i];

			if (!key || key == page) {
				read(key, 32);
				write(key, 32);
			} else {
				protected(TEST_READ, key, 32, 32);
				protected(TEST_WRITE, key, 32, 32);
			}
		}
	}
	set_key(DATA, 0);
}

static void second_page(void)
{
	prog_kernel_only();
	set_key(DATA, KEY(5) | KEY_FETCH);
	set_key(DATA + PAGE, KEY(6) | KEY_FETCH);
	set_key(DATA + 2 * PAGE, KEY(5) | KEY_FETCH);
	memset(DATA, 0xee, 3 * PAGE);
	protected(TEST_READ, 5, PAGE + 100, 100);
	protected(TEST_WRITE, 5, PAGE + 100, 100);
	EXPECT_EQ(DATA[PAGE], 0xee);
	read(0, 3 * PAGE);
	/* Only the pages with data count, not those beside them. */
	prog[0] = CCW(TEST_READ, CCW_CD, PAGE, DATA);
	prog[1] = CCW(0, CCW_CD | CCW_SKIP, PAGE, DATA + PAGE);
	prog[2] = CCW(0, 0, PAGE, DATA + 2 * PAGE);
	prog_ends(ORB_KEY(5), DST_ENDED, 0, (u64)&prog[3], 0);
	set_key(DATA, 0);
	set_key(DATA + PAGE, 0);
	set_key(DATA + 2 * PAGE, 0);
}

static void ccws(void)
{
	struct ccw1 *at = (struct ccw1 *)CONTROL;

	prog_kernel_only();
	prog[0] = CCW(TEST_NOP, CCW_SLI | CCW_CC, 1, 0);
	prog[1] = CCW(CCW_TIC, 0, 0, at);
	at[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	/*
	 * Without fetch protection, a program with any key may fetch these
	 * CCWs.
	 */
	set_key(CONTROL, KEY(5));
	prog_ends(ORB_KEY(6), DST_ENDED, 0, (u64)&at[1], 1);
	set_key(CONTROL, KEY(5) | KEY_FETCH);
	prog_ends(ORB_KEY(5), DST_ENDED, 0, (u64)&at[1], 1);
	prog_ends(0, DST_ENDED, 0, (u64)&at[1], 1);
	/*
	 * The TIC leads to the protected CCW, and the CCW address stored is the
	 * TIC's.
	 */
	prog_ends(ORB_KEY(6), 0, CST_PROTECTION_CHECK, (u64)&prog[2], 0);
	set_key(CONTROL, 0);
}

static void first_ccw(void)
{
	struct ccw1 *at = (struct ccw1 *)CONTROL;
	struct irb irb __aligned(4);
	struct orb orb __aligned(4);

	prog_kernel_only();
	at[0] = CCW(TEST_NOP, CCW_SLI, 1, 0);
	set_key(CONTROL, KEY(5) | KEY_FETCH);
	chan_orb(&orb, at);
	orb.flags |= ORB_KEY(6);
	EXPECT_EQ(ssch(PROG_SID, &orb), CC_DONE);
	chan_finish(PROG_SID, &irb);
	set_key(CONTROL, 0);
	EXPECT_EQ(irb.scsw.cstat, CST_PROTECTION_CHECK);
	EXPECT_EQ(irb.scsw.dstat, 0);
	EXPECT_EQ(irb.scsw.cpa, (u64)&at[1]);
	EXPECT_EQ(irb.scsw.ctrl >> 28, 6);
}

static void idaws(void)
{
	u32 *list = (u32 *)CONTROL;

	prog_kernel_only();
	list[0] = (u32)(u64)DATA;
	prog[0] = CCW(TEST_WRITE, CCW_IDA | CCW_SLI, 32, list);
	set_key(CONTROL, KEY(5));
	prog_ends(ORB_KEY(6), DST_ENDED, 0, (u64)&prog[1], 0);
	set_key(CONTROL, KEY(5) | KEY_FETCH);
	prog_ends(ORB_KEY(5), DST_ENDED, 0, (u64)&prog[1], 0);
	prog_ends(ORB_KEY(6), DST_ENDED, CST_PROTECTION_CHECK, (u64)&prog[1],
		  32);
	set_key(CONTROL, 0);
}

static void skipped(void)
{
	prog_kernel_only();
	set_key(DATA, KEY(5) | KEY_FETCH);
	prog[0] = CCW(TEST_READ, CCW_SKIP, 32, DATA);
	prog_ends(ORB_KEY(6), DST_ENDED, 0, (u64)&prog[1], 0);
	set_key(DATA, 0);
}

static const struct test tests[] = {
	{ "before any key is set: others than key 0 may fetch, not store",
	  before_keys },
	{ "storage keys that are set are there", set_and_get },
	{ "every key of a page, with the same one of the ORB and others",
	  all_keys },
	{ "data across pages of other keys: protection check there",
	  second_page },
	{ "CCWs that the key may not fetch: protection check", ccws },
	{ "first CCW that the key may not fetch: protection check",
	  first_ccw },
	{ "IDAWs that the key may not fetch: protection check", idaws },
	{ "skipped data meet no key", skipped },
};

const struct test_group prog_key_group = { tests, ARRAY_SIZE(tests) };
