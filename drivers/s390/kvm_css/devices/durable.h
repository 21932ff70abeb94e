/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the command of a disk ends that has written.
 */
#ifndef _KVM_CSS_DURABLE_H
#define _KVM_CSS_DURABLE_H

#include <linux/errseq.h>
#include <linux/types.h>

#include <kvm_css/backing.h>

/**
 * durable_end() - get to stable storage what a command has written
 * @backing: the backing
 * @pos: position in the backing, in bytes
 * @len: in bytes
 * @since: from backing_error(), before the first write
 * @durable: there was one write, which was made durable by itself
 *
 * With &css_backing.writeback, this only looks for what has been lost earlier.
 *
 * Context: &cu_ops.command or &cu_ops.complete on a worker; may sleep.
 * Return: false when something has been lost.
 */
static inline bool durable_end(struct css_backing *backing, loff_t pos, u32 len,
			       errseq_t since, bool durable)
{
	if (backing->writeback)
		return !backing_lost(backing);
	if (durable)
		return backing_intact(backing, since);
	return backing_sync(backing, pos, len, since);
}

#endif /* _KVM_CSS_DURABLE_H */
