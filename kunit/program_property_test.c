// SPDX-License-Identifier: GPL-2.0
/*
 * Random channel programs, run as they are and translated: the guest must not be able
 * to tell the difference.  chanprog_property_test.c compares running them as they are with
 * a model.
 *
 * What a translation leaves for the next one is overwritten in between, so a program that
 * depends on that is one that the guest can tell.
 *
 * Programs are made from a seed, which a failure names.  To run that program alone, set
 * FIRST_SEED to the seed.
 */
#include <kunit/test.h>
#include <linux/minmax.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include <kvm_css/command.h>
#include <kvm_css/control_unit.h>

#include "chanprog_case.h"
#include "chanprog_model.h"
#include "chanprog_random.h"
#include "devices/passthrough/translate.h"

#include "fake_host_memory.h"
#include "rounds.h"
#include "translated.h"

#define FIRST_SEED	1u
#define PROGRAMS	rounds(4000)

/* After so many failures the others have the same cause, most likely. */
#define FAILURES_MAX	3

#define TURNS_MAX	256

#define POISON		0xa5

/* A device that does what the random program says */
struct random_device {
	struct css_device dev;
	const struct model *model;
	u8 *stream;
	u32 streamed;
	struct model_command commands[MODEL_COMMANDS];
	unsigned int nr_commands;
	/* What it gives are CCWs, or IDAWs, from here: see change_itself(). */
	const u8 *gives;
	u32 gives_len;
};

static u8 given(const struct random_device *device, u32 i)
{
	if (!device->gives)
		return fake_pattern(device->streamed + i);
	return device->gives[(device->nr_commands * 24 + i) % device->gives_len];
}

static cu_status_t device_command(struct css_device *dev, struct chanprog *cp,
				  u8 cmd)
{
	struct random_device *device = container_of(dev, struct random_device,
						    dev);
	const struct model_behaviour *behaviour;
	u8 *stream = device->stream + device->streamed;
	u32 i, len, moved;

	if (device->nr_commands == MODEL_COMMANDS)
		return CU_STATUS(DSTAT_UNIT_CHECK);
	behaviour = &device->model->behaviour[device->nr_commands];
	/* No device has data for this command. */
	len = cmd == CCW_CMD_NOP ? 0 : behaviour->len;
	for (i = 0; !(cmd & 0x01) && i < len; i++)
		stream[i] = given(device, i);
	moved = cmd & 0x01 ? chanprog_from_guest(cp, stream, len) :
			     chanprog_to_guest(cp, stream, len);
	device->commands[device->nr_commands].cmd = cmd;
	device->commands[device->nr_commands].moved = moved;
	device->nr_commands++;
	device->streamed += moved;
	return CU_STATUS(behaviour->dstat);
}

static const struct cu_ops device_ops = {
	.name = "random",
	.command = device_command,
};

/* What the guest can see of a run */
struct outcome {
	enum chanprog_state state;
	struct chanprog_ending ending;
	struct chanprog_failing failing;
	struct case_told told;
	struct model_command commands[MODEL_COMMANDS];
	unsigned int nr_commands;
	u32 streamed;
	bool stored[FAKE_PAGES];
};

/**
 * struct property - what a random program is run with
 * @test: the test case
 * @random: the program
 * @device: its device
 * @guest: its guest
 * @cp: the program
 * @translated: the translation
 * @spare: what one translation leaves for the next
 * @stream: what the device has had in the other run
 * @storage: guest storage after the other run
 * @kept: how often memory was left for the next
 * @cannot: how many programs could not be translated
 * @parts: how many were executed in parts
 * @changed: how many have changed what they consist of, and were compared
 * @failures: how many differed
 */
struct property {
	struct kunit *test;
	struct random random;
	struct random_device device;
	struct guest guest;
	struct chanprog cp;
	struct translated translated;
	struct host_program_spare spare;
	u8 *stream;
	u8 *storage;
	unsigned int kept;
	unsigned int cannot;
	unsigned int parts;
	unsigned int changed;
	unsigned int failures;
};

