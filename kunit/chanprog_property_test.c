// SPDX-License-Identifier: GPL-2.0
/*
 * Random channel programs.  In each way in which the core may run a program,
 * the result must be the one of the model in chanprog_model.c.  Programs are
 * made from a seed, which a failure names.  To run that program alone, set
 * FIRST_SEED to the seed.
 */
#include <kunit/test.h>
#include <linux/minmax.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include <kvm_css/command.h>
#include <kvm_css/control_unit.h>

#include "chanprog_case.h"
#include "chanprog_model.h"

#define FIRST_SEED	1u
#define PROGRAMS	2000

/* After so many failures the others have the same cause, most likely. */
#define FAILURES_MAX	3

/* Where CCWs and lists of a program are; its data are in the rest of storage */
#define CCWS		0x1000u
#define CCWS_END	0x2000u
#define LISTS		0x2000u
#define LISTS_END	0x4000u
#define DATA_FROM	0x4000u

#define TURNS_MAX	256

/**
 * struct random - a random program and what it is run with
 * @state: the random numbers' state
 * @model: the program, and its result in the model
 * @before: storage before the program runs
 * @next_ccw: where the next CCW has room
 * @next_list: where the next list has room
 * @key: the program's key
 */
struct random {
	struct rnd_state state;
	struct model model;
	u8 *before;
	u32 next_ccw;
	u32 next_list;
	u8 key;
};

static u32 below(struct random *r, u32 limit)
{
	return prandom_u32_state(&r->state) % limit;
}

static bool one_in(struct random *r, u32 n)
{
	return !below(r, n);
}

static u32 between(struct random *r, u32 least, u32 most)
{
	return least + below(r, most - least + 1);
}

static void put_word(struct random *r, u32 addr, u64 word, u32 len)
{
	while (len--) {
		r->before[addr + len] = word;
		word >>= 8;
	}
}

static bool has(const struct random *r, u32 orb_flag)
{
	return r->model.orb_flags & orb_flag;
}

/*
 * Choose an area for @count bytes.  Return: the address of the first byte to be
 * moved, which with @backward is the last one of the area.
 */
static u32 data_area(struct random *r, u32 count, bool backward)
{
	u32 low = between(r, DATA_FROM, FAKE_STORAGE - count);

	return backward ? low + count - 1 : low;
}

static u32 take_list(struct random *r, u32 len, u32 align)
{
	u32 addr = ALIGN(r->next_list, align);

	r->next_list = addr + len;
	return addr;
}

static u32 make_idaws(struct random *r, u32 count, bool backward)
{
	bool format2 = has(r, ORB_IDAW_FORMAT2);
	u32 size = format2 ? 8 : 4;
	u32 block = format2 && !has(r, ORB_IDAW_2K) ? 4096 : 2048;
	u32 list = take_list(r, (count / block + 2) * size, size), at = list;
	u32 blocks = (FAKE_STORAGE - DATA_FROM) / block;
	u32 offset = below(r, block), has_now;

	has_now = backward ? offset + 1 : block - offset;
	for (;;) {
		u32 addr = DATA_FROM + below(r, blocks) * block + offset;

		put_word(r, at, addr, size);
		at += size;
		if (count <= has_now)
			return list;
		count -= has_now;
		offset = backward ? block - 1 : 0;
		has_now = block;
	}
}

static u32 make_midaws(struct random *r, u32 count, bool backward)
{
	u32 parts = between(r, 1, min(count, 5u));
	u32 list = take_list(r, parts * 16, 128), at = list;

	while (parts--) {
		u32 part = parts ? between(r, 1, count - parts) : count;
		u64 flags = parts ? 0 : MIDAW_LAST;
		u32 page = between(r, DATA_FROM / 4096, FAKE_STORAGE / 4096 - 1);
		u32 low;

		/*
		 * Leave so few bytes for the other parts that a page is enough
		 * for each.
		 */
		if (parts)
			part = clamp(part, count > parts * 4096 ?
					count - parts * 4096 : 1, 4096u);
		low = page * 4096 + below(r, 4096 - part + 1);
		if (one_in(r, 4))
			flags |= MIDAW_SKIP;
		if (one_in(r, 8))
			flags |= MIDAW_INTERRUPT;
		put_word(r, at, flags << 16 | part, 8);
		put_word(r, at + 8, backward ? low + part - 1 : low, 8);
		at += 16;
		count -= part;
	}
	return list;
}

