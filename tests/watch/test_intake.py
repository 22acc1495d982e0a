"""The intake's steps: whatever crashes between them, each file ends once in the ledger."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.archive import Archive
from kb.graph import Arrival, Graph, Ledger
from kb.read import split
from kb.records import ArticleSlice, MediaType, Metadata, RecordFault
from kb.settings import Settings
from workers.watch.intake import Intake
from workers.watch.watcher import scan


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(home=tmp_path / "home", max_file_bytes=1000)
    made.folder.make()
    return made


def _drop(settings: Settings, name: str, words: str = "some words", sidecar: str | None = None) -> Path:
    path = settings.folder.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words)
    if sidecar:
        path.with_name(path.name + ".meta.json").write_text(sidecar)
    return path


def _take(settings: Settings, graph: Graph) -> Intake:
    intake = Intake(settings, Ledger(graph))
    intake.claim(list(scan(settings.folder.inbox)))
    intake.enter()
    return intake


def _known(graph: Graph) -> list[str]:
    return [row["id"] for row in graph.read("MATCH (d:Delivery) RETURN d.id AS id ORDER BY id")]


def _deliveries(graph: Graph) -> list[dict[str, str]]:
    return graph.read("MATCH (d:Delivery) RETURN d.path AS path, d.lane AS lane, d.state AS state ORDER BY path")


def test_a_file_goes_to_archive_and_ledger_with_its_sidecar(graph: Graph, settings: Settings) -> None:
    _drop(settings, "sub/a.txt", sidecar='{"published": "2020-01-08"}')
    _drop(settings, "bulk/b.txt")
    intake = _take(settings, graph)
    assert _deliveries(graph) == [
        {"path": "bulk/b.txt", "lane": "bulk", "state": "received"},
        {"path": "sub/a.txt", "lane": "live", "state": "received"},
    ]
    assert list(scan(settings.folder.inbox)) == []
    assert intake.unsettled == 2
    lease = next(
        lease
        for delivery in _known(graph)
        if (lease := Ledger(graph).start("delivery", delivery, 60)) and lease.name == "sub/a.txt"
    )
    assert lease.metadata == Metadata(published="2020-01-08")
    assert Archive(settings.folder.archive).get(lease.blob) == b"some words"


def test_of_two_watchers_one_gets_the_file(graph: Graph, settings: Settings) -> None:
    path = _drop(settings, "a.txt")
    one, other = Intake(settings, Ledger(graph)), Intake(settings, Ledger(graph))
    assert one.claim([path]) + other.claim([path]) == 1
    one.enter()
    other.enter()
    assert len(_deliveries(graph)) == 1


def test_a_crash_after_any_step_loses_and_doubles_nothing(graph: Graph, settings: Settings) -> None:
    for number in range(3):
        _drop(settings, f"{number}.txt", words=f"words {number}")
    crashed = Intake(settings, Ledger(graph))
    crashed.claim(list(scan(settings.folder.inbox))[:2])  # and never enters them
    after_claim = Intake(settings, Ledger(graph))
    after_claim.settle()
    after_claim.claim(list(scan(settings.folder.inbox)))
    after_claim.enter()
    again = Intake(settings, Ledger(graph))
    assert again.settle() == again.enter() == 0  # a crash after the ledger: all is known
    again.settle()
    assert [row["path"] for row in _deliveries(graph)] == ["0.txt", "1.txt", "2.txt"]
    assert again.unsettled == 3


def test_a_sidecar_whose_file_was_not_claimed_returns(graph: Graph, settings: Settings) -> None:
    lost = settings.folder.taken / "0123"
    lost.mkdir()
    (lost / "a.txt.meta.json").write_text("{}")
    os.utime(lost, (1, 1))
    intake = Intake(settings, Ledger(graph))
    intake.settle()
    intake.enter()
    assert (settings.folder.inbox / "a.txt.meta.json").exists()
    assert not lost.exists()


def test_a_file_over_the_limit_or_with_a_wrong_sidecar_ends_in_failed_with_the_reason(
    graph: Graph, settings: Settings
) -> None:
    _drop(settings, "big.txt", words="x" * 1001)
    _drop(settings, "odd.txt", sidecar='{"publishd": "2020"}')
    intake = _take(settings, graph)
    assert intake.settle() == 2
    assert "the limit is 1,000" in (settings.folder.failed / "big.txt.reason.txt").read_text()
    assert "publishd" in (settings.folder.failed / "odd.txt.reason.txt").read_text()
    assert (settings.folder.failed / "odd.txt.meta.json").exists()
    assert list(settings.folder.taken.iterdir()) == []


def test_a_settled_file_goes_to_processed_and_names_what_was_bad_in_it(graph: Graph, settings: Settings) -> None:
    _drop(settings, "sub/a.jsonl")
    (settings.folder.processed / "sub").mkdir(parents=True)
    (settings.folder.processed / "sub" / "a.jsonl").write_text("an earlier file of this name")
    intake = _take(settings, graph)
    ledger = Ledger(graph)
    lease = ledger.start("delivery", _known(graph)[0], 60)
    assert lease is not None
    ledger.settle(
        lease,
        [ArticleSlice(id="a" * 64, data=b"", media_type=MediaType.JSON)],
        [RecordFault(locator="line 2", reason="it is no JSON")],
    )
    assert intake.settle() == 0
    article = ledger.start("article", "a" * 64, 60)
    assert article is not None
    ledger.reject(article, "the text is in Spanish")
    assert intake.settle() == 1
    assert (settings.folder.failed / "sub" / "a.jsonl").exists()
    assert "Spanish" in (settings.folder.failed / "sub" / "a.jsonl.reason.txt").read_text()
    assert "line 2: it is no JSON" in (settings.folder.failed / "sub" / "a.jsonl.faults.txt").read_text()


def test_a_link_out_of_the_inbox_is_not_followed(graph: Graph, settings: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret")
    (settings.folder.inbox / "link.txt").symlink_to(secret)
    (settings.folder.inbox / "folder").symlink_to(tmp_path)
    _take(settings, graph)
    assert _deliveries(graph) == []
    assert secret.exists()


def test_an_arrival_that_was_refused_is_final_at_once(graph: Graph) -> None:
    ledger = Ledger(graph)
    ledger.receive([Arrival(id="d", path="a.txt", blob="", size=9, refused="too large")])
    assert ledger.due(10) == ()
    assert ledger.outcomes(["d"])["d"].failed


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
        _drop(settings, name, words="x" * 1001 if failing else f"words {number}")
    intake = _take(settings, graph)
    told = [name for name in _ODD_NAMES.values() if name]
    assert [row["path"] for row in _deliveries(graph)] == sorted(told)
    ledger = Ledger(graph)
    for delivery in _known(graph):
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
    path = _drop(settings, "sub/a.txt")
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
    assert _deliveries(graph) == []


def test_nothing_in_failed_is_overwritten(graph: Graph, settings: Settings) -> None:
    names = ["a.txt", "a.txt", "a.txt.reason.txt", "folder", "folder/b.txt", "folder/b.txt"]
    for number, name in enumerate(names):
        _drop(settings, name, words=f"{number}" + "x" * 1001)
        assert _take(settings, graph).settle() == 1
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
    _drop(settings, "closed.txt").chmod(0)
    _drop(settings, "open.txt", sidecar="{}").with_name("open.txt.meta.json").chmod(0)
    intake = _take(settings, graph)
    assert intake.settle() == 2
    for name in ("closed.txt", "open.txt"):
        reason = (settings.folder.failed / f"{name}.reason.txt").read_text()
        assert "kb may not read" in reason
        assert "chmod" in reason


def test_a_file_that_may_not_be_moved_stays_and_stops_nothing(
    graph: Graph, settings: Settings, as_another_user: None
) -> None:
    fixed = _drop(settings, "fixed/a.txt")
    fixed.parent.chmod(0o555)
    path = _drop(settings, "b.txt")
    intake = Intake(settings, Ledger(graph))
    assert intake.claim([fixed, path]) == 1
    assert intake.is_stuck(fixed)
    intake.enter()
    assert [row["path"] for row in _deliveries(graph)] == ["b.txt"]
    fixed.parent.chmod(0o777)
    intake.forget_stuck()
    assert intake.claim([fixed]) == 1


def test_a_sidecar_without_end_is_named(graph: Graph, settings: Settings) -> None:
    _drop(settings, "a.txt", sidecar='{"title": "' + "x" * 70_000 + '"}')
    assert _take(settings, graph).settle() == 1
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
    path = _drop(elsewhere, "sub/a.txt", sidecar='{"published": "2020"}')
    one, other = Intake(elsewhere, Ledger(graph)), Intake(elsewhere, Ledger(graph))
    assert one.claim([path]) + other.claim([path]) == 1
    one.enter()
    assert [row["path"] for row in _deliveries(graph)] == ["sub/a.txt"]
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("whole", [True, False])
def test_a_crash_while_a_file_is_copied_over_neither_loses_nor_doubles_it(
    graph: Graph, elsewhere: Settings, whole: bool
) -> None:
    claimed = elsewhere.folder.inbox / "sub" / ".kb-claimed-0123"
    claimed.mkdir(parents=True)
    (claimed / "a.txt").write_text("some words")
    taken = elsewhere.folder.taken / "0123" / "sub"
    taken.mkdir(parents=True)
    (taken / ("a.txt" if whole else ".45ab.moving")).write_text("some words" if whole else "some")
    intake = Intake(elsewhere, Ledger(graph))
    intake.resume()
    intake.settle()
    intake.claim(list(scan(elsewhere.folder.inbox)))
    intake.enter()
    assert [row["path"] for row in _deliveries(graph)] == ["sub/a.txt"]
    assert not claimed.exists()


# ── many ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_bytes_under_two_names_are_one_article_with_two_file_records(graph: Graph, settings: Settings) -> None:
    _drop(settings, "a.txt", words="Norway pledged to send ships to the Baltic.")
    _drop(settings, "b.txt", words="Norway pledged to send ships to the Baltic.")
    _take(settings, graph)
    _expand_all(settings, graph)
    rows = graph.read("MATCH (a:Article)-[:CAME_IN]->(d:Delivery) RETURN a.id AS id, d.path AS path ORDER BY path")
    assert [row["path"] for row in rows] == ["a.txt", "b.txt"]
    assert len({row["id"] for row in rows}) == 1
    assert sorted(row["state"] for row in _deliveries(graph)) == ["duplicate", "settled"]


def test_the_same_name_with_new_bytes_is_another_article(graph: Graph, settings: Settings) -> None:
    for words in ("Norway pledged to send ships.", "Norway pledged to send planes."):
        _drop(settings, "a.txt", words=words)
        _take(settings, graph)
    _expand_all(settings, graph)
    assert len(graph.read("MATCH (a:Article)-[:CAME_IN]->(:Delivery {path: 'a.txt'}) RETURN a.id AS id")) == 2


def _expand_all(settings: Settings, graph: Graph) -> None:
    ledger, archive = Ledger(graph), Archive(settings.folder.archive)
    for delivery in _known(graph):
        lease = ledger.start("delivery", delivery, 60)
        assert lease
        ledger.settle(lease, *split(archive.get(lease.blob), lease.name))


def test_all_of_many_deliveries_are_gone_through_page_by_page(graph: Graph, settings: Settings) -> None:
    for number in range(1300):
        path = settings.folder.taken / f"{number:032x}" / "a.txt"
        path.parent.mkdir()
        path.write_text("x" * 1001)
    intake = Intake(settings, Ledger(graph))
    for _ in range(4):
        intake.settle()
        assert len(intake._claimed) <= 1000
        intake.enter()
    assert list(settings.folder.taken.iterdir()) == []
    assert len(_known(graph)) == 1300
