# SPDX-License-Identifier: GPL-2.0
"""What hosts and guests of the tests with tape drives have: css-tape, and Debian's mt."""

from pathlib import Path

import cache
import libraries
import packages
import payload
from errors import LabError

RELEASE = "bookworm"
PACKAGE = "mt-st"


def css_tape() -> Path:
    """css-tape for s390x."""
    place = libraries.ensure()
    where = [f"LIBRARIES={place}"] if place else []
    return payload.programs("tools/css-tape", "build/css-tape", *where) / "css-tape"


def mt() -> Path:
    """mt for s390x, which is linked with nothing but the C library."""
    version = packages.Archive(RELEASE, "s390x").version(PACKAGE)
    root = cache.stage("mt", cache.digest(version), lambda tmp: packages.extract(RELEASE, [PACKAGE], tmp))
    for path in ("bin/mt-st", "usr/bin/mt-st"):
        if (root / path).is_file():
            return root / path
    raise LabError(f"mt-st in Debian's package {PACKAGE}", f"none below {root}")
