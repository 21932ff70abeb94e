# SPDX-License-Identifier: GPL-2.0
"""The project's Debian packages, built from this tree: on s390x as anybody does it, elsewhere cross."""

import shutil
from pathlib import Path

import cache
import chroot
import proc
import toolchain

TREE = Path(__file__).resolve().parents[2]
SCRIPT = TREE / "tools/packages/build.sh"
OUT = TREE / "build/packages"
# What debian/control asks for, and lintian
TOOLS = ["build-essential", "debhelper", "dh-dkms", "lintian"]
LIBRARIES = ["libbz2-dev", "libc6-dev", "zlib1g-dev"]


def _copy(place: Path) -> None:
    """The files of the project, also those not yet committed."""
    names = proc.output(["git", "ls-files", "-co", "--exclude-standard"], cwd=TREE).split("\n")
    for name in names:
        if name and (TREE / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TREE / name, place / name)


def build() -> Path:
    """Build the packages; the directory where they are, with what lintian says of them in "lintian"."""
    toolchain.ensure(toolchain.DEBS)
    cross = [] if toolchain.native() else ["gcc-s390x-linux-gnu"]
    root = chroot.archive("builder", [*TOOLS, *cross, *chroot.s390x(*LIBRARIES)])
    with cache.lock("packages", TREE / "build"):
        shutil.rmtree(OUT, ignore_errors=True)
        _copy(OUT / "source")
        chroot.run(root, SCRIPT, {"/out": OUT}, log=OUT / "build.log", what="the packages",
                   env={"CROSS": "" if toolchain.native() else "-as390x"})
    return OUT


def named(place: Path, name: str) -> Path:
    """The one package of that name in a directory."""
    return next(place.glob(f"{name}_*.deb"))
