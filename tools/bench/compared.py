# SPDX-License-Identifier: GPL-2.0
"""A disk of the host's, passed through by vfio-ccw and by the module: what lent.sh has measured, pass by pass.

The machine may have other work, so a figure by itself says little. Within a pass both ways are measured one after the
other, and what counts is the ratio of a pass, and of these the median. On a busy machine most rounds wait for a processor
of it, so the tenth percentile of the latency counts. The instructions of the host don't depend on that.
"""

import re
import statistics
from dataclasses import dataclass

from errors import LabError

WAYS = ("vfio-ccw", "module")
# By the name that lent prints
PROGRAMS = {"nop": "NO-OPERATION", "read4k": "read 4 KiB", "write4k": "write 4 KiB", "read64k": "read 64 KiB",
            "write64k": "write 64 KiB"}
FOUR_KIB = ("read4k", "write4k")
AIM = 2


@dataclass(frozen=True)
class Row:
    """A program in a pass: latencies in ns, exits to userspace for each program, KiB/s."""
    p10: int
    p50: int
    p99: int
    exits: float
    rate: float


# A way, a program, whether all is as the architecture says, and what became of it; numbers for people who look into it
OUTCOME = re.compile(r"^(vfio-ccw|module): (.+?): (right|wrong): (.+) \([^()]+\)$")


@dataclass(frozen=True)
class Outcome:
    """What has become of a program."""
    right: bool
    said: str


# By program, then by way
Outcomes = dict[str, dict[str, Outcome]]
# By way, then by program; a row for each pass
Rows = dict[str, dict[str, list[Row]]]
# Instructions of the host, by way and program
Counts = dict[str, dict[str, int]]


def parse(text: str) -> Rows:
    """What lent has printed: a line for each way and program in each pass."""
    rows: Rows = {way: {name: [] for name in PROGRAMS} for way in WAYS}
    for line in text.splitlines():
        way, name, p10, p50, p99, exits, rate = line.split()
        rows[way][name].append(Row(int(p10), int(p50), int(p99), float(exits), float(rate)))
    counts = {len(passes) for by_name in rows.values() for passes in by_name.values()}
    if len(counts) != 1 or 0 in counts:
        raise LabError("each way and program as often as any other", "something else", text)
    return rows


def parse_counts(text: str) -> Counts:
    """What lent --count has printed: a line for each way and program."""
    counts: Counts = {way: {} for way in WAYS}
    for line in text.splitlines():
        way, name, count = line.split()
        counts[way][name] = int(count)
    lacking = [f"{way} {name}" for way in WAYS for name in PROGRAMS if counts[way].get(name, 0) <= 0]
    if lacking:
        raise LabError("a count for each way and program", f"none for {', '.join(lacking)}", text)
    return counts


def ratios(rows: Rows, name: str) -> list[float]:
    """How many times as long a program takes through vfio-ccw, in each pass."""
    return [slow.p10 / fast.p10 for slow, fast in zip(rows["vfio-ccw"][name], rows["module"][name])]


def wrong(rows: Rows) -> list[str]:
    """What can't be, on whatever machine: the module leaves for userspace, or vfio-ccw doesn't."""
    found = []
    for name in PROGRAMS:
        exits = {way: [row.exits for row in rows[way][name]] for way in WAYS}
        if any(exits["module"]):
            found.append(f"{name}: expected no exit to userspace with the module, found {max(exits['module'])}")
        if min(exits["vfio-ccw"]) < 2:
            found.append(f"{name}: expected an exit for SSCH and one for TSCH with vfio-ccw, found {min(exits['vfio-ccw'])}")
    return found


def table(rows: Rows, processors: int) -> str:
    """For people."""
    lines = [f"  {f'us, processors: {processors}':<18}" +
             "".join(f"{f'{way} p10':>13}{'p50':>7}{'p99':>8}{'exits':>6}{'KiB/s':>7}" for way in WAYS) + "  p10: ratio"]
    for name, what in PROGRAMS.items():
        line = f"  {what:<18}"
        for way in WAYS:
            passes = rows[way][name]
            p10, p50, p99 = (statistics.median(values) / 1000 for values in
                             zip(*((row.p10, row.p50, row.p99) for row in passes)))
            line += (f"{p10:>13.0f}{p50:>7.0f}{p99:>8.0f}{statistics.median(row.exits for row in passes):>6.2f}"
                     f"{statistics.median(row.rate for row in passes):>7.0f}")
        each = ratios(rows, name)
        lines.append(f"{line}{statistics.median(each):>6.2f} ({min(each):.2f} to {max(each):.2f})")
    lines.append(f"  medians of {len(rows['module']['nop'])} passes; a ratio is that of a pass, vfio-ccw / module")
    lines += [f"  {PROGRAMS[name]}: vfio-ccw / module {statistics.median(ratios(rows, name)):.2f}  (aim: at least {AIM})"
              for name in FOUR_KIB]
    return "\n".join(lines)


def table_of_counts(counts: Counts) -> str:
    """For people."""
    lines = [f"  {'instructions of the host':<26}" + "".join(f"{way:>10}" for way in WAYS) + f"{'ratio':>8}"]
    for name, what in PROGRAMS.items():
        slow, fast = (counts[way][name] for way in WAYS)
        lines.append(f"  {what:<26}{slow:>10}{fast:>10}{slow / fast:>8.2f}")
    return "\n".join(lines)


def parse_outcomes(text: str) -> Outcomes:
    """What cases has printed: a line for each way and program."""
    outcomes: Outcomes = {}
    for line in text.splitlines():
        match = OUTCOME.match(line)
        if not match:
            raise LabError("what has become of a program", line)
        way, name, right, said = match.groups()
        outcomes.setdefault(name, {})[way] = Outcome(right == "right", said)
    lacking = [name for name, by_way in outcomes.items() if set(by_way) != set(WAYS)]
    if lacking or not outcomes:
        raise LabError("each program both ways", f"not {', '.join(lacking)}" if lacking else "none", text)
    return outcomes


def wrong_outcomes(outcomes: Outcomes) -> list[str]:
    """Where the module isn't as the architecture says; vfio-ccw is what it is."""
    return [f"{name}: {by_way['module'].said}" for name, by_way in outcomes.items() if not by_way["module"].right]


def table_of_outcomes(outcomes: Outcomes) -> str:
    """For people."""
    lines = [f"  {'':<45}{'module':<21}vfio-ccw"]
    for name, by_way in outcomes.items():
        lines.append(f"  {name:<45}" + "".join(f"{by_way[way].said + ('' if by_way[way].right else ' (!)'):<21}"
                                               for way in reversed(WAYS)).rstrip())
    lines.append("  (!): not as the architecture says")
    return "\n".join(lines)
