# SPDX-License-Identifier: GPL-2.0
"""Compares the matrices that KUnit suites have proved with those in endings.rst and backends.rst."""

import re
from pathlib import Path

from report import PASSED, Report

DOCUMENTS = Path(__file__).resolve().parents[2] / "Documentation"
ENDINGS = DOCUMENTS / "endings.rst"
BACKENDS = DOCUMENTS / "backends.rst"
# What the suites kvm_css_condition and kvm_css_backend print: columns, a line a state, and the former a count.
LINE = re.compile(r"# \w+: (?P<matrix>matrix|backends): (?P<state>\w+) \|(?P<cells>.*)$", re.MULTILINE)
REASON = re.compile(r"# \w+: matrix: (?P<reason>\w+, .* -: .*)$", re.MULTILINE)
COUNT = re.compile(r"# \w+: matrix: (?P<count>state x event: .*)$", re.MULTILINE)
HEAD = "STATE"
# A simple table whose first column is "state".
TABLE = re.compile(r"^(?P<rule>=+(?: +=+)+)\n(?P<head>state .*)\n(?P=rule)\n(?P<rows>(?:.+\n)+?)(?P=rule)$", re.MULTILINE)

Matrix = dict[tuple[str, str], str]


def lines(ktap: str, name: str) -> list[tuple[str, list[str]]]:
    """The lines of one matrix: state and cells."""
    return [(match["state"], match["cells"].split()) for match in LINE.finditer(ktap) if match["matrix"] == name]


def proved(ktap: str, name: str) -> Matrix:
    """Cells by state and event, as the suite has printed them."""
    rows = lines(ktap, name)
    columns: list[str] = next((cells for state, cells in rows if state == HEAD), [])
    return {(state, column): cell for state, cells in rows if state != HEAD for column, cell in zip(columns, cells)}


def documented(text: str, matrix: Matrix) -> Matrix:
    """Cells by state and event, of the tables whose columns are events."""
    events = {event for _, event in matrix}
    found: Matrix = {}
    for table in TABLE.finditer(text):
        columns = table["head"].split()[1:]
        if set(columns) <= events:
            for row in table["rows"].splitlines():
                # A dash alone would be a list without items.
                state, *cells = row.replace("\\-", "-").split()
                found.update({(state, column): cell for column, cell in zip(columns, cells)})
    return found


def differences(matrix: Matrix, text: str) -> str:
    """A line for each cell in which the two differ."""
    said = documented(text, matrix)
    return "\n".join(f"{state}, {event}: expected {matrix.get((state, event), 'no such cell')}, as proved; "
                     f"found {said.get((state, event), 'no such cell')}"
                     for state, event in sorted(matrix.keys() | said.keys())
                     if matrix.get((state, event)) != said.get((state, event)))


def shown(ktap: str) -> str:
    """The matrix as a table for people, with the reasons why some pairs can't happen."""
    rows = [[state, *cells] for state, cells in lines(ktap, "matrix")]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    return "\n".join(table + [match["reason"] for match in REASON.finditer(ktap)])


def run(report: Report, where: str, path: Path) -> None:
    """Print the matrix that a run of the suites has printed, and compare the documents with what was proved."""
    ktap = path.read_text(errors="replace")
    matrix, backends = proved(ktap, "matrix"), proved(ktap, "backends")
    count = COUNT.search(ktap)
    if not matrix or not backends or not count:
        report.failed(f"{where}: matrices of states and events", f"expected them in {path}, found one or none")
        return
    report.add(f"{where}: {count['count']}", PASSED, shown(ktap))
    report.check(f"{where}: endings.rst has the matrix as it was proved", differences(matrix, ENDINGS.read_text()))
    report.check(f"{where}: backends.rst has the matrix as it was proved", differences(backends, BACKENDS.read_text()))
