// SPDX-License-Identifier: GPL-2.0
/* Making I/O instructions from the fuzzer's input, see insn.h */
#include <linux/kernel.h>
#include <linux/string.h>

#include "insn.h"
#include "program.h"

#define OPERANDS	0x3800u		/* 256 bytes for each CPU */
#define CHSC_BLOCK	0x5000u
#define CHSC_MAX	64
#define CHSC_FILLED	24

/* The second byte of an instruction */
#define HOW_SEAT	0x01
#define HOW_SID		0x06	/* 2: with M and CSSID; 4: any; 6: none there */
#define HOW_ADDRESS	0x08	/* an unusual operand address */
#define HOW_RAW		0x10	/* operands with unusual contents */
#define HOW_PROBLEM	0x20	/* problem state */
#define HOW_AR		0xc0

/* For a core without this instruction */
#ifndef IOINST_COMPLETED
#define IOINST_COMPLETED	IOINST_PROCEED
#endif

/* Condition codes that an instruction can set, a bit for each */
#define CC0123		0xf
#define CC03		0x9
#define CC013		0xb
#define CC01		0x3

/* @sch: the instruction names a subchannel */
static const struct {
	u16  opcode;
	u8   cc;
	bool sch;
} insns[INSNS] = {
	{ IOINST_CSCH, CC03, true },
	{ IOINST_HSCH, CC0123, true },
	{ IOINST_MSCH, CC0123, true },
	{ IOINST_SSCH, CC0123, true },
	{ IOINST_STSCH, CC03, true },
	{ IOINST_TSCH, CC013, true },
	{ IOINST_RSCH, CC0123, true },
	{ IOINST_XSCH, CC0123, true },
	{ IOINST_SAL, 0, false },
	{ IOINST_STCRW, CC01, false },
	{ IOINST_STCPS, 0, false },
	{ IOINST_RCHP, CC0123, false },
	{ IOINST_SCHM, 0, false },
	{ IOINST_CHSC, CC0123, false },
	{ IOINST_SIGA, CC0123, false },
	{ 0xb236, 0, false },
};

static u32 take_sid(struct fuzz_image *image, u8 how)
{
	u32 sid = image_sid(how & HOW_SEAT);

	switch (how & HOW_SID) {
	case 0x02:
		return sid | SID_M | (u32)CSS_IMAGE << SID_CSSID_SHIFT;
	case 0x04:
		return take32(image->in);
	case 0x06:
		return sid + 2 + take8(image->in);
	}
	return sid;
}

static u64 take_address(struct fuzz_image *image, u8 how, u32 operand)
{
	u8 which;

	if (!(how & HOW_ADDRESS))
		return FAKE_LOGICAL + operand;
	which = take8(image->in);
	/* The address may be anywhere, misaligned, or below what is mapped. */
	if (which & 0x80)
		return FAKE_LOGICAL + program_address(image->in);
	return which & 0x40 ? operand : FAKE_LOGICAL + operand + (which & 7);
}

/* Store an operand of MODIFY SUBCHANNEL: enabled, with a subclass. */
static void put_schib(struct fuzz_image *image, u8 how, u32 operand)
{
	struct css_schib schib = {
		.pmcw.intparm = cpu_to_be32(0x11223344),
		.pmcw.lpm = 0x80,
		.pmcw.pom = 0xff,
	};
	u8 what = take8(image->in);
	u16 flags = PMCW_ENABLED | (what & 7) << PMCW_ISC_SHIFT;

	if (what & 0x80)
		flags &= ~PMCW_ENABLED;
	flags |= (what & 0x18) << 2;	/* limit mode */
	schib.pmcw.chars = cpu_to_be32((what >> 5 & 3) | (what & 8 ? 1 : 0));
	if (how & HOW_RAW) {
		flags ^= take16(image->in);
		schib.pmcw.chars = cpu_to_be32(take32(image->in) &
					       take32(image->in));
		schib.mba = cpu_to_be64(take32(image->in));
		schib.pmcw.mbi = cpu_to_be16(take16(image->in));
	}
	schib.pmcw.flags = cpu_to_be16(flags);
	fuzz_put(&image->guest.guest, operand, &schib, sizeof(schib));
}

