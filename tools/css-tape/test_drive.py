# SPDX-License-Identifier: GPL-2.0
"""The commands of the drive, as tables. Each row is a rule and has the source of it."""

import unittest

from drive_case import FILES, MEMORY, Drive, Row, for_files, run_rows
from tape_case import build

# IBM's 3490E Hardware Reference, as Hercules' tapeccws.c and tapedev.h have it
GA32 = "GA32-0127 (Hercules tapeccws.c)"
HERCULES = "Hercules tapeccws.c, build_sense_3480_etal()"
LINUX = "Linux tape_34xx.c, tape_34xx_unit_check()"
LINUX_STD = "Linux tape_std.c"
OWN = "Documentation/tape.rst"

MOVING = ["02", "0c", "12", "22", "27", "2f", "37", "3f", "43", "07", "0f", "1f", "17"]

DATA = [
    Row("WRITE adds a block", GA32, ["01:6162 -> 0c count=2", "01:63 -> 0c", "units -> 6162 63 >"]),
    Row("READ gives the next block", GA32, ["02 -> 0c = 6162 count=2", "02 -> 0c = 63"], tape="6162 63"),
    Row("READ of a longer block asks for all of it", "Principles of Operation 15, incorrect length: the device asks",
        ["02 provided=2 -> 0c = 61626364 count=4"], tape="61626364"),
    Row("READ of a longer block than there is room for", "kvm_css.h: the area has the first of them",
        ["02 room=2 -> 0c = 6162 count=4", "02 -> 0c = 65"], tape="61626364 65"),
    Row("READ of a tape mark is unit exception", HERCULES + " READTM", ["02 -> 0d count=0", "02 -> 0c = 61"],
        tape="| 61"),
    Row("READ at the end of data", LINUX + ": 08 40, a read has no bytes", ["02 -> 0c = 61", "02 -> 0e 08 40 36"],
        tape="61"),
    Row("READ of an empty tape is tape void", HERCULES + " EMPTYTAPE", ["02 -> 0e 08 48 31"]),
    Row("READ BACKWARD moves the last byte first", "Principles of Operation 15, Read Backward",
        ["37 -> 0c", "37 -> 0c", "0c -> 0c = 6564 count=2", "0c -> 0c = 636261", "0c -> 0e 00 48 39"],
        tape="616263 6465"),
    Row("READ BACKWARD of a longer block than there is room for", "kvm_css.h: the area has the first of them",
        ["37 -> 0c", "0c room=2 -> 0c = 6463 count=4", "units -> > 61626364"], tape="61626364"),
    Row("READ BACKWARD of a tape mark is unit exception", HERCULES + " READTM", ["3f -> 0c", "0c -> 0d count=0"],
        tape="|"),
    Row("a write ends the tape", "Documentation/tape.rst; any tape",
        ["37 -> 0c", "01:64 -> 0c", "units -> 61 64 >", "02 -> 0e 08 40 36"], tape="61 62 63"),
    Row("WRITE TAPE MARK adds a mark", GA32, ["1f -> 0c", "1f -> 0c", "units -> | | >"]),
    Row("WRITE TAPE MARK is on the medium when it ends", OWN, ["01:61 -> 0c", "synced -> 0", "1f -> 0c", "synced -> 1"]),
    Row("SYNCHRONIZE is on the medium when it ends", GA32, ["01:61 -> 0c", "43 -> 0c", "synced -> 1", "43 -> 0c",
                                                              "synced -> 1"]),
    Row("moving the tape synchronizes", OWN, ["01:61 -> 0c", "27 -> 0c", "synced -> 1", "27 -> 0e 00 48 39",
                                               "synced -> 1"]),
    Row("MODE SET: write immediate for a chain", GA32 + ", Mode Set", [
        "db:20 -> 0c", "01:61 chained -> 0c", "synced -> 1", "01:62 chained -> 0c", "synced -> 2", "01:63 -> 0c", "synced -> 2"]),
    Row("SET TAPE-WRITE-IMMEDIATE for a chain", GA32, [
        "c3 -> 0c", "01:61 chained -> 0c", "synced -> 1", "01:63 -> 0c", "synced -> 1"]),
    Row("WRITE without data writes nothing", OWN + "; a reject would make Linux try for ever",
        ["01 -> 0c count=0", "units -> >"]),
    Row("WRITE of which the channel can't fetch all data writes nothing, and asks for one byte more",
        "kvm_css.h, KVM_CSS_COMMAND_CHECK", [
            "01:6162 check provided=8 -> 0c count=3", "01 check provided=4 -> 0c count=1",
            "01:6162 check room=2 -> 0c count=2", "units -> >"]),
    Row("READ BUFFER has nothing", "Hercules tapeccws.c, case 0x12", ["01:61 -> 0c", "12 -> 0c count=0"]),
    Row("ERASE GAP erases what is behind it", OWN, ["37 -> 0c", "17 -> 0c", "units -> 61 >"], tape="61 62 |"),
    Row("DATA SECURITY ERASE has to be chained to ERASE GAP", GA32, [
        "97 -> 02 80 4c 27", "17 -> 0c", "97 chained -> 0c", "synced -> 1", "units -> >"], tape="61 62"),
]

