// SPDX-License-Identifier: GPL-2.0
/* Random channel programs, ORBs and operands; see hostile_prog.h */
#include "hostile_prog.h"

/* The data area: addresses whose bits 8-15 are from 0x80 to 0xbf */
#define DATA_FIRST		0x81u
#define DATA_LAST		0xbeu
#define TEMPLATES		0x00a00000u
#define SCRIPT			(TEMPLATES + 64)
#define CHSC_BLOCKS		0x00b00000u

#define PAGE			4096u

/*
 * Pages of CCWs; the number's bits are the CCWs' format and that of their
 * IDAWs.
 */
#define PROGRAMS		4
#define PROGRAM_FORMAT1		1u
#define PROGRAM_IDAW2		2u
#define PROGRAM(nr)		(0x400000u + (nr) * 0x2000u)
#define SLOTS			(PAGE / sizeof(struct ccw1))

#define IDAWS1			0x420000u
#define IDAWS2			0x424000u
#define MIDAWS			0x428000u

/*
 * When this is added to an address of data, there is no storage at the result.
 */
#define NOWHERE			0x7f000000u

u32 random_next(struct random *random)
{
	random->state ^= random->state << 13;
	random->state ^= random->state >> 7;
	random->state ^= random->state << 17;
	return random->state >> 16;
}

bool random_one_in(struct random *random, u32 n)
{
	return !(random_next(random) % n);
}

static u32 below(struct random *random, u32 n)
{
	return random_next(random) % n;
}

void hostile_prog_init(void)
{
	u32 nr;

	for (nr = 0; nr < PROGRAMS; nr++)
		memset((void *)(u64)PROGRAM(nr), 0, 2 * PAGE);
	memset((void *)(u64)IDAWS1, 0xff, 2 * PAGE);
	memset((void *)(u64)IDAWS2, 0xff, 2 * PAGE);
	memset((void *)(u64)MIDAWS, 0xff, 2 * PAGE);
}

/*
 * Return an address in the data area, such that any mixture of the bytes of two
 * of these addresses is in the data area as well.
 */
static u32 inside(struct random *random)
{
	u32 addr = (DATA_FIRST + below(random, DATA_LAST - DATA_FIRST + 1)) <<
		   16;

	addr |= random_next(random) & 0xffff;
	if (random_one_in(random, 3))
		addr &= -2048u;
	else if (random_one_in(random, 3))
		addr |= 2047;
	return addr;
}

u32 hostile_data(struct random *random)
{
	u32 addr = inside(random);

	if (random_one_in(random, 24))
		addr |= NOWHERE;
	return addr;
}

/* --- lists --- */

static void put_idaws(struct random *random)
{
	volatile u32 *idaws1 = (u32 *)(u64)IDAWS1;
	volatile u64 *idaws2 = (u64 *)(u64)IDAWS2;
	u32 nr = below(random, PAGE / sizeof(u64));
	u32 addr = hostile_data(random);

	/*
	 * Addresses are mostly those of blocks; those for READ BACKWARD are
	 * their last bytes.
	 */
	if (!random_one_in(random, 4))
		addr &= -4096u;
	idaws1[2 * nr] = addr | (random_one_in(random, 64) ? 1u << 31 : 0);
	idaws1[2 * nr + 1] = hostile_data(random) & -2048u;
	idaws2[nr] = addr | (random_one_in(random, 64) ? 1ul << 63 : 0);
}

static void put_midaws(struct random *random)
{
	volatile u64 *midaws = (u64 *)(u64)MIDAWS;
	u32 nr = below(random, PAGE / sizeof(struct midaw));
	u64 flags = random_next(random) & (MIDAW_LAST | MIDAW_SKIP |
					   MIDAW_INTERRUPT);
	u64 count = below(random, 64);

	if (random_one_in(random, 8))
		count = random_next(random) & 0xffff;
	if (random_one_in(random, 32))
		flags |= random_next(random) & 0x1f;
	midaws[2 * nr] = flags << 16 | count;
	if (random_one_in(random, 64))
		midaws[2 * nr] |= 1ul << below(random, 64);
	midaws[2 * nr + 1] = hostile_data(random);
	if (random_one_in(random, 64))
		midaws[2 * nr + 1] |= 1ul << 63;
}

/* --- CCWs --- */

static const u8 commands[] = {
	TEST_WRITE, TEST_WRITE, TEST_READ, TEST_READ, TEST_NOP, TEST_NOP,
	TEST_SENSE, TEST_SEEK, TEST_END_STATUS, TEST_READ_BACKWARD,
	TEST_READ_BACKWARD, TEST_WAIT, TEST_SENSE_ID, FBA_READ, FBA_WRITE,
	FBA_LOCATE, FBA_DEFINE_EXTENT, FBA_READ_CHARS, TEST_SCRIPT,
};

