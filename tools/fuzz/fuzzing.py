# SPDX-License-Identifier: GPL-2.0
"""Builds and runs the fuzzers of the core and of images of tapes, and measures what they reach.

A fuzzer starts from the seeds in tools/fuzz/corpus/NAME and from what earlier runs have found worth keeping in
build/fuzz/corpus/NAME. What it finds wrong is kept in build/fuzz/findings/NAME, and tried first by the next run.
"""

import json
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import cache
import proc
import toolchain
from progress import say

HERE = Path(__file__).resolve().parent
TREE = HERE.parents[1]
OUT = TREE / "build/fuzz"
SEEDS = HERE / "corpus"
SEEDS_MAX = 64 * 1024
MAX_LEN = 512
# An input that takes longer, in seconds, is a finding.
TIMEOUT_SECONDS = 20
# The exit status of a finding, which libFuzzer itself doesn't use
ENV = {"ASAN_OPTIONS": "quarantine_size_mb=16:allocator_may_return_null=1", "UBSAN_OPTIONS": "print_stacktrace=1"}


@dataclass
class Result:
    """What a run of a fuzzer came to; findings are reproducers, said is what it said of the last one."""
    name: str
    executions: int = 0
    per_second: int = 0
    edges: int = 0
    features: int = 0
    lines: float = 0.0
    findings: list[Path] = field(default_factory=list)
    said: str = ""

    def __str__(self) -> str:
        return (f"{self.name}: {self.executions} executions, {self.per_second}/s, {self.edges} edges, "
                f"{self.features} features, {self.lines:.1f} % of the lines it is for")

    def complaint(self) -> str:
        """What was found and how to reproduce it; nothing if there are no findings."""
        again = "".join(f"\nreproducer: {path}\n  again: tools/fuzz/fuzz --reproduce {path}" for path in self.findings)
        return self.said and self.said + again


def _make(*goals: str) -> str:
    return proc.output(["make", "-s", "-C", HERE, f"TREE={TREE}", f"O={OUT}", f"-j{os.cpu_count() or 1}", *goals],
                       timeout=600)


def ensure() -> None:
    """Install what the fuzzers need, or say what to install."""
    toolchain.ensure(toolchain.FUZZ)


def names() -> list[str]:
    """The names of the fuzzers for this core."""
    return _make("names").split()


def build() -> None:
    """Build all fuzzers, and the same programs for measuring coverage."""
    say("building the fuzzers")
    with cache.lock("fuzz", OUT):
        _make("fuzzers", "covers")


def corpus(name: str) -> Path:
    """The directory in which a fuzzer keeps inputs that reach something new."""
    path = OUT / "corpus" / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def seeds(name: str) -> list[Path]:
    """The directory of a fuzzer's seeds, if there is one."""
    return [path for path in [SEEDS / name] if path.is_dir()]


def findings(name: str) -> Path:
    """Where a fuzzer's reproducers are."""
    path = OUT / "findings" / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def _essence(log: Path) -> str:
    """The first line of the fuzzer's output that names the finding, and where in the project it happened."""
    text = log.read_text(errors="replace")
    lines = [line for line in text.splitlines()
             if re.search(r"^finding:|runtime error:|ERROR: (Addr|Leak|lib)", line)]
    stack = re.findall(rf"^ +#\d+ \S+ in (\S+ {TREE}\S+)$", text, re.MULTILINE)
    return "\n".join(lines[:2] + ["  in " + frame.replace(f"{TREE}/", "") for frame in stack[:8]]) or proc.tail(log)


def reproduce(name: str, path: Path) -> str:
    """Run one input; returns what the fuzzer prints if it still is a finding."""
    log = OUT / f"{name}.reproduce.log"
    status = proc.run([OUT / f"fuzz_{name}", f"-timeout={TIMEOUT_SECONDS}", f"-artifact_prefix={OUT}/again-", path],
                      log=log, env=ENV, check=False, timeout=10 * TIMEOUT_SECONDS, what=f"fuzz {name}")
    return _essence(log) if status else ""


def _retry(name: str, result: Result) -> None:
    """Run what was found before. Inputs that are no findings any more are added to those worth keeping."""
    for path in sorted(findings(name).iterdir()):
        said = reproduce(name, path)
        if said:
            result.findings.append(path)
            result.said = said
        else:
            path.rename(corpus(name) / path.name)


