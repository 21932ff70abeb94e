#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Tests of devices that a process models, and of how cssctl gives them to the process."""

import errno
import json
import os
import socket
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

from case import FAILED, FAKE, GOOD, NO_SUBCHANNEL, USAGE, Arg, Case, build

TAPE = ("--type", "user", "--cu", "3490/10", "--dev", "3490/40")
# Says what it was started with
STARTED = ("import json, os, sys; print(json.dumps([sys.argv[1:], os.environ.get('CSS_UNIT'), os.readlink('/proc/self/fd/3'), "
           "sorted(map(int, os.listdir('/proc/self/fd')))]))")


def setUpModule() -> None:  # noqa: N802
    build()


class Server:
    """A program that listens for units, and keeps those that it gets."""

    def __init__(self, path: Path, reply: bytes | None = b"\0"):
        self.path = path
        self.reply = reply
        self.got: list[tuple[str, str]] = []
        self.units: list[int] = []
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(str(path))
        self.listener.listen()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                text, units, _, _ = socket.recv_fds(connection, 4096, 4)
                if not text:        # cssctl has found afterwards that it gets no unit
                    continue
                self.got.append((text.decode(), ",".join(Path(os.readlink(f"/proc/self/fd/{unit}")).name for unit in units)))
                self.units += units
                if self.reply is not None:
                    connection.send(self.reply)

    def drop(self) -> None:
        """Serve no device any more."""
        for unit in self.units:
            os.close(unit)
        self.units = []

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join(10)
        self.listener.close()
        self.drop()


class UserCase(Case):
    def setUp(self) -> None:
        super().setUp()
        self.attach()
        self.socket = self.dir / "socket"

    def server(self, reply: bytes | None = b"\0") -> Server:
        server = Server(self.socket, reply)
        self.addCleanup(server.close)
        return server

    def add(self, *args: Arg) -> dict:
        return self.json("add", *TAPE, *args)["added"]


class Devices(UserCase):
    def test_add(self) -> None:
        self.assertEqual(self.add(), {
            "id": "0.3.0000", "type": "user", "devno": "0200", "chpid": "40", "enabled": True, "started": 0, "completed": 0,
            "deferred": 0, "served": False, "cu": "3490/10", "dev": "3490/40", "ciws": [], "area": 65536})
        self.assertEqual(self.log(), ["add 3.0000 flags=3 devno=0200 chpid=40 type=3", "id ff349010349040 sense3 43"])

    def test_all_options(self) -> None:
        found = self.add("--ciw", "40fa0100", "--ciw", "0x41730004", "--area", "131072")
        self.assertEqual((found["ciws"], found["area"]), (["40fa0100", "41730004"], 131072))
        self.assertEqual(self.log()[1], "id ff3490103490400040fa010041730004 sense3 43")
        found = self.json("add", "--type", "user", "--cu", "3174/1d", "--area", "4096")["added"]
        self.assertEqual((found["cu"], found["dev"]), ("3174/1d", "0000/00"))
        self.assertEqual(self.log()[1], "id ff31741d000000 sense3 00")

    def test_wrong_options(self) -> None:
        start = ["add", "--pid", self.pid, "--type", "user"]
        self.assertIn("expected --cu", self.refused(USAGE, *start))
        for cu in ("", "3490", "3490/", "/10", "34901/10", "3490/100", "3490/1g", "3490-10", "00003490/10", "x/1"):
            self.assertIn("--cu: expected a type and a model", self.refused(USAGE, *start, "--cu", cu))
        self.assertIn("--dev:", self.refused(USAGE, *start, "--cu", "3490/10", "--dev", "3490"))
        start += ["--cu", "3490/10"]
        for area in ("0", "4095", "4097", "1052672", "x"):
            self.assertIn("--area:", self.refused(USAGE, *start, "--area", area))
        for ciw in ("0", "3fffffff", "80000000", "140fa0100", "x"):
            self.assertIn("--ciw:", self.refused(USAGE, *start, "--ciw", ciw))
        eight = ["--ciw", "40fa0100"] * 8
        self.assertIn("up to 8", self.refused(USAGE, *start, *eight, "--ciw", "40fa0100"))
        self.it("add", *start[3:], *eight)
        self.assertIn("--serve", self.refused(USAGE, *start, "--text", "x"))
        for option in (["--readonly"], ["--backing", str(self.backing)], ["--blocks", "1"]):
            self.assertIn("no option of a disk", self.refused(USAGE, *start, *option))
        self.assertIn("--area", self.refused(USAGE, "add", "--pid", self.pid, "--type", "test", "--area", "4096"))

    def test_old_module(self) -> None:
        self.assertIn("devices of type user", self.refused(FAILED, "add", "--pid", self.pid, *TAPE, fail=f"add={errno.EINVAL}"))

    def test_shown(self) -> None:
        self.assertIn(", user, control unit 3490/10, device 3490/40\n", self.it("add", *TAPE, "--ciw", "40fa0100"))
        self.assertEqual(self.it("list").splitlines()[1].split(),
                         ["0.3.0000", "user", "0200", "40", "yes", "-", "3490/10", "3490/40,", "not", "served"])
        text = self.it("show", "--id", "0.3.0000")
        for what, value in (("control unit", "3490/10"), ("device", "3490/40"), ("command information", "40fa0100"),
                            ("data area", "65536 bytes"), ("served", "by no process")):
            self.assertRegex(text, rf"(?m)^  {what} +{value}$")
        self.assertEqual(self.json("show", "--id", "0.3.0000")["dev"], "3490/40")


