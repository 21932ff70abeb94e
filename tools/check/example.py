# SPDX-License-Identifier: GPL-2.0
"""The devices of Documentation/adding-a-device.rst and user-devices.rst, made from the blocks of these pages.

A block is a new file, or it is put into a file that is there: behind the block's first line, which must be in that file
once. The page on devices in processes has one new file, which is a whole program.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from errors import LabError

TREE = Path(__file__).resolve().parents[2]
DOCUMENT = TREE / "Documentation/adding-a-device.rst"
USER_DOCUMENT = TREE / "Documentation/user-devices.rst"
BLOCK = re.compile(r"^(New file|In) ``([^`\n]+)``::\n\n((?:\t.*\n|\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A new file, or lines for a file that is there."""
    path: str
    is_new: bool
    text: str


def blocks(document: Path = DOCUMENT) -> list[Block]:
    return [Block(path, how == "New file", re.sub(r"^\t", "", text, flags=re.MULTILINE).rstrip("\n") + "\n")
            for how, path, text in BLOCK.findall(document.read_text())]


def new_files(document: Path = DOCUMENT) -> set[str]:
    return {block.path for block in blocks(document) if block.is_new}


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


def write_program(place: Path) -> Path:
    """Put the program of the page on devices in processes into this directory."""
    found = blocks(USER_DOCUMENT)
    if len(found) != 1 or not found[0].is_new:
        raise LabError(f"one new file in {USER_DOCUMENT.name}", f"{[block.path for block in found]}")
    place.mkdir(parents=True, exist_ok=True)
    path = place / found[0].path
    path.write_text(found[0].text)
    return path
