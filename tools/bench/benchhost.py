# SPDX-License-Identifier: GPL-2.0
"""The host that demo, bench and perf run on: one boot for as many of them as are asked for."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import hercules
import kernels
import linuxguest
import payload
import perfroot
import toolchain
from errors import LabError

HERE = Path(__file__).resolve().parent
TREE = HERE.parents[1]
SECONDS = 1500
# MB: the bench alone; perf and its libraries are in the initrd, and what it records is in memory too.
MEMORY, PERF_MEMORY = 512, 1536


@dataclass(frozen=True)
class Amount:
    """How much a tool measures: rounds of each path in a pass, and passes."""
    rounds: int
    passes: int


# The demo is last: from its Linux guest on, the host is told that it has ESOP, with which other guests don't get far there
# (see "Traps" in lab.rst).
TOOLS = {"bench": Amount(1000, 10), "perf": Amount(300, 1), "flame": Amount(20000, 1), "demo": Amount(300, 4)}
# Those that start perf
WITH_PERF = ("perf", "flame")
# Enough to see that a tool works, and not enough for its figures to mean anything.
SHORT_TOOLS = {tool: Amount(16, 1) for tool in TOOLS}
# perf has to take some samples meanwhile.
SHORT_TOOLS["flame"] = Amount(1000, 1)
# A Linux guest of the demo measures each kind of request for so long.
GUEST_SECONDS, SHORT_GUEST_SECONDS = 3, 1


def make_payload(host: kernels.Host, tools: Mapping[str, Amount]) -> Path:
    """The directory that the tools run from on the host."""
    if "demo" in tools:
        place = linuxguest.selftests(host, name="bench-payload", image=False)
    else:
        place = payload.build(host, "bench-payload")
        if "bench" in tools:
            linuxguest.add_qemu(host, place)
    programs = payload.programs("tools/bench", "build/bench/bin")
    for path in (programs / "bench", programs / "bench.elf", programs / "demo", *HERE.glob("*.sh"), *(TREE / "tools/perf").glob("*.sh")):
        shutil.copy(path, place)
    if with_perf(tools):
        shutil.copytree(perfroot.ensure(), place / "perfroot", symlinks=True)
    return place


def with_perf(tools: Mapping[str, Amount]) -> bool:
    """Whether one of the tools starts perf."""
    return any(tool in tools for tool in WITH_PERF)


def memory(tools: Mapping[str, Amount]) -> int:
    """MB of the host."""
    return max(MEMORY, linuxguest.MEMORY if "demo" in tools else 0, PERF_MEMORY if with_perf(tools) else 0)


def run(tools: Mapping[str, Amount], host_name: str, guest_seconds: int, results: Path) -> None:
    """Boot the host and run the tools there, one after the other; each leaves a directory of its name in results."""
    toolchain.ensure()
    host = kernels.ensure(host_name)
    shutil.rmtree(results, ignore_errors=True)
    command = ["env", f"GUEST_SECONDS={guest_seconds}", "/payload/host.sh"]
    for name, amount in tools.items():
        command += [name, str(amount.rounds), str(amount.passes)]
    booted = hercules.boot(host, make_payload(host, tools), command, results, cpus=min(2, os.cpu_count() or 1),
                           memory=memory(tools), timeout=SECONDS)
    if booted.status:
        raise LabError(f"{', '.join(tools)} on {host_name}: expected exit status 0",
                       f"{booted.status}; it said:\n{(results / 'output').read_text(errors='replace')}",
                       f"look at {results}")
