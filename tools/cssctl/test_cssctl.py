#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Tests of cssctl that need neither an s390x nor the module: fake_css.c is the kernel's side.

Run it as `python3 tools/cssctl/test_cssctl.py`, or `make -C tools/cssctl check`. It builds for this machine, with the
address and undefined-behaviour sanitizers, in build/cssctl.
"""

import ctypes
import errno
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any

from case import (ALLOW, FAILED, FAKE, GOOD, HERE, NO_CSS, NO_SUBCHANNEL, NO_VM, PR_SET_PTRACER, USAGE, Arg, Case, build,
                  kinds)

KVM_CREATE_VM = 0xAE01


def setUpModule() -> None:  # noqa: N802
    build()


class Arguments(Case):
    def test_no_command_is_usage(self) -> None:
        done = subprocess.run([FAKE], capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (USAGE, b""))
        self.assertIn(b"usage: cssctl COMMAND", done.stderr)
        self.assertIn('found "frob"', self.refused(USAGE, "frob"))

    def test_every_command_has_help(self) -> None:
        listed = self.run_it("--help").stdout.decode()
        names = [line.split()[0] for line in listed.splitlines() if line.startswith("  ")]
        self.assertEqual(sorted(names), ["add", "apply", "attach", "create", "detach", "list", "remove", "reset", "serve",
                                         "show", "stat", "tape", "version"])
        for name in names:
            self.assertTrue(self.run_it(name, "--help").stdout.startswith(b"usage: cssctl " + name.encode()))

    def test_manual_has_every_option(self) -> None:
        manual = (HERE / "cssctl.8").read_text().replace("\\-", "-")
        for name in ("add", "apply", "attach", "list", "remove", "serve", "show", "stat", "tape"):
            for word in self.run_it(name, "--help").stdout.decode().split():
                if word.startswith("--") and word[2:].rstrip(".,;").replace("-", "").isalpha():
                    option = word.rstrip(".,;")
                    self.assertTrue(re.search(rf"{option}(?![\w-])", manual), f"cssctl.8 has no {option}")

    def test_manual_has_every_kind_of_device(self) -> None:
        manual = (HERE / "cssctl.8").read_text()
        for kind in kinds():
            self.assertTrue(re.search(rf"^\.BR? {kind}\b", manual, re.MULTILINE), f"cssctl.8 has no {kind}")

    def test_pid(self) -> None:
        for bad in ("0", "-1", "x", "", "1x", "2147483648", "99999999999999999999"):
            self.refused(USAGE, "list", f"--pid={bad}")
        self.assertIn("--pid", self.refused(USAGE, "attach"))
        self.assertIn("found both", self.refused(USAGE, "attach", "--pid", "1", "--pidfile", "x"))
        self.assertIn("--vm-fd", self.refused(USAGE, "list", "--vm-fd", "3"))

    def test_id(self) -> None:
        self.attach()
        for bad in ("", "0", "1.0.0000", "0.4.0000", "0.1", "0.1.", "0.1.00000", "0.1.g", "0.1.0x1", "0.1.0001 ",
                    "0:1:0001", "0.1.-1", "0.1.+1", "0.01.0001", "0./.0001", "0.1,0001", "0"):
            self.assertIn("--id", self.refused(USAGE, "show", "--pid", self.pid, "--id", bad))
        for good, name in (("0.1.0", "0.1.0000"), ("0.3.FFff", "0.3.ffff"), ("0.0.0010", "0.0.0010")):
            self.assertIn(name, self.refused(NO_SUBCHANNEL, "show", "--pid", self.pid, "--id", good))

    def test_add(self) -> None:
        for args in (["--devno", "10000"], ["--devno", "02g0"], ["--devno", ""], ["--devno", "0x"],
                     ["--chpid", "100"], ["--blocks", "0"], ["--blocks", "4294967296"], ["--model", "3390"],
                     ["--type", "dasd"], ["--type", "test"], ["--frob"], ["word"], ["--vacate"], ["--readonly=1"]):
            self.refused(USAGE, "add", "--pid", self.pid, "--backing", self.backing, *args)
        self.assertIn("--backing", self.refused(USAGE, "add", "--pid", self.pid))
        self.assertIn("value", self.refused(USAGE, "add", "--pid", self.pid, "--backing"))
        self.assertIn("found both", self.refused(USAGE, "remove", "--pid", self.pid, "--id", "0.1.0", "--gone",
                                                 "--vacate"))

    def test_stat(self) -> None:
        self.attach()
        for words in (["0"], ["0.001"], ["x"], ["1x"], ["nan"], ["inf"], ["86401"], ["1", "0"], ["1", "x"],
                      ["1", "1", "1"]):
            self.refused(USAGE, "stat", "--pid", self.pid, *words)


class Processes(Case):
    def test_none(self) -> None:
        gone = self.hold()
        self.end(gone)
        self.assertIn("found none", self.refused(NO_VM, "attach", "--pid", gone.pid))

    def test_thread(self) -> None:
        code = ("import threading, sys; t = threading.Thread(target=sys.stdin.read); t.start(); "
                "print(t.native_id, flush=True); t.join()")
        _, thread = self.started(code)
        self.assertIn("threads", self.refused(NO_VM, "attach", "--pid", thread))

    def test_without_vm(self) -> None:
        said = self.refused(NO_VM, "attach", "--pid", self.hold(self.backing).pid)
        self.assertIn("found python", said)

    def test_real_vm(self) -> None:
        try:
            device = os.open("/dev/kvm", os.O_RDWR | os.O_CLOEXEC)
            self.addCleanup(os.close, device)
            vm = fcntl.ioctl(device, KVM_CREATE_VM, 0)
        except OSError as error:
            self.skipTest(f"/dev/kvm: {error}")
        self.addCleanup(os.close, vm)
        ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(-1))
        self.run_it("attach", "--pid", os.getpid())
        self.assertEqual(self.log(), ["create flags=6"])
        self.addCleanup(os.close, os.dup(vm))
        self.run_it("list", "--pid", os.getpid())
        self.addCleanup(os.close, fcntl.ioctl(device, KVM_CREATE_VM, 0))
        self.assertIn("found 2", self.refused(NO_VM, "list", "--pid", os.getpid()))

    def test_several(self) -> None:
        two = self.hold(self.make_vm("kvm-vm-a"), self.make_vm("kvm-vm-b"))
        said = self.refused(NO_VM, "attach", "--pid", two.pid)
        numbers = said.strip().rsplit("of: ", 1)[1].split()
        self.assertEqual(len(numbers), 2)
        self.run_it("attach", "--pid", two.pid, "--vm-fd", numbers[1])
        self.run_it("list", "--pid", two.pid, "--vm-fd", numbers[1])
        self.refused(NO_CSS, "list", "--pid", two.pid, "--vm-fd", numbers[0])
        self.assertIn("descriptor 0 ", self.refused(NO_VM, "list", "--pid", two.pid, "--vm-fd", "0"))

    def test_copied_descriptor_is_one_vm(self) -> None:
        code = (ALLOW + "import os, sys; fd = os.open(sys.argv[1], os.O_RDWR); os.dup(fd); print(flush=True); "
                "sys.stdin.read()")
        process, _ = self.started(code, self.make_vm("kvm-vm-c"))
        self.run_it("attach", "--pid", process.pid)

    def test_pidfile(self) -> None:
        pidfile = self.dir / "pid"
        self.assertIn("pid", self.refused(NO_VM, "attach", "--pidfile", pidfile))
        pidfile.write_text("qemu\n")
        self.assertIn('found "qemu"', self.refused(FAILED, "attach", "--pidfile", pidfile))
        pidfile.write_text(f"{self.pid}\n")
        self.run_it("attach", "--pidfile", pidfile)

    @unittest.skipIf(os.geteuid(), "needs root, to be somebody else")
    def test_not_permitted(self) -> None:
        self.assertIn("/fd of python", self.refused(FAILED, "attach", "--pid", self.pid, **self.let_nobody()))

    def test_not_copied(self) -> None:
        said = self.refused(FAILED, "attach", "--pid", self.pid, fail=f"getfd={errno.EPERM}")
        self.assertIn("CAP_SYS_PTRACE", said)


class Device(Case):
    def test_missing(self) -> None:
        self.assertIn("modprobe kvm_css", self.refused(FAILED, "list", fail=f"open={errno.ENOENT}"))

    def test_not_permitted(self) -> None:
        self.assertIn("udev", self.refused(FAILED, "list", fail=f"open={errno.EACCES}"))

    def test_old_module(self) -> None:
        self.assertIn("found version 3", self.refused(FAILED, "list", fail="version=3"))
        self.run_it("list", fail="version=5")

    @staticmethod
    def header_version() -> int:
        header = (HERE.parents[1] / "include/uapi/linux/kvm_css.h").read_text()
        (version,) = re.findall(r"#define KVM_CSS_VERSION\s+(\d+)", header)
        return int(version)

    def test_version(self) -> None:
        self.assertEqual(json.loads(self.run_it("version", "--json", fail="version=7").stdout)["module_abi"], 7)
        found = json.loads(self.run_it("version", "--json", fail=f"open={errno.ENOENT}").stdout)
        self.assertEqual((found["module_abi"], found["abi"]), (None, self.header_version()))


class Whole(Case):
    def test_attach(self) -> None:
        self.refused(NO_CSS, "list", "--pid", self.pid)
        self.assertEqual(self.json("attach"), {"pid": int(self.pid), "attached": True})
        self.assertEqual(self.log(), ["create flags=6"])
        self.assertIn("found that it has one", self.refused(FAILED, "attach", "--pid", self.pid))
        self.assertIn("dmesg", self.refused(FAILED, "attach", "--pid", self.pid, fail=f"create={errno.EOPNOTSUPP}"))

    def test_detach(self) -> None:
        self.refused(NO_CSS, "detach", "--pid", self.pid)
        self.attach()
        self.it("detach")
        self.assertEqual(self.log(), ["detach"])
        self.refused(NO_CSS, "detach", "--pid", self.pid)

    def test_reset(self) -> None:
        self.refused(NO_CSS, "reset", "--pid", self.pid)
        self.attach()
        self.it("reset")
        self.assertEqual(self.log(), ["reset"])

    def test_list_of_the_host(self) -> None:
        self.attach()
        self.it("add", "--type", "test")
        other = self.hold(self.make_vm("kvm-vm-other"))
        ours = {int(self.pid), other.pid}
        for option, there in (((), {int(self.pid)}), (("--all",), ours)):
            found = json.loads(self.run_it("list", "--json", *option).stdout)["vms"]
            self.assertEqual({one["pid"] for one in found} & ours, there)
        (mine,) = [one for one in found if one["pid"] == int(self.pid)]
        self.assertEqual((mine["attached"], mine["subchannels"], mine["name"][:6]), (True, 1, "python"))


class Subchannels(Case):
    def setUp(self) -> None:
        super().setUp()
        self.attach()

    def add(self, *args: Arg, **more: Any) -> dict:
        # All disks are on the same file.
        return self.json("add", "--share", "--backing", self.backing, *args, **more)["added"]

    def test_defaults(self) -> None:
        self.assertEqual(self.add(), {
            "id": "0.3.0000", "type": "fba", "devno": "0200", "chpid": "40", "enabled": True, "started": 0,
            "completed": 0, "deferred": 0, "backing": str(self.backing), "blocks": 8, "readonly": False, "discard": False,
            "cache": "writethrough", "model": "9336"})
        self.assertEqual(self.log(), ["add 3.0000 flags=3 devno=0200 chpid=40 type=2"])
        self.assertEqual((self.add("--no-report")["id"]), "0.3.0001")
        self.assertEqual(self.log(), ["add 3.0001 flags=2 devno=0201 chpid=40 type=2"])

    def test_all_options(self) -> None:
        found = self.add("--id", "0.2.0000", "--devno", "0xABCD", "--chpid", "7", "--readonly", "--blocks", "3",
                         "--model", "3370")
        self.assertEqual([found[key] for key in ("id", "devno", "chpid", "readonly", "blocks", "model")],
                         ["0.2.0000", "abcd", "07", True, 3, "3370"])

    def direct_works(self) -> bool:
        try:
            os.close(os.open(self.backing, os.O_RDWR | os.O_DIRECT | os.O_CLOEXEC))
        except OSError as error:
            self.assertEqual(error.errno, errno.EINVAL)
            return False
        return True

    def test_cache(self) -> None:
        """The fake module says whether the file has O_DIRECT."""
        for mode in ("writethrough", "directsync", "writeback", "none"):
            if mode in ("directsync", "none") and not self.direct_works():
                self.assertIn("--cache writethrough and --cache writeback need none", self.refused(
                    FAILED, "add", "--pid", self.pid, "--backing", self.backing, "--cache", mode))
                continue
            found = self.add("--cache", mode)
            self.assertEqual(found["cache"], mode)
            shown = self.it("show", "--id", found["id"])
            self.assertRegex(shown, rf"cache +{mode}\b")
            self.assertEqual("crash of the host loses writes" in shown, mode in ("writeback", "none"))
            (listed,) = [one for one in self.json("list")["subchannels"] if one["id"] == found["id"]]
            self.assertEqual(listed["cache"], mode)
        self.assertEqual(self.add("--cache", "none", "--cache", "writeback")["cache"], "writeback")
        self.assertIn(", cache writeback\n", self.it("add", "--share", "--backing", self.backing, "--cache", "writeback"))
        if self.direct_works():
            self.assertEqual(self.add("--direct")["cache"], "directsync")

    def test_cache_refused(self) -> None:
        start = ("add", "--pid", self.pid, "--backing", self.backing)
        self.assertIn("writethrough, directsync, writeback or none",
                      self.refused(USAGE, *start, "--cache", "unsafe"))
        for both in (("--direct", "--cache", "none"), ("--cache", "writethrough", "--direct")):
            self.assertIn("one of --cache and --direct", self.refused(USAGE, *start, *both))
        self.assertIn("--cache", self.refused(USAGE, "add", "--pid", self.pid, "--type", "test", "--cache", "none"))

    def test_removed_with_loss(self) -> None:
        self.add("--cache", "writeback")
        found = self.refused(FAILED, "remove", "--pid", self.pid, "--id", "0.3.0000", fail=f"remove={errno.EIO}")
        self.assertIn("0.3.0000 is removed, but not all that the guest has written", found)

    def test_device_numbers_do_not_clash(self) -> None:
        self.add("--devno", "0201")
        self.assertEqual(self.add()["devno"], "0202")
        self.assertIn("0201", self.refused(FAILED, "add", "--pid", self.pid, "--type", "test", "--devno", "201"))
        self.assertEqual(self.add("--id", "0.2.0", "--devno", "0201")["devno"], "0201")

    def test_taken(self) -> None:
        self.add()
        self.assertIn("0.3.0000 to be free",
                      self.refused(FAILED, "add", "--pid", self.pid, "--type", "test", "--id", "0.3.0000"))

    def test_gap_is_noted(self) -> None:
        self.add()
        done = self.run_it("add", "--pid", self.pid, "--type", "test", "--id", "0.3.0002")
        self.assertIn(b"note: there is no 0.3.0001", done.stderr)
        self.assertEqual(self.run_it("add", "--pid", self.pid, "--type", "test", "--id", "0.0.0009").stderr, b"")
        self.assertEqual(self.add()["id"], "0.3.0001")

    def test_remove_keeps_the_set_whole(self) -> None:
        for _ in range(3):
            self.add()
        self.log()
        self.assertEqual(self.json("remove", "--id", "0.3.0001"), {"removed": {"id": "0.3.0001", "number": "vacated"}})
        self.assertEqual(self.json("remove", "--id", "0.3.0002"), {"removed": {"id": "0.3.0002", "number": "gone"}})
        self.assertEqual(self.log(), ["remove 3.0001 flags=3", "remove 3.0002 flags=1"])
        self.assertEqual(self.ids(), [("0.3.0000", "fba"), ("0.3.0001", "none")])
        self.assertIn("--gone", self.refused(NO_SUBCHANNEL, "remove", "--pid", self.pid, "--id", "0.3.0001",
                                             "--vacate"))
        # The vacated number is the first free one, and gets the same device number.
        again = self.add()
        self.assertEqual((again["id"], again["devno"]), ("0.3.0001", "0201"))

    def test_remove_as_told(self) -> None:
        self.add()
        self.add()
        self.log()
        self.it("remove", "--id", "0.3.0001", "--vacate", "--no-report")
        self.it("remove", "--id", "0.3.0000", "--gone")
        self.assertEqual(self.log(), ["remove 3.0001 flags=2", "remove 3.0000 flags=1"])
        self.refused(NO_SUBCHANNEL, "remove", "--pid", self.pid, "--id", "0.3.0000")
        self.it("remove", "--id", "0.3.0001")
        self.assertEqual(self.ids(), [])

    def test_other_sets_are_no_neighbours(self) -> None:
        self.add()
        self.add("--id", "0.2.0000")
        self.add("--id", "0.3.ffff")
        self.assertEqual(self.json("remove", "--id", "0.3.ffff")["removed"]["number"], "gone")
        self.assertEqual(self.json("remove", "--id", "0.3.0000")["removed"]["number"], "gone")

    def test_show(self) -> None:
        self.add()
        found = self.json("show", "--id", "0.3.0000")
        self.assertEqual((found["isc"], found["interruption_parameter"], found["enabled"]), (3, "11223344", True))
        self.assertEqual(found["paths"], {"installed": "80", "available": "80", "operational": "ff",
                                          "not_operational": "00", "logical": "80", "last_used": "80"})
        self.assertEqual(found["scsw"], {
            "condition_code": 0, "function": ["start"], "activity": ["start-pending"],
            "status": ["alert", "primary", "pending"], "ccw": "00001008", "device_status": "0c",
            "subchannel_status": "40", "count": 513})
        self.assertEqual((len(found["schib"]), found["schib"][:8]), (104, "11223344"))
        text = self.it("show", "--id", "0.3.0000")
        for part in (str(self.backing), "alert primary pending", "start-pending", "read and write"):
            self.assertIn(part, text)
        self.it("remove", "--id", "0.3.0", "--vacate")
        self.assertEqual(self.json("show", "--id", "0.3.0"), {"id": "0.3.0000", "type": "none"})

    def test_list_as_text(self) -> None:
        self.add()
        self.it("add", "--type", "test")
        lines = self.it("list").splitlines()
        self.assertEqual(lines[0].split(), ["ID", "TYPE", "DEVNO", "CHPID", "ENABLED", "BLOCKS", "BACKING/TYPES"])
        self.assertEqual(lines[1].split(), ["0.3.0000", "fba", "0200", "40", "yes", "8", str(self.backing)])
        self.assertEqual(lines[2].split(), ["0.3.0001", "test", "0201", "40", "yes", "-", "-"])


class Backings(Case):
    def setUp(self) -> None:
        super().setUp()
        self.attach()

    def refuse(self, backing: Path, *args: Arg, fail: str = f"add={errno.EINVAL}", **more: Any) -> str:
        return self.refused(FAILED, "add", "--pid", self.pid, "--backing", backing, *args, fail=fail, **more)

    def test_missing(self) -> None:
        self.assertIn("No such file", self.refuse(self.dir / "none"))

    def test_kind(self) -> None:
        os.mkfifo(self.dir / "fifo")
        for path in (self.dir / "fifo", self.dir, Path("/dev/null")):
            self.assertIn("regular file or a block device", self.refuse(path, fail=""))

    def test_size(self) -> None:
        self.assertIn("hold 9 blocks of 512 bytes or more, found 8", self.refuse(self.backing, "--blocks", "9"))
        small = self.dir / "small"
        small.write_bytes(bytes(511))
        self.assertIn("hold 1 blocks of 512 bytes or more, found 0", self.refuse(small))
        large = self.dir / "large"
        with large.open("wb") as file:
            try:
                file.truncate(1 << 41)
            except OSError as error:
                self.skipTest(f"a file of 2 TiB: {error}")
        self.assertIn("--blocks takes part", self.refuse(large))

    def test_others(self) -> None:
        self.assertIn("older one", self.refuse(self.backing, fail=f"add={errno.E2BIG}"))
        self.assertIn("Cannot allocate", self.refuse(self.backing, fail=f"add={errno.ENOMEM}"))

    @unittest.skipIf(os.geteuid(), "needs root, to be somebody else")
    def test_rights(self) -> None:
        nobody = self.let_nobody()
        vm = self.make_vm("kvm-vm-nobody")
        vm.chmod(0o666)
        process, _ = self.started_program("sh", "-c", 'exec 3<>"$0"; echo; exec cat', vm, **nobody)
        self.run_it("attach", "--pid", process.pid, **nobody)
        add: list[Arg] = ["add", "--pid", process.pid, "--backing", self.backing]
        self.assertIn("--readonly needs no writing", self.refused(FAILED, *add, **nobody))
        self.run_it(*add, "--readonly", **nobody)


class Json(Case):
    def test_strings(self) -> None:
        """Any name that a file can have comes back from JSON as it is; what isn't UTF-8 as U+FFFD."""
        self.attach()
        self.log()
        names = [b'a"b\\c', b"tab\tline\nbell\x07del\x7f", "\u00e4\u20ac\U0001f600".encode(), b"bad\xff\xc3(",
                 b"over\xc0\xaf\xe0\x80\xafsur\xed\xa0\x80", b"cut\xe2\x82", b"\xf4\x90\x80\x80\xf8", "\u0085".encode()]
        for name in names:
            path = os.path.join(os.fsencode(self.dir), name)
            Path(os.fsdecode(path)).write_bytes(bytes(512))
            done = self.run_it("add", "--json", "--pid", self.pid, "--backing", os.fsdecode(path))
            found = json.loads(done.stdout.decode())["added"]["backing"]
            self.assertEqual(found, self.replaced(path))
            done = self.run_it("list", "--pid", self.pid)
            self.assertFalse(set(done.stdout) & (set(range(32)) - {10} | {127}), done.stdout)
            self.assertNotIn(b"\xc2\x85", done.stdout)
            done.stdout.decode()

    @staticmethod
    def replaced(text: bytes) -> str:
        """There is a U+FFFD for each byte that belongs to no character."""
        return "".join("\ufffd" if "\udc80" <= one <= "\udcff" else one
                       for one in text.decode("utf-8", "surrogateescape"))

    def test_errors(self) -> None:
        done = self.run_it("list", "--json", "--pid", self.pid, status=NO_CSS)
        error = json.loads(done.stdout)["error"]
        self.assertEqual(error["status"], NO_CSS)
        self.assertEqual(done.stderr.decode(), f"cssctl: {error['message']}\n")
        for args in (["--frob", "--json"], ["--json", "--pid", "x"]):
            self.assertEqual(json.loads(self.run_it("list", *args, status=USAGE).stdout)["error"]["status"], USAGE)

    def test_error_in_the_middle(self) -> None:
        self.attach()
        config = self.dir / "conf"
        config.write_text(f"add --type test\nadd --backing {self.dir}/none\n")
        done = self.run_it("apply", "--json", "--pid", self.pid, config, status=FAILED)
        found = json.loads(done.stdout)
        self.assertEqual([one["id"] for one in found["subchannels"]], ["0.3.0000"])
        self.assertEqual(found["error"]["status"], FAILED)

    def test_empty(self) -> None:
        self.attach()
        self.assertEqual(self.json("list"), {"pid": int(self.pid), "subchannels": []})

    def test_looks_without_owning(self) -> None:
        """What only looks uses a descriptor that keeps nothing; what changes something uses one that does."""
        self.attach()
        self.it("add", "--type", "test")
        no_owner = f"open_own={errno.EPERM}"
        self.assertEqual(len(self.json("list", fail=no_owner)["subchannels"]), 1)
        (vm,) = json.loads(self.run_it("list", "--json", fail=no_owner).stdout)["vms"]
        self.assertEqual((vm["attached"], vm["subchannels"]), (True, 1))
        self.json("show", "--id", "0.3.0000", fail=no_owner)
        self.json("stat", "0.05", "2", fail=no_owner)
        self.log()
        for words in (["remove", "--id", "0.3.0000"], ["add", "--type", "test"], ["detach"], ["reset"]):
            self.refused(FAILED, words[0], "--pid", self.pid, *words[1:], fail=no_owner)
        self.assertEqual(self.log(), [])

    def test_ended_meanwhile(self) -> None:
        self.attach()
        self.it("add", "--type", "test")
        for words in (["list"], ["show", "--id", "0.3.0000"]):
            self.assertIn("found none", self.refused(NO_CSS, words[0], "--pid", self.pid, *words[1:],
                                                     fail=f"query={errno.ENOENT}"))

    def test_stdout_that_is_full(self) -> None:
        self.attach()
        for args in (("--json",), ()):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([FAKE, "list", "--pid", self.pid, *args], env=self.environment(), stdout=full,
                                      stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, FAILED)
            self.assertIn(b"write to stdout", done.stderr)


