# SPDX-License-Identifier: GPL-2.0
"""cssctl: its build for s390x, and its tests, which run on this machine."""

import shutil
from pathlib import Path

import example
import payload
import proc
import unittests
from builds import warnings
from errors import LabError
from report import Report

TREE = Path(__file__).resolve().parents[2]
HERE = TREE / "tools/cssctl"


def documented(report: Report) -> None:
    """The kind of device that adding-a-device.rst adds, and the table with it, for this machine."""
    place = TREE / "build/cssctl-example"
    shutil.rmtree(place, ignore_errors=True)
    for directory in ("tools/cssctl", "tools/libcss-user", "include/uapi", "include/kvm_css"):
        shutil.copytree(TREE / directory, place / directory)
    shutil.copy(TREE / "tools/programs.mk", place / "tools")
    try:
        example.write(place)
        objects = [f"{place}/out/test-obj/{name}.o" for name in ("kind_ticket", "kind")]
        proc.run(["make", "-C", place / "tools/cssctl", f"O={place}/out", *objects], log=place / "make.log",
                 what="cssctl with the example")
        said = warnings(place / "make.log")
    except LabError as error:
        said = str(error)
    report.check(f"the device of {example.DOCUMENT.name}: its kind for cssctl builds", said)


def run(report: Report) -> None:
    """The build, and the tests."""
    place = payload.programs("tools/cssctl", "build/cssctl")
    report.check("cssctl is built for s390x", "" if (place / "cssctl").exists() else f"no {place}/cssctl")
    documented(report)
    unittests.run(report, "cssctl", list(HERE.glob("test_*.py")))
