# SPDX-License-Identifier: GPL-2.0
"""An image of a 3390 as other systems have them, made by Hercules' dasdload: data sets with records of several lengths,
and a table of contents and a directory with keys."""

import tempfile
from pathlib import Path

import proc

CYLINDERS = 4
LINE = 80
LINES = [f"line {number}" for number in range(1, 201)]
TEXT_SET = "kvm.text"
DATA_SETS = (TEXT_SET, "kvm.data", "kvm.lib")
# The second one has records of 1000 bytes and no more than one can tell from others.
DATA = b"".join(number.to_bytes(4, "big") for number in range(20000))
CONTROL = f"""\
kvmck2 3390 {CYLINDERS}
{TEXT_SET} TEXT text TRK 1 0 0 PS FB {LINE} 800 0
kvm.data SEQ data TRK 4 0 0 PS F 1000 1000 0
kvm.lib EMPTY TRK 3 0 4 PO FB {LINE} 3120 0
kvm.vtoc VTOC TRK 2
"""


def make(image: Path) -> Path:
    """Make the image. Returns it."""
    with tempfile.TemporaryDirectory(prefix="kvm-css-dasdload-") as directory:
        place = Path(directory)
        (place / "text").write_text("".join(f"{line}\n" for line in LINES))
        (place / "data").write_bytes(DATA)
        (place / "control").write_text(CONTROL)
        proc.output(["dasdload", "control", "image", "1"], cwd=place)
        image.write_bytes((place / "image").read_bytes())
    return image
