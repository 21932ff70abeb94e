# SPDX-License-Identifier: GPL-2.0
"""Builds external modules of this tree against a host of the lab.

kbuild writes its output beside the sources. So that builds for several kernels don't meet there, each gets
a farm: build/HOST/WHAT, a directory tree like the source tree's, with a link for every source.
"""

import contextlib
import fcntl
import os
from pathlib import Path
from typing import Iterator, Mapping

import cache
import proc
import toolchain
from errors import LabError
from kernels import Host
from progress import say

TREE = Path(__file__).resolve().parents[2]
ROOMS = ("drivers", "include", "kunit", "tools")
# What can be built: where its Kbuild is, and the arguments of make for it.
GOALS: dict[str, tuple[str, dict[str, str]]] = {
    "module": ("", {}),
    "kunit": ("", {"KVM_CSS_KUNIT": "m"}),
}
BUILD_SECONDS = 900
# For every build: all warnings, and none may be left. So what was built is what a check with warnings builds, which
# then has nothing to compile again, and no object can be there whose warning nobody has read.
# W=1 would have each source's comments read again for every host; the job style does that once.
STRICT = {"W": "1", "KCFLAGS": "-Werror", "cmd_checkdoc": ":"}
# What was compiled before from the same text, for the same kernel by the same compiler, isn't compiled again, also if
# that was in another checkout. For this, make is told the same path in every checkout: that of a link in the cache.
CCACHE_SIZE = "3G"
# How many checkouts may build the same for the same host at once and each have such a path
LINKS = 8


def farm(host: Host, what: str, variant: str = "") -> Path:
    """Where `what` is built for a host; a variant, built with other flags, has a place of its own."""
    return TREE / "build" / host.name / "-".join(filter(None, (what.replace("/", "-"), variant)))


def build(host: Host, what: str = "module", make_vars: Mapping[str, str] | None = None,
          variant: str = "", goal: str = "modules") -> Path:
    """Build and return the farm; the modules lie in it as their sources lie in the tree.

    what is "module", "kunit", or a directory of the tree that has a Kbuild of its own. make_vars is for make,
    beside the host's, like {"W": "1"}; goal is all modules, or one object file. What make said is in make.log there.
    """
    place = farm(host, what, variant)
    directory, variables = GOALS.get(what, (what, {}))
    if not (TREE / directory / "Kbuild").exists():
        raise LabError(f"something to build: {', '.join(GOALS)} or a directory with a Kbuild", what)
    with cache.lock(place.name, place.parent):
        _clear_other_kernel(host, place)
        plant(place)
        say(f"building {what} for {host.name} ({host.release})")
        # Counters are kept under the path of the object, and coverage.py has to find those of this checkout.
        with contextlib.nullcontext(place) if "KVM_CSS_GCOV" in (make_vars or {}) else _linked(place) as link:
            proc.run(make_command(host, link / directory, {**variables, **(make_vars or {})}, goal), env=_remembering(),
                     log=place / "make.log", timeout=BUILD_SECONDS, what=f"{what} for {host.name}")
    return place


def _clear_other_kernel(host: Host, place: Path) -> None:
    """A farm is for one kernel: what was built for an earlier kernel of the host is removed."""
    note = place / "built-for"
    now = f"{host.release} {host.kdir} {host.make_vars}"
    if note.exists() and note.read_text() != now:
        for directory, _, files in os.walk(place):
            for path in (Path(directory, name) for name in files):
                if not path.is_symlink() and not _source(path.name):
                    path.unlink()
    place.mkdir(parents=True, exist_ok=True)
    note.write_text(now)


def make_command(host: Host, directory: Path, variables: Mapping[str, str], goal: str = "modules") -> list[str]:
    """The make that builds the external modules of a directory, or one file of theirs."""
    every = {**host.make_vars, **STRICT, **variables}
    every["CC"] = "ccache " + every.get("CC", toolchain.cc() if every["ARCH"] == "s390" else "gcc")
    return ["make", "-C", str(host.kdir), f"M={directory}", f"-j{os.cpu_count()}",
            *(f"{name}={value}" for name, value in every.items()), goal]


@contextlib.contextmanager
def _linked(place: Path) -> Iterator[Path]:
    """A path of a farm that doesn't say which checkout it is in, as long as the block lasts."""
    links = cache.root() / "farms"
    links.mkdir(exist_ok=True)
    for number in range(LINKS):
        link = links / f"{place.parent.name}-{place.name}-{number}"
        with link.with_suffix(".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            link.unlink(missing_ok=True)
            link.symlink_to(place)
            yield link
            return
    yield place


def _remembering() -> dict[str, str]:
    """The environment in which ccache keeps what it has in the lab's cache, for every checkout."""
    return {"CCACHE_DIR": str(cache.root() / "ccache"), "CCACHE_NOHASHDIR": "1", "CCACHE_MAXSIZE": CCACHE_SIZE,
            "CCACHE_COMPILERCHECK": "content"}


def plant(place: Path) -> None:
    """Make every source of the tree a link in the farm, and remove links to sources that are gone.

    What already is in the farm stays: also a changed copy that somebody put in a link's place.
    """
    wanted = {Path("Kbuild")}
    for room in ROOMS:
        for directory, _, files in os.walk(TREE / room):
            wanted.update(Path(directory, name).relative_to(TREE) for name in files if _source(name))
    for relative in sorted(wanted):
        link, target = place / relative, TREE / relative
        if not os.path.lexists(link):
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(os.path.relpath(target, link.parent))
    for directory, _, files in os.walk(place):
        for name in files:
            path = Path(directory, name)
            if path.is_symlink() and not path.exists():
                path.unlink()


def _source(name: str) -> bool:
    return (name in ("Kbuild", "Makefile")
            or name.endswith((".c", ".h", ".S", ".mk", ".lds", ".sh")) and not name.endswith(".mod.c"))
