/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of chanprog/ have of each other.
 */
#ifndef _KVM_CSS_CHANPROG_INTERNAL_H
#define _KVM_CSS_CHANPROG_INTERNAL_H

#include <linux/types.h>

#include <kvm_css/ccw.h>
#include <kvm_css/chanprog.h>
#include <kvm_css/command.h>

/* How much is copied at a time if the ORB allows prefetching, in bytes */
#define CHANPROG_AHEAD	256u
/* How much of a chain of CCWs is copied before a vCPU executes it, in bytes */
#define CHANPROG_CHAIN	1024u

/**
 * struct chanprog_ahead - CCWs or IDAWs that have been copied ahead
 * @addr: absolute address from which they were copied
 * @len: how many bytes were copied; 0 for none
 * @bytes: the bytes, on a doubleword boundary
 * @size: for how many bytes there is room
 */
struct chanprog_ahead {
	u32 addr;
	u32 len;
	u8 *bytes;
	u32 size;
};

/**
 * struct chanprog_call - what a runner has for one call of chanprog_run()
 * @ccws: CCWs that have been copied ahead
 * @idaws: IDAWs or MIDAWs that have been copied ahead
 * @cpu: what guest_cpu_time() has returned when &chanprog.spent was counted
 *	last; only on a worker
 * @looks: how often chanprog_spend() has been called; only on a worker
 * @point: in chanprog_peek(), where it notes what it passes; otherwise NULL
 * @idaw_bytes: for @idaws
 */
struct chanprog_call {
	struct chanprog_ahead ccws;
	struct chanprog_ahead idaws;
	u64 cpu;
	u32 looks;
	struct chanprog_point *point;
	u8 idaw_bytes[CHANPROG_AHEAD] __aligned(8);
};

/**
 * struct span - storage areas of one command that follow each other in storage
 * @len: how many bytes they have from &transfer.addr on
 * @ccws: how many CCWs become current in them
 * @flags: when they have been moved: &chanprog.flags
 * @residual: &chanprog.residual
 * @left: &transfer.left
 * @list: &transfer.list
 * @pci: one of these CCWs has the PCI flag
 */
struct span {
	u32 len;
	u32 ccws;
	u8  flags;
	u16 residual;
	u32 left;
	u32 list;
	bool pci;
};

/**
 * chanprog_spend_worker() - what chanprog_spend() does on a worker
 * @cp: the channel program
 *
 * Context: the owner; may sleep.
 */
void chanprog_spend_worker(struct chanprog *cp);

/**
 * chanprog_spend() - charge CPU time of a worker, and sleep if it is too much
 * @cp: the channel program
 *
 * The runner calls this before each CCW and each piece of data.  It does
 * nothing on a vCPU, nor most of the time on a worker.  Now and then it charges
 * @cp->budget with the CPU time that the worker has used.  Then it sleeps until
 * the VM's workers have together used no more than they may, or until the
 * program is to stop.
 *
 * Context: the owner; may sleep.
 */
static inline void chanprog_spend(struct chanprog *cp)
{
	if (!cp->on_vcpu)
		chanprog_spend_worker(cp);
}

/**
 * chanprog_program_check() - note a program check in @cp->cstat
 * @cp: the channel program
 *
 * Context: the owner.
 * Return: false, so that the caller can return it.
 */
bool chanprog_program_check(struct chanprog *cp);

/**
 * chanprog_access_failed() - note that an access to storage has failed
 * @cp: the channel program
 * @access: how the access has ended, not GUEST_ACCESS_OK
 * @addr: absolute address of the access
 * @what: what was accessed: LOGOUT_CCW_CHECK, LOGOUT_IDAW_CHECK or, for data,
 *	the storage-access code LOGOUT_READ, LOGOUT_WRITE or
 *	LOGOUT_READ_BACKWARD
 *
 * If the host can't provide the storage, the guest is told the same as for an
 * uncorrectable storage error: channel-data check for data, and channel-control
 * check for CCWs, IDAWs and MIDAWs.
 *
 * Context: the owner.
 * Return: false, so that the caller can return it.
 */
bool chanprog_access_failed(struct chanprog *cp, guest_access_t access,
			    u64 addr, u32 what);

/**
 * peek_chains_data() - may chanprog_peek() go on to another CCW?
 * @cp: the channel program
 *
 * Context: the owner.
 * Return: whether there is room to note it.
 */
bool peek_chains_data(const struct chanprog *cp);

/**
 * peek_passes_ccw() - note that a CCW has become current in chanprog_peek()
 * @cp: the channel program; data chaining has led to the CCW
 *
 * Context: the owner.
 * Return: true, so that the caller can return it.
 */
