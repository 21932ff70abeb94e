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

#define CMD_READ	0x02
#define CMD_WRITE	0x01

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
	chain(c, CMD_READ, DATA);
	c->ccws[k].count = 0;
	invalid(c, k);
}

static void suspend_flag(struct chanprog_case *c, u32 k)
{
	chain(c, CMD_READ, DATA);
	c->orb |= ORB_SUSPEND;
	c->ccws[k].flags |= CCW_SUSPEND;
	invalid(c, k);
}

static void address_bit_0(struct chanprog_case *c, u32 k)
{
	chain(c, CMD_READ, DATA);
	c->ccws[k].cda |= CCW_CDA_ZERO;
	invalid(c, k);
}

static void midaw_not_allowed(struct chanprog_case *c, u32 k)
{
	chain(c, CMD_READ, DATA);
	c->ccws[k].flags |= CCW_MIDA;
	invalid(c, k);
}

static void list_off_boundary(struct chanprog_case *c, u32 k)
{
	chain_listed(c, CMD_READ, DATA);
	c->ccws[k].cda += 2;
	invalid(c, k);
}

static void tic_to_tic(struct chanprog_case *c, u32 k)
{
	chain(c, CMD_READ, DATA);
	c->ccws[k] = (struct case_ccw){ 0x08, 0, 0, CCW(k) };
	invalid(c, k);
}

/* CCW @k is the first one in CCW_PAGE. */
static void ccw_page(struct chanprog_case *c, u32 k, u8 cstat)
{
	chain(c, CMD_READ, DATA);
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
	chain(c, CMD_READ, start_for(k, bytes));
	c->hole = (struct fake_range){ BAD_PAGE, 1 };
	fails(c, k, bytes, CSTAT_PROGRAM_CHECK);
}

static void fetched_without_storage(struct chanprog_case *c, u32 k, u32 bytes)
{
	chain(c, CMD_WRITE, start_for(k, bytes));
	c->hole = (struct fake_range){ BAD_PAGE, 1 };
	fails(c, k, bytes, CSTAT_PROGRAM_CHECK);
}

static void data_broken(struct chanprog_case *c, u32 k, u32 bytes)
{
	chain(c, CMD_READ, start_for(k, bytes));
	c->broken = (struct fake_range){ BAD_PAGE, 1 };
	fails(c, k, bytes, CSTAT_CHANNEL_DATA);
}

static void data_readonly(struct chanprog_case *c, u32 k, u32 bytes)
{
	chain(c, CMD_READ, start_for(k, bytes));
	c->readonly = (struct fake_range){ BAD_PAGE, 1 };
	fails(c, k, bytes, CSTAT_PROTECTION_CHECK);
}

static void data_key(struct chanprog_case *c, u32 k, u32 bytes)
{
	u32 start = start_for(k, bytes);

	chain(c, CMD_READ, start);
	c->orb |= 3u << ORB_KEY_SHIFT;
	c->keys[0] = (struct case_key){ BAD_PAGE - FAKE_PAGE, 3 << 4 };
	c->keys[1] = (struct case_key){ BAD_PAGE, 5 << 4 };
	fails(c, k, bytes, CSTAT_PROTECTION_CHECK);
}

static void fetched_key(struct chanprog_case *c, u32 k, u32 bytes)
{
	chain(c, CMD_WRITE, start_for(k, bytes));
	c->orb |= 3u << ORB_KEY_SHIFT;
	c->keys[0] = (struct case_key){ BAD_PAGE, 5 << 4 | FAKE_KEY_FETCH };
	fails(c, k, bytes, CSTAT_PROTECTION_CHECK);
}

static void data_limit(struct chanprog_case *c, u32 k, u32 bytes)
{
	chain(c, CMD_READ, start_for(k, bytes) - BAD_PAGE + 0x10000);
	c->orb |= ORB_ADDRESS_LIMIT;
	c->limit = (struct chanprog_limit){ PMCW_LIMIT_HIGH, 0x10000 };
	fails(c, k, bytes, CSTAT_PROGRAM_CHECK);
}

static void listed_without_storage(struct chanprog_case *c, u32 k)
{
	chain_listed(c, CMD_READ, start_for(k, 0));
	c->hole = (struct fake_range){ BAD_PAGE, 1 };
	fails(c, k, 0, CSTAT_PROGRAM_CHECK);
}

static void listed_broken(struct chanprog_case *c, u32 k)
{
	chain_listed(c, CMD_WRITE, start_for(k, 0));
	c->broken = (struct fake_range){ BAD_PAGE, 1 };
	fails(c, k, 0, CSTAT_CHANNEL_DATA);
}

/* Link @k runs beyond the highest address; there is storage behind that. */
static void beyond(struct chanprog_case *c, u32 k, u64 highest)
{
	chain(c, CMD_READ, highest - k * BYTES - WITHIN);
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
	chain_listed(c, CMD_READ, DATA);
	c->lists[0].words[k] |= CCW_CDA_ZERO;
	fails(c, k, 0, CSTAT_PROGRAM_CHECK);
}

