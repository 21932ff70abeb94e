/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For cio_layout.sh: the version of a symbol depends on which structures are
 * complete types where it is exported.  drivers/s390/cio/css.c includes what follows.
 */
#include <linux/atomic.h>
#include <linux/dma-mapping.h>
#include <linux/genalloc.h>
#include <linux/kernel_stat.h>
#include <linux/list.h>
#include <linux/notifier.h>
#include <linux/proc_fs.h>
#include <linux/reboot.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/tracepoint.h>
#include <linux/wait.h>

#include <asm/ccwdev.h>
#include <asm/chsc.h>
#include <asm/crw.h>
#include <asm/css_chars.h>
#include <asm/debug.h>
#include <asm/fcx.h>
#include <asm/isc.h>
#include <asm/qdio.h>
#include <asm/tpi.h>

#include "cio_layout.h"
