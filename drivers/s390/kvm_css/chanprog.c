// SPDX-License-Identifier: GPL-2.0
/*
 * Channel programs: fetch CCWs, chain, move data between guest storage and the
 * device.  Principles of Operation chapter 15, "Execution of I/O Operations".
 *
 * A CCW is copied once and checked then; what runs is the copy.  CCWs are
 * fetched one at a time when they become current, so that a guest which
 * rewrites a CCW further on gets what it wrote, whatever the ORB says about
 * prefetching.
 *
 * What bounds a program: a vCPU stays in here for VCPU_CCWS commands at the
 * most, none of them data chained; a worker for WORKER_CCWS CCWs and the
 * command it is in, and it looks at @stop at every CCW.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <kvm_css/chanprog.h>
#include <kvm_css/control_unit.h>

/* Commands that a program may execute on the vCPU, and CCWs on a worker. */
#define VCPU_CCWS	16
#define WORKER_CCWS	256

/* Storage is moved in pieces that lie in one page. */
#define PIECE		4096u

#define CCW_SIZE	8u

/* Why a CCW is fetched; decides what is checked in it. */
enum ccw_fetch { FETCH_FIRST, FETCH_COMMAND, FETCH_DATA };

void chanprog_init(struct chanprog *cp, const struct css_orb *orb)
{
	struct css_guest *guest = cp->guest;
	struct css_device *dev = cp->dev;

	memset(cp, 0, sizeof(*cp));
	cp->guest = guest;
	cp->dev = dev;
	cp->orb_flags = be32_to_cpu(orb->flags);
	cp->next = be32_to_cpu(orb->cpa);
	cp->ccw_addr = cp->next;
	cp->first = true;
	cp->untouched = true;
}

void chanprog_resume(struct chanprog *cp)
{
	cp->suspended = false;
}

void chanprog_position(const struct chanprog *cp,
		       struct chanprog_ending *ending)
{
	*ending = (struct chanprog_ending){
		.cpa = cp->ccw_addr + CCW_SIZE,
		.count = cp->residual,
	};
}

/* What this version can't run is named; the program is valid all the same. */
static const char *orb_unsupported(u32 orb_flags)
{
	if (!(orb_flags & ORB_FORMAT))
		return "format-0 CCWs";
	if (orb_flags & ORB_INITIAL_STATUS)
		return "initial-status interruption";
	if (orb_flags & ORB_ADDRESS_LIMIT)
		return "address-limit checking";
	return NULL;
}

static const char *ccw_unsupported(const struct chanprog *cp)
{
	if (cp->flags & CCW_MIDA)
		return "modified indirect data addressing";
	if (cp->flags & CCW_IDA)
		return "indirect data addressing";
	if (cp->flags & CCW_PCI)
		return "program-controlled interruption";
	return NULL;
}

/*
 * The fibre-channel-extensions facility (transport mode) is not installed.
 */
bool chanprog_orb_valid(const struct css_orb *orb)
{
	u32 flags = be32_to_cpu(orb->flags);

	return !(flags & (ORB_ZEROS | ORB_TRANSPORT)) &&
	       !(be32_to_cpu(orb->cpa) & ORB_CPA_ZERO);
}

/*
 * The current CCW is the one that was fetched last: suspended at it, or to be
 * executed by a worker that has not had its turn.  So the one to fetch next is
 * the same in either case; without a current one it is the first.
 */
void chanprog_save(const struct chanprog *cp, struct chanprog_saved *saved)
{
	*saved = (struct chanprog_saved){
		.orb_flags = cp->orb_flags,
		.ccw = cp->ccw_addr,
		.count = cp->ccw_valid ? 0 : cp->residual,
		.begun = !cp->first,
		.executed = !cp->untouched,
		.suspended = cp->suspended,
	};
}

