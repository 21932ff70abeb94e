/* SPDX-License-Identifier: GPL-2.0 */
/* Nothing is ever put into one here. */
#ifndef _FUZZ_LINUX_LIST_H
#define _FUZZ_LINUX_LIST_H

struct list_head {
	struct list_head *next, *prev;
};

#define INIT_LIST_HEAD(head)	((head)->next = (head)->prev = (head))

#endif /* _FUZZ_LINUX_LIST_H */
