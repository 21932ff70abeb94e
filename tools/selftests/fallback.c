// SPDX-License-Identifier: GPL-2.0
/*
 * A guest's instructions that are none of the kernel's business must reach
 * userspace as they do without the module.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "theme.h"
#include "guest/fallback.h"

#define MAX_EXITS	1024
#define MAX_ENDINGS	1024

/* What an exit tells the VMM about the instruction */
struct exit_record {
	u32 reason;
	u32 icptcode;
	u16 ipa;
	u16 dequeued;
	u32 ipb;
	u32 gpr1;
	u32 sid;		/* SID of the interruption that TSCH dequeued */
	u32 intparm;
	u32 word;
};

/* All exits and endings of one run of the guest program */
struct trace {
	unsigned int nr_exits, nr_endings;
	struct exit_record exits[MAX_EXITS];
	u32 endings[MAX_ENDINGS];
	bool failed;
};

static struct trace *running;

/* --- running the guest program --- */

static int record(struct vmm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	struct exit_record *record = &running->exits[running->nr_exits];

	if (running->nr_exits == MAX_EXITS) {
		running->failed = true;
		return CC_NOT_OPERATIONAL;
	}
	memset(record, 0, sizeof(*record));
	record->reason = run->exit_reason;
	record->gpr1 = run->s.regs.gprs[1];
	if (run->exit_reason == KVM_EXIT_S390_SIEIC) {
		record->icptcode = run->s390_sieic.icptcode;
		record->ipa = run->s390_sieic.ipa;
		record->ipb = run->s390_sieic.ipb;
	} else {
		record->ipb = run->s390_tsch.ipb;
		record->dequeued = run->s390_tsch.dequeued;
		record->sid = (u32)run->s390_tsch.subchannel_id << 16 |
			      run->s390_tsch.subchannel_nr;
		record->intparm = run->s390_tsch.io_int_parm;
		record->word = run->s390_tsch.io_int_word;
		if (!record->dequeued) {
			record->sid = 0;
			record->intparm = 0;
			record->word = 0;
		}
	}
	/*
	 * The answer is 0 to 3 in turn, so that every condition code is used.
	 */
	return running->nr_exits++ & 3;
}

static u64 hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	struct machine *machine = vcpu->vmm->theme;

	if (args[0] == HC_FAIL)
		running->failed = true;
	if (args[0] != HC_THEME)
		return 0;
	switch (args[1]) {
	case FALL_CALL_ENDING:
		if (running->nr_endings < MAX_ENDINGS)
			running->endings[running->nr_endings++] = args[2];
		break;
	case FALL_CALL_INJECT:
		vmm_io_interruption(vcpu->vmm, args[2], 0x12345678, args[3]);
		break;
	case FALL_CALL_REMOVE:
		if (css_remove(machine->css_fd, FALL_OWNED) &&
		    errno != ENODEV)
			ktap_fail("REMOVE: %s", strerror(errno));
		break;
	}
	return 0;
}

static void run(struct machine *machine, struct trace *trace, u64 argument)
{
	int status;

	memset(trace, 0, sizeof(*trace));
	running = trace;
	machine->vmm.theme = machine;
	machine->vmm.io = record;
	machine->vmm.hypercall = hypercall;
	vmm_load(&machine->vmm, guest_image, guest_image_end, argument);
	status = vmm_run(&machine->vmm);
	ktap_check(!status && !trace->failed, "the guest program, status %d",
		   status);
}

static void show(const char *which, const struct exit_record *record)
{
	ktap_note("%s: reason %u, intercept %02x, %04x %08x, gpr1 %08x, dequeued %u %08x %08x %08x",
		  which, record->reason, record->icptcode, record->ipa,
		  record->ipb, record->gpr1, record->dequeued, record->sid,
		  record->intparm, record->word);
}

static void same(const struct trace *expected, const struct trace *found)
{
	unsigned int i;

	ktap_check(expected->nr_exits, "some exits");
	ktap_check(expected->nr_exits == found->nr_exits &&
		   expected->nr_endings == found->nr_endings,
		   "expected %u exits and %u endings, found %u and %u",
		   expected->nr_exits, expected->nr_endings, found->nr_exits,
		   found->nr_endings);
	for (i = 0; i < expected->nr_exits; i++) {
		if (!memcmp(&expected->exits[i], &found->exits[i],
			    sizeof(found->exits[i])))
			continue;
		ktap_fail("exit %u differs", i);
		show("expected", &expected->exits[i]);
		show("found", &found->exits[i]);
		return;
	}
	for (i = 0; i < expected->nr_endings; i++)
		if (!ktap_check(expected->endings[i] == found->endings[i],
				"ending %u: expected %x, found %x", i,
				expected->endings[i], found->endings[i]))
			return;
}

