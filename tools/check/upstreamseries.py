# SPDX-License-Identifier: GPL-2.0
"""The patches of tools/upstream: each applies, is clean, and leaves a kernel whose KVM can be built."""

import os
from pathlib import Path

import cache
import hooked
import module
import own
import proc
import source
import upstream
from errors import LabError
from report import Report
from style import complaints

PLACE = module.TREE / "build/check/upstream"
OPTION = hooked.OPTION
MAKE_VARS = own.make_vars("guest")
CHECKED = ("W=1", "KCFLAGS=-Werror")
# What KVM needs on top of allnoconfig
FRAGMENT = ("CONFIG_64BIT=y", "CONFIG_MARCH_Z10=y", "CONFIG_MODULES=y", "CONFIG_VIRTUALIZATION=y", "CONFIG_KVM=m")
# It asks whether somebody maintains a new file. arch/s390/kvm/ and asm/kvm* have maintainers.
IGNORE = "FILE_PATH_CHANGES"


def run(report: Report) -> None:
    """Every patch, in the order of the series."""
    tree = PLACE / "linux"
    cache.remove(PLACE)
    PLACE.mkdir(parents=True)
    proc.run(["cp", "-a", source.tree(upstream.SERIES), tree], timeout=300, what="copying the kernel source")
    planted(report, tree)
    for path in upstream.patches():
        report.check(f"checkpatch {path.name}", checkpatch(tree, path))
        try:
            upstream.apply(tree, path)
        except LabError as error:
            report.failed(f"{path.name} applies to Linux {source.version(upstream.SERIES)}", str(error))
            return
        for answer in ("y", "n"):
            report.check(f"KVM builds after {path.name}, {OPTION}={answer}", built(tree, answer))
        for name in ("arch/s390/include/asm/kvm_css.h", "arch/s390/kvm/css.c"):
            report.check(f"kernel-doc {name} after {path.name}",
                         complaints([tree / "scripts/kernel-doc", "-none", "-Wall", name], tree))
    cache.remove(PLACE)


def checkpatch(tree: Path, path: Path) -> str:
    return complaints(["perl", "scripts/checkpatch.pl", "--no-tree", "--strict", "--terse", "--quiet", "--no-summary",
                       "--ignore", IGNORE, path], tree)


def planted(report: Report, tree: Path) -> None:
    """checkpatch must find a fault in a patch; otherwise its silence would say nothing."""
    wrong = PLACE / "wrong.patch"
    wrong.write_text(upstream.patches()[0].read_text().replace("\n+\treturn 0;\n", "\n+        return 0 ;\n", 1))
    report.check("checkpatch finds a fault in a patch", "" if checkpatch(tree, wrong) else "it said nothing")


def built(tree: Path, answer: str) -> str:
    """Build arch/s390/kvm, and css.c with all warnings. What was wrong, or ""."""
    objects = PLACE / f"objects-{answer}"
    log = PLACE / f"make-{answer}.log"
    (PLACE / "config").write_text("\n".join((*FRAGMENT, f"{OPTION}={answer}", "")))
    make: list[str | Path] = ["make", "-C", tree, f"O={objects}", f"-j{os.cpu_count()}",
                              *(f"{name}={value}" for name, value in MAKE_VARS.items())]
    objects.mkdir(exist_ok=True)
    try:
        proc.run([*make, "allnoconfig"], env={"KCONFIG_ALLCONFIG": str(PLACE / "config")}, log=log, timeout=300,
                 what="configuring KVM")
        if (f"{OPTION}=y" in (objects / ".config").read_text().splitlines()) != (answer == "y"):
            return f"expected {OPTION}={answer}, found another answer in {objects / '.config'}"
        proc.run([*make, "KCFLAGS=-Werror", "arch/s390/kvm/"], log=log, timeout=900, what="KVM")
        if answer == "y":
            (objects / "arch/s390/kvm/css.o").unlink()
            proc.run([*make, *CHECKED, "arch/s390/kvm/css.o"], log=log, timeout=300, what="css.c")
    except LabError as error:
        return str(error)
    return ""
