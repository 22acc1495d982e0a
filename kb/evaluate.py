"""How good extraction is: facts of articles against gold, by the rules of the annotation guide.

A predicted fact matches a gold fact of the same type if some of its evidence overlaps some gold quote and the
participants agree with F1 ≥ 0.5; matching is one to one, best agreement first. What matches a borderline fact is left
out of the count.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kb.knowledge import Fact, Reading
from kb.ontology import fact_types
from kb.records import Record
from kb.resolve import article_facts, entity_id

Row = Mapping[str, Any]

# Words that do not tell two names apart.
_TITLES = frozenset(
    "the of and mr mrs ms dr president prime minister foreign king general gen secretary chancellor leader al el a an s".split()
)


class Score(Record):
    """Precision, recall and F1, and the counts that they come from."""

    precision: float
    recall: float
    f1: float
    tp: int
    fp: int
    fn: int


class Share(Record):
    """How many of the matched facts have a slot right."""

    right: int
    of: int
    share: float | None


class Scores(Record):
    """The whole report. ``types`` ends with "all"; ``strict_f1`` counts facts with every slot right."""

    types: dict[str, Score]
    strict_f1: float
    participants_f1: float
    slots: dict[str, Share]
    evidence: int
    not_verbatim: int


def prediction(reading: Reading, file: str) -> dict[str, Any]:
    """What one article says, as a line of predictions: {"article": …, "facts": […]}.

    ``participants`` of a pledge are those who commit themselves; its recipients stand apart.
    """
    names = {entity.id: entity.name for entity in reading.entities}
    # As the article has them: gold accepts no name that it does not use.
    names |= {entity_id(actor): actor.name for actor in reading.extraction.actors}
    document = reading.document
    article = document.model_dump(include={"title", "published", "published_origin", "translated", "text"})
    return {
        "article": {"file": file, "id": document.article_id, **article},
        "facts": [_predicted(fact, names, reading) for fact in article_facts(reading)],
    }


def evaluate(gold_folder: Path, predictions: Iterable[Row]) -> Scores:
    """Score predictions against NAME.json beside NAME.txt. An article without a prediction counts as no facts."""
    by_name = {Path(row["article"]["file"]).stem: row for row in predictions}
    nothing: Row = {"article": {"text": ""}, "facts": []}
    return scored(
        (
            json.loads(path.read_text("utf-8")),
            path.with_suffix(".txt").read_bytes().decode("utf-8"),
            by_name.get(path.stem, nothing),
        )
        for path in sorted(gold_folder.glob("*.json"))
    )


def scored(articles: Iterable[tuple[Row, str, Row]]) -> Scores:
    """Score (gold, text, prediction) of articles."""
    tally = _Tally()
    for gold, text, row in articles:
        tally.add(gold, _flat(text), row)
    return tally.scores()


def matches(fact: Row, gold: Sequence[Row], text: str) -> bool:
    """Whether a predicted fact matches any of these gold facts of an article, whatever else matches them."""
    return bool(_pairs([fact], gold, _flat(text)))


def agrees(fact: Row, gold: Row, text: str) -> float | None:
    """How far a predicted fact's participants are those of a gold one, 0 to 1; ``None`` where no quote touches its quotes."""
    if fact["type"] != gold["type"]:
        return None
    text = _flat(text)
    if not _touches(_spans(text, [e["quote"] for e in fact["evidence"]]), gold, text):
        return None
    return _agreement(fact["participants"], gold["participants"])


class _Tally:
    def __init__(self) -> None:
        self.right, self.extra, self.missed = Counter[str](), Counter[str](), Counter[str]()
        self.slots: dict[str, list[bool]] = {
            name: [] for name in ("participants_exact", "place", "date", "due", "status", "kind")
        }
        self.agreement: list[float] = []
        self.strict, self.predicted, self.gold = 0, 0, 0
        self.evidence, self.bad = 0, 0

    def add(self, gold: Row, text: str, row: Row) -> None:
        """Count one article."""
        predicted = [fact for fact in row["facts"] if fact.get("type") in fact_types()]
        for fact in predicted:
            spans = fact.get("evidence", [])
            self.evidence += len(spans)
            self.bad += sum(row["article"]["text"][e["start"] : e["end"]] != e["quote"] for e in spans) + (not spans)
        facts = gold["facts"]
        matched = _assign(_pairs(predicted, facts, text))
        rest = [i for i in range(len(predicted)) if i not in {i for _, i, _ in matched}]
        border = _pairs([predicted[i] for i in rest], gold.get("borderline", []), text)
        excused = {rest[i] for _, i, _ in border}
        for agreement, i, j in matched:
            self._match(agreement, predicted[i], facts[j])
        self.extra.update(predicted[i]["type"] for i in rest if i not in excused)
        found = {j for _, _, j in matched}
        self.missed.update(fact["type"] for j, fact in enumerate(facts) if j not in found)
        self.predicted += len(predicted) - len(excused)
        self.gold += len(facts)

    def scores(self) -> Scores:
        """The report over all that was counted."""
        names = ("meeting", "pledge", "alliance")
        types = {name: _score(self.right[name], self.extra[name], self.missed[name]) for name in names}
        types["all"] = _score(*(sum(counts.values()) for counts in (self.right, self.extra, self.missed)))
        strict = _score(self.strict, self.predicted - self.strict, self.gold - self.strict)
        return Scores(
            types=types,
            strict_f1=strict.f1,
            participants_f1=round(sum(self.agreement) / len(self.agreement), 4) if self.agreement else 0.0,
            slots={
                name: Share(right=sum(oks), of=len(oks), share=round(sum(oks) / len(oks), 4) if oks else None)
                for name, oks in self.slots.items()
            },
            evidence=self.evidence,
            not_verbatim=self.bad,
        )

    def _match(self, agreement: float, predicted: Row, gold: Row) -> None:
        self.right[gold["type"]] += 1
        self.agreement.append(agreement)
        checks = {"participants_exact": agreement == 1.0, "status": predicted.get("status") == gold.get("status")}
        if gold.get("place"):
            checks["place"] = bool(predicted.get("place")) and _same_name(predicted["place"], gold["place"])
        slot = "due" if gold["type"] == "pledge" else "date"
        checks[slot] = (predicted.get(slot) or None) == (gold.get(slot) or None)
        if gold["type"] == "alliance":
            checks["kind"] = predicted.get("kind") == gold.get("kind")
        for name, ok in checks.items():
            self.slots[name].append(ok)
        self.strict += all(checks.values())


