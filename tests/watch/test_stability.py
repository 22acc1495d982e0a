"""When a file is complete."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workers.watch.stability import LOOK_SECONDS, StabilityTracker

_LATER = LOOK_SECONDS + 0.01


def _file(folder: Path, name: str, words: str = "words") -> Path:
    path = folder / name
    path.write_text(words)
    return path


def _asked(tracker: StabilityTracker, path: Path, now: float) -> list[Path]:
    found = tracker.complete([path], now)
    tracker.next_round()
    return found


def test_a_file_written_where_it_lies_is_complete_when_it_has_rested(tmp_path: Path) -> None:
    path, tracker = _file(tmp_path, "a.txt"), StabilityTracker(settle_seconds=60)
    assert _asked(tracker, path, now=0) == []
    assert _asked(tracker, path, now=59) == []
    assert _asked(tracker, path, now=60) == [path]


def test_a_file_whose_last_change_is_old_is_complete_at_once(tmp_path: Path) -> None:
    path, tracker = _file(tmp_path, "a.txt"), StabilityTracker(settle_seconds=0.05)
    time.sleep(0.06)
    assert _asked(tracker, path, now=0) == [path]


def test_a_file_that_was_renamed_or_dated_after_its_last_byte_is_complete_at_the_second_look(tmp_path: Path) -> None:
    written = _file(tmp_path, "a.json.part")
    time.sleep(0.02)  # the clock of the file system has a coarse grain
    renamed = written.rename(tmp_path / "a.json")
    dated = tmp_path / "b.txt"
    shutil.copyfile(renamed, dated)
    os.utime(dated, (1, 1))
    for path in (renamed, dated):
        tracker = StabilityTracker(settle_seconds=60)
        assert _asked(tracker, path, now=0) == []
        assert _asked(tracker, path, now=_LATER) == [path]


@pytest.mark.parametrize("open_", ["a.txt", "a.txt.meta.json"])
def test_a_file_waits_while_it_or_its_sidecar_is_open_for_writing_however_long(tmp_path: Path, open_: str) -> None:
    path, tracker = _file(tmp_path, "a.txt"), StabilityTracker(settle_seconds=0.01)
    with (tmp_path / open_).open("w") as file:
        file.write("half")
        file.flush()
        _asked(tracker, path, now=0)
        time.sleep(0.02)
        assert _asked(tracker, path, now=1000) == []
    assert _asked(tracker, path, now=1001) == [path]


_LOOKING = """
import sys, time
from pathlib import Path
from workers.watch.stability import StabilityTracker
tracker, end = StabilityTracker(settle_seconds=1e9), time.monotonic() + 1
while time.monotonic() < end:
    tracker.complete([Path(sys.argv[1])], now=0)
    tracker.next_round()
"""
_OPENING = """
import os, sys
while True:
    os.close(os.open(sys.argv[1], os.O_RDWR))
"""


def test_opening_a_file_while_it_is_looked_at_does_not_end_the_watcher(tmp_path: Path) -> None:
    """A lease that somebody breaks sends a signal, which by default would end the process."""
    path = _file(tmp_path, "a.txt")
    with subprocess.Popen([sys.executable, "-c", _OPENING, str(path)]) as opening:
        looking = subprocess.run([sys.executable, "-c", _LOOKING, str(path)], check=False, timeout=60)
        opening.kill()
    assert looking.returncode == 0


def test_a_file_that_grows_waits_until_it_rests(tmp_path: Path) -> None:
    path, tracker = _file(tmp_path, "a.txt"), StabilityTracker(settle_seconds=60)
    for step in range(4):
        assert _asked(tracker, path, now=60.0 * step) == []
        with path.open("a") as file:
            file.write("more")
    assert _asked(tracker, path, now=240) == []
    assert _asked(tracker, path, now=300) == [path]


def test_where_nobody_tells_who_writes_the_look_alone_decides_by_our_own_clock(tmp_path: Path) -> None:
    path, tracker = _file(tmp_path, "a.txt"), StabilityTracker(settle_seconds=5, polling=True)
    os.utime(path, (1, 1))  # the clock of a server may be years away
    assert _asked(tracker, path, now=0) == []
    assert _asked(tracker, path, now=4.9) == []
    assert _asked(tracker, path, now=5) == [path]


def test_a_file_waits_while_a_download_lies_beside_it(tmp_path: Path) -> None:
    path, tracker = _file(tmp_path, "a.html", words=""), StabilityTracker(settle_seconds=0.001)
    download = _file(tmp_path, "a.html.part")
    assert _asked(tracker, path, now=0) == []
    assert _asked(tracker, path, now=100) == []
    download.rename(path)
    _asked(tracker, path, now=101)
    assert _asked(tracker, path, now=102) == [path]


def test_what_is_no_file_is_never_complete(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(_file(tmp_path, "a.txt"))
    tracker = StabilityTracker(settle_seconds=0.001)
    for name in ("pipe", "link", "nothing"):
        _asked(tracker, tmp_path / name, now=0)
        assert _asked(tracker, tmp_path / name, now=100) == []
        assert tracker.waiting() == 0


def test_a_file_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    path, tracker = _file(tmp_path, "a.txt"), StabilityTracker(settle_seconds=60)
    _asked(tracker, path, now=0)
    assert tracker.waiting() == 1
    path.unlink()
    assert _asked(tracker, path, now=1) == []
    assert tracker.waiting() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_users_file_is_complete_when_it_looked_the_same_for_long(tmp_path: Path) -> None:
    path, tracker = _file(tmp_path, "a.txt"), StabilityTracker(settle_seconds=60)
    os.utime(path, (1, 1))
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o777)
    os.seteuid(65534)
    try:
        assert _asked(tracker, path, now=0) == []
        assert _asked(tracker, path, now=59) == []
        assert _asked(tracker, path, now=60) == [path]
    finally:
        os.seteuid(0)
