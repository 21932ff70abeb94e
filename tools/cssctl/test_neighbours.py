#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Tests of where a subchannel is added: not where the VMM has one, as far as cssctl can know that."""

import json
import socket
import time
import unittest
from pathlib import Path
from typing import Any

from case import ALLOW, FAILED, USAGE, Arg, Case, build
from real_qemu import Qemu

TREE = """bus: main-system-bus
  type System
  dev: virtual-css-bridge, id ""
    css_dev_path = true
    bus: virtual-css
      type virtual-css-bus
"""
DEVICE = """      dev: {type}, id "{id}"
        devno = "{devno}"
        dev_id = "{devno}"
        subch_id = "{sid}"
        bus: virtio-bus
          type virtio-ccw-bus
          dev: virtio-blk-device, id ""
            drive = "a"
"""


def setUpModule() -> None:  # noqa: N802
    build()


def tree(*devices: tuple[str, str]) -> str:
    """A device tree as QEMU prints it, with these device numbers and subchannel numbers."""
    return TREE + "".join(DEVICE.format(type="virtio-blk-ccw", id=f"disk{at}", devno=devno, sid=sid)
                          for at, (devno, sid) in enumerate(devices))


class NeighbourCase(Case):
    def setUp(self) -> None:
        super().setUp()
        self.it("attach")

    def add(self, *args: Arg, **more: Any) -> tuple[str, str]:
        """Where the subchannel is added, and what cssctl notes."""
        done = self.run_it("add", "--pid", self.pid, "--type", "test", *args, **more)
        return done.stdout.decode().split(":")[0], done.stderr.decode()

    def tree(self, text: str) -> list[str]:
        path = self.dir / "tree"
        path.write_text(text)
        return ["--qtree", str(path)]