class Sockets(UserCase):
    def serve(self, *args: Arg, status: int = GOOD) -> str:
        done = self.run_it("serve", "--pid", self.pid, "--id", "0.3.0000", "--socket", self.socket, *args, status=status)
        return (done.stderr if status else done.stdout).decode()

    def test_passes_the_unit(self) -> None:
        server = self.server()
        self.add()
        self.log()
        self.assertEqual(self.serve("--text", "tapes/a.aws"), f"0.3.0000: served by the program at {self.socket}\n")
        self.assertEqual(server.got, [("tapes/a.aws\0", "unit-3.0000")])
        self.assertEqual(self.log(), ["serve 3.0000 flags=0"])
        self.assertTrue(self.json("show", "--id", "0.3.0000")["served"])
        self.assertIn("by a process", self.it("show", "--id", "0.3.0000"))
        self.assertNotIn("served", self.it("list"))
        server.drop()
        self.assertFalse(self.json("show", "--id", "0.3.0000")["served"])
        self.assertEqual(json.loads(self.serve("--json")), {"served": {"id": "0.3.0000", "socket": str(self.socket)}})
        self.assertEqual(server.got[1], ("\0", "unit-3.0000"))

    def test_one_at_a_time(self) -> None:
        self.server()
        self.add()
        self.serve()
        self.assertIn("--take", self.serve(status=FAILED))
        self.log()
        self.serve("--take")
        self.assertEqual(self.log(), ["serve 3.0000 flags=1"])

    def test_refused(self) -> None:
        self.add()
        server = self.server(reply=b"no such tape\n\0")
        self.assertRegex(self.serve(status=FAILED), r"to serve 0\.3\.0000, found that it doesn't: no such tape\\")
        server.drop()
        server.reply = None
        self.assertIn("closed the connection", self.serve(status=FAILED))
        server.drop()
        server.reply = b"x" * 4000
        self.assertIn("x" * 1000, self.serve(status=FAILED))

    def test_nobody_listens(self) -> None:
        self.add()
        self.assertIn("listens on", self.serve(status=FAILED))
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(listener.close)
        listener.bind(str(self.socket))
        listener.listen()
        self.assertIn("SOCK_SEQPACKET", self.serve(status=FAILED))
        self.assertIn("too long", self.serve("--socket", "x" * 200, status=FAILED))
        self.assertEqual(len(self.log()), 2)

    def test_nobody_replies(self) -> None:
        self.add()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.addCleanup(listener.close)
        listener.bind(str(self.socket))
        listener.listen()
        # SERVE_SECONDS of the program for tests, and another time
        times: dict[int, list[Arg]] = {4: [], 1: ["--take", "--reply", 1]}
        for seconds, options in times.items():
            start = time.monotonic()
            self.assertIn(f"hasn't replied within {seconds} seconds", self.serve(*options, status=FAILED))
            self.assertTrue(seconds - 1 < time.monotonic() - start < seconds + 2)
        added = self.refused(FAILED, "add", "--pid", self.pid, "--type", "user", "--cu", "1234/01", "--serve", self.socket,
                             "--reply", 1)
        self.assertIn("hasn't replied within 1 seconds", added)

    def test_no_such_device(self) -> None:
        self.server()
        start = ("serve", "--pid", self.pid, "--socket", self.socket, "--id")
        self.assertIn("found none", self.refused(NO_SUBCHANNEL, *start, "0.3.0000"))
        self.it("add", "--type", "test")
        self.assertIn("found one of type test", self.refused(FAILED, *start, "0.3.0000"))
        self.it("remove", "--id", "0.3.0000", "--vacate")
        self.assertIn("without one", self.refused(NO_SUBCHANNEL, *start, "0.3.0000"))

    def test_wrong_options(self) -> None:
        start = ("serve", "--pid", self.pid, "--id", "0.3.0000")
        self.assertIn("found none", self.refused(USAGE, *start))
        self.assertIn("found both", self.refused(USAGE, *start, "--socket", "x", "--", "true"))
        self.assertIn("--socket", self.refused(USAGE, *start, "--text", "x", "--", "true"))
        self.assertIn("--socket", self.refused(USAGE, *start, "--reply", 1, "--", "true"))
        self.assertIn("1 to 86400", self.refused(USAGE, *start, "--socket", "x", "--reply", 0))
        self.assertIn("--socket", self.refused(USAGE, *start, "--json", "--", "true"))
        self.assertIn("--id", self.refused(USAGE, "serve", "--pid", self.pid, "--socket", "x"))
        self.assertIn("--pid", self.refused(USAGE, "serve", "--id", "0.3.0000", "--socket", "x"))