def _score(tp: int, fp: int, fn: int) -> Score:
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Score(precision=round(precision, 4), recall=round(recall, 4), f1=round(f1, 4), tp=tp, fp=fp, fn=fn)


def _pairs(predicted: Sequence[Row], gold: Sequence[Row], text: str) -> list[tuple[float, int, int]]:
    found = []
    for i, one in enumerate(predicted):
        mine = _spans(text, [e["quote"] for e in one.get("evidence", [])])
        for j, other in enumerate(gold):
            if one["type"] != other["type"] or not _touches(mine, other, text):
                continue
            agreement = _agreement(one.get("participants", []), other["participants"])
            if other["type"] == "pledge" and other.get("recipients"):
                both = other["participants"] + other["recipients"]
                agreement = max(agreement, _agreement(one.get("participants", []), both))
            if agreement >= 0.5:
                found.append((agreement, i, j))
    return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))


def _touches(mine: Sequence[tuple[int, int]], gold: Row, text: str) -> bool:
    """Whether any of these stretches of a folded text overlaps a quote of a gold fact."""
    return any(a < d and c < b for a, b in mine for c, d in _spans(text, gold["quotes"]))


def _assign(candidates: Iterable[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
    used_i: set[int] = set()
    used_j: set[int] = set()
    chosen = []
    for agreement, i, j in candidates:
        if i not in used_i and j not in used_j:
            used_i.add(i)
            used_j.add(j)
            chosen.append((agreement, i, j))
    return chosen


def _agreement(predicted: Sequence[Any], gold: Sequence[Sequence[str]]) -> float:
    left, hits = list(gold), 0
    for person in predicted:
        name = person["name"] if isinstance(person, dict) else person
        match = next((accepted for accepted in left if _same_name(name, accepted)), None)
        if match is not None:
            left.remove(match)
            hits += 1
    return 2 * hits / (len(predicted) + len(gold)) if hits else 0.0


def _same_name(predicted: str, accepted: Iterable[str]) -> bool:
    """True if a name equals an accepted one, or one is the other's head or tail by whole words."""
    mine = _words(predicted)
    for name in accepted:
        theirs = _words(name)
        if not mine or not theirs:
            continue
        if set(mine) == set(theirs):
            return True
        short, long = sorted((mine, theirs), key=len)
        if len(short[-1]) > 2 and short in (long[-len(short) :], long[: len(short)]):
            return True
    return False


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower() or name.lower()
    return [word for word in re.findall(r"[^\W_]+", plain.replace(".", "")) if word not in _TITLES]


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _spans(text: str, quotes: Iterable[str]) -> list[tuple[int, int]]:
    """Where quotes stand in a text, both with their white space folded."""
    found = []
    for quote in map(_flat, quotes):
        at = text.find(quote) if quote else -1
        while at >= 0:
            found.append((at, at + len(quote)))
            at = text.find(quote, at + 1)
    return found


def _predicted(fact: Fact, names: Mapping[str, str], reading: Reading) -> dict[str, Any]:
    claims = set(fact.claims)
    stated = sorted((s for s in reading.statements if s.claim_id in claims), key=lambda s: (s.start, s.end))
    people = [{"name": names[p.entity_id], "role": p.role} for p in fact.participants]
    shown = {"type", "kind", "status", "date", "date_text", "due", "due_text", "content", "summary", "firm"}
    shown |= {"plover", "plover_mode"}
    return {
        **fact.model_dump(include=shown),
        "participants": [person for person in people if person["role"] != "recipient"],
        "recipients": [person for person in people if person["role"] == "recipient"],
        "place": names[fact.place] if fact.place else None,
        "evidence": [s.model_dump(include={"quote", "start", "end", "status", "p_correct"}) for s in stated],
    }
