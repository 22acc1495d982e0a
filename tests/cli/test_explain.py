"""``kb extract --explain`` and ``kb code``, run as people run them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

KB = (sys.executable, "-c", "from workers.cli import kb; kb()")
ARTICLE = """---
title: Three neighbours talk about a bridge
published: 2024-05-02
---
Emmanuel Macron met Olaf Scholz in Berlin on Tuesday.

Macron pledged to build a railway. He urged Spain to hold talks with Portugal.

Share this article

The weather was fine in the valley, and people sat by the river until late.
"""
NOTHING = "The rain came early\n\nFarmers in the valley were glad of the rain, which came a week early this year.\n"


def _kb(*arguments: str, fails: bool = False) -> str:
    done = subprocess.run([*KB, *arguments], capture_output=True, text=True, check=False, timeout=100)
    assert bool(done.returncode) == fails, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "bridge.md").write_text(ARTICLE)
    (folder / "rain.txt").write_text(NOTHING)
    return folder


@pytest.fixture(scope="module")
def words(folder: Path) -> str:
    return _kb("extract", "--explain", str(folder / "bridge.md"), str(folder / "rain.txt"))


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[dict[str, Any]]:
    told = _kb("extract", "--explain", "--json", str(folder / "bridge.md"), str(folder / "rain.txt"))
    return [json.loads(line) for line in told.splitlines()]


def test_each_sentence_says_what_fired_and_what_came_of_it(words: str) -> None:
    one_line = " ".join(words.split())
    assert "Three neighbours talk about a bridge · 2024-05-02 (front matter)" in one_line
    told = one_line[one_line.index("“Emmanuel Macron met") :]
    for part in (
        "✓ meeting occurred · party: Emmanuel Macron, Olaf Scholz · place: Berlin",
        "date: 2024-04-30 (“on Tuesday”)",
        "PLOVER CONSULT",
        "✓ pledge made · pledger: Emmanuel Macron · content: “build a railway”",
        "no meeting: a call on others to act",
        "Emmanuel Macron and Olaf Scholz met in Berlin",
    ):
        assert part in told, part


def test_it_fits_a_terminal_of_a_hundred_columns(words: str) -> None:
    assert max(len(line) for line in words.splitlines()) <= 100


def test_what_was_dropped_in_cleaning_is_listed(words: str) -> None:
    left = words[words.index("Not read:") :]
    assert left.splitlines()[1].split() == ["noise", "“Share", "this", "article”"]


def test_an_article_without_facts_says_why(words: str) -> None:
    last = words[words.rindex("rain.txt") :]
    ending = " ".join(last[last.index("0 facts, because") :].split())
    assert "no political actor is named" in ending
    assert "no sentence has a trigger" in ending


def test_json_holds_the_same_with_names_and_offsets(rows: list[dict[str, Any]]) -> None:
    bridge, rain = rows
    fired = {t["trigger"]: t for sentence in bridge["sentences"] for t in sentence["triggers"]}
    met = next(t for word, t in fired.items() if "met" in word)
    assert met["made"]["roles"] == {"party": ["Emmanuel Macron", "Olaf Scholz"]}
    assert met["p_trigger"] > 0.5
    assert 0 < met["made"]["p_correct"] < 1
    assert isinstance(met["made"]["firm"], bool)
    assert met["reason"] is None
    rejected = [t for t in fired.values() if t["made"] is None]
    assert rejected
    assert all(t["reason"] for t in rejected)
    assert bridge["why_nothing"] == []
    assert bridge["not_read"] == [{"quote": "Share this article", "why": "noise"}]
    assert rain["facts"] == []
    assert rain["why_nothing"][0] == "no political actor is named"


def test_triggers_that_are_too_unsure_or_name_too_few_are_counted_as_reasons(tmp_path: Path) -> None:
    path = tmp_path / "alone.txt"
    path.write_text("A quiet week in the capital\n\nEmmanuel Macron held a meeting. Residents promised to come back.\n")
    (row,) = map(json.loads, _kb("extract", "--explain", "--json", str(path)).splitlines())
    assert "only one named participant: 1 trigger" in row["why_nothing"]
    assert any(reason.startswith("no named participant: ") for reason in row["why_nothing"])


def test_a_file_that_cannot_be_read_says_so_and_the_others_are_explained(folder: Path, tmp_path: Path) -> None:
    bad = tmp_path / "empty.txt"
    bad.write_text("")
    told = _kb("extract", "--explain", str(bad), str(folder / "rain.txt"), fails=True)
    assert "rain.txt" in told


def test_code_prints_the_events_of_each_sentence(folder: Path) -> None:
    lines = [json.loads(line) for line in _kb("code", "--json", str(folder / "bridge.md")).splitlines()]
    assert [line["event"] for line in lines if line["quote"].startswith("Emmanuel")] == ["CONSULT"]
    assert [line["event"] for line in lines if line["quote"].startswith("Macron")] == ["AGREE"]
    told = _kb("code", str(folder / "bridge.md"))
    assert told.startswith("CONSULT")