class Stat(Case):
    def setUp(self) -> None:
        super().setUp()
        self.attach()
        self.it("add", "--type", "test")

    def test_totals(self) -> None:
        self.json("stat", fail="busy=100")
        (report,) = self.json("stat")["reports"]
        self.assertEqual(report, {"subchannels": [{"id": "0.3.0000", "started": 100, "completed": 100,
                                                   "deferred": 0}]})

    def test_rates(self) -> None:
        reports = self.json("stat", "0.1", "3", fail="busy=100")["reports"]
        self.assertEqual([one["subchannels"][0]["started"] for one in reports], [100, 200, 300])
        for one in reports:
            rate = one["subchannels"][0]["started_per_second"]
            # The time between two samples is rounded down to milliseconds.
            self.assertAlmostEqual(rate * one["milliseconds"] / 1000, 100, delta=2)
            self.assertEqual(one["subchannels"][0]["deferred_per_second"], 0)
        self.assertIn("STARTED/S", self.it("stat", "0.05", "1"))

    def start(self, *args: str) -> subprocess.Popen:
        process = subprocess.Popen([FAKE, "stat", "--pid", self.pid, *args], env=self.environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        return process

    def test_ends_with_the_vm(self) -> None:
        process = self.start("--json", "0.05")
        time.sleep(0.5)
        self.end(self.vm)
        out, err = process.communicate(timeout=30)
        self.assertEqual((process.returncode, err), (GOOD, b""))
        self.assertTrue(json.loads(out)["reports"])

    def test_ends_with_a_signal(self) -> None:
        process = self.start("--json", "0.05")
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        self.assertEqual((process.returncode, err), (GOOD, b""))
        self.assertTrue(json.loads(out)["reports"])

    def test_keeps_no_descriptor_of_the_vm(self) -> None:
        process = self.start("60")
        time.sleep(0.5)
        links = [os.readlink(entry.path) for entry in os.scandir(f"/proc/{process.pid}/fd")]
        self.assertTrue(links)
        self.assertFalse([link for link in links if "kvm-vm" in link or "css-" in link or "device" in link])
        process.kill()
        process.communicate()

    def test_detached_meanwhile(self) -> None:
        process = self.start("--json", "0.05")
        time.sleep(0.5)
        self.it("detach")
        out, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, NO_CSS)
        self.assertEqual(json.loads(out)["error"]["status"], NO_CSS)


