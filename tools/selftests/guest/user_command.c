// SPDX-License-Identifier: GPL-2.0
/* Commands that a process executes, and their data */
#include "user_tests.h"

static void unserved(void)
{
	user_enable();
	user_start(TEST_SENSE_ID, 0, 7, user_data);
	user_expect_ended(0);
	EXPECT_EQ(user_data[1] << 8 | user_data[2], USER_CU_TYPE);
	EXPECT_EQ(user_data[4] << 8 | user_data[5], USER_DEV_TYPE);
	user_start(TEST_NOP, CCW_SLI, 1, user_data);
	user_expect_ended(1);
	user_start(USER_READ, 0, 8, user_data);
	user_expect(SCSW_FC_START | SCSW_SC_ALERT | USER_ENDED, DST_UNIT_CHECK, 0,
		    8);
	user_expect_sense(SENSE_INTERVENTION, 0, 0);
}

static void write_read(void)
{
	user_serve();
	user_expect_usable();
	user_start(USER_READ, CCW_SLI, 256, user_data + 256);
	user_expect_ended(256 - 64);
}

static void sense_id(void)
{
	user_serve();
	user_start(TEST_SENSE_ID, 0, 7, user_data);
	user_expect_ended(0);
	EXPECT_EQ(user_data[0], 0xff);
	EXPECT_EQ(user_data[6], 2);
	/* The kernel has answered it. */
	user_expect_usable();
	user_must(USER_CALL_TAKEN, 2);
}

static void backward(void)
{
	u32 i;

	user_serve();
	user_expect_usable();
	memset(user_data + 512, 0, 64);
	user_start(USER_READ_BACKWARD, 0, 64, user_data + 512 + 63);
	user_expect_ended(0);
	for (i = 0; i < 64; i++)
		EXPECT_EQ(user_data[512 + 63 - i], user_data[i]);
}

static void data_chained(void)
{
	u32 i;

	user_serve();
	for (i = 0; i < 96; i++)
		user_data[i] = i + 1;
	user_prog[0] = CCW(USER_WRITE, CCW_CD, 32, user_data + 64);
	user_prog[1] = CCW(0, CCW_CD, 32, user_data);
	user_prog[2] = CCW(0, CCW_CC, 32, user_data + 32);
	user_prog[3] = CCW(USER_READ, CCW_CD, 48, user_data + 1024);
	user_prog[4] = CCW(0, 0, 48, user_data + 1024 + 48);
	chan_start(USER_SID, user_prog);
	user_expect_ended(0);
	EXPECT_EQ(memcmp(user_data + 1024, user_data + 64, 32), 0);
	EXPECT_EQ(memcmp(user_data + 1024 + 32, user_data, 64), 0);
}

static void half(void)
{
	user_serve();
	user_start(USER_HALF, 0, 64, user_data);
	user_expect(USER_CHECKED, DST_ENDED, CST_INCORRECT_LENGTH, 32);
	user_start(USER_HALF, CCW_SLI, 64, user_data);
	user_expect_ended(32);
	user_prog[0] = CCW(USER_HALF, CCW_CD, 16, user_data);
	user_prog[1] = CCW(0, CCW_CD | CCW_SLI, 64, user_data);
	user_prog[2] = CCW(0, CCW_SLI, 16, user_data);
	chan_start(USER_SID, user_prog);
	user_expect(USER_CHECKED, DST_ENDED, CST_INCORRECT_LENGTH, 32);
}

static void check_behind(void)
{
	user_serve();
	/* The second area lies behind all storage. */
	user_prog[0] = CCW(USER_WRITE, CCW_CD, 16, user_data);
	user_prog[1] = CCW(0, 0, 16, 0x7ffff000);
	chan_start(USER_SID, user_prog);
	user_expect(USER_CHECKED, DST_ENDED, CST_PROGRAM_CHECK, 16);
	user_prog[0] = CCW(USER_HALF, CCW_CD, 16, user_data);
	chan_start(USER_SID, user_prog);
	/* The device has asked for the first 8 bytes only. */
	user_expect(USER_CHECKED, DST_ENDED, CST_INCORRECT_LENGTH, 8);
}

static void immediate(void)
{
	user_serve();
	user_start(USER_CONTROL, CCW_SLI, 1, user_data);
	user_expect_ended(1);
	user_start(USER_MARK, 0, 8, user_data);
	user_expect(USER_CHECKED, DST_ENDED | DST_UNIT_EXCEPTION,
		    CST_INCORRECT_LENGTH, 8);
}

static void sense(void)
{
	user_serve();
	user_start(USER_CHECK, CCW_SLI, 1, user_data);
	user_expect(USER_CHECKED, USER_CHECK_STATUS, 0, 1);
	user_expect_sense(USER_SENSE0, USER_SENSE1, 30);
	user_start(0xff, CCW_SLI, 1, user_data);
	user_expect(USER_CHECKED, DST_UNIT_CHECK, 0, 1);
	user_expect_sense(0x80, 0, 30);
}

/* More than an instruction may move on the vCPU */
static void many(void)
{
	u32 i;

	user_serve();
	for (i = 0; i < times(300, 30); i++)
		user_expect_usable();
	user_must(USER_CALL_TAKEN, 2 * i);
}

static const struct test tests[] = {
	{ "no process: SENSE ID, NOP, and intervention required", unserved },
	{ "a process takes data and gives them back", write_read },
	{ "SENSE ID is the kernel's", sense_id },
	{ "read backward: the first byte is the highest", backward },
	{ "data that are chained, in both directions", data_chained },
	{ "the device asks for a part of the data: count, incorrect length",
	  half },
	{ "a check behind the data that the device asks for is none",
	  check_behind },
	{ "an immediate operation, and one that has no data", immediate },
	{ "unit check: the process's sense bytes, as many as it has", sense },
	{ "many commands", many },
};

const struct test_group user_command_group = { tests, ARRAY_SIZE(tests) };
