// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: ORB, CCWs, IDAWs, MIDAWs and what the device answers.
 *
 * It runs a program as function.c does, and checks its ending.  If the input
 * says so, it runs the program again, with the data of each storage area moved
 * by themselves, and once more on a worker from the beginning and with a device
 * that moves its data in other pieces.  The guest must not be able to tell the
 * difference.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/budget.h>
#include <kvm_css/ccw.h>
#include <kvm_css/chanprog.h>

#include "file.h"
#include "fuzz_device.h"
#include "fuzz_guest.h"
#include "input.h"
#include "program.h"

#define TURNS		6
#define RESUMES		4
/*
 * How many accesses there may be between the call that stops a program and its
 * end
 */
#define STOP_ACCESSES	16

#define HOW_DEVICE	0x03	/* 0, 1: the fuzzer's; 2: test unit; 3: a disk */
#define HOW_WORKER	0x04	/* on a worker from the beginning */
#define HOW_TWICE	0x08	/* again, in other ways */
#define HOW_PIECES	0x10	/* the device moves small pieces */
#define HOW_DROP	0x20	/* drop the program, don't halt it */
#define HOW_STOP	0xc0	/* when to stop it, see stop_at */
#define HOW_STOP_SHIFT	6

/* More bits of &head.file_how, beside FUZZ_FILE_* */
#define FILE_ECKD	0x10	/* a 3390, not FBA */
#define FILE_WRITEBACK	0x20
/* How many bytes of an image may be spoilt */
#define POKES		8

/* The result of a run of the program */
struct outcome {
	enum chanprog_state state;
	struct chanprog_ending ending;
	struct chanprog_failing failing;
	u64 told;
	bool halted;
	u64 given;
	u64 taken;
};

/* What the first bytes of the input say */
struct head {
	u8 how;
	u8 file;
	u8 file_how;
	bool one_by_one;
	u16 limit_mode;
	u32 limit;
	struct css_orb orb;
};

static struct fuzz_guest guest;
static struct fuzz_device fuzz;
static struct css_device *dev;
static struct file *file;

/* The access to storage or to the file during which the program is stopped */
static const unsigned int stop_at[] = { 0, 4, 9, 24 };
static struct chanprog *running;
static enum chanprog_stop stop_why;
static unsigned int accesses_left;

/* What the guest has been told in this run, two bits each time */
static u64 told;

static void take_head(struct head *head, struct fuzz_input *in)
{
	u8 begin, limit;

	head->how = take8(in);
	head->one_by_one = false;
	head->file = take8(in);
	head->limit_mode = take8(in) & PMCW_LIMIT_MODE;
	/* MODIFY SUBCHANNEL refuses both bits at once. */
	if (head->limit_mode == PMCW_LIMIT_MODE)
		head->limit_mode = 0;
	limit = take8(in);
	head->limit = (u32)(limit & 3) << 16;
	head->file_how = limit >> 2;
	begin = take8(in);
	head->orb.intparm = 0;
	head->orb.cpa = cpu_to_be32(program_begin(begin) & ~ORB_CPA_ZERO);
	/* START SUBCHANNEL refuses other flags. */
	head->orb.flags = cpu_to_be32(take32(in) &
				      ~(ORB_ZEROS | ORB_TRANSPORT));
}

/*
 * Tell the guest what the core may do to storage, so that the guest can check
 * it.
 */
static void watch(const struct head *head)
{
	u32 flags = be32_to_cpu(head->orb.flags);

	guest.watched = true;
	guest.key = flags >> ORB_KEY_SHIFT;
	/* Only the fuzzer's device says when it moves data. */
	guest.moving = dev != &fuzz.dev;
	guest.limit_low = 0;
	guest.limit_high = U64_MAX;
	if (!(flags & ORB_ADDRESS_LIMIT))
		return;
	if (head->limit_mode == PMCW_LIMIT_LOW)
		guest.limit_low = head->limit;
	else if (head->limit_mode == PMCW_LIMIT_HIGH)
		guest.limit_high = head->limit;
}

