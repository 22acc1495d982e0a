"""How well sentences are coded by PLOVER: ``python -m tests.quality.plover [FOLDER]``.

Two sets of sentences in ../shared/eval/plover, or the folder given: PLV_train, sentences of news each with the event
type of one pair of actors (its YIELD is CONCEDE and RETREAT); and the examples of CAMEO's manual in PLOVER's types of
2016. The first event of a sentence is its code; a sentence without one counts as wrong. ``within`` looks at the
sentences of the reported types alone.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from kb.extract import coder
from kb.records import Document
from tests.conftest import SHARED
from tests.extract.reading import document

FOLDER = SHARED / "eval" / "plover"
REPORTED = ("AGREE", "CONSULT", "SUPPORT", "COOPERATE")
_TODAY = {"CONCEDE": "YIELD", "RETREAT": "YIELD", "DEMAND": "REQUEST", "FIGHT": "ASSAULT"} | dict.fromkeys(
    ("DISAPPROVE", "INVESTIGATE"), "ACCUSE"
)

Pairs = Sequence[tuple[str, str | None]]
"""The right code of each sentence with the one it was given."""


class Row(NamedTuple):
    """Precision, recall and F1 of an event type, with the number of its sentences."""

    event: str
    precision: float
    recall: float
    f1: float
    sentences: int


def news(folder: Path) -> list[tuple[str, str]]:
    """The sentences of PLV_train with their codes."""
    with (folder / "PLV_train.tsv").open(encoding="utf-8", newline="") as file:
        return [(row["sentence"], row["gold_root"]) for row in csv.DictReader(file, delimiter="\t")]


def manual(folder: Path) -> list[tuple[str, str]]:
    """The examples of CAMEO's manual with their codes."""
    rows = json.loads((folder / "PLOVER_GSR_CAMEO.txt").read_text("utf-8"))
    return [(row["text"], _TODAY.get(row["event"], row["event"])) for row in rows if row["event"] != "DOCUMENT"]


def coded(sentences: Iterable[tuple[str, str]]) -> Pairs:
    """The right code of each sentence, and the one it is given."""
    return [(right, _first(document(text))) for text, right in sentences]


def table(pairs: Pairs, events: Iterable[str] = REPORTED) -> list[Row]:
    """Precision, recall and F1 of these event types over all of the sentences."""
    hits = Counter(right for right, given in pairs if right == given)
    rights, givens = Counter(right for right, _ in pairs), Counter(given for _, given in pairs)
    return [
        Row(
            event,
            hits[event] / max(1, givens[event]),
            hits[event] / max(1, rights[event]),
            2 * hits[event] / max(1, givens[event] + rights[event]),
            rights[event],
        )
        for event in events
    ]


def within(pairs: Pairs) -> Pairs:
    """The sentences whose right code is one of those reported."""
    return [pair for pair in pairs if pair[0] in REPORTED]


def lines(pairs: Pairs) -> list[str]:
    """The table for people: over all sentences, and within those of the reported types."""
    apart = {row.event: row for row in table(within(pairs))}
    events = (*REPORTED, *sorted({right for right, _ in pairs} - {*REPORTED}))
    found = [f"{'':10} sentences      P      R     F1    F1 within the four"]
    for row in table(pairs, events):
        inside = f"   {apart[row.event].f1:.3f}" if row.event in apart else ""
        found.append(f"{row.event:10} {row.sentences:9}  {row.precision:.3f}  {row.recall:.3f}  {row.f1:.3f}{inside}")
    return found


def _first(text: Document) -> str | None:
    events = coder().code(text)
    return _TODAY.get(events[0].event, events[0].event) if events else None


def _report(folder: Path) -> None:
    for name, sentences in (("PLV_train", news(folder)), ("CAMEO's manual", manual(folder))):
        print(name, *lines(coded(sentences)), "", sep="\n")  # noqa: T201  a command's answer


if __name__ == "__main__":
    _report(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
