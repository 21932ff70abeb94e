// SPDX-License-Identifier: GPL-2.0
/*
 * The test control unit with a backend (KVM_CSS_TEST_BACKEND).  The guest's
 * program says what the backend answers to instructions and which status it
 * presents.  "Test backend" in Documentation/devices.rst describes the script.
 *
 * A script may name any status, also some that no device presents.
 *
 * Locking: the operations are serialized by the subchannel's lock.  The timer
 * only sets @due and notifies the subchannel.
 */
#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <linux/kvm_css.h>

#include <kvm_css/backend.h>
#include <kvm_css/control_unit.h>
#include <kvm_css/guest.h>
#include <kvm_css/timer.h>

#include "devices.h"

#define CMD_SCRIPT	0x4b
#define MAX_STEPS	8
#define MAX_US		(10u * USEC_PER_SEC)
#define PATH		0x80

#define FC		SCSW_FC
#define START		SCSW_FC_START
#define HALT		SCSW_FC_HALT
#define CLEAR		SCSW_FC_CLEAR
#define ACTIVE		(SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE)
#define ALONE		SCSW_SC_PENDING
#define ALERT		(SCSW_SC_ALERT | ALONE)
#define PRIMARY		(SCSW_SC_PRIMARY | ALONE)
#define SECONDARY	(SCSW_SC_SECONDARY | ALONE)
#define ENDED		(SCSW_SC_SECONDARY | PRIMARY)
#define SUSPENDED	SCSW_AC_SUSPENDED

/* The condition codes in a script, in the order of these instructions */
enum { CC_SSCH, CC_RSCH, CC_HSCH, CC_CSCH, CC_XSCH, CC_MSCH, CCS };

/* A step of a script: which status, and when */
struct script_step {
	__be32 us;
	__be32 flags;
	u8     dstat;
	u8     cstat;
	__be16 count;
	__be32 zeros;
};

static_assert(sizeof(struct script_step) == 16);

struct script {
	u8     cc[CCS];
	u8     active;
	u8     zero;
	__be32 stop_us;
	__be32 zeros;
	struct script_step steps[MAX_STEPS];
};

#define SCRIPT_HEAD	offsetof(struct script, steps)

static_assert(SCRIPT_HEAD == 16);

/*
 * @script: what the last program has said; without steps if it said nothing
 * @nr_steps: how many steps it has
 * @step: the step that comes next
 * @now: the step that doesn't come from the script, such as the end of a halt
 * @now_due: @now comes next
 * @control: function and activity control
 * @due: the time of the next step has come
 * @timer: expires then
 */
struct test_backend {
	struct css_device dev;
	struct sch_backend backend;
	struct script script;
	u32 nr_steps;
	u32 step;
	struct script_step now;
	bool now_due;
	u32 control;
	bool due;
	struct hrtimer timer;
};

/* What a program has been prepared to; see struct test_backend */
struct prepared {
	struct backend_program program;
	struct script script;
	u32 nr_steps;
};

static struct test_backend *to_test(struct sch_backend *backend)
{
	return container_of(backend, struct test_backend, backend);
}

/* Preparing: reading and checking the script */

static bool script_valid(const struct prepared *prepared)
{
	const struct script *script = &prepared->script;
	unsigned int i;

	for (i = 0; i < CCS; i++)
		if (script->cc[i] > 3)
			return false;
	if (script->cc[CC_CSCH] == 1 || script->cc[CC_CSCH] == 2 ||
	    script->active > 1 || script->zero || script->zeros ||
	    be32_to_cpu(script->stop_us) > MAX_US)
		return false;
	for (i = 0; i < prepared->nr_steps; i++)
		if (be32_to_cpu(script->steps[i].us) > MAX_US ||
		    script->steps[i].zeros)
			return false;
	return true;
}

