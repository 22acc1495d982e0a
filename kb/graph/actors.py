"""Writing entities: made once, their names kept as nodes, hot ones left unlocked."""

from collections.abc import Iterable, Sequence

from kb.graph.holds import told_offices, write_terms
from kb.graph.rows import entity_row, kind_label, kind_of
from kb.graph.session import Graph, Row, Transaction, connect_all, pages
from kb.knowledge import Entity, Reading
from kb.ontology import actors
from kb.records import EntityKind
from kb.resolve.entities import best_name, search_text


def settle_places(graph: Graph, entity_ids: Iterable[str]) -> None:
    """Make these carry the label Place if an article uses them as one, else not: after all else, in its own transaction.

    Countries and places keep it always. Each entity is locked first: another article may be about to say otherwise.
    """
    wanted = sorted(set(entity_ids))
    if wanted:
        graph.write(lambda transaction: _settle_places(transaction, wanted))


def _settle_places(transaction: Transaction, ids: Sequence[str]) -> None:
    for page in pages(ids):
        rows = transaction.run(
            """UNWIND $ids AS id MATCH (e:Entity {id: id}) WHERE NOT e:Country SET e.lock = coalesce(e.lock, 0) + 1
            WITH e OPTIONAL MATCH (e)<-[m:MENTIONS]-(:Article) WHERE m.place = true
            WITH e, count(m) AS users OPTIONAL MATCH (e)<-[p:PART_OF]-(:Entity) WITH e, users, count(p) AS parts
            RETURN e.id AS id, labels(e) AS labels, users + parts AS users""",
            ids=list(page),
        )
        for row in rows:
            used, labelled = row["users"] > 0, "Place" in row["labels"]
            if used != labelled and kind_of(row["labels"]) is not EntityKind.PLACE:
                change = "SET e:Place" if used else "REMOVE e:Place"
                transaction.run(f"MATCH (e:Entity {{id: $id}}) {change}", id=row["id"])


def write_entities(transaction: Transaction, entities: Sequence[Entity]) -> tuple[str, ...]:
    """Make the entities that are missing and add names that are new; returns the ids of those renamed.

    An entity that exists and brings nothing new is read, not locked: everybody writes about the United States.
    """
    ordered = sorted(entities, key=lambda entity: entity.id)
    created = _create(transaction, ordered)
    write_terms(transaction, ordered)
    names = [
        {"entity": entity.id, "name": name, "key": f"{entity.id}>{name}"} for entity in ordered for name in entity.names
    ]
    missing: list[Row] = []
    for page in pages(names):
        missing += transaction.run(
            """UNWIND $rows AS r MATCH (e:Entity {id: r.entity}) OPTIONAL MATCH (e)-[k:KNOWN_AS {key: r.key}]->(:Name)
            WITH r, k WHERE k IS NULL RETURN r.entity AS entity, r.name AS name, r.key AS key""",
            rows=list(page),
        )
    if not missing:
        return ()
    _add_names(transaction, missing)
    # One that was made just now has its name and search text already.
    widened = {row["entity"] for row in missing} - created
    return refresh(transaction, [entity for entity in ordered if entity.id in widened])


def write_mentions(transaction: Transaction, reading: Reading) -> tuple[str, ...]:
    """Make these the entities that the article mentions, each with its count and the name by which it goes there.

    Returns the ids of those that it uses as a place, or did before.
    """
    article = reading.document.article_id
    by_id = {entity.id: entity for entity in reading.entities}
    rows = [
        {
            "entity": key,
            "count": count,
            "key": f"{article}>{key}",
            "name": by_id[key].name,
            "names": list(by_id[key].names),
            "offices": told_offices(by_id[key]),
            "place": by_id[key].is_place,
        }
        for key, count in reading.mention_counts
    ]
    places = set(forget_mentions(transaction, article)[1])
    connect_all(
        transaction,
        """UNWIND $rows AS r MATCH (a:Article {id: $article}) MATCH (e:Entity {id: r.entity})
        MERGE (a)-[m:MENTIONS {key: r.key}]->(e) SET m.count = r.count, m.name = r.name, m.names = r.names,
        m.offices = r.offices, m.place = r.place""",
        rows,
        article=article,
    )
    return tuple(sorted(places | {entity.id for entity in reading.entities if entity.is_place}))


