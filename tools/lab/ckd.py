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


# A 3390: heads, and how long a track is in an image
HEADS, TRACK = 15, 56832


def formatted(image: Path, cylinders: int, block: int = 4096, blocks: int = 12) -> Path:
    """Make an image of a 3390 on which each track has so many records of zeros. Returns it."""
    with image.open("wb") as stream:
        stream.write((b"CKD_P370" + struct.pack("<IIB", HEADS, TRACK, 0x90)).ljust(HEADER, b"\0"))
        for number in range(cylinders * HEADS):
            address = divmod(number, HEADS)
            track = b"\0" + struct.pack(">HH", *address) + COUNT.pack(*address, 0, 0, 8) + bytes(8)
            for record in range(1, blocks + 1):
                track += COUNT.pack(*address, record, 0, block) + bytes(block)
            stream.write((track + END).ljust(TRACK, b"\0"))
    return image


def tracks(image: Path, first: int = 0) -> Iterator[bytes]:
    """All tracks from one on: home address, records, and the end mark. One that was never written is empty."""
    content = image.read_bytes()
    if not content.startswith(b"CKD_P370"):
        raise LabError(f"an image of an ECKD disk in {image}", repr(content[:8]))
    heads, size = struct.unpack_from("<II", content, 8)
    if not heads or not size:
        raise LabError(f"heads and a size of the tracks in {image}", f"{heads} and {size}")
    for start in range(HEADER + first * size, len(content), size):
        track = content[start:start + size]
        if not any(track[:HOME_ADDRESS + COUNT.size]):
            yield b""
            continue
        at = HOME_ADDRESS
        while track[at:at + len(END)] != END:
            _, _, _, key, data = COUNT.unpack_from(track, at)
            at += COUNT.size + key + data
        yield track[:at + len(END)]


def records(image: Path, first: int = 0) -> Iterator[bytes]:
    """The data of all records from a track on, in order; record 0 of each track, which is the track's own, isn't one."""
    for track in tracks(image, first):
        at = HOME_ADDRESS
        while at + len(END) < len(track):
            _, _, number, key, data = COUNT.unpack_from(track, at)
            at += COUNT.size + key
            if number:
                yield track[at:at + data]
            at += data
