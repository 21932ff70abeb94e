# SPDX-License-Identifier: GPL-2.0
"""What hosts of the tests with 3270 displays have: css-3270, and Debian's s3270.

s3270 is kept with the libraries that it is linked with. With the directory at ROOT on the host,
ROOT/usr/lib/ld64.so.1 --library-path ROOT/usr/lib ROOT/usr/bin/s3270 starts it.
"""

import shutil
from pathlib import Path

import payload
import programroot

PACKAGE = "s3270"
PROGRAM = "usr/bin/s3270"
RECIPE = "recipe 1"  # counted up when what is kept changes


def css_3270() -> Path:
    """css-3270 for s390x."""
    return payload.programs("tools/css-3270", "build/css-3270") / "css-3270"


def s3270() -> Path:
    """The root directory with s3270 for s390x."""
    return programroot.ensure("s3270", RECIPE, PACKAGE, _take)


def _take(whole: Path, root: Path) -> Path:
    (root / PROGRAM).parent.mkdir(parents=True)
    shutil.copy2(whole / PROGRAM, root / PROGRAM)
    return whole / PROGRAM
