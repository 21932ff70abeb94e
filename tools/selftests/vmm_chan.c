// SPDX-License-Identifier: GPL-2.0
/* The VMM's interpretation of a channel program with format-1 CCWs */
#include <string.h>

#include "vmm.h"
#include "vmm_css.h"

/*
 * How many CCWs run on the vCPU, which a program without end would block
 * otherwise.
 */
#define STEPS_ON_VCPU		256

void vmm_program_start(struct vmm_program *program, struct vmm_sch *sch,
		       const struct orb *orb)
{
	memset(program, 0, sizeof(*program));
	program->sch = sch;
	program->orb = *orb;
	program->next = orb->cpa;
}

static void program_check(struct vmm_program *program)
{
	program->cstat |= CST_PROGRAM_CHECK;
}

/* Fetch the next CCW.  Return: false after a program check. */
static bool fetch(struct vmm_program *program, struct ccw1 *ccw)
{
	struct vmm *vmm = program->sch->css->vmm;
	u32 addr = program->next;
	void *p = NULL;

	program->next = addr + sizeof(*ccw);
	if (!(addr & 7))
		p = vmm_pointer(vmm, addr, sizeof(*ccw));
	if (!p) {
		program_check(program);
		return false;
	}
	memcpy(ccw, p, sizeof(*ccw));
	return true;
}

/*
 * Fetch the next CCW that is no transfer in channel, and make it current.
 * Return: false after a program check or a unit exception.
 */
static bool next_ccw(struct vmm_program *program, bool data_chaining)
{
	bool may_tic = program->chained || data_chaining;
	struct ccw1 ccw;

	for (;;) {
		if (!fetch(program, &ccw))
			return false;
		if (ccw.cmd != CCW_TIC)
			break;
		/*
		 * A TIC may neither be first nor follow a TIC, and its other
		 * fields are zeros.
		 */
		if (!may_tic || ccw.flags || ccw.count || ccw.cda >> 31) {
			program_check(program);
			return false;
		}
		may_tic = false;
		/*
		 * A program check for a bad target has the address of the TIC.
		 */
		if (ccw.cda & 7 ||
		    !vmm_pointer(program->sch->css->vmm, ccw.cda, 8)) {
			program_check(program);
			return false;
		}
		program->next = ccw.cda;
	}
	program->flags = ccw.flags;
	program->count = ccw.count;
	program->data = ccw.cda;
	if (!data_chaining) {
		program->command = ccw.cmd;
		/*
		 * Of the commands that end in 1000, only TIC is valid in a
		 * format-1 CCW.
		 */
		if (!(ccw.cmd & 0x0f) || (ccw.cmd & 0x0f) == CCW_TIC)
			program_check(program);
	}
	if (!ccw.count && (data_chaining || ccw.flags & CCW_CD))
		program_check(program);
	if (ccw.cda >> 31)
		program_check(program);
	if (ccw.flags & CCW_MIDA)	/* MIDAWs are not served here */
		program_check(program);
	if (ccw.flags & CCW_SUSPEND && !(program->orb.flags & ORB_SUSPEND))
		program_check(program);
	if (program->cstat)
		return false;
	if (ccw.flags & (CCW_IDA | CCW_PCI | CCW_SUSPEND)) {
		program->dstat = DST_ENDED | DST_UNIT_EXCEPTION;
		return false;
	}
	return true;
}

/*
 * Move at most @len bytes through the current CCW; with SKIP, only count them.
 */
static u32 move_piece(struct vmm_program *program, u8 *buf, u32 len, bool in)
{
	void *p;

	if (len > program->count)
		len = program->count;
	if (!(in && program->flags & CCW_SKIP)) {
		p = vmm_pointer(program->sch->css->vmm, program->data, len);
		if (!p) {
			program_check(program);
			return 0;
		}
		if (in)
			memcpy(p, buf, len);
		else
			memcpy(buf, p, len);
	}
	program->data += len;
	program->count -= len;
	return len;
}

static u32 move(struct vmm_program *program, u8 *buf, u32 len, bool in)
{
	u32 done = 0;

	program->moved = true;
	while (done < len) {
		if (!program->count) {
			if (!(program->flags & CCW_CD)) {
				program->excess = true;
				break;
			}
			if (!next_ccw(program, true))
				break;
		}
		done += move_piece(program, buf + done, len - done, in);
		if (program->cstat)
			break;
	}
	return done;
}

u32 vmm_data_out(struct vmm_program *program, void *buf, u32 len)
{
	return move(program, buf, len, false);
}

u32 vmm_data_in(struct vmm_program *program, const void *buf, u32 len)
{
	return move(program, (u8 *)buf, len, true);
}

void *vmm_data_direct(struct vmm_program *program, u32 len)
{
	void *p;

	if (len > program->count || program->flags & (CCW_SKIP | CCW_CD))
		return NULL;
	p = vmm_pointer(program->sch->css->vmm, program->data, len);
	if (!p)
		return NULL;
	program->moved = true;
	program->data += len;
	program->count -= len;
	return p;
}

static void check_length(struct vmm_program *program)
{
	bool wrong;

	if (program->cstat)
		return;
	if (program->moved)
		wrong = program->count || program->excess ||
			program->flags & CCW_CD;
	else if (program->orb.flags & ORB_ILS ||
		 !(program->dstat & DST_CHANNEL_END))
		wrong = false;
	else
		wrong = program->count;
	/* SLI counts only in the last CCW of a data chain. */
	if (program->flags & CCW_SLI && !(program->flags & CCW_CD))
		wrong = false;
	if (wrong)
		program->cstat |= CST_INCORRECT_LENGTH;
}

/* Return: true when the next command is to be fetched. */
static bool chain_command(struct vmm_program *program)
{
	if (program->cstat || !(program->flags & CCW_CC))
		return false;
	if (program->dstat & ~(DST_ENDED | DST_STATUS_MODIFIER))
		return false;
	if ((program->dstat & DST_ENDED) != DST_ENDED)
		return false;
	if (program->dstat & DST_STATUS_MODIFIER)
		program->next += sizeof(struct ccw1);
	program->chained = true;
	program->dstat = 0;
	program->moved = false;
	program->excess = false;
	program->command = 0;
	return true;
}

bool vmm_program_run(struct vmm_program *program)
{
	const struct vmm_device *device = program->sch->device;
	unsigned int steps = 0;

	if (!(program->orb.flags & ORB_FORMAT1)) {
		program->dstat = DST_ENDED | DST_UNIT_EXCEPTION;
		return true;
	}
	for (;;) {
		/* If the command was deferred, its CCW is current already. */
		if (!program->command && !next_ccw(program, false))
			return true;
		if (!program->on_worker && ++steps > STEPS_ON_VCPU)
			return false;
		/*
		 * This also ends an endless program when its subchannel is
		 * removed.
		 */
		if (program->sch->stop)
			return true;
		if (device->command(program) == VMM_CMD_DEFER)
			return false;
		check_length(program);
		if (!chain_command(program))
			return true;
	}
}
