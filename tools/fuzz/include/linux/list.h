/* SPDX-License-Identifier: GPL-2.0 */
/* Doubly linked lists */
#ifndef _FUZZ_LINUX_LIST_H
#define _FUZZ_LINUX_LIST_H

#include <linux/kernel.h>
#include <linux/types.h>

struct list_head {
	struct list_head *next, *prev;
};

#define INIT_LIST_HEAD(head)	((head)->next = (head)->prev = (head))

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_add_tail(struct list_head *entry,
				 struct list_head *head)
{
	entry->prev = head->prev;
	entry->next = head;
	head->prev->next = entry;
	head->prev = entry;
}

static inline void list_del_init(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	INIT_LIST_HEAD(entry);
}

#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : \
			    container_of((head)->next, type, member))

#endif /* _FUZZ_LINUX_LIST_H */
