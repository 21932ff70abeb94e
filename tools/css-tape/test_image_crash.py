# SPDX-License-Identifier: GPL-2.0
"""Tape images after a process was killed, or the host has failed, at each step of a call."""

import random
import time

from tape_case import AWS, BZIP2, HET, Case, Died, Shell, Unit, framed, unframed

NOISE = random.Random(7).randbytes(65535)
TAPE: list[Unit] = [b"a" * 80, NOISE[:9000], None, NOISE[:20000], b"z" * 5000, None]
# Each from where: what is called, and the tape that there is then
CALLS: list[tuple[int, str, Unit]] = [
    (place, call, unit) for place in (0, 2, 4, len(TAPE)) for call, unit in
    [("write", b"x"), ("write", NOISE), ("write", b"y" * 65535), ("mark", None), ("erase", None)]]
FORMATS: dict[str, dict[str, int]] = {
    "aws": {"format": AWS},
    "aws in chunks": {"format": AWS, "chunk": 4096},
    "het": {"format": HET, "compression": BZIP2, "chunk": 4096},
}
STEPS_MAX = 10


def done(place: int, call: str, unit: Unit) -> list[Unit]:
    """The tape after a call at a place."""
    return TAPE[:place] + ([] if call == "erase" else [unit])


def execute(shell: Shell, call: str, unit: Unit) -> str:
    return (shell("erase") if call == "erase" else shell.put(unit)).result


class Steps(Case):
    """Each call from each place, with the first step, the second and so on failing, until it has no more steps."""

    def prepared(self, shell: Shell, options: dict[str, int], place: int, *fault: str | int) -> Shell:
        self.assertEqual(shell.open(self.image(framed(TAPE)), **options).result, "ok")
        self.assertEqual(shell("locate", place).result, "ok")
        shell("fault", "write", *fault)
        return shell

    def setUp(self) -> None:
        super().setUp()
        self.survivor = self.shell()

    def usable(self, options: dict[str, int], allowed: list[list[Unit]]) -> None:
        """The image is one of these tapes, and can be written on."""
        shell = self.survivor
        self.assertEqual(shell.open(self.dir / "tape.aws", **options).result, "ok")
        units = shell.units()
        self.assertIn(units, allowed)
        self.assertEqual(shell.put(b"new").result, "ok")
        shell("close")
        self.assert_same(unframed((self.dir / "tape.aws").read_bytes()), [*units, b"new"])

    def killed(self, options: dict[str, int], place: int, call: str, unit: Unit) -> int:
        """How many steps the call has."""
        for step in range(1, STEPS_MAX):
            shell = self.prepared(Shell(), options, place, step, 1, "kill")
            try:
                execute(shell, call, unit)
            except Died:
                self.assertEqual(shell.end(), -9)
                self.usable(options, [TAPE, TAPE[:place], done(place, call, unit)])
                continue
            self.assertEqual(shell.end(), 0)
            self.usable(options, [done(place, call, unit)])
            return step - 1
        raise AssertionError(f"{call} has {STEPS_MAX} steps or more")

    def test_killed(self) -> None:
        most = 0
        for name, options in FORMATS.items():
            for place, call, unit in CALLS:
                with self.subTest(f"{name}: {call} {len(unit or b'')} at {place}"):
                    steps = self.killed(options, place, call, unit)
                    # There is nothing behind the end that an erase could take away.
                    self.assertEqual(steps > 0, call != "erase" or place < len(TAPE))
                    most = max(most, steps)
        self.assertEqual(most, 4, "cut off, sync, write data, write the header")

    def failed(self, options: dict[str, int], place: int, call: str, unit: Unit, count: int, kind: str) -> None:
        wanted = "host error" if kind == "eio" else "no space"
        syncs = 0
        for step in range(1, STEPS_MAX):
            shell = self.prepared(self.survivor, options, place, step, count, kind)
            result = execute(shell, call, unit)
            if shell("happened").result == "bad call":
                shell("fault", "write", 0, 0, kind)
                self.assertEqual(syncs > 0, place < len(TAPE))
                return
            self.assertEqual(result, wanted)
            answer = shell("fault", "write", 0, 0, kind)
            self.assertEqual(answer.block, place)
            # Either nothing has happened, or the tape ends here. If the host has failed to sync, the image is of no use
            # until it is opened anew.
            if shell("fsb").result == "host error":
                shell("close")
                self.assertEqual(shell.open(self.dir / "tape.aws", **options).result, "ok")
                syncs += 1
            shell("locate", place)
            units = shell.units()
            self.assertIn(units, [TAPE[place:], []])
            shell("locate", place)
            # It goes on when the host works again.
            self.assertEqual(execute(shell, call, unit), "ok")
            self.assertEqual(shell("sync").result, "ok")
            self.assert_same(unframed((self.dir / "tape.aws").read_bytes()), done(place, call, unit))
        raise AssertionError(f"{call} has {STEPS_MAX} steps or more")

    def test_failed(self) -> None:
        for name, options in FORMATS.items():
            for place, call, unit in CALLS:
                # With two, what is to be taken back can't be taken back either.
                for kind, count in (("eio", 1), ("eio", 2), ("enospc", 1), ("half", 1), ("half", 2)):
                    with self.subTest(f"{name}: {call} {len(unit or b'')} at {place}: {count} {kind}"):
                        self.failed(options, place, call, unit, count, kind)

    def test_failed_and_left(self) -> None:
        """The host fails, fails to take back what was written, and the process ends."""
        for name, options in FORMATS.items():
            for place, call, unit in CALLS:
                for step in range(1, STEPS_MAX):
                    with self.subTest(f"{name}: {call} {len(unit or b'')} at {place}, step {step}"):
                        shell = self.prepared(self.survivor, options, place, step, 5, "half")
                        result = execute(shell, call, unit)
                        happened = shell("happened").result == "ok"
                        shell("close")
                        shell("fault", "write", 0, 0, "half")
                        self.usable(options, [TAPE, TAPE[:place]] if happened else [done(place, call, unit)])
                        self.assertEqual(result == "ok", not happened)
                    if not happened:
                        break


class Killed(Case):
    """Processes that are killed at any time."""

    ROUNDS = 25

    def killed_in_a_call(self, shell: Shell, unit: Unit, seconds: float) -> bool:
        """Send a call, and kill the process a bit later; was the call answered?"""
        assert shell.child.stdin and shell.child.stdout
        shell.child.stdin.write("mark\n" if unit is None else f"write {unit.hex()}\n")
        shell.child.stdin.flush()
        time.sleep(seconds)
        shell.child.kill()
        answered = shell.child.stdout.readline()
        shell.end()
        self.assertTrue(not answered or answered.startswith("ok\t"), answered)
        return bool(answered)

    def test_what_was_answered_is_there(self) -> None:
        source = random.Random(11)
        for number in range(self.ROUNDS):
            options = source.choice(list(FORMATS.values()))
            path = self.dir / f"tape{number}"
            shell = Shell()
            self.assertEqual(shell.open(path, create=1, **options).result, "ok")
            units = [source.choice([None, NOISE, b"x" * 65535, b"y"]) for _ in range(source.randrange(1, 20))]
            for unit in units[:-1]:
                self.assertEqual(shell.put(unit).result, "ok")
            answered = self.killed_in_a_call(shell, units[-1], source.random() / 500)
            found = self.opened(path, **options).units()
            self.assertIn(found, [units] if answered else [units, units[:-1]])
