# SPDX-License-Identifier: GPL-2.0
"""Boots a host on Hercules, which implements SIE, so that the host's KVM runs real guests.

The kernel, the initrd with the payload in it and the command line are loaded straight into storage; results
come back on a raw 3370 disk. The console is a 3215 that this program is connected to before the IPL. Hercules
takes its commands from a FIFO in place of its start-up script.
"""

import contextlib
import os
import re
import selectors
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

import console
import guest
import memorylog
import module
import proc
from errors import LabError
from guest import DeviceSpec, DiskSpec, Progress, Result
from kernels import Host

__all__ = ["DeviceSpec", "DiskSpec", "Result", "attaching", "boot", "detaching", "inserting", "Machine"]

CONSOLE_DEVICE = 0x0009
SHIMS = "tools/lab"
# The shims of every host whose KVM is that of Linux 7
KVM_7_SHIMS = ("hamax", "writefault")
INITRD_ADDRESS = 64 << 20
# Where the s390x kernel expects what it was given: address and size of the initrd, and the command line.
INITRD_ADDRESS_AT = 0x1040C
INITRD_SIZE_AT = 0x10414
COMMAND_LINE_AT = 0x10480
COMMAND_LINE_MAX = 895
# Storage that the kernel needs beside the initrd before it has unpacked it.
KERNEL_ROOM = 160 << 20

# Only emergencies to the console: the log comes back as a file, and what the kernel prints there is cut short anyway.
COMMAND_LINE = f"conmode=3215 condev={CONSOLE_DEVICE:#06x} console=ttyS0 loglevel=1 {guest.COMMAND_LINE}"

CONFIG = """\
CPUSERIAL 002623
CPUMODEL 2817
MODEL EMULATOR M15
MAINSIZE {memory}
XPNDSIZE 0
CNSLPORT 127.0.0.1:{port}
NUMCPU {cpus}
ARCHMODE z/Arch
OSTAILOR QUIET
PGMPRDOS LICENSED
LOGOPT NOTIMESTAMP
"""

# Hercules usually executes twelve instructions at a time and counts them together, and counts a branch to another page
# as twelve or as none. While it traces, it executes and counts one at a time. This traces what lies at address 1,
# where no instruction can be.
COUNT_EXACTLY, COUNT_FAST = "t+ 1", "t-"

# Hercules' messages that matter here.
PORT_OPEN = b"HHCTE003I"
PORT_TAKEN = b"HHCTE002W"
CONSOLE_CONNECTED = b"HHCTE009I"
# These show that the kernel has ended: a power-off gives up the service element's console as its last act but one, and
# a panic ends with a processor in a disabled wait. (A single processor that stops may just be taken offline.)
ENDED = re.compile(rb"HHCCP042I|HHCCP011I")
FAILED = re.compile(rb"^(HHC\w+[ES] .*|.*terminated at end of mainstor.*)$", re.MULTILINE)

START_SECONDS = 20
STOP_SECONDS = 20


