"""The canonical dump: the same articles give the same bytes, however they came."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

from kb.graph import Graph, canonical, consolidate, dirty_blocks, store_reading, withdraw
from kb.knowledge import Reading
from kb.records import EntityKind
from tests.graph.readings import Told, enter, ingest, reading, start

UNION = {"Harbour Union": EntityKind.ORGANIZATION}
ROLES = (("party", "Ada Ember"), ("party", "Bela Frost"))
ACCENTED = (("party", "Äda Ember"), ("party", "Bela Frost"))
THREE = (*ROLES, ("party", "Harbour Union"))

ARTICLES = [
    reading(Told("Ember met Frost in Lakeside.", place="Lakeside", date="2020-01-07"), outlet="The Example"),
    reading(Told("Ember and Frost met at the union.", place="Harbour Union", date="2020-01-08"), kinds=UNION),
    reading(Told("The union met both.", roles=THREE, date="2020-01-31"), kinds=UNION, source="b.example"),
    reading(Told("Äda Ember saw Frost.", roles=ACCENTED, date="2020-02-01"), source="b.example", outlet="A Paper"),
    reading(Told("They had met."), source="c.example", published="2020-01-20"),
    reading(Told("They never met.", status="denied", date="2020-01-07"), source="d.example", published="2020-01-09"),
    reading(
        Told("Ember will send ships.", type="pledge", status="made", roles=(("pledger", "Ada Ember"),), content="ships"),
        Told("Ember backs Frost.", type="alliance", kind="support", status="in_force",
             roles=(("supporter", "Ada Ember"), ("supported", "Bela Frost"))),
    ),
]  # fmt: skip


def _dump(graph: Graph) -> str:
    return "".join(f"{line}\n" for line in canonical(graph))


def _clear(graph: Graph) -> None:
    graph.run("MATCH (n) WHERE NOT n:Schema DETACH DELETE n")


def _afresh(graph: Graph, readings: list[Reading]) -> str:
    _clear(graph)
    for item in readings:
        ingest(graph, item)
    return _dump(graph)


def _patiently(graph: Graph, item: Reading) -> None:
    enter(graph, item.document.article_id)
    lease = start(graph, item.document.article_id)
    consolidate(graph, store_reading(graph, lease, item, "0" * 64))


def test_any_order_gives_the_same_bytes(graph: Graph) -> None:
    expected = _afresh(graph, ARTICLES)
    for shift in (1, 3, 5):
        assert _afresh(graph, [*ARTICLES[shift:], *ARTICLES[:shift]][::-1]) == expected


def test_reading_again_gives_the_same_bytes(graph: Graph) -> None:
    expected = _afresh(graph, ARTICLES)
    for item in ARTICLES[::2]:
        article = item.document.article_id
        graph.run("MATCH (a:Article {id: $id}) SET a.state = 'received', a.due_at = timestamp()", id=article)
        consolidate(graph, store_reading(graph, start(graph, article), item, "0" * 64))
    assert _dump(graph) == expected


def test_workers_at_once_give_the_same_bytes(graph: Graph) -> None:
    expected = _afresh(graph, ARTICLES)
    for _ in range(3):
        _clear(graph)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda item: _patiently(graph, item), ARTICLES))
        consolidate(graph, dirty_blocks(graph))
        assert _dump(graph).splitlines() == expected.splitlines()


def test_what_is_withdrawn_leaves_the_dump_of_the_others_alone(graph: Graph) -> None:
    alone = [_afresh(graph, [item]) for item in ARTICLES]
    for number, kept in enumerate(ARTICLES):
        for gone in (ARTICLES[number - 1], ARTICLES[number - 3]):
            _afresh(graph, [kept, gone])
            withdraw(graph, gone.document.article_id, "a hoax", "tester")
            assert _dump(graph) == alone[number]


def test_what_was_withdrawn_first_leaves_the_dump_of_the_others_alone(graph: Graph) -> None:
    expected = _afresh(graph, ARTICLES[1:4])
    everyone = [*ARTICLES[:1], *ARTICLES[4:], *ARTICLES[1:4]]
    _afresh(graph, everyone)
    for item in [*ARTICLES[4:], *ARTICLES[:1]]:
        withdraw(graph, item.document.article_id, "a hoax", "tester")
    assert _dump(graph) == expected


def test_a_source_goes_by_the_same_name_whoever_named_it_first(graph: Graph) -> None:
    for readings in (ARTICLES, ARTICLES[::-1]):
        _afresh(graph, readings)
        rows = graph.read("MATCH (s:Source) RETURN s.id AS id, s.name AS name ORDER BY id")
        assert [row["name"] for row in rows] == ["A Paper", "c.example", "d.example", "The Example"]


def test_the_dump_holds_knowledge_and_nothing_of_the_work(graph: Graph) -> None:
    lines = _afresh(graph, ARTICLES).splitlines()
    records = [json.loads(line) for line in lines]
    assert len(set(lines)) == len(lines)
    assert list(dict.fromkeys(record["record"] for record in records)) == ["entity", "evidence", "fact", "edge"]
    assert {record["type"] for record in records if record["record"] == "edge"} >= {"MET", "PARTICIPANT", "SUPPORTS"}
    keys = {key for record in records for key in record}
    assert keys.isdisjoint({"lock", "key", "received", "state", "attempts", "digest", "token", "path"})
    quotes = {record["quote"] for record in records if record["record"] == "evidence"}
    assert quotes == {item.quote for told in ARTICLES for item in told.statements}
    assert all(
        line == json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for line in lines
    )


def test_a_change_of_a_word_changes_the_hash(graph: Graph) -> None:
    hashes = {hashlib.sha256(_afresh(graph, ARTICLES[:n]).encode()).hexdigest() for n in range(len(ARTICLES) + 1)}
    assert len(hashes) == len(ARTICLES) + 1
