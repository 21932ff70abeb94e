# SPDX-License-Identifier: GPL-2.0
"""Reads images of ECKD disks, as Hercules' dasdinit makes them: not compressed, in one file."""

import struct
from collections.abc import Iterator
from pathlib import Path

from errors import LabError

HEADER = 512
HOME_ADDRESS = 5
# Of a record: cylinder, head, number, length of the key, length of the data
COUNT = struct.Struct(">HHBBH")
END = b"\xff" * 8


def records(image: Path, first: int = 0) -> Iterator[bytes]:
    """The data of all records from a track on, in order; record 0 of each track, which is the track's own, isn't one."""
    content = image.read_bytes()
    if not content.startswith(b"CKD_P370"):
        raise LabError(f"an image of an ECKD disk in {image}", repr(content[:8]))
    heads, size = struct.unpack_from("<II", content, 8)
    if not heads or not size:
        raise LabError(f"heads and a size of the tracks in {image}", f"{heads} and {size}")
    for start in range(HEADER + first * size, len(content), size):
        yield from _of_track(content[start:start + size])


def _of_track(track: bytes) -> Iterator[bytes]:
    at = HOME_ADDRESS
    while track[at:at + len(END)] != END:
        _, _, number, key, data = COUNT.unpack_from(track, at)
        at += COUNT.size + key
        if number:
            yield track[at:at + data]
        at += data
