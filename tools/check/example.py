# SPDX-License-Identifier: GPL-2.0
"""The device of Documentation/adding-a-device.rst, made from the blocks of that page.

A block is a new file, or it is put into a file that is there: behind the block's first line, which must be in that file
once.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from errors import LabError

TREE = Path(__file__).resolve().parents[2]
DOCUMENT = TREE / "Documentation/adding-a-device.rst"
BLOCK = re.compile(r"^(New file|In) ``([^`\n]+)``::\n\n((?:\t.*\n|\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A new file, or lines for a file that is there."""
    path: str
    is_new: bool
    text: str


def blocks() -> list[Block]:
    return [Block(path, how == "New file", re.sub(r"^\t", "", text, flags=re.MULTILINE).rstrip("\n") + "\n")
            for how, path, text in BLOCK.findall(DOCUMENT.read_text())]


def new_files() -> set[str]:
    return {block.path for block in blocks() if block.is_new}


def changed() -> dict[str, str]:
    """Every file that the example makes or changes, as it is then."""
    texts: dict[str, str] = {}
    for block in blocks():
        if block.is_new:
            texts[block.path] = block.text
            continue
        text = texts.get(block.path) or (TREE / block.path).read_text()
        line = block.text.split("\n", 1)[0] + "\n"
        if f"\n{text}".count(f"\n{line}") != 1:
            raise LabError(f"the line {line.strip()!r} once in {block.path}", f"it {text.count(line)} times")
        texts[block.path] = f"\n{text}".replace(f"\n{line}", f"\n{block.text}")[1:]
    return texts


def write(place: Path) -> None:
    """Put the example into a copy of the tree, which may consist of links."""
    for name, text in changed().items():
        path = place / name
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
