# SPDX-License-Identifier: GPL-2.0
"""Debian packages of another release or architecture, without touching this machine's apt.

An Archive is a private apt state in the cache for one release and one architecture: its own
sources, lists and downloads. The mirror is the one that this machine's apt uses ($KVM_CSS_MIRROR overrides
it), and so is all other configuration (proxies and so on). Whatever is fetched is verified by apt itself,
down from the archive's signature by Debian's keyring.
"""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cache
import proc
from errors import LabError
from progress import say

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# An archive has two names: its code name, and what the release is at the moment.
ALIASES = ["stable", "oldstable", "oldoldstable"]
# The parts of a release: name, whether the lab can do without it.
POCKETS = {"": False, "-updates": True, "-security": True}
MAX_AGE_SECONDS = 24 * 3600


class Unavailable(LabError):
    """The mirror's index lists a package that the mirror doesn't have (yet, or any more)."""


@dataclass(frozen=True)
class Mirrors:
    """Base URIs of the archive and of the security archive."""
    main: str
    security: str


def mirrors() -> Mirrors:
    """The mirrors that this machine's apt is configured with, in whatever syntax."""
    override = os.environ.get("KVM_CSS_MIRROR")
    if override:
        base = override.rstrip("/")
        return Mirrors(base, os.environ.get("KVM_CSS_SECURITY_MIRROR", base + "-security"))
    main = security = ""
    for suite, uri in _debian_sources():
        if suite.endswith("-security") or "-security" in uri:
            security = security or uri
        else:
            main = main or uri
    if not main:
        raise LabError("a Debian mirror in this machine's apt configuration",
                       "none in `apt-get indextargets`",
                       "set KVM_CSS_MIRROR to the base URI of a Debian mirror")
    return Mirrors(main.rstrip("/"), (security or main.rstrip("/") + "-security").rstrip("/"))


def _debian_sources() -> list[tuple[str, str]]:
    """Suite and base URI of what this machine's apt is configured with, as far as it is Debian's.

    Where apt has fetched a Release file, that says whose archive it is; else only the URI can.
    """
    listing = ["apt-get", "indextargets", "Created-By: Packages", "--format"]
    known = proc.output([*listing, "$(RELEASE) $(REPO_URI) $(ORIGIN)"]).splitlines()
    found = [(line[0], line[1]) for line in map(str.split, known) if line[2:] == ["Debian"]]
    if not found:
        every = proc.output([*listing, "$(RELEASE) $(REPO_URI)", "--no-release-info"]).splitlines()
        found = [(line[0], line[1]) for line in map(str.split, every)
                 if line[1:] and re.search(r"/debian\b", line[1])]
    return found


def machine_arch() -> str:
    """The Debian architecture of this machine."""
    return proc.output(["dpkg", "--print-architecture"]).strip()


def _brief(problem: str) -> str:
    """What apt has said, in one progress line."""
    return re.sub(r"\S+://\S+/(\S)", r"\1", problem.split(" / ")[0]).split(" [IP")[0]


