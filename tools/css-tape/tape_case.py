# SPDX-License-Identifier: GPL-2.0
"""What the tests of tape images share: a program that executes calls of image.h, and a reader that isn't ours to test."""

import bz2
import os
import random
import subprocess
import tempfile
import unittest
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Sequence

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[1] / "build/css-tape"
# What executes the calls: a program for this machine, or an emulator with the one for s390x
COMMAND = [str(OUT / "image-test")]
# A sanitizer's complaint gets a status of its own.
SANITIZERS = {"ASAN_OPTIONS": "exitcode=99", "UBSAN_OPTIONS": "exitcode=99:print_stacktrace=1"}
ANY, AWS, HET, FLAT = range(4)
ZLIB, BZIP2, NONE = range(3)
BLOCK_MAX = 65535

# A tape mark is None.
Unit = bytes | None
MARK: Unit = None


def build() -> None:
    done = subprocess.run(["make", "-C", HERE, f"O={OUT}", "tests"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"make tests:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")


def header(length: int, before: int, flags: int, flags2: int = 0) -> bytes:
    """The header of a chunk."""
    return length.to_bytes(2, "little") + before.to_bytes(2, "little") + bytes([flags, flags2])


def chunk(data: bytes, before: int = 0, flags: int = 0xa0, flags2: int = 0) -> bytes:
    """A chunk; by default it is a whole block."""
    return header(len(data), before, flags, flags2) + data


def framed(units: Sequence[Unit]) -> bytes:
    """An AWSTAPE with these units, as Hercules writes it."""
    image, before = b"", 0
    for unit in units:
        image += header(0, before, 0x40) if unit is None else chunk(unit, before)
        before = len(unit or b"")
    return image


def expanded(stored: bytes, method: int) -> bytes:
    """A block as it was before it was compressed."""
    assert method in (0, 1, 2)
    return bz2.decompress(stored) if method == 2 else zlib.decompress(stored) if method else stored


def unframed(image: bytes) -> list[Unit]:
    """The units of an AWSTAPE or HET, read as strictly as possible: each byte is where it must be."""
    units: list[Unit] = []
    at, before, stored = 0, 0, b""
    while at < len(image):
        length = int.from_bytes(image[at:at + 2], "little")
        flags = image[at + 4]
        assert int.from_bytes(image[at + 2:at + 4], "little") == before, f"length of the chunk before, at {at}"
        assert image[at + 5] == 0 and at + 6 + length <= len(image), f"header at {at}"
        if flags == 0x40:
            assert length == 0 and not stored
            units.append(None)
        else:
            assert length and bool(flags & 0x80) == (not stored) and not flags & 0x5c, f"flags at {at}"
            stored += image[at + 6:at + 6 + length]
            if flags & 0x20:
                units.append(expanded(stored, flags & 3))
                stored = b""
        before = length
        at += 6 + length
    assert not stored, "the last block has no end"
    return units


def some_block(source: random.Random, longest: int = BLOCK_MAX) -> bytes:
    """A block of any length; some of them can be compressed."""
    length = min(longest, source.choice([1, 2, 80, 512, 4095, 4096, 4097, 8192, 32760, 65534, 65535,
                                         source.randrange(1, 300), source.randrange(1, BLOCK_MAX + 1)]))
    if source.random() < 0.5:
        return source.randbytes(length)
    pattern = source.randbytes(source.randrange(1, 40))
    return (pattern * (length // len(pattern) + 1))[:length]


@dataclass(frozen=True)
class Answer:
    """What a call came to."""
    result: str
    data: bytes
    block: int
    file: int
    offset: int
    warning: bool
    message: str


class Died(Exception):
    """The program has ended."""


class Shell:
    """A process with a tape image."""

    def __init__(self, **more: Any):
        self.child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      env={**os.environ, **SANITIZERS}, text=True, **more)

    def __call__(self, *words: str | int | Path) -> Answer:
        """Execute a call."""
        assert self.child.stdin and self.child.stdout
        try:
            self.child.stdin.write(" ".join(str(word) for word in words) + "\n")
            self.child.stdin.flush()
            line = self.child.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise Died(f"{words[0]}: status {self.child.wait()}")
        result, data, where, message = line.rstrip("\n").split("\t")
        block, file, offset, warning = map(int, where.split())
        return Answer(result, bytes.fromhex(data), block, file, offset, bool(warning), message)

    def open(self, path: Path, **options: int) -> Answer:
        return self("open", path, *(f"{name}={value}" for name, value in options.items()))

    def put(self, unit: Unit) -> Answer:
        """Write a block or a tape mark."""
        return self("mark") if unit is None else self("write", unit.hex())

    def units(self) -> list[Unit]:
        """All units from the position to the end of data."""
        found: list[Unit] = []
        while True:
            answer = self("read")
            if answer.result == "end of data":
                return found
            if answer.result not in ("ok", "tape mark"):
                raise AssertionError(f"unit {answer.block}: {answer.result}, {answer.message}")
            found.append(answer.data if answer.result == "ok" else None)

    def end(self) -> int:
        """Let it close the image and end; its status."""
        assert self.child.stdin and self.child.stdout
        if not self.child.stdin.closed:
            try:
                self.child.stdin.close()
            except BrokenPipeError:
                pass
        status = self.child.wait(timeout=60)
        self.child.stdout.close()
        return status


class Case(unittest.TestCase):
    """A test with a directory, and with processes that must end well."""

    @classmethod
    def setUpClass(cls) -> None:
        build()

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.dir = Path(directory.name)

    def ended_well(self, shell: Shell) -> None:
        status = shell.end()
        if status:
            self.fail(f"the program ended with status {status}")

    def shell(self, **more: Any) -> Shell:
        """A process for the rest of the test."""
        shell = Shell(**more)
        self.addCleanup(self.ended_well, shell)
        return shell

    def opened(self, path: Path, **options: int) -> Shell:
        """A process with an image that could be opened."""
        shell = self.shell()
        answer = shell.open(path, **options)
        self.assertEqual(answer.result, "ok", answer.message)
        return shell

    def image(self, contents: bytes, name: str = "tape.aws") -> Path:
        """A new file, also if there is one of that name, which another process may have open."""
        path = self.dir / name
        path.unlink(missing_ok=True)
        path.write_bytes(contents)
        return path

    def assert_same(self, found: Sequence[Unit], wanted: Sequence[Unit], what: str = "") -> None:
        """Compare units without printing all of their bytes."""
        def brief(units: Sequence[Unit]) -> list[str]:
            return ["mark" if unit is None else f"{len(unit)}:{zlib.crc32(unit):08x}" for unit in units]
        self.assertEqual(brief(found), brief(wanted), what)
