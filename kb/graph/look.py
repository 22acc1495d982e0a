"""What people look at: facts with their sentences, articles, entities, counts and failures, in a few queries each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from kb.errors import NotFound
from kb.graph.rows import kind_of, row_history
from kb.graph.schema import ENTITY_INDEX
from kb.graph.session import Graph, Row
from kb.ontology import fact_types, fold
from kb.views import (
    ArticleView,
    DeliveryView,
    EntityView,
    EvidenceView,
    FactView,
    FailureView,
    ParticipantView,
    StatusView,
    WithdrawnView,
)

Shown = FactView | ArticleView | EntityView | DeliveryView | WithdrawnView
_SHORTEST_ID = 8


def facts(
    graph: Graph,
    *,
    type: str | None = None,  # noqa: A002  the word that people type
    actor: str | None = None,
    status: str | None = None,
    all: bool = False,  # noqa: A002
    limit: int = 50,
) -> tuple[FactView, ...]:
    """Facts, the last reported first; tentative ones only with ``all``. ``actor``: any spelling, or an entity's id."""
    wanted: dict[str, Any] = {"type": type, "status": status, "all": all, "limit": limit}
    matched = "MATCH (f:Fact)"
    if actor is not None:
        wanted["actors"] = [entity.id for entity in entities(graph, actor)]
        matched = "UNWIND $actors AS actor MATCH (:Entity {id: actor})<-[:PARTICIPANT]-(f:Fact) WITH DISTINCT f"
    rows = graph.read(
        f"""{matched} WHERE ($type IS NULL OR f.type = $type) AND ($status IS NULL OR f.status = $status)
        AND ($all OR f.firm = true)
        RETURN f.id AS id ORDER BY coalesce(f.last_reported, '') DESC, f.firm DESC, id LIMIT $limit""",
        **wanted,
    )
    return facts_by_id(graph, [row["id"] for row in rows])


def facts_by_id(graph: Graph, ids: Sequence[str]) -> tuple[FactView, ...]:
    """These facts in this order, with participants and evidence; ids that are no fact's are left out."""
    nodes = {
        row["f"]["id"]: row
        for row in graph.read(
            """UNWIND $ids AS id MATCH (f:Fact {id: id}) OPTIONAL MATCH (f)-[:LOCATED_IN]->(p:Entity)
            RETURN f, collect(p.name) AS places""",
            ids=list(ids),
        )
    }
    people: dict[str, list[ParticipantView]] = defaultdict(list)
    for row in graph.read(
        """UNWIND $ids AS id MATCH (f:Fact {id: id})-[p:PARTICIPANT]->(e:Entity)
        RETURN id, e.id AS entity_id, e.name AS name, labels(e) AS labels, p.role AS role, p.support AS support""",
        ids=list(ids),
    ):
        shown = {key: row[key] for key in ("entity_id", "name", "role", "support")}
        people[row["id"]].append(ParticipantView(**shown, kind=kind_of(row["labels"])))
    sentences: dict[str, list[EvidenceView]] = defaultdict(list)
    for row in graph.read(_EVIDENCE, ids=list(ids)):
        sentences[row["id"]].append(_evidence(row))
    return tuple(_fact(nodes[key], people[key], sentences[key]) for key in ids if key in nodes)


def entities(graph: Graph, words: str, limit: int = 10) -> tuple[EntityView, ...]:
    """Entities by id, or by any of their names in any spelling; those that fit exactly come first."""
    exact = graph.read("MATCH (e:Entity {id: $id}) RETURN e, labels(e) AS labels", id=words)
    if exact:
        return tuple(_entity(graph, row) for row in exact)
    folded = fold(words)
    terms = " AND ".join(folded.split())
    if not terms:
        return ()
    rows = graph.read(
        f"""CALL db.index.fulltext.queryNodes('{ENTITY_INDEX}', $terms) YIELD node, score
        RETURN node AS e, labels(node) AS labels, score ORDER BY score DESC, node.id LIMIT $limit""",
        terms=terms,
        limit=limit,
    )
    full = [row for row in rows if folded in row["e"]["search"].split(" | ")]
    return tuple(_entity(graph, row) for row in full or rows)


def show(graph: Graph, item_id: str) -> Shown:
    """Whatever has this id, or this unambiguous beginning of one. Evidence leads to today's fact.

    Raises NotFound.
    """
    for finder in (_find_fact, _find_article, _find_entity, _find_delivery, _find_retired):
        found = finder(graph, item_id)
        if found is not None:
            return found
    if len(item_id) < _SHORTEST_ID:
        raise NotFound(f"nothing has the id {item_id!r}; give at least its first {_SHORTEST_ID} characters")
    ids = sorted(
        row["id"]
        for label in ("Fact", "Evidence", "Article", "Delivery", "Retired")
        for row in graph.read(
            f"MATCH (x:{label}) WHERE x.id > $id AND x.id < $end RETURN x.id AS id LIMIT 3",
            id=item_id,
            end=f"{item_id}~",
        )
    )
    if len(ids) == 1:
        return show(graph, ids[0])
    if ids:
        raise NotFound(f"{item_id} is the beginning of several ids: {', '.join(found[:16] for found in ids)} …")
    raise NotFound(f"nothing has the id {item_id}; `kb facts` lists facts with their ids")