class Choice(NeighbourCase):
    """A row a reason."""

    def test_nobody(self) -> None:
        sid, noted = self.add()
        self.assertEqual(sid, "0.3.0000")
        self.assertIn("note: QEMU wasn't asked (--qmp, --qtree); what it may have in set 3 is hidden now", noted)
        self.assertEqual(self.add(), ("0.3.0001", ""))

    def test_where_qemu_has_none(self) -> None:
        for there, chosen in (((), "0.3.0000"), (("0.0000",), "0.3.0000"), (("3.0000",), "0.2.0000"),
                              (("3.0007",), "0.2.0000"), (("1.0000", "3.0000"), "0.2.0000"),
                              (("2.0000", "3.0000"), "0.1.0000")):
            with self.subTest(there=there):
                sid, noted = self.add(*self.tree(tree(*((f"fe.{one[0]}.1234", f"fe.{one}") for one in there))))
                self.assertEqual((sid, noted), (chosen, ""))
                self.it("remove", "--id", sid, "--gone")

    def test_none_is_left(self) -> None:
        said = self.refused(FAILED, "add", "--pid", self.pid, "--type", "test",
                            *self.tree(tree(*((f"fe.{ssid}.0001", f"fe.{ssid}.0000") for ssid in range(1, 4)))))
        self.assertIn("found none; choose one with --id", said)

    def test_where_the_kernel_has_some(self) -> None:
        self.add("--id", "0.1.0000")
        self.assertEqual(self.add(), ("0.1.0001", ""))
        self.it("remove", "--id", "0.1.0001", "--vacate")
        self.assertEqual(self.add(), ("0.1.0001", ""))
        # But not if QEMU has got a subchannel there meanwhile.
        self.assertEqual(self.add(*self.tree(tree(("fe.1.0001", "fe.1.0002"))))[0], "0.3.0000")

    def test_of_other_images(self) -> None:
        """A guest only sees subchannels of image fe."""
        self.assertEqual(self.add(*self.tree(tree(("03.3.0001", "03.3.0000"))))[0], "0.3.0000")

    def test_what_the_guest_uses(self) -> None:
        self.assertEqual(self.add(vmm="3.0000")[0], "0.2.0000")
        self.assertEqual(self.add(vmm="3.0000,2.0001")[0], "0.1.0000")
        said = self.refused(FAILED, "add", "--pid", self.pid, "--type", "test", "--id", "0.3.0000", vmm="3.0000")
        self.assertIn("the guest uses one of QEMU's there, which it would lose", said)
        # If QEMU is asked, its answer counts.
        self.assertEqual(self.add("--id", "0.3.0000", *self.tree(tree()), vmm="3.0000")[0], "0.3.0000")

    def test_asked_for(self) -> None:
        there = self.tree(tree(("fe.1.0001", "fe.1.0000")))
        said = self.refused(FAILED, "add", "--pid", self.pid, "--type", "test", "--id", "0.1.0000", *there)
        self.assertIn('found QEMU\'s virtio-blk-ccw "disk0" there, device number 0001, which the guest would lose', said)
        sid, noted = self.add("--id", "0.1.0001", *there)
        self.assertEqual(sid, "0.1.0001")
        self.assertIn("note: set 1 has some of QEMU's too", noted)
        self.assertEqual(self.add("--id", "0.0.0009", *self.tree(tree(("fe.0.0001", "fe.0.0000")))), ("0.0.0009", ""))

    def test_device_numbers(self) -> None:
        there = self.tree(tree(("fe.1.0200", "fe.1.0001"), ("fe.1.0201", "fe.1.0002"), ("fe.2.0203", "fe.2.0000")))
        self.add("--id", "0.1.0000", *there)
        self.assertEqual([one["devno"] for one in self.json("list")["subchannels"]], ["0202"])
        said = self.refused(FAILED, "add", "--pid", self.pid, "--type", "test", "--id", "0.1.0003", "--devno", "0201",
                            *there)
        self.assertIn('expected device number 0201 to be free in set 1, found QEMU\'s virtio-blk-ccw "disk1" with it', said)
        self.add("--id", "0.1.0003", "--devno", "0203", *there)

    def test_hidden(self) -> None:
        """If QEMU plugs a device where the kernel has one, every command that asks QEMU notes that."""
        self.add()
        there = self.tree(tree(("fe.3.0005", "fe.3.0000"), ("fe.0.0001", "fe.0.0000")))
        hidden = ('note: QEMU\'s virtio-blk-ccw "disk0", device number 0005, is hidden by 0.3.0000; '
                  'give it another set\n')
        done = self.run_it("list", "--pid", self.pid, *there)
        self.assertEqual(done.stderr.decode(), f"cssctl: {hidden}")
        found = self.json("list", *there)
        self.assertEqual(found["hidden"], [{"id": "0.3.0000", "devno": "0005", "device": 'virtio-blk-ccw "disk0"'}])
        self.assertEqual(len(found["subchannels"]), 1)
        self.assertNotIn("hidden", self.json("list"))
        self.assertEqual(self.add(*there), ("0.2.0000", f"cssctl: {hidden}"))
        self.it("remove", "--id", "0.3.0000", "--vacate")
        self.assertIn(hidden, self.run_it("list", "--pid", self.pid, *there).stderr.decode())

    def test_apply(self) -> None:
        self.tree(tree(("fe.3.0005", "fe.3.0000")))
        config = self.dir / "conf"
        config.write_text(f"qtree {self.dir}/tree\nadd --type test\n")
        done = self.run_it("apply", "--pid", self.pid, config)
        self.assertEqual((done.stdout, done.stderr), (b"0.2.0000: added\n", b""))
        for bad in ("qmp", "qtree a b", "qmp a\nqtree b", "add --qmp a"):
            config.write_text(f"add --type test\n{bad}\n")
            self.refused(USAGE, "apply", "--pid", self.pid, config)


class CommandLine(NeighbourCase):
    """Tests with a QEMU command line, which has the numbers that somebody chose."""

    def start(self, *args: str) -> None:
        code = ALLOW + "import sys; file = open(sys.argv[1], 'r+'); print(flush=True); sys.stdin.read()"
        process, _ = self.started(code, self.make_vm("kvm-vm-q"), *args)
        self.pid = str(process.pid)
        self.it("attach")

    def test_forms(self) -> None:
        for args, chosen in ((["-device", "virtio-blk-ccw,drive=a,devno=fe.3.0001"], "0.2.0000"),
                             (["-device", '{"driver":"virtio-blk-ccw","devno":"fe.3.0001","drive":"a"}'], "0.2.0000"),
                             (["-device", '{"devno": "fe.3.1"}', "-device", "x,devno=fe.2.ffff,devno=fe.1.0"], None),
                             (["-device", "x,devno=fe.0.0001"], "0.3.0000"), (["-device", "x,devno=03.3.1"], "0.3.0000"),
                             (["devno", "devno=", "devno=fe.4.0001", "devno=fe.3.", "devno=fe"], "0.3.0000")):
            with self.subTest(args=args):
                self.start(*args)
                if chosen:
                    self.assertEqual(self.add()[0], chosen)
                else:
                    self.refused(FAILED, "add", "--pid", self.pid, "--type", "test")
                self.it("detach")

    def test_device_number(self) -> None:
        self.start("-device", "x,devno=fe.3.0200")
        sid, noted = self.add("--id", "0.3.0000")
        self.assertIn("set 3 has some of QEMU's too", noted)
        self.assertEqual(self.json("list")["subchannels"][0]["devno"], "0201")

    def test_long(self) -> None:
        self.start("devno" * 20000, "devno=fe.3.0001," + "devno=" * 5000)
        start = time.monotonic()
        self.assertEqual(self.add()[0], "0.2.0000")
        self.assertLess(time.monotonic() - start, 5)


