# SPDX-License-Identifier: GPL-2.0
"""Tape images between this and the tools of Hercules: what one writes, the other reads."""

import re
import subprocess
from pathlib import Path

from tape_case import AWS, BZIP2, HET, NONE, ZLIB, Case, Shell, Unit, framed

TOOLS_SECONDS = 60
# EBCDIC digits and letters, in records of 80
RECORDS = [bytes([0xf0 + number % 10]) * 80 for number in range(500)]
# Two files, with blocks of 100 records and a last one of 37, as an operating system writes them
FIRST = [b"".join(RECORDS[start:start + 100]) for start in range(0, 400, 100)] + [b"".join(RECORDS[400:437])]
SECOND = [bytes(range(256)) * 255, b"\xc1"]
TAPE: list[Unit] = [*FIRST, None, *SECOND, None, None]
LABELS = ["VOL1", "HDR1"]


def tool(*argv: str | Path | int) -> str:
    """What a tool prints. Some of them end with a status that says nothing."""
    done = subprocess.run([str(arg) for arg in argv], capture_output=True, text=True, timeout=TOOLS_SECONDS,
                          stdin=subprocess.DEVNULL, check=False, errors="replace")
    if done.returncode < 0:
        raise AssertionError(f"{argv[0]} ended by signal {-done.returncode}")
    return done.stdout + done.stderr


class Written(Case):
    """Images written here."""

    VARIANTS: dict[str, dict[str, int]] = {
        "aws": {"format": AWS},
        "aws in chunks": {"format": AWS, "chunk": 4096},
        "het": {"format": HET},
        "het at level 9": {"format": HET, "level": 9, "compression": ZLIB},
        "het in chunks": {"format": HET, "chunk": 4096},
        "het with bzip2": {"format": HET, "compression": BZIP2},
        "het with bzip2 in chunks": {"format": HET, "compression": BZIP2, "chunk": 4096, "level": 1},
        "het uncompressed": {"format": HET, "compression": NONE},
    }

    def each(self) -> list[tuple[str, Path]]:
        found = []
        for name, options in self.VARIANTS.items():
            path = self.dir / f"{name.replace(' ', '-')}.{name[:3]}"
            shell = self.opened(path, create=1, **options)
            for unit in TAPE:
                self.assertEqual(shell.put(unit).result, "ok")
            shell("close")
            found.append((name, path))
        return found

    def test_hetmap(self) -> None:
        for name, path in self.each():
            with self.subTest(name):
                said = tool("hetmap", "-f", path)
                self.assertEqual(re.findall(r"^Blocks +: (\d+)", said, re.MULTILINE)[:2], ["5", "2"], said)
                self.assertEqual(re.findall(r"^Max Blocksize +: (\d+)", said, re.MULTILINE)[:2], ["8000", "65280"], said)

    def test_hetget(self) -> None:
        for name, path in self.each():
            with self.subTest(name):
                out = self.dir / "out"
                out.unlink(missing_ok=True)
                said = tool("hetget", "-n", path, out, 1, "U", 0, 8000)
                self.assertEqual(out.read_bytes() if out.exists() else said, b"".join(FIRST))

    def test_tapemap(self) -> None:
        for name, path in self.each():
            if name not in ("aws", "het uncompressed"):
                # It knows neither compression nor chunks.
                continue
            with self.subTest(name):
                said = tool("tapemap", path)
                self.assertIn("File 1: Blocks=5, block size min=2960, max=8000", said)
                self.assertIn("File 2: Blocks=2, block size min=1, max=65280", said)
                self.assertIn("End of tape.", said)

    def test_hetupd(self) -> None:
        """It reads each block and writes it again, differently."""
        for name, path in self.each():
            for options in (["-d"], ["-z"], ["-b"], ["-s"], ["-z", "-c", "4096"]):
                with self.subTest(f"{name}, hetupd {options}"):
                    target = self.dir / "updated.het"
                    target.unlink(missing_ok=True)
                    said = tool("hetupd", *options, path, target)
                    self.assertNotIn("rror", said)
                    shell = self.opened(target)
                    self.assert_same(shell.units(), TAPE)
                    shell("close")

    def test_tapesplt(self) -> None:
        path = dict(self.each())["aws"]
        tool("tapesplt", path, self.dir / "one.aws", 1, self.dir / "two.aws", 1)
        self.assert_same(self.opened(self.dir / "one.aws").units(), [*FIRST, None])
        self.assert_same(self.opened(self.dir / "two.aws").units(), [*SECOND, None])


class Read(Case):
    """Images written by Hercules."""

    def label(self, unit: Unit) -> str:
        return (unit or b"").decode("cp037")

    def made(self, *options: str) -> Shell:
        path = self.dir / "made.het"
        path.unlink(missing_ok=True)
        volume: list[str] = [] if "-n" in options else ["TAPE01", "OWNER"]
        tool("hetinit", *options, path, *volume)
        return self.opened(path)

    def test_hetinit(self) -> None:
        for option in ("", "-d"):
            with self.subTest(option):
                shell = self.made(*option.split())
                units = shell.units()
                self.assertEqual([self.label(unit)[:4] for unit in units[:2]], LABELS)
                self.assertIn("TAPE01", self.label(units[0]))
                self.assertEqual(units[2:], [None])
                shell("close")

    def test_hetinit_without_labels(self) -> None:
        self.assertEqual(self.made("-n").units(), [None, None])

    def test_writing_behind_what_hercules_wrote(self) -> None:
        shell = self.made()
        units = shell.units()
        shell("bsb")
        for unit in TAPE:
            self.assertEqual(shell.put(unit).result, "ok")
        shell("close")
        said = tool("hetmap", "-f", self.dir / "made.het")
        self.assertEqual(re.findall(r"^Blocks +: (\d+)", said, re.MULTILINE)[:2], ["7", "2"], said)
        self.assert_same(self.opened(self.dir / "made.het").units(), [*units[:2], *TAPE])

    def test_an_image_that_a_crash_has_left(self) -> None:
        """Hercules reads it once it has been written to here."""
        path = self.image(framed(FIRST) + bytes(6) + b"remains")
        shell = self.opened(path)
        self.assertEqual(shell("end").block, len(FIRST))
        self.assertEqual(shell("mark").result, "ok")
        shell("close")
        self.assertIn("File 1: Blocks=5, block size min=2960, max=8000", tool("tapemap", path))
