# SPDX-License-Identifier: GPL-2.0
"""cssctl: it is built for s390x, and its tests, which need none."""

import shutil
import sys
import unittest
from pathlib import Path

import example
import payload
import proc
from builds import warnings
from errors import LabError
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


def documented(report: Report) -> None:
    """The kind of device that adding-a-device.rst adds, and the table with it, for this machine."""
    place = TREE / "build/cssctl-example"
    shutil.rmtree(place, ignore_errors=True)
    for directory in ("tools/cssctl", "include/uapi"):
        shutil.copytree(TREE / directory, place / directory)
    try:
        example.write(place)
        objects = [f"{place}/out/fake-obj/{name}.o" for name in ("kind_ticket", "kind")]
        proc.run(["make", "-C", place / "tools/cssctl", f"O={place}/out", *objects], log=place / "make.log",
                 what="cssctl with the example")
        said = warnings(place / "make.log")
    except LabError as error:
        said = str(error)
    report.check(f"the device of {example.DOCUMENT.name}: its kind for cssctl builds", said)


def run(report: Report) -> None:
    place = payload.programs("tools/cssctl", "build/cssctl")
    report.check("cssctl is built for s390x", "" if (place / "cssctl").exists() else f"no {place}/cssctl")
    documented(report)
    sys.path.insert(0, str(TREE / "tools/cssctl"))
    for name in sorted(path.stem for path in (TREE / "tools/cssctl").glob("test_*.py")):
        unittest.defaultTestLoader.loadTestsFromName(name).run(Result(report))
