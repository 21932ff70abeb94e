# SPDX-License-Identifier: GPL-2.0
"""Programs of a Debian package for s390x, with the libraries that they are linked with, as a small root directory.

All of them are those of Debian 12, for all hosts alike; one may come from its backports.
"""

from pathlib import Path
from typing import Callable

import cache
import closure
import packages

RELEASE = "bookworm"
BACKPORTS = "-backports"


def ensure(stage: str, recipe: str, package: str, take: Callable[[Path, Path], Path], pocket: str = "") -> Path:
    """The root directory, kept as this stage. take() copies what is wanted from the whole package to the root
    directory, and returns the program whose libraries are to be there; the recipe changes when it does."""
    if cache.have(stage, recipe + ","):
        return cache.root() / stage / "root"
    archive = packages.Archive(RELEASE, "s390x", (pocket,) if pocket else ())
    plan = archive.plan([package], pocket)
    key = f"{recipe}, {plan[package]}"

    def build(tmp: Path) -> None:
        whole, root = tmp / "whole", tmp / "root"
        archive.extract([f"{name}={version}" for name, version in plan.items()], whole)
        closure.take_libraries([take(whole, root)], whole, root)
        cache.remove(whole)

    return cache.stage(stage, key, build) / "root"
