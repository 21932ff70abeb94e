# SPDX-License-Identifier: GPL-2.0
"""The kernel's source with the patches of tools/upstream, each of which must apply as it is."""

from pathlib import Path

import cache
import proc
import source

SERIES = "7.2"
PATCHES = Path(__file__).resolve().parents[1] / "upstream"


def patches() -> list[Path]:
    """The patches in their order, without the cover letter."""
    return sorted(PATCHES.glob("[0-9]*.patch"))[1:]


def key() -> str:
    """What the tree depends on."""
    return cache.digest(source.version(SERIES), *patches())


def apply(where: Path, path: Path) -> None:
    """Apply a patch to a tree whose files may be links: patch makes new files."""
    proc.run(["patch", "-p1", "--fuzz=0", "--no-backup-if-mismatch", "-d", where, "-i", path],
             what=f"applying {path.name}")


def tree() -> Path:
    """The patched source; files that no patch touches are links to the unpatched ones."""
    plain = source.tree(SERIES)

    def build(tmp: Path) -> None:
        proc.run(["cp", "-al", plain, tmp / "linux"], timeout=300, what="linking the kernel source")
        for path in patches():
            apply(tmp / "linux", path)

    return cache.stage("linux-source-hooked", key(), build) / "linux"
