# SPDX-License-Identifier: GPL-2.0
"""css-3270: its build for s390x, and its tests, which run on this machine."""

from pathlib import Path

import ktap
import payload
import proc
import unittests
from report import Report

TREE = Path(__file__).resolve().parents[2]
HERE = TREE / "tools/css-3270"
OUT = TREE / "build/css-3270"
SEEDS = 3000


def tests(report: Report) -> None:
    """What calls a terminal's operations."""
    proc.run(["make", "-C", HERE, f"O={OUT}", "fake"], log=OUT / "fake.log", what="the tests of css-3270")
    said = OUT / "test.ktap"
    status = proc.run([OUT / "test"], log=said, what="css-3270/test", check=False)
    for outcome in ktap.outcomes(said, "css-3270"):
        report.add(outcome.name, outcome.result, outcome.detail)
    report.check("css-3270: the tests ran to their end",
                 "" if status in (0, 1) else f"status {status}, they said:\n{proc.tail(said)}")


def fuzz(report: Report) -> None:
    """A guest's commands and two clients' bytes, in any order."""
    said = OUT / "fuzz.log"
    status = proc.run([OUT / "fuzz", "1", str(SEEDS)], log=said, what="css-3270/fuzz", check=False)
    report.check(f"css-3270: {SEEDS} seeds of the fuzzer", f"it said:\n{proc.tail(said)}" if status else "")


def run(report: Report) -> None:
    """The build, and the tests."""
    program = payload.programs("tools/css-3270", "build/css-3270") / "css-3270"
    report.check("css-3270 is built for s390x", "" if program.exists() else f"no {program}")
    tests(report)
    fuzz(report)
    unittests.run(report, "css-3270", list(HERE.glob("test_*.py")))