bool chanprog_saved_valid(const struct chanprog_saved *saved)
{
	const struct css_orb orb = {
		.flags = cpu_to_be32(saved->orb_flags),
		.cpa = cpu_to_be32(saved->ccw),
	};

	if (!chanprog_orb_valid(&orb))
		return false;
	if (!saved->begun)
		return !saved->count && !saved->executed && !saved->suspended;
	/* Such a program would have ended when it began. */
	if (saved->ccw % CCW_SIZE || orb_unsupported(saved->orb_flags))
		return false;
	return !saved->suspended || saved->orb_flags & ORB_SUSPEND;
}

void chanprog_restore(struct chanprog *cp, const struct chanprog_saved *saved)
{
	const struct css_orb orb = {
		.flags = cpu_to_be32(saved->orb_flags),
		.cpa = cpu_to_be32(saved->ccw),
	};

	chanprog_init(cp, &orb);
	cp->residual = saved->count;
	cp->first = !saved->begun;
	cp->untouched = !saved->executed;
	cp->suspended = saved->suspended;
}

static bool program_check(struct chanprog *cp)
{
	cp->cstat |= CSTAT_PROGRAM_CHECK;
	return false;
}

/*
 * @on_error: what storage that the host can't provide is to a guest: as an
 * uncorrectable storage error, channel-data check for data and channel-control
 * check for a CCW.
 */
static bool access_failed(struct chanprog *cp, css_access_t access, u8 on_error)
{
	switch ((__force u32)access) {
	case (__force u32)CSS_ACCESS_ADDRESSING:
		cp->cstat |= CSTAT_PROGRAM_CHECK;
		break;
	case (__force u32)CSS_ACCESS_PROTECTION:
		cp->cstat |= CSTAT_PROTECTION_CHECK;
		break;
	case (__force u32)CSS_ACCESS_GONE:
		cp->gone = true;
		break;
	default:
		cp->cstat |= on_error;
		break;
	}
	return false;
}

/*
 * Copy the CCW at cp->next.  @after_tic: cp->ccw_addr is the TIC that led
 * there, and an invalid address is the TIC's fault: the CCW address in the
 * SCSW then names the TIC.
 */
static bool copy_ccw(struct chanprog *cp, struct css_ccw1 *ccw, bool after_tic)
{
	css_access_t access;
	u32 addr = cp->next;

	if (!after_tic)
		cp->ccw_addr = addr;
	if (addr % CCW_SIZE || addr & ORB_CPA_ZERO)
		return program_check(cp);
	access = css_storage_read(cp->guest, addr, ccw, sizeof(*ccw));
	if (access != CSS_ACCESS_OK)
		return access_failed(cp, access, CSTAT_CHANNEL_CONTROL);
	cp->ccw_addr = addr;
	cp->next = addr + CCW_SIZE;
	if (cp->quantum)
		cp->quantum--;
	return true;
}

/* Bits 4-7 make it a TIC, in data chaining as well. */
static bool is_tic(const struct css_ccw1 *ccw)
{
	return (ccw->cmd & 0x0f) == CCW_CMD_TIC;
}

/*
 * "Transfer in Channel", format 1: bits 0-3 and all behind the command code
 * but the address must be zeros.
 */
static bool tic_valid(const struct css_ccw1 *ccw)
{
	u32 cda = be32_to_cpu(ccw->cda);

	return ccw->cmd == CCW_CMD_TIC && !ccw->flags && !ccw->count &&
	       !(cda % CCW_SIZE) && !(cda & CCW_CDA_ZERO);
}

/*
 * "Channel-Command Word", format 1, and "Invalid CCW" in chapter 16.  The
 * command code of a data-chained CCW is ignored.
 */
