# SPDX-License-Identifier: GPL-2.0
"""The process css-tape: its options, its sockets and its log. What needs a kernel is tested on the lab's hosts."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from tape_case import HERE, OUT, build

PROGRAM = OUT / "css-tape-test"
# A block "ab", a tape mark, in AWSTAPE format
TAPE = bytes.fromhex("02000000a000" "6162" "000002004000")
SECONDS = 20


def setUpModule() -> None:  # noqa: N802
    build()


class Process(unittest.TestCase):
    """A test with a process."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.dir = Path(temporary.name)
        self.control = self.dir / "control"
        self.units = self.dir / "units"
        self.tape = self.dir / "tape.aws"
        self.tape.write_bytes(TAPE)

    def start(self, *options: str | Path) -> subprocess.Popen:
        process = subprocess.Popen([PROGRAM, "--control", self.control, "--listen", self.units, *options],
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.stop, process)
        end = time.monotonic() + SECONDS
        while process.poll() is None and time.monotonic() < end:
            try:
                self.connect().close()
                break
            except OSError:
                time.sleep(0.01)
        return process

    def stop(self, process: subprocess.Popen, how: int = signal.SIGTERM) -> str:
        """End it if it runs; what it has said."""
        if process.stderr and not process.stderr.closed:
            process.send_signal(how)
            said = process.communicate(timeout=SECONDS)[1]
            self.assertNotRegex(said, "Sanitizer|runtime error")
            return said
        return ""

    def connect(self, path: Path | None = None) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.addCleanup(connection.close)
        # Without a time limit, so that it waits if many connections are waiting.
        connection.connect(str(path or self.control))
        connection.settimeout(SECONDS)
        return connection