class Machine:
    """One Hercules process with its files, for the length of a with-block."""

    def __init__(self, memory: int, cpus: int):
        self.memory = memory
        self.cpus = cpus
        self.directory = Path()
        self.output = b""
        self._lines: list[str] = []
        # What there is while Hercules runs
        self._stack = contextlib.ExitStack()
        self._child: subprocess.Popen | None = None
        self._commands: TextIO | None = None
        self._console: console.Telnet | None = None
        # Not epoll: standard input may be a file.
        self._selector = selectors.SelectSelector()

    @contextlib.contextmanager
    def files(self) -> Iterator[Path]:
        """The machine's directory, which is removed afterwards."""
        with tempfile.TemporaryDirectory(prefix="kvm-css-hercules-") as name:
            self.directory = Path(name)
            yield self.directory

    def attach(self, device: int, kind: str, *args: str) -> None:
        """Add a device to the configuration."""
        self._lines.append(" ".join([f"{device:04X}", kind, *args]))

    def attach_disk(self, disk: DiskSpec) -> None:
        """Add a DASD; make its image if it isn't there."""
        if disk.kind not in ("3370", "3390"):
            raise LabError("a 3370 or 3390 disk", f"kind {disk.kind!r}")
        if not disk.image.exists():
            _make_disk(disk)
        self._link(disk)
        self._lines.append(_configured(disk))

    def attach_device(self, device: DeviceSpec) -> None:
        """Add a device that is no DASD; make its files if they aren't there."""
        if device.kind not in ("1403", "3480", "3505"):
            raise LabError("a 1403, 3480 or 3505", f"kind {device.kind!r}")
        for file in device.files:
            file.touch()
        self._link(device)
        self._lines.append(_configured(device))

    def _link(self, spec: DiskSpec | DeviceSpec) -> None:
        """Hercules splits its lines at blanks, so refer to a device's files by names without, in its own directory."""
        for number, file in enumerate(_files(spec)):
            (self.directory / _link_name(spec, number)).symlink_to(file.absolute())

    def load(self, kernel: Path, initrd: Path, command_line: str) -> None:
        """Write what `ipl` loads into storage. All files must be in the machine's directory: no links."""
        size = initrd.stat().st_size
        needed = (INITRD_ADDRESS + size + KERNEL_ROOM) >> 20
        if needed > self.memory:
            raise LabError(f"at least {needed} MiB of storage for an initrd of {size >> 20} MiB",
                           f"memory={self.memory}", "give the host more memory, or a smaller payload")
        if len(command_line) > COMMAND_LINE_MAX:
            raise LabError(f"a kernel command line of at most {COMMAND_LINE_MAX} characters",
                           f"{len(command_line)} characters: {command_line}")
        shutil.copyfile(kernel, self.directory / "kernel")
        (self.directory / "initrd.address").write_bytes(INITRD_ADDRESS.to_bytes(4, "big"))
        (self.directory / "initrd.size").write_bytes(size.to_bytes(4, "big"))
        (self.directory / "cmdline").write_bytes(command_line.encode() + b"\0")
        (self.directory / "host.ins").write_text(
            f"* kvm-css lab\nkernel 0x00000000\n{initrd.name} {INITRD_ADDRESS:#010x}\n"
            f"initrd.address {INITRD_ADDRESS_AT:#010x}\ninitrd.size {INITRD_SIZE_AT:#010x}\n"
            f"cmdline {COMMAND_LINE_AT:#010x}\n")

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Start Hercules and connect its console; nothing is loaded yet."""
        try:
            while not self._start():
                pass
            yield
        finally:
            self._stop()

    def _start(self) -> bool:
        """Start Hercules; False if another program took the console's port in the meantime."""
        port = _free_port()
        config = CONFIG.format(memory=self.memory, cpus=self.cpus, port=port) + "".join(
            line + "\n" for line in [f"{CONSOLE_DEVICE:04X} 3215 noprompt", *self._lines])
        (self.directory / "hercules.cnf").write_text(config)
        fifo = self.directory / "commands"
        fifo.unlink(missing_ok=True)
        os.mkfifo(fifo)
        self._stack = contextlib.ExitStack()
        self._child = child = self._stack.enter_context(proc.spawn(
            ["hercules", "-d", "-f", "hercules.cnf"], cwd=self.directory, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env={**os.environ, "HERCULES_RC": "commands"}))
        # Not blocking: if Hercules never opens its end, that shall not hang here. Read-write never fails with ENXIO.
        self._commands = self._stack.enter_context(os.fdopen(os.open(fifo, os.O_RDWR), "w", buffering=1))
        self._selector.register(proc.piped(child.stdout), selectors.EVENT_READ)
        self.output = b""
        self._until((PORT_OPEN, PORT_TAKEN))
        if PORT_TAKEN in self.output:
            self._stop()
            return False
        self._console = console.Telnet(port, f"{CONSOLE_DEVICE:04X}")
        self._selector.register(self._console, selectors.EVENT_READ)
        self._until((CONSOLE_CONNECTED,))
        return True

    def _ended(self) -> bool:
        """Whether Hercules has ended, or was never started."""
        return self._child is None or self._child.poll() is not None

    def _until(self, messages: Sequence[bytes]) -> None:
        """Wait for one of Hercules' start-up messages."""
        deadline = time.monotonic() + START_SECONDS
        while not any(message in self.output for message in messages):
            if time.monotonic() > deadline or self._ended():
                raise LabError("Hercules to start up", self.messages(), "is Debian's package hercules installed?")
            self.poll(0.2)

    def poll(self, timeout: float) -> bytes | None:
        """Wait for something to happen; returns what the console printed, None when Hercules has ended."""
        printed = b""
        for key, _ in self._selector.select(timeout):
            if isinstance(key.fileobj, console.Telnet):
                received = key.fileobj.receive()
                if received is None:
                    self._selector.unregister(key.fileobj)
                else:
                    printed += received
            elif key.data is not None:
                key.data()
            else:
                data = os.read(key.fd, 65536)
                self.output += data
                if not data:
                    self._selector.unregister(key.fileobj)
        if self._ended() and not printed:
            return None
        return printed

    def listen(self, fd: int, call: Callable[[], None]) -> None:
        """From now on poll() calls this when there is something to read from a file descriptor."""
        self._selector.register(fd, selectors.EVENT_READ, call)

    def forget(self, fd: int) -> None:
        """No longer listen to a file descriptor."""
        with contextlib.suppress(KeyError):
            self._selector.unregister(fd)

    def command(self, text: str) -> None:
        """Give Hercules a command."""
        if self._commands is None:
            raise LabError("Hercules to run", f"it doesn't, and was to be told {text!r}")
        self._commands.write(text + "\n")

    def type(self, line: str) -> None:
        """Type a line on the console."""
        if self._console is None:
            raise LabError("a console to type on", f"none, and {line!r} was to be typed")
        self._console.send_line(line)

    def ipl(self) -> None:
        """Load and start the kernel."""
        self.command("ipl host.ins")

    def stopped(self) -> bool:
        """Whether the kernel has powered off or died."""
        return bool(ENDED.search(self.output))

    def failure(self) -> str:
        """Hercules' complaints; "" if there are none."""
        return "\n".join(line.decode(errors="replace") for line in FAILED.findall(self.output))

    def messages(self) -> str:
        """The last lines that Hercules has printed."""
        return "\n".join(self.output.decode(errors="replace").splitlines()[-20:])

    def storage(self) -> Path | None:
        """Stop all processors and save the machine's storage; None if Hercules didn't."""
        core = self.directory / "core"
        self.command("stopall" if self.cpus > 1 else "stop")
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            before = len(self.output)
            self.command(f"savecore {core} 0 {(self.memory << 20) - 1:x}")
            asked = time.monotonic()
            while time.monotonic() < asked + 2 and b"complete" not in self.output[before:]:
                if self.poll(0.2) is None:
                    return None
                if b"HHCPN102E" in self.output[before:]:     # not stopped yet
                    break
            if b"complete" in self.output[before:]:
                return core
        return None

    def _stop(self) -> None:
        """End Hercules: politely first, then for certain."""
        if not self._ended():
            with contextlib.suppress(OSError):
                self.command("quit")
            deadline = time.monotonic() + 3
            while time.monotonic() < deadline and self.poll(0.1) is not None:
                pass
        if self._console is not None:
            self._console.close()
            self._console = None
        self._selector.close()
        self._selector = selectors.SelectSelector()
        self._stack.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _files(spec: DiskSpec | DeviceSpec) -> tuple[Path, ...]:
    return (spec.image,) if isinstance(spec, DiskSpec) else spec.files