class Trees(NeighbourCase):
    def test_not_one(self) -> None:
        for text in ("", "x", "bus: main-system-bus\n", TREE.replace("virtual-css\n", "virtual\n"), "\0" * 5000):
            said = self.refused(FAILED, "add", "--pid", self.pid, "--type", "test", *self.tree(text))
            self.assertIn("found no bus virtual-css in it", said)
        self.assertIn("No such file", self.refused(FAILED, "list", "--pid", self.pid, "--qtree", self.dir / "none"))

    def test_odd(self) -> None:
        odd = ("      dev: \n        subch_id = \"fe.3.0000\"\n", "        subch_id = \"fe.3.0000\"\n",
               "      dev: x\n        subch_id = \"fe.3.0\"\n", "      dev: " + "y" * 500 + ", id \"" + "z" * 500 +
               "\"\n        subch_id = \"fe.3.0000\"\r\n")
        for text in odd:
            with self.subTest(text=text[:40]):
                sid, _ = self.add(*self.tree(TREE + text))
                self.assertEqual(sid, "0.2.0000")
                self.it("remove", "--id", sid, "--gone")
        for text in ("subch_id = \"fe.4.0000\"", "subch_id = \"<unset>\"", "subch_id = \"", "subch_id = \"fe.3.12345\""):
            sid, _ = self.add(*self.tree(f"{TREE}      dev: x, id \"\"\n        {text}\n"))
            self.assertEqual(sid, "0.3.0000")
            self.it("remove", "--id", sid, "--gone")

    def test_options(self) -> None:
        self.assertIn("found both", self.refused(USAGE, "list", "--pid", self.pid, "--qmp", "a", "--qtree", "b"))
        self.assertIn("--pid", self.refused(USAGE, "list", "--qmp", "a"))


class Monitor(NeighbourCase):
    """A monitor that answers what a test wants. It is in the process that has the VM."""

    SERVER = ALLOW + """
import socket, sys, time
file = open(sys.argv[1], "r+")
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[2])
server.listen()
print(flush=True)
while True:
    one = server.accept()[0]
    for part in sys.argv[3:]:
        try:
            while part == "flood":
                one.sendall(b"[" * 65536)
            one.sendall(part.encode().decode("unicode_escape").encode("latin-1"))
            if part.endswith(" "):
                one.recv(4096)
            time.sleep(0.02)
        except OSError:
            pass
    one.close()
"""

    def serve(self, *parts: str) -> None:
        """The monitor sends these parts. After a part that ends with a space, it waits for a command."""
        path = self.dir / f"qmp{time.monotonic_ns()}"
        process, _ = self.started(self.SERVER, self.make_vm(f"kvm-vm-{path.name}"), path, *parts)
        self.pid = str(process.pid)
        self.it("attach")
        self.path = path

    def answered(self, *answers: str) -> tuple[str, str]:
        self.serve('{"QMP": {"version": {}, "capabilities": ["oob"]}} ', '{"return": {}} ', *answers, "")
        return self.add("--qmp", self.path)

    def test_answers(self) -> None:
        text = json.dumps(tree(("fe.3.0001", "fe.3.0000")).replace("\n", "\r\n"))
        for answers in ((f'{{"return": {text}}}',),
                        ('{"event": "RESUME", "data": {"return": "x", "a": ["}", "]"]}}\n', f'{{"return": {text}}}'),
                        (f'{{"id": "\\\\}}{{\\"", "x": [1, -2.5e3, true, null], "return": {text}}}',),
                        (f'\n{{\n    "return": {text[:100]}', f"{text[100:]}\n}}\n")):
            with self.subTest(answers=answers):
                escaped = [answer.encode("unicode_escape").decode() for answer in answers]
                self.assertEqual(self.answered(*escaped), ("0.2.0000", ""))

    def test_escapes(self) -> None:
        text = json.dumps(tree(("fe.3.0001", "fe.3.0000")))
        for one, other in (("virtio", "v\\u0069rtio"), ("virtio", "\\u20acvirtio"), ("virtio", "v\\/i"), ("virtio", "\\t"),
                           ("virtio", "\\u12")):
            escaped = f'{{"return": {text.replace(one, other)}}}'.encode("unicode_escape").decode()
            self.assertEqual(self.answered(escaped), ("0.2.0000", ""))

    def test_wrong_answers(self) -> None:
        good = ('{"QMP": {}} ', '{"return": {}} ')
        for parts, said in (((), "closed the connection"), (("hello\\n",), "something else"),
                            (('{"return": {}}',), "something else"), (("{",), "closed"), (("",) * 3, "closed"),
                            (('{"QMP": {}} ', '{"error": {"class": "x", "desc": "not\\tnow"}}'), "an error: not\\011now"),
                            (('{"QMP": {}} ', '{"error": 1}'), "an error: ?"), ((*good, '{"return": {}}'), "something else"),
                            ((*good, '{"return": "x"}'), "no bus virtual-css"), ((*good, "[[[[" * 1000), "closed"),
                            ((*good, "\\x00" * 1000), "closed"), ((*good, '{"a" 1}', '{"return', "x"), "closed")):
            with self.subTest(parts=parts):
                self.serve(*parts)
                found = self.refused(FAILED, "add", "--pid", self.pid, "--type", "test", "--qmp", self.path)
                self.assertIn(said, found)

    def test_large(self) -> None:
        self.serve("flood")
        self.assertIn("more than 8 MiB", self.refused(FAILED, "list", "--pid", self.pid, "--qmp", self.path))

    def test_no_socket(self) -> None:
        for path in (self.dir / "none", self.backing, Path("/x" * 100)):
            said = self.refused(FAILED, "list", "--pid", self.pid, "--qmp", path)
            self.assertIn("--qmp: expected QEMU's monitor at", said)


