#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Tests of count-key-data disks: images that cssctl makes, what it says of others, and what it tells the module."""

import errno
import shutil
import struct
import subprocess
import unittest
from pathlib import Path
from typing import Any

from case import FAILED, USAGE, Arg, Case, build

TRACK, HEADS = 56832, 15


def setUpModule() -> None:  # noqa: N802
    build()


class Images(Case):
    def create(self, *args: Arg) -> str:
        return self.run_it("create", *args).stdout.decode()

    def test_models(self) -> None:
        for model, cylinders in (("3390-1", 1113), ("3390-3", 3339), ("3390-54", 65520), ("7", 7), ("262668", 262668)):
            path = self.dir / f"disk-{model}"
            try:
                self.assertEqual(self.create(path, model), f"{path}: {cylinders} cylinders, not formatted\n")
            except AssertionError:
                if "File too large" in self.refused(FAILED, "create", self.dir / "again", model):
                    self.skipTest("a file system with small files")
                raise
            file = path.stat()
            self.assertEqual(file.st_size, 512 + cylinders * HEADS * TRACK)
            self.assertLessEqual(file.st_blocks * 512, 64 * 1024, "a hole but for the header")
            path.unlink()

    def test_refused(self) -> None:
        path = self.dir / "new"
        for wrong in ("3390-4", "0", "262669", ""):
            self.assertIn("number of cylinders", self.refused(USAGE, "create", path, wrong))
        self.refused(USAGE, "create", path)
        self.assertFalse(path.exists())
        self.assertIn("File exists", self.refused(FAILED, "create", self.backing, "1"))

    @unittest.skipUnless(shutil.which("dasdinit"), "needs Hercules' dasdinit")
    def test_header_is_that_of_hercules(self) -> None:
        ours, theirs = self.dir / "ours", self.dir / "theirs"
        self.create(ours, "2")
        subprocess.run(["dasdinit", "-a", theirs, "3390", "KVM001", "2"], capture_output=True, check=True)
        self.assertEqual(ours.stat().st_size, theirs.stat().st_size)
        with ours.open("rb") as one, theirs.open("rb") as other:
            self.assertEqual(one.read(512), other.read(512))


class Disks(Case):
    def setUp(self) -> None:
        super().setUp()
        self.attach()
        self.image = self.dir / "image"
        self.run_it("create", self.image, "3")

    def add(self, *args: Arg) -> str:
        return self.it("add", "--type", "eckd", "--backing", self.image, *args)

    def test_added(self) -> None:
        self.assertIn(f"eckd, 3 cylinders of {self.image}", self.add())
        shown = self.it("show", "--id", "0.3.0000")
        self.assertRegex(shown, r"cylinders +3 of 15 tracks, 3390")
        self.assertRegex(shown, r"identity +000000000001\.0302\.00")
        found = self.json("show", "--id", "0.3.0000")
        self.assertEqual({name: found[name] for name in ("type", "cylinders", "readonly", "cache", "serial", "subsystem", "unit")},
                         {"type": "eckd", "cylinders": 3, "readonly": False, "cache": "writethrough",
                          "serial": "000000000001", "subsystem": "0302", "unit": "00"})

    def test_identity(self) -> None:
        """Two disks differ in their device numbers, also where cssctl chooses these."""
        self.add("--share", "--serial", "ABC123")
        self.add("--share", "--serial", "ABC123")
        found = [self.json("show", "--id", sid) for sid in ("0.3.0000", "0.3.0001")]
        self.assertEqual([(one["serial"], one["subsystem"], one["unit"]) for one in found],
                         [("000000ABC123", "0302", "00"), ("000000ABC123", "0302", "01")])

    def test_options(self) -> None:
        for wrong in ("lower", "1234567890123", "A B", ""):
            self.assertIn("digits or upper-case", self.refused(USAGE, "add", "--pid", self.pid, "--type", "eckd",
                                                               "--backing", self.image, "--serial", wrong))
        self.assertIn("--blocks", self.refused(USAGE, "add", "--pid", self.pid, "--type", "eckd", "--backing", self.image,
                                               "--blocks", "1"))
        self.assertIn("--cylinders", self.refused(USAGE, "add", "--pid", self.pid, "--backing", self.image, "--cylinders", "1"))
        self.assertIn("read-only, cache writeback", self.add("--readonly", "--cache", "writeback", "--cylinders", "2"))

    def apply(self, *options: str) -> str:
        path = self.dir / "list"
        path.write_text(f"add --type eckd --backing {self.image} {' '.join(options)}\n")
        return str(path)

    def test_apply(self) -> None:
        self.it("apply", self.apply("--serial", "7"))
        self.it("apply", self.apply())
        for options in (("--cylinders", "2"), ("--serial", "8"), ("--readonly",), ("--cache", "none")):
            self.assertIn(options[0], self.refused(FAILED, "apply", "--pid", self.pid, self.apply(*options)))


class Explanations(Case):
    """The module refuses a file; cssctl says why."""

    def setUp(self) -> None:
        super().setUp()
        self.attach()

    def refuse(self, path: Path, *args: Arg) -> str:
        return self.refused(FAILED, "add", "--pid", self.pid, "--type", "eckd", "--backing", path, *args,
                            fail=f"add={errno.EINVAL}")

    def header(self, name: bytes = b"CKD_P370", heads: int = HEADS, track: int = TRACK, kind: int = 0x90, sequence: int = 0) -> Path:
        path = self.dir / "other"
        path.write_bytes(struct.pack("<8sIIBB494x", name, heads, track, kind, sequence) + bytes(HEADS * TRACK))
        return path

    def test_header(self) -> None:
        cases: tuple[tuple[dict[str, Any], str], ...] = (
            ({"name": b"CKD_C370"}, "cckd2ckd -lfs IMAGE NEW"), ({"name": b"CKD_S370"}, "sf=IMAGE"),
            ({"name": b"VOL1abcd"}, "cssctl create"), ({"sequence": 1}, "dasdcopy -0 -lfs"),
            ({"heads": 16}, "another device"), ({"kind": 0x80}, "another device"))
        for header, said in cases:
            self.assertIn(said, self.refuse(self.header(**header)))

    def test_empty(self) -> None:
        path = self.dir / "empty"
        path.touch()
        self.assertIn("nothing that can be read", self.refuse(path))

    def test_size(self) -> None:
        self.assertIn("hold 2 cylinders or more, found 1", self.refuse(self.header(), "--cylinders", "2"))


if __name__ == "__main__":
    unittest.main()
