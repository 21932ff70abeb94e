# SPDX-License-Identifier: GPL-2.0
"""What a Linux guest has measured of a 3390 in the kernel and of the disks beside it, in rounds: what tools/bench/watch.c
prints, as paths and as a table."""

import re
import statistics
from collections import defaultdict
from pathlib import Path

from errors import LabError
from guestdisks import RATE, TIME, VALUES, Paths, best_of, measurements, value_of

# The disks, and how they are made: the same lines are for linux.sh.
LIST = Path(__file__).resolve().parent / "eckd.list"
KINDS = ("randread4k", "randwrite4k", "read64k", "write64k", "read1m", "write1m")
# The disks of linux.sh have 4 MB; a cylinder has 15 tracks of 12 blocks.
CYLINDERS = 6
# The host's own 3390, which is passed through; linux.sh knows this number, too.
HOST_DISK = 0x0500
LISTED = re.compile(r"^(eckd\.[\w-]+) 1 (?:ext4|block) (?:kernel|kernel-3390|host-3390|virtio)\b", re.MULTILINE)

# The values of each path, one for each round
Rounds = dict[str, dict[str, list[float]]]


def disks() -> list[str]:
    """The names that eckd.list has."""
    names = LISTED.findall(LIST.read_text())
    if len(names) < 4:
        raise LabError("the disks that are measured, in eckd.list", f"no more than {names}")
    return names


def parse(text: str) -> Rounds:
    """Paths by their names, linux.eckd.DISK.KIND.1."""
    rounds: Rounds = defaultdict(lambda: defaultdict(list))
    for path, values in measurements(text):
        for name, value in values.items():
            rounds[path][name].append(value)
    return {path: dict(lists) for path, lists in rounds.items()}


def lacking(rounds: Rounds, passes: int) -> list[str]:
    """What wasn't measured, or not in all rounds."""
    wrong = []
    for disk in disks():
        for kind in KINDS:
            values = rounds.get(f"linux.{disk}.{kind}.1", {})
            if any(len(values.get(name, ())) != passes for name in VALUES) or min(values[value_of(kind)]) <= 0:
                wrong.append(f"eckd: {disk}.{kind}: {values}")
    return wrong


def number(kind: str, value: float) -> str:
    """us or MB/s, for people"""
    return f"{value / 1000:.0f}" if value_of(kind) == TIME else f"{value:.2f}"


def best(rounds: Rounds, kind: str) -> float:
    """QEMU's best."""
    value = value_of(kind)
    medians = [statistics.median(rounds[f"linux.{disk}.{kind}.1"][value]) for disk in disks() if ".virtio" in disk]
    return best_of(medians, value)


def table(rounds: Rounds) -> str:
    """For each disk a line of medians, and one of the least and the largest; then what they are beside QEMU's best."""
    form = "{:<22}" + "{:>14}" * len(KINDS)
    lines = [form.format("Linux guest's disk", *KINDS),
             form.format("", *("us" if value_of(kind) == TIME else "MB/s" for kind in KINDS))]
    for disk in disks():
        values = {kind: rounds[f"linux.{disk}.{kind}.1"][value_of(kind)] for kind in KINDS}
        lines.append(form.format(disk, *(number(kind, statistics.median(values[kind])) for kind in KINDS)))
        lines.append(form.format("", *(f"{number(kind, min(values[kind]))}-{number(kind, max(values[kind]))}"
                                       for kind in KINDS)))
    lines += ["", "the time of 4 KiB / virtio's (aim: at most 0.5), the throughput of others / virtio's (aim: at least 1)"]
    for disk in (disk for disk in disks() if ".virtio" not in disk):
        ratios = [statistics.median(rounds[f"linux.{disk}.{kind}.1"][value_of(kind)]) / best(rounds, kind)
                  for kind in KINDS]
        lines.append(form.format(disk, *(f"{ratio:.2f}" for ratio in ratios)))
    return "\n".join(line.rstrip() for line in lines)


def paths(rounds: Rounds) -> Paths:
    """For programs: medians, and the least and the largest of what counts."""
    result = {}
    for path, values in rounds.items():
        row = {name: statistics.median(values[name]) for name in VALUES}
        for name in (TIME, RATE):
            row |= {f"{name}_least": min(values[name]), f"{name}_most": max(values[name])}
        result[path] = row
    return result
