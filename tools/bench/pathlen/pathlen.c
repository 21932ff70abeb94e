// SPDX-License-Identifier: GPL-2.0
/*
 * Executes I/O instructions and channel programs with the core, so that their
 * instructions can be counted: see tools/bench/pathlen/count.
 *
 * It uses the fuzzers' replacements for the kernel and for a guest.  Each part
 * that is counted is between two calls of pathlen_mark().
 */
#include <asm/byteorder.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/control_unit.h>
#include <kvm_css/css.h>
#include <kvm_css/ioinst.h>
#include <kvm_css/subchannel.h>

#include "file.h"
#include "fuzz_guest.h"
#include "pathlen.h"

#define SCHID_TEST	0
#define SCHID_FBA	1
#define SCHID_ECKD	2

/* Where things are in guest storage */
#define OPERAND		0x1000u
#define PROGRAM		0x2000u
#define LIST		0x3000u
#define PARAMETERS	0x4000u
#define DATA		0x8000u

#define PAGE		0x1000u
#define BLOCK		512u

#define NOP		0x03
#define TEST_WRITE	0x01
#define FBA_READ	0x42
#define FBA_WRITE	0x41
#define FBA_LOCATE	0x43
#define FBA_DEFINE	0x63
#define ECKD_PREFIX	0xe7
#define ECKD_READ	0xa6

/* How many CCWs, IDAWs or blocks the longer of two programs has */
#define MORE		9
/* The same of blocks: as many as are in one page, of which the page cache has all */
#define MORE_BLOCKS	8

static struct fuzz_guest guest;
static struct guest_vcpu vcpu = { .guest = &guest.guest };
static struct css css;

static u32 sid_of(u16 schid)
{
	return css_sid(0, schid);
}

static void execute(u16 opcode, u16 schid)
{
	const struct ioinst insn = {
		.opcode = opcode,
		.gpr1 = sid_of(schid),
		.addr = FAKE_LOGICAL + OPERAND,
	};
	ioinst_ending_t ending;

	pathlen_mark();
	ending = ioinst_execute(&css, &vcpu, &insn);
	pathlen_mark();
	shim_assert(ending == IOINST_CC_EXPECTED);
}

/* Do the work of a worker until nothing is left to do. */
static void work(void)
{
	pathlen_mark();
	while (shim_pump(false))
		;
	pathlen_mark();
}

static void put_ccw(u32 nr, u8 cmd, u8 flags, u16 count, u32 cda)
{
	const struct css_ccw1 ccw = {
		.cmd = cmd,
		.flags = flags,
		.count = cpu_to_be16(count),
		.cda = cpu_to_be32(cda),
	};

	fake_put(&guest.guest, PROGRAM + nr * sizeof(ccw), &ccw, sizeof(ccw));
}

/*
 * Start the program and test for its status; the caller has said which program
 * it is.
 */
static void start(u16 schid, u32 flags)
{
	const struct css_orb orb = {
		.flags = cpu_to_be32(ORB_FORMAT | 0x80u << ORB_LPM_SHIFT | flags),
		.cpa = cpu_to_be32(PROGRAM),
	};

	fake_put(&guest.guest, OPERAND, &orb, sizeof(orb));
	execute(IOINST_SSCH, schid);
	work();
	fuzz_accept(&guest);
	execute(IOINST_TSCH, schid);
}

static void enable(u16 schid)
{
	struct css_schib schib = { .pmcw.lpm = 0x80, .pmcw.pom = 0xff };

	schib.pmcw.flags = cpu_to_be16(PMCW_ENABLED | 3 << PMCW_ISC_SHIFT);
	fake_put(&guest.guest, OPERAND, &schib, sizeof(schib));
	execute(IOINST_MSCH, schid);
	execute(IOINST_STSCH, schid);
}

static void nops(u32 nr)
{
	u32 i;

	for (i = 0; i < nr; i++)
		put_ccw(i, NOP, CCW_SLI | (i + 1 < nr ? CCW_CC : 0), 1, 0);
	start(SCHID_TEST, 0);
}

/*
 * Make a program of one command with an IDAW for each page; the pages follow
 * each other.
 */
static void idaws(u32 nr, u32 flags)
{
	__be64 idaw;
	u32 i;

	for (i = 0; i < nr; i++) {
		idaw = cpu_to_be64(DATA + i * PAGE);
		fake_put(&guest.guest, LIST + i * sizeof(idaw), &idaw,
			 sizeof(idaw));
	}
	put_ccw(0, TEST_WRITE, CCW_IDA, nr * PAGE, LIST);
	start(SCHID_TEST, ORB_IDAW_FORMAT2 | flags);
}

