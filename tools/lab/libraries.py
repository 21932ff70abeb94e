# SPDX-License-Identifier: GPL-2.0
"""Libraries for s390x that the tools are linked with, besides the C library: Debian's static ones, with their headers."""

from pathlib import Path

import cache
import packages
import toolchain

# The oldest release that the tools are for. A static library needs the C library that it was built for, or a newer one.
RELEASE = "bookworm"
PACKAGES = ["libbz2-dev", "zlib1g-dev"]


def ensure() -> Path | None:
    """A root directory with the libraries; None where they are this machine's own."""
    if toolchain.native():
        return None
    archive = packages.Archive(RELEASE, "s390x")
    key = cache.digest("recipe 1", [(name, archive.version(name)) for name in PACKAGES])
    return cache.stage("libraries", key, lambda tmp: archive.extract(PACKAGES, tmp / "root")) / "root"
