/* SPDX-License-Identifier: GPL-2.0 */
/* Pages that whoever accesses them has to wait for */
#ifndef SELFTESTS_WITHHOLD_H
#define SELFTESTS_WITHHOLD_H

/**
 * withhold_open() - get a userfaultfd, which says who accesses withheld pages
 *
 * A page that nobody provides stays withheld until the descriptor is released.
 *
 * Return: the descriptor, or -1 if the kernel has none.
 */
int withhold_open(void);

/**
 * withhold() - withhold a page from whoever accesses it first
 * @fd: from withhold_open()
 * @page: the page, of 4096 bytes, which nobody has accessed yet
 */
void withhold(int fd, const void *page);

#endif /* SELFTESTS_WITHHOLD_H */
