"""Whom a word means: names, offices ("the Turkish president"), pronouns and groups ("the two leaders")."""

from collections.abc import Sequence

from spacy.tokens import Doc, Span, Token

from kb.extract.lexicon import words
from kb.extract.names import Cast
from kb.extract.syntax import children, expand, grammatical_subjects
from kb.records import EntityKind

_REACH = 5
_PERSONAL = frozenset({"he", "she", "him", "her", "his", "himself", "herself"})
_PLURAL = frozenset({"they", "them", "their", "themselves", "both", "who"})
_SINGULAR = frozenset({"it", "its", "itself"})
_SPEAKER = frozenset({"i", "we", "us", "our", "my", "me", "ourselves"})
_PEOPLE = words("leading_people")
_STATES = words("sides")
_OFFICES = words("offices")
# Heads of a noun phrase that stand for the country in it: "Turkish officials", "the government of Turkey".
_FOR_THE_STATE = words("for_the_state")
_SAYING = words("saying")


class Reader:
    """Answers whom a token of an article means, as indices of the cast's actors."""

    def __init__(self, docs: Sequence[Doc], cast: Cast) -> None:
        self.docs, self.cast = docs, cast
        self.sentences: list[tuple[int, Span]] = [(at, sent) for at, doc in enumerate(docs) for sent in doc.sents]
        self._starts = {(at, sent.start_char): number for number, (at, sent) in enumerate(self.sentences)}
        self._number = {(at, token.i): n for n, (at, sent) in enumerate(self.sentences) for token in sent}

    def sentence_before(self, text: int, bounds: tuple[int, int]) -> tuple[int, Span] | None:
        """The sentence before the one with these character bounds; ``None`` for the first."""
        at = self._starts.get((text, bounds[0]), 0)
        return self.sentences[at - 1] if at else None

    def number(self, text: int, token: Token) -> int:
        """Which sentence of the article a token stands in, from 0."""
        return self._number[text, token.i]

    def kind(self, actor: int) -> EntityKind:
        """Kind of an actor."""
        return self.cast.drafts[actor].kind

    def named(self, text: int, span: Span) -> list[int]:
        """Actors named in a stretch, each once, in order; demonyms included."""
        names = (self.cast.name_at(text, token) for token in span)
        return list(dict.fromkeys(name.actor for name in names if name))

    def meant(self, text: int, token: Token) -> list[int]:
        """Whom a noun or pronoun means; empty when the article does not tell."""
        name = self.cast.name_at(text, token)
        if name and not (name.adjective and token.dep_ in {"amod", "compound"} and token.head.pos_ == "NOUN"):
            return [name.actor]
        if token.pos_ in {"PRON", "DET"} or token.lower_ in _PERSONAL | _PLURAL | _SPEAKER | _SINGULAR:
            return self._pronoun(text, token)
        if token.pos_ in {"NOUN", "PROPN", "ADJ", "NUM", "X"}:
            return self._noun(text, token)
        return []

    def all_meant(self, text: int, tokens: Sequence[Token]) -> list[int]:
        """Whom several words mean, each actor once."""
        return list(dict.fromkeys(actor for token in tokens for actor in self.meant(text, token)))

    def _pronoun(self, text: int, token: Token) -> list[int]:
        word = token.lower_
        if word in _PERSONAL:
            return self._latest(text, token, {EntityKind.PERSON})
        if word in _PLURAL:
            return self._group(text, token, {EntityKind.PERSON}) or self._group(text, token, _STATE_KINDS)
        if word in _SINGULAR:
            return self._latest(text, token, _STATE_KINDS)
        if word in _SPEAKER:
            return self.speaker(text, token)
        return []

    def speaker(self, text: int, token: Token) -> list[int]:
        """Who says the sentence that a token stands in: subject of its verb of saying, else of the one before."""
        number = self._number[text, token.i]
        for step in range(number, max(-1, number - 4), -1):
            where, sentence = self.sentences[step]
            for verb in sentence:
                if verb.lemma_ in _SAYING and verb.pos_ == "VERB":
                    subjects = [word for word in grammatical_subjects(verb) if _stands_alone(word)]
                    found = self.all_meant(where, subjects)
                    if found:
                        return found
        return []

    def _noun(self, text: int, token: Token) -> list[int]:
        inner = self._inside(text, token)
        people = [actor for actor in inner if self.kind(actor) is EntityKind.PERSON]
        if people:
            return people
        lemma = token.lemma_.lower()
        if self._is_group(token):
            return self._group(text, token, {EntityKind.PERSON} if lemma in _PEOPLE else _STATE_KINDS) or self._group(
                text, token, _STATE_KINDS
            )
        if lemma in _OFFICES and token.tag_ in {"NN", "NNP"}:
            holder = self._office_holder(text, token, lemma, inner)
            if holder:
                return holder
        if inner and (lemma in _FOR_THE_STATE or token.lower_ in _FOR_THE_STATE):
            return inner
        return []

    def _is_group(self, token: Token) -> bool:
        lemma = token.lemma_.lower()
        if lemma not in _PEOPLE | _STATES or (token.tag_ not in {"NNS", "NNPS"} and lemma not in {"pair", "duo"}):
            return False
        before = {child.lower_ for child in token.children if child.dep_ in {"det", "nummod", "predet", "poss", "amod"}}
        return bool(before & {"two", "both", "the", "these", "three", "our", "their"})

    def _inside(self, text: int, token: Token) -> list[int]:
        """Actors named within a noun phrase: before its head, in apposition, after "of" or as possessor."""
        inner_words: list[Token] = []
        for child in children(token, "amod", "compound", "poss", "nmod", "appos", "nummod"):
            inner_words += expand(child)
            inner_words += [
                inner for inner in child.children if inner.dep_ in {"amod", "compound", "appos", "nmod", "punct"}
            ]
        for prep in children(token, "prep"):
            if prep.lower_ in {"of", "from"}:
                inner_words += [word for noun in children(prep, "pobj") for word in expand(noun)]
        inner_words += [word for word in token.doc[max(token.sent.start, token.i - 3) : token.i] if word.head == token]
        names = (self.cast.name_at(text, word) for word in inner_words)
        found = list(dict.fromkeys(name.actor for name in names if name))
        for word in inner_words:
            if word.dep_ == "poss" and not found and word.pos_ == "PRON":
                found = self.meant(text, word)
        return found

    def _office_holder(self, text: int, token: Token, office: str, inner: list[int]) -> list[int]:
        countries = {draft.known.id for draft in (self.cast.drafts[actor] for actor in inner) if draft.known}
        anybody = range(len(self.cast.drafts)) if countries else ()
        for actor in (*self._before(text, token), *anybody):
            draft = self.cast.drafts[actor]
            holds = draft.kind is EntityKind.PERSON and office in draft.offices
            if holds and (not countries or draft.country in countries):
                return [actor]
        return []

    def _before(self, text: int, token: Token) -> list[int]:
        """Actors named before a token, the nearest sentence first; within a sentence in order."""
        number = self._number[text, token.i]
        found: list[int] = []
        for step in range(number, max(-1, number - _REACH - 1), -1):
            where, sentence = self.sentences[step]
            end = token.i if step == number else sentence.end
            found += self._actors(where, self.docs[where][sentence.start : end])
        return found

    def _actors(self, text: int, span: Span) -> list[int]:
        names = (self.cast.name_at(text, token) for token in span)
        return list(dict.fromkeys(name.actor for name in names if name and not name.adjective))

    def _latest(self, text: int, token: Token, kinds: set[EntityKind]) -> list[int]:
        for actor in self._before(text, token):
            if self.kind(actor) in kinds:
                return [actor]
        return []

    def _group(self, text: int, token: Token, kinds: set[EntityKind]) -> list[int]:
        """The nearest sentence's actors of these kinds, if they are at least two; at most as many as a word counts."""
        number = self._number[text, token.i]
        for step in range(number, max(-1, number - _REACH - 1), -1):
            where, sentence = self.sentences[step]
            end = token.i if step == number else sentence.end
            span = self.docs[where][sentence.start : end]
            found = self.named(where, span) if step == number else self._actors(where, span)
            found = [actor for actor in found if self.kind(actor) in kinds]
            if len(found) >= 2:
                return found[:2] if len(found) > 3 or _counts_two(token) else found
        return []


_STATE_KINDS = {EntityKind.COUNTRY, EntityKind.ORGANIZATION, EntityKind.GROUP}


def _stands_alone(subject: Token) -> bool:
    """Whether a subject can be known without knowing who speaks: not "we" or "our minister"."""
    return not any(word.lower_ in _SPEAKER | _PLURAL for word in (subject, *subject.children))


def _counts_two(token: Token) -> bool:
    around = {token.lower_, *(child.lower_ for child in token.children)}
    return bool(around & {"two", "both", "pair", "duo"})
