"""From what the encoder marks to what an article tells: for each trigger its actors, status, place and dates, or why not."""

from collections.abc import Sequence
from typing import NamedTuple

from spacy.tokens import Span, Token

from kb.extract.casting import Casting, Roles, acting
from kb.extract.encoder import DATE, PLACE, Event, Floats
from kb.extract.judging import Signs, signs
from kb.extract.labels import Labels
from kb.extract.lexicon import words
from kb.extract.modality import Mode, asserted
from kb.extract.reference import Reader
from kb.extract.syntax import children, governor
from kb.extract.timing import When, dates_in, nearest
from kb.extract.words import Words
from kb.ontology import FactType, fact_types
from kb.records import Document

_PLACE_PREPOSITIONS = frozenset({"in", "at", "to", "near", "outside"})
_SAYING = words("saying")


class Told(NamedTuple):
    """What one trigger of a sentence tells; actors are indices of the cast, offsets count in the segment's text.

    ``p`` and ``firm`` are set when it is judged, from its ``signs``; ``nth`` is the sentence's number in the article,
    and ``heads`` whether the trigger is what its whole sentence is about.
    """

    text: int
    sentence: tuple[int, int]
    nth: int
    at: int
    heads: bool
    type: FactType
    trigger: str
    kind: str | None
    status: str
    roles: Roles
    place: int | None
    when: When | None
    due: When | None
    content: str | None
    said_by: int | None
    signs: Signs
    vector: Floats
    p: float = 0.0
    firm: bool = False


class Passed(NamedTuple):
    """A trigger that tells nothing, with the reason; ``nth`` and ``heads`` as in Told."""

    text: int
    sentence: tuple[int, int]
    nth: int
    heads: bool
    type: str
    word: str
    reason: str


class Teller:
    """Reads the events of one article."""

    def __init__(self, row: Words, reader: Reader, document: Document, labels: Labels) -> None:
        self._row, self._reader, self._document = row, reader, document
        self._casting = Casting(row, reader, labels.roles)

    def tell(self, event: Event) -> Told | Passed:
        """What an event tells; Passed when it demands an act of others, or names too few actors."""
        text, trigger = self._row.tokens(event.start, event.end)
        sentence = trigger[0].sent
        bounds = (sentence.start_char, sentence.end_char)
        word = trigger[0].doc[trigger[0].i : trigger[-1].i + 1].text
        fact_type = fact_types()[event.type]
        place = self._place(event, trigger, text) if fact_type.placed else None
        filled = self._casting.fill(event, fact_type, place)
        roles = filled.roles
        content = _content(trigger) if fact_type.due else None
        root = _root(trigger)
        nth, heads, mode = self._reader.number(text, trigger[0]), root.dep_ == "ROOT", asserted(root)
        reason = "a call on others to act" if mode is Mode.DEMANDED else _lacking(fact_type, roles)
        if reason is None and fact_type.due and content is None:
            reason = "it does not say what is undertaken"
        if reason:
            return Passed(text, bounds, nth, heads, event.type, word, reason)
        dates = self._dates(event, trigger, fact_type)
        return Told(
            text=text,
            sentence=bounds,
            nth=nth,
            at=trigger[0].idx,
            heads=heads,
            type=fact_type,
            trigger=word,
            kind=event.kind,
            status=fact_type.modes.get(mode.value, event.status) if mode else event.status,
            roles=roles,
            place=place,
            when=None if fact_type.due else dates,
            due=dates if fact_type.due else None,
            content=content,
            said_by=self._said_by(text, trigger[0]),
            signs=signs(event, filled, fact_type),
            vector=event.vector,
        )

    def _place(self, event: Event, trigger: Sequence[Token], text: int) -> int | None:
        for span in sorted((span for span in event.roles if span.role == PLACE), key=lambda span: -span.p):
            where, tokens = self._row.tokens(span.start, span.end)
            names = [self._reader.cast.name_at(where, token) for token in tokens]
            place = next((name.place for name in names if name and name.place is not None), None)
            if place is not None:
                return place
        return self._nearest_place(trigger[0], text)

    def _nearest_place(self, token: Token, text: int) -> int | None:
        """The place nearest to a trigger in its sentence, after a preposition of place."""
        best: tuple[int, int] | None = None
        for word in token.sent:
            name = self._reader.cast.name_at(text, word)
            if name is None or name.place is None or word.i != name.start:
                continue
            before = word.doc[word.i - 1] if word.i else None
            if before is not None and before.lower_ == "the" and word.i > 1:
                before = word.doc[word.i - 2]
            if before is not None and before.lower_ in _PLACE_PREPOSITIONS:
                distance = abs(word.i - token.i)
                if best is None or distance < best[0]:
                    best = (distance, name.place)
        return best[1] if best else None

    def _dates(self, event: Event, trigger: Sequence[Token], fact_type: FactType) -> When | None:
        sentence = trigger[0].sent
        marked = [self._row.tokens(span.start, span.end)[1] for span in event.roles if span.role == DATE]
        ranges = [
            (tokens[0].idx - sentence.start_char, tokens[-1].idx + len(tokens[-1]) - sentence.start_char)
            for tokens in marked
        ]
        ahead = event.status == "planned" or fact_type.due
        found = dates_in(sentence.text, self._document.published, ahead=ahead)
        own = [when for when in found if any(when.start < end and start < when.end for start, end in ranges)]
        if not fact_type.due:
            own = [when for when in own if _belongs(when, trigger[0])]
        return next(nearest(own, trigger[0].idx - sentence.start_char), None)

    def _said_by(self, text: int, token: Token) -> int | None:
        """Who says so, where a verb of saying stands over the clause."""
        for above in token.ancestors:
            if above.lemma_.lower() in _SAYING and above.pos_ == "VERB":
                speakers = [actor for word in children(above, "nsubj") for actor in self._reader.meant(text, word)]
                return speakers[0] if speakers else None
        return None