static void put_ccw(struct random *r, u8 cmd, u8 flags, u32 count, u32 cda)
{
	u64 word;

	if (has(r, ORB_FORMAT))
		word = (u64)cmd << 56 | (u64)flags << 48 | (u64)count << 32 |
		       cda;
	else
		word = (u64)cmd << 56 | (u64)cda << 32 | (u64)flags << 24 |
		       below(r, 256) << 16 | count;
	put_word(r, r->next_ccw, word, 8);
	r->next_ccw += 8;
}

/* Let the program go on elsewhere, some distance away. */
static void make_tic(struct random *r)
{
	u32 to = r->next_ccw + 8 * between(r, 1, 4);
	bool format0 = !has(r, ORB_FORMAT);

	put_ccw(r, format0 ? below(r, 16) << 4 | 0x08 : 0x08,
		format0 ? below(r, 256) : 0, format0 ? below(r, 65536) : 0, to);
	r->next_ccw = to;
}

static u32 some_count(struct random *r)
{
	if (one_in(r, 16))
		return between(r, 1, MODEL_BLOCK);
	return one_in(r, 4) ? between(r, 1, 400) : between(r, 1, 40);
}

/* Make a CCW.  Return: its count. */
static u32 make_ccw(struct random *r, u8 cmd, u8 chain, bool first_of_command)
{
	bool backward = (cmd & 0x0f) == 0x0c;
	u32 count = some_count(r), cda;
	u8 flags = chain;

	if (one_in(r, 2))
		flags |= CCW_SLI;
	if (one_in(r, 8))
		flags |= CCW_PCI;
	if (has(r, ORB_FORMAT) && first_of_command && !(chain & CCW_CD) &&
	    one_in(r, 12))
		count = 0;
	if (count && has(r, ORB_MIDAW) && one_in(r, 2)) {
		flags |= CCW_MIDA;
		cda = make_midaws(r, count, backward);
	} else {
		if (one_in(r, 8))
			flags |= CCW_SKIP;
		if (count && one_in(r, 2)) {
			flags |= CCW_IDA;
			cda = make_idaws(r, count, backward);
		} else {
			cda = data_area(r, count ?: 1, backward);
		}
	}
	put_ccw(r, first_of_command ? cmd : below(r, 256) & ~0x08, flags, count,
		cda);
	return count;
}

/*
 * Make a command, with the CCWs that chain its data.  Return: how many bytes
 * they hold.
 */
static u32 make_command(struct random *r, bool last)
{
	static const u8 codes[] = { 0x01, 0x02, 0x04, 0x07, 0x0c, 0x0c, 0xe4 };
	u8 cmd = codes[below(r, ARRAY_SIZE(codes))] ^ below(r, 4) << 4;
	u32 ccws = one_in(r, 3) ? between(r, 2, 4) : 1, total = 0, i;

	for (i = 0; i < ccws; i++) {
		bool more = i + 1 < ccws;
		u8 chain = more ? CCW_CD : last ? 0 : CCW_CC;

		total += make_ccw(r, cmd, chain, i == 0);
		if (chain && one_in(r, 6))
			make_tic(r);
	}
	return total;
}

/* Choose what the device does with a command that has @total bytes. */
static struct model_behaviour make_behaviour(struct random *r, u32 total)
{
	struct model_behaviour device = { .dstat = CE_DE };

	switch (below(r, 8)) {
	case 0:
		device.len = total / 2;
		break;
	case 1:
		device.len = total + between(r, 1, 20);
		break;
	case 2:
		device.len = 0;
		break;
	default:
		device.len = total;
	}
	device.len = min_t(u32, device.len, MODEL_BLOCK);
	if (one_in(r, 10))
		device.dstat |= DSTAT_STATUS_MODIFIER;
	if (one_in(r, 20))
		device.dstat |= DSTAT_UNIT_EXCEPTION;
	if (one_in(r, 20))
		device = (struct model_behaviour){ .dstat = DSTAT_UNIT_CHECK };
	if (one_in(r, 10)) {
		device.dstat = DSTAT_CHANNEL_END;
		device.later = DSTAT_DEVICE_END;
		if (one_in(r, 5))
			device.later |= 1 << below(r, 8);
	}
	return device;
}

