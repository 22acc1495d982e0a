"""Which of an article's people the catalogue knows, and the offices that the article gives to people."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from spacy.tokens import Doc

from kb.dates import PartialDate
from kb.extract.names import Cast, Draft, Name
from kb.ontology import Term, actors, people
from kb.ontology.offices import offices
from kb.records import EntityKind

# With these a single name is a full one: "Pope Francis", "Queen Elizabeth".
_STYLES = frozenset({"pope", "king", "queen", "emir", "sultan"})
# Their holders are also called their country's leader.
_LEADING = frozenset({"president", "prime minister", "king", "queen", "emir", "sultan", "chancellor", "supreme leader"})
_LONGEST_OFFICE = 6
# Offices that are not held, or not any more.
_NOT_NOW = frozenset({"former", "ex", "then", "late", "incoming", "deposed", "ousted", "onetime"})
_CLOSING = frozenset({",", ".", ";", ")", "–", "—"})
_BODIES = frozenset({EntityKind.COUNTRY, EntityKind.ORGANIZATION, EntityKind.GROUP})


class Given(NamedTuple):
    """Tokens ``start`` to ``end`` of text ``text`` give an office of the actor ``of`` to ``person``, as of the article."""

    text: int
    start: int
    end: int
    person: int
    office: str
    of: int


def know_people(cast: Cast, published: PartialDate | None) -> None:
    """Recognise the cast's people; who held an office on the day of publication may be called by it."""
    for draft in cast.drafts:
        if draft.kind is EntityKind.PERSON and draft.known is None:
            forms = list(draft.names)
            styled = [f"{style} {form}" for style in sorted(draft.offices & _STYLES) for form in forms]
            person = people().named(forms, published) or people().named(styled, published)
            if person:
                draft.known = actors().get(person.id)
                _call_by_office(draft, [term for term in person.terms if published and term.covers(published)])


def _call_by_office(draft: Draft, held: list[Term]) -> None:
    for term in held:
        draft.offices |= {*term.office.split(), *(("leader",) if term.office in _LEADING else ())}
        draft.country = draft.country or actors().get(term.of).country


def given_offices(cast: Cast) -> Iterator[Given]:
    """The offices that stand right before a person's name with a country or body ("Turkish Foreign Minister X"), or
    after it between commas ("X, the foreign minister of Turkey,"). Former and future ones are left out.
    """
    for name in cast.names:
        if cast.drafts[name.actor].kind is EntityKind.PERSON:
            yield from _before(cast, name)
            yield from _after(cast, name)


def _before(cast: Cast, name: Name) -> Iterator[Given]:
    doc = cast.docs[name.text]
    first = name.start
    # The encoder's name may hold the title.
    last = next((at for at in range(name.end, first, -1) if _office(doc, first, at)), first)
    for start in range(max(0, last - _LONGEST_OFFICE), last):
        office = _office(doc, start, last)
        body = _body(cast, name.text, start - 1) if office else None
        if office and body and not _NOT_NOW & {token.lower_ for token in doc[max(0, body.start - 2) : body.start]}:
            yield Given(name.text, body.start, name.end, name.actor, office, body.actor)
            return


def _after(cast: Cast, name: Name) -> Iterator[Given]:
    doc = cast.docs[name.text]
    at = name.end
    if at + 1 >= len(doc) or doc[at].text != ",":
        return
    start = at + 2 if doc[at + 1].lower_ == "the" else at + 1
    body = cast.name_at(name.text, doc[start]) if start < len(doc) else None
    if body and _is_body(cast, body):
        begins = body.end + (body.end < len(doc) and doc[body.end].lower_ in {"'s", "’s"})
        ends = _longest(doc, begins)
    else:
        begins = start
        ends = _longest(doc, begins)
        after = ends + 1 + (ends + 1 < len(doc) and doc[ends + 1].lower_ == "the")
        of = after < len(doc) and doc[ends].lower_ == "of"
        body = cast.name_at(name.text, doc[after]) if of else None
    office = _office(doc, begins, ends)
    if office and body and _is_body(cast, body):
        stop = max(ends, body.end)
        if stop == len(doc) or doc[stop].text in _CLOSING:
            yield Given(name.text, name.start, stop, name.actor, office, body.actor)


def _longest(doc: Doc, start: int) -> int:
    """Where the longest office that begins at a token ends; ``start`` when none does."""
    ends = range(min(len(doc), start + _LONGEST_OFFICE), start, -1)
    return next((end for end in ends if _office(doc, start, end)), start)


def _body(cast: Cast, text: int, at: int) -> Name | None:
    doc = cast.docs[text]
    if at >= 0 and doc[at].lower_ in {"'s", "’s"}:
        at -= 1
    name = cast.name_at(text, doc[at]) if at >= 0 else None
    return name if name and _is_body(cast, name) else None


def _is_body(cast: Cast, name: Name) -> bool:
    draft = cast.drafts[name.actor]
    # A mayor of Ankara is not one of Turkey.
    city = name.place is not None and cast.drafts[name.place].kind is EntityKind.PLACE
    return draft.known is not None and draft.kind in _BODIES and not city


def _office(doc: Doc, start: int, end: int) -> str | None:
    return _by_words().get(_SPACES.sub(" ", doc[start:end].text.casefold())) if start < end else None


_SPACES = re.compile(r"[\s-]+")


@cache
def _by_words() -> dict[str, str]:
    found: dict[str, str] = {}
    for office in offices().values():
        for words in (office.name, *office.words):
            found.setdefault(_SPACES.sub(" ", words), office.name)
    return found
