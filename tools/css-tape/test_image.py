# SPDX-License-Identifier: GPL-2.0
"""Tape images: what each call does, what an image may be, and what it may not."""

import bz2
import fcntl
import os
import random
import re
import resource
import signal
import struct
import zlib
from pathlib import Path

from tape_case import AWS, BLOCK_MAX, BZIP2, FLAT, HET, NONE, ZLIB, Case, chunk, framed, header, unframed

# From Linux's uapi/asm-generic/fcntl.h
F_OFD_SETLK = 37
A, B, C = b"a" * 80, b"bb" * 1000, b"c"
TAPE = [A, B, None, C, None, None]


class Motion(Case):
    """Where a call leaves the tape, by results and numbers of units and files."""

    def setUp(self) -> None:
        super().setUp()
        self.shell_ = self.opened(self.image(framed(TAPE)))

    def calls(self, *table: tuple[str, str, int, int]) -> None:
        for call, result, block, file in table:
            answer = self.shell_(*call.split())
            self.assertEqual((call, answer.result, answer.block, answer.file), (call, result, block, file))

    def test_read(self) -> None:
        for wanted in TAPE:
            answer = self.shell_("read")
            self.assertEqual((answer.result, answer.data), ("ok", wanted) if wanted else ("tape mark", b""))
        self.calls(("read", "end of data", 6, 3), ("read", "end of data", 6, 3))

    def test_read_backward(self) -> None:
        self.calls(("end", "ok", 6, 3))
        for wanted in reversed(TAPE):
            answer = self.shell_("rback")
            self.assertEqual((answer.result, answer.data), ("ok", wanted) if wanted else ("tape mark", b""))
        self.calls(("rback", "load point", 0, 0), ("rback", "load point", 0, 0))

    def test_blocks(self) -> None:
        self.calls(("bsb", "load point", 0, 0), ("fsb", "ok", 1, 0), ("fsb", "ok", 2, 0), ("fsb", "tape mark", 3, 1),
                   ("bsb", "tape mark", 2, 0), ("bsb", "ok", 1, 0), ("bsb", "ok", 0, 0))

    def test_files(self) -> None:
        self.calls(("fsf", "ok", 3, 1), ("fsf", "ok", 5, 2), ("fsf", "ok", 6, 3), ("fsf", "end of data", 6, 3),
                   ("bsf", "ok", 5, 2), ("bsf", "ok", 4, 1), ("bsf", "ok", 2, 0), ("bsf", "load point", 0, 0),
                   ("bsf", "load point", 0, 0))

    def test_backspace_file_within_a_file(self) -> None:
        self.calls(("locate 4", "ok", 4, 1), ("bsf", "ok", 2, 0), ("locate 1", "ok", 1, 0), ("bsf", "load point", 0, 0))

    def test_locate(self) -> None:
        self.calls(("locate 5", "ok", 5, 2), ("locate 1", "ok", 1, 0), ("locate 6", "ok", 6, 3),
                   ("locate 7", "end of data", 6, 3), ("locate 0", "ok", 0, 0),
                   ("locate 18446744073709551615", "end of data", 6, 3), ("rewind", "ok", 0, 0))

    def test_a_write_ends_the_tape(self) -> None:
        self.calls(("locate 3", "ok", 3, 1), ("write 6464", "ok", 4, 1), ("read", "end of data", 4, 1),
                   ("mark", "ok", 5, 2), ("bsf", "ok", 4, 1), ("erase", "ok", 4, 1), ("fsb", "end of data", 4, 1),
                   ("locate 1", "ok", 1, 0), ("erase", "ok", 1, 0), ("rewind", "ok", 0, 0))
        self.assert_same(self.shell_.units(), [A])
        self.assertEqual(unframed((self.dir / "tape.aws").read_bytes()), [A])

    def test_lengths_that_no_block_has(self) -> None:
        self.assertEqual(self.shell_("write").result, "bad call")
        self.assertEqual(self.shell_("write", "00" * (BLOCK_MAX + 1)).result, "bad call")
        self.assertEqual(unframed((self.dir / "tape.aws").read_bytes()), TAPE)


