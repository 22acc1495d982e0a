"""One article's extraction, tied to entities: what it states, and which claims these statements make."""

import re
from collections import Counter
from collections.abc import Mapping

from kb.dates import precision
from kb.knowledge import Claim, Entity, Participant, Reading, Statement
from kb.ontology import FactType, Identity, fact_types, fold
from kb.records import Document, Evidence, Extraction
from kb.resolve.blocks import blocks_of, is_dated
from kb.resolve.entities import entities_of, entity_id, path
from kb.resolve.ids import digest
from kb.resolve.tenures import tenures_in

UNKNOWN_SOURCE = "unknown"

# Function words say nothing of what is pledged.
_EMPTY_WORDS = frozenset(
    "a an the this that these those of in on at to for from by with and or as is are was were be been being it its he "
    "she they them his her their we our us i you will would shall should can could may might do does did has have had "
    "not no all any more most new also after before until during over under into about than then there".split()
)
_SUFFIX = re.compile(r"(?:ing|ed|es|s|e)$")


def read_article(document: Document, extraction: Extraction) -> Reading:
    """Entities, statements and claims of one article. A function of its two arguments alone."""
    ids = [entity_id(actor) for actor in extraction.actors]
    places = frozenset(ids[item.place] for item in extraction.evidence if item.place is not None)
    entities = entities_of(extraction.actors, places, tenures_in(document, extraction, ids))
    statements: dict[str, Statement] = {}
    claims: dict[str, Claim] = {}
    for evidence in extraction.evidence:
        statement, claim = _state(document, evidence, ids, entities)
        claims[claim.id] = claim
        known = statements.get(statement.id)
        if known is None or statement.p_correct > known.p_correct:
            statements[statement.id] = statement
    counts = Counter(ids[mention.actor] for mention in extraction.mentions)
    return Reading(
        document=document,
        extraction=extraction,
        entities=tuple(entities.values()),
        mention_counts=tuple((key, counts[key]) for key in sorted(set(ids))),
        statements=tuple(statements[key] for key in sorted(statements)),
        claims=tuple(claims[key] for key in sorted({s.claim_id for s in statements.values()})),
    )


def content_key(content: str | None, due: str | None) -> str | None:
    """What two pledges must share to be one: the stems of the content's words, and the day or month it is due.

    The year is left out of a day: "January 12" and "January 12, 2020" are the same deadline.
    """
    stems = {_SUFFIX.sub("", word) for word in fold(content or "").split() if word not in _EMPTY_WORDS}
    if not stems:
        return None
    when = {"day": (due or "")[5:], "yearless": (due or "")[5:]}.get(precision(due), due or "")
    return " ".join(sorted(stems)) + f" @{when}"


def _state(
    document: Document, evidence: Evidence, ids: list[str], entities: Mapping[str, Entity]
) -> tuple[Statement, Claim]:
    fact_type = fact_types()[evidence.type]
    participants = tuple(
        sorted({Participant(role=f.role, entity_id=ids[f.actor]) for f in evidence.roles}, key=_by_role)
    )
    place_path = path(entities[ids[evidence.place]]) if evidence.place is not None else ()
    claim = _claim(document, evidence, fact_type, participants, place_path[0] if place_path else None)
    roles = [f"{p.role}|{p.entity_id}" for p in participants]
    statement = Statement(
        id=digest(document.article_id, evidence.type, evidence.kind, evidence.start, evidence.end, roles),
        article_id=document.article_id,
        claim_id=claim.id,
        source_id=document.source.id if document.source else UNKNOWN_SOURCE,
        published=document.published,
        participants=participants,
        place_path=place_path,
        said_by=ids[evidence.said_by] if evidence.said_by is not None else None,
        about=tuple(sorted({ids[index] for index in evidence.about})),
        **evidence.model_dump(exclude={"roles", "place", "said_by", "about"}),
    )
    return statement, claim


def _claim(
    document: Document,
    evidence: Evidence,
    fact_type: FactType,
    participants: tuple[Participant, ...],
    place: str | None,
) -> Claim:
    key = None
    if fact_type.identity is Identity.COMMITMENT:
        # Without content nothing says that two articles speak of the same pledge.
        key = content_key(evidence.content, evidence.due) or f"only in {document.article_id}"
    month = None if is_dated(evidence.date) else _month(document.published)
    alone = place if len(participants) < 2 else None
    draft = Claim(
        id=digest(
            evidence.type,
            [f"{p.role}|{p.entity_id}" for p in participants],
            evidence.kind,
            evidence.date,
            month,
            key,
            alone,
        ),
        type=evidence.type,
        kind=evidence.kind,
        participants=participants,
        date=evidence.date,
        month=month,
        content_key=key,
        blocks=(),
    )
    return draft.model_copy(update={"blocks": blocks_of(draft, fact_type, place)})


def _month(published: str | None) -> str | None:
    return published[:7] if published and precision(published) in ("day", "month") else None


def _by_role(participant: Participant) -> tuple[str, str]:
    return participant.role, participant.entity_id
