# SPDX-License-Identifier: GPL-2.0
"""Debian's QEMU for s390x, unmodified, as a small root directory for hosts.

It is the one of Debian 12 unless another is asked for, for all hosts alike; that of Debian 13 comes from Debian 12's
backports. It has to be started as a program of its own, not through the dynamic linker: by a mark in the program the
kernel sees that it wants page tables that KVM can use. With the directory at ROOT on the host, /lib/ld64.so.1,
/usr/lib and /usr/share/qemu are to be links into it; init/vm does that.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import programroot
from errors import LabError


@dataclass(frozen=True)
class Version:
    """Where a QEMU is to be had, and what it loads when a guest starts without a kernel, or from the network."""
    stage: str
    package: str
    pocket: str
    data: tuple[str, ...]


VERSIONS = {
    "debian12": Version("qemu", "qemu-system-misc", "",
                        ("usr/share/qemu/s390-ccw.img", "usr/share/qemu/s390-netboot.img")),
    # Its firmware boots from the network by itself.
    "debian13": Version("qemu-debian13", "qemu-system-s390x", programroot.BACKPORTS, ("usr/share/qemu/s390-ccw.img",)),
}
DEFAULT = "debian12"
PROGRAM = "usr/bin/qemu-system-s390x"
RECIPE = "recipe 1"  # counted up when what is kept changes


def ensure(name: str = DEFAULT) -> Path:
    """The root directory with the QEMU of that release."""
    if name not in VERSIONS:
        raise LabError(f"one of the QEMUs {', '.join(VERSIONS)}", repr(name))
    version = VERSIONS[name]

    def take(whole: Path, root: Path) -> Path:
        for path in (PROGRAM, *version.data):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(whole / path, root / path)
        return whole / PROGRAM

    return programroot.ensure(version.stage, RECIPE, version.package, take, version.pocket)
