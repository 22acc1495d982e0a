"""Sentences into evidence: for each trigger its roles, status, place and dates, or the reason why it tells nothing."""

from collections.abc import Iterator
from typing import NamedTuple

from spacy.tokens import Span, Token

from kb.extract.lexicon import words
from kb.extract.modality import Mode, governed, mode
from kb.extract.reference import Reader
from kb.extract.roles import Roles, lacking, roles_of
from kb.extract.syntax import children, governor
from kb.extract.timing import When, dates_in, nearest
from kb.extract.triggers import Found, triggers_at
from kb.records import Document, EntityKind

PLACE_PREPOSITIONS = frozenset({"in", "at", "to", "near", "outside"})
_DONE = frozenset({Mode.PAST, Mode.PRESENT, None})


class Told(NamedTuple):
    """What one trigger of a sentence tells; actors are indices of the cast, offsets count in the segment's text."""

    text: int
    sentence: tuple[int, int]
    at: int
    found: Found
    kind: str | None
    status: str
    roles: Roles
    place: int | None
    when: When | None
    due: When | None
    content: str | None
    said_by: int | None


class Passed(NamedTuple):
    """A trigger that tells nothing, with the reason."""

    text: int
    sentence: tuple[int, int]
    type: str
    word: str
    reason: str


def read_sentence(text: int, sentence: Span, reader: Reader, document: Document) -> Iterator[Told | Passed]:
    """All that the triggers of a sentence tell, in the order of the words."""
    for token in sentence:
        for found in triggers_at(token):
            outcome = _read(found, token, text, reader, document.published)
            bounds = (sentence.start_char, sentence.end_char)
            if isinstance(outcome, str):
                yield Passed(text, bounds, found.owner.type, token.text, outcome)
            else:
                yield outcome


def _read(found: Found, token: Token, text: int, reader: Reader, published: str | None) -> Told | str:
    asserted = _asserted(found, token)
    status = _status(found, token, asserted)
    roles = roles_of(found, token, text, reader) if status else {}
    content = _content(found, token)
    reason = _against(found, token, asserted, status) or _lack(found, roles, content, reader)
    if reason or status is None:
        return reason or "not asserted"
    sentence = token.sent
    when, due = _dates(found, token, published, status)
    return Told(
        text=text,
        sentence=(sentence.start_char, sentence.end_char),
        at=token.idx,
        found=found,
        kind=_kind(found, token),
        status=status,
        roles=roles,
        place=_place(token, text, reader) if found.owner.placed else None,
        when=when,
        due=due,
        content=content,
        said_by=_said_by(token, text, reader),
    )


def _against(found: Found, token: Token, asserted: Mode | None, status: str | None) -> str | None:
    """Why the way in which a trigger is asserted makes it no fact of its type; ``None`` when it may be one."""
    if found.trigger.modes and asserted not in found.trigger.modes:
        return "no statement about the future"
    if status is None:
        return _REASONS.get(asserted, "not asserted") if asserted else "not asserted"
    if any(child.lower_ in found.trigger.standing for word in (token, *token.conjuncts) for child in word.children):
        return "a standing exchange, not one event"
    return None


def _lack(found: Found, roles: Roles, content: str | None, reader: Reader) -> str | None:
    """What a trigger lacks to be a fact: its content, its participants, or a body among them."""
    if found.trigger.content and content is None:
        return "it does not say what is undertaken"
    missing = lacking(found, roles)
    if missing:
        return _missing(found, roles, missing)
    if found.trigger.bodies and not _has_body(roles, reader):
        return "no organisation that one could belong to"
    return None


def _asserted(found: Found, token: Token) -> Mode | None:
    if found.part == "nouns":
        return governed(token, governor(token))
    if found.part == "adjectives" and token.dep_ in {"acomp", "attr"}:
        return mode(token.head)
    return mode(token)


