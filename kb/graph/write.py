"""The first transaction of an article: its evidence set, replaced as a whole, and the blocks that this touches.

Locks are taken in one order: the article, then claims by id, then blocks by id. A consolidation begins with its blocks;
where the two meet in a deadlock the database breaks it, and the one that lost is tried again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from kb.graph.actors import settle_places, write_entities, write_mentions
from kb.graph.holds import people_told_of, refresh_told
from kb.graph.ledger import hold
from kb.graph.publishers import write_source
from kb.graph.rows import block_rows, claim_row, row_statement, statement_row, tally_row
from kb.graph.session import Graph, Row, Transaction, connect_all, pages
from kb.graph.work import Lease
from kb.knowledge import Claim, Reading, Statement
from kb.records import Document
from kb.resolve import tally


class Changed(NamedTuple):
    """What a transaction has touched: blocks, the ids of entities with another name, and of those used as a place."""

    blocks: tuple[str, ...]
    renamed: tuple[str, ...]
    places: tuple[str, ...]


def store_reading(graph: Graph, lease: Lease, reading: Reading, extraction_id: str) -> tuple[str, ...]:
    """Write one article's reading; returns the dirty blocks. Raises LeaseLost, and then writes nothing."""

    def work(transaction: Transaction) -> Changed:
        hold(transaction, lease)
        renamed = write_entities(transaction, reading.entities)
        told = {*people_told_of(transaction, lease.id), *(e.id for e in reading.entities if e.tenures)}
        places = write_mentions(transaction, reading)
        moved = refresh_told(transaction, told)
        _describe(transaction, reading.document, extraction_id, reading.extraction.extractor)
        blocks = replace_evidence(
            transaction, lease.id, reading.statements, reading.claims, f"read again by {reading.extraction.extractor}"
        )
        return Changed(blocks, (*renamed, *moved), places)

    return settle(graph, work)


def settle(graph: Graph, work: Callable[[Transaction], Changed]) -> tuple[str, ...]:
    """Change an article's evidence in one transaction, and what depends on names and uses after it; the dirty blocks.

    Facts that name a renamed entity are marked in the transaction that renames it, and once more after its commit: what
    others committed meanwhile is seen only then, and whoever makes facts later reads the new name.
    """

    def marking(transaction: Transaction) -> Changed:
        found = work(transaction)
        return found._replace(blocks=(*found.blocks, *mark_namesakes(transaction, found.renamed)))

    blocks, renamed, places = graph.write(marking)
    settle_places(graph, places)
    if renamed:
        blocks += graph.write(lambda transaction: mark_namesakes(transaction, renamed))
    return tuple(sorted(set(blocks)))


def replace_evidence(
    transaction: Transaction, article_id: str, statements: Sequence[Statement], claims: Sequence[Claim], why: str
) -> tuple[str, ...]:
    """Make these the article's statements, instead of what it stated before; returns the dirty blocks.

    Evidence that is gone leaves its id with the reason. The article must be locked.
    """
    before = {
        row["e"]["id"]: row_statement(row["e"])
        for row in transaction.run("MATCH (:Article {id: $id})<-[:STATED_IN]-(e:Evidence) RETURN e", id=article_id)
    }
    after = {statement.id: statement for statement in statements}
    changed = [after[key] for key in sorted(after) if before.get(key) != after[key]]
    gone = [before[key] for key in sorted(before.keys() - after.keys())]
    touched = [*changed, *gone, *(before[item.id] for item in changed if item.id in before)]
    # Locked before it is used: a claim that has lost its last evidence may be about to go.
    wanted = {statement.claim_id for statement in touched} | {claim.id for claim in claims}
    locked = _lock_claims(transaction, sorted(wanted))
    _create_claims(transaction, [claim for claim in claims if claim.id not in locked])
    _retire(transaction, gone, why)
    _write_evidence(transaction, changed, before)
    _count(transaction, sorted({(statement.claim_id, statement.source_id) for statement in touched}))
    return _mark_dirty(transaction, sorted({statement.claim_id for statement in touched}))


