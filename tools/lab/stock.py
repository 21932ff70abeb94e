# SPDX-License-Identifier: GPL-2.0
"""Debian's stock s390x kernels: image, modules, and headers that build external modules here.

Debian's headers expect to be installed beside a linux-kbuild of their own architecture; here they lie in the
cache, beside a linux-kbuild whose programs run on this machine. If this machine's compiler doesn't know what such a
kernel is built with, the kernel's own compiler is fetched, too.
"""

import platform
import re
import shutil
import subprocess
from pathlib import Path

import cache
import compiler
import packages
import proc
import toolchain
from errors import LabError
from progress import say

# host: the Debian releases whose kernel it may have, the first that has one
RELEASES = {"debian14": ("forky", "sid"), "debian13": ("trixie",), "debian12": ("bookworm",)}
META = "linux-image-s390x"
RECIPE = "recipe 1"  # counted up when what is made of the packages changes

# Where a kernel of Linux 7 and newer looks for the guard of the stack protector, and notes who does
GUARD = ("-mstack-protector-guard=global", "-mstack-protector-guard-record")


def build(name: str, refresh: bool = False) -> Path:
    """The stage of a stock host: image, modules/REL, kdir; fetched if it isn't in the cache."""
    stage = cache.root() / "hosts" / name
    if not refresh and cache.have(f"hosts/{name}", RECIPE + ","):
        return stage
    *others, last = RELEASES[name]
    for release in others:
        try:
            return _from(name, release, refresh)
        except LabError as error:
            say(f"{name}: not from {release}, trying the next release; {str(error).splitlines()[0]}")
    return _from(name, last, refresh)


def _from(name: str, release: str, refresh: bool) -> Path:
    """The stage with the newest kernel of a release that the mirror has."""
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
    parts = _parts(archive, image)
    archive.extract([*parts, f"linux-headers-{release}", f"linux-headers-{common}"], root)
    shutil.move(_only(root, release, f"boot/vmlinuz-{release}", f"usr/lib/modules/{release}/vmlinuz"), tmp / "image")
    (tmp / "release").write_text(release)
    (tmp / "archive").write_text(archive.release)
    _modules(root, release, tmp)
    _headers(archive, root, release, common, tmp)
    shutil.copy(tmp / "kdir/.config", tmp / "config")
    cache.remove(root)


def _parts(archive: packages.Archive, image: str) -> list[str]:
    """The packages with kernel and modules: the image itself, or since Linux 7 those on which it depends."""
    release = image.removeprefix("linux-image-")
    depends = archive.show(image).get("Depends", "")
    return [image, *re.findall(rf"\blinux-(?:binary|modules)-{re.escape(release)}(?=[ ,]|$)", depends)]


def _only(root: Path, release: str, *places: str) -> Path:
    """That of these places in unpacked packages where there is something."""
    for place in places:
        if (root / place).exists():
            return root / place
    raise LabError(f"{Path(places[0]).name} in the packages of {release}", f"neither in {' nor in '.join(places)}")


def _modules(root: Path, release: str, tmp: Path) -> None:
    """lib/modules/REL with plain .ko files and indexes that busybox and kmod understand."""
    kernel = _only(root, release, f"usr/lib/modules/{release}/kernel", f"lib/modules/{release}/kernel")
    target = tmp / "root-modules/lib/modules" / release
    target.parent.mkdir(parents=True)
    shutil.move(kernel.parent, target)
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
    here = "$(dir $(lastword $(MAKEFILE_LIST)))"
    # Since Linux 7 the headers say where they are themselves.
    output = f"KBUILD_OUTPUT := $(realpath {here})\n" if "KBUILD_OUTPUT" in (kdir / "Makefile").read_text() else ""
    (kdir / "Makefile").write_text(f"{output}include {here}../{shared.name}/Makefile\n")
    (kdir / "vmlinux").unlink(missing_ok=True)  # only for BTF, which the lab leaves out
    _programs_of_make(kdir / ".kernelvariables")
    (tmp / "kdir").symlink_to(kdir.relative_to(tmp))


def _programs_of_make(variables: Path) -> None:
    """Let make's arguments say which compiler and linker build a module: Debian's headers have the last word otherwise."""
    lines = variables.read_text().splitlines(keepends=True)
    variables.write_text("".join(line for line in lines if not re.match(r"(override )?(CROSS_COMPILE|CC)\b", line)))