MOTION = [
    Row("FORWARD SPACE BLOCK", GA32, ["37 -> 0c", "37 -> 0d", "37 -> 0c", "37 -> 0e 08 40 36", "units -> 61 | 62 >"],
        tape="61 | 62"),
    Row("BACKSPACE BLOCK", GA32, ["4f:00000003 -> 0c", "27 -> 0c", "27 -> 0d", "27 -> 0c", "27 -> 0e 00 48 39"],
        tape="61 | 62"),
    Row("FORWARD SPACE FILE stops behind the mark, without unit exception", GA32,
        ["3f -> 0c", "units -> 61 62 | > 63 |", "3f -> 0c", "3f -> 0e 08 40 36"], tape="61 62 | 63 |"),
    Row("BACKSPACE FILE stops before the mark", GA32,
        ["4f:00000004 -> 0c", "2f -> 0c", "units -> 61 62 > | 63", "2f -> 0e 00 48 39", "units -> > 61 62 | 63"],
        tape="61 62 | 63"),
    Row("REWIND: channel end, and device end later", "Documentation/device-status.rst; GA32-0127",
        ["37 -> 0c", "07 -> 08", "units -> > 61", "due -> 04", "due -> 00"], tape="61"),
    Row("HALT of a rewind leaves nothing to present", "user-devices.rst, KVM_CSS_EVENT_HALTED",
        ["07 -> 08", "halted", "due -> 00"], tape="61"),
    Row("a reset leaves nothing to present", "Principles of Operation 17, I/O-system reset",
        ["37 -> 0c", "07 -> 08", "reset", "due -> 00", "units -> > 61"], tape="61"),
    Row("READ BLOCK ID counts blocks and marks", "Linux tape_34xx.c, struct tape_34xx_block_id: segment 1 of wrap 0", [
        "22 -> 0c = 0100000001000000 count=8", "3f -> 0c", "22 -> 0c = 0100000301000003"], tape="61 62 | 63"),
    Row("LOCATE BLOCK", GA32, ["4f:00000003 -> 0c count=4", "02 -> 0c = 63", "4f:00000000 -> 0c", "02 -> 0c = 61"],
        tape="61 62 | 63"),
    Row("LOCATE BLOCK: wrap, segment and format are hints", "Linux tape_34xx.c, tape_34xx_mtseek()",
        ["4f:81800001 -> 0c", "02 -> 0c = 62"], tape="61 62"),
    Row("LOCATE BLOCK: a format that is reserved", GA32, ["4f:01c00001 -> 02 80 48 27"], tape="61 62"),
    Row("LOCATE BLOCK of what isn't there", LINUX + ", 0x44", ["4f:00000003 -> 0e 10 c0 44"], tape="61 62"),
    Row("LOCATE BLOCK needs four bytes", GA32, ["4f:000000 -> 02 80 48 27"], tape="61"),
    Row("REWIND UNLOAD: device end has unit check, environmental data present", LINUX + ", 0x2b: unloaded", [
        "01:61 -> 0c", "0f -> 08", "synced -> 1", "due -> 06 40 40 2b", "due -> 00", "02 -> 02 40 40 43",
        "units -> none"]),
    Row("a status is presented once", "Principles of Operation 17", ["07 -> 08", "due -> 04", "due -> 00"]),
]