static struct property *property_create(struct kunit *test)
{
	struct property *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);
	u8 **buffers[6], i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	p->test = test;
	fake_guest_init(test, &p->guest);
	buffers[0] = &p->random.before;
	buffers[1] = &p->random.model.storage;
	buffers[2] = &p->random.model.stream;
	buffers[3] = &p->device.stream;
	buffers[4] = &p->stream;
	buffers[5] = &p->storage;
	for (i = 0; i < ARRAY_SIZE(buffers); i++) {
		*buffers[i] = kunit_kzalloc(test, FAKE_STORAGE, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, *buffers[i]);
	}
	p->device.dev.ops = &device_ops;
	p->device.model = &p->random.model;
	p->translated.spare = &p->spare;
	fake_get(&p->guest, 0, p->random.before, FAKE_STORAGE);
	return p;
}

static struct css_orb load(struct property *p, bool prefetch)
{
	const struct model *model = &p->random.model;

	random_load(&p->random, &p->guest);
	p->device.streamed = 0;
	p->device.nr_commands = 0;
	p->cp.guest = &p->guest;
	p->cp.dev = &p->device.dev;
	return (struct css_orb){
		.flags = cpu_to_be32(model->orb_flags |
				     (prefetch ? ORB_PREFETCH : 0)),
		.cpa = cpu_to_be32(model->cpa),
	};
}

/* The last command has ended with channel end alone: present device end. */
static void present_later(struct property *p)
{
	unsigned int last = p->device.nr_commands - 1;

	chanprog_device_end(&p->cp, p->random.model.behaviour[last].later);
}

static void run(struct property *p, bool translated, struct outcome *outcome)
{
	struct case_told *told = &outcome->told;
	enum chanprog_state state;
	unsigned int what;
	int turns;

	memset(told, 0, sizeof(*told));
	for (turns = 0; turns < TURNS_MAX; turns++) {
		state = chanprog_run(&p->cp, CHANPROG_ON_WORKER);
		if (state == CHANPROG_INTERMEDIATE) {
			what = chanprog_intermediate(&p->cp);
			told->pci += !!(what & CHANPROG_PCI);
			told->zero_cc += !!(what & CHANPROG_ZERO_CC);
		} else if (state == CHANPROG_DISCONNECTED) {
			present_later(p);
		} else if (state == CHANPROG_SUSPENDED && translated &&
			   translated_goes_on(&p->translated, &p->cp)) {
			continue;
		} else if (state != CHANPROG_QUANTUM_USED) {
			break;
		}
	}
	told->last = chanprog_intermediate(&p->cp);
	outcome->state = state;
	if (translated) {
		translated_end(&p->translated, &p->cp, state);
		outcome->ending = p->translated.ending;
		outcome->failing = p->translated.failing;
	} else {
		outcome->ending = p->cp.ending;
		if (state == CHANPROG_SUSPENDED)
			chanprog_position(&p->cp, &outcome->ending);
		outcome->failing = p->cp.failing;
	}
	memcpy(outcome->commands, p->device.commands,
	       sizeof(outcome->commands));
	outcome->nr_commands = p->device.nr_commands;
	outcome->streamed = p->device.streamed;
	memcpy(outcome->stored, p->guest.stored, sizeof(outcome->stored));
}

static void keep_storage(struct property *p)
{
	u32 page;

	memcpy(p->stream, p->device.stream, p->device.streamed);
	for (page = 0; page < FAKE_PAGES; page++)
		if (p->guest.stored[page])
			memcpy(p->storage + page * FAKE_PAGE,
			       p->guest.storage + page * FAKE_PAGE, FAKE_PAGE);
}

static bool same_storage(const struct property *p, const struct outcome *a,
			 const struct outcome *b)
{
	u32 page;

	if (memcmp(a->stored, b->stored, sizeof(a->stored)))
		return false;
	for (page = 0; page < FAKE_PAGES; page++)
		if (a->stored[page] && memcmp(p->storage + page * FAKE_PAGE,
					      p->guest.storage +
					      page * FAKE_PAGE, FAKE_PAGE))
			return false;
	return true;
}

