# SPDX-License-Identifier: GPL-2.0
"""A count that is missing is told, and the table has all."""

import unittest

import insn
from errors import LabError


def said(lacking: str = "") -> str:
    """What insn prints when it has counted everything, but for one line."""
    lines = [f"{setting} {name} {nr + 3} {nr} {nr + 7}"
             for setting in insn.SETTINGS for nr, name in enumerate(insn.OPERATIONS, 100)]
    lines += [f"{insn.QEMU} {name} {nr} {nr} {nr}" for nr, name in enumerate(insn.QEMU_OPERATIONS, 200)]
    return "\n".join(line for line in lines if not lacking or not line.startswith(lacking))


class InsnTest(unittest.TestCase):
    def test_all(self) -> None:
        counts = insn.parse(said())
        self.assertEqual(counts["stidp"], {**dict.fromkeys(insn.SETTINGS, 101), insn.QEMU: 200})
        self.assertRegex(insn.table(counts), r"insn\.stidp +101 +101 +101 +101 +200\n")

    def test_lacking(self) -> None:
        for setting in insn.SETTINGS:
            with self.assertRaisesRegex(LabError, f"none for cycle.ssch {setting}"):
                insn.parse(said(f"{setting} cycle.ssch "))

    def test_lacking_qemu(self) -> None:
        with self.assertRaisesRegex(LabError, "none for cycle qemu"):
            insn.parse(said("qemu cycle "))

    def test_negative(self) -> None:
        with self.assertRaisesRegex(LabError, "none for stidp kernel"):
            insn.parse(said("kernel stidp ") + "\nkernel stidp -3 -3 -3")


if __name__ == "__main__":
    unittest.main()
