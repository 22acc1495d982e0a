"""Files with odd names, links, permissions and places: each is taken or named, and nothing leaves its folder."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import UsageFault
from kb.graph import Graph, Ledger
from kb.records import ArticleSlice, MediaType, Metadata
from kb.settings import Settings
from tests.watch.taking import deliveries, drop, known, take
from workers.commands.inbox import put
from workers.watch.intake import Intake
from workers.watch.stability import StabilityTracker
from workers.watch.watcher import scan

# ── names ───────────────────────────────────────────────────────────────────────────────────────────

_LONG = "ä" * 125 + "a.txt"  # 255 bytes
_ODD_NAMES = {
    "two\nlines.txt": "two\\x0alines.txt",
    "\x1b[31mred.txt": "\\x1b[31mred.txt",
    os.fsdecode(b"latin \xe9.txt"): "latin \\xe9.txt",
    "turned \u202etxt.exe": "turned \\u202etxt.exe",
    "-rf *;$(x).txt": "-rf *;$(x).txt",
    "..txt..": None,
    "...": None,
    _LONG: _LONG,
    "deep/" * 60 + "a.txt": "deep/" * 60 + "a.txt",
}


@pytest.mark.parametrize("failing", [True, False])
def test_odd_names_stay_in_our_folders_and_are_legible_in_the_ledger(
    graph: Graph, settings: Settings, tmp_path: Path, failing: bool
) -> None:
    for number, name in enumerate(_ODD_NAMES):
        drop(settings, name, words="x" * 1001 if failing else f"words {number}")
    intake = take(settings, graph)
    told = [name for name in _ODD_NAMES.values() if name]
    assert [row["path"] for row in deliveries(graph)] == sorted(told)
    ledger = Ledger(graph)
    for delivery in known(graph):
        lease = ledger.start("delivery", delivery, 60)
        if lease:
            ledger.settle(lease, [ArticleSlice(id=delivery * 2, data=b"", media_type=MediaType.TEXT)], [])
            article = ledger.start("article", delivery * 2, 60)
            assert article
            ledger.fail(article, "read", ValueError("an example"))
    assert intake.settle() == len(told)
    assert {path.name for path in tmp_path.iterdir()} == {"home"}
    ended = [path for path in settings.folder.failed.rglob("*.txt") if not path.name.endswith(".reason.txt")]
    assert len(ended) == len([name for name in told if name.endswith(".txt")])
    assert all(path.with_name(f"{path.name}.reason.txt").exists() for path in ended)
    assert list(settings.folder.taken.iterdir()) == []


def test_a_path_that_is_as_long_as_can_be_is_taken_all_the_same(graph: Graph, settings: Settings) -> None:
    below = settings.folder.inbox
    while (left := 4080 - len(str(below))) > 10:
        below = below / ("d" * min(200, left - 1))
    below.mkdir(parents=True)
    (below / "a.txt").write_text("some words")
    assert Intake(settings, Ledger(graph)).claim([below / "a.txt"]) == 1


def test_a_folder_that_became_a_link_since_it_was_looked_at_is_not_followed(
    graph: Graph, settings: Settings, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text("a secret")
    path = drop(settings, "sub/a.txt")
    path.unlink()
    path.parent.rmdir()
    path.parent.symlink_to(outside)
    (settings.folder.inbox / "b.txt").symlink_to(outside / "a.txt")
    intake = Intake(settings, Ledger(graph))
    assert intake.claim([path, settings.folder.inbox / "b.txt"]) == 0
    assert (outside / "a.txt").read_text() == "a secret"
    assert list(settings.folder.taken.iterdir()) == []


def test_a_link_that_lies_in_taken_is_not_read(graph: Graph, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("a secret")
    planted = settings.folder.taken / "0123"
    planted.mkdir()
    (planted / "a.txt").symlink_to(tmp_path / "secret.txt")
    intake = Intake(settings, Ledger(graph))
    intake.settle()
    assert intake.enter() == 0
    assert deliveries(graph) == []


def test_nothing_in_failed_is_overwritten(graph: Graph, settings: Settings) -> None:
    names = ["a.txt", "a.txt", "a.txt.reason.txt", "folder", "folder/b.txt", "folder/b.txt"]
    for number, name in enumerate(names):
        drop(settings, name, words=f"{number}" + "x" * 1001)
        assert take(settings, graph).settle() == 1
    ended = [path for path in settings.folder.failed.rglob("*") if path.is_file()]
    files = sorted(path for path in ended if path.stat().st_size > 1000)
    assert sorted(path.read_text()[0] for path in files) == ["0", "1", "2", "3", "4", "5"]
    assert {str(path.relative_to(settings.folder.failed)) for path in files} == {
        "a.txt",
        "a-2.txt",
        "a.txt.reason-2.txt",
        "folder",
        "folder-2/b.txt",
        "folder-2/b-2.txt",
    }
    assert len(ended) == 12


# ── what cannot be taken or read ────────────────────────────────────────────────────────────────────


@pytest.fixture
def as_another_user(settings: Settings) -> Iterator[None]:
    """The rest of the test runs as a user without rights, where we are root; permissions do not bind root."""
    for path in [*settings.folder.root.parents[:3], *settings.folder.root.rglob("*"), settings.folder.root]:
        path.chmod(0o777)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)


def test_a_file_that_may_not_be_read_ends_in_failed_with_the_reason(
    graph: Graph, settings: Settings, as_another_user: None
) -> None:
    drop(settings, "closed.txt").chmod(0)
    drop(settings, "open.txt", sidecar="{}").with_name("open.txt.meta.json").chmod(0)
    intake = take(settings, graph)
    assert intake.settle() == 2
    for name in ("closed.txt", "open.txt"):
        reason = (settings.folder.failed / f"{name}.reason.txt").read_text()
        assert "kb may not read" in reason
        assert "chmod" in reason


def test_a_file_that_may_not_be_moved_stays_and_stops_nothing(
    graph: Graph, settings: Settings, as_another_user: None
) -> None:
    fixed = drop(settings, "fixed/a.txt")
    fixed.parent.chmod(0o555)
    path = drop(settings, "b.txt")
    intake = Intake(settings, Ledger(graph))
    assert intake.claim([fixed, path]) == 1
    assert intake.is_stuck(fixed)
    intake.enter()
    assert [row["path"] for row in deliveries(graph)] == ["b.txt"]
    fixed.parent.chmod(0o777)
    intake.forget_stuck()
    assert intake.claim([fixed]) == 1


def test_a_sidecar_without_end_is_named(graph: Graph, settings: Settings) -> None:
    drop(settings, "a.txt", sidecar='{"title": "' + "x" * 70_000 + '"}')
    assert take(settings, graph).settle() == 1
    assert "sidecar has more than 65,536" in (settings.folder.failed / "a.txt.reason.txt").read_text()


# ── over the edge of a file system ──────────────────────────────────────────────────────────────────


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Settings]:
    """Settings with an inbox on another file system than the home."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as inbox:
        made = Settings(home=tmp_path / "home", inbox=Path(inbox), max_file_bytes=1000)
        made.folder.make()
        if made.folder.inbox.stat().st_dev == made.folder.root.stat().st_dev:
            pytest.skip("/dev/shm is no file system of its own here")
        yield made


