# SPDX-License-Identifier: GPL-2.0
"""The records of an ECKD image: in order, without record 0 and keys, from the track that is asked for."""

import struct
import tempfile
import unittest
from pathlib import Path

import ckd
from errors import LabError

SIZE, HEADS = 1024, 15


def record(number: int, key: bytes, data: bytes) -> bytes:
    return struct.pack(">HHBBH", 0, 0, number, len(key), len(data)) + key + data


def track(*records: bytes) -> bytes:
    content = bytes(5) + record(0, b"", bytes(8)) + b"".join(records) + b"\xff" * 8
    return content.ljust(SIZE, b"\0")


class CkdTest(unittest.TestCase):
    def image(self, *tracks: bytes, name: bytes = b"CKD_P370") -> Path:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        path = Path(place.name) / "image"
        path.write_bytes((name + struct.pack("<II", HEADS, SIZE)).ljust(512, b"\0") + b"".join(tracks))
        return path

    def test_order(self) -> None:
        image = self.image(track(record(1, b"", b"a"), record(2, b"", b"bc")), track(), track(record(1, b"", b"d" * 64)))
        self.assertEqual(list(ckd.records(image)), [b"a", b"bc", b"d" * 64])

    def test_from_a_track(self) -> None:
        image = self.image(track(record(1, b"", b"label")), track(record(1, b"", b"data")))
        self.assertEqual(list(ckd.records(image, first=1)), [b"data"])

    def test_keys(self) -> None:
        self.assertEqual(list(ckd.records(self.image(track(record(1, b"key", b"data"))))), [b"data"])

    def test_formatted(self) -> None:
        image = ckd.formatted(self.image(), 2, block=512, blocks=3)
        self.assertEqual(list(ckd.records(image)), [bytes(512)] * 3 * 2 * 15)
        self.assertEqual([track[:5] for track in ckd.tracks(image, first=16)][0], b"\0\0\1\0\1")

    def test_tracks(self) -> None:
        written = track(record(1, b"key", b"data"))
        image = self.image(written, bytes(SIZE), written)
        end = written.index(b"\xff" * 8) + 8
        self.assertEqual(list(ckd.tracks(image)), [written[:end], b"", written[:end]])
        self.assertEqual(list(ckd.records(image)), [b"data", b"data"])

    def test_another_file(self) -> None:
        with self.assertRaises(LabError):
            list(ckd.records(self.image(track(), name=b"CKD_C370")))


if __name__ == "__main__":
    unittest.main()
