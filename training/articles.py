"""Labelled articles as the extractor sees them: words in sentences, with the labels that its heads learn.

An article is read by kb itself, so that training and running see the same words. Labels come from gold files in the form
of the annotation guide, names from lists of (start, end, label) over the file's characters.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from spacy.lang.en import English
from spacy.tokens import DocBin

from kb.extract.parsing import parse
from kb.extract.segments import segments
from kb.ontology import fact_types
from kb.pipeline import read_documents

NAMES = ("PER", "ORG", "LOC", "NORP")


class Event(NamedTuple):
    """A fact as one sentence tells it; spans are half-open ranges of the article's words, ``gold`` its number there.

    ``roles`` holds (start, end, role, names that would be right).
    """

    type: str
    trigger: tuple[int, int]
    roles: tuple[tuple[int, int, str, tuple[str, ...]], ...]
    status: str
    kind: str | None
    gold: int
    told: bool


class Article(NamedTuple):
    """An article's words and sentences; ``names`` is ``None`` where nobody labelled them, as is ``events``.

    ``masked`` are (word, type) pairs of borderline facts: neither rewarded nor punished.
    """

    stem: str
    words: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]
    events: tuple[Event, ...] | None
    masked: frozenset[tuple[int, str]]
    names: tuple[tuple[int, int, str], ...] | None


def is_validation(stem: str) -> bool:
    """Whether an article is of the fifth that is never trained on."""
    return int(hashlib.sha256(stem.encode()).hexdigest(), 16) % 5 == 0


def articles(texts: Iterable[Path], names_folder: Path | None) -> Iterator[Article]:
    """Each NAME.txt with its NAME.json and, where there is one, ``names_folder``/NAME.json."""
    for path in texts:
        labels = path.with_suffix(".json")
        names = names_folder / labels.name if names_folder else None
        yield read_article(
            path,
            json.loads(labels.read_text("utf-8")) if labels.exists() else None,
            json.loads(names.read_text("utf-8"))["entities"] if names and names.exists() else None,
        )


class _Words:
    """An article's words with their place in its file, both with white space folded."""

    def __init__(self, path: Path) -> None:
        self.words: list[str] = []
        self.sentences: list[tuple[int, int]] = []
        self.flat, self.origin = _folded(path.read_bytes().decode("utf-8"))
        self.starts: list[int] = []
        self.ends: list[int] = []
        pieces = [piece.text for document in read_documents(path) for piece in segments(document)]
        at = 0
        for text, doc in zip(pieces, parse(pieces), strict=True):
            found = self.flat.find(text, at)
            found = found if found >= 0 else self.flat.find(text)
            at = max(at, found)
            for sentence in doc.sents:
                start = len(self.words)
                for token in sentence:
                    if not token.is_space:
                        self.words.append(token.text)
                        self.starts.append(found + token.idx if found >= 0 else -1)
                        self.ends.append(found + token.idx + len(token) if found >= 0 else -1)
                if len(self.words) > start:
                    self.sentences.append((start, len(self.words)))

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The words that a stretch of the folded file covers."""
        inside = [
            n for n, (a, b) in enumerate(zip(self.starts, self.ends, strict=True)) if a < end and start < b and a >= 0
        ]
        return (inside[0], inside[-1] + 1) if inside else None


def read_article(path: Path, gold: dict[str, Any] | None, entities: Sequence[Sequence[Any]] | None) -> Article:
    """One article with its labels."""
    words = _Words(path)
    events, masked = (None, frozenset[tuple[int, str]]()) if gold is None else _events(gold, words)
    return Article(
        stem=path.stem,
        words=tuple(words.words),
        sentences=tuple(words.sentences),
        events=events,
        masked=masked,
        names=None if entities is None else tuple(_names(entities, words)),
    )


def _folded(text: str) -> tuple[str, list[int]]:
    letters: list[str] = []
    place: list[int] = []
    for character in text:
        place.append(len(letters))
        if not character.isspace():
            letters.append(character)
        elif letters and letters[-1] != " ":
            letters.append(" ")
    return "".join(letters), place


def _names(entities: Sequence[Sequence[Any]], words: _Words) -> Iterator[tuple[int, int, str]]:
    for start, end, label, *_ in entities:
        span = words.span(words.origin[start], words.origin[end - 1] + 1)
        if span and label in NAMES:
            yield (*span, label)


def _events(gold: dict[str, Any], words: _Words) -> tuple[tuple[Event, ...], frozenset[tuple[int, str]]]:
    events: list[Event] = []
    for number, fact in enumerate(gold["facts"]):
        told = zip(fact["quotes"], fact["triggers"], fact["mentions"], fact["sentences"], strict=True)
        events += [_event(fact, number, _Telling(*telling), words) for telling in told]
    masked: set[tuple[int, str]] = set()
    for fact in gold["borderline"]:
        for quote in map(_flat, fact["quotes"]):
            at = words.flat.find(quote)
            span = words.span(at, at + len(quote)) if at >= 0 else None
            masked |= {(word, fact["type"]) for word in range(*span)} if span else set()
    return tuple(event for event in events if event.trigger[1] > event.trigger[0]), frozenset(masked)


class _Telling(NamedTuple):
    """How one sentence tells a fact: the parallel entries of its gold."""

    quote: str
    trigger: str
    links: Sequence[Sequence[Any]]
    sentence: tuple[int, int]


def _event(fact: dict[str, Any], number: int, telling: _Telling, words: _Words) -> Event:
    start, end = words.origin[telling.sentence[0]], words.origin[telling.sentence[1] - 1] + 1
    sentence = words.flat[start:end]
    quote, trigger = _flat(telling.quote), _flat(telling.trigger)
    inside = max(sentence.find(quote), 0)
    at = _nearest(sentence, trigger, inside, inside)
    span = words.span(start + at, start + at + len(trigger)) if at is not None else None
    roles = []
    for word, filler in telling.links:
        where = _nearest(sentence, _flat(word), at or 0, 0)
        linked = words.span(start + where, start + where + len(_flat(word))) if where is not None else None
        if linked:
            roles.append((*linked, *_role(fact, filler)))
    return Event(
        type=fact["type"],
        trigger=span or (0, 0),
        roles=tuple(roles),
        status=fact["status"],
        kind=fact.get("kind"),
        gold=number,
        told=bool(telling.links),
    )


def _role(fact: dict[str, Any], filler: int | str) -> tuple[str, tuple[str, ...]]:
    if isinstance(filler, int):
        own = fact["roles"][filler] if "roles" in fact else fact_types()[fact["type"]].roles[0].name
        return own, tuple(fact["participants"][filler])
    if filler.startswith("r") and filler[1:].isdigit():
        return "recipient", tuple(fact["recipients"][int(filler[1:])])
    return filler, tuple(fact.get("place") or ()) if filler == "place" else ()


def _nearest(text: str, word: str, to: int, first: int) -> int | None:
    """Where a word stands on word boundaries nearest to ``to``, at ``first`` or later if there is one."""
    found = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text)] or [
        m.start() for m in re.finditer(re.escape(word), text)
    ]
    later = [at for at in found if at >= first] or found
    return min(later, key=lambda at: abs(at - to), default=None)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def named_texts(path: Path) -> Iterator[Article]:
    """Texts of a spaCy DocBin with names labelled and no events, each as an article."""
    for number, doc in enumerate(DocBin().from_disk(path).get_docs(English().vocab)):
        words = tuple(token.text if not token.is_space else "." for token in doc)
        starts = (
            sorted({0, *(token.i for token in doc if token.is_sent_start)}) if doc.has_annotation("SENT_START") else [0]
        )
        bounds = tuple(pairwise([*starts, len(words)]))
        names = tuple((span.start, span.end, span.label_) for span in doc.ents if span.label_ in NAMES)
        yield Article(f"{path.stem}-{number}", words, bounds, None, frozenset(), names)
