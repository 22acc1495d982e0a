"""Taking an article back: the same way as writing it, with an empty evidence set, and with a record of who and why."""

import secrets
from collections.abc import Iterable, Sequence

from kb.errors import NotFound, UsageFault
from kb.graph.actors import forget_mentions, refresh
from kb.graph.consolidate import consolidate
from kb.graph.holds import people_told_of, refresh_told
from kb.graph.outcomes import FINAL_DELIVERY
from kb.graph.publishers import forget_source, settle_sources
from kb.graph.rows import row_entity
from kb.graph.session import Graph, Row, Transaction, pages
from kb.graph.write import Changed, replace_evidence, settle
from kb.knowledge import Entity
from kb.ontology import actors
from kb.records import Record


class Erased(Record):
    """What stood for an erased article elsewhere: blobs, and the sizes in bytes of the files that it came in."""

    blobs: tuple[str, ...]
    sizes: tuple[int, ...]


def withdraw(graph: Graph, article_id: str, reason: str, author: str) -> None:
    """Take back what an article states; its node stays as ``withdrawn``. The other articles' facts stay as they were.

    Whoever works on the article at this moment loses the lease. Raises NotFound.
    """

    def work(transaction: Transaction) -> Changed:
        touched = _empty(transaction, article_id, f"withdrawn: {reason}")
        transaction.run(
            """MATCH (a:Article {id: $id}) SET a.state = 'withdrawn', a.reason = $reason, a.withdrawn = datetime()
            REMOVE a.token, a.lease_until, a.due_at""",
            id=article_id,
            reason=reason,
        )
        transaction.run(
            """CREATE (:Judgement {id: $id, action: 'withdraw', article: $article, author: $author, reason: $reason,
            made: datetime()})""",
            id=secrets.token_hex(16),
            article=article_id,
            author=author,
            reason=reason,
        )
        return touched

    consolidate(graph, settle(graph, work))


def purge(graph: Graph, article_id: str) -> tuple[str, ...]:
    """Remove an article and all that only it brought, so that it never was; returns the blobs that nothing needs now.

    Raises NotFound.
    """
    consolidate(graph, settle(graph, lambda transaction: _empty(transaction, article_id, "purged")))
    blobs = _blobs(graph, article_id)

    def work(transaction: Transaction) -> None:
        settle_sources(transaction, forget_source(transaction, article_id))
        for statement in (
            "MATCH (x:Retired) WHERE x.article = $id DELETE x",
            """MATCH (a:Article {id: $id})-[:CAME_IN]->(d:Delivery) WITH DISTINCT d
            OPTIONAL MATCH (d)<-[:CAME_IN]-(other:Article) WHERE other.id <> $id
            WITH d, count(other) AS others WHERE others = 0 DETACH DELETE d""",
            "MATCH (a:Article {id: $id}) DETACH DELETE a",
        ):
            transaction.run(statement, id=article_id)

    graph.write(work)
    return unneeded(graph, blobs)


def erase(graph: Graph, article_id: str, reason: str, author: str) -> Erased:
    """Withdraw an article and leave nothing of it in the graph but a tombstone: id, reason, times. May be done again.

    Raises NotFound, and UsageFault while a file that it came in is being read.
    """
    (row,) = graph.read(
        """OPTIONAL MATCH (:Article {id: $id})-[:CAME_IN]->(d:Delivery) WHERE NOT d.state IN $final
        RETURN count(d) AS waiting""",
        id=article_id,
        final=list(FINAL_DELIVERY),
    )
    if row["waiting"]:
        raise UsageFault(f"a file that holds {article_id[:12]} is being read: erase it once `kb status` shows no work")
    withdraw(graph, article_id, reason, author)
    deliveries = graph.read(
        "MATCH (:Article {id: $id})-[:CAME_IN]->(d:Delivery) RETURN DISTINCT d.blob AS blob, d.size AS size",
        id=article_id,
    )
    blobs = _blobs(graph, article_id)
    graph.write(lambda transaction: _scrub(transaction, article_id))
    return Erased(blobs=tuple(sorted(blobs)), sizes=tuple(sorted({row["size"] for row in deliveries})))


def _scrub(transaction: Transaction, article_id: str) -> None:
    """Leave a tombstone of an article, and of each delivery that held nothing else.

    Deliveries keep the ids of their blobs: by them an erasure that was cut off finds what is left to remove.
    """
    settle_sources(transaction, forget_source(transaction, article_id))
    (row,) = transaction.run("MATCH (a:Article {id: $id}) RETURN keys(a) AS keys", id=article_id)
    removed = ", ".join(f"a.{key}" for key in sorted(set(row["keys"]) - _TOMBSTONE))
    transaction.run(
        f"""MATCH (a:Article {{id: $id}}) SET a.path = 'erased', a.metadata = '{{}}', a.erased = datetime()
        {f"REMOVE {removed}" if removed else ""}""",
        id=article_id,
    )
    transaction.run("MATCH (:Article {id: $id})-[:CAME_IN]->(d:Delivery) SET d.erased = true", id=article_id)
    transaction.run(
        """MATCH (:Article {id: $id})-[:CAME_IN]->(d:Delivery) WITH DISTINCT d
        OPTIONAL MATCH (d)<-[:CAME_IN]-(other:Article) WHERE other.id <> $id
        WITH d, count(other) AS others WHERE others = 0 SET d.path = 'erased', d.metadata = '{}' REMOVE d.faults""",
        id=article_id,
    )