class Capacity(Case):
    """The end of the medium."""

    def test_end_of_medium(self) -> None:
        shell = self.opened(self.dir / "tape.aws", create=1, capacity=1000, warning=400)
        self.assertFalse(shell.put(bytes(494)).warning)
        self.assertFalse(shell("bsb").warning)
        self.assertFalse(shell("fsb").warning)
        answer = shell.put(bytes(94))
        self.assertEqual((answer.result, answer.offset, answer.warning), ("ok", 600, True))
        self.assertEqual(shell.put(bytes(395)).result, "end of medium")
        answer = shell.put(bytes(388))
        self.assertEqual((answer.result, answer.offset), ("ok", 994))
        self.assertEqual(shell("mark").result, "ok")
        self.assertEqual(shell("mark").result, "end of medium")
        self.assertEqual((self.dir / "tape.aws").stat().st_size, 1000)

    def test_nothing_is_lost_at_the_end_of_medium(self) -> None:
        shell = self.opened(self.image(framed(TAPE)), capacity=500)
        self.assertEqual(shell.put(bytes(600)).result, "end of medium")
        self.assert_same(shell.units(), TAPE)

    def test_what_counts_is_what_is_stored(self) -> None:
        shell = self.opened(self.dir / "tape.het", create=1, capacity=1000)
        self.assertEqual(shell.put(bytes(BLOCK_MAX)).result, "ok")


