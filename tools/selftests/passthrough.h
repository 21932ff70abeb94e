/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The theme "passthrough": passthrough.c has the VM whose guest uses a disk of the
 * host's, passthrough_lend.c what only the host sees.
 */
#ifndef SELFTESTS_PASSTHROUGH_H
#define SELFTESTS_PASSTHROUGH_H

#include "ktap.h"

/* The disk, as host_device_find() has found it */
extern const char *passthrough_disk;

/**
 * passthrough_css() - make a VM without CPUs and storage
 *
 * Return: its channel subsystem's descriptor; the VM ends when it is closed.
 */
int passthrough_css(void);

extern const struct ktap_case passthrough_lend_cases[];
extern const unsigned int passthrough_nr_lend_cases;

#endif /* SELFTESTS_PASSTHROUGH_H */
