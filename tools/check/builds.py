# SPDX-License-Identifier: GPL-2.0
"""Builds with all warnings switched on, and the proof that sparse finds what it should.

W=1 for the compiler's warnings, C=2 for sparse with endianness, and nothing may be said at all. The lab's builds all
have W=1, and treat a warning as an error (module.py): what is built here is what the other jobs run, and it is compiled
once. Sparse reads every source here, also one whose object was there.
"""

import re
from pathlib import Path

import coverage as lab_coverage
import example
import kernels
import module
import proc
import toolchain
from errors import LabError
from report import Report

WARNING = re.compile(r"^.*(?:warning|error):.*$", re.MULTILINE)
CHECKED = {"C": "2", "CF": "-D__CHECK_ENDIAN__"}

# The objects of adding-a-device.rst's example that are built, one by one: the whole module would take a minute.
EXAMPLE = {
    "module": ("drivers/s390/kvm_css/devices/ticket.o", "drivers/s390/kvm_css/devices/registry.o",
               "drivers/s390/kvm_css/host/uapi.o"),
    "kunit": ("kunit/ticket_test.o", "kunit/device_type_test.o"),
}

# A fault planted in a copy of the tree: an errno where an ending belongs, and the other way round.
PLANT_IN = "drivers/s390/kvm_css/instructions/ioinst.c"
PLANT = """
static ioinst_ending_t planted_errno_as_ending(void)
{
	return -EINVAL;
}

static int planted_ending_as_errno(void)
{
	return IOINST_CC_BUSY;
}

static bool __used planted(void)
{
	return planted_errno_as_ending() || planted_ending_as_errno();
}
"""


def warnings(log: Path) -> str:
    """The warnings and errors of the compiler and of sparse."""
    return "\n".join(WARNING.findall(log.read_text(errors="replace")))


def build(report: Report, host_name: str, what: str) -> None:
    """One build, which must succeed without a warning."""
    name = f"{what} for {host_name}: builds, and W=1 and sparse are silent"
    host = kernels.ensure(host_name)
    # On this host the suites are run with counters.
    counted = host_name == lab_coverage.HOST
    try:
        place = module.build(host, what, {**CHECKED, **lab_coverage.VARIABLES} if counted else CHECKED,
                             variant=lab_coverage.VARIANT if counted else "")
    except LabError as error:
        report.failed(name, str(error))
        return
    report.check(name, warnings(place / "make.log"))


def planted(report: Report, host_name: str = "debug") -> None:
    """sparse must refuse an errno as an ending. If it didn't, builds without warnings would prove nothing."""
    name = "sparse refuses an errno where an ending belongs, and an ending where an errno does"
    host = kernels.ensure(host_name)
    place = module.farm(host, "module", "planted")
    source = place / PLANT_IN
    if source.is_symlink() or source.exists():
        source.unlink()
    module.plant(place)
    text = source.read_text()
    source.unlink()
    source.write_text(text + PLANT)
    try:
        module.build(host, "module", CHECKED, variant="planted", goal=str(Path(PLANT_IN).with_suffix(".o")))
        said = warnings(place / "make.log")
    except LabError as error:
        said = str(error)
    first = text.count("\n")
    lines = [first + number for number, line in enumerate(PLANT.split("\n"), 1) if "return -E" in line or "return IOINST" in line]
    unseen = [f"line {line} of {PLANT_IN}" for line in lines
              if not re.search(rf"{PLANT_IN}:{line}:.*incorrect type in return", said)]
    report.check(name, f"no complaint of sparse about {', '.join(unseen)}; it said:\n{said}" if unseen else "")


def unguarded(report: Report, host_name: str) -> None:
    """A build in which the stack protector would look for its guard in the wrong place."""
    name = f"module for {host_name}: a stack protector that doesn't find its guard is refused"
    wanted = "expected -mstack-protector-guard-record"
    try:
        module.build(kernels.ensure(host_name), "module", {"CONFIG_STACKPROTECTOR": ""}, variant="unguarded",
                     goal="drivers/s390/kvm_css/main.o")
        said = "it was built"
    except LabError as error:
        said = str(error)
    report.check(name, "" if wanted in said else f"expected the build to stop with {wanted!r}, found: {said}")


def through_hook(report: Report, host_name: str) -> None:
    """A module for a KVM that has a hook calls that, and nothing with which it could take a function of KVM's over."""
    place = module.build(kernels.ensure(host_name), "module", CHECKED)
    said = proc.output([toolchain.cross_compile() + "nm", "-u", place / "drivers/s390/kvm_css/kvm_css.ko"])
    called = set(said.split()) - {"U"}
    wrong = sorted(name for name in called if re.search("ftrace|kprobe", name))
    if "kvm_s390_css_register" not in called:
        wrong.append("and not kvm_s390_css_register")
    report.check(f"module for {host_name}: comes through KVM's hook, without ftrace and kprobes",
                 f"it calls {', '.join(wrong)}" if wrong else "")


def documented(report: Report, host_name: str, what: str) -> None:
    """The device that adding-a-device.rst adds."""
    name = f"the device of {example.DOCUMENT.name}, {what} for {host_name}: builds, and W=1 and sparse are silent"
    host = kernels.ensure(host_name)
    place = module.farm(host, what, "example")
    said = ""
    try:
        for goal in EXAMPLE[what]:
            module.plant(place)
            example.write(place)
            said += warnings(module.build(host, what, CHECKED, variant="example", goal=goal) / "make.log")
    except LabError as error:
        said += str(error)
    report.check(name, said)


def run(report: Report, host_name: str) -> None:
    """All builds for one host."""
    if host_name != "uml":
        build(report, host_name, "module")
    if host_name in ("uml", "debug"):
        build(report, host_name, "kunit")
    if host_name == "debug":
        planted(report, host_name)
    if host_name == "uml":
        documented(report, host_name, "kunit")
    if host_name == "debian14":
        unguarded(report, host_name)
    if host_name == "hooked":
        through_hook(report, host_name)
    if host_name == "debian13":
        documented(report, host_name, "module")
