"""Texts of the tests' own into documents and extractions."""

import hashlib

from kb.extract import load
from kb.ontology import fact_types
from kb.records import Document, Evidence, Extraction, MediaType, Passage, PassageKind


def document(text: str, published: str | None = None, kinds: tuple[PassageKind, ...] = ()) -> Document:
    """A document whose lines are its passages: of the given kinds in order, the rest BODY."""
    passages, at = [], 0
    for number, line in enumerate(text.split("\n")):
        kind = kinds[number] if number < len(kinds) else PassageKind.BODY
        if line.strip():
            passages.append(Passage(start=at, end=at + len(line), kind=kind))
        at += len(line) + 1
    name = hashlib.sha256(text.encode()).hexdigest()
    return Document(
        article_id=name,
        text_id=name,
        text=text,
        passages=tuple(passages),
        media_type=MediaType.TEXT,
        language="en",
        published=published,
        words=len(text.split()),
    )


def read(text: str, published: str | None = None) -> Extraction:
    """What the extractor finds in a text."""
    return load().extract([document(text, published)])[0]


def named(extraction: Extraction, evidence: Evidence) -> set[str]:
    """Names of the participants that are part of a fact's identity (no recipients)."""
    acting = fact_types()[evidence.type].acting
    return {extraction.actors[filler.actor].name for filler in evidence.roles if filler.role in acting}
