# SPDX-License-Identifier: GPL-2.0
"""The host that demo, bench and perf run on: one boot for as many of them as are asked for."""

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ckd
import eckddisks
import guestdisks
import hercules
import insn
import kernels
import linuxguest
import payload
import perfroot
import tapeprograms
import toolchain
import vfioccw
from errors import LabError

HERE = Path(__file__).resolve().parent
TREE = HERE.parents[1]
SECONDS = 2400
# MB: the bench alone; perf and its libraries are in the initrd, and what it records is in memory too.
MEMORY, PERF_MEMORY = 512, 1536


@dataclass(frozen=True)
class Amount:
    """How much a tool measures: rounds of each path in a pass, and passes."""
    rounds: int
    passes: int


# In the order in which they run: demo shows what bench and disks have measured. Of the disks, only how long each is
# measured can be chosen; with eckd also how often.
TOOLS = {"bench": Amount(1000, 10), "perf": Amount(300, 1), "flame": Amount(20000, 1), "disks": Amount(0, 0),
         "eckd": Amount(0, 5), "demo": Amount(300, 4), "lent": Amount(300, 10)}
# Those that start a Linux guest, and those that start perf.
WITH_LINUX = ("demo", "disks", "eckd")
WITH_PERF = ("perf", "flame")
# Enough to see that a tool works, and not enough for its figures to mean anything.
SHORT_TOOLS = {tool: Amount(16, 1) for tool in TOOLS}
# perf has to take some samples meanwhile.
SHORT_TOOLS["flame"] = Amount(400, 1)
# A Linux guest measures each kind of request for so long.
GUEST_MS, SHORT_GUEST_MS = 1500, 10
# linux.sh knows this size, too: 4 MB for each of their files, and something for the file system.
EXT4_SIZE, EXT4_BLOCK = 96 << 20, 4096
# The host's own DASDs that are disks of a Linux guest; linux.sh knows their number and size.
FIRST_DASD, DASD_BLOCKS = 0x0400, 8192
# The disk that the host lends, of as many blocks
LENT_DISK = 0x0120


def make_payload(host: kernels.Host, tools: Mapping[str, Amount]) -> Path:
    """The directory that the tools run from on the host."""
    if with_linux(tools):
        place = linuxguest.selftests(host, name="bench-payload", image=False)
        add_filesystem(place)
    else:
        place = payload.build(host, "bench-payload")
        if "bench" in tools:
            linuxguest.add_qemu(host, place)
    programs = payload.programs("tools/bench", "build/bench/bin")
    names = ("bench", "bench.elf", "cases", "demo", "insn", "lent", "watch")
    if "demo" in tools:
        shutil.copy(tapeprograms.css_tape(), place)
        shutil.copy(HERE / "backup", place)
    if "lent" in tools:
        for built in vfioccw.build(host):
            shutil.copy(built, place)
    if "eckd" in tools:
        ckd.formatted(place / "formatted.ckd", eckddisks.CYLINDERS)
    for path in (*(programs / name for name in names), *HERE.glob("*.list"), *HERE.glob("*.sh"), *(TREE / "tools/perf").glob("*.sh")):
        shutil.copy(path, place)
    if with_perf(tools):
        shutil.copytree(perfroot.ensure(), place / "perfroot", symlinks=True)
    return place


def with_linux(tools: Mapping[str, Amount]) -> bool:
    """Whether one of the tools starts a Linux guest."""
    return any(tool in tools for tool in WITH_LINUX)


def with_perf(tools: Mapping[str, Amount]) -> bool:
    """Whether one of the tools starts perf."""
    return any(tool in tools for tool in WITH_PERF)


def add_filesystem(place: Path) -> None:
    """An empty ext4, of which only the blocks that aren't zeros go to the host: ext4.index says where they belong."""
    image = place / "ext4.img"
    with image.open("wb") as stream:
        stream.truncate(EXT4_SIZE)
    toolchain.run_sbin(["mkfs.ext4", "-q", "-F", "-b", str(EXT4_BLOCK), "-J", "size=4",
                        "-E", "root_owner=0:0,lazy_itable_init=0", image], what="mkfs.ext4")
    content = image.read_bytes()
    image.unlink()
    blocks = {at // EXT4_BLOCK: content[at:at + EXT4_BLOCK] for at in range(0, EXT4_SIZE, EXT4_BLOCK)
              if any(content[at:at + EXT4_BLOCK])}
    (place / "ext4.index").write_text("".join(f"{number}\n" for number in blocks))
    (place / "ext4.blocks").write_bytes(b"".join(blocks.values()))


def memory(tools: Mapping[str, Amount]) -> int:
    """MB of the host."""
    return max(MEMORY, linuxguest.MEMORY if with_linux(tools) else 0, PERF_MEMORY if with_perf(tools) else 0)


def host_disks(tools: Mapping[str, Amount], directory: Path) -> list[hercules.DiskSpec]:
    """The host's own DASDs, with their files in a directory."""
    dasds = [hercules.DiskSpec(FIRST_DASD + number, "3370", directory / str(number), DASD_BLOCKS)
             for number in range(guestdisks.dasds() if "disks" in tools else 0)]
    if "eckd" in tools:
        image = ckd.formatted(directory / "3390", eckddisks.CYLINDERS)
        dasds.append(hercules.DiskSpec(eckddisks.HOST_DISK, "3390", image))
    if "lent" in tools:
        dasds.append(hercules.DiskSpec(LENT_DISK, "3370", directory / "lent", DASD_BLOCKS))
    return dasds


def run(tools: Mapping[str, Amount], host_name: str, results: Path, guest_ms: int, depths: Sequence[int]) -> None:
    """Boot the host and run the tools there, one after the other; each leaves a directory of its name in results."""
    toolchain.ensure()
    host = kernels.ensure(host_name)
    shutil.rmtree(results, ignore_errors=True)
    command = ["env", f"GUEST_MS={guest_ms}", f"GUEST_DEPTHS={','.join(map(str, depths))}",
               f"GUEST_KINDS={','.join(guestdisks.KINDS)}", f"ECKD_KINDS={','.join(eckddisks.KINDS)}",
               f"LENT_DISK=0.0.{LENT_DISK:04x}", "/payload/host.sh"]
    for name, amount in tools.items():
        command += [name, str(amount.rounds), str(amount.passes)]
    with tempfile.TemporaryDirectory(prefix="kvm-css-bench-") as name:
        booted = hercules.boot(host, make_payload(host, tools), command, results, cpus=min(2, os.cpu_count() or 1),
                               memory=memory(tools), timeout=SECONDS, disks=host_disks(tools, Path(name)), told=insn.TOLD,
                               modules=vfioccw.NEEDED if "lent" in tools else ())
    if booted.status:
        raise LabError(f"{', '.join(tools)} on {host_name}: expected exit status 0",
                       f"{booted.status}; it said:\n{(results / 'output').read_text(errors='replace')}",
                       f"look at {results}")
