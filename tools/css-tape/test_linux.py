# SPDX-License-Identifier: GPL-2.0
"""What Linux' tape drivers do with the drive, command by command.

tape_34xx is that of Debian 12's 6.1 and Debian 13's 6.12, tape_3490 that of 7.2, which has no tape_34xx any more. Both
build their channel programs in tape_std.c; where they differ, a row says so. What a driver makes of an answer is in
the names.
"""

import unittest

from drive_case import FILES, Row, for_files, run_rows
from tape_case import build

GROUP = "0080ffff12345678abcdef"
NONE = 22 * "0"

# cio, when the device is set online: tape_generic_probe() asks for path groups. SENSE ID is the kernel's to answer.
CIO = [
    "34 provided=12 -> 0c = 00" + NONE,
    f"af:80{GROUP} -> 0c count=12",
    f"34 provided=12 -> 0c = c8{GROUP}",
]
ASSIGN = [f"b7:{NONE} -> 0c count=11", "03 chained -> 0c"]
UNASSIGN = [f"c7:{NONE} -> 0c count=11", "03 chained -> 0c"]
MEDIUM_SENSE_NONE = ["04 provided=32 -> 0c = 4040200000000020" + 34 * "0" + "0600ec00028100 count=32"]
MEDIUM_SENSE_START = ["04 provided=32 -> 0c = 0048200000000020" + 34 * "0" + "0600ec00028100 count=32"]
MODE = "db:00 -> 0c count=1"


def program(*steps: str) -> list[str]:
    """MODE SET, and what is chained to it."""
    return [MODE, *(step.replace(" ->", " chained ->", 1) for step in steps)]


def ends(*steps: str) -> list[str]:
    """The same with the NO-OPERATION with which most programs end."""
    return program(*steps, "03 -> 0c")


ONLINE = [*CIO, *ASSIGN]
REWIND = program("07 -> 08") + ["due -> 04", "03 chained -> 0c"]
TELL_START = ends("22 provided=8 -> 0c = 0100000001000000")

