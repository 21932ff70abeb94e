// SPDX-License-Identifier: GPL-2.0
/*
 * Random channel programs.  In each way in which the core may run a program,
 * the result must be the one of the model in chanprog_model.c.
 *
 * When the ORB allows prefetching, the core moves the data of storage areas that
 * follow each other by one access (span.c).  So with prefetching each program is
 * also run with every area moved by itself.  The two runs must have the same
 * result, whatever the program does.
 *
 * Programs are made from a seed, which a failure names.  To run that program
 * alone, set FIRST_SEED to the seed.
 */
#include <kunit/test.h>
#include <linux/minmax.h>
#include <linux/prandom.h>
#include <linux/string.h>

#include <kvm_css/command.h>
#include <kvm_css/control_unit.h>

#include "chanprog_case.h"
#include "chanprog_model.h"
#include "chanprog_random.h"
#include "rounds.h"

#define FIRST_SEED	1u
#define PROGRAMS	rounds(2000)

/* After so many failures the others have the same cause, most likely. */
#define FAILURES_MAX	3

#define TURNS_MAX	256

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
	/* It looks at the data of a write or control command first */
	bool peeks;
	struct chanprog_point point;
	struct kunit *test;
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

/*
 * Nothing of the program may remain changed but what is true of it anyway: how many
 * CCWs have been fetched in this turn, and the CPU time.
 */
static void peek(struct model_device *device, struct chanprog *cp)
{
	const u32 len = device->model->behaviour[device->nr_commands].len;
	u32 room = len + next_chunk(device, MODEL_BLOCK);
	struct chanprog before = *cp;

	chanprog_peek(cp, device->stream + device->streamed, room,
		      &device->point);
	before.quantum = cp->quantum;
	before.spent = cp->spent;
	KUNIT_EXPECT_EQ(device->test, memcmp(cp, &before, sizeof(before)), 0);
}

/* Return: how many bytes an access would have moved. */
static u32 take(struct model_device *device, struct chanprog *cp, u32 len)
{
	chanprog_take(cp, &device->point, len);
	return min(len, device->point.moved);
}