def _kbuild(archive: packages.Archive, release: str, tmp: Path) -> Path:
    """A linux-kbuild of the same kernel series whose programs run on this machine.

    The release's own one may need a newer C library than this machine's; then this machine's
    release may have one for the same series. If it hasn't, the release's own one gets the C library that it needs.
    """
    series = ".".join(release.split(".")[:2])
    tried = []
    for home in dict.fromkeys([archive.release, _machine_release()]):
        kbuild, name = _kbuild_of(home, series, release, tmp / "kbuild")
        lacking = _lacking(kbuild) if kbuild else "no such package"
        if kbuild and not lacking:
            say(f"{release}: built with {name}")
            return kbuild
        tried.append(f"{name} of {home}: {lacking}")
    kbuild, name = _kbuild_of(archive.release, series, release, tmp / "kbuild")
    if not kbuild:
        raise LabError(f"a linux-kbuild-{series} whose programs run on this machine", "; ".join(tried),
                       "use a machine with Debian 12 or newer")
    say(f"{release}: built with {name} and the C library of {archive.release}")
    compiler.make_run(_programs(kbuild), compiler.ensure(archive.release, _gcc_major(tmp / "src" / f"linux-headers-{release}")))
    return kbuild


def _kbuild_of(home: str, series: str, release: str, root: Path) -> tuple[Path | None, str]:
    """The linux-kbuild of a release of Debian, unpacked; None if it has none of that series."""
    own = packages.Archive(home, packages.machine_arch(), extra_pockets=("-backports",))
    names = own.names(rf"linux-kbuild-{re.escape(series)}(\..*)?")
    # Take the kernel's own if it is there, else the newest.
    names.sort(key=lambda name: (name == f"linux-kbuild-{release.removesuffix('-s390x')}",
                                 [int(number) for number in re.findall(r"\d+", name)]))
    if not names:
        return None, f"linux-kbuild-{series}"
    cache.remove(root)
    own.extract([names[-1]], root)
    return next(root.glob("usr/lib/linux-kbuild-*")), names[-1]


def _machine_release() -> str:
    return platform.freedesktop_os_release().get("VERSION_CODENAME", "")


def _programs(kbuild: Path) -> list[Path]:
    """The programs of a module build."""
    return [path for sub in ("basic", "mod", "genksyms")
            for path in sorted((kbuild / "scripts" / sub).glob("*"))
            if path.is_file() and path.read_bytes()[:4] == b"\x7fELF"]


def _lacking(kbuild: Path) -> str:
    """What the dynamic linker lacks for the programs of a module build; "" if it lacks nothing."""
    programs = _programs(kbuild)
    if not programs:
        return "no programs in it"
    done = subprocess.run(["ldd", *programs], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    lines = [line.strip() for line in done.stdout.splitlines() if "not found" in line]
    return lines[0] if lines else ""


def make_vars(stage: Path, kdir: Path) -> dict[str, str]:
    """The arguments of make for an external module that is built against these headers."""
    prefix, cc = toolchain.cross_compile(), toolchain.cc()
    config = (kdir / ".config").read_text().splitlines()
    if "CONFIG_CC_HAS_STACKPROTECTOR_GLOBAL=y" in config and not _knows(cc, *GUARD):
        release, major = (stage / "archive").read_text(), _gcc_major(kdir)
        prefix, cc = compiler.names(compiler.ensure(release, major), major)
    variables = {
        "ARCH": "s390",
        "CROSS_COMPILE": prefix,
        "CC": cc,
        # pahole may be older than the kernel's, and no lab program reads a module's BTF.
        "CONFIG_DEBUG_INFO_BTF_MODULES": "",
    }
    pahole = [line for line in config if line.startswith("CONFIG_PAHOLE_VERSION=")]
    if pahole and cc != toolchain.cc():
        # No pahole is called, but make would warn of another one, or of none.
        variables["PAHOLE_VERSION"] = pahole[0].split("=")[1]
    if "CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT=y" in config and not _knows(cc, "-fmin-function-alignment=8"):
        variables["CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT"] = ""
    return variables


def _gcc_major(kdir: Path) -> int:
    """The version of the compiler that the kernel was built with, like 16."""
    found = re.search(r"^CONFIG_GCC_VERSION=(\d+)\d{4}$", (kdir / ".config").read_text(), re.MULTILINE)
    if not found:
        raise LabError("CONFIG_GCC_VERSION in the configuration of a kernel", f"none in {kdir / '.config'}")
    return int(found[1])


def _knows(cc: str, *options: str) -> bool:
    """Does the compiler know these options?"""
    return subprocess.run([cc, *options, "-x", "c", "-c", "/dev/null", "-o", "/dev/null"],
                          stderr=subprocess.DEVNULL, timeout=60, check=False).returncode == 0