def mark_namesakes(transaction: Transaction, entity_ids: Sequence[str]) -> tuple[str, ...]:
    """Mark the blocks of all claims that name these entities: their facts hold the names, and for whom these act.

    Found by the evidence, not by the facts: a fact that somebody is about to write holds the name as it was before.
    """
    if not entity_ids:
        return ()
    rows = transaction.run(
        """UNWIND $ids AS id MATCH (:Entity {id: id})<-[:MENTIONS]-(:Article)<-[:STATED_IN]-(e:Evidence)
        WHERE id IN e.place_path OR any(p IN e.participants WHERE p ENDS WITH '|' + id)
        MATCH (e)-[:STATES]->(:Claim)-[:IN]->(b:Block)
        WITH DISTINCT b SET b.dirty = true, b.lock = coalesce(b.lock, 0) + 1 RETURN b.id AS id""",
        ids=list(entity_ids),
    )
    return tuple(sorted(row["id"] for row in rows))


def _describe(transaction: Transaction, document: Document, extraction_id: str, extractor: str) -> None:
    fields = {"text_id", "title", "url", "author", "language", "original_language", "translated", "published"}
    fields |= {"published_origin", "words", "example"}
    values = {
        **document.model_dump(mode="json", include=fields),
        "extraction_id": extraction_id,
        "extractor": extractor,
    }
    transaction.run(
        "MATCH (a:Article {id: $id}) SET a += $values, a.state = 'extracted' REMOVE a.reason",
        id=document.article_id,
        values=values,
    )
    write_source(transaction, document.article_id, document.source)


def _lock_claims(transaction: Transaction, ids: Sequence[str]) -> set[str]:
    """Lock those of the claims that exist; returns their ids."""
    return {
        row["id"]
        for page in pages(ids)
        for row in transaction.run(
            "UNWIND $ids AS id MATCH (c:Claim {id: id}) SET c.lock = coalesce(c.lock, 0) + 1 RETURN c.id AS id",
            ids=list(page),
        )
    }


def _create_claims(transaction: Transaction, claims: Iterable[Claim]) -> None:
    ordered = sorted(claims, key=lambda claim: claim.id)
    for page in pages([claim_row(claim) for claim in ordered]):
        transaction.run("UNWIND $rows AS r CREATE (c:Claim) SET c = r", rows=list(page))
    edges = [row for claim in ordered for row in block_rows(claim)]
    blocks = {row["id"]: {"id": row["id"], "pair": row["pair"]} for row in edges}
    for page in pages([blocks[key] for key in sorted(blocks)]):
        transaction.run(
            """UNWIND $rows AS r OPTIONAL MATCH (b:Block {id: r.id}) WITH r, b WHERE b IS NULL
            CREATE (:Block {id: r.id, pair: r.pair})""",
            rows=list(page),
        )
    connect_all(
        transaction,
        """UNWIND $rows AS r MATCH (c:Claim {id: r.claim}) MATCH (b:Block {id: r.id})
        MERGE (c)-[:IN {key: r.key}]->(b)""",
        edges,
    )


def _retire(transaction: Transaction, gone: Sequence[Statement], why: str) -> None:
    for page in pages([{"id": item.id, "article": item.article_id} for item in gone]):
        transaction.run("UNWIND $rows AS r MATCH (e:Evidence {id: r.id}) DETACH DELETE e", rows=list(page))
        transaction.run(
            """UNWIND $rows AS r OPTIONAL MATCH (x:Retired {id: r.id}) WITH r, x WHERE x IS NULL
            CREATE (:Retired {id: r.id, article: r.article, reason: $why, at: datetime()})""",
            rows=list(page),
            why=why,
        )


