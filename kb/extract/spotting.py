"""Where names stand in a text: the catalogue's and the encoder's, made to agree."""

from collections.abc import Sequence
from typing import NamedTuple

from spacy.tokens import Doc, Span

from kb.extract.lexicon import words
from kb.ontology import ActorCatalogue, KnownActor
from kb.records import EntityKind

TITLES = words("titles")
_PERSONAL_TITLES = words("personal_titles")
SEAT = "SEAT"
_LONGEST_NAME = 6
_AUTHORITIES = words("authorities")
_OF_THE_STATE = words("state_bodies")


class Spotted(NamedTuple):
    """A name in a text: ``known`` if the catalogue has it, else the encoder's ``label``
    (PER, ORG, LOC, NORP) or SEAT.
    """

    span: Span
    known: KnownActor | None
    label: str


def spotted(doc: Doc, marked: Sequence[Span], catalogue: ActorCatalogue) -> list[Spotted]:
    """Names in a text, in order, none overlapping: the catalogue's, unless a ``marked`` one is longer around it."""
    known = _known(doc, catalogue)
    modelled: list[Spotted] = []
    for span in marked:
        if not any(token.is_alpha for token in span):
            continue
        inside = [item for item in known if item.span.start < span.end and span.start < item.span.end]
        if not inside:
            modelled.append(Spotted(span, None, span.label_))
        elif _absorbs(span, inside):
            known = [item for item in known if item not in inside]
            modelled.append(Spotted(span, inside[0].known if _of_the_state(span) else None, span.label_))
    modelled = _as_people(modelled)
    taken = {at for item in (*known, *modelled) for at in range(item.span.start, item.span.end)}
    seats = _seats(doc, known)
    covered = {at for item in seats for at in range(item.span.start, item.span.end)}
    items = [*known, *(_widened(item, taken) for item in modelled)]
    rest = [item for item in items if not covered & set(range(item.span.start, item.span.end))]
    return sorted([*rest, *seats], key=lambda item: item.span.start)


def bare(item: Spotted) -> str:
    """A name without the titles before it and the possessive after it; empty when nothing is left."""
    tokens = list(item.span)
    while tokens and (tokens[-1].lower_ in {"'s", "’s"} or (tokens[-1].is_punct and tokens[-1].text != ".")):
        tokens.pop()
    strip = TITLES if item.label == "PER" else {"the"}
    while len(tokens) > 1 and (tokens[0].lower_.strip(".") in strip or tokens[0].is_punct):
        tokens.pop(0)
    return item.span.doc[tokens[0].i : tokens[-1].i + 1].text if tokens else ""


def _known(doc: Doc, catalogue: ActorCatalogue) -> list[Spotted]:
    """The catalogue's names, the longest at each place, left to right."""
    items: list[Spotted] = []
    at = 0
    while at < len(doc):
        item = _longest(doc, at, catalogue)
        if item:
            items.append(item)
        at = item.span.end if item else at + 1
    return items


def _longest(doc: Doc, at: int, catalogue: ActorCatalogue) -> Spotted | None:
    first = doc[at].text
    if not first[0].isupper() and first != "al":
        return None
    for length in range(min(_LONGEST_NAME, len(doc) - at), 0, -1):
        span = doc[at : at + length]
        last = span[-1].text
        # The catalogue compares without points and hyphens; a name must not end on one that is the sentence's.
        known = catalogue.find(span.text) if last[0].isalnum() else None
        if known:
            return Spotted(span, known, "")
    return None


def _absorbs(span: Span, inside: Sequence[Spotted]) -> bool:
    """Whether a name of the model swallows one of the catalogue: "Bank of England", not "Russia and Iran"."""
    if len(inside) != 1 or inside[0].span.start < span.start or inside[0].span.end > span.end:
        return False
    return len(span) > len(inside[0].span) and span.label_ in {"ORG", "PER"}


def _as_people(modelled: list[Spotted]) -> list[Spotted]:
    """The same names, where one that the model took for a body or place is a person, as its grammar shows.

    Like is coordinated with like ("Macron and Scholz"), and an office before a name makes it a person's.
    """
    people = {token.i for item in modelled if item.label == "PER" for token in item.span}
    return [item._replace(label="PER") if _is_person(item, people) else item for item in modelled]


def _is_person(item: Spotted, people: set[int]) -> bool:
    span = item.span
    if item.known or item.label not in {"ORG", "LOC"} or len(span) > 3 or not all(word.text.istitle() for word in span):
        return False
    root = span.root
    mates = {root.head.i} if root.dep_ == "conj" else set()
    mates |= {child.i for child in root.children if child.dep_ == "conj"}
    before = span.doc[span.start - 1].lower_.strip(".") if span.start else ""
    return bool(mates & people) or before in _PERSONAL_TITLES


def _of_the_state(span: Span) -> bool:
    return span.label_ == "ORG" and any(token.lower_ in _OF_THE_STATE for token in span)


def _widened(item: Spotted, taken: set[int]) -> Spotted:
    """A person's name with the given names before it that the model left out."""
    doc, start = item.span.doc, item.span.start
    if item.label != "PER":
        return item
    while start and start - 1 not in taken and _is_given_name(doc, start - 1, item.span.end):
        start -= 1
    return Spotted(Span(doc, start, item.span.end, label=item.span.label), item.known, item.label)


def _is_given_name(doc: Doc, at: int, end: int) -> bool:
    token = doc[at]
    part = token.pos_ == "PROPN" and token.dep_ == "compound" and at < token.head.i < end
    return part and token.text.istitle() and token.lower_.strip(".") not in TITLES


def _seats(doc: Doc, known: Sequence[Spotted]) -> list[Spotted]:
    """Rival authorities told apart by their seat: "government in Tripoli"."""
    found = []
    for item in known:
        start = item.span.start - 2
        if start < 0 or item.known is None or item.known.kind is not EntityKind.PLACE:
            continue
        if doc[start].lower_ in _AUTHORITIES and doc[start + 1].lower_ == "in":
            found.append(Spotted(doc[start : item.span.end], None, SEAT))
    return found