class Formats(Case):
    """How blocks are stored."""

    def stored(self, name: str, units: list[bytes | None], **options: int) -> bytes:
        path = self.dir / name
        shell = self.opened(path, create=1, **options)
        for unit in units:
            self.assertEqual(shell.put(unit).result, "ok")
        shell("rewind")
        self.assert_same(shell.units(), units)
        self.assertEqual(shell("close").result, "ok")
        self.assert_same(unframed(path.read_bytes()), units)
        return path.read_bytes()

    def test_aws(self) -> None:
        self.assertEqual(self.stored("tape.aws", TAPE), framed(TAPE))

    def test_aws_is_not_compressed(self) -> None:
        self.assertEqual(len(self.stored("tape", [bytes(BLOCK_MAX)], compression=ZLIB)), 6 + BLOCK_MAX)

    def test_zlib(self) -> None:
        image = self.stored("tape.het", [bytes(BLOCK_MAX), None])
        self.assertEqual(image[4], 0xa1)
        self.assertLess(len(image), 1000)

    def test_bzip2(self) -> None:
        image = self.stored("tape.HET", [bytes(BLOCK_MAX), None], compression=BZIP2, level=9)
        self.assertEqual(image[4], 0xa2)
        self.assertLess(len(image), 1000)

    def test_none(self) -> None:
        self.assertEqual(self.stored("tape.het", TAPE, compression=NONE), framed(TAPE))

    def test_what_does_not_become_smaller_is_not_compressed(self) -> None:
        noise = random.Random(1).randbytes(BLOCK_MAX)
        for compression in (ZLIB, BZIP2):
            image = self.stored(f"tape{compression}.het", [noise, b"x"], compression=compression)
            self.assertEqual(image, framed([noise, b"x"]))

    def test_chunks(self) -> None:
        noise = random.Random(2).randbytes(10000)
        image = self.stored("tape.het", [noise, None], chunk=4096)
        self.assertEqual(image, chunk(noise[:4096], 0, 0x80) + chunk(noise[4096:8192], 4096, 0) +
                         chunk(noise[8192:], 4096, 0x20) + header(0, 10000 - 8192, 0x40))

    def test_a_compressed_block_in_chunks(self) -> None:
        half = random.Random(3).randbytes(BLOCK_MAX // 2) + bytes(BLOCK_MAX // 2 + 1)
        for compression in (ZLIB, BZIP2):
            image = self.stored(f"tape{compression}.het", [half], compression=compression, chunk=4096)
            self.assertEqual(image[4], 0x81 + compression)


class Flat(Case):
    """A file of bytes as a tape."""

    def test_blocks_and_marks(self) -> None:
        path = self.image(bytes(range(250)), "flat")
        shell = self.opened(path, format=FLAT, block=100)
        wanted = [bytes(range(100)), bytes(range(100, 200)), bytes(range(200, 250)), None, None]
        self.assert_same(shell.units(), wanted)
        for unit in reversed(wanted):
            self.assertEqual(shell("rback").data, unit or b"")
        self.assertEqual(shell("rback").result, "load point")
        self.assertEqual([shell(call).result for call in ("protected", "write 00", "mark", "erase")],
                         ["write protected"] * 4)
        self.assertEqual(shell("locate", 4).block, 4)
        self.assertEqual(shell("bsf").block, 3)
        self.assertEqual(path.read_bytes(), bytes(range(250)))

    def test_an_empty_file(self) -> None:
        shell = self.opened(self.image(b"", "flat"), format=FLAT, block=1)
        self.assertEqual(shell.units(), [None, None])


def many(count: int, size: int) -> bytes:
    """A block of so many chunks."""
    return (chunk(bytes(size), 0, 0x80) + chunk(bytes(size), size, 0) * (count - 2) + chunk(bytes(size), size, 0x20))


ZEROS = zlib.compress(bytes(BLOCK_MAX))
# name: contents behind one good block of 80 bytes, and what reading them comes to
HOSTILE: dict[str, tuple[bytes, list[str]]] = {
    "nothing": (b"", ["end of data"]),
    "part of a header": (b"\x50\0\x50", ["end of data"]),
    "zeros, as an interrupted write leaves them": (bytes(6) + C * 4096, ["end of data"]),
    "more zeros than a write leaves": (bytes(200000), ["corrupt", "corrupt"]),
    "a header without data": (header(80, 80, 0xa0), ["end of data"]),
    "a block that ends too soon": (header(80, 80, 0xa0) + A[:79], ["end of data"]),
    "a block without its last chunk": (chunk(A, 80, 0x80) + chunk(A, 80, 0), ["end of data"]),
    "a block with part of its last chunk": (chunk(A, 80, 0x80) + header(80, 80, 0x20)[:5], ["end of data"]),
    "flags that nobody uses": (header(0, 80, 0xb0) + bytes(9), ["corrupt"]),
    "a second byte of flags that nobody uses": (header(0, 80, 0xa0, 0x40), ["corrupt"]),
    "only flags of compression": (chunk(A, 80, 0x01), ["corrupt"]),
    "the rest of a block": (chunk(A, 80, 0x20), ["corrupt"]),
    "a tape mark with data": (chunk(A, 80, 0x40), ["corrupt"]),
    "a tape mark with all flags of a block": (header(0, 80, 0xe0), ["tape mark", "end of data"]),
    "a wrong length of the chunk before": (chunk(A, 81), ["corrupt"]),
    "no length of the chunk before": (chunk(A, 0) + header(0, 0, 0x40), ["ok", "tape mark", "end of data"]),
    "a wrong length of the chunk before, within a block": (chunk(A, 80, 0x80) + chunk(A, 1, 0x20), ["corrupt"]),
    "a block that doesn't go on": (chunk(A, 80, 0x80) + chunk(A, 80), ["corrupt"]),
    "a tape mark in a block": (chunk(A, 80, 0x80) + header(0, 80, 0x40), ["corrupt"]),
    "a chunk without data": (chunk(A, 80, 0x80) + chunk(b"", 80, 0x20), ["corrupt"]),
    "chunks compressed differently": (chunk(A, 80, 0x81) + chunk(A, 80, 0x22), ["corrupt"]),
    "compressed by both": (chunk(A, 80, 0xa3), ["corrupt"]),
    "compressed by Hercules and Bus-Tech": (chunk(A, 80, 0xa1, 0x80), ["corrupt"]),
    "compressed by Bus-Tech": (chunk(zlib.compress(B), 80, 0xa0, 0x80), ["ok", "end of data"]),
    "a block without data": (chunk(b"", 80), ["bad block", "end of data"]),
    "no zlib stream": (chunk(A, 80, 0xa1) + chunk(A, 80), ["bad block", "ok", "end of data"]),
    "no bzip2 stream": (chunk(A, 80, 0xa2) + chunk(A, 80), ["bad block", "ok", "end of data"]),
    "a zlib stream that ends too soon": (chunk(ZEROS[:-1], 80, 0xa1), ["bad block", "end of data"]),
    "a zlib stream with a wrong checksum": (chunk(ZEROS[:-1] + b"!", 80, 0xa1), ["bad block", "end of data"]),
    "a bzip2 stream that ends too soon": (chunk(bz2.compress(B)[:-1], 80, 0xa2), ["bad block", "end of data"]),
    "as much as a block can be": (chunk(ZEROS, 80, 0xa1), ["ok", "end of data"]),
    "a byte more, by zlib": (chunk(zlib.compress(bytes(BLOCK_MAX + 1)), 80, 0xa1), ["bad block", "end of data"]),
    "a byte more, by bzip2": (chunk(bz2.compress(bytes(BLOCK_MAX + 1)), 80, 0xa2), ["bad block", "end of data"]),
    "30 MB, by zlib": (chunk(zlib.compress(bytes(30 << 20)), 80, 0xa1), ["bad block", "end of data"]),
    "300 MB, by bzip2": (chunk(bz2.compress(bytes(300 << 20)), 80, 0xa2), ["bad block", "end of data"]),
    "an empty zlib stream": (chunk(zlib.compress(b""), 80, 0xa1), ["bad block", "end of data"]),
    "an empty bzip2 stream": (chunk(bz2.compress(b""), 80, 0xa2), ["bad block", "end of data"]),
    "the longest block, in chunks": (many(257, 255), ["ok", "end of data"]),
    "a longer block, in chunks": (many(2, 32768), ["bad block", "end of data"]),
    "the longest block that can be moved across": (many(1 << 10, 1 << 10), ["bad block", "end of data"]),
    "a longer one": (many(1021, 1030), ["corrupt"]),
    "as many chunks as a block can have": (many(1024, 1), ["ok", "end of data"]),
    "one chunk more": (many(1025, 1), ["corrupt"]),
    "compressed bytes that can't be so many": (chunk(bytes(BLOCK_MAX), 80, 0x81) + chunk(bytes(3000), BLOCK_MAX, 0x21),
                                                ["bad block", "end of data"]),
}


class Hostile(Case):
    """Images that nobody has written by accident."""

    def test_contents(self) -> None:
        for name, (contents, wanted) in HOSTILE.items():
            with self.subTest(name):
                shell = self.opened(self.image(chunk(A) + chunk(A, 80) + contents), format=HET)
                shell("locate", 2)
                answers = [shell("read") for _ in wanted]
                self.assertEqual([answer.result for answer in answers], wanted)
                for answer in answers:
                    self.assertTrue(answer.message or answer.result not in ("bad block", "corrupt"))
                # Motion ends where reading did, and the tape is good up to there.
                count = sum(result not in ("corrupt", "end of data") for result in wanted)
                self.assertEqual(shell("end").block, 2 + count)
                self.assertEqual(shell("fsf").block, 2 + count)
                back = [shell("bsb").result for _ in range(count)]
                self.assertEqual(len([one for one in back if one in ("ok", "tape mark")]), count)
                self.assertEqual((shell("rback").data, shell("rback").data, shell("rback").result),
                                 (A, A, "load point"))

    def test_the_tape_can_be_written_where_it_is_corrupt(self) -> None:
        for name, (contents, _) in HOSTILE.items():
            with self.subTest(name):
                path = self.image(chunk(A) + chunk(A, 80) + contents)
                shell = self.opened(path, format=HET)
                self.assertEqual(shell("locate", 2).result, "ok")
                self.assertEqual(shell.put(B).result, "ok")
                self.assertEqual(shell("close").result, "ok")
                self.assert_same(unframed(path.read_bytes()), [A, A, B])

    def test_a_billion_tape_marks(self) -> None:
        """Not quite: as many as the index has places for, many times."""
        shell = self.opened(self.image(framed([None] * 100000)))
        self.assertEqual(shell("end").file, 100000)
        for place in (5, 99999, 50000, 77777):
            self.assertEqual(shell("locate", place).block, place)
            self.assertEqual(shell("bsb").file, place - 1)
            self.assertEqual(shell("bsf").file, place - 2)
            self.assertEqual(shell("fsf").file, place - 1)


class Detection(Case):
    """What a file is, by contents and name."""

    def detected(self, contents: bytes, name: str = "tape", **options: int) -> str:
        shell = self.shell()
        answer = shell.open(self.image(contents, name), **options)
        return shell("format").message if answer.result == "ok" else answer.result

    def test_table(self) -> None:
        compressed = chunk(zlib.compress(B), 0, 0xa1)
        table: list[tuple[bytes, str, dict[str, int], int | str]] = [
            (framed(TAPE), "tape", {}, AWS),
            (framed(TAPE), "tape.het", {}, HET),
            (framed(TAPE), "tape.HeT", {}, HET),
            (framed(TAPE), "tape.het", {"format": AWS}, AWS),
            (compressed, "tape.aws", {}, HET),
            (compressed, "tape.aws", {"format": AWS}, AWS),
            (b"", "tape", {}, AWS),
            (b"", "tape.aws", {}, AWS),
            (b"", "het", {}, AWS),
            (b"", ".het", {}, HET),
            (b"plain text", "tape.aws", {}, "not a tape"),
            (b"plain text", "tape", {"format": AWS}, "not a tape"),
            (b"plain text", "tape", {"format": FLAT, "block": 80}, FLAT),
            (bytes(100), "tape", {}, "not a tape"),
            (bytes(100), "tape.aws", {}, AWS),
            (bytes(100), "tape", {"format": HET}, HET),
            (b"abc", "tape", {}, "not a tape"),
            (b"abc", "tape.aws", {}, AWS),
            (chunk(A) + b"plain text", "tape.aws", {}, "not a tape"),
            (header(0, 0, 0x40), "tape", {}, AWS),
            (b"@TDF", "tape.tdf", {}, "not a tape"),
            (b"000000500000", "tape.fkt", {}, "not a tape"),
        ]
        for contents, name, options, wanted in table:
            with self.subTest(f"{contents[:12]!r} {name} {options}"):
                self.assertEqual(self.detected(contents, name, **options), str(wanted))

    def test_options_that_do_not_fit(self) -> None:
        table: list[dict[str, int]] = [
            {"format": FLAT}, {"block": 80}, {"format": FLAT, "block": 65536}, {"chunk": 4095}, {"chunk": 65536},
            {"level": 10}, {"warning": 1}, {"capacity": 5, "warning": 6}, {"create": 1, "protect": 1}, {"format": 4},
            {"compression": 3}, {"format": FLAT, "block": 80, "create": 1}]
        for options in table:
            with self.subTest(str(options)):
                self.assertEqual(self.detected(framed(TAPE), "tape", **options), "bad call")

    def test_what_is_no_file(self) -> None:
        os.mkfifo(self.dir / "fifo")
        shell = self.shell()
        for path in (self.dir, self.dir / "fifo", Path("/dev/zero"), Path("/dev/null")):
            self.assertEqual(shell.open(path).result, "not a tape")
        self.assertEqual(shell.open(self.dir / "none").result, "host error")
        self.assertEqual(shell.open(self.image(b""), create=1).result, "host error")


class Protection(Case):
    """Who may write, and when."""

    def refused(self, path: Path, call: str, *options: str) -> None:
        shell = self.shell()
        answer = shell(call, path, *options)
        self.assertEqual(answer.result, "ok", answer.message)
        self.assertEqual([shell(one).result for one in ("protected", "write 00", "mark", "erase")],
                         ["write protected"] * 4)
        self.assertEqual(shell("sync").result, "ok")
        self.assert_same(shell.units(), TAPE)

    def test_by_option(self) -> None:
        self.refused(self.image(framed(TAPE)), "open", "protect=1")

    def test_by_descriptor(self) -> None:
        self.refused(self.image(framed(TAPE)), "openfd", str(os.O_RDONLY))

    def test_by_permissions(self) -> None:
        path = self.image(framed(TAPE))
        path.chmod(0o444)
        if os.geteuid():
            self.refused(path, "open")
            return
        # Root may write whatever the permissions are; a program that runs can't be written by root either.
        self.dir.chmod(0o755)
        shell = self.shell(user=65534, group=65534, extra_groups=[])
        self.assertEqual(shell.open(path).result, "ok")
        self.assertEqual(shell("mark").result, "write protected")

    def test_descriptors_that_are_no_good(self) -> None:
        path = self.image(framed(TAPE))
        shell = self.shell()
        for flags in (os.O_WRONLY, os.O_RDWR | os.O_APPEND, os.O_PATH):
            self.assertEqual(shell("openfd", path, flags).result, "bad call")
        self.assertEqual(shell("openfd", path, os.O_RDWR, "create=1").result, "bad call")
        self.assertEqual(shell("openfd", self.dir / "none", 0).result, "host error")
        self.assertEqual(shell("openfd", path, os.O_RDWR).result, "ok")
        self.assertEqual(path.read_bytes(), framed(TAPE))

    def test_locks(self) -> None:
        path = self.image(framed(TAPE))
        for first, second, wanted in ((0, 0, "in use"), (0, 1, "in use"), (1, 0, "in use"), (1, 1, "ok")):
            with self.subTest(f"{first} {second}"):
                one, two = self.opened(path, protect=first), self.shell()
                self.assertEqual(two.open(path, protect=second).result, wanted)
                one("close")
                self.assertEqual(two.open(path, protect=second).result, "ok")
                two("close")


    def lock_like_qemu(self, path: Path, *bytes_: int) -> None:
        """Hold read locks of an open file description until the test ends; lock.c of cssctl says what they mean."""
        holder = path.open("rb")
        self.addCleanup(holder.close)
        for byte in bytes_:
            fcntl.fcntl(holder, F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_RDLCK, os.SEEK_SET, byte, 1, 0))

    def test_locks_of_disks(self) -> None:
        for locks, reading, writing in (([100, 201], "ok", "in use"), ([100, 101, 201], "in use", "in use"),
                                        ([100, 101], "in use", "in use")):
            with self.subTest(str(locks)):
                path = self.image(framed(TAPE))
                self.lock_like_qemu(path, *locks)
                shell = self.shell()
                self.assertEqual(shell.open(path, protect=1).result, reading)
                self.assertEqual(shell.open(path).result, writing)

    def test_no_locks(self) -> None:
        path = self.image(framed(TAPE))
        for protect in (0, 1):
            for first in range(1, 4):
                with self.subTest(f"{protect} {first}"):
                    shell = self.shell()
                    shell("fault", "lock", first, 1, "enolck")
                    answer = shell.open(path, protect=protect)
                    happened = shell("happened").result == "ok"
                    self.assertEqual(happened, first <= (3 if protect else 1))
                    self.assertEqual(answer.result, "host error" if happened else "ok")
                    shell("fault", "lock", first, 1, "enolck")
                    self.assertEqual(shell.open(path, protect=protect, no_lock=1).result, "ok")
                    shell("close")


