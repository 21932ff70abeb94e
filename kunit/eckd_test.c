// SPDX-License-Identifier: GPL-2.0
/*
 * 3390: which commands it accepts, in which order, and what it says of itself.
 * Documentation/eckd.rst has the rules; each table says where they are from.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/ccw.h>

#include "eckd_case.h"

#define CR		SENSE0_COMMAND_REJECT
/* Sense byte 7 */
#define COMMAND		0x01
#define SEQUENCE	0x02
#define TOO_SHORT	0x03
#define PARAMETER	0x04

/* Commands, their order and their parameters */

enum step_kind { STEP_RAW, STEP_DEFINE, STEP_LOCATE, STEP_EXTENDED };

/* @len: of @param; of the parameters that follow in LOCATE RECORD EXTENDED */
struct step {
	enum step_kind kind;
	u8  cmd;
	u16 len;
	union {
		struct {
			u8  mask;
			u32 first;
			u32 last;
		} define;
		struct {
			u8  operation;
			u8  count;
			u32 track;
			u8  record;
			u16 length;
			u8  extended;
			u8  extra[2];
		} locate;
		u8 param[12];
	};
};

#define DEFINE(...)	{ .kind = STEP_DEFINE, .cmd = CMD_DEFINE, \
			  .define = { __VA_ARGS__ } }
#define LOCATE(...)	{ .kind = STEP_LOCATE, .cmd = CMD_LOCATE, \
			  .locate = { __VA_ARGS__ } }
#define EXTENDED(len_, ...)	{ .kind = STEP_EXTENDED, .cmd = CMD_LOCATE_EXT, \
				  .len = (len_), .locate = { __VA_ARGS__ } }
#define OTHER(cmd_, len_, ...)	{ .cmd = (cmd_), .len = (len_), \
				  .param = { __VA_ARGS__ } }
#define SEEK(cylinder_, head_)	OTHER(CMD_SEEK, 6, 0, 0, 0, cylinder_, 0, head_)
#define ALL		DEFINE(0xc0, 0, TRACKS - 1)
#define UPDATES		DEFINE(0x80, 0, TRACKS - 1)

struct step_end {
	u8 dstat;
	u8 sense0;
	u8 sense1;
	u8 sense7;
};

#define NORMAL			{ BENCH_NORMAL }
#define MODIFIED		{ BENCH_NORMAL | DSTAT_STATUS_MODIFIER }
#define REJECTED(why)		{ DSTAT_UNIT_CHECK, CR, 0, why }
#define REFUSED(why)		{ BENCH_CHECKED, CR, 0, why }
#define CHECKED(sense1)		{ BENCH_CHECKED, 0, sense1, 0 }

struct rule_case {
	const char *name;
	struct step steps[5];
	struct step_end end;
	u32 flags;
};

/*
 * Track 0 has R1 to R12 of 4096 bytes, track 1 R1 to R50 with keys, and no other track
 * has been written.  The rules of DEFINE EXTENT, LOCATE RECORD and of orders are those
 * of "3990/9390 Reference" as Hercules' ckddasd.c follows them, those of LOCATE RECORD
 * EXTENDED and PREFIX what Linux's dasd_eckd.c sends (locate_record_ext(), prefix_LRE()).
 */
