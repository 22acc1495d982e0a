"""Writing entities: made once, their names kept as nodes, hot ones left unlocked."""

from collections.abc import Iterable, Sequence

from kb.graph.holds import told_offices, write_terms
from kb.graph.rows import entity_row, kind_label
from kb.graph.session import Graph, Row, Transaction, connect_all, pages
from kb.knowledge import Entity, Reading
from kb.ontology import actors
from kb.records import EntityKind
from kb.resolve.entities import search_text


def place_labels(graph: Graph, entities: Sequence[Entity]) -> None:
    """Give the label Place to entities that exist without it and are now used as one: a transaction of its own."""
    wanted = sorted(entity.id for entity in entities if entity.is_place and entity.kind is not EntityKind.PLACE)
    if not wanted:
        return
    lacking = graph.read(
        "UNWIND $ids AS id MATCH (e:Entity {id: id}) WHERE NOT e:Place RETURN e.id AS id ORDER BY id", ids=wanted
    )
    if lacking:
        graph.run("UNWIND $ids AS id MATCH (e:Entity {id: id}) SET e:Place", ids=[row["id"] for row in lacking])


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


def write_mentions(transaction: Transaction, reading: Reading) -> None:
    """Make these the entities that the article mentions, each with its count and the name by which it goes there."""
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
        }
        for key, count in reading.mention_counts
    ]
    transaction.run("MATCH (:Article {id: $id})-[m:MENTIONS]->() DELETE m", id=article)
    connect_all(
        transaction,
        """UNWIND $rows AS r MATCH (a:Article {id: $article}) MATCH (e:Entity {id: r.entity})
        MERGE (a)-[m:MENTIONS {key: r.key}]->(e) SET m.count = r.count, m.name = r.name, m.names = r.names,
        m.offices = r.offices""",
        rows,
        article=article,
    )


def refresh(transaction: Transaction, entities: Iterable[Entity]) -> tuple[str, ...]:
    """Set name and search text from the names that the graph holds; returns the ids of those whose name changed.

    The name of an entity outside the catalogue is the greatest spelling that folds to its id, so that it does not
    depend on which article came first. (Letters with accents sort after those without.)
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
    if actors().has(entity.id):
        return entity.name
    folded = search_text([entity.name])
    return max(name for name in (*names, entity.name) if search_text([name]) == folded)


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