static u32 make_orb_flags(struct random *r)
{
	static const u32 flags[] = {
		ORB_FORMAT, ORB_IDAW_FORMAT2, ORB_IDAW_2K, ORB_MIDAW, ORB_ILS,
		ORB_INITIAL_STATUS, ORB_SUSPEND,
	};
	u32 orb = (u32)r->key << ORB_KEY_SHIFT;
	int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (one_in(r, 2))
			orb |= flags[i];
	return orb;
}

/* Choose keys with which the program can run: those of its data match. */
static void make_keys(struct random *r)
{
	u32 page;

	for (page = 0; page < FAKE_PAGES; page++) {
		u8 key = r->key << 4;

		if (page < DATA_FROM / 4096 || !r->key)
			key = below(r, 16) << 4;
		else if (one_in(r, 2))
			key |= FAKE_KEY_FETCH;
		r->model.keys[page] = key;
	}
}

/* Make a valid program, and choose what its device does. */
static void make_program(struct random *r, u32 seed)
{
	struct model *model = &r->model;
	u8 *storage = model->storage, *stream = model->stream;
	u32 commands, i, addr;

	memset(model, 0, sizeof(*model));
	model->storage = storage;
	model->stream = stream;
	prandom_seed_state(&r->state, seed);
	for (addr = CCWS; addr < LISTS_END; addr++)
		r->before[addr] = fake_background(addr);
	r->key = one_in(r, 2) ? below(r, 16) : 0;
	model->orb_flags = make_orb_flags(r);
	make_keys(r);
	r->next_ccw = CCWS + 8 * below(r, 8);
	r->next_list = LISTS;
	model->cpa = r->next_ccw;
	commands = between(r, 1, 5);
	for (i = 0; i < commands; i++)
		model->behaviour[i] = make_behaviour(r,
						     make_command(r, i + 1 ==
								  commands));
	for (; i < MODEL_COMMANDS; i++)
		model->behaviour[i] = make_behaviour(r, some_count(r));
	/*
	 * A program must not loop for ever: its last possible command ends with
	 * unit check.
	 */
	model->behaviour[MODEL_COMMANDS - 1].dstat = CE_DE | DSTAT_UNIT_CHECK;
}

static void flip(struct random *r, u32 from, u32 to)
{
	r->before[between(r, from, to - 1)] ^= 1 << below(r, 8);
}

/* Make one thing of a program invalid. */
static void spoil_program(struct random *r)
{
	static const u8 conditions[] = {
		MODEL_ABSENT, MODEL_BROKEN, MODEL_READONLY,
	};
	struct model *model = &r->model;
	u32 first = model->cpa / 4096;

	switch (below(r, 9)) {
	case 0:
	case 1:
	case 2:
		flip(r, model->cpa, r->next_ccw);
		break;
	case 3:
	case 4:
		flip(r, LISTS, max(r->next_list, LISTS + 1));
		break;
	case 5:
		model->keys[between(r, first, FAKE_PAGES - 1)] =
			below(r, 256) & 0xf8;
		break;
	case 6:
		model->pages[between(r, first, FAKE_PAGES - 1)] =
			conditions[below(r, ARRAY_SIZE(conditions))];
		break;
	case 7:
		/*
		 * B has no effect, and the way of running the program sets P:
		 * leave both.
		 */
		model->orb_flags ^= BIT(between(r, 6, 31)) &
				    ~(ORB_PREFETCH | ORB_TRANSPORT | ORB_LPM);
		break;
	case 8:
		if (one_in(r, 2)) {
			model->cpa ^= BIT(below(r, 31));
			break;
		}
		model->orb_flags |= ORB_ADDRESS_LIMIT;
		model->limit.mode = one_in(r, 2) ? PMCW_LIMIT_LOW :
						   PMCW_LIMIT_HIGH;
		model->limit.address = 0x10000;
		break;
	}
}

/* A device that does what the model's device does */
struct model_device {
	struct css_device dev;
	const struct model *model;
	struct rnd_state chunks;
	/* Move so many bytes at once; 0: all; ~0: a random number */
	u32 chunk;
	bool must_wait;
	/* Each command is pending before it moves data */
	bool pends;
	u8 *stream;
	u32 streamed;
	struct model_command commands[MODEL_COMMANDS];
	unsigned int nr_commands;
};