def _lacking(fact_type: FactType, roles: Roles) -> str | None:
    """Why these actors do not make a fact of this type."""
    count = len(acting(fact_type, roles))
    if count >= fact_type.least_actors:
        return None
    return "only one named participant" if count else "no named participant"


def _belongs(when: When, token: Token) -> bool:
    """Whether a date is the trigger's own: not one of a clause below it ("met after he left on Monday")."""
    start = token.sent.start_char + when.start
    words = [word for word in token.sent if start <= word.idx < start + len(when.words)]
    if not words or (any(token.is_ancestor(word) for word in words) and token.pos_ not in {"VERB", "AUX"}):
        return True
    clause = token if token.pos_ in {"VERB", "AUX"} else governor(token)
    own = governor(words[-1])
    if clause is None or own is None or own == clause or not clause.is_ancestor(own):
        return True
    path = [own, *(step for step in own.ancestors if clause.is_ancestor(step))]
    return not any(step.dep_ in {"ccomp", "advcl", "relcl", "acl"} for step in path)


def _root(trigger: Sequence[Token]) -> Token:
    return Span(trigger[0].doc, trigger[0].i, trigger[-1].i + 1).root


def _content(trigger: Sequence[Token]) -> str | None:
    """The words of what is undertaken: what depends on the trigger's verb or noun after it, else the rest of the clause."""
    root = _root(trigger)
    last = trigger[-1].i
    verb = root if root.pos_ in {"VERB", "AUX"} else governor(root) or root
    for head in (root, trigger[-1], verb):
        for child in children(head, "xcomp", "ccomp", "prep", "dobj", "advcl", "acl"):
            if child.i > head.i and child.right_edge.i > last:
                return _trimmed(child.doc[child.left_edge.i : child.right_edge.i + 1])
    rest = root.doc[last + 1 : root.sent.end]
    return _trimmed(rest) if any(token.is_alpha for token in rest) else None


def _trimmed(span: Span) -> str | None:
    while len(span) > 1 and span[0].lower_ in {"to", "that", "for", "of", "on"}:
        span = span[1:]
    while len(span) > 1 and span[-1].is_punct:
        span = span[:-1]
    return str(span.text) or None
