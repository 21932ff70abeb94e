# SPDX-License-Identifier: GPL-2.0
"""Root directories with Debian in which packages are built and installed, without touching this machine.

Each is an archive in the cache. To run something in it, it is unpacked into memory, in namespaces that end with the
command, and with it all that was mounted and written there.
"""

import os
import platform
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import cache
import packages
import proc
import toolchain
from errors import LabError

HERE = Path(__file__).resolve().parent
# The releases that the lab knows, the oldest first
RELEASES = ["bookworm", "trixie"]
TRIMMED = ("usr/share/doc", "usr/share/info", "usr/share/locale", "usr/share/man", "var/cache/apt")
RECIPE = "recipe 1"
MAKE_SECONDS = 1800


def namespaces() -> list[str]:
    """How a command gets namespaces in which it is root and may mount."""
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--ipc", "--uts"]
    return command if os.geteuid() == 0 else [*command, "--user", "--map-root-user", "--map-auto"]


def obstacle() -> str:
    """Why nothing can be run in a root directory here; "" if it can."""
    done = subprocess.run([*namespaces(), "mount", "-t", "tmpfs", "none", "/tmp"], stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    if not done.returncode:
        return ""
    return ("expected to be allowed to make namespaces and mount in them, as root or as a user with subordinate IDs "
            f"(/etc/subuid, /etc/subgid, the package uidmap); found: {done.stdout.strip()}")


def release() -> str:
    """The release of such directories: this machine's, for which the lab has chosen the headers of its hosts."""
    own = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    return own if own in RELEASES else RELEASES[-1]


def s390x(*names: str) -> list[str]:
    """The names of packages for s390x in such a directory, which has them beside this machine's."""
    return list(names) if toolchain.native() else [f"{name}:s390x" for name in names]


def archive(name: str, include: Sequence[str]) -> Path:
    """A root directory with these packages and what they need; its archive."""
    key = cache.digest(RECIPE, release(), sorted(include))
    return cache.stage(f"chroots/{name}", key, lambda tmp: _make(include, tmp)) / "root.tar.zst"


def _make(include: Sequence[str], tmp: Path) -> None:
    architectures = list(dict.fromkeys([packages.machine_arch(), "s390x"]))
    found = []
    for architecture in architectures:
        source = packages.Archive(release(), architecture)
        source.update()
        found.append({path.name: path for path in (source.dir / "sources").glob("*.sources")})
    sources = [path for name, path in sorted(found[0].items()) if all(name in other for other in found)]
    command = ["mmdebstrap", "--mode=root", "--variant=minbase", f"--architectures={','.join(architectures)}",
               f"--include={','.join(include)}", '--aptopt=APT::Sandbox::User "root"', "--dpkgopt=force-unsafe-io", "--skip=check/qemu",
               "--customize-hook=cd \"$1\" && rm -rf " + " ".join(f"{directory}/*" for directory in TRIMMED)]
    proc.run([*namespaces(), *command, release(), tmp / "root.tar.zst", *sources], env={"TMPDIR": str(tmp)},
             log=tmp / "log", timeout=MAKE_SECONDS, what=f"root directory with {release()}",
             remedy="if the mirror lacks a package that its index lists, try again later")


def run(root: Path, script: Path, binds: Mapping[str, Path], *, log: Path, what: str, timeout: float = 600,
        env: Mapping[str, str] | None = None) -> None:
    """Have chroot.sh run a script with the directory that is in an archive, and other directories bound into it."""
    wrong = obstacle()
    if wrong:
        raise LabError(wrong)
    with tempfile.TemporaryDirectory(prefix="kvm-css-root-") as place:
        pairs = [f"{inside}={outside}" for inside, outside in binds.items()]
        proc.run([*namespaces(), "sh", HERE / "chroot.sh", root, place, script, *pairs], log=log, timeout=timeout, env=env,
                 what=what)