static const struct rule_case rule_cases[] = {
	/* DEFINE EXTENT: define_extent() in Linux; case 0x63 in Hercules */
	{ "extent: the whole disk", { ALL }, NORMAL },
	{ "extent: one track", { DEFINE(0, 44, 44) }, NORMAL },
	{ "extent: behind the disk", { DEFINE(0, 0, TRACKS) },
	  REFUSED(PARAMETER) },
	{ "extent: last before first", { DEFINE(0, 2, 1) }, REFUSED(PARAMETER) },
	{ "extent: mask bit 2", { DEFINE(0x20, 0, 1) }, REFUSED(PARAMETER) },
	{ "extent: not ECKD", { OTHER(CMD_DEFINE, 16, 0, 0x80) },
	  REFUSED(PARAMETER) },
	{ "extent: too short", { OTHER(CMD_DEFINE, 15, 0, 0xc0) },
	  REFUSED(TOO_SHORT) },
	{ "extent: twice", { ALL, ALL }, REJECTED(SEQUENCE) },
	{ "extent: after a file mask", { OTHER(CMD_FILE_MASK, 1, 0), ALL },
	  REJECTED(SEQUENCE) },
	/* LOCATE RECORD: case 0x47 in Hercules */
	{ "locate: a record", { ALL, LOCATE(0x06, 1, 0, 1, 0) }, NORMAL },
	{ "locate: record zero", { ALL, LOCATE(0x06, 4, 0, 0, 0) }, NORMAL },
	{ "locate: without extent", { LOCATE(0x06, 1, 0, 1, 0) },
	  REJECTED(SEQUENCE) },
	{ "locate: no such record", { ALL, LOCATE(0x06, 1, 0, 13, 0) },
	  CHECKED(NO_RECORD) },
	{ "locate: unwritten track", { ALL, LOCATE(0x06, 1, 5, 1, 0) },
	  CHECKED(NO_RECORD) },
	{ "locate: record zero of an unwritten track",
	  { ALL, LOCATE(0x03, 1, 5, 0, 8) }, NORMAL },
	{ "locate: outside the extent",
	  { DEFINE(0, 1, 3), LOCATE(0x06, 1, 4, 1, 0) }, CHECKED(FILE_PROTECTED) },
	{ "locate: before the extent",
	  { DEFINE(0, 1, 3), LOCATE(0x06, 1, 0, 1, 0) }, CHECKED(FILE_PROTECTED) },
	{ "locate: behind the disk", { ALL, LOCATE(0x06, 1, TRACKS, 1, 0) },
	  REFUSED(PARAMETER) },
	{ "locate: no records", { ALL, LOCATE(0x06, 0, 0, 1, 0) },
	  REFUSED(PARAMETER) },
	{ "locate: orient has no records", { ALL, LOCATE(0x00, 0, 0, 1, 0) },
	  NORMAL },
	{ "locate: orient with records", { ALL, LOCATE(0x00, 1, 0, 1, 0) },
	  REFUSED(PARAMETER) },
	{ "locate: unknown operation", { ALL, LOCATE(0x02, 1, 0, 1, 0) },
	  REFUSED(PARAMETER) },
	{ "locate: write behind a home address",
	  { ALL, LOCATE(0x41, 1, 0, 1, 0) }, REFUSED(PARAMETER) },
	{ "locate: extended operation", { ALL, LOCATE(0x3f, 1, 0, 1, 0) },
	  REFUSED(PARAMETER) },
	{ "locate: home address", { ALL, LOCATE(0x4c, 1, 1, 0, 0) }, NORMAL },
	{ "locate: index", { ALL, LOCATE(0xd6, 1, 1, 0, 0) }, NORMAL },
	{ "locate: updates permitted", { UPDATES, LOCATE(0x01, 1, 0, 1, 4096) },
	  NORMAL },
	{ "locate: formatting not permitted",
	  { UPDATES, LOCATE(0x03, 1, 0, 0, 0) }, CHECKED(FILE_PROTECTED) },
	{ "locate: no writes permitted",
	  { DEFINE(0x40, 0, 1), LOCATE(0x01, 1, 0, 1, 4096) },
	  CHECKED(FILE_PROTECTED) },
	{ "locate: read-only disk", { ALL, LOCATE(0x01, 1, 0, 1, 4096) },
	  { BENCH_CHECKED, CR, WRITE_INHIBITED, PARAMETER },
	  KVM_CSS_ECKD_READONLY },
	{ "locate: too short", { ALL, OTHER(CMD_LOCATE, 15, 0x06) },
	  REFUSED(TOO_SHORT) },
	{ "locate: in a domain",
	  { ALL, LOCATE(0x06, 1, 0, 1, 0), LOCATE(0x06, 1, 0, 1, 0) },
	  REJECTED(SEQUENCE) },
	/* What a domain has; Table "LR domain" of the reference */
	{ "domain: a seek", { ALL, LOCATE(0x06, 1, 0, 1, 0), SEEK(0, 0) },
	  REJECTED(SEQUENCE) },
	{ "domain: a write for a read",
	  { ALL, LOCATE(0x06, 1, 0, 1, 0), OTHER(CMD_WRITE, 1) },
	  REJECTED(SEQUENCE) },
	{ "domain: formatting for a write",
	  { ALL, LOCATE(0x01, 1, 0, 1, 4096), OTHER(CMD_WRITE_CKD, 8) },
	  REJECTED(SEQUENCE) },
	{ "domain: read track for a read",
	  { ALL, LOCATE(0x06, 1, 0, 1, 0), OTHER(CMD_READ_TRACK, 1) },
	  REJECTED(SEQUENCE) },
	{ "domain: no-operation", { ALL, LOCATE(0x06, 1, 0, 1, 0),
				    OTHER(CU_CMD_NOOP, 1) },
	  REJECTED(SEQUENCE) },
	{ "domain: it is over",
	  { ALL, LOCATE(0x06, 1, 0, 1, 0), OTHER(CMD_READ_COUNT, 8), SEEK(0, 0) },
	  NORMAL },
	/* LOCATE RECORD EXTENDED */
	{ "extended: tracks", { ALL, EXTENDED(0, 0x4c, 2, 0, 0, 0, 0, { 0, 0 }) },
	  NORMAL },
	{ "extended: full tracks",
	  { ALL, EXTENDED(2, 0x3f, 2, 0, 0, 0, 0x11, { 0xc0, 0 }) }, NORMAL },
	{ "extended: full tracks with a gap",
	  { ALL, EXTENDED(2, 0x3f, 2, 0, 0, 0, 0x11, { 0xa0, 0 }) },
	  REFUSED(PARAMETER) },
	{ "extended: full tracks without parameters",
	  { ALL, EXTENDED(0, 0x3f, 2, 0, 0, 0, 0x11, { 0, 0 }) },
	  REFUSED(PARAMETER) },
	{ "extended: full tracks are formatting",
	  { UPDATES, EXTENDED(2, 0x3f, 2, 0, 0, 0, 0x11, { 0xc0, 0 }) },
	  CHECKED(FILE_PROTECTED) },
	{ "extended: track data is an update",
	  { UPDATES, EXTENDED(0, 0x3f, 2, 0, 1, 4096, 0x23, { 0, 0 }) }, NORMAL },
	{ "extended: unknown operation",
	  { ALL, EXTENDED(0, 0x3f, 2, 0, 1, 0, 0x09, { 0, 0 }) },
	  REFUSED(PARAMETER) },
	{ "extended: code without operation 3F",
	  { ALL, EXTENDED(0, 0x06, 2, 0, 1, 0, 0x23, { 0, 0 }) },
	  REFUSED(PARAMETER) },
	/* Seeks and file masks: cases 0x07 and 0x1F in Hercules */
	{ "seek", { SEEK(2, 14) }, NORMAL },
	{ "seek: behind the disk", { SEEK(3, 0) }, REFUSED(PARAMETER) },
	{ "seek: head 15", { SEEK(0, 15) }, REFUSED(PARAMETER) },
	{ "seek: outside the extent", { DEFINE(0, 0, 1), SEEK(0, 2) },
	  CHECKED(FILE_PROTECTED) },
	{ "seek: not permitted", { DEFINE(0x18, 0, 1), SEEK(0, 0) },
	  CHECKED(FILE_PROTECTED) },
	{ "seek: too short", { OTHER(CMD_SEEK, 5) }, REFUSED(TOO_SHORT) },
	{ "seek head: nothing before", { OTHER(CMD_SEEK_HEAD, 6) },
	  REJECTED(SEQUENCE) },
	{ "file mask: twice",
	  { OTHER(CMD_FILE_MASK, 1, 0), OTHER(CMD_FILE_MASK, 1, 0) },
	  REJECTED(SEQUENCE) },
	{ "set sector", { OTHER(CMD_SET_SECTOR, 1, 223) }, NORMAL },
	{ "set sector: there are 224", { OTHER(CMD_SET_SECTOR, 1, 224) },
	  REFUSED(PARAMETER) },
	/* Recalibrate isn't for a 3390: case 0x13 in Hercules. */
	{ "recalibrate", { OTHER(CMD_RECALIBRATE, 1) }, REJECTED(COMMAND) },
	{ "sense subsystem status", { OTHER(CMD_SNSS, 40) }, REJECTED(COMMAND) },
	/* Cases 0x17, 0x22, 0x5B, 0x5E and 0xA4 in Hercules */
	{ "restore", { OTHER(CMD_RESTORE, 1) }, NORMAL },
	{ "restore: in a domain",
	  { ALL, LOCATE(0x06, 1, 0, 1, 0), OTHER(CMD_RESTORE, 1) },
	  REJECTED(SEQUENCE) },
	{ "suspend multipath reconnection", { OTHER(CMD_SUSPEND, 1) }, NORMAL },
	{ "read sector", { OTHER(CMD_READ_SECTOR, 1) }, NORMAL },
	{ "read sector: in a domain",
	  { ALL, LOCATE(0x06, 1, 0, 1, 0), OTHER(CMD_READ_SECTOR, 1) },
	  REJECTED(SEQUENCE) },
	{ "buffered log", { OTHER(CMD_READ_LOG, 32) }, NORMAL },
	{ "read multiple: no seek before", { OTHER(CMD_READ_MULTIPLE, 100) },
	  REJECTED(SEQUENCE) },
	{ "read multiple: in a domain",
	  { ALL, LOCATE(0x06, 1, 0, 1, 0), OTHER(CMD_READ_MULTIPLE, 100) },
	  REJECTED(SEQUENCE) },
	{ "read multiple: no record", { SEEK(0, 5), OTHER(CMD_READ_MULTIPLE, 100) },
	  CHECKED(NO_RECORD) },
	/* Case 0x19 in Hercules; what else there is on the track goes. */
	{ "write home address: no seek before", { OTHER(CMD_WRITE_HA, 5) },
	  REJECTED(SEQUENCE) },
	{ "write home address: not permitted",
	  { DEFINE(0x00, 0, 1), SEEK(0, 1), OTHER(CMD_WRITE_HA, 5, 0, 0, 0, 0, 1) },
	  CHECKED(FILE_PROTECTED) },
	{ "write home address: that of another track",
	  { ALL, SEEK(0, 1), OTHER(CMD_WRITE_HA, 5, 0, 0, 0, 0, 2) },
	  CHECKED(INVALID_TRACK) },
	{ "write home address: defective",
	  { ALL, SEEK(0, 1), OTHER(CMD_WRITE_HA, 5, 2, 0, 0, 0, 1) },
	  CHECKED(INVALID_TRACK) },
	{ "write home address: too short",
	  { ALL, SEEK(0, 1), OTHER(CMD_WRITE_HA, 4) }, REFUSED(TOO_SHORT) },
	/* Searches and what may stand behind them */
	{ "search: found", { SEEK(0, 0), OTHER(CMD_SEARCH_ID, 5, 0, 0, 0, 0, 0) },
	  MODIFIED },
	{ "search: not found", { SEEK(0, 0), OTHER(CMD_SEARCH_ID, 5, 0, 0, 0, 0, 7) },
	  NORMAL },
	{ "search: record zero is not higher", { SEEK(0, 0), OTHER(CMD_SEARCH_ID_HIGH, 5) },
	  NORMAL },
	{ "search: equal or higher", { SEEK(0, 0), OTHER(CMD_SEARCH_ID_HE, 5) },
	  MODIFIED },
	{ "search: home address", { SEEK(0, 1), OTHER(CMD_SEARCH_HA, 4, 0, 0, 0, 1) },
	  MODIFIED },
	{ "search: key", { SEEK(0, 1), OTHER(CMD_SEARCH_KEY, 4, 1, 1, 1, 1) },
	  MODIFIED },
	{ "search: no keys on the track", { SEEK(0, 0), OTHER(CMD_SEARCH_KEY, 4, 1, 1, 1, 1) },
	  CHECKED(NO_RECORD) },
	{ "search: no seek before", { OTHER(CMD_SEARCH_ID, 5) },
	  REJECTED(SEQUENCE) },
	{ "write: nothing found", { SEEK(0, 0), OTHER(CMD_WRITE, 1) },
	  REJECTED(SEQUENCE) },
	{ "write: a record, nothing found", { SEEK(0, 0), OTHER(CMD_WRITE_CKD, 8) },
	  REJECTED(SEQUENCE) },
	/* Subsystem functions: Linux's dasd_eckd_read_features(), dasd_alias.c */
	{ "subsystem: features", { OTHER(CMD_PSF, 12, 0x18, 0, 0, 0, 0, 0, 0x41) },
	  NORMAL },
	{ "subsystem: volume storage query", { OTHER(CMD_PSF, 12, 0x18, 0, 0, 0, 0, 0, 0x52) },
	  REFUSED(PARAMETER) },
	{ "subsystem: unknown order", { OTHER(CMD_PSF, 12, 0x19) },
	  REFUSED(PARAMETER) },
	{ "subsystem: characteristics, too short", { OTHER(CMD_PSF, 22, 0x1d) },
	  REFUSED(TOO_SHORT) },
	{ "subsystem: data not prepared", { OTHER(CMD_RSSD, 256) },
	  REJECTED(SEQUENCE) },
	{ "subsystem: data prepared for another command",
	  { OTHER(CMD_PSF, 12, 0x18, 0, 0, 0, 0, 0, 0x41), OTHER(CMD_RDC, 64) },
	  REJECTED(SEQUENCE) },
	{ "unknown command", { OTHER(0xab, 1) }, REJECTED(COMMAND) },
	{ "steal lock: not the first command",
	  { OTHER(CMD_SNID, 12), OTHER(CMD_STEAL, 32) }, REJECTED(SEQUENCE) },
};