static u32 next_chunk(struct model_device *device, u32 left)
{
	if (!device->chunk)
		return left;
	if (device->chunk == 1)
		return 1;
	return 1 + prandom_u32_state(&device->chunks) % left;
}

static cu_status_t model_complete(struct css_device *dev, struct chanprog *cp,
				  u8 cmd)
{
	struct model_device *device = container_of(dev, struct model_device,
						   dev);
	const struct model_behaviour *behaviour;
	u32 moved = 0, i;
	u8 *stream;

	if (device->nr_commands == MODEL_COMMANDS)
		return CU_STATUS(DSTAT_UNIT_CHECK);
	behaviour = &device->model->behaviour[device->nr_commands];
	stream = device->stream + device->streamed;
	for (i = 0; !(cmd & 0x01) && i < behaviour->len; i++)
		stream[i] = fake_pattern(device->streamed + i);
	while (moved < behaviour->len) {
		u32 chunk = next_chunk(device, behaviour->len - moved);
		u32 done = cmd & 0x01 ?
			chanprog_from_guest(cp, stream + moved, chunk) :
			chanprog_to_guest(cp, stream + moved, chunk);

		moved += done;
		if (done < chunk)
			break;
	}
	device->commands[device->nr_commands].cmd = cmd;
	device->commands[device->nr_commands].moved = moved;
	device->nr_commands++;
	device->streamed += moved;
	return CU_STATUS(behaviour->dstat);
}

static cu_status_t model_command(struct css_device *dev, struct chanprog *cp,
				 u8 cmd)
{
	struct model_device *device = container_of(dev, struct model_device,
						   dev);

	if (device->must_wait && !chanprog_may_wait(cp))
		return CU_MUST_WAIT;
	return device->pends ? CU_PENDING : model_complete(dev, cp, cmd);
}

static const struct cu_ops model_ops = {
	.name = "model",
	.command = model_command,
	.complete = model_complete,
};

/* A way to run a program in the core */
struct way {
	const char *name;
	bool may_wait;
	bool must_wait;
	bool prefetch;
	bool pends;
	u32 chunk;
};

static const struct way ways[] = {
	{ "on the vCPU" },
	{ "on a worker", .may_wait = true },
	{ "deferred", .must_wait = true },
	{ "byte by byte", .may_wait = true, .chunk = 1 },
	{ "in random chunks", .chunk = ~0u },
	{ "prefetched", .prefetch = true },
	{ "pending", .pends = true },
};

/**
 * struct property - what a random program is run with
 * @test: the test case
 * @random: the program
 * @device: its device
 * @guest: its guest
 * @cp: the program in the core
 * @failures: how many programs had another result than in the model
 */
struct property {
	struct kunit *test;
	struct random random;
	struct model_device device;
	struct guest guest;
	struct chanprog cp;
	unsigned int failures;
};

static struct property *property_create(struct kunit *test)
{
	struct property *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);
	u8 **buffers[4], i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	p->test = test;
	fake_guest_init(test, &p->guest);
	buffers[0] = &p->random.before;
	buffers[1] = &p->random.model.storage;
	buffers[2] = &p->random.model.stream;
	buffers[3] = &p->device.stream;
	for (i = 0; i < ARRAY_SIZE(buffers); i++) {
		*buffers[i] = kunit_kzalloc(test, FAKE_STORAGE, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, *buffers[i]);
	}
	p->device.dev.ops = &model_ops;
	p->device.model = &p->random.model;
	fake_get(&p->guest, 0, p->random.before, FAKE_STORAGE);
	fake_get(&p->guest, 0, p->random.model.storage, FAKE_STORAGE);
	return p;
}

static void set_pages(struct guest *guest, const struct model *model)
{
	u32 page;

	memcpy(guest->keys, model->keys, sizeof(model->keys));
	fake_unmark(guest);
	for (page = 0; page < FAKE_PAGES; page++) {
		const struct fake_range range = { page * FAKE_PAGE, FAKE_PAGE };

		if (model->pages[page] & MODEL_ABSENT)
			fake_mark(guest, &range, FAKE_HOLE);
		if (model->pages[page] & MODEL_BROKEN)
			fake_mark(guest, &range, FAKE_BROKEN);
		if (model->pages[page] & MODEL_READONLY)
			fake_mark(guest, &range, FAKE_READONLY);
	}
}

