# SPDX-License-Identifier: GPL-2.0
"""Boots the user mode kernel: payload and results as on Hercules and under QEMU, in a second.

The kernel is a program of this machine. Its root filesystem is the machine's own, read-only; of all the
machine it can write only the results directory.
"""

import os
import select
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cache
import proc
from errors import LabError
from guest import Progress, Result, Watch
from kernels import Host

HERE = Path(__file__).resolve().parent
INIT = HERE / "uml-init"


def xstate() -> Path:
    """The environment for the kernel on processors that have more state than the kernel knows."""
    source = HERE / "uml_xstate.c"

    def build(directory: Path) -> None:
        proc.run(["gcc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", directory / "uml_xstate.so", source,
                  "-ldl"], what="building uml_xstate")

    return cache.stage("uml-xstate", cache.digest(source), build) / "uml_xstate.so"


def boot(host: Host, payload: Path, command: Sequence[str] | str, results: Path, *, memory: int = 256,
         timeout: float = 300, cmdline: str = "", progress: Progress | None = None) -> Result:
    """Run a command in the payload's directory, on the user mode kernel.

    $RESULTS there is `results` here; output, dmesg, status and console are put beside what the command
    writes to it. A kernel that ends without a status is a LabError that shows its console.
    """
    if not isinstance(command, str):
        command = "exec " + shlex.join(map(str, command))
    if not payload.is_dir():
        raise LabError("a payload directory", f"{payload} is none")
    if results.exists():
        shutil.rmtree(results)
    results.mkdir(parents=True)
    results, payload = results.resolve(), payload.resolve()
    (results / "command").write_text(command + "\n")
    watch = Watch(host.name, results / "console", progress)
    with tempfile.TemporaryDirectory(prefix="kvm-css-uml-") as scratch:
        argv = [host.image, f"mem={memory}M", f"uml_dir={scratch}", "root=none", "rootfstype=hostfs",
                "rootflags=/", "ro", "con0=null,fd:1", "noreboot", f"init={INIT}",
                f'"LAB_PAYLOAD={payload}"', f'"LAB_RESULTS={results}"', *shlex.split(cmdline)]
        in_time = _watch(argv, watch, timeout, scratch)
    return _result(host, results, watch, in_time, timeout)


def _watch(argv: list, watch: Watch, timeout: float, scratch: str) -> bool:
    """Read the console until the kernel ends (True) or the time is up."""
    env = {**os.environ, "LD_PRELOAD": str(xstate())}
    with proc.spawn(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=scratch, env=env) as child:
        while watch.seconds() < timeout:
            ready, _, _ = select.select([child.stdout], [], [], 1)
            if ready:
                data = os.read(proc.piped(child.stdout).fileno(), 65536)
                if not data:
                    return True
                watch.feed(data)
            elif child.poll() is not None:
                return True
            watch.heartbeat()
    return False


def _result(host: Host, results: Path, watch: Watch, in_time: bool, timeout: float) -> Result:
    watch.close()
    status = results / "status"
    if not status.exists() or not status.read_text().strip():
        found = "it ended without one" if in_time else f"none after {timeout:.0f} s, killed"
        if watch.panicked:
            found = "the kernel panicked"
        raise LabError(f"the payload's exit status from {host.name} ({host.release})",
                       f"{found}; the end of its console:\n{watch.tail()}",
                       f"all of it is in {results / 'console'}")
    return Result(status=int(status.read_text()), seconds=watch.seconds(), init_seconds=watch.init_seconds,
                  timed_out=False, console=results / "console", results=results)
