// SPDX-License-Identifier: GPL-2.0
/* A channel subsystem in userspace: subchannels and their instructions */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "vmm.h"
#include "vmm_css.h"

#define PSW_DAT			0x0400000000000000ul
#define PSW_KEY_SHIFT		52

void vmm_css_create(struct vmm_css *css, struct vmm *vmm)
{
	memset(css, 0, sizeof(*css));
	css->vmm = vmm;
	vmm->css = css;
}

void vmm_css_destroy(struct vmm_css *css)
{
	struct vmm_sch *sch;
	int i;

	css->vmm->css = NULL;
	for (i = 0; i < css->nr; i++) {
		sch = css->sch[i];
		if (sch->has_worker) {
			pthread_mutex_lock(&sch->lock);
			sch->stop = true;
			pthread_cond_signal(&sch->wake);
			pthread_mutex_unlock(&sch->lock);
			pthread_join(sch->worker, NULL);
		}
		free(sch->device_data);
		free(sch);
	}
}

struct vmm_sch *vmm_css_add(struct vmm_css *css, u32 sid, u16 devno,
			    const struct vmm_device *device,
			    void *device_data)
{
	struct vmm_sch *sch = calloc(1, sizeof(*sch));

	if (!sch || css->nr == VMM_CSS_SUBCHANNELS)
		die("no room for subchannel %08x", sid);
	sch->css = css;
	sch->device = device;
	sch->device_data = device_data;
	sch->sid = sid;
	pthread_mutex_init(&sch->lock, NULL);
	pthread_cond_init(&sch->wake, NULL);
	sch->schib.pmcw.devno = devno;
	sch->schib.pmcw.flags = PMCW_VALID;
	sch->schib.pmcw.lpm = 0x80;
	sch->schib.pmcw.pim = 0x80;
	sch->schib.pmcw.pom = 0xff;
	sch->schib.pmcw.pam = 0x80;
	css->sch[css->nr++] = sch;
	return sch;
}

static struct vmm_sch *find(struct vmm_css *css, u32 sid)
{
	int i;

	for (i = 0; i < css->nr; i++)
		if (css->sch[i]->sid == sid)
			return css->sch[i];
	return NULL;
}

/* --- operands --- */

/*
 * Find an operand in guest storage.  This works with DAT off, key 0 and an
 * address that prefixing doesn't change.  Return: NULL if it doesn't.
 */
static void *operand_direct(struct vmm_vcpu *vcpu, u64 addr, u32 len)
{
	struct kvm_run *run = vcpu->run;

	if (run->psw_mask & PSW_DAT || run->psw_mask >> PSW_KEY_SHIFT & 0xf)
		return NULL;
	/*
	 * Prefixing would change these addresses, and low-address protection is
	 * possible.
	 */
	if (addr < 0x2000 || addr - run->s.regs.prefix < 0x2000 ||
	    addr + len - run->s.regs.prefix < 0x2000)
		return NULL;
	return vmm_pointer(vcpu->vmm, addr, len);
}

/*
 * Up to Linux 6.7, KVM_S390_MEM_OP takes the access registers of the calling
 * thread for the guest's, and stores them into the run structure as well.  So
 * load the guest's first, except 0 and 1, the only ones that the thread itself
 * uses: they point to its thread-local storage.
 */
static int mem_op_ars(struct vmm_vcpu *vcpu, struct kvm_s390_mem_op *mem_op)
{
	struct kvm_sync_regs *regs = &vcpu->run->s.regs;
	u32 acrs[16];
	int rc;

	memcpy(acrs, regs->acrs, sizeof(acrs));
	asm volatile("lam %%a2,%%a15,%0" : : "Q" (acrs[2]), "m" (acrs));
	rc = ioctl(vcpu->fd, KVM_S390_MEM_OP, mem_op);
	memcpy(regs->acrs, acrs, sizeof(acrs));
	return rc;
}

