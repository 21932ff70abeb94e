# SPDX-License-Identifier: GPL-2.0
"""How many instructions a host executes for an I/O instruction of its guest: insn.c counts them.

The emulator's instruction counter is exact only while insn runs, because that makes the host slower.
"""

import json
from pathlib import Path

import hercules
from errors import LabError

ROUNDS, SHORT_ROUNDS = 300, 20
# What Hercules is told when insn.sh prints one of these lines
TOLD = {"insn: exact": hercules.COUNT_EXACTLY, "insn: fast": hercules.COUNT_FAST}
# What the guest's operations are served by, and the settings' names in insn.sh
SETTINGS = {
    "without": "a VMM, without the module",
    "vmm": "a VMM, with the module",
    "beside": "a VMM, beside an attached VM",
    "kernel": "the kernel",
}
# An unmodified QEMU has no disk of this kind, and its cycles are counted as a whole.
QEMU = "qemu"
QEMU_OPERATIONS = ("stidp", "stsch", "cycle")
CYCLE = ("cycle.ssch", "cycle.stidp", "cycle.interrupt", "cycle.tsch")
OPERATIONS = ("mark", "stidp", "stsch", "cycle", *CYCLE, "fba4k", "fba4k-write", "fba4k.direct", "fba4k-write.directsync")

# By operation, then by setting
Counts = dict[str, dict[str, int]]


def parse(text: str) -> Counts:
    """What insn has printed: a line for each setting and operation. On a busy machine most rounds may have a tick in them,
    so the tenth percentile counts."""
    counts: Counts = {name: {} for name in OPERATIONS}
    for line in text.splitlines():
        setting, name, _, low, *_ = line.split()
        counts.setdefault(name, {})[setting] = int(low)
    expected = [(name, setting) for name in OPERATIONS for setting in SETTINGS] + [(name, QEMU) for name in QEMU_OPERATIONS]
    lacking = [f"{name} {setting}" for name, setting in expected if counts[name].get(setting, 0) <= 0]
    if lacking:
        raise LabError("a count for each operation and setting", f"none for {', '.join(lacking)}", text)
    return counts


def table(counts: Counts) -> str:
    """For people."""
    lines = [f"  {'instructions of the host':<24}" + "".join(f"{setting:>10}" for setting in (*SETTINGS, QEMU))]
    for name, row in counts.items():
        lines.append(f"  insn.{name:<19}" + "".join(f"{row.get(setting, ''):>10}" for setting in (*SETTINGS, QEMU)).rstrip())
    lines += [f"  {setting}: served by {what}" for setting, what in SETTINGS.items()]
    lines.append(f"  {QEMU}: served by Debian's QEMU, without the module")
    cycle = counts["cycle"]
    lines.append(f"  insn.cycle: kernel / vmm {cycle['kernel'] / cycle['vmm']:.3f}  (aim: at most 0.7)")
    lines.append(f"  insn.cycle: kernel / qemu {cycle['kernel'] / cycle[QEMU]:.3f}  (aim: at most 0.33)")
    return "\n".join(lines)


def keep(counts: Counts, path: Path) -> None:
    """For programs."""
    path.write_text(json.dumps(counts, indent=1) + "\n")
