#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Tests of the whole program, whose units are fake, with clients that say what a test wants.

Run it as `python3 tools/css-3270/test_server.py`, or `make -C tools/css-3270 check`. It builds for this machine, with the
address and undefined-behaviour sanitizers, in build/css-3270.
"""

import os
import socket
import subprocess
import time
import unittest

from display_case import (AGREES, ATTENTION, DEVICE_END, DO, END, ENDED, FAKE, IAC, INTERVENTION, SECONDS, UNIT_CHECK, WILL, Case, Unit, build,
                  ebcdic, free_port)


def setUpModule() -> None:  # noqa: N802
    build()


class Arguments(unittest.TestCase):
    def refused(self, *args: str, **env: str) -> str:
        done = subprocess.run([FAKE, *args], capture_output=True, text=True, check=False, timeout=SECONDS,
                              env={**os.environ, **env})
        self.assertEqual(done.returncode, 2, done.stderr)
        return done.stderr

    def test_help(self) -> None:
        done = subprocess.run([FAKE, "--help"], capture_output=True, text=True, check=True, timeout=SECONDS)
        self.assertTrue(done.stdout.startswith("usage: css-3270"))

    def test_wrong(self) -> None:
        self.assertIn("usage:", self.refused("--frob"))
        self.assertIn("usage:", self.refused("word"))
        self.assertIn("--units", self.refused("--listen", "none"))
        for bad in ("", "x", "127.0.0.1:", "999.0.0.1:1", "host.invalid:1", "127.0.0.1:65536x"):
            self.assertIn(f'found "{bad}"', self.refused("--listen", bad))
        self.assertIn("$CSS_UNIT", self.refused("--listen", "none", CSS_UNIT="x"))
        self.assertIn("$CSS_UNIT", self.refused("--listen", "none", "--unit", "lu=A"))
        self.assertIn("unit of a device", self.refused("--listen", "none", CSS_UNIT="0"))


class Units(Case):
    def test_inherited(self) -> None:
        unit = Unit()
        fd = unit.theirs.fileno()
        with subprocess.Popen([FAKE, "--listen", self.address, "--unit", "lu=MINE"], stderr=subprocess.PIPE, pass_fds=[fd],
                              env={**os.environ, "CSS_UNIT": str(fd)}) as process:
            unit.theirs.close()
            self.begun(unit)
            self.assertEqual(unit.run(0x03).status, ENDED)
            self.display(unit, "IBM-3278-2-E@mine")
            # The device goes, so the program has nothing to do any more.
            unit.close()
            self.assertEqual(process.wait(SECONDS), 0, process.stderr.read() if process.stderr else b"")

    def test_text(self) -> None:
        self.start()
        for text, why in (("frob=1", "frob=1"), ("lu", '"lu"'), ("listen=x", '"x"'), (f"listen={self.units}", "in use"),
                          ("lu=", "1 to 8"), ("lu=ABCDEFGHI", "1 to 8"), ("lu=A B", "1 to 8"), ("lu=A,lu=B", "each option once"),
                          ("listen=", "127"), (f"listen={'/x' * 64}", "127"), ("lu=A,,listen=x", '""')):
            unit = Unit()
            self.addCleanup(unit.close)
            self.assertIn(why, self.send_unit(unit, text))
            self.assertEqual(unit.socket.recv(10), b"", "the unit that was refused is still open")
        self.assertEqual(self.unit("lu=A").run(0x03).status, ENDED)

    def test_a_name_is_one_terminal(self) -> None:
        self.start()
        first = self.unit("lu=SAME")
        self.unit()
        # By number, and by name: a client says either in any case.
        for text, name in (("lu=same", "same"), ("", "0009")):
            unit = Unit()
            self.addCleanup(unit.close)
            self.assertEqual(self.send_unit(unit, text),
                             f'expected a name by lu=NAME that no other terminal has, found "{name}"')
            self.assertEqual(unit.socket.recv(10), b"", "the unit that was refused is still open")
        self.assertEqual(first.run(0x03).status, ENDED)
        first.close()
        self.unit("lu=SAME")

    def test_units_socket_is_nobody_elses(self) -> None:
        self.start()
        self.assertEqual(os.stat(self.units).st_mode & 0o777, 0o600)

    def test_area(self) -> None:
        unit = Unit()
        self.addCleanup(unit.close)
        fd = unit.theirs.fileno()
        done = subprocess.run([FAKE, "--listen", "none"], capture_output=True, pass_fds=[fd], timeout=SECONDS, check=False,
                              env={**os.environ, "CSS_UNIT": str(fd), "FAKE_AREA": "69632"})
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"65536 bytes at the most", done.stderr)

    def test_what_is_sent_is_no_unit(self) -> None:
        self.start()
        with open(os.devnull, "rb") as file, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sender:
            sender.connect(self.units)
            sender.settimeout(SECONDS)
            socket.send_fds(sender, [b"\0"], [file.fileno()])
            self.assertIn(b"unit of a device", sender.recv(1000))
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sender:
            sender.connect(self.units)
            sender.send(b"no descriptor")
        self.assertEqual(self.unit().run(0x03).status, ENDED)

    def test_a_device_goes_and_others_stay(self) -> None:
        self.start()
        first, second = self.unit("lu=ONE"), self.unit(f"lu=TWO,listen={self.place}/two")
        client = self.display(first, "IBM-3278-2-E@ONE")
        other = self.display(second, address=f"{self.place}/two")
        first.close()
        client.rest()
        second.run(0x05, b"\xc3" + ebcdic("HERE"))
        self.assertEqual(other.record(), b"\xf5\xc3" + ebcdic("HERE"))
        second.close()
        other.rest()
        with self.assertRaises((ConnectionRefusedError, FileNotFoundError)):
            self.client(f"{self.place}/two")
        self.unit("lu=ONE")


class Clients(Case):
    def test_tcp(self) -> None:
        port = free_port()
        self.start("--listen", str(port))
        unit = self.unit()
        client = self.display(unit, address=str(port))
        self.assertEqual(unit.run(0x0D, b"\xc3").status, ENDED)
        self.assertEqual(client.record(), b"\x7e\xc3")
        client.close()
        self.assertEqual(unit.status(), DEVICE_END)
        found = unit.run(0x01, b"\xc3")
        self.assertEqual((found.status, found.sense), (UNIT_CHECK, bytes((INTERVENTION,))))
        # The address is used again at once.
        self.stop()
        self.start("--listen", str(port))

    def test_query(self) -> None:
        """As Linux finds out the size: erase, READ PARTITION, attention, READ MODIFIED."""
        self.start()
        unit = self.unit()
        client = self.display(unit)
        self.assertEqual(unit.run(0x0D, b"\x02").status, ENDED)
        self.assertEqual(client.record(), b"\x7e\x02")
        query = bytes.fromhex("000701ff030081")
        self.assertEqual(unit.run(0x11, query).status, ENDED)
        self.assertEqual(client.record(), b"\xf3" + query)
        reply = b"\x88" + bytes.fromhex("0017818101000050001801000a02e50002006f090c0780") + b"\xff"
        client.send(reply)
        self.assertEqual(unit.status(), ATTENTION)
        found = unit.run(0x06, count=256)
        self.assertEqual((found.status, found.data), (ENDED, reply))

    def test_in_pieces(self) -> None:
        self.start()
        unit = self.unit()
        client = self.display(unit)
        for byte in b"\x7d\x40\x40abc" + bytes((IAC, 239)):
            client.say((byte,))
            time.sleep(0.01)
        self.assertEqual(unit.status(), ATTENTION)
        self.assertEqual(unit.run(0x06, count=100).data, b"\x7d\x40\x40abc")

    def test_hostile_beside_a_display(self) -> None:
        self.start("--listen", str(self.place / "b"), "--listen", self.address)
        unit, other = self.unit("lu=ONE"), self.unit("lu=TWO")
        client = self.display(unit, "IBM-3278-2-E@ONE")
        hostile = self.display(other, "IBM-3278-2-E@TWO")
        # More than listen() keeps, and than may negotiate at a time
        idle = [socket.socket(socket.AF_UNIX) for _ in range(12)]
        for one in idle:
            self.addCleanup(one.close)
            one.connect(f"{self.place}/b")
        try:
            for _ in range(200):
                hostile.say(os.urandom(3000).replace(b"\xff", b"\xfe"), (IAC, DO, 99) * 20)
        except OSError:
            pass
        start = time.monotonic()
        self.assertEqual(unit.run(0x05, b"\xc3").status, ENDED)
        client.send(b"\x7d")
        self.assertEqual(unit.status(), ATTENTION)
        self.assertEqual(unit.run(0x06, count=10).data, b"\x7d")
        self.assertLess(time.monotonic() - start, 2)
        hostile.rest()
        # The terminal of the hostile client is free again.
        self.begun(other)
        self.display(other, "IBM-3278-2-E@TWO")

    def test_not_more_than_some_negotiate(self) -> None:
        self.start()
        unit = self.unit()
        idle = [self.client() for _ in range(8)]
        for one in idle:
            one.wait(bytes((IAC, DO, 24)))
        late = self.client()
        late.socket.settimeout(0.3)
        with self.assertRaises(TimeoutError):
            late.socket.recv(10)
        idle[3].close()
        late.socket.settimeout(SECONDS)
        late.agree()
        self.assertEqual(unit.status(), DEVICE_END)

    def test_never_agrees(self) -> None:
        self.start()
        unit = self.unit()
        client = self.client()
        client.say((IAC, WILL, 24))
        start = time.monotonic()
        self.assertIn(b"expected a TN3270 client", client.rest())
        self.assertTrue(9 < time.monotonic() - start < 15)
        self.still(unit)

    def test_a_web_page_is_no_client(self) -> None:
        """A page can let a browser send a form with any bytes in it to a port of its host."""
        self.start()
        unit = self.unit()
        client = self.client()
        start = time.monotonic()
        client.say(b"POST / HTTP/1.1\r\nHost: localhost:3270\r\n\r\n", (IAC, WILL, 24), (IAC, 250, 24, 0), b"IBM-3278-2-E",
                   (IAC, 240), AGREES, b"\x7d", END)
        self.assertIn(b"expected a TN3270 client", client.rest())
        self.assertLess(time.monotonic() - start, 5)
        self.still(unit)

    def test_the_log_is_bounded(self) -> None:
        self.start()
        unit, other = self.unit("lu=ONE"), self.unit("lu=TWO")
        for _ in range(150):
            client = self.client()
            client.agree("IBM-3278-2-E@ONE")
            client.close()
            # The next one may be the display as soon as the guest is told that this one has gone.
            while unit.run(0x01, b"\xc3").status != UNIT_CHECK:
                pass
        self.display(other, "IBM-3278-2-E@TWO")
        log = self.stop()
        self.assertLessEqual(log.count("ONE"), 101)
        self.assertIn("TWO (0.3.0009): connected", log)

    def test_refused_with_words(self) -> None:
        self.start()
        unit = self.unit("lu=ONE")
        client = self.client()
        client.say((IAC, WILL, 24), (IAC, 250, 24, 0), b"IBM-3278-2-E@OTHER", (IAC, 240))
        self.assertIn(b"no such terminal", client.rest())
        self.display(unit)
        client = self.client()
        client.say((IAC, WILL, 24), (IAC, 250, 24, 0), b"IBM-3278-2-E", (IAC, 240))
        self.assertIn(b"in use", client.rest())
        client = self.client()
        client.say((IAC, 252, 24))
        self.assertIn(b"expected a TN3270 client", client.rest())


if __name__ == "__main__":
    unittest.main()
