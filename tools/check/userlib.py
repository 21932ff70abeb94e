# SPDX-License-Identifier: GPL-2.0
"""libcss-user: its build for s390x, and its tests, which run on this machine."""

import shutil
from pathlib import Path

import example
import ktap
import payload
import proc
import toolchain
from builds import warnings
from errors import LabError
from report import Report

TREE = Path(__file__).resolve().parents[2]
HERE = TREE / "tools/libcss-user"
OUT = TREE / "build/libcss-user"


def ktap_of(report: Report, program: Path, name: str) -> None:
    """Run a program that prints KTAP."""
    said = program.with_suffix(".ktap")
    status = proc.run([program], log=said, what=str(program), timeout=60, check=False)
    for outcome in ktap.outcomes(said, name):
        report.add(outcome.name, outcome.result, outcome.detail)
    report.check(f"{name}: the tests ran to their end", "" if status in (0, 1) else f"status {status}, they said:\n{proc.tail(said)}")


def installed(report: Report, program: Path) -> None:
    """The program that user-devices.rst has, built with nothing but what is installed."""
    root = OUT / "installed"
    shutil.rmtree(root, ignore_errors=True)
    proc.run(["make", "-C", HERE, f"O={OUT}", f"CROSS_COMPILE={toolchain.cross_compile()}", f"DESTDIR={root}", "prefix=/usr",
              "install"], log=OUT / "install.log", what="make install")
    log = OUT / "example.log"
    try:
        proc.run([toolchain.cc(), "-std=gnu11", "-Wall", "-Wextra", "-I", root / "usr/include", "-o", OUT / program.stem, program,
                  "-L", root / "usr/lib", "-lcss-user"], log=log, what=program.name)
        said = warnings(log)
    except LabError as error:
        said = str(error)
    report.check(f"{program.name} of {example.USER_DOCUMENT.name} builds for s390x with the installed library", said)


def documented(report: Report) -> None:
    """The program that user-devices.rst has: its build, and what a guest finds."""
    program = example.write_program(OUT / "example")
    installed(report, program)
    proc.run(["make", "-C", HERE, f"O={OUT}", f"EXAMPLE={program}", "example"], log=OUT / "example-test.log",
             what="the test of the example")
    ktap_of(report, OUT / "example-test", program.name)


def run(report: Report) -> None:
    """The build, the tests with a fake unit, and the documented example."""
    place = payload.programs("tools/libcss-user", "build/libcss-user")
    library = place / "libcss-user.a"
    report.check("libcss-user is built for s390x", "" if library.exists() else f"no {library}")
    proc.run(["make", "-C", HERE, f"O={OUT}", "fake"], log=OUT / "fake.log", what="the tests of libcss-user")
    ktap_of(report, OUT / "test", "libcss-user")
    documented(report)
