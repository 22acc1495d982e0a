"""What the catalogue (``[triggers]`` in ``kb/ontology/facts/*.toml``) says to look for, checked and indexed by word.

A trigger is a verb, noun or adjective; ``slots`` maps a place in the grammar to a role: ``subject``, ``object``,
``dative``, ``possessor``, ``modifier``, ``copula``, ``appositive``, ``governor`` (the subject of the verb over a noun)
or a preposition. ``require`` says how many actors each role needs.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from pydantic import Field
from spacy.tokens import Token

from kb.extract.modality import Mode
from kb.ontology import Identity, fact_types
from kb.records import Record

_PARTS = {"verbs": {"VERB", "AUX"}, "nouns": {"NOUN", "PROPN"}, "adjectives": {"ADJ", "VERB"}}


class Trigger(Record):
    """One entry of the catalogue. Empty tuples put no condition."""

    rule: str
    lemmas: tuple[str, ...]
    slots: Mapping[str, str]
    require: Mapping[str, int]
    kind: str | None = None
    p: float = Field(gt=0, lt=1)
    people: tuple[str, ...] = Field((), description="roles that only persons may fill")
    states: tuple[str, ...] = Field((), description="roles that persons may not fill")
    bare: bool = Field(False, description="the verb has no complement of its own: 'is with', not 'is busy with'")
    modifiers: tuple[str, ...] = Field((), description="one of these must stand before a noun")
    objects: tuple[str, ...] = Field((), description="one of these must be the verb's object")
    prepositions: tuple[str, ...] = Field((), description="one of these must hang on the word")
    standing: tuple[str, ...] = Field((), description="adjectives that make the noun a habit and no event")
    particle: str | None = Field(None, description="the verb's particle")
    modes: tuple[Mode, ...] = Field((), description="only when asserted in one of these ways")
    auxiliaries: tuple[str, ...] = Field((), description="one of these must be the verb's auxiliary")
    content: tuple[str, ...] = Field((), description="dependents, one of which must be there: what is pledged")
    content_prepositions: tuple[str, ...] = ()
    content_not: tuple[str, ...] = Field((), description="verbs whose clause is no content")
    verb_status: Mapping[str, tuple[str, ...]] = Field({}, description="status by lemma, when asserted as done")
    status: Mapping[Mode, str] = Field({}, description="status by mode, over the type's own")
    unsaid: str | None = Field(None, description="status of a noun that no verb asserts")
    bodies: bool = Field(False, description="one participant must be an organisation or a group")
    middle: bool = Field(False, description="the passive's subject acts: 'is committed'")
    gather: bool = Field(False, description="people named in the sentence take part where the grammar shows too few")
    kinds: Mapping[str, tuple[str, ...]] = Field({}, description="kind by a word in the noun's phrase")


class TypeTriggers(Record):
    """A fact type's triggers, with what holds for all of them."""

    type: str
    firm: float
    placed: bool
    status: Mapping[str, str]
    carriers: frozenset[str]
    after: frozenset[str]
    verbs: tuple[Trigger, ...] = ()
    nouns: tuple[Trigger, ...] = ()
    adjectives: tuple[Trigger, ...] = ()


class Found(Record):
    """A trigger that a token may be."""

    owner: TypeTriggers
    part: str
    trigger: Trigger


@cache
def _index() -> Mapping[str, tuple[Found, ...]]:
    found: dict[str, list[Found]] = {}
    for fact_type in fact_types().values():
        rows = {"after": (), "carriers": (), **fact_type.triggers}
        owner = TypeTriggers.model_validate(
            {"type": fact_type.name, "firm": fact_type.firm, "placed": fact_type.identity is Identity.EVENT, **rows}
        )
        for part in _PARTS:
            for trigger in getattr(owner, part):
                for lemma in trigger.lemmas:
                    found.setdefault(lemma, []).append(Found(owner=owner, part=part, trigger=trigger))
    return {lemma: tuple(items) for lemma, items in found.items()}


def triggers_at(token: Token) -> list[Found]:
    """Entries of the catalogue whose word and part of speech a token has."""
    candidates = _index().get(token.lemma_.lower(), ()) or _index().get(token.lower_, ())
    return [found for found in candidates if token.pos_ in _PARTS[found.part] and _fits(found, token)]


_PREDICATES = frozenset({"acomp", "ROOT", "conj", "ccomp", "attr", "xcomp", "advcl", "acl"})


def _fits(found: Found, token: Token) -> bool:
    trigger, around = found.trigger, list(token.children)
    particles = (trigger.particle,) if trigger.particle else ()
    conditions = (
        found.part != "adjectives" or token.dep_ in _PREDICATES,
        not (trigger.bare and any(word.dep_ in {"acomp", "attr", "oprd"} for word in around)),
        _one(trigger.modifiers, (word.lower_ for word in around)),
        _one(trigger.prepositions, (word.lower_ for word in around if word.dep_ == "prep")),
        _one(particles, (word.lower_ for word in around if word.dep_ == "prt")),
        _one(trigger.objects, (word.lemma_.lower() for word in around if word.dep_ == "dobj")),
        _one(trigger.auxiliaries, (word.lower_ for word in around if word.dep_ == "aux")),
    )
    return all(conditions)


def _one(wanted: tuple[str, ...], there: Iterable[str]) -> bool:
    """Whether one of the wanted words is there; no wish is always granted."""
    return not wanted or any(word in wanted for word in there)
