# SPDX-License-Identifier: GPL-2.0
"""The console of a host on Hercules: a 3215 printer-keyboard, reached as a telnet client.

Hercules' own SCLP console drops all but the first line of what the kernel writes at once. The 3215 is a device with a
channel program of its own for every write, and loses nothing.
"""

import socket

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
TERMINAL_TYPE, IS, SEND = 24, 0, 1


class Telnet:
    """The client's side of the connection to one printer-keyboard."""

    def __init__(self, port: int, device: str, timeout: float = 10):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._socket.setblocking(True)
        self._device = device
        self._pending = b""

    def fileno(self) -> int:
        """For selectors."""
        return self._socket.fileno()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def send_line(self, line: str) -> None:
        """Type a line and press Enter."""
        self._socket.sendall(line.encode("latin-1", "replace") + b"\r\n")

    def receive(self) -> bytes | None:
        """What the device printed since the last call; None when Hercules has hung up."""
        try:
            data = self._socket.recv(65536)
        except ConnectionError:
            return None
        if not data:
            return None
        return self._strip(self._pending + data)

    def _strip(self, data: bytes) -> bytes:
        """Take telnet's commands out of the stream and answer them."""
        out = bytearray()
        at = 0
        while at < len(data):
            if data[at] != IAC:
                end = data.find(IAC, at)
                end = len(data) if end < 0 else end
                out += data[at:end]
                at = end
                continue
            length = _command_length(data, at)
            if length == 0:     # the rest of it has not arrived
                break
            out += self._answer(data[at:at + length])
            at += length
        self._pending = data[at:]
        return bytes(out)

    def _answer(self, command: bytes) -> bytes:
        verb = command[1]
        if verb == IAC:
            return b"\xff"
        if verb == DO:
            reply = WILL if command[2] == TERMINAL_TYPE else WONT
            self._socket.sendall(bytes((IAC, reply, command[2])))
        elif verb in (WILL, WONT):
            # Hercules waits for an answer to WONT ECHO as well.
            self._socket.sendall(bytes((IAC, DONT, command[2])))
        elif verb == SB and command[2:4] == bytes((TERMINAL_TYPE, SEND)):
            name = f"ANSI@{self._device}".encode()
            self._socket.sendall(bytes((IAC, SB, TERMINAL_TYPE, IS)) + name + bytes((IAC, SE)))
        return b""


def _command_length(data: bytes, at: int) -> int:
    """The length of the telnet command at this place, 0 if its end is missing."""
    if at + 1 >= len(data):
        return 0
    verb = data[at + 1]
    if verb == SB:
        end = data.find(bytes((IAC, SE)), at)
        return 0 if end < 0 else end + 2 - at
    length = 3 if verb in (DO, DONT, WILL, WONT) else 2
    return length if at + length <= len(data) else 0
