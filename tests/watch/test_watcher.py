"""A running watcher: each file that arrives is in the ledger once, whole, however it came."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.graph import Graph
from kb.settings import Settings
from tests.watch.watching import Watcher, blobs, paths, watching

pytestmark = [pytest.mark.live, pytest.mark.long, pytest.mark.timeout(300)]


@pytest.fixture
def watcher(tmp_path: Path, graph: Graph, graph_settings: Settings) -> Iterator[Watcher]:
    with watching(tmp_path / "home", graph_settings) as found:
        yield found


def _arrived(watcher: Watcher, graph: Graph, *names: str) -> None:
    """Wait for these deliveries and, for the time in which a second one would come, for no other."""
    watcher.wait("the deliveries", lambda: paths(graph) == sorted(names))
    time.sleep(0.7)
    assert paths(graph) == sorted(names)


@pytest.mark.parametrize("closing", [True, False])
def test_a_file_written_slowly_in_pieces_is_queued_once_when_it_is_complete(
    tmp_path: Path, graph: Graph, graph_settings: Settings, closing: bool
) -> None:
    # Who closes the file shows only by the next piece that he is not done; who keeps it open may pause as long as he likes.
    with watching(tmp_path / "home", graph_settings, KB_SETTLE_SECONDS="3" if closing else "0.2") as watcher:
        _write_slowly(watcher, graph, closing=closing)


def _write_slowly(watcher: Watcher, graph: Graph, *, closing: bool) -> None:
    path, pieces = watcher.inbox / "slow.txt", [f"piece {number}\n" for number in range(8)]
    file = path.open("w")
    for piece in pieces:
        file.write(piece)
        file.flush()
        if closing:
            file.close()
        time.sleep(0.3)
        assert paths(graph) == []
        file = path.open("a") if closing else file
    if not closing:
        time.sleep(1.0)
        assert paths(graph) == []
    file.close()
    _arrived(watcher, graph, "slow.txt")
    assert watcher.archive.get(blobs(graph)[0]) == "".join(pieces).encode()


def test_a_folder_moved_in_with_files_inside_is_consumed(watcher: Watcher, graph: Graph, tmp_path: Path) -> None:
    for name in ("a.txt", "deeper/b.txt", "deeper/still/c.json"):
        path = tmp_path / "outside" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (tmp_path / "outside").rename(watcher.inbox / "moved")
    _arrived(watcher, graph, "moved/a.txt", "moved/deeper/b.txt", "moved/deeper/still/c.json")
    assert [path for path in watcher.inbox.rglob("*") if path.is_file()] == []


def test_a_part_waits_for_its_name(watcher: Watcher, graph: Graph) -> None:
    part = watcher.drop("a.json.part", "{}")
    hidden = watcher.drop(".b.txt.Xy12Za", "as rsync writes")
    time.sleep(1.0)
    assert paths(graph) == []
    part.rename(watcher.inbox / "a.json")
    hidden.rename(watcher.inbox / "b.txt")
    _arrived(watcher, graph, "a.json", "b.txt")


def test_what_came_while_the_watcher_was_down_is_found_and_nothing_is_queued_twice(
    watcher: Watcher, graph: Graph
) -> None:
    watcher.drop("before.txt")
    _arrived(watcher, graph, "before.txt")
    watcher.stop(kill=True)
    watcher.drop("sub/during.txt")
    watcher.start()
    _arrived(watcher, graph, "before.txt", "sub/during.txt")
    assert len(list((watcher.home / "taken").iterdir())) == 2


def test_the_rescan_finds_what_no_event_told_of(watcher: Watcher, graph: Graph, tmp_path: Path) -> None:
    watcher.drop("before.txt")
    _arrived(watcher, graph, "before.txt")
    watcher.inbox.rename(tmp_path / "old inbox")  # the events go with the folder
    watcher.drop("after.txt")
    _arrived(watcher, graph, "after.txt", "before.txt")


def test_polling_needs_no_events(tmp_path: Path, graph: Graph, graph_settings: Settings) -> None:
    with watching(tmp_path / "home", graph_settings, KB_POLLING="true") as watcher:
        with (watcher.inbox / "slow.txt").open("w") as file:
            for _ in range(6):
                file.write("piece ")
                file.flush()
                time.sleep(0.2)
        watcher.drop("sub/a.txt")
        _arrived(watcher, graph, "slow.txt", "sub/a.txt")
        assert watcher.archive.get(blobs(graph)[0]) == b"piece " * 6
        handles = Path(f"/proc/{watcher.process.pid}/fd").iterdir()
        assert not [handle for handle in handles if "inotify" in str(handle.readlink())]


def test_links_are_left_alone(watcher: Watcher, graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    secret = tmp_path / "secrets" / "secret.txt"
    secret.write_text("a secret")
    (watcher.inbox / "file.txt").symlink_to(secret)
    (watcher.inbox / "folder").symlink_to(secret.parent)
    (watcher.inbox / "a.txt.meta.json").symlink_to(secret)
    (watcher.inbox / "broken").symlink_to("nowhere")
    watcher.drop("a.txt")
    _arrived(watcher, graph, "a.txt")
    assert secret.read_text() == "a secret"


def test_a_pipe_or_a_folder_that_nobody_may_read_stops_nothing(watcher: Watcher, graph: Graph) -> None:
    os.mkfifo(watcher.inbox / "pipe.txt")
    (watcher.inbox / "closed").mkdir(mode=0o000)
    (watcher.inbox / "a.txt.meta.json").mkdir()
    watcher.drop("a.txt")
    _arrived(watcher, graph, "a.txt")


def test_two_watchers_share_an_inbox(watcher: Watcher, graph: Graph, tmp_path: Path, graph_settings: Settings) -> None:
    with watching(tmp_path / "home", graph_settings):
        names = [f"{number:03}.txt" for number in range(150)]
        for name in names:
            watcher.drop(name, f"words of {name}")
        _arrived(watcher, graph, *names)
    assert len(set(blobs(graph))) == 150


def test_a_file_too_large_for_the_disk_waits_loses_nothing_and_goes_on_by_itself(
    tmp_path: Path, graph: Graph, graph_settings: Settings
) -> None:
    with watching(tmp_path / "home", graph_settings) as watcher:
        watcher.limit_file_size(100_000)
        watcher.drop("large.txt", b"x" * 200_000)
        watcher.wait("the warning", lambda: "make room" in watcher.log)
        watcher.drop("small.txt")
        time.sleep(3)
        assert "large.txt" not in paths(graph)
        watcher.limit_file_size(1_000_000)
        _arrived(watcher, graph, "large.txt", "small.txt")
        assert [len(watcher.archive.get(blob)) for blob in blobs(graph)] == [200_000, len("some words")]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 1 MiB; ``mount -o remount`` makes it larger."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ["-t", "tmpfs", "-o", "size=1m", "tmpfs"]
    if subprocess.run(["mount", *options, str(disk)], check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here; the limit of file sizes stands in for it")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("reserve", [0, 4 * 2**20])
def test_a_disk_that_fills_up_stops_intake_loses_nothing_and_goes_on_by_itself(
    small_disk: Path, tmp_path: Path, graph: Graph, graph_settings: Settings, reserve: int
) -> None:
    inbox = tmp_path / "inbox"  # on another file system than the home, as in compose.yaml
    environment = {"KB_INBOX": str(inbox), "KB_DISK_RESERVE_BYTES": str(reserve)}
    with watching(small_disk / "home", graph_settings, **environment) as watcher:
        words = {f"{number}.txt": os.urandom(150_000) for number in range(8)}
        for name, data in words.items():
            watcher.drop(name, data)
            watcher.drop(f"{name}.meta.json", '{"published": "2020"}')
        watcher.wait("the warning", lambda: "make room" in watcher.log)
        time.sleep(3)
        assert (len(paths(graph)) == 0) if reserve else (len(paths(graph)) < 8)
        watcher.stop(kill=True)
        watcher.start()
        time.sleep(2)
        subprocess.run(["mount", "-o", "remount,size=32m", str(small_disk)], check=True)
        _arrived(watcher, graph, *words)
        assert [watcher.archive.get(blob) for blob in blobs(graph)] == [words[name] for name in sorted(words)]
        assert {row["m"] for row in graph.read("MATCH (d:Delivery) RETURN d.metadata AS m")} == {
            '{"published": "2020"}'
        }
        assert list(inbox.rglob("*")) == []