static bool ccw_valid(const struct chanprog *cp, const struct css_ccw1 *ccw,
		      enum ccw_fetch why)
{
	if (why != FETCH_DATA && !(ccw->cmd & 0x0f))
		return false;
	if (!ccw->count && (why == FETCH_DATA || ccw->flags & CCW_CD))
		return false;
	if (be32_to_cpu(ccw->cda) & CCW_CDA_ZERO)
		return false;
	if (ccw->flags & CCW_SUSPEND &&
	    (why == FETCH_DATA || !(cp->orb_flags & ORB_SUSPEND)))
		return false;
	if (ccw->flags & CCW_MIDA && !(cp->orb_flags & ORB_MIDAW))
		return false;
	return true;
}

/* Make the CCW at cp->next, or where a TIC there leads to, the current one. */
static bool fetch_ccw(struct chanprog *cp, enum ccw_fetch why)
{
	struct css_ccw1 ccw;

	if (!copy_ccw(cp, &ccw, false))
		return false;
	/* The first CCW must not be a TIC, nor the one that a TIC leads to. */
	if (is_tic(&ccw)) {
		if (why == FETCH_FIRST || !tic_valid(&ccw))
			return program_check(cp);
		cp->next = be32_to_cpu(ccw.cda);
		if (!copy_ccw(cp, &ccw, true))
			return false;
		if (is_tic(&ccw))
			return program_check(cp);
	}
	if (!ccw_valid(cp, &ccw, why))
		return program_check(cp);
	cp->residual = be16_to_cpu(ccw.count);
	if (ccw.flags & CCW_SUSPEND) {
		/* Not executed, and fetched again when it is resumed. */
		cp->next = cp->ccw_addr;
		cp->suspended = true;
		return false;
	}
	if (why != FETCH_DATA)
		cp->cmd = ccw.cmd;
	cp->flags = ccw.flags;
	cp->cda = be32_to_cpu(ccw.cda);
	cp->unsupported = ccw_unsupported(cp);
	return !cp->unsupported;
}

/* The count is used up, and the device has or wants more: chain data. */
static bool chain_data(struct chanprog *cp)
{
	if (!(cp->flags & CCW_CD)) {
		cp->device_wants_more = true;
		return false;
	}
	cond_resched();
	return fetch_ccw(cp, FETCH_DATA);
}

static css_access_t move_piece(struct chanprog *cp, void *data, u32 len,
			       bool to_guest)
{
	if (to_guest && cp->flags & CCW_SKIP)
		return CSS_ACCESS_OK;
	if (cp->cda & CCW_CDA_ZERO)	/* ran beyond the 31-bit address */
		return CSS_ACCESS_ADDRESSING;
	if (to_guest)
		return css_storage_write(cp->guest, cp->cda, data, len);
	return css_storage_read(cp->guest, cp->cda, data, len);
}

static u32 move(struct chanprog *cp, void *data, u32 len, bool to_guest)
{
	css_access_t access;
	u32 done = 0;

	if (!len)
		return 0;
	cp->data_moved = true;
	while (done < len) {
		u32 piece;

		if (chanprog_broken_off(cp))
			break;
		if (!cp->residual && !chain_data(cp))
			break;
		piece = min3(len - done, (u32)cp->residual,
			     PIECE - cp->cda % PIECE);
		access = move_piece(cp, data + done, piece, to_guest);
		if (access != CSS_ACCESS_OK) {
			access_failed(cp, access, CSTAT_CHANNEL_DATA);
			break;
		}
		cp->cda += piece;
		cp->residual -= piece;
		done += piece;
	}
	return done;
}

u32 chanprog_to_guest(struct chanprog *cp, const void *data, u32 len)
{
	return move(cp, (void *)data, len, true);
}

u32 chanprog_from_guest(struct chanprog *cp, void *data, u32 len)
{
	return move(cp, data, len, false);
}

static void end_program(struct chanprog *cp, u8 dstat)
{
	/*
	 * A valid program that can't be run ends as the architecture lets a
	 * control unit say "not here": unit exception.
	 */
	if (cp->unsupported)
		dstat |= DSTAT_UNIT_EXCEPTION;
	cp->ending.cpa = cp->ccw_addr + CCW_SIZE;
	cp->ending.dstat = dstat;
	cp->ending.cstat = cp->cstat;
	cp->ending.count = cp->residual;
}

