/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_WAIT_BIT_H
#define _FUZZ_LINUX_WAIT_BIT_H

#include <linux/wait.h>

extern struct wait_queue_head shim_wait_var;

#define wake_up_var(var)		wake_up_all(&shim_wait_var)
#define wait_var_event(var, cond)	wait_event(shim_wait_var, cond)
#define wait_var_event_killable(v, c)	wait_event_killable(shim_wait_var, c)

#endif /* _FUZZ_LINUX_WAIT_BIT_H */