static u8 any_command(struct random *random)
{
	u8 cmd;

	if (!random_one_in(random, 32))
		return commands[below(random, ARRAY_SIZE(commands))];
	/* Any command but a TIC, which would lead to data */
	cmd = random_next(random);
	return (cmd & 0x0f) == CCW_TIC ? cmd ^ 1 : cmd;
}

static u16 any_count(struct random *random)
{
	static const u16 counts[] = {
		0, 1, 2, 4, 8, 16, 24, 32, 64, 512, 2048, 4096
	};

	if (random_one_in(random, 32))
		return random_next(random);
	return counts[below(random, ARRAY_SIZE(counts))];
}

static u8 any_flags(struct random *random)
{
	u8 flags = CCW_SLI;

	if (!random_one_in(random, 4))
		flags |= CCW_CC;
	if (random_one_in(random, 6))
		flags |= CCW_CD;
	if (random_one_in(random, 8))
		flags |= CCW_SKIP;
	if (random_one_in(random, 8))
		flags |= CCW_PCI;
	if (random_one_in(random, 24))
		flags |= CCW_SUSPEND;
	if (random_one_in(random, 8))
		flags ^= CCW_SLI;
	return flags;
}

/* What a backend is to answer and to present, which may be anything */
static u32 script(struct random *random)
{
	static const u32 statuses[] = {
		SCSW_FC_START | SCSW_SC_PENDING | SCSW_SC_PRIMARY |
			SCSW_SC_SECONDARY,
		SCSW_FC_START | SCSW_AC_DEVICE_ACTIVE | SCSW_SC_PENDING |
			SCSW_SC_PRIMARY,
		SCSW_FC_START | SCSW_AC_SUSPENDED | SCSW_SC_PENDING |
			SCSW_SC_INTERMEDIATE,
		SCSW_SC_PENDING | SCSW_SC_SECONDARY,
		SCSW_SC_PENDING | SCSW_SC_ALERT,
	};
	struct test_script *script = (void *)(u64)SCRIPT;
	struct test_step *step;
	unsigned int i;

	memset(script, 0, sizeof(*script));
	for (i = 0; i < sizeof(script->cc); i++)
		if (i != TEST_CC_CSCH && random_one_in(random, 8))
			script->cc[i] = below(random, 4);
	script->active = below(random, 2);
	script->stop_us = below(random, 2000);
	for (i = 0; i < ARRAY_SIZE(script->steps); i++) {
		step = &script->steps[i];
		step->us = below(random, 2000);
		step->flags = statuses[below(random, ARRAY_SIZE(statuses))];
		if (random_one_in(random, 4))
			step->flags = random_next(random);
		step->dstat = random_next(random);
	}
	return SCRIPT;
}

/* Choose parameters, which are valid unless somebody overwrites them. */
static u32 template(struct random *random, u8 cmd)
{
	struct fba_extent *extent = (void *)(u64)(TEMPLATES + 16);
	struct fba_locate *locate = (void *)(u64)(TEMPLATES + 32);
	u32 *word = (void *)(u64)TEMPLATES;

	switch (cmd) {
	case TEST_WAIT:
	case TEST_SEEK:
		*word = below(random, 4000);
		return TEMPLATES;
	case FBA_DEFINE_EXTENT:
		*extent = (struct fba_extent){ .mask = FBA_MASK_ALL,
					       .last = HOSTILE_BLOCKS - 1 };
		return TEMPLATES + 16;
	case FBA_LOCATE:
		locate->operation = random_one_in(random, 2) ? FBA_OP_WRITE :
							       FBA_OP_READ;
		locate->auxiliary = 0;
		locate->blocks = 1 + below(random, 130);
		locate->first = below(random, HOSTILE_BLOCKS / 2);
		return TEMPLATES + 32;
	case TEST_SCRIPT:
		return script(random);
	}
	return hostile_data(random);
}

/* Store the CCW in one piece, so that it is rarely mixed with another CPU's. */
static void put(u32 program, u32 slot, const struct ccw1 *ccw)
{
	volatile u64 *at = (u64 *)(u64)PROGRAM(program);
	u64 word = (u64)ccw->cmd << 56;

	if (program & PROGRAM_FORMAT1)
		word |= (u64)ccw->flags << 48 | (u64)ccw->count << 32 |
			ccw->cda;
	else
		word |= (u64)(ccw->cda & 0xffffff) << 32 |
			(u64)ccw->flags << 24 | ccw->count;
	at[slot] = word;
}

