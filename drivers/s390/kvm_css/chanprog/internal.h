/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What chanprog.c and transfer.c have of each other, and nobody else uses.
 */
#ifndef _KVM_CSS_CHANPROG_INTERNAL_H
#define _KVM_CSS_CHANPROG_INTERNAL_H

#include <linux/types.h>

#include <kvm_css/chanprog.h>

/* How much is copied at a time where the ORB allows prefetching, in bytes */
#define CHANPROG_AHEAD	128u

/**
 * struct chanprog_ahead - CCWs or IDAWs that have been copied ahead
 * @addr: where from
 * @len: how much; 0 for nothing
 * @bytes: as they lay there
 */
struct chanprog_ahead {
	u32 addr;
	u32 len;
	u8  bytes[CHANPROG_AHEAD];
};

/**
 * struct chanprog_call - what a runner has for one call of chanprog_run()
 * @ccws: CCWs copied ahead
 * @idaws: IDAWs or MIDAWs, likewise
 * @cpu: guest_cpu_time() up to which chanprog.spent counts
 * @looks: how often chanprog_spend() has been called
 */
struct chanprog_call {
	struct chanprog_ahead ccws;
	struct chanprog_ahead idaws;
	u64 cpu;
	u32 looks;
};

/**
 * chanprog_spend() - a CCW or piece of data is next: is the CPU time paid for?
 * @cp: the channel program
 *
 * On a worker, now and then: charges @cp->budget with what has been used, and
 * sleeps until that is within what the VM's workers may use together.
 *
 * Context: the owner; may sleep.
 */
void chanprog_spend(struct chanprog *cp);

/**
 * chanprog_program_check() - recognize a program check
 * @cp: the channel program
 *
 * Context: the owner.
 * Return: false.
 */
bool chanprog_program_check(struct chanprog *cp);

/**
 * chanprog_access_failed() - an access to storage has failed
 * @cp: the channel program
 * @access: how
 * @addr: where
 * @what: what was accessed, LOGOUT_*_CHECK or a storage-access code
 *
 * Storage that the host can't provide is to the guest what an uncorrectable
 * storage error is: channel-data check for data, and channel-control check for
 * CCWs and IDAWs.
 *
 * Context: the owner.
 * Return: false.
 */
bool chanprog_access_failed(struct chanprog *cp, guest_access_t access,
			    u64 addr, u32 what);

/**
 * chanprog_fetch() - copy a CCW or IDAW from storage
 * @cp: the channel program
 * @ahead: what has been copied ahead
 * @addr: where it is; it lies in one page
 * @data: where to
 * @len: in bytes
 *
 * Context: the owner; may sleep.
 * Return: false when the access failed, which has been noted.
 */
bool chanprog_fetch(struct chanprog *cp, struct chanprog_ahead *ahead, u32 addr,
		    void *data, u32 len);

/**
 * chanprog_chain_data() - fetch the CCW that data chaining leads to
 * @cp: the channel program
 *
 * Context: the owner; may sleep.
 * Return: false when there is none; why has been noted.
 */
bool chanprog_chain_data(struct chanprog *cp);

/**
 * transfer_begin() - the data of a CCW that has become current
 * @cp: the channel program, with @flags and @residual of that CCW
 * @cda: its data address
 *
 * Context: the owner.
 */
void transfer_begin(struct chanprog *cp, u32 cda);

#endif /* _KVM_CSS_CHANPROG_INTERNAL_H */
