# SPDX-License-Identifier: GPL-2.0
"""The Debian packages: built, and installed, upgraded and purged in a root directory that is like a host of two kernels.

DKMS builds the module there as it does on a host, with the headers that the lab has. This machine's cross compiler does it,
and ccache remembers what it has compiled.
"""

import re
import shlex
import shutil
from pathlib import Path

import cache
import chroot
import debs
import kernels
import proc
import toolchain
from errors import LabError
from report import SKIPPED, Report

TREE = Path(__file__).resolve().parents[2]
SCRIPT = TREE / "tools/packages/install.sh"
NAMES = ("kvm-css-dkms", "kvm-css-tools", "libcss-user-dev")
# The kernel that runs, and the one whose headers come later
HOSTS = ("debian12", "debian13")
# What the root directory has before: what apt would fetch with the packages, the compiler, and openssl for signatures
NEEDED = ["ccache", "dkms", "kmod", "openssl", "xz-utils"]
LIBRARIES = ["libbz2-1.0", "libc6", "zlib1g"]
SIGNER = "our modules"
SECONDS = 1200
# What the administrator has made, in a directory of the packages
OWN = {"/etc/kvm-css", "/etc/kvm-css/guest"}
# What apt and dpkg keep about all packages together
KEPT = re.compile(r"/var/cache/(apt|debconf)/.*|/var/log/.*|/var/lib/apt/.*|/var/lib/dpkg/(?!info/).*")


def fields(said: str) -> dict[str, str]:
    """What modinfo says, but for what it says more than once."""
    found: dict[str, str] = {}
    for line in said.splitlines():
        name, colon, value = line.partition(":")
        if colon and re.fullmatch(r"\w+", name):
            found.setdefault(name, value.strip())
    return found


def unlike(module: dict[str, str], kvm: dict[str, str], kernel: str, release: str) -> str:
    """What is wrong with a module, which should be made for the same kernel as kvm; "" if nothing is."""
    wrong = []
    wanted = {"name": "kvm_css", "license": "GPL", "version": release, "signer": SIGNER,
              "vermagic": kvm.get("vermagic", "that of kvm")}
    for name, value in wanted.items():
        if module.get(name) != value:
            wrong.append(f"{name}: expected {value!r}, found {module.get(name)!r}")
    if not wanted["vermagic"].startswith(f"{kernel} "):
        wrong.append(f"vermagic of kvm: expected it to begin with {kernel}, found {wanted['vermagic']!r}")
    if "kvm" not in module.get("depends", "").split(","):
        wrong.append(f"depends: expected kvm among them, found {module.get('depends')!r}")
    place = f"/lib/modules/{kernel}/updates/dkms/kvm_css.ko"
    if not module.get("filename", "").startswith(place):
        wrong.append(f"filename: expected {place}, found {module.get('filename')!r}")
    return "\n".join(wrong)


def built(said: str) -> set[tuple[str, str]]:
    """Release and kernel of each module that DKMS says it has installed; all else it says of kvm-css is a fault."""
    found = set()
    for line in said.splitlines():
        known = re.fullmatch(r"kvm-css/([^,]+), ([^,]+), s390x: installed", line)
        found.add((known[1], known[2]) if known else (line, ""))
    return found


def installed(said: str) -> dict[str, str]:
    """The version of each of the project's packages that dpkg has installed, or else what it says of it."""
    lines = [line.split(" ") for line in said.splitlines()]
    return {name: version if status == "installed" else status for status, name, version in lines if name in NAMES}


def left(before: str, after: str) -> set[str]:
    """The files and directories that are there after what wasn't there before, and "-" and the name of those that are gone."""
    was, now = set(before.splitlines()), set(after.splitlines())
    return {name for name in now - was if not KEPT.fullmatch(name)} | {
        f"-{name}" for name in was - now if not KEPT.fullmatch(name)}


def difference(expected: object, found: object) -> str:
    """A complaint if the two aren't equal."""
    return "" if expected == found else f"expected {expected}, found {found}"


