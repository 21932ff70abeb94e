# SPDX-License-Identifier: GPL-2.0
"""What a guest has written to a 3390 of the kernel's, as others find it in the image: Hercules' programs, and those of
ext4."""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import ckd
import dasdload
import proc
import toolchain
from errors import LabError
from report import SKIPPED, Report

# What the scenario "eckd" leaves: the image of the disk that the guest was writing to when it was killed, one that
# dasdload had made, and the copy of that which the guest has made track by track
KILLED, SOURCE, COPIED = "linux-eckd.ckd", "linux-eckd-tracks.ckd", "linux-eckd-copy.ckd"
# With the serial that fdasd has given the volume
DATA_SET = "LINUX.V0X0220.PART0001.NATIVE"


def programs_missing() -> str:
    """Which of the programs are missing, or ""."""
    names = ("dasdls", "dasdseq", "dasdcopy", "ckd2cckd", "cckd2ckd", "cckdcdsk", "dasdload")
    return " ".join(name for name in names if not shutil.which(name))


def complaint(check: Callable[[], str]) -> str:
    """What a check finds wrong; a program that fails is a complaint as well."""
    try:
        return check()
    except LabError as error:
        return str(error)


def differs(what: Path, image: Path) -> str:
    """Which tracks of two images differ, home addresses, counts and keys included, or ""."""
    pairs = enumerate(zip(ckd.tracks(what), ckd.tracks(image), strict=True))
    wrong = [number for number, (found, expected) in pairs if found != expected]
    return f"{what.name}: these tracks differ: {wrong}" if wrong else ""


def lists(image: Path, names: list[str]) -> str:
    """dasdls finds these data sets in the table of contents."""
    said = proc.output(["dasdls", image])
    missing = [name for name in names if not re.search(rf"^{re.escape(name)} *$", said, re.MULTILINE)]
    return f"no data set {missing} in:\n{said}" if missing else ""


def copies(image: Path, place: Path) -> str:
    """dasdcopy reads every track."""
    copy = place / "copy"
    # It prints a line for a track that it can't read, and makes an empty one of it.
    said = proc.output(["sh", "-c", 'dasdcopy -q -r -o CKD "$0" "$1" 2>&1', image, copy])
    return said if "error" in said else differs(copy, image)


def compresses(image: Path, place: Path) -> str:
    """ckd2cckd, a check of the compressed image, and back."""
    compressed, back = place / "compressed", place / "back"
    said = proc.output(["sh", "-c", 'ckd2cckd "$0" "$1" 2>&1', image, compressed])
    if "error" in said:
        return said
    proc.output(["cckdcdsk", "-3", compressed])
    proc.output(["cckd2ckd", "-q", compressed, back])
    return differs(back, image)


def is_copy(image: Path, source: Path, place: Path) -> str:
    """The guest's copy of an image that dasdload has made: the same tracks, and the same data sets."""
    if wrong := differs(image, source) or lists(image, [name.upper() for name in dasdload.DATA_SETS]):
        return wrong
    # It writes to a file of that name, in its directory.
    proc.output(["dasdseq", image, dasdload.TEXT_SET], cwd=place)
    found = (place / dasdload.TEXT_SET).read_bytes().decode("cp037")
    expected = "".join(line.ljust(dasdload.LINE) for line in dasdload.LINES)
    return "" if found == expected else f"dasdseq: {dasdload.TEXT_SET} has {found[:400]!r}"


def synced_before(console: Path) -> int:
    """How many files the guest has said to be on the disk, before it was killed."""
    said = re.findall(r"^guest: synced (\d+)", console.read_text(errors="replace"), re.MULTILINE)
    return int(said[-1]) if said else 0


def survives(image: Path, console: Path, place: Path) -> str:
    """After the kill: fsck replays the journal, finds nothing wrong then, and what was synced is there."""
    partition, files = place / "partition", place / "files"
    # Linux has its first partition behind the two tracks with the volume label and the table of contents.
    partition.write_bytes(b"".join(ckd.records(image, first=2)))
    files.mkdir()
    # 1: it has repaired something.
    if (status := toolchain.run_sbin(["e2fsck", "-p", partition], what="e2fsck -p", check=False)) > 1:
        return f"e2fsck -p: status {status}"
    toolchain.run_sbin(["e2fsck", "-f", "-n", partition], what="e2fsck -n")
    toolchain.run_sbin(["debugfs", "-R", f"rdump / {files}", partition], what="debugfs")
    count = synced_before(console)
    wrong = [number for number in range(1, count + 1) if not is_whole(files, number)]
    if not count:
        return "the guest has synced nothing"
    return f"of {count} files, these aren't what was written: {wrong}" if wrong else ""


def is_whole(files: Path, number: int) -> bool:
    """Whether a file that the guest has written is there as a whole: it has written its sum, too."""
    content, said = files / f"content-{number}", files / f"sum-{number}"
    return (content.exists() and said.exists() and
            hashlib.sha256(content.read_bytes()).hexdigest() == said.read_text().split()[0])


def run(report: Report, host: str, results: Path) -> None:
    """All of it, for the images in results."""
    name = f"{host}: the image of a 3390"
    image = results / KILLED
    if not image.exists():
        report.failed(name, f"there is no {image}")
        return
    with tempfile.TemporaryDirectory(prefix="kvm-css-dasd-") as directory:
        place = Path(directory)
        report.check(f"{name}: QEMU was killed: fsck and what was synced",
                     complaint(lambda: survives(image, results / "linux-eckd-console", place)))
        if missing := programs_missing():
            report.add(f"{name}: Hercules' programs read it", SKIPPED, f"there is no {missing}")
            return
        report.check(f"{name}: dasdls", complaint(lambda: lists(image, [DATA_SET])))
        report.check(f"{name}: dasdcopy", complaint(lambda: copies(image, place)))
        report.check(f"{name}: ckd2cckd, cckdcdsk, cckd2ckd", complaint(lambda: compresses(image, place)))
        report.check(f"{host}: the image that a guest has copied by tracks: dasdls, dasdseq",
                     complaint(lambda: is_copy(results / COPIED, results / SOURCE, place)))
