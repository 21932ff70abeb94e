# SPDX-License-Identifier: GPL-2.0
"""Progress lines: `lab: [12s] text` on stderr, the time counted from the start of the program."""

import sys
import time

_start = time.monotonic()


def say(text: str) -> None:
    """Print one progress line."""
    print(f"lab: [{time.monotonic() - _start:.0f}s] {text}", file=sys.stderr, flush=True)
