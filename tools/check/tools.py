# SPDX-License-Identifier: GPL-2.0
"""The tools that people start: that demo, bench, perf and flame do what they should, and that the lab's shell is one."""

import re
from pathlib import Path

import proc
import unittests
from report import Report

TREE = Path(__file__).resolve().parents[2]
MEASURE = TREE / "tools/bench/measure"
SHELL_TEST = TREE / "tools/lab/test_shell.py"
# What make starts, and by which tools of measure
MEASURES = {"demo": "demo", "bench": "bench disks eckd", "perf": "perf", "flame": "flame", "lent": "lent"}
# What isn't measured here: eckd does what disks does, with devices that the scenarios of Linux guests test; lent compares
# with another driver, which has to be built.
NOT_MEASURED = ("eckd", "lent")
HOST = "debian13"
ENDED = re.compile(r"^(\w+): (PASS|FAIL)$", re.MULTILINE)


def targets(report: Report) -> None:
    """make starts the same program that measure() does."""
    for name, tools in MEASURES.items():
        started = proc.output(["make", "-n", "--no-print-directory", name, f"HOST={HOST}", "SHORT=1"], cwd=TREE).strip()
        expected = f"{MEASURE} --host {HOST} --short {tools}"
        report.check(f"make {name} starts it", "" if started == expected else f"expected {expected!r}, found {started!r}")


def measure(report: Report) -> None:
    """All on one boot, with few rounds; they say themselves whether each of their figures is there."""
    targets(report)
    log = TREE / "build/check/measured"
    names = [name for name in " ".join(MEASURES.values()).split() if name not in NOT_MEASURED]
    status = proc.run([MEASURE, "--host", HOST, "--short", *names], log=log, timeout=800, what=", ".join(names), check=False)
    said = log.read_text(errors="replace")
    ended = dict(ENDED.findall(said))
    # What bench counts has a verdict of its own.
    for name in ("insn", *names):
        complaints = "\n".join(re.findall(rf"^{name}: .*$", said, re.MULTILINE))
        report.check(f"{HOST}: {name} has measured every figure",
                     "" if ended.get(name) == "PASS" else complaints or "it didn't end")
    report.check(f"{HOST}: they end with status 0",
                 f"status {status}; all they said is in {log}:\n{proc.tail(log)}" if status else "")


def shell(report: Report) -> None:
    """`lab shell`, through a terminal."""
    unittests.run(report, "lab", [SHELL_TEST])
