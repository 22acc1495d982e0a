"""Ad-hoc queries by people: read-only, and bounded in time, rows and bytes."""

import json
from collections.abc import Mapping
from typing import Any

import neo4j
from neo4j import exceptions, graph

from kb.errors import RefusedQuery
from kb.graph.allowlist import check
from kb.graph.session import Graph, OverTime
from kb.records import Record

MAX_BYTES = 8 * 2**20
"""Bytes that a query's rows may have as JSON, where the settings say nothing."""


class QueryResult(Record):
    """Rows of JSON values under their columns. ``cut``: which limit ended it, for people; ``None`` if that is all.

    The embedded graph does not name the columns of a result without rows.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut: str | None = None


def run_query(
    source: Graph, cypher: str, parameters: Mapping[str, Any], *, seconds: float, rows: int, size: int = MAX_BYTES
) -> QueryResult:
    """What a reading statement returns within ``seconds``, up to so many rows and bytes (of JSON, in UTF-8).

    Raises RefusedQuery when it is not a reading one, is wrong, or gives nothing in time.
    """
    check(cypher)
    taking = _Taking(rows, size)
    try:
        taking.columns = source.stream(cypher, parameters, seconds, taking.take)
    except OverTime:
        if not taking.rows:
            raise RefusedQuery(
                f"the query gave nothing within {seconds:g} s (KB_QUERY_SECONDS) and was ended: "
                "begin at a node that you know by its id, or shorten its paths"
            ) from None
        taking.cut = f"cut after {seconds:g} s (KB_QUERY_SECONDS): {len(taking.rows):,} rows came until then"
    except (exceptions.ClientError, exceptions.DatabaseError) as error:
        raise RefusedQuery(f"the graph refused the query: {error.message or error}") from error
    return QueryResult(columns=taking.columns, rows=tuple(taking.rows), cut=taking.cut)


class _Taking:
    """Takes rows from a stream up to the limits, and counts their bytes as they come."""

    def __init__(self, most_rows: int, most_bytes: int) -> None:
        self._most_rows, self._most_bytes = most_rows, most_bytes
        self.columns: tuple[str, ...] = ()
        self.rows: list[tuple[Any, ...]] = []
        self.cut: str | None = None
        self._bytes = 0

    def take(self, record: neo4j.Record) -> bool:
        self.columns = tuple(record.keys())
        values = tuple(as_json(value) for value in record.values())
        self._bytes += len(json.dumps(values, ensure_ascii=False).encode("utf-8", "replace"))
        if len(self.rows) == self._most_rows:
            self.cut = f"cut after {self._most_rows:,} rows (KB_QUERY_ROWS): there are more"
        elif self._bytes > self._most_bytes:
            told = f"cut after {len(self.rows):,} rows: with the next there are more than"
            self.cut = f"{told} {self._most_bytes:,} bytes (KB_QUERY_BYTES)"
        else:
            self.rows.append(values)
        return self.cut is None


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
