# SPDX-License-Identifier: GPL-2.0
"""Drives with units, see units_test.c."""

import re
import subprocess
import unittest

from tape_case import OUT, SANITIZERS, build


def setUpModule() -> None:  # noqa: N802
    build()


class Units(unittest.TestCase):
    def test_units(self) -> None:
        done = subprocess.run([OUT / "units-test"], env=SANITIZERS, capture_output=True, text=True, timeout=60, check=False)
        planned = re.search(r"^1\.\.(\d+)$", done.stdout, re.MULTILINE)
        self.assertTrue(planned, done.stderr)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(len(re.findall("^ok ", done.stdout, re.MULTILINE)), int(planned[1] if planned else 0), done.stdout)


if __name__ == "__main__":
    unittest.main()
