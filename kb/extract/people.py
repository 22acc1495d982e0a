"""Whom the words of a sentence stand for: names, nationalities with an office, pronouns, and groups of two."""

from spacy.tokens import Token

from kb.extract.article import Sentence
from kb.extract.cast import Cast
from kb.extract.syntax import after, conjuncts
from kb.records import EntityKind

_TWO_PEOPLE = frozenset(
    "leader president minister premier counterpart man official diplomat chancellor head statesman".split()
)
_TWO_STATES = frozenset("country nation side party state government power neighbor neighbour ally capital".split())
_STATE_NOUNS = frozenset(
    "government administration official authority delegation army force troop military ministry diplomat side leadership "
    "regime state parliament negotiator lawmaker navy embassy cabinet leader president minister premier chancellor".split()
)
_PERSON_NOUNS = frozenset(
    "president minister premier chancellor leader king queen prince emir secretary counterpart chief head ambassador envoy "
    "general commander governor senator spokesman spokeswoman pope".split()
)
_PRONOUNS = frozenset({"he", "she", "him", "her", "his"})


class Reader:
    """Resolves the words of one sentence."""

    def __init__(self, cast: Cast, sentence: Sentence) -> None:
        self._cast, self._sentence = cast, sentence

    def figures(self, tokens: list[Token]) -> list[int]:
        """The figures that noun phrases with these heads, and all that is coordinated with them, stand for."""
        found: list[int] = []
        for head in tokens:
            for token in conjuncts(head):
                found += self._phrase(token)
        return list(dict.fromkeys(found))

    def named(self, token: Token) -> int | None:
        """The figure whose name this token is part of."""
        return self._cast.actor(self._sentence, token)

    def _phrase(self, token: Token) -> list[int]:
        own = self.named(token)
        if own is not None and not self._only_adjective(token, own):
            return [own]
        lower, lemma = token.lower_, token.lemma_.lower()
        if lower in _PRONOUNS:
            return self._cast.people_before(self._sentence.number)[:1]
        group = self._group(token, lemma)
        if group:
            return group
        for child in token.children:
            named = self.named(child) if child.dep_ in ("appos", "compound", "flat") else None
            if named is not None and (child.dep_ == "appos" or self._cast.is_person(named)):
                return self.figures([child])
        return self._office(token, lemma)

    def _only_adjective(self, token: Token, figure: int) -> bool:
        """True for "Turkish" in "Turkish officials": the noun decides whom the phrase means."""
        return token.dep_ in ("amod", "compound") and token.head != token and self._cast.is_country(figure)

    def _group(self, token: Token, lemma: str) -> list[int]:
        """ "the two leaders", "both sides", "they": the last two that were named together."""
        counted = any(child.lower_ in ("two", "both") for child in token.children)
        if token.lower_ in ("they", "both", "two") and token.dep_ != "det":
            return self._last_pair(EntityKind.PERSON) or self._last_pair(EntityKind.COUNTRY)
        if counted and lemma in _TWO_PEOPLE:
            return self._last_pair(EntityKind.PERSON)
        if counted and lemma in _TWO_STATES:
            return self._last_pair(EntityKind.COUNTRY) or self._last_pair(EntityKind.PERSON)
        return []

    def _last_pair(self, kind: EntityKind) -> list[int]:
        """The two figures of a kind that the latest sentence with two of them names first."""
        for number in range(self._sentence.number, max(self._sentence.number - 5, -1), -1):
            named = [i for i in self._cast.named_in(number) if self._cast.figures[i].kind is kind]
            if number == self._sentence.number:
                # "The two leaders" cannot mean people who are named only later on.
                named = []
            if len(named) >= 2:
                return named[:2]
        return []

    def _office(self, token: Token, lemma: str) -> list[int]:
        """ "the Turkish president", "officials in Ankara", "Turkey's government": the person if known, else the state."""
        if lemma not in _STATE_NOUNS and lemma not in _PERSON_NOUNS:
            return []
        near = [child for child in token.children if child.dep_ in ("amod", "compound", "poss", "nmod")]
        near += after(token, "of")
        for child in near:
            figure = self.named(child)
            if figure is not None and (self._cast.is_country(figure) or lemma in _STATE_NOUNS):
                if lemma == "government" and (home := self._seat(token)):
                    return home
                return [figure]
        if lemma == "government" and (home := self._seat(token)):
            return home
        if lemma in _PERSON_NOUNS and any(child.lower_ == "the" for child in token.children):
            return self._cast.people_before(self._sentence.number)[:1]
        return []

    def _seat(self, token: Token) -> list[int]:
        """ "the recognized government in Tripoli": a government that is told from others by its seat."""
        for place in after(token, "in", "of"):
            figure = self.named(place)
            if figure is not None and not self._cast.is_country(figure):
                inside = [word for word in place.subtree if self.named(word) == figure]
                last = max(inside, key=lambda word: word.i)
                name = token.doc[token.i : last.i + 1].text
                start = self._sentence.place(token)
                end = self._sentence.place(last) + len(last.text)
                return [self._cast.described(EntityKind.GROUP, name, self._sentence, start, end)]
        return []

    def state_of(self, figure: int) -> int:
        """The government for a capital that acts ("Ankara said"), else the figure itself."""
        known = self._cast.figures[figure].known
        if known is not None and known.capital and known.country:
            return self._cast.country(known.country)
        return figure
