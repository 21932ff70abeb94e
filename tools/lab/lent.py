# SPDX-License-Identifier: GPL-2.0
"""The devices that a host has beside its own ones, to lend them to guests: two disks, a printer, a card reader and a
tape drive of the emulator's.

Whoever boots the host makes Devices in a directory, gives hercules.boot() what they are, and finds the files there
afterwards. While the host runs, a payload that prints one of the lines in `told` to $PROGRESS has Hercules detach
a device, attach it again, or load another file.
"""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import ckd
import hercules
import kernels
import payload
from guest import DeviceSpec, DiskSpec

# Device numbers. The selftests and the scenarios know them, too.
FBA, ECKD, TAPE, READER, PRINTER = 0x0120, 0x0121, 0x0122, 0x000C, 0x000E
# 4 MiB, and 8.4 MiB when it has been formatted with blocks of 4 KiB
FBA_BLOCKS, ECKD_CYLINDERS = 8192, 12
# The kernel that checks itself waits long for grace periods, and much of what the selftests do needs some.
CMDLINE = {"debug": "rcupdate.rcu_expedited=1"}
# Tells the selftests which disks they may overwrite, and that these can be detached
DISKS = (f"PASSTHROUGH_DISK=0.0.{FBA:04x}", f"PASSTHROUGH_ECKD=0.0.{ECKD:04x}", "PASSTHROUGH_EMULATOR=1")
CARD = 80
# What the cards say; of the second pile, which is put into the reader when the first one has been read, as well
CARDS = (("kvm-css card 1", "kvm-css card 2", "kvm-css card 3"), ("kvm-css card 4",))
# What "unitrecord" prints
LINES = ("kvm-css line 1", "kvm-css line 2", "kvm-css line 3 of three areas")


def beside(results: Path) -> Path:
    """Where the files of a boot with these results are."""
    return results.with_name(results.name + "-devices")


def cards(pile: int) -> bytes:
    """The file with a pile of cards, 80 columns each, in EBCDIC."""
    return b"".join(text.ljust(CARD).encode("cp037") for text in CARDS[pile])


class Devices:
    """The devices with their files, which are in a directory that is made empty here."""

    def __init__(self, directory: Path):
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        self.directory = directory
        piles = [directory / f"cards{pile}" for pile in range(len(CARDS))]
        for pile, file in enumerate(piles):
            file.write_bytes(cards(pile))
        reader = DeviceSpec(READER, "3505", tuple(piles), ("ebcdic",))
        self.disks = [DiskSpec(FBA, "3370", directory / "fba", FBA_BLOCKS),
                      DiskSpec(ECKD, "3390", directory / "eckd", ECKD_CYLINDERS)]
        self.devices = [DeviceSpec(TAPE, "3480", (directory / "tape.aws",)),
                        reader,
                        DeviceSpec(PRINTER, "1403", (directory / "printed",), ("crlf", "noclear"))]
        self.told = {"hercules: cards": hercules.inserting(reader, 1)}
        specs: list[DiskSpec | DeviceSpec] = [*self.disks, *self.devices]
        for spec in specs:
            self.told[f"hercules: detach {spec.device:04x}"] = hercules.detaching(spec)
            self.told[f"hercules: attach {spec.device:04x}"] = hercules.attaching(spec)


def printed(directory: Path) -> str:
    """What is wrong with the printer's file after "unitrecord", or ""."""
    lines = [line.strip() for line in (directory / "printed").read_text(errors="replace").splitlines()]
    found = [line for line in lines if line]
    return "" if found == list(LINES) else f"expected {list(LINES)}, found {found}"


def images_differ(directory: Path, results: Path) -> str:
    """Compare the disks' images with the sums that a guest has left in results; what is wrong with them, or ""."""
    # Linux has its first partition behind the two tracks with the volume label and the table of contents.
    images = {"eckd": b"".join(ckd.records(directory / "eckd", first=2)), "fba": (directory / "fba").read_bytes()}
    wrong = []
    for name, content in images.items():
        path = results / f"linux-lent-{name}"
        expected = path.read_text().strip() if path.exists() else "the guest's sum"
        found = hashlib.sha256(content).hexdigest()
        if found != expected:
            wrong.append(f"{name}: expected {expected}, found {found}")
    return "\n".join(wrong)


def run_selftests(host: kernels.Host, runs: list[str], results: Path, *, variables: Sequence[str] = (), cpus: int = 2,
                  timeout: float = 900, follow: bool = False) -> hercules.Result:
    """Boot a host with these devices and run the selftests, all or those that are named.

    variables are NAME=VALUE for them; the head of tools/selftests/run has the names.
    """
    shutil.rmtree(results, ignore_errors=True)
    devices = Devices(beside(results))
    return hercules.boot(host, payload.selftests(host), ["env", *DISKS, *variables, "/payload/run", *runs], results,
                         cpus=cpus, memory=512, timeout=timeout, cmdline=CMDLINE.get(host.name, ""),
                         disks=devices.disks, devices=devices.devices, told=devices.told, channel_reports=True, follow=follow)


def selftests_main(name: str, runs: list[str], timeout: float, variables: list[str]) -> int:
    """`lab selftests`: the selftests of small guests, on any host."""
    host = kernels.ensure(name)
    results = payload.TREE / "build" / name / "selftests-results"
    status = run_selftests(host, runs, results, variables=variables, timeout=timeout).status
    for path in sorted(results.glob("*.ktap")):
        print(f"# {path.stem}\n{path.read_text(errors='replace')}", end="")
    if not runs or "unitrecord" in runs:
        wrong = printed(beside(results))
        print(f"# the printer\n{wrong or 'ok'}")
        return 1 if wrong else status
    return status
