# SPDX-License-Identifier: GPL-2.0
"""vfio-ccw for a stock host, to compare it with the module: Debian's kernels have VFIO, but neither vfio_ccw.ko nor mdev.ko.

Both are built as external modules from the source that Debian has of the same series (source.py). vfio_ccw knows private
structures of drivers/s390/cio, which may differ between that source and the host's kernel. So the files that export
what it imports are compiled as well, and the versions that genksyms computes of these symbols must be the kernel's.
"""

import re
from pathlib import Path

import cache
import module
import source
from errors import LabError
from kernels import Host

WHAT = "tools/lab/vfio-ccw"
DIRECTORIES = ("drivers/s390/cio", "drivers/vfio/mdev")
MODULES = ("mdev", "vfio_ccw")
# What modprobe has to load before them
NEEDED = ("vfio", "vfio_iommu_type1")
# Compiled for their versions, see Kbuild; and some symbols that must have been compared, because they depend on structures
EXPORTERS = ("chp", "cio", "css", "ioasm")
COMPARED = ("css_driver_register", "cio_update_schib", "cio_irb", "ssch")

IMPORTED = re.compile(r'\{ (0x[0-9a-f]+), "(\w+)" \},')
EXPORTED = re.compile(r"^#SYMVER (\w+) (0x[0-9a-f]+)$", re.MULTILINE)


def build(host: Host) -> list[Path]:
    """The modules for a host, in the order in which they are loaded."""
    series = ".".join(source.version().split(".")[:2])
    if host.series != series:
        raise LabError(f"a host with a kernel of the source's series, {series}", f"{host.name} has {host.release}")
    place = module.farm(host, WHAT) / WHAT
    with cache.lock(f"{place.name}-sources", module.farm(host, WHAT)):
        link(source.tree(), place)
    module.build(host, WHAT)
    if wrong := differing((place / "vfio_ccw.mod.c").read_text(),
                          "".join((place / f".{name}.o.cmd").read_text() for name in EXPORTERS)):
        raise LabError(f"{source.package()} {source.version()} with the structures of {host.release}", "\n".join(wrong),
                       f"`tools/lab/lab fetch {host.name} debug` gets the newest of both")
    return [place / f"{name}.ko" for name in MODULES]


def link(tree: Path, place: Path) -> None:
    """Link the kernel's sources into the farm."""
    place.mkdir(parents=True, exist_ok=True)
    for directory in DIRECTORIES:
        for path in (tree / directory).glob("*.[ch]"):
            target = place / path.name
            if target.is_symlink() and target.readlink() != path:
                target.unlink()
            if not target.is_symlink():
                target.symlink_to(path)


def differing(imports: str, exports: str) -> list[str]:
    """The symbols that the kernel has in another version than the source.

    imports is a module's *.mod.c, with the kernel's versions; exports are the commands by which objects were made, to which
    kbuild adds the versions of what they export.
    """
    kernels = {name: version for version, name in IMPORTED.findall(imports)}
    sources = dict(EXPORTED.findall(exports))
    wrong = [f"{name}: {version} in the kernel, {sources[name]} in the source"
             for name, version in kernels.items() if name in sources and int(version, 16) != int(sources[name], 16)]
    return wrong + [f"{name}: not compared" for name in COMPARED if name not in kernels or name not in sources]