static void put_orb(struct fuzz_image *image, u8 how, u32 operand)
{
	u16 what = take16(image->in);
	struct css_orb orb = { .intparm = cpu_to_be32(0x55667788) };
	/* Key, S, F, P, I, U, H and so on: the bits that matter */
	u32 flags = (u32)(what & 0x3ff) << 18 | 0x8000;

	flags &= ~ORB_TRANSPORT;
	if (what & 0x400)
		flags |= ORB_ILS;
	if (what & 0x800)
		flags |= ORB_IDAW_FORMAT2 | ORB_MIDAW;
	if (what & 0x1000)
		flags |= ORB_KEY & 0x30000000;
	if (how & HOW_RAW)
		flags ^= take32(image->in);
	orb.flags = cpu_to_be32(flags);
	orb.cpa = cpu_to_be32(program_begin(what >> 13));
	fuzz_put(&image->guest.guest, operand, &orb, sizeof(orb));
}

static u64 put_chsc(struct fuzz_image *image)
{
	u8 block[CHSC_MAX] = {}, len = take8(image->in), i;

	block[1] = len;
	block[3] = take8(image->in);
	for (i = 4; i < len && i < CHSC_FILLED; i++)
		block[i] = take8(image->in);
	fuzz_put(&image->guest.guest, CHSC_BLOCK, block, sizeof(block));
	return FAKE_LOGICAL + CHSC_BLOCK;
}

static void take_operands(struct fuzz_image *image, struct ioinst *insn, u8 how)
{
	u32 operand = OPERANDS + shim_depth() * 0x100;

	switch (insn->opcode) {
	case IOINST_MSCH:
		put_schib(image, how, operand);
		break;
	case IOINST_SSCH:
		put_orb(image, how, operand);
		break;
	case IOINST_CHSC:
		insn->addr = put_chsc(image);
		return;
	case IOINST_SAL:
	case IOINST_RCHP:
	case IOINST_SCHM:
		insn->gpr1 = take32(image->in);
		insn->gpr2 = take32(image->in);
		break;
	}
	insn->addr = take_address(image, how, operand);
}

/* True if the instruction never leaves the kernel when the image is alone */
static bool kernel_alone(u8 which)
{
	if (!ioinst_is_ours(insns[which].opcode))
		return false;
	return insns[which].sch || CORE_HAS_CHSC;
}

static void check_pgm(const struct ioinst *insn, ioinst_ending_t ending)
{
	switch (ioinst_value(ending)) {
	case PGM_CODE_PRIVILEGED:
		shim_assert(insn->problem_state);
		break;
	case PGM_CODE_OPERATION:
	case PGM_CODE_SPECIFICATION:
	case PGM_CODE_OPERAND:
		shim_assert(!insn->problem_state);
		break;
	default:
		shim_bug("%04x ends with program interruption %04x",
			 insn->opcode, ioinst_value(ending));
	}
}

/* May a backend end this instruction when it prepares it? */
static bool may_prepare(const struct fuzz_image *image, u16 opcode)
{
	return image->backends &&
	       (opcode == IOINST_SSCH || opcode == IOINST_RSCH);
}

static void check_ending(struct fuzz_image *image,
			 const struct guest_vcpu *vcpu,
			 const struct ioinst *insn, u8 which,
			 ioinst_ending_t ending, bool disturbed)
{
	shim_assert(ending != IOINST_PROCEED);
	if (ioinst_is_pgm(ending)) {
		check_pgm(insn, ending);
	} else if (ioinst_is_cc(ending)) {
		shim_assert(ioinst_is_ours(insn->opcode));
		shim_assert(!insn->problem_state);
		if (!(insns[which].cc & 1u << ioinst_value(ending)) &&
		    insns[which].cc)
			shim_bug("%04x ends with cc %u", insn->opcode,
				 ioinst_value(ending));
	} else if (ending == IOINST_USERSPACE) {
		shim_assert(!image->css.alone || !kernel_alone(which));
	} else if (ending == IOINST_RETRY) {
		/*
		 * CHSC also ends so if the host has no memory at that moment,
		 * and START and RESUME SUBCHANNEL if a backend hasn't.
		 */
		shim_assert(disturbed || insn->opcode == IOINST_CHSC ||
			    may_prepare(image, insn->opcode));
	} else if (ending == IOINST_COMPLETED) {
		shim_assert(ioinst_is_ours(insn->opcode));
		shim_assert(!insns[which].cc);
	} else {
		shim_assert(ending == IOINST_ACCESS_EXCEPTION ||
			    ending == IOINST_HOST_FAULT);
		shim_assert(ending == vcpu->last_ending ||
			    may_prepare(image, insn->opcode));
	}
}