/*
 * Make a program as Linux reads and writes: data chaining, with a CCW for each
 * block.  @listed: the CCW has an IDAW, as Linux needs it for storage above 2 GiB.
 */
static void blocks(u8 cmd, u32 nr, bool listed)
{
	const u8 define[16] = { [2] = BLOCK >> 8, [15] = FUZZ_FILE_BLOCKS - 1 };
	const u8 operation = cmd == FBA_READ ? 0x06 : 0x01;
	const u8 locate[8] = { operation, 0, 0, (u8)nr };
	__be64 idaw;
	u32 i;

	fake_put(&guest.guest, PARAMETERS, define, sizeof(define));
	fake_put(&guest.guest, PARAMETERS + 64, locate, sizeof(locate));
	put_ccw(0, FBA_DEFINE, CCW_CC, sizeof(define), PARAMETERS);
	put_ccw(1, FBA_LOCATE, CCW_CC, sizeof(locate), PARAMETERS + 64);
	for (i = 0; i < nr; i++) {
		const u8 flags = i + 1 < nr ? CCW_CD : 0;
		const u32 list = LIST + i * sizeof(idaw);

		idaw = cpu_to_be64(DATA + i * BLOCK);
		fake_put(&guest.guest, list, &idaw, sizeof(idaw));
		put_ccw(2 + i, cmd, listed ? flags | CCW_IDA : flags, BLOCK,
			listed ? list : DATA + i * BLOCK);
	}
	start(SCHID_FBA, ORB_PREFETCH | ORB_IDAW_FORMAT2);
}

static void add(u16 schid, struct css_device *dev)
{
	const struct css_place place = {
		.schid = schid, .devno = 0x1000 + schid, .chpid = 0x42,
	};

	shim_assert(!IS_ERR_OR_NULL(dev));
	shim_assert(!css_add(&css, &place, dev));
}

/*
 * Make a program as Linux reads a block of 4 KiB of a 3390: PREFIX and READ TRACK
 * DATA.  Track 1 of the fuzzers' image has twelve of them.
 */
static void track_data(u8 record)
{
	const u8 prefix[64] = {
		1, 0x80, [12] = 0x40, 0xc0, [27] = 14,
		[44] = 0x0c, 0x80, 0, 1, [51] = 1, [55] = 1, record, 0xff,
		PAGE >> 8,
	};

	fake_put(&guest.guest, PARAMETERS, prefix, sizeof(prefix));
	put_ccw(0, ECKD_PREFIX, CCW_CC, sizeof(prefix), PARAMETERS);
	put_ccw(1, ECKD_READ, 0, PAGE, DATA);
	start(SCHID_ECKD, ORB_PREFETCH | ORB_IDAW_FORMAT2);
}

/* The fuzzers have one file, so a 3390 comes after the other disk. */
static void eckd(void)
{
	const struct kvm_css_eckd arg = { .size = sizeof(arg) };
	struct file *file = fuzz_image_open(0, 0);

	memset(&css, 0, sizeof(css));
	shim_assert(!css_init(&css, &guest.guest, true));
	fuzz_file_caller(true);
	add(SCHID_ECKD, eckd_device_create(file, &arg));
	fuzz_file_caller(false);
	enable(SCHID_ECKD);
	/* The first one reads all of the track, and makes the buffer. */
	track_data(1);
	track_data(7);
	css_destroy(&css);
	fuzz_file_close(file);
}

int main(void)
{
	struct file *file;

	shim_begin();
	fuzz_guest_begin(&guest);
	file = fuzz_file_open(0, 0);
	shim_assert(!css_init(&css, &guest.guest, true));
	fuzz_file_caller(true);
	add(SCHID_TEST, test_device_create(false));
	add(SCHID_FBA, fba_device_create(file, 0, 0, 0));
	fuzz_file_caller(false);
	enable(SCHID_TEST);
	enable(SCHID_FBA);
	/* Run a command first, so that what it allocates exists already. */
	nops(1);
	idaws(1, 0);
	blocks(FBA_READ, 1, false);
	/* The parts that are counted, in the order that the script knows */
	enable(SCHID_TEST);
	nops(1);
	nops(MORE);
	idaws(1, 0);
	idaws(MORE, 0);
	idaws(1, ORB_PREFETCH);
	idaws(MORE, ORB_PREFETCH);
	blocks(FBA_READ, 1, false);
	blocks(FBA_READ, MORE_BLOCKS, false);
	blocks(FBA_READ, 1, true);
	blocks(FBA_READ, MORE_BLOCKS, true);
	blocks(FBA_WRITE, 1, false);
	blocks(FBA_WRITE, MORE_BLOCKS, false);
	css_destroy(&css);
	fuzz_file_close(file);
	eckd();
	fuzz_guest_end(&guest);
	shim_end();
	return 0;
}