/* Return: false when an access exception has been injected. */
static bool operand_op(struct vmm_vcpu *vcpu, u64 addr, u8 ar, void *buf,
		       u32 len, u32 op, u64 flags)
{
	struct kvm_s390_mem_op mem_op = {
		.gaddr = addr,
		.flags = flags | KVM_S390_MEMOP_F_INJECT_EXCEPTION,
		.size = len,
		.op = op,
		.buf = (u64)buf,
		.ar = ar,
	};
	int rc;

	mem_op.key = vcpu->run->psw_mask >> PSW_KEY_SHIFT & 0xf;
	if (mem_op.key)
		mem_op.flags |= KVM_S390_MEMOP_F_SKEY_PROTECTION;
	rc = mem_op_ars(vcpu, &mem_op);
	if (rc < 0)
		die("KVM_S390_MEM_OP at %lx", addr);
	return !rc;
}

static bool operand_read(struct vmm_vcpu *vcpu, u64 addr, u8 ar, void *buf,
			 u32 len)
{
	void *p = operand_direct(vcpu, addr, len);

	if (p) {
		memcpy(buf, p, len);
		return true;
	}
	return operand_op(vcpu, addr, ar, buf, len,
			  KVM_S390_MEMOP_LOGICAL_READ, 0);
}

static bool operand_write(struct vmm_vcpu *vcpu, u64 addr, u8 ar,
			  const void *buf, u32 len)
{
	void *p = operand_direct(vcpu, addr, len);

	if (p) {
		memcpy(p, buf, len);
		return true;
	}
	return operand_op(vcpu, addr, ar, (void *)buf, len,
			  KVM_S390_MEMOP_LOGICAL_WRITE, 0);
}

static bool operand_probe(struct vmm_vcpu *vcpu, u64 addr, u8 ar, u32 len)
{
	if (operand_direct(vcpu, addr, len))
		return true;
	return operand_op(vcpu, addr, ar, NULL, len,
			  KVM_S390_MEMOP_LOGICAL_WRITE,
			  KVM_S390_MEMOP_F_CHECK_ONLY);
}

/* --- the subchannel --- */

/*
 * The caller holds sch->lock.  Otherwise a TSCH could take the status before,
 * and the interruption would be late.
 */
static void raise(struct vmm_sch *sch)
{
	sch->irq_pending = true;
	vmm_io_interruption(sch->css->vmm, sch->sid, sch->schib.pmcw.intparm,
			    PMCW_ISC_OF(sch->schib.pmcw.flags));
}

/* The start function finds no path to the device: deferred condition code 3. */
static void no_path(struct vmm_sch *sch, const struct orb *orb)
{
	struct scsw *scsw = &sch->schib.scsw;

	/*
	 * The subchannel has not become active: it stays start pending until
	 * TSCH.
	 */
	scsw->ctrl &= ~SCSW_AC;
	scsw->ctrl |= SCSW_AC_START_PENDING | SCSW_CC_NO_PATH | SCSW_SC_ALERT |
		      SCSW_SC_PRIMARY | SCSW_SC_SECONDARY | SCSW_SC_PENDING;
	scsw->cpa = orb->cpa;
	raise(sch);
}

static void ended(struct vmm_sch *sch)
{
	struct vmm_program *program = &sch->program;
	struct scsw *scsw = &sch->schib.scsw;

	pthread_mutex_lock(&sch->lock);
	scsw->ctrl &= ~(SCSW_AC | SCSW_SC);
	scsw->ctrl |= SCSW_SC_PRIMARY | SCSW_SC_PENDING;
	/*
	 * If channel end comes alone, device end comes later as the secondary
	 * status.
	 */
	if ((program->dstat & DST_ENDED) != DST_CHANNEL_END)
		scsw->ctrl |= SCSW_SC_SECONDARY;
	if (program->cstat ||
	    (program->dstat != DST_CHANNEL_END && program->dstat != DST_ENDED))
		scsw->ctrl |= SCSW_SC_ALERT;
	scsw->cpa = program->next;
	scsw->dstat = program->dstat;
	scsw->cstat = program->cstat;
	scsw->count = program->count;
	sch->schib.pmcw.lpum = 0x80;
	raise(sch);
	pthread_mutex_unlock(&sch->lock);
}

