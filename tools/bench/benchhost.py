# SPDX-License-Identifier: GPL-2.0
"""The host that the demo and the bench run on."""

import shutil
from pathlib import Path

import hercules
import kernels
import linuxguest
import payload
import toolchain
from errors import LabError

HERE = Path(__file__).resolve().parent
TREE = HERE.parents[1]
OUT = TREE / "build/bench"
SECONDS = 1500


def make_payload(host: kernels.Host, what: str) -> Path:
    """The directory that bench and demo run from on the host; the demo has a Linux guest as well."""
    place = linuxguest.selftests(host) if what == "demo" else payload.build(host, "bench-payload")
    programs = payload.programs("tools/bench", "build/bench/bin")
    for path in (programs / "bench", programs / "demo", HERE / "host.sh", HERE / "linux.sh"):
        shutil.copy(path, place)
    return place


def run(what: str, host_name: str, rounds: int, passes: int) -> Path:
    """Boot the host and run host.sh there; the directory with its results."""
    cpus, memory = (2, linuxguest.MEMORY) if what == "demo" else (1, 512)
    toolchain.ensure()
    host = kernels.ensure(host_name)
    results = OUT / f"{what}-{host_name}"
    shutil.rmtree(results, ignore_errors=True)
    booted = hercules.boot(host, make_payload(host, what), ["/payload/host.sh", what, str(rounds), str(passes)], results,
                           cpus=cpus, memory=memory, timeout=SECONDS)
    if booted.status:
        raise LabError(f"{what} on {host_name}: expected exit status 0",
                       f"{booted.status}; it said:\n{(results / 'output').read_text(errors='replace')}",
                       f"look at {results}")
    return results
