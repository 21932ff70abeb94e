# SPDX-License-Identifier: GPL-2.0
"""Debian's QEMU for s390x, unmodified, as a small root directory for hosts.

It is the one of Debian 12, for all hosts alike. It has to be started as a program of its own, not through the dynamic
linker: by a mark in the program the kernel sees that it wants page tables that KVM can use. With the directory at
ROOT on the host, /lib/ld64.so.1, /usr/lib and /usr/share/qemu are to be links into it; init/vm does that.
"""

import shutil
from pathlib import Path

import programroot

PACKAGE = "qemu-system-misc"
PROGRAM = "usr/bin/qemu-system-s390x"
# What it loads when a guest starts without a kernel of its own, or from the network.
DATA = ("usr/share/qemu/s390-ccw.img", "usr/share/qemu/s390-netboot.img")
RECIPE = "recipe 1"  # counted up when what is kept changes


def ensure() -> Path:
    """The root directory with QEMU."""
    return programroot.ensure("qemu", RECIPE, PACKAGE, _take)


def _take(whole: Path, root: Path) -> Path:
    for name in (PROGRAM, *DATA):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(whole / name, root / name)
    return whole / PROGRAM
