# SPDX-License-Identifier: GPL-2.0
"""A real QEMU of this machine for the tests, which doesn't run its guest (-S) and answers over QMP."""

import json
import shutil
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRAM = "qemu-system-s390x"


class Qemu:
    """A QEMU. Its monitor is free for others when this connection is closed."""

    def __init__(self, case: unittest.TestCase, place: Path, *args: str):
        if not shutil.which(PROGRAM):
            case.skipTest(f"{PROGRAM} isn't installed")
        self.socket = Path(tempfile.mkdtemp(dir=place)) / "qmp"
        self.process = subprocess.Popen(
            [PROGRAM, "-S", "-accel", "tcg", "-m", "128M", "-display", "none", "-nodefaults",
             "-qmp", f"unix:{self.socket},server=on,wait=off", *args],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        case.addCleanup(self.end)

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait(self) -> "Qemu":
        """Wait until QEMU answers, and so has opened its disks, or until it has ended."""
        while self.process.poll() is None:
            try:
                self.ask("query-status")
                return self
            except OSError:
                pass
        raise RuntimeError(self.process.communicate()[0])

    def ask(self, command: str, **arguments: object) -> dict:
        with socket.socket(socket.AF_UNIX) as monitor:
            monitor.settimeout(60)
            monitor.connect(str(self.socket))
            with monitor.makefile("rw") as lines:
                lines.readline()
                for request in ({"execute": "qmp_capabilities"}, {"execute": command, "arguments": arguments}):
                    print(json.dumps(request), file=lines, flush=True)
                    reply = {"event": ""}
                    while "event" in reply:
                        reply = json.loads(lines.readline())
                return reply

    def hmp(self, line: str) -> str:
        return self.ask("human-monitor-command", **{"command-line": line})["return"].strip()

    def end(self) -> None:
        with self.process:      # closes its streams, and waits
            self.process.kill()