void vmm_css_status(struct vmm_sch *sch, const struct irb *irb)
{
	pthread_mutex_lock(&sch->lock);
	sch->irb = *irb;
	sch->schib.scsw = irb->scsw;
	raise(sch);
	pthread_mutex_unlock(&sch->lock);
}

static void *worker(void *arg)
{
	struct vmm_sch *sch = arg;

	pthread_mutex_lock(&sch->lock);
	for (;;) {
		while (!sch->work && !sch->stop)
			pthread_cond_wait(&sch->wake, &sch->lock);
		if (sch->stop)
			break;
		sch->work = false;
		pthread_mutex_unlock(&sch->lock);
		sch->program.on_worker = true;
		vmm_program_run(&sch->program);
		if (!sch->stop)
			ended(sch);
		pthread_mutex_lock(&sch->lock);
	}
	pthread_mutex_unlock(&sch->lock);
	return NULL;
}

static void to_worker(struct vmm_sch *sch)
{
	pthread_mutex_lock(&sch->lock);
	if (!sch->has_worker) {
		if (pthread_create(&sch->worker, NULL, worker, sch))
			die("pthread_create for subchannel %08x", sch->sid);
		sch->has_worker = true;
	}
	sch->work = true;
	pthread_cond_signal(&sch->wake);
	pthread_mutex_unlock(&sch->lock);
}

/* --- instructions; operand alignment and SID have been checked --- */

struct instruction {
	struct vmm_vcpu *vcpu;
	struct vmm_sch *sch;	/* NULL if there is none */
	u64 addr;
	u8 ar;
};

static int pgm(struct instruction *insn, u16 code)
{
	vmm_program_interruption(insn->vcpu, code);
	return VMM_CC_NONE;
}

static int do_stsch(struct instruction *insn)
{
	struct schib schib;

	if (!insn->sch) {
		if (!operand_probe(insn->vcpu, insn->addr, insn->ar,
				   sizeof(schib)))
			return VMM_CC_NONE;
		return CC_NOT_OPERATIONAL;
	}
	pthread_mutex_lock(&insn->sch->lock);
	schib = insn->sch->schib;
	pthread_mutex_unlock(&insn->sch->lock);
	if (!operand_write(insn->vcpu, insn->addr, insn->ar, &schib,
			   sizeof(schib)))
		return VMM_CC_NONE;
	return CC_DONE;
}

static bool pmcw_valid(const struct pmcw *pmcw)
{
	if (pmcw->flags & PMCW_FLAGS_INVALID)
		return false;
	if ((pmcw->flags & PMCW_LIMIT_MODE) == PMCW_LIMIT_MODE)
		return false;
	return !(pmcw->chars & PMCW_CHARS_INVALID);
}

static int do_msch(struct instruction *insn)
{
	struct vmm_sch *sch = insn->sch;
	struct schib schib;
	struct pmcw *pmcw;
	int cc = CC_DONE;

	if (!operand_read(insn->vcpu, insn->addr, insn->ar, &schib,
			  sizeof(schib)))
		return VMM_CC_NONE;
	if (!pmcw_valid(&schib.pmcw))
		return pgm(insn, PGM_OPERAND);
	if (!sch)
		return CC_NOT_OPERATIONAL;
	pthread_mutex_lock(&sch->lock);
	pmcw = &sch->schib.pmcw;
	if (sch->schib.scsw.ctrl & SCSW_SC_PENDING) {
		cc = CC_STATUS_PENDING;
	} else if (sch->schib.scsw.ctrl & SCSW_FC) {
		cc = CC_BUSY;
	} else {
		pmcw->intparm = schib.pmcw.intparm;
		pmcw->flags &= ~PMCW_FLAGS_MODIFIABLE;
		pmcw->flags |= schib.pmcw.flags & PMCW_FLAGS_MODIFIABLE;
		pmcw->lpm = schib.pmcw.lpm;
		pmcw->mbi = schib.pmcw.mbi;
		pmcw->chars = schib.pmcw.chars & PMCW_CHARS_MODIFIABLE;
	}
	pthread_mutex_unlock(&sch->lock);
	return cc;
}

