# SPDX-License-Identifier: GPL-2.0
"""Debian's stock s390x kernels: image, modules, and headers that build external modules here.

Debian's headers expect to be installed beside a linux-kbuild of their own architecture; here they lie in the
cache, beside a linux-kbuild whose programs run on this machine.
"""

import platform
import re
import shutil
import subprocess
from pathlib import Path

import cache
import packages
import proc
import toolchain
from errors import LabError
from progress import say

# host: the Debian release whose kernel it has
RELEASES = {"debian13": "trixie", "debian12": "bookworm"}
META = "linux-image-s390x"
RECIPE = "recipe 1"  # counted up when what is made of the packages changes


def build(name: str, refresh: bool = False) -> Path:
    """The stage of a stock host: image, modules/REL, kdir; fetched if it isn't in the cache."""
    stage = cache.root() / "hosts" / name
    if not refresh and cache.have(f"hosts/{name}", RECIPE + ","):
        return stage
    release = RELEASES[name]
    archive = packages.Archive(release, "s390x")
    archive.update(force=refresh)
    *newer, oldest = archive.versions(archive.resolve(META))
    for image in newer:
        try:
            return _stage(name, archive, image)
        except packages.Unavailable:
            say(f"{image}: the mirror lists it and doesn't have it, trying the one before")
    return _stage(name, archive, oldest)


def _stage(name: str, archive: packages.Archive, image: str) -> Path:
    key = f"{RECIPE}, {image} {archive.version(image)}"
    return cache.stage(f"hosts/{name}", key, lambda tmp: _build(archive, image, tmp))


def _build(archive: packages.Archive, image: str, tmp: Path) -> None:
    release = image.removeprefix("linux-image-")
    common = release.removesuffix("-s390x") + "-common"
    say(f"{release}: kernel, modules and headers")
    root = tmp / "root"
    archive.extract([image, f"linux-headers-{release}", f"linux-headers-{common}"], root)
    shutil.move(root / f"boot/vmlinuz-{release}", tmp / "image")
    shutil.move(root / f"boot/config-{release}", tmp / "config")
    (tmp / "release").write_text(release)
    _modules(root, release, tmp)
    _headers(archive, root, release, common, tmp)
    cache.remove(root)


def _modules(root: Path, release: str, tmp: Path) -> None:
    """lib/modules/REL with plain .ko files and indexes that busybox and kmod understand."""
    found = [root / sub / release for sub in ("usr/lib/modules", "lib/modules")
             if (root / sub / release / "kernel").is_dir()]
    if not found:
        raise LabError(f"modules of {release} in its package", "neither in lib nor in usr/lib")
    target = tmp / "root-modules/lib/modules" / release
    target.parent.mkdir(parents=True)
    shutil.move(found[0], target)
    packed = list(target.rglob("*.ko.xz"))
    if packed:
        say(f"{release}: unpacking {len(packed)} modules")
        proc.run(["xz", "-d", "-T0", "--", *packed], what="unpacking modules")
    toolchain.depmod(tmp / "root-modules", release)
    index = target / "modules.dep"
    kvm = re.search(r"^\S*/kvm\.ko:", index.read_text(), re.MULTILINE)
    if not kvm:
        raise LabError(f"kvm.ko among the modules of {release}", f"not in {index}",
                       "this kernel can't be a host")


def _headers(archive: packages.Archive, root: Path, release: str, common: str, tmp: Path) -> None:
    """The headers, rewritten to find each other and linux-kbuild in the cache."""
    src = tmp / "src"
    src.mkdir()
    kdir, shared = src / f"linux-headers-{release}", src / f"linux-headers-{common}"
    shutil.move(root / "usr/src" / kdir.name, kdir)
    shutil.move(root / "usr/src" / shared.name, shared)
    for arch in (shared / "arch").iterdir():
        if arch.is_dir() and arch.name != "s390":
            cache.remove(arch)
    kbuild = _kbuild(archive, release, tmp)
    for directory in (kdir, shared):
        for name in ("scripts", "tools"):
            (directory / name).unlink()
            (directory / name).symlink_to(Path("../..") / kbuild.relative_to(tmp) / name)
    (kdir / "Makefile").write_text(
        f"include $(dir $(lastword $(MAKEFILE_LIST)))../{shared.name}/Makefile\n")
    (kdir / "vmlinux").unlink(missing_ok=True)  # only for BTF, which the lab leaves out
    (tmp / "kdir").symlink_to(kdir.relative_to(tmp))


def _kbuild(archive: packages.Archive, release: str, tmp: Path) -> Path:
    """A linux-kbuild of the same kernel series whose programs run on this machine.

    The release's own one may need a newer C library than this machine's; then this machine's
    release may have one for the same series.
    """
    series = ".".join(release.split(".")[:2])
    arch = packages.machine_arch()
    tried = []
    for home in dict.fromkeys([archive.release, _machine_release()]):
        own = packages.Archive(home, arch, extra_pockets=("-backports",))
        names = own.names(rf"linux-kbuild-{re.escape(series)}(\..*)?")
        # Try the kernel's own first, then the newest.
        names.sort(key=lambda name: (name == f"linux-kbuild-{release.removesuffix('-s390x')}",
                                     [int(number) for number in re.findall(r"\d+", name)]))
        for name in reversed(names[-1:]):
            root = tmp / "kbuild"
            cache.remove(root)
            own.extract([name], root)
            kbuild = next(root.glob("usr/lib/linux-kbuild-*"))
            lacking = _lacking(kbuild)
            if not lacking:
                say(f"{release}: built with {name}")
                return kbuild
            tried.append(f"{name} of {home}: {lacking}")
    raise LabError(f"a linux-kbuild-{series} whose programs run on this machine",
                   "; ".join(tried) or "no such package",
                   "use a machine with Debian 12 or newer")


def _machine_release() -> str:
    return platform.freedesktop_os_release().get("VERSION_CODENAME", "")


def _lacking(kbuild: Path) -> str:
    """The libraries that the dynamic linker lacks for the programs of a module build; "" if it lacks none."""
    programs = [path for sub in ("basic", "mod", "genksyms")
                for path in sorted((kbuild / "scripts" / sub).glob("*"))
                if path.is_file() and path.read_bytes()[:4] == b"\x7fELF"]
    if not programs:
        return "no programs in it"
    done = subprocess.run(["ldd", *programs], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    lines = [line.strip() for line in done.stdout.splitlines() if "not found" in line]
    return lines[0] if lines else ""


def make_vars(kdir: Path) -> dict[str, str]:
    """The arguments of make for an external module that is built against these headers."""
    variables = {
        "ARCH": "s390",
        "CROSS_COMPILE": toolchain.cross_compile(),
        "CC": toolchain.cc(),
        # pahole may be older than the kernel's, and no lab program reads a module's BTF.
        "CONFIG_DEBUG_INFO_BTF_MODULES": "",
    }
    config = (kdir / ".config").read_text()
    if "CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT=y" in config and not _min_function_alignment():
        variables["CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT"] = ""
    return variables


def _min_function_alignment() -> bool:
    return subprocess.run(
        [toolchain.cc(), "-fmin-function-alignment=8", "-x", "c", "-c", "/dev/null", "-o", "/dev/null"],
        stderr=subprocess.DEVNULL, timeout=60, check=False).returncode == 0
