"""The intake's steps: whatever crashes between them, each file ends once in the ledger."""

import os
from pathlib import Path

from kb.archive import Archive
from kb.graph import Arrival, Graph, Ledger
from kb.read import split
from kb.records import ArticleSlice, MediaType, Metadata, RecordFault
from kb.settings import Settings
from tests.watch.taking import deliveries, drop, known, take
from workers.watch.intake import Intake
from workers.watch.watcher import scan


def test_a_file_goes_to_archive_and_ledger_with_its_sidecar(graph: Graph, settings: Settings) -> None:
    drop(settings, "sub/a.txt", sidecar='{"published": "2020-01-08"}')
    drop(settings, "bulk/b.txt")
    intake = take(settings, graph)
    assert deliveries(graph) == [
        {"path": "bulk/b.txt", "lane": "bulk", "state": "received"},
        {"path": "sub/a.txt", "lane": "live", "state": "received"},
    ]
    assert list(scan(settings.folder.inbox)) == []
    assert intake.unsettled == 2
    lease = next(
        lease
        for delivery in known(graph)
        if (lease := Ledger(graph).start("delivery", delivery, 60)) and lease.name == "sub/a.txt"
    )
    assert lease.metadata == Metadata(published="2020-01-08")
    assert Archive(settings.folder.archive).get(lease.blob) == b"some words"


def test_of_two_watchers_one_gets_the_file(graph: Graph, settings: Settings) -> None:
    path = drop(settings, "a.txt")
    one, other = Intake(settings, Ledger(graph)), Intake(settings, Ledger(graph))
    assert one.claim([path]) + other.claim([path]) == 1
    one.enter()
    other.enter()
    assert len(deliveries(graph)) == 1


def test_a_crash_after_any_step_loses_and_doubles_nothing(graph: Graph, settings: Settings) -> None:
    for number in range(3):
        drop(settings, f"{number}.txt", words=f"words {number}")
    crashed = Intake(settings, Ledger(graph))
    crashed.claim(list(scan(settings.folder.inbox))[:2])  # and never enters them
    after_claim = Intake(settings, Ledger(graph))
    after_claim.settle()
    after_claim.claim(list(scan(settings.folder.inbox)))
    after_claim.enter()
    again = Intake(settings, Ledger(graph))
    assert again.settle() == again.enter() == 0  # a crash after the ledger: all is known
    again.settle()
    assert [row["path"] for row in deliveries(graph)] == ["0.txt", "1.txt", "2.txt"]
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
    drop(settings, "big.txt", words="x" * 1001)
    drop(settings, "odd.txt", sidecar='{"publishd": "2020"}')
    intake = take(settings, graph)
    assert intake.settle() == 2
    assert "the limit is 1,000" in (settings.folder.failed / "big.txt.reason.txt").read_text()
    assert "publishd" in (settings.folder.failed / "odd.txt.reason.txt").read_text()
    assert (settings.folder.failed / "odd.txt.meta.json").exists()
    assert list(settings.folder.taken.iterdir()) == []


def test_a_settled_file_goes_to_processed_and_names_what_was_bad_in_it(graph: Graph, settings: Settings) -> None:
    drop(settings, "sub/a.jsonl")
    (settings.folder.processed / "sub").mkdir(parents=True)
    (settings.folder.processed / "sub" / "a.jsonl").write_text("an earlier file of this name")
    intake = take(settings, graph)
    ledger = Ledger(graph)
    lease = ledger.start("delivery", known(graph)[0], 60)
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
        drop(settings, "a.txt", sidecar='{"published": "2020-01-08"}')
        intake = take(settings, graph)
        (delivery,) = (folder.name for folder in settings.folder.taken.iterdir())
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
    take(settings, graph)
    assert deliveries(graph) == []
    assert secret.exists()


def test_an_arrival_that_was_refused_is_final_at_once(graph: Graph) -> None:
    ledger = Ledger(graph)
    ledger.receive([Arrival(id="d", path="a.txt", blob="", size=9, refused="too large")])
    assert ledger.due(10) == ()
    assert ledger.outcomes(["d"])["d"].failed


def test_the_same_bytes_under_two_names_are_one_article_with_two_file_records(graph: Graph, settings: Settings) -> None:
    drop(settings, "a.txt", words="Norway pledged to send ships to the Baltic.")
    drop(settings, "b.txt", words="Norway pledged to send ships to the Baltic.")
    take(settings, graph)
    _expand_all(settings, graph)
    rows = graph.read("MATCH (a:Article)-[:CAME_IN]->(d:Delivery) RETURN a.id AS id, d.path AS path ORDER BY path")
    assert [row["path"] for row in rows] == ["a.txt", "b.txt"]
    assert len({row["id"] for row in rows}) == 1
    assert sorted(row["state"] for row in deliveries(graph)) == ["duplicate", "settled"]


def test_the_same_name_with_new_bytes_is_another_article(graph: Graph, settings: Settings) -> None:
    for words in ("Norway pledged to send ships.", "Norway pledged to send planes."):
        drop(settings, "a.txt", words=words)
        take(settings, graph)
    _expand_all(settings, graph)
    assert len(graph.read("MATCH (a:Article)-[:CAME_IN]->(:Delivery {path: 'a.txt'}) RETURN a.id AS id")) == 2


def _expand_all(settings: Settings, graph: Graph) -> None:
    ledger, archive = Ledger(graph), Archive(settings.folder.archive)
    for delivery in known(graph):
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
    assert len(known(graph)) == 1300
