# SPDX-License-Identifier: GPL-2.0
"""What the tests of cssctl share: cssctl built with the fake kernel, and a process that has a VM."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, ContextManager, TypeVar

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[1] / "build/cssctl"
FAKE = OUT / "cssctl-fake"
PR_SET_PTRACER = 0x59616D61
GOOD, FAILED, USAGE, NO_VM, NO_CSS, NO_SUBCHANNEL = range(6)
# A sanitizer's complaint gets a status of its own. Leaks don't count: the kernel frees what cssctl has when it ends.
SANITIZERS = {"ASAN_OPTIONS": "exitcode=99:detect_leaks=0", "UBSAN_OPTIONS": "exitcode=99:print_stacktrace=1"}
# Yama may restrict who may copy descriptors, so allow it to everybody (PR_SET_PTRACER_ANY).
ALLOW = f"import ctypes; ctypes.CDLL(None).prctl({PR_SET_PTRACER}, ctypes.c_ulong(-1)); "
# Opens the files that are its arguments, prints a line, and waits until it is ended.
HOLDER = ALLOW + "import sys; files = [open(name, 'r+') for name in sys.argv[1:]]; print(flush=True); sys.stdin.read()"

Entered = TypeVar("Entered")
# An argument of a program
Arg = str | Path | int


def kinds() -> set[str]:
    """The kinds of devices: each has a file of its own."""
    return {path.stem.removeprefix("kind_") for path in HERE.glob("kind_*.c")}


def build() -> None:
    done = subprocess.run(["make", "-C", HERE, f"O={OUT}", "fake"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"make fake:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")


class Case(unittest.TestCase):
    """A test with a directory for the fake kernel, and with a process that has a VM."""

    def setUp(self) -> None:
        self.dir = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.backing = self.dir / "disk"
        self.backing.write_bytes(bytes(8 * 512))
        self.vm = self.hold(self.make_vm("kvm-vm"))
        self.pid = str(self.vm.pid)
        self.program = FAKE

    def let_nobody(self) -> dict[str, Any]:
        """Let another user use the directory and the program; returns arguments for subprocess."""
        self.program = self.dir / "cssctl"
        shutil.copy(FAKE, self.program)
        for name in ("device", "log"):
            (self.dir / name).touch()
            (self.dir / name).chmod(0o666)
        self.dir.chmod(0o777)
        return {"user": 65534, "group": 65534}

    def enterContext(self, context: ContextManager[Entered]) -> Entered:  # noqa: N802
        """Like unittest's, which exists from Python 3.11 on."""
        entered = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return entered

    def make_vm(self, name: str) -> Path:
        path = self.dir / name
        path.touch()
        return path

    def hold(self, *files: Path) -> subprocess.Popen:
        return self.started(HOLDER, *files)[0]

    def started(self, code: str, *args: Arg, **more: Any) -> tuple[subprocess.Popen, str]:
        """A Python process that prints a line when it is ready, and ends with this test; that line."""
        return self.started_program(sys.executable, "-c", code, *args, **more)

    def started_program(self, *argv: Arg, **more: Any) -> tuple[subprocess.Popen, str]:
        """The same for any program."""
        process = subprocess.Popen(list(map(str, argv)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **more)
        self.addCleanup(self.end, process)
        assert process.stdout is not None
        return process, process.stdout.readline().strip()

    @staticmethod
    def end(process: subprocess.Popen) -> None:
        with process:       # closes its streams, and waits
            process.kill()

    def environment(self, fail: str = "", vmm: str = "") -> dict[str, str]:
        """Set which calls fail, and which of the VMM's subchannels the guest uses."""
        return dict(os.environ, **SANITIZERS, FAKE_CSS=str(self.dir), FAKE_FAIL=fail, FAKE_VMM=vmm)

    def run_it(self, *args: Arg, status: int = GOOD, fail: str = "", vmm: str = "",
               **more: Any) -> subprocess.CompletedProcess:
        done = subprocess.run([self.program, *map(str, args)], env=self.environment(fail, vmm), capture_output=True, check=False,
                              timeout=60, **more)
        said = f"cssctl {' '.join(map(str, args))}: {done.stdout!r} {done.stderr!r}"
        self.assertEqual(done.returncode, status, said)
        # Notes may come before an error, which is the last line.
        last = done.stderr.splitlines()[-1:]
        self.assertEqual(bool(status), any(line.startswith(b"cssctl: ") and b"note: " not in line for line in last), said)
        return done

    def it(self, command: str, *args: Arg, **more: Any) -> str:
        """What cssctl prints for the VM of the test."""
        return self.run_it(command, "--pid", self.pid, *args, **more).stdout.decode()

    def json(self, command: str, *args: Arg, **more: Any) -> dict:
        return json.loads(self.it(command, "--json", *args, **more))

    def refused(self, status: int, *args: Arg, **more: Any) -> str:
        return self.run_it(*args, status=status, **more).stderr.decode()

    def log(self) -> list[str]:
        path = self.dir / "log"
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return lines

    def attach(self) -> None:
        self.it("attach")
        self.log()

    def ids(self) -> list[tuple[str, str]]:
        return [(one["id"], one["type"]) for one in self.json("list")["subchannels"]]