static bool orb_valid(const struct orb *orb)
{
	return !(orb->flags & (ORB_ZEROS | ORB_TRANSPORT)) &&
	       !(orb->cpa >> 31);
}

/*
 * Return: a condition code other than 0 if the start function can't be
 * accepted.
 */
static int accept_start(struct vmm_sch *sch, const struct orb *orb)
{
	struct schib *schib = &sch->schib;

	if (!(schib->pmcw.flags & PMCW_ENABLED))
		return CC_NOT_OPERATIONAL;
	if (schib->scsw.ctrl & SCSW_SC_PENDING)
		return CC_STATUS_PENDING;
	if (schib->scsw.ctrl & SCSW_FC)
		return CC_BUSY;
	schib->pmcw.intparm = orb->intparm;
	schib->pmcw.lpm = orb->flags >> 8;
	memset(&schib->scsw, 0, sizeof(schib->scsw));
	schib->scsw.ctrl = (orb->flags & SCSW_FROM_ORB) | SCSW_FC_START |
			   SCSW_AC_SUBCH_ACTIVE | SCSW_AC_DEVICE_ACTIVE;
	return CC_DONE;
}

/* Return: what the one who executes the programs has answered */
static int pass_on(struct vmm_sch *sch, u16 op, const struct orb *orb)
{
	int cc = sch->device->function(sch, op, orb);

	if (cc != CC_DONE && op == INSN_SSCH) {
		pthread_mutex_lock(&sch->lock);
		sch->schib.scsw.ctrl &= ~(SCSW_FC | SCSW_AC);
		pthread_mutex_unlock(&sch->lock);
	}
	return cc;
}

/* HALT, CLEAR or RESUME SUBCHANNEL, which only such a subchannel has */
static int do_stop(struct instruction *insn, u16 op)
{
	struct vmm_sch *sch = insn->sch;
	int cc = CC_DONE;

	if (!sch || !sch->device->function)
		return CC_NOT_OPERATIONAL;
	pthread_mutex_lock(&sch->lock);
	if (!(sch->schib.pmcw.flags & PMCW_ENABLED))
		cc = CC_NOT_OPERATIONAL;
	else if (op != INSN_CSCH && sch->schib.scsw.ctrl & SCSW_SC_PENDING)
		cc = CC_STATUS_PENDING;
	pthread_mutex_unlock(&sch->lock);
	return cc == CC_DONE ? pass_on(sch, op, NULL) : cc;
}

static int do_ssch(struct instruction *insn)
{
	struct vmm_sch *sch = insn->sch;
	struct orb orb;
	int cc;

	if (!operand_read(insn->vcpu, insn->addr, insn->ar, &orb, sizeof(orb)))
		return VMM_CC_NONE;
	if (!orb_valid(&orb))
		return pgm(insn, PGM_OPERAND);
	if (!sch)
		return CC_NOT_OPERATIONAL;
	pthread_mutex_lock(&sch->lock);
	cc = accept_start(sch, &orb);
	if (cc == CC_DONE && !(sch->schib.pmcw.lpm & sch->schib.pmcw.pam)) {
		no_path(sch, &orb);
		pthread_mutex_unlock(&sch->lock);
		return cc;
	}
	pthread_mutex_unlock(&sch->lock);
	if (cc != CC_DONE)
		return cc;
	if (sch->device->function)
		return pass_on(sch, INSN_SSCH, &orb);
	vmm_program_start(&sch->program, sch, &orb);
	if (sch->device->start)
		sch->device->start(sch);
	if (vmm_program_run(&sch->program))
		ended(sch);
	else
		to_worker(sch);
	return CC_DONE;
}