def _number(pattern: str, text: str) -> int:
    """The last of the numbers that a pattern finds."""
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def run(name: str, seconds: int) -> Result:
    """Run a fuzzer for so many seconds, or until it finds something."""
    result = Result(name)
    _retry(name, result)
    if result.findings:
        return result
    log = OUT / f"{name}.log"
    status = proc.run([OUT / f"fuzz_{name}", f"-max_total_time={seconds}", f"-max_len={MAX_LEN}",
                       f"-timeout={TIMEOUT_SECONDS}", "-print_final_stats=1", "-reload=0",
                       f"-artifact_prefix={findings(name)}/", corpus(name), *seeds(name)],
                      log=log, env=ENV, check=False, timeout=seconds + 300, what=f"fuzz {name}")
    text = log.read_text(errors="replace")
    result.executions = _number(r"number_of_executed_units: +(\d+)", text)
    result.per_second = _number(r"average_exec_per_sec: +(\d+)", text)
    result.edges = _number(r"\bcov: (\d+)", text)
    result.features = _number(r"\bft: (\d+)", text)
    result.findings = sorted(findings(name).iterdir())
    if status or result.findings:
        result.said = _essence(log)
    return result


def _profile(name: str) -> Path:
    """Run all inputs that are kept once more, and measure which lines they cover."""
    raw, merged = OUT / f"{name}.profraw", OUT / f"{name}.profdata"
    proc.run([OUT / f"cover_{name}", "-runs=0", corpus(name), *seeds(name)], env={"LLVM_PROFILE_FILE": str(raw)},
             what=f"coverage of {name}")
    proc.run(["llvm-profdata", "merge", "-o", merged, raw])
    return merged


def files(name: str) -> list[Path]:
    """What a fuzzer is for: the core, or something else."""
    return [TREE / one for one in _make("files", f"NAME={name}").split()]


def _lines(programs: list[Path], profile: Path, subject: list[Path]) -> dict[str, tuple[int, int]]:
    """How many lines each file has that the programs are for, and how many of them were reached."""
    more = [f"-object={program}" for program in programs[1:]]
    said = json.loads(proc.output(["llvm-cov", "export", "-summary-only", programs[0], *more,
                                   f"-instr-profile={profile}", *subject]))
    return {Path(one["filename"]).name: (one["summary"]["lines"]["count"], one["summary"]["lines"]["covered"])
            for one in said["data"][0]["files"]}


def percent(lines: dict[str, tuple[int, int]]) -> float:
    """How many of all lines were reached."""
    total = sum(there for there, _ in lines.values())
    return 100 * sum(reached for _, reached in lines.values()) / max(total, 1)


def measure(results: list[Result]) -> dict[str, tuple[int, int]]:
    """Fill in what each fuzzer reached; what all of them for the core together did, file by file."""
    core = files("")
    programs, profiles = [], []
    for result in results:
        program, profile, subject = OUT / f"cover_{result.name}", _profile(result.name), files(result.name)
        result.lines = percent(_lines([program], profile, subject))
        if subject == core:
            programs.append(program)
            profiles.append(profile)
    if not programs:
        return {}
    union = OUT / "all.profdata"
    proc.run(["llvm-profdata", "merge", "-o", union, *profiles])
    return _lines(programs, union, core)


def _merge(name: str, target: Path, *options: str) -> int:
    """Find the smallest set of inputs that reaches as much; returns its size."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    proc.run([OUT / f"fuzz_{name}", "-set_cover_merge=1", f"-max_len={MAX_LEN}", *options, target, corpus(name),
              *seeds(name)], env=ENV, timeout=1800, what=f"minimizing {name}")
    return sum(path.stat().st_size for path in target.iterdir())


def minimize(name: str) -> int:
    """Replace a fuzzer's seeds by the smallest set that reaches as much; returns its size in bytes."""
    scratch = OUT / "minimized" / name
    size = _merge(name, scratch, "-use_counters=0")
    if size > SEEDS_MAX:
        say(f"{name}: the seeds are {size} bytes, more than {SEEDS_MAX}")
    shutil.rmtree(SEEDS / name, ignore_errors=True)
    shutil.copytree(scratch, SEEDS / name)
    return size