KUNIT_ARRAY_PARAM_DESC(rule, rule_cases, name);

static struct eckd_bench bench_create(struct kunit *test, u32 flags)
{
	struct eckd_bench bench = eckd_bench_create(test, flags);

	ckd_format(bench.backing, 0, 12, 0, 4096);
	ckd_format(bench.backing, 1, 50, 4, 96);
	return bench;
}

static void add_step(struct device_bench *b, const struct step *step)
{
	struct locate_ext_param param = {
		.operation = step->locate.extended,
		.len = cpu_to_be16(step->len),
		.extra = { step->locate.extra[0], step->locate.extra[1] },
	};
	u8 raw[64] = {};

	switch (step->kind) {
	case STEP_DEFINE:
		ckd_define(b, step->define.mask, step->define.first,
			   step->define.last);
		break;
	case STEP_LOCATE:
		ckd_locate(b, step->locate.operation, step->locate.count,
			   step->locate.track, step->locate.record,
			   step->locate.length);
		break;
	case STEP_EXTENDED:
		param.locate = ckd_locate_param(step->locate.operation,
						step->locate.count,
						step->locate.track,
						step->locate.record,
						step->locate.length);
		device_ccw_param(b, step->cmd, CCW_SLI, &param, 20 + step->len);
		break;
	default:
		memcpy(raw, step->param, sizeof(step->param));
		if (ccw_fetches_data(step->cmd))
			device_ccw_param(b, step->cmd, CCW_SLI, raw,
					 min_t(u16, step->len, 32));
		else
			device_ccw(b, step->cmd, CCW_SLI, step->len,
				   BENCH_DATA);
		break;
	}
}

