"""When a file is complete."""

import os
from pathlib import Path

from workers.watch.filters import InboxFilter
from workers.watch.stability import LOOK_SECONDS, StabilityTracker, open_for_writing

_LATER = LOOK_SECONDS + 0.01


def _file(folder: Path, name: str, words: str = "words") -> Path:
    path = folder / name
    path.write_text(words)
    return path


def test_a_closed_file_is_complete_at_the_second_look(tmp_path: Path) -> None:
    path, tracker = _file(tmp_path, "a.txt"), StabilityTracker(settle_seconds=60)
    assert tracker.complete([path], now=0) == []
    assert tracker.complete([path], now=_LATER) == [path]


def test_a_file_that_is_open_for_writing_waits(tmp_path: Path) -> None:
    path, tracker = tmp_path / "a.txt", StabilityTracker(settle_seconds=60)
    with path.open("w") as file:
        file.write("half")
        file.flush()
        assert (os.fstat(file.fileno()).st_dev, os.fstat(file.fileno()).st_ino) in open_for_writing()
        tracker.complete([path], now=0)
        assert tracker.complete([path], now=_LATER) == []
    tracker.complete([path], now=1)
    assert tracker.complete([path], now=1 + _LATER) == [path]


def test_a_file_that_grows_waits_until_it_rests(tmp_path: Path) -> None:
    path, tracker = _file(tmp_path, "a.txt"), StabilityTracker(settle_seconds=60)
    for step in range(4):
        assert tracker.complete([path], now=float(step)) == []
        with path.open("a") as file:
            file.write("more")
    assert tracker.complete([path], now=5) == []
    assert tracker.complete([path], now=5 + _LATER) == [path]


def test_a_file_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    path, tracker = _file(tmp_path, "a.txt"), StabilityTracker(settle_seconds=60)
    tracker.complete([path], now=0)
    path.unlink()
    assert tracker.complete([path], now=1) == []
    assert tracker.waiting() == 0


def test_names_of_hidden_partial_and_temporary_files_wait() -> None:
    waiting = [
        "a.txt.part",
        ".a.txt",
        "~a.txt",
        "a.txt~",
        ".sync/a.txt",
        "x/.b/a.txt",
        "a.crdownload",
        "a.txt.meta.json",
        "a.TMP",
    ]
    assert [name for name in waiting if InboxFilter.is_delivery(Path(name))] == []
    taken = ["a.txt", "x/y/a.json", "part.txt", "no-suffix", "a.meta.json.txt"]
    assert [name for name in taken if InboxFilter.is_delivery(Path(name))] == taken
