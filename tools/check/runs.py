# SPDX-License-Identifier: GPL-2.0
"""Tests that run: KUnit, real guests on real KVM, and the fuzzers."""

import re
import shutil
from pathlib import Path

import complaints
import coverage as lab_coverage
import dasd
import endings
import fuzzing
import guestimage
import kernels
import kunit as lab_kunit
import ktap
import lent
import linuxguest
import own
import pathlen
import payload
import perfroot
import proc
import qemuroot
import tapeprograms
from progress import say
from report import FAILED, PASSED, SKIPPED, Report

TREE = Path(__file__).resolve().parents[2]
# Seconds after which a host is ended. The debug kernel is slow: it checks every access, on an emulated machine.
BOOT_SECONDS = {"debian13": 900, "debian12": 1200, "debug": 2400, "hooked": 1200}

# Processors of the host. With two of them and something beside it, the debug kernel spins for the one that isn't
# running; two on two stock hosts are what races need.
CPUS = {"debian13": 2, "debian12": 2, "debug": 1, "hooked": 2}

# The stock host that also runs what depends on no kernel
WHOLE = "debian13"

# What runs whole on KVM with the patches of tools/upstream; installation.rst says what doesn't yet
HOOKED_RUNS = ("ioinst", "interrupts", "fba", "functions", "reset", "race")

# Seconds for all fuzzers together. They go on from what earlier runs have found.
FUZZ_SECONDS = 30


