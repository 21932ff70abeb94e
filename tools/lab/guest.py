# SPDX-License-Identifier: GPL-2.0
"""What booting a host has in common, on Hercules and under QEMU.

The payload goes in with the initrd, the results come out of a disk, and the console is watched meanwhile.
"""

import os
import re
import shlex
import shutil
import tarfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import initrd
from errors import LabError
from kernels import Host
from progress import say

# The device number of the disk that the results come back on.
RESULT_DEVICE = 0x0FF0
RESULT_DISK_BYTES = 1 << 30         # sparse: takes what is written to it
RESULT_TAR_OFFSET = 64 << 10
RESULT_MAGIC = b"kvm-css-results 1 "

# Initcalls that only cost time under emulation: signatures of certificates that no module is checked against (the
# modules in the initrd have theirs stripped), an entropy source that measures itself, and /sys/kernel/slab.
NEEDLESS_INITCALLS = ("load_system_certificate_list", "jent_mod_init", "slab_late_init")
COMMAND_LINE = " ".join((
    "nokaslr oops=panic log_buf_len=2M",
    # Self-tests of algorithms that nothing here uses, loop devices that are made when wanted anyway.
    "cryptomgr.notests loop.max_loop=0",
    "initcall_blacklist=" + ",".join(NEEDLESS_INITCALLS),
    # The debug kernel's boot takes a lock for each of 262,144 subchannels; init switches this on before the payload.
    "lockdep.prove_locking=0",
    # Under emulation on a busy machine a processor that is slow is not one that is stuck.
    "rcupdate.rcu_cpu_stall_timeout=120 rcupdate.rcu_cpu_stall_suppress_at_boot=1",
))

# What is left of the time limit when the host itself ends a payload that hangs: enough to bring its results back.
RESERVE_SECONDS = 30
CONSOLE_LINES_SHOWN = 60


@dataclass(frozen=True)
class DiskSpec:
    """A DASD of the host besides the one for results.

    device is the device number; kind is "3370" (FBA, the image is its raw blocks) or "3390" (ECKD). An image that
    does not exist is made: blocks of 512 bytes for a 3370, cylinders for a 3390.
    """
    device: int
    kind: str
    image: Path
    size: int = 0


@dataclass(frozen=True)
class DeviceSpec:
    """A device of the host that is no DASD: a 1403 printer, a 3505 card reader, a 3480 tape drive.

    files are those that it may have, one at a time; it begins with the first one. One that doesn't exist is made, and
    is empty. options are Hercules' own.
    """
    device: int
    kind: str
    files: tuple[Path, ...]
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """How a boot ended."""
    status: int             # of the payload's command; 124 if it was ended because its time was up
    seconds: float          # wall time of it all
    init_seconds: float     # until the host's init ran
    timed_out: bool
    console: Path           # the whole console, with times
    results: Path           # output, dmesg, status, console and all that the command wrote to $RESULTS


Progress = Callable[[str], None]


def make_initrd(out: Path, host: Host, payload: Path | None, command: Sequence[str] | str, *, mode: str = "run",
                deadline: float, follow: bool = False, modules: Iterable[str] = (),
                extra: dict[str, Path] | None = None) -> None:
    """Write the initrd of one boot. command is an argument list, or a string for the shell; extra are more files."""
    if not isinstance(command, str):
        command = "exec " + shlex.join(map(str, command))
    if payload is not None and not payload.is_dir():
        raise LabError("a payload directory", f"{payload} is none")
    config = {
        "LAB_MODE": mode,
        "LAB_RESULT_DEVICE": f"0.0.{RESULT_DEVICE:04x}",
        "LAB_DEADLINE": int(deadline),
        "LAB_FOLLOW": int(follow),
        "LAB_HOST": host.name,
        "LAB_TERM": os.environ.get("TERM", "dumb"),
    }
    lines = "".join(f"{name}={shlex.quote(str(value))}\n" for name, value in config.items())
    files = {"lab/config": lines.encode(), "lab/command": command.encode() + b"\n"}
    for name, source in (extra or {}).items():
        files[name] = source.read_bytes()
    initrd.build(out, busybox_path=initrd.busybox(), modules_dir=host.modules, payload=payload, files=files,
                 modules=modules)


def payload_deadline(timeout: float) -> float:
    """When, in seconds since the epoch, the host shall end the payload of a boot that starts now."""
    return time.time() + timeout - min(RESERVE_SECONDS, timeout / 4)