NOT_LOADED = [
    Row(f"{code} without a tape is intervention required", LINUX + ", 0x43: no medium", [f"{code} -> 02 40 40 43"],
        tape=None) for code in [*MOVING, "01:61", "4f:00000000"]
] + [
    Row(f"{code} doesn't need a tape", "Hercules tapeccws.c, TapeCommands3490", [f"{code} -> 0c"], tape=None)
    for code in ("03", "04", "24", "34", "5b", "64", "73:00000000", "c3", "db:00", "fa", "b7:" + 22 * "0",
                 "c7:" + 22 * "0", "9f:" + 34 * "0")
] + [
    Row("SENSE tells that there is no tape", "Linux tape_34xx.c, __tape_34xx_medium_sense()",
        ["04 -> 0c = 4040200000000020" + 34 * "0" + "0600ec00028100"], tape=None),
    Row("SENSE tells that there is one, at its load point", "Linux tape_34xx.c, __tape_34xx_medium_sense()",
        ["04 -> 0c = 0048200000000020" + 34 * "0" + "0600ec00028100", "37 -> 0c",
         "04 -> 0c = 0040200000000120" + 34 * "0" + "0600ec00028100"], tape="61"),
    Row("SENSE tells that it is write protected", "Linux tape_34xx.c, __tape_34xx_medium_sense()",
        ["set protect 1", "04 -> 0c = 004a200000000020" + 34 * "0" + "0600ec00028100"], tape="61"),
]

REJECTED = [
    Row(f"{code:02x} is no command of a 3490E", "Hercules tapeccws.c, TapeCommands3490; a 3490 has no medium sense",
        [f"{code:02x} provided=4 -> 02 80 48 27"])
    for code in (0x06, 0x0a, 0x0b, 0x14, 0x1b, 0x4b, 0x54, 0x62, 0x8b, 0x94, 0xc2, 0xcb, 0xd4, 0xf4, 0xff)
] + [
    Row(f"{code} without enough control information", GA32, [f"{code} -> 02 80 48 27"])
    for code in ("db", "b7:" + 20 * "0", "c7:" + 20 * "0", "af:00" + 20 * "1", "e3:" + 22 * "0", "9f:" + 32 * "0",
                 "77:90", "73:000000")
] + [
    Row("control information that the channel can't fetch is asked for", "kvm_css.h, KVM_CSS_COMMAND_CHECK", [
        "db check provided=1 -> 0c count=1", "b7:00 check provided=11 -> 0c count=2",
        "b7:" + 22 * "0" + " check provided=12 -> 0c count=11"]),
    Row("MODE SET: supervisor commands are inhibited for a chain", GA32 + ", Mode Set", [
        "db:10 -> 0c", "db:00 chained -> 02 80 48 27",
        "db:10 -> 0c", "b7:" + 22 * "0" + " chained -> 02 80 48 27",
        "db:10 -> 0c", "5b chained -> 02 80 48 27", "5b -> 0c"]),
    Row("MODE SET: reserved bits are ignored", OWN + "; Linux keeps bit 0 and would try again for ever",
        ["db:c7 -> 0c count=1"]),
]

PROTECTED = [
    Row(f"{code} is rejected on a write protected tape", LINUX + ": command reject with write protect is EACCES",
        ["set protect 1", f"{code} -> 0e 80 4a 30", "set protect 0", "units -> > 61"], tape="61")
    for code in ("01:62", "1f", "17")
] + [
    Row("the guest sets logical write protection", GA32 + ", PSF X'82'", [
        "77:82008000 -> 0c", "1f -> 0e 80 4a 30", "77:83008000 -> 0c", "1f -> 0c"]),
    Row("logical write protection ends with the cartridge", OWN, [
        "77:82008000 -> 0c", "unload -> ok", "mount", "1f -> 0c"]),
]

