# SPDX-License-Identifier: GPL-2.0
"""cssctl: it is built for s390x, and its tests, which need none."""

import sys
import unittest
from pathlib import Path

import payload
from report import SKIPPED, Report

TREE = Path(__file__).resolve().parents[2]


class Result(unittest.TestResult):
    """Tells the report as the tests end."""

    def __init__(self, report: Report):
        super().__init__()
        self.report = report

    @staticmethod
    def _name(test: unittest.TestCase) -> str:
        return "cssctl: " + test.id().removeprefix("test_").removeprefix("cssctl.")

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        self.report.passed(self._name(test))

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802
        self.report.add(self._name(test), SKIPPED, reason)

    def addFailure(self, test: unittest.TestCase, err: tuple) -> None:  # noqa: N802
        super().addFailure(test, err)
        self.report.failed(self._name(test), self.failures[-1][1])

    def addError(self, test: unittest.TestCase, err: tuple) -> None:  # noqa: N802
        super().addError(test, err)
        self.report.failed(self._name(test), self.errors[-1][1])


def run(report: Report) -> None:
    place = payload.programs("tools/cssctl", "build/cssctl")
    report.check("cssctl is built for s390x", "" if (place / "cssctl").exists() else f"no {place}/cssctl")
    sys.path.insert(0, str(TREE / "tools/cssctl"))
    for name in sorted(path.stem for path in (TREE / "tools/cssctl").glob("test_*.py")):
        unittest.defaultTestLoader.loadTestsFromName(name).run(Result(report))
