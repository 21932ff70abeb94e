# SPDX-License-Identifier: GPL-2.0
"""The initrd that a host boots with: busybox, /init, kernel modules and the payload.

An uncompressed cpio archive in "newc" format, written here: it needs no root for its device nodes, and
it is not compressed because the host would pay for that under emulation.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import cache
import packages
from errors import LabError

INIT_DIR = Path(__file__).parent / "init"

# What a host needs to bring results back, what the product needs, and what tests commonly need. Present where the
# kernel has them as modules; a host that has one built in or not at all boots as well.
USUAL_MODULES = ("kvm", "dasd_mod", "dasd_fba_mod", "dasd_eckd_mod", "loop", "virtio_blk", "ext4",
                 "crc32c_generic", "null_blk")

BLOCK = 512

# The end of a signed module: the signature, a header of 12 bytes that ends in its length, and this.
SIGNATURE_MAGIC = b"~Module signature appended~\n"
SIGNATURE_HEADER = 12


class Cpio:
    """A cpio archive under construction."""

    def __init__(self, out: BinaryIO):
        self._out = out
        self._inode = 0
        self._dirs: set[str] = set()

    def _entry(self, name: str, mode: int, size: int, rdev: tuple[int, int] = (0, 0)) -> None:
        self._inode += 1
        encoded = name.encode() + b"\0"
        fields = (self._inode, mode, 0, 0, 1, 0, size, 0, 0, *rdev, len(encoded), 0)
        header = b"070701" + b"".join(b"%08X" % field for field in fields)
        self._out.write(header + encoded)
        self._pad(len(header) + len(encoded))

    def _pad(self, length: int) -> None:
        self._out.write(b"\0" * (-length % 4))

    def directory(self, name: str) -> None:
        """Add a directory and its parents, once."""
        path = ""
        for part in name.strip("/").split("/"):
            path = f"{path}/{part}".lstrip("/")
            if path not in self._dirs:
                self._dirs.add(path)
                self._entry(path, stat.S_IFDIR | 0o755, 0)

    def _parent(self, name: str) -> None:
        if "/" in name:
            self.directory(name.rsplit("/", 1)[0])

    def data(self, name: str, content: bytes, mode: int = 0o644) -> None:
        """Add a regular file with this content."""
        self._parent(name)
        self._entry(name, stat.S_IFREG | mode, len(content))
        self._out.write(content)
        self._pad(len(content))

    def symlink(self, name: str, target: str) -> None:
        """Add a symbolic link."""
        self._parent(name)
        encoded = target.encode()
        self._entry(name, stat.S_IFLNK | 0o777, len(encoded))
        self._out.write(encoded)
        self._pad(len(encoded))

    def device(self, name: str, major: int, minor: int) -> None:
        """Add a character device node."""
        self._parent(name)
        self._entry(name, stat.S_IFCHR | 0o600, 0, (major, minor))

    def module(self, name: str, source: Path) -> None:
        """Add a kernel module without its signature: checking that takes seconds under emulation."""
        self.data(name, _without_signature(source.read_bytes()))

    def file(self, name: str, source: Path) -> None:
        """Add a copy of a file; its executable bits stay as they are."""
        mode = 0o755 if source.stat().st_mode & 0o111 else 0o644
        self.data(name, source.read_bytes(), mode)

    def tree(self, name: str, source: Path) -> None:
        """Add a copy of a directory tree. Links stay links."""
        self.directory(name)
        for where, dirs, files in os.walk(source):
            dirs.sort()
            base = f"{name}/{Path(where).relative_to(source)}".removesuffix("/.")
            self.directory(base)
            for entry in sorted(dirs + files):
                path = Path(where) / entry
                if path.is_symlink():
                    self.symlink(f"{base}/{entry}", os.readlink(path))
                elif path.is_file():
                    self.file(f"{base}/{entry}", path)
                elif not path.is_dir():
                    raise LabError("files, directories and links in a payload", f"{path} is neither")

    def end(self) -> None:
        """Write the trailer."""
        self._entry("TRAILER!!!", 0, 0)
        self._out.write(b"\0" * (-self._out.tell() % BLOCK))


def busybox(release: str = "trixie") -> Path:
    """Debian's static busybox for s390x."""
    version = packages.Archive(release, "s390x").version("busybox-static")

    def build(directory: Path) -> None:
        packages.extract(release, ["busybox-static"], directory)

    root = cache.stage("busybox", cache.digest(version), build)
    for path in ("usr/bin/busybox", "bin/busybox"):
        if (root / path).is_file():
            return root / path
    raise LabError("busybox in Debian's package busybox-static", f"none below {root}")


