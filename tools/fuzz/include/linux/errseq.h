/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_ERRSEQ_H
#define _FUZZ_LINUX_ERRSEQ_H

#include <linux/types.h>

typedef u32 errseq_t;

#endif /* _FUZZ_LINUX_ERRSEQ_H */
