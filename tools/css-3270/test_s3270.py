#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Tests with s3270, Debian's TN3270 client for scripts, on fake units.

Run it as `python3 tools/css-3270/test_s3270.py`, or `make -C tools/css-3270 check`. It needs the package s3270.
"""

import os
import select
import shutil
import subprocess
import unittest

from display_case import ATTENTION, DEVICE_END, ENDED, INTERVENTION, SECONDS, UNIT_CHECK, Case, Unit, build, ebcdic, free_port

ENTER = 0x7D
NO_AID = 0x60
# Write control character: reset modified data tags, unlock the keyboard
UNLOCK = b"\xc3"


def setUpModule() -> None:  # noqa: N802
    if not shutil.which("s3270"):
        raise AssertionError("expected the package s3270, found no such program")
    build()


def screen(text: str) -> bytes:
    """Data of a WRITE: from row 1, column 1, a protected field with this text, and behind it one to type into."""
    return UNLOCK + b"\x11\x40\x40" + b"\x1d\x60" + ebcdic(text) + b"\x1d\x40" + b"\x13"


class S3270:
    """An s3270 that a test gives actions to."""

    def __init__(self, *args: str):
        self.process = subprocess.Popen(["s3270", "-utf8", *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)
        self.had = b""

    def start(self, action: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(action.encode() + b"\n")
        self.process.stdin.flush()

    def line(self) -> str:
        while b"\n" not in self.had:
            if not select.select([self.process.stdout], [], [], SECONDS)[0]:
                raise AssertionError(f"expected s3270 to answer, it has said {self.had!r}")
            assert self.process.stdout
            more = os.read(self.process.stdout.fileno(), 1 << 16)
            if not more:
                raise AssertionError(f"expected s3270 to answer, it has ended behind {self.had!r}")
            self.had += more
        found, _, self.had = self.had.partition(b"\n")
        return found.decode().rstrip()

    def end(self) -> list[str]:
        """What the action has answered: the lines with data."""
        lines: list[str] = []
        while (line := self.line()) != "ok":
            if line == "error":
                raise AssertionError(f"expected the action to succeed, s3270 said {lines}")
            lines.append(line)
        return [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]

    def do(self, action: str) -> list[str]:
        self.start(action)
        return self.end()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


class Displays(Case):
    def s3270(self, unit: Unit, *args: str, lu: str = "", model: str = "3279-2-E") -> S3270:
        """An s3270 that is the display of a unit."""
        client = S3270("-model", model, *args)
        self.addCleanup(client.close)
        client.start(f"Connect({lu + '@' if lu else ''}127.0.0.1:{self.port})")
        self.assertEqual(unit.status(), DEVICE_END)
        # The action ends when the host has unlocked the keyboard.
        self.assertEqual(unit.run(0x05, UNLOCK).status, ENDED)
        client.end()
        return client

    def start_tcp(self) -> None:
        self.port = free_port()
        self.start("--listen", str(self.port))

    def test_screen_and_key(self) -> None:
        self.start_tcp()
        unit = self.unit()
        client = self.s3270(unit)
        self.assertEqual(unit.run(0x05, screen("LOGIN:")).status, ENDED)
        client.do("Wait(10,InputField)")
        self.assertEqual(client.do("Ascii()")[0].strip(), "LOGIN:")
        client.do('String("root")')
        client.start("Enter()")
        self.assertEqual(unit.status(), ATTENTION)
        found = unit.run(0x06, count=200)
        self.assertEqual(found.status, ENDED)
        self.assertEqual(found.data[0], ENTER)
        self.assertTrue(found.data.endswith(ebcdic("root")), found)
        self.assertEqual(unit.run(0x01, UNLOCK).status, ENDED)
        client.end()

    def query(self, unit: Unit, query: str) -> bytes:
        self.assertEqual(unit.run(0x11, bytes.fromhex(query)).status, ENDED)
        self.assertEqual(unit.status(), ATTENTION)
        found = unit.run(0x06, count=4096)
        self.assertEqual((found.status, found.data[0]), (ENDED, 0x88))
        return found.data

    def test_size_as_linux_asks(self) -> None:
        """Linux raw3270.c: a query list with the usable area, and where its size is in the reply."""
        for model, rows, columns in (("3279-2-E", 24, 80), ("3279-4-E", 43, 80), ("3279-5-E", 27, 132)):
            with self.subTest(model=model):
                self.start_tcp()
                unit = self.unit()
                client = self.s3270(unit, model=model)
                self.assertEqual(unit.run(0x0D, b"\x02").status, ENDED)
                data = self.query(unit, "000701ff030081")
                self.assertEqual(data[3:5], b"\x81\x81")
                self.assertEqual((int.from_bytes(data[7:9], "big"), int.from_bytes(data[9:11], "big")), (columns, rows))
                client.close()
                self.stop()

    def test_query(self) -> None:
        self.start_tcp()
        unit = self.unit()
        self.s3270(unit)
        self.assertIn(b"\x81\x80", self.query(unit, "000501ff02"))

    def test_read_buffer_and_modified(self) -> None:
        """Nobody presses a key: the client is asked, and has answered the mark behind it."""
        self.start_tcp()
        unit = self.unit()
        client = self.s3270(unit)
        unit.run(0x05, screen("HELLO"))
        client.do("Wait(10,InputField)")
        client.do('String("x")')
        found = unit.run(0x02, count=8192)
        self.assertEqual(found.status, ENDED)
        self.assertEqual((found.data[0], found.data[5:10]), (NO_AID, ebcdic("HELLO")))
        self.assertGreaterEqual(found.count, 3 + 24 * 80)
        found = unit.run(0x06, count=100)
        self.assertEqual((found.status, found.data[0]), (ENDED, NO_AID))
        self.assertIn(ebcdic("x"), found.data)
        found = unit.run(0x0E, count=100)
        self.assertEqual((found.status, found.data[0]), (ENDED, NO_AID))
        self.still(unit)

    def test_erase_unprotected(self) -> None:
        self.start_tcp()
        unit = self.unit()
        client = self.s3270(unit)
        unit.run(0x05, screen("HELLO"))
        client.do("Wait(10,InputField)")
        client.do('String("typed")')
        self.assertIn("typed", client.do("Ascii()")[0])
        self.assertEqual(unit.run(0x0F).status, ENDED)
        unit.run(0x06, count=10)
        self.assertEqual(client.do("Ascii()")[0].strip(), "HELLO")

    def test_terminals(self) -> None:
        """RFC 1646: s3270's LU@HOST; a terminal that is in use, and one that there isn't."""
        self.start_tcp()
        one, two = self.unit("lu=ONE"), self.unit("lu=TWO")
        client = self.s3270(two, lu="TWO")
        two.run(0x05, screen("SECOND"))
        client.do("Wait(10,InputField)")
        self.assertEqual(client.do("Ascii()")[0].strip(), "SECOND")
        self.still(one)
        client.do("Disconnect()")
        self.assertEqual(two.status(), DEVICE_END)
        found = two.run(0x05, UNLOCK)
        self.assertEqual((found.status, found.sense), (UNIT_CHECK, bytes((INTERVENTION,))))
        self.s3270(two, lu="TWO")
        self.assertEqual(two.run(0x05, UNLOCK).status, ENDED)

    def test_without_extended_data_stream(self) -> None:
        self.start_tcp()
        unit = self.unit()
        self.s3270(unit, "-tn", "IBM-3278-2", model="3278-2")
        found = unit.run(0x11, bytes.fromhex("000501ff02"))
        self.assertEqual((found.status, found.sense), (UNIT_CHECK, b"\x80"))
        self.assertEqual(unit.run(0x05, UNLOCK + ebcdic("PLAIN")).status, ENDED)


if __name__ == "__main__":
    unittest.main()
