# SPDX-License-Identifier: GPL-2.0
"""An interactive shell on a host, with the payload in /payload: a real terminal, carried over the 3215 console.

relay.c is the other end and describes the lines between the two.
"""

import base64
import binascii
import contextlib
import os
import shutil
import signal
import sys
import termios
import time
import tty
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import cache
import guest
import hercules
import kernels
import payload
import proc
import toolchain
from progress import say

HERE = Path(__file__).resolve().parent
ESCAPE = b"\x1d"        # Ctrl-]
END_OF_FILE = b"\x04"   # Ctrl-D
INPUT_CHUNK = 60        # bytes in one line to the 3215
POWER_OFF_SECONDS = 60
KILLED = 137


def relay() -> Path:
    """The program at the host's end, built for s390x."""
    source = HERE / "relay.c"

    def build(directory: Path) -> None:
        proc.run([toolchain.cc(), "-Wall", "-Wextra", "-O2", "-static", "-march=z10",
                  "-o", directory / "relay", source], what="building relay")

    return cache.stage("relay", cache.digest(source, toolchain.cc()), build) / "relay"


class Terminal:
    """The end on this machine: standard input and output, in raw mode if they are a terminal."""

    def __init__(self) -> None:
        self.is_tty = os.isatty(0)
        self._resized = True

    @contextlib.contextmanager
    def raw(self) -> Iterator[None]:
        """Raw mode for the length of a with-block; the terminal is left as it was."""
        if not self.is_tty:
            yield
            return
        before = termios.tcgetattr(0)
        handler = signal.signal(signal.SIGWINCH, self._on_resize)
        try:
            tty.setraw(0)
            yield
        finally:
            termios.tcsetattr(0, termios.TCSADRAIN, before)
            signal.signal(signal.SIGWINCH, handler)

    def _on_resize(self, signum: int, frame: FrameType | None) -> None:
        self._resized = True

    def new_size(self) -> str | None:
        """The size of the window, if it has changed since the last call."""
        if not self._resized:
            return None
        self._resized = False
        size = shutil.get_terminal_size()
        return f"W{size.lines} {size.columns}"


class Bridge:
    """Carries bytes between the terminal and the relay."""

    def __init__(self, machine: hercules.Machine, watch: guest.Watch, terminal: Terminal):
        self.status: int | None = None
        self.escaped = False
        self._machine = machine
        self._watch = watch
        self._terminal = terminal
        self._partial = b""
        self._typed = b""
        self._answered = True
        self._open = True           # standard input

    def step(self) -> bool:
        """Wait a moment and carry what is there; False when the host has ended."""
        ready = self._machine.poll(0.5)
        if ready is None or self._machine.stopped() or self._machine.failure():
            return False
        *lines, self._partial = (self._partial + ready).split(b"\n")
        for line in lines:
            self._line(line.rstrip(b"\r"))
        if self._watch.init_seconds:
            self._send()
        return True

    def read_input(self) -> None:
        """Read what was typed."""
        data = os.read(0, 4096)
        if self._terminal.is_tty and ESCAPE in data:
            self.escaped = True
        if not data:
            self._machine.forget(0)
            data = END_OF_FILE
        self._typed += data

    def _send(self) -> None:
        if not self._answered:
            return
        line = self._terminal.new_size()
        if line is None and self._typed:
            chunk, self._typed = self._typed[:INPUT_CHUNK], self._typed[INPUT_CHUNK:]
            line = "I" + base64.b64encode(chunk).decode()
        if line is not None:
            self._machine.type(line)
            self._answered = False

    def _line(self, line: bytes) -> None:
        if line.startswith(b"~T"):
            with contextlib.suppress(binascii.Error):
                os.write(1, base64.b64decode(line[2:]))
        elif line.startswith(b"~A"):
            self._answered = True
        elif line.startswith(b"~E"):
            self.status = int(line[2:] or b"125")
        else:
            self._watch.feed(line + b"\n")


def main(name: str, cpus: int = 2, memory: int = 512) -> int:
    """`lab shell`: on the host of that name, with the module and the tools."""
    host = kernels.ensure(name)
    return session(host, payload.selftests(host), payload.TREE / "build" / name / "shell", cpus=cpus, memory=memory)


def session(host: kernels.Host, files: Path | None, results: Path, *, cpus: int = 1, memory: int = 512) -> int:
    """Boot a host and be its terminal until the shell ends; returns the shell's exit status.

    What was left in $RESULTS there is in results afterwards.
    """
    guest.fresh(results)
    machine = hercules.Machine(memory, cpus)
    terminal = Terminal()
    newline = "\r\n" if terminal.is_tty else "\n"
    watch = guest.Watch(host.name, results / "console",
                        lambda text: print(f"lab: {host.name}: {text}", end=newline, file=sys.stderr, flush=True))
    with contextlib.closing(watch), machine.files() as directory:
        initrd, disk = directory / "initrd", directory / "results"
        guest.make_initrd(initrd, host, files, "", mode="shell", deadline=time.time(), extra={"lab/relay": relay()})
        machine.load(host.image, initrd, hercules.COMMAND_LINE)
        guest.make_result_disk(disk)
        machine.attach(guest.RESULT_DEVICE, "3370", str(disk))
        with machine.running():
            machine.ipl()
            bridge = Bridge(machine, watch, terminal)
            while not watch.init_seconds:
                _step(bridge, machine, watch)
                watch.heartbeat()
            say("`modprobe kvm; insmod kvm_css.ko` loads the module, `./ioinst` is a guest, `exit` powers the host off, "
                "Ctrl-] kills it")
            with terminal.raw():
                machine.listen(0, bridge.read_input)
                while bridge.status is None and not bridge.escaped:
                    _step(bridge, machine, watch)
                machine.forget(0)
            if bridge.status is None:
                return KILLED
            _wait_for_power_off(machine, watch)
            guest.take_results(disk, results)
    return bridge.status


def _step(bridge: Bridge, machine: hercules.Machine, watch: guest.Watch) -> None:
    if not bridge.step():
        raise hercules.died(machine, watch, "the host stopped")


def _wait_for_power_off(machine: hercules.Machine, watch: guest.Watch) -> None:
    deadline = time.monotonic() + POWER_OFF_SECONDS
    while time.monotonic() < deadline and not machine.stopped():
        printed = machine.poll(0.5)
        if printed is None:
            return
        watch.feed(printed)
