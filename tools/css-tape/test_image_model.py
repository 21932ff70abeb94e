# SPDX-License-Identifier: GPL-2.0
"""Random calls on a tape image, compared with a list of units and a position in it."""

import random

from tape_case import AWS, BZIP2, HET, NONE, ZLIB, Answer, Case, Shell, Unit, some_block, unframed

CALLS = 1500
SEEDS = 3
UNITS_MAX = 400


class Model:
    """What a tape is."""

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.at = 0

    def files(self) -> int:
        return self.units[:self.at].count(None)

    def _kind(self, place: int) -> str:
        return "tape mark" if self.units[place] is None else "ok"

    def put(self, unit: Unit) -> str:
        self.units[self.at:] = [unit]
        self.at += 1
        return "ok"

    def erase(self) -> str:
        del self.units[self.at:]
        return "ok"

    def fsb(self) -> str:
        if self.at == len(self.units):
            return "end of data"
        self.at += 1
        return self._kind(self.at - 1)

    def bsb(self) -> str:
        if not self.at:
            return "load point"
        self.at -= 1
        return self._kind(self.at)

    def fsf(self) -> str:
        while True:
            result = self.fsb()
            if result != "ok":
                return "ok" if result == "tape mark" else result

    def bsf(self) -> str:
        while True:
            result = self.bsb()
            if result != "ok":
                return "ok" if result == "tape mark" else result

    def end(self) -> str:
        self.at = len(self.units)
        return "ok"

    def rewind(self) -> str:
        self.at = 0
        return "ok"

    def locate(self, place: int) -> str:
        self.at = min(place, len(self.units))
        return "ok" if self.at == place else "end of data"


MOTION = ("fsb", "bsb", "fsf", "bsf", "end", "rewind")


class Random(Case):
    """Both must agree after each call."""

    def agree(self, model: Model, answer: Answer, result: str, data: bytes) -> None:
        self.assertEqual((answer.result, answer.data == data, answer.block, answer.file),
                         (result, True, model.at, model.files()), answer.message)

    def write(self, source: random.Random, model: Model, shell: Shell) -> None:
        # Writes in the middle are rare, or the tape never becomes long.
        if model.at < len(model.units) and source.random() < 0.9:
            model.end()
            self.agree(model, shell("end"), "ok", b"")
        if len(model.units) > UNITS_MAX:
            return
        unit = None if source.random() < 0.2 else some_block(source, source.choice([100, 100, 65535]))
        answer = shell.put(unit)
        self.agree(model, answer, model.put(unit), b"")

    def read(self, source: random.Random, model: Model, shell: Shell) -> None:
        backward = source.random() < 0.5
        answer = shell("rback" if backward else "read")
        before = model.at
        result = model.bsb() if backward else model.fsb()
        passed = model.units[min(before, model.at)] if before != model.at else None
        self.agree(model, answer, result, passed or b"")

    def move(self, source: random.Random, model: Model, shell: Shell) -> None:
        if source.random() < 0.3:
            place = source.randrange(len(model.units) + 3)
            self.agree(model, shell("locate", place), model.locate(place), b"")
            return
        call = source.choice(MOTION)
        self.agree(model, shell(call), getattr(model, call)(), b"")

    def once(self, source: random.Random, model: Model, shell: Shell, options: dict[str, int]) -> None:
        if source.random() < 0.01:
            self.agree(model, shell("erase"), model.erase(), b"")
        if source.random() < 0.01:
            # Another process, so to say: it has no index.
            self.assertEqual(shell("close").result, "ok")
            self.assert_same(unframed((self.dir / "tape").read_bytes()), model.units)
            self.assertEqual(shell.open(self.dir / "tape", **options).result, "ok")
            model.rewind()
        source.choice([self.write, self.write, self.read, self.read, self.move])(source, model, shell)

    def run_with(self, **options: int) -> None:
        for seed in range(SEEDS):
            with self.subTest(f"seed {seed}"):
                source = random.Random(seed)
                (self.dir / "tape").unlink(missing_ok=True)
                shell, model = self.opened(self.dir / "tape", create=1, **options), Model()
                for _ in range(CALLS):
                    self.once(source, model, shell, options)
                self.agree(model, shell("rewind"), model.rewind(), b"")
                self.assert_same(shell.units(), model.units)

    def test_aws(self) -> None:
        self.run_with(format=AWS)

    def test_aws_in_chunks(self) -> None:
        self.run_with(format=AWS, chunk=4096)

    def test_het_zlib(self) -> None:
        self.run_with(format=HET, compression=ZLIB)

    def test_het_bzip2_in_chunks(self) -> None:
        self.run_with(format=HET, compression=BZIP2, chunk=5000)

    def test_het_uncompressed(self) -> None:
        self.run_with(format=HET, compression=NONE)