READ_ERRORS = [
    Row(f"{result}, {code}: both bits, so that it isn't the end of data for Linux",
        LINUX + ": 08 or 10 with 40 alone is the end of data", ["37 -> 0c", "37 -> 0c", f"set read {result}",
                                                               f"{code} -> 0e 18 40 23"], tape="61 62 63")
    for result in ("host error", "no memory", "bad block") for code in ("02", "37", "27", "0c", "3f", "2f")
] + [
    Row("an image that is corrupt is a record sequence error", LINUX + ", 0x41", [
        "37 -> 0c", "set read corrupt", "02 -> 0e 08 50 41", "37 -> 0e 08 50 41", "22 -> 0c = 0100000101000001"],
        tape="61 62"),
    Row("a bad block is passed", "image.h: the tape has moved across it", [
        "37 -> 0c", "set read bad block", "02 -> 0e 18 40 23", "set read ok", "02 -> 0c = 63"], tape="61 62 63"),
]

WRITE_ERRORS = [
    Row(f"{result}, {code}: write data check in write mode", LINUX + ", 0x25", [
        "01:61 -> 0c", f"set write {result}", f"{code} -> 0e 08 44 25", "set write ok", "units -> 61 >"])
    for result in ("host error", "no space", "no memory", "corrupt") for code in ("01:62", "1f", "17")
] + [
    Row("a failed WRITE has taken its data", "kvm_css.h, struct kvm_css_answer",
        ["01:61 -> 0c", "set write host error", "01:6263 -> 0e 08 44 25 count=2"]),
    Row("end of medium is physical end of tape", LINUX + ", 0x38: ENOSPC", [
        "01:61 -> 0c", "set write end of medium", "01:62 -> 0e 10 44 38", "1f -> 0e 10 44 38"]),
    Row("early warning is unit exception, the block is written and on the medium",
        "Linux tape_34xx.c, tape_34xx_irq(): write at end of volume; GA32-0127, Set Tape-Write-Immediate", [
            "set warning 1", "01:61 -> 0d", "synced -> 1", "1f -> 0d", "17 -> 0d", "units -> 61 | >"]),
    Row("early warning: reading has none", "Hercules tapeccws.c, build_senseX()",
        ["set warning 1", "02 -> 0c = 61"], tape="61"),
    Row("a block that is too long", LINUX + ", 0x4e: ENOBUFS",
        ["01:" + 65536 * "61" + " -> 0e 80 4c 4e count=65536", "01:" + 65535 * "61" + " -> 0c count=65535",
                                      "01:6161 more room=2 -> 0e 80 44 4e count=2"]),
]

