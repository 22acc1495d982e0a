"""How good extraction is: facts of articles against gold, by the rules of the annotation guide."""

from collections.abc import Mapping
from typing import Any

from kb.knowledge import Entity, Fact, Reading
from kb.resolve import article_facts


def prediction(reading: Reading, file: str) -> dict[str, Any]:
    """What one article says, in the form of a line of predictions: {"article": …, "facts": […]}.

    ``participants`` of a pledge are those who commit themselves; its recipients stand apart.
    """
    names = {entity.id: entity for entity in reading.entities}
    document = reading.document
    return {
        "article": {"file": file, "id": document.article_id, "title": document.title, "published": document.published,
                    "translated": document.translated, "text": document.text},
        "facts": [_fact(fact, names, reading) for fact in article_facts(reading)],
    }  # fmt: skip


def _fact(fact: Fact, names: Mapping[str, Entity], reading: Reading) -> dict[str, Any]:
    claims = set(fact.claims)
    sentences = sorted(
        (s.start, s.end, s.quote, s.status, s.p_correct) for s in reading.statements if s.claim_id in claims
    )
    people = [{"name": names[p.entity_id].name, "role": p.role} for p in fact.participants]
    return {
        "type": fact.type,
        "kind": fact.kind,
        "status": fact.status,
        "participants": [person for person in people if person["role"] != "recipient"],
        "recipients": [person for person in people if person["role"] == "recipient"],
        "place": names[fact.place].name if fact.place else None,
        "date": fact.date if fact.date and not fact.date.startswith("X") else None,
        "date_text": fact.date_text,
        "due": fact.due,
        "due_text": fact.due_text,
        "content": fact.content,
        "summary": fact.summary,
        "firm": fact.firm,
        "evidence": [
            {"quote": quote, "start": start, "end": end, "status": status, "p_correct": p_correct}
            for start, end, quote, status, p_correct in sentences
        ],
    }
