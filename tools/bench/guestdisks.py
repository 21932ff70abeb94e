# SPDX-License-Identifier: GPL-2.0
"""What a Linux guest has measured of its disks: the lines that tools/bench/watch.c prints, as paths and as a table."""

import re
from collections.abc import Iterator
from pathlib import Path

from errors import LabError

# The disks, and how they are made: the same lines are for linux.sh.
LIST = Path(__file__).resolve().parent / "disks.list"
KINDS = ("randread4k", "randwrite4k", "read64k", "write64k")
# How many requests a disk has at a time, and in the short mode, where deep queues of large ones take too long
DEPTHS, SHORT_DEPTHS = (1, 4, 32), (1, 4)
VALUES = ("n", "p50", "p99", "max", "mean", "iops", "mbs", "cpu")
LISTED = re.compile(r"^([\w-]+\.[\w-]+) \d (?:tmpfs|ext4|block) (?:kernel|virtio)\b", re.MULTILINE)
SAID = re.compile(r"^(?P<name>\S+)(?P<values>(?: \w+=\d+(?:\.\d+)?)+)$", re.MULTILINE)

# A small request counts by its time in ns, a large one by MB/s.
TIME, RATE = "p50", "mbs"

Paths = dict[str, dict[str, float]]


def disks() -> list[str]:
    """The names that disks.list has."""
    names = LISTED.findall(LIST.read_text())
    if len(names) < 10:
        raise LabError("the disks that are measured, in disks.list", f"no more than {names}")
    return names


def dasds() -> int:
    """How many DASDs of the host they need."""
    return sum(int(count) for count in re.findall(r"^\S+ (\d) block ", LIST.read_text(), re.MULTILINE))


def names(depths: tuple[int, ...]) -> list[str]:
    """The paths: linux.BACKING.SERVER.KIND.DEPTH"""
    return [f"linux.{disk}.{kind}.{depth}" for disk in disks() for kind in KINDS for depth in depths]


def measurements(text: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Each line's path and its values; times are in ns, mbs are MB/s, and cpu is the host's, per request."""
    for said in SAID.finditer(text):
        pairs = (pair.split("=") for pair in said["values"].split())
        yield f"linux.{said['name']}", {name: float(value) for name, value in pairs}


def parse(text: str) -> Paths:
    """Paths by their names, each with its values."""
    return dict(measurements(text))


def value_of(kind: str) -> str:
    """What counts of this kind of request."""
    return TIME if kind.startswith("rand") else RATE


def lacking(paths: Paths, depths: tuple[int, ...]) -> list[str]:
    """What wasn't measured."""
    wrong = []
    for name in names(depths):
        row = paths.get(name, {})
        if sorted(row) != sorted(VALUES) or not 0 < row["p50"] <= row["p99"] <= row["max"] or row["n"] < 1:
            wrong.append(f"disks: {name}: {row}")
    return wrong


def table(paths: Paths, depths: tuple[int, ...]) -> str:
    """A line for each disk and depth: median and CPU time of small requests in us, and MB/s of large ones."""
    head = ("Linux guest's disk", "depth", "4K read", "cpu", "4K write", "cpu", "64K read", "64K write")
    form = "{:<28} {:>5} {:>9} {:>7} {:>9} {:>7} {:>9} {:>9}"
    lines = [form.format(*head), form.format("", "", "us", "us", "us", "us", "MB/s", "MB/s")]
    for disk in disks():
        for depth in depths:
            rows = [paths[f"linux.{disk}.{kind}.{depth}"] for kind in KINDS]
            lines.append(form.format(
                f"linux.{disk}", depth, *(f"{row[value] / 1000:.0f}" for row in rows[:2] for value in ("p50", "cpu")),
                *(f"{row['mbs']:.2f}" for row in rows[2:])))
    return "\n".join(lines + ratios(paths, depths))


def best_of(values: list[float], value: str) -> float:
    """The least time, or the most MB/s."""
    return max(values) if value == RATE else min(values)


def best(paths: Paths, backing: str, kind: str, depth: int, value: str) -> float:
    """QEMU's best of those that write through: the least time, or the most MB/s."""
    values = [paths[f"linux.{disk}.{kind}.{depth}"][value] for disk in disks()
              if disk.startswith(f"{backing}.virtio") and not disk.endswith("writeback")]
    return best_of(values, value)


def ratios(paths: Paths, depths: tuple[int, ...]) -> list[str]:
    """The kernel's disk compared with QEMU's best one on the same kind of file."""
    lines = ["", "linux.*.kernel / the best linux.*.virtio: time of 4 KiB (aim: at most 0.5), "
             "throughput of 64 KiB (aim: at least 1)"]
    for backing in dict.fromkeys(disk.split(".")[0] for disk in disks()):
        for depth in depths:
            values = []
            for kind in KINDS:
                value = value_of(kind)
                own = paths[f"linux.{backing}.kernel.{kind}.{depth}"][value]
                values.append(f"{kind} {own / best(paths, backing, kind, depth, value):.2f}")
            lines.append(f"{backing:<7} depth {depth:>2}: " + ", ".join(values))
    return lines