static int do_tsch(struct instruction *insn)
{
	struct vmm_sch *sch = insn->sch;
	struct irb irb = { 0 };
	int cc;

	/* Probe first, so that no status is cleared that can't be stored. */
	if (!operand_probe(insn->vcpu, insn->addr, insn->ar, sizeof(irb)))
		return VMM_CC_NONE;
	if (!sch)
		return CC_NOT_OPERATIONAL;
	pthread_mutex_lock(&sch->lock);
	if (!(sch->schib.pmcw.flags & PMCW_ENABLED)) {
		cc = CC_NOT_OPERATIONAL;
	} else {
		irb = sch->irb;
		irb.scsw = sch->schib.scsw;
		if (!sch->device->function)
			irb.esw[0] = (u32)sch->schib.pmcw.lpum << 16;
		cc = irb.scsw.ctrl & SCSW_SC_PENDING ? CC_DONE : 1;
		if (cc == CC_DONE) {
			sch->schib.scsw.ctrl &= ~(SCSW_FC | SCSW_AC | SCSW_SC);
			sch->irq_pending = false;
		}
	}
	pthread_mutex_unlock(&sch->lock);
	if (cc == CC_NOT_OPERATIONAL)
		return cc;
	if (!operand_write(insn->vcpu, insn->addr, insn->ar, &irb,
			   sizeof(irb)))
		return VMM_CC_NONE;
	return cc;
}

/*
 * KVM has taken the pending interruption away before it asks us to execute
 * TSCH.
 */
static int tsch(struct instruction *insn)
{
	struct vmm_sch *sch = insn->sch;
	int cc = do_tsch(insn);

	if (!insn->vcpu->run->s390_tsch.dequeued || !sch)
		return cc;
	pthread_mutex_lock(&sch->lock);
	if (sch->irq_pending)
		raise(sch);
	pthread_mutex_unlock(&sch->lock);
	return cc;
}

int vmm_css_io(struct vmm_css *css, struct vmm_vcpu *vcpu)
{
	struct kvm_run *run = vcpu->run;
	bool is_tsch = run->exit_reason == KVM_EXIT_S390_TSCH;
	u32 sid = run->s.regs.gprs[1];
	struct instruction insn = { .vcpu = vcpu };
	u32 ipb = is_tsch ? run->s390_tsch.ipb : run->s390_sieic.ipb;
	u16 op = is_tsch ? INSN_TSCH : run->s390_sieic.ipa;

	switch (op) {
	case INSN_STSCH:
	case INSN_MSCH:
	case INSN_SSCH:
	case INSN_TSCH:
		break;
	case INSN_HSCH:
	case INSN_CSCH:
	case INSN_RSCH:
		insn.sch = find(css, sid);
		return do_stop(&insn, op);
	case INSN_STCRW:
		return 1;		/* nothing is pending */
	case INSN_SCHM:
	case INSN_SAL:
		return CC_DONE;
	default:
		return CC_NOT_OPERATIONAL;
	}
	insn.addr = vmm_ipb_address(vcpu, ipb, &insn.ar);
	if (insn.addr & 3)
		return pgm(&insn, PGM_SPECIFICATION);
	if ((sid & 0xfff90000) != 0x00010000)
		return pgm(&insn, PGM_OPERAND);
	insn.sch = find(css, sid);
	switch (op) {
	case INSN_STSCH:
		return do_stsch(&insn);
	case INSN_MSCH:
		return do_msch(&insn);
	case INSN_SSCH:
		return do_ssch(&insn);
	default:
		return tsch(&insn);
	}
}
