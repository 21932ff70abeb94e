# SPDX-License-Identifier: GPL-2.0
"""The programs that this machine needs, as Debian packages."""

import os
import platform
import subprocess
from pathlib import Path
from typing import Sequence

import proc
from errors import LabError
from progress import say

COMMON = [
    "bc", "binutils", "bison", "ccache", "cpio", "dpkg-dev", "e2fsprogs", "flex", "gcc", "hercules", "kmod",
    "libbz2-dev", "libc6-dev", "libelf-dev", "libssl-dev", "make", "patch", "perl", "qemu-system-misc",
    "rsync", "sparse", "util-linux", "xz-utils", "zlib1g-dev", "debian-archive-keyring",
]
CROSS = ["gcc-s390x-linux-gnu", "libc6-dev-s390x-cross"]
# What the fuzzers are built and measured with; the lab itself needs none of it.
FUZZ = ["clang", "libclang-rt-dev", "llvm"]
# What executes the core an instruction at a time.
PATHLEN = ["qemu-user"]
# What makes and unpacks root directories, in which packages are built and installed.
DEBS = ["mmdebstrap", "openssl", "zstd"]
# A TN3270 client for scripts.
TERMINALS = ["s3270"]
# What reads the tools and the documents: types and names of Python, what a shell makes of a script, reStructuredText.
STYLE = ["mypy", "pyflakes3", "python3-docutils", "shellcheck"]


def native() -> bool:
    """Is this machine an s390x itself?"""
    return platform.machine() == "s390x"


def cross_compile() -> str:
    """The prefix of the compiler for s390x; empty on s390x."""
    return "" if native() else "s390x-linux-gnu-"


def cc() -> str:
    """The compiler for s390x."""
    return cross_compile() + "gcc"


def packages() -> list[str]:
    """The packages that must be installed."""
    return COMMON if native() else COMMON + CROSS


def missing(more: Sequence[str] = ()) -> list[str]:
    """Those of them, and of more, that aren't."""
    names = [*packages(), *more]
    found = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n", *names],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout
    installed = {line.split()[1] for line in found.splitlines() if line.startswith("installed ")}
    return [name for name in names if name not in installed]


def ensure(more: Sequence[str] = ()) -> None:
    """Install what is missing, of more too, as root; as anybody else say what to install."""
    names = missing(more)
    if not names:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    if os.geteuid() != 0:
        raise LabError("packages that the lab needs on this machine", "missing: " + " ".join(names),
                       "sudo " + " ".join(command))
    say("installing " + " ".join(names))
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    proc.run(["apt-get", "update", "-q"], env=env, timeout=600, what="apt-get update")
    proc.run(command, env=env, timeout=1800, what="apt-get install")
    names = missing(more)
    if names:
        raise LabError("all packages installed", "still missing: " + " ".join(names),
                       "is this machine's apt configuration complete?")


def depmod(root: Path, release: str) -> None:
    """Write the indexes of root/lib/modules/RELEASE, for kmod and busybox."""
    for link in ("build", "source"):
        (root / "lib/modules" / release / link).unlink(missing_ok=True)
    run_sbin(["depmod", "-b", root, release], what="depmod")


def run_sbin(argv: Sequence[str | Path], what: str, check: bool = True) -> int:
    """Run a program that may be in sbin, which a user who isn't root often hasn't in PATH; as proc.run()."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return proc.run(argv, env={"PATH": path}, what=what, check=check)
