# SPDX-License-Identifier: GPL-2.0
"""Runs the Python tests of a directory, and adds each of them to the report."""

import sys
import unittest
from pathlib import Path
from types import TracebackType

from report import SKIPPED, Report

# As unittest hands it on
ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class Result(unittest.TestResult):
    """Adds a test to the report when it ends."""

    def __init__(self, report: Report, prefix: str):
        super().__init__()
        self.report = report
        self.prefix = prefix

    def _name(self, test: unittest.TestCase) -> str:
        return f"{self.prefix}: " + test.id().removeprefix("test_").removeprefix(f"{self.prefix}.")

    def addSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        self.report.passed(self._name(test))

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802
        self.report.add(self._name(test), SKIPPED, reason)

    def addFailure(self, test: unittest.TestCase, err: ExcInfo) -> None:  # noqa: N802
        super().addFailure(test, err)
        self.report.failed(self._name(test), self.failures[-1][1])

    def addError(self, test: unittest.TestCase, err: ExcInfo) -> None:  # noqa: N802
        super().addError(test, err)
        self.report.failed(self._name(test), self.errors[-1][1])

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase,  # noqa: N802
                   err: ExcInfo | None) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            known = self.failures if issubclass(err[0] or BaseException, test.failureException) else self.errors
            self.report.failed(self._name(subtest), known[-1][1])


def run(report: Report, prefix: str, files: list[Path]) -> None:
    """The tests in these files."""
    for path in sorted(files):
        if str(path.parent) not in sys.path:
            sys.path.insert(0, str(path.parent))
        unittest.defaultTestLoader.loadTestsFromName(path.stem).run(Result(report, prefix))
