"""When a file is complete.

1. It is a regular file, no process has it or its sidecar open for writing, and no download tool's file lies beside it.
2. It has rested for ``settle_seconds``: whoever writes in pieces, and closes the file after each, comes back sooner.
3. It need only be the same at two looks, ``LOOK_SECONDS`` apart, if something happened to it after its last byte was
   written (it was renamed, or given its old date): so programs end that write under another name first.

Linux tells by a read lease whether anybody has a file open for writing: whichever user, and in whichever container. Network
and some other file systems grant none, and their clocks are not ours: there, in the polling mode, and for another user's
files a file is complete when it looked the same for ``settle_seconds`` by our own clock.
"""

import errno
import fcntl
import os
import secrets
import signal
import stat
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kb.read import SIDECAR_SUFFIX
from workers.watch.filters import InboxFilter

LOOK_SECONDS = 0.1
_REST_SECONDS = 1.0
_MOST_LOOKS = 10_000
"""Files that are remembered from look to look. Of more, the others rest unseen until their time of change is old enough."""

_State = tuple[int, int, int, int]


class Look(NamedTuple):
    """How a file and its sidecar were at a moment (seconds of a clock that never goes back)."""

    states: tuple[_State | None, _State | None]
    since: float


class StabilityTracker:
    """Remembers how files looked, from one round over the inbox to the next."""

    def __init__(self, settle_seconds: float, *, polling: bool = False) -> None:
        self._settle, self._polling = settle_seconds, polling
        self._before: dict[Path, Look] = {}
        self._now: dict[Path, Look] = {}
        self._tells: dict[int, bool] = {}

    def complete(self, paths: Iterable[Path], now: float) -> list[Path]:
        """Those of these files that are complete, sorted; the others are remembered."""
        found = []
        for path in paths:
            states = (_state(path), _sidecar_state(path))
            if states[0] is None:
                continue
            before = self._before.get(path) or self._now.get(path)
            look = before if before and before.states == states else Look(states, now)
            if self._is_complete(path, look, now):
                found.append(path)
                self._before.pop(path, None)
            elif len(self._now) < _MOST_LOOKS:
                self._now[path] = look
        return sorted(found)

    def next_round(self, *, whole: bool = True) -> None:
        """A round over the inbox is over. After a ``whole`` one, files that were not seen in it are forgotten."""
        whole = whole or len(self._before) >= _MOST_LOOKS
        self._before, self._now = (self._now if whole else self._before | self._now), {}

    def waiting(self) -> int:
        """How many files were seen in the last round that are not complete yet."""
        return len(self._before)

    def rest(self, now: float) -> float:
        """Seconds until it is worth looking again: soon for what has just come or changed, else less often."""
        fresh = any(now - look.since <= LOOK_SECONDS for look in self._before.values())
        return LOOK_SECONDS if fresh else min(max(LOOK_SECONDS, self._settle / 4), _REST_SECONDS)

    def _is_complete(self, path: Path, look: Look, now: float) -> bool:
        if InboxFilter.is_being_fetched(path):
            return False
        rested = now - look.since
        told = self._told(path, look)
        if told is None:
            return rested >= self._settle
        if not told:
            return False
        changed = max(state[2] for state in look.states if state)
        finished = all(state[2] != state[3] for state in look.states if state)
        needed = LOOK_SECONDS if finished else self._settle
        return rested >= needed or time.time_ns() - changed >= self._settle * 1e9

    def _told(self, path: Path, look: Look) -> bool | None:
        """True if nobody writes to the file or its sidecar, False if somebody does, ``None`` if that cannot be told."""
        if self._polling or not self._can_tell(path):
            return None
        asked = [path, path.with_name(path.name + SIDECAR_SUFFIX)] if look.states[1] else [path]
        answers = [_is_free(one) for one in asked]
        return False if False in answers else None if None in answers else True

    def _can_tell(self, path: Path) -> bool:
        """Whether the path's file system grants leases: tried out, once, on a file of our own."""
        try:
            device = path.parent.stat().st_dev
            if device not in self._tells:
                self._tells[device] = _grants_leases(path.parent)
            return self._tells[device]
        except OSError:
            return False


def _is_free(path: Path) -> bool | None:
    """True if nobody has this file open for writing, False if somebody has, ``None`` if we are not told."""
    if sys.platform != "linux":
        return None
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        # Whoever opens the file this very moment has us signalled, by default with SIGIO, which would end the process.
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return False if error.errno == errno.EAGAIN else None
    finally:
        os.close(handle)
    return True


def _grants_leases(folder: Path) -> bool:
    own = folder / f".kb-lease-{secrets.token_hex(4)}"
    own.touch()
    try:
        # Some file systems answer as if the file were always being written.
        return _is_free(own) is True
    finally:
        own.unlink()


def _state(path: Path) -> _State | None:
    """Inode, size, and times of change and of the last write in ns; ``None`` for what is no regular file."""
    try:
        found = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return found.st_ino, found.st_size, found.st_ctime_ns, found.st_mtime_ns


def _sidecar_state(path: Path) -> _State | None:
    return _state(path.with_name(path.name + SIDECAR_SUFFIX))
