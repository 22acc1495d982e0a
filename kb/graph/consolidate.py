"""The second transaction: facts made anew from the claims of dirty blocks, and written as a difference.

It may run at any time, any number of times, by anybody: the result depends on the claims alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from kb.graph.holds import tenures_of
from kb.graph.ledger import hold
from kb.graph.rows import fact_row, row_entity, row_state
from kb.graph.session import Graph, Row, Transaction, pages
from kb.graph.shortcuts import delete_shortcuts, write_shortcuts
from kb.graph.work import Lease
from kb.knowledge import ClaimState, Entity, Fact
from kb.ontology import fact_types
from kb.records import EntityKind
from kb.resolve import Neighbourhood, facts_of, neighbourhood
from kb.resolve.blocks import pair_of

Run = Callable[..., list[Row]]

_STATES = """OPTIONAL MATCH (t:Tally)-[:OF]->(c)
WITH c, collect(DISTINCT t.rows) AS tallies MATCH (c)-[:IN]->(x:Block)
RETURN c AS claim, tallies, collect(DISTINCT x.id) AS blocks"""


def consolidate(graph: Graph, blocks: Iterable[str]) -> None:
    """Make the facts of these blocks, and of all that they reach, what their claims say."""
    dirty = sorted(set(blocks))
    while dirty:
        near = neighbourhood(dirty, lambda wanted: _fetch(graph.read, wanted))
        if graph.write(lambda transaction, near=near: _apply(transaction, dirty, near)):  # type: ignore[misc]
            return


def dirty_blocks(graph: Graph, limit: int = 500) -> tuple[str, ...]:
    """Blocks that wait for consolidation: those of work in progress, and those that a crash left behind."""
    rows = graph.read("MATCH (b:Block) WHERE b.dirty = true RETURN b.id AS id ORDER BY id LIMIT $limit", limit=limit)
    return tuple(row["id"] for row in rows)


def finish(graph: Graph, lease: Lease) -> bool:
    """End an article as done; False, and nothing is written, while one of its blocks is dirty. Raises LeaseLost."""

    def work(transaction: Transaction) -> bool:
        hold(transaction, lease)
        waiting = transaction.run(
            """MATCH (:Article {id: $id})<-[:STATED_IN]-(:Evidence)-[:STATES]->(:Claim)-[:IN]->(b:Block)
            WHERE b.dirty = true RETURN count(b) AS n""",
            id=lease.id,
        )[0]["n"]
        if waiting:
            return False
        transaction.run(
            "MATCH (a:Article {id: $id}) SET a.state = 'done', a.ended = datetime() REMOVE a.token, a.lease_until, a.due_at",
            id=lease.id,
        )
        return True

    return graph.write(work)


def _apply(transaction: Transaction, dirty: Sequence[str], seen: Neighbourhood) -> bool:
    """Lock what was seen and look again; False if more must be locked, else the difference is written."""
    locked = sorted({*seen.blocks, *dirty})
    for page in pages(locked):
        transaction.run(
            "UNWIND $ids AS id MATCH (b:Block {id: id}) SET b.lock = coalesce(b.lock, 0) + 1", ids=list(page)
        )
    near = neighbourhood(dirty, lambda wanted: _fetch(transaction.run, wanted))
    if not set(near.blocks) <= set(locked):
        return False
    facts = facts_of(near.states, _entities(transaction, near.states))
    _write_difference(transaction, near.states, facts)
    for page in pages([state.claim.id for state in near.states if not state.tallies]):
        transaction.run("UNWIND $ids AS id MATCH (c:Claim {id: id}) DETACH DELETE c", ids=list(page))
    for page in pages(dirty):
        transaction.run("UNWIND $ids AS id MATCH (b:Block {id: id}) REMOVE b.dirty", ids=list(page))
    for page in pages(locked):
        transaction.run("UNWIND $ids AS id MATCH (b:Block {id: id}) WHERE NOT (b)<-[:IN]-() DELETE b", ids=list(page))
    return True


def _fetch(run: Run, wanted: frozenset[str]) -> list[ClaimState]:
    single = sorted(block for block in wanted if not block.endswith("|*"))
    whole = sorted(pair_of(block) for block in wanted if block.endswith("|*"))
    found: list[Row] = []
    for page in pages(single):
        found += run(
            f"UNWIND $ids AS id MATCH (b:Block {{id: id}})<-[:IN]-(c:Claim) WITH DISTINCT c {_STATES}", ids=list(page)
        )
    for page in pages(whole):
        found += run(
            f"UNWIND $pairs AS pair MATCH (b:Block {{pair: pair}})<-[:IN]-(c:Claim) WITH DISTINCT c {_STATES}",
            pairs=list(page),
        )
    return [row_state(row) for row in found]


def _entities(transaction: Transaction, states: Iterable[ClaimState]) -> dict[str, Entity]:
    """Who is named in these claims, with what a fact needs of them."""
    ids = {participant.entity_id for state in states for participant in state.claim.participants}
    ids |= {entity for state in states for item in state.tallies for entity in item.place_path}
    found: dict[str, Entity] = {}
    for page in pages(sorted(ids)):
        for row in transaction.run(
            "UNWIND $ids AS id MATCH (e:Entity {id: id}) RETURN e, labels(e) AS labels", ids=list(page)
        ):
            entity = row_entity(row)
            found[entity.id] = entity
    people = sorted(key for key, entity in found.items() if entity.kind is EntityKind.PERSON)
    for person, told in tenures_of(transaction, people).items():
        found[person] = found[person].model_copy(update={"tenures": told})
    return found


def _write_difference(transaction: Transaction, states: Sequence[ClaimState], facts: Sequence[Fact]) -> None:
    old: dict[str, Row] = {}
    made: dict[str, str] = {}
    for page in pages([state.claim.id for state in states]):
        for row in transaction.run(
            """UNWIND $ids AS id MATCH (c:Claim {id: id})-[:MAKES]->(f:Fact)
            RETURN c.id AS claim, f.id AS id, f.digest AS digest, f.shortcuts AS shortcuts""",
            ids=list(page),
        ):
            old[row["id"]] = row
            made[row["claim"]] = row["id"]
    rows = {fact.id: fact_row(fact) for fact in facts}
    changed = [fact for fact in facts if old.get(fact.id, {}).get("digest") != rows[fact.id]["digest"]]
    gone = sorted(old.keys() - rows.keys())
    delete_shortcuts(transaction, [old[key] for key in gone] + [old[fact.id] for fact in changed if fact.id in old])
    for page in pages(gone):
        transaction.run("UNWIND $ids AS id MATCH (f:Fact {id: id}) DETACH DELETE f", ids=list(page))
    _write_nodes(transaction, changed, rows, old)
    _write_edges(transaction, changed)
    write_shortcuts(transaction, [rows[fact.id] for fact in changed])
    _write_support(transaction, facts, made)


def _write_nodes(
    transaction: Transaction, changed: Sequence[Fact], rows: Mapping[str, Row], old: Mapping[str, Row]
) -> None:
    for fact_type in fact_types().values():
        new = [rows[fact.id] for fact in changed if fact.type == fact_type.name and fact.id not in old]
        for page in pages(new):
            transaction.run(f"UNWIND $rows AS r CREATE (f:Fact:{fact_type.label}) SET f = r", rows=list(page))
    known = [rows[fact.id] for fact in changed if fact.id in old]
    for page in pages(known):
        transaction.run(
            "UNWIND $rows AS r MATCH (:Fact {id: r.id})-[e:PARTICIPANT|LOCATED_IN|ABOUT]->() DELETE e", rows=list(page)
        )
        transaction.run("UNWIND $rows AS r MATCH (f:Fact {id: r.id}) SET f = r", rows=list(page))


def _write_edges(transaction: Transaction, changed: Sequence[Fact]) -> None:
    participants = [
        {
            "fact": fact.id,
            "entity": p.entity_id,
            "role": p.role,
            "support": n,
            **standing.model_dump(),
            "key": f"{fact.id}>{p.role}>{p.entity_id}",
        }
        for fact in changed
        for p, n, standing in zip(fact.participants, fact.support, fact.standings, strict=True)
    ]
    for page in pages(participants):
        transaction.run(
            """UNWIND $rows AS r MATCH (f:Fact {id: r.fact}) MATCH (e:Entity {id: r.entity})
            MERGE (f)-[p:PARTICIPANT {key: r.key}]->(e)
            SET p.role = r.role, p.support = r.support, p.country = r.country, p.sector = r.sector""",
            rows=list(page),
        )
    for name, ends in (("LOCATED_IN", _places), ("ABOUT", _topics)):
        edges = [
            {"fact": fact.id, "entity": entity, "key": f"{fact.id}>{entity}"}
            for fact in changed
            for entity in ends(fact)
        ]
        for part in pages(edges):
            transaction.run(
                f"""UNWIND $rows AS r MATCH (f:Fact {{id: r.fact}}) MATCH (e:Entity {{id: r.entity}})
                MERGE (f)-[:{name} {{key: r.key}}]->(e)""",
                rows=list(part),
            )


def _places(fact: Fact) -> tuple[str, ...]:
    return (fact.place,) if fact.place else ()


def _topics(fact: Fact) -> tuple[str, ...]:
    return fact.about


def _write_support(transaction: Transaction, facts: Sequence[Fact], made: Mapping[str, str]) -> None:
    """Tie claims and evidence to their facts; evidence is touched only where it is new or its claim has moved."""
    rows = [{"claim": claim, "fact": fact.id, "key": f"{claim}>{fact.id}"} for fact in facts for claim in fact.claims]
    moved = [row for row in rows if made.get(row["claim"]) != row["fact"]]
    for page in pages(moved):
        transaction.run("UNWIND $rows AS r MATCH (:Claim {id: r.claim})-[m:MAKES]->() DELETE m", rows=list(page))
        transaction.run(
            "UNWIND $rows AS r MATCH (:Claim {id: r.claim})<-[:STATES]-(e:Evidence)-[s:SUPPORTS]->() DELETE s",
            rows=list(page),
        )
        transaction.run(
            """UNWIND $rows AS r MATCH (c:Claim {id: r.claim}) MATCH (f:Fact {id: r.fact})
            MERGE (c)-[:MAKES {key: r.key}]->(f)""",
            rows=list(page),
        )
    for page in pages(rows):
        transaction.run(
            """UNWIND $rows AS r MATCH (c:Claim {id: r.claim})<-[:STATES]-(e:Evidence)
            WHERE NOT (e)-[:SUPPORTS]->(:Fact) MATCH (f:Fact {id: r.fact})
            MERGE (e)-[:SUPPORTS {key: e.id}]->(f)""",
            rows=list(page),
        )
