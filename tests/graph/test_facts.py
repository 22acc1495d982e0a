"""From readings to facts in the graph: what is there, what is not, and what stays after a withdrawal."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kb.errors import LeaseLost, NotFound
from kb.graph import (
    Arrival,
    Graph,
    Ledger,
    consolidate,
    dirty_blocks,
    erase,
    look,
    purge,
    store_reading,
    unneeded,
    withdraw,
)
from kb.knowledge import Reading
from kb.records import ArticleSlice, MediaType
from kb.settings import Settings
from kb.views import FactView, WithdrawnView
from tests.graph.readings import Told, dump, enter, ingest, reading, start

_DATES = ("2020-01-07", "2020-01-31", "2020-02-01", None)
MET = Told("Ada Ember met Bela Frost in Lakeside on Tuesday.", place="Lakeside", date="2020-01-07")


def _edges(graph: Graph, name: str) -> int:
    return int(graph.read(f"MATCH (:Entity)-[r:{name}]->(:Entity) RETURN count(r) AS n")[0]["n"])


def test_a_meeting_becomes_a_fact_with_its_sentence_and_a_shortcut(graph: Graph) -> None:
    ingest(graph, reading(MET))
    (fact,) = look.facts(graph)
    assert (fact.type, fact.status, fact.place, fact.date) == ("meeting", "occurred", "Lakeside", "2020-01-07")
    assert [participant.name for participant in fact.participants] == ["Ada Ember", "Bela Frost"]
    assert [sentence.quote for sentence in fact.evidence] == [MET.sentence]
    assert fact.summary == "Ada Ember and Bela Frost met in Lakeside"
    assert _edges(graph, "MET") == 1
    assert dirty_blocks(graph) == ()


@pytest.mark.parametrize("status", ["denied", "cancelled", "planned", "hypothetical"])
def test_a_meeting_that_is_not_asserted_leaves_no_met(graph: Graph, status: str) -> None:
    ingest(graph, reading(Told("They spoke of a meeting.", status=status)))
    assert [fact.status for fact in look.facts(graph)] == [status]
    assert _edges(graph, "MET") == 0


def test_a_shortcut_goes_when_its_fact_is_called_off(graph: Graph) -> None:
    ingest(graph, reading(MET))
    ingest(graph, reading(Told("It never happened.", status="denied", date="2020-01-07"), published="2020-01-09"))
    (fact,) = look.facts(graph)
    assert (fact.status, [step.status for step in fact.history]) == ("denied", ["occurred", "denied"])
    assert _edges(graph, "MET") == 0


def test_two_outlets_make_one_fact_with_two_sources(graph: Graph) -> None:
    ingest(graph, reading(MET))
    ingest(graph, reading(Told("Frost received Ember.", date="2020-01-07"), source="other.example"))
    (fact,) = look.facts(graph)
    assert (fact.articles, fact.sources, len(fact.evidence)) == (2, 2, 2)
    assert fact.p_stated == pytest.approx(0.99)


def test_support_has_a_direction_and_a_status_history(graph: Graph) -> None:
    roles = (("supporter", "Ada Ember"), ("supported", "Bela Frost"))
    told = Told("Ember backs Frost.", type="alliance", kind="support", status="in_force", roles=roles)
    ingest(graph, reading(told))
    rows = graph.read("MATCH (a:Entity)-[:BACKS]->(b:Entity) RETURN a.name AS a, b.name AS b")
    assert rows == [{"a": "Ada Ember", "b": "Bela Frost"}]
    ended = Told("Ember dropped Frost.", type="alliance", kind="support", status="ended", roles=roles)
    ingest(graph, reading(ended, published="2021-01-01"))
    assert [fact.status for fact in look.facts(graph)] == ["ended"]
    assert _edges(graph, "BACKS") == 0


def test_withdrawing_an_article_leaves_exactly_the_graph_of_the_others(graph: Graph) -> None:
    first = reading(MET)
    second = reading(Told("Frost met Ember and Cy Gale.", roles=(*MET.roles, ("party", "Cy Gale")), date="2020-01-08"))
    ingest(graph, first)
    alone = dump(graph)
    ingest(graph, second)
    evidence = next(e.id for fact in look.facts(graph) for e in fact.evidence if "Gale" in e.quote)
    withdraw(graph, second.document.article_id, "a hoax", "tester")
    assert dump(graph) == alone
    landed = look.show(graph, evidence)
    assert isinstance(landed, WithdrawnView)
    assert "a hoax" in landed.reason


def test_the_order_of_arrival_does_not_matter(graph: Graph, graph_settings: Settings) -> None:
    readings = [
        reading(MET),
        reading(Told("They had met.", date=None), source="b.example", published="2020-01-20"),
        reading(Told("Ember, Frost and Gale met.", roles=(*MET.roles, ("party", "Cy Gale")), date="2020-01-08")),
        reading(Told("They met.", date=None), source="c.example", published=None),
    ]
    for item in readings:
        ingest(graph, item)
    forward = dump(graph)
    graph.run("MATCH (n) WHERE NOT n:Schema DETACH DELETE n")
    for item in reversed(readings):
        ingest(graph, item)
    assert dump(graph) == forward


def test_storing_the_same_reading_again_changes_nothing(graph: Graph) -> None:
    item = reading(MET)
    ingest(graph, item)
    before = dump(graph)
    consolidate(graph, [row["id"] for row in graph.read("MATCH (b:Block) RETURN b.id AS id")])
    assert dump(graph) == before


def test_a_lost_lease_writes_nothing(graph: Graph) -> None:
    item = reading(MET)
    enter(graph, item.document.article_id)
    lease = start(graph, item.document.article_id)
    stolen = lease.model_copy(update={"token": "somebody else's"})
    with pytest.raises(LeaseLost):
        store_reading(graph, stolen, item, "0" * 64)
    assert graph.read("MATCH (e:Evidence) RETURN count(e) AS n") == [{"n": 0}]


def test_purging_leaves_nothing_of_an_article(graph: Graph) -> None:
    item = reading(MET)
    before = dump(graph)
    ingest(graph, item)
    blobs = purge(graph, item.document.article_id)
    assert dump(graph) == before
    assert item.document.article_id in blobs
    assert graph.read("MATCH (n) WHERE n:Article OR n:Delivery OR n:Retired RETURN count(n) AS n") == [{"n": 0}]
    with pytest.raises(NotFound):
        purge(graph, item.document.article_id)


def test_an_erased_article_leaves_a_tombstone_by_which_its_bytes_are_refused(graph: Graph) -> None:
    item = reading(MET, outlet="The Lakeside Paper")
    article = item.document.article_id
    ingest(graph, item)
    done = erase(graph, article, "asked to", "tester")
    assert {article, item.document.text_id} <= set(done.blobs)
    assert article in unneeded(graph, done.blobs)
    assert dump(graph) == []
    (row,) = graph.read("MATCH (a:Article) RETURN properties(a) AS a")
    assert (row["a"]["state"], row["a"]["reason"], row["a"]["path"]) == ("withdrawn", "asked to", "erased")
    assert not {"title", "url", "text_id", "extraction_id", "published"} & row["a"].keys()
    ledger, again = Ledger(graph), Arrival(id="again", path="again.txt", blob=article, size=1)
    ledger.receive([again])
    lease = ledger.start("delivery", "again", 60)
    assert lease is not None
    slices = [ArticleSlice(id=article, data=b"", media_type=MediaType.TEXT)]
    assert ledger.settle(lease, slices, []) == {article}
    outcome = ledger.outcomes(["again"])["again"]
    assert (outcome.final, outcome.failed, outcome.erased) == (True, True, True)
    assert erase(graph, article, "asked to", "tester").blobs == (article,)
    assert "because: asked to" in str(outcome.reason)


def test_workers_that_write_about_one_pair_at_once_lose_nothing(graph: Graph) -> None:
    readings = [
        reading(Told(f"Ember met Frost, said outlet {number}.", date="2020-01-07"), source=f"s{number}.example")
        for number in range(12)
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda item: _ingest_patiently(graph, item), readings))
    consolidate(graph, dirty_blocks(graph))
    (fact,) = look.facts(graph)
    assert (fact.sources, fact.articles, len(fact.evidence)) == (12, 12, 12)


def _ingest_patiently(graph: Graph, item: Reading) -> None:
    enter(graph, item.document.article_id)
    lease = start(graph, item.document.article_id)
    consolidate(graph, store_reading(graph, lease, item, "0" * 64))


def test_withdrawing_while_others_write_leaves_exactly_the_graph_of_the_others(graph: Graph) -> None:
    three = (*MET.roles, ("party", "Cy Gale"))
    told = [
        Told(f"They met, said outlet {n}.", roles=(MET.roles, three[1:], three)[n % 3], date=_DATES[n % 4])
        for n in range(16)
    ]
    readings = [reading(item, source=f"s{n % 5}.example") for n, item in enumerate(told)]
    going, staying = readings[:8], readings[8:]
    for item in going:
        ingest(graph, item)
    with ThreadPoolExecutor(4) as pool:
        gone = [pool.submit(withdraw, graph, item.document.article_id, "a hoax", "tester") for item in going]
        come = [pool.submit(_ingest_patiently, graph, item) for item in staying]
        assert [job.result() for job in (*gone, *come)] == [None] * 16
    consolidate(graph, dirty_blocks(graph))
    left = dump(graph)
    graph.run("MATCH (n) WHERE NOT n:Schema DETACH DELETE n")
    for item in staying:
        ingest(graph, item)
    assert left == dump(graph)


def test_an_entity_is_found_by_any_spelling_and_shown(graph: Graph) -> None:
    ingest(
        graph, reading(Told("Željko Ćosić met Bela Frost.", roles=(("party", "Željko Ćosić"), ("party", "Bela Frost"))))
    )
    for spelling in ("Zeljko Cosic", "ŽELJKO ĆOSIĆ", "cosic", "person:zeljko-cosic"):
        assert [entity.name for entity in look.entities(graph, spelling)] == ["Željko Ćosić"]
    assert [fact.type for fact in look.facts(graph, actor="Cosic")] == ["meeting"]


def test_an_id_prefix_is_enough_to_show_a_fact(graph: Graph) -> None:
    ingest(graph, reading(MET))
    (fact,) = look.facts(graph)
    assert isinstance(look.show(graph, fact.id[:10]), FactView)
    assert look.show(graph, fact.evidence[0].id) == fact
    with pytest.raises(NotFound, match="at least its first 8"):
        look.show(graph, "abc")


def test_tentative_facts_are_listed_only_on_demand(graph: Graph) -> None:
    ingest(graph, reading(Told("Perhaps Ember met Frost.", p_correct=0.4)))
    assert look.facts(graph) == ()
    assert len(look.facts(graph, all=True)) == 1
