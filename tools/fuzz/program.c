// SPDX-License-Identifier: GPL-2.0
/* Making channel programs from the fuzzer's input, see program.h */
#include <linux/kernel.h>
#include <linux/string.h>

#include <kvm_css/ccw.h>

#include "program.h"

#define LISTS		0x2000u		/* IDAWs, MIDAWs */
#define LISTS_EDGE	0x2fe0u		/* across a page boundary */
#define PARAMETERS	0x3000u
#define RAW_MAX		16

/* The kinds of items; any other number ends the program */
enum item {
	ITEM_CCW, ITEM_CCW_AT, ITEM_TIC, ITEM_IDAW1, ITEM_IDAW2, ITEM_MIDAW,
	ITEM_RAW, ITEM_KEY, ITEM_PAGE, ITEM_EXTENT, ITEM_LOCATE, ITEM_FLOOD,
	ITEM_LATER, ITEM_CHAIN, ITEM_CKD, ITEMS
};

u32 program_address(struct fuzz_input *in)
{
	static const u32 bases[] = {
		0x4000, LISTS, PARAMETERS, 0xfff0, 0x1000,
		FAKE_STORAGE - FAKE_PAGE, FAKE_16M, FAKE_HIGH,
	};
	u8 which = take8(in);
	u32 offset = take8(in);

	if (which & 0x80)
		offset = offset << 8 | take8(in);
	/* The beginning of a list, aligned or nearly so */
	if (which & 0x40)
		offset <<= 4;
	return bases[which % ARRAY_SIZE(bases)] + offset;
}

u32 program_begin(u8 which)
{
	static const u32 begins[] = {
		0x1000, 0x1000, 0x1fc0, FAKE_STORAGE - 0x40,
		FAKE_16M + FAKE_PAGE - 0x40, FAKE_HIGH + FAKE_PAGE - 0x40,
		0x1004, 0x12345678,
	};

	return begins[which % ARRAY_SIZE(begins)];
}

static void put_ccw(struct fuzz_program *program, u8 at,
		    const struct css_ccw *ccw)
{
	struct css_ccw1 ccw1 = {
		.cmd = ccw->cmd,
		.flags = ccw->flags,
		.count = cpu_to_be16(ccw->count),
		.cda = cpu_to_be32(ccw->cda),
	};
	struct css_ccw0 ccw0 = {
		.cmd = ccw->cmd,
		.cda = { ccw->cda >> 16, ccw->cda >> 8, ccw->cda },
		.flags = ccw->flags,
		.count = cpu_to_be16(ccw->count),
	};
	u32 addr = program->begin + at * CCW_SIZE;

	if (program->orb_flags & ORB_FORMAT)
		fuzz_put(program->guest, addr, &ccw1, sizeof(ccw1));
	else
		fuzz_put(program->guest, addr, &ccw0, sizeof(ccw0));
}

static void item_ccw(struct fuzz_program *program, struct fuzz_input *in, u8 at)
{
	struct css_ccw ccw = { .cmd = take8(in) };

	ccw.flags = take8(in);
	/* Most counts are small; others are multiples of 8. */
	ccw.count = take8(in);
	if (ccw.count >= 0xe0)
		ccw.count = (ccw.count & 0x1f) << 11 | take8(in) << 3;
	ccw.cda = program_address(in);
	put_ccw(program, at, &ccw);
}

static void item_tic(struct fuzz_program *program, struct fuzz_input *in)
{
	u8 to = take8(in);
	struct css_ccw ccw = {
		.cmd = CCW_CMD_TIC,
		.cda = program->begin + to * CCW_SIZE,
	};

	put_ccw(program, program->next++, &ccw);
}

/* Lists are at one of two places, and their entries follow each other. */
static u32 list_at(struct fuzz_input *in, u32 size)
{
	u8 at = take8(in);

	return (at & 0x80 ? LISTS_EDGE : LISTS) + (at & 0x1f) * size;
}

static void item_idaw(struct fuzz_program *program, struct fuzz_input *in,
		      bool format2)
{
	u32 at = list_at(in, format2 ? sizeof(__be64) : sizeof(__be32));
	u8 high = format2 ? take8(in) : 0;
	u32 addr = program_address(in);
	__be64 idaw2 = cpu_to_be64((u64)(high >= 0xf0) << 31 | addr);
	__be32 idaw1 = cpu_to_be32(addr);

	if (format2)
		fuzz_put(program->guest, at, &idaw2, sizeof(idaw2));
	else
		fuzz_put(program->guest, at, &idaw1, sizeof(idaw1));
}

static void item_midaw(struct fuzz_program *program, struct fuzz_input *in)
{
	u32 at = list_at(in, sizeof(struct css_midaw));
	struct css_midaw midaw = { .flags = take8(in) };

	midaw.count = cpu_to_be16(take8(in));
	midaw.addr = cpu_to_be64(program_address(in));
	fuzz_put(program->guest, at, &midaw, sizeof(midaw));
}

static void item_raw(struct fuzz_program *program, struct fuzz_input *in)
{
	u32 addr = program_address(in);
	u8 len = 1 + take8(in) % RAW_MAX, i;
	u8 bytes[RAW_MAX];

	for (i = 0; i < len; i++)
		bytes[i] = take8(in);
	fuzz_put(program->guest, addr, bytes, len);
}