def forget_mentions(transaction: Transaction, article_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take back whom an article mentions; returns the ids of all of these, and of those that it used as a place."""
    rows = transaction.run(
        """MATCH (:Article {id: $id})-[m:MENTIONS]->(e:Entity) WITH m, e.id AS id, m.place AS place DELETE m
        RETURN DISTINCT id, place""",
        id=article_id,
    )
    return tuple(sorted(row["id"] for row in rows)), tuple(sorted(row["id"] for row in rows if row["place"]))


def refresh(transaction: Transaction, entities: Iterable[Entity]) -> tuple[str, ...]:
    """Set name and search text from the names that the graph holds; returns the ids of those whose name changed.

    The name of an entity outside the catalogue is the best of those that articles use now, whichever came first.
    """
    by_id = {entity.id: entity for entity in entities}
    renamed: list[str] = []
    for page in pages(sorted(by_id)):
        rows = transaction.run(
            """UNWIND $ids AS id MATCH (e:Entity {id: id}) SET e.lock = coalesce(e.lock, 0) + 1
            WITH e MATCH (e)-[:KNOWN_AS]->(n:Name)
            RETURN e.id AS id, e.name AS name, collect(n.id) AS names ORDER BY id""",
            ids=list(page),
        )
        values = [
            {"id": row["id"], "name": _name(by_id[row["id"]], row["names"]), "search": search_text(row["names"])}
            for row in rows
        ]
        transaction.run(
            "UNWIND $rows AS r MATCH (e:Entity {id: r.id}) SET e.name = r.name, e.search = r.search", rows=values
        )
        renamed += [row["id"] for row, value in zip(rows, values, strict=True) if row["name"] != value["name"]]
    return tuple(renamed)


def _name(entity: Entity, names: Sequence[str]) -> str:
    return entity.name if actors().has(entity.id) else best_name(entity.name, names)


def _create(transaction: Transaction, ordered: Sequence[Entity]) -> set[str]:
    """Make those that are missing, and what they are part of; returns the ids of those that were made."""
    created: set[str] = set()
    label_sets: dict[str, list[Row]] = {}
    for entity in ordered:
        labels = f"Entity:{kind_label(entity.kind)}"
        if entity.is_place and entity.kind is not EntityKind.PLACE:
            labels += ":Place"
        label_sets.setdefault(labels, []).append(entity_row(entity))
    for labels in sorted(label_sets):
        for page in pages(label_sets[labels]):
            made = transaction.run(
                f"""UNWIND $rows AS r OPTIONAL MATCH (e:Entity {{id: r.id}}) WITH r, e WHERE e IS NULL
                CREATE (n:{labels}) SET n = r RETURN n.id AS id""",
                rows=list(page),
            )
            created.update(row["id"] for row in made)
    parents = [
        {"id": entity.id, "parent": entity.parent, "key": f"{entity.id}>{entity.parent}"}
        for entity in ordered
        if entity.parent
    ]
    for page in pages(parents):
        transaction.run(
            """UNWIND $rows AS r MATCH (e:Entity {id: r.id}) OPTIONAL MATCH (e)-[k:PART_OF {key: r.key}]->(:Entity)
            WITH r, e, k WHERE k IS NULL MATCH (p:Entity {id: r.parent}) MERGE (e)-[:PART_OF {key: r.key}]->(p)""",
            rows=list(page),
        )
    return created


def _add_names(transaction: Transaction, missing: Sequence[Row]) -> None:
    names = sorted({row["name"] for row in missing})
    for page in pages(names):
        transaction.run(
            """UNWIND $names AS name OPTIONAL MATCH (n:Name {id: name}) WITH name, n WHERE n IS NULL
            CREATE (:Name {id: name})""",
            names=list(page),
        )
    connect_all(
        transaction,
        """UNWIND $rows AS r MATCH (e:Entity {id: r.entity}) MATCH (n:Name {id: r.name})
        MERGE (e)-[:KNOWN_AS {key: r.key}]->(n)""",
        sorted(missing, key=lambda row: str(row["key"])),
    )
