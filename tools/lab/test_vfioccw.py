# SPDX-License-Identifier: GPL-2.0
"""Tests that vfio_ccw isn't built from a source with other structures than the kernel's."""

import unittest

import vfioccw

VERSIONS = {name: number * 0x1234567 for number, name in enumerate((*vfioccw.COMPARED, "hsch"), 1)}


def imports(**other: int) -> str:
    """What modpost writes; other are versions that the kernel has in place of these."""
    rows = "".join(f'\t{{ {version:#010x}, "{name}" }},\n' for name, version in {**VERSIONS, **other}.items())
    return f"static const struct modversion_info ____versions[]\n= {{\n{rows}\t{{ 0x1, \"kfree\" }},\n}};\n"


def exports(lacking: str = "") -> str:
    """What kbuild writes."""
    rows = "".join(f"#SYMVER {name} {version:#010x}\n" for name, version in VERSIONS.items() if name != lacking)
    return f"savedcmd_css.o := cc\n\n{rows}#SYMVER cio_start 0x00000002\n"


class VersionsTest(unittest.TestCase):
    def test_same(self) -> None:
        self.assertEqual(vfioccw.differing(imports(), exports()), [])

    def test_other(self) -> None:
        for name in VERSIONS:
            (wrong,) = vfioccw.differing(imports(**{name: 5}), exports())
            self.assertRegex(wrong, f"^{name}: 0x00000005 in the kernel, ")

    def test_lacking(self) -> None:
        self.assertEqual(vfioccw.differing(imports(), exports(lacking="hsch")), [])
        for name in vfioccw.COMPARED:
            self.assertEqual(vfioccw.differing(imports(), exports(lacking=name)), [f"{name}: not compared"])


if __name__ == "__main__":
    unittest.main()
