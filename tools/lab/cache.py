# SPDX-License-Identifier: GPL-2.0
"""The cache: what was fetched and built, kept between runs.

$KVM_CSS_CACHE, or ~/.cache/kvm-css. A stage is a directory that either is there whole or not at
all: it is built as NAME.tmp, then renamed. Its key says what it was built from; another key builds it anew.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
from pathlib import Path
from typing import Callable, Iterator

from errors import LabError
from progress import say

STAMP = ".kvm-css-stamp"


def root() -> Path:
    """The directory of the cache, made if it isn't there."""
    path = Path(os.environ.get("KVM_CSS_CACHE") or Path.home() / ".cache" / "kvm-css").absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise LabError("a directory for the cache that can be written", f"{path}: {err.strerror}",
                       "set KVM_CSS_CACHE to another directory") from None
    return path


def logs() -> Path:
    """Where the logs of long steps are."""
    path = root() / "logs"
    path.mkdir(exist_ok=True)
    return path


def digest(*parts: object) -> str:
    """A key out of whatever a stage depends on; a Path stands for the content of that file."""
    total = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else repr(part).encode()
        total.update(hashlib.sha256(data).digest())
    return total.hexdigest()[:16]


@contextlib.contextmanager
def lock(name: str, directory: Path | None = None) -> Iterator[None]:
    """Hold the lock of that name; say so when another process holds it and this one waits.

    The locks of what is in the cache are in the cache; those of other directories are in these.
    """
    path = (directory or root() / "locks") / (name.replace("/", "-") + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"{name}: another process is at it, waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def stage(name: str, key: str, build: Callable[[Path], None], *, resume: bool = False) -> Path:
    """The directory of a stage, built by build(directory) when it isn't there with this key.

    With resume, a build that was interrupted gets the directory as it was left.
    """
    final = root() / name
    if _stamped(final, key):
        return final
    with lock(name):
        if _stamped(final, key):
            return final
        tmp = final.with_name(final.name + ".tmp")
        if not (resume and _stamped(tmp, key)):
            remove(tmp)
            tmp.mkdir(parents=True)
            (tmp / STAMP).write_text(key)
        say(f"{name}: building")
        build(tmp)
        os.sync()
        remove(final)
        tmp.rename(final)
        say(f"{name}: done")
    return final


def have(name: str, recipe: str) -> bool:
    """Is the stage there, from whatever version, but made by this recipe (how its key begins)?"""
    try:
        return (root() / name / STAMP).read_text().startswith(recipe)
    except FileNotFoundError:
        return False


def _stamped(directory: Path, key: str) -> bool:
    try:
        return (directory / STAMP).read_text() == key
    except FileNotFoundError:
        return False


def remove(directory: Path) -> None:
    """Remove a directory tree, if it is there."""
    if directory.exists():
        shutil.rmtree(directory)
