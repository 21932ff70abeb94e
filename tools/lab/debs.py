# SPDX-License-Identifier: GPL-2.0
"""The project's Debian packages, built from this tree: on s390x as anybody does it, elsewhere cross."""

import re
import shutil
from pathlib import Path

import cache
import chroot
import proc
import toolchain
from errors import LabError
from progress import say

TREE = Path(__file__).resolve().parents[2]
SCRIPT = TREE / "tools/packages/build.sh"
VERSION = TREE / "include/kvm_css/version.h"
OUT = TREE / "build/packages"
KEY = ".built-from"
# What debian/control asks for, and lintian
TOOLS = ["build-essential", "debhelper", "dh-dkms", "lintian"]
LIBRARIES = ["libbz2-dev", "libc6-dev", "zlib1g-dev"]


def release() -> str:
    """The release that this tree is."""
    found = re.search(r'^#define KVM_CSS_RELEASE\s+"(\d+(?:\.\d+)*)"$', VERSION.read_text(), re.MULTILINE)
    if not found:
        raise LabError(f"KVM_CSS_RELEASE, numbers with dots between them, in {VERSION.name}", VERSION.read_text())
    return found[1]


def next_release() -> str:
    """One that is higher."""
    *others, last = release().split(".")
    return ".".join([*others, str(int(last) + 1)])


def _files() -> list[str]:
    """The files of the project, also those not yet committed."""
    names = proc.output(["git", "ls-files", "-co", "--exclude-standard"], cwd=TREE).split("\n")
    return sorted(name for name in names if name and (TREE / name).is_file())


def _copy(names: list[str], place: Path) -> None:
    for name in names:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TREE / name, place / name)


def build(place: Path = OUT, following: str = "") -> Path:
    """Build the packages; the directory where they are, with what lintian says of them in "lintian".

    If a following release is named, the packages that the same sources are when they get that number are built as
    well, in "following". All of it stays until a file of the project is another one.
    """
    toolchain.ensure(toolchain.DEBS)
    cross = [] if toolchain.native() else ["gcc-s390x-linux-gnu"]
    root = chroot.archive("builder", [*TOOLS, *cross, *chroot.s390x(*LIBRARIES)])
    names = _files()
    with cache.lock("packages", TREE / "build"):
        key = cache.digest(root.parent / cache.STAMP, following, *(part for name in names for part in (name, TREE / name)))
        if (place / KEY).exists() and (place / KEY).read_text() == key:
            say(f"the packages in {place} are those of this tree")
            return place
        shutil.rmtree(place, ignore_errors=True)
        _copy(names, place / "source")
        chroot.run(root, SCRIPT, {"/out": place}, log=place / "build.log", what="the packages",
                   env={"CROSS": "" if toolchain.native() else "-as390x", "FOLLOWING": following})
        (place / KEY).write_text(key)
    return place


def named(place: Path, name: str) -> Path:
    """The one package of that name in a directory."""
    found = list(place.glob(f"{name}_*.deb"))
    if len(found) != 1:
        raise LabError(f"one package {name} in {place}", ", ".join(path.name for path in found) or "none")
    return found[0]