/*
 * "Incorrect Length" in chapter 16, with the table of chapter 15 "Command
 * chaining, data chaining and suppress length indication".  An immediate
 * operation is one for which the device ends without having asked for data.
 */
static bool incorrect_length(const struct chanprog *cp, u8 dstat)
{
	bool immediate = !cp->data_moved;

	/* Not executed, so there is no length to be correct. */
	if (immediate && !(dstat & DSTAT_CHANNEL_END))
		return false;
	if (immediate && cp->orb_flags & ORB_ILS)
		return false;
	if (cp->flags & CCW_CD)
		return true;
	if (cp->flags & CCW_SLI)
		return false;
	return cp->residual || cp->device_wants_more;
}

/* The device has ended the command.  Return: does the program go on? */
static bool command_ended(struct chanprog *cp, cu_status_t status)
{
	u8 dstat = (__force u32)status;
	u8 unusual = dstat & ~DSTAT_STATUS_MODIFIER;

	unusual ^= DSTAT_CHANNEL_END | DSTAT_DEVICE_END;
	if (!cp->cstat && !cp->unsupported && incorrect_length(cp, dstat))
		cp->cstat |= CSTAT_INCORRECT_LENGTH;
	cp->ccw_valid = false;
	if (cp->cstat || cp->unsupported || unusual ||
	    cp->flags & CCW_CD || !(cp->flags & CCW_CC)) {
		end_program(cp, dstat);
		return false;
	}
	if (dstat & DSTAT_STATUS_MODIFIER)
		cp->next += CCW_SIZE;
	return true;
}

/* The next command, first or chained.  Return: is there one to execute? */
static bool next_command(struct chanprog *cp)
{
	enum ccw_fetch why = cp->first ? FETCH_FIRST : FETCH_COMMAND;

	if (cp->first) {
		cp->unsupported = orb_unsupported(cp->orb_flags);
		if (cp->unsupported)
			return false;
		if (cp->dev->ops->start)
			cp->dev->ops->start(cp->dev);
		cp->first = false;
	}
	cp->residual = 0;
	cp->data_moved = false;
	cp->device_wants_more = false;
	cp->ccw_valid = fetch_ccw(cp, why);
	return cp->ccw_valid;
}

/* There is no command to execute: what becomes of the program */
static enum chanprog_state no_command(struct chanprog *cp)
{
	if (cp->gone)
		return CHANPROG_STOPPED;
	if (cp->suspended)
		return CHANPROG_SUSPENDED;
	end_program(cp, 0);
	return CHANPROG_ENDED;
}

enum chanprog_state chanprog_run(struct chanprog *cp, bool may_wait)
{
	const struct cu_ops *ops = cp->dev->ops;
	cu_status_t status;

	cp->may_wait = may_wait;
	cp->quantum = may_wait ? WORKER_CCWS : VCPU_CCWS;
	do {
		if (chanprog_stopped(cp))
			return CHANPROG_STOPPED;
		if (!cp->ccw_valid) {
			if (!cp->quantum)
				return CHANPROG_QUANTUM_USED;
			if (!next_command(cp))
				return no_command(cp);
		}
		/* Data chaining has no bound that a vCPU could wait for. */
		if (!may_wait && cp->flags & CCW_CD)
			return CHANPROG_MUST_WAIT;
		status = ops->command(cp->dev, cp, cp->cmd);
		if (status == CU_MUST_WAIT)
			return CHANPROG_MUST_WAIT;
		cp->untouched = false;
		if (cp->gone || chanprog_stopped(cp))
			return CHANPROG_STOPPED;
	} while (command_ended(cp, status));
	return CHANPROG_ENDED;
}
