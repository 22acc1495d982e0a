"""Articles of our own, told by hand: who met, pledged or backed whom, without an extractor in between."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kb.graph import Arrival, Graph, Lease, Ledger, consolidate, finish, store_reading
from kb.knowledge import Reading
from kb.records import (
    Actor,
    ArticleSlice,
    Document,
    EntityKind,
    Evidence,
    Extraction,
    MediaType,
    Mention,
    Metadata,
    Passage,
    PassageKind,
    RoleFiller,
    Source,
)
from kb.resolve import read_article


@dataclass(frozen=True)
class Told:
    """One sentence that tells one fact."""

    sentence: str
    type: str = "meeting"
    status: str = "occurred"
    kind: str | None = None
    roles: tuple[tuple[str, str], ...] = (("party", "Ada Ember"), ("party", "Bela Frost"))
    place: str | None = None
    date: str | None = None
    content: str | None = None
    p_correct: float = 0.9


def reading(
    *told: Told,
    source: str = "example.org",
    published: str | None = "2020-01-08",
    outlet: str | None = None,
    kinds: Mapping[str, EntityKind] = MappingProxyType({}),
) -> Reading:
    """The reading of an article that consists of these sentences. ``outlet``: the source's name, if not its id."""
    text = "\n".join(item.sentence for item in told)
    data = f"{source}\n{published}\n{outlet or ''}\n{text}".encode()
    names = sorted({name for item in told for _, name in item.roles} | {item.place for item in told if item.place})
    places = {item.place for item in told if item.place}
    actors = tuple(
        Actor(name=name, kind=kinds.get(name, EntityKind.PLACE if name in places else EntityKind.PERSON), names=(name,))
        for name in names
    )
    index = {name: number for number, name in enumerate(names)}
    evidence = []
    for item in told:
        start = text.index(item.sentence)
        evidence.append(
            Evidence(
                type=item.type,
                kind=item.kind,
                status=item.status,
                quote=item.sentence,
                start=start,
                end=start + len(item.sentence),
                sentence_start=start,
                sentence_end=start + len(item.sentence),
                roles=tuple(RoleFiller(role=role, actor=index[name]) for role, name in item.roles),
                place=index[item.place] if item.place else None,
                content=item.content,
                date=item.date,
                p_correct=item.p_correct,
                firm=item.p_correct >= 0.8,
                rule="by hand",
            )
        )
    document = Document(
        article_id=hashlib.sha256(data).hexdigest(),
        text_id=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        passages=(Passage(start=0, end=len(text), kind=PassageKind.BODY),),
        media_type=MediaType.TEXT,
        title=told[0].sentence if told else None,
        source=Source(id=source, name=outlet or source),
        language="en",
        published=published,
        words=len(text.split()),
    )
    extraction = Extraction(
        article_id=document.article_id,
        text_id=document.text_id,
        extractor="by hand",
        actors=actors,
        mentions=tuple(Mention(start=0, end=1, actor=number) for number in range(len(actors))),
        evidence=tuple(evidence),
        unused=(),
    )
    return read_article(document, extraction)


def enter(graph: Graph, article_id: str, delivery: str = "", metadata: Metadata = Metadata()) -> None:
    """Bring an article into the ledger by a delivery of its own."""
    ledger = Ledger(graph)
    delivery = delivery or f"delivery-{article_id[:8]}"
    ledger.receive([Arrival(id=delivery, path=f"{delivery}.txt", blob=article_id, size=1, metadata=metadata)])
    lease = ledger.start("delivery", delivery, 60)
    assert lease is not None
    ledger.settle(lease, [ArticleSlice(id=article_id, data=b"", media_type=MediaType.TEXT)], [])


def start(graph: Graph, article_id: str, seconds: int = 60) -> Lease:
    """A lease on an article."""
    lease = Ledger(graph).start("article", article_id, seconds)
    assert lease is not None
    return lease


def ingest(graph: Graph, item: Reading) -> None:
    """Take an article the whole way to done."""
    enter(graph, item.document.article_id)
    lease = start(graph, item.document.article_id)
    consolidate(graph, store_reading(graph, lease, item, "0" * 64))
    assert finish(graph, lease)


def dump(graph: Graph) -> list[str]:
    """Entities, evidence, facts and edges in one canonical order: equal dumps are equal graphs."""
    rows = graph.read(
        """MATCH (n) WHERE n:Entity OR n:Evidence OR n:Fact OR n:Claim OR n:Block OR n:Tally OR n:Name OR n:Source
        RETURN labels(n) AS labels, properties(n) AS properties"""
    )
    rows += graph.read(
        """MATCH (a)-[r]->(b) WHERE NOT type(r) IN ['CAME_IN', 'PUBLISHED_BY']
        RETURN type(r) AS type, a.id AS start, b.id AS end, properties(r) AS properties"""
    )
    for row in rows:
        row["properties"].pop("lock", None)
        row["properties"] = sorted((key, str(value)) for key, value in row["properties"].items())
        row["labels"] = sorted(row.get("labels", []))
    return sorted(str(sorted(row.items())) for row in rows)