class Daemon(Process):
    def failing(self, *options: str | Path) -> str:
        done = subprocess.run([PROGRAM, *options], capture_output=True, text=True, timeout=SECONDS, check=False)
        self.assertIn(done.returncode, (1, 2), done.stderr)
        self.assertNotRegex(done.stderr, "Sanitizer|runtime error")
        return done.stderr

    def receive(self, connection: socket.socket) -> list[str]:
        packet = connection.recv(65536)
        self.assertTrue(packet.endswith(b"\0"), packet)
        return packet[:-1].decode().split("\0")

    def ask(self, *words: str, fds: tuple[int, ...] = (), connection: socket.socket | None = None) -> list[list[str]]:
        """All replies to a request."""
        connection = connection or self.connect()
        packet = "".join(word + "\0" for word in words).encode()
        if fds:
            socket.send_fds(connection, [packet], list(fds))
        else:
            connection.send(packet)
        replies = [self.receive(connection)]
        while replies[-1][0] == "drive":
            replies.append(self.receive(connection))
        return replies

    def load(self, drive: str, path: Path, *options: str, mode: int = os.O_RDWR) -> list[str]:
        fd = os.open(path, mode)
        try:
            return self.ask("load", drive, str(path), *options, fds=(fd,))[-1]
        finally:
            os.close(fd)

    def status(self, drive: str) -> dict[str, str]:
        replies = self.ask("status", drive)
        self.assertEqual(replies[-1], ["ok"])
        return dict(word.split("=", 1) for word in replies[0][1:])

    def test_load_and_unload(self) -> None:
        self.start("--drive", "one", "--drive", "two")
        self.assertEqual(self.status("one"), {"name": "one"})
        self.assertEqual(self.load("one", self.tape), ["ok"])
        self.assertEqual(self.status("one"), {
            "name": "one", "format": "aws", "protected": "0", "block": "0", "file": "0", "offset": "0", "synced": "1",
            "fenced": "0", "display": "|", "image": str(self.tape)})
        self.assertEqual(self.load("one", self.tape), ["error", "there is a tape in the drive"])
        self.assertEqual(self.status("two"), {"name": "two"})
        self.assertEqual(self.ask("unload", "one"), [["ok"]])
        self.assertEqual(self.ask("unload", "one"), [["error", "there is no tape in the drive"]])
        self.assertEqual(self.load("two", self.tape), ["ok"])
        self.assertEqual([reply[0:2] for reply in self.ask("status")],
                         [["drive", "name=one"], ["drive", "name=two"], ["ok"]])

    def test_write_protection(self) -> None:
        self.start("--drive", "one")
        self.assertEqual(self.load("one", self.tape, mode=os.O_RDONLY), ["ok"])
        self.assertEqual(self.status("one")["protected"], "1")
        self.ask("unload", "one")
        self.assertEqual(self.load("one", self.tape, "readonly=1"), ["ok"])
        self.assertEqual(self.status("one")["protected"], "1")

    def test_options_of_images(self) -> None:
        self.start("--drive", "one")
        flat = self.dir / "flat"
        flat.write_bytes(b"abcdef")
        for option in ("format=tar", "readonly=2", "level=10", "capacity=-1", "capacity=1x", "nothing=1", "format", ""):
            self.assertEqual(self.load("one", self.tape, option), ["error", "expected options of an image"], option)
        self.assertEqual(self.load("one", flat, "format=flat", "block=4"), ["ok"])
        self.assertEqual(self.status("one")["format"], "flat")

    def test_what_is_no_tape(self) -> None:
        self.start("--drive", "one")
        bad = self.dir / "bad"
        bad.write_bytes(b"no tape at all")
        self.assertEqual(self.load("one", bad)[0], "error")
        self.assertEqual(self.load("one", Path("/dev/null"))[0], "error")
        self.assertEqual(self.status("one"), {"name": "one"})

    def test_a_tape_is_in_one_drive(self) -> None:
        self.start("--drive", "one", "--drive", "two")
        self.assertEqual(self.load("one", self.tape), ["ok"])
        self.assertEqual(self.load("two", self.tape)[0], "error")

    def test_a_protected_tape_of_a_loader_may_be_in_many_drives(self) -> None:
        tapes = self.dir / "tapes"
        tapes.mkdir()
        self.tape.rename(tapes / "tape.aws")
        self.start("--drive", "one", "--readonly", "--loader", tapes, "--drive", "two", "--readonly", "--loader", tapes)
        for drive in ("one", "two"):
            self.assertEqual(self.status(drive).get("image"), "tape.aws", drive)

    def test_options(self) -> None:
        self.start("--drive", "one", "--readonly", "--load", self.tape, "--drive", "two")
        self.assertEqual(self.status("one")["protected"], "1")
        self.assertEqual(self.status("two"), {"name": "two"})

    def test_wrong_options(self) -> None:
        rows: tuple[tuple[list[str | Path], str], ...] = (
            (["--drive", "one", "--drive", "one"], "there is a drive with this name"),
            (["--drive", ""], "a drive's name"),
            (["--drive", "a/b"], "a drive's name"),
            (["--load", self.tape], "expected a drive"),
            (["--drive", "one", "--load", self.dir / "nothing"], "nothing"),
            (["--format", "tar"], "--format"),
            (["word"], "usage"),
            (["--nothing"], "usage"),
            (["--control", "x" * 200], "expected"),
            (["--control", self.tape], "Address already in use"),
        )
        for options, expected in rows:
            with self.subTest(options=options):
                self.assertIn(expected, self.failing(*options))
        self.assertEqual(self.tape.read_bytes(), TAPE, "a file in the place of a socket stays")

    def test_inherited_descriptor_that_is_no_unit(self) -> None:
        for unit in ("0", "1000", "x"):
            done = subprocess.run([PROGRAM], env={"CSS_UNIT": unit}, stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=SECONDS, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("CSS_UNIT", done.stderr)

    def test_status_of_more_than_the_socket_holds(self) -> None:
        drives = [f"drive{nr}" for nr in range(40)]
        self.start(*(word for drive in drives for word in ("--drive", drive)))
        with self.tape.open("rb") as file:
            for drive in drives:
                self.ask("load", drive, "x" * 4000, fds=(file.fileno(),))
        slow, gone = self.connect(), self.connect()
        for connection in (slow, gone):
            connection.send(b"status\0")
        gone.close()
        # Nobody else waits for a reader that doesn't read.
        self.assertEqual(self.status("drive7")["name"], "drive7")
        found = [self.receive(slow) for _ in drives]
        self.assertEqual([reply[:2] for reply in found], [["drive", f"name={drive}"] for drive in drives])
        self.assertEqual(self.receive(slow), ["ok"])
        self.assertEqual(self.ask("unload", drives[0], connection=slow), [["ok"]])

    def test_wrong_requests(self) -> None:
        self.start("--drive", "one")
        rows = (
            ("status", "none"), ("unload",), ("unload", "none"), ("load",), ("load", "one"), ("load", "one", "name"),
            ("nothing", "one"), ("", "one"), ("",), ("status" + "x" * 8000, "one"), tuple("x" * 100),
            tuple("load one x".split() + ["readonly=1"] * 40),
        )
        for words in rows:
            with self.subTest(words=words):
                self.assertEqual(self.ask(*words)[-1][0], "error")
        connection = self.connect()
        connection.send(b"status")
        self.assertEqual(self.receive(connection)[0:2], ["drive", "name=one"])

    def test_descriptors_that_nobody_wants_are_closed(self) -> None:
        process = self.start("--drive", "one")
        fds = Path(f"/proc/{process.pid}/fd")
        before = len(list(fds.iterdir()))
        with self.tape.open("rb") as file:
            for words in (("status",), ("nothing",), ("load", "none", "x"), ("load", "one", "x", "bad=1")):
                for nr in (1, 4, 20):
                    connection = self.connect()
                    self.ask(*words, fds=(file.fileno(),) * nr, connection=connection)
                    connection.close()
        end = time.monotonic() + SECONDS
        while len(list(fds.iterdir())) > before and time.monotonic() < end:
            time.sleep(0.01)
        # Before, the connection of start() may have been there still.
        self.assertLessEqual(len(list(fds.iterdir())), before)

    def test_a_descriptor_that_is_no_unit(self) -> None:
        self.start("--drive", "one")
        connection = self.connect(self.units)
        with self.tape.open("rb") as file:
            socket.send_fds(connection, [b"one\0"], [file.fileno()])
        self.assertEqual(self.receive(connection), ["what was received is no unit"])
        self.assertEqual(connection.recv(100), b"")

    def test_connections_that_say_nothing(self) -> None:
        self.start("--drive", "one")
        silent = [self.connect(self.units if nr % 2 else self.control) for nr in range(40)]
        self.assertEqual(self.status("one"), {"name": "one"})
        self.assertEqual(len(silent), 40)

    def test_ends_by_a_signal(self) -> None:
        process = self.start("--drive", "one")
        self.load("one", self.tape)
        said = self.stop(process)
        self.assertEqual(process.returncode, 0)
        self.assertIn(f"<6>one: unloaded {self.tape}\n", said)
        self.assertFalse(self.control.exists() or self.units.exists())

    def test_a_limit_of_file_sizes_does_not_end_it(self) -> None:
        process = self.start("--drive", "one")
        self.load("one", self.tape)
        process.send_signal(signal.SIGXFSZ)
        self.assertEqual(self.status("one")["name"], "one")
        self.assertIsNone(process.poll())

    def test_a_log_that_nobody_reads_does_not_end_it(self) -> None:
        process = self.start("--drive", "one")
        assert process.stderr
        process.stderr.close()
        self.addCleanup(process.wait, SECONDS)
        self.addCleanup(process.terminate)
        self.assertEqual(self.load("one", self.tape), ["ok"])
        self.assertEqual(self.ask("unload", "one"), [["ok"]])
        self.assertIsNone(process.poll())

    def test_starts_again_after_it_was_killed(self) -> None:
        self.stop(self.start("--drive", "one"), signal.SIGKILL)
        self.assertTrue(self.control.exists())
        self.start("--drive", "two")
        self.assertEqual(self.status("two"), {"name": "two"})
        self.assertIn("another process listens there", self.failing("--control", self.control))

    def test_sockets_of_others_stay(self) -> None:
        other = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(other.close)
        other.bind(str(self.control))
        other.listen()
        self.assertIn("Address already in use", self.failing("--control", self.control))
        busy = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.addCleanup(busy.close)
        busy.bind(str(self.units))
        busy.listen(0)
        # Its backlog is full.
        self.connect(self.units)
        self.assertIn("Address already in use", self.failing("--listen", self.units))
        self.assertTrue(self.control.is_socket() and self.units.is_socket())

    def test_a_name_that_is_another_files_by_now_stays(self) -> None:
        process = self.start("--drive", "one")
        self.control.rename(self.dir / "moved")
        self.control.write_text("another file")
        self.stop(process)
        self.assertEqual(process.returncode, 0)
        self.assertTrue(self.control.exists())
        self.assertFalse(self.units.exists())

    def test_log_has_priorities_and_no_lines_of_others(self) -> None:
        process = self.start("--drive", "one")
        strange = self.dir / "a\n<3>one: forged.aws"
        strange.write_bytes(TAPE)
        self.assertEqual(self.load("one", strange), ["ok"])
        for line in self.stop(process).splitlines():
            self.assertRegex(line, re.compile("^<[3-6]>(one: )?[a-z]"))
            self.assertNotIn("<3>one: forged", line[:10])

    def test_manual(self) -> None:
        page = HERE / "css-tape.8"
        if shutil.which("groff"):
            done = subprocess.run(["groff", "-man", "-ww", "-z", page], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
        said = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=True).stdout
        manual = page.read_text().replace("\\-", "-")
        options = re.findall(r"--[a-z]+", said)
        self.assertGreater(len(options), 10)
        for option in options:
            self.assertIn(option, manual)

    def test_install(self) -> None:
        root = self.dir / "root"
        out = self.dir / "out"
        out.mkdir()
        (out / "css-tape").touch()
        subprocess.run(["make", "-s", "-C", HERE, f"O={out}", f"DESTDIR={root}", "prefix=/usr", "install"], check=True)
        self.assertEqual(sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()), [
            "usr/lib/systemd/system/css-tape.service", "usr/sbin/css-tape", "usr/share/man/man8/css-tape.8"])
        unit = (root / "usr/lib/systemd/system/css-tape.service").read_text()
        self.assertIn("ExecStart=/usr/sbin/css-tape ", unit)
        self.assertNotIn("@sbindir@", unit)

    def test_sockets_are_the_users(self) -> None:
        self.start()
        for path in (self.control, self.units):
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main()
