#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Tests of a disk image that others use too: its locks, which are QEMU's, and whom cssctl names as its user."""

import errno
import fcntl
import os
import re
import struct
import unittest
from pathlib import Path
from typing import Any

from case import FAILED, Arg, Case, build
from real_qemu import Qemu

# The bytes of QEMU's block/file-posix.c: for what a user needs, and for what it doesn't share.
READ, WRITE, RESIZE = 100, 101, 103
NOT_SHARED = 100


def setUpModule() -> None:  # noqa: N802
    build()


def lock(kind: int, byte: int) -> bytes:
    return struct.pack("hhqqi4x", kind, os.SEEK_SET, byte, 1, 0)


class LockCase(Case):
    """Locks of a disk. The fake kernel keeps the open file, as the module does."""

    def setUp(self) -> None:
        super().setUp()
        self.it("attach")
        self.file = os.open(self.backing, os.O_RDWR | os.O_CLOEXEC)
        self.addCleanup(os.close, self.file)

    def held(self) -> set[int]:
        """Which of the bytes others have locked."""
        found = set()
        for byte in range(300):
            kind = struct.unpack("hhqqi4x", fcntl.fcntl(self.file, fcntl.F_OFD_GETLK, lock(fcntl.F_WRLCK, byte)))[0]
            if kind != fcntl.F_UNLCK:
                found.add(byte)
        return found

    def take(self, *held: int) -> None:
        for byte in held:
            fcntl.fcntl(self.file, fcntl.F_OFD_SETLK, lock(fcntl.F_RDLCK, byte))

    def let_go(self) -> None:
        fcntl.fcntl(self.file, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_UNLCK, os.SEEK_SET, 0, 0, 0))

    def add(self, *args: Arg, **more: Any) -> str:
        return self.it("add", "--backing", self.backing, *args, **more).split(":")[0]

    def gone(self, sid: str) -> None:
        """Remove the disk, after which nothing may be locked."""
        self.it("remove", "--id", sid)
        for _ in range(500):
            if not self.held():
                return
        self.assertEqual(self.held(), set())


class AccessTime(Case):
    """Whose access time a guest's READ doesn't update."""

    def opened(self) -> list[int]:
        """The flags with which others have opened the backing; the fake kernel keeps the open file, as the module does."""
        found = []
        for link in Path("/proc").glob("[0-9]*/fd/*"):
            try:
                if link.parts[2] != str(os.getpid()) and link.readlink() == self.backing:
                    said = (link.parents[1] / "fdinfo" / link.name).read_text()
                    found += [int(flags, 8) for flags in re.findall(r"^flags:\s+(\d+)$", said, re.MULTILINE)]
            except OSError:     # it has been closed meanwhile
                pass
        return found

    def test_owner(self) -> None:
        self.attach()
        for args in ((), ("--readonly",)):
            sid = self.it("add", "--backing", self.backing, *args).split(":")[0]
            self.assertEqual([bool(flags & os.O_NOATIME) for flags in self.opened()], [True])
            self.it("remove", "--id", sid)
            for _ in range(500):
                if not self.opened():
                    break

    @unittest.skipIf(os.geteuid(), "needs root, to be somebody else")
    def test_not_owner(self) -> None:
        """Who may not have O_NOATIME gets the file without it."""
        nobody = self.let_nobody()
        self.backing.chmod(0o666)
        vm = self.make_vm("kvm-vm-nobody")
        vm.chmod(0o666)
        process, _ = self.started_program("sh", "-c", 'exec 3<>"$0"; echo; exec cat', vm, **nobody)
        self.run_it("attach", "--pid", process.pid, **nobody)
        self.run_it("add", "--pid", process.pid, "--backing", self.backing, **nobody)
        self.assertEqual([bool(flags & os.O_NOATIME) for flags in self.opened()], [False])


