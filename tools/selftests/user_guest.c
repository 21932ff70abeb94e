// SPDX-License-Identifier: GPL-2.0
/* The VM of the theme "user", whose guest does what the test tells it; see user.h */
#define _GNU_SOURCE
#include <errno.h>
#include <semaphore.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "theme.h"
#include "user.h"

/* Operands of instructions */
#define ORB		(USER_ORDER + 0x1000)
#define SCHIB		(USER_ORDER + 0x1100)
#define IRB		(USER_ORDER + 0x1200)

#define ISC		3

static struct {
	struct machine machine;
	sem_t ready, told;
	bool failed;
} vm;

static struct user_order *order(void)
{
	return user_at(USER_ORDER);
}

/* On the thread of the vCPU: wait for the next order. */
static u64 hypercall(struct vmm_vcpu *vcpu, const u64 *args)
{
	(void)vcpu;
	if (args[0] == HC_FAIL)
		vm.failed = true;
	if (args[0] != HC_THEME)
		return 0;
	sem_post(&vm.ready);
	while (sem_wait(&vm.told))
		;
	return 0;
}

/* Give an order, and wait until the guest has executed it. */
static void give(u32 what)
{
	order()->what = what;
	sem_post(&vm.told);
	while (sem_wait(&vm.ready))
		;
}

void user_vm_begin(void)
{
	machine_create(&vm.machine, SERVED_BY_KERNEL, 1);
	machine_add_test(&vm.machine, USER_SID_TEST, 0x3200, 0);
	sem_init(&vm.ready, 0, 0);
	sem_init(&vm.told, 0, 0);
	vm.machine.vmm.hypercall = hypercall;
	vmm_load(&vm.machine.vmm, guest_image, guest_image_end, 0);
	vmm_start(&vm.machine.vmm);
	while (sem_wait(&vm.ready))
		;
}

void user_vm_end(void)
{
	int status;

	order()->what = USER_END;
	sem_post(&vm.told);
	status = vmm_wait(&vm.machine.vmm);
	ktap_check(!status && !vm.failed, "the guest program, status %d", status);
	machine_destroy(&vm.machine);
}

int user_css(void)
{
	return vm.machine.css_fd;
}

void user_forget_vm(int keep)
{
	if (dup2(keep, USER_KEPT_FD) < 0)
		die("dup2");
	close_range(USER_KEPT_FD + 1, ~0U, 0);
}

void *user_at(u64 addr)
{
	void *at = vmm_pointer(&vm.machine.vmm, addr, 1);

	if (!at) {
		errno = EFAULT;
		die("guest storage at %lx", addr);
	}
	return at;
}

/* --- what the guest does --- */

u32 user_insn(u16 insn, u32 sid, u64 operand)
{
	order()->insn = insn;
	order()->sid = sid;
	order()->operand = operand;
	give(USER_INSN);
	return order()->result;
}

u32 user_interruption(u32 ms, u32 *sid)
{
	order()->ms = ms;
	give(USER_WAIT);
	*sid = order()->result ? order()->io_sid : 0;
	return order()->io_intparm;
}

void user_key(u64 page, u8 key)
{
	order()->operand = page;
	order()->key = key;
	give(USER_KEY);
}

/* --- the subchannel --- */

void user_add(void)
{
	static const struct kvm_css_user user = {
		.size = sizeof(user),
		.area = USER_AREA,
		.id_len = 7,
		.id = { 0xff, 0x34, 0x90, 0x10, 0x34, 0x90, 0x11 },
	};

	if (css_add_user(user_css(), USER_SID, USER_DEVNO, &user))
		die("add a device in a process");
}

static struct schib *stored(u32 sid)
{
	u32 cc = user_insn(INSN_STSCH, sid, SCHIB);

	ktap_check(cc == CC_DONE, "STSCH: cc %u", cc);
	return user_at(SCHIB);
}

void user_enable(u32 sid, u32 chars)
{
	struct schib *schib = stored(sid);
	u32 cc;

	schib->pmcw.intparm = 0;
	schib->pmcw.flags = PMCW_ISC(ISC) | PMCW_ENABLED | PMCW_VALID;
	schib->pmcw.lpm = 0x80;
	schib->pmcw.mbi = 0;
	schib->pmcw.chars = chars;
	cc = user_insn(INSN_MSCH, sid, SCHIB);
	ktap_check(cc == CC_DONE, "MSCH: cc %u", cc);
}

void user_ccw(u32 nr, u8 cmd, u8 flags, u16 count, u64 addr)
{
	struct ccw1 *ccws = user_at(USER_CCWS);

	ccws[nr] = (struct ccw1){
		.cmd = cmd, .flags = flags, .count = count, .cda = addr,
	};
}

u32 user_start_orb(u32 sid, u32 flags)
{
	struct orb *orb = user_at(ORB);

	*orb = (struct orb){
		.intparm = USER_INTPARM,
		.flags = ORB_FORMAT1 | ORB_LPM(0x80) | flags,
		.cpa = USER_CCWS,
	};
	return user_insn(INSN_SSCH, sid, ORB);
}

bool user_start(void)
{
	u32 cc = user_start_orb(USER_SID, 0);

	return ktap_check(cc == CC_DONE, "SSCH: cc %u", cc);
}

u32 user_control_of(u32 sid)
{
	return stored(sid)->scsw.ctrl & SCSW_CONTROL;
}

bool user_until(u32 control)
{
	double until = now() + USER_SOON_MS / 1000;

	while (!(user_control() & control) && now() < until)
		;
	return ktap_check(user_control() & control,
			  "control %04x, expected %04x", user_control(), control);
}

u32 user_tsch(u32 sid, struct irb *irb)
{
	u32 cc = user_insn(INSN_TSCH, sid, IRB);

	memcpy(irb, user_at(IRB), sizeof(*irb));
	return cc;
}

bool user_status(u32 sid, struct irb *irb)
{
	u32 found, intparm, cc;

	intparm = user_interruption(USER_SOON_MS, &found);
	if (!ktap_check(found == sid, "interruption of %08x, expected %08x",
			found, sid))
		return false;
	cc = user_tsch(sid, irb);
	return ktap_check(cc == CC_DONE, "TSCH: cc %u, intparm %x", cc,
			  intparm);
}

bool user_expect(u32 control, u8 dstat, u8 cstat, u32 count)
{
	struct irb irb;

	return user_status(USER_SID, &irb) &&
	       ktap_check((irb.scsw.ctrl & SCSW_CONTROL) == control &&
			  irb.scsw.dstat == dstat && irb.scsw.cstat == cstat &&
			  (irb.scsw.count == count || count == USER_ANY_COUNT),
			  "expected control %04x, status %02x %02x, count %u; found %08x, %02x %02x, %u",
			  control, dstat, cstat, count, irb.scsw.ctrl,
			  irb.scsw.dstat, irb.scsw.cstat, irb.scsw.count);
}

bool user_expect_end(u8 dstat, u8 cstat, u16 count)
{
	u32 control = SCSW_FC_START | USER_ALL_ENDED;

	if (cstat & ~CST_PCI || !(dstat & DST_CHANNEL_END) ||
	    dstat & ~(DST_ENDED | DST_STATUS_MODIFIER))
		control |= SCSW_SC_ALERT;
	return user_expect(control, dstat, cstat, count);
}

void user_quiet(void)
{
	u32 sid;

	user_interruption(USER_QUIET_MS, &sid);
	ktap_check(!sid, "an interruption of %08x", sid);
	ktap_check(!(user_control() & SCSW_SC_PENDING), "status is pending");
}
