# SPDX-License-Identifier: GPL-2.0
"""What goes to a host: the module and the programs of the tree, built for it."""

import os
import shutil
from pathlib import Path

import cache
import module
import proc
import toolchain
from kernels import Host

TREE = Path(__file__).resolve().parents[2]


def programs(directory: str = "tools/selftests", out: str = "build/selftests", *variables: str) -> Path:
    """Build the s390x programs of a directory of the tree, with more variables for make; return where they are."""
    place = TREE / out
    with cache.lock("programs", place):
        proc.run(["make", "-C", TREE / directory, f"O={place}", f"CROSS_COMPILE={toolchain.cross_compile()}", *variables],
                 log=place / "make.log", what=directory)
    return place


def build(host: Host, name: str = "payload") -> Path:
    """An empty directory of that name for this host, but for kvm_css.ko."""
    place = TREE / "build" / host.name / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    shutil.copy(module.build(host, "module") / "drivers/s390/kvm_css/kvm_css.ko", place)
    return place


def selftests(host: Host) -> Path:
    """A directory with kvm_css.ko for this host and the selftests' programs."""
    place = build(host)
    for path in programs().iterdir():
        if path.is_file() and os.access(path, os.X_OK):
            shutil.copy(path, place)
    return place