/* --- the tests --- */

static struct trace without, with;

static void create(struct machine *machine)
{
	machine_create(machine, SERVED_BY_KERNEL, 1);
	machine_add_test(machine, FALL_OWNED, FALL_DEVNO, 0);
}

/* Run the guest in a VM that has never been attached to the module. */
static void trace_plain(struct trace *trace, u64 argument)
{
	struct machine machine = { .css_fd = -1 };

	vmm_create(&machine.vmm, 1);
	run(&machine, trace, argument);
	vmm_destroy(&machine.vmm);
}

static void unowned(void)
{
	struct machine machine;

	trace_plain(&without, FALL_UNOWNED);
	create(&machine);
	run(&machine, &with, FALL_UNOWNED);
	machine_destroy(&machine);
	same(&without, &with);
}

static void tsch_exit(void)
{
	unsigned int i, tsch = 0, dequeued = 0;

	/*
	 * These are the exits that unowned() has recorded.  TSCH has an exit
	 * reason of its own.
	 */
	for (i = 0; i < with.nr_exits; i++) {
		if (with.exits[i].reason == KVM_EXIT_S390_TSCH) {
			tsch++;
			dequeued += with.exits[i].dequeued;
		} else {
			ktap_check(with.exits[i].ipa != INSN_TSCH,
				   "expected no TSCH by KVM_EXIT_S390_SIEIC");
		}
	}
	ktap_check(tsch, "expected a TSCH by KVM_EXIT_S390_TSCH");
	ktap_check(dequeued == 2, "expected 2 dequeued, found %u", dequeued);
}

static void condition_codes(void)
{
	unsigned int i, seen = 0;

	for (i = 0; i < with.nr_endings; i++)
		if (with.endings[i] < 4)
			seen |= 1 << with.endings[i];
	ktap_check(seen == 0xf, "expected all four, found mask %x", seen);
}

/* Check how KVM_CSS_ADD with KVM_CSS_ADD_BESIDE ends for a number. */
static void beside(struct machine *machine, u32 sid, int error)
{
	struct kvm_css_test test = { .size = sizeof(test) };
	struct kvm_css_add arg = {
		.size = sizeof(arg),
		.flags = KVM_CSS_ADD_BESIDE,
		.type = KVM_CSS_TYPE_TEST,
		.schid = SID_SCHID(sid),
		.ssid = SID_SSID(sid),
		.devno = 0x4711,
		.device = (u64)&test,
	};
	int rc = ioctl(machine->css_fd, KVM_CSS_ADD, &arg);

	ktap_check(error ? rc && errno == error : !rc,
		   "ADD beside at %08x: expected error %d, found %d", sid,
		   error, rc ? errno : 0);
	if (!rc)
		css_remove(machine->css_fd, sid);
}

static void used(void)
{
	struct machine machine;

	create(&machine);
	beside(&machine, SID(1, 0x0010), 0);
	css_remove(machine.css_fd, FALL_OWNED);
	run(&machine, &with, FALL_WITH_OWNED);
	/*
	 * The guest has used the next two numbers as well, but the kernel owned
	 * the first one a moment ago, and the second one until it was removed.
	 * Such numbers don't count as the VMM's.
	 */
	beside(&machine, SID(1, 0x0010), 0);
	beside(&machine, FALL_OWNED, 0);
	beside(&machine, SID(0, 0x0011), EADDRINUSE);
	beside(&machine, SID(3, 0xffff), EADDRINUSE);
	beside(&machine, SID(3, 0xfffe), 0);
	machine_destroy(&machine);
}

static void looked_for(void)
{
	struct machine machine;

	machine_create(&machine, SERVED_BY_KERNEL, 1);
	run(&machine, &with, FALL_REMOVE);
	ktap_check(with.nr_exits == 2, "expected 2 exits, found %u",
		   with.nr_exits);
	beside(&machine, FALL_OWNED, 0);
	machine_destroy(&machine);
}

static void neighbour(void)
{
	struct machine attached;

	trace_plain(&without, FALL_WITH_OWNED);
	create(&attached);
	trace_plain(&with, FALL_WITH_OWNED);
	machine_destroy(&attached);
	same(&without, &with);
}

static void after_close(void)
{
	struct machine machine;

	trace_plain(&without, FALL_WITH_OWNED);
	create(&machine);
	close(machine.css_fd);
	run(&machine, &with, FALL_WITH_OWNED);
	vmm_destroy(&machine.vmm);
	same(&without, &with);
}