class Programs(UserCase):
    def start(self, *args: Arg, status: int = GOOD) -> str:
        done = self.run_it("serve", "--pid", self.pid, "--id", "0.3.0000", *args, status=status)
        return (done.stderr if status else done.stdout).decode()

    def test_gets_the_unit_and_nothing_else(self) -> None:
        self.add()
        argv, unit, link, fds = json.loads(self.start("--", sys.executable, "-c", STARTED, "--take", "a b"))
        self.assertEqual((argv, unit, Path(link).name), (["--take", "a b"], "3", "unit-3.0000"))
        # The last one is that of the directory which it has read.
        self.assertEqual(fds, [0, 1, 2, 3, 4])

    def test_serves_as_long_as_it_runs(self) -> None:
        self.add()
        process, _ = self.started_program(FAKE, "serve", "--pid", self.pid, "--id", "0.3.0000", "--", "sh", "-c",
                                          "echo; read -r line", env=self.environment())
        self.assertIn("--take", self.start("--", "true", status=FAILED))
        self.end(process)
        self.start("--", "true")

    def test_none(self) -> None:
        self.add()
        self.assertIn("expected to start /nowhere", self.start("--", "/nowhere", status=FAILED))
        self.start("--", "true")

    def test_its_status(self) -> None:
        self.add()
        done = subprocess.run([FAKE, "serve", "--pid", self.pid, "--id", "0.3.0000", "--", "sh", "-c", "exit 42"],
                              env=self.environment(), check=False)
        self.assertEqual(done.returncode, 42)


class AddAndServe(UserCase):
    def test_both(self) -> None:
        server = self.server()
        self.assertEqual(self.add("--serve", self.socket, "--text", "a.aws")["id"], "0.3.0000")
        self.assertEqual(server.got, [("a.aws\0", "unit-3.0000")])

    def test_nothing_is_added_when_nobody_listens(self) -> None:
        self.assertIn("listens on", self.refused(FAILED, "add", "--pid", self.pid, *TAPE, "--serve", self.socket))
        self.assertEqual(self.log(), [])

    def test_nothing_stays_when_it_is_refused(self) -> None:
        self.server(b"no such tape\0")
        self.it("add", "--type", "test")
        self.log()
        for report, flags in (((), 1), (("--no-report",), 0)):
            self.assertIn("no such tape", self.refused(FAILED, "add", "--pid", self.pid, *TAPE, "--serve", self.socket, *report))
            self.assertEqual(self.log()[-1], f"remove 3.0001 flags={flags}")
        self.it("add", "--type", "test", "--id", "0.3.0002")
        self.refused(FAILED, "add", "--pid", self.pid, *TAPE, "--serve", self.socket)
        self.assertEqual(self.log()[-1], "remove 3.0001 flags=3")

    def apply(self, text: str, status: int = GOOD) -> str:
        config = self.dir / "conf"
        config.write_text(text)
        done = self.run_it("apply", "--pid", self.pid, config, status=status)
        return (done.stderr if status else done.stdout).decode()

    def test_apply(self) -> None:
        server = self.server()
        text = (f"add {' '.join(TAPE)} --serve {self.socket} --text \"tape 1\"\nadd --type user --cu 3174/1d\n"
                f"add {' '.join(TAPE)} --serve {self.socket} --text \"tape 2\"\n")
        self.apply(text)
        self.assertEqual(server.got, [("tape 1\0", "unit-3.0000"), ("tape 2\0", "unit-3.0002")])
        self.log()
        self.assertEqual(self.apply(text).count("is there"), 3)
        self.assertEqual((len(server.got), self.log()), (2, []))
        # Another program takes over where the first one has ended.
        server.drop()
        self.apply(text)
        self.assertEqual(server.got[2:], [("tape 1\0", "unit-3.0000"), ("tape 2\0", "unit-3.0002")])
        server.drop()
        server.reply = b"no\0"
        self.assertIn("conf:1: expected the program", self.apply(text, status=FAILED))

    def test_apply_knows_devices_by_their_types(self) -> None:
        self.apply(f"add {' '.join(TAPE)}\nadd --type user --cu 3174/1d\n")
        self.it("remove", "--id", "0.3.0000")
        self.log()
        self.apply(f"add {' '.join(TAPE)}\nadd --type user --cu 3174/1d\n")
        self.assertEqual(self.log()[0], "add 3.0000 flags=3 devno=0200 chpid=40 type=3")
        self.assertEqual(self.ids(), [("0.3.0000", "user"), ("0.3.0001", "user")])
        self.assertIn("another --area", self.apply(f"add {' '.join(TAPE)} --area 4096\n", status=FAILED))


if __name__ == "__main__":
    unittest.main()