/* Check status that a device has presented without a command that ended. */
static void check_presented(const struct css_scsw *scsw)
{
	const u32 deferred = SCSW_FC_START | SCSW_AC_START_PENDING |
			     SCSW_SC_ALERT | SCSW_SC_PENDING;
	const u32 control = SCSW_FC | SCSW_AC | SCSW_SC;
	u32 flags = be32_to_cpu(scsw->flags);
	u32 status = flags & SCSW_SC;

	/*
	 * Status that a device presents by itself belongs to no function, or is
	 * the function's secondary status.
	 */
	if (!(flags & SCSW_FC))
		shim_assert(status == (SCSW_SC_ALERT | SCSW_SC_PENDING) ||
			    (status & ~SCSW_SC_ALERT) ==
			    (SCSW_SC_SECONDARY | SCSW_SC_PENDING));
	if (!(flags & SCSW_FC) || (flags & control) == deferred)
		shim_assert(scsw->dstat && !scsw->cstat);
	if ((flags & control) == deferred)
		shim_assert((flags & SCSW_DEFERRED_CC) == SCSW_DEFERRED_CC1 &&
			    scsw->dstat & DSTAT_BUSY &&
			    scsw->dstat & ~(DSTAT_BUSY |
					    DSTAT_STATUS_MODIFIER));
	if ((status & ~SCSW_SC_ALERT) == (SCSW_SC_SECONDARY | SCSW_SC_PENDING))
		shim_assert(scsw->dstat & DSTAT_DEVICE_END);
	/*
	 * With primary status and no secondary status, device end is still to
	 * come.  Channel end is in the primary status, or was that of a command
	 * that is chained.
	 */
	if (status & SCSW_SC_PRIMARY && !(status & SCSW_SC_SECONDARY))
		shim_assert(flags & SCSW_AC_DEVICE_ACTIVE &&
			    !(scsw->dstat & DSTAT_DEVICE_END) &&
			    (scsw->dstat & DSTAT_CHANNEL_END ||
			     (scsw->dstat && status & SCSW_SC_ALERT)));
}

/*
 * Check that the interruption is gone.  If there is one, it is of status that
 * the device has presented since.
 */
static void check_next(struct fuzz_image *image, u32 sid)
{
	struct subchannel *sch = css_find(&image->css, sid);
	u32 flags;

	if (fake_pending(&image->guest.guest, sid)) {
		shim_assert(sch);
		flags = subchannel_flags(sch);
		shim_assert(flags & SCSW_SC_PENDING && !(flags & SCSW_FC));
	}
	if (sch)
		subchannel_put(sch);
}

/* Check what was stored, if nobody has changed it since. */
static void check_irb(struct fuzz_image *image, const struct ioinst *insn)
{
	const u8 *at = fake_at(&image->guest.guest, insn->addr - FAKE_LOGICAL,
				     sizeof(struct css_irb));
	struct css_irb irb;
	u32 flags;

	if (!at)
		return;
	memcpy(&irb, at, sizeof(irb));
	flags = be32_to_cpu(irb.scsw.flags);
	shim_assert(flags & SCSW_SC_PENDING);
	/* The rest is what a backend has said. */
	if (image->backends)
		return;
	if (irb.scsw.cstat & ~CSTAT_PCI)
		shim_assert(flags & SCSW_SC_ALERT);
	if (flags & SCSW_EXTENDED)
		shim_assert(irb.scsw.dstat & DSTAT_UNIT_CHECK);
	if (!(flags & (SCSW_SC_PRIMARY | SCSW_SC_SECONDARY | SCSW_SC_ALERT)))
		shim_assert(!irb.scsw.dstat);
	if (!image->restored)
		check_presented(&irb.scsw);
	check_next(image, (u32)insn->gpr1 & ~(SID_M | SID_CSSID));
}

void insn_execute(struct fuzz_image *image, u8 which)
{
	struct guest_vcpu *vcpu = &image->vcpus[shim_depth()];
	u8 how = take8(image->in);
	struct ioinst insn = {
		.opcode = insns[which].opcode,
		.problem_state = how & HOW_PROBLEM,
		.ar = how >> 6,
	};
	unsigned int nested = image->nested;
	ioinst_ending_t ending;
	bool disturbed;

	insn.gpr1 = take_sid(image, how);
	take_operands(image, &insn, how);
	ending = ioinst_execute(&image->css, vcpu, &insn);
	fake_expect_staffed(&image->guest.guest);
	disturbed = nested != image->nested;
	check_ending(image, vcpu, &insn, which, ending, disturbed);
	if (insn.opcode == IOINST_TSCH && ending == IOINST_CC_EXPECTED &&
	    !disturbed)
		check_irb(image, &insn);
}
