"""Articles of one to three sentences from ``sentences.toml``, with the catalogue's actors and made-up people in the blanks."""

import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spacy.lang.en import English

from kb.ontology import actors, fact_types
from kb.records import EntityKind
from training.articles import Article, Event

_BODIES = 0.25
_PIECES = re.compile(r"(\*|<\w>)")
_ROLES = {"S": "supporter", "T": "supported", "R": "recipient", "P": "place", "D": "date", "N": None}


def composed(count: int, seed: int) -> Iterator[Article]:
    """``count`` short articles; each sentence of the file is as likely as any other."""
    chance = random.Random(seed)  # noqa: S311  a choice of sentences, not a secret
    written = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))
    lines = [(group, line) for group in written["group"] for line in group["lines"]]
    words = English().tokenizer
    fillers = {kind: [actor.name for actor in actors() if actor.kind is kind] for kind in EntityKind}
    for number in range(count):
        builder = _Builder(words, chance, written, fillers)
        for group, line in chance.sample(lines, chance.randint(1, 3)):
            builder.add(group, line)
        yield builder.article(f"composed-{number}")


class _Builder:
    def __init__(
        self, tokenizer: Any, chance: random.Random, written: dict[str, Any], fillers: dict[EntityKind, list[str]]
    ) -> None:
        self._tokenizer, self._chance, self._written, self._fillers = tokenizer, chance, written, fillers
        self.words: list[str] = []
        self.sentences: list[tuple[int, int]] = []
        self.events: list[Event] = []
        self.names: list[tuple[int, int, str]] = []

    def add(self, group: dict[str, Any], line: str) -> None:
        """One sentence, filled."""
        start = len(self.words)
        roles: list[tuple[int, int, str, tuple[str, ...]]] = []
        marks: list[int] = []
        for piece in _PIECES.split(line):
            at = len(self.words)
            if piece == "*":
                marks.append(at)
            elif piece.startswith("<"):
                text, label = self._filled(piece[1], group["type"])
                self.words += [token.text for token in self._tokenizer(text)]
                role = _ROLES.get(piece[1], fact_types()[group["type"]].roles[0].name)
                if label:
                    self.names.append((at, len(self.words), label))
                if role:
                    roles.append((at, len(self.words), role, ()))
            elif piece.strip():
                self.words += [token.text for token in self._tokenizer(piece.strip())]
        self.sentences.append((start, len(self.words)))
        for first, last in zip(marks[::2], marks[1::2], strict=True):
            self.events.append(
                Event(
                    group["type"],
                    (first, last),
                    tuple(roles),
                    group["status"],
                    group.get("kind"),
                    len(self.sentences),
                    True,
                )
            )

    def article(self, stem: str) -> Article:
        """What was added, as an article."""
        return Article(
            stem, tuple(self.words), tuple(self.sentences), tuple(self.events), frozenset(), tuple(self.names)
        )

    def _filled(self, blank: str, fact_type: str) -> tuple[str, str | None]:
        if blank == "D":
            return self._one(self._written["dates"]), None
        if blank == "P":
            return self._one(self._fillers[EntityKind.PLACE]), "LOC"
        # Persons meet, persons and states pledge, states ally themselves.
        person = {"meeting": 0.7, "pledge": 0.35}.get(fact_type, 0.1)
        if self._chance.random() < person:
            return f"{self._one(self._written['first'])} {self._one(self._written['last'])}", "PER"
        if self._chance.random() < _BODIES:
            return self._one(self._fillers[EntityKind.ORGANIZATION]), "ORG"
        return self._one(self._fillers[EntityKind.COUNTRY]), "LOC"

    def _one(self, choices: list[str]) -> str:
        return self._chance.choice(choices)
