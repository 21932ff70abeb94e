# SPDX-License-Identifier: GPL-2.0
"""What is a fault in what apt, DKMS and modinfo have done is one, and nothing else is."""

import tempfile
import unittest
from pathlib import Path

import debpackages
import debs
import report

KERNEL = "6.1.0-50-s390x"
VERMAGIC = f"{KERNEL} SMP mod_unload modversions"
MODINFO = f"""\
filename:       /lib/modules/{KERNEL}/updates/dkms/kvm_css.ko
version:        1.0
license:        GPL
description:    In-kernel channel subsystem: for KVM guests
depends:        kvm
name:           kvm_css
vermagic:       {VERMAGIC}
sig_id:         PKCS#7
signer:         our modules
signature:      51:B2:D8
\t\tAA:BB
parm:           one:first
parm:           two:second
"""


class FieldsTest(unittest.TestCase):
    def test_each_field(self) -> None:
        found = debpackages.fields(MODINFO)
        self.assertEqual(found["description"], "In-kernel channel subsystem: for KVM guests")
        self.assertEqual(found["vermagic"], VERMAGIC)
        self.assertEqual(found["parm"], "one:first")
        self.assertNotIn("AA", found)

    def test_well(self) -> None:
        self.assertEqual(debpackages.unlike(debpackages.fields(MODINFO), {"vermagic": VERMAGIC}, KERNEL, "1.0"), "")

    def test_wrong(self) -> None:
        for name, value in (("license", "Proprietary"), ("version", "0.9"), ("signer", "DKMS module signing key"),
                            ("vermagic", VERMAGIC.replace("modversions", "")), ("depends", "vhost"), ("depends", "kvmx"),
                            ("filename", f"/lib/modules/{KERNEL}/kernel/kvm_css.ko"), ("name", "kvm")):
            with self.subTest(name=name, value=value):
                module = {**debpackages.fields(MODINFO), name: value}
                self.assertRegex(debpackages.unlike(module, {"vermagic": VERMAGIC}, KERNEL, "1.0"), rf"\A{name}: .*\Z")

    def test_absent(self) -> None:
        said = debpackages.unlike({}, {"vermagic": VERMAGIC}, KERNEL, "1.0")
        self.assertEqual(len(said.splitlines()), 7, said)
        self.assertIn("vermagic", debpackages.unlike(debpackages.fields(MODINFO), {}, KERNEL, "1.0"))

    def test_another_kernel(self) -> None:
        other = VERMAGIC.replace("50", "51")
        module = {**debpackages.fields(MODINFO), "vermagic": other}
        self.assertIn("vermagic of kvm", debpackages.unlike(module, {"vermagic": other}, KERNEL, "1.0"))


class StatusTest(unittest.TestCase):
    def test_dkms(self) -> None:
        self.assertEqual(debpackages.built(""), set())
        self.assertEqual(debpackages.built(f"kvm-css/1.0, {KERNEL}, s390x: installed\nkvm-css/1.1, 6.12.1, s390x: installed\n"),
                         {("1.0", KERNEL), ("1.1", "6.12.1")})

    def test_dkms_otherwise(self) -> None:
        for line in ("kvm-css/1.0: added", f"kvm-css/1.0, {KERNEL}, s390x: built", f"kvm-css/1.0, {KERNEL}, x86_64: installed",
                     f"kvm-css/1.0, {KERNEL}, s390x: installed (WARNING! Diff between built and installed module!)"):
            with self.subTest(line=line):
                self.assertEqual(debpackages.built(line), {(line, "")})

    def test_dpkg(self) -> None:
        said = "installed dkms 3.0.10\ninstalled kvm-css-dkms 1.0\nhalf-configured kvm-css-tools 1.0\n"
        self.assertEqual(debpackages.installed(said), {"kvm-css-dkms": "1.0", "kvm-css-tools": "half-configured"})


class LeftTest(unittest.TestCase):
    BEFORE = "/\n/etc\n/var/log\n/var/lib/apt/extended_states\n"

    def test_nothing(self) -> None:
        self.assertEqual(debpackages.left(self.BEFORE, self.BEFORE), set())
        self.assertEqual(debpackages.left(self.BEFORE, self.BEFORE + "/var/log/dpkg.log\n/var/lib/dpkg/status-old\n"), set())

    def test_something(self) -> None:
        for name in ("/etc/kvm-css", "/var/lib/dkms/kvm-css", "/var/lib/dpkg/info/kvm-css-tools.list", "/usr/src/kvm-css-1.0"):
            with self.subTest(name=name):
                self.assertEqual(debpackages.left(self.BEFORE, f"{self.BEFORE}{name}\n"), {name})

    def test_gone(self) -> None:
        self.assertEqual(debpackages.left(self.BEFORE, self.BEFORE.replace("/etc\n", "")), {"-/etc"})


class ToldTest(unittest.TestCase):
    def results(self, files: dict[str, str], ended: str) -> list[str]:
        with tempfile.TemporaryDirectory() as name:
            for file, text in files.items():
                (Path(name) / file).write_text(text)
            outcomes = report.Report(Path(name) / "outcomes")
            debpackages.tell(outcomes, debpackages.Found(Path(name), ended), (KERNEL, "6.12.1-s390x"), "1.0", "1.1")
            return [one.result + one.detail for one in report.read(outcomes.path)]

    def test_ended_early(self) -> None:
        found = self.results({}, "apt has ended with status 100")
        self.assertGreater(len(found), 7)
        self.assertEqual(set(found), {"failedapt has ended with status 100"})

    def test_as_far_as_it_came(self) -> None:
        packages = "".join(f"installed {name} 1.0\n" for name in debpackages.NAMES)
        first, *others = self.results({"installed-packages": packages,
                                       "installed-dkms": f"kvm-css/1.0, {KERNEL}, s390x: installed\n"}, "killed")
        self.assertEqual(first, "passed")
        self.assertEqual(set(others), {"failedkilled"})

    def test_empty_files(self) -> None:
        found = self.results(dict.fromkeys(("installed-dkms", "cssctl", "later-dkms", "foreign-dkms", "upgraded-sources", "after",
                                            f"installed-{KERNEL}-kvm"), ""), "")
        self.assertEqual({one[:6] for one in found}, {"failed"})


class ReleaseTest(unittest.TestCase):
    def test_next(self) -> None:
        self.assertRegex(debs.release(), r"\A\d+(\.\d+)*\Z")
        self.assertEqual(debs.next_release().split(".")[:-1], debs.release().split(".")[:-1])
        self.assertEqual(int(debs.next_release().split(".")[-1]), int(debs.release().split(".")[-1]) + 1)


if __name__ == "__main__":
    unittest.main()
