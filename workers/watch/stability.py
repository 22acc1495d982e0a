"""When a file is complete.

1. It is the same (inode, size, time of change) at two looks that are at least ``LOOK_SECONDS`` apart, and
2. no process has it open for writing, if that can be told: then it is complete at once; or else
3. it has been the same for ``settle_seconds``.

Whether a file is open for writing can be told on Linux for files of our own user (or of anybody, for root): another
user's processes hide what they have open.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.records import Record

LOOK_SECONDS = 0.1
_ACCESS = os.O_WRONLY | os.O_RDWR


class Look(Record):
    """How a file was at a moment (seconds of a clock that never goes back)."""

    inode: int
    size: int
    changed: int
    since: float


class StabilityTracker:
    """Remembers how files looked; asked again and again with what is there now."""

    def __init__(self, settle_seconds: float) -> None:
        self._settle = settle_seconds
        self._looks: dict[Path, Look] = {}

    def complete(self, paths: Iterable[Path], now: float) -> list[Path]:
        """Those of the files that are complete, in a stable order; files that are gone are forgotten."""
        looks = {path: look for path in paths if (look := _look(path, now)) is not None}
        for path, look in looks.items():
            before = self._looks.get(path)
            if before and (before.inode, before.size, before.changed) == (look.inode, look.size, look.changed):
                looks[path] = before
        self._looks = looks
        rested = [path for path, look in looks.items() if now - look.since >= LOOK_SECONDS]
        open_files = open_for_writing() if rested else frozenset()
        return sorted(path for path in rested if self._is_complete(path, looks[path], now, open_files))

    def waiting(self) -> int:
        """How many files are there that are not taken yet."""
        return len(self._looks)

    def _is_complete(self, path: Path, look: Look, now: float, open_files: frozenset[tuple[int, int]]) -> bool:
        try:
            found = path.stat()
        except OSError:
            return False
        told = sys.platform == "linux" and (os.geteuid() in (0, found.st_uid))
        if told:
            return (found.st_dev, found.st_ino) not in open_files
        return now - look.since >= self._settle


def open_for_writing() -> frozenset[tuple[int, int]]:
    """(device, inode) of every file that a process we may look into has open for writing. Linux only, else empty."""
    found: set[tuple[int, int]] = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            found.update(_written_by(process))
        except OSError:
            # It ended meanwhile, or is somebody else's.
            continue
    return frozenset(found)


def _written_by(process: Path) -> Iterator[tuple[int, int]]:
    for descriptor in (process / "fd").iterdir():
        try:
            flags = int((process / "fdinfo" / descriptor.name).read_text().split("flags:")[1].split()[0], 8)
            if flags & _ACCESS:
                file = descriptor.stat()
                yield file.st_dev, file.st_ino
        except (OSError, IndexError, ValueError):
            continue


def _look(path: Path, now: float) -> Look | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return Look(inode=found.st_ino, size=found.st_size, changed=max(found.st_mtime_ns, found.st_ctime_ns), since=now)
