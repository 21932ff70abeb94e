# SPDX-License-Identifier: GPL-2.0
"""A disk that wasn't measured is told, and the table compares with QEMU's best."""

import unittest

import guestdisks
from guestdisks import DEPTHS


def said(lacking: str = "") -> str:
    """What watch prints when all has been measured, but for one line; QEMU's disks take longer in the order of the list."""
    lines = []
    for nr, name in enumerate(guestdisks.names(DEPTHS), 1):
        values = f"n=9 p50={nr}000 p99={nr}000 max={nr}001 mean={nr}000 iops=100 mbs={1000 - nr}.50 cpu=7000"
        lines.append(f"{name.removeprefix('linux.')} {values}")
    return "\n".join(line for line in lines if not lacking or not line.startswith(lacking)) + "\n"


class GuestDisksTest(unittest.TestCase):
    def test_all(self) -> None:
        paths = guestdisks.parse(said())
        self.assertEqual(guestdisks.lacking(paths, DEPTHS), [])
        self.assertEqual(sorted(paths), sorted(guestdisks.names(DEPTHS)))
        self.assertRegex(guestdisks.table(paths, DEPTHS), r"linux\.tmpfs\.kernel +1 +1 +7 +4 +7 +993\.50 +990\.50\n")

    def test_best(self) -> None:
        paths = guestdisks.parse(said())
        self.assertEqual(guestdisks.best(paths, "tmpfs", "randread4k", 1, "p50"), 13000)
        self.assertEqual(guestdisks.best(paths, "tmpfs", "read64k", 1, "mbs"), 981.5)
        self.assertIn("tmpfs   depth  1: randread4k 0.08,", guestdisks.table(paths, DEPTHS))

    def test_lacking(self) -> None:
        for name in ("ext4.kernel.read64k.4 ", "ext4x4.virtio-uring.randwrite4k.32 "):
            self.assertEqual(len(guestdisks.lacking(guestdisks.parse(said(name)), DEPTHS)), 1)

    def test_no_number(self) -> None:
        for wrong in ("p50=nan", "p50=0"):
            paths = guestdisks.parse(said().replace("p50=1000 ", f"{wrong} "))
            self.assertEqual(len(guestdisks.lacking(paths, DEPTHS)), 1)


if __name__ == "__main__":
    unittest.main()
