// SPDX-License-Identifier: GPL-2.0
/*
 * I/O instructions: the part that the Principles of Operation, chapter 14,
 * writes for each instruction.  Operands, and in which order conditions are
 * recognized: privileged operation, specification, access, operand, and then
 * what the subchannel says.
 *
 * Whether the kernel owns the subchannel comes before all but privileged
 * operation.  An instruction for one that it doesn't own is the VMM's from the
 * start.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/css.h>
#include <kvm_css/guest.h>
#include <kvm_css/ioinst.h>
#include <kvm_css/subchannel.h>

/* The rest of an ORB that has the extension, "Operation-Request Block" */
#define ORB_EXTENDED_SIZE	32

#define OPERAND_ALIGNMENT	4

/*
 * "Subsystem-Identification Word".  M zero leaves no room for a CSSID, and
 * without the MSS facility enabled there is one subchannel set.  Beside a VMM
 * that is the VMM's to know, since it may have been enabled before this image
 * was there.
 */
static bool sid_valid(const struct css *css, u32 sid)
{
	if (!(sid & SID_ONE) || sid & SID_ZEROS)
		return false;
	if (css->alone && !READ_ONCE(css->mss) && sid & SID_SSID)
		return false;
	return sid & SID_M ? READ_ONCE(css->mcsse) : !(sid & SID_CSSID);
}

static bool in_image(u32 sid)
{
	return !(sid & SID_M) || sid >> SID_CSSID_SHIFT == CSS_IMAGE;
}

/*
 * The operand is fetched and checked first, also when there is no subchannel;
 * @without is then the ending.
 */
static ioinst_ending_t ioinst_msch(struct subchannel *sch,
				   struct guest_vcpu *vcpu,
				   const struct ioinst *insn,
				   ioinst_ending_t without)
{
	ioinst_ending_t ending;
	struct css_schib schib;

	ending = guest_operand_read(vcpu, insn->addr, insn->ar, &schib,
				    sizeof(schib));
	if (ending)
		return ending;
	if (!subchannel_schib_valid(&schib))
		return IOINST_OPERAND;
	return sch ? subchannel_modify(sch, &schib) : without;
}

static ioinst_ending_t ioinst_ssch(struct subchannel *sch,
				   struct guest_vcpu *vcpu,
				   const struct ioinst *insn,
				   ioinst_ending_t without)
{
	u8 rest[ORB_EXTENDED_SIZE - sizeof(struct css_orb)];
	ioinst_ending_t ending;
	struct css_orb orb;

	ending = guest_operand_read(vcpu, insn->addr, insn->ar, &orb,
				    sizeof(orb));
	if (ending)
		return ending;
	/* Priorities and the like; none is used, but all are fetched. */
	if (be32_to_cpu(orb.flags) & ORB_EXTENSION) {
		ending = guest_operand_read(vcpu, insn->addr + sizeof(orb),
					    insn->ar, rest, sizeof(rest));
		if (ending)
			return ending;
	}
	if (!chanprog_orb_valid(&orb))
		return IOINST_OPERAND;
	return sch ? subchannel_start(sch, &orb) : without;
}

/* Nothing is stored, but access exceptions have priority over this cc 3. */
static ioinst_ending_t ioinst_not_operational(struct guest_vcpu *vcpu,
					      const struct ioinst *insn,
					      u32 len)
{
	ioinst_ending_t ending;

	ending = guest_operand_probe(vcpu, insn->addr, insn->ar, len);
	return ending ?: IOINST_CC_NOT_OPERATIONAL;
}

static ioinst_ending_t ioinst_stsch(struct subchannel *sch,
				    struct guest_vcpu *vcpu,
				    const struct ioinst *insn)
{
	ioinst_ending_t cc, ending;
	struct css_schib schib;

	cc = subchannel_store(sch, &schib);
	if (cc == IOINST_CC_NOT_OPERATIONAL)
		return ioinst_not_operational(vcpu, insn, sizeof(schib));
	ending = guest_operand_write(vcpu, insn->addr, insn->ar, &schib,
				     sizeof(schib));
	return ending ?: cc;
}

/*
 * First store, then clear what has been stored: a store may wait for the host
 * to provide a page, for which no lock can be held, and an access exception
 * must leave the status where it is.
 */
static ioinst_ending_t ioinst_tsch(struct subchannel *sch,
				   struct guest_vcpu *vcpu,
				   const struct ioinst *insn)
{
	ioinst_ending_t cc, ending;
	struct css_irb irb;
	u32 generation, len;

	cc = subchannel_peek(sch, &irb, &len, &generation);
	if (cc == IOINST_CC_NOT_OPERATIONAL)
		return ioinst_not_operational(vcpu, insn, CSS_IRB_SIZE);
	ending = guest_operand_write(vcpu, insn->addr, insn->ar, &irb, len);
	if (ending)
		return ending;
	if (cc != IOINST_CC_EXPECTED)
		return cc;
	return subchannel_test(sch, generation);
}

