# SPDX-License-Identifier: GPL-2.0
"""Tests `lab shell` the way a person uses it: through a terminal. Boots Debian 13's stock kernel.

Run it as `python3 tools/lab/test_shell.py`.
"""

import hashlib
import os
import pty
import re
import select
import signal
import sys
import time
import unittest
from pathlib import Path

LAB = Path(__file__).resolve().parent / "lab"
HOST = "debian13"
PROMPT = rb"debian13:/payload# "
BOOT_SECONDS = 300
ANSWER_SECONDS = 60


class Person:
    """Types on a terminal and reads what comes."""

    def __init__(self, *argv: str):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execv(sys.executable, [sys.executable, *argv])
        self.seen = b""

    def type(self, data: bytes) -> None:
        os.write(self.terminal, data)

    def expect(self, pattern: bytes, seconds: float = ANSWER_SECONDS) -> bytes:
        """Read until the pattern comes; returns all up to its end."""
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, self.seen, re.DOTALL)):
            if time.monotonic() > deadline or not self._read():
                raise AssertionError(f"expected {pattern!r}, found {self.seen[-1000:]!r}")
        text, self.seen = self.seen[:found.end()], self.seen[found.end():]
        return text

    def _read(self) -> bool:
        ready, _, _ = select.select([self.terminal], [], [], 1)
        if not ready:
            return True
        try:
            data = os.read(self.terminal, 65536)
        except OSError:         # everybody at the other end has closed it
            return False
        self.seen += data
        return bool(data)

    def end(self) -> int:
        """Read to the end; returns the exit status."""
        deadline = time.monotonic() + ANSWER_SECONDS
        while self._read():
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGTERM)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class ShellTest(unittest.TestCase):
    """All tests are on one boot, because a boot takes half a minute."""

    def test_session(self) -> None:
        person = Person(str(LAB), "shell", HOST)
        person.expect(PROMPT, BOOT_SECONDS)
        with self.subTest("the module is there and KVM loads"):
            person.type(b"modprobe kvm; ls -1d /dev/kvm kvm_css.ko\r")
            person.expect(rb"\n/dev/kvm\r.*\nkvm_css.ko\r.*" + PROMPT)
        with self.subTest("nothing is lost or cut short"):
            person.type(b"for i in $(seq 500); do echo $i-$(printf %0150d $i); done | tee /tmp/l; md5sum < /tmp/l\r")
            text = person.expect(rb"\n[0-9a-f]{32}  -\r.*" + PROMPT)
            lines = b"".join(line + b"\n" for line in re.findall(rb"\n(\d+-\d{150})(?=\r)", text))
            self.assertEqual(lines.count(b"\n"), 500)
            self.assertIn(hashlib.md5(lines).hexdigest().encode(), text)
        with self.subTest("bytes beyond ASCII and EBCDIC"):
            person.type(b"printf '[{\\303\\244}]\\033[0m\\n'\r")
            person.expect("\n\\[{ä}\\]\033\\[0m\r".encode())
            person.expect(PROMPT)
        with self.subTest("job control"):
            person.type(b"sleep 1000\r")
            person.expect(rb"sleep 1000")
            time.sleep(1)
            person.type(b"\x1a")
            person.expect(rb"Stopped.*" + PROMPT)
            person.type(b"kill %1; fg\r")
            person.expect(PROMPT)
            person.type(b"cat\r")
            person.expect(rb"cat\r")
            time.sleep(1)
            person.type(b"\x03")
            person.expect(PROMPT)
        with self.subTest("a long line typed at once"):
            person.type(b"echo " + b"x" * 700 + b" | wc -c\r")
            person.expect(rb"\n701\r.*" + PROMPT)
        with self.subTest("exit powers off and gives its status"):
            person.type(b"exit 5\r")
            self.assertEqual(person.end(), 5)

    def test_escape(self) -> None:
        person = Person(str(LAB), "shell", HOST)
        person.expect(PROMPT, BOOT_SECONDS)
        person.type(b"\x1d")
        self.assertEqual(person.end(), 137)


if __name__ == "__main__":
    unittest.main()
