# SPDX-License-Identifier: GPL-2.0
"""A figure that is missing is told, an exit that shouldn't be is, and the ratio is that of a pass."""

import unittest

import compared
from errors import LabError


def said(passes: int = 3, lacking: str = "", exits: str = "0.00") -> str:
    """What lent prints in so many passes, of which each is twice as slow as the one before; lacking is left out once."""
    lines = []
    for number in range(passes):
        for factor, way in ((3, "vfio-ccw"), (1, "module")):
            for name in compared.PROGRAMS:
                count = "2.00" if way == "vfio-ccw" else exits
                lines.append(f"{way} {name} {' '.join(str(us * factor << number) for us in (1000000, 1500000, 2000000))} {count} 64.5")
    if lacking:
        lines.remove(next(line for line in lines if line.startswith(lacking)))
    return "\n".join(lines)


def counted(lacking: str = "") -> str:
    """What lent --count prints; lacking is left out."""
    lines = [f"{way} {name} {nr * 100}" for nr, way in enumerate(reversed(compared.WAYS), 1) for name in compared.PROGRAMS]
    return "\n".join(line for line in lines if not lacking or not line.startswith(lacking))


class ComparedTest(unittest.TestCase):
    def test_table(self) -> None:
        rows = compared.parse(said())
        self.assertEqual(compared.wrong(rows), [])
        self.assertEqual(compared.ratios(rows, "nop"), [3, 3, 3])
        self.assertRegex(compared.table(rows, 1), r"read 4 KiB +6000 +9000 +12000 +2\.00 +64 +2000 +3000 +4000 +0\.00 +64 +3\.00 \(3\.00 to 3\.00\)\n")
        self.assertRegex(compared.table_of_counts(compared.parse_counts(counted())), r"read 4 KiB +200 +100 +2\.00\n")

    def test_lacking(self) -> None:
        for way in compared.WAYS:
            for name in compared.PROGRAMS:
                with self.assertRaises(LabError):
                    compared.parse(said(lacking=f"{way} {name} "))
        with self.assertRaises(LabError):
            compared.parse("")

    def test_lacking_count(self) -> None:
        for way in compared.WAYS:
            for name in compared.PROGRAMS:
                with self.assertRaisesRegex(LabError, f"none for {way} {name}"):
                    compared.parse_counts(counted(f"{way} {name} "))

    def test_exits(self) -> None:
        self.assertEqual(len(compared.wrong(compared.parse(said(exits="0.01")))), len(compared.PROGRAMS))
        self.assertEqual(len(compared.wrong(compared.parse(said().replace("2.00 64.5", "1.99 64.5")))), len(compared.PROGRAMS))

    def test_outcomes(self) -> None:
        said = "".join(f"{way}: a program, and what it does: right: ended (00c04007 0c 00 +0)\n" for way in compared.WAYS)
        outcomes = compared.parse_outcomes(said)
        self.assertEqual(compared.wrong_outcomes(outcomes), [])
        self.assertRegex(compared.table_of_outcomes(outcomes), r"a program, and what it does +ended +ended\n")
        other = compared.parse_outcomes(said.replace("module: a program, and what it does: right", "module: a program, and what it does: wrong"))
        self.assertEqual(compared.wrong_outcomes(other), ["a program, and what it does: ended"])
        self.assertRegex(compared.table_of_outcomes(other), r"a program, and what it does +ended \(!\) +ended\n")

    def test_lacking_outcome(self) -> None:
        for said in ("", "module: a: right: ended (0)", "vfio-ccw: a: right: ended (0)", "module: a: ended"):
            with self.assertRaises(LabError):
                compared.parse_outcomes(said)


if __name__ == "__main__":
    unittest.main()