static void put_direct(struct random *random, u32 program, u32 slot)
{
	struct ccw1 ccw;

	ccw = CCW(any_command(random), any_flags(random), any_count(random), 0);
	ccw.cda = random_one_in(random, 4) ? hostile_data(random) :
					     template(random, ccw.cmd);
	if (random_one_in(random, 64))
		ccw.cda |= 1u << 31;
	put(program, slot, &ccw);
}

static void put_ida(struct random *random, u32 program, u32 slot)
{
	u32 list = program & PROGRAM_IDAW2 ? IDAWS2 : IDAWS1;
	struct ccw1 ccw;

	list += below(random, PAGE / 8) * 8;
	if (random_one_in(random, 16))
		list += below(random, 8);
	ccw = CCW(any_command(random), any_flags(random) | CCW_IDA,
		  any_count(random), (u64)list);
	put(program, slot, &ccw);
}

static void put_mida(struct random *random, u32 program, u32 slot)
{
	u32 list = MIDAWS + below(random, PAGE / 16) * 16;
	struct ccw1 ccw;

	if (random_one_in(random, 16))
		list += below(random, 16);
	ccw = CCW(any_command(random),
		  (any_flags(random) & ~CCW_SKIP) | CCW_MIDA,
		  any_count(random), (u64)list);
	if (random_one_in(random, 16))
		ccw.flags |= CCW_SKIP;
	put(program, slot, &ccw);
}

static u32 any_slot(struct random *random, u32 program)
{
	u32 addr = PROGRAM(program) + below(random, SLOTS) * 8;

	return random_one_in(random, 32) ? addr + below(random, 8) : addr;
}

static void put_tic(struct random *random, u32 program, u32 slot)
{
	struct ccw1 ccw = CCW(CCW_TIC, 0, 0, (u64)any_slot(random, program));

	if (random_one_in(random, 16))
		ccw.cmd |= random_next(random) & 0xf0;
	if (random_one_in(random, 32))
		ccw.count = random_next(random);
	if (random_one_in(random, 32))
		ccw.cda |= NOWHERE;
	put(program, slot, &ccw);
}

/*
 * Store DEFINE EXTENT, LOCATE and READ or WRITE, as a driver would make them.
 */
static void put_disk(struct random *random, u32 program, u32 slot)
{
	u8 move = random_one_in(random, 2) ? FBA_READ : FBA_WRITE;
	struct ccw1 ccw;

	ccw = CCW(FBA_DEFINE_EXTENT, CCW_CC, 16, 0);
	ccw.cda = template(random, FBA_DEFINE_EXTENT);
	put(program, slot, &ccw);
	ccw = CCW(FBA_LOCATE, CCW_CC, 8, 0);
	ccw.cda = template(random, FBA_LOCATE);
	put(program, slot + 1, &ccw);
	ccw = CCW(move, any_flags(random) | CCW_SLI, 0, 0);
	ccw.count = below(random, 128) * FBA_BLOCK;
	ccw.cda = hostile_data(random);
	put(program, slot + 2, &ccw);
}

/*
 * Store two WAITs, which are pending for as long as it takes the other CPU to do
 * nothing, a few or many things to the subchannel.
 */
static void put_waits(struct random *random, u32 program, u32 slot)
{
	static const u32 lengths[] = { 1, 30, 1000, 10000, 100000, 3000000 };
	u32 nr = below(random, ARRAY_SIZE(lengths)), i;
	u32 *us = (u32 *)(u64)(TEMPLATES + 64);
	struct ccw1 ccw;

	us[nr] = lengths[nr];
	for (i = 0; i < 2; i++) {
		ccw = CCW(TEST_WAIT, any_flags(random) & ~CCW_CD, 4, &us[nr]);
		put(program, slot + i, &ccw);
	}
}

/* A slot always has the same kind of CCW, which depends on its number alone. */
static void put_ccw(struct random *random)
{
	u32 program = below(random, PROGRAMS);
	u32 slot = below(random, SLOTS);

	switch (slot % 8) {
	case 0:
		if (random_one_in(random, 2))
			put_disk(random, program, slot);
		else
			put_direct(random, program, slot);
		break;
	case 3:
		if (random_one_in(random, 3))
			put_waits(random, program, slot);
		else
			put_direct(random, program, slot);
		break;
	case 5:
		put_ida(random, program, slot);
		break;
	case 6:
		put_mida(random, program, slot);
		break;
	case 7:
		put_tic(random, program, slot);
		break;
	default:
		put_direct(random, program, slot);
	}
}

void hostile_rewrite(struct random *random)
{
	u32 n = 1 + below(random, 8);

	while (n--)
		put_ccw(random);
	put_idaws(random);
	put_midaws(random);
}

/* --- operands --- */

