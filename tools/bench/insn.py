# SPDX-License-Identifier: GPL-2.0
"""How many instructions a host executes for an I/O instruction of its guest: insn.c counts them, in a boot of its own.

That boot is made with an exact instruction counter, which makes the host slower, so nothing else is measured there.
"""

import json
import shutil
from pathlib import Path

import hercules
import kernels
import payload
import toolchain
from errors import LabError

HERE = Path(__file__).resolve().parent
SECONDS = 600
ROUNDS, SHORT_ROUNDS = 300, 20
# What the guest's operations are served by, and the settings' names in insn.sh
SETTINGS = {
    "without": "a VMM, without the module",
    "vmm": "a VMM, with the module",
    "beside": "a VMM, beside an attached VM",
    "kernel": "the kernel",
}
CYCLE = ("cycle.ssch", "cycle.stidp", "cycle.interrupt", "cycle.tsch")
OPERATIONS = ("mark", "stidp", "stsch", "cycle", *CYCLE, "fba4k", "fba4k-write")

# By operation, then by setting
Counts = dict[str, dict[str, int]]


def parse(text: str) -> Counts:
    """What insn has printed: a line for each setting and operation, with the median first."""
    counts: Counts = {name: {} for name in OPERATIONS}
    for line in text.splitlines():
        setting, name, median, *_ = line.split()
        counts.setdefault(name, {})[setting] = int(median)
    lacking = [f"{name} {setting}" for name in OPERATIONS for setting in SETTINGS if counts[name].get(setting, 0) <= 0]
    if lacking:
        raise LabError("a count for each operation and setting", f"none for {', '.join(lacking)}", text)
    return counts


def measure(host_name: str, short: bool, results: Path) -> Counts:
    """Boot the host and count; what insn has said stays in results."""
    toolchain.ensure()
    host = kernels.ensure(host_name)
    place = payload.build(host, "insn-payload")
    for path in (payload.programs("tools/bench", "build/bench/bin") / "insn", HERE / "insn.sh"):
        shutil.copy(path, place)
    booted = hercules.boot(host, place, ["/payload/insn.sh", str(SHORT_ROUNDS if short else ROUNDS)], results,
                           timeout=SECONDS, count=True)
    said = (results / "insn").read_text() if (results / "insn").exists() else ""
    if booted.status:
        raise LabError("insn.sh to end with status 0", f"{booted.status}; it said:\n{said}", f"look at {results}")
    return parse(said)


def table(counts: Counts) -> str:
    """For people."""
    lines = [f"  {'instructions of the host':<24}" + "".join(f"{setting:>10}" for setting in SETTINGS)]
    for name, row in counts.items():
        lines.append(f"  insn.{name:<19}" + "".join(f"{row.get(setting, 0):>10}" for setting in SETTINGS))
    lines += [f"  {setting}: served by {what}" for setting, what in SETTINGS.items()]
    cycle = counts["cycle"]
    lines.append(f"  insn.cycle: kernel / vmm {cycle['kernel'] / cycle['vmm']:.3f}  (aim: at most 0.7)")
    return "\n".join(lines)


def keep(counts: Counts, path: Path) -> None:
    """For programs."""
    path.write_text(json.dumps(counts, indent=1) + "\n")
