// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: translations of channel programs for a channel subsystem of the host's.
 *
 * It translates a program and has the interpreter execute the translation, with nothing
 * in the host's storage but what the translation owns and has pinned.  What it writes for
 * the host is checked word by word.  If the input doesn't say that the guest rewrites its
 * program or that the host has no memory, the guest must not be able to tell the
 * difference from the program as it is.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include <kvm_css/ccw.h>
#include <kvm_css/chanprog.h>
#include <kvm_css/command.h>
#include <kvm_css/control_unit.h>

#include "devices/passthrough/translate.h"

#include "fake_host_memory.h"
#include "fuzz_guest.h"
#include "input.h"
#include "program.h"
#include "translated.h"

#define TURNS		12
#define RESUMES		3
#define COMMANDS	40
#define BUFFER		0x20000u

#define HOW_REWRITE	0x01	/* the guest rewrites its program meanwhile */
#define HOW_NO_MEMORY	0x02	/* the host has no memory at some point */
#define HOW_LIMIT	0x04	/* the process may lock few pages */
#define HOW_GONE	0x08	/* the VM is gone at some point */
#define HOW_AT_SHIFT	4	/* when */

/* The first byte of an answer of the device */
#define ANSWER_LENGTH	0x01	/* a length follows; else all that is provided */
#define ANSWER_STATUS	0x02	/* a status follows */
#define ANSWER_LONG	0x04	/* the length is multiplied by 64 */

struct head {
	u8 how;
	struct chanprog_limit limit;
	struct css_orb orb;
};

struct outcome {
	enum chanprog_state state;
	struct chanprog_ending ending;
	struct chanprog_failing failing;
	u64 told;
	u32 commands;
	u32 moved;
};

static struct fuzz_guest guest;
static struct css_device device;
static struct fuzz_input script;
static u32 commands, moved;
static u8 stream[BUFFER], other_stream[BUFFER];
static u8 other_storage[FAKE_ALL_STORAGE];

/* What the guest does meanwhile, or what happens to it */
static struct {
	u8 how;
	unsigned int in;
	u8 pattern;
} event;

static void happens(void)
{
	static u8 rewritten[0x2000];

	if (!event.in || --event.in)
		return;
	if (event.how & HOW_GONE)
		guest.guest.protected = true;
	if (event.how & HOW_REWRITE) {
		memset(rewritten, event.pattern, sizeof(rewritten));
		fake_put(&guest.guest, 0x1000, rewritten, sizeof(rewritten));
	}
	/* Once more, so that it is another program again. */
	event.in = 3;
	event.pattern += 0x41;
}

/* The device */

static u32 length(u8 how, u32 all)
{
	u32 len = all;

	if (how & ANSWER_LENGTH)
		len = take8_back(&script) * (how & ANSWER_LONG ? 64 : 1);
	return min(len, BUFFER - moved);
}

static cu_status_t command(struct css_device *dev, struct chanprog *cp, u8 cmd)
{
	u8 how = take8_back(&script), dstat = DSTAT_CHANNEL_END | DSTAT_DEVICE_END;
	u32 len, i;

	if (guest.during)
		guest.during();
	/* No device has data for this command. */
	len = cmd == CCW_CMD_NOP ? 0 : length(how, chanprog_provided(cp));
	for (i = 0; !(cmd & 1) && i < len; i++)
		stream[moved + i] = moved + i + 0x11;
	moved += cmd & 1 ? chanprog_from_guest(cp, stream + moved, len) :
			   chanprog_to_guest(cp, stream + moved, len);
	if (how & ANSWER_STATUS)
		dstat = take8_back(&script) | DSTAT_CHANNEL_END;
	if (++commands == COMMANDS)
		dstat |= DSTAT_UNIT_CHECK;
	return CU_STATUS(dstat);
}

static const struct cu_ops ops = { .name = "program", .command = command };

/* What is written for the host */

static bool names_page(const struct host_program *program, u64 addr, u32 len)
{
	u32 i;

	for (i = 0; i < program->nr_pages; i++)
		if (program->pages[i].addr &&
		    addr >= program->pages[i].addr &&
		    addr + len <= program->pages[i].addr + GUEST_PAGE)
			return true;
	return false;
}

static bool names_memory(const struct host_program *program, u64 addr, u32 len)
{
	const struct host_memory *memory = &program->memory;

	return addr >= memory->addr && addr + len <= memory->addr + memory->size;
}

static bool names_nothing(u64 addr)
{
	return addr >= HOST_NOWHERE && addr < HOST_NOWHERE + GUEST_PAGE;
}

static void check_entry(const struct host_program *program, u64 addr, u32 len,
			bool backward)
{
	u64 low = backward ? addr - (len - 1) : addr;

	shim_assert(names_nothing(addr) || names_page(program, low, len) ||
		    names_memory(program, low, len));
}