/* Let the program end with this status instead of a script's. */
static void end_with(struct prepared *prepared, u8 dstat, u8 cstat)
{
	memset(&prepared->script, 0, sizeof(prepared->script));
	prepared->nr_steps = 1;
	prepared->script.steps[0] = (struct script_step){
		.flags = cpu_to_be32(dstat == (DSTAT_CHANNEL_END |
					       DSTAT_DEVICE_END) && !cstat ?
				     START | ENDED : START | ALERT | ENDED),
		.dstat = dstat,
		.cstat = cstat,
	};
}

/* Return: subchannel status; zeros if the data are there. */
static u8 fetch(struct guest *guest, u32 addr, void *data, u32 len, u8 key)
{
	guest_access_t access = guest_storage_read(guest, addr, data, len, key);

	if (access == GUEST_ACCESS_OK)
		return 0;
	if (access == GUEST_ACCESS_ADDRESSING)
		return CSTAT_PROGRAM_CHECK;
	if (access == GUEST_ACCESS_PROTECTION)
		return CSTAT_PROTECTION_CHECK;
	return CSTAT_CHANNEL_CONTROL;
}

static void read_program(struct guest *guest, const struct css_orb *orb,
			 struct prepared *prepared)
{
	const u8 normal = DSTAT_CHANNEL_END | DSTAT_DEVICE_END;
	u32 flags = be32_to_cpu(orb->flags), len;
	u8 key = (flags & ORB_KEY) >> ORB_KEY_SHIFT;
	struct css_ccw1 ccw;
	u8 cstat;

	cstat = fetch(guest, be32_to_cpu(orb->cpa), &ccw, sizeof(ccw), key);
	if (cstat) {
		end_with(prepared, 0, cstat);
		return;
	}
	len = be16_to_cpu(ccw.count);
	if (ccw.cmd == CU_CMD_NOOP) {
		end_with(prepared, normal, 0);
		return;
	}
	if (ccw.cmd != CMD_SCRIPT) {
		end_with(prepared, DSTAT_UNIT_CHECK, 0);
		return;
	}
	if (!(flags & ORB_FORMAT) || len < SCRIPT_HEAD ||
	    len > sizeof(prepared->script) ||
	    (len - SCRIPT_HEAD) % sizeof(struct script_step)) {
		end_with(prepared, 0, CSTAT_PROGRAM_CHECK);
		return;
	}
	cstat = fetch(guest, be32_to_cpu(ccw.cda), &prepared->script, len, key);
	prepared->nr_steps = (len - SCRIPT_HEAD) / sizeof(struct script_step);
	if (cstat)
		end_with(prepared, 0, cstat);
	else if (!script_valid(prepared))
		end_with(prepared, normal | DSTAT_UNIT_CHECK, 0);
}

static ioinst_ending_t test_prepare_start(struct sch_backend *backend,
					  struct guest *guest,
					  const struct css_orb *orb,
					  const struct chanprog_limit *limit,
					  struct backend_program **program)
{
	struct prepared *p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);

	if (!p)
		return IOINST_RETRY;
	read_program(guest, orb, p);
	*program = &p->program;
	return IOINST_PROCEED;
}

static void test_discard(struct sch_backend *backend,
			 struct backend_program *program)
{
	kfree(container_of(program, struct prepared, program));
}

/* Time */

static enum hrtimer_restart timer_expired(struct hrtimer *timer)
{
	struct test_backend *test = container_of(timer, struct test_backend,
						 timer);

	WRITE_ONCE(test->due, true);
	sch_backend_notify(&test->backend);
	return HRTIMER_NORESTART;
}

static void nothing_due(struct test_backend *test)
{
	hrtimer_cancel(&test->timer);
	test->due = false;
}

static void begin_wait(struct test_backend *test, __be32 us)
{
	nothing_due(test);
	if (us) {
		hrtimer_start(&test->timer,
			      ns_to_ktime((u64)be32_to_cpu(us) * NSEC_PER_USEC),
			      HRTIMER_MODE_REL_SOFT);
		return;
	}
	test->due = true;
	sch_backend_notify(&test->backend);
}

