"""The ledger: nothing lost, nothing twice, whatever is lost on the way."""

import time

import pytest

from kb.errors import LeaseLost, SchemaMismatch
from kb.graph import Arrival, Graph, Ledger, check_schema, look, migrate
from kb.records import ArticleSlice, MediaType, Metadata, RecordFault
from kb.settings import Settings
from tests.graph.readings import enter, start

A, B = "a" * 64, "b" * 64


def _slice(article_id: str, locator: str = "") -> ArticleSlice:
    return ArticleSlice(id=article_id, data=b"", media_type=MediaType.TEXT, locator=locator)


def _arrive(ledger: Ledger, delivery: str, metadata: Metadata = Metadata(), lane: str = "live") -> None:
    arrival = {"id": delivery, "path": f"{delivery}.txt", "blob": A, "size": 3, "metadata": metadata, "lane": lane}
    ledger.receive([Arrival.model_validate(arrival)])


def _states(graph: Graph, label: str) -> list[str]:
    return [row["state"] for row in graph.read(f"MATCH (x:{label}) RETURN x.state AS state ORDER BY x.id")]


def test_a_delivery_becomes_articles_that_fall_due(graph: Graph) -> None:
    ledger = Ledger(graph)
    _arrive(ledger, "one")
    assert [(item.kind, item.id) for item in ledger.due(10)] == [("delivery", "one")]
    lease = ledger.start("delivery", "one", 60)
    assert lease is not None
    assert lease.name == "one.txt"
    ledger.settle(lease, [_slice(A, "line 1"), _slice(B, "line 2")], [RecordFault(locator="line 3", reason="no JSON")])
    assert [(item.kind, item.id) for item in ledger.due(10)] == [("article", A), ("article", B)]
    outcome = ledger.outcomes(["one"])["one"]
    assert (outcome.final, outcome.failed) == (False, False)
    assert outcome.faults == (RecordFault(locator="line 3", reason="no JSON"),)


def test_live_overtakes_bulk(graph: Graph) -> None:
    ledger = Ledger(graph)
    _arrive(ledger, "big", lane="bulk")
    _arrive(ledger, "now")
    assert [item.id for item in ledger.due(10)] == ["now", "big"]
    assert [item.id for item in ledger.due(1)] == ["now"]


def test_receiving_twice_is_receiving_once(graph: Graph) -> None:
    ledger = Ledger(graph)
    _arrive(ledger, "one")
    _arrive(ledger, "one")
    assert _states(graph, "Delivery") == ["received"]


def test_what_is_queued_falls_due_again_when_its_message_is_lost(graph: Graph) -> None:
    ledger = Ledger(graph)
    _arrive(ledger, "one")
    ledger.queued(ledger.due(10), patience=0.2)
    assert ledger.due(10) == ()
    time.sleep(0.25)
    assert len(ledger.due(10)) == 1


def test_a_queue_that_forgot_everything_is_filled_again(graph: Graph) -> None:
    ledger = Ledger(graph)
    enter(graph, A)
    ledger.queued(ledger.due(10), patience=600)
    assert _states(graph, "Article") == ["queued"]
    assert ledger.forget_queue() == 1
    assert [item.id for item in ledger.due(10)] == [A]


def test_two_workers_cannot_hold_one_article(graph: Graph) -> None:
    enter(graph, A)
    assert Ledger(graph).start("article", A, 60) is not None
    assert Ledger(graph).start("article", A, 60) is None
    assert Ledger(graph).start("article", "unknown", 60) is None


def test_an_expired_lease_is_taken_over_and_the_first_holder_writes_nothing(graph: Graph) -> None:
    ledger = Ledger(graph)
    enter(graph, A)
    first = start(graph, A, seconds=0)
    time.sleep(0.05)
    second = start(graph, A)
    assert second.attempts == 2
    with pytest.raises(LeaseLost):
        ledger.reject(first, "too late")
    ledger.reject(second, "not an article")
    assert _states(graph, "Article") == ["rejected"]


def test_an_article_that_kills_its_workers_is_set_aside_and_can_be_retried(graph: Graph) -> None:
    ledger = Ledger(graph)
    enter(graph, A)
    for _ in range(3):
        start(graph, A, seconds=0)
        time.sleep(0.05)
        ledger.expire(max_attempts=3)
    (failure,) = look.failures(graph)
    assert (failure.id, failure.error_class, failure.attempts) == (A, "WorkerLost", 3)
    assert ledger.unfinished() == 0
    assert ledger.retry(error_class="Other") == 0
    assert ledger.retry([A]) == 1
    assert [item.id for item in ledger.due(10)] == [A]


def test_a_lease_whose_holder_is_gone_is_broken_before_its_time(graph: Graph) -> None:
    ledger = Ledger(graph)
    enter(graph, A)
    enter(graph, B)
    dead, alive = ledger.start("article", A, 600, "dead"), ledger.start("article", B, 600, "alive")
    assert dead is not None
    assert alive is not None
    assert ledger.holders() == {dead.token: "dead", alive.token: "alive"}
    ledger.break_leases([dead.token])
    assert ledger.expire(max_attempts=3) == 1
    assert [item.id for item in ledger.due(10)] == [A]


def test_a_permanent_error_is_kept_with_class_message_and_traceback(graph: Graph) -> None:
    ledger = Ledger(graph)
    enter(graph, A)
    try:
        raise ValueError("odd bytes")
    except ValueError as error:
        ledger.fail(start(graph, A), "clean", error)
    (failure,) = look.failures(graph)
    assert (failure.stage, failure.error_class, failure.message) == ("clean", "ValueError", "odd bytes")
    assert "test_a_permanent_error" in (failure.traceback or "")
    assert ledger.outcomes([f"delivery-{A[:8]}"])[f"delivery-{A[:8]}"].failed


def test_released_work_is_due_again_and_its_attempt_is_not_counted(graph: Graph) -> None:
    ledger = Ledger(graph)
    enter(graph, A)
    ledger.release(start(graph, A), delay=0)
    assert start(graph, A).attempts == 1


def test_the_same_bytes_again_are_a_duplicate(graph: Graph) -> None:
    enter(graph, A, "first")
    enter(graph, A, "second")
    assert _states(graph, "Delivery") == ["settled", "duplicate"]
    assert _states(graph, "Article") == ["received"]
    assert graph.read("MATCH (:Article)-[c:CAME_IN]->() RETURN count(c) AS n") == [{"n": 2}]


def test_a_sidecar_that_says_something_new_makes_the_article_due_again(graph: Graph) -> None:
    ledger = Ledger(graph)
    enter(graph, A, "first")
    ledger.reject(start(graph, A), "for the test's sake")
    enter(graph, A, "second", Metadata(published="2020-01-08"))
    assert [item.id for item in ledger.due(10)] == [A]
    assert start(graph, A).metadata == Metadata(published="2020-01-08")
    enter(graph, A, "third", Metadata(published="2020-01-08"))
    assert _states(graph, "Delivery") == ["settled", "settled", "duplicate"]


def test_a_graph_of_another_version_is_refused(graph: Graph, graph_settings: Settings) -> None:
    check_schema(graph)
    graph.run("MATCH (s:Schema) SET s.version = 99")
    with pytest.raises(SchemaMismatch, match="install a newer kb"):
        migrate(graph, graph_settings)
    graph.run("MATCH (s:Schema) DELETE s")
    with pytest.raises(SchemaMismatch, match="kb migrate"):
        check_schema(graph)
