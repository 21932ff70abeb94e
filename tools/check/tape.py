# SPDX-License-Identifier: GPL-2.0
"""css-tape: its build for s390x, and its tests, which run on this machine; some of them also as s390x programs."""

import shutil
import tempfile
from pathlib import Path

import libraries
import payload
import style
import toolchain
import unittests
from report import SKIPPED, Report

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


def unit_file(report: Report) -> None:
    """What systemd says of the unit file, where there is a systemd to ask."""
    if not shutil.which("systemd-analyze"):
        report.add("css-tape.service is one that systemd understands", SKIPPED, "there is no systemd-analyze")
        return
    with tempfile.TemporaryDirectory() as directory:
        unit = Path(directory) / "css-tape.service"
        unit.write_text((HERE / unit.name).read_text().replace("@sbindir@/css-tape", "/bin/true"))
        report.check("css-tape.service is one that systemd understands",
                     style.complaints(["systemd-analyze", "verify", "--man=no", unit]))


def run(report: Report) -> None:
    """The build, and the tests."""
    found = libraries.ensure()
    where = [f"LIBRARIES={found}"] if found else []
    place = payload.programs("tools/css-tape", "build/css-tape", *where)
    missing = [name for name in ("css-tape", "image-shell") if not (place / name).exists()]
    report.check("css-tape is built for s390x", f"no {missing}" if missing else "")
    unit_file(report)
    unittests.run(report, "css-tape", list(HERE.glob("test_*.py")))
    if not toolchain.native():
        on_s390x(report, place / "image-shell")
