# SPDX-License-Identifier: GPL-2.0
"""The hosts of the lab: kernels to boot, and to build external modules against."""

from dataclasses import dataclass
from pathlib import Path

import cache
import hooked
import own
import source
import stock
import toolchain
import upstream
from errors import LabError

NAMES = {
    "debian14": "Debian 14's stock s390x kernel, as it is in Debian testing",
    "debian13": "Debian 13's stock s390x kernel",
    "debian12": "Debian 12's stock s390x kernel",
    "debug": "own s390x kernel with KASAN, lockdep, kmemleak and KUnit",
    "uml": "own user mode kernel with KASAN, lockdep and KUnit, runs on this machine",
    "hooked": "Debian 14's stock s390x kernel, and KVM with the patches of tools/upstream",
}
# What is only fetched and built if it is named
NAMED = ("hooked",)


@dataclass(frozen=True)
class Host:
    """A kernel in the cache.

    name:      what the lab calls it
    release:   uname -r
    image:     what Hercules or QEMU boots; of uml, the program to run
    modules:   .../lib/modules/REL with plain .ko files and modules.dep; None if it has none
    kdir:      for make -C, to build external modules
    make_vars: for make, to build external modules
    """
    name: str
    release: str
    image: Path
    modules: Path | None
    kdir: Path
    make_vars: dict[str, str]

    @property
    def series(self) -> str:
        """The kernel series, like 6.12."""
        return ".".join(self.release.split(".")[:2])

    @property
    def version(self) -> tuple[int, int]:
        """The same, for comparisons."""
        major, minor = self.series.split(".")
        return int(major), int(minor)


def ensure(name: str, refresh: bool = False) -> Host:
    """The host of that name, fetched or built if it isn't in the cache.

    With refresh, a newer kernel that Debian has published since replaces it.
    """
    if name not in NAMES:
        raise LabError(f"one of the hosts {', '.join(NAMES)}", repr(name))
    if refresh and name not in stock.RELEASES:
        source.tree(upstream.SERIES if name == "hooked" else source.SERIES, refresh=True)
    if name not in stock.RELEASES and name != "hooked":
        return own_kernel(name)
    toolchain.ensure()
    stage = hooked.build() if name == "hooked" else stock.build(name, refresh)
    kdir = (stage / "kdir").resolve()
    return _host(name, stage, stage / "root-modules", kdir, stock.make_vars(stage, kdir))


def own_kernel(name: str) -> Host:
    """One of the lab's own kernels: a host, or "guest", that of Linux guests."""
    toolchain.ensure()
    stage = own.build(name)
    return _host(name, stage, stage / "root", stage / "build", own.make_vars(name))


def _host(name: str, stage: Path, root: Path, kdir: Path, variables: dict[str, str]) -> Host:
    release = (stage / "release").read_text().strip()
    modules = root / "lib/modules" / release
    return Host(name, release, stage / "image", modules if modules.is_dir() else None, kdir, variables)


def in_cache(name: str) -> str:
    """The release of a host that is in the cache, or ""."""
    stage = cache.root() / (f"hosts/{name}" if name == "hooked" or name in stock.RELEASES else own.place(name))
    note = stage / "release"
    return note.read_text().strip() if note.exists() else ""