/* There is no subchannel that could ask for the device's status. */

static void request(struct cu_request *request, u32 us)
{
}

static void withdraw(struct cu_request *request)
{
}

static const struct cu_request_ops request_ops = {
	.request = request,
	.withdraw = withdraw,
};

/* The device has called cu_completed(), and the command has not been completed. */
static bool completed;

static void complete(struct cu_pending *pending)
{
	shim_assert(!completed);
	completed = true;
}

static const struct cu_pending_ops pending_ops = { .completed = complete };

static bool is_eckd(const struct head *head)
{
	return (head->how & HOW_DEVICE) == 3 && head->file_how & FILE_ECKD;
}

static struct css_device *make_fba(const struct head *head)
{
	file = fuzz_file_open(head->file, head->file_how);
	return fba_device_create(file, 0, head->file & 1,
				 head->file_how & FILE_WRITEBACK ?
					KVM_CSS_FBA_WRITEBACK : 0);
}

/* An image of which some bytes are hostile */
static struct css_device *make_eckd(const struct head *head,
				    struct fuzz_input *in)
{
	const struct kvm_css_eckd arg = {
		.size = sizeof(arg),
		.flags = head->file_how & FILE_WRITEBACK ?
				KVM_CSS_ECKD_WRITEBACK : 0,
		.unit = 1,
	};
	u8 pokes = take8(in) % POKES;

	file = fuzz_image_open(head->file & ~FUZZ_FILE_TRUNCATED, head->file_how);
	while (pokes--) {
		u8 track = take8(in);
		u16 at = take16(in);

		fuzz_image_poke(track, at, take8(in));
	}
	return eckd_device_create(file, &arg);
}

static void make_device(const struct head *head, struct fuzz_input *in)
{
	file = NULL;
	fuzz_device_init(&fuzz, &guest, in);
	dev = &fuzz.dev;
	if ((head->how & HOW_DEVICE) == 2) {
		dev = test_device_create(head->file & 1);
	} else if ((head->how & HOW_DEVICE) == 3) {
		fuzz_file_caller(true);
		dev = is_eckd(head) ? make_eckd(head, in) : make_fba(head);
		fuzz_file_caller(false);
	}
	/* A disk may refuse a file that can't be read. */
	if (IS_ERR(dev))
		dev = &fuzz.dev;
	if (dev->request)
		dev->request->ops = &request_ops;
	if (dev->pending)
		dev->pending->ops = &pending_ops;
	completed = false;
}

static void drop_device(void)
{
	dev->ops->release(dev);
	if (file)
		fuzz_file_close(file);
}

/* Let another CPU, or the end of the VM, stop the program. */
static void meanwhile(void)
{
	if (accesses_left && !--accesses_left && running)
		chanprog_stop(running, stop_why);
}

/* Run the program for a turn. */
static enum chanprog_state turn(struct chanprog *cp, bool worker)
{
	enum chanprog_state state = CHANPROG_STOPPED;

	if (!worker)
		return chanprog_run(cp, CHANPROG_ON_VCPU);
	shim_context_begin(true);
	if (guest_hold_mm(&guest.guest)) {
		state = chanprog_run(cp, CHANPROG_ON_WORKER);
		guest_drop_mm(&guest.guest);
	}
	shim_context_end();
	return state;
}

/* Resume a suspended program, with its flag as it is or cleared. */
static void resume(struct chanprog *cp)
{
	struct chanprog_ending position;
	const bool format1 = cp->orb_flags & ORB_FORMAT;
	const u32 at = cp->ccw_addr + (format1 ? 1 : 4);
	u8 flags;

	shim_assert(cp->orb_flags & ORB_SUSPEND);
	chanprog_position(cp, &position);
	shim_assert(!position.dstat && !position.cstat);
	shim_assert(position.cpa == cp->ccw_addr + CCW_SIZE);
	fake_get(&guest.guest, at, &flags, sizeof(flags));
	flags &= ~CCW_SUSPEND;
	fake_put(&guest.guest, at, &flags, sizeof(flags));
	chanprog_resume(cp);
}

