"""Sentences of our own writing with the facts that they state, each by the border of the annotation guide that it tests.

``sentences/TYPE.toml`` holds articles of one to three sentences written for that fact type; all facts of every type that
an item states are marked. An item:

    tag        the border, as a word
    published  publication date; the file's own where left out
    title      the headline; a neutral one where left out
    text       the article
    facts      what it states; none: a sentence that only looks like a fact
    borderline what is neither rewarded nor punished

and a fact: type, status, kind; ``who`` (who meets, who commits, the members or the supporters; ``to``: the recipients or
the supported), each a name with its other right forms after "|"; place likewise; date, due, content; ``quotes``, the whole
text where left out.
"""

import json
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from kb import extract
from kb.dates import PartialDate
from kb.evaluate import Row, Scores, Share, evaluate, matches, prediction
from kb.pipeline import read_file
from kb.records import Record

FOLDER = Path(__file__).parent / "sentences"
_NEUTRAL = "The day in brief"


class Told(Record):
    """A fact that an item states. The names in ``who``, ``to`` and ``place`` have their other right forms after "|"."""

    type: str
    status: str
    kind: str | None = None
    who: tuple[str, ...]
    to: tuple[str, ...] = ()
    place: str | None = None
    date: PartialDate | None = None
    due: PartialDate | None = None
    content: str | None = None
    quotes: tuple[str, ...] = ()

    def gold(self, text: str) -> dict[str, Any]:
        """The fact in the form of the annotation guide."""
        supports = self.kind == "support"
        who, to = ([name.split("|") for name in names] for names in (self.who, self.to))
        return {
            "type": self.type,
            "kind": self.kind,
            "status": self.status,
            "participants": who + to if supports else who,
            "roles": ["supporter"] * len(who) + ["supported"] * len(to) if supports else [],
            "recipients": [] if supports else to,
            "content": self.content,
            "place": self.place.split("|") if self.place else None,
            "date": self.date,
            "due": self.due,
            "quotes": list(self.quotes or (text,)),
        }


class Item(Record):
    """An article of one to three sentences. ``name`` is its file's stem in the gold folder: meeting-007."""

    name: str
    tag: str
    published: PartialDate
    title: str = _NEUTRAL
    text: str
    facts: tuple[Told, ...] = ()
    borderline: tuple[Told, ...] = ()

    @property
    def article(self) -> str:
        """The article's file."""
        front = f'---\ntitle: "{self.title}"\npublished: {self.published}\nlanguage: en\n---\n\n'
        return f"{front}{self.text}\n"

    @property
    def gold(self) -> dict[str, Any]:
        """The gold file beside it. A quote never reaches over a line's end."""
        whole = self.text.split("\n", 1)[0]
        marks = {key: [fact.gold(whole) for fact in getattr(self, key)] for key in ("facts", "borderline")}
        return {"article": f"{self.name}.txt", "published": self.published, **marks}


class Outcome(Record):
    """One item as it was read. ``wrong``: facts extra or missed, or a slot that is not right ("status", "date" …)."""

    item: Item
    found: tuple[Mapping[str, Any], ...]
    extra: int
    missed: int
    wrong: tuple[str, ...]


class Report(Record):
    """All items of all fact types. ``scores.slots`` has also "to": whether recipient and supported are the right ones."""

    scores: Scores
    outcomes: tuple[Outcome, ...]


@cache
def items(fact_type: str) -> tuple[Item, ...]:
    """The items written for a fact type, in their order."""
    table = tomllib.loads((FOLDER / f"{fact_type}.toml").read_text("utf-8"))
    return tuple(
        Item.model_validate({"published": table["published"], **item, "name": f"{fact_type}-{number:03}"})
        for number, item in enumerate(table["item"], 1)
    )


def write(chosen: Iterable[Item], folder: Path) -> None:
    """Gold files of items into a folder: NAME.txt with NAME.json beside it."""
    for item in chosen:
        (folder / f"{item.name}.txt").write_text(item.article, "utf-8")
        (folder / f"{item.name}.json").write_text(json.dumps(item.gold, ensure_ascii=False), "utf-8")


def report(chosen: Sequence[Item]) -> Report:
    """Read items with the extractor as ``kb extract`` does, and score them together and each alone."""
    with tempfile.TemporaryDirectory() as scratch:
        write(chosen, Path(scratch))
        lines = {item.name: _read(Path(scratch) / f"{item.name}.txt") for item in chosen}
        together = evaluate(Path(scratch), lines.values())
    outcomes = tuple(_outcome(item, lines[item.name]) for item in chosen)
    directions = [ok for item in chosen for ok in _directions(item, lines[item.name]["facts"])]
    to = Share(right=sum(directions), of=len(directions), share=round(sum(directions) / max(len(directions), 1), 4))
    return Report(scores=together.model_copy(update={"slots": {**together.slots, "to": to}}), outcomes=outcomes)


def _read(path: Path) -> dict[str, Any]:
    (reading,) = read_file(path, extract.load())
    return prediction(reading, str(path))


def _outcome(item: Item, line: Row) -> Outcome:
    with tempfile.TemporaryDirectory() as scratch:
        write([item], Path(scratch))
        scores = evaluate(Path(scratch), [line])
    wrong = [name for name, share in scores.slots.items() if share.right < share.of]
    wrong += ["to"] * (not all(_directions(item, line["facts"])))
    every = scores.types["all"]
    return Outcome(item=item, found=tuple(line["facts"]), extra=every.fp, missed=every.fn, wrong=tuple(wrong))


def _directions(item: Item, found: Sequence[Row]) -> list[bool]:
    """For each fact of the item that was found and goes from one to another: whether it goes to the right one."""
    right = []
    for gold in item.gold["facts"]:
        told = next((fact for fact in found if matches(fact, [gold], item.article)), None)
        if told is not None and _receivers(gold):
            right.append(matches({**told, "participants": _found_receivers(told)}, [_receiving(gold)], item.article))
    return right


def _receivers(gold: Row) -> list[list[str]]:
    people = zip(gold["participants"], gold["roles"], strict=False)
    return gold["recipients"] or [names for names, role in people if role == "supported"]


def _receiving(gold: Row) -> dict[str, Any]:
    return {**gold, "participants": _receivers(gold), "recipients": []}


def _found_receivers(told: Row) -> list[dict[str, str]]:
    return told["recipients"] or [person for person in told["participants"] if person["role"] == "supported"]