ROWS = [
    Row("set online without a tape, and a tape is loaded", "tape_34xx_setup_device(), tape_34xx_unsolicited_irq()",
        [*ONLINE, *MEDIUM_SENSE_NONE, "mount", *MEDIUM_SENSE_START, *TELL_START], tape=None),
    Row("set online with a tape: mt status says that it is at its beginning", "__tapechar_ioctl(), MTIOCGET",
        [*ONLINE, *MEDIUM_SENSE_START, *TELL_START]),
    Row("set offline and online again", "tape_34xx_cleanup_device()",
        [*ONLINE, *MEDIUM_SENSE_START, *UNASSIGN, *ASSIGN, *MEDIUM_SENSE_START]),
    Row("write to the rewinding device: two marks, then back behind the first", "tapechar_write(), tapechar_release()", [
        *program("01:6161 -> 0c count=2"), *program("01:62 -> 0c count=1"),
        *ends("1f -> 0c", "1f -> 0c"), MODE, "27 chained -> 0d", *REWIND, "units -> > 6161 62 | |"]),
    Row("write to the device that doesn't rewind: one mark, and the second before the tape moves",
        "tapechar_release(), tape_std_terminate_write()", [
            *program("01:61 -> 0c"), *ends("1f -> 0c"), "units -> 61 | >",
            *program("01:62 -> 0c"), *ends("1f -> 0c"),
            *ends("1f -> 0c"), MODE, "27 chained -> 0d", *REWIND, "units -> > 61 | 62 | |"]),
    Row("what was written is on the host's medium when the device is closed", "tapechar_release(): WRITE TAPE MARK",
        [*program("01:61 -> 0c"), "synced -> 0", *ends("1f -> 0c"), "synced -> 1"]),
    Row("read to the end of a file: no bytes, no error", "tapechar_read(): unit exception isn't looked at", [
        *program("02 provided=65535 -> 0c = 6161"), *program("02 provided=65535 -> 0d count=0"),
        *program("02 provided=65535 -> 0c = 62")], tape="6161 | 62"),
    Row("read behind the end of data: no bytes, no error", "tape_34xx_unit_check(): 08 with 40 alone, TO_RFO",
        program("02 -> 0c = 61") + program("02 -> 0e 08 40 36"), tape="61"),
    Row("mt fsf 2", "tape_std_mtfsf()", [*ends("3f -> 0c", "3f -> 0c"), "units -> 61 | 62 | > 63 | |"],
        tape="61 | 62 | 63 | |"),
    Row("mt fsf behind the last mark: ENOSPC", "tape_34xx_unit_check(): 08 with 40 alone, TO_FSF",
        program("3f -> 0c", "3f -> 0e 08 40 36"), tape="61 |"),
    Row("mt bsf 1 from the second file: to the begin of the mark, then forward across it", "tape_std_mtbsf()",
        [*ends("3f -> 0c"), *ends("2f -> 0c"), *program("37 -> 0d"), "units -> 61 | > 62 |"], tape="61 | 62 |"),
    Row("mt bsf in the first file: EIO", "tape_34xx_unit_check(): 0x39",
        [*ends("37 -> 0c"), *program("2f -> 0e 00 48 39")], tape="61 | 62 |"),
    Row("mt bsr at the load point: EIO, and no endless retry", "tape_34xx_unit_check(): 0x39 with 48, TO_BSB",
        program("27 -> 0e 00 48 39"), tape="61"),
    Row("mt fsr across a mark: the unit exception is counted", "tape_34xx_irq(), TO_FSB",
        [*ends("37 -> 0c"), *program("37 -> 0d")], tape="61 | 62"),
    Row("mt eod: forward by files until there is an empty one", "tape_std_mteom()", [
        *REWIND, *ends("3f -> 0c"), *ends("37 -> 0c"), *ends("3f -> 0c"), *program("37 -> 0d"), *program("27 -> 0d"),
        "units -> 61 | 62 63 | > |"], tape="61 | 62 63 | |"),
    Row("mt seek and mt tell of tape_34xx: segment 1", "tape_34xx_mtseek(), tape_34xx_merge_sbid()", [
        *ends("4f:01000003 -> 0c count=4"), *ends("22 provided=8 -> 0c = 0100000301000003"), *program("02 -> 0c = 63")],
        tape="61 62 | 63"),
    Row("mt seek of tape_34xx with compression: 3480 XF", "tape_34xx_mtseek(), TAPE34XX_FMT_3480_XF",
        ["db:08 -> 0c count=1", "4f:01800003 chained -> 0c", "03 chained -> 0c", *program("02 -> 0c = 63")],
        tape="61 62 | 63"),
    Row("mt seek of tape_3490: no segment", "Linux 7.2, tape_3490_mtseek()",
        [*ends("4f:00000003 -> 0c count=4"), *program("02 -> 0c = 63")], tape="61 62 | 63"),
    Row("mt seek behind the end: EIO", "tape_34xx_unit_check(): 0x44, TO_LBL", program("4f:01000009 -> 0e 10 c0 44"),
        tape="61"),
    Row("mt erase", "tape_std_mterase()", [
        MODE, "07 chained -> 08", "due -> 04", "17 chained -> 0c", "97 chained -> 0c", "07 chained -> 08", "due -> 04",
        "03 chained -> 0c", "units -> >"], tape="61 | 62"),
    Row("mt offline: unloaded, by way of unit check", "tape_34xx_unit_check(): 0x2b, TO_RUN", [
        *program("0f -> 08"), "due -> 06 40 40 2b", *program("22 -> 02 40 40 43"), "mount",
        *MEDIUM_SENSE_START], tape="61"),
    Row("mt status without a tape: ENOMEDIUM, and the state is that", "tape_34xx_unit_check(): 0x43",
        ["unload -> ok", *program("22 -> 02 40 40 43")]),
    Row("mt compression", "tape_std_mtcompression()", ["db:08 -> 0c", "03 chained -> 0c"]),
    Row("mt retension runs to the end of data", "tape_std_mtreten(): a loop, which ends with the end of data",
        [*program("3f -> 0c", "03 -> 0c"), *program("3f -> 0c", "03 -> 0c"), *program("3f -> 0e 08 40 36")], tape="61 | |"),
    Row("a write protected tape: EACCES", "tape_34xx_unit_check(): 80 and 02, TO_WRI, TO_WTM and TO_DSE", [
        "set protect 1", "04 provided=32 -> 0c = 004a200000000020" + 34 * "0" + "0600ec00028100",
        *program("01:61 -> 0e 80 4a 30"), *program("1f -> 0e 80 4a 30"), MODE, "17 chained -> 0e 80 4a 30"]),
    Row("end of volume: ENOSPC, the last block is taken back, and a mark is written",
        "tape_34xx_irq(): unit exception; tape_std_process_eov()", [
            *program("01:61 -> 0c"), "set warning 1", *program("01:62 -> 0d count=1"), *ends("27 -> 0c"),
            *program("1f -> 0d"), *program("27 -> 0d"), "units -> 61 > |"]),
    Row("the host fails to write: EIO, neither ENOSPC nor success", "tape_34xx_unit_check(): 44, then 0x25",
        ["set write host error", *program("01:61 -> 0e 08 4c 25"), "set write ok", *program("01:61 -> 0c"),
         "set write no space", *program("01:62 -> 0e 08 44 25")]),
    Row("the host fails to write a mark: EIO, not success", "tape_34xx_unit_check(): 44, then 0x25, TO_WTM",
        [*program("01:61 -> 0c"), "set write host error", *program("1f -> 0e 08 44 25")]),
    Row("the host loses what was written: EIO for the mark, and for all that follows",
        "tape_34xx_unit_check(): 0x25 and 0x47, TO_WTM, TO_WRI and TO_BSB", [
            *program("01:61 -> 0c"), "set sync host error", *program("1f -> 0e 0a 44 25"),
            *program("1f -> 0e 12 44 47"), *program("01:62 -> 0e 12 44 47"), *program("27 -> 0e 12 44 47"),
            *program("07 -> 0e 12 44 47"), *program("0f -> 08"), "due -> 06 40 40 2b"]),
    Row("a fenced volume: set offline and online, to unload it then", "tape_std_assign(): NO-OPERATION behind ASSIGN", [
        *program("01:61 -> 0c"), "set sync host error", *program("1f -> 0e 0a 44 25"), *UNASSIGN, *ASSIGN,
        *program("0f -> 08"), "due -> 06 40 40 2b"]),
    Row("lost when the tape is closed: mt tell, mt rewind and mt weof say so, mt offline doesn't",
        "tapechar_release() ignores the tape mark's end; Documentation/tape.rst", [
            *program("01:61 -> 0c"), "set sync host error", *program("1f -> 0e 0a 44 25"), "set sync ok",
            *program("22 provided=8 -> 0e 12 44 47"), *program("07 -> 0e 12 44 47"), *program("1f -> 0e 12 44 47"),
            *program("0f -> 08"), "due -> 06 40 40 2b"]),
    Row("no space for the mark when the tape is closed: mt tell doesn't wait for the blocks, mt rewind does",
        "tapechar_release() ignores the tape mark's end; Documentation/tape.rst", [
            *program("01:61 -> 0c"), "set write no space", *program("1f -> 0e 08 44 25"),
            *ends("22 provided=8 -> 0c = 0100000101000001"), "synced -> 0", *REWIND, "synced -> 1"]),
    Row("the host fails to read: EIO, not the end of the file", "tape_34xx_unit_check(): 18, then 0x23, TO_RFO",
        [*ends("37 -> 0c"), "set read host error", *program("02 -> 0e 18 40 23"), *program("27 -> 0e 18 40 23")],
        tape="61 62"),
    Row("an image is corrupt: EIO, not the end of the file", "tape_34xx_unit_check(): 50, then 0x41, TO_RFO",
        [*ends("37 -> 0c"), "set read corrupt", *program("02 -> 0e 08 50 41")], tape="61 62"),
    Row("read backward, as an error recovery would", "tape_std_read_backward()",
        [*ends("37 -> 0c"), MODE, "0c chained -> 0c = 6261", "37 chained -> 0c", "03 chained -> 0c"], tape="6162"),
    Row("display", "tape_std_display()", ["9f:2040404040404040404040404040404040 -> 0c count=17", "03 chained -> 0c"]),
]


def setUpModule() -> None:  # noqa: N802
    build()


class Linux(unittest.TestCase):
    def test_drivers(self) -> None:
        run_rows(self, ROWS)

    def test_drivers_with_files(self) -> None:
        run_rows(self, for_files(ROWS), FILES)


if __name__ == "__main__":
    unittest.main()
