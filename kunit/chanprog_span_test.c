// SPDX-License-Identifier: GPL-2.0
/*
 * Storage areas that follow each other: the core may move the data of several
 * CCWs or IDAWs by one access (span.c).  Every ending must be as if each had
 * been moved by itself, wherever in the chain the condition is.
 *
 * Each rule is applied to each CCW of a chain, or to each IDAW of a list, and
 * the program is run in all ways.  The conditions are those of the tables in
 * Documentation/channel-programs.rst.
 */
#include <kunit/test.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "chanprog_case.h"

/* The chain: so many CCWs of so many bytes */
#define LINKS		5u
#define BYTES		0x200u
#define ALL		(LINKS * BYTES)
/* Behind the first byte of an area */
#define WITHIN		0x80u

#define READ		0x02
#define WRITE		0x01

/* The page in which a condition of data is, from its first byte on */
#define BAD_PAGE	0x6000u
/* The page in which a condition of CCWs is */
#define CCW_PAGE	0x2000u

/* Programs */

/* A command whose data are chained, from @start on without a gap */
static void chain(struct chanprog_case *c, u8 cmd, u32 start)
{
	u32 i;

	for (i = 0; i < LINKS; i++)
		c->ccws[i] = (struct case_ccw){
			cmd, i + 1 < LINKS ? CCW_CD : 0, BYTES,
			start + i * BYTES,
		};
	c->steps[0] = (struct fake_step){
		.cmd = cmd, .move = cmd & 1 ? FAKE_TAKES : FAKE_GIVES,
		.len = ALL,
	};
	c->data[0] = (struct case_span){ start, ALL, 0 };
	c->end = (struct case_end){ AFTER(LINKS - 1), CE_DE, 0, 0 };
}

/* The same, but each CCW has an IDAW */
static void chain_listed(struct chanprog_case *c, u8 cmd, u32 start)
{
	u32 i;

	chain(c, cmd, start);
	c->lists[0] = (struct case_list)IDAWS1(LIST, LINKS);
	for (i = 0; i < LINKS; i++) {
		c->lists[0].words[i] = c->ccws[i].cda;
		c->ccws[i].cda = LIST + 4 * i;
		c->ccws[i].flags |= CCW_IDA;
	}
}

/* The program ends in link @k, of which @bytes have been moved. */
static void ends(struct chanprog_case *c, u32 k, u32 bytes, u8 cstat, u32 count)
{
	u32 moved = k * BYTES + bytes;

	c->steps[0].left = c->steps[0].len - moved;
	c->data[0].len = moved;
	c->end = (struct case_end){ AFTER(k), CE_DE, cstat, count };
}

/* Link @k is invalid, which is found out when it becomes current. */
static void invalid(struct chanprog_case *c, u32 k)
{
	ends(c, k, 0, CSTAT_PROGRAM_CHECK, 0);
}

/* So many bytes of link @k have been moved when its data meet a condition. */
static void fails(struct chanprog_case *c, u32 k, u32 bytes, u8 cstat)
{
	ends(c, k, bytes, cstat, BYTES - bytes);
}

/* Where the chain has to begin so that BAD_PAGE begins @bytes behind link @k */
static u32 start_for(u32 k, u32 bytes)
{
	return BAD_PAGE - k * BYTES - bytes;
}

/* The device has other bytes than the CCWs */
static void has(struct chanprog_case *c, u32 len)
{
	c->steps[0].len = len;
	c->data[0].len = min(len, ALL);
}

/* "Program Check" when a CCW becomes current */

static void count_zero(struct chanprog_case *c, u32 k)
{
	chain(c, READ, DATA);
	c->ccws[k].count = 0;
	invalid(c, k);
}

static void suspend_flag(struct chanprog_case *c, u32 k)
{
	chain(c, READ, DATA);
	c->orb |= ORB_SUSPEND;
	c->ccws[k].flags |= CCW_SUSPEND;
	invalid(c, k);
}

static void address_bit_0(struct chanprog_case *c, u32 k)
{
	chain(c, READ, DATA);
	c->ccws[k].cda |= CCW_CDA_ZERO;
	invalid(c, k);
}

