# SPDX-License-Identifier: GPL-2.0
"""Programs of Debian packages with the libraries that they are linked with, as a small root directory.

What a package depends on is much more than its programs need: of all that, only shared libraries are taken, and of
these only those that a program or another library asks for. They are all in usr/lib, where the dynamic linker looks
for them without a cache.
"""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import proc
from errors import LabError

LOADER = "ld64.so.1"
ELF = b"\x7fELF"


def is_elf(path: Path) -> bool:
    """Whether the file is a program or a library, and not a script or data."""
    with path.open("rb") as stream:
        return stream.read(4) == ELF


def libraries(whole: Path) -> dict[str, Path]:
    """Every shared library below a directory, by the name under which programs ask for it."""
    found: dict[str, Path] = {}
    for directory, _, files in os.walk(whole):
        for name in files:
            if ".so" in name and Path(directory, name).exists():
                found.setdefault(name, Path(directory, name))
    return found


def needed(program: Path) -> list[str]:
    """The libraries that a program or library is linked with."""
    return re.findall(r"\(NEEDED\).*\[(.+)\]", proc.output(["readelf", "-d", program]))


def take_libraries(programs: Iterable[Path], whole: Path, root: Path) -> None:
    """Copy what the programs are linked with, and the dynamic linker, from unpacked packages to root/usr/lib."""
    where = libraries(whole)
    target = root / "usr/lib"
    target.mkdir(parents=True, exist_ok=True)
    todo = {LOADER: "every program"}
    for program in programs:
        todo.update((name, program.name) for name in needed(program))
    done = set()
    while todo:
        name, user = todo.popitem()
        done.add(name)
        if name not in where:
            raise LabError(f"{name}, which {user} needs, among the packages that it depends on", "none")
        shutil.copy2(where[name], target / name)
        todo.update((more, name) for more in needed(where[name]) if more not in done)