# A write that has been ended normally, and isn't on the medium
LOST = [
    Row(f"{code} is told of writes that were lost", "GA32-0127, deferred unit check; " + LINUX + ", 0x25", [
        "01:61 -> 0c", "set sync host error", f"{code} -> 0e 0a 44 25"])
    for code in ("1f", "43", "27", "02", "37", "3f", "2f", "0c", "4f:00000000", "0f", "12")
] + [
    Row("REWIND is told of writes that were lost, and doesn't move", "GA32-0127, deferred unit check",
        ["01:61 -> 0c", "set sync host error", "07 -> 0e 0a 44 25", "due -> 00"]),
    Row("then the volume is fenced", "GA32-0127, Volume Fencing; " + LINUX + ", 0x47", [
        "01:61 -> 0c", "set sync host error", "43 -> 0e 0a 44 25", "set sync ok",
        *[f"{code} -> 0e 12 44 47" for code in ("01:62", "1f", "02", "27", "3f", "07", "43", "22")],
        "03 -> 0c", "04 -> 0c", "db:00 -> 0c", "64 -> 0c"]),
    Row("a host that can't write to its medium what it has taken: the same", "fsync(2), ERRORS; sync_file_range(2)", [
        "01:61 -> 0c", "set out host error", "01:62 -> 0e 0a 44 25", "set out ok",
        *[f"{code} -> 0e 12 44 47" for code in ("01:62", "1f", "02", "07", "43")], "unload -> host error"]),
    Row("a fenced tape can be unloaded, and the next one isn't fenced", "GA32-0127, Volume Fencing", [
        "01:61 -> 0c", "set sync host error", "43 -> 0e 0a 44 25", "set sync ok", "0f -> 08", "due -> 06 40 40 2b",
        "mount", "01:62 -> 0c"]),
    *[Row(f"the fence can be reset, but {code} is told of the lost blocks as before ({result})",
          "GA32-0127, PSF X'90'; image.h, TAPE_HOST_ERROR: nobody knows what the file has", [
              "01:61 -> 0c", f"set sync {result}", "43 -> 0e 0a 44 25", "set sync ok", "77:9000 -> 0c count=2",
              f"{code} -> 0e 0a 44 25", f"{code} -> 0e 0a 44 25"])
      for result in ("host error", "no space")
      for code in ("01:62", "1f", "17", "43", "c3", "07", "02", "0c", "27", "37", "4f:00000000")],
    Row("SET TAPE-WRITE-IMMEDIATE waits for what was written before", "GA32-0127, Set Tape-Write-Immediate", [
        "01:61 -> 0c", "set sync host error", "c3 -> 0e 0a 44 25", "set sync ok", "c3 -> 0e 0a 44 25"]),
    Row("a tape whose fence was reset can be unloaded, and an operator is told", "drive.h", [
        "01:61 -> 0c", "set sync host error", "43 -> 0e 0a 44 25", "set sync ok", "77:9000 -> 0c", "unload -> host error",
        "mount", "01:62 -> 0c", "43 -> 0c"]),
    Row("the guest can unload it, too", OWN, [
        "01:61 -> 0c", "set sync host error", "43 -> 0e 0a 44 25", "set sync ok", "77:9000 -> 0c", "0f -> 08",
        "due -> 06 40 40 2b"]),
    Row("REWIND UNLOAD doesn't unload a tape with lost writes the first time", OWN, [
        "01:61 -> 0c", "set sync host error", "0f -> 0e 0a 44 25", "due -> 00", "0f -> 08", "due -> 06 40 40 2b"]),
    Row("an operator's unload tells of lost writes", "drive.h",
        ["01:61 -> 0c", "set sync host error", "unload -> host error", "units -> none"]),
    Row("so it does if the guest was told before", "drive.h",
        ["01:61 -> 0c", "set sync host error", "43 -> 0e 0a 44 25", "unload -> host error", "load -> ok", "unload -> ok"]),
    Row("no memory to synchronize: fdatasync() tells of an error once, so nobody knows what is on the medium",
        "fsync(2), ERRORS; image_write.c, sync_file()", [
            "01:61 -> 0c", "set sync no memory", "43 -> 0e 0a 44 25", "set sync ok", "43 -> 0e 12 44 47",
            "unload -> host error"]),
]