/* Take what the guest is to be told. */
static void tell(struct chanprog *cp)
{
	unsigned int what = chanprog_intermediate(cp);

	shim_assert(what);
	told = told << 2 | what;
}

/* The current command is pending: wait until it can be completed. */
static void pending(struct chanprog *cp)
{
	shim_assert(chanprog_pending(cp));
	if (cp->stop && !completed)
		cu_stop(dev, cp->stop == CHANPROG_DROP);
	while (!completed)
		shim_assert(shim_pump(true));
	completed = false;
	if (chanprog_has_news(cp))
		tell(cp);
}

/* Return: whether the program goes on; *@worker: on a worker. */
static bool goes_on(struct chanprog *cp, enum chanprog_state state,
		    bool *worker, unsigned int *resumes)
{
	switch (state) {
	case CHANPROG_MUST_WAIT:
		shim_assert(!*worker);
		*worker = true;
		return true;
	case CHANPROG_QUANTUM_USED:
		*worker = true;
		return true;
	case CHANPROG_PENDING:
		pending(cp);
		*worker = true;
		return true;
	case CHANPROG_INTERMEDIATE:
		tell(cp);
		shim_assert(!chanprog_intermediate(cp));
		return true;
	case CHANPROG_DISCONNECTED:
		shim_assert(chanprog_disconnected(cp));
		chanprog_device_end(cp, DSTAT_DEVICE_END);
		*worker = true;
		return true;
	case CHANPROG_SUSPENDED:
		if (!(*resumes)--)
			return false;
		resume(cp);
		return true;
	default:
		return false;
	}
}

/* The program didn't end by itself, so halt it. */
static enum chanprog_state stop(struct chanprog *cp, bool worker)
{
	u64 accesses = guest.accesses;
	bool was_pending = chanprog_pending(cp);
	enum chanprog_state state;

	chanprog_stop(cp, CHANPROG_HALT);
	/* The device ends a command that is pending, perhaps in several parts. */
	do {
		if (chanprog_pending(cp))
			pending(cp);
		state = turn(cp, worker || was_pending);
	} while (state == CHANPROG_PENDING);
	shim_assert(state == CHANPROG_STOPPED || was_pending);
	shim_assert(guest.accesses - accesses <= STOP_ACCESSES);
	return state;
}

static void run(const struct head *head, bool worker, unsigned int turns,
		struct outcome *outcome)
{
	const struct chanprog_limit limit = {
		.mode = head->limit_mode, .address = head->limit,
	};
	struct css_budget budget = {};
	struct chanprog cp = {
		.guest = &guest.guest, .dev = dev, .budget = &budget,
	};
	unsigned int resumes = RESUMES;
	enum chanprog_state state;

	told = 0;
	chanprog_init(&cp, &head->orb, &limit);
	cp.one_by_one = head->one_by_one;
	running = &cp;
	shim_assert(chanprog_untouched(&cp));
	do {
		state = turn(&cp, worker);
		shim_assert(!cp.call);
		if (fuzz.commands && !cp.stop)
			shim_assert(!chanprog_untouched(&cp));
	} while (turns-- && goes_on(&cp, state, &worker, &resumes));
	if (state == CHANPROG_STOPPED)
		shim_assert(cp.stop || cp.gone || guest.guest.dying);
	else if (state != CHANPROG_ENDED && state != CHANPROG_SUSPENDED)
		state = stop(&cp, worker);
	/* A halt only keeps data back if there are more. */
	shim_assert(!cp.halted || cp.residual || cp.flags & CCW_CD);
	running = NULL;
	told = told << 2 | chanprog_intermediate(&cp);
	*outcome = (struct outcome){
		.state = state, .ending = cp.ending, .failing = cp.failing,
		.told = told,
		.halted = cp.stop == CHANPROG_HALT,
		.given = fuzz.given, .taken = fuzz.taken,
	};
}