/* The same on a vCPU, which lets a worker go on, and on a worker */
static void expect_rule(struct kunit *test, bool on_vcpu)
{
	const struct rule_case *c = test->param_value;
	struct eckd_bench bench = bench_create(test, c->flags);
	const struct chanprog_ending *ending;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(c->steps) && c->steps[i].cmd; i++)
		add_step(bench.b, &c->steps[i]);
	bench.b->on_vcpu = on_vcpu;
	ending = device_run(bench.b);
	KUNIT_EXPECT_EQ(test, ending->cpa, BENCH_PROG + 8 * i);
	KUNIT_EXPECT_EQ(test, ending->dstat, c->end.dstat);
	KUNIT_EXPECT_EQ(test, ending->cstat, 0);
	eckd_expect_sense(bench.b, c->end.sense0, c->end.sense1, c->end.sense7);
	KUNIT_EXPECT_EQ(test, bench.backing->writes, 0);
}

static void eckd_rule(struct kunit *test)
{
	expect_rule(test, false);
}

static void eckd_rule_on_vcpu(struct kunit *test)
{
	expect_rule(test, true);
}

/* What it says of itself */

static void expect_bytes(struct device_bench *b, u8 cmd, const u8 *expected,
			 u16 len)
{
	device_ccw(b, cmd, 0, len, BENCH_DATA);
	device_expect_normal(b);
	device_expect_storage(b, BENCH_DATA, expected, len);
}