/* Restore the pages that the program has stored into. */
static void restore(u8 *storage, const u8 *before, bool *stored)
{
	u32 page, at;

	for (page = 0; page < FAKE_PAGES; page++) {
		at = page * FAKE_PAGE;
		if (stored[page])
			memcpy(storage + at, before + at, FAKE_PAGE);
		stored[page] = false;
	}
}

static void load(struct property *p, const struct way *way, u32 seed)
{
	const struct model *model = &p->random.model;
	struct model_device *device = &p->device;
	struct css_orb orb = {
		.flags = cpu_to_be32(model->orb_flags |
				     (way->prefetch ? ORB_PREFETCH : 0)),
		.cpa = cpu_to_be32(model->cpa),
	};

	restore(p->guest.storage, p->random.before, p->guest.stored);
	fake_put(&p->guest, CCWS, p->random.before + CCWS, LISTS_END - CCWS);
	set_pages(&p->guest, model);
	prandom_seed_state(&device->chunks, seed);
	device->chunk = way->chunk;
	device->must_wait = way->must_wait;
	device->pends = way->pends;
	device->streamed = 0;
	device->nr_commands = 0;
	p->cp.guest = &p->guest;
	p->cp.dev = &device->dev;
	chanprog_init(&p->cp, &orb, &model->limit);
}

/* The last command has ended with channel end alone: present device end. */
static void present_later(struct property *p)
{
	unsigned int last = p->device.nr_commands - 1;

	chanprog_device_end(&p->cp, p->random.model.behaviour[last].later);
}

static enum chanprog_state run(struct property *p, bool may_wait,
			       struct case_told *told)
{
	enum chanprog_state state;
	unsigned int what;
	int turns;

	memset(told, 0, sizeof(*told));
	for (turns = 0; turns < TURNS_MAX; turns++) {
		state = chanprog_run(&p->cp, may_wait);
		if (state == CHANPROG_INTERMEDIATE) {
			what = chanprog_intermediate(&p->cp);
			told->pci += !!(what & CHANPROG_PCI);
			told->zero_cc += !!(what & CHANPROG_ZERO_CC);
		} else if (state == CHANPROG_DISCONNECTED) {
			present_later(p);
			may_wait = true;
		} else if (state == CHANPROG_MUST_WAIT ||
			   state == CHANPROG_PENDING ||
			   state == CHANPROG_QUANTUM_USED) {
			may_wait = true;
		} else {
			break;
		}
	}
	told->last = chanprog_intermediate(&p->cp);
	return state;
}

static bool same_storage(const struct property *p)
{
	const struct model *model = &p->random.model;
	u32 page, at;

	for (page = 0; page < FAKE_PAGES; page++) {
		at = page * FAKE_PAGE;
		if ((model->stored[page] || p->guest.stored[page]) &&
		    memcmp(p->guest.storage + at, model->storage + at,
			   FAKE_PAGE))
			return false;
	}
	return true;
}

/* Return: what differs from the model, or NULL. */
static const char *difference(struct property *p, enum chanprog_state state,
			      const struct case_told *told)
{
	const struct model *model = &p->random.model;
	const struct model_device *device = &p->device;
	struct chanprog_ending ending = p->cp.ending;

	if (state != (model->suspended ? CHANPROG_SUSPENDED : CHANPROG_ENDED))
		return "state";
	if (model->suspended)
		chanprog_position(&p->cp, &ending);
	if (device->nr_commands != model->nr_commands ||
	    memcmp(device->commands, model->commands,
		   model->nr_commands * sizeof(model->commands[0])))
		return "commands";
	if (ending.cpa != model->ending.cpa)
		return "CCW address";
	if (ending.dstat != model->ending.dstat)
		return "device status";
	if (ending.cstat != model->ending.cstat)
		return "subchannel status";
	if (ending.count != model->ending.count)
		return "count";
	/* When a command is pending, the guest may be told earlier. */
	if (!device->pends &&
	    (told->pci != model->pci || told->zero_cc != model->zero_cc ||
	     told->last != model->last))
		return "intermediate status";
	if (device->streamed != model->streamed ||
	    memcmp(device->stream, model->stream, model->streamed))
		return "data at the device";
	return same_storage(p) ? NULL : "storage";
}

