"""``kb export``: the dump on the terminal, and its hash."""

import hashlib
import json

from click.testing import CliRunner, Result

from kb.cli import kb
from kb.graph import Graph, canonical
from kb.settings import Settings
from tests.graph.readings import Told, ingest, reading


def _export(settings: Settings, *words: str) -> Result:
    given = {
        "KB_GRAPH_URI": settings.graph_uri,
        "KB_GRAPH_USER": settings.graph_user,
        "KB_GRAPH_PASSWORD": settings.graph_password.get_secret_value(),
        "KB_GRAPH_DATABASE": settings.graph_database,
    }
    return CliRunner().invoke(kb, ["export", *words], env=given)


def test_the_hash_is_that_of_what_is_printed(graph: Graph, graph_settings: Settings) -> None:
    ingest(graph, reading(Told("Ember met Frost in Lakeside.", place="Lakeside", date="2020-01-07")))
    printed = _export(graph_settings, "--canonical")
    assert printed.exit_code == 0
    assert printed.stdout.splitlines() == list(canonical(graph))
    digest = hashlib.sha256(printed.stdout.encode()).hexdigest()
    assert _export(graph_settings, "--canonical", "--hash").stdout == f"{digest}\n"
    said = json.loads(_export(graph_settings, "--canonical", "--hash", "--json").stdout)
    assert said == {"sha256": digest, "lines": len(printed.stdout.splitlines())}


def test_a_form_must_be_named(graph_settings: Settings) -> None:
    refused = _export(graph_settings)
    assert (refused.exit_code, "--canonical" in refused.output) == (2, True)
