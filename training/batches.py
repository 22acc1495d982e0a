"""Windows of labelled articles as tensors."""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from kb.extract.windows import Window, distance, windows
from kb.extract.wordpiece import PADDING, WordPieces
from training.articles import Article, Event
from training.encoder import KINDS, NAME_LABELS, ROLES, STATUSES, TYPES

# A label that no loss counts.
UNKNOWN = -100


class Example(NamedTuple):
    """A window with its labels by word, and the events whose trigger lies in it."""

    window: Window
    article: int
    triggers: Tensor
    names: Tensor
    references: Tensor
    events: tuple[tuple[Event, Tensor, Tensor], ...]


class Batch(NamedTuple):
    """Examples padded to one length; the last eight run over the events of all."""

    pieces: Tensor
    shapes: Tensor
    heads: Tensor
    triggers: Tensor
    names: Tensor
    references: Tensor
    rows: Tensor
    spans: Tensor
    types: Tensor
    distances: Tensor
    roles: Tensor
    statuses: Tensor
    kinds: Tensor
    facts: Tensor


def examples(article: Article, number: int, pieces: WordPieces) -> list[Example]:
    """All windows of an article."""
    return [_example(article, number, window) for window in windows(article.words, article.sentences, pieces)]


def batches(items: Sequence[Example], size: int, chance: random.Random | None = None) -> Iterator[Batch]:
    """Batches of about ``size`` windows; an article's windows stay together. ``chance`` shuffles the articles."""
    by_article: dict[int, list[Example]] = {}
    for item in items:
        by_article.setdefault(item.article, []).append(item)
    groups = list(by_article.values())
    if chance:
        chance.shuffle(groups)
    held: list[Example] = []
    for group in groups:
        if held and len(held) + len(group) > size:
            yield _batch(held)
            held = []
        held += group[: size * 2]
    if held:
        yield _batch(held)


def _example(article: Article, number: int, window: Window) -> Example:
    start, end = window.start, window.start + len(window.heads)
    triggers = torch.zeros(end - start, len(TYPES))
    names = torch.full((end - start,), UNKNOWN if article.names is None else 0)
    if article.events is None:
        triggers[:] = UNKNOWN
    for first, last, label in article.names or ():
        for at in range(max(first, start), min(last, end)):
            names[at - start] = NAME_LABELS.index(f"{'B' if at == first else 'I'}-{label}")
    for word, fact_type in article.masked:
        if start <= word < end:
            triggers[word - start, TYPES.index(fact_type)] = UNKNOWN
    events = []
    for event in article.events or ():
        for at in range(max(event.trigger[0], start), min(event.trigger[1], end)):
            triggers[at - start, TYPES.index(event.type)] = 1
        if start <= event.trigger[0] and event.trigger[1] <= end:
            events.append((event, *_of_event(article, event, start, end)))
    return Example(window, number, triggers, names, _references(article, start, end), tuple(events))


def _references(article: Article, start: int, end: int) -> Tensor:
    """1 where the row's word stands for the name that the column's word is part of, UNKNOWN in rows that nobody linked."""
    labels = torch.full((end - start, end - start), UNKNOWN, dtype=torch.float32)
    words = article.words[start:end]
    for event in article.events or ():
        for first, last, _, names in event.roles:
            text = "".join(article.words[first:last])
            known = {"".join(name.split()) for name in names}
            if (
                not names
                or not start <= last - 1 < end
                or text in known
                or (text[:1].isupper() and text.lower() not in _PRONOUNS)
            ):
                continue
            row = labels[last - 1 - start]
            row[row == UNKNOWN] = 0
            for at, until in _found(words, known):
                row[at:until] = 1
    return labels


_PRONOUNS = frozenset("he she it they we i our his her their its him them us both who".split())


def _found(words: Sequence[str], names: set[str]) -> Iterator[tuple[int, int]]:
    """Where one of these names, written without blanks, stands in the words; the longest at each place."""
    longest = max(map(len, names))
    for at in range(len(words)):
        text, best = "", 0
        for until in range(at, len(words)):
            text += words[until]
            if len(text) > longest:
                break
            best = until + 1 if text in names else best
        if best:
            yield at, best


def _of_event(article: Article, event: Event, start: int, end: int) -> tuple[Tensor, Tensor]:
    sentence = next((s for s in article.sentences if s[0] <= event.trigger[0] < s[1]), event.trigger)
    distances = torch.tensor([distance(at, event.trigger, sentence) for at in range(start, end)])
    roles = torch.zeros(end - start, dtype=torch.long) if event.told else torch.full((end - start,), UNKNOWN)
    for first, last, role, _ in event.roles:
        roles[max(first - start, 0) : max(last - start, 0)] = ROLES.index(role)
    return distances, roles


def _batch(items: Sequence[Example]) -> Batch:
    events = [(row, item, *event) for row, item in enumerate(items) for event in item.events]
    longest = max(len(item.window.heads) for item in items)
    base = [event.trigger[0] - item.window.start for _, item, event, _, _ in events]
    return Batch(
        pieces=_padded([torch.tensor(item.window.pieces) for item in items], PADDING),
        shapes=_padded([torch.tensor(item.window.shapes) for item in items], 0),
        heads=_padded([torch.tensor(item.window.heads) for item in items], 0),
        triggers=_padded([item.triggers for item in items], UNKNOWN),
        names=_padded([item.names for item in items], UNKNOWN),
        references=_squares([item.references for item in items], longest),
        rows=torch.tensor([row for row, *_ in events], dtype=torch.long),
        spans=torch.tensor(
            [
                (at, at + event.trigger[1] - event.trigger[0])
                for at, (_, _, event, _, _) in zip(base, events, strict=True)
            ],
            dtype=torch.long,
        ).view(-1, 2),
        types=torch.tensor([TYPES.index(event.type) for _, _, event, _, _ in events], dtype=torch.long),
        distances=_padded([one for *_, one, _ in events], 0, longest),
        roles=_padded([one for *_, one in events], UNKNOWN, longest),
        statuses=torch.tensor([_status(event) for _, _, event, _, _ in events], dtype=torch.long),
        kinds=torch.tensor([KINDS.index(e.kind) if e.kind else UNKNOWN for _, _, e, _, _ in events], dtype=torch.long),
        facts=torch.tensor([item.article * 1000 + event.gold for _, item, event, _, _ in events], dtype=torch.long),
    )


def _status(event: Event) -> int:
    at = TYPES.index(event.type)
    return sum(len(statuses) for statuses in STATUSES[:at]) + STATUSES[at].index(event.status)


def _padded(rows: Sequence[Tensor], value: float, longest: int = 0) -> Tensor:
    if not rows:
        return torch.zeros(0, longest, dtype=torch.long)
    longest = max(longest, *(len(row) for row in rows)) if len(rows) > 1 else max(longest, len(rows[0]))
    shape = (len(rows), longest, *rows[0].shape[1:])
    out = torch.full(shape, value, dtype=rows[0].dtype)
    for at, row in enumerate(rows):
        out[at, : len(row)] = row
    return out


def _squares(rows: Sequence[Tensor], longest: int) -> Tensor:
    out = torch.full((len(rows), longest, longest), UNKNOWN, dtype=torch.float32)
    for at, row in enumerate(rows):
        out[at, : len(row), : len(row)] = row
    return out