static void check_cpa(const struct head *head, const struct outcome *outcome)
{
	u32 highest = be32_to_cpu(head->orb.flags) & ORB_FORMAT ?
			CCW1_ADDRESS : CCW0_ADDRESS;
	u32 cpa = outcome->ending.cpa;

	if (cpa == be32_to_cpu(head->orb.cpa) + CCW_SIZE)
		return;
	shim_assert(!(cpa % CCW_SIZE));
	/* The CCW address plus 8 may be behind the last possible address. */
	shim_assert(cpa <= highest + 1 + CCW_SIZE);
}

/*
 * Check the count against the last CCW, which is still in storage unless the
 * program has overwritten it.
 */
static void check_count(const struct head *head, const struct outcome *outcome)
{
	const struct chanprog_ending *ending = &outcome->ending;
	u32 flags = be32_to_cpu(head->orb.flags);
	u8 *at = fake_at(&guest.guest, ending->cpa - CCW_SIZE, CCW_SIZE);
	struct css_ccw ccw;

	if (!at || guest.guest.bytes_stored || ending->cstat & (CSTAT_PROGRAM_CHECK |
						    CSTAT_CHANNEL_CONTROL |
						    CSTAT_PROTECTION_CHECK))
		return;
	ccw_decode(&ccw, at, flags);
	shim_assert(ending->count <= ccw.count);
	/*
	 * A count that is left without an error means that length indication is
	 * suppressed, or that the operation was immediate, which format 0
	 * doesn't indicate.
	 */
	if (ending->count && !ending->cstat && dev == &fuzz.dev &&
	    !outcome->halted &&
	    flags & ORB_FORMAT &&
	    fuzz.last & DSTAT_CHANNEL_END)
		shim_assert(ccw.flags & CCW_SLI || flags & ORB_ILS ||
			    /* Immediate operations don't indicate it at all. */
			    !(flags & ORB_FORMAT));
}

static void check_status(const struct outcome *outcome)
{
	const u8 channel = CSTAT_INCORRECT_LENGTH | CSTAT_PROGRAM_CHECK |
			   CSTAT_PROTECTION_CHECK | CSTAT_CHANNEL_DATA |
			   CSTAT_CHANNEL_CONTROL;
	const struct chanprog_ending *ending = &outcome->ending;

	shim_assert(!(ending->cstat & ~channel));
	/* Only one condition ends a program. */
	shim_assert(!(ending->cstat & (ending->cstat - 1)));
	if (dev != &fuzz.dev)
		return;
	if (!ending->cstat)
		shim_assert(ending->dstat == fuzz.last);
	else if (ending->dstat)
		shim_assert(ending->dstat == fuzz.last);
}

/*
 * Data that are reported as written must be durable, halted or not: at once with
 * write-through, after a flush with write-back.
 */
static void check_durable(const struct head *head, const struct outcome *outcome)
{
	if (!file || dev == &fuzz.dev)
		return;
	/* What a program that ends in its domain has lost is told by the next flush. */
	if (is_eckd(head) && fuzz_file_failed() && cu_sync(dev))
		return;
	if (fuzz_file_failed())
		shim_assert(outcome->state == CHANPROG_ENDED &&
			    outcome->ending.dstat & DSTAT_UNIT_CHECK);
	else if (cu_sync(dev))
		shim_assert(fuzz_file_failed());
	else
		shim_assert(fuzz_file_durable());
}