static void removed(void)
{
	struct machine machine;

	trace_plain(&without, FALL_WITH_OWNED);
	create(&machine);
	css_remove(machine.css_fd, FALL_OWNED);
	run(&machine, &with, FALL_WITH_OWNED);
	machine_destroy(&machine);
	same(&without, &with);
}

static void no_exit(void)
{
	struct kvm_css_query query;
	struct machine machine;

	create(&machine);
	run(&machine, &with, FALL_CYCLES);
	ktap_check(!with.nr_exits, "expected no exit, found %u",
		   with.nr_exits);
	ktap_check(with.nr_endings == 1 && with.endings[0] == DST_ENDED,
		   "expected the last cycle to end well");
	ktap_check(!css_query(machine.css_fd, FALL_OWNED, 0, &query), "QUERY");
	ktap_check(query.started == 100 && query.completed == 100 &&
		   !query.deferred,
		   "expected 100 started, 100 completed, 0 deferred; found %llu, %llu, %llu",
		   query.started, query.completed, query.deferred);
	machine_destroy(&machine);
}

static void hiding(void)
{
	struct machine machine;

	create(&machine);
	run(&machine, &with, FALL_REMOVE);
	machine_destroy(&machine);
	ktap_check(with.nr_exits == 1, "expected 1 exit, found %u",
		   with.nr_exits);
	ktap_check(with.exits[0].ipa == INSN_STSCH &&
		   with.exits[0].gpr1 == FALL_OWNED,
		   "expected the exit of the second STSCH");
}

static void eight(void)
{
	unsigned int i;
	struct machine machine;

	create(&machine);
	run(&machine, &with, FALL_EIGHT);
	machine_destroy(&machine);
	ktap_check(!with.nr_exits, "expected no exit, found %u",
		   with.nr_exits);
	for (i = 0; i < with.nr_exits; i++)
		show("found", &with.exits[i]);
	ktap_check(with.nr_endings == 30, "expected 30 endings, found %u",
		   with.nr_endings);
	for (i = 0; i + 2 < with.nr_endings; i += 3)
		ktap_check(with.endings[i] < 4 &&
			   with.endings[i + 1] == (0x100 | PGM_OPERAND) &&
			   with.endings[i + 2] == (0x100 | PGM_PRIVILEGED),
			   "instruction %u ended with %x, %x, %x", i / 3,
			   with.endings[i], with.endings[i + 1],
			   with.endings[i + 2]);
}

/* The VMM has a part in these instructions even if the kernel has one too. */
static void wide(void)
{
	struct machine machine;

	trace_plain(&without, FALL_WIDE);
	create(&machine);
	run(&machine, &with, FALL_WIDE);
	machine_destroy(&machine);
	same(&without, &with);
	ktap_check(with.nr_exits == 13, "expected 13 exits, found %u",
		   with.nr_exits);
}

static void chsc_owned(void)
{
	struct machine machine;
	unsigned int i;

	create(&machine);
	run(&machine, &with, FALL_CHSC);
	machine_destroy(&machine);
	ktap_check(!with.nr_exits, "expected no exit, found %u",
		   with.nr_exits);
	ktap_check(with.nr_endings == 5, "expected 5 endings, found %u",
		   with.nr_endings);
	for (i = 0; i < with.nr_endings; i++)
		ktap_check(with.endings[i] == CC_DONE,
			   "ending %u is %x", i, with.endings[i]);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "subchannels of the VMM: exits as without the module",
		  unowned },
		{ "TSCH exits as KVM_EXIT_S390_TSCH with what it dequeued",
		  tsch_exit },
		{ "condition codes of the VMM reach the guest",
		  condition_codes },
		{ "ADD beside the VMM's: a number that the guest uses is EADDRINUSE",
		  used },
		{ "ADD beside the VMM's: one that it only looks for isn't",
		  looked_for },
		{ "a VM beside an attached one: exits as without the module",
		  neighbour },
		{ "after the last close: exits as without the module",
		  after_close },
		{ "after REMOVE: exits as without the module", removed },
		{ "subchannels of the kernel: no exit, counters count",
		  no_exit },
		{ "all eight on subchannels of the kernel: no exit", eight },
		{ "CSS-wide instructions beside a VMM: exits as without",
		  wide },
		{ "CHSC about the kernel's path or subchannel: no exit",
		  chsc_owned },
		{ "the kernel's subchannel hides the VMM's until REMOVE",
		  hiding },
	};

	vmm_watchdog();
	ktap_plan(ARRAY_SIZE(cases));
	ktap_cases(cases, ARRAY_SIZE(cases));
	return ktap_status();
}
