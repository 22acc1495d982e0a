"""Which part of a text is what: each paragraph is marked, and nothing is cut."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from kb.ontology import fold
from kb.records import Passage, PassageKind, Record

_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\n)[^\n]+)*")
_LINE = re.compile(r"[^\n]+")
# A paragraph that ends a sentence and is this long is prose.
_PROSE_WORDS = 8
_ENDED = re.compile(r"[.!?…][\"'”’)\]]*\s*$")
_TITLE_WORDS = 30


class _Rule(Record):
    kind: PassageKind
    most_words: int
    patterns: tuple[str, ...]

    def fits(self, paragraph: str) -> bool:
        return len(paragraph.split()) <= self.most_words and bool(_compiled(self.patterns).match(paragraph))


def passages(text: str, title: str | None) -> tuple[Passage, ...]:
    """The paragraphs of a text with their kinds, in order. ``title``: the article's, where it is known.

    Lines are paragraphs where a text has no blank lines between most of them. The first lines of a text, up to the
    first that is prose, hold title and standfirst.
    """
    found = [(start, end, _kind(text[start:end])) for start, end in _paragraphs(text)]
    kinds = _head(text, found, title)
    seen: set[str] = set()
    marked: list[Passage] = []
    for (start, end, _), kind in zip(found, kinds, strict=True):
        folded = fold(text[start:end])
        marked.append(Passage(start=start, end=end, kind=kind, duplicate=folded in seen))
        seen.add(folded)
    return tuple(marked)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Every line is a paragraph, unless lines are wrapped: then blank lines part them."""
    lines = [found for found in _LINE.finditer(text) if found[0].strip()]
    wrapped = sum(60 <= len(line[0]) <= 90 and not _ENDED.search(line[0]) for line in lines)
    pattern = _PARAGRAPH if len(lines) > 5 and wrapped > len(lines) / 2 else _LINE
    for found in pattern.finditer(text):
        stripped = found[0].strip()
        if stripped:
            start = found.start() + found[0].index(stripped)
            yield start, start + len(stripped)


def _kind(paragraph: str) -> PassageKind:
    return next((rule.kind for rule in _rules() if rule.fits(paragraph)), PassageKind.BODY)


def _head(text: str, found: Sequence[tuple[int, int, PassageKind]], title: str | None) -> list[PassageKind]:
    kinds = [kind for _, _, kind in found]
    place = next((i for i, (start, end, _) in enumerate(found) if title and fold(text[start:end]) == fold(title)), None)
    if place is None and title is None and found and kinds[0] is PassageKind.BODY and _is_headline(text, found[0]):
        place = 0
    if place is None:
        return kinds
    kinds[place] = PassageKind.TITLE
    if (
        place + 1 < len(found)
        and kinds[place + 1] is PassageKind.BODY
        and not _ENDED.search(_words(text, found[place + 1]))
    ):
        kinds[place + 1] = PassageKind.STANDFIRST
    return kinds


def _is_headline(text: str, paragraph: tuple[int, int, PassageKind]) -> bool:
    words = _words(text, paragraph)
    return len(words.split()) <= _TITLE_WORDS and not _ENDED.search(words)


def _words(text: str, paragraph: tuple[int, int, PassageKind]) -> str:
    return text[paragraph[0] : paragraph[1]]


def is_prose(paragraph: str) -> bool:
    """True for a paragraph that is a sentence: long enough, and ended."""
    return len(paragraph.split()) >= _PROSE_WORDS and bool(_ENDED.search(paragraph))


@cache
def _rules() -> tuple[_Rule, ...]:
    stated = tomllib.loads(files(__package__).joinpath("passages.toml").read_text("utf-8"))
    return tuple(_Rule.model_validate(rule) for rule in stated["rule"])


@cache
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