/* One CCW with IDAWs for blocks of 2K; word @k is not that of a block. */
static void idaw_off_block(struct chanprog_case *c, u32 k)
{
	const u32 moved = 0x100 + (k - 1) * 0x800;
	u32 i;

	chain(c, CMD_READ, DATA);
	c->lists[0] = (struct case_list)IDAWS1(LIST, LINKS);
	for (i = 0; i < LINKS; i++)
		c->lists[0].words[i] = DATA + i * 0x800 + (i ? 0 : 0x700);
	c->lists[0].words[k] += 0x10;
	memset(c->ccws, 0, sizeof(c->ccws));
	c->ccws[0] = (struct case_ccw){ CMD_READ, CCW_IDA, 0x1f00, LIST };
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
	chain(c, CMD_READ, DATA);
	has(c, k * BYTES);
	c->end = (struct case_end){
		AFTER(k - 1), CE_DE, CSTAT_INCORRECT_LENGTH, 0,
	};
}

static void device_ends_within(struct chanprog_case *c, u32 k)
{
	chain(c, CMD_WRITE, DATA);
	has(c, k * BYTES + WITHIN);
	c->end = (struct case_end){
		AFTER(k), CE_DE, CSTAT_INCORRECT_LENGTH, BYTES - WITHIN,
	};
}

static void device_has_more(struct chanprog_case *c, u32 k)
{
	chain(c, CMD_READ, DATA);
	has(c, ALL + 8);
	c->ccws[k].flags = 0;
	fails(c, k, BYTES, CSTAT_INCORRECT_LENGTH);
}

static void device_has_more_listed(struct chanprog_case *c, u32 k)
{
	chain_listed(c, CMD_READ, DATA);
	has(c, ALL + 8);
	c->ccws[k].flags = CCW_IDA;
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
	chain(c, CMD_READ, DATA);
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
	chain(c, CMD_READ, DATA);
	c->ccws[k].flags |= CCW_SKIP;
	without(c, k);
}

/* The data of link @k are at @addr. */
static void data_at(struct chanprog_case *c, u32 k, u32 addr)
{
	without(c, k);
	c->data[k && k + 1 < LINKS ? 2 : 1] = (struct case_span){
		addr, BYTES, k * BYTES,
	};
}

static void elsewhere(struct chanprog_case *c, u32 k)
{
	chain(c, CMD_READ, DATA);
	c->ccws[k].cda = DATA3;
	data_at(c, k, DATA3);
}

static void idaw_elsewhere(struct chanprog_case *c, u32 k)
{
	chain_listed(c, CMD_READ, DATA);
	c->lists[0].words[k] = DATA3;
	data_at(c, k, DATA3);
}

/* The list of link @k is where its data would be. */

static void idaws_there(struct chanprog_case *c, u32 k)
{
	chain(c, CMD_READ, DATA);
	c->ccws[k].flags |= CCW_IDA;
	c->lists[0] = (struct case_list)IDAWS1(c->ccws[k].cda, 1, DATA3);
	data_at(c, k, DATA3);
}

static void midaws_there(struct chanprog_case *c, u32 k)
{
	chain(c, CMD_READ, DATA);
	c->orb |= ORB_MIDAW;
	c->ccws[k].flags |= CCW_MIDA;
	c->lists[0] = (struct case_list)MIDAWS(c->ccws[k].cda, 1,
					       MIDAW(MIDAW_LAST, BYTES), DATA3);
	data_at(c, k, DATA3);
}

/* The data of link @k are where its list would be. */
static void data_of_list(struct chanprog_case *c, u32 k)
{
	chain_listed(c, CMD_WRITE, DATA);
	c->ccws[k].flags &= ~CCW_IDA;
	data_at(c, k, c->ccws[k].cda);
}

/* Other CCWs have their data named by IDAWs. */
static void idaw_among_others(struct chanprog_case *c, u32 k)
{
	chain(c, CMD_WRITE, DATA);
	c->lists[0] = (struct case_list)IDAWS1(LIST, 1, c->ccws[k].cda);
	c->ccws[k].cda = LIST;
	c->ccws[k].flags |= CCW_IDA;
}

static void tic(struct chanprog_case *c, u32 k)
{
	chain(c, CMD_READ, DATA);
	memmove(c->ccws + k + 1, c->ccws + k, (LINKS - k) * sizeof(c->ccws[0]));
	c->ccws[k] = (struct case_ccw){ 0x08, 0, 0, CCW(k + 1) };
	c->end.cpa = AFTER(LINKS);
}

/* In format 0, a TIC may look like a CCW that goes on.  It leads to another CCW. */
static void tic_like_ccw(struct chanprog_case *c, u32 k)
{
	chain(c, CMD_READ, DATA);
	c->format0 = true;
	has(c, (k + 1) * BYTES);
	c->ccws[k].cmd = 0x08;
	c->lists[0] = (struct case_list)IDAWS2(c->ccws[k].cda, 1,
					       (u64)DATA3 << 32 | BYTES);
	c->data[0].len = k * BYTES;
	c->data[1] = (struct case_span){ DATA3, BYTES, k * BYTES };
	c->end.cpa = c->ccws[k].cda + 8;
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
	{ "device has more than the IDAWs", device_has_more_listed },
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
	{ "IDAW list where data would be", idaws_there },
	{ "MIDAW list where data would be", midaws_there },
	{ "data where an IDAW list would be", data_of_list },
	{ "TIC", tic, .from = 1 },
	{ "TIC that looks like a CCW", tic_like_ccw, .from = 1 },
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

static struct kunit_case span_test_cases[] = {
	KUNIT_CASE_PARAM(span_rule_test, rule_gen_params),
	{}
};

static struct kunit_suite span_suite = {
	.name = "kvm_css_chanprog_span",
	.test_cases = span_test_cases,
};

kunit_test_suite(span_suite);
