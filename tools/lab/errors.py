# SPDX-License-Identifier: GPL-2.0
"""The one exception of the lab: something the person at the keyboard can act on."""


class LabError(Exception):
    """What was expected, what was found, and what to do about it."""

    def __init__(self, expected: str, found: str = "", remedy: str = ""):
        lines = [expected]
        if found:
            lines.append(f"found: {found}")
        if remedy:
            lines.append(f"to do: {remedy}")
        super().__init__("\n".join(lines))