def fresh(results: Path) -> None:
    """An empty directory for results; what an earlier boot left in it is removed."""
    if results.exists() and any(results.iterdir()):
        if not (results / "console").exists():
            raise LabError("an empty directory for results, or one of a former boot",
                           f"{results} has other things in it", "name another directory")
        shutil.rmtree(results)
    results.mkdir(parents=True, exist_ok=True)


class Watch:
    """Reads a console: keeps all of it in a file, passes on what is progress, and knows what state the host is in.

    Before progress is passed on, heard is called with it.
    """

    KERNEL_LINE = re.compile(r"^\s*(<\d+>)?\[ *\d+\.\d+\]")

    def __init__(self, name: str, log: Path, progress: Progress | None, heard: Progress | None = None):
        self.start = time.monotonic()
        self.init_seconds = 0.0
        self.panicked = False
        self.directory = log.parent
        self._heard = heard or (lambda text: None)
        self._progress = progress or (lambda text: say(f"{name}: {text}"))
        self._log = log.open("w", encoding="utf-8")
        self._partial = ""
        self._last: deque[str] = deque(maxlen=CONSOLE_LINES_SHOWN)
        self._last_progress = self.start

    def close(self) -> None:
        """Write out what is left of the console."""
        if self._partial:
            self._line(self._partial)
            self._partial = ""
        self._log.close()

    def seconds(self) -> float:
        """Seconds since the boot began."""
        return time.monotonic() - self.start

    def feed(self, data: bytes) -> None:
        """Process what the console has printed."""
        *lines, self._partial = (self._partial + data.decode("latin-1")).split("\n")
        for line in lines:
            self._line(line.rstrip("\r"))
        self._log.flush()

    def _line(self, line: str) -> None:
        self._log.write(f"{self.seconds():8.2f} {line}\n")
        self._last.append(line)
        if "Kernel panic - not syncing" in line:
            self.panicked = True
        if not self.init_seconds:
            if "lab: init" in line:
                self.init_seconds = self.seconds()
                self._report("host is up, running its init")
        elif line and not self.KERNEL_LINE.match(line):
            self._heard(line)
            self._report(line.removeprefix("lab: "))

    def heartbeat(self, seconds: float = 10) -> None:
        """Say that the boot is going on, if nothing was said for a while."""
        if time.monotonic() - self._last_progress > seconds:
            where = "running" if self.init_seconds else "kernel booting"
            self._report(f"{where}, {self.seconds():.0f} s")

    def _report(self, text: str) -> None:
        self._last_progress = time.monotonic()
        self._progress(text)

    def tail(self) -> str:
        """The last lines of the console."""
        return "\n".join([*self._last, *([self._partial] if self._partial else [])])


def make_result_disk(image: Path) -> None:
    """An empty disk for results."""
    with image.open("wb") as disk:
        disk.truncate(RESULT_DISK_BYTES)


def take_results(image: Path, results: Path) -> tuple[int, bool] | None:
    """Unpack a result disk.

    Returns the status of the payload's command and whether its time was up, or None if the host did not get
    to write its results.
    """
    with image.open("rb") as disk:
        header = disk.read(4096).split(b"\n", 1)[0]
        if not header.startswith(RESULT_MAGIC):
            return None
        words = header[len(RESULT_MAGIC):].decode().split()
        if words[0] != "complete":
            raise LabError(f"results of at most {RESULT_DISK_BYTES >> 20} MiB",
                           "the host could not write all of its results to the result disk",
                           "write less to $RESULTS; the console says what went wrong")
        disk.seek(RESULT_TAR_OFFSET)
        with tarfile.open(fileobj=disk, mode="r:") as tar:
            for member in tar:
                _unpack(tar, member, results)
    return int((results / "status").read_text()), "timed-out" in words


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, results: Path) -> None:
    path = results / member.name
    if ".." in path.parts:
        raise LabError("names below $RESULTS in the results", member.name)
    if member.isdir():
        path.mkdir(parents=True, exist_ok=True)
    elif member.issym():
        path.unlink(missing_ok=True)
        path.symlink_to(member.linkname)
    elif member.isreg():
        source = tar.extractfile(member)
        assert source is not None   # of a regular file there is one
        with source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        path.chmod(0o755 if member.mode & 0o111 else 0o644)
    else:
        raise LabError("files, directories and links in $RESULTS", f"{member.name} is none of these")
