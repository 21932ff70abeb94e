# SPDX-License-Identifier: GPL-2.0
"""cssctl tape, with css-tape at the other end."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any

from tape_case import HERE, SANITIZERS, build
from test_daemon import SECONDS, TAPE, Process

CSSCTL = HERE.parents[1] / "build/cssctl/cssctl-fake"
GOOD, FAILED, USAGE = 0, 1, 2


def setUpModule() -> None:  # noqa: N802
    build()
    subprocess.run(["make", "-s", "-C", HERE.parent / "cssctl", f"O={CSSCTL.parent}", "fake"], check=True,
                   stdout=sys.stderr)


class Tape(Process):
    def setUp(self) -> None:
        super().setUp()
        self.program = CSSCTL
        self.more: dict[str, Any] = {}

    def environment(self) -> dict[str, str]:
        return dict(os.environ, **SANITIZERS, FAKE_CSS=str(self.dir))

    def run_it(self, *words: str | Path, status: int = GOOD) -> str:
        done = subprocess.run([self.program, "tape", "--socket", self.control, *words], capture_output=True, text=True,
                              timeout=SECONDS, check=False, env=self.environment(), **self.more)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr if status else done.stdout

    def test_load_status_and_unload(self) -> None:
        self.start("--drive", "one", "--drive", "two")
        self.assertEqual(self.run_it("load", "one", self.tape), "")
        self.assertEqual([line.split() for line in self.run_it("status").splitlines()], [
            ["DRIVE", "DEVICE", "BLOCK", "FORMAT", "TAPE", "IMAGE"],
            ["one", "-", "0", "aws", "writable", str(self.tape)],
            ["two", "-", "-", "-", "-", "-"]])
        self.assertEqual(len(self.run_it("status", "two").splitlines()), 2)
        self.assertEqual(self.run_it("unload", "one"), "")
        self.assertIn("there is no tape in the drive", self.run_it("unload", "one", status=FAILED))

    def test_json(self) -> None:
        self.start("--drive", "one")
        self.assertEqual(json.loads(self.run_it("--json", "load", "one", self.tape)), {"drive": "one"})
        self.assertEqual(json.loads(self.run_it("--json", "status")), {"drives": [{
            "name": "one", "device": None, "image": str(self.tape), "format": "aws", "display": "|", "block": 0, "file": 0,
            "offset": 0, "protected": False, "synced": True, "fenced": False}]})

    def test_a_name_is_shown_whole(self) -> None:
        self.start("--drive", "one")
        strange = self.dir / "a b\n.aws"
        strange.write_bytes(TAPE)
        self.run_it("load", "one", strange)
        self.assertIn("a b", self.run_it("status"))
        self.assertEqual(len(self.run_it("status").splitlines()), 2)

    def test_options(self) -> None:
        self.start("--drive", "one")
        self.run_it("load", "one", self.tape, "readonly=1", "capacity=100000")
        self.assertRegex(self.run_it("status"), "protected")
        self.run_it("unload", "one")
        self.assertIn("options", self.run_it("load", "one", self.tape, "colour=1", status=FAILED))

    def flags_of(self, pid: int) -> list[str]:
        """The last digit of the flags of each descriptor of the tape."""
        found = []
        for fd in Path(f"/proc/{pid}/fd").iterdir():
            try:
                path, info = os.readlink(fd), Path(f"/proc/{pid}/fdinfo/{fd.name}").read_text()
            except FileNotFoundError:
                continue  # a connection that ends
            if path == str(self.tape):
                found += re.findall(r"flags:\s+\d*(\d)", info)
        return found

    def test_a_protected_tape_may_be_in_many_drives(self) -> None:
        process = self.start("--drive", "one", "--drive", "two", "--drive", "three")
        self.run_it("load", "one", self.tape, "readonly=1")
        self.run_it("load", "two", self.tape, "readonly=0", "readonly=1")
        # How it is open: the last digit of the flags is 0 for reading, 2 for both.
        self.assertEqual(self.flags_of(process.pid), ["0", "0"])
        self.assertIn("locked", self.run_it("load", "three", self.tape, "readonly=0", status=FAILED))

    def test_what_may_not_be_written_is_protected(self) -> None:
        self.start("--drive", "one")
        self.tape.chmod(0o444)
        if not os.geteuid():
            # Root may write to everything, so let nobody do it.
            self.program = self.dir / "cssctl"
            shutil.copy(CSSCTL, self.program)
            self.control.chmod(0o666)
            self.dir.chmod(0o777)
            self.more = {"user": 65534, "group": 65534}
        self.run_it("load", "one", self.tape)
        self.assertRegex(self.run_it("status"), "protected")

    def test_load_and_unload_wait_as_long_as_it_takes(self) -> None:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.addCleanup(listener.close)
        listener.bind(str(self.control))
        listener.listen()
        listener.settimeout(SECONDS)
        processes: dict[str, subprocess.Popen[str]] = {}
        connections: dict[str, socket.socket] = {}
        requests: tuple[list[str | Path], ...] = (["load", "one", self.tape], ["unload", "one"], ["status"])
        for words in requests:
            process = subprocess.Popen([self.program, "tape", "--socket", self.control, *words], text=True,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=self.environment())
            self.addCleanup(process.communicate)
            self.addCleanup(process.kill)
            processes[str(words[0])] = process
        for _ in processes:
            connection = listener.accept()[0]
            self.addCleanup(connection.close)
            connections[connection.recv(8192).split(b"\0")[0].decode()] = connection
        replies = {"load": (b"ok\0", GOOD, ""), "unload": (b"error\0blocks are lost\0", FAILED, "blocks are lost")}
        for word, (reply, status, expected) in replies.items():
            process = processes[word]
            assert process.stderr
            self.assertIn("note: css-tape hasn't replied yet", process.stderr.readline())
            connections[word].send(reply)
            self.assertIn(expected, process.stderr.read())
            self.assertEqual(process.wait(SECONDS), status)
        self.assertIn("hasn't in time", processes["status"].communicate(timeout=SECONDS)[1])
        self.assertEqual(processes["status"].returncode, FAILED)

    def test_usage(self) -> None:
        self.start("--drive", "one")
        for words in ((), ("eject", "one"), ("load",), ("load", "one"), ("unload",), ("unload", "one", "x"),
                      ("status", "one", "x")):
            with self.subTest(words=words):
                self.assertTrue(self.run_it(*words, status=USAGE))

    def test_failures(self) -> None:
        self.assertIn("listens", self.run_it("status", status=FAILED))
        self.start("--drive", "one")
        self.assertIn("No such file", self.run_it("load", "one", self.dir / "none", status=FAILED))
        self.assertIn("no such drive", self.run_it("load", "two", self.tape, status=FAILED))
        bad = self.dir / "bad"
        bad.write_bytes(b"no tape at all")
        self.assertIn("bad", self.run_it("load", "one", bad, status=FAILED))


if __name__ == "__main__":
    unittest.main()
