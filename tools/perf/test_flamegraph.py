# SPDX-License-Identifier: GPL-2.0
"""The flame graph of a few stacks."""

import re
import subprocess
import sys
import unittest
from pathlib import Path
from xml.etree import ElementTree

FLAMEGRAPH = Path(__file__).resolve().parent / "flamegraph"
STACKS = """\
bench
\t         3ff80012345 ioinst_execute+0x42 ([kvm_css])
\t         3ff80012346 intercept_b2 ([kvm_css])
\t         3ff80012347 kvm_arch_vcpu_ioctl_run ([kvm])
\t             1234567 main (/bench)

bench
\t         3ff80012345 sie64a ([kernel.kallsyms])
\t         3ff80012347 kvm_arch_vcpu_ioctl_run ([kvm])
\t             1234567 main (/bench)

bench
\t             1234568 qsort<int> (/bench)
\t             1234567 main (/bench)

swapper
\t                 100 default_idle ([kernel.kallsyms])
"""


def draw(*options: str, stacks: str = STACKS) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, FLAMEGRAPH, *options], input=stacks, capture_output=True, text=True, check=False)


def boxes(picture: str) -> dict[str, tuple[int, float]]:
    """Each box's samples and width, by its name."""
    found = {}
    for box in ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}g"):
        name, samples = (box[0].text or "").rsplit(": ", 1)
        found[name] = int(samples), float(box[1].attrib["width"])
    return found


class FlamegraphTest(unittest.TestCase):
    def test_all(self) -> None:
        found = boxes(draw().stdout)
        self.assertEqual({name: samples for name, (samples, _) in found.items()},
                         {"all": 4, "bench": 3, "main": 3, "qsort<int>": 1, "kvm_arch_vcpu_ioctl_run": 2, "sie64a": 1,
                          "intercept_b2": 1, "ioinst_execute": 1, "swapper": 1, "default_idle": 1})
        self.assertAlmostEqual(found["all"][1], 4 * found["sie64a"][1], delta=0.2)

    def test_comm(self) -> None:
        self.assertNotIn("swapper", boxes(draw("--comm", "bench").stdout))

    def test_start(self) -> None:
        found = boxes(draw("--start", "kvm_arch_vcpu_ioctl_run").stdout)
        self.assertEqual(found["all"][0], 2)
        self.assertEqual(set(found), {"all", "kvm_arch_vcpu_ioctl_run", "sie64a", "intercept_b2", "ioinst_execute"})

    def test_least(self) -> None:
        self.assertNotIn("sie64a", boxes(draw("--least", "30").stdout))

    def test_owners(self) -> None:
        fills = dict(re.findall(r"<title>(\w+): \d+</title><rect [^>]*fill=\"#(..)", draw().stdout))
        self.assertLess(int(fills["ioinst_execute"], 16), int(fills["main"], 16))

    def test_nothing(self) -> None:
        done = draw(stacks="")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("expected stacks", done.stderr)


if __name__ == "__main__":
    unittest.main()