class Locks(LockCase):
    """Adding a disk while somebody else has locks."""

    def test_bytes(self) -> None:
        for args, held in (((), {READ, WRITE, NOT_SHARED + WRITE, NOT_SHARED + RESIZE}),
                           (("--share",), {READ, WRITE, NOT_SHARED + RESIZE}),
                           (("--readonly",), {READ, NOT_SHARED + WRITE, NOT_SHARED + RESIZE}),
                           (("--readonly", "--share"), {READ, NOT_SHARED + RESIZE})):
            sid = self.add(*args)
            self.assertEqual(self.held(), held, args)
            self.gone(sid)

    def test_table(self) -> None:
        """Each row is a combination of users, which must end as for two QEMUs."""
        kinds = {"": ((), {READ, WRITE, NOT_SHARED + WRITE}), "share": (("--share",), {READ, WRITE}),
                 "readonly": (("--readonly",), {READ, NOT_SHARED + WRITE}),
                 "readonly, share": (("--readonly", "--share"), {READ})}
        # A user who only reads, and lets others write, is in nobody's way.
        together = {("readonly", "readonly"), ("share", "share"), *((one, "readonly, share") for one in kinds)}
        for one, (_, held) in kinds.items():
            for other, (args, _) in kinds.items():
                with self.subTest(there=one, comes=other):
                    self.take(*held)
                    if (one, other) in together or (other, one) in together:
                        sid = self.add(*args)
                        self.let_go()
                        self.gone(sid)
                    else:
                        self.add(*args, status=FAILED)
                        self.let_go()
                    self.assertEqual(self.held(), set())

    def test_others_that_resize(self) -> None:
        self.take(RESIZE)
        for args in ((), ("--share",), ("--readonly",)):
            said = self.refused(FAILED, "add", "--pid", self.pid, "--backing", self.backing, *args)
            self.assertIn("may change its size", said)

    def test_write_lock(self) -> None:
        fcntl.fcntl(self.file, fcntl.F_OFD_SETLK, lock(fcntl.F_WRLCK, READ))
        self.assertIn("has locked it", self.refused(FAILED, "add", "--pid", self.pid, "--backing", self.backing))

    def test_two_of_us(self) -> None:
        self.add()
        other = self.hold(self.make_vm("kvm-vm-other"))
        self.run_it("attach", "--pid", other.pid)
        for args, does in (((), "lets nobody else write"), (("--readonly",), "writes"),
                           (("--share",), "lets nobody else write")):
            said = self.refused(FAILED, "add", "--pid", other.pid, "--backing", self.backing, *args)
            self.assertIn(f"disk 0.3.0000 of the VM of process {self.pid}, python3, {does} to it", said)
        self.run_it("add", "--pid", other.pid, "--backing", self.backing, "--readonly", "--share")

    def test_says_which_process(self) -> None:
        self.take(WRITE, NOT_SHARED + WRITE)
        said = self.refused(FAILED, "add", "--pid", self.pid, "--backing", self.backing)
        self.assertIn(f"found that process {os.getpid()}, python3, lets nobody else write to it", said)
        self.let_go()
        self.take(WRITE)
        said = self.refused(FAILED, "add", "--pid", self.pid, "--backing", self.backing, "--readonly")
        self.assertIn(f"process {os.getpid()}, python3, writes to it; --share is for", said)

    def test_refused_keeps_nothing(self) -> None:
        self.refused(FAILED, "add", "--pid", self.pid, "--backing", self.backing, fail=f"add={errno.ENOMEM}")
        self.assertEqual(self.held(), set())

    def test_file_system_without_locks(self) -> None:
        for error in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS):
            fail = f"lock={error}"
            said = self.refused(FAILED, "add", "--pid", self.pid, "--backing", self.backing, fail=fail)
            self.assertIn(f"found: {os.strerror(error)}; where locks can't be had, --share says", said)
            done = self.run_it("add", "--pid", self.pid, "--backing", self.backing, "--share", fail=fail)
            self.assertIn(f"cssctl: note: {self.backing} isn't locked: {os.strerror(error)}\n", done.stderr.decode())

    def test_apply(self) -> None:
        config = self.dir / "conf"
        config.write_text(f"add --backing {self.backing} --share\nadd --backing {self.backing}\n")
        done = self.run_it("apply", "--pid", self.pid, config, status=FAILED)
        self.assertRegex(done.stderr.decode(), r"conf:2: expected .* disk 0\.3\.0000 of .* writes to it")


class Claim(Case):
    """Tests with a block device of this machine, for which the kernel works as on s390x."""

    def setUp(self) -> None:
        super().setUp()
        self.it("attach")

    def test_claimed(self) -> None:
        device = next((path for path in sorted(Path("/dev").glob("*")) if path.is_block_device() and
                       os.access(path, os.R_OK)), None)
        if not device:
            self.skipTest("no block device that may be opened")
        said = self.refused(FAILED, "add", "--pid", self.pid, "--backing", device, "--readonly",
                            fail=f"claim={errno.EBUSY}")
        self.assertIn("--share claims nothing", said)


