# SPDX-License-Identifier: GPL-2.0
"""Debian's perf for s390x, as a small root directory for hosts.

It is the one of Debian 12, for all hosts alike: a perf of one kernel records the tracepoints of any other one.
linux-perf depends on whole Perl and Python for its scripting. Only the program and the libraries that it
is linked with are kept. No chroot is needed to run it: with the directory at ROOT on the host,
ROOT/usr/lib/ld64.so.1 --library-path ROOT/usr/lib ROOT/usr/bin/perf ...
"""

import shutil
from pathlib import Path

import closure
import programroot
from errors import LabError

PACKAGE = "linux-perf"
RECIPE = "recipe 1"  # counted up when what is kept changes


def ensure() -> Path:
    """The root directory with perf."""
    return programroot.ensure("perf", RECIPE, PACKAGE, _take)


def _take(whole: Path, root: Path) -> Path:
    for sub in ("proc", "sys", "dev", "tmp", "usr/bin", "usr/lib"):
        (root / sub).mkdir(parents=True)
    (root / "lib").symlink_to("usr/lib")
    perf = _program(whole)
    shutil.copy2(perf, root / "usr/bin/perf")
    return perf


def _program(whole: Path) -> Path:
    """perf itself; in older releases usr/bin/perf is a script that looks for perf_VERSION."""
    found = [path for path in sorted((whole / "usr/bin").glob("perf*"))
             if not path.is_symlink() and closure.is_elf(path)]
    if not found:
        raise LabError("a perf program in the package linux-perf", "none in usr/bin")
    return found[-1]