static void midaw_not_allowed(struct chanprog_case *c, u32 k)
{
	chain(c, READ, DATA);
	c->ccws[k].flags |= CCW_MIDA;
	invalid(c, k);
}

static void list_off_boundary(struct chanprog_case *c, u32 k)
{
	chain_listed(c, READ, DATA);
	c->ccws[k].cda += 2;
	invalid(c, k);
}

static void tic_to_tic(struct chanprog_case *c, u32 k)
{
	chain(c, READ, DATA);
	c->ccws[k] = (struct case_ccw){ 0x08, 0, 0, CCW(k) };
	invalid(c, k);
}

/* CCW @k is the first one in CCW_PAGE. */
static void ccw_page(struct chanprog_case *c, u32 k, u8 cstat)
{
	chain(c, READ, DATA);
	c->base = CCW_PAGE - 8 * k;
	ends(c, k, 0, cstat, 0);
	c->end.cpa = CCW_PAGE + 8;
}

static void ccw_without_storage(struct chanprog_case *c, u32 k)
{
	ccw_page(c, k, CSTAT_PROGRAM_CHECK);
	c->hole = (struct fake_range){ CCW_PAGE, 1 };
}

static void ccw_broken(struct chanprog_case *c, u32 k)
{
	ccw_page(c, k, CSTAT_CHANNEL_CONTROL);
	c->broken = (struct fake_range){ CCW_PAGE, 1 };
}

static void ccw_key(struct chanprog_case *c, u32 k)
{
	u32 page;

	ccw_page(c, k, CSTAT_PROTECTION_CHECK);
	c->orb |= 3u << ORB_KEY_SHIFT;
	c->keys[0] = (struct case_key){ CCW_PAGE, 5 << 4 | FAKE_KEY_FETCH };
	for (page = 1; page < CASE_KEYS; page++)
		c->keys[page] = (struct case_key){
			DATA + (page - 1) * FAKE_PAGE, 3 << 4,
		};
}

/* Conditions of data: they begin with a page. */

static void data_without_storage(struct chanprog_case *c, u32 k, u32 bytes)
{
	chain(c, READ, start_for(k, bytes));
	c->hole = (struct fake_range){ BAD_PAGE, 1 };
	fails(c, k, bytes, CSTAT_PROGRAM_CHECK);
}

static void fetched_without_storage(struct chanprog_case *c, u32 k, u32 bytes)
{
	chain(c, WRITE, start_for(k, bytes));
	c->hole = (struct fake_range){ BAD_PAGE, 1 };
	fails(c, k, bytes, CSTAT_PROGRAM_CHECK);
}

static void data_broken(struct chanprog_case *c, u32 k, u32 bytes)
{
	chain(c, READ, start_for(k, bytes));
	c->broken = (struct fake_range){ BAD_PAGE, 1 };
	fails(c, k, bytes, CSTAT_CHANNEL_DATA);
}

static void data_readonly(struct chanprog_case *c, u32 k, u32 bytes)
{
	chain(c, READ, start_for(k, bytes));
	c->readonly = (struct fake_range){ BAD_PAGE, 1 };
	fails(c, k, bytes, CSTAT_PROTECTION_CHECK);
}

static void data_key(struct chanprog_case *c, u32 k, u32 bytes)
{
	u32 start = start_for(k, bytes);

	chain(c, READ, start);
	c->orb |= 3u << ORB_KEY_SHIFT;
	c->keys[0] = (struct case_key){ BAD_PAGE - FAKE_PAGE, 3 << 4 };
	c->keys[1] = (struct case_key){ BAD_PAGE, 5 << 4 };
	fails(c, k, bytes, CSTAT_PROTECTION_CHECK);
}

static void fetched_key(struct chanprog_case *c, u32 k, u32 bytes)
{
	chain(c, WRITE, start_for(k, bytes));
	c->orb |= 3u << ORB_KEY_SHIFT;
	c->keys[0] = (struct case_key){ BAD_PAGE, 5 << 4 | FAKE_KEY_FETCH };
	fails(c, k, bytes, CSTAT_PROTECTION_CHECK);
}

static void data_limit(struct chanprog_case *c, u32 k, u32 bytes)
{
	chain(c, READ, start_for(k, bytes) - BAD_PAGE + 0x10000);
	c->orb |= ORB_ADDRESS_LIMIT;
	c->limit = (struct chanprog_limit){ PMCW_LIMIT_HIGH, 0x10000 };
	fails(c, k, bytes, CSTAT_PROGRAM_CHECK);
}

