/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Marks in what the core executes.
 */
#ifndef _PATHLEN_H
#define _PATHLEN_H

/**
 * pathlen_mark() - something to be counted begins or ends here
 */
void pathlen_mark(void);

#endif /* _PATHLEN_H */
