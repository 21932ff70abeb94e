# SPDX-License-Identifier: GPL-2.0
"""A disk that wasn't measured in each round is told, and the table has medians and compares with QEMU's best."""

import unittest

import eckddisks

PASSES = 3


def said(lacking: str = "", wrong: str = "") -> str:
    """What watch prints of all disks; each takes longer in the order of the list, and some rounds do."""
    lines = []
    for extra in (4, 0, 1):
        for nr, disk in enumerate(eckddisks.disks(), 1):
            lines += [f"{disk}.{kind}.1 n=9 p50={nr}0{extra}000 p99=900000 max=900000 mean=100000 iops=10 "
                      f"mbs={20 - nr}.{extra}0 cpu=7000" for kind in eckddisks.KINDS]
    if lacking:
        lines.remove(next(line for line in lines if line.startswith(lacking)))
    found, _, put = wrong.partition(">")
    return "\n".join(lines).replace(found, put) if found else "\n".join(lines)


class EckdDisksTest(unittest.TestCase):
    def test_all(self) -> None:
        rounds = eckddisks.parse(said())
        self.assertEqual(eckddisks.lacking(rounds, PASSES), [])
        table = eckddisks.table(rounds)
        self.assertRegex(table, r"\neckd\.kernel-3390 +101 +101 +19\.10 +19\.10 +19\.10 +19\.10\n"
                         r" +100-104 +100-104 +19\.00-19\.40 +19\.00-19\.40 ")
        # virtio-threads, the third of the list, is the best in all.
        self.assertEqual(eckddisks.best(rounds, "randread4k"), 301000)
        self.assertEqual(eckddisks.best(rounds, "read1m"), 17.1)
        self.assertRegex(table, r"\neckd\.kernel-3390 +0\.34 +0\.34 +1\.12 +1\.12 +1\.12 +1\.12\n")

    def test_paths(self) -> None:
        row = eckddisks.paths(eckddisks.parse(said()))["linux.eckd.kernel-fba.write1m.1"]
        self.assertEqual((row["p50"], row["p50_least"], row["p50_most"]), (201000, 200000, 204000))
        self.assertEqual((row["mbs"], row["mbs_least"], row["mbs_most"]), (18.1, 18.0, 18.4))

    def test_lacking(self) -> None:
        for name in ("eckd.kernel-3390.randread4k.1 ", "eckd.host-3390.write1m.1 "):
            self.assertEqual(len(eckddisks.lacking(eckddisks.parse(said(name)), PASSES)), 1)
        self.assertEqual(len(eckddisks.lacking({}, PASSES)), len(eckddisks.disks()) * len(eckddisks.KINDS))

    def test_no_number(self) -> None:
        # A small request counts by its time, a large one by its rate: so few of the small ones are done at times that their rate
        # is rounded to zero.
        for wrong, kinds in (("p50=104000>p50=nan", 6), ("p50=104000>p50=0", 2), ("mbs=19.40>mbs=0.00", 4)):
            self.assertEqual(len(eckddisks.lacking(eckddisks.parse(said(wrong=wrong)), PASSES)), kinds)


if __name__ == "__main__":
    unittest.main()
