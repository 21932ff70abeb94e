/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For cio_layout.sh, as cio_layout_css.h: drivers/s390/cio/cio.c includes what
 * follows.
 */
#include <linux/ftrace.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/sched/cputime.h>

#include <asm/airq.h>
#include <asm/delay.h>
#include <asm/ipl.h>
#include <asm/irq.h>
#include <asm/irq_regs.h>
#include <asm/nmi.h>
#include <asm/setup.h>

#include "cio_layout_css.h"
