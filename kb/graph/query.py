"""Ad-hoc queries by people: read-only, and bounded in time, rows and bytes."""

import json
from collections.abc import Mapping
from typing import Any

import neo4j
from neo4j import exceptions, graph

from kb.errors import RefusedQuery
from kb.graph.allowlist import check
from kb.graph.session import Graph
from kb.records import Record

MAX_BYTES = 8 * 2**20


class QueryResult(Record):
    """Rows of JSON values under their columns. ``truncated``: the limit of rows or bytes was reached."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool


def run_query(source: Graph, cypher: str, parameters: Mapping[str, Any], *, seconds: float, rows: int) -> QueryResult:
    """What a reading statement returns. Raises RefusedQuery when it is not one, is wrong, or takes too long."""
    check(cypher)

    def collect(result: neo4j.Result) -> QueryResult:
        found: list[tuple[Any, ...]] = []
        size = 0
        for record in result:
            values = tuple(as_json(value) for value in record.values())
            size += len(json.dumps(values, ensure_ascii=False))
            if len(found) == rows or size > MAX_BYTES:
                return QueryResult(columns=tuple(result.keys()), rows=tuple(found), truncated=True)
            found.append(values)
        return QueryResult(columns=tuple(result.keys()), rows=tuple(found), truncated=False)

    try:
        return source.stream(cypher, parameters, seconds, collect)
    except (exceptions.ClientError, exceptions.DatabaseError) as error:
        raise RefusedQuery(f"the graph refused the query: {error.message or error}") from error


def as_json(value: Any) -> Any:
    """A value from the graph as JSON can hold it: times as ISO strings; nodes, edges and paths as objects."""
    match value:
        case graph.Node():
            return {"labels": sorted(value.labels), "properties": as_json(dict(value))}
        case graph.Relationship():
            return {"type": value.type, "properties": as_json(dict(value))}
        case graph.Path():
            return {"nodes": as_json(value.nodes), "relationships": as_json(value.relationships)}
        case dict():
            return {str(key): as_json(item) for key, item in value.items()}
        case list() | tuple():
            return [as_json(item) for item in value]
    if value is None or isinstance(value, str | int | float):
        return value
    return value.iso_format() if hasattr(value, "iso_format") else str(value)