def test_a_file_of_another_file_system_is_claimed_by_one_watcher(graph: Graph, elsewhere: Settings) -> None:
    path = drop(elsewhere, "sub/a.txt", sidecar='{"published": "2020"}')
    one, other = Intake(elsewhere, Ledger(graph)), Intake(elsewhere, Ledger(graph))
    assert one.claim([path]) + other.claim([path]) == 1
    one.enter()
    assert [row["path"] for row in deliveries(graph)] == ["sub/a.txt"]
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("whole", [True, False])
def test_a_crash_while_a_file_is_copied_over_neither_loses_nor_doubles_it(
    graph: Graph, elsewhere: Settings, whole: bool
) -> None:
    claimed = elsewhere.folder.inbox / "sub" / ".kb-claimed-0123"
    claimed.mkdir(parents=True)
    (claimed / "a.txt").write_text("some words")
    (claimed / "a.txt.meta.json").write_text('{"published": "2020"}')
    drop(elsewhere, "sub/a.txt", words="other words")  # another file of the name has come meanwhile
    taken = elsewhere.folder.taken / "0123" / "sub"
    taken.mkdir(parents=True)
    (taken / ("a.txt" if whole else ".45ab.moving")).write_text("some words" if whole else "some")
    intake = Intake(elsewhere, Ledger(graph))
    intake.resume()
    intake.settle()
    intake.claim(list(scan(elsewhere.folder.inbox)))
    intake.enter()
    rows = graph.read("MATCH (d:Delivery) RETURN d.path AS path, d.size AS size, d.metadata AS stated ORDER BY size")
    assert [row["size"] for row in rows] == [len("some words"), len("other words")]
    assert whole or [row["stated"] for row in rows] == ['{"published": "2020"}', "{}"]
    assert not claimed.exists()


# ── kb add ──────────────────────────────────────────────────────────────────────────────────────────


def test_what_kb_add_puts_into_the_inbox_is_complete_at_once_and_keeps_every_file(
    graph: Graph, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / _LONG
    path.write_text("some words")
    os.utime(path, (1, 1))
    put_there = [put(settings.folder, path, Metadata(published="2020"), "") for _ in range(2)]
    assert len(set(put_there)) == 2
    tracker = StabilityTracker(settle_seconds=60)
    tracker.complete(put_there, now=0)
    assert tracker.complete(put_there, now=1) == sorted(put_there)
    take(settings, graph)
    assert len(known(graph)) == 2
    assert {row["m"] for row in graph.read("MATCH (d:Delivery) RETURN d.metadata AS m")} == {'{"published": "2020"}'}


def test_kb_add_refuses_a_name_that_the_inbox_leaves_alone(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.txt.bak"
    path.write_text("some words")
    with pytest.raises(UsageFault, match="another name"):
        put(settings.folder, path, Metadata(), "")
    assert list(settings.folder.inbox.iterdir()) == []