/* Linux's ccw_device_get_ciw(), and dasd_eckd_ids[] */
static void eckd_sense_id(struct kunit *test)
{
	static const u8 expected[20] = {
		0xff, 0x39, 0x90, 0xe9, 0x33, 0x90, 0x02, 0x00,
		0x40, 0xfa, 0x01, 0x00, 0x41, 0x27, 0x00, 0x04,
		0x42, 0x3e, 0x00, 0x60,
	};
	struct eckd_bench bench = eckd_bench_create(test, 0);

	expect_bytes(bench.b, CU_CMD_SENSE_ID, expected, sizeof(expected));
}

/* struct dasd_eckd_characteristics; the numbers are those of Hercules' dasdtab.c. */
static void eckd_characteristics(struct kunit *test)
{
	static const u8 expected[64] = {
		0x39, 0x90, 0xe9, 0x33, 0x90, 0x02,
		0x50, 0x00, 0x00, 0x01, 0x20, 0x26,
		0x00, 0x03, 0x00, 0x0f, 0xe0, 0x00, 0xe5, 0xa2,
		0x05, 0x94, 0x02, 0x22, 0x13, 0x09, 0x06, 0x74,
		[40] = 0x26, 0x26, 0x15, 0x00, 0xdf, 0xee,
		[48] = 0x06, 0x77, 0x08, [56] = 0x15, 0xff,
	};
	struct eckd_bench bench = eckd_bench_create(test, 0);

	expect_bytes(bench.b, CMD_RDC, expected, sizeof(expected));
}