static void check_list(const struct host_program *program,
		       const struct program_ccw *ccw)
{
	const u32 block = program->orb & ORB_IDAW_2K ? 2048 : 4096;
	const bool backward = ccw->moves & REACHED_BACKWARD;
	const u8 *at = program->memory.bytes + (ccw->list - program->memory.addr);
	u32 left = ccw->ccw.count, len, i;
	u64 addr;

	for (i = 0; i < ccw->areas && left; i++) {
		if (program_has_midaws(ccw)) {
			const struct css_midaw *midaw = (const void *)at;

			addr = be64_to_cpu(midaw->addr);
			len = be16_to_cpu(midaw->count);
			/* Of an invalid one, nothing counts. */
			if (midaw->flags & MIDAW_ZEROS) {
				shim_assert(names_nothing(addr));
				return;
			}
			at += sizeof(*midaw);
		} else {
			addr = be64_to_cpu(*(const __be64 *)at);
			len = backward ? addr % block + 1 : block - addr % block;
			at += sizeof(__be64);
		}
		len = min(len, left);
		check_entry(program, addr, len, backward);
		left -= len;
		/* The data end where they can't be accessed. */
		shim_assert(!left || i + 1 < ccw->areas || names_nothing(addr));
	}
}

static void check_ccw(const struct host_program *program,
		      const struct program_ccw *ccw)
{
	const struct css_ccw1 *is = (const void *)
		(program->memory.bytes + (ccw->host - program->memory.addr));
	const u32 cda = be32_to_cpu(is->cda);

	shim_assert(names_memory(program, ccw->host, 2 * CCW_SIZE));
	if (cda & CCW_CDA_ZERO)
		return;
	if (is->flags & CCW_SUSPEND) {
		shim_assert(program->orb & ORB_SUSPEND);
		return;
	}
	if (is->cmd == CCW_CMD_TIC) {
		shim_assert(!is->flags && !is->count);
		shim_assert(names_memory(program, cda, CCW_SIZE));
		return;
	}
	shim_assert(ccw->moves && is->count == cpu_to_be16(ccw->ccw.count));
	if (!is->count)
		return;
	shim_assert(is->flags & (CCW_IDA | CCW_MIDA) && ccw->areas);
	shim_assert(names_memory(program, cda, 8));
	check_list(program, ccw);
}

static void check_program(const struct host_program *program)
{
	u32 i;

	shim_assert(program->nr_ccws <= PROGRAM_CCWS);
	shim_assert(program->nr_pages <= PROGRAM_PAGES);
	shim_assert(names_memory(program, program->first, CCW_SIZE));
	for (i = 0; i < program->nr_ccws; i++)
		check_ccw(program, &program->ccws[i]);
}

/* Running it */

static enum chanprog_state run(struct chanprog *cp, struct translated *t,
			       struct outcome *outcome)
{
	unsigned int turns, resumes = RESUMES, what;
	enum chanprog_state state;

	*outcome = (struct outcome){};
	for (turns = 0; turns < TURNS; turns++) {
		if (t)
			check_program(t->program);
		state = chanprog_run(cp, CHANPROG_ON_WORKER);
		if (state == CHANPROG_INTERMEDIATE) {
			what = chanprog_intermediate(cp);
			outcome->told = outcome->told << 2 | what;
			turns--;
		} else if (state == CHANPROG_DISCONNECTED) {
			chanprog_device_end(cp, DSTAT_DEVICE_END);
		} else if (state == CHANPROG_SUSPENDED && t &&
			   translated_goes_on(t, cp)) {
			turns--;
			/* A loop that is executed in parts makes commands. */
			shim_assert(t->parts <= COMMANDS + RESUMES + 2);
		} else if (state == CHANPROG_SUSPENDED && resumes &&
			   (!t || t->result == HOST_PROGRAM_OK)) {
			resumes--;
			if (t && !translated_resume(t, cp))
				break;
			if (!t)
				chanprog_resume(cp);
		} else if (state != CHANPROG_QUANTUM_USED) {
			break;
		}
	}
	outcome->told = outcome->told << 2 | chanprog_intermediate(cp);
	outcome->state = state;
	return state;
}

static void keep(struct outcome *outcome, const struct chanprog_ending *ending,
		 const struct chanprog_failing *failing)
{
	outcome->ending = *ending;
	outcome->failing = *failing;
	outcome->commands = commands;
	outcome->moved = moved;
}

static void prepare(const struct head *head, const struct fuzz_input *items,
		    struct chanprog *cp)
{
	struct fuzz_program program = {
		.guest = &guest.guest,
		.orb_flags = be32_to_cpu(head->orb.flags),
		.begin = be32_to_cpu(head->orb.cpa),
	};