def articles(graph: Graph, *, state: str | None = None, limit: int = 50) -> tuple[ArticleView, ...]:
    """Articles, the last received first."""
    rows = graph.read(
        f"""MATCH (a:Article) WHERE $state IS NULL OR a.state = $state
        WITH a ORDER BY a.received DESC, a.id LIMIT $limit {_ARTICLE}""",
        state=state,
        limit=limit,
    )
    return tuple(sorted((_article(row) for row in rows), key=lambda view: (view.received, view.id), reverse=True))


def status(graph: Graph) -> StatusView:
    """Counts by state and type, and for how long the oldest due work has waited."""
    waiting = [
        row["since"]
        for label in ("Delivery", "Article")
        for row in graph.read(
            f"""MATCH (x:{label}) WHERE x.lane IN ['live', 'bulk'] AND x.due_at > 0
            RETURN min(x.received) AS since"""
        )
        if row["since"] is not None
    ]
    return StatusView(
        deliveries=_counts(graph, "MATCH (x:Delivery) RETURN x.state AS key, count(x) AS n"),
        articles=_counts(graph, "MATCH (x:Article) RETURN x.state AS key, count(x) AS n"),
        facts=_counts(graph, "MATCH (x:Fact) RETURN x.type AS key, count(x) AS n"),
        oldest_waiting=_seconds_since(min(waiting)) if waiting else None,
    )


def failures(graph: Graph, limit: int = 200) -> tuple[FailureView, ...]:
    """Work that was set aside, the latest first."""
    found: list[FailureView] = []
    for kind, label in (("delivery", "Delivery"), ("article", "Article")):
        for row in graph.read(
            f"MATCH (x:{label}) WHERE x.state = 'failed' RETURN x ORDER BY x.ended DESC LIMIT $limit", limit=limit
        ):
            node = row["x"]
            found.append(
                FailureView.model_validate(
                    {
                        "kind": kind,
                        "name": node["path"],
                        "message": node.get("error") or "",
                        "failed_at": _iso(node.get("ended")),
                        "traceback": node.get("traceback"),
                        **{key: node.get(key) or "" for key in ("id", "stage", "error_class")},
                        "attempts": node["attempts"],
                    }
                )
            )
    return tuple(sorted(found, key=lambda failure: failure.failed_at, reverse=True)[:limit])


_EVIDENCE = """UNWIND $ids AS id MATCH (f:Fact {id: id})<-[:SUPPORTS]-(e:Evidence)-[:STATED_IN]->(a:Article)
OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(s:Source)
RETURN id, e, a.id AS article_id, a.title AS title, s.name AS source, a.url AS url, a.published AS published,
    a.translated AS translated, a.original_language AS original_language, a.example AS example"""
_ARTICLE = """OPTIONAL MATCH (a)-[:PUBLISHED_BY]->(s:Source)
OPTIONAL MATCH (a)-[c:CAME_IN]->(d:Delivery)
WITH a, s, collect(DISTINCT d.path + CASE WHEN c.locator = '' THEN '' ELSE ', ' + c.locator END) AS came_in
OPTIONAL MATCH (a)<-[:STATED_IN]-(:Evidence)-[:SUPPORTS]->(f:Fact)
RETURN a, s.name AS source, came_in, collect(DISTINCT f.id) AS facts"""


def _fact(row: Row, people: Iterable[ParticipantView], sentences: Iterable[EvidenceView]) -> FactView:
    node = row["f"]
    roles = [role.name for role in fact_types()[node["type"]].roles]
    fields = set(FactView.model_fields) - {"participants", "evidence", "place", "history"}
    return FactView(
        **{key: node.get(key) for key in fields},
        place=next(iter(row["places"]), None),
        history=row_history(node.get("history")),
        participants=tuple(sorted(people, key=lambda p: (roles.index(p.role), -p.support, p.entity_id))),
        evidence=tuple(sorted(sentences, key=lambda e: (e.published or "", e.article_id, e.start))),
    )


def _evidence(row: Row) -> EvidenceView:
    node = row["e"]
    own = {"id", "quote", "start", "end", "sentence_start", "sentence_end", "status", "p_correct", "firm", "date_text"}
    shown = {key: row[key] for key in ("article_id", "title", "source", "url", "published", "original_language")}
    return EvidenceView(
        **{key: node.get(key) for key in own},
        **shown,
        translated=bool(row["translated"]),
        example=bool(row["example"]),
    )