/* Linux: a large volume has FFFE in the field of 16 bits, and its size in bytes 60-63. */
static void eckd_characteristics_of_a_large_disk(struct kunit *test)
{
	struct fake_backing *backing = eckd_image_create(test, 70000);
	struct device_bench *b;
	__be32 large;
	__be16 small;

	b = device_bench_create(test, eckd_device_of(backing, 0, 0));
	device_ccw(b, CMD_RDC, 0, 64, BENCH_DATA);
	device_expect_normal(b);
	fake_get(&b->guest, BENCH_DATA + 12, &small, sizeof(small));
	fake_get(&b->guest, BENCH_DATA + 60, &large, sizeof(large));
	KUNIT_EXPECT_EQ(test, be16_to_cpu(small), 0xfffe);
	KUNIT_EXPECT_EQ(test, be32_to_cpu(large), 70000);
}

/* dasd_eckd_identify_conf_parts() and create_uid(), which would follow NULL pointers */
static void eckd_configuration(struct kunit *test)
{
	static const u8 serial[12] = {
		0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0,
		0xd2, 0xe5, 0xd4, 0xf1,
	};
	struct eckd_bench bench = eckd_bench_create(test, 0);
	const u8 *data = bench.b->guest.storage + BENCH_DATA;

	device_ccw(bench.b, CMD_RCD, 0, 256, BENCH_DATA);
	device_expect_normal(bench.b);
	/* A node-element descriptor of an I/O device, and no other one */
	KUNIT_EXPECT_EQ(test, data[0] & 0xc0, 0xc0);
	KUNIT_EXPECT_EQ(test, data[1], 1);
	KUNIT_EXPECT_NE(test, data[33], 1);
	KUNIT_EXPECT_NE(test, data[65], 1);
	KUNIT_EXPECT_NE(test, data[97], 1);
	KUNIT_EXPECT_MEMEQ(test, data + 18, serial, sizeof(serial));
	KUNIT_EXPECT_EQ(test, data[30], SUBSYSTEM & 0xff);
	KUNIT_EXPECT_EQ(test, data[31], UNIT);
	/* The general qualifier: 30 seconds, no transport mode */
	KUNIT_EXPECT_EQ(test, data[224] & 0xc0, 0x80);
	KUNIT_EXPECT_EQ(test, data[230], 30);
	KUNIT_EXPECT_EQ(test, data[232] << 8 | data[233], SUBSYSTEM);
	KUNIT_EXPECT_EQ(test, data[224 + 17] & 0x04, 0);
}

static void prepare(struct device_bench *b, u8 suborder)
{
	const u8 param[12] = { 0x18, [6] = suborder };

	device_ccw_param(b, CMD_PSF, 0, param, sizeof(param));
}

/* dasd_eckd_build_cp(): prefix, read and write track data; no transport mode */
static void eckd_features(struct kunit *test)
{
	static const u8 expected[256] = { [8] = 0x01, 0x20, [12] = 0x40 };
	struct eckd_bench bench = eckd_bench_create(test, 0);

	prepare(bench.b, 0x41);
	expect_bytes(bench.b, CMD_RSSD, expected, sizeof(expected));
}

