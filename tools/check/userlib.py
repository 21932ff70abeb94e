# SPDX-License-Identifier: GPL-2.0
"""libcss-user: its build for s390x, and its tests, which run on this machine."""

from pathlib import Path

import ktap
import payload
import proc
from report import Report

TREE = Path(__file__).resolve().parents[2]
HERE = TREE / "tools/libcss-user"
OUT = TREE / "build/libcss-user"


def tests(report: Report) -> None:
    """The library with a fake unit."""
    proc.run(["make", "-C", HERE, f"O={OUT}", "fake"], log=OUT / "fake.log", what="the tests of libcss-user")
    said = OUT / "test.ktap"
    status = proc.run([OUT / "test"], log=said, what="libcss-user/test", check=False)
    for outcome in ktap.outcomes(said, "libcss-user"):
        report.add(outcome.name, outcome.result, outcome.detail)
    report.check("libcss-user: the tests ran to their end",
                 "" if status in (0, 1) else f"status {status}, they said:\n{proc.tail(said)}")


def run(report: Report) -> None:
    """The build, and the tests."""
    place = payload.programs("tools/libcss-user", "build/libcss-user")
    library = place / "libcss-user.a"
    report.check("libcss-user is built for s390x", "" if library.exists() else f"no {library}")
    tests(report)