static void listed_without_storage(struct chanprog_case *c, u32 k)
{
	chain_listed(c, READ, start_for(k, 0));
	c->hole = (struct fake_range){ BAD_PAGE, 1 };
	fails(c, k, 0, CSTAT_PROGRAM_CHECK);
}

static void listed_broken(struct chanprog_case *c, u32 k)
{
	chain_listed(c, WRITE, start_for(k, 0));
	c->broken = (struct fake_range){ BAD_PAGE, 1 };
	fails(c, k, 0, CSTAT_CHANNEL_DATA);
}

/* Link @k runs beyond the highest address; there is storage behind that. */
static void beyond(struct chanprog_case *c, u32 k, u64 highest)
{
	chain(c, READ, highest - k * BYTES - WITHIN);
	fails(c, k, WITHIN, CSTAT_PROGRAM_CHECK);
	/* The rows say nothing of storage that is so high. */
	memset(c->data, 0, sizeof(c->data));
}

static void beyond_31_bits(struct chanprog_case *c, u32 k)
{
	beyond(c, k, 0x80000000);
}

static void beyond_24_bits(struct chanprog_case *c, u32 k)
{
	beyond(c, k, 0x1000000);
	c->format0 = true;
}

/* IDAWs */

static void idaw_bit_0(struct chanprog_case *c, u32 k)
{
	chain_listed(c, READ, DATA);
	c->lists[0].words[k] |= CCW_CDA_ZERO;
	fails(c, k, 0, CSTAT_PROGRAM_CHECK);
}

/* One CCW with IDAWs for blocks of 2K; word @k is not that of a block. */
static void idaw_off_block(struct chanprog_case *c, u32 k)
{
	const u32 moved = 0x100 + (k - 1) * 0x800;
	u32 i;

	chain(c, READ, DATA);
	c->lists[0] = (struct case_list)IDAWS1(LIST, LINKS);
	for (i = 0; i < LINKS; i++)
		c->lists[0].words[i] = DATA + i * 0x800 + (i ? 0 : 0x700);
	c->lists[0].words[k] += 0x10;
	memset(c->ccws, 0, sizeof(c->ccws));
	c->ccws[0] = (struct case_ccw){ READ, CCW_IDA, 0x1f00, LIST };
	c->steps[0].len = 0x1f00;
	c->steps[0].left = 0x1f00 - moved;
	c->data[0] = (struct case_span){ DATA + 0x700, moved, 0 };
	c->end = (struct case_end){
		AFTER(0), CE_DE, CSTAT_PROGRAM_CHECK, 0x1f00 - moved,
	};
}

/* Lengths, "Incorrect Length" */

static void device_ends_before(struct chanprog_case *c, u32 k)
{
	chain(c, READ, DATA);
	has(c, k * BYTES);
	c->end = (struct case_end){
		AFTER(k - 1), CE_DE, CSTAT_INCORRECT_LENGTH, 0,
	};
}

static void device_ends_within(struct chanprog_case *c, u32 k)
{
	chain(c, WRITE, DATA);
	has(c, k * BYTES + WITHIN);
	c->end = (struct case_end){
		AFTER(k), CE_DE, CSTAT_INCORRECT_LENGTH, BYTES - WITHIN,
	};
}

static void device_has_more(struct chanprog_case *c, u32 k)
{
	chain(c, READ, DATA);
	has(c, ALL + 8);
	c->ccws[k].flags = 0;
	fails(c, k, BYTES, CSTAT_INCORRECT_LENGTH);
}

static void length_suppressed(struct chanprog_case *c, u32 k)
{
	device_has_more(c, k);
	c->ccws[k].flags = CCW_SLI;
	c->end.cstat = 0;
}

static void command_chained(struct chanprog_case *c, u32 k)
{
	device_has_more(c, k);
	has(c, (k + 1) * BYTES);
	c->steps[0].left = 0;
	c->ccws[k].flags = CCW_CC;
	c->ccws[k + 1] = (struct case_ccw){ 0x03, 0, 0, 0 };
	c->steps[1] = (struct fake_step)STEP_IMMEDIATE(0x03);
	c->end = (struct case_end){ AFTER(k + 1), CE_DE, 0, 0 };
}

