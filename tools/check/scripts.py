# SPDX-License-Identifier: GPL-2.0
"""The project's Python and shell scripts: which files these are, what checkers say of them, and that checkers do.

A script is known by its extension or by its first line; a file that is sourced has neither a program to run it nor an
extension, and says "# shellcheck shell=sh".
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from report import Report

TREE = Path(__file__).resolve().parents[2]
PYTHON = re.compile(r"#!.*\bpython3?$")
SHELL = re.compile(r"\A#!.*\b(?:ba|da)?sh$|^# shellcheck shell=\w+$", re.MULTILINE)
# Files without an extension that are no scripts
OTHERS = re.compile(r"(?:.*/)?(?:COPYING|Kbuild|Makefile|\.git\w+)|tools/fuzz/corpus/.*|"
                    r"debian/(?:changelog|control|copyright|not-installed|rules|source/\w+)")
MYPY = ("mypy", "--scripts-are-modules", "--check-untyped-defs", "--disallow-untyped-defs", "--warn-redundant-casts",
        "--warn-unused-ignores", "--warn-unreachable", "--strict-equality", "--no-error-summary", "--no-color-output")
# What is sourced is looked for beside the script, and read too.
SHELLCHECK = ("shellcheck", "--external-sources", "--source-path=SCRIPTDIR", "--format=gcc")
SECONDS = 300


def head(path: Path) -> str:
    """The lines that say what a file is; "" if it is no text."""
    with path.open("rb") as stream:
        return "\n".join(stream.read(300).decode("utf-8", "replace").split("\n")[:4])


def is_python(path: Path) -> bool:
    return path.suffix == ".py" or not path.suffix and bool(PYTHON.match(head(path).split("\n")[0]))


def is_shell(path: Path) -> bool:
    return path.suffix in (".sh", ".bash") or not path.suffix and bool(SHELL.search(head(path)))


def said_by(argv: Sequence[str | Path], environment: dict[str, str] | None = None) -> str:
    """What a checker says; nothing when it is content."""
    done = subprocess.run(argv, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS,
                          env={**os.environ, **(environment or {})}, check=False)
    return done.stdout.strip() or (f"{argv[0]}: exit status {done.returncode}" if done.returncode else "")


# The checkers get scripts, and a directory for what they keep between runs.

def mypy(files: Sequence[Path], place: Path) -> str:
    """Types. A module is looked for wherever there is one."""
    paths = ":".join(sorted({str(path.parent) for path in files}))
    return said_by([*MYPY, f"--cache-dir={place}", *files], {"MYPYPATH": paths})


def pyflakes(files: Sequence[Path], _: Path) -> str:
    """Names: those that nothing uses, and those that nothing defines."""
    return said_by(["pyflakes3", *files])


def shellcheck(files: Sequence[Path], _: Path) -> str:
    """What a shell makes of a script."""
    return said_by([*SHELLCHECK, *files])


# Faults that the checkers must find: a script, and of each line what is to be said.
PLANTED = {
    "typed": ("#!/usr/bin/env python3", "number: int = 'text'", mypy, r":2: error: .*\[assignment\]"),
    "untyped": ("#!/usr/bin/env python3", "def nothing(argument): return argument", mypy, r":2: error: .*\[no-untyped-def\]"),
    "unused": ("#!/usr/bin/env python3", "import os", pyflakes, r":2:\d+:? .*'os' imported but unused"),
    "parsed": ("#!/usr/bin/env python3", "def (:", pyflakes, r":2:\d+:? .*invalid syntax"),
    "quoted": ("#!/bin/sh", "rm $1", shellcheck, r":2:\d+: .*\[SC2086\]"),
    "sourced": ("# shellcheck shell=sh", "echo ${a[0]}", shellcheck, r":2:\d+: .*\[SC3054\]"),
    "closed": ("#!/bin/busybox sh", "if true; then echo", shellcheck, r":\d+:\d+: error: .*\[SC1\d+\]"),
}


def planted(report: Report) -> None:
    """Each checker must find a fault of its kind in a script without an extension; otherwise its silence says nothing."""
    with tempfile.TemporaryDirectory(prefix="kvm-css-planted-") as name:
        place = Path(name)
        for file, (first, second, check, expected) in PLANTED.items():
            path = place / file
            path.write_text(f"{first}\n{second}\n")
            known = is_shell(path) if check is shellcheck else is_python(path)
            said = check([path], place / "cache")
            report.check(f"{check.__name__} finds the fault in a planted script: {second}",
                         "" if known and re.search(f"{file}{expected}", said) else
                         f"expected {expected!r}, found {said!r}" if known else f"{file} isn't taken for a script")


def run(report: Report, files: Sequence[Path]) -> None:
    """All scripts among these files of the project, and the checkers."""
    pythons = [path for path in files if is_python(path)]
    shells = [path for path in files if is_shell(path)]
    others = [str(path.relative_to(TREE)) for path in files if not path.suffix and path not in (*pythons, *shells)]
    report.check("every file without an extension says what it is",
                 "\n".join(name for name in others if not OTHERS.fullmatch(name)))
    place = report.path.parent / "mypy"
    report.check(f"pyflakes: {len(pythons)} scripts and modules", pyflakes(pythons, place))
    report.check(f"mypy: {len(pythons)} scripts and modules", mypy(pythons, place))
    for path in shells:
        report.check(f"shellcheck {path.relative_to(TREE)}", shellcheck([path], place))
    planted(report)
