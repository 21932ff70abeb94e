# SPDX-License-Identifier: GPL-2.0
"""The compiler for s390x of a newer Debian release, kept in the cache and run from there.

Its programs need a newer C library than this machine's may be. So they come with all the libraries that they are linked
with, and a script in the place of each program has the dynamic linker of that C library start it.
"""

import os
from pathlib import Path

import cache
import closure
import packages
import proc
from errors import LabError

TARGET = "s390x-linux-gnu"
DIRECTORIES = ("usr/bin", "usr/libexec")

# It takes the place of a program, which gets the suffix REAL.
REAL = ".real"
SCRIPT = """\
#!/bin/sh
exec {linker} --library-path {libraries} --argv0 "$0" "$(readlink -f "$0").real" "$@"
"""


def names(root: Path, major: int) -> tuple[str, str]:
    """CROSS_COMPILE and CC for make."""
    prefix = f"{root}/usr/bin/{TARGET}-"
    return prefix, f"{prefix}gcc-{major}"


def ensure(release: str, major: int) -> Path:
    """The root directory of the compiler of that version."""
    stage = f"compilers/{release}-gcc-{major}"
    final = cache.root() / stage / "root"
    if cache.have(stage, "recipe 1,"):
        return final
    archive = packages.Archive(release, packages.machine_arch())
    package = f"gcc-{major}-{TARGET}"
    key = f"recipe 1, {archive.version(package)}"

    def build(tmp: Path) -> None:
        root = tmp / "root"
        archive.extract(archive.closure([package]), root)
        programs = [Path(directory, name) for sub in DIRECTORIES for directory, _, files in os.walk(root / sub)
                    for name in files]
        make_run([path for path in programs if not path.is_symlink() and ".so" not in path.name and closure.is_elf(path)],
                 root, final)

    cache.stage(stage, key, build)
    return final


def make_run(programs: list[Path], root: Path, final: Path | None = None) -> None:
    """Have programs of this machine's architecture run with the libraries of a root directory.

    final is where that directory will be, if it isn't there yet.
    """
    where = final or root
    for program in programs:
        linker, libraries = _linker(program, root)
        program.rename(program.with_name(program.name + REAL))
        program.write_text(SCRIPT.format(linker=where / linker, libraries=where / libraries))
        program.chmod(0o755)


def _linker(program: Path, root: Path) -> tuple[Path, Path]:
    """The dynamic linker that a program asks for and the directory of its libraries, both below the root directory."""
    said = proc.output(["readelf", "-lW", program])
    if "[Requesting program interpreter: " not in said:
        raise LabError(f"{program.name} to be linked dynamically", "it isn't")
    name = Path(said.split("[Requesting program interpreter: ")[1].split("]")[0]).name
    for directory in sorted(root.glob("usr/lib/*-linux-*")):
        if (directory / name).exists() and (directory / "libc.so.6").exists():
            return (directory / name).relative_to(root), directory.relative_to(root)
    raise LabError(f"{name} among the packages of the compiler", "none")