class BesideQemu(LockCase):
    """Tests with a real QEMU, which refuses what cssctl has and the other way round."""

    def disk(self, *options: str) -> str:
        return ",".join(["if=none", "id=disk", "format=raw", f"file={self.backing}", *options])

    def start(self, drive: str, device: str = "") -> Qemu:
        return Qemu(self, self.dir, "-drive", drive, "-device", f"virtio-blk-ccw,drive=disk{device}").wait()

    def test_qemu_first(self) -> None:
        share = ",share-rw=on"
        for drive, device, refused, accepted in (
                ((), "", ((), ("--share",), ("--readonly",)), ()),
                (("cache=none",), "", ((), ("--share",)), ()),
                (("cache=writethrough",), share, ((), ("--readonly",)), (("--share",), ("--readonly", "--share"))),
                (("readonly=on",), "", ((), ("--share",)), (("--readonly",),))):
            qemu = self.start(self.disk(*drive), device)
            with self.subTest(drive=drive, device=device):
                for args in refused:
                    said = self.refused(FAILED, "add", "--pid", self.pid, "--backing", self.backing, *args)
                    self.assertRegex(said, rf"found that process {qemu.pid}, qemu-system-s39, "
                                           r"(lets nobody else write|writes) to it")
                for options in accepted:
                    sid = self.add(*options)
                    self.it("remove", "--id", sid)
            qemu.end()

    def test_we_first(self) -> None:
        qemu = Qemu(self, self.dir).wait()
        self.add()
        for drive, device, said in ((self.disk(), "", 'Failed to get "write" lock'),
                                    (self.disk("readonly=on"), "", 'Failed to get shared "write" lock'),
                                    (self.disk(), ",share-rw=on", 'Failed to get "write" lock')):
            qemu.hmp(f"drive_add 0 {drive}")
            self.assertIn(said, qemu.hmp(f"device_add virtio-blk-ccw,drive=disk{device}"))
            qemu.hmp("drive_del disk")
        with self.assertRaisesRegex(RuntimeError, 'Failed to get "write" lock'):
            Qemu(self, self.dir, "-drive", self.disk(), "-device", "virtio-blk-ccw,drive=disk").wait()

    def test_we_share(self) -> None:
        qemu = Qemu(self, self.dir).wait()
        self.add("--share")
        qemu.hmp(f"drive_add 0 {self.disk()}")
        self.assertIn('Failed to get shared "write" lock', qemu.hmp("device_add virtio-blk-ccw,drive=disk"))
        self.assertEqual(qemu.hmp("device_add virtio-blk-ccw,drive=disk,share-rw=on"), "")

    def test_nobody_resizes_it(self) -> None:
        qemu = Qemu(self, self.dir).wait()
        self.add("--share")
        qemu.hmp(f"drive_add 0 {self.disk()}")
        self.assertIn('"resize" lock', qemu.hmp("block_resize disk 8192"))


class Rights(Case):
    """Why a descriptor may not be copied; each row is a reason."""

    def test_reasons(self) -> None:
        root, nobody = "CapEff:\t000001ffffffffff\n", "CapEff:\t0000000000000000\n"
        for scope, status, said in (
                ("3", root, "ptrace_scope is 3, which forbids it to everybody, root too"),
                ("3", nobody, "ptrace_scope is 3"),
                ("2", nobody, "ptrace_scope is 2, which leaves it to CAP_SYS_PTRACE: be root"),
                ("2", root, "a security module (SELinux, AppArmor) is in the way"),
                ("1", nobody, "ptrace_scope is 1, which leaves it to CAP_SYS_PTRACE: be root, or set it to 0"),
                ("0", nobody, "be root (CAP_SYS_PTRACE), or the user that runs the process"),
                ("0", root, "another user namespace"), (None, nobody, "be root (CAP_SYS_PTRACE)")):
            with self.subTest(scope=scope, status=status):
                (self.dir / "status").write_text(f"Name:\tcssctl\n{status}")
                (self.dir / "ptrace_scope").unlink(missing_ok=True)
                if scope:
                    (self.dir / "ptrace_scope").write_text(f"{scope}\n")
                fail = f"getfd={errno.EPERM}"
                found = self.refused(FAILED, "attach", "--pid", self.pid, fail=fail)
                self.assertIn(f"(pidfd_getfd), found: not permitted; {said}" if said.startswith("be") else said, found)
                noted = self.run_it("list", fail=fail).stderr.decode()
                self.assertRegex(noted, r"\d+ of them with VMs: .*" + re.escape(said))

    def test_of_this_machine(self) -> None:
        """cssctl reads the setting of Yama, whatever it is on this machine."""
        found = self.refused(FAILED, "attach", "--pid", self.pid, fail=f"getfd={errno.EPERM}")
        self.assertRegex(found, "kernel.yama.ptrace_scope is|security module|be root")


if __name__ == "__main__":
    unittest.main()