/* What else a CCW may ask for */

static void pci(struct chanprog_case *c, u32 k)
{
	chain(c, READ, DATA);
	c->ccws[k].flags |= CCW_PCI;
	c->told.last = CHANPROG_PCI;
}

static void pci_not_reached(struct chanprog_case *c, u32 k)
{
	device_ends_before(c, k);
	c->ccws[k].flags |= CCW_PCI;
}

static void pci_and_check(struct chanprog_case *c, u32 k)
{
	data_without_storage(c, k, 0);
	c->ccws[k].flags |= CCW_PCI;
	c->told.last = CHANPROG_PCI;
}

static void pci_behind_check(struct chanprog_case *c, u32 k)
{
	data_without_storage(c, k - 1, 0);
	c->ccws[k].flags |= CCW_PCI;
}

/* Link @k stores nothing where the others do. */
static void without(struct chanprog_case *c, u32 k)
{
	c->data[0].len = k * BYTES;
	c->data[1] = (struct case_span){
		DATA + (k + 1) * BYTES, ALL - (k + 1) * BYTES, (k + 1) * BYTES,
	};
	if (k)
		return;
	c->data[0] = c->data[1];
	c->data[1] = (struct case_span){};
}

static void skip(struct chanprog_case *c, u32 k)
{
	chain(c, READ, DATA);
	c->ccws[k].flags |= CCW_SKIP;
	without(c, k);
}

/* Link @k stores at DATA3. */
static void stores_elsewhere(struct chanprog_case *c, u32 k)
{
	without(c, k);
	c->data[k && k + 1 < LINKS ? 2 : 1] = (struct case_span){
		DATA3, BYTES, k * BYTES,
	};
}

static void elsewhere(struct chanprog_case *c, u32 k)
{
	chain(c, READ, DATA);
	c->ccws[k].cda = DATA3;
	stores_elsewhere(c, k);
}

static void idaw_elsewhere(struct chanprog_case *c, u32 k)
{
	chain_listed(c, READ, DATA);
	c->lists[0].words[k] = DATA3;
	stores_elsewhere(c, k);
}

/* Other CCWs have their data named by IDAWs. */
static void idaw_among_others(struct chanprog_case *c, u32 k)
{
	chain(c, WRITE, DATA);
	c->lists[0] = (struct case_list)IDAWS1(LIST, 1, c->ccws[k].cda);
	c->ccws[k].cda = LIST;
	c->ccws[k].flags |= CCW_IDA;
}

static void tic(struct chanprog_case *c, u32 k)
{
	chain(c, READ, DATA);
	memmove(c->ccws + k + 1, c->ccws + k, (LINKS - k) * sizeof(c->ccws[0]));
	c->ccws[k] = (struct case_ccw){ 0x08, 0, 0, CCW(k + 1) };
	c->end.cpa = AFTER(LINKS);
}

/**
 * struct span_rule - a rule, applied to a link of the chain
 * @name: the rule
 * @at: make the program in which it applies to link @k, and say how it ends
 * @within: the same, @bytes behind the beginning of the data of link @k
 * @from: the first link to which it applies
 */
struct span_rule {
	const char *name;
	void (*at)(struct chanprog_case *c, u32 k);
	void (*within)(struct chanprog_case *c, u32 k, u32 bytes);
	u32 from;
};