static void next_step(struct test_backend *test)
{
	if (test->step < test->nr_steps)
		begin_wait(test, test->script.steps[test->step].us);
	else
		nothing_due(test);
}

static void forget_steps(struct test_backend *test)
{
	nothing_due(test);
	test->nr_steps = 0;
	test->step = 0;
	test->now_due = false;
}

/* Instructions */

/*
 * Status that has not been taken comes first.  HALT SUBCHANNEL forgets intermediate
 * status, and CLEAR SUBCHANNEL all.
 */
static ioinst_ending_t answer(const struct test_backend *test, int insn)
{
	const struct script_step *step = test->script.steps;
	bool due = READ_ONCE(test->due) && insn != CC_CSCH;

	if (due && insn == CC_HSCH && !test->now_due)
		due = !(be32_to_cpu(step[test->step].flags) &
			SCSW_SC_INTERMEDIATE);
	return due ? IOINST_CC_STATUS_PRESENT : IOINST_CC(test->script.cc[insn]);
}

static ioinst_ending_t test_start(struct sch_backend *backend,
				  const struct css_orb *orb,
				  struct backend_program *program)
{
	const struct prepared *p = container_of(program, struct prepared,
						program);
	struct test_backend *test = to_test(backend);
	ioinst_ending_t cc;

	if (READ_ONCE(test->due))
		return IOINST_CC_STATUS_PRESENT;
	forget_steps(test);
	test->script = p->script;
	cc = answer(test, CC_SSCH);
	if (cc != IOINST_CC_EXPECTED)
		return cc;
	test->nr_steps = p->nr_steps;
	test->control = START | (p->script.active ? ACTIVE :
						    SCSW_AC_START_PENDING);
	next_step(test);
	return cc;
}

static ioinst_ending_t test_resume(struct sch_backend *backend,
				   struct backend_program *program)
{
	struct test_backend *test = to_test(backend);
	ioinst_ending_t cc = answer(test, CC_RSCH);

	if (cc != IOINST_CC_EXPECTED)
		return cc;
	if (test->control & SUSPENDED) {
		test->control = START | ACTIVE;
		next_step(test);
	} else {
		test->control |= SCSW_AC_RESUME_PENDING;
	}
	return cc;
}

/* Present status after a while that doesn't come from the script. */
static void later(struct test_backend *test, u32 flags, u8 dstat)
{
	forget_steps(test);
	test->now = (struct script_step){
		.flags = cpu_to_be32(flags),
		.dstat = dstat,
	};
	test->now_due = true;
	begin_wait(test, test->script.stop_us);
}

static ioinst_ending_t test_halt(struct sch_backend *backend)
{
	struct test_backend *test = to_test(backend);
	ioinst_ending_t cc = answer(test, CC_HSCH);
	u32 control = test->control;

	if (cc != IOINST_CC_EXPECTED)
		return cc;
	test->control = (control & FC) | HALT | SCSW_AC_HALT_PENDING;
	control &= ~SCSW_AC_RESUME_PENDING;
	if (control & (SUSPENDED | SCSW_AC_START_PENDING))
		later(test, SCSW_DEFERRED_CC1 | control | HALT | ALONE, 0);
	else if (control & START)
		later(test, START | HALT | ENDED,
		      DSTAT_CHANNEL_END | DSTAT_DEVICE_END);
	else if (control & SCSW_AC_DEVICE_ACTIVE)
		later(test, HALT | SECONDARY, DSTAT_DEVICE_END);
	else
		later(test, HALT | ALONE, 0);
	return cc;
}

static ioinst_ending_t test_clear(struct sch_backend *backend)
{
	struct test_backend *test = to_test(backend);
	ioinst_ending_t cc = answer(test, CC_CSCH);

	if (cc != IOINST_CC_EXPECTED)
		return cc;
	test->control = CLEAR | SCSW_AC_CLEAR_PENDING;
	later(test, CLEAR | ALONE, 0);
	return cc;
}

