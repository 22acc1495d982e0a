"""What an article says of its people: which office they hold, and for which country."""

from spacy.tokens import Doc, Token

from kb.extract.names import Cast, Name
from kb.extract.spotting import TITLES
from kb.records import EntityKind

_NOMINAL = frozenset({"PROPN", "NOUN", "ADJ"})
_LINKS = frozenset({"'s", "’s", "of"})
_REACH = 8


def describe_people(cast: Cast) -> None:
    """Set ``offices`` and ``country`` of the cast's persons from the words around their names, and which words these are."""
    for text, doc in enumerate(cast.docs):
        for token in doc:
            if token.tag_ == "NNS" and token.lemma_.lower() in TITLES:
                _describe_pair(cast, text, doc, token)
    for name in cast.names:
        if cast.drafts[name.actor].kind is EntityKind.PERSON:
            _describe(cast, name)


def _describe(cast: Cast, name: Name) -> None:
    draft = cast.drafts[name.actor]
    described = _around(cast.docs[name.text], name)
    draft.offices |= {token.lower_ for token in described} & TITLES
    for token in described:
        other = cast.name_at(name.text, token)
        if other:
            cast.describes[name.text, token.i] = name.actor
            draft.country = draft.country or _state(cast, other)


def _state(cast: Cast, name: Name) -> str | None:
    draft = cast.drafts[name.actor]
    return draft.known.id if draft.known and draft.kind is EntityKind.COUNTRY else None


def _around(doc: Doc, name: Name) -> list[Token]:
    """The tokens before a person's name that describe it ("Turkish Foreign Minister"), an "of" and an apposition after it."""
    found: list[Token] = _apposed_to(doc, name)
    at = name.start - 1
    while at >= 0 and len(found) < _REACH and (doc[at].pos_ in _NOMINAL or doc[at].lower_ in _LINKS):
        found.append(doc[at])
        at -= 1
    if name.end + 1 < len(doc) and doc[name.end].lower_ == "of" and doc[name.end].head.i in range(name.start, name.end):
        found += [token for token in doc[name.end].subtree if token.i > name.end]
    apart = name.end < len(doc) and doc[name.end].text == ","
    after = list(doc[name.end + 1 : name.end + 1 + _REACH]) if apart else []
    if any(token.lower_ in TITLES for token in after[:5]):
        found += [token for token in after if token.pos_ in _NOMINAL]
    return found


def _apposed_to(doc: Doc, name: Name) -> list[Token]:
    """An office and its state that a person's name stands in apposition to: "The president of Zimbabwe, X"."""
    if name.start < 2 or doc[name.start - 1].text != ",":
        return []
    head = doc[name.start : name.end].root.head
    if head.i >= name.start - 1 or head.lower_ not in TITLES:
        return []
    return [token for token in doc[head.left_edge.i : name.start - 1] if token.pos_ in _NOMINAL]


def _describe_pair(cast: Cast, text: int, doc: Doc, office: Token) -> None:
    """Give the people of "the presidents of Turkey and Russia, X and Y" their office and countries, in order."""
    near = (cast.name_at(text, token) for token in doc[office.i : min(office.sent.end, office.i + 20)])
    names = list(dict.fromkeys(name for name in near if name))[:4]
    if len(names) < 4 or doc[names[2].start - 1].text != ",":
        return
    states = [_state(cast, name) for name in names[:2]]
    people = [cast.drafts[name.actor] for name in names[2:]]
    if all(states) and all(person.kind is EntityKind.PERSON for person in people):
        for state, person in zip(states, people, strict=True):
            person.offices.add(office.lemma_.lower())
            person.country = state
