// SPDX-License-Identifier: GPL-2.0
/*
 * I/O instructions: what the Principles of Operation, chapter 14, say about
 * each instruction.  That is its operands, and the order in which conditions
 * are recognized: privileged operation, specification, access, operand, and
 * then the condition code that depends on the subchannel.
 *
 * Only the check for privileged operation comes before the check whether the
 * kernel owns the subchannel.  If it doesn't, the VMM executes the instruction
 * and recognizes all other conditions.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/css.h>
#include <kvm_css/guest.h>
#include <kvm_css/ioinst.h>
#include <kvm_css/subchannel.h>

/* The size of an ORB with the extension, "Operation-Request Block" */
#define ORB_EXTENDED_SIZE	32

#define OPERAND_ALIGNMENT	4

/*
 * "Subsystem-Identification Word".  With M zero the CSSID must be zero.  Unless
 * the guest has enabled the MSS facility, it may name only subchannel set 0.
 * That is not checked beside a VMM: the guest may have enabled the facility
 * before the kernel's image was there, and only the VMM knows.
 */
static bool sid_valid(const struct css *css, u32 sid)
{
	/* Mostly it names a subchannel of set 0, and no image. */
	if ((sid & ~SID_NUMBER) == SID_ONE)
		return true;
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
 * The operand is fetched and checked even if there is no subchannel.  @without
 * is the ending in that case.
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
	/* The fields of the extension are not used, but they are fetched. */
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

/*
 * End with condition code 3.  The instruction stores nothing, but an access
 * exception has priority.
 */
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
 * Store the IRB first, and clear the status afterwards.  The store may have to
 * wait for the host to provide a page, so the subchannel isn't locked during
 * the store; and if the store meets an access exception, the status has to stay
 * pending.
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

/* Does the instruction have an operand in storage? */
static bool has_operand(u32 opcode)
{
	return opcode >= IOINST_MSCH && opcode <= IOINST_TSCH;
}

/*
 * Execute an instruction without a subchannel: there is none, or the
 * subsystem-identification word is not valid.  The ending is @otherwise, unless
 * an exception of the operand in storage has priority.
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
 * Execute an instruction for a vacant number, a subchannel without a device.
 * STORE SUBCHANNEL stores a SCHIB with V zero, and the other fields have no
 * meaning then.  So MODIFY SUBCHANNEL modifies nothing.
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

static bool misaligned(const struct ioinst *insn)
{
	return has_operand(insn->opcode) && insn->addr % OPERAND_ALIGNMENT;
}

/*
 * Execute an instruction that names no subchannel of the kernel's.  @valid says
 * whether the subsystem-identification word is valid, and @vacant whether the
 * number is the kernel's all the same.
 */
static ioinst_ending_t ioinst_elsewhere(struct css *css,
					struct guest_vcpu *vcpu,
					const struct ioinst *insn,
					bool valid, bool vacant)
{
	u32 sid = insn->gpr1;

	/* A guest that looks for devices executes STSCH for every number. */
	if (valid && in_image(sid) && !vacant && !css->alone &&
	    insn->opcode != IOINST_STSCH)
		css_note_vmm(css, sid);
	/*
	 * Beside a VMM, the VMM executes instructions for subchannels that
	 * aren't the kernel's.
	 */
	if (!css->alone && (sid & SID_M || (valid && !vacant)))
		return IOINST_USERSPACE;
	if (misaligned(insn))
		return IOINST_SPECIFICATION;
	if (!valid)
		return ioinst_without(vcpu, insn, IOINST_OPERAND);
	if (vacant)
		return ioinst_vacant(vcpu, insn);
	return ioinst_without(vcpu, insn, IOINST_CC_NOT_OPERATIONAL);
}

/* An instruction that names a subchannel */
static ioinst_ending_t ioinst_subchannel(struct css *css,
					 struct guest_vcpu *vcpu,
					 const struct ioinst *insn)
{
	u32 sid = insn->gpr1;
	bool valid = sid_valid(css, sid);
	struct subchannel *sch = NULL;
	bool vacant = false;
	ioinst_ending_t ending;

	if (valid && in_image(sid))
		sch = css_lookup(css, sid, &vacant);
	if (!sch)
		return ioinst_elsewhere(css, vcpu, insn, valid, vacant);
	/*
	 * Beside a VMM, the VMM executes all instructions with M one, whose
	 * CSSID names an image.
	 */
	if (sid & SID_M && !css->alone)
		ending = IOINST_USERSPACE;
	else if (misaligned(insn))
		ending = IOINST_SPECIFICATION;
	else
		ending = ioinst_dispatch(sch, vcpu, insn);
	subchannel_put(sch);
	return ending;
}

static bool names_subchannel(u32 opcode)
{
	return (opcode >= IOINST_CSCH && opcode <= IOINST_TSCH) ||
	       opcode == IOINST_RSCH || opcode == IOINST_XSCH;
}

ioinst_ending_t ioinst_execute(struct css *css, struct guest_vcpu *vcpu,
			       const struct ioinst *insn)
{
	bool names = names_subchannel(insn->opcode);

	if (!names && !ioinst_is_ours(insn->opcode))
		return IOINST_USERSPACE;
	if (insn->problem_state)
		return IOINST_PRIVILEGED;
	/* From now on the guest gets channel reports, see guest_looked(). */
	if (!READ_ONCE(css->asked))
		WRITE_ONCE(css->asked, true);
	if (names)
		return ioinst_subchannel(css, vcpu, insn);
	return ioinst_css_wide(css, vcpu, insn);
}
