/* SPDX-License-Identifier: GPL-2.0 */
/* Marks in the instructions that the core executes */
#ifndef _PATHLEN_H
#define _PATHLEN_H

/**
 * pathlen_mark() - a part that is counted begins or ends here
 */
void pathlen_mark(void);

#endif /* _PATHLEN_H */
