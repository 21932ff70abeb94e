# SPDX-License-Identifier: GPL-2.0
"""Boots a host under QEMU's TCG: no SIE, so no KVM in it, but faster than Hercules. For KUnit.

Payload and results go as on Hercules: in with the initrd, back as a tar on a disk.
"""

import contextlib
import os
import select
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import guest
import proc
from errors import LabError
from guest import Progress, Result
from kernels import Host

__all__ = ["boot"]

PROGRAM = "qemu-system-s390x"
COMMAND_LINE = f"console=ttysclp0 {guest.COMMAND_LINE}"


def boot(host: Host, payload: Path | None, command: Sequence[str] | str, results: Path, *, cpus: int = 1,
         memory: int = 1024, timeout: float = 300, cmdline: str = "", modules: Iterable[str] = (),
         follow: bool = False, progress: Progress | None = None) -> Result:
    """Boot a host, run a command in its /payload, and bring back what it wrote to $RESULTS; see hercules.boot()."""
    guest.fresh(results)
    watch = guest.Watch(host.name, results / "console", progress)
    with contextlib.closing(watch), tempfile.TemporaryDirectory(prefix="kvm-css-qemu-") as name:
        initrd, disk = Path(name) / "initrd", Path(name) / "results"
        guest.make_initrd(initrd, host, payload, command, follow=follow, modules=modules,
                          deadline=guest.payload_deadline(timeout))
        guest.make_result_disk(disk)
        argv = [
            PROGRAM, "-machine", "s390-ccw-virtio", "-accel", "tcg", "-cpu", "max", "-smp", cpus, "-m", memory,
            "-nodefaults", "-display", "none", "-serial", "stdio", "-monitor", "none", "-no-reboot",
            "-kernel", host.image, "-initrd", initrd, "-append", f"{COMMAND_LINE} {cmdline}".strip(),
            # The file is for this boot only, so nothing has to be durable.
            "-drive", f"if=none,id=results,format=raw,cache=unsafe,file={disk}",
            "-device", f"virtio-blk-ccw,drive=results,devno=fe.0.{guest.RESULT_DEVICE:04x}",
        ]
        found = _run(argv, watch, timeout)
        taken = guest.take_results(disk, results)
    if taken is None:
        raise LabError("the host to run its payload and bring results back", f"{found}\n{watch.tail()}",
                       f"look at {results / 'console'}")
    status, timed_out = taken
    return Result(status, watch.seconds(), watch.init_seconds, timed_out, results / "console", results)


def _run(argv: list, watch: guest.Watch, timeout: float) -> str:
    """Wait until QEMU has ended or the time is up; returns what happened."""
    with proc.spawn(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as child:
        while watch.seconds() < timeout:
            ready, _, _ = select.select([child.stdout], [], [], 1)
            if ready:
                data = os.read(proc.piped(child.stdout).fileno(), 65536)
                if not data:
                    panic = ", its kernel panicked" if watch.panicked else ""
                    return f"the host stopped after {watch.seconds():.0f} s{panic}"
                watch.feed(data)
            watch.heartbeat()
    return f"the host still ran after {watch.seconds():.0f} s"
