/* SPDX-License-Identifier: GPL-2.0 */
/* The fuzzers never put anything into a list. */
#ifndef _FUZZ_LINUX_LIST_H
#define _FUZZ_LINUX_LIST_H

struct list_head {
	struct list_head *next, *prev;
};

#define INIT_LIST_HEAD(head)	((head)->next = (head)->prev = (head))

static inline void list_del_init(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	INIT_LIST_HEAD(entry);
}

#endif /* _FUZZ_LINUX_LIST_H */
