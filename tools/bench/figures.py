# SPDX-License-Identifier: GPL-2.0
"""What demo, bench and perf must have measured: a figure that is missing, or is no number, is a failure of the tool."""

import json
import re
from pathlib import Path

from errors import LabError

HERE = Path(__file__).resolve().parent
NUMBER = r"\s+-?\d+(?:\.\d+)?"
# Rows and sentences that each tool prints, with a number wherever one belongs. A number that isn't one is "nan" or "inf".
RATIOS = [re.escape(name) + NUMBER for name in (
    "stsch.kernel / stidp", "cycle.kernel / (2 stidp + interruption)", "stsch.vmm / stsch.kernel",
    "stsch.qemu / stsch.kernel", "cycle.vmm / cycle.kernel", "cycle.qemu / cycle.kernel", "fba4k.vmm / fba4k.kernel",
    "fba4k.ext4.kernel / fba4k.kernel", "fba4k.ext4.vmm.inline / fba4k.ext4.kernel",
    "fba4k-write.ext4.vmm.inline / fba4k-write.ext4.kernel",
    "cycle.dat.vmm / cycle.dat.kernel", "cycle.dat.qemu / cycle.dat.kernel", "fba4k.dat.vmm.inline / fba4k.dat.kernel",
    "fba4k.cold.vmm / fba4k.cold.kernel", "cycle.pair.kernel / cycle.one.kernel",
    "fba4k.pair.kernel / fba4k.one.kernel", "context switches of fba4k.ext4.kernel",
    "context switches of fba4k.kernel")]
COSTS = [
    rf"clock: finest step{NUMBER} ns;",
    rf"a CCW: 4 to 16{NUMBER}, 64 to 256{NUMBER}, 256 to 1024{NUMBER}$",
    rf"with prefetch, 256 to 1024:{NUMBER}$",
    rf"4 KiB:{NUMBER}; an IDAW beside its 4 KiB:{NUMBER}$",
    rf"a copy of 4 KiB is{NUMBER} % of fba4k\.buffered,{NUMBER} % of fba4k\.direct$",
]
DEMO = [
    r"disk served by the kernel, kvm-css\n(?:  .*\n)+  good$",
    r"disk served by this VMM, in userspace\n(?:  .*\n)+  good$",
    rf"Linux, dasd-fba, served by the kernel(?:{NUMBER}){{6}}$",
    rf"Linux, virtio-blk-ccw, served by QEMU(?:{NUMBER}){{6}}$",
    rf"no Linux, FBA served by the kernel(?:{NUMBER}){{4}}$",
    rf"no Linux, FBA served by a VMM in userspace(?:{NUMBER}){{4}}$",
    # The guest's tape: as the guest, the host and Hercules' programs see it
    r"guest# tar c files \| dd of=/dev/rtibm0 obs=32k$",
    r"what was read is what was written$",
    r"tape0 +- +0 +aws +writable +/tmp/backup/backup\.aws$",
    r"File 1: Blocks=\d+, block size min=\d+, max=32768$",
    r"-r\S+ .* files/random$",
]
PERF = [rf"{name}\s+cc0(?:{NUMBER}){{4}}$" for name in ("MSCH", "SSCH", "STSCH", "TSCH")]
# All instructions of the bench's guest are the kernel's; nothing that perf recorded was lost.
PERF_SUM = re.compile(r"^(?P<exits>\d+) instructions, 0 of them left to userspace, (?P=exits) entries$", re.MULTILINE)
# What a flame graph shows in any case: the module executes I/O instructions, in kvm.
FLAME = ("kvm_arch_vcpu_ioctl_run", "ioinst_execute")
PARTS = ("ssch", "interrupt", "tsch")


def lacking(text: str, patterns: list[str]) -> list[str]:
    """Those of the patterns that no line begins with."""
    return [f"no line like: {pattern}" for pattern in patterns if not re.search(f"^{pattern}", text, re.MULTILINE)]


def paths() -> list[str]:
    """The paths that paths.c lists, and the parts of those that are measured in parts."""
    source = (HERE / "paths.c").read_text()
    names = re.findall(r'^\t(?:PATH|PAIR)\("(.+?)"', source, re.MULTILINE)
    names += ["chanprog." + name for name in re.findall(r'^\tCHANPROG\("(.+?)"', source, re.MULTILINE)]
    if len(names) < 30:
        raise LabError("the paths that are measured, in paths.c", f"no more than {names}", "has their macro been renamed?")
    return [name + part for name in names
            for part in ("", *(f": {part}" for part in PARTS if name.startswith(("cycle.", "fba4k"))))]


def bench(text: str, report: str) -> list[str]:
    """What bench's table and its JSON lack."""
    wrong = lacking(text, [re.escape(name) + NUMBER * 3 for name in paths()] + RATIOS + COSTS)
    try:
        measured = json.loads(report)["paths"]
    except (ValueError, KeyError) as error:
        return [*wrong, f"latency.json: {error!r}"]
    for name in (name.replace(": ", ".") for name in paths()):
        row = measured.get(name, {})
        if not 0 <= row.get("p50", -1) <= row.get("p99", -1) <= row.get("max", -1) or row.get("n", 0) < 1:
            wrong.append(f"latency.json: {name}: {row}")
    return wrong


def demo(text: str, report: str) -> list[str]:
    """What the demo's output lacks; a bench is part of it."""
    return lacking(text, DEMO) + bench(text, report)


def perf(text: str) -> list[str]:
    """What the table of tracepoints lacks."""
    return lacking(text, PERF) + ([] if PERF_SUM.search(text) else [f"no line like: {PERF_SUM.pattern}"])


def flame(picture: str) -> list[str]:
    """What a flame graph lacks."""
    return [f"flame.svg: no box {name}" for name in FLAME if f"<title>{name}: " not in picture]
