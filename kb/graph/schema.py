"""The graph's schema: what may exist, made once by one process before any worker starts.

    (:Tally {id, claim, source, rows})-[:OF]->(:Claim)   counts of one source's sentences, rows as JSON (kb.knowledge.Tally)
    (:Claim)-[:IN]->(:Block {id, pair, dirty})           ``dirty`` exists only while the block waits for consolidation
    (:Claim)-[:MAKES]->(:Fact)                           which fact the last consolidation made of it
    (:Retired {id, article, reason, at})                 an evidence id that was issued once and states nothing any more

All other labels and relationships are those that people query; docs/graph.md draws them.
"""

import base64
import json
import urllib.error
import urllib.request
from typing import Any

from kb.errors import GraphUnavailable, SchemaMismatch
from kb.graph.rows import kind_label
from kb.graph.session import Graph
from kb.ontology import fact_types
from kb.records import EntityKind
from kb.settings import Settings

VERSION = 1
ENTITY_INDEX = "entity_search"
FACT_INDEX = "fact_search"

LABELS = (
    "Article",
    "Block",
    "Claim",
    "Delivery",
    "Entity",
    "Evidence",
    "Fact",
    "Judgement",
    "Name",
    "Retired",
    "Schema",
    "Source",
    "Tally",
)
RELATIONSHIPS = (
    "ABOUT",
    "CAME_IN",
    "HOLDS",
    "IN",
    "KNOWN_AS",
    "LOCATED_IN",
    "MAKES",
    "MENTIONS",
    "OF",
    "PARTICIPANT",
    "PART_OF",
    "PUBLISHED_BY",
    "SAID_BY",
    "STATED_IN",
    "STATES",
    "SUPPORTS",
)
_INDEXES = (
    ("Article", ("lane", "due_at")),
    ("Article", ("lease_until",)),
    ("Article", ("state",)),
    ("Article", ("ended",)),
    ("Block", ("dirty",)),
    ("Block", ("pair",)),
    ("Delivery", ("lane", "due_at")),
    ("Delivery", ("lease_until",)),
    ("Delivery", ("state",)),
    ("Entity", ("name",)),
    ("Fact", ("date_from",)),
    ("Fact", ("due_to",)),
    ("Fact", ("status",)),
)
# Cleaning reads the whole database.
_CLEANING_SECONDS = 3600.0
_FULL_TEXT = ((ENTITY_INDEX, "Entity", "search"), (FACT_INDEX, "Fact", "summary"))


def entity_labels() -> tuple[str, ...]:
    """The labels of entities beside Entity."""
    return tuple(kind_label(kind) for kind in EntityKind)


def fact_labels() -> tuple[str, ...]:
    """The labels of facts beside Fact, from the catalogue."""
    return tuple(fact_type.label for fact_type in fact_types().values())


def shortcut_names() -> tuple[str, ...]:
    """The relationship types of the catalogue's shortcuts, sorted."""
    return tuple(sorted({edge.name for fact_type in fact_types().values() for edge in fact_type.edges}))


def migrate(graph: Graph, settings: Settings) -> None:
    """Bring an empty or older graph to this version; does nothing on a current one. Safe to call twice at once.

    Raises SchemaMismatch when the graph was written by newer code.
    """
    found = stored_version(graph)
    if found is not None and found >= VERSION:
        check_schema(graph)
        return
    for statement in _definitions():
        graph.run(statement)
    for statement in _first_uses():
        graph.run(statement)
    for name, label, key in _FULL_TEXT:
        _full_text(graph, settings, name, label, key)
    graph.run("MERGE (s:Schema {id: 'kb'}) SET s.version = $version", version=VERSION)


def stored_version(graph: Graph) -> int | None:
    """The schema version that the graph holds, ``None`` for a graph that kb has not used yet."""
    rows = graph.read("MATCH (s:Schema {id: 'kb'}) RETURN s.version AS version")
    return int(rows[0]["version"]) if rows else None


