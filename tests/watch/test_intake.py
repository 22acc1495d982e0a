"""The intake's steps: whatever crashes between them, each file ends once in the ledger."""

from pathlib import Path

import pytest

from kb.archive import Archive
from kb.graph import Arrival, Graph, Ledger
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
    assert len(intake.unsettled) == 2
    lease = next(
        lease
        for delivery in sorted(intake.unsettled)
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
    after_claim.resume()
    after_claim.claim(list(scan(settings.folder.inbox)))
    after_claim.enter()
    again = Intake(settings, Ledger(graph))
    again.resume()  # a crash after the ledger: all of them are entered once more
    again.enter()
    assert [row["path"] for row in _deliveries(graph)] == ["0.txt", "1.txt", "2.txt"]
    assert len(again.unsettled) == 3


def test_a_sidecar_whose_file_was_not_claimed_returns(graph: Graph, settings: Settings) -> None:
    lost = settings.folder.taken / "0123"
    lost.mkdir()
    (lost / "a.txt.meta.json").write_text("{}")
    Intake(settings, Ledger(graph)).resume()
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
    lease = ledger.start("delivery", next(iter(intake.unsettled)), 60)
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


def _settled(settings: Settings, graph: Graph) -> Path:
    """A file that was read, filed away after a crash in the midst of that: its name in processed/."""
    for _ in range(2):
        _drop(settings, "a.txt", sidecar='{"published": "2020-01-08"}')
        intake = _take(settings, graph)
        (delivery,) = intake.unsettled
        lease = Ledger(graph).start("delivery", delivery, 60)
        assert lease is not None
        Ledger(graph).settle(lease, [ArticleSlice(id=lease.blob, data=b"", media_type=MediaType.TEXT)], [])
        article = Ledger(graph).start("article", lease.blob, 60)
        if article is not None:
            Ledger(graph).reject(article, "too dull")
            graph.run("MATCH (a:Article) SET a.state = 'done'")
        assert intake.settle() == 1
        assert list(settings.folder.taken.iterdir()) == []
    return settings.folder.processed / "a.txt"


def test_processed_holds_a_link_into_the_archive_once(graph: Graph, settings: Settings) -> None:
    path = _settled(settings, graph)
    (blob,) = [blob for blob, _ in Archive(settings.folder.archive).heads(1)]
    assert Archive(settings.folder.archive).is_link(blob, path)
    assert sorted(item.name for item in settings.folder.processed.iterdir()) == ["a.txt", "a.txt.meta.json"]


def test_processed_holds_nothing_where_the_settings_say_so(graph: Graph, settings: Settings) -> None:
    _settled(settings.model_copy(update={"processed": "nothing"}), graph)
    assert list(settings.folder.processed.iterdir()) == []
    assert list(settings.folder.inbox.iterdir()) == []


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
