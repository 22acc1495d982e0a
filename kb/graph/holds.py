"""(:Person)-[:HOLDS]->(:Country|:Organization|:Group): the catalogue's offices, and those that articles tell.

    {origin: 'catalogue', office, since, until}
    {origin: 'articles', office, first_reported, last_reported, articles, article, quote}

What an article tells stands on its MENTIONS of the person, so that the edge is made anew from those that are left.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kb.graph.session import Row, Transaction, connect_all, pages
from kb.knowledge import Entity, Tenure
from kb.ontology import actors
from kb.resolve.tenures import gathered


def told_offices(entity: Entity) -> list[str] | None:
    """The value of ``offices`` on an article's MENTIONS of a person, ``None`` for no offices."""
    return [tenure.model_dump_json() for tenure in entity.tenures] or None


def people_told_of(transaction: Transaction, article_id: str) -> tuple[str, ...]:
    """Ids of the people to whom an article gives an office."""
    rows = transaction.run(
        """MATCH (:Article {id: $id})-[m:MENTIONS]->(e:Entity) WHERE m.offices IS NOT NULL
        RETURN DISTINCT e.id AS id ORDER BY id""",
        id=article_id,
    )
    return tuple(row["id"] for row in rows)


def write_terms(transaction: Transaction, entities: Iterable[Entity]) -> None:
    """Write those offices of the catalogue that the graph lacks, or whose end it does not know; locks nobody else's."""
    known = (actors().get(entity.id) for entity in entities if actors().has(entity.id))
    rows: list[Row] = [
        {
            "person": actor.id,
            "key": f"{actor.id}>{term.office}>{term.of}>{term.since}",
            **term.model_dump(include={"office", "of", "since", "until"}),
        }
        for actor in known
        for term in actor.terms
    ]
    missing: list[str] = []
    for page in pages(rows):
        missing += [
            row["key"]
            for row in transaction.run(
                """UNWIND $rows AS r MATCH (e:Entity {id: r.person}) OPTIONAL MATCH (e)-[h:HOLDS {key: r.key}]->(:Entity)
                WITH r, h WHERE h IS NULL OR coalesce(h.until, '') <> coalesce(r.until, '') RETURN r.key AS key""",
                rows=list(page),
            )
        ]
    lacking = set(missing)
    connect_all(
        transaction,
        """UNWIND $rows AS r MATCH (e:Entity {id: r.person}) MATCH (o:Entity {id: r.of})
        MERGE (e)-[h:HOLDS {key: r.key}]->(o)
        SET h.origin = 'catalogue', h.office = r.office, h.since = r.since, h.until = r.until""",
        [row for row in rows if row["key"] in lacking],
    )


def refresh_told(transaction: Transaction, people: Iterable[str]) -> tuple[str, ...]:
    """Make the offices that articles tell of these people what MENTIONS say; returns those who may act for another now."""
    changed: list[str] = []
    for page in pages(sorted(set(people))):
        transaction.run(
            "UNWIND $ids AS id MATCH (e:Entity {id: id}) SET e.lock = coalesce(e.lock, 0) + 1", ids=list(page)
        )
        before = tenures_of(transaction, page)
        after = _told(transaction, page)
        rows = [_row(person, tenure) for person in page for tenure in after.get(person, ())]
        transaction.run(
            """UNWIND $ids AS id MATCH (:Entity {id: id})-[h:HOLDS]->(:Entity)
            WHERE h.origin = 'articles' AND NOT h.key IN $keys DELETE h""",
            ids=list(page),
            keys=[row["key"] for row in rows],
        )
        connect_all(
            transaction,
            """UNWIND $rows AS r MATCH (e:Entity {id: r.person}) MATCH (o:Entity {id: r.of})
            MERGE (e)-[h:HOLDS {key: r.key}]->(o) SET h.origin = 'articles', h.office = r.office,
            h.first_reported = r.first_reported, h.last_reported = r.last_reported, h.articles = r.articles,
            h.article = r.article, h.quote = r.quote""",
            rows,
        )
        changed += [person for person in page if _years(before.get(person, ())) != _years(after.get(person, ()))]
    return tuple(changed)


def tenures_of(transaction: Transaction, people: Sequence[str]) -> Mapping[str, tuple[Tenure, ...]]:
    """The offices that articles tell of people, by the person's id."""
    found: dict[str, list[Tenure]] = defaultdict(list)
    for page in pages(people):
        for row in transaction.run(
            """UNWIND $ids AS id MATCH (e:Entity {id: id})-[h:HOLDS]->(o:Entity) WHERE h.origin = 'articles'
            RETURN id, properties(h) AS told, o.id AS of ORDER BY h.key""",
            ids=list(page),
        ):
            told = {key: row["told"].get(key) for key in Tenure.model_fields if key != "of"}
            found[row["id"]].append(Tenure(**told, of=row["of"]))
    return {person: tuple(tenures) for person, tenures in found.items()}


def _told(transaction: Transaction, people: Sequence[str]) -> Mapping[str, tuple[Tenure, ...]]:
    rows = transaction.run(
        """UNWIND $ids AS id MATCH (e:Entity {id: id})<-[m:MENTIONS]-(:Article) WHERE m.offices IS NOT NULL
        RETURN id, collect(m.offices) AS offices""",
        ids=list(people),
    )
    return {
        row["id"]: gathered(Tenure.model_validate_json(text) for texts in row["offices"] for text in texts)
        for row in rows
    }


def _row(person: str, tenure: Tenure) -> Row:
    return {"person": person, "key": f"{person}>{tenure.office}>{tenure.of}", **tenure.model_dump()}


def _years(tenures: Iterable[Tenure]) -> set[tuple[str, str, str, str]]:
    """What of an office tells for whom its holder acts: an office and the years in which it was told."""
    return {(t.office, t.of, (t.first_reported or "")[:4], (t.last_reported or "")[:4]) for t in tenures}