LOADING = [
    Row("loading presents attention, device end and unit exception", "Linux tape_34xx.c, tape_34xx_unsolicited_irq(): 0x85",
        ["02 -> 02 40 40 43", "load -> ok", "due -> 85", "due -> 00", "presented", "02 -> 0e 08 48 31"], tape=None),
    Row("a program that was begun with another tape doesn't write to this one", "GA32-0127, ERA 43: not ready", [
        "db:00 -> 0c", "unload -> ok", "load -> ok", "01:62 chained -> 02 40 40 43", "due -> 85",
        "1f chained -> 02 40 40 43", "presented", "units -> >", "01:63 -> 0c", "units -> 63 >"]),
    Row("nor does one that comes before the guest is told", "GA32-0127, ERA 43: not ready", [
        "unload -> ok", "load -> ok", "07 -> 02 40 40 43", "0f -> 02 40 40 43", "due -> 85", "97 -> 02 40 40 43",
        "presented", "07 -> 08"]),
    Row("nor one that was begun with another process", "GA32-0127, ERA 43: not ready", [
        "begin", "01:62 -> 02 40 40 43", "due -> 85", "01:62 -> 02 40 40 43", "presented", "01:62 -> 0c"]),
    Row("SENSE doesn't tell of a tape that isn't ready", LINUX + ", __tape_34xx_medium_sense(): byte 0", [
        "unload -> ok", "load -> ok", "04 -> 0c = 4040200000000020" + 34 * "0" + "0600ec00028100"]),
    Row("CLEAR before that was presented doesn't lose it", "drive.h", [
        "load -> ok", "due -> 85", "cleared", "due -> 85", "presented", "cleared", "due -> 00"], tape=None),
    Row("a reset before that was presented does: who resets senses", "Principles of Operation 17, I/O-system reset", [
        "load -> ok", "due -> 85", "reset", "due -> 00"], tape=None),
    Row("who begins to serve a drive with a tape presents that", "user-devices.rst: a device that has become ready",
        ["begin", "due -> 85", "due -> 00"]),
    Row("who begins to serve a drive without a tape doesn't", "user-devices.rst", ["begin", "due -> 00"], tape=None),
    Row("CLEAR ends a rewind, and keeps the assignment", "Principles of Operation 17, Clear Function", [
        f"b7:{22 * '0'} -> 0c", "07 -> 08", "cleared", "due -> 00", "34 -> 0c = 30" + 22 * "0"]),
    Row("a drive has one tape", "drive.h", ["load -> busy", "unload -> ok", "unload -> none"]),
    Row("an operator unloads", "Linux tape_34xx.c, 0x43", ["unload -> ok", "due -> 00", "02 -> 02 40 40 43"], tape="61"),
    Row("unloaded before it was presented: not ready", "drive.h",
        ["load -> ok", "unload -> ok", "due -> 00"], tape=None),
    Row("device end comes before the next tape", "Principles of Operation 17", [
        "0f -> 08", "load -> ok", "due -> 06 40 40 2b", "due -> 85"]),
]

GROUP = "8101020304050607"
GROUPED = "0102030405060708090a0b"
OTHER = "1102030405060708090a0b"
PATHS = [
    Row("nothing is set after a reset", GA32 + ", Sense Path Group ID",
        ["34 -> 0c = " + 24 * "0", f"af:00{GROUPED} -> 0c count=12", f"b7:{GROUPED} -> 0c", "reset",
         "34 -> 0c = " + 24 * "0"]),
    Row("SET PATH GROUP ID establishes a group", GA32, [
        f"af:00{GROUPED} -> 0c", f"34 -> 0c = c0{GROUPED}", f"af:00{GROUPED} -> 0c",
        f"af:00{OTHER} -> 02 80 48 27", f"34 -> 0c = c0{GROUPED}"]),
    Row("SET PATH GROUP ID: multipath mode", GA32, [f"af:80{GROUPED} -> 0c", f"34 -> 0c = c8{GROUPED}"]),
    Row("SET PATH GROUP ID disbands a group", GA32, [
        f"af:00{GROUPED} -> 0c", f"af:20{GROUPED} -> 0c", f"34 -> 0c = 00{GROUPED}"]),
    Row("SET PATH GROUP ID resigns from a group", GA32, [
        f"af:00{GROUPED} -> 0c", f"af:40{GROUPED} -> 0c", "34 -> 0c = " + 24 * "0", f"af:00{OTHER} -> 0c"]),
    Row("SET PATH GROUP ID: what is reserved", GA32, [
        f"af:60{GROUPED} -> 02 80 48 27", f"af:01{GROUPED} -> 02 80 48 27", "af:" + 24 * "0" + " -> 02 80 48 27"]),
    Row("path group commands come first in a chain", GA32, [
        "03 -> 0c", "34 chained -> 02 80 48 27", "03 -> 0c", f"af:00{GROUPED} chained -> 02 80 48 27"]),
    Row("ASSIGN to any group, or to one's own", GA32, [
        "b7:" + 22 * "0" + " -> 0c count=11", "34 -> 0c = 30" + 22 * "0", f"b7:{GROUPED} -> 02 80 48 27",
        f"af:00{GROUPED} -> 0c", f"b7:{GROUPED} -> 0c", f"34 -> 0c = f0{GROUPED}",
        "c7:" + 22 * "0" + " -> 0c", f"34 -> 0c = c0{GROUPED}"]),
    Row("CONTROL ACCESS sets a password once", GA32, [
        f"e3:00{GROUPED} -> 02 80 48 27", "b7:" + 22 * "0" + " -> 0c", f"e3:00{GROUPED} -> 0c count=12",
        f"e3:00{OTHER} -> 02 80 48 27", f"e3:80{GROUPED} -> 0c", f"e3:80{OTHER} -> 02 80 48 27",
        f"e3:40{GROUPED} -> 0c", f"e3:40{OTHER} -> 02 80 48 27", "e3:00" + 22 * "0" + " -> 02 80 48 27"]),
    Row("CONTROL ACCESS without a password", GA32, [
        f"e3:80{GROUPED} -> 02 80 48 27", f"e3:40{GROUPED} -> 0c", f"e3:c0{GROUPED} -> 02 80 48 27"]),
]

