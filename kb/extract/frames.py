"""Trigger frames: which words may tell a fact, and where in the sentence its roles stand. The frames are catalogue data."""

from collections.abc import Iterator
from functools import cache
from typing import Literal

from spacy.tokens import Token

from kb.extract.syntax import objects
from kb.ontology import fact_types
from kb.records import Record

Where = Literal[
    "subject", "object", "with", "between", "among", "of", "to", "for", "by", "from", "in", "possessor", "modifier",
    "joint", "circumstance",
]  # fmt: skip


class Slot(Record):
    """A role and the places in which it is looked for. ``join``: all places are read, else the first that holds one."""

    role: str
    where: tuple[Where, ...]
    join: bool = False


class Frame(Record):
    """Words (lemmas) that may tell a fact, as ``pos``; ``objects``: only with one of these nouns as object.

    ``needs`` participants make a fact. ``complement``: the verb must govern what is undertaken: an infinitive, a
    clause, an object, or a phrase with to, of, on or for. ``status`` overrides what tense and mood say. ``quiet``: the words
    are so common that a sentence is not worth a reason where they tell nothing. ``p_correct`` is the share of right answers.
    """

    name: str
    type: str
    words: tuple[str, ...]
    pos: Literal["VERB", "NOUN"]
    slots: tuple[Slot, ...]
    objects: tuple[str, ...] = ()
    kind: str | None = None
    needs: int = 2
    needs_roles: tuple[str, ...] = ()
    complement: tuple[Literal["to", "that", "object", "prep"], ...] = ()
    modal: tuple[str, ...] = ()
    status: str | None = None
    quiet: bool = False
    p_correct: float


@cache
def frames() -> tuple[Frame, ...]:
    """All frames of the catalogue, in its order. Raises pydantic's ValidationError when one is wrong."""
    return tuple(
        Frame.model_validate({**frame, "type": fact_type.name})
        for fact_type in fact_types().values()
        for frame in fact_type.triggers.get("frame", ())
    )


@cache
def _by_word() -> dict[tuple[str, str], tuple[Frame, ...]]:
    found: dict[tuple[str, str], list[Frame]] = {}
    for frame in frames():
        for word in frame.words:
            found.setdefault((word, frame.pos), []).append(frame)
    return {key: tuple(value) for key, value in found.items()}


def hits(token: Token) -> Iterator[Frame]:
    """The frames that a token may trigger."""
    pos = "VERB" if token.pos_ in ("VERB", "AUX") else "NOUN" if token.pos_ in ("NOUN", "PROPN") else ""
    for frame in _by_word().get((token.lemma_.lower(), pos), ()):
        if frame.objects and not any(o.lemma_.lower() in frame.objects for o in objects(token)):
            continue
        yield frame
