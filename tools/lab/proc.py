# SPDX-License-Identifier: GPL-2.0
"""Child processes that never outlive the program.

Every child is the leader of its own process group; the group is killed when its time is up, when
the lab is interrupted (Ctrl-C, SIGTERM, SIGHUP), and when the lab itself dies. What a child prints
goes to a log; while it runs a heartbeat line shows that it is alive and what it last said.
"""

import contextlib
import os
import shlex
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import FrameType
from typing import IO, Any, Iterator, Mapping, Sequence

from errors import LabError
from progress import say

HEARTBEAT_SECONDS = 15
GRACE_SECONDS = 5
TAIL_LINES = 30


def raise_on_signals() -> None:
    """Make SIGTERM and SIGHUP unwind the program like Ctrl-C does, so that children are killed."""
    def unwind(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt(signal.Signals(signum).name)
    signal.signal(signal.SIGTERM, unwind)
    signal.signal(signal.SIGHUP, unwind)


def kill_group(child: subprocess.Popen) -> None:
    """End a child and everything in its process group: politely first, then for certain."""
    for sig in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, sig)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=GRACE_SECONDS)
            if sig == signal.SIGTERM and not _group_alive(child.pid):
                return
    child.wait()


def _group_alive(pgid: int) -> bool:
    try:
        os.killpg(pgid, 0)
    except ProcessLookupError:
        return False
    return True


@contextlib.contextmanager
def spawn(argv: Sequence[str | Path], **popen_args: Any) -> Iterator[subprocess.Popen]:
    """Run a child for the length of a with-block; afterwards its process group is gone."""
    argv = [str(arg) for arg in argv]
    popen_args.setdefault("stdin", subprocess.DEVNULL)
    # setpriv: the child dies with the lab even if that was killed by SIGKILL.
    guarded = ["setpriv", "--pdeathsig", "KILL", "--", *argv]
    child = subprocess.Popen(guarded, start_new_session=True, **popen_args)
    try:
        yield child
    finally:
        kill_group(child)


def piped(stream: IO[Any] | None) -> IO[Any]:
    """A child's stream, of which the one who started the child has the other end: it was spawned with PIPE."""
    if stream is None:
        raise ValueError("the child was started without a pipe for this stream")
    return stream


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of a log."""
    if not log.exists():
        return ""
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - 32768))
        text = stream.read().decode("utf-8", "replace")
    return "\n".join(text.splitlines()[-lines:])


def run(argv: Sequence[str | Path], *, log: Path | None = None, timeout: float = 600,
        cwd: Path | None = None, env: Mapping[str, str] | None = None,
        what: str = "", check: bool = True, remedy: str = "") -> int:
    """Run a command to its end and return its exit status.

    env is added to the environment. With check, a status other than 0 is a LabError that shows the
    tail of the log. Running out of time is a LabError always.
    """
    what = what or Path(str(argv[0])).name
    environment = {**os.environ, **(env or {})}
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        return _run(argv, log, timeout, cwd, environment, what, check, remedy)
    with tempfile.NamedTemporaryFile(prefix="kvm-css-lab-") as scratch:
        return _run(argv, Path(scratch.name), timeout, cwd, environment, what, check, remedy)


def _run(argv: Sequence[str | Path], log: Path, timeout: float, cwd: Path | None, env: Mapping[str, str],
         what: str, check: bool, remedy: str) -> int:
    with log.open("wb") as out, spawn(argv, stdout=out, stderr=subprocess.STDOUT, cwd=cwd, env=env) as child:
        status = _wait(child, log, timeout, what)
    if status is None:
        raise LabError(f"{what}: expected to end within {timeout:.0f} s",
                       f"still running, killed; last output:\n{tail(log)}",
                       "try again; on a busy machine it may need its time limit raised")
    if status and check:
        raise LabError(f"{what}: expected exit status 0 of: {shlex.join(map(str, argv))}",
                       f"status {status}; last output:\n{tail(log)}", remedy)
    return status


def _wait(child: subprocess.Popen, log: Path, timeout: float, what: str) -> int | None:
    """Wait with a heartbeat; None when the time is up."""
    start = time.monotonic()
    while True:
        left = start + timeout - time.monotonic()
        if left <= 0:
            return None
        try:
            return child.wait(timeout=min(HEARTBEAT_SECONDS, left))
        except subprocess.TimeoutExpired:
            seconds = time.monotonic() - start
            say(f"{what}: {seconds:.0f} s, {tail(log, 1).strip()[:100]}")


def output(argv: Sequence[str | Path], *, timeout: float = 120, cwd: Path | None = None,
           env: Mapping[str, str] | None = None, remedy: str = "") -> str:
    """Run a short command and return what it printed; a failure is a LabError."""
    with spawn(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd,
               env={**os.environ, **(env or {})}) as child:
        try:
            out, err = child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise LabError(f"expected to end within {timeout:.0f} s: {shlex.join(map(str, argv))}",
                           "still running, killed", remedy) from None
        if child.returncode:
            raise LabError(f"expected exit status 0 of: {shlex.join(map(str, argv))}",
                           f"status {child.returncode}: {(err or out).strip()}", remedy)
        return out
