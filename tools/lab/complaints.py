# SPDX-License-Identifier: GPL-2.0
"""What a kernel's log says when something is wrong with the kernel, whatever the tests found."""

import subprocess
from pathlib import Path

FILTER = Path(__file__).resolve().parents[1] / "selftests/complaints"


def found(log: str) -> str:
    """The lines of a log in which the kernel complains; "" if it doesn't."""
    return subprocess.run(["sh", FILTER], input=log, stdout=subprocess.PIPE, text=True, timeout=60, check=True).stdout.strip("\n")


def found_in(log: Path) -> str:
    """The same of a log in a file."""
    return found(log.read_text(errors="replace"))