class Found:
    """What install.sh has found, in files of a directory; and why it ended, if that was too early."""

    def __init__(self, place: Path, ended: str):
        self.place = place
        self.ended = ended

    def text(self, name: str) -> str:
        path = self.place / name
        return path.read_text() if path.exists() else ""

    def check(self, report: Report, name: str, needs: str, *complaints: str) -> None:
        """Report a test, for which that file is needed."""
        if not (self.place / needs).exists():
            report.failed(name, self.ended or f"install.sh has ended without {needs}")
            return
        report.check(name, "\n".join(filter(None, complaints)))

    def module(self, report: Report, when: str, kernel: str, release: str) -> None:
        """Report what modinfo says of the module for a kernel."""
        needs = f"{when}-{kernel}-kvm"
        self.check(report, f"{when}: the module is signed, for {kernel}, and kvm_css {release}", needs,
                   unlike(fields(self.text(f"{needs}_css")), fields(self.text(needs)), kernel, release))


def install(place: Path, hosts: list[kernels.Host]) -> Found:
    """Have install.sh do its work with the packages."""
    cross = [] if toolchain.native() else ["gcc-s390x-linux-gnu"]
    root = chroot.archive("host", [*NEEDED, *cross, *chroot.s390x(*LIBRARIES)])
    found = TREE / "build/check/installed"
    shutil.rmtree(found, ignore_errors=True)
    found.mkdir(parents=True)
    compiled = cache.root() / "ccache"
    compiled.mkdir(exist_ok=True)
    variables: dict[str, str] = {}
    for host in hosts:
        variables.update(host.make_vars)
    variables["CC"] = f"ccache {variables['CC']}"
    binds = {"/packages": place, "/found": found, "/ccache": compiled,
             **{f"/hosts/{host.release}": host.kdir.parents[1] for host in hosts}}
    env = {"RUNNING": hosts[0].release, "LATER": hosts[1].release, "PREFIX": toolchain.cross_compile(),
           "VARIABLES": shlex.join(f"{name}={value}" for name, value in variables.items()),
           "EMULATOR": "" if toolchain.native() else "qemu-s390x"}
    try:
        chroot.run(root, SCRIPT, binds, log=found / "log", what="packages on a host", timeout=SECONDS, env=env)
    except LabError as error:
        return Found(found, str(error))
    return Found(found, "")


def tell(report: Report, found: Found, kernel: tuple[str, str], release: str, following: str) -> None:
    """Report what install.sh has found."""
    running, later = kernel
    found.check(report, f"apt installs them, and DKMS builds the module for {running}", "installed-dkms",
                difference(dict.fromkeys(NAMES, release), installed(found.text("installed-packages"))),
                difference({(release, running)}, built(found.text("installed-dkms"))))
    found.module(report, "installed", running, release)
    if not toolchain.native():
        found.check(report, "the installed cssctl says its version under qemu-user", "cssctl",
                    difference([f"cssctl {release}"], re.findall(r"^cssctl [^,]+", found.text("cssctl"))))
    both = {(release, running), (release, later)}
    found.check(report, f"DKMS builds the module for {later} when its headers come", "later-dkms",
                difference(both, built(found.text("later-dkms"))))
    found.module(report, "later", later, release)
    found.check(report, "DKMS builds nothing for a kernel that the module isn't for", "foreign-dkms",
                difference(both, built(found.text("foreign-dkms"))))
    found.check(report, f"apt upgrades them to {following}, and keeps what the administrator has changed", "upgraded-sources",
                difference(dict.fromkeys(NAMES, following), installed(found.text("upgraded-packages"))),
                difference({(following, later)}, built(found.text("upgraded-dkms"))),
                difference("# changed", found.text("upgraded-hook").strip()),
                difference([f"kvm-css-{following}"], re.findall(r"^kvm-css.*", found.text("upgraded-sources"), re.MULTILINE)))
    found.module(report, "upgraded", later, following)
    found.check(report, "apt purges them, and leaves the administrator's own file and nothing else", "after",
                difference({}, installed(found.text("purged-packages"))),
                difference(set(), built(found.text("purged-dkms"))),
                difference(sorted(OWN), sorted(left(found.text("before"), found.text("after")))))


def run(report: Report) -> None:
    """Build the packages, and what becomes of them on a host."""
    wrong = chroot.obstacle()
    if wrong:
        report.add("Debian packages", SKIPPED, wrong)
        return
    release, following = debs.release(), debs.next_release()
    place = debs.build(TREE / "build/check/debs", following)
    for name in NAMES:
        version = proc.output(["dpkg-deb", "-f", debs.named(place, name), "Version"]).strip()
        report.check(f"{name} is built", difference(release, version))
    report.check("lintian has nothing to say of the packages", (place / "lintian").read_text())
    hosts = [kernels.ensure(name) for name in HOSTS]
    tell(report, install(place, hosts), (hosts[0].release, hosts[1].release), release, following)