static bool model_peeks(const struct model_device *device, u8 cmd)
{
	return device->peeks && cmd & 0x01 &&
	       device->nr_commands < MODEL_COMMANDS;
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
	if (model_peeks(device, cmd))
		moved = take(device, cp, behaviour->len);
	while (moved < behaviour->len && !model_peeks(device, cmd)) {
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
	if (model_peeks(device, cmd))
		peek(device, cp);
	if (device->pends)
		return device->peeks ? CU_OFFERED : CU_PENDING;
	return model_complete(dev, cp, cmd);
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
	bool peeks;
	u32 chunk;
};

static const struct way ways[] = {
	{ "on the vCPU" },
	{ "on a worker", .may_wait = true },
	{ "deferred", .must_wait = true },
	{ "byte by byte", .may_wait = true, .chunk = 1 },
	{ "in random chunks", .chunk = ~0u },
	{ "prefetched", .prefetch = true },
	{ "prefetched on a worker", .prefetch = true, .may_wait = true },
	{ "prefetched in random chunks", .prefetch = true, .chunk = ~0u },
	{ "pending", .pends = true },
	{ "looked at first", .peeks = true },
	{ "looked at, and pending", .peeks = true, .pends = true },
	{ "prefetched and looked at", .peeks = true, .pends = true,
	  .prefetch = true },
	{ "looked at, random room", .peeks = true, .pends = true, .chunk = ~0u },
};

/**
 * struct property - what a random program is run with
 * @test: the test case
 * @random: the program
 * @device: its device
 * @guest: its guest
 * @cp: the program in the core
 * @other: storage as another run has left it
 * @accesses: how many accesses to storage there were in this run
 * @spans: in how many runs there were fewer than with each area by itself
 * @failures: how many programs had another result than in the model
 */
struct property {
	struct kunit *test;
	struct random random;
	struct model_device device;
	struct guest guest;
	struct chanprog cp;
	u8 *other;
	unsigned int accesses;
	unsigned int spans;
	unsigned int failures;
};

static void count_access(struct guest *guest, const struct fake_access *access)
{
	container_of(guest, struct property, guest)->accesses++;
}

static struct property *property_create(struct kunit *test)
{
	struct property *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);
	u8 **buffers[5], i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	p->test = test;
	fake_guest_init(test, &p->guest);
	buffers[0] = &p->random.before;
	buffers[1] = &p->random.model.storage;
	buffers[2] = &p->random.model.stream;
	buffers[3] = &p->device.stream;
	buffers[4] = &p->other;
	for (i = 0; i < ARRAY_SIZE(buffers); i++) {
		*buffers[i] = kunit_kzalloc(test, FAKE_STORAGE, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, *buffers[i]);
	}
	p->guest.at_access = count_access;
	p->device.dev.ops = &model_ops;
	p->device.model = &p->random.model;
	fake_get(&p->guest, 0, p->random.before, FAKE_STORAGE);
	fake_get(&p->guest, 0, p->random.model.storage, FAKE_STORAGE);
	return p;
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

	random_load(&p->random, &p->guest);
	prandom_seed_state(&device->chunks, seed);
	device->chunk = way->chunk;
	device->must_wait = way->must_wait;
	device->pends = way->pends;
	device->peeks = way->peeks;
	device->test = p->test;
	device->streamed = 0;
	device->nr_commands = 0;
	p->accesses = 0;
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
	if ((!device->pends || device->peeks) &&
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

static void fail_one_by_one(struct property *p, u32 seed, const struct way *way,
			    const char *what)
{
	KUNIT_FAIL(p->test, "seed %u %s: other %s than with each area by itself",
		   seed, way->name, what);
	p->failures++;
}

/* The result of a run, to be compared with that of another one */
struct outcome {
	enum chanprog_state state;
	struct case_told told;
	struct chanprog cp;
	struct model_command commands[MODEL_COMMANDS];
	unsigned int nr_commands;
	u32 streamed;
	u64 stream_sum;
	unsigned int accesses;
};

static u64 sum(const u8 *bytes, u32 len)
{
	u64 sum = 0;

	while (len--)
		sum = sum * 31 + *bytes++;
	return sum;
}

static void keep(const struct property *p, enum chanprog_state state,
		 const struct case_told *told, struct outcome *outcome)
{
	const struct model_device *device = &p->device;

	*outcome = (struct outcome){
		.state = state, .told = *told, .cp = p->cp,
		.nr_commands = device->nr_commands,
		.streamed = device->streamed,
		.stream_sum = sum(device->stream, device->streamed),
		.accesses = p->accesses,
	};
	memcpy(outcome->commands, device->commands,
	       sizeof(outcome->commands));
}

/* Where is the program, and where does it move its next byte? */
static bool same_position(const struct chanprog *a, const struct chanprog *b)
{
	if (a->next != b->next || a->ccw_addr != b->ccw_addr ||
	    a->flags != b->flags || a->residual != b->residual ||
	    a->quantum != b->quantum || a->data.addr != b->data.addr ||
	    a->data.left != b->data.left)
		return false;
	/* Other CCWs have no list. */
	return !(a->flags & (CCW_IDA | CCW_MIDA)) ||
	       (a->data.list == b->data.list &&
		a->data.first == b->data.first);
}

/* Return: what the two runs differ in, or NULL. */
static const char *outcomes_differ(const struct outcome *a,
				   const struct outcome *b)
{
	const struct chanprog_ending *x = &a->cp.ending, *y = &b->cp.ending;

	if (a->state != b->state)
		return "state";
	if (x->cpa != y->cpa || x->count != y->count || x->dstat != y->dstat ||
	    x->cstat != y->cstat || x->device_active != y->device_active)
		return "ending";
	if (a->cp.failing.address != b->cp.failing.address ||
	    a->cp.failing.what != b->cp.failing.what)
		return "failing storage";
	if (memcmp(&a->told, &b->told, sizeof(a->told)))
		return "intermediate status";
	if (a->nr_commands != b->nr_commands ||
	    memcmp(a->commands, b->commands,
		   a->nr_commands * sizeof(a->commands[0])))
		return "commands";
	if (a->streamed != b->streamed || a->stream_sum != b->stream_sum)
		return "data at the device";
	if (!same_position(&a->cp, &b->cp))
		return "position";
	/* The access that fails is the one that may be made in vain. */
	return a->accesses <= b->accesses + 1 ? NULL : "accesses";
}

/* Run the program again with each area moved by itself, and compare. */
static const char *one_by_one_differs(struct property *p, const struct way *way,
				      u32 seed, const struct outcome *with)
{
	bool stored[FAKE_PAGES];
	struct outcome without;
	struct case_told told;
	const char *what;
	u32 page;

	memcpy(stored, p->guest.stored, sizeof(stored));
	for (page = 0; page < FAKE_PAGES; page++)
		if (stored[page])
			memcpy(p->other + page * FAKE_PAGE,
			       p->guest.storage + page * FAKE_PAGE, FAKE_PAGE);
	load(p, way, seed);
	p->cp.one_by_one = true;
	keep(p, run(p, way->may_wait, &told), &told, &without);
	p->spans += with->accesses < without.accesses;
	what = outcomes_differ(with, &without);
	if (what)
		return what;
	if (memcmp(stored, p->guest.stored, sizeof(stored)))
		return "stored pages";
	for (page = 0; page < FAKE_PAGES; page++)
		if (stored[page] && memcmp(p->other + page * FAKE_PAGE,
					   p->guest.storage + page * FAKE_PAGE,
					   FAKE_PAGE))
			return "storage";
	return NULL;
}

static void compare(struct property *p, u32 seed)
{
	struct model *model = &p->random.model;
	enum chanprog_state state;
	struct outcome outcome;
	struct case_told told;
	const char *what;
	int i;

	memcpy(model->storage + CCWS, p->random.before + CCWS,
	       LISTS_END - CCWS);
	model_run(model);
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		load(p, &ways[i], seed);
		state = run(p, ways[i].may_wait, &told);
		keep(p, state, &told, &outcome);
		what = NULL;
		if (!ways[i].prefetch || !changes_itself(model))
			what = difference(p, state, &told);
		if (what)
			fail(p, seed, &ways[i], what);
		what = one_by_one_differs(p, &ways[i], seed, &outcome);
		if (what)
			fail_one_by_one(p, seed, &ways[i], what);
	}
	random_restore(&p->random, model->storage, model->stored);
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

static void tell_tally(struct kunit *test, const struct tally *tally)
{
	kunit_info(test, "%u normal, %u program, %u protection checks, %u others\n",
		   tally->normal, tally->program_check,
		   tally->protection_check, tally->other);
}

/* Areas must have been moved together in many runs. */
static void expect_spans(struct kunit *test, const struct property *p)
{
	KUNIT_EXPECT_GT(test, p->spans, PROGRAMS / 2);
	kunit_info(test, "areas moved together in %u runs\n", p->spans);
}

static void property_valid_test(struct kunit *test)
{
	struct property *p = property_create(test);
	struct tally tally = {};
	u32 i;

	for (i = 0; i < PROGRAMS && p->failures < FAILURES_MAX; i++) {
		random_program(&p->random, FIRST_SEED + i);
		compare(p, FIRST_SEED + i);
		count(&tally, &p->random.model);
	}
	/*
	 * Only a status modifier may lead a valid program to something invalid.
	 */
	KUNIT_EXPECT_GT(test, tally.normal, PROGRAMS / 5);
	KUNIT_EXPECT_LT(test, tally.program_check, PROGRAMS / 10);
	KUNIT_EXPECT_LT(test, tally.protection_check, PROGRAMS / 10);
	expect_spans(test, p);
	tell_tally(test, &tally);
}

static void property_spoilt_test(struct kunit *test)
{
	struct property *p = property_create(test);
	struct tally tally = {};
	u32 i;

	for (i = 0; i < PROGRAMS && p->failures < FAILURES_MAX; i++) {
		random_program(&p->random, FIRST_SEED + i);
		random_spoil(&p->random);
		compare(p, FIRST_SEED + i);
		count(&tally, &p->random.model);
	}
	KUNIT_EXPECT_GT(test, tally.normal, PROGRAMS / 20);
	KUNIT_EXPECT_GT(test, tally.program_check, PROGRAMS / 10);
	KUNIT_EXPECT_GT(test, tally.protection_check, PROGRAMS / 100);
	expect_spans(test, p);
	tell_tally(test, &tally);
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
