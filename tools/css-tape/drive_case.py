# SPDX-License-Identifier: GPL-2.0
"""What the tests of the drive share: a drive in a process of its own, and scripts that say what it is told and answers.

A script is a list of lines. Each is a command or something else that happens, and what is expected:

    CODE[:DATA] [chained] [more] [check] [provided=N] [room=N] -> STATUS [BYTE0 BYTE1 ERA] [= DATA] [count=N]
    load -> RESULT              put a tape into the drive
    mount                       the same, and the guest is told of it
    unload -> RESULT            take it out, as an operator does
    due -> STATUS [BYTE0 BYTE1 ERA]
                                what the drive wants to be presented; 00 for nothing
    begin, reset, cleared, halted, presented
                                what the unit has told
    set NAME VALUE              let images fail
    units -> UNITS              what is on the tape: blocks, | for tape marks, > for the position
    synced -> N                 how often the image has been synchronized since the script began

CODE, DATA, STATUS and sense bytes are hexadecimal. A chained command isn't the first of its program; more and check
are those of struct css_command.
"""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import NamedTuple

from tape_case import OUT, SANITIZERS

# The drive with images in memory that fail as a script says, and the drive with images in files
MEMORY = OUT / "drive-test"
FILES = OUT / "drive-image-test"
WORDS = {"chained": "", "more": "m", "check": "c"}
STEP = re.compile(r"(?P<code>[0-9a-f]{2})(?::(?P<data>[0-9a-f]*))?(?P<words>( \w+(=\w+)?)*)$")
READ_PROVIDED = 0x100
# Hercules tapeccws.c, TapeImmedOther, of those that a 3490E has
IMMEDIATE = {0x03, 0x07, 0x0f, 0x17, 0x1f, 0x27, 0x2f, 0x37, 0x3f, 0x43, 0x5b, 0x97, 0xc3}
ROOM = 0x10000


class Row(NamedTuple):
    """A rule, where it is from, and a script that shows it. tape: units that are written first, then it is rewound."""
    name: str
    source: str
    script: list[str]
    tape: str | None = ""


def fetches(code: int) -> bool:
    return bool(code & 1)


class Shell:
    """drive_shell.c"""

    def __init__(self, program: Path):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=SANITIZERS,
                                        stderr=subprocess.PIPE, text=True)

    def say(self, line: str) -> str:
        assert self.process.stdin and self.process.stdout
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        said = self.process.stdout.readline()
        if not said.endswith("\n"):
            raise AssertionError(f"the drive has ended at {line!r}: {self.end()}")
        return said.rstrip("\n")

    def end(self) -> str:
        """What it has said to stderr."""
        log = self.process.communicate(timeout=30)[1]
        if self.process.returncode:
            raise AssertionError(f"the drive ended with status {self.process.returncode}:\n{log}")
        return log


class Drive:
    """A drive that runs scripts."""

    def __init__(self, test: unittest.TestCase, program: Path, image: str):
        self.test = test
        self.shell = Shell(program)
        self.image = image
        self.commands = 0

    def command(self, words: str) -> str:
        """As many words of the answer as the tests look at: STATUS BYTE0 BYTE1 ERA = DATA count=N"""
        match = STEP.match(words)
        assert match, words
        code, data = int(match["code"], 16), match["data"] or ""
        options = dict(word.split("=") for word in match["words"].split() if "=" in word)
        plain = [word for word in match["words"].split() if "=" not in word]
        what = ("" if "chained" in plain else "f") + "".join(WORDS[word] for word in plain) or "-"
        provided = int(options.get("provided", len(data) // 2 if fetches(code) else READ_PROVIDED))
        room = int(options.get("room", ROOM))
        self.commands += 1
        status, count, sense, given, immediate = self.shell.say(f"command {code:x} {what} {provided:x} {room:x} {data}").split()
        # Control commands without control information, that is all that aren't read or write, are immediate.
        if int(status, 16) & 0x08:
            self.test.assertEqual(immediate, "immediate" if code in IMMEDIATE else "-", f"command {code:02x}")
        answer = [status, *self.sense(status, sense), f"= {given}", f"count={int(count, 16)}"]
        return " ".join(answer)

    def sense(self, status: str, sense: str) -> list[str]:
        """Byte 0, byte 1 and the ERA code; there are 32 bytes just with unit check."""
        if not int(status, 16) & 2:
            self.test.assertEqual(sense, "-", "sense bytes without unit check")
            return []
        self.test.assertEqual(len(sense), 64, "32 sense bytes")
        return [sense[0:2], sense[2:4], sense[6:8]]

    def due(self) -> str:
        status, sense, seq = self.shell.say("due").split()
        # What ends a command names it, and only that.
        ends = int(status, 16) & 0x84 == 0x04
        self.test.assertEqual(seq, f"{self.commands:x}" if ends else "0", f"the command that {status} ends")
        return " ".join([status, *self.sense(status, sense)])

    def happen(self, what: str) -> str:
        if STEP.match(what):
            return self.command(what)
        if what == "due":
            return self.due()
        if what == "synced":
            return self.shell.say("get synced")
        if what == "load":
            return self.shell.say(f"load {self.image}")
        return self.shell.say(what).strip()

    def mount(self) -> None:
        """Load a tape, and tell the guest, which can use it then."""
        for line in ("load -> ok", "due -> 85", "presented"):
            self.step(line)

    def step(self, line: str) -> None:
        if line == "mount":
            self.mount()
            return
        what, _, expected = line.partition(" -> ")
        found = self.happen(what)
        if "count=" not in expected:
            found = found.partition(" count=")[0]
        if "= " not in expected and STEP.match(what):
            found = re.sub(r" = \S+", "", found)
        if expected or STEP.match(what):
            self.test.assertEqual(found, expected, line)

    def prepare(self, tape: str) -> None:
        """Write units, and rewind. What is due is taken."""
        self.mount()
        for unit in tape.split():
            self.step("1f -> 0c" if unit == "|" else f"01:{unit} -> 0c")
        self.step("07 -> 08")
        self.step("due -> 04")
        if self.shell.process.args == [MEMORY]:
            self.step("set synced 0")

    def run(self, row: Row) -> None:
        if row.tape is not None:
            self.prepare(row.tape)
        for line in row.script:
            self.step(line)
        self.shell.end()


def run_rows(test: unittest.TestCase, rows: list[Row], program: Path = MEMORY, options: str = "") -> None:
    """Run scripts. With images in files each script has a new one, which is opened with these options."""
    for row in rows:
        with test.subTest(row.name, source=row.source), tempfile.TemporaryDirectory() as place:
            test.assertTrue(row.source, "a rule has a source")
            drive = Drive(test, program, f"{place}/tape.aws {options}".strip())
            try:
                drive.run(row)
            finally:
                drive.shell.process.kill()
                drive.shell.process.communicate()


def for_files(rows: list[Row]) -> list[Row]:
    """The same rows for images in files, which don't count how often they are synchronized; without those that need
    images that fail."""
    scripts = ([line for line in row.script if not line.startswith("synced")] for row in rows)
    return [row._replace(script=script) for row, script in zip(rows, scripts)
            if not any(line.startswith("set ") or line.endswith("busy") for line in script)]