def check_schema(graph: Graph) -> None:
    """Raise SchemaMismatch unless the graph holds exactly this version."""
    found = stored_version(graph)
    if found is None:
        raise SchemaMismatch("the graph has no kb schema yet; `kb migrate` (or `kb up`) makes it")
    if found > VERSION:
        raise SchemaMismatch(f"the graph holds schema {found}, this kb knows {VERSION}: install a newer kb")
    if found < VERSION:
        raise SchemaMismatch(f"the graph holds schema {found}, this kb needs {VERSION}: run `kb migrate`")


def _definitions() -> list[str]:
    made = [
        f"CREATE CONSTRAINT {label.lower()}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE" for label in LABELS
    ]
    made += [
        f"CREATE CONSTRAINT {name.lower()}_key IF NOT EXISTS FOR ()-[r:{name}]-() REQUIRE r.key IS UNIQUE"
        for name in (*RELATIONSHIPS, *shortcut_names())
    ]
    made += [
        f"CREATE INDEX {label.lower()}_{'_'.join(keys)} IF NOT EXISTS FOR (n:{label}) ON ({', '.join(f'n.{k}' for k in keys)})"
        for label, keys in _INDEXES
    ]
    return made


def _first_uses() -> list[str]:
    """Use each label set and relationship type once: the first use is a schema change on the embedded graph."""
    sets: list[tuple[str, ...]] = [(label,) for label in LABELS]
    sets += [("Entity", label) for label in entity_labels()]
    sets += [("Entity", label, "Place") for label in entity_labels() if label != "Place"]
    sets += [("Fact", label) for label in fact_labels()]
    made = [f"CREATE (n:{':'.join(labels)} {{id: '__first__'}}) WITH n DELETE n" for labels in sets]
    made += [
        f"CREATE (a:Name {{id: '__a__'}})-[r:{name} {{key: '__first__'}}]->(b:Name {{id: '__b__'}}) DETACH DELETE a, b"
        for name in (*RELATIONSHIPS, *shortcut_names())
    ]
    return made


def _full_text(graph: Graph, settings: Settings, name: str, label: str, key: str) -> None:
    if settings.graph_admin_url is None:
        graph.run(f"CREATE FULLTEXT INDEX {name} IF NOT EXISTS FOR (n:{label}) ON EACH [n.{key}]")
        graph.read("CALL db.awaitIndexes(60)")
        return
    _sql(settings, f"CREATE PROPERTY `{label}`.`{key}` IF NOT EXISTS STRING")
    _sql(settings, f"CREATE INDEX `{name}` IF NOT EXISTS ON `{label}` (`{key}`) FULL_TEXT")


def clean_files(settings: Settings) -> bool:
    """Make the embedded graph's files forget what was deleted; False for a server whose files are not ours.

    Until then pages keep the values of properties that were removed, and indexes the words of nodes that are gone. The
    write-ahead log keeps them until the server stops in order: it is emptied then.
    """
    if settings.graph_admin_url is None:
        return False
    for command in ("CHECK DATABASE COMPRESS", "REBUILD INDEX *"):
        _sql(settings, command, seconds=_CLEANING_SECONDS)
    return True


def _sql(settings: Settings, command: str, seconds: float = 60) -> Any:
    """One schema command in the embedded graph's own language, over its HTTP interface on loopback."""
    secret = f"{settings.graph_user}:{settings.graph_password.get_secret_value()}"
    request = urllib.request.Request(  # noqa: S310  the address is our own server's
        f"{settings.graph_admin_url}/api/v1/command/{settings.graph_database}",
        data=json.dumps({"language": "sql", "command": command}).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
            return json.load(answer)["result"]
    except urllib.error.HTTPError as error:
        raise SchemaMismatch(f"the embedded graph refused `{command}`: {error.read().decode()[:400]}") from error
    except OSError as error:
        raise GraphUnavailable(f"the embedded graph's schema interface does not answer: {error}") from error
