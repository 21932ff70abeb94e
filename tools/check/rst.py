# SPDX-License-Identifier: GPL-2.0
"""Whether the documents are valid reStructuredText: what docutils says of them, and tables that it takes for others."""

import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import scripts
from report import Report

DOCUTILS = ("rst2pseudoxml", "--report=warning", "--syntax-highlight=none", "--input-encoding=utf-8")
MESSAGE = re.compile(r"^(?=.+:\d+: \(\w+/\d\) )", re.MULTILINE)
# Directives of Sphinx that the documents use
SPHINX = re.compile(r'.+ Unknown directive type "(?:toctree)"\.')
BORDER = re.compile(r"=+(?: +=+)+")
UNFINISHED = re.compile(r",$|\b(?:and|or|of)$")


def docutils(path: Path) -> str:
    """What docutils says of a document, but for what only Sphinx knows."""
    messages = MESSAGE.split(scripts.said_by([*DOCUTILS, path, "/dev/null"]))
    return "".join(message for message in messages if not SPHINX.match(message)).strip()


def simple_tables(path: Path) -> str:
    """Rows of simple tables that end too early, and cells that vanish; docutils says nothing of either.

    In a simple table, each line that has text in its first column begins a row.  So text that goes on in the first column of
    the next line becomes a row of its own.  And a dash alone in a cell is a list without items.
    """
    wrong: list[str] = []
    columns: list[slice] = []
    below_border = False
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if BORDER.fullmatch(line):
            starts = [0, *(match.end() for match in re.finditer(" +", line))]
            columns = [slice(start, end) for start, end in zip(starts, [*starts[1:], None])]
            below_border = True
            continue
        if not line:
            columns = []
        cells = [line[column].strip() for column in columns]
        if cells and cells[0] and (UNFINISHED.search(cells[0]) or not any(cells[1:]) and not below_border):
            wrong.append(f"{path.name}:{number}: the first column of this row goes on in another row: {cells[0]}")
        if "-" in cells:
            wrong.append(f"{path.name}:{number}: a dash alone in a cell isn't shown, \\- is: {line}")
        below_border = False
    return "\n".join(wrong)


# Faults that the checks must find, and what Sphinx alone knows: a document, and what is to be said of it.
PLANTED: dict[str, tuple[str, Callable[[Path], str], str]] = {
    "literal": ("``rmmod` fails", docutils, r":1: \(WARNING/2\) Inline literal start-string without end-string"),
    "directive": (".. list-tabel::\n\n   * - a", docutils, r':1: \(ERROR/3\) Unknown directive type "list-tabel"'),
    "reference": ("See `Nowhere`_.", docutils, r':1: \(ERROR/3\) Unknown target name: "nowhere"'),
    "toctree": (".. toctree::\n   :maxdepth: 1\n\n   lab", docutils, ""),
    "comma": ("=== ===\na,  b\nc   d\n=== ===", simple_tables, r":2: the first column .*: a,"),
    "rest": ("=== ===\na   b\nc\n=== ===", simple_tables, r":3: the first column .*: c"),
    "dash": ("=== ===\na   -\n=== ===", simple_tables, r":2: a dash alone .*: a   -"),
    "whole": ("=== ===\na   \\-\n=== ===\nb   c\n    d\n=== ===", simple_tables, ""),
}


def planted(report: Report) -> None:
    """Each check must find a fault of its kind, and be silent where there is none; otherwise its silence says nothing."""
    with tempfile.TemporaryDirectory(prefix="kvm-css-planted-") as name:
        for title, (text, check, expected) in PLANTED.items():
            path = Path(name) / f"{title}.rst"
            path.write_text(f"{text}\n")
            said = check(path)
            right = re.search(f"{title}.rst{expected}", said) if expected else not said
            report.check(f"{check.__name__} {'finds the fault' if expected else 'finds none'} in a planted document: {title}",
                         "" if right else f"expected {expected!r}, found {said!r}")


def run(report: Report, files: Sequence[Path]) -> None:
    """All documents, and the checks."""
    for path in files:
        report.check(f"docutils {path.name}", docutils(path))
        report.check(f"tables {path.name}", simple_tables(path))
    planted(report)
