# SPDX-License-Identifier: GPL-2.0
"""Tests what counts as a complaint of a kernel."""

import unittest

from complaints import found

# Each of these lines must be found when it is the only one.
WRONG = (
    "WARNING: CPU: 0 PID: 65 at lib/refcount.c:28 refcount_warn_saturate+0x13a/0x170",
    "WARNING: possible circular locking dependency detected",
    "BUG: KASAN: slab-use-after-free in css_start+0x12/0x80",
    "BUG: KFENCE: out-of-bounds read in css_start+0x12/0x80",
    "BUG: scheduling while atomic: kworker/0:1/65/0x00000002",
    "BUG: sleeping function called from invalid context at mm/slab.h:1",
    "watchdog: BUG: soft lockup - CPU#0 stuck for 22s!",
    "BUG kmalloc-64 (Not tainted): Redzone overwritten",
    "kernel BUG at drivers/s390/kvm_css/host/attach.c:1!",
    "UBSAN: shift-out-of-bounds in drivers/s390/kvm_css/host/attach.c:1:2",
    "INFO: task vmm:65 blocked for more than 122 seconds.",
    "INFO: trying to register non-static key.",
    "rcu: INFO: rcu_sched self-detected stall on CPU",
    "Unable to handle kernel pointer dereference in virtual kernel address space",
    "Oops: 0004 ilc:2 [#1] SMP",
    "Call Trace:",
    "Modules linked in: kvm_css(O) kvm",
    "refcount_t: underflow; use-after-free.",
    "list_del corruption. prev->next should be 1, but was 2",
    "other info: possible irq lock inversion dependency detected",
    "suspicious RCU usage",
    "kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)",
    "unreferenced object 0x8e7c3000 (size 192):",
)
WELL = (
    "Linux version 6.12.113+deb13-s390x",
    "INFO: lockdep is turned off.",
    "kfence: initialized - using 2097152 bytes for 255 objects",
    "kasan: KernelAddressSanitizer initialized",
    "kvm_css: loading out-of-tree module taints kernel.",
    "    ok 3 debug_test",
)


class ComplaintsTest(unittest.TestCase):
    def test_wrong(self) -> None:
        for line in WRONG:
            with self.subTest(line=line):
                self.assertEqual(found(f"[    1.234567] {WELL[0]}\n[    1.234568] {line}\n"), f"[    1.234568] {line}")

    def test_well(self) -> None:
        self.assertEqual(found("\n".join(WELL)), "")

    def test_each_once(self) -> None:
        log = "\n".join((*WELL, *WRONG, *WELL, "not UTF-8: \ufffd"))
        self.assertEqual(found(log).split("\n"), list(WRONG))


if __name__ == "__main__":
    unittest.main()