/*
 * True if the program has stored into pages from which it has fetched.  With
 * prefetching, the old and the new contents are both right then.
 */
static bool changes_itself(const struct model *model)
{
	u32 page;

	for (page = 0; page < FAKE_PAGES; page++)
		if (model->fetched[page] && model->stored[page])
			return true;
	return false;
}

static void fail(struct property *p, u32 seed, const struct way *way,
		 const char *what)
{
	const struct chanprog_ending *is = &p->cp.ending;
	const struct chanprog_ending *should = &p->random.model.ending;

	KUNIT_FAIL(p->test,
		   "seed %u %s: %s; cpa %x dstat %x cstat %x count %x after %u commands, in the model %x %x %x %x after %u",
		   seed, way->name, what, is->cpa, is->dstat, is->cstat,
		   is->count, p->device.nr_commands, should->cpa,
		   should->dstat, should->cstat, should->count,
		   p->random.model.nr_commands);
	p->failures++;
}

static void compare(struct property *p, u32 seed)
{
	struct model *model = &p->random.model;
	enum chanprog_state state;
	struct case_told told;
	const char *what;
	int i;

	memcpy(model->storage + CCWS, p->random.before + CCWS,
	       LISTS_END - CCWS);
	model_run(model);
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (ways[i].prefetch && changes_itself(model))
			continue;
		load(p, &ways[i], seed);
		state = run(p, ways[i].may_wait, &told);
		what = difference(p, state, &told);
		if (what)
			fail(p, seed, &ways[i], what);
	}
	restore(model->storage, p->random.before, model->stored);
}

/* How many programs had which result, to prove that all kinds were tested */
struct tally {
	unsigned int normal;
	unsigned int program_check;
	unsigned int protection_check;
	unsigned int other;
};

static void count(struct tally *tally, const struct model *model)
{
	const struct chanprog_ending *ending = &model->ending;

	if (ending->cstat & CSTAT_PROGRAM_CHECK)
		tally->program_check++;
	else if (ending->cstat & CSTAT_PROTECTION_CHECK)
		tally->protection_check++;
	else if (!ending->cstat && ending->dstat == CE_DE)
		tally->normal++;
	else
		tally->other++;
}

static void property_valid_test(struct kunit *test)
{
	struct property *p = property_create(test);
	struct tally tally = {};
	u32 i;

	for (i = 0; i < PROGRAMS && p->failures < FAILURES_MAX; i++) {
		make_program(&p->random, FIRST_SEED + i);
		compare(p, FIRST_SEED + i);
		count(&tally, &p->random.model);
	}
	/*
	 * Only a status modifier may lead a valid program to something invalid.
	 */
	KUNIT_EXPECT_GT(test, tally.normal, PROGRAMS / 5);
	KUNIT_EXPECT_LT(test, tally.program_check, PROGRAMS / 10);
	KUNIT_EXPECT_LT(test, tally.protection_check, PROGRAMS / 10);
	kunit_info(test, "%u normal, %u program, %u protection checks, %u others\n",
		   tally.normal, tally.program_check, tally.protection_check,
		   tally.other);
}

static void property_spoilt_test(struct kunit *test)
{
	struct property *p = property_create(test);
	struct tally tally = {};
	u32 i;

	for (i = 0; i < PROGRAMS && p->failures < FAILURES_MAX; i++) {
		make_program(&p->random, FIRST_SEED + i);
		spoil_program(&p->random);
		compare(p, FIRST_SEED + i);
		count(&tally, &p->random.model);
	}
	KUNIT_EXPECT_GT(test, tally.normal, PROGRAMS / 20);
	KUNIT_EXPECT_GT(test, tally.program_check, PROGRAMS / 10);
	KUNIT_EXPECT_GT(test, tally.protection_check, PROGRAMS / 100);
	kunit_info(test, "%u normal, %u program, %u protection checks, %u others\n",
		   tally.normal, tally.program_check, tally.protection_check,
		   tally.other);
}

static struct kunit_case property_test_cases[] = {
	KUNIT_CASE(property_valid_test),
	KUNIT_CASE(property_spoilt_test),
	{}
};

static struct kunit_suite property_suite = {
	.name = "kvm_css_chanprog_property",
	.test_cases = property_test_cases,
};

kunit_test_suite(property_suite);
