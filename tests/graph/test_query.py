"""Ad-hoc queries read, and do nothing else."""

import pytest

from kb.errors import RefusedQuery
from kb.graph import Graph, QueryResult, run_query

HOSTILE = [
    "CREATE (:Entity {id: 'x'})",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n) SET n.name = 'x' RETURN n",
    "MATCH (n) REMOVE n.name",
    "MERGE (n:Entity {id: 'x'}) RETURN n",
    "MATCH (n) FOREACH (x IN [1] | SET n.a = x)",
    "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "MATCH (n) WITH n LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "RETURN 1 UNION LOAD CSV FROM 'http://127.0.0.1/' AS l RETURN 1",
    "lOaD/**/CSV FROM 'file:///etc/passwd' AS l RETURN l",
    "L\\u004FAD CSV FROM 'file:///etc/passwd' AS l RETURN l",
    "MATCH (n) \\u0053ET n.x = 1 RETURN n",
    "MATCH (n) // harmless\nSET n.x = 1 RETURN n",
    "MATCH (n) /* SET */ DELETE n",
    "CALL dbms.listConfig()",
    "CALL `dbms`.`listConfig`()",
    "CALL db.labels() YIELD label RETURN label",
    "MATCH (n) CALL { WITH n SET n.x = 1 } RETURN n",
    "CALL db.index.fulltext.queryNodes('entity_search', 'x') YIELD node CALL dbms.killQueries(['1']) YIELD x RETURN x",
    "SHOW USERS",
    "SHOW SETTINGS",
    "TERMINATE TRANSACTION 'x'",
    "STOP DATABASE neo4j",
    "DROP CONSTRAINT entity_id",
    "CREATE INDEX x FOR (n:Entity) ON (n.x)",
    "ALTER USER neo4j SET PASSWORD 'x'",
    "USE system MATCH (n) RETURN n",
    "PROFILE MATCH (n) DELETE n",
    "EXPLAIN MATCH (n) RETURN n",
    "RETURN 1; MATCH (n) DELETE n",
    "MATCH (n) WHERE n.x = 'unclosed RETURN n",
    "",
    "-- comment",
    "GRANT ROLE admin TO x",
    "UNWIND [1] AS x CREATE (:Entity {id: 'x'})",
    "WITH 1 AS x MERGE (:Entity {id: 'x'})",
    "MATCH (`a``b`) SET `a``b`.x = 1",
    "MATCH (n) WHERE n:Entity SET n:Other",
    "RETURN 1 AS set SET x.y = 1",
    "OPTIONAL MATCH (n) DELETE n RETURN 1",
    "UNWIND [1] AS x // a comment\rLOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "UNWIND [1] AS x // a comment\rCREATE (:Entity {id: 'x'})",
    "RETURN 'a\\u0027 AS x MATCH (n) DELETE n RETURN \\u0027b' AS y",
    "MATCH (n) RETURN apoc.cypher.runFirstColumnSingle('CREATE (:Entity)', {})",
    "MATCH (n) RETURN `apoc`.`load`.json('http://127.0.0.1/')",
    "MATCH (n) RETURN apoc . load /* */ . json('http://127.0.0.1/')",
]


@pytest.mark.parametrize("statement", HOSTILE)
def test_a_statement_that_does_more_than_read_is_refused_and_changes_nothing(graph: Graph, statement: str) -> None:
    graph.run("CREATE (:Entity:Person {id: 'a', name: 'Ada', search: 'ada'})")
    with pytest.raises(RefusedQuery):
        run_query(graph, statement, {}, seconds=5, rows=10)
    assert graph.read("MATCH (n:Entity) RETURN n.id AS id, n.x AS x") == [{"id": "a", "x": None}]


def _ask(graph: Graph, statement: str, rows: int = 10, **parameters: object) -> QueryResult:
    return run_query(graph, statement, parameters, seconds=5, rows=rows)


def test_reading_statements_pass_and_give_json(graph: Graph) -> None:
    graph.run("CREATE (:Entity:Person {id: 'a', name: 'Ada', search: 'ada', day: date('2020-01-08')})")
    found = _ask(graph, "MATCH (e:Entity) WHERE e.id = $id RETURN e.name AS name, e.day AS day", id="a")
    assert (found.columns, found.rows) == (("name", "day"), (("Ada", "2020-01-08"),))
    node = _ask(graph, "MATCH (e:Entity) RETURN e").rows[0][0]
    assert node["labels"] == ["Entity", "Person"]
    assert node["properties"]["name"] == "Ada"
    assert _ask(graph, "MATCH (n {set: 1}) RETURN n.delete, 'DELETE' AS text").rows == ()
    assert _ask(graph, "RETURN date.truncate('month', date('2020-01-08')) AS m").rows == (("2020-01-01",),)
    searched = _ask(graph, "CALL db.index.fulltext.queryNodes('entity_search', 'ada') YIELD node RETURN node.name")
    assert searched.rows == (("Ada",),)


def test_rows_over_the_limit_are_cut_and_said_to_be(graph: Graph) -> None:
    found = _ask(graph, "UNWIND range(1, 100) AS n RETURN n", rows=10)
    assert (len(found.rows), found.truncated) == (10, True)


def test_a_mistake_in_a_query_is_explained(graph: Graph) -> None:
    with pytest.raises(RefusedQuery, match="the graph refused"):
        _ask(graph, "MATCH (n RETURN n")