def _link_name(spec: DiskSpec | DeviceSpec, number: int) -> str:
    return f"device{spec.device:04x}.{number}"


def _with_file(spec: DiskSpec | DeviceSpec, number: int) -> str:
    """A file of a device's, and how the device uses it."""
    options: tuple[str, ...] = ()
    if isinstance(spec, DeviceSpec):
        options = spec.options
    elif spec.kind == "3390":
        # Linux' driver sends this control unit orders that older ones haven't got.
        options = ("cu=3990-6",)
    return " ".join((_link_name(spec, number), *options))


def _configured(spec: DiskSpec | DeviceSpec) -> str:
    return f"{spec.device:04X} {spec.kind} {_with_file(spec, 0)}"


def attaching(spec: DiskSpec | DeviceSpec) -> str:
    """The command that attaches a device once more, after `detaching`."""
    return f"attach {_configured(spec)}"


def detaching(spec: DiskSpec | DeviceSpec) -> str:
    """The command that takes a device away, whatever it is doing."""
    return f"detach {spec.device:04X}"


def inserting(spec: DiskSpec | DeviceSpec, number: int) -> str:
    """The command that puts another of its files into a device."""
    return f"devinit {spec.device:04X} {_with_file(spec, number)}"


def _make_disk(disk: DiskSpec) -> None:
    if disk.size <= 0:
        raise LabError(f"the image of disk {disk.device:04x}", f"{disk.image}: no such file, and no size to make it")
    if disk.kind == "3370":
        with disk.image.open("wb") as image:
            image.truncate(disk.size * 512)
    else:
        proc.run(["dasdinit", "-lfs", disk.image, "3390", "KVMCSS", str(disk.size)], what=f"dasdinit {disk.image.name}")