bool peek_passes_ccw(struct chanprog *cp);

/**
 * peek_passes_pci() - note that the next byte brings a PCI in chanprog_peek()
 * @cp: the channel program
 *
 * Context: the owner.
 */
void peek_passes_pci(struct chanprog *cp);

/**
 * peek_restore() - bring a program back to where it was before data were looked at
 * @cp: the channel program, which has been accessing data since
 * @before: what it was before
 *
 * Context: the owner.
 */
void peek_restore(struct chanprog *cp, const struct chanprog *before);

/**
 * follow_begin() - begin the command that chanprog_follow() has named, if there is one
 * @cp: the channel program, whose last command has ended
 *
 * Context: the owner.
 * Return: whether there was one.
 */
bool follow_begin(struct chanprog *cp);

/**
 * ahead_find() - find what has been copied ahead
 * @ahead: CCWs, or IDAWs and MIDAWs
 * @addr: the absolute address of one of them
 * @len: its length, in bytes
 *
 * Context: the owner.
 * Return: the copy; NULL when there is none of all @len bytes.
 */
static inline const u8 *ahead_find(const struct chanprog_ahead *ahead, u32 addr,
				   u32 len)
{
	if (addr < ahead->addr || addr + len > ahead->addr + ahead->len)
		return NULL;
	return ahead->bytes + (addr - ahead->addr);
}

/**
 * ahead_fetch() - copy a CCW, IDAW or MIDAW that becomes current
 * @cp: the channel program
 * @ahead: @cp->call->ccws for a CCW, @cp->call->idaws for an IDAW or MIDAW
 * @addr: its absolute address; all of it lies in one page
 * @len: in bytes
 *
 * If the ORB allows prefetching, this uses what has been copied ahead, or
 * copies ahead what follows.
 *
 * Context: the owner; may sleep.
 * Return: the copy, until the next call for the same @ahead; NULL when the
 * access has failed, chanprog_access_failed() has been called then.
 */
const u8 *ahead_fetch(struct chanprog *cp, struct chanprog_ahead *ahead,
		      u32 addr, u32 len);

/**
 * ahead_look_on() - what ahead_look() does when there is no copy yet
 * @cp: as ahead_look()
 * @addr: as ahead_look()
 *
 * Context: the owner; may sleep.
 * Return: as ahead_look().
 */
const u8 *ahead_look_on(struct chanprog *cp, u32 addr);

/**
 * ahead_look() - copy a CCW before it becomes current
 * @cp: the channel program; its ORB allows prefetching
 * @addr: where the CCW is: at @cp->next, or behind the CCW that was looked at
 *	before
 *
 * Copies more than that CCW, as far as there is room.  ahead_fetch() uses the
 * copies later, and doesn't look at storage again.  At any other address, copies
 * that the program still needs would be forgotten, and made anew later.
 *
 * Context: the owner; may sleep.
 * Return: the copy, until the next call of ahead_fetch(); NULL when there is no
 * room for it, or when a CCW can't be read from @addr.  Such a failure is not
 * noted in @cp.
 */
static inline const u8 *ahead_look(struct chanprog *cp, u32 addr)
{
	const u8 *found = ahead_find(&cp->call->ccws, addr, CCW_SIZE);

	return found ?: ahead_look_on(cp, addr);
}

/**
 * chanprog_chain_data() - fetch the CCW to which data chaining leads
 * @cp: the channel program
 *
 * Context: the owner; may sleep.
 * Return: false when the CCW can't be fetched or is invalid; @cp says why.
 */
bool chanprog_chain_data(struct chanprog *cp);

/**
 * transfer_begin() - prepare to move the data of a CCW that has become current
 * @cp: the channel program, with @flags and @residual of that CCW
 * @cda: the data address in the CCW
 *
 * Context: the owner.
 */
void transfer_begin(struct chanprog *cp, u32 cda);

/**
 * span_find() - find the areas that follow the current one in storage
 * @cp: the channel program; the current area is not used up, the command isn't
 *	read backward, and the current CCW has neither MIDAWs nor the skip flag
 * @len: how many bytes the device moves now, not zero
 * @span: where to
 *
 * This looks at nothing but what has been copied ahead, and changes nothing.
 *
 * Context: the owner.
 * Return: &span.len; it is @len at the most, and not zero.
 */
u32 span_find(const struct chanprog *cp, u32 len, struct span *span);

/**
 * span_pass() - go on behind a span
 * @cp: the channel program
 * @span: what span_find() has found for it, whose data have been moved since
 *
 * Context: the owner.
 */
void span_pass(struct chanprog *cp, const struct span *span);

#endif /* _KVM_CSS_CHANPROG_INTERNAL_H */