/* Which instructions have a second operand in storage */
static bool has_operand(u16 opcode)
{
	return opcode >= IOINST_MSCH && opcode <= IOINST_TSCH;
}

/*
 * There is no such subchannel, or it can't be named like that.  What is wrong
 * with the operand in storage has priority.
 */
static ioinst_ending_t ioinst_without(struct guest_vcpu *vcpu,
				      const struct ioinst *insn,
				      ioinst_ending_t otherwise)
{
	ioinst_ending_t ending = IOINST_PROCEED;

	switch (insn->opcode) {
	case IOINST_STSCH:
		ending = guest_operand_probe(vcpu, insn->addr, insn->ar,
					     sizeof(struct css_schib));
		break;
	case IOINST_TSCH:
		ending = guest_operand_probe(vcpu, insn->addr, insn->ar,
					     CSS_IRB_SIZE);
		break;
	case IOINST_SSCH:
		return ioinst_ssch(NULL, vcpu, insn, otherwise);
	case IOINST_MSCH:
		return ioinst_msch(NULL, vcpu, insn, otherwise);
	}
	return ending ?: otherwise;
}

/*
 * A subchannel without a device: STORE SUBCHANNEL says just that, by V zero.
 * What else its SCHIB holds has no meaning then, and so MODIFY SUBCHANNEL has
 * nothing to modify.
 */
static ioinst_ending_t ioinst_vacant(struct guest_vcpu *vcpu,
				     const struct ioinst *insn)
{
	const struct css_schib no_device = {};
	ioinst_ending_t ending;

	if (insn->opcode == IOINST_MSCH)
		return ioinst_msch(NULL, vcpu, insn, IOINST_CC_EXPECTED);
	if (insn->opcode != IOINST_STSCH)
		return ioinst_without(vcpu, insn, IOINST_CC_NOT_OPERATIONAL);
	ending = guest_operand_write(vcpu, insn->addr, insn->ar, &no_device,
				     sizeof(no_device));
	return ending ?: IOINST_CC_EXPECTED;
}

static ioinst_ending_t ioinst_dispatch(struct subchannel *sch,
				       struct guest_vcpu *vcpu,
				       const struct ioinst *insn)
{
	switch (insn->opcode) {
	case IOINST_CSCH:
		return subchannel_clear(sch);
	case IOINST_HSCH:
		return subchannel_halt(sch);
	case IOINST_MSCH:
		return ioinst_msch(sch, vcpu, insn, IOINST_PROCEED);
	case IOINST_SSCH:
		return ioinst_ssch(sch, vcpu, insn, IOINST_PROCEED);
	case IOINST_STSCH:
		return ioinst_stsch(sch, vcpu, insn);
	case IOINST_TSCH:
		return ioinst_tsch(sch, vcpu, insn);
	case IOINST_RSCH:
		return subchannel_resume(sch);
	}
	return subchannel_cancel(sch);
}

/* An instruction that names a subchannel */
static ioinst_ending_t ioinst_subchannel(struct css *css,
					 struct guest_vcpu *vcpu,
					 const struct ioinst *insn)
{
	u32 sid = insn->gpr1;
	bool valid = sid_valid(css, sid);
	bool here = valid && in_image(sid);
	struct subchannel *sch = NULL;
	bool vacant = false;
	ioinst_ending_t ending;

	if (here)
		sch = css_lookup(css, sid, &vacant);
	/* A guest that looks for devices executes STSCH for every number. */
	if (here && !sch && !vacant && !css->alone &&
	    insn->opcode != IOINST_STSCH)
		css_note_vmm(css, sid);
	/* Beside a VMM, what isn't the kernel's is the VMM's to judge. */
	if (!css->alone && (sid & SID_M || (valid && !sch && !vacant)))
		ending = IOINST_USERSPACE;
	else if (has_operand(insn->opcode) && insn->addr % OPERAND_ALIGNMENT)
		ending = IOINST_SPECIFICATION;
	else if (!valid)
		ending = ioinst_without(vcpu, insn, IOINST_OPERAND);
	else if (sch)
		ending = ioinst_dispatch(sch, vcpu, insn);
	else if (vacant)
		ending = ioinst_vacant(vcpu, insn);
	else
		ending = ioinst_without(vcpu, insn, IOINST_CC_NOT_OPERATIONAL);
	if (sch)
		subchannel_put(sch);
	return ending;
}

ioinst_ending_t ioinst_execute(struct css *css, struct guest_vcpu *vcpu,
			       const struct ioinst *insn)
{
	if (!ioinst_is_ours(insn->opcode))
		return IOINST_USERSPACE;
	if (insn->problem_state)
		return IOINST_PRIVILEGED;
	/* From now on it is told of what changes, see guest_looked(). */
	if (!READ_ONCE(css->asked))
		WRITE_ONCE(css->asked, true);
	switch (insn->opcode) {
	case IOINST_CSCH ... IOINST_TSCH:
	case IOINST_RSCH:
	case IOINST_XSCH:
		return ioinst_subchannel(css, vcpu, insn);
	}
	return ioinst_css_wide(css, vcpu, insn);
}
