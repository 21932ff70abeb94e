#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What is installed of libcss-user, and its manual. The library itself is tested by test.c."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Manual(unittest.TestCase):
    def setUp(self) -> None:
        self.text = (HERE / "css_user.3").read_text()
        self.header = (HERE / "css_user.h").read_text()

    def test_formats(self) -> None:
        if not shutil.which("groff"):
            self.skipTest("groff isn't installed")
        done = subprocess.run(["groff", "-man", "-ww", "-z", HERE / "css_user.3"], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_has_every_function(self) -> None:
        names = re.findall(r"^(?:static inline )?(?:int|void|bool|uint32_t|uint64_t) (css_\w+)\(", self.header, re.MULTILINE)
        self.assertGreater(len(names), 10)
        synopsis, described = self.text.split("\n.SH DESCRIPTION\n")
        for name in names:
            self.assertRegex(synopsis, rf"\b{name}\(")
            self.assertRegex(described, rf"\b{name} \(\)")

    def test_has_every_member(self) -> None:
        for name in ("css_command", "css_answer", "css_device_ops"):
            (body,) = re.findall(rf"^struct {name} {{\n(.*?)^}};", self.header, re.MULTILINE | re.DOTALL)
            (shown,) = re.findall(rf"^struct {name} {{\n(.*?)^}};", self.text, re.MULTILINE | re.DOTALL)
            without = [re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text)).strip() for text in (body, shown)]
            self.assertEqual(*without)


class Install(unittest.TestCase):
    def test_files(self) -> None:
        with tempfile.TemporaryDirectory() as place:
            out = Path(place) / "out"
            out.mkdir()
            (out / "libcss-user.a").touch()
            subprocess.run(["make", "-s", "-C", HERE, f"O={out}", "-o", out / "libcss-user.a", f"DESTDIR={place}/root",
                            "prefix=/usr", "install"], check=True, capture_output=True)
            root = Path(place, "root")
            self.assertEqual(sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()), [
                "usr/include/css_user.h", "usr/lib/libcss-user.a", "usr/share/man/man3/css_user.3"])


if __name__ == "__main__":
    unittest.main()
