"""The encoder at work: an article's words in, names and events with their roles out. ONNX Runtime, one thread.

Each window is a run of its own, so that an article's result depends on that article alone: the int8 weights are
multiplied with activations that are scaled by run, and a run never holds two articles.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from kb.extract.labels import Labels, read_labels
from kb.extract.windows import Window, distance, windows
from kb.extract.wordpiece import WordPieces, read_vocabulary
from kb.ontology import fact_types

WEIGHTS = Path(__file__).parent / "weights" / "encoder"
# Roles that every type has, beside the participants' own.
PLACE, DATE = "place", "date"
Floats = NDArray[np.float32]
Ranges = Sequence[tuple[int, int]]


class NameSpan(NamedTuple):
    """A name: a half-open range of words with its label."""

    start: int
    end: int
    label: str


class RoleSpan(NamedTuple):
    """Words that fill a role, with the lowest of their probabilities."""

    start: int
    end: int
    role: str
    p: float


class Event(NamedTuple):
    """A trigger of a type, with what the heads say of it; ``p`` is the trigger's probability, ``vector`` has length 1.

    ``fills`` are the probabilities [words, roles] of the words from ``first`` on, role 0 being none; ``refers`` those
    [words, words] that a word means whom another one names.
    """

    type: str
    start: int
    end: int
    p: float
    roles: tuple[RoleSpan, ...]
    status: str
    kind: str | None
    vector: Floats
    first: int
    fills: Floats
    refers: Floats


class Marked(NamedTuple):
    """All that the encoder sees in an article, in the order of its words."""

    names: tuple[NameSpan, ...]
    events: tuple[Event, ...]


class Encoder:
    """Weights of a folder: ``words.onnx``, ``events.onnx``, ``labels.json`` and ``vocab.txt``."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self.labels: Labels = read_labels(folder)
        self._pieces = WordPieces(read_vocabulary(folder / "vocab.txt"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # The arena keeps what the longest window ever took, in every process.
        options.enable_cpu_mem_arena = False
        self._words, self._events = (
            onnxruntime.InferenceSession(folder / name, options, providers=["CPUExecutionProvider"])
            for name in ("words.onnx", "events.onnx")
        )
        self._allowed = _allowed(self.labels)

    def mark(self, words: Sequence[str], sentences: Ranges) -> Marked:
        """Names and events of an article. ``sentences`` are half-open ranges of its words, without gaps."""
        names: list[NameSpan] = []
        events: list[Event] = []
        for window in windows(words, sentences, self._pieces):
            vectors, name_scores, triggers = self._words.run(
                None,
                {
                    "pieces": np.array([window.pieces], dtype=np.int64),
                    "shapes": np.array([window.shapes], dtype=np.int64),
                    "heads": np.array([window.heads], dtype=np.int64),
                },
            )
            names += self._names(name_scores[0], window.start)
            spans = self._spans(_sigmoid(triggers[0]))
            if spans:
                events += self._read(window, vectors, spans, sentences)
        return Marked(tuple(names), tuple(sorted(events, key=lambda event: (event.start, event.type))))

    def _names(self, scores: Floats, start: int) -> Iterator[NameSpan]:
        """Runs of words that go on with one label or with any inner part; the label is the likeliest over all of them."""
        outer, *labels = self.labels.names
        best = [self.labels.names[at] for at in scores.argmax(-1)]
        log = np.log(np.maximum(_softmax(scores), 1e-9))
        at = 0
        while at < len(best):
            end = at + 1
            while (
                best[at] != outer
                and end < len(best)
                and (best[end][:1] == "I" or best[end][2:] == best[end - 1][2:] != "")
            ):
                end += 1
            if best[at] != outer:
                sums = {
                    label[2:]: float(np.logaddexp(log[at:end, number], log[at:end, number + 1]).sum())
                    for number, label in enumerate(labels, 1)
                    if label.startswith("B")
                }
                yield NameSpan(start + at, start + end, max(sums, key=lambda label: sums[label]))
            at = end

    def _spans(self, p: Floats) -> list[tuple[int, int, int, float]]:
        """(type, start, end, p) of each run of words that may be a trigger."""
        found = []
        for number in range(p.shape[1]):
            for start, end in _runs((p[:, number] >= self.labels.looked_at).tolist()):
                found.append((number, start, end, float(p[start:end, number].max())))
        return found

    def _read(
        self, window: Window, vectors: Floats, spans: Sequence[tuple[int, int, int, float]], sentences: Ranges
    ) -> Iterator[Event]:
        first, count = window.start, len(window.heads)
        weights = np.zeros((len(spans), count), dtype=np.float32)
        distances = np.zeros((len(spans), count), dtype=np.int64)
        for row, (_, start, end, _) in enumerate(spans):
            weights[row, start:end] = 1 / (end - start)
            trigger = (first + start, first + end)
            sentence = next((s for s in sentences if s[0] <= trigger[0] < s[1]), trigger)
            distances[row] = [distance(first + at, trigger, sentence) for at in range(count)]
        types = np.array([span[0] for span in spans], dtype=np.int64)
        scores = self._events.run(None, {"words": vectors, "weights": weights, "types": types, "distances": distances})
        refers = _sigmoid(scores.pop())
        for span, *own in zip(spans, *scores, strict=True):
            yield self._event(span, first, _Scores(*own), refers)

    def _event(self, span: tuple[int, int, int, float], first: int, scores: "_Scores", refers: Floats) -> Event:
        number, start, end, p = span
        allowed = self._allowed[number]
        fills = _softmax(np.where(allowed.roles, scores.roles, -np.inf))
        status = self.labels.statuses[int(np.where(allowed.statuses, scores.statuses, -np.inf).argmax())][1]
        kind = int(np.where(allowed.kinds, scores.kinds, -np.inf).argmax()) if allowed.kinds.any() else None
        return Event(
            type=self.labels.types[number],
            start=first + start,
            end=first + end,
            p=p,
            roles=tuple(self._roles(fills, first)),
            status=status,
            kind=None if kind is None else self.labels.kinds[kind],
            vector=scores.vector,
            first=first,
            fills=fills,
            refers=refers,
        )

    def _roles(self, p: Floats, first: int) -> Iterator[RoleSpan]:
        best = p.argmax(-1)
        for number, role in enumerate(self.labels.roles):
            if number:
                for start, end in _runs((best == number).tolist()):
                    yield RoleSpan(first + start, first + end, role, float(p[start:end, number].min()))


class _Scores(NamedTuple):
    """What the heads give for one trigger."""

    roles: Floats
    statuses: Floats
    kinds: Floats
    vector: Floats


class _Allowed(NamedTuple):
    """Which outputs a type may have."""

    roles: NDArray[np.bool_]
    statuses: NDArray[np.bool_]
    kinds: NDArray[np.bool_]


def _allowed(labels: Labels) -> list[_Allowed]:
    found = []
    for name in labels.types:
        own = fact_types()[name]
        roles = {labels.roles[0], PLACE, DATE, *(role.name for role in own.roles)}
        found.append(
            _Allowed(
                np.array([role in roles for role in labels.roles]),
                np.array([owner == name for owner, _ in labels.statuses]),
                np.array([kind in own.kinds for kind in labels.kinds]),
            )
        )
    return found


def _runs(flags: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of neighbours that are true."""
    start = None
    for at, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = at
        elif not flag and start is not None:
            yield start, at
            start = None


def _softmax(x: Floats) -> Floats:
    e = np.exp(x - x.max(-1, keepdims=True))
    p: Floats = (e / e.sum(-1, keepdims=True)).astype(np.float32)
    return p


def _sigmoid(x: Floats) -> Floats:
    p: Floats = (1 / (1 + np.exp(-x))).astype(np.float32)
    return p


@cache
def encoder() -> Encoder:
    """The encoder of this process, loaded once."""
    return Encoder()