class Failures(Case):
    """A host that fails."""

    def test_no_space_by_a_limit(self) -> None:
        def limit() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (10000, 10000))
        shell = self.shell(preexec_fn=limit, restore_signals=False)
        path = self.dir / "tape.aws"
        self.assertEqual(shell.open(path, create=1).result, "ok")
        self.assertEqual(shell.put(bytes(5000)).result, "ok")
        answer = shell.put(bytes(5000))
        self.assertEqual((answer.result, answer.block), ("no space", 1))
        self.assertIn("File too large", answer.message)
        self.assertEqual(path.stat().st_size, 5006)
        self.assertEqual(shell("mark").result, "ok")
        self.assertEqual(unframed(path.read_bytes()), [bytes(5000), None])

    def test_a_read_that_fails(self) -> None:
        units = [bytes([number]) * 9000 for number in range(20)] + [None] + [A * 100] * 4
        path = self.image(framed(units))
        # Where it begins, and where it ends: no further than what is known
        for start, call, end in ((0, "read", 0), (1, "fsb", 1), (1, "fsf", 1), (0, "end", 0), (0, "locate 5", 0),
                                 (10, "rback", 10), (10, "bsb", 10), (25, "bsf", 25)):
            with self.subTest(call):
                shell = self.opened(path)
                shell("locate", start)
                shell("fault", "read", 1, 100, "eio")
                answer = shell(*call.split())
                self.assertEqual((answer.result, answer.data, answer.block), ("host error", b"", end))
                self.assertIn("Input/output error", answer.message)
                shell("fault", "read", 0, 0, "eio")
                self.assert_same(shell.units(), units[end:])
                shell("close")

    def test_a_file_that_becomes_shorter(self) -> None:
        path = self.image(framed([bytes(9000)] * 3))
        shell = self.opened(path)
        self.assertEqual(shell("read").result, "ok")
        os.truncate(path, 12000)
        answer = shell("read")
        self.assertEqual((answer.result, answer.data), ("host error", b""))

    def test_what_the_host_holds_back_is_bounded(self) -> None:
        shell = self.opened(self.image(framed(TAPE)))
        shell("end")
        start = shell("end").offset
        ranges: list[tuple[int, int, str]] = []
        offset = start
        while len(ranges) < 5:
            offset = shell.put(bytes(65535)).offset
            self.assertLess(offset - start, 64 << 20, "nothing was written out")
            self.assertEqual(shell("out").result, "ok")
            said = re.findall(r"(\d+)-(\d+)(\+?)", shell("outs").message)
            ranges += [(int(first), int(last), waits) for first, last, waits in said]
        # It begins to write a part, then another one, and waits for the one before each time.
        parts = [part[:2] for part in ranges if not part[2]]
        self.assertEqual(parts[0][0], start)
        self.assertEqual([last for _, last in parts[:-1]], [first for first, _ in parts[1:]])
        self.assertEqual(parts[-1][1], offset)
        self.assertEqual([part[:2] for part in ranges if part[2]], parts[:-1])
        self.assertLessEqual(max(last - first for first, last in parts), (8 << 20) + 66000)

    def test_what_was_synced_or_cut_off_is_not_held_back(self) -> None:
        shell = self.opened(self.image(framed([])))
        while not shell("outs").message:
            shell.put(bytes(65535))
            shell("out")
        for call in ("sync", "locate 1"):
            shell(*call.split())
            offset = shell.put(bytes(60000)).offset
            shell("out")
            self.assertEqual(shell("outs").message, "", call)
        # Behind the cut, it begins there.
        while not (said := shell("outs").message):
            offset = shell.put(bytes(65535)).offset
            shell("out")
        self.assertEqual(said, f"{65541}-{offset}")

    def test_after_a_failed_write_out_nothing_is_trusted(self) -> None:
        shell = self.opened(self.image(framed(TAPE)))
        shell("end")
        shell("fault", "out", 1, 1, "eio")
        while shell.put(bytes(65535)).result == "ok" and (result := shell("out").result) == "ok":
            pass
        self.assertEqual(result, "host error")
        for call in ("out", "sync", "rback", "write 00"):
            self.assertEqual(shell(*call.split()).result, "host error", call)

    def test_after_a_failed_sync_nothing_is_trusted(self) -> None:
        for kind in ("eio", "enospc"):
            with self.subTest(kind):
                shell = self.opened(self.image(framed(TAPE)))
                shell("end")
                shell.put(A)
                shell("fault", "write", 1, 1, kind)
                self.assertEqual(shell("sync").result, "host error" if kind == "eio" else "no space")
                for call in ("sync", "rback", "read", "write 00", "mark", "erase", "fsf", "bsf", "fsb", "bsb", "end",
                             "locate 1"):
                    self.assertEqual(shell(*call.split()).result, "host error", call)