static void check(const struct head *head, const struct outcome *outcome)
{
	if (dev == &fuzz.dev) {
		/* Skipped bytes count as taken, but are not stored. */
		shim_assert(guest.guest.bytes_stored <= outcome->given);
		shim_assert(guest.guest.bytes_fetched >= outcome->taken);
	}
	/*
	 * A program that is halted between two commands has no ending of its
	 * own.
	 */
	if (outcome->state == CHANPROG_ENDED || outcome->halted)
		check_durable(head, outcome);
	if (outcome->state != CHANPROG_ENDED)
		return;
	check_cpa(head, outcome);
	check_count(head, outcome);
	check_status(outcome);
}

/* Prepare a run with the same storage and the same answers. */
static void prepare(const struct head *head, struct fuzz_input *in)
{
	struct fuzz_program program = {
		.guest = &guest.guest,
		.orb_flags = be32_to_cpu(head->orb.flags),
		.begin = be32_to_cpu(head->orb.cpa),
	};

	fuzz_guest_begin(&guest);
	while (program_item(&program, in))
		;
	make_device(head, in);
	fuzz.pieces = head->how & HOW_PIECES;
	watch(head);
	stop_why = head->how & HOW_DROP ? CHANPROG_DROP : CHANPROG_HALT;
	accesses_left = stop_at[(head->how & HOW_STOP) >> HOW_STOP_SHIFT];
	guest.during = meanwhile;
	if (file)
		fuzz_file_during(meanwhile);
}

/* May the program be run again?  Nobody stops it, so it does the same again. */
static bool repeatable(const struct head *head)
{
	return head->how & HOW_TWICE && !(head->how & HOW_STOP);
}

static bool comparable(const struct head *head, const struct outcome *outcome)
{
	/*
	 * With prefetching, what was copied ahead depends on where a turn has
	 * ended.
	 */
	return repeatable(head) && outcome->state == CHANPROG_ENDED &&
	       !outcome->halted &&
	       !(be32_to_cpu(head->orb.flags) & ORB_PREFETCH);
}

/* Run the program again.  The result must be the same as the first time. */
static void once_more(const struct head *head, const struct fuzz_input *input,
		      unsigned int turns, const struct outcome *first)
{
	static u8 storage[FAKE_ALL_STORAGE];
	struct fuzz_input in = *input;
	struct outcome second;

	memcpy(storage, guest.guest.storage, sizeof(storage));
	prepare(head, &in);
	run(head, head->how & HOW_WORKER, turns, &second);
	check(head, &second);
	shim_assert(second.state == first->state);
	shim_assert(second.ending.cpa == first->ending.cpa);
	shim_assert(second.ending.dstat == first->ending.dstat);
	shim_assert(second.ending.cstat == first->ending.cstat);
	shim_assert(second.ending.count == first->ending.count);
	shim_assert(second.failing.address == first->failing.address);
	shim_assert(second.failing.what == first->failing.what);
	/* A device with other pieces may tell the same at another time. */
	shim_assert(second.told == first->told || !head->one_by_one);
	shim_assert(second.given == first->given);
	shim_assert(second.taken == first->taken);
	shim_assert(!memcmp(storage, guest.guest.storage, sizeof(storage)));
	drop_device();
}

int fuzz_one_input(const u8 *data, size_t size)
{
	struct fuzz_input in = { .data = data, .left = size }, items;
	struct outcome outcome;
	struct head head;

	shim_begin();
	take_head(&head, &in);
	items = in;
	prepare(&head, &in);
	fuzz.may_stop = !(head.how & HOW_TWICE);
	run(&head, head.how & HOW_WORKER, TURNS, &outcome);
	check(&head, &outcome);
	drop_device();
	if (repeatable(&head)) {
		head.one_by_one = true;
		once_more(&head, &items, TURNS, &outcome);
		head.one_by_one = false;
	}
	if (comparable(&head, &outcome)) {
		head.how ^= HOW_PIECES | HOW_WORKER;
		/* A turn on a vCPU is shorter, so allow more turns. */
		once_more(&head, &items, 2 * TURNS, &outcome);
	}
	fuzz_guest_end(&guest);
	shim_end();
	return 0;
}
