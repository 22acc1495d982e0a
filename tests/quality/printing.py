"""What our own sentences gave, for people: a table, and the sentences that went wrong by the border that they test."""

from collections import defaultdict
from collections.abc import Iterator, Set
from typing import Any

from kb.evaluate import Row
from tests.quality.borders import Outcome, Report


def table(found: Report) -> Iterator[str]:
    """Precision, recall and F1 of each type, and the share of each slot that is right where facts match."""
    for name, score in found.scores.types.items():
        counts = f"(right {score.tp}, extra {score.fp}, missed {score.fn})"
        yield f"{name:9} P {score.precision:.3f}  R {score.recall:.3f}  F1 {score.f1:.3f}   {counts}"
    yield f"strict F1 {found.scores.strict_f1:.3f}   participants F1 {found.scores.participants_f1:.3f}"
    slots = found.scores.slots.items()
    yield "slots     " + "  ".join(f"{name} {slot.share} ({slot.right}/{slot.of})" for name, slot in slots)


def wrong_by_tag(found: Report, words: Set[str] = frozenset()) -> Iterator[str]:
    """The items that went wrong under their type and tag, those with most extra or missed facts first.

    ``words``: fact types and tags to which it is confined; none: all.
    """
    groups: defaultdict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in found.outcomes:
        groups[outcome.item.name.rsplit("-", 1)[0], outcome.item.tag].append(outcome)
    for key, group in sorted(groups.items(), key=lambda pair: (pair[0][0], -sum(map(_faults, pair[1])), pair[0][1])):
        wrong = [outcome for outcome in group if _faults(outcome) or outcome.wrong]
        if wrong and words <= set(key):
            yield f"{' '.join(key)}: {sum(map(_faults, group))} facts extra or missed in {len(group)} items"
            yield from (line for outcome in wrong for line in _lines(outcome))


def _faults(outcome: Outcome) -> int:
    return outcome.extra + outcome.missed


def _lines(outcome: Outcome) -> Iterator[str]:
    item = outcome.item
    marks = ["extra"] * outcome.extra + ["missed"] * outcome.missed + list(outcome.wrong)
    headline = f"{item.title} | " if any(item.title in fact.quotes for fact in item.facts) else ""
    yield f"  {item.name} [{', '.join(marks)}] {headline}{item.text}"
    yield from (f"      gold   {_line(fact)}" for fact in item.gold["facts"])
    yield from (f"      found  {_line(fact)}" for fact in outcome.found)


def _line(fact: Row) -> str:
    told = [fact["type"], fact["status"], fact.get("kind"), " + ".join(_names(fact["participants"]))]
    told += [f"to {' + '.join(_names(fact['recipients']))}" if fact["recipients"] else None]
    told += [f"in {_name(fact['place'])}" if fact["place"] else None, fact["date"], fact["due"]]
    return " · ".join(word for word in told if word)


def _names(people: list[Any]) -> list[str]:
    return [_name(person) for person in people]


def _name(person: Any) -> str:
    if isinstance(person, dict):
        return f"{person['name']} ({person['role']})" if person["role"] == "supported" else str(person["name"])
    return str(person[0] if isinstance(person, list) else person)
