"""What commands share: the ``--json`` option and the connection to the graph."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click
from pydantic import BaseModel

from kb.graph import Graph, check_schema
from kb.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """Add ``--json``: one JSON record a line."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, one record a line.")(command)


@contextmanager
def connected() -> Iterator[tuple[Settings, Graph]]:
    """Settings, and the graph that they lead to. Raises GraphUnavailable or SchemaMismatch."""
    settings = Settings.load()
    with Graph.connect(settings) as graph:
        check_schema(graph)
        yield settings, graph


def say(as_json: bool, words: str, **record: object) -> None:
    """What a command did: as words, or as one JSON record."""
    click.echo(json.dumps(record, ensure_ascii=False) if as_json else words)


def print_records(records: Iterable[BaseModel]) -> None:
    """Each record as a line of JSON."""
    for record in records:
        click.echo(record.model_dump_json())