static void item_page(struct fuzz_program *program, struct fuzz_input *in,
		      u8 *table)
{
	u8 page = take8(in);

	table[page % FAKE_ALL_PAGES] = take8(in);
}

/* Store parameters of DEFINE EXTENT and LOCATE of an FBA DASD. */
static void item_extent(struct fuzz_program *program, struct fuzz_input *in)
{
	u32 at = PARAMETERS + 16 * (take8(in) & 7);
	u8 extent[16] = { take8(in), 0, 0x02, 0x00 };

	extent[7] = take8(in);
	extent[11] = take8(in);
	extent[15] = take8(in);
	fuzz_put(program->guest, at, extent, sizeof(extent));
}

static void item_locate(struct fuzz_program *program, struct fuzz_input *in)
{
	u32 at = PARAMETERS + 16 * (take8(in) & 7);
	u8 locate[8] = { take8(in) };

	locate[1] = take8(in);
	locate[3] = take8(in);
	locate[7] = take8(in);
	fuzz_put(program->guest, at, locate, sizeof(locate));
}

/* Store parameters of DEFINE EXTENT and LOCATE RECORD of a 3390. */
static void item_ckd(struct fuzz_program *program, struct fuzz_input *in)
{
	const u8 where = take8(in);
	const u32 at = PARAMETERS + 32 * (where & 7);
	u8 param[20] = { take8(in), 0xc0 };

	if (where & 0x80) {
		param[11] = take8(in);
	} else {
		param[1] = take8(in) & 0x81;
		param[3] = take8(in);
		param[7] = take8(in);
		param[11] = param[7];
		param[12] = take8(in);
		param[13] = 0xff;
		param[14] = take8(in);
	}
	param[15] = take8(in);
	param[17] = where & 0x40 ? take8(in) : 0;
	fuzz_put(program->guest, at, param, sizeof(param));
}

/*
 * Store parameters of a test control unit's commands that present status later.
 */
static void item_later(struct fuzz_program *program, struct fuzz_input *in)
{
	u32 at = PARAMETERS + 16 * (take8(in) & 7);
	u8 later[8] = { take8(in), 0x40 };

	later[2] = take8(in) & 1;
	later[6] = later[2] ? 0 : take8(in);
	fuzz_put(program->guest, at, later, sizeof(later));
}

/* Store more CCWs than a turn executes, with a TIC at their end. */
static void item_flood(struct fuzz_program *program, struct fuzz_input *in)
{
	struct css_ccw ccw = { .cmd = take8(in) };
	u32 n, i;

	ccw.flags = take8(in);
	n = 2 * take8(in);
	ccw.count = 1;
	ccw.cda = 0x4000;
	for (i = 0; i < n && program->next < 0xff; i++)
		put_ccw(program, program->next++, &ccw);
}

/*
 * Store CCWs that chain data, each of which goes on where the one before ends.
 * With the IDA flag, each has an IDAW.  One of them has other flags.
 */
static void item_chain(struct fuzz_program *program, struct fuzz_input *in)
{
	const u32 size = idaw_size(program->orb_flags);
	struct css_ccw ccw = { .cmd = take8(in) };
	u8 last = take8(in), n = take8(in) & 0x3f;
	u8 other = take8(in), change = take8(in);
	u32 addr, list = LISTS, i;
	__be64 idaw2;
	__be32 idaw1;

	ccw.count = take8(in) << 3;
	addr = program_address(in);
	for (i = 0; i < n; i++) {
		ccw.flags = last | (i + 1 < n ? CCW_CD : 0);
		ccw.cda = addr;
		if (ccw.flags & CCW_IDA) {
			idaw2 = cpu_to_be64(addr);
			idaw1 = cpu_to_be32(addr);
			if (size == sizeof(idaw2))
				fuzz_put(program->guest, list, &idaw2, size);
			else
				fuzz_put(program->guest, list, &idaw1, size);
			ccw.cda = list;
			list += size;
		}
		if (i == other)
			ccw.flags ^= change;
		put_ccw(program, program->next++, &ccw);
		addr += ccw.count;
	}
}

bool program_item(struct fuzz_program *program, struct fuzz_input *in)
{
	u8 item = take8(in);

	if (!in->left)
		return false;
	switch (item & 0x0f) {
	case ITEM_CCW:
		item_ccw(program, in, program->next++);
		return true;
	case ITEM_CCW_AT:
		item_ccw(program, in, take8(in));
		return true;
	case ITEM_TIC:
		item_tic(program, in);
		return true;
	case ITEM_IDAW1:
	case ITEM_IDAW2:
		item_idaw(program, in, (item & 0x0f) == ITEM_IDAW2);
		return true;
	case ITEM_MIDAW:
		item_midaw(program, in);
		return true;
	case ITEM_RAW:
		item_raw(program, in);
		return true;
	case ITEM_KEY:
		item_page(program, in, program->guest->keys);
		return true;
	case ITEM_PAGE:
		item_page(program, in, program->guest->pages);
		return true;
	case ITEM_EXTENT:
		item_extent(program, in);
		return true;
	case ITEM_LOCATE:
		item_locate(program, in);
		return true;
	case ITEM_FLOOD:
		item_flood(program, in);
		return true;
	case ITEM_LATER:
		item_later(program, in);
		return true;
	case ITEM_CHAIN:
		item_chain(program, in);
		return true;
	case ITEM_CKD:
		item_ckd(program, in);
		return true;
	}
	return false;
}