SUBSYSTEM = [
    Row("READ DEVICE CHARACTERISTICS has 64 bytes", "Hercules tapedev.h, TAPERDC", [
        "64 -> 0c = 349010349040000002408080" + 56 * "0" + "428100" + "0000ffff0000ffff" + 26 * "0" + " count=64"]),
    Row("READ CONFIGURATION DATA has 160 bytes", "Hercules tapedev.c, cfgdata", [
        "fa provided=160 -> 0c = "
        "cc010200f0f0f3f4f9f0c1f1f0d2e5d4f0f0" + 8 * "f0" + "f0f2f8f1" + "0001"
        "c4020000f0f0f3f4f9f0c1f1f0d2e5d4f0f0" + 8 * "f0" + "f0f2f8f0" + "0000" + 32 * "00" +
        "ec000000f0f0f3f4f9f0c1f1f0d2e5d4f0f0" + 8 * "f0" + "f0f2f8f0" + "0000" +
        "8080008000000000" + 24 * "00" + " count=160"]),
    Row("READ BUFFERED LOG has 32 bytes", GA32, ["24 -> 0c = 0048200000000021" + 38 * "0" + "ec00028100 count=32"]),
    Row("SUSPEND MULTIPATH RECONNECTION does nothing", GA32, ["5b -> 0c count=0"]),
    Row("NO-OPERATION does nothing", GA32, ["03 -> 0c count=0"]),
    Row("READ SUBSYSTEM DATA: no message", GA32 + ", PSF X'18'", [
        "77:180000000000030000000000 -> 0c count=12", "3e chained -> 0c = 000900000000000000 count=9"]),
    Row("READ SUBSYSTEM DATA: the status of a message", GA32 + ", PSF X'18'", [
        "77:180000000000030012345678 -> 0c", "3e chained -> 0c = 000a0201123456780000"]),
    Row("READ SUBSYSTEM DATA reads what the command before has prepared", GA32, [
        "3e -> 02 80 48 27", "77:180000000000030000000000 -> 0c", "3e -> 02 80 48 27",
        "77:9000 -> 0c", "3e chained -> 02 80 48 27"]),
    Row("what is prepared is read next", "Hercules tapeccws.c", [
        "77:180000000000030000000000 -> 0c", "03 chained -> 02 80 48 27", "03 -> 0c"]),
    Row("READ MESSAGE ID is chained to a write", GA32, [
        "4e -> 02 80 48 27", "01:61 -> 0c", "4e chained -> 0c = 000a0201000000000000"]),
    *[Row(f"PERFORM SUBSYSTEM FUNCTION {order}", GA32, [f"77:{order} -> 0c"])
      for order in ("800001", "810002", "82001300", "83000100", "9000", "a10000", "a10001", "a200",
                    "1c000100000000000000000000000000000000" + "0000")],
    *[Row(f"PERFORM SUBSYSTEM FUNCTION {order} isn't valid", GA32, [f"77:{order} -> 02 80 48 27"])
      for order in ("0000", "1b00", "800003", "8000", "82000000", "82000400", "820080", "9001", "a10002", "18000000",
                    "180000000000020000000000", "180000010000030000000000", "180000000000030100000000",
                    "1c00030000000000000000000000000000000000")],
    Row("LOAD DISPLAY keeps two messages", "Linux tape_std.c, tape_std_display()", [
        "9f:20d4d6e4d5e3404040a98120f0f1c1606b -> 0c count=17", "display -> 20 MOUNT   |ZA 01A-,"]),
]


