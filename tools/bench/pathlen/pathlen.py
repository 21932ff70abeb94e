# SPDX-License-Identifier: GPL-2.0
"""How many instructions the core executes for each I/O instruction, CCW, IDAW and block: the same on any machine.

The core is built for s390x as an ordinary program, with what the fuzzers have in place of the kernel and of a guest.
QEMU's user-mode emulator executes it one instruction at a time and says where. What is counted is what lies in the
core's own section; the kernel's locks and KVM's part are not in it.
"""

import json
import re
from pathlib import Path

import proc
import toolchain
from errors import LabError

HERE = Path(__file__).resolve().parent
TREE = HERE.parents[2]
OUT = TREE / "build/pathlen"
HELD = HERE / "lengths.json"
# How much a length may differ from the one that is held, in percent.
MAY_DIFFER = 5
MARK = "pathlen_mark"
# What pathlen.c has executed before the part that counts: three times MSCH and STSCH, and three programs.
WARM_UP = 2 * 2 + 3 * 3
# CCWs or IDAWs that the longer one of two programs has more, and blocks.
MORE = 8
MORE_BLOCKS = 7
PROGRAMS = 12

Lengths = dict[str, int]


def compiler() -> str:
    """The compiler that decides how long a path is."""
    return proc.output([toolchain.cc(), "--version"]).splitlines()[0]


def build() -> Path:
    """Build the program."""
    toolchain.ensure(toolchain.PATHLEN)
    prefix = toolchain.cross_compile()
    proc.run(["make", "-C", HERE, f"O={OUT}", f"TREE={TREE}", f"CC={prefix}gcc", f"OBJCOPY={prefix}objcopy"],
             log=OUT.parent / "pathlen.log", timeout=300, what="pathlen")
    return OUT / "pathlen"


def _section(program: Path) -> tuple[int, int]:
    """Where the core lies in the program, and how long it is."""
    found = re.search(r"\bcore_text +PROGBITS +([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+)", proc.output(["readelf", "-SW", program]))
    if not found:
        raise LabError("a section core_text in the program", "none", f"look at {program}")
    return int(found[1], 16), int(found[2], 16)


def _mark(program: Path) -> int:
    found = re.search(rf"^([0-9a-f]+) T {MARK}$", proc.output([toolchain.cross_compile() + "nm", program]), re.MULTILINE)
    if not found:
        raise LabError(f"a function {MARK}() in the program", "none", f"look at {program}")
    return int(found[1], 16)


def _trace(program: Path) -> list[int]:
    """How much was executed between the first mark and the second, between the third and the fourth, and so on."""
    log = OUT / "trace"
    begin, size = _section(program)
    proc.run(["qemu-s390x", "-singlestep", "-d", "exec,nochain", "-dfilter", f"{begin:#x}+{size:#x}", "-D", log, program],
             log=OUT / "output", timeout=120, what="pathlen")
    mark, counts, inside = _mark(program), [], False
    with log.open() as lines:
        for line in lines:
            where = re.search(r"\[[0-9a-f]+/([0-9a-f]+)/", line)
            if where and int(where[1], 16) == mark:
                if not inside:
                    # The mark returns, and that is no part of what is counted.
                    counts.append(-1)
                inside = not inside
            elif where and inside:
                counts[-1] += 1
    return counts


def measure() -> Lengths:
    """Build, run and count. pathlen.c has the programs in the same order."""
    counts = _trace(build())[WARM_UP:]
    if len(counts) != 2 + PROGRAMS * 3:
        raise LabError(f"{2 + PROGRAMS * 3} counts", str(len(counts)), "pathlen.c and pathlen.py must agree")
    msch, stsch, *rest = counts
    programs = [rest[i:i + 3] for i in range(0, len(rest), 3)]
    (nop, nops, idaw, idaws, ahead, aheads,
     read, reads, listed, listeds, write, writes) = (ssch + worker for ssch, worker, _ in programs)
    return {
        "STSCH": stsch,
        "MSCH": msch,
        "SSCH of a NOP": nop,
        "TSCH": programs[0][2],
        "a further CCW": round((nops - nop) / MORE),
        "a further IDAW and its page": round((idaws - idaw) / MORE),
        "a further IDAW and its page, prefetched": round((aheads - ahead) / MORE),
        "a block read on the vCPU": read,
        "a further block, read on the vCPU": round((reads - read) / MORE_BLOCKS),
        "a further block, read through an IDAW": round((listeds - listed) / MORE_BLOCKS),
        "a block written, with the worker": write,
        "a further block, written by the worker": round((writes - write) / MORE_BLOCKS),
    }


def table(lengths: Lengths) -> str:
    """For people."""
    width = max(len(name) for name in lengths)
    return "\n".join(f"  pathlen.{name:<{width}} {count:>6} instructions" for name, count in lengths.items())


def held() -> tuple[str, Lengths]:
    """The compiler and the lengths that are held."""
    kept = json.loads(HELD.read_text())
    return kept["compiler"], kept["lengths"]


def hold(lengths: Lengths) -> None:
    """From now on these are held."""
    HELD.write_text(json.dumps({"compiler": compiler(), "lengths": lengths}, indent=1) + "\n")


def differences(lengths: Lengths, expected: Lengths) -> str:
    """Lengths that differ by more than they may, and names that only one of both has."""
    found = [f"{name}: expected {expected.get(name)}, found {lengths.get(name)}"
             for name in sorted(lengths.keys() | expected.keys())
             if name not in lengths or name not in expected
             or abs(lengths[name] - expected[name]) * 100 > MAY_DIFFER * expected[name]]
    if found:
        found.append("if that is meant: tools/bench/pathlen/count --hold, and say why in the commit")
    return "\n".join(found)
