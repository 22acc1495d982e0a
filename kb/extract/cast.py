"""Who is who inside an article: names, their short forms, and the words that stand for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Span, Token

from kb.extract.article import Article, Sentence
from kb.ontology import KnownActor, actors, fold
from kb.records import Actor, EntityKind, Mention, PassageKind

_KINDS = {
    "PERSON": EntityKind.PERSON,
    "ORG": EntityKind.ORGANIZATION,
    "NORP": EntityKind.GROUP,
    "GPE": EntityKind.PLACE,
    "LOC": EntityKind.PLACE,
    "FAC": EntityKind.PLACE,
}
_HONORIFICS = frozenset(
    "mr mrs ms dr sir lord lady president vice prime minister premier chancellor secretary general gen king queen prince "
    "princess emir sheikh sultan crown ambassador senator sen congressman governor gov representative rep speaker deputy "
    "foreign defense defence finance interior state acting former then leader chief commander marshal field colonel col "
    "captain lieutenant lt major envoy spokesman spokeswoman pope justice judge mp chairman chairwoman director".split()
)
_LONGEST_NAME = 6
_ACTING = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "conj", "appos"})
_FRAME = re.compile(r"^(?:the|a|an)\s+|['’]s?$", re.IGNORECASE)


@dataclass
class Figure:
    """Somebody in the article: the forms that name them, and where they stand."""

    kind: EntityKind
    name: str
    known: KnownActor | None = None
    names: set[str] = field(default_factory=set)
    at: list[tuple[int, int, int]] = field(default_factory=list)


class Cast:
    """The figures of an article, and which of them a token names. Indices are those of ``Extraction.actors``."""

    def __init__(self, article: Article) -> None:
        self.figures: list[Figure] = []
        self._by_token: dict[tuple[int, int], int] = {}
        self._by_name: dict[str, int] = {}
        self._found = [(sentence, span) for sentence in article.sentences for span in _named(sentence)]
        self._learn_people()
        for sentence, span in self._found:
            self._enter(sentence, span)
        for sentence in article.sentences:
            self._enter_surnames(sentence)

    def actor(self, sentence: Sentence, token: Token) -> int | None:
        """The figure that this token is a part of the name of."""
        return self._by_token.get((sentence.number, token.i))

    def state(self, known: KnownActor) -> int:
        """The figure of a known actor, entered if the article has not named it as such."""
        return self._figure(f"known {known.id}", known.kind, known.name, known)

    def country(self, iso3: str) -> int:
        """The figure of the country with this code."""
        return self.state(actors().get(iso3))

    def described(self, kind: EntityKind, name: str, sentence: Sentence, start: int, end: int) -> int:
        """The figure that a description names ("government in Tripoli"), entered at this place of the text."""
        index = self._figure(f"described {fold(name)}", kind, name, None)
        self._note(index, name, sentence.number, start, end)
        return index

    def is_country(self, index: int) -> bool:
        """True for a state."""
        return self.figures[index].kind is EntityKind.COUNTRY

    def is_person(self, index: int) -> bool:
        """True for a person."""
        return self.figures[index].kind is EntityKind.PERSON

    def is_place(self, index: int) -> bool:
        """True for what a meeting can take place in: a place or a country."""
        return self.figures[index].kind in (EntityKind.PLACE, EntityKind.COUNTRY)

    def actors(self) -> tuple[Actor, ...]:
        """All figures."""
        return tuple(
            Actor(
                name=figure.name,
                kind=figure.kind,
                names=tuple(sorted(figure.names | {figure.name})),
                known_as=figure.known.id if figure.known else None,
            )
            for figure in self.figures
        )

    def mentions(self) -> tuple[Mention, ...]:
        """Where the figures are named, in the order of the text."""
        found = {(start, end, index) for index, figure in enumerate(self.figures) for _, start, end in figure.at}
        return tuple(Mention(start=start, end=end, actor=index) for start, end, index in sorted(found))

    def people_before(self, number: int, back: int = 3) -> list[int]:
        """Persons named in the sentence with this number or the few before it, the latest first."""
        found = [
            (sentence, start, index)
            for index, figure in enumerate(self.figures)
            if figure.kind is EntityKind.PERSON
            for sentence, start, _ in figure.at
            if number - back <= sentence <= number
        ]
        return list(dict.fromkeys(index for _, _, index in sorted(found, reverse=True)))

    def named_in(self, number: int) -> list[int]:
        """Figures named in a sentence, in its order."""
        found = [
            (start, index) for index, f in enumerate(self.figures) for sentence, start, _ in f.at if sentence == number
        ]
        return list(dict.fromkeys(index for _, index in sorted(found)))

    def _learn_people(self) -> None:
        """Full names first, so that a surname finds its owner even where it comes first (in a headline)."""
        for _, span in self._found:
            if _kind(span) is EntityKind.PERSON and len(words := _person(span.text).split()) > 1:
                name = " ".join(words)
                index = self._figure(f"person {fold(name)}", EntityKind.PERSON, name, None)
                self._by_name.setdefault(f"surname {fold(words[-1])}", index)

    def _enter(self, sentence: Sentence, span: Span) -> None:
        name = _FRAME.sub("", span.text).strip()
        known = actors().find(name)
        kind = _kind(span)
        if known is not None and (kind is not EntityKind.PERSON or len(name.split()) > 1 or not self._is_surname(name)):
            index = self._figure(f"known {known.id}", known.kind, known.name, known)
        elif kind is EntityKind.PERSON:
            index = self._person(_person(span.text))
            name = _person(span.text)
        elif self._is_surname(name):
            index = self._by_name[f"surname {fold(name)}"]
        else:
            index = self._figure(f"name {fold(name)}", kind, name, None)
        for token in span:
            self._by_token[sentence.number, token.i] = index
        self._note(index, name, sentence.number, sentence.offset + span.start_char, sentence.offset + span.end_char)

    def _enter_surnames(self, sentence: Sentence) -> None:
        """Surnames of people who are named in full elsewhere, where the model saw no name in them."""
        for token in sentence.span:
            free = (sentence.number, token.i) not in self._by_token
            if free and token.text[:1].isupper() and token.pos_ == "PROPN" and self._is_surname(token.text):
                self._enter(sentence, Span(token.doc, token.i, token.i + 1, label="PERSON"))

    def _person(self, name: str) -> int:
        words = name.split()
        exact = self._by_name.get(f"person {fold(name)}")
        if exact is not None:
            return exact
        if len(words) == 1:
            owner = self._by_name.get(f"surname {fold(name)}")
            if owner is not None:
                return owner
        return self._figure(f"person {fold(name)}", EntityKind.PERSON, name, None)

    def _is_surname(self, name: str) -> bool:
        return f"surname {fold(name)}" in self._by_name

    def _figure(self, key: str, kind: EntityKind, name: str, known: KnownActor | None) -> int:
        if key not in self._by_name:
            self._by_name[key] = len(self.figures)
            self.figures.append(Figure(kind=kind, name=name, known=known))
        return self._by_name[key]

    def _note(self, index: int, name: str, number: int, start: int, end: int) -> None:
        figure = self.figures[index]
        figure.at.append((number, start, end))
        figure.names.add(name)


def _named(sentence: Sentence) -> Iterator[Span]:
    """Names in a sentence: the catalogue's and the model's, the longest where they overlap, in order."""
    spans = [*_model_names(sentence.span), *_catalogue_names(sentence.span)]
    if sentence.kind is not PassageKind.TITLE:
        spans += _unseen_names(sentence.span)
    taken: set[int] = set()
    chosen: list[Span] = []
    for span in sorted(spans, key=lambda span: (-len(span), span.start)):
        if not taken.intersection(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            chosen.append(span)
    yield from sorted(chosen, key=lambda span: span.start)


def _model_names(span: Span) -> Iterator[Span]:
    for name in span.ents:
        if name.label_ in _KINDS and any(token.text[:1].isupper() for token in name):
            trimmed = _trimmed(name)
            if trimmed is not None:
                yield trimmed


def _unseen_names(span: Span) -> Iterator[Span]:
    """Runs of two to four proper nouns that the model left unnamed and that do or undergo something: people, as a rule."""
    start = span.start
    while start < span.end:
        end = start
        while end < span.end and _continues_name(span.doc[end]) and not span.doc[end].ent_type_:
            end += 1
        if 2 <= end - start <= 4 and span.doc[end - 1].dep_ in _ACTING:
            yield Span(span.doc, start, end, label="PERSON")
        start = max(end, start + 1)


def _trimmed(name: Span) -> Span | None:
    """A name without article and 's at its ends; a person's with all the proper nouns directly before it."""
    start, end = name.start, name.end
    if name.label_ == "PERSON":
        while start > name.sent.start and _continues_name(name.doc[start - 1]):
            start -= 1
        # "Nana Akufo-Addo in Accra": a person's name holds no preposition of place.
        end = next((token.i for token in name if token.lower_ in ("in", "at", "on", "to", "from", "with")), end)
    while start < end and name.doc[start].lower_ in ("the", "a", "an"):
        start += 1
    while end > start and name.doc[end - 1].lower_ in ("'s", "’s", "'", "’"):
        end -= 1
    return Span(name.doc, start, end, label=name.label_) if end > start else None


def _continues_name(token: Token) -> bool:
    return (
        token.pos_ == "PROPN"
        and token.text[:1].isupper()
        and token.is_alpha
        and not token.ent_type_.startswith(("GPE", "NORP"))
    )


def _catalogue_names(span: Span) -> Iterator[Span]:
    tokens = [token for token in span if not token.is_space]
    for place, token in enumerate(tokens):
        if token.text[:1].isupper() or token.lower_.startswith("al-"):
            for length in range(min(_LONGEST_NAME, len(tokens) - place), 0, -1):
                candidate = span.doc[token.i : tokens[place + length - 1].i + 1]
                if candidate[-1].is_punct or not candidate[-1].text[:1].isupper():
                    continue
                if _is_known(candidate):
                    yield candidate
                    break


def _is_known(candidate: Span) -> bool:
    known = actors().find(candidate.text)
    if known is None:
        return False
    # "us" and "who" are words before they are names; short names count in capitals only.
    short = len(candidate.text.replace(".", "")) <= 4 and known.kind is not EntityKind.COUNTRY
    return not short or candidate.text.isupper() or candidate.text in known.names or candidate.text in known.demonyms


def _kind(span: Span) -> EntityKind:
    return _KINDS.get(span.label_, EntityKind.ORGANIZATION)


def _person(name: str) -> str:
    """A person's name without titles: "President Recep Tayyip Erdogan" → "Recep Tayyip Erdogan"."""
    words = _FRAME.sub("", name).split()
    while len(words) > 1 and (fold(words[0]) in _HONORIFICS or actors().is_demonym(words[0])):
        words = words[1:]
    return " ".join(words)