/*
 * struct dasd_unit_address_configuration: one base device, no aliases.  A base device
 * has no base: dasd_eckd_reload_device() takes a base that isn't 0 for an alias that
 * has been given a new one, because create_uid() sets 0.
 */
static void eckd_units(struct kunit *test)
{
	static const u8 expected[512] = { [2 * UNIT] = 1 };
	struct eckd_bench bench = eckd_bench_create(test, 0);

	prepare(bench.b, 0x0e);
	expect_bytes(bench.b, CMD_RSSD, expected, sizeof(expected));
}

/* Path groups: struct path_state and pgid_analyze() in Linux's drivers/s390/cio */

static void set_group(struct device_bench *b, u8 function, u8 id)
{
	const u8 param[12] = { function, id, id, id };

	device_ccw_param(b, CMD_SPID, 0, param, sizeof(param));
}

static void expect_group(struct device_bench *b, u8 state, u8 id)
{
	const u8 expected[12] = { state, id, id, id };

	expect_bytes(b, CMD_SNID, expected, sizeof(expected));
}

static void eckd_path_group(struct kunit *test)
{
	struct eckd_bench bench = eckd_bench_create(test, 0);
	struct device_bench *b = bench.b;

	expect_group(b, 0x00, 0);
	set_group(b, 0x80, 7);
	device_expect_normal(b);
	expect_group(b, 0xc8, 7);
	/* It may be established once more, but no other one. */
	set_group(b, 0x80, 7);
	device_expect_normal(b);
	set_group(b, 0x80, 8);
	device_expect(b, 0, BENCH_CHECKED, 0, 0);
	eckd_expect_sense(b, CR, 0, PARAMETER);
	device_ccw(b, CMD_RESERVE, CCW_SLI, 32, BENCH_DATA);
	device_expect_normal(b);
	expect_group(b, 0xf8, 7);
	device_ccw(b, CMD_RELEASE, CCW_SLI, 32, BENCH_DATA);
	device_expect_normal(b);
	/* CLEAR SUBCHANNEL doesn't touch the group, a reset does. */
	cu_clear(b->dev);
	expect_group(b, 0xc8, 7);
	set_group(b, 0x20, 7);
	device_expect_normal(b);
	expect_group(b, 0x80, 7);
	cu_reset(b->dev);
	expect_group(b, 0x00, 0);
}

/* KVM_CSS_GET_DEVICE tells with what the device was added. */
static void eckd_says_what_it_was_made_of(struct kunit *test)
{
	struct eckd_bench bench = eckd_bench_create(test, KVM_CSS_ECKD_READONLY);
	struct kvm_css_device *device = kunit_kmalloc(test, sizeof(*device),
						      GFP_KERNEL);
	const struct kvm_css_eckd expected = {
		.size = sizeof(expected),
		.flags = KVM_CSS_ECKD_READONLY,
		.backing_fd = -1,
		.cylinders = CYLINDERS,
		.subsystem = SUBSYSTEM,
		.unit = UNIT,
		.serial = "00000000KVM1",
	};

	KUNIT_ASSERT_NOT_NULL(test, device);
	KUNIT_EXPECT_EQ(test, cu_describe(bench.b->dev, device), 0);
	KUNIT_EXPECT_EQ(test, device->type, KVM_CSS_TYPE_ECKD);
	KUNIT_EXPECT_MEMEQ(test, &device->eckd, &expected, sizeof(expected));
}

/* State */

/* A program that is suspended in a domain goes on with another device. */
static void eckd_state_goes_on_elsewhere(struct kunit *test)
{
	struct eckd_bench bench = bench_create(test, 0);
	struct device_bench *b = bench.b;
	union kvm_css_device_state state;
	struct css_device *to;
	struct css_ccw1 ccw;

	to = eckd_device_of(bench.backing, 0, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, to);
	set_group(b, 0x80, 9);
	device_expect_normal(b);
	ckd_define(b, 0x40, 0, 1);
	ckd_locate(b, 0x06, 2, 0, 12, 0);
	device_ccw(b, CMD_READ, 0, 4096, BENCH_DATA);
	device_ccw(b, CMD_READ_MT, CCW_SUSPEND, 96, BENCH_DATA + 0x1000);
	ccw = b->ccws[3];
	device_begin(b);
	b->cp.orb_flags |= ORB_SUSPEND;
	KUNIT_EXPECT_EQ(test, chanprog_run(&b->cp, CHANPROG_ON_WORKER),
			CHANPROG_SUSPENDED);
	cu_save(b->dev, &state);
	KUNIT_EXPECT_TRUE(test, cu_restore(to, &state));
	b->cp.dev = to;
	ccw.flags &= ~CCW_SUSPEND;
	fake_put(&b->guest, BENCH_PROG + 3 * 8, &ccw, sizeof(ccw));
	chanprog_resume(&b->cp);
	KUNIT_EXPECT_EQ(test, chanprog_run(&b->cp, CHANPROG_ON_WORKER),
			CHANPROG_ENDED);
	KUNIT_EXPECT_EQ(test, b->cp.ending.dstat, BENCH_NORMAL);
	eckd_expect_data(b, BENCH_DATA + 0x1000, 1, 1, 96);
	to->ops->release(to);
}

