/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_PAGEMAP_H
#define _FUZZ_LINUX_PAGEMAP_H

#include <linux/fs.h>
#include <linux/wait.h>

struct folio;

struct wait_page_key {
	struct folio *folio;
};

struct wait_page_queue {
	struct folio *folio;
	struct wait_queue_entry wait;
};

static inline bool wake_page_match(struct wait_page_queue *wait,
				   struct wait_page_key *key)
{
	return wait->folio == key->folio;
}

static inline errseq_t filemap_sample_wb_err(struct address_space *mapping)
{
	return mapping->wb_err;
}

static inline int filemap_check_wb_err(struct address_space *mapping,
				       errseq_t since)
{
	return mapping->wb_err == since ? 0 : -EIO;
}

static inline int errseq_check_and_advance(errseq_t *error, errseq_t *since)
{
	int err = *error == *since ? 0 : -EIO;

	*since = *error;
	return err;
}

#endif /* _FUZZ_LINUX_PAGEMAP_H */
