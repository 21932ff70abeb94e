# SPDX-License-Identifier: GPL-2.0
"""Whatever becomes of a unit test is told."""

import tempfile
import unittest
from pathlib import Path

import report
import unittests

SAMPLE = """
import unittest

class Sample(unittest.TestCase):
    def test_good(self):
        with self.subTest(number=0):
            pass

    def test_wrong(self):
        self.fail()

    def test_error(self):
        raise ValueError

    @unittest.skip("because")
    def test_skipped(self):
        pass

    def test_parts(self):
        for number in range(3):
            with self.subTest(number=number):
                self.assertNotEqual(number, 1)

class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise ValueError

    def test_never(self):
        pass
"""


class UnittestsTest(unittest.TestCase):
    def told(self, text: str) -> set[tuple[str, str]]:
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / f"test_sample_{abs(hash(text))}.py"
            path.write_text(text)
            outcomes = report.Report(Path(name) / "outcomes")
            unittests.run(outcomes, "x", [path])
            module = path.stem.removeprefix("test_") + "."
            return {(one.name.removeprefix("x: ").removeprefix(module), one.result) for one in report.read(outcomes.path)}

    def test_all_is_told(self) -> None:
        found = self.told(SAMPLE)
        broken = {one for one in found if "setUpClass" in one[0]}
        self.assertEqual({result for _, result in broken}, {report.FAILED})
        self.assertEqual(found - broken, {
            ("Sample.test_good", report.PASSED), ("Sample.test_wrong", report.FAILED), ("Sample.test_error", report.FAILED),
            ("Sample.test_skipped", report.SKIPPED), ("Sample.test_parts (number=1)", report.FAILED)})

    def test_no_module(self) -> None:
        self.assertEqual({result for _, result in self.told("import nothing_of_that_name")}, {report.FAILED})


if __name__ == "__main__":
    unittest.main()
