# SPDX-License-Identifier: GPL-2.0
"""A real Linux under Debian's unmodified QEMU, as the guest of a host.

add() puts QEMU, a guest kernel, its initrd and a root disk into a payload, as its directory vm. On the host, a
payload's script drives guests by the shell functions of /lab/vm (tools/lab/init/vm).
"""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import dasdload
import guest
import guestimage
import hercules
import initrd
import kernels
import lent
import module
import own
import payload
import qemuroot
import stock
import tapeprograms
import terminalprograms
from errors import LabError
from kernels import Host

# The kernel of a guest: the lab's own small one, or a stock host's.
KERNELS = ("guest", *stock.RELEASES)
# What a stock kernel needs as modules, with what they need themselves;
# ext4 asks for its checksum by an alias, which the initrd has no index of.
MODULES = ("crc32c_generic", "dasd_fba_mod", "dasd_eckd_mod", "virtio_blk", "ext4", "loop", "tape_34xx")
# Hercules shows a guest facilities that KVM doesn't give it: a stock kernel would run into PTF, which is none of its
# instructions there.
COMMAND_LINE = " ".join((
    "console=ttysclp0 nokaslr cryptomgr.notests loop.max_loop=0",
    "initcall_blacklist=" + ",".join(("topology_init", *guest.NEEDLESS_INITCALLS)),
    "rcupdate.rcu_cpu_stall_timeout=120 rcupdate.rcu_cpu_stall_suppress_at_boot=1",
))
MEMORY = 1024
SECONDS = 900
SCRIPTS = Path(__file__).resolve().parent / "vm"
# Of tools/selftests/linux
SCENARIOS = ("disks", "many", "plug", "reboot", "debian")
# Those that take too long for `make check`
LONG_SCENARIOS = ("ipl",)
# Those that are for the drivers of stock kernels
STOCK_SCENARIOS = ("tape", "lent", "eckd", "stock", "terminal")


def add_qemu(host: Host, place: Path, qemu: str = qemuroot.DEFAULT) -> Path:
    """Make place/vm: all that this QEMU on this host needs, without any guest. Returns it."""
    vm = place / "vm"
    shutil.rmtree(vm, ignore_errors=True)
    vm.mkdir(parents=True)
    shutil.copytree(qemuroot.ensure(qemu), vm / "qemu", symlinks=True)
    for shim in ("esop", "mcic"):
        source = f"tools/lab/{shim}"
        shutil.copy(module.build(host, source) / source / f"{shim}.ko", vm)
    return vm


def add(host: Host, place: Path, kernel: str = "guest", image: bool = True, qemu: str = qemuroot.DEFAULT) -> Path:
    """Make place/vm: all that Linux guests on this host need. Returns it."""
    if kernel not in KERNELS:
        raise LabError(f"one of the guest kernels {', '.join(KERNELS)}", repr(kernel))
    vm = add_qemu(host, place, qemu)
    if kernel == "guest":
        shutil.copy(own.build("guest") / "image", vm / "kernel")
        make_initrd(vm / "initrd", None)
    else:
        stock_host = kernels.ensure(kernel)
        shutil.copy(stock_host.image, vm / "kernel")
        make_initrd(vm / "initrd", stock_host.modules)
    (vm / "cmdline").write_text(COMMAND_LINE)
    (vm / "memory").write_text("96M" if kernel == "guest" else "192M")
    if image:
        shutil.copy(guestimage.ensure(), vm / "root")
    return vm


def guest_host(kernel: str) -> Host:
    """A guest's kernel, to build modules for."""
    return kernels.own_kernel("guest") if kernel == "guest" else kernels.ensure(kernel)


def selftests(host: Host, kernel: str = "guest", name: str = "linux", image: bool = True,
              qemu: str = qemuroot.DEFAULT) -> Path:
    """A payload of that name with the selftests that have Linux guests: the module, cssctl, and tools/selftests/linux.

    Without image, its guests can only have an initrd.
    """
    place = payload.build(host, name)
    source = payload.TREE / "tools/selftests/linux"
    for name in ("host", "ipl-host"):
        shutil.copy(source / name, place)
    shutil.copy(payload.programs("tools/cssctl", "build/cssctl") / "cssctl", place)
    guest = place / "guest"
    guest.mkdir()
    for name in ("guest", "debian", "eckd", "ipl"):
        shutil.copy(source / name, guest)
    # These scenarios are for the drivers of stock kernels; of ours, only the tape driver is there.
    if kernel in stock.RELEASES:
        shutil.copy(source / "tape", guest)
        dasdload.make(place / "tracks.ckd")
        shutil.copy(source / "lent", guest)
        shutil.copy(tapeprograms.mt(), guest / "mt-st")
        shutil.copy(tapeprograms.css_tape(), place)
        shutil.copy(source / "terminal", guest)
        shutil.copy(terminalprograms.css_3270(), place)
        shutil.copytree(terminalprograms.s3270(), place / "s3270")
    for name in ("disk", "load"):
        shutil.copy(payload.programs("tools/selftests/linux", "build/linux") / name, guest)
    driver = "tools/selftests/linux/present"
    shutil.copy(module.build(guest_host(kernel), driver) / driver / "present.ko", guest)
    add(host, place, kernel, image, qemu)
    return place