static const struct span_rule rules[] = {
	{ "count is zero", count_zero, .from = 1 },
	{ "suspend flag", suspend_flag, .from = 1 },
	{ "bit 0 of the address is one", address_bit_0, .from = 1 },
	{ "MIDAWs are not allowed", midaw_not_allowed, .from = 1 },
	{ "list off its boundary", list_off_boundary, .from = 1 },
	{ "TIC that leads to a TIC", tic_to_tic, .from = 1 },
	{ "no storage for the CCW", ccw_without_storage, .from = 1 },
	{ "host can't provide the CCW", ccw_broken, .from = 1 },
	{ "key doesn't permit fetching the CCW", ccw_key, .from = 1 },
	{ "no storage to store into", .within = data_without_storage },
	{ "no storage to fetch from", .within = fetched_without_storage },
	{ "host can't provide the data", .within = data_broken },
	{ "read-only storage", .within = data_readonly },
	{ "key doesn't permit storing", .within = data_key },
	{ "key doesn't permit fetching", .within = fetched_key },
	{ "address limit", .within = data_limit },
	{ "no storage for the data of an IDAW", listed_without_storage },
	{ "host can't provide the data of an IDAW", listed_broken },
	{ "data beyond 31 bits", beyond_31_bits },
	{ "data beyond 24 bits", beyond_24_bits },
	{ "bit 0 of an IDAW is one", idaw_bit_0 },
	{ "IDAW not for the beginning of a block", idaw_off_block, .from = 1 },
	{ "device ends in front of the CCW", device_ends_before, .from = 1 },
	{ "device ends within the CCW", device_ends_within },
	{ "device has more than the CCWs", device_has_more },
	{ "device has more, length indication suppressed", length_suppressed },
	{ "command chaining ends the data", command_chained },
	{ "PCI flag", pci, .from = 1 },
	{ "PCI flag in a CCW that isn't reached", pci_not_reached, .from = 1 },
	{ "PCI flag in a CCW whose data fail", pci_and_check, .from = 1 },
	{ "PCI flag behind data that fail", pci_behind_check, .from = 1 },
	{ "skip flag", skip },
	{ "area elsewhere", elsewhere },
	{ "IDAW for an area elsewhere", idaw_elsewhere },
	{ "IDAW in one CCW only", idaw_among_others },
	{ "TIC", tic, .from = 1 },
};

KUNIT_ARRAY_PARAM_DESC(rule, rules, name);

static void span_rule_test(struct kunit *test)
{
	const struct span_rule *rule = test->param_value;
	static struct chanprog_case c;
	enum chanprog_mode mode;
	u32 k, bytes;

	for (k = rule->from; k < LINKS; k++) {
		for (bytes = 0; bytes <= (rule->within ? WITHIN : 0);
		     bytes += WITHIN) {
			memset(&c, 0, sizeof(c));
			if (rule->within)
				rule->within(&c, k, bytes);
			else
				rule->at(&c, k);
			for (mode = 0; mode < MODES; mode++)
				chanprog_case_run(test, &c, mode);
			if (test->status != KUNIT_FAILURE)
				continue;
			kunit_info(test, "applied to link %u at %u\n", k,
				   bytes);
			return;
		}
	}
}

/* Halts */

static void halt_at_store(struct guest *guest, const struct fake_access *access)
{
	struct chanprog_bench *bench = container_of(guest,
						    struct chanprog_bench,
						    guest);

	if (access->store)
		chanprog_stop(&bench->cp, CHANPROG_HALT);
}

/*
 * The program is halted while data are stored, and the last link can't be
 * stored.  What is in storage must be what the count says, even though the
 * access that was to store everything has stored a part.
 */
static void span_halted_test(struct kunit *test)
{
	struct chanprog_bench *bench = chanprog_bench_create(test);
	const u32 start = start_for(LINKS - 1, FAKE_PAGE);
	static struct chanprog_case c;
	struct case_told told;
	u32 moved, i;

	memset(&c, 0, sizeof(c));
	chain(&c, READ, start);
	c.orb = ORB_PREFETCH;
	c.ccws[LINKS - 1].count = 2 * FAKE_PAGE;
	c.steps[0].len = (LINKS - 1) * BYTES + 2 * FAKE_PAGE;
	c.steps[0].left = FAKE_PAGE;
	c.hole = (struct fake_range){ BAD_PAGE, 1 };
	chanprog_bench_load(bench, &c);
	bench->guest.at_access = halt_at_store;
	chanprog_case_end(test, bench, true, &told);
	moved = bench->fake->moved;
	KUNIT_EXPECT_EQ(test, moved, BAD_PAGE - start);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.count, FAKE_PAGE);
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cpa, AFTER(LINKS - 1));
	for (i = 0; i < c.steps[0].len; i++)
		KUNIT_EXPECT_EQ(test, bench->guest.storage[start + i],
				i < moved ? bench->fake->stream[i] :
					    fake_background(start + i));
}

/* How often storage is accessed */