	script = *items;
	fuzz_guest_begin(&guest);
	while (program_item(&program, &script))
		;
	device.ops = &ops;
	commands = 0;
	moved = 0;
	*cp = (struct chanprog){ .guest = &guest.guest, .dev = &device };
}

static void run_direct(const struct head *head, const struct fuzz_input *items,
		       struct outcome *outcome)
{
	struct chanprog_ending ending;
	struct chanprog cp;

	prepare(head, items, &cp);
	chanprog_init(&cp, &head->orb, &head->limit);
	run(&cp, NULL, outcome);
	ending = cp.ending;
	if (outcome->state == CHANPROG_SUSPENDED)
		chanprog_position(&cp, &ending);
	keep(outcome, &ending, &cp.failing);
	memcpy(other_storage, guest.guest.storage, sizeof(other_storage));
	memcpy(other_stream, stream, moved);
}

static void set_event(const struct head *head)
{
	const u8 at = head->how >> HOW_AT_SHIFT;

	event.how = head->how;
	event.in = at + 1;
	event.pattern = 0x02;
	guest.during = happens;
	if (head->how & HOW_LIMIT)
		guest.guest.pin_limit = at;
	if (!(head->how & HOW_NO_MEMORY))
		return;
	if (at & 8)
		fake_host_memory_good = at & 7;
	else
		shim_fail_alloc(at, 1);
}

static bool run_translated(const struct head *head,
			   const struct fuzz_input *items,
			   struct outcome *outcome)
{
	static struct translated t;
	struct chanprog cp;
	bool made;

	prepare(head, items, &cp);
	set_event(head);
	made = translated_begin(&t, &cp, &head->orb, &head->limit);
	if (made) {
		run(&cp, &t, outcome);
		translated_end(&t, &cp, outcome->state);
		keep(outcome, &t.ending, &t.failing);
	}
	guest.during = NULL;
	fake_host_memory_good = -1;
	shim_fail_alloc(0, 0);
	shim_assert(!guest.guest.pinned);
	shim_assert(!fake_host_memory_used());
	if (t.result == HOST_PROGRAM_CANNOT)
		shim_assert(t.why);
	else if (t.result == HOST_PROGRAM_RETRY)
		shim_assert(head->how & HOW_NO_MEMORY);
	else if (t.result == HOST_PROGRAM_GONE)
		shim_assert(head->how & HOW_GONE);
	return made && t.result == HOST_PROGRAM_OK;
}

/*
 * With prefetching, a program that stores where it is may find the old or the new
 * contents.
 */
static bool changes_itself(const struct head *head)
{
	return be32_to_cpu(head->orb.flags) & ORB_PREFETCH &&
	       guest.guest.bytes_stored;
}

static void compare(const struct outcome *a, const struct outcome *b)
{
	/* A loop takes another number of turns. */
	if (a->state == CHANPROG_QUANTUM_USED || b->state == CHANPROG_QUANTUM_USED)
		return;
	shim_assert(a->state == b->state);
	shim_assert(a->ending.cpa == b->ending.cpa);
	shim_assert(a->ending.dstat == b->ending.dstat);
	shim_assert(a->ending.cstat == b->ending.cstat);
	shim_assert(a->ending.count == b->ending.count);
	shim_assert(a->failing.address == b->failing.address);
	shim_assert(a->failing.what == b->failing.what);
	shim_assert(a->told == b->told);
	shim_assert(a->commands == b->commands);
	shim_assert(a->moved == b->moved);
	shim_assert(!memcmp(stream, other_stream, moved));
	shim_assert(!memcmp(other_storage, guest.guest.storage,
			    sizeof(other_storage)));
}

static void take_head(struct head *head, struct fuzz_input *in)
{
	head->how = take8(in);
	if (!(head->how & 0x0f))
		head->how = 0;
	head->limit.mode = take8(in) & PMCW_LIMIT_MODE;
	if (head->limit.mode == PMCW_LIMIT_MODE)
		head->limit.mode = 0;
	head->limit.address = (take8(in) & 3u) << 16;
	head->orb.intparm = 0;
	head->orb.cpa = cpu_to_be32(program_begin(take8(in)) & ~ORB_CPA_ZERO);
	head->orb.flags = cpu_to_be32(take32(in) &
				      ~(ORB_ZEROS | ORB_TRANSPORT));
}

int fuzz_one_input(const u8 *data, size_t size)
{
	struct fuzz_input in = { .data = data, .left = size };
	struct outcome direct, translated;
	struct head head;
	bool differs;

	shim_begin();
	take_head(&head, &in);
	run_direct(&head, &in, &direct);
	differs = changes_itself(&head);
	if (run_translated(&head, &in, &translated) && !head.how && !differs)
		compare(&direct, &translated);
	fuzz_guest_end(&guest);
	shim_end();
	return 0;
}
