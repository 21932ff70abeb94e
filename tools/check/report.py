# SPDX-License-Identifier: GPL-2.0
"""The outcomes of a job: one line of JSON for each test, which the process that counts them reads."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Iterable

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
WORDS = {PASSED: "ok", FAILED: "not ok", SKIPPED: "skip"}


@dataclass(frozen=True)
class Outcome:
    """One test and how it went; detail is why it failed or was skipped, or a figure to be seen though it passed."""
    name: str
    result: str
    detail: str = ""

    def __str__(self) -> str:
        detail = self.detail.strip().replace("\n", "\n      ")
        return f"{WORDS[self.result]:<6} {self.name}" + (f"\n      {detail}" if detail else "")


class Report:
    """Collects the outcomes of one job in a file."""

    def __init__(self, path: Path):
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")

    def add(self, name: str, result: str, detail: str = "") -> None:
        if result == SKIPPED and not detail:
            result, detail = FAILED, "skipped without a reason"
        with self.path.open("a") as stream:
            stream.write(json.dumps(asdict(Outcome(name, result, detail))) + "\n")

    def passed(self, name: str, detail: str = "") -> None:
        self.add(name, PASSED, detail)

    def failed(self, name: str, detail: str) -> None:
        self.add(name, FAILED, detail)

    def check(self, name: str, complaint: str) -> None:
        """Report a test, which has passed if there is no complaint."""
        self.add(name, FAILED if complaint else PASSED, complaint)


def read(path: Path) -> list[Outcome]:
    """The outcomes that a job has written so far."""
    if not path.exists():
        return []
    lines = path.read_text().split("\n")[:-1]  # the last line may be incomplete
    return [Outcome(**json.loads(line)) for line in lines]


def count(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Count how many outcomes have each result."""
    counts = dict.fromkeys((PASSED, FAILED, SKIPPED), 0)
    for outcome in outcomes:
        counts[outcome.result] += 1
    return counts
