#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Tests of the hook that libvirt calls: from its call to the subchannels of the guest."""

import os
import subprocess
import time
import unittest
from pathlib import Path

from case import FAKE, HERE, Case, build

STARTED = ("started", "begin", "-")
# All others that libvirt calls its hooks with (docs/hooks.rst of libvirt)
OTHERS = [("prepare", "begin", "-"), ("start", "begin", "-"), ("stopped", "end", "-"), ("release", "end", "-"),
          ("migrate", "begin", "-"), ("restore", "begin", "-"), ("reconnect", "begin", "-"), ("attach", "begin", "-"),
          ("started", "end", "-")]
# More than a pipe holds: libvirt may have to wait until somebody reads it, or until nobody can.
XML = "<domain type='kvm'>" + " " * 200000 + "</domain>\n"
SECONDS = 20


def setUpModule() -> None:  # noqa: N802
    build()


class Hook(Case):
    """The hook, with directories of the test's own in place of /etc and /run."""

    def setUp(self) -> None:
        super().setUp()
        for name in ("etc/kvm-css", "run/libvirt/qemu", "bin"):
            (self.dir / name).mkdir(parents=True)
        self.hook = self.dir / "hook"
        text = (HERE / "libvirt-hook").read_text().replace("=/etc/", f"={self.dir}/etc/").replace("=/run/", f"={self.dir}/run/")
        self.hook.write_text(text)
        self.hook.chmod(0o755)
        self.assertEqual(text.count(str(self.dir)), 2)
        self.said = self.dir / "said"
        self.path = f"{self.dir}/bin:{os.environ['PATH']}"
        self.script("logger", f'{{ printf "%s: " "$2"; cat; }} > "{self.said}.new"; mv "{self.said}.new" "{self.said}"')

    def script(self, name: str, text: str) -> None:
        path = self.dir / "bin" / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def guest(self, name: str, config: str) -> None:
        """A guest that libvirt has started, with a configuration."""
        (self.dir / f"etc/kvm-css/{name}.conf").write_text(config)
        (self.dir / f"run/libvirt/qemu/{name}.pid").write_text(f"{self.pid}\n")

    def call(self, *arguments: str) -> float:
        """Call the hook as libvirt does, which waits until nobody has its pipes any more; how long that took."""
        start = time.monotonic()
        done = subprocess.run([self.hook, *arguments], input=XML, env={**self.environment(), "PATH": self.path},
                              capture_output=True, text=True, timeout=SECONDS, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        return time.monotonic() - start

    def wait(self, path: Path) -> str:
        """What a file says that the background writes."""
        end = time.monotonic() + SECONDS
        while not path.exists() and time.monotonic() < end:
            time.sleep(0.02)
        return path.read_text()

    def silent(self, *arguments: str) -> None:
        """The hook does nothing: whatever it starts in the background would have said something by then."""
        self.call(*arguments)
        time.sleep(0.2)
        self.assertFalse((self.dir / "called").exists(), arguments)

    def record(self) -> None:
        """Have a cssctl that only says how it was called."""
        self.script("cssctl", f'printf "%s|" "$@" > "{self.dir}/called.new" && mv "{self.dir}/called.new" "{self.dir}/called"')

    def test_start_to_finish(self) -> None:
        (self.dir / "bin/cssctl").symlink_to(FAKE)
        self.guest("guest1", f"add --backing {self.backing} --devno 0300\nadd --type test\n")
        self.call("guest1", *STARTED)
        said = self.wait(self.said)
        self.assertTrue(said.startswith("kvm-css: guest1: "), said)
        self.assertIn("0.3.0000: added\n", said)
        self.assertEqual(self.ids(), [("0.3.0000", "fba"), ("0.3.0001", "test")])

    def test_failure_is_logged(self) -> None:
        (self.dir / "bin/cssctl").symlink_to(FAKE)
        self.guest("guest1", f"add --backing {self.dir}/missing\n")
        self.call("guest1", *STARTED)
        self.assertIn("cssctl: ", self.wait(self.said))

    def test_arguments(self) -> None:
        self.record()
        for name in ("guest1", "two words", "-guest", "$(false)", "a'b\"c"):
            self.guest(name, "")
            self.call(name, *STARTED)
            called = self.wait(self.dir / "called")
            self.assertEqual(called, f"apply|--wait|60|--pidfile|{self.dir}/run/libvirt/qemu/{name}.pid|"
                                     f"{self.dir}/etc/kvm-css/{name}.conf|")
            (self.dir / "called").unlink()

    def test_nobody_waits(self) -> None:
        self.script("cssctl", f'sleep 5; touch "{self.dir}/slept"')
        self.guest("guest1", "")
        self.call("guest1", *STARTED)
        self.assertFalse((self.dir / "slept").exists())

    def test_nothing_to_do(self) -> None:
        self.record()
        self.guest("guest1", "")
        for operation in OTHERS:
            self.silent("guest1", *operation)
        self.silent("guest2", *STARTED)
        self.silent("../kvm-css/guest1", *STARTED)
        self.silent()

    def test_removed(self) -> None:
        """The hook stays when the package with cssctl is removed."""
        self.guest("guest1", "")
        self.path = f"{self.dir}/bin"
        self.script("logger", f': > "{self.said}"')
        self.silent("guest1", *STARTED)
        self.assertFalse(self.said.exists())


if __name__ == "__main__":
    unittest.main()