struct state_case {
	const char *name;
	struct kvm_css_eckd_state state;
	bool valid;
};

static const struct state_case state_cases[] = {
	{ "as after a reset", { .last = TRACKS - 1 }, true },
	{ "extent behind the disk", { .last = TRACKS } },
	{ "extent backwards", { .first = 2, .last = 1 } },
	{ "track behind the disk", { .last = 1, .track = TRACKS } },
	{ "unknown flags", { .last = 1, .flags = 0x400 } },
	{ "unknown orientation", { .last = 1, .orientation = 5, .record = 5 } },
	{ "record without a seek", { .last = 1, .orientation = 1, .record = 5 } },
	{ "record behind its track",
	  { .last = 1, .orientation = 1, .record = 56832, .flags = 0x8 } },
	{ "domain without an extent", { .last = 1, .operation = 6, .left = 1,
					.flags = 0x8 } },
	{ "domain", { .last = 1, .operation = 6, .left = 1, .flags = 0x9 },
	  true },
	{ "domain of an unknown operation",
	  { .last = 1, .operation = 2, .left = 1, .flags = 0x9 } },
	{ "domain outside its extent",
	  { .last = 1, .track = 2, .operation = 6, .left = 1, .flags = 0x9 } },
	{ "unknown suborder", { .last = 1, .suborder = 1 } },
	{ "unknown path state", { .last = 1, .group = 0x40 } },
	{ "multipath without a group", { .last = 1, .group = 0x88 } },
	{ "reserved field", { .last = 1, .reserved = 1 } },
	{ "counts is a truth value", { .last = 1, .counts = 2 } },
};

KUNIT_ARRAY_PARAM_DESC(state, state_cases, name);

static void eckd_state(struct kunit *test)
{
	const struct state_case *c = test->param_value;
	struct eckd_bench bench = eckd_bench_create(test, 0);
	union kvm_css_device_state state = {}, after;

	state.eckd = c->state;
	KUNIT_EXPECT_EQ(test, cu_restore(bench.b->dev, &state), c->valid);
	cu_save(bench.b->dev, &after);
	if (c->valid)
		KUNIT_EXPECT_MEMEQ(test, &after, &state, sizeof(state));
	else
		KUNIT_EXPECT_MEMNEQ(test, &after, &state, sizeof(state));
	state.bytes[sizeof(state.eckd)] = 1;
	KUNIT_EXPECT_FALSE(test, cu_restore(bench.b->dev, &state));
}

static struct kunit_case eckd_test_cases[] = {
	KUNIT_CASE_PARAM(eckd_rule, rule_gen_params),
	KUNIT_CASE_PARAM(eckd_rule_on_vcpu, rule_gen_params),
	KUNIT_CASE(eckd_sense_id),
	KUNIT_CASE(eckd_characteristics),
	KUNIT_CASE(eckd_characteristics_of_a_large_disk),
	KUNIT_CASE(eckd_configuration),
	KUNIT_CASE(eckd_features),
	KUNIT_CASE(eckd_units),
	KUNIT_CASE(eckd_path_group),
	KUNIT_CASE(eckd_says_what_it_was_made_of),
	KUNIT_CASE(eckd_state_goes_on_elsewhere),
	KUNIT_CASE_PARAM(eckd_state, state_gen_params),
	{}
};

static struct kunit_suite eckd_suite = {
	.name = "kvm_css_eckd",
	.test_cases = eckd_test_cases,
};

kunit_test_suite(eckd_suite);
