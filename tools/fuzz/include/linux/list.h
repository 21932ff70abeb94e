/* SPDX-License-Identifier: GPL-2.0 */
/* Lists, as far as the core uses them */
#ifndef _FUZZ_LINUX_LIST_H
#define _FUZZ_LINUX_LIST_H

#include <linux/kernel.h>
#include <linux/types.h>

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

#define LIST_HEAD(name)		struct list_head name = { &(name), &(name) }

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_del(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	entry->next = NULL;
	entry->prev = NULL;
}

static inline void list_add(struct list_head *entry, struct list_head *head)
{
	entry->next = head->next;
	entry->prev = head;
	head->next->prev = entry;
	head->next = entry;
}

static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	entry->next = head;
	entry->prev = head->prev;
	head->prev->next = entry;
	head->prev = entry;
}

static inline void list_move_tail(struct list_head *entry, struct list_head *head)
{
	list_del(entry);
	list_add_tail(entry, head);
}

static inline void list_splice_tail_init(struct list_head *from,
					 struct list_head *head)
{
	if (list_empty(from))
		return;
	from->next->prev = head->prev;
	head->prev->next = from->next;
	from->prev->next = head;
	head->prev = from->prev;
	INIT_LIST_HEAD(from);
}

#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : \
			    container_of((head)->next, type, member))

#define list_first_entry(head, type, member) \
	container_of((head)->next, type, member)
#define list_last_entry(head, type, member) \
	container_of((head)->prev, type, member)

#define list_for_each_entry(at, head, member) \
	for (at = container_of((head)->next, typeof(*at), member); \
	     &at->member != (head); \
	     at = container_of(at->member.next, typeof(*at), member))

#define list_for_each_entry_reverse(at, head, member) \
	for (at = container_of((head)->prev, typeof(*at), member); \
	     &at->member != (head); \
	     at = container_of(at->member.prev, typeof(*at), member))

#define list_for_each_entry_safe(at, after, head, member) \
	for (at = container_of((head)->next, typeof(*at), member), \
	     after = container_of(at->member.next, typeof(*at), member); \
	     &at->member != (head); \
	     at = after, \
	     after = container_of(after->member.next, typeof(*at), member))

#endif /* _FUZZ_LINUX_LIST_H */
