"""Words into pieces, pieces into windows, and what the encoder marks in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.extract.encoder import WEIGHTS, encoder
from kb.extract.judging import chance, log_odds
from kb.extract.labels import Labels
from kb.extract.windows import DISTANCES, LONGEST, distance, windows
from kb.extract.wordpiece import UNKNOWN, WordPieces, read_vocabulary, shape

PIECES = WordPieces({piece: number for number, piece in enumerate(("meet", "##ing", "e", "##u", ".", "zurich"))})
REAL = WordPieces(read_vocabulary(WEIGHTS / "vocab.txt"))


@pytest.mark.parametrize(
    ("word", "pieces"),
    [("Meeting", (0, 1)), ("E.U", (2, 4, UNKNOWN)), ("Zürich", (5,)), ("qqq", (UNKNOWN,)), ("", (UNKNOWN,))],
)
def test_a_word_is_split_into_the_longest_pieces_without_case_and_accents(word: str, pieces: tuple[int, ...]) -> None:
    assert PIECES.of(word) == pieces


def test_a_word_shows_how_it_is_written() -> None:
    assert [shape(word) for word in ("talks", "Putin", "NATO", "G7", "-")] == [1, 2, 3, 4, 5]


@given(
    st.lists(
        st.lists(
            st.sampled_from(["Ada", "met", "internationalisation", ".", "q" * 50, "a.b-" * 30]), min_size=1, max_size=90
        )
    )
)
def test_every_word_is_read_in_exactly_one_window(sentences: list[list[str]]) -> None:
    words = [word for sentence in sentences for word in sentence]
    ends = [sum(map(len, sentences[: n + 1])) for n in range(len(sentences))]
    found = windows(words, list(zip([0, *ends[:-1]], ends, strict=True)) if ends else [], REAL)
    assert [at for window in found for at in range(window.start, window.start + len(window.heads))] == list(
        range(len(words))
    )
    for window in found:
        assert len(window.pieces) == len(window.shapes) <= LONGEST
        for n, head in enumerate(window.heads):
            assert window.pieces[head] == REAL.of(words[window.start + n])[0]


def test_distances_tell_sides_and_sentences_apart() -> None:
    found = {distance(at, (50, 52), (40, 60)) for at in range(100)}
    assert min(found) == 0
    assert max(found) < DISTANCES
    assert distance(49, (50, 52), (40, 60)) != distance(52, (50, 52), (40, 60))
    assert distance(39, (50, 52), (40, 60)) != distance(41, (50, 52), (40, 60))
    assert distance(50, (50, 52), (40, 60)) == distance(51, (50, 52), (40, 60)) == 0


def test_a_name_a_trigger_and_its_roles_are_marked() -> None:
    words = "Emmanuel Macron met Olaf Scholz in Berlin on Tuesday .".split()
    marked = encoder().mark(words, [(0, len(words))])
    assert {("Macron", "PER"), ("Scholz", "PER"), ("Berlin", "LOC")} <= {
        (words[n.end - 1], n.label) for n in marked.names
    }
    (event,) = [event for event in marked.events if event.p > 0.5]
    assert (event.type, words[event.start : event.end], event.status) == ("meeting", ["met"], "occurred")
    filled = {role.role: words[role.start : role.end] for role in event.roles if role.role != "party"}
    assert filled["place"] == ["Berlin"]
    assert "Tuesday" in filled["date"]


def test_an_empty_article_has_nothing_marked() -> None:
    assert encoder().mark([], []) == ((), ())


def test_a_surer_trigger_gives_a_higher_chance_and_extremes_stay_chances() -> None:
    labels: Labels = encoder().labels
    for name in labels.types:
        rest = {"constant": 1.0, "weakest": log_odds(0.9), "joined": 0.0, "actors": 2.0}
        weights = labels.calibration[name]
        chances = [chance(weights, {**rest, "trigger": log_odds(p)}) for p in (0.0, 0.3, 0.6, 0.9, 1.0)]
        assert chances == sorted(chances)
        assert all(0 < found < 1 for found in chances)
