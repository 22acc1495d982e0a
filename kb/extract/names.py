"""Who is named in an article: names gathered into actors, the article's cast."""

from collections.abc import Sequence
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from kb.extract.forms import acronyms, echoed, folded, fullest_people
from kb.extract.spotting import SEAT, Spotted, bare, spotted
from kb.ontology import ActorCatalogue, KnownActor
from kb.records import EntityKind

_KINDS = {
    SEAT: EntityKind.ORGANIZATION,
    "PER": EntityKind.PERSON,
    "ORG": EntityKind.ORGANIZATION,
    "LOC": EntityKind.PLACE,
    "NORP": EntityKind.GROUP,
}


class Name(NamedTuple):
    """Tokens ``start`` to ``end`` of text ``text`` name ``actor``; ``place`` is set where they can mean a place."""

    text: int
    start: int
    end: int
    actor: int
    place: int | None
    adjective: bool


class Draft:
    """An actor while its names are being gathered; ``offices`` and ``country`` (an id) are what is said of a person."""

    def __init__(self, kind: EntityKind, known: KnownActor | None) -> None:
        self.kind, self.known = kind, known
        self.names: dict[str, int] = {}
        self.offices: set[str] = set()
        self.country: str | None = None

    def add(self, name: str) -> None:
        """Count one use of a name."""
        self.names[name] = self.names.get(name, 0) + 1

    @property
    def name(self) -> str:
        """The fullest form: the catalogue's name, else the longest, the more frequent of equally long ones.

        A person of the catalogue goes by what the article calls it, unless that is but one word.
        """
        person = self.known is not None and self.known.kind is EntityKind.PERSON
        if self.known and not (person and any(" " in name for name, count in self.names.items() if count)):
            return self.known.name
        return max(self.names, key=lambda name: (len(name.split()), self.names[name], name))


class Cast:
    """All actors of an article, and where each is named. ``marked`` are the names that the encoder sees in each text."""

    def __init__(self, docs: Sequence[Doc], marked: Sequence[Sequence[Span]], catalogue: ActorCatalogue) -> None:
        self.docs, self.catalogue = docs, catalogue
        self.drafts: list[Draft] = []
        self.names: list[Name] = []
        # Words that describe a person: its country in "Turkish Foreign Minister Hakan Fidan", by text and token.
        self.describes: dict[tuple[int, int], int] = {}
        self._at: dict[tuple[int, int], Name] = {}
        self._keys: dict[str, int] = {}
        found = [spotted(doc, spans, catalogue) for doc, spans in zip(docs, marked, strict=True)]
        forms = fullest_people(found)
        found = [echoed(doc, items, forms) for doc, items in zip(docs, found, strict=True)]
        people, short = fullest_people(found), acronyms(found)
        for text, items in enumerate(found):
            for item in items:
                self._take(text, item, people, short)

    def name_at(self, text: int, token: Token) -> Name | None:
        """The name that covers a token of a text."""
        return self._at.get((text, token.i))

    def of_known(self, known: KnownActor) -> int:
        """Index of the actor for an entry of the catalogue, made when it is new."""
        index = self._index(f"={known.id}", known.kind, known)
        self.drafts[index].names.setdefault(known.name, 0)
        return index

    def host(self, place: int) -> int | None:
        """The actor for the country that a place is or lies in; ``None`` where the catalogue does not know."""
        known = self.drafts[place].known
        if known is None or known.kind is EntityKind.COUNTRY:
            return place if known else None
        return self.of_known(self.catalogue.get(known.country)) if known.country else None

    def _index(self, key: str, kind: EntityKind, known: KnownActor | None) -> int:
        if key not in self._keys:
            self._keys[key] = len(self.drafts)
            self.drafts.append(Draft(kind, known))
        return self._keys[key]

    def _take(self, text: int, item: Spotted, people: dict[str, str], short: dict[str, str]) -> None:
        form = bare(item)
        if not form:
            return
        place: int | None = None
        if item.known:
            actor = self.of_known(self.catalogue.acting(form) or item.known)
            if item.known.kind in {EntityKind.PLACE, EntityKind.COUNTRY}:
                place = self.of_known(item.known)
        else:
            person, key = people.get(folded(form)), short.get(folded(form), folded(form))
            kind = EntityKind.PERSON if person else _KINDS[item.label]
            actor = self._index(f"person:{person}" if person else f"other:{key}", kind, None)
            place = actor if kind is EntityKind.PLACE else None
        self.drafts[actor].add(form)
        name = Name(text, item.span.start, item.span.end, actor, place, self.catalogue.is_demonym(form))
        self.names.append(name)
        for at in range(name.start, name.end):
            self._at[text, at] = name