# How large a file tar writes to a tape. By default it is 100 MiB, which takes minutes and passes the same code.
TAPE_MIB = 10
# How often the Linux guests' disk comes and goes, and how often one reboots: as `make linux` does it, these two take
# longer than all the others
FEWER_TIMES = ("PLUG_TIMES=12", "REBOOT_TIMES=3")
# The tapes that the scenario tape leaves, and how many blocks their files have: one, two and three of 100 bytes; and
# tar's of that size, a header and its end
TAPES = {"linux-tape.aws": ["1", "2", "3"], "linux-tape.het": [str((TAPE_MIB * 2048 + 3 + 126) // 127)]}


def prepare(report: Report) -> None:
    """Fetch and build every host, so that the jobs after this one only use them."""
    for name in [name for name in kernels.NAMES if name not in kernels.NAMED]:
        say(f"host {name}")
        kernels.ensure(name)
        report.passed(f"host {name} is there")
    payload.programs()
    say("QEMU, a kernel and a disk for Linux guests, and perf")
    qemuroot.ensure()
    perfroot.ensure()
    own.build("guest")
    guestimage.ensure()
    tapeprograms.mt()
    report.passed("what Linux guests need is there")


def selftests(report: Report, host_name: str, names: tuple[str, ...] = ()) -> None:
    """The VMM, its guests and the module on a real host under real KVM: all runs, or those with these names."""
    host = kernels.ensure(host_name)
    results = TREE / "build/check" / f"selftests-{host_name}"
    also_on = "" if host_name == WHOLE else WHOLE
    booted = lent.run_selftests(host, list(names), results, variables=[f"ALSO_ON={also_on}"], cpus=CPUS[host_name],
                                timeout=BOOT_SECONDS[host_name])
    files = sorted(results.glob("*.ktap"))
    for path in files:
        for outcome in ktap.outcomes(path, f"{host_name}: {path.stem}"):
            report.add(outcome.name, outcome.result, outcome.detail)
    output = (results / "output").read_text(errors="replace")
    report.check(f"{host_name}: the selftests ran to their end",
                 "" if files and booted.status in (0, 1) else f"status {booted.status}, they said:\n{output[-3000:]}")
    # Not every host runs that; if one that should didn't, the report of the runs says so.
    if (results / "unitrecord.ktap").exists():
        report.check(f"{host_name}: what a guest has printed is in the file of the host's printer",
                     lent.printed(lent.beside(results)))
    report.check(f"{host_name}: the host's kernel has no complaint", complaints.found_in(results / "dmesg"))


def linux(report: Report, host_name: str, scenarios: tuple[str, ...], kernel: str = "guest",
          variables: tuple[str, ...] = ()) -> None:
    """Linux guests with this kernel under an unmodified QEMU, on devices of the kernel's."""
    results = TREE / "build/check" / ("-".join(["linux", host_name] + ([] if kernel == "guest" else [kernel])))
    booted = linuxguest.run_selftests(host_name, scenarios, results, timeout=1800, kernel=kernel,
                                       variables=variables)
    for name in scenarios:
        path = results / f"linux-{name}.ktap"
        if path.exists():
            for outcome in ktap.outcomes(path, f"{host_name}: linux {name}"):
                report.add(outcome.name, outcome.result, outcome.detail)
    output = (results / "output").read_text(errors="replace")
    missing = [name for name in scenarios if not (results / f"linux-{name}.ktap").exists()]
    report.check(f"{host_name}: linux: all ran to their end",
                 f"status {booted.status}, no report of {missing}; they said:\n{output[-3000:]}"
                 if missing or booted.status else "")
    report.check(f"{host_name}: linux: the host's kernel has no complaint", complaints.found_in(results / "dmesg"))


def stock(report: Report, host_name: str) -> None:
    """Linux guests with Debian's kernel, a tape drive that css-tape models, and a display that css-3270 models."""
    linux(report, host_name, ("stock", "terminal"), host_name, (f"TAPE_MIB={TAPE_MIB}",))
    for name, blocks in TAPES.items():
        hercules_reads(report, f"{host_name}: Hercules reads the tape {name} that the guest has written",
                       TREE / "build/check" / f"linux-{host_name}-{host_name}" / name, blocks)
    results = TREE / "build/check" / f"linux-{host_name}-{host_name}"
    dasd.run(report, host_name, results)
    report.check(f"{host_name}: the images of the host's disks have what the guest has written",
                 lent.images_differ(lent.beside(results), results))


def hercules_reads(report: Report, name: str, image: Path, expected: list[str]) -> None:
    """Hercules' list of the files on a tape says how many blocks they have."""
    if not shutil.which("hetmap"):
        report.add(name, SKIPPED, "there is no hetmap")
        return
    said = proc.output(["hetmap", "-f", image]) if image.exists() else "there is no tape"
    found = re.findall(r"^Blocks +: (\d+)", said, re.MULTILINE)[:len(expected)]
    report.check(name, "" if found == expected else f"expected files of {expected} blocks, found:\n{said}")


def suites(report: Report, host_name: str, done: lab_kunit.Outcome) -> None:
    """What the KUnit suites and the kernel said."""
    for outcome in ktap.outcomes(done.ktap, f"kunit {host_name}"):
        report.add(outcome.name, outcome.result, outcome.detail)
    report.check(f"kunit {host_name}: the kernel has no complaint", done.complaints)
    endings.run(report, f"kunit {host_name}", done.ktap)


def kunit(report: Report, host_name: str) -> None:
    """The KUnit suites on a kernel that has KUnit."""
    suites(report, host_name, lab_kunit.run(host_name))


def coverage(report: Report) -> None:
    """The KUnit suites on user mode Linux, with the core instrumented: how much of it they run."""
    done = lab_coverage.measure(lambda ran: suites(report, lab_coverage.HOST, ran))
    name = f"coverage: lines of the core at least {lab_coverage.LINES_AT_LEAST:.0f} %"
    if done.enough():
        report.passed(name, done.total().figure())
    else:
        report.failed(name, f"{done.table()}\n{done.total().figure()}\nwhat isn't run is in {done.uncovered}")


def lengths(report: Report) -> None:
    """Path lengths of the core, in instructions, compared with those on record."""
    name = f"pathlen: no path of the core is more than {pathlen.MAY_DIFFER} % longer or shorter than it was"
    counted = pathlen.measure()
    compiler, held = pathlen.held()
    if pathlen.compiler() != compiler:
        report.add(name, SKIPPED, f"held for {compiler}, this is {pathlen.compiler()}\n{pathlen.table(counted)}")
    else:
        report.add(name, FAILED if pathlen.differences(counted, held) else PASSED,
                   pathlen.differences(counted, held) or pathlen.table(counted))


def fuzz(report: Report) -> None:
    """Each fuzzer for its share of the time."""
    fuzzing.build()
    names = fuzzing.names()
    results = [fuzzing.run(name, FUZZ_SECONDS // len(names)) for name in names]
    lines = fuzzing.measure(results)
    for result in results:
        complaint = result.complaint()
        report.add(f"fuzz {result.name}", FAILED if complaint else PASSED, complaint or str(result))
    reached = f"all together: {fuzzing.percent(lines):.1f} % of the core's lines"
    say(reached)