TABLES = {
    "data": DATA, "motion": MOTION, "not loaded": NOT_LOADED, "rejected": REJECTED, "protected": PROTECTED,
    "read errors": READ_ERRORS, "write errors": WRITE_ERRORS, "lost writes": LOST, "loading": LOADING, "paths": PATHS,
    "subsystem": SUBSYSTEM,
}

# A host that fails. An image of 100000 bytes, with an early warning 20000 bytes before its end.
BLOCK = "01:" + 30000 * "61"
HOST = [
    Row("the host fails to write: the tape ends there, and one can go on", "image.h, TAPE_HOST_ERROR; " + LINUX + ", 0x25", [
        "01:61 -> 0c", "set write 1 1 eio", "01:62 -> 0e 08 44 25", "units -> 61 >", "01:63 -> 0c", "units -> 61 63 >"]),
    Row("the host fails to write a mark", "image.h, TAPE_HOST_ERROR", [
        "01:61 -> 0c", "set write 1 1 eio", "1f -> 0e 08 44 25", "units -> 61 >"]),
    Row("the host has no space", "image.h, TAPE_NO_SPACE", [
        "01:61 -> 0c", "set write 1 1 enospc", "01:62 -> 0e 08 44 25", "units -> 61 >", "1f -> 0c"]),
    Row("the host fails to synchronize: fenced for good", "image.h, TAPE_HOST_ERROR", [
        "01:61 -> 0c", "set write 1 1 eio", "43 -> 0e 0a 44 25", "43 -> 0e 12 44 47", "77:9000 -> 0c",
        "01:62 -> 0e 0a 44 25", "43 -> 0e 0a 44 25", "unload -> host error", "mount", "02 -> 0c = 61"]),
    Row("the host fails to read", "image.h, TAPE_HOST_ERROR", [
        "37 -> 0c", "set read 1 1 eio", "02 -> 0e 18 40 23", "02 -> 0c = 62"], tape="61 62"),
    Row("early warning, then the end of the tape", "image.h, struct tape_position; " + LINUX + ", 0x38", [
        BLOCK + " -> 0c", BLOCK + " -> 0c", BLOCK + " -> 0d", BLOCK + " -> 0e 10 44 38", "1f -> 0d", "1f -> 0d",
        "27 -> 0d", "27 -> 0d", "27 -> 0c", "37 -> 0c", "37 -> 0d", "37 -> 0d", "37 -> 0e 08 40 36"]),
]


def setUpModule() -> None:  # noqa: N802
    build()


class Commands(unittest.TestCase):
    def test_tables(self) -> None:
        for name, rows in TABLES.items():
            with self.subTest(name):
                run_rows(self, rows)

    def test_tables_with_files(self) -> None:
        for name, rows in TABLES.items():
            with self.subTest(name):
                run_rows(self, for_files(rows), FILES)

    def test_a_guest_cannot_fill_the_log(self) -> None:
        drive = Drive(self, MEMORY, "")
        drive.prepare("61")
        drive.step("set read host error")
        for _ in range(300):
            drive.step("02 -> 0e 18 48 23")
        drive.step("set read ok")
        drive.step("01:62 -> 0c")
        drive.step("set sync host error")
        drive.step("43 -> 0e 0a 44 25")
        lines = drive.shell.end().splitlines()
        self.assertLess(len(lines), 110)
        self.assertTrue(any("has lost blocks" in line for line in lines), lines[-1])

    def test_host(self) -> None:
        run_rows(self, HOST, FILES, "100000 20000")


if __name__ == "__main__":
    unittest.main()
