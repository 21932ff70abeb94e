/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The seam to the host's channel subsystem: a subchannel that the host lends to a
 * VM.  Documentation/passthrough.rst.
 *
 * As with guest.h, the functions are resolved at link time: host/cio.c and
 * host/cio_lend.c implement them in the module, and a fake one does in KUnit and
 * the fuzzers.  All control blocks are those of the Principles of Operation; all
 * addresses in them are absolute addresses of the host's.
 *
 * Locking: host_sch_lock() takes the lock of the host's subchannel, with
 * interrupts disabled.  The client's functions are called with it.
 */
#ifndef _KVM_CSS_HOST_SCH_H
#define _KVM_CSS_HOST_SCH_H

#include <linux/types.h>

#include <kvm_css/ending.h>
#include <kvm_css/layout.h>

struct host_sch;
struct host_sch_client;
struct workqueue_struct;

/**
 * struct host_sch_id - which device of the host's
 * @ssid: its subchannel set, 0 to 3
 * @devno: its device number
 */
struct host_sch_id {
	u8  ssid;
	u16 devno;
};

/**
 * struct host_sch_identity - what the host knows of the device
 * @cu_type: control-unit type, as SENSE ID has returned it to the host
 * @cu_model: control-unit model
 * @dev_type: device type; 0 if there is none
 * @dev_model: device model
 */
struct host_sch_identity {
	u16 cu_type;
	u8  cu_model;
	u16 dev_type;
	u8  dev_model;
};

/**
 * struct host_sch_client_ops - what the host tells
 * @irb: an interruption: TEST SUBCHANNEL has stored this IRB.  @irb is the
 *	host's, and is copied.
 * @paths: the path masks may have changed
 * @initialized: the host's channel subsystem has brought the subchannel into the state
 *	after a reset, by itself.  Functions that were in progress, and status, are
 *	gone.  The subchannel is enabled again, with the modes that it had.
 * @gone: the host has taken the device away.  No other function is called after
 *	that.  Instructions end with condition code 3.  If not @quiet, a function
 *	that was in progress couldn't be ended, and the device may access storage
 *	at any time from now on: what it may access is kept for good.
 *
 * They are called with the lock of the host's subchannel, also in a hard
 * interrupt.  They don't take other locks but spinlocks, and don't call
 * host_sch_lock().
 */
struct host_sch_client_ops {
	void (*irb)(struct host_sch_client *client, const struct css_irb *irb);
	void (*paths)(struct host_sch_client *client);
	void (*initialized)(struct host_sch_client *client);
	void (*gone)(struct host_sch_client *client, bool quiet);
};

/**
 * struct host_sch_client - who is told; part of the backend's structure
 * @ops: its functions
 */
struct host_sch_client {
	const struct host_sch_client_ops *ops;
};

/**
 * host_sch_take() - take a device from the host
 * @id: which one
 * @client: who is told from now on
 *
 * The device is taken from its driver.  Its subchannel is enabled when this
 * function returns, and no function is in progress at it.  @client may be told
 * something before that.
 *
 * Context: the thread that calls KVM_CSS_ADD; may sleep until the device is
 * offline.
 * Return: the subchannel, or an ERR_PTR(): -EOPNOTSUPP if this kernel's layouts
 * aren't known, -EPERM, -ENODEV if there is no such device, -EBUSY if the host or
 * a VM uses it, -EINVAL if its programs contain addresses that can't be
 * translated, -EINTR, -ENOMEM, or what the host's driver says why it doesn't set
 * the device offline.
 */
struct host_sch *host_sch_take(const struct host_sch_id *id,
			       struct host_sch_client *client);

/**
 * host_sch_give_back() - give the device back to the host as it was found
 * @host: the subchannel; no function is in progress at it, or it is gone
 *
 * @client isn't told anything more when this function returns.
 *
 * Context: a work item; may sleep.
 */
void host_sch_give_back(struct host_sch *host);

/**
 * host_sch_give_up() - have the host take the device away, which can't be stopped
 * @host: the subchannel
 *
 * &host_sch_client_ops.gone is called within a minute, unless it has been.
 *
 * Context: process context; the lock isn't held.
 */
void host_sch_give_up(struct host_sch *host);

/**
 * host_sch_workqueue() - where the user of a host subchannel does its work
 *
 * The workqueue is the module's.  It lives longer than a VM, because a device that
 * can't be stopped stays with the module when the VM has ended.  The module isn't
 * unloaded before all of its work items have ended.
 *
 * Context: any.
 * Return: the workqueue; its work items may sleep.
 */
