/* SPDX-License-Identifier: GPL-2.0 */
/* What start.S and runtime.c have for each other */
#ifndef GUEST_ENTRY_H
#define GUEST_ENTRY_H

#include "guest.h"

/* These are in start.S, which describes them. */
extern char svc_entry[], pgm_entry[], io_entry[], ext_entry[], mck_entry[];
extern char stacks[];

int insn_run_asm(struct insn *insn);
void wait_enabled(u64 mask);
void load_mask(u64 mask);
void open_window(void);
void test_call(void (*fn)(void));
void __noreturn test_abort(void);

/* These are in runtime.c; start.S calls them. */
void cpu_main(u64 nr, void (*fn)(u64 argument), u64 argument);
void io_interruption(void);
void ext_interruption(void);
void machine_check(void);
void unexpected_interruption(u64 code, u64 addr);

#endif /* GUEST_ENTRY_H */