/* Return: what differs, or NULL. */
static const char *difference(const struct property *p, const struct outcome *a,
			      const struct outcome *b)
{
	if (a->state != b->state)
		return "state";
	if (a->ending.cpa != b->ending.cpa)
		return "CCW address";
	if (a->ending.dstat != b->ending.dstat)
		return "device status";
	if (a->ending.cstat != b->ending.cstat)
		return "subchannel status";
	if (a->ending.count != b->ending.count)
		return "count";
	if (a->failing.address != b->failing.address ||
	    a->failing.what != b->failing.what)
		return "failing storage";
	if (a->nr_commands != b->nr_commands ||
	    memcmp(a->commands, b->commands,
		   a->nr_commands * sizeof(a->commands[0])))
		return "commands";
	if (memcmp(&a->told, &b->told, sizeof(a->told)))
		return "intermediate status";
	if (a->streamed != b->streamed ||
	    memcmp(p->stream, p->device.stream, a->streamed))
		return "data at the device";
	return same_storage(p, a, b) ? NULL : "storage";
}

static void fail(struct property *p, u32 seed, const char *what,
		 const struct outcome *a, const struct outcome *b)
{
	KUNIT_FAIL(p->test,
		   "seed %u: %s; cpa %x dstat %x cstat %x count %x after %u commands, translated %x %x %x %x after %u",
		   seed, what, a->ending.cpa, a->ending.dstat, a->ending.cstat,
		   a->ending.count, a->nr_commands, b->ending.cpa,
		   b->ending.dstat, b->ending.cstat, b->ending.count,
		   b->nr_commands);
	p->failures++;
}

/*
 * True if the program has stored where its CCWs and lists are.  With prefetching, the
 * old and the new contents are both right then.
 */
static bool changes_itself(const struct outcome *outcome)
{
	u32 page;

	for (page = CCWS / FAKE_PAGE; page < LISTS_END / FAKE_PAGE; page++)
		if (outcome->stored[page])
			return true;
	return false;
}

/* Everything but where the memory is, and how much of it has been used */
static void poison(struct property *p)
{
	struct host_program *program = p->spare.program;
	const struct host_memory memory = program->memory;
	const u32 used = program->used;

	memset(p->spare.scratch, POISON, sizeof(*p->spare.scratch));
	memset(program, POISON, sizeof(*program));
	program->spare = &p->spare;
	program->memory = memory;
	program->used = used;
	if (!memory.bytes)
		return;
	memset(memory.bytes, POISON, used);
	p->kept++;
}

static void expect_freed(struct property *p)
{
	struct host_program *program = p->spare.program;

	KUNIT_EXPECT_EQ(p->test, p->guest.pinned, 0);
	KUNIT_EXPECT_EQ(p->test, fake_host_memory_used(),
			!!program->memory.bytes);
}

static void compare(struct property *p, u32 seed, bool prefetch)
{
	struct css_orb orb = load(p, prefetch);
	const struct chanprog_limit *limit = &p->random.model.limit;
	struct outcome direct, translated;
	const char *what;

	chanprog_init(&p->cp, &orb, limit);
	run(p, false, &direct);
	keep_storage(p);
	load(p, prefetch);
	if (!translated_begin(&p->translated, &p->cp, &orb, limit)) {
		KUNIT_EXPECT_EQ(p->test, p->translated.result,
				HOST_PROGRAM_CANNOT);
		poison(p);
		p->cannot++;
		return;
	}
	run(p, true, &translated);
	p->parts += p->translated.parts > 1;
	expect_freed(p);
	poison(p);
	if (p->translated.result != HOST_PROGRAM_OK) {
		KUNIT_EXPECT_EQ(p->test, p->translated.result,
				HOST_PROGRAM_CANNOT);
		p->cannot++;
		return;
	}
	if (prefetch && changes_itself(&direct))
		return;
	p->changed += changes_itself(&direct);
	what = difference(p, &direct, &translated);
	if (what)
		fail(p, seed, what, &direct, &translated);
}

/*
 * Data-chained CCWs have random command codes here, which no program has.  A status
 * modifier may lead to many of them, and then they can't be translated.
 */
static void tell(struct kunit *test, const struct property *p)
{
	kunit_info(test, "%u of %u could not be translated, %u were executed in parts\n",
		   p->cannot, 2 * PROGRAMS, p->parts);
}