struct workqueue_struct *host_sch_workqueue(void);

/**
 * host_sch_identity() - what the host knows of the device
 * @host: the subchannel
 *
 * Context: any.
 * Return: its identity.
 */
const struct host_sch_identity *host_sch_identity(const struct host_sch *host);

/**
 * host_sch_lock() - take the lock of the host's subchannel
 * @host: the subchannel
 *
 * Context: any but a hard interrupt; interrupts are disabled from then on.
 * Return: for host_sch_unlock().
 */
unsigned long host_sch_lock(struct host_sch *host);

/**
 * host_sch_unlock() - the counterpart of host_sch_lock()
 * @host: the subchannel
 * @flags: what host_sch_lock() has returned
 *
 * Context: as it was.
 */
void host_sch_unlock(struct host_sch *host, unsigned long flags);

/**
 * host_sch_start() - START SUBCHANNEL
 * @host: the subchannel
 * @orb: the ORB.  Its interruption parameter is replaced by the host's own, and
 *	it doesn't get paths that the host's administrator has varied off.
 *
 * Context: the lock is held.
 * Return: the condition code, or IOINST_OPERAND if the host hasn't got something
 * that the ORB asks for.
 */
ioinst_ending_t host_sch_start(struct host_sch *host,
			       const struct css_orb *orb);

/**
 * host_sch_resume() - RESUME SUBCHANNEL
 * @host: the subchannel
 *
 * Context: the lock is held.
 * Return: the condition code.
 */
ioinst_ending_t host_sch_resume(struct host_sch *host);

/**
 * host_sch_halt() - HALT SUBCHANNEL
 * @host: the subchannel
 *
 * Context: the lock is held.
 * Return: the condition code.
 */
ioinst_ending_t host_sch_halt(struct host_sch *host);

/**
 * host_sch_clear() - CLEAR SUBCHANNEL
 * @host: the subchannel
 *
 * Context: the lock is held.
 * Return: the condition code.
 */
ioinst_ending_t host_sch_clear(struct host_sch *host);

/**
 * host_sch_cancel() - CANCEL SUBCHANNEL
 * @host: the subchannel
 *
 * Context: the lock is held.
 * Return: the condition code.
 */
ioinst_ending_t host_sch_cancel(struct host_sch *host);

/**
 * host_sch_test() - TEST SUBCHANNEL
 * @host: the subchannel
 * @irb: stored with condition code 0; the extended-measurement word is zeros
 *
 * Context: the lock is held.
 * Return: the condition code.
 */
ioinst_ending_t host_sch_test(struct host_sch *host, struct css_irb *irb);

/**
 * host_sch_store() - STORE SUBCHANNEL
 * @host: the subchannel
 * @schib: stored with condition code 0
 *
 * Context: the lock is held.
 * Return: the condition code.
 */
ioinst_ending_t host_sch_store(struct host_sch *host, struct css_schib *schib);

/**
 * struct host_sch_modes - what a guest may change of the host's subchannel
 * @multipath: PMCW_MULTIPATH
 * @concurrent_sense: PMCW_CONCURRENT_SENSE
 */
struct host_sch_modes {
	bool multipath;
	bool concurrent_sense;
};

/**
 * host_sch_modify() - MODIFY SUBCHANNEL
 * @host: the subchannel
 * @modes: what is to be changed; all else stays the host's
 *
 * Context: the lock is held.
 * Return: the condition code, or IOINST_OPERAND if the host hasn't got
 * concurrent sense.
 */
ioinst_ending_t host_sch_modify(struct host_sch *host,
				const struct host_sch_modes *modes);

/**
 * struct host_memory - memory that a channel subsystem of the host's can name
 * @bytes: the memory, filled with zeros, on a doubleword boundary
 * @addr: its absolute address, below 2 GB
 * @size: in bytes
 */
struct host_memory {
	u8 *bytes;
	u32 addr;
	u32 size;
};

/**
 * host_memory_alloc() - allocate memory for CCWs and IDALs
 * @memory: filled in
 * @size: in bytes, at most 512 KiB
 *
 * It is contiguous, and charged to the caller's memory control group.
 *
 * Context: may sleep.
 * Return: whether there was memory.
 */
bool host_memory_alloc(struct host_memory *memory, u32 size);

/**
 * host_memory_free() - the counterpart of host_memory_alloc()
 * @memory: the memory, or one without bytes
 *
 * Context: may sleep.
 */
void host_memory_free(struct host_memory *memory);

#endif /* _KVM_CSS_HOST_SCH_H */
