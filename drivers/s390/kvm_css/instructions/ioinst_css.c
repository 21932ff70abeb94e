// SPDX-License-Identifier: GPL-2.0
/*
 * I/O instructions that name no subchannel: Principles of Operation chapter 14.
 *
 * If the image is alone, the kernel executes all of them.  Beside a VMM, the
 * kernel executes such an instruction only if it has something that the VMM
 * doesn't know of: a channel report, a channel path, a description.  The VMM
 * executes all others, and recognizes their exceptions.  Before it does, the
 * kernel notes what a valid instruction sets, for the kernel's own subchannels.
 */
#include <linux/kernel.h>
#include <linux/slab.h>

#include <kvm_css/chsc.h>
#include <kvm_css/crw.h>
#include <kvm_css/css.h>
#include <kvm_css/guest.h>
#include <kvm_css/ioinst.h>

#define CRW_ALIGNMENT	4

/* End with @ending if the image is alone; otherwise let the VMM execute it. */
static ioinst_ending_t if_alone(const struct css *css, ioinst_ending_t ending)
{
	return css->alone ? ending : IOINST_USERSPACE;
}

static ioinst_ending_t ioinst_chsc(struct css *css, struct guest_vcpu *vcpu,
				   const struct ioinst *insn)
{
	struct css_chsc_request request;
	struct css_chsc_answer *answer;
	ioinst_ending_t ending;
	u16 length;

	if (insn->addr % CHSC_BLOCK)
		return if_alone(css, IOINST_SPECIFICATION);
	ending = guest_operand_read(vcpu, insn->addr, insn->ar, &request,
				    sizeof(request));
	/* A request that can't be read may be one for the VMM. */
	if (ending)
		return if_alone(css, ending);
	length = be16_to_cpu(request.length);
	if (length < CHSC_LENGTH_MIN || length > CHSC_LENGTH_MAX ||
	    length % CHSC_LENGTH_UNIT)
		return if_alone(css, IOINST_OPERAND);
	if (!css->alone && !chsc_is_ours(css, &request)) {
		chsc_done(css, &request);
		return IOINST_USERSPACE;
	}

	answer = kzalloc(sizeof(*answer), GFP_KERNEL);
	if (!answer)
		return IOINST_RETRY;
	chsc_answer(css, &request, answer);
	/*
	 * The response fits into the block behind the request.  Only commands
	 * whose requests are as short as can be have data in their response,
	 * and a longer request for one of them is refused, without data.
	 */
	ending = guest_operand_write(vcpu, insn->addr + length, insn->ar, answer,
				     be16_to_cpu(answer->head.length));
	kfree(answer);
	if (ending)
		return ending;
	chsc_done(css, &request);
	return IOINST_CC_EXPECTED;
}

/*
 * A word of the kernel's comes before the VMM's.  The word is stored first and
 * dequeued afterwards, because the store may meet an access exception, and then
 * the word has to stay pending.  The queue isn't locked during the store,
 * because the store may have to wait for the host to provide a page.
 */
static ioinst_ending_t ioinst_stcrw(struct css *css, struct guest_vcpu *vcpu,
				    const struct ioinst *insn)
{
	ioinst_ending_t ending;
	bool pending;
	__be32 stored;
	u32 word;

	pending = crw_peek_or_rearm(&css->crws, &word);
	if (!pending && !css->alone)
		return IOINST_USERSPACE;
	if (insn->addr % CRW_ALIGNMENT)
		return IOINST_SPECIFICATION;
	stored = cpu_to_be32(word);
	ending = guest_operand_write(vcpu, insn->addr, insn->ar, &stored,
				     sizeof(stored));
	if (ending)
		return ending;
	if (!pending)
		return IOINST_CC_NO_REPORT;
	return crw_take(&css->crws, word) ? IOINST_CC_EXPECTED : IOINST_RETRY;
}

static ioinst_ending_t ioinst_schm(struct css *css, const struct ioinst *insn)
{
	u32 gpr1 = insn->gpr1;
	const struct css_monitor monitor = {
		.origin = gpr1 & SCHM_UPDATE ? insn->gpr2 : 0,
		.key = (gpr1 & SCHM_KEY) >> SCHM_KEY_SHIFT,
		.update = gpr1 & SCHM_UPDATE,
		.connect_time = gpr1 & SCHM_CONNECT_TIME,
	};

	if (gpr1 & SCHM_ZEROS || monitor.origin % SCHM_ORIGIN_ALIGNMENT)
		return if_alone(css, IOINST_OPERAND);
	css_set_monitor(css, &monitor);
	return if_alone(css, IOINST_COMPLETED);
}

static ioinst_ending_t ioinst_sal(struct css *css, const struct ioinst *insn)
{
	u32 limit = insn->gpr1;

	if (limit & SAL_ZEROS)
		return if_alone(css, IOINST_OPERAND);
	css_set_address_limit(css, limit);
	return if_alone(css, IOINST_COMPLETED);
}

/*
 * General register 1 has no M: a CSSID of zero means the program's own image.
 * Beside a VMM, the VMM executes the instruction when the CSSID is not zero.
 */
static ioinst_ending_t ioinst_rchp(struct css *css, const struct ioinst *insn)
{
	u8 cssid = (insn->gpr1 & RCHP_CSSID) >> RCHP_CSSID_SHIFT;
	bool mcsse = css->alone && READ_ONCE(css->mcsse);
	u8 chpid = insn->gpr1 & RCHP_CHPID;

	if (insn->gpr1 & RCHP_ZEROS || (cssid && !mcsse))
		return if_alone(css, IOINST_OPERAND);
	if ((cssid && cssid != CSS_IMAGE) || !css_path_there(css, chpid))
		return if_alone(css, IOINST_CC_NOT_OPERATIONAL);
	css_reset_path(css, chpid);
	return IOINST_CC_EXPECTED;
}

/*
 * The instruction stores which channel paths are transferring data at this
 * moment.  Devices of the kernel's use no real channel path, so there are none.
 */
static ioinst_ending_t ioinst_stcps(struct css *css, struct guest_vcpu *vcpu,
				    const struct ioinst *insn)
{
	static const u8 none[CSS_PATH_STATUS_SIZE];
	ioinst_ending_t ending;

	if (!css->alone)
		return IOINST_USERSPACE;
	if (insn->addr % sizeof(none))
		return IOINST_SPECIFICATION;
	ending = guest_operand_write(vcpu, insn->addr, insn->ar, none,
				     sizeof(none));
	return ending ?: IOINST_COMPLETED;
}

ioinst_ending_t ioinst_css_wide(struct css *css, struct guest_vcpu *vcpu,
				const struct ioinst *insn)
{
	switch (insn->opcode) {
	case IOINST_CHSC:
		return ioinst_chsc(css, vcpu, insn);
	case IOINST_STCRW:
		return ioinst_stcrw(css, vcpu, insn);
	case IOINST_SCHM:
		return ioinst_schm(css, insn);
	case IOINST_SAL:
		return ioinst_sal(css, insn);
	case IOINST_RCHP:
		return ioinst_rchp(css, insn);
	case IOINST_STCPS:
		return ioinst_stcps(css, vcpu, insn);
	}
	/*
	 * SIGA: no subchannel has queues.  General register 1 isn't checked,
	 * because it has a subsystem-identification word only with some of the
	 * function codes.
	 */
	return if_alone(css, IOINST_CC_NOT_OPERATIONAL);
}