def _article(row: Row) -> ArticleView:
    node = row["a"]
    fields = set(ArticleView.model_fields) - {
        "source",
        "came_in",
        "facts",
        "unused",
        "received",
        "translated",
        "example",
    }
    return ArticleView(
        **{key: node.get(key) for key in fields},
        source=row["source"],
        received=_iso(node["received"]),
        translated=bool(node.get("translated")),
        example=bool(node.get("example")),
        came_in=tuple(sorted(row["came_in"])),
        facts=tuple(sorted(row["facts"])),
    )


def _entity(graph: Graph, row: Row) -> EntityView:
    node = row["e"]
    more = graph.read(
        """MATCH (e:Entity {id: $id}) OPTIONAL MATCH (e)-[:KNOWN_AS]->(n:Name) WITH e, collect(DISTINCT n.id) AS names
        OPTIONAL MATCH (e)<-[:PARTICIPANT]-(f:Fact) RETURN names, collect(DISTINCT f.id) AS facts""",
        id=node["id"],
    )[0]
    return EntityView(
        **{key: node.get(key) for key in ("id", "name", "wikidata", "iso3")},
        kind=kind_of(row["labels"]),
        names=tuple(sorted(more["names"])),
        facts=tuple(sorted(more["facts"])),
    )


def _find_fact(graph: Graph, item_id: str) -> FactView | None:
    ids = [
        row["id"]
        for row in graph.read("MATCH (:Evidence {id: $id})-[:SUPPORTS]->(f:Fact) RETURN f.id AS id", id=item_id)
    ]
    return next(iter(facts_by_id(graph, ids or [item_id])), None)


def _find_article(graph: Graph, item_id: str) -> ArticleView | None:
    rows = graph.read(f"MATCH (a:Article {{id: $id}}) {_ARTICLE}", id=item_id)
    return _article(rows[0]) if rows else None


def _find_entity(graph: Graph, item_id: str) -> EntityView | None:
    rows = graph.read("MATCH (e:Entity {id: $id}) RETURN e, labels(e) AS labels", id=item_id)
    return _entity(graph, rows[0]) if rows else None


def _find_delivery(graph: Graph, item_id: str) -> DeliveryView | None:
    rows = graph.read(
        """MATCH (d:Delivery {id: $id}) OPTIONAL MATCH (d)<-[:CAME_IN]-(a:Article)
        RETURN d, collect(DISTINCT a.id) AS articles""",
        id=item_id,
    )
    if not rows:
        return None
    node = rows[0]["d"]
    return DeliveryView(
        **{key: node.get(key) for key in ("id", "path", "blob", "state", "reason")},
        received=_iso(node["received"]),
        articles=tuple(sorted(rows[0]["articles"])),
    )


def _find_retired(graph: Graph, item_id: str) -> WithdrawnView | None:
    rows = graph.read("MATCH (x:Retired {id: $id}) RETURN x", id=item_id)
    if not rows:
        return None
    node = rows[0]["x"]
    return WithdrawnView(id=item_id, article_id=node["article"], withdrawn=_iso(node["at"]), reason=node["reason"])


def _counts(graph: Graph, statement: str) -> dict[str, int]:
    return {row["key"]: row["n"] for row in sorted(graph.read(statement), key=lambda row: str(row["key"]))}


def _iso(value: Any) -> str:
    if value is None:
        return ""
    return str(value.iso_format()) if hasattr(value, "iso_format") else str(value)


def _seconds_since(moment: Any) -> float:
    then = dt.datetime.fromisoformat(_iso(moment)[:26].rstrip("Z")).replace(tzinfo=dt.UTC)
    return max(0.0, (dt.datetime.now(dt.UTC) - then).total_seconds())


def count_tentative(graph: Graph) -> int:
    """How many facts no firm evidence stands behind."""
    return int(graph.read("MATCH (f:Fact) WHERE f.firm = false RETURN count(f) AS n")[0]["n"])


def now(graph: Graph) -> str:
    """The graph's own time, as ISO 8601; a mark for ``ended_articles``."""
    return _iso(graph.read("RETURN datetime() AS now")[0]["now"])


def ended_articles(graph: Graph, since: str, limit: int) -> tuple[ArticleView, ...]:
    """Articles that were done, failed or rejected since a moment, the latest ``limit``, in the order of their end."""
    rows = graph.read(
        f"""MATCH (a:Article) WHERE a.ended >= datetime($since)
        WITH a ORDER BY a.ended DESC LIMIT $limit {_ARTICLE}""",
        since=since,
        limit=limit,
    )
    return tuple(_article(row) for row in sorted(rows, key=lambda row: _iso(row["a"]["ended"])))


def ended_deliveries(graph: Graph, since: str) -> tuple[tuple[str, str], ...]:
    """Path and reason of deliveries since a moment of which nothing came."""
    rows = graph.read(
        """MATCH (d:Delivery) WHERE d.received >= datetime($since) AND d.state IN ['rejected', 'failed']
        RETURN d.path AS path, d.reason AS reason ORDER BY path LIMIT 200""",
        since=since,
    )
    return tuple((row["path"], row["reason"] or "") for row in rows)
