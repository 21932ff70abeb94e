# SPDX-License-Identifier: GPL-2.0
"""How much of the core the KUnit suites run: lines and branches, counted by gcov.

The core is what core.mk lists. It is built with counters (KVM_CSS_GCOV=1, kunit/Kbuild) into a KUnit module of its
own for the user mode kernel, which has CONFIG_GCOV_KERNEL and shows the counters in debugfs. They must be of the same
compilation as the notes (.gcno) beside the objects: both are copied to a directory made anew each time, and gcov says
if they aren't.
"""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import cache
import kernels
import kunit
import module
import proc
from errors import LabError
from progress import say

HOST = "uml"
VARIANT = "coverage"
VARIABLES = {"KVM_CSS_GCOV": "1"}
# In percent of the core's lines. Branches are only reported: many are made by the compiler or by a macro.
LINES_AT_LEAST = 95.0
OUT = module.TREE / "build/coverage"
CORE = Path("drivers/s390/kvm_css")
# The gcov of the compiler that builds for the user mode kernel.
GCOV = "gcov"
# The result line of kunit.py's report.
FAILED = re.compile(r"\[(?:FAILED|CRASHED|TIMEOUT|ERROR)\]|Testing complete|Failures:")
# Run after the suites' module is gone, whose counters the kernel keeps. Their files have no size: cp copies nothing.
COLLECT = """
cd /sys/kernel/debug/gcov || exit
find . -name '*.gcda' > $RESULTS/counters || exit
while read -r file; do
	mkdir -p "$RESULTS/gcov/${file%/*}" && cat "$file" > "$RESULTS/gcov/$file" || exit
done < $RESULTS/counters
"""


@dataclass(frozen=True)
class Count:
    """Lines with code and branches of a file or of all of them, and how many of them were run or taken."""
    name: str
    lines: int = 0
    run: int = 0
    branches: int = 0
    taken: int = 0

    def figure(self) -> str:
        return f"lines {percent(self.run, self.lines)} branches {percent(self.taken, self.branches)}"


@dataclass(frozen=True)
class Coverage:
    """What was run, file by file; `uncovered` lists what was not."""
    suites: kunit.Outcome
    files: list[Count]
    uncovered: Path

    def total(self) -> Count:
        return Count("all", *(sum(getattr(one, what) for one in self.files)
                              for what in ("lines", "run", "branches", "taken")))

    def enough(self) -> bool:
        total = self.total()
        return total.lines > 0 and total.run * 100 >= LINES_AT_LEAST * total.lines

    def complaint(self) -> str:
        """Complaints of the suites and of the kernel; "" if there are none."""
        failed = [] if self.suites.passed else [line for line in self.suites.report.splitlines() if FAILED.search(line)]
        return "\n".join([*failed, *self.suites.complaints.splitlines()])

    def table(self) -> str:
        every = [*self.files, self.total()]
        width = max(len(one.name) for one in every)
        rows = [f"{'file':<{width}}  {'lines':>12} {'':>6}  {'branches':>12}"]
        rows += [f"{one.name:<{width}}  {f'{one.run}/{one.lines}':>12} {percent(one.run, one.lines):>6}"
                 f"  {f'{one.taken}/{one.branches}':>12} {percent(one.taken, one.branches):>6}" for one in every]
        return "\n".join(rows)


def percent(part: int, whole: int) -> str:
    """A percentage, rounded down so that it never claims too much."""
    tenths = part * 1000 // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10}%"


def core() -> list[Path]:
    """The objects that core.mk lists."""
    out = proc.output(["make", "-s", "--no-print-directory", "-f", module.TREE / CORE / "core.mk",
                       "--eval", "print: ; @echo $(kvm-css-core)", "print"])
    objects = [CORE / name for name in out.split()]
    if not objects:
        raise LabError(f"objects in kvm-css-core of {CORE / 'core.mk'}", "none")
    return objects


def measure(ran: Callable[[kunit.Outcome], None] = lambda suites: None) -> Coverage:
    """Run the suites with the core instrumented, tell `ran` what came of them, and count."""
    host = kernels.ensure(HOST)
    with cache.lock(OUT.name, OUT.parent):
        cache.remove(OUT)
        OUT.mkdir(parents=True)
        suites = kunit.run(HOST, make_vars=VARIABLES, variant=VARIANT, afterwards=COLLECT)
        ran(suites)
        return _count(suites, module.farm(host, "kunit", VARIANT))