class BesideQemu(NeighbourCase):
    """Tests with a real QEMU, which the fake kernel takes for a VMM because of a file that QEMU has open."""

    def start(self, *args: str) -> Qemu:
        vm = self.make_vm("kvm-vm-qemu")
        qemu = Qemu(self, self.dir, "-chardev", f"file,id=vm,path={vm}", *args).wait()
        self.pid = str(qemu.pid)
        self.it("attach")
        return qemu

    def test_asked(self) -> None:
        qemu = self.start("-device", "virtio-rng-ccw,devno=fe.3.0001,id=rng", "-device", "virtio-rng-ccw,devno=fe.2.0005",
                          "-device", "virtio-rng-ccw")
        self.assertEqual(self.add("--qmp", qemu.socket), ("0.1.0000", ""))
        said = self.refused(FAILED, "add", "--pid", self.pid, "--type", "test", "--id", "0.3.0000", "--qmp", qemu.socket)
        self.assertIn('QEMU\'s virtio-rng-ccw "rng" there, device number 0001', said)
        said = self.refused(FAILED, "add", "--pid", self.pid, "--type", "test", "--id", "0.0.0000", "--qmp", qemu.socket)
        self.assertIn("QEMU's virtio-rng-ccw", said)

    def test_not_asked(self) -> None:
        self.start("-device", "virtio-rng-ccw,devno=fe.3.0001")
        sid, noted = self.add()
        self.assertEqual(sid, "0.2.0000")
        self.assertIn("QEMU wasn't asked", noted)

    def test_plugged_into_ours(self) -> None:
        qemu = self.start()
        self.add("--qmp", qemu.socket)
        self.assertEqual(qemu.hmp("device_add virtio-rng-ccw,devno=fe.3.0001,id=late"), "")
        done = self.run_it("list", "--pid", self.pid, "--qmp", qemu.socket)
        self.assertIn('QEMU\'s virtio-rng-ccw "late", device number 0001, is hidden by 0.3.0000', done.stderr.decode())

    def test_monitor_of_another(self) -> None:
        other = Qemu(self, self.dir).wait()
        said = self.refused(FAILED, "list", "--pid", self.pid, "--qmp", other.socket)
        self.assertIn(f"to be the monitor of process {self.pid}, found that process {other.pid} made it", said)

    def test_monitor_that_is_taken(self) -> None:
        qemu = self.start()
        with socket.socket(socket.AF_UNIX) as taken:
            taken.connect(str(qemu.socket))
            taken.recv(1)
            self.assertIn("none in time", self.refused(FAILED, "list", "--pid", self.pid, "--qmp", qemu.socket))

    def test_from_a_file(self) -> None:
        qemu = self.start("-device", "virtio-rng-ccw,devno=fe.3.0001")
        path = Path(self.dir, "said")
        path.write_text(qemu.hmp("info qtree"))
        self.assertEqual(self.add("--qtree", path), ("0.2.0000", ""))


if __name__ == "__main__":
    unittest.main()
