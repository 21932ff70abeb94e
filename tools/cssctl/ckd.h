/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The CKD image that a 3390 has, see Documentation/eckd.rst: its header, and how to make
 * one.
 */
#ifndef CSSCTL_CKD_H
#define CSSCTL_CKD_H

#include <stdint.h>

#define CKD_HEADER_SIZE		512
#define CKD_CYLINDERS_MAX	262668u

uint64_t ckd_cylinders(uint64_t bytes);
const char *ckd_explain(int fd);

#endif /* CSSCTL_CKD_H */