/* Most programs are small enough for their memory to be kept. */
static void end(struct property *p)
{
	KUNIT_EXPECT_GT(p->test, p->kept, PROGRAMS / 20);
	host_program_spare_free(&p->spare);
	KUNIT_EXPECT_EQ(p->test, fake_host_memory_used(), 0);
}

static void program_valid_test(struct kunit *test)
{
	struct property *p = property_create(test);
	u32 i;

	for (i = 0; i < PROGRAMS && p->failures < FAILURES_MAX; i++) {
		random_program(&p->random, FIRST_SEED + i);
		compare(p, FIRST_SEED + i, false);
		compare(p, FIRST_SEED + i, true);
	}
	KUNIT_EXPECT_LT(test, p->cannot, PROGRAMS);
	tell(test, p);
	end(p);
}

static void program_spoilt_test(struct kunit *test)
{
	struct property *p = property_create(test);
	u32 i;

	for (i = 0; i < PROGRAMS && p->failures < FAILURES_MAX; i++) {
		random_program(&p->random, FIRST_SEED + i);
		random_spoil(&p->random);
		compare(p, FIRST_SEED + i, false);
		compare(p, FIRST_SEED + i, true);
	}
	KUNIT_EXPECT_LT(test, p->cannot, PROGRAMS);
	tell(test, p);
	end(p);
}

static u32 below(struct property *p, u32 limit)
{
	return prandom_u32_state(&p->random.state) % limit;
}

/* Have the CCW at @at, if it names its data itself, name what is at @to. */
static void redirect(struct property *p, u32 at, u32 to)
{
	const bool format1 = p->random.model.orb_flags & ORB_FORMAT;
	u8 *raw = p->random.before + at;
	u8 *flags = raw + (format1 ? 1 : 4), *count = raw + (format1 ? 2 : 6);

	if ((raw[0] & 0x0f) == CCW_CMD_TIC || *flags & (CCW_IDA | CCW_MIDA))
		return;
	if (format1)
		put_unaligned_be32(to, raw + 4);
	else
		put_unaligned_be24(to, raw + 1);
	/* A few CCWs */
	put_unaligned_be16(8 * (1 + below(p, 3)), count);
	*flags &= ~CCW_SKIP;
}

/*
 * Have some commands store CCWs where CCWs are, or IDAWs where IDAWs are.  Programs
 * that store something else end soon.
 */
static void change_itself(struct property *p)
{
	struct random *random = &p->random;
	const u32 ccws = (random->next_ccw - random->model.cpa) / CCW_SIZE;
	u32 from = random->model.cpa, len = ccws * CCW_SIZE, i;

	if (random->next_list >= LISTS + CCW_SIZE && !below(p, 3)) {
		from = LISTS;
		len = ALIGN_DOWN(random->next_list - LISTS, CCW_SIZE);
	}
	p->device.gives = random->before + from;
	p->device.gives_len = len;
	for (i = 0; i < 3; i++)
		redirect(p, random->model.cpa + CCW_SIZE * below(p, ccws),
			 from + CCW_SIZE * below(p, len / CCW_SIZE));
	for (i = CCWS / FAKE_PAGE; i < LISTS_END / FAKE_PAGE; i++)
		random->model.keys[i] = random->key << 4;
}

static void program_changing_test(struct kunit *test)
{
	struct property *p = property_create(test);
	u32 i;

	for (i = 0; i < PROGRAMS && p->failures < FAILURES_MAX; i++) {
		random_program(&p->random, FIRST_SEED + i);
		change_itself(p);
		compare(p, FIRST_SEED + i, false);
	}
	KUNIT_EXPECT_GT(test, p->parts, PROGRAMS / 20);
	KUNIT_EXPECT_GT(test, p->changed, PROGRAMS / 20);
	kunit_info(test, "%u of %u could not be translated, %u were executed in parts, %u have changed themselves\n",
		   p->cannot, PROGRAMS, p->parts, p->changed);
	end(p);
}

static struct kunit_case program_property_cases[] = {
	KUNIT_CASE(program_valid_test),
	KUNIT_CASE(program_spoilt_test),
	KUNIT_CASE(program_changing_test),
	{}
};

static struct kunit_suite program_property_suite = {
	.name = "kvm_css_program_property",
	.test_cases = program_property_cases,
};

kunit_test_suite(program_property_suite);
