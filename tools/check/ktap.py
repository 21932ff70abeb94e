# SPDX-License-Identifier: GPL-2.0
"""Turns KTAP into outcomes. The kernel's kunit.py parses it; only the reasons of skips are read here."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator

import report
import source

STATUS = {"PASS": report.PASSED, "FAIL": report.FAILED, "SKIP": report.SKIPPED}
SKIP = re.compile(r"^\s*ok \d+ (?:- )?(?P<name>.*?)\s*# SKIP\s*(?P<reason>.*)$", re.MULTILINE)
DIAGNOSTIC_LINES = 40


def outcomes(path: Path, prefix: str) -> list[report.Outcome]:
    """Every test of a KTAP file; a file that can't be parsed, or breaks off, is a failure itself."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        done = subprocess.run([sys.executable, source.kunit_py(), "parse", f"--json={out.name}", path.resolve()],
                              capture_output=True, text=True, timeout=120)
        try:
            group = json.loads(Path(out.name).read_text())
        except ValueError:
            return [report.Outcome(prefix, report.FAILED, f"kunit.py can't parse {path}:\n{done.stdout[-2000:]}")]
    text = path.read_text(errors="replace")
    reasons = {match["name"]: match["reason"] for match in SKIP.finditer(text)}
    found = [_outcome(where, name, status, text, reasons) for where, name, status in _cases(group, prefix)]
    broken = re.findall(r"\[ERROR\].*", done.stdout)
    if broken:
        found.append(report.Outcome(f"{prefix}: whole KTAP", report.FAILED, "\n".join(broken)))
    if not found:
        found.append(report.Outcome(prefix, report.FAILED, f"no test in {path}:\n{text[-2000:]}"))
    return found


def _outcome(where: str, name: str, status: str, text: str, reasons: dict[str, str]) -> report.Outcome:
    result = STATUS.get(status, report.FAILED)
    detail = ""
    if result == report.SKIPPED:
        detail = reasons.get(name, "")
    elif result == report.FAILED:
        detail = _diagnostics(text, name)
    return report.Outcome(f"{where}: {name}", result, detail)


def _cases(group: dict, where: str) -> Iterator[tuple[str, str, str]]:
    """The groups that a test is in, its name, its status."""
    for case in group["test_cases"]:
        yield where, case["name"], case["status"]
    for sub in group["sub_groups"]:
        yield from _cases(sub, f"{where}: {sub['name']}")


def _diagnostics(text: str, name: str) -> str:
    """The diagnostic lines before the line of a test that failed."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if "not ok" in line and line.split("#")[0].rstrip().endswith(name):
            said: list[str] = []
            for before in reversed(lines[max(0, number - DIAGNOSTIC_LINES):number]):
                if re.match(r"\s*(not )?ok \d", before):
                    break
                said.insert(0, before)
            return "\n".join(said)
    return ""