def _write_evidence(transaction: Transaction, changed: Sequence[Statement], before: Mapping[str, Statement]) -> None:
    rows = [statement_row(statement) for statement in changed]
    for page in pages([row for row in rows if row["id"] not in before]):
        transaction.run("UNWIND $rows AS r CREATE (e:Evidence) SET e = r", rows=list(page))
        transaction.run("UNWIND $ids AS id MATCH (x:Retired {id: id}) DELETE x", ids=[row["id"] for row in page])
    for page in pages([row for row in rows if row["id"] in before]):
        transaction.run(
            "UNWIND $rows AS r MATCH (e:Evidence {id: r.id})-[s:STATES|SAID_BY|SUPPORTS]->() DELETE s", rows=list(page)
        )
        transaction.run("UNWIND $rows AS r MATCH (e:Evidence {id: r.id}) SET e = r", rows=list(page))
    connect_all(
        transaction,
        """UNWIND $rows AS r MATCH (e:Evidence {id: r.id}) MATCH (a:Article {id: r.article}) MATCH (c:Claim {id: r.claim})
        MERGE (e)-[:STATED_IN {key: r.in_key}]->(a) MERGE (e)-[:STATES {key: r.key}]->(c)""",
        [_edges(row) for row in rows],
    )
    connect_all(
        transaction,
        """UNWIND $rows AS r MATCH (e:Evidence {id: r.id}) MATCH (s:Entity {id: r.said_by})
        MERGE (e)-[:SAID_BY {key: r.by_key}]->(s)""",
        [_edges(row) for row in rows if row["said_by"]],
    )


def _edges(row: Row) -> Row:
    return {
        "id": row["id"],
        "article": row["article_id"],
        "claim": row["claim_id"],
        "said_by": row["said_by"],
        "key": f"{row['id']}>{row['claim_id']}",
        "in_key": f"{row['id']}>{row['article_id']}",
        "by_key": f"{row['id']}>{row['said_by']}",
    }


def _count(transaction: Transaction, touched: Sequence[tuple[str, str]]) -> None:
    """Count anew the sentences of these (claim, source) pairs, whose claims are locked."""
    stated: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for page in pages([{"claim": claim, "source": source} for claim, source in touched]):
        for row in transaction.run(
            """UNWIND $rows AS r MATCH (c:Claim {id: r.claim})<-[:STATES]-(e:Evidence) WHERE e.source_id = r.source
            RETURN e""",
            rows=list(page),
        ):
            statement = row_statement(row["e"])
            stated[statement.claim_id, statement.source_id].append(statement)
    counted = [tally_row(*key, list(tally(stated[key]))) for key in touched if key in stated]
    empty = [f"{claim}>{source}" for claim, source in touched if (claim, source) not in stated]
    for ids in pages(empty):
        transaction.run("UNWIND $ids AS id MATCH (t:Tally {id: id}) DETACH DELETE t", ids=list(ids))
    for page in pages(counted):
        transaction.run(
            """UNWIND $rows AS r OPTIONAL MATCH (t:Tally {id: r.id}) WITH r, t WHERE t IS NULL
            CREATE (n:Tally) SET n = r""",
            rows=list(page),
        )
        transaction.run("UNWIND $rows AS r MATCH (t:Tally {id: r.id}) SET t.rows = r.rows", rows=list(page))
        transaction.run(
            """UNWIND $rows AS r MATCH (t:Tally {id: r.id}) MATCH (c:Claim {id: r.claim})
            MERGE (t)-[:OF {key: r.id}]->(c)""",
            rows=list(page),
        )


def _mark_dirty(transaction: Transaction, claims: Sequence[str]) -> tuple[str, ...]:
    blocks: set[str] = set()
    for page in pages(claims):
        rows = transaction.run(
            "UNWIND $ids AS id MATCH (:Claim {id: id})-[:IN]->(b:Block) RETURN DISTINCT b.id AS id", ids=list(page)
        )
        blocks.update(row["id"] for row in rows)
    for page in pages(sorted(blocks)):
        transaction.run(
            "UNWIND $ids AS id MATCH (b:Block {id: id}) SET b.dirty = true, b.lock = coalesce(b.lock, 0) + 1",
            ids=list(page),
        )
    return tuple(sorted(blocks))
