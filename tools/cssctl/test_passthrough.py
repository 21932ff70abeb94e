#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Tests of devices of the host's."""

import errno
import unittest

from case import FAILED, USAGE, Case, build

DISK = ("--type", "passthrough", "--host", "0.0.0120")


def setUpModule() -> None:  # noqa: N802
    build()


class Devices(Case):
    def setUp(self) -> None:
        super().setUp()
        self.attach()

    def apply(self, text: str) -> None:
        config = self.dir / "config"
        config.write_text(text)
        self.it("apply", config)

    def test_add(self) -> None:
        added = self.json("add", *DISK)["added"]
        self.assertEqual((added["type"], added["host"]), ("passthrough", "0.0.0120"))
        self.assertEqual(self.log(), ["add 3.0000 flags=3 devno=0200 chpid=40 type=5"])
        self.assertEqual(self.json("add", "--type", "passthrough", "--host", "0.3.FFff")["added"]["host"], "0.3.ffff")

    def test_shown(self) -> None:
        self.assertIn(", passthrough, 0.0.0120 of the host\n", self.it("add", *DISK))
        self.assertEqual(self.it("list").splitlines()[1].split()[1:], ["passthrough", "0200", "40", "yes", "-", "0.0.0120"])
        self.assertRegex(self.it("show", "--id", "0.3.0000"), r"(?m)^  device of the host +0\.0\.0120$")
        self.assertEqual(self.json("show", "--id", "0.3.0000")["host"], "0.0.0120")

    def test_wrong_options(self) -> None:
        start = ["add", "--pid", self.pid, "--type", "passthrough"]
        self.assertIn("expected --host", self.refused(USAGE, *start))
        for host in ("", "120", "0120", "0.0.120", "0.4.0120", "1.0.0120", "0.0.012g", "0.0.01200", "0.0.0x12", "0.0.-120"):
            self.assertIn("--host: expected a device of the host's", self.refused(USAGE, *start, "--host", host))
        self.assertIn("--host", self.refused(USAGE, "add", "--pid", self.pid, "--type", "test", "--host", "0.0.0120"))

    def test_reasons(self) -> None:
        for error, reason in ((errno.EPERM, "CAP_SYS_ADMIN"), (errno.ENODEV, "has recognized"), (errno.EBUSY, "that nobody uses"),
                              (errno.EOPNOTSUPP, "this kernel's structures"), (errno.EINVAL, "devices of type passthrough")):
            said = self.refused(FAILED, "add", "--pid", self.pid, *DISK, fail=f"add={error}")
            self.assertIn(reason, said)

    def test_applied_once(self) -> None:
        self.apply("add --type passthrough --host 0.0.0120\nadd --type passthrough --host 0.0.0121\n")
        self.apply("add --type passthrough --host 0.0.0120\nadd --type passthrough --host 0.0.0121\n")
        self.assertEqual([sch["host"] for sch in self.json("list")["subchannels"]], ["0.0.0120", "0.0.0121"])


if __name__ == "__main__":
    unittest.main()