class Archive:
    """One release of Debian for one architecture."""

    def __init__(self, release: str, arch: str, extra_pockets: tuple[str, ...] = ()):
        self.release = release
        self.arch = arch
        self.pockets = {**POCKETS, **{name: True for name in extra_pockets}}
        self.dir = cache.root() / "apt" / f"{release}{''.join(extra_pockets)}-{arch}"
        self.config = self.dir / "apt.conf"
        self._env = {**os.environ, "APT_CONFIG": str(self.config), "LC_ALL": "C"}
        self._shown: dict[str, dict[str, str]] = {}

    # apt itself

    def _apt(self, *argv: str) -> str:
        return proc.output(argv, env=self._env)

    def _write_config(self) -> None:
        if not KEYRING.exists():
            raise LabError(f"Debian's keyring at {KEYRING}", "no such file",
                           "apt-get install debian-archive-keyring")
        for sub in ("lists/partial", "archives/partial", "sources", "state"):
            (self.dir / sub).mkdir(parents=True, exist_ok=True)
        (self.dir / "status").touch()
        self.config.write_text(f"""\
Dir::State "{self.dir}/state";
Dir::State::lists "{self.dir}/lists";
Dir::State::status "{self.dir}/status";
Dir::Cache "{self.dir}";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "{self.dir}/sources";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Log "{self.dir}";
APT::Architecture "{self.arch}";
APT::Architectures "{self.arch}";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::Languages "none";
Acquire::Retries "3";
DPkg::Post-Invoke {{}};
APT::Update::Post-Invoke {{}};
#clear DPkg::Post-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
""")

    def _use_suite(self, pocket: str, suite: str, base: str) -> str:
        """Try a pocket under one name of its suite; returns what was wrong, or ""."""
        source = self.dir / "sources" / f"release{pocket}.sources"
        source.write_text(f"Types: deb\nURIs: {base}\nSuites: {suite}{pocket}\nComponents: main\n"
                          f"Signed-By: {KEYRING}\n")
        # Fetch this source only: each of the others has its own call.
        done = subprocess.run(
            ["apt-get", "update", "-q", "-o", f"Dir::Etc::sourcelist={source}",
             "-o", "Dir::Etc::sourceparts=/dev/null", "-o", "APT::Get::List-Cleanup=false",
             "-o", "APT::Update::Error-Mode=any"],
            env=self._env, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=900, check=False)
        wrong = [line[3:] for line in done.stdout.splitlines() if line.startswith(("E: ", "W: "))]
        if done.returncode or any("ailed to fetch" in line for line in wrong):
            return " / ".join(wrong) or done.stdout.strip()
        found = self._apt("apt-get", "indextargets", "--format", "$(CODENAME) $(FILENAME)",
                          "-o", f"Dir::Etc::sourcelist={source}",
                          "-o", "Dir::Etc::sourceparts=/dev/null", "Created-By: Packages").split()
        if not found:
            return f"it has no packages for {self.arch}"
        if found[0] != self.release + pocket:
            return f"its code name is {found[0]}"
        return ""

    def update(self, force: bool = False) -> None:
        """Fetch the indexes, unless they are there and younger than a day."""
        stamp = self.dir / "updated"
        if stamp.exists() and (not force or time.time() - stamp.stat().st_mtime < MAX_AGE_SECONDS):
            return
        with cache.lock(f"apt-{self.release}-{self.arch}"):
            if stamp.exists() and time.time() - stamp.stat().st_mtime < MAX_AGE_SECONDS:
                return
            self._write_config()
            where = mirrors()
            for pocket, optional in self.pockets.items():
                base = where.security if pocket == "-security" else where.main
                self._update_pocket(pocket, base, optional)
            stamp.touch()

    def _update_pocket(self, pocket: str, base: str, optional: bool) -> None:
        name = f"{self.release}{pocket} ({self.arch})"
        say(f"apt index of {name}")
        problems: list[str] = []
        for suite in [self.release, *ALIASES]:
            wrong = self._use_suite(pocket, suite, base)
            if not wrong:
                if problems:
                    say(f"{name}: taken from the mirror as {suite}{pocket}, because {_brief(problems[0])}")
                return
            problems.append(f"{suite}{pocket}: {wrong}")
        (self.dir / "sources" / f"release{pocket}.sources").unlink()
        if not optional:
            raise LabError(f"the package index of Debian {name}, signed by Debian",
                           "\n  ".join(problems),
                           "look at this machine's apt configuration, or set KVM_CSS_MIRROR")
        say(f"{name}: not to be had, going on without it; {_brief(problems[0])}")

    # questions

    def show(self, package: str) -> dict[str, str]:
        """The control fields of the candidate version of a package; {} if there is none."""
        self.update()
        if package not in self._shown:
            found = subprocess.run(
                ["apt-cache", "show", "--no-all-versions", package], env=self._env, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
            if found.returncode and "No packages found" not in found.stderr:
                raise LabError(f"apt-cache to show {package}", found.stderr.strip())
            fields = re.findall(r"^([A-Za-z0-9-]+): (.*)$", found.stdout, re.MULTILINE)
            self._shown[package] = dict(fields)
        return self._shown[package]

    def names(self, pattern: str) -> list[str]:
        """The packages whose whole name matches a regular expression."""
        self.update()
        return [name for name in self._apt("apt-cache", "pkgnames").split()
                if re.fullmatch(pattern, name)]

    def version(self, package: str) -> str:
        """The candidate version of a package."""
        fields = self.show(package)
        if not fields:
            raise LabError(f"package {package} in Debian {self.release} for {self.arch}", "none",
                           "is the mirror complete?")
        return fields["Version"]

    def resolve(self, meta: str) -> str:
        """The real, versioned package behind a metapackage like linux-image-s390x."""
        self.version(meta)
        stem = meta.removesuffix("-" + self.arch)
        for name in re.findall(r"[a-z0-9][a-z0-9.+-]+", self.show(meta).get("Depends", "")):
            if name.startswith(stem + "-") and name != meta:
                return name
        raise LabError(f"{meta} to depend on a versioned {stem}-...",
                       f"Depends: {self.show(meta).get('Depends')}")

    def versions(self, package: str) -> list[str]:
        """This versioned package and its older sisters (linux-image-6.1.0-50, -49, ...), the newest first."""
        def numbers(name: str) -> list[int]:
            return [int(number) for number in re.findall(r"\d+", name)]
        sisters = self.names(re.sub(r"\d+", r"\\d+", re.escape(package)))
        return sorted((name for name in sisters if numbers(name) <= numbers(package)), key=numbers, reverse=True)

    # files

    def download(self, names: list[str], target: Path) -> list[Path]:
        """Fetch packages into a directory; apt checks each against the signed index."""
        self.update()
        target.mkdir(parents=True, exist_ok=True)
        label = names[0] + (f" and {len(names) - 1} more" if names[1:] else "")
        say(f"downloading {label} ({self.release}, {self.arch})")
        try:
            proc.run(["apt-get", "download", "-q", *names], cwd=target, env=self._env,
                     timeout=1800, what=f"download of {label}")
        except LabError as error:
            if "404 " in str(error):
                raise Unavailable(*error.args) from None
            raise
        found = sorted(target.glob("*.deb"))
        if len(found) != len(set(names)):
            raise LabError(f"{len(set(names))} packages downloaded", f"{len(found)} in {target}")
        return found

    def extract(self, names: list[str], target: Path) -> None:
        """Fetch packages and unpack them into a directory; the packages themselves are not kept."""
        self.update()
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.dir, prefix="download-") as scratch:
            for path in self.download(names, Path(scratch)):
                proc.run(["dpkg-deb", "-x", path, target], timeout=900, what=f"unpacking {path.name}")

    def closure(self, names: list[str]) -> list[str]:
        """The packages and all that they depend on, down to libc."""
        return self.installed_with(names)

    def installed_with(self, packages: Sequence[str | Path]) -> list[str]:
        """What apt would install on a machine that has nothing, to install packages: names, or files of packages."""
        return sorted(self.plan(packages))

    def plan(self, packages: Sequence[str | Path], pocket: str = "") -> dict[str, str]:
        """The same with the version of each; what an extra pocket has is taken from there."""
        self.update()
        target = ["-t", self.release + pocket] if pocket else []
        plan = self._apt("apt-get", "-s", "-q", *target, "install", *map(str, packages))
        return dict(re.findall(r"^Inst (\S+?)(?::\S+)? \((\S+) ", plan, re.MULTILINE))


def resolve(release: str, meta: str, arch: str = "s390x") -> str:
    """The versioned package behind a metapackage."""
    return Archive(release, arch).resolve(meta)


def extract(release: str, names: list[str], target: Path, arch: str = "s390x") -> None:
    """Fetch and unpack packages."""
    Archive(release, arch).extract(names, target)


def closure(release: str, names: list[str], target: Path, arch: str = "s390x") -> None:
    """Fetch packages with all that they depend on, and unpack them into a root directory."""
    archive = Archive(release, arch)
    archive.extract(archive.closure(names), target)