void hostile_orb(struct random *random, struct orb *orb)
{
	u32 program = below(random, PROGRAMS);
	u32 r = random_next(random);

	memset(orb, 0, sizeof(*orb) + 20);
	orb->intparm = r;
	orb->cpa = any_slot(random, program);
	if (random_one_in(random, 32))
		orb->cpa |= 1u << (24 + below(random, 8));
	/* Flags that a program of this kind may have */
	orb->flags = random_next(random) &
		     (ORB_PREFETCH | ORB_INITIAL_STATUS | ORB_ADDRESS_LIMIT |
		      ORB_SUPPRESS_SUSPENDED | ORB_IDAW_2K | ORB_ILS |
		      0x07000000);
	if (program & PROGRAM_FORMAT1)
		orb->flags |= ORB_FORMAT1;
	if (program & PROGRAM_IDAW2)
		orb->flags |= ORB_IDAW_FORMAT2;
	if (r & 3)
		orb->flags |= ORB_SUSPEND;
	if (r & 0x30)
		orb->flags |= ORB_MIDAW;
	if (!(r & 0xc0))
		orb->flags |= ORB_KEY(r >> 8 & 0xf);
	orb->flags |= ORB_LPM(r & 0xf000 ? 0xff : r >> 16 & 0xff);
	if (random_one_in(random, 32))
		orb->flags |= ORB_TRANSPORT;
	if (random_one_in(random, 32))
		orb->flags |= random_next(random) & ORB_ZEROS;
	if (random_one_in(random, 32))
		orb->flags |= 1;	/* the extension */
}

void hostile_schib(struct random *random, struct schib *schib)
{
	u32 r = random_next(random);

	memset(schib, 0, sizeof(*schib));
	schib->pmcw.intparm = r;
	schib->pmcw.flags = PMCW_ISC(r & 7) | (r & 0x38 ? PMCW_ENABLED : 0);
	if (r & 0x40)
		schib->pmcw.flags |= PMCW_MEASUREMENT_BLOCK;
	if (r & 0x80)
		schib->pmcw.flags |= PMCW_CONNECT_TIME;
	if (!(r & 0x300))
		schib->pmcw.flags |= r >> 4 & PMCW_LIMIT_MODE;
	schib->pmcw.lpm = 0x80 | r >> 8;
	schib->pmcw.pom = r >> 16;
	schib->pmcw.mbi = r >> 12;
	schib->pmcw.chars = r >> 20 & PMCW_CHARS_MODIFIABLE;
	schib->mda[1] = inside(random) & -64u;
	if (random_one_in(random, 16))
		schib->pmcw.flags ^= 1 << below(random, 16);
	if (random_one_in(random, 16))
		schib->pmcw.chars ^= 1u << below(random, 32);
	if (random_one_in(random, 16))
		schib->mda[1] |= below(random, 64);
}

/* 65536 blocks of 32 bytes are 2 MiB. */
u32 hostile_origin(struct random *random)
{
	u32 origin = (DATA_FIRST + below(random, 0x1d)) << 16;

	origin |= random_next(random) & 0xffe0;
	return random_one_in(random, 32) ? origin + 8 : origin;
}

u64 hostile_chsc(struct random *random)
{
	static const u16 codes[] = {
		CHSC_PATHS, CHSC_SUBCHANNELS, CHSC_EVENT, CHSC_CHARS, CHSC_SDA,
		CHSC_SDA, 0x7fff,
	};
	u64 at = CHSC_BLOCKS + cpu_number() * PAGE;
	struct chsc_request *request = (void *)at;

	memset(request, 0, 1024);
	request->length = sizeof(*request);
	request->code = codes[below(random, ARRAY_SIZE(codes))];
	if (request->code == CHSC_SDA) {
		request->length = offsetof(struct chsc_sda, response_length);
		request->word1 = random_one_in(random, 2) ? CHSC_SDA_MSS : 0;
	} else if (request->code == CHSC_SUBCHANNELS) {
		request->word1 = below(random, 8);
		request->word2 = random_next(random) & 0xffff;
	} else if (request->code == CHSC_PATHS) {
		request->word1 = random_next(random) & 0x100000ff;
		request->word2 = random_next(random) & 0xff;
	}
	if (random_one_in(random, 8))
		request->word1 ^= 1u << below(random, 32);
	if (random_one_in(random, 8))
		request->length = random_next(random) & 0x1ff8;
	return random_one_in(random, 16) ? at + 8 * below(random, 512) : at;
}

void hostile_key(struct random *random)
{
	u64 page = hostile_data(random) & 0xfff000;
	u64 key = random_next(random) & 0xf8;
	volatile u8 *touched = (u8 *)page;

	if (random_one_in(random, 2))
		key = 0;
	/*
	 * Touch the page first: Hercules can't set the key of a page that the
	 * host hasn't provided.
	 */
	*touched = *touched;
	asm volatile("sske %0,%1" : : "d" (key), "a" (page) : "memory");
}
