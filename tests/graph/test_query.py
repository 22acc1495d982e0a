"""Ad-hoc queries read, and do nothing else; they end in time, and say what was cut."""

import contextlib
import re
from typing import Any

import pytest
from neo4j import exceptions

from kb.errors import RefusedQuery
from kb.graph import Graph, QueryResult, run_query
from kb.graph.allowlist import check
from tests.graph.statements import COMMANDING, HIDING, HONEST, HOSTILE, REACHING_OUT, WRITING

ENDLESS = "UNWIND range(1, 3000000) AS a UNWIND range(1, 3000) AS b"


@pytest.fixture(scope="module")
def two(module_graph: Graph) -> Graph:
    """A graph of two people who met."""
    module_graph.run(
        """CREATE (a:Entity:Person {id: 'a', name: 'Ada', search: 'ada', day: date('2020-01-08')})
        -[:MET {key: 'a>b'}]->(:Entity:Person {id: 'b', name: 'Bela', search: 'bela'})"""
    )
    return module_graph


def _ask(graph: Graph, statement: str, rows: int = 10, **parameters: object) -> QueryResult:
    return run_query(graph, statement, parameters, seconds=20, rows=rows)


@pytest.mark.parametrize("statement", HOSTILE)
def test_a_statement_that_does_more_than_read_is_refused_and_changes_nothing(two: Graph, statement: str) -> None:
    before = two.read("MATCH (n) RETURN properties(n) AS n ORDER BY n.id")
    with pytest.raises(RefusedQuery) as refused:
        _ask(two, statement)
    assert "the graph refused" not in str(refused.value)
    assert two.read("MATCH (n) RETURN properties(n) AS n ORDER BY n.id") == before


def test_the_lists_are_long_enough_to_mean_something() -> None:
    assert min(map(len, (WRITING, HIDING, REACHING_OUT, COMMANDING))) > 20
    assert len(set(HOSTILE)) == len(HOSTILE)


@pytest.mark.parametrize("statement", HONEST)
def test_a_statement_that_reads_passes(two: Graph, statement: str) -> None:
    wanted: dict[str, Any] = {"id": "a", "items": [{"id": 1}]}
    _ask(two, statement, **{key: value for key, value in wanted.items() if f"${key}" in statement})


@pytest.mark.parametrize("statement", HONEST)
def test_a_writing_clause_behind_a_statement_that_reads_is_refused(statement: str) -> None:
    """Wherever a statement may go on, a clause that writes may not: behind each of its tokens, and at its end."""
    for clause in ("SET n.x = 1", "CREATE (x)", "DETACH DELETE n", "CALL dbms.shutdown()", "LOAD CSV FROM 'x' AS l"):
        with pytest.raises(RefusedQuery):
            check(f"{statement.rstrip(';')}\n{clause}")
        for place in re.finditer(r"(?<=\)) | (?=RETURN)", statement.partition("//")[0]):
            with pytest.raises(RefusedQuery):
                check(f"{statement[: place.start()]} {clause} {statement[place.end() :]}")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("MATCH (n) DELETE n", "DELETE is not allowed here"),
        ("RETURN apoc.load.json('x')", "the function apoc.load.json is not allowed"),
        ("CALL dbms.components()", "only search the full-text indexes"),
        ("RETURN 1; RETURN 2", "one statement at a time"),
        ("RETURN 'a", "quotation mark"),
        ("RETURN \\u0061", "write the character itself"),
        ("RETURN '\\u0027'", "pass the text as a parameter"),
        ("RETURN 1 /* x", "never closed"),
        ("RETURN (1", "\\) is missing"),
        ("RETURN 1 €", "EURO SIGN"),
        ("EXPLAIN RETURN 1", "EXPLAIN is not allowed here"),
        ("RETURN " + "(" * 300 + "1" + ")" * 300, "nested more than"),
        ("RETURN '" + "x" * 60_000 + "'", "the limit is 50,000"),
    ],
)
def test_the_reason_says_what_is_wrong(statement: str, reason: str) -> None:
    with pytest.raises(RefusedQuery, match=reason):
        check(statement)


@pytest.mark.parametrize(
    "statement", ["CREATE (:Entity {id: 'x'})", "MATCH (n) SET n.x = 1", "MATCH (n) DETACH DELETE n"]
)
def test_what_would_get_past_the_list_changes_nothing_either(two: Graph, statement: str) -> None:
    with contextlib.suppress(exceptions.ClientError, exceptions.DatabaseError):
        two.stream(statement, {}, 20, lambda _: True)
    assert two.read("MATCH (n:Entity) RETURN count(n) AS n, count(n.x) AS x") == [{"n": 2, "x": 0}]


def test_rows_come_as_json(two: Graph) -> None:
    found = _ask(two, "MATCH (e:Entity) WHERE e.id = $id RETURN e.name AS name, e.day AS day", id="a")
    assert (found.columns, found.rows, found.cut) == (("name", "day"), (("Ada", "2020-01-08"),), None)
    node = _ask(two, "MATCH (e:Entity {id: 'a'}) RETURN e").rows[0][0]
    assert node["labels"] == ["Entity", "Person"]
    assert node["properties"]["name"] == "Ada"
    assert _ask(two, "RETURN date.truncate('month', date('2020-01-08')) AS m").rows == (("2020-01-01",),)
    searched = _ask(two, "CALL db.index.fulltext.queryNodes('entity_search', 'ada') YIELD node RETURN node.name")
    assert searched.rows == (("Ada",),)


def test_rows_over_the_limit_are_cut_and_said_to_be(two: Graph) -> None:
    found = _ask(two, "UNWIND range(1, 100) AS n RETURN n", rows=10)
    assert (len(found.rows), found.cut) == (10, "cut after 10 rows (KB_QUERY_ROWS): there are more")
    assert _ask(two, "UNWIND range(1, 10) AS n RETURN n", rows=10).cut is None


def test_bytes_are_counted_as_they_come(two: Graph) -> None:
    statement = "UNWIND range(1, 100) AS n RETURN 'éééé' AS text"
    found = run_query(two, statement, {}, seconds=20, rows=1000, size=60)
    # ["éééé"] are twelve bytes in UTF-8.
    assert (len(found.rows), "more than 60 bytes (KB_QUERY_BYTES)" in str(found.cut)) == (5, True)


def test_a_query_that_gives_nothing_in_time_is_ended(two: Graph) -> None:
    with pytest.raises(RefusedQuery, match=r"gave nothing within 1 s \(KB_QUERY_SECONDS\)"):
        run_query(two, f"{ENDLESS} RETURN sum(a * b)", {}, seconds=1, rows=10)
    assert _ask(two, "RETURN 1 AS n").rows == ((1,),)


def test_a_query_that_never_stops_giving_is_cut_with_what_came(two: Graph) -> None:
    found = run_query(two, f"{ENDLESS} RETURN a, b", {}, seconds=1, rows=10**9, size=10**9)
    assert "cut after 1 s (KB_QUERY_SECONDS)" in str(found.cut)
    assert found.rows[0] == (1, 1)


def test_a_cut_does_not_wait_for_what_it_cuts_off(two: Graph) -> None:
    found = run_query(two, f"{ENDLESS} RETURN a, b", {}, seconds=5, rows=10)
    assert (len(found.rows), "KB_QUERY_ROWS" in str(found.cut)) == (10, True)


def test_a_mistake_in_a_query_is_explained(two: Graph) -> None:
    with pytest.raises(RefusedQuery, match="the graph refused"):
        _ask(two, "MATCH (n) RETURN m")
