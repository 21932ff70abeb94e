# SPDX-License-Identifier: GPL-2.0
"""What the tests of css-3270 share: the program with fake units, of which the test is the kernel and the guest, and a
client that says what a test wants.
"""

import os
import select
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[1] / "build/css-3270"
FAKE = OUT / "css-3270-fake"
SECONDS = 20.0

ATTENTION, CHANNEL_END, DEVICE_END, UNIT_CHECK = 0x80, 0x08, 0x04, 0x02
ENDED = CHANNEL_END | DEVICE_END
REJECT, INTERVENTION = 0x80, 0x40

IAC, EOR, SE, SB, WILL, WONT, DO, DONT = 255, 239, 240, 250, 251, 252, 253, 254
END = bytes((IAC, EOR))
AGREES = bytes((IAC, WILL, 25, IAC, DO, 25, IAC, WILL, 0, IAC, DO, 0))


def build() -> None:
    """The program and the tests in C, for this machine, with sanitizers."""
    done = subprocess.run(["make", "-C", str(HERE), f"O={OUT}", "fake"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"expected css-3270 to be built, make said:\n{done.stdout}{done.stderr}")


def free_port() -> int:
    """A port of the local host at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def ebcdic(text: str) -> bytes:
    return text.encode("cp037")


class Answer:
    """How a command has ended."""

    def __init__(self, packet: bytes):
        self.status, sense_len = packet[1], packet[2]
        self.sense = packet[3:3 + sense_len]
        self.count = struct.unpack("=I", packet[35:39])[0]
        self.data = packet[39:]

    def __repr__(self) -> str:
        return f"status {self.status:02x}, sense {self.sense.hex()}, {self.count} bytes: {self.data.hex()}"


class Unit:
    """The far end of a fake unit."""

    def __init__(self) -> None:
        self.socket, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(SECONDS)
        self.presented: list[int] = []

    def _packet(self) -> bytes:
        """The next packet that presents no status."""
        while True:
            packet = self.socket.recv(1 << 17)
            if not packet:
                raise AssertionError("expected the program to serve the unit, found that it has closed it")
            if packet[:1] != b"P":
                return packet
            self.presented.append(packet[1])

    def start(self, code: int, data: bytes = b"", count: int = 0) -> None:
        """Begin a command, with data for the device or with room for so many bytes."""
        self.socket.send(struct.pack("=cBBI", b"C", code, 0x20, len(data) or count) + data)

    def answer(self) -> Answer:
        while True:
            packet = self._packet()
            if packet[:1] == b"A":
                return Answer(packet)

    def run(self, code: int, data: bytes = b"", count: int = 0) -> Answer:
        self.start(code, data, count)
        return self.answer()

    def status(self) -> int:
        """The next status that is presented."""
        while not self.presented:
            packet = self.socket.recv(1 << 17)
            if packet[:1] != b"P":
                raise AssertionError(f"expected status, found {packet!r}")
            self.presented.append(packet[1])
        self.socket.send(b"P")
        return self.presented.pop(0)

    def close(self) -> None:
        self.socket.close()
        self.theirs.close()


class Client:
    """A TN3270 client."""

    def __init__(self, address: str):
        self.socket = socket.socket(socket.AF_UNIX if "/" in address else socket.AF_INET)
        self.socket.settimeout(SECONDS)
        self.socket.connect(address if "/" in address else ("127.0.0.1", int(address)))
        self.had = b""

    def say(self, *parts: bytes | tuple[int, ...]) -> None:
        self.socket.sendall(b"".join(bytes(part) for part in parts))

    def wait(self, wanted: bytes) -> bytes:
        """Everything up to and with these bytes."""
        while wanted not in self.had:
            more = self.socket.recv(1 << 16)
            if not more:
                raise AssertionError(f"expected {wanted!r}, found the end behind {self.had!r}")
            self.had += more
        end = self.had.index(wanted) + len(wanted)
        found, self.had = self.had[:end], self.had[end:]
        return found

    def agree(self, kind: str = "IBM-3278-2-E") -> "Client":
        self.wait(bytes((IAC, DO, 24)))
        self.say((IAC, WILL, 24))
        self.wait(bytes((IAC, SB, 24, 1, IAC, SE)))
        self.say((IAC, SB, 24, 0), kind.encode(), (IAC, SE))
        self.wait(bytes((IAC, WILL, 0)))
        self.say(AGREES)
        return self

    def record(self) -> bytes:
        return self.wait(END)[:-2].replace(b"\xff\xff", b"\xff")

    def send(self, record: bytes) -> None:
        self.say(record.replace(b"\xff", b"\xff\xff"), END)

    def rest(self) -> bytes:
        """All until the program closes the connection."""
        while True:
            try:
                more = self.socket.recv(1 << 16)
            except ConnectionResetError:
                more = b""
            if not more:
                return self.had
            self.had += more

    def close(self) -> None:
        self.socket.close()


class Case(unittest.TestCase):
    """A test with the program running."""

    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory(prefix="css-3270-")
        self.addCleanup(place.cleanup)
        self.place = Path(place.name)
        self.units = str(self.place / "units")
        self.address = str(self.place / "clients")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *args: str) -> None:
        """Start the program with a socket for units; clients connect to self.address unless the arguments say else."""
        listen = () if any(arg.startswith("--listen") for arg in args) else ("--listen", self.address)
        self.process = subprocess.Popen([FAKE, "--units", self.units, *listen, *args], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE)
        self.addCleanup(self.stop)
        end = time.monotonic() + SECONDS
        while not os.path.exists(self.units):
            self.assertIsNone(self.process.poll(), "the program has ended")
            self.assertLess(time.monotonic(), end, "the program doesn't listen")
            time.sleep(0.01)

    def stop(self) -> str:
        """The program must have found nothing wrong with itself. Returns its log."""
        if self.process is None:
            return ""
        process, self.process = self.process, None
        process.send_signal(signal.SIGTERM)
        try:
            _, said = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            _, said = process.communicate()
        Path(self.units).unlink(missing_ok=True)
        log = said.decode(errors="replace")
        self.assertEqual(process.returncode, 0, log)
        return log

    def unit(self, text: str = "") -> Unit:
        """Send the program a unit."""
        unit = Unit()
        self.addCleanup(unit.close)
        self.assertEqual(self.send_unit(unit, text), "")
        self.begun(unit)
        return unit

    def begun(self, unit: Unit) -> None:
        """The process begins to serve the unit: device end, and the guest is told that there is no client."""
        self.assertEqual(unit.status(), DEVICE_END)
        found = unit.run(0x01, b"\xc3")
        self.assertEqual((found.status, found.sense), (UNIT_CHECK, bytes((INTERVENTION,))))

    def send_unit(self, unit: Unit, text: str) -> str:
        """Send it, and return what the program replies."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as sender:
            sender.settimeout(SECONDS)
            sender.connect(self.units)
            socket.send_fds(sender, [text.encode() + b"\0"], [unit.theirs.fileno()])
            unit.theirs.close()
            return sender.recv(1000).rstrip(b"\0").decode()

    def client(self, address: str = "") -> Client:
        client = Client(address or self.address)
        self.addCleanup(client.close)
        return client

    def display(self, unit: Unit, kind: str = "IBM-3278-2-E", address: str = "") -> Client:
        """A client that has agreed, and whose device end has been presented."""
        client = self.client(address).agree(kind)
        self.assertEqual(unit.status(), DEVICE_END)
        return client

    def still(self, unit: Unit, seconds: float = 0.2) -> None:
        """Nothing comes from the unit."""
        self.assertEqual(select.select([unit.socket], [], [], seconds)[0], [])
