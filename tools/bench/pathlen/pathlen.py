# SPDX-License-Identifier: GPL-2.0
"""How many instructions the core executes for each I/O instruction, CCW, IDAW and block: the same on any machine.

The core is built for s390x as an ordinary program, with what the fuzzers have in place of the kernel and of a guest.
QEMU's user-mode emulator executes it one instruction at a time and says where. What is counted is what lies in the
core's own section; the kernel's locks and KVM's part are not in it.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
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
# What follows for a 3390: MSCH and STSCH, and two programs
ECKD = 2 + 2 * 3

# What performance.rst wants; every path that has none is only held.
AIMS = {"STSCH": 180, "SSCH of a NOP": 800, "TSCH": 230, "a further block, read on the vCPU": 100,
        "a further block, written by the worker": 100}

Lengths = dict[str, int]
# How many instructions a path takes in each function
Functions = Mapping[str, float]


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


def _trace(program: Path) -> list[Counter[str]]:
    """How much each function executed between the first mark and the second, between the third and the fourth, ..."""
    log = OUT / "trace"
    begin, size = _section(program)
    proc.run(["qemu-s390x", "-singlestep", "-d", "exec,nochain", "-dfilter", f"{begin:#x}+{size:#x}", "-D", log, program],
             log=OUT / "output", timeout=120, what="pathlen")
    # The mark itself is a single instruction.
    mark, inside = _mark(program), False
    parts: list[Counter[str]] = []
    with log.open() as lines:
        for line in lines:
            where = re.search(r"\[[0-9a-f]+/([0-9a-f]+)/[^]]*\] *(\S*)", line)
            if where and int(where[1], 16) == mark:
                if not inside:
                    parts.append(Counter())
                inside = not inside
            elif where and inside:
                parts[-1][where[2]] += 1
    return parts


def _further(longer: Counter[str], shorter: Counter[str], more: int) -> Functions:
    """What each of @more further CCWs, IDAWs or blocks takes."""
    return {name: (longer[name] - shorter[name]) / more for name in longer.keys() | shorter.keys()}


def paths() -> dict[str, Functions]:
    """Build, run and count, for each function. pathlen.c has the programs in the same order."""
    parts = _trace(build())[WARM_UP:]
    if len(parts) != 2 + PROGRAMS * 3 + ECKD:
        raise LabError(f"{2 + PROGRAMS * 3 + ECKD} counts", str(len(parts)), "pathlen.c and pathlen.py must agree")
    msch, stsch, *rest = parts
    programs = [rest[i:i + 3] for i in range(0, PROGRAMS * 3, 3)]
    eckd = rest[PROGRAMS * 3 + 2:]
    (nop, nops, idaw, idaws, ahead, aheads,
     read, reads, listed, listeds, write, writes) = (ssch + worker for ssch, worker, _ in programs)
    return {
        "STSCH": stsch,
        "MSCH": msch,
        "SSCH of a NOP": nop,
        "TSCH": programs[0][2],
        "a further CCW": _further(nops, nop, MORE),
        "a further IDAW and its page": _further(idaws, idaw, MORE),
        "a further IDAW and its page, prefetched": _further(aheads, ahead, MORE),
        "a block read on the vCPU": read,
        "a further block, read on the vCPU": _further(reads, read, MORE_BLOCKS),
        "a further block, read through an IDAW": _further(listeds, listed, MORE_BLOCKS),
        "a block written, with the worker": write,
        "a further block, written by the worker": _further(writes, write, MORE_BLOCKS),
        "4 KiB of a 3390, read with the worker": eckd[3] + eckd[4],
    }


def lengths_of(counted: dict[str, Functions]) -> Lengths:
    """How long each path is, in all functions."""
    return {name: round(sum(functions.values())) for name, functions in counted.items()}


def measure() -> Lengths:
    """Build, run and count."""
    return lengths_of(paths())


def functions_table(path: Functions) -> str:
    """In which functions the instructions of a path are. What the compiler has inlined is part of its caller."""
    most = sorted(path.items(), key=lambda item: (-item[1], item[0]))
    return "\n".join(f"    {count:>6.0f} {name}" for name, count in most if count)


def table(lengths: Lengths) -> str:
    """For people."""
    width = max(len(name) for name in lengths)
    return "\n".join(f"  pathlen.{name:<{width}} {count:>6} instructions" +
                     (f"  (aim: at most {AIMS[name]})" if name in AIMS else "") for name, count in lengths.items())


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
