# SPDX-License-Identifier: GPL-2.0
"""A figure that is missing, or is no number, is told."""

import json
import unittest

import figures

ROWS = {"p50": 1, "p99": 2, "max": 3, "n": 4}


def table() -> list[str]:
    """What bench prints, and nothing but what must be there."""
    return [f"{name}   1000 2000   3000" for name in figures.paths()] + [
        "clock: finest step 1000 ns; a round",
        "stsch.kernel / stidp                      1.58",
        "cycle.kernel / (2 stidp + interruption)   2.55",
        "stsch.vmm / stsch.kernel                  1.05",
        "stsch.qemu / stsch.kernel                 2.05",
        "cycle.vmm / cycle.kernel                  0.90",
        "cycle.qemu / cycle.kernel                 1.90",
        "fba4k.vmm / fba4k.kernel                  1.17",
        "fba4k.ext4.kernel / fba4k.kernel          0.43  (aim: at most 0.45)",
        "fba4k.ext4.vmm.inline / fba4k.ext4.kernel 0.88  (aim: at least 1)",
        "fba4k-write.ext4.vmm.inline / fba4k-write.ext4.kernel 0.98",
        "cycle.dat.vmm / cycle.dat.kernel          0.90",
        "cycle.dat.qemu / cycle.dat.kernel         3.90",
        "fba4k.dat.vmm.inline / fba4k.dat.kernel   0.90",
        "fba4k.cold.vmm / fba4k.cold.kernel        1.10",
        "cycle.pair.kernel / cycle.one.kernel      1.05",
        "fba4k.pair.kernel / fba4k.one.kernel      1.15",
        "context switches of fba4k.ext4.kernel     0.00  (aim: 0)",
        "context switches of fba4k.kernel          1.00",
        "a CCW: 4 to 16 9667, 64 to 256 26755, 256 to 1024 37579",
        "with prefetch, 256 to 1024: -9223",
        "4 KiB: 7714; an IDAW beside its 4 KiB: 6143",
        "a copy of 4 KiB is 1.8 % of fba4k.buffered, 0.2 % of fba4k.direct",
    ]


def report(**changed: object) -> str:
    """bench's JSON."""
    rows: dict[str, object] = {name.replace(": ", "."): ROWS for name in figures.paths()}
    return json.dumps({"paths": {**rows, **changed}})


DEMO = """\
disk served by the kernel, kvm-css
  guest: wrote
  good
disk served by this VMM, in userspace
  guest: wrote
  good
Linux, dasd-fba, served by the kernel            1353     4497     1406     4226    10.9     9.6
Linux, virtio-blk-ccw, served by QEMU            2351     7116     3064    11558    19.7    14.6
no Linux, FBA served by the kernel                710     1857      755     2210
no Linux, FBA served by a VMM in userspace        742     2259      900     2150
guest# tar c files | dd of=/dev/rtibm0 obs=32k
what was read is what was written
tape0         -         0         aws     writable   /tmp/backup/backup.aws
File 1: Blocks=119, block size min=7168, max=32768
-rw-r--r-- root/root   2000000 1970-01-01 00:00 files/random
"""

PERF = """\
MSCH   cc0                    48        17000        45000        45000
SSCH   cc0                   941       105000      7464000     91336000
STSCH  cc0                    96        16000      5316000      5316000
TSCH   cc0                   941        25000      3754000      9453000
2026 instructions, 0 of them left to userspace, 2026 entries
"""


class FiguresTest(unittest.TestCase):
    def test_bench(self) -> None:
        lines = table()
        self.assertEqual(figures.bench("\n".join(lines), report()), [])
        for line in lines:
            with self.subTest(without=line):
                self.assertTrue(figures.bench("\n".join(one for one in lines if one != line), report()))
        for line in lines:
            with self.subTest(no_number=line):
                words = line.split()
                number = next(word for word in words if word[0].isdigit() and word[-1].isdigit() and word not in ("4", "2"))
                spoilt = line.replace(f" {number}", " nan", 1)
                self.assertTrue(figures.bench("\n".join(spoilt if one == line else one for one in lines), report()), spoilt)

    def test_json(self) -> None:
        lines = "\n".join(table())
        for what in ("", "{}", '{"paths": {}}', report(stidp={}), report(stidp={**ROWS, "n": 0}),
                     report(stidp={**ROWS, "p50": 9})):
            with self.subTest(what=what[:40]):
                self.assertTrue(figures.bench(lines, what))

    def test_demo(self) -> None:
        bench = "\n".join(table())
        self.assertEqual(figures.demo(DEMO + bench, report()), [])
        self.assertTrue(figures.demo(DEMO, report()))
        for line in DEMO.splitlines():
            if "wrote" not in line:
                with self.subTest(without=line):
                    self.assertTrue(figures.demo(DEMO.replace(line + "\n", "", 1) + bench, report()))

    def test_perf(self) -> None:
        self.assertEqual(figures.perf(PERF), [])
        for line in PERF.splitlines():
            with self.subTest(without=line):
                self.assertTrue(figures.perf(PERF.replace(line + "\n", "")))
        for wrong in ("1 of them left to userspace, 2026", "0 of them left to userspace, 2025"):
            with self.subTest(wrong=wrong):
                self.assertTrue(figures.perf(PERF.replace("0 of them left to userspace, 2026", wrong)))

    def test_flame(self) -> None:
        picture = "".join(f"<title>{name}: 7</title>" for name in figures.FLAME)
        self.assertEqual(figures.flame(picture), [])
        self.assertEqual(len(figures.flame("")), len(figures.FLAME))


if __name__ == "__main__":
    unittest.main()