class Apply(Case):
    def apply(self, text: str, *args: str, status: int = GOOD, pid: bool = True) -> subprocess.CompletedProcess:
        config = self.dir / "conf"
        config.write_text(text)
        which = ["--pid", self.pid] if pid else []
        return self.run_it("apply", *which, *args, config, status=status)

    def test_twice(self) -> None:
        odd = self.dir / 'a "b" \\ # c'
        odd.write_bytes(bytes(512))
        text = (f"# disks\n\n  add --backing {self.backing} # the first\n"
                f'add --backing "{self.dir}/a \\"b\\" \\\\ # c" --readonly --devno 0300\nadd --type test\n'
                f"add --type test --no-report\n")
        self.apply(text)
        self.assertEqual(self.log(), [
            "create flags=6", "add 3.0000 flags=3 devno=0200 chpid=40 type=2",
            "add 3.0001 flags=3 devno=0300 chpid=40 type=2", "add 3.0002 flags=3 devno=0202 chpid=40 type=1",
            "add 3.0003 flags=2 devno=0203 chpid=40 type=1"])
        done = self.apply(text)
        self.assertEqual((self.log(), done.stdout.count(b"is there")), ([], 4))
        self.it("remove", "--id", "0.3.0001")
        self.log()
        self.apply(text)
        self.assertEqual(self.log(), ["add 3.0001 flags=3 devno=0300 chpid=40 type=2"])

    def test_other_than_it_is(self) -> None:
        self.apply(f"add --backing {self.backing}\n")
        for option in ("--readonly", "--discard", "--blocks 7", "--model 3370", "--chpid 41", "--cache none",
                       "--cache writeback", "--cache directsync"):
            done = self.apply(f"add --backing {self.backing} {option}\n", status=FAILED)
            self.assertIn(f"conf:1: expected 0.3.0000 to be as it is here, found another {option.split()[0]}",
                          done.stderr.decode())

    def test_nothing_is_done_before_all_is_understood(self) -> None:
        for bad in ("add --frob", "frob", 'add --backing "x', "add --pid 1 --type test", "pidfile", "pidfile a b",
                    "add --type test word", "add " + "x " * 40, "add", "add --json --type test"):
            done = self.apply(f"add --type test\n{bad}\n", status=USAGE)
            self.assertIn(b"conf:2: ", done.stderr)
        self.assertEqual(self.log(), [])

    def test_process(self) -> None:
        self.assertIn(b"pidfile FILE", self.apply("add --type test\n", status=USAGE, pid=False).stderr)
        (self.dir / "pid").write_text(self.pid)
        self.apply(f"pidfile {self.dir}/pid\nadd --type test", pid=False)
        self.refused(USAGE, "apply", "--pid", self.pid)
        self.assertIn("No such file", self.refused(FAILED, "apply", "--pid", self.pid, self.dir / "none"))

    def test_waits(self) -> None:
        config = self.dir / "conf"
        config.write_text(f"pidfile {self.dir}/pid\nadd --type test\n")
        start = time.monotonic()
        self.assertIn("found: No such", self.refused(NO_VM, "apply", "--wait", "1", config))
        self.assertGreater(time.monotonic() - start, 0.9)
        process = subprocess.Popen([FAKE, "apply", "--wait", "30", config], env=self.environment(),
                                   stdout=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        time.sleep(0.3)
        self.assertIsNone(process.poll())
        (self.dir / "pid").write_text(self.pid)
        self.assertEqual(process.wait(30), GOOD)


class Files(unittest.TestCase):
    """Tests of what is installed beside the program."""

    def check(self, *argv: str) -> None:
        if not shutil.which(argv[0]):
            self.skipTest(f"{argv[0]} isn't installed")
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_manual(self) -> None:
        if not shutil.which("groff"):
            self.skipTest("groff isn't installed")
        done = subprocess.run(["groff", "-man", "-ww", "-z", HERE / "cssctl.8"], capture_output=True, text=True,
                              check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_shell(self) -> None:
        self.check("sh", "-n", str(HERE / "libvirt-hook"))
        self.check("bash", "-n", str(HERE / "cssctl.bash"))

    def test_shellcheck(self) -> None:
        self.check("shellcheck", str(HERE / "libvirt-hook"))
        self.check("shellcheck", "-s", "bash", str(HERE / "cssctl.bash"))

    def test_install(self) -> None:
        with tempfile.TemporaryDirectory() as place:
            out = Path(place) / "out"
            out.mkdir()
            (out / "cssctl").touch()
            subprocess.run(["make", "-s", "-C", HERE, f"O={out}", "-o", out / "cssctl", f"DESTDIR={place}/root",
                            "prefix=/usr", "sysconfdir=/etc", "install"], check=True, capture_output=True)
            files = sorted(str(path.relative_to(f"{place}/root")) for path in Path(place, "root").rglob("*")
                           if path.is_file())
            self.assertEqual(files, [
                "etc/libvirt/hooks/qemu.d/kvm-css", "usr/lib/modules-load.d/kvm-css.conf",
                "usr/lib/systemd/system/kvm-css@.service", "usr/lib/udev/rules.d/60-kvm-css.rules", "usr/sbin/cssctl",
                "usr/share/bash-completion/completions/cssctl", "usr/share/man/man8/cssctl.8"])
            unit = Path(place, "root/usr/lib/systemd/system/kvm-css@.service").read_text()
            self.assertIn("ExecStart=/usr/sbin/cssctl apply ", unit)


if __name__ == "__main__":
    unittest.main()
