"""The graph as one sorted dump: equal knowledge gives equal bytes, on either graph and in whatever order it came.

A line is a JSON object with sorted keys. What stands in it follows from the articles' bytes alone: no times of work, no
ids of deliveries, no locks, and none of the machinery (claims, tallies, blocks) from which facts are made.
"""

import json
from collections.abc import Iterator
from typing import Any

from kb.graph.query import as_json
from kb.graph.schema import shortcut_names
from kb.graph.session import Graph, pages

_INTERNAL = frozenset({"digest", "key", "lock", "schema", "shortcuts"})
_EDGES = (
    ("ABOUT", "Fact"),
    ("HOLDS", "Entity"),
    ("KNOWN_AS", "Entity"),
    ("LOCATED_IN", "Fact"),
    ("MENTIONS", "Article"),
    ("PARTICIPANT", "Fact"),
    ("PART_OF", "Entity"),
    ("SAID_BY", "Evidence"),
    ("STATED_IN", "Evidence"),
    ("SUPPORTS", "Evidence"),
)


def canonical(graph: Graph) -> Iterator[str]:
    """Lines of entities, evidence and facts by id, then edges by type and ends; each without its line end.

    Read in several transactions: it is of one moment only while nothing is written.
    """
    for label in ("Entity", "Evidence", "Fact"):
        for ids in pages(_ids(graph, label)):
            yield from _nodes(graph, label, ids)
    shortcuts = ((name, "Entity") for name in shortcut_names())
    for name, label in sorted((*_EDGES, *shortcuts)):
        for ids in pages(_ids(graph, label)):
            yield from _edges(graph, name, label, ids)


def _ids(graph: Graph, label: str) -> list[str]:
    # Sorted here: the graphs do not sort strings alike.
    return sorted(row["id"] for row in graph.read(f"MATCH (n:{label}) RETURN n.id AS id"))


def _nodes(graph: Graph, label: str, ids: Any) -> Iterator[str]:
    rows = graph.read(
        f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) RETURN labels(n) AS labels, properties(n) AS n", ids=list(ids)
    )
    for row in sorted(rows, key=lambda row: str(row["n"]["id"])):
        yield _line({"record": label.lower(), "labels": sorted(row["labels"]), **_properties(row["n"])})


def _edges(graph: Graph, name: str, label: str, ids: Any) -> Iterator[str]:
    rows = graph.read(
        f"""UNWIND $ids AS id MATCH (a:{label} {{id: id}})-[r:{name}]->(b)
        RETURN id AS start, b.id AS end, properties(r) AS r""",
        ids=list(ids),
    )
    found = [{"record": "edge", "type": name, **_properties(row.pop("r")), **row} for row in rows]
    yield from (line for _, _, line in sorted((edge["start"], edge["end"], _line(edge)) for edge in found))


def _properties(row: dict[str, Any]) -> dict[str, Any]:
    return {key: as_json(value) for key, value in row.items() if key not in _INTERNAL and value is not None}


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
