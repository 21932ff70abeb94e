# SPDX-License-Identifier: GPL-2.0
"""The disk that a Linux guest has its root filesystem on: Debian 12's programs, and those of s390-tools.

A raw image with an msdos partition table and ext4 in the one partition, so that it is /dev/dasda1 on an FBA DASD
and /dev/vda1 on virtio. Nothing of this needs root; the files belong to whoever built it.
"""

import shutil
import struct
from pathlib import Path

import cache
import closure
import initrd
import packages
import toolchain

RELEASE = "bookworm"
# The packages whose programs it has; the libraries come from the packages that these depend on.
PACKAGES = ("bash", "coreutils", "diffutils", "e2fsprogs", "fdisk", "findutils", "gawk", "grep", "gzip", "kmod",
            "mount", "procps", "s390-tools", "sed", "tar", "util-linux")
# Programs that need many libraries, for things that no guest of the lab does.
WITHOUT = ("agetty", "cfdisk", "cmsfs-fuse", "getty", "hmcdrvfs", "hyptop", "lslogins", "runuser", "su", "sulogin",
           "zdsfs", "zgetdump")
KEPT = ("etc/mke2fs.conf", "usr/bin", "usr/sbin", "usr/lib/s390-tools", "usr/share/awk")
SCRIPTS = Path(__file__).resolve().parent / "vm"
RECIPE = "recipe 1"  # counted up when what is kept changes

PARTITION_OFFSET = 1 << 20
PARTITION_TYPE_LINUX = 0x83
# What the filesystem has free, for tests to write.
FREE = 32 << 20
UUID = "6b766d2d-6373-4000-8000-000000000001"


def ensure() -> Path:
    """The image. It is to be copied before a guest writes to it."""
    archive = packages.Archive(RELEASE, "s390x")
    own = cache.digest(*(SCRIPTS / name for name in ("common", "run", "root-init")))
    recipe = f"{RECIPE} {own}, "
    if cache.have("guest-image", recipe):
        return cache.root() / "guest-image/image"
    key = recipe + cache.digest(*(archive.version(name) for name in PACKAGES))
    return cache.stage("guest-image", key, lambda tmp: _build(archive, tmp)) / "image"


def _build(archive: packages.Archive, tmp: Path) -> None:
    programs, rest, root = tmp / "programs", tmp / "rest", tmp / "root"
    archive.extract(list(PACKAGES), programs)
    archive.extract([name for name in archive.closure(list(PACKAGES)) if name not in PACKAGES], rest)
    _merge_usr(programs)
    _take(programs, root)
    kept = [path for sub in ("usr/bin", "usr/sbin") for path in sorted((root / sub).iterdir())
            if not path.is_symlink() and path.is_file() and closure.is_elf(path)]
    shutil.copytree(programs, rest / "programs", symlinks=True)     # some bring libraries of their own
    closure.take_libraries(kept, rest, root)
    _own_files(root)
    make_image(root, tmp / "image")
    for directory in (programs, rest, root):
        cache.remove(directory)


def _merge_usr(root: Path) -> None:
    """Move what a package has in bin, sbin and lib to where it is on a merged system."""
    for name in ("bin", "sbin", "lib"):
        if (root / name).is_dir() and not (root / name).is_symlink():
            shutil.copytree(root / name, root / "usr" / name, symlinks=True, dirs_exist_ok=True)
            cache.remove(root / name)


def _take(programs: Path, root: Path) -> None:
    for name in KEPT:
        source, target = programs / name, root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy2(source, target)
    for name in WITHOUT:
        for sub in ("usr/bin", "usr/sbin"):
            (root / sub / name).unlink(missing_ok=True)


def _own_files(root: Path) -> None:
    """What makes a root directory of programs and libraries."""
    for name in ("dev", "mnt", "proc", "root", "run", "sys", "tmp", "usr/lib/guest", "var/lock"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in ("bin", "sbin", "lib"):
        (root / name).symlink_to(f"usr/{name}")
    for name, target in (("sh", "bash"), ("awk", "gawk")):
        (root / "usr/bin" / name).unlink(missing_ok=True)
        (root / "usr/bin" / name).symlink_to(target)
    shutil.copy(initrd.busybox(), root / "usr/bin/busybox")
    for name in ("common", "run"):
        shutil.copy(SCRIPTS / name, root / "usr/lib/guest" / name)
    shutil.copy(SCRIPTS / "root-init", root / "usr/sbin/init")
    (root / "usr/sbin/init").chmod(0o755)
    (root / "etc/passwd").write_text("root::0:0:root:/root:/bin/bash\n")
    (root / "etc/group").write_text("root:x:0:\n")
    (root / "etc/mtab").symlink_to("../proc/self/mounts")


def make_image(root: Path, image: Path, free: int = FREE) -> None:
    """A partitioned disk image with a directory's content as ext4."""
    used = sum(path.lstat().st_size + 4096 for path in root.rglob("*"))
    blocks = (used + used // 10 + free) >> 12
    with image.open("wb") as stream:
        stream.truncate(PARTITION_OFFSET + (blocks << 12))
        stream.write(_partition_table(blocks << 3))
    toolchain.run_sbin(["mkfs.ext4", "-q", "-F", "-b", "4096", "-J", "size=4", "-U", UUID,
                        "-E", f"offset={PARTITION_OFFSET},root_owner=0:0,hash_seed={UUID},lazy_itable_init=0",
                        "-d", root, image, str(blocks)], what="mkfs.ext4")


def _partition_table(sectors: int) -> bytes:
    """A master boot record with one partition; no cylinders and heads, only blocks."""
    entry = struct.pack("<B3sB3sII", 0, b"\xfe\xff\xff", PARTITION_TYPE_LINUX, b"\xfe\xff\xff",
                        PARTITION_OFFSET >> 9, sectors)
    return bytes(440) + b"kcss" + bytes(2) + entry + bytes(48) + b"\x55\xaa"