def boot(host: Host, payload: Path | None, command: Sequence[str] | str, results: Path, *, cpus: int = 1,
         memory: int = 512, timeout: float = 300, disks: Iterable[DiskSpec] = (),
         devices: Iterable[DeviceSpec] = (), cmdline: str = "",
         modules: Iterable[str] = (), follow: bool = False, progress: Progress | None = None,
         told: Mapping[str, str] | None = None, channel_reports: bool = False) -> Result:
    """Boot a host, run a command in its /payload, and bring back what it wrote to $RESULTS.

    told has commands for Hercules, each by the line of progress at which Hercules is told it: attaching() and so on
    make those for the disks and devices. A host whose devices come and go needs channel_reports, or it stops.

    A payload that doesn't end is ended in time for its results to come back, as status 124. A host that doesn't bring
    results back - it panicked, hung or ran out of time - is a LabError with the console and the kernel's log.
    """
    guest.fresh(results)
    machine = Machine(memory, cpus)

    def tell(text: str) -> None:
        if told and text in told:
            machine.command(told[text])

    watch = guest.Watch(host.name, results / "console", progress, tell)
    with contextlib.closing(watch), machine.files() as directory:
        initrd = directory / "initrd"
        guest.make_initrd(initrd, host, payload, command, follow=follow, modules=modules,
                          extra=_shims(host, channel_reports),
                          deadline=guest.payload_deadline(timeout))
        machine.load(host.image, initrd, f"{COMMAND_LINE} {cmdline}".strip())
        result_disk = directory / "results"
        guest.make_result_disk(result_disk)
        machine.attach(guest.RESULT_DEVICE, "3370", str(result_disk))
        for disk in disks:
            machine.attach_disk(disk)
        for device in devices:
            machine.attach_device(device)
        with machine.running():
            machine.ipl()
            found = _run(machine, watch, watch.start + timeout)
            taken = guest.take_results(result_disk, results)
            if taken is None:
                raise died(machine, watch, found)
        status, timed_out = taken
        return Result(status, watch.seconds(), watch.init_seconds, timed_out, results / "console", results)


def _shims(host: Host, channel_reports: bool) -> dict[str, Path]:
    """The modules that make up for what Hercules lacks, as files of the initrd; /init loads them."""
    names = [*(["crwpoll"] if channel_reports else []), *(KVM_7_SHIMS if host.version >= (7, 0) else ())]
    return {f"lab/{name}.ko": module.build(host, f"{SHIMS}/{name}") / SHIMS / name / f"{name}.ko" for name in names}


def _run(machine: Machine, watch: guest.Watch, deadline: float) -> str:
    """Wait until the host has stopped; returns what happened."""
    while True:
        printed = machine.poll(1)
        if printed is None:
            return "Hercules ended"
        watch.feed(printed)
        if machine.stopped():
            while machine.poll(0.3):
                pass
            return "the host stopped" + (", its kernel panicked" if watch.panicked else "")
        if machine.failure():
            return "Hercules failed: " + machine.failure()
        if time.monotonic() > deadline:
            return f"the host still ran after {watch.seconds():.0f} s"
        watch.heartbeat()


def died(machine: Machine, watch: guest.Watch, found: str) -> LabError:
    """The error of a host that brought no results back."""
    results = watch.directory
    core = machine.storage()
    shown = watch.tail()
    if core is not None:
        log = memorylog.extract(core)
        (results / "dmesg").write_text(log)
        if log:
            shown += "\n--- the kernel's log, from the host's storage:\n" + "\n".join(
                log.splitlines()[-guest.CONSOLE_LINES_SHOWN:])
    return LabError("the host to run its payload and bring results back",
                    f"{found} after {watch.seconds():.0f} s\n{shown}\n--- Hercules:\n{machine.messages()}",
                    f"look at {results / 'console'} and {results / 'dmesg'}")