#define BLOCK		512u
#define BLOCKS		96u

/**
 * struct request_case - a request of Linux's FBA driver
 * @name: the row
 * @mode: in which way it is run
 * @listed: each block is named by an IDAW
 * @apart: there is a gap behind each page
 * @accesses: how often storage is accessed at the most
 */
struct request_case {
	const char *name;
	enum chanprog_mode mode;
	bool listed;
	bool apart;
	unsigned int accesses;
};

/*
 * 96 CCWs are copied by 6 accesses, 96 format-1 IDAWs by 3.  On a worker the
 * data of CCWs are moved before the CCWs behind them are copied.
 */
static const struct request_case request_cases[] = {
	{ "a vCPU", MODE_PREFETCH_VCPU, .accesses = 6 + 1 },
	{ "a worker", MODE_PREFETCH, .accesses = 6 + 6 },
	{ "a vCPU, pages apart", MODE_PREFETCH_VCPU, .apart = true,
	  .accesses = 6 + 12 },
	{ "a worker, pages apart", MODE_PREFETCH, .apart = true,
	  .accesses = 6 + 12 },
	{ "a vCPU, IDAWs", MODE_PREFETCH_VCPU, .listed = true,
	  .accesses = 6 + 3 + 3 },
	{ "a worker, IDAWs", MODE_PREFETCH, .listed = true,
	  .accesses = 6 + 3 + 6 },
};

KUNIT_ARRAY_PARAM_DESC(request, request_cases, name);

static unsigned int accesses;

static void count_access(struct guest *guest, const struct fake_access *access)
{
	accesses++;
}

static u32 block_at(const struct request_case *r, u32 i)
{
	return 0x8000 + i * BLOCK + (r->apart ? i / 8 * FAKE_PAGE : 0);
}

static void put_request(struct guest *guest, const struct request_case *r)
{
	struct case_ccw ccw;
	__be32 idaw;
	u32 i;

	for (i = 0; i < BLOCKS; i++) {
		ccw = (struct case_ccw){
			READ, i + 1 < BLOCKS ? CCW_CD : 0, BLOCK, block_at(r, i),
		};
		if (r->listed) {
			idaw = cpu_to_be32(ccw.cda);
			ccw.cda = LIST + i * sizeof(idaw);
			ccw.flags |= CCW_IDA;
			fake_put(guest, ccw.cda, &idaw, sizeof(idaw));
		}
		chanprog_put_ccw(guest, CCW(i), &ccw, false);
	}
}

static unsigned int run_request(struct kunit *test,
				const struct request_case *r, bool one_by_one)
{
	static const struct chanprog_case c = {
		.orb = ORB_PREFETCH,
		.steps = { STEP_GIVES(READ, BLOCKS * BLOCK) },
	};
	struct chanprog_bench *bench = chanprog_bench_of(test, &c);
	struct case_told told;
	u32 i;

	put_request(&bench->guest, r);
	bench->guest.at_access = count_access;
	bench->cp.one_by_one = one_by_one;
	accesses = 0;
	KUNIT_EXPECT_EQ(test, CHANPROG_ENDED,
			chanprog_case_end(test, bench, r->mode == MODE_PREFETCH,
					  &told));
	KUNIT_EXPECT_EQ(test, bench->cp.ending.cstat, 0);
	for (i = 0; i < BLOCKS; i++)
		KUNIT_EXPECT_MEMEQ(test,
				   bench->guest.storage + block_at(r, i),
				   bench->fake->stream + i * BLOCK, BLOCK);
	return accesses;
}

static void span_accesses_test(struct kunit *test)
{
	const struct request_case *r = test->param_value;

	KUNIT_EXPECT_LE(test, run_request(test, r, false), r->accesses);
	KUNIT_EXPECT_GT(test, run_request(test, r, true), BLOCKS);
}

static struct kunit_case span_test_cases[] = {
	KUNIT_CASE_PARAM(span_rule_test, rule_gen_params),
	KUNIT_CASE(span_halted_test),
	KUNIT_CASE_PARAM(span_accesses_test, request_gen_params),
	{}
};

static struct kunit_suite span_suite = {
	.name = "kvm_css_chanprog_span",
	.test_cases = span_test_cases,
};

kunit_test_suite(span_suite);