def _count(suites: kunit.Outcome, farm: Path) -> Coverage:
    counters = suites.boot.results / "gcov"
    files, uncovered = [], []
    for unit in core():
        source, lines = unit.with_suffix(".c"), _lines(farm, counters, unit)
        text = dict(enumerate((module.TREE / source).read_text().split("\n"), 1))
        for line in lines:
            number, branches = line["line_number"], line["branches"]
            taken = sum(branch["count"] > 0 for branch in branches)
            where, code = f"{source}:{number}", text.get(number, "").strip()
            if not line["count"]:
                uncovered.append(f"{where}: never run: {code}")
            elif taken < len(branches):
                uncovered.append(f"{where}: {taken} of {len(branches)} branches taken: {code}")
        branches = [branch["count"] for line in lines for branch in line["branches"]]
        files.append(Count(str(source), len(lines), sum(line["count"] > 0 for line in lines),
                           len(branches), sum(count > 0 for count in branches)))
    listing = OUT / "uncovered"
    listing.write_text("".join(line + "\n" for line in uncovered))
    return Coverage(suites, files, listing)


def _lines(farm: Path, counters: Path, unit: Path) -> list[dict]:
    """gcov's report about the lines of an object's own source, without the headers that it includes."""
    notes, data = (OUT / "data" / unit.with_suffix(end) for end in (".gcno", ".gcda"))
    notes.parent.mkdir(parents=True, exist_ok=True)
    was_compiled = farm / unit.with_suffix(".gcno")
    # In debugfs a file is under the absolute path of where it was compiled.
    was_run = counters / (farm / unit.with_suffix(".gcda")).relative_to("/")
    anew = f"remove {farm}, so that it is compiled anew, and try again"
    if not was_compiled.exists():
        raise LabError(f"{unit} compiled with {was_compiled}", "no such file", anew)
    shutil.copyfile(was_compiled, notes)
    if was_run.exists():
        shutil.copyfile(was_run, data)
    done = subprocess.run([GCOV, "--json-format", "--branch-probabilities", "--stdout",
                           data.name if data.exists() else notes.name],
                          cwd=notes.parent, text=True, capture_output=True, timeout=120, check=False)
    if not data.exists():
        # Without functions there is nothing to count.
        if any(json.loads(line)["files"] for line in filter(str.strip, done.stdout.splitlines())):
            raise LabError(f"counters of {unit} from the kernel's debugfs", f"no {was_run}", anew)
        return []
    # gcov says so if the counters are of another compilation.
    if done.returncode or done.stderr.strip():
        raise LabError(f"{GCOV} content with {data} and {notes.name}",
                       f"status {done.returncode}: {done.stderr.strip()}",
                       f"{anew}; {GCOV} must be that of the compiler")
    lines = _own(done.stdout, farm, unit)
    if not lines:
        raise LabError(f"lines of {unit.with_suffix('.c')} in what {GCOV} says of {data}", "none", anew)
    return lines


def _own(said: str, farm: Path, unit: Path) -> list[dict]:
    """The lines of an object's own source in gcov's JSON."""
    wanted = str(farm / unit.with_suffix(".c"))
    lines = []
    for line in filter(str.strip, said.splitlines()):
        report = json.loads(line)
        for file in report["files"]:
            if os.path.normpath(os.path.join(report["current_working_directory"], file["file"])) == wanted:
                lines += file["lines"]
    return sorted(lines, key=lambda line: line["line_number"])


def main() -> int:
    """`lab coverage`: run the suites and print the result, with the figure last."""
    done = measure()
    say(f"KUnit on {HOST}: {done.suites.boot.seconds:.1f} s")
    if done.complaint():
        print(f"expected the suites to pass, they didn't, see {done.suites.boot.results / 'dmesg'}:")
        print(done.complaint())
    print(done.table())
    if not done.enough():
        print(f"expected at least {LINES_AT_LEAST}% of the lines to be run")
    print(f"what isn't run is in {done.uncovered.relative_to(module.TREE)}")
    print(done.total().figure())
    return 0 if done.enough() and not done.complaint() else 1