static ioinst_ending_t test_cancel(struct sch_backend *backend)
{
	struct test_backend *test = to_test(backend);
	ioinst_ending_t cc = answer(test, CC_XSCH);

	if (cc == IOINST_CC_EXPECTED) {
		forget_steps(test);
		test->control = 0;
	}
	return cc;
}

static ioinst_ending_t test_modify(struct sch_backend *backend,
				   const struct css_schib *schib)
{
	return answer(to_test(backend), CC_MSCH);
}

static void test_store(struct sch_backend *backend, struct backend_schib *schib)
{
	*schib = (struct backend_schib){
		.activity = to_test(backend)->control & SCSW_AC,
		.lpum = PATH,
		.pom = 0xff,
		.pam = PATH,
	};
}

/* Status */

/* Return: the step that is due, or NULL if the script has no more. */
static const struct script_step *take_step(struct test_backend *test)
{
	if (test->now_due) {
		test->now_due = false;
		return &test->now;
	}
	return test->step < test->nr_steps ?
			&test->script.steps[test->step++] : NULL;
}

static enum backend_news test_take(struct sch_backend *backend, u32 functions,
				   struct css_irb *irb)
{
	struct test_backend *test = to_test(backend);
	const struct script_step *step;
	u32 flags;

	if (!irb || !READ_ONCE(test->due))
		return BACKEND_NOTHING;
	nothing_due(test);
	step = take_step(test);
	if (!step)
		return BACKEND_NOTHING;
	flags = be32_to_cpu(step->flags);
	irb->scsw.flags = step->flags;
	irb->scsw.dstat = step->dstat;
	irb->scsw.cstat = step->cstat;
	irb->scsw.count = step->count;
	irb->esw.word0 = cpu_to_be32(PATH << LOGOUT_LPUM_SHIFT);
	/* Otherwise the subchannel drops it. */
	if (!((flags ^ functions) & FC))
		test->control = flags & (flags & SCSW_SC_INTERMEDIATE ?
					 FC | SCSW_AC : SCSW_AC_DEVICE_ACTIVE);
	if (!(test->control & SUSPENDED))
		next_step(test);
	return BACKEND_STATUS;
}

static void test_stop(struct sch_backend *backend, bool last)
{
	struct test_backend *test = to_test(backend);

	forget_steps(test);
	memset(&test->script, 0, sizeof(test->script));
	test->control = 0;
	sch_backend_stopped(backend, true);
}

static const struct sch_backend_ops backend_ops = {
	.prepare_start = test_prepare_start,
	.discard = test_discard,
	.start = test_start,
	.resume = test_resume,
	.halt = test_halt,
	.clear = test_clear,
	.cancel = test_cancel,
	.modify = test_modify,
	.store = test_store,
	.take = test_take,
	.stop = test_stop,
};

static int test_describe(const struct css_device *dev,
			 struct kvm_css_device *device)
{
	device->test.size = sizeof(device->test);
	device->test.flags = KVM_CSS_TEST_BACKEND;
	return 0;
}

static struct sch_backend *test_backend_of(struct css_device *dev)
{
	return &container_of(dev, struct test_backend, dev)->backend;
}

static void test_release(struct css_device *dev)
{
	struct test_backend *test = container_of(dev, struct test_backend, dev);

	hrtimer_cancel(&test->timer);
	kfree(test);
}

static const struct cu_ops test_ops = {
	.name = "test backend",
	.type = KVM_CSS_TYPE_TEST,
	.describe = test_describe,
	.release = test_release,
	.backend = test_backend_of,
};

struct css_device *test_backend_create(void)
{
	struct test_backend *test;

	test = kzalloc(sizeof(*test), GFP_KERNEL_ACCOUNT);
	if (!test)
		return ERR_PTR(-ENOMEM);
	test->dev.ops = &test_ops;
	test->backend.ops = &backend_ops;
	css_timer_init(&test->timer, timer_expired, HRTIMER_MODE_REL_SOFT);
	return &test->dev;
}