def _status(found: Found, token: Token, asserted: Mode | None) -> str | None:
    verb = governor(token) if found.part == "nouns" else token
    if asserted in _DONE and verb is not None:
        for status, lemmas in found.trigger.verb_status.items():
            if verb.lemma_.lower() in lemmas:
                return status
    if asserted in _DONE and found.part == "nouns" and found.trigger.unsaid:
        return found.trigger.unsaid
    if asserted is None:
        return found.owner.status.get("unsaid")
    return found.trigger.status.get(asserted) or found.owner.status.get(asserted.value)


_REASONS = {
    Mode.DEMANDED: "a call on others to act, not a statement that it happens",
    Mode.DENIED: "negated",
    Mode.REFUSED: "refused",
    Mode.POSSIBLE: "only possible",
    Mode.CONDITIONAL: "only under a condition",
    Mode.CANCELLED: "cancelled",
    Mode.FUTURE: "only to come",
}


def _missing(found: Found, roles: Roles, missing: list[str]) -> str:
    named = sum(len(actors) for actors in roles.values())
    if sum(found.trigger.require.values()) > 1 and named == 1:
        return "only one named participant"
    if not named:
        return "no named participant"
    return f"nobody named as {' or '.join(missing)}"


def _has_body(roles: Roles, reader: Reader) -> bool:
    kinds = {reader.kind(actor) for actors in roles.values() for actor in actors}
    return bool(kinds & {EntityKind.ORGANIZATION, EntityKind.GROUP})


def _kind(found: Found, token: Token) -> str | None:
    words = {child.lower_ for child in token.children}
    for kind, marks in found.trigger.kinds.items():
        if words & set(marks):
            return kind
    return found.trigger.kind


def _content(found: Found, token: Token) -> str | None:
    """The words of what is undertaken: the first dependent after the trigger that the catalogue allows."""
    for child in children(token, *found.trigger.content):
        if child.i < token.i or child.lemma_.lower() in found.trigger.content_not:
            continue
        if child.dep_ == "prep" and child.lower_ not in (found.trigger.content_prepositions or ("to", "of", "for")):
            continue
        if child.dep_ == "xcomp" and child.pos_ not in {"VERB", "AUX"}:
            continue
        words = token.doc[child.left_edge.i : child.right_edge.i + 1]
        while len(words) > 1 and words[0].lower_ in {"to", "that", "for", "of", "on"}:
            words = words[1:]
        while len(words) > 1 and words[-1].is_punct:
            words = words[:-1]
        return str(words.text)
    return None


def _dates(found: Found, token: Token, published: str | None, status: str) -> tuple[When | None, When | None]:
    sentence = token.sent
    ahead = status == "planned" or bool(found.trigger.content)
    place = token.idx - sentence.start_char
    expressions = dates_in(sentence.text, published, ahead=ahead)
    if found.trigger.content:
        after = [when for when in expressions if when.start > place]
        return None, next(iter(after), None)
    own = [when for when in expressions if _belongs(when, token)]
    return next(nearest(own, place), None), None


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


def _place(token: Token, text: int, reader: Reader) -> int | None:
    """The place nearest to a trigger in its sentence, after a preposition of place."""
    best: tuple[int, int] | None = None
    for word in token.sent:
        name = reader.cast.name_at(text, word)
        if name is None or name.place is None or word.i != name.start:
            continue
        before = word.doc[word.i - 1] if word.i else None
        if before is not None and before.lower_ == "the" and word.i > 1:
            before = word.doc[word.i - 2]
        if before is not None and before.lower_ in PLACE_PREPOSITIONS:
            distance = abs(word.i - token.i)
            if best is None or distance < best[0]:
                best = (distance, name.place)
    return best[1] if best else None


_SAYING = words("saying")


def _said_by(token: Token, text: int, reader: Reader) -> int | None:
    """Who says so, where a verb of saying stands over the clause."""
    for above in token.ancestors:
        if above.lemma_.lower() in _SAYING and above.pos_ == "VERB":
            speakers = [actor for word in children(above, "nsubj") for actor in reader.meant(text, word)]
            return speakers[0] if speakers else None
    return None
