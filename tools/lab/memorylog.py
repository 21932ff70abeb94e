# SPDX-License-Identifier: GPL-2.0
"""The kernel's log out of a stopped host's storage: what a dead kernel could not tell on its console any more.

Since 5.10 the kernel keeps a message in two places. Its text is in a block of a ring: the message's number as a
long, the text, padding. Its time and length are in a struct printk_info. Numbers are consecutive, and so are the
blocks and the structures, which is enough to find them without symbols.
"""

import mmap
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LONG = 8
NUMBER_BITS = 62
MAX_TEXT = 2048
# Something every kernel logs first, something it logs later, and what it logs at its end.
ANCHORS = (b"Linux version ", b"Run /init as init process", b"Kernel panic - not syncing", b"Call Trace:")
PRINTABLE = re.compile(rb"[\t\x20-\x7e]")

# struct printk_info: u64 seq, u64 ts_nsec, u16 text_len, and what is not needed here.
INFO = struct.Struct(">QQH")
INFO_SIZE = 88
RING_SIZES = [1 << bits for bits in range(8, 20)]


@dataclass(frozen=True)
class Message:
    """A message as it is in the ring; the text has padding behind it."""
    number: int
    address: int
    text: bytes


def extract(core: Path) -> str:
    """The log in an image of storage, oldest first; empty if there is none to be found."""
    with core.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as storage:
        messages: list[Message] = []
        for anchor in ANCHORS:
            for at in _places(storage, anchor):
                if at % LONG == 0 and at >= LONG:
                    messages = max(messages, _chain(storage, at - LONG), key=len)
            if len(messages) > 1:
                break
        return "".join(line + "\n" for line in _lines(storage, messages))


def _places(storage: mmap.mmap, wanted: bytes) -> Iterator[int]:
    at = storage.find(wanted)
    while at >= 0:
        yield at
        at = storage.find(wanted, at + 1)


def _chain(storage: mmap.mmap, at: int) -> list[Message]:
    """The message whose block is at this address, and all that come after it."""
    messages: list[Message] = []
    number = int.from_bytes(storage[at:at + LONG], "big")
    if number >> NUMBER_BITS:
        return messages
    while at >= 0:
        following = (number + 1) % (1 << NUMBER_BITS)
        wanted = following.to_bytes(LONG, "big")
        window = storage[at + LONG:at + LONG + MAX_TEXT]
        end = window.find(wanted)
        while end > 0 and end % LONG:
            end = window.find(wanted, end + 1)
        if end > 0:
            messages.append(Message(number, at, window[:end]))
            at += LONG + end
        else:           # the last one, or the ring begins anew
            messages.append(Message(number, at, window.split(b"\0", 1)[0]))
            at = _elsewhere(storage, wanted)
        number = following
    return messages


def _elsewhere(storage: mmap.mmap, wanted: bytes) -> int:
    """The place of another block with this number, -1 if there is none."""
    for at in _places(storage, wanted):
        if at % LONG == 0 and PRINTABLE.match(storage[at + LONG:at + LONG + 1]):
            return at
    return -1


def _info_arrays(storage: mmap.mmap) -> Iterator[int]:
    """The addresses of what looks like an array of struct printk_info."""
    gap = b".{%d}" % (INFO_SIZE - LONG)
    sequence = gap.join(re.escape(number.to_bytes(LONG, "big")) for number in (1, 2, 3))
    for found in re.finditer(sequence, storage, re.DOTALL):
        if found.start() >= INFO_SIZE:
            yield found.start() - INFO_SIZE


def _lines(storage: mmap.mmap, messages: list[Message]) -> list[str]:
    """The messages with their times and real lengths, if these can be found."""
    best = [message.text.split(b"\0", 1)[0].decode("utf-8", "replace").strip() for message in messages]
    fitting = 0
    for array in _info_arrays(storage):
        for size in RING_SIZES:
            lines = [_line(storage, array, size, message) for message in messages]
            if len(lines) - lines.count("") > fitting:
                fitting = len(lines) - lines.count("")
                best = [line or plain for line, plain in zip(lines, best)]
    return best


def _line(storage: mmap.mmap, array: int, size: int, message: Message) -> str:
    """The message as this array of that many places describes it; empty if it describes another one."""
    # The first message's number is as many below zero, in 32 bits, as the ring has places.
    sequence = (message.number + size) % (1 << 32)
    at = array + sequence % size * INFO_SIZE
    if at + INFO.size > len(storage):
        return ""
    number, nanoseconds, length = INFO.unpack_from(storage, at)
    if number != sequence or length > len(message.text):
        return ""
    text = message.text[:length].decode("utf-8", "replace")
    return f"[{nanoseconds / 1e9:12.6f}] {text}"