def make_initrd(out: Path, modules_dir: Path | None, names: Iterable[str] = MODULES) -> None:
    """The guest's initrd without a script; vm_initrd on the host adds that."""
    with out.open("wb") as stream:
        cpio = initrd.Cpio(stream)
        for name in ("proc", "sys", "dev", "run", "root", "tmp", "sysroot", "bin", "sbin", "guest"):
            cpio.directory(name)
        cpio.device("dev/console", 5, 1)
        cpio.device("dev/null", 1, 3)
        cpio.data("bin/busybox", initrd.busybox().read_bytes(), 0o755)
        cpio.symlink("bin/sh", "busybox")
        cpio.data("init", (SCRIPTS / "init").read_bytes(), 0o755)
        for name in ("common", "run"):
            cpio.data(f"guest/{name}", (SCRIPTS / name).read_bytes())
        loaded: Iterable[str] = ()
        if modules_dir is not None:
            initrd.add_modules(cpio, modules_dir, usual=(), extra=names)
            loaded = names
        cpio.data("guest/modules", "".join(f"{name}\n" for name in loaded).encode())
        cpio.end()


def main(name: str, script: Path | None, kernel: str, root: str, qemu: list[str], results: Path | None,
         timeout: float) -> int:
    """`lab guest`: boot a host, QEMU on it and a guest in that, which runs a script; show its console."""
    host = kernels.ensure(name)
    place = payload.build(host, "guest")
    add(host, place, kernel, image=root == "disk")
    shutil.copy(SCRIPTS / "host", place)
    if script is not None:
        shutil.copy(script, place / "script")
    results = results or payload.TREE / "build" / host.name / "guest-results"
    done = hercules.boot(host, place, ["sh", "./host", *qemu], results, cpus=min(2, os.cpu_count() or 1),
                         memory=MEMORY, timeout=timeout, follow=True)
    print((results / "guest-console").read_text(errors="replace") if (results / "guest-console").exists()
          else (results / "output").read_text(errors="replace"))
    return done.status


def run_selftests(name: str, scenarios: Sequence[str], results: Path, timeout: float, kernel: str = "guest",
                  variables: Sequence[str] = (), qemu: str = qemuroot.DEFAULT) -> hercules.Result:
    """Boot a host and run scenarios of tools/selftests/linux there, each of which leaves linux-NAME.ktap in results.

    variables are NAME=VALUE for them; the head of tools/selftests/linux/host has the names.
    """
    host = kernels.ensure(name)
    shutil.rmtree(results, ignore_errors=True)
    place = selftests(host, kernel, "linux" if kernel == "guest" else f"linux-{kernel}", qemu=qemu)
    devices = lent.Devices(lent.beside(results))
    return hercules.boot(host, place, ["env", *variables, "sh", "./host", *scenarios], results,
                         cpus=min(2, os.cpu_count() or 1), memory=MEMORY, timeout=timeout, disks=devices.disks,
                         devices=devices.devices, told=devices.told, channel_reports=True, follow=True)


def selftests_main(name: str, scenarios: list[str], kernel: str, timeout: float, variables: list[str],
                   qemu: str) -> int:
    """`lab linux`: the selftests with Linux guests, on any host and with any guest kernel."""
    results = payload.TREE / "build" / name / "linux-results"
    scenarios = scenarios or [*SCENARIOS, *LONG_SCENARIOS]
    failed = run_selftests(name, scenarios, results, timeout, kernel, variables, qemu).status
    for scenario in scenarios:
        path = results / f"linux-{scenario}.ktap"
        text = path.read_text() if path.exists() else f"not ok: no report of {scenario}\n"
        print(text, end="")
        failed |= "not ok" in text
    return 1 if failed else 0
