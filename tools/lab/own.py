# SPDX-License-Identifier: GPL-2.0
"""The lab's own kernels, built from linux-source: debug and guest (s390x) and uml (this machine).

A configuration is allnoconfig plus a fragment in configs/. An interrupted build goes on where it
stopped. Of a finished build only what external modules and a boot need is kept.
"""

import os
import re
import shutil
from pathlib import Path

import cache
import proc
import source
import toolchain
from errors import LabError
from progress import say

CONFIGS = Path(__file__).resolve().parent / "configs"
BUILD_SECONDS = 3600
# name: (ARCH, make target, the image among the build's output)
KERNELS = {
    "debug": ("s390", "bzImage", "arch/s390/boot/bzImage"),
    "uml": ("um", "vmlinux", "vmlinux"),
    "guest": ("s390", "bzImage", "arch/s390/boot/bzImage"),
}


# What of the debug kernel KASAN needn't check: lockdep, which executes two thirds of all instructions there, and what
# walks the stack for every allocation. Of what a module has allocated they are given locks only, and whoever takes a lock
# is checked all the same, for spinlocks just after lockdep. make takes these from its command line for files of these
# names.
UNCHECKED = ("lockdep", "trace_preemptirq", "unwind_bc", "stacktrace", "extable", "tree_lookup")
VARIABLES = {"debug": {f"KASAN_SANITIZE_{name}.o": "n" for name in UNCHECKED}}

# Where a kernel lies in the cache, if not under its name. Checkouts share a cache: those from before the guest's had
# KUnit, and the debug one a lockdep without KASAN, would build them again and again.
PLACES = {"guest": "guest-kunit", "debug": "debug-lockdep"}


def place(name: str) -> str:
    """Where this kernel lies in the cache."""
    return f"kernels/{PLACES.get(name, name)}"


def make_vars(name: str) -> dict[str, str]:
    """The arguments of every make for this kernel: of its own build, and of external modules."""
    if KERNELS[name][0] == "s390":
        return {"ARCH": "s390", "CROSS_COMPILE": toolchain.cross_compile()}
    return {"ARCH": "um"}


def build(name: str) -> Path:
    """The stage of the kernel `name`: image, modules/, build/ (for external modules)."""
    fragment = CONFIGS / f"{name}.config"
    tree = source.tree()
    key = cache.digest(source.version(), fragment, KERNELS[name], KEEP, *([VARIABLES[name]] if name in VARIABLES else []))
    return cache.stage(place(name), key, lambda tmp: _build(name, tree, fragment, tmp), resume=True)


def _build(name: str, tree: Path, fragment: Path, tmp: Path) -> None:
    _, target, image = KERNELS[name]
    objects = tmp / "build"
    make: list[str | Path] = ["make", "-C", tree, f"O={objects}", f"-j{os.cpu_count()}",
            *(f"{key}={value}" for key, value in {**make_vars(name), **VARIABLES.get(name, {})}.items())]
    log = cache.logs() / f"kernel-{name}.log"
    if not (objects / ".config").exists():
        objects.mkdir(exist_ok=True)
        proc.run([*make, "allnoconfig"], env={"KCONFIG_ALLCONFIG": str(fragment)}, log=log,
                 timeout=300, what=f"configuring {name}")
        _check_config(fragment, objects / ".config")
    modular = "CONFIG_MODULES=y" in (objects / ".config").read_text().splitlines()
    say(f"building the {name} kernel {source.version()}: about {10 if modular else 4} minutes, log in {log}")
    proc.run([*make, target, *(["modules"] if modular else [])], log=log, timeout=BUILD_SECONDS,
             what=f"kernel {name}")
    release = (objects / "include/config/kernel.release").read_text().strip()
    if modular:
        proc.run([*make, "modules_install", f"INSTALL_MOD_PATH={tmp}/root", "DEPMOD=true"],
                 log=cache.logs() / f"kernel-{name}-install.log", timeout=600,
                 what=f"installing the modules of {name}")
        toolchain.depmod(tmp / "root", release)
    shutil.copy2(objects / image, tmp / "image")
    shutil.copy2(objects / "System.map", tmp / "System.map")
    shutil.copy2(objects / ".config", tmp / "config")
    (tmp / "release").write_text(release)
    if modular:
        prune(objects)
    else:
        cache.remove(objects)


def _check_config(fragment: Path, config: Path) -> None:
    """Kconfig silently drops options that it can't set; here that is an error."""
    granted = set(config.read_text().splitlines())
    dropped = [line for line in fragment.read_text().splitlines()
               if re.match(r"CONFIG_\w+=", line) and line not in granted]
    dropped += [line for line in fragment.read_text().splitlines()
                if (off := re.match(r"# (CONFIG_\w+) is not set", line))
                and any(have.startswith(off[1] + "=") for have in granted)]
    if dropped:
        config.unlink()
        raise LabError(f"every option of {fragment.name} granted by Kconfig",
                       "refused: " + ", ".join(dropped), f"correct {fragment}")


# What a build of external modules reads; all other output of the kernel build is removed.
KEEP = re.compile(
    r"(Makefile|\.config|Module\.symvers|source|\.missing-syscalls\.d)"
    r"|include/.*|arch/\w+/include/.*|arch/x86/.*\.h|scripts/.*"
    r"|tools/objtool/(objtool|fixdep)|tools/bpf/.*ids.*")
DROP = re.compile(r".*\.(o|a|cmd|d)$")


def prune(objects: Path) -> None:
    """Remove from a build's output what external modules don't need."""
    for directory, subdirs, files in os.walk(objects, topdown=False):
        for file in files:
            path = Path(directory, file)
            relative = str(path.relative_to(objects))
            if not KEEP.fullmatch(relative) or (DROP.fullmatch(relative)
                                                and not relative.startswith("scripts/")):
                path.unlink()
        for subdir in subdirs:
            path = Path(directory, subdir)
            # An empty include directory stays: the compiler is told of it, and W=1 wants it to exist.
            if not path.is_symlink() and not any(path.iterdir()) and "include" not in path.parts:
                path.rmdir()
