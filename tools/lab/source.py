# SPDX-License-Identifier: GPL-2.0
"""The kernel's source as Debian has it, and the checkers that come with it.

Most kernels of the lab's own are of Debian 13's linux-source-6.12. That with the patches of tools/upstream is
of the release that they are for.

What no kernel of the lab can use (other architectures, graphics, network drivers, sound) is not
unpacked: it is most of the source.
"""

import re
from pathlib import Path

import cache
import packages
import proc

SERIES = "6.12"
# series: the release of Debian that has it, and where it lies in the cache
SOURCES = {SERIES: ("trixie", "linux-source"), "7.2": ("forky", "linux-source-7.2")}
RECIPE = "recipe 1"  # counted up when what is unpacked changes
OTHER_ARCHES = (  # than s390, um and x86
    "alpha", "arc", "arm", "arm64", "csky", "hexagon", "loongarch", "m68k", "microblaze", "mips",
    "nios2", "openrisc", "parisc", "powerpc", "riscv", "sh", "sparc", "xtensa",
)
# Kconfig and Makefiles stay, as Kconfig reads all of them.
NO_CODE = (
    "drivers/gpu", "drivers/media", "drivers/staging", "drivers/infiniband", "drivers/scsi",
    "drivers/usb", "drivers/iio", "drivers/clk", "drivers/pinctrl", "drivers/net/ethernet",
    "drivers/net/wireless", "drivers/accel", "drivers/crypto", "drivers/hwmon", "drivers/input",
    "sound", "fs/xfs", "fs/btrfs", "fs/smb", "fs/nfs", "fs/ocfs2", "fs/bcachefs",
)
NO_FILES = ("*.dts", "*.dtsi", "*.rst", "*.svg", "*/tools/testing/selftests", "*/Documentation/*.yaml",
            "*/Documentation/*.txt")


def package(series: str = SERIES) -> str:
    """Debian's package with the source of a series."""
    return f"linux-source-{series}"


def tree(series: str = SERIES, refresh: bool = False) -> Path:
    """The unpacked source, fetched if it isn't in the cache; with refresh, the newest there is."""
    release, place = SOURCES[series]
    if not refresh and cache.have(place, RECIPE + ","):
        return cache.root() / place / "linux"
    archive = packages.Archive(release, "s390x")
    archive.update(force=refresh)
    key = f"{RECIPE}, {package(series)} {archive.version(package(series))}"
    return cache.stage(place, key, lambda tmp: _unpack(archive, package(series), tmp)) / "linux"


def _unpack(archive: packages.Archive, name: str, tmp: Path) -> None:
    archive.extract([name], tmp / "deb")
    tarball = next((tmp / "deb/usr/src").glob("linux-source-*.tar.xz"))
    (tmp / "linux").mkdir()
    excludes = [f"--exclude=*/{where}/*.{end}" for where in NO_CODE for end in ("c", "h", "S")]
    excludes += [f"--exclude={pattern}" for pattern in NO_FILES]
    excludes += [f"--exclude=linux-source-*/arch/{arch}/*.{end}" for arch in OTHER_ARCHES
                 for end in ("c", "h", "S", "boot")]
    proc.run(["tar", "-x", "-f", tarball, "-C", tmp / "linux", "--strip-components=1",
              "--anchored", "--wildcards", "--wildcards-match-slash",
              *excludes], timeout=1200, what="unpacking the kernel source")
    cache.remove(tmp / "deb")


def version(series: str = SERIES) -> str:
    """The version of the source, like 6.12.57."""
    head = (tree(series) / "Makefile").read_text()
    numbers = dict(re.findall(r"^(\w+) = (\d+)", head, re.MULTILINE))
    return ".".join(numbers[name] for name in ("VERSION", "PATCHLEVEL", "SUBLEVEL"))


def checkpatch() -> Path:
    """scripts/checkpatch.pl"""
    return tree() / "scripts/checkpatch.pl"


def kernel_doc() -> Path:
    """scripts/kernel-doc"""
    return tree() / "scripts/kernel-doc"


def kunit_py() -> Path:
    """tools/testing/kunit/kunit.py, which parses KTAP"""
    return tree() / "tools/testing/kunit/kunit.py"