class Modules:
    """The kernel modules of a host, as modules.dep lists them."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.release = directory.name
        self._needs: dict[str, list[str]] = {}
        self._path: dict[str, str] = {}
        for line in (directory / "modules.dep").read_text().splitlines():
            path, _, needs = line.partition(":")
            self._path[_module_name(path)] = path
            self._needs[path] = needs.split()
        builtin = directory / "modules.builtin"
        listed = builtin.read_text().splitlines() if builtin.exists() else []
        self._builtin = {_module_name(path) for path in listed}

    def closure(self, names: Iterable[str], required: bool) -> list[str]:
        """The paths of these modules and of all that they need."""
        paths: dict[str, None] = {}
        for name in names:
            key = _module_name(name)
            if key in self._path:
                path = self._path[key]
                paths.update(dict.fromkeys([*self._needs[path], path]))
            elif required and key not in self._builtin:
                raise LabError(f"kernel module {name} for {self.release}",
                               "neither in modules.dep nor in modules.builtin",
                               "leave it out, or choose a host whose kernel has it")
        return list(paths)

    def dep_lines(self, paths: Iterable[str]) -> Iterator[str]:
        """modules.dep for just these modules."""
        for path in paths:
            yield f"{path}: {' '.join(self._needs[path])}".rstrip() + "\n"


def _without_signature(module: bytes) -> bytes:
    if not module.endswith(SIGNATURE_MAGIC):
        return module
    header = len(module) - len(SIGNATURE_MAGIC) - SIGNATURE_HEADER
    length = int.from_bytes(module[header + 8:header + SIGNATURE_HEADER], "big")
    return module[:header - length]


def _module_name(path: str) -> str:
    """The kernel's name for the module at this path."""
    name = path.rsplit("/", 1)[-1]
    return name.split(".ko", 1)[0].replace("-", "_")


def add_modules(cpio: Cpio, directory: Path, usual: Iterable[str], extra: Iterable[str]) -> None:
    """Add kernel modules and what they need: the usual ones if the kernel has them, and the extra ones."""
    modules = Modules(directory)
    paths = list(dict.fromkeys([*modules.closure(usual, required=False),
                                *modules.closure(extra, required=True)]))
    base = f"lib/modules/{modules.release}"
    cpio.directory(base)
    for path in paths:
        cpio.module(f"{base}/{path}", directory / path)
    cpio.data(f"{base}/modules.dep", "".join(modules.dep_lines(paths)).encode())
    for index in ("modules.builtin", "modules.order"):
        if (directory / index).exists():
            cpio.file(f"{base}/{index}", directory / index)


def build(out: Path, *, busybox_path: Path, modules_dir: Path | None, payload: Path | None,
          files: dict[str, bytes], modules: Iterable[str] = ()) -> None:
    """Write an initrd.

    files are more files by name, like lab/config; modules are names of kernel modules beside the usual ones.
    """
    with out.open("wb") as stream:
        cpio = Cpio(stream)
        for name in ("proc", "sys", "dev", "tmp", "run", "root", "results", "mnt", "bin", "sbin"):
            cpio.directory(name)
        cpio.device("dev/console", 5, 1)
        cpio.device("dev/null", 1, 3)
        cpio.data("bin/busybox", busybox_path.read_bytes(), 0o755)
        cpio.symlink("bin/sh", "busybox")
        for script in sorted(INIT_DIR.iterdir()):
            name = "init" if script.name == "init" else f"lab/{script.name}"
            cpio.data(name, script.read_bytes(), 0o755)
        for name, content in files.items():
            executable = content.startswith(b"\x7fELF")
            cpio.data(name, content, 0o755 if executable else 0o644)
        if modules_dir is not None:
            add_modules(cpio, modules_dir, USUAL_MODULES, modules)
        elif tuple(modules):
            raise LabError("kernel modules of the host", "this host has none installed")
        if payload is not None:
            cpio.tree("payload", payload)
        cpio.end()
