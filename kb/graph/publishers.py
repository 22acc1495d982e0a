"""Sources: who published an article. One goes by the least of the names that its articles give it, whichever came first."""

from collections.abc import Iterable

from kb.graph.session import Transaction
from kb.records import Source


def write_source(transaction: Transaction, article_id: str, source: Source | None) -> None:
    """Make this the article's source, instead of what it was. The article must be locked."""
    before = forget_source(transaction, article_id)
    if source is not None:
        transaction.run(
            "OPTIONAL MATCH (s:Source {id: $id}) WITH s WHERE s IS NULL CREATE (:Source {id: $id, name: $name})",
            id=source.id,
            name=source.name,
        )
        transaction.run(
            """MATCH (a:Article {id: $article}) MATCH (s:Source {id: $id})
            MERGE (a)-[p:PUBLISHED_BY {key: $key}]->(s) SET p.name = $name""",
            article=article_id,
            id=source.id,
            key=f"{article_id}>{source.id}",
            name=source.name,
        )
        # Nothing is written as a rule: all articles of an agency would wait for each other.
        transaction.run(
            "MATCH (s:Source {id: $id}) WHERE s.name > $name SET s.name = $name", id=source.id, name=source.name
        )
    settle_sources(transaction, before - ({(source.id, source.name)} if source else set()))


def forget_source(transaction: Transaction, article_id: str) -> set[tuple[str, str]]:
    """Take back who published an article; returns id and name of that."""
    rows = transaction.run(
        "MATCH (:Article {id: $id})-[p:PUBLISHED_BY]->(s:Source) RETURN s.id AS id, coalesce(p.name, s.name) AS name",
        id=article_id,
    )
    transaction.run("MATCH (:Article {id: $id})-[p:PUBLISHED_BY]->() DELETE p", id=article_id)
    return {(row["id"], row["name"]) for row in rows}


def settle_sources(transaction: Transaction, changed: Iterable[tuple[str, str]]) -> None:
    """Name these sources by the articles that they have left; those that have none go."""
    for source_id in sorted({source_id for source_id, _ in changed}):
        (row,) = transaction.run(
            """MATCH (s:Source {id: $id}) SET s.lock = coalesce(s.lock, 0) + 1
            WITH s OPTIONAL MATCH (s)<-[p:PUBLISHED_BY]-(:Article) RETURN min(p.name) AS least, count(p) AS articles""",
            id=source_id,
        )
        if not row["articles"]:
            transaction.run("MATCH (s:Source {id: $id}) DETACH DELETE s", id=source_id)
        elif row["least"] is not None:
            transaction.run("MATCH (s:Source {id: $id}) SET s.name = $name", id=source_id, name=row["least"])
