# SPDX-License-Identifier: GPL-2.0
"""The host "hooked": Debian 14's stock kernel, whose KVM is built anew with the patches of tools/upstream.

KVM is a module, so nothing else of that kernel has to be built. The headers for other modules get what the patches
change in them, the option, and what this KVM exports.
"""

import os
import shutil
from pathlib import Path

import cache
import proc
import source
import stock
import toolchain
import upstream
from errors import LabError
from progress import say

BASE = "debian14"
OPTION = "CONFIG_KVM_S390_CSS"
MODULE = "arch/s390/kvm/kvm"
RECIPE = "recipe 1"  # counted up when what is made of the kernel changes
BUILD_SECONDS = 1800


def build() -> Path:
    """The stage: as that of the stock kernel, with another kvm.ko."""
    plain = stock.build(BASE)
    release = (plain / "release").read_text().strip()
    if not release.startswith(source.version(upstream.SERIES) + "+"):
        raise LabError(f"the source of {BASE}'s kernel, {release}", f"{source.package(upstream.SERIES)} "
                       f"{source.version(upstream.SERIES)}", f"tools/lab/lab fetch {BASE} hooked")
    key = f"{RECIPE}, {cache.digest(release, upstream.key())}"
    return cache.stage("hosts/hooked", key, lambda tmp: _build(plain, release, tmp))


def _build(plain: Path, release: str, tmp: Path) -> None:
    # Links: whatever changes is made anew.
    proc.run(["cp", "-al", *sorted(path for path in plain.iterdir() if path.name != cache.STAMP), tmp],
             timeout=300, what=f"linking {BASE}")
    kdir = (tmp / "kdir").resolve()
    shared = next(kdir.parent.glob("linux-headers-*-common"))
    _sources(upstream.tree(), shared)
    _option(kdir)
    place = shared / "arch/s390/kvm"
    say(f"building KVM with the patches of tools/upstream for {release}")
    make: list[str | Path] = ["make", "-C", kdir, f"M={place}", f"-j{os.cpu_count()}",
                              f"KCFLAGS=-Werror -I{place} -I{shared / 'virt/kvm'}",
                              *(f"{name}={value}" for name, value in stock.make_vars(tmp, kdir).items()), "modules"]
    proc.run(make, log=cache.logs() / "kvm-hooked.log", timeout=BUILD_SECONDS, what="KVM with the hook")
    proc.run([toolchain.cross_compile() + "strip", "--strip-debug", place / "kvm.ko"], what="stripping KVM")
    installed = next((tmp / "root-modules").rglob("kernel/arch/s390/kvm/kvm.ko"))
    installed.unlink()
    shutil.copy(place / "kvm.ko", installed)
    _exports(kdir / "Module.symvers", place / "Module.symvers")
    for path in [path for path in (*place.rglob("*"), *(shared / "virt").rglob("*")) if path.suffix in (".o", ".ko", ".mod", ".cmd")]:
        path.unlink()


def _sources(tree: Path, shared: Path) -> None:
    """KVM's own sources, and the headers of s390 that the patches change or add."""
    for directory in ("arch/s390/kvm", "virt/kvm"):
        shutil.copytree(tree / directory, shared / directory)
    for path in (tree / "arch/s390/include/asm").glob("kvm*.h"):
        target = shared / path.relative_to(tree)
        target.unlink(missing_ok=True)
        shutil.copy(path, target)


def _option(kdir: Path) -> None:
    """Switch the option on, as Kconfig would."""
    for name, line in ((".config", f"{OPTION}=y"), ("include/config/auto.conf", f"{OPTION}=y"),
                       ("include/generated/autoconf.h", f"#define {OPTION} 1")):
        _replace(kdir / name, (kdir / name).read_text() + line + "\n")


def _replace(path: Path, text: str) -> None:
    """Write a file that may be a link."""
    path.unlink()
    path.write_text(text)


def _exports(symvers: Path, of_kvm: Path) -> None:
    """What KVM exports: that of this KVM in place of the stock kernel's."""
    def fields(path: Path) -> list[list[str]]:
        return [line.split("\t") for line in path.read_text().splitlines()]
    others = [line for line in fields(symvers) if line[2] != MODULE]
    now = [[*line[:2], MODULE, *line[3:]] for line in fields(of_kvm)]
    _replace(symvers, "".join("\t".join(line) + "\n" for line in [*others, *now]))
