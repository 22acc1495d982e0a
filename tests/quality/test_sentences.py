"""Floors under extraction on sentences of our own writing at the borders of the annotation guide; they only rise."""

import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from kb.evaluate import evaluate
from kb.ontology import fact_types
from tests.conftest import SHARED
from tests.quality.borders import FOLDER, Item, Report, Told, items, report, write
from tests.quality.printing import table, wrong_by_tag

EVERY = tuple(chain.from_iterable(items(name) for name in fact_types()))
FEWEST = 75
_HELD = {"precision", "recall", "f1"}


@cache
def _report() -> Report:
    return report(EVERY)


@pytest.mark.timeout(120)
def test_sentences_at_the_borders_are_read_no_worse_than_the_floors() -> None:
    found, floors = _report(), tomllib.loads((FOLDER / "floors.toml").read_text("utf-8"))
    reached = {name: score.model_dump() for name, score in found.scores.types.items()}
    reached["slots"] = {name: slot.share for name, slot in found.scores.slots.items()}
    below = [
        f"{group} {name}: {reached[group][name]} is below {floor}"
        for group, bars in floors.items()
        for name, floor in bars.items()
        if reached[group][name] < floor
    ]
    assert {group: set(bars) for group, bars in floors.items()} == {
        group: set(values) & _HELD if group != "slots" else set(values) for group, values in reached.items()
    }
    shown = "\n".join(table(found))
    sys.stdout.write(f"{shown}\n")
    assert not below, "\n".join([*below, shown, *wrong_by_tag(found)])
    assert found.scores.not_verbatim == 0


@pytest.mark.parametrize("name", fact_types())
def test_each_type_has_its_sentences_and_a_quarter_of_them_only_look_like_it(name: str) -> None:
    empty = [item for item in items(name) if all(fact.type != name for fact in item.facts)]
    assert len(items(name)) >= FEWEST
    assert 0.25 <= len(empty) / len(items(name)) <= 0.4


def test_every_status_and_kind_of_the_catalogue_is_tested_and_no_other() -> None:
    told = [fact for item in EVERY for fact in item.facts]
    statuses, kinds = Counter((f.type, f.status) for f in told), Counter((f.type, f.kind) for f in told if f.kind)
    types = fact_types().values()
    assert set(statuses) == {(fact_type.name, status) for fact_type in types for status in fact_type.statuses}
    assert set(kinds) == {(fact_type.name, kind) for fact_type in types for kind in fact_type.kinds}
    assert min(*statuses.values(), *kinds.values()) >= 2


def test_what_is_marked_stands_in_the_text() -> None:
    assert [(item.name, fault) for item in EVERY for fault in _faults(item)] == []


def test_no_sentence_is_told_twice_or_taught() -> None:
    taught = [example.text for fact_type in fact_types().values() for example in fact_type.examples]
    assert [text for text, times in Counter([item.text for item in EVERY] + taught).items() if times > 1] == []


def test_gold_that_is_read_back_as_it_stands_is_all_right_and_a_fact_less_is_one_missed(tmp_path: Path) -> None:
    write(EVERY, tmp_path)
    lines = [_perfect(item) for item in EVERY]
    scores = evaluate(tmp_path, lines)
    assert {score.f1 for score in scores.types.values()} == {1.0}
    assert (scores.strict_f1, scores.not_verbatim) == (1.0, 0)
    next(line for line in lines if line["facts"])["facts"].pop()
    assert evaluate(tmp_path, lines).types["all"].fn == 1


def test_who_supports_whom_is_scored() -> None:
    found = _report().scores.slots["to"]
    assert 0 < found.right <= found.of
    wanted = sum(bool(fact.to) for item in EVERY for fact in item.facts)
    assert wanted / 2 < found.of <= wanted


@pytest.mark.skipif(not SHARED.exists(), reason="the annotation guide's own check is not here")
def test_the_gold_passes_the_check_of_the_annotation_guide(tmp_path: Path) -> None:
    write(EVERY, tmp_path)
    check = [sys.executable, str(SHARED / "eval" / "check_gold.py"), str(tmp_path)]
    ended = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "0 faults\n")


def _faults(item: Item) -> Iterator[str]:
    text = f"{item.title}\n{item.text}"
    for fact in (*item.facts, *item.borderline):
        fact_type = fact_types()[fact.type]
        if bool(fact.kind) != bool(fact_type.kinds):
            yield f"kind {fact.kind} of a {fact.type}"
        if fact.to and fact.kind != "support" and fact.type != "pledge":
            yield "only support and pledges go to somebody"
        if not fact.quotes and ". " in item.text:
            yield "an article of several sentences must say which of them states the fact"
        yield from (f"quote {quote!r}" for quote in fact.quotes if quote not in text)
        names = (*fact.who, *fact.to, *filter(None, [fact.place]))
        yield from (f"name {forms!r}" for forms in names if not any(form in text for form in forms.split("|")))


def _perfect(item: Item) -> dict[str, Any]:
    return {
        "article": {"file": f"{item.name}.txt", "text": item.article},
        "facts": [_found(fact, item) for fact in item.facts],
    }


def _found(fact: Told, item: Item) -> dict[str, Any]:
    gold = fact.gold(item.text.split("\n", 1)[0])
    starts = [(item.article.index(quote), quote) for quote in gold["quotes"]]
    return {
        **gold,
        "participants": [{"name": names[0]} for names in gold["participants"]],
        "place": gold["place"][0] if gold["place"] else None,
        "evidence": [{"quote": quote, "start": start, "end": start + len(quote)} for start, quote in starts],
    }
