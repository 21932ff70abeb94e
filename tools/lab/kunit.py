# SPDX-License-Identifier: GPL-2.0
"""Runs the KUnit suites on the user mode kernel, or on the s390x debug kernel or that of Linux guests under QEMU.

The user mode kernel has KASAN and lockdep, and this machine's byte order. That of the guests has the order of s390x and
checks nothing of itself. The debug kernel has both, and takes six times as long as that.

The kernel's own kunit.py says whether the tests passed. A test can pass while the kernel complains about what it
did (KFENCE, lockdep, kmemleak), so the kernel's log is searched for that too.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

import cache
import complaints
import kernels
import module
import source
from errors import LabError
from guest import Result
from progress import say

# Percent of their rounds that tests which draw at random do (kunit/rounds.h). The emulated machine takes ten times as
# long for each as the user mode kernel, which draws the same ones.
SHARES = {"uml": 100, "guest": 25, "debug": 25}
MODULE = "kunit/kvm_css_kunit.ko"
MARKER = "kvm-css: KUnit starts here"
# Every report of KASAN, and room for them in the kernel's log beside the tests.
CMDLINE = "kasan_multi_shot log_buf_len=16M"
# kmemleak must scan only when it is asked to, not in the middle of a test. It reports what is older than 5 s, and what
# it has seen unchanged in an earlier scan.
COMMAND = f"""
[ ! -w /sys/kernel/debug/kmemleak ] || echo scan=off > /sys/kernel/debug/kmemleak
echo '{MARKER}' > /dev/kmsg
insmod {Path(MODULE).name} share=SHARE || exit
rmmod {Path(MODULE).stem} || exit
if [ -w /sys/kernel/debug/kmemleak ] && ! dmesg | grep -q 'kmemleak: Kernel memory leak detector disabled'; then
	sleep 6
	echo scan > /sys/kernel/debug/kmemleak
	echo scan > /sys/kernel/debug/kmemleak
	cat /sys/kernel/debug/kmemleak > $RESULTS/kmemleak
fi
"""


@dataclass(frozen=True)
class Outcome:
    """The result of the suites."""
    passed: bool
    report: str         # of kunit.py
    complaints: str     # of the kernel, "" if there were none
    ktap: Path          # the kernel's log from the first test on
    boot: Result


def run(name: str, *, make_vars: Mapping[str, str] | None = None, variant: str = "", afterwards: str = "") -> Outcome:
    """Build the suites for a host, run them there, and judge.

    make_vars and variant are module.build()'s. `afterwards` is run by the host's shell when the suites have been.
    """
    if name not in SHARES:
        raise LabError(f"a host with KUnit: {', '.join(SHARES)}", repr(name))
    host = kernels.own_kernel(name)
    farm = module.farm(host, "kunit", variant)
    with cache.lock(f"{farm.name}-run", farm.parent):
        command = COMMAND.replace("SHARE", str(SHARES[name])) + afterwards
        return _run(host, module.build(host, "kunit", make_vars, variant), command)


def _run(host: kernels.Host, place: Path, command: str) -> Outcome:
    payload = place.parent / f"{place.name}-payload"
    shutil.rmtree(payload, ignore_errors=True)
    payload.mkdir()
    shutil.copy2(place / MODULE, payload)
    boot = _boot(host, payload, command, place.parent / f"{place.name}-results")
    if boot.status:
        raise LabError(f"{Path(MODULE).name} loaded and unloaded on {host.name}",
                       f"status {boot.status}: {(boot.results / 'output').read_text().strip()}",
                       f"look at {boot.results / 'dmesg'}")
    return _judge(boot)


def _boot(host: kernels.Host, payload: Path, command: str, results: Path) -> Result:
    if host.name == "uml":
        import uml
        return uml.boot(host, payload, command, results, timeout=300, cmdline=CMDLINE)
    import qemu
    return qemu.boot(host, payload, command, results, timeout=1400,
                     cmdline=f"{CMDLINE} kfence.sample_interval=0")


def _judge(boot: Result) -> Outcome:
    log = (boot.results / "dmesg").read_text(errors="replace")
    _, found, tests = log.partition(MARKER)
    if not found:
        raise LabError(f"the kernel's log from {MARKER!r} on", "overwritten: it was too long",
                       "boot with a larger log_buf_len")
    ktap = boot.results / "ktap"
    ktap.write_text(tests)
    parsed = subprocess.run([sys.executable, source.kunit_py(), "parse", ktap], text=True, timeout=120,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    leaks = boot.results / "kmemleak"
    said = complaints.found(tests) + "\n" + (leaks.read_text() if leaks.exists() else "")
    return Outcome(passed=parsed.returncode == 0, report=parsed.stdout, complaints=said.strip(), ktap=ktap, boot=boot)


def main(name: str) -> int:
    """`lab kunit`: run the suites and print the result."""
    outcome = run(name)
    print(outcome.report, end="")
    if outcome.complaints:
        print(f"the kernel complained, see {outcome.boot.results / 'dmesg'}:\n{outcome.complaints}")
    say(f"KUnit on {name}: {outcome.boot.seconds:.1f} s")
    return 0 if outcome.passed and not outcome.complaints else 1