# Properties of an erased article's node.
_TOMBSTONE = frozenset(
    "attempts blob erased id lane lock media_type metadata path reason received state withdrawn".split()
)


def is_erased(graph: Graph, article_id: str) -> bool:
    """True for an article of which only the tombstone stays."""
    return bool(graph.read("MATCH (a:Article {id: $id}) WHERE a.erased IS NOT NULL RETURN a.id AS id", id=article_id))


def _blobs(graph: Graph, article_id: str) -> set[str]:
    """The blobs that stand for an article: its bytes, text and extraction, and the deliveries that it came in."""
    (found,) = graph.read(
        """MATCH (a:Article {id: $id}) OPTIONAL MATCH (a)-[:CAME_IN]->(d:Delivery)
        RETURN a.text_id AS text, a.extraction_id AS extraction, collect(d.blob) AS deliveries""",
        id=article_id,
    )
    return {blob for blob in (article_id, found["text"], found["extraction"], *found["deliveries"]) if blob}


def unneeded(graph: Graph, blobs: Iterable[str]) -> tuple[str, ...]:
    """Those of the blobs that no article and no delivery stands for, sorted."""
    rows = graph.read(
        """UNWIND $ids AS id OPTIONAL MATCH (a:Article)
        WHERE a.erased IS NULL AND (a.id = id OR a.text_id = id OR a.extraction_id = id)
        OPTIONAL MATCH (d:Delivery) WHERE d.erased IS NULL AND d.blob = id
        WITH id, count(a) + count(d) AS users WHERE users > 0 RETURN id""",
        ids=sorted(blobs),
    )
    return tuple(sorted(set(blobs) - {row["id"] for row in rows}))


def _empty(transaction: Transaction, article_id: str, why: str) -> Changed:
    """Take an article's evidence and mentions away."""
    if not transaction.run(
        "MATCH (a:Article {id: $id}) SET a.lock = coalesce(a.lock, 0) + 1 REMOVE a.token RETURN a.id AS id",
        id=article_id,
    ):
        raise NotFound(f"there is no article {article_id}; `kb status` and the dashboard list them")
    blocks = replace_evidence(transaction, article_id, (), (), why)
    told = people_told_of(transaction, article_id)
    mentioned, places = forget_mentions(transaction, article_id)
    moved = refresh_told(transaction, told)
    renamed = _forget_names(transaction, mentioned)
    return Changed(blocks, (*renamed, *moved), places)


def _forget_names(transaction: Transaction, entity_ids: Sequence[str]) -> tuple[str, ...]:
    """Drop names that no article uses any more, and entities that nobody mentions, nothing is part of and none holds
    an office of.

    What an entity was part of, or held an office of, is looked at after it: a country may have been there only for it.
    """
    kept: dict[str, Entity] = {}
    waiting = sorted(entity_ids)
    while waiting:
        parents: set[str] = set()
        for page in pages(waiting):
            for row in transaction.run(_USED, ids=list(page)):
                entity = _still_used(row)
                if entity is not None:
                    kept[entity.id] = entity
                else:
                    parents.update(row["parents"])
                    transaction.run("MATCH (e:Entity {id: $id}) DETACH DELETE e", id=row["e"]["id"])
        waiting = sorted(parents)
    for entity in kept.values():
        transaction.run(
            "MATCH (e:Entity {id: $id})-[k:KNOWN_AS]->(n:Name) WHERE NOT n.id IN $names DELETE k",
            id=entity.id,
            names=list(entity.names),
        )
    transaction.run("MATCH (n:Name) WHERE NOT (n)<-[:KNOWN_AS]-() DELETE n")
    return refresh(transaction, kept.values())


_USED = """UNWIND $ids AS id MATCH (e:Entity {id: id}) OPTIONAL MATCH (e)<-[m:MENTIONS]-(:Article)
OPTIONAL MATCH (e)<-[part:PART_OF|HOLDS]-(:Entity) OPTIONAL MATCH (e)-[:PART_OF|HOLDS]->(parent:Entity)
RETURN e, labels(e) AS labels, collect(DISTINCT m.names) AS used, count(part) AS parts, collect(DISTINCT parent.id) AS parents"""


def _still_used(row: Row) -> Entity | None:
    """The entity with the names that are left to it; ``None`` if nobody mentions it, is part of it or holds an office of it."""
    known = row["e"]["id"]
    names = {name for names in row["used"] for name in names}
    if not (names or row["parts"]):
        return None
    if actors().has(known):
        names.update(actors().get(known).names)
    return row_entity(row, names)
