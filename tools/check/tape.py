# SPDX-License-Identifier: GPL-2.0
"""css-tape: its build for s390x, and its tests, which run on this machine; some of them also as s390x programs."""

from pathlib import Path

import libraries
import payload
import toolchain
import unittests
from report import Report

TREE = Path(__file__).resolve().parents[2]
HERE = TREE / "tools/css-tape"
# Numbers in images are little endian, and s390x is not.
ON_S390X = ["test_image"]


def on_s390x(report: Report, program: Path) -> None:
    """Some of the tests again, with the program for s390x under an emulator."""
    import tape_case
    usual = tape_case.COMMAND
    tape_case.COMMAND = ["qemu-s390x", str(program)]
    try:
        unittests.run(report, "css-tape on s390x", [HERE / f"{name}.py" for name in ON_S390X])
    finally:
        tape_case.COMMAND = usual


def run(report: Report) -> None:
    """The build, and the tests."""
    place = libraries.ensure()
    where = [f"LIBRARIES={place}"] if place else []
    program = payload.programs("tools/css-tape", "build/css-tape", *where) / "image-shell"
    report.check("css-tape is built for s390x", "" if program.exists() else f"no {program}")
    unittests.run(report, "css-tape", list(HERE.glob("test_*.py")))
    if not toolchain.native():
        on_s390x(report, program)
