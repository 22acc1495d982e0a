import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.clean.normalise import normal
from kb.clean.passages import find_title, mark
from kb.records import PassageKind

PRESS = """Mayors of two islands agree on a night ferry

The two mayors also said that they want lower fares for students and for people over seventy
512 views 3 comment(s)
Lind and Berg, Photo: AP
Lind and Berg, Photo: AP
Disclaimer: This text was translated by a machine and may hold errors.

Mayors Ada Lind and Bo Berg met in the old town hall on Monday.

They agreed that a ferry will sail every night from the first of May.

Bonus video:"""


def kinds(text: str, title: str | None = None) -> list[tuple[str, str]]:
    return [(passage.kind.value, text[passage.start : passage.end]) for passage in mark(text, title)[0]]


def kind_of(paragraph: str) -> str:
    """The kind of a paragraph between two sentences."""
    text = f"The mayors met on the island on Monday morning.\n\n{paragraph}\n\nThey agreed on a ferry for the night."
    return kinds(text)[1][0]


def test_each_paragraph_of_a_machine_translated_page_is_told_apart() -> None:
    found, translated = mark(PRESS, find_title(PRESS))
    assert [passage.kind.value for passage in found] == [
        "title", "standfirst", "noise", "caption", "caption", "disclaimer", "body", "body", "noise",
    ]  # fmt: skip
    assert [passage.duplicate for passage in found] == [False] * 4 + [True] + [False] * 4
    assert translated


@pytest.mark.parametrize(
    ("paragraph", "kind"),
    [
        ("Mayor Lind opens the new pier. (Photo: Harbour Post)", "caption"),
        ("Mayor Lind, left, and Mayor Berg at the pier on Monday", "caption"),
        ("Mayor Lind waves to the crowd. (AP Photo/Ada Holm)", "caption"),
        ("Photo: Ada Holm / Harbour Post", "caption"),
        ("[Picture: Ada Holm]", "caption"),
        ("By Ada Holm and Bo Dahl", "byline"),
        ("Reuters staff", "byline"),
        ("(Reporting by Ada Holm; Editing by Bo Dahl)", "byline"),
        ("Wednesday, January 8, 2020", "byline"),
        ("Published: 8 January 2020 at 10:15", "byline"),
        ("The translations are done by an AI translator and might be wrong.", "disclaimer"),
        ("The views expressed here are those of the author.", "disclaimer"),
        ("1,204 views 17 comments", "noise"),
        ("Read more: The pier that nobody wanted", "noise"),
        ("Subscribe to our newsletter", "noise"),
        ("We use cookies to make this page better.", "noise"),
        ("Advertisement", "noise"),
        ("Tags: ferry, islands, fares", "noise"),
        ("* * *", "noise"),
        ("[+512 chars]", "noise"),
        ("By noon, the mayors had agreed on a ferry and on its fares.", "body"),
        ("By Monday, Mayor Lind had signed the contract for the ferry.", "body"),
        ("The mayors showed a photo of the ferry: a white ship with one deck.", "body"),
        ("Ferries left and came back while the translators waited in the hall.", "body"),
        ("Readers of the Harbour Post will comment on the fares, Lind said.", "body"),
    ],
)
def test_a_paragraph_is_known_by_its_words(paragraph: str, kind: str) -> None:
    assert kind_of(paragraph) == kind


def test_teasers_under_their_heading_are_noise_up_to_the_next_sentence() -> None:
    text = "The mayors met on Monday.\n\nRead more\n\nA pier that nobody wanted\n\nThey agreed on a ferry."
    assert [kind for kind, _ in kinds(text)] == ["body", "noise", "noise", "body"]


def test_tags_after_the_last_sentence_are_noise() -> None:
    assert [kind for kind, _ in kinds("The mayors met on Monday.\n\nFerries\n\nAda Lind")] == ["body", "noise", "noise"]


def test_a_repeated_title_is_a_title_and_a_duplicate() -> None:
    text = "A ferry for the islands\n\nWORLD\n\nA ferry for the islands\n\nThe mayors met on Monday."
    found, _ = mark(text, "A ferry for the islands")
    assert [(p.kind.value, p.duplicate) for p in found] == [
        ("title", False), ("noise", False), ("title", True), ("body", False),
    ]  # fmt: skip


def test_words_put_before_a_sentence_leave_the_sentence_to_be_read() -> None:
    text = "Article continues after this advertisement The mayors met on Monday."
    assert kinds(text) == [
        ("noise", "Article continues after this advertisement"),
        ("body", "The mayors met on Monday."),
    ]


def test_lines_broken_at_the_width_of_a_screen_are_one_paragraph() -> None:
    line = "the mayors of the two islands spoke about the ferry and about its fares"
    block = "\n".join([f"On Monday {line[:60]}", line, line, f"{line}."])
    text = f"{block}\n\n- {line}\nand about the pier.\n- {line}\nand about the port.\n\n{block}"
    assert [text[p.start : p.end].count("\n") for p in mark(text, None)[0]] == [3, 1, 1, 3]


def test_a_first_line_without_a_stop_is_the_title_and_a_sentence_is_not() -> None:
    assert find_title(PRESS) == "Mayors of two islands agree on a night ferry"
    assert find_title("The mayors met on Monday.\n\nThey agreed.") is None
    assert find_title("A ferry for the islands") is None


LINES = st.sampled_from(
    [*PRESS.split("\n"), "By Ada Holm", "Related", "", "8 January 2020", "A ferry", "Lind, left, and Berg"]
)


@given(st.one_of(st.text(), st.lists(LINES).map("\n".join)))
def test_passages_are_sorted_disjoint_and_cover_all_words(text: str) -> None:
    whole = normal(text)
    found, _ = mark(whole, find_title(whole))
    at = 0
    for passage in found:
        assert at <= passage.start < passage.end <= len(whole)
        assert not whole[at : passage.start].strip()
        at = passage.end
    assert not whole[at:].strip()
    assert all(isinstance(passage.kind, PassageKind) for passage in found)


@pytest.mark.parametrize(
    "line",
    ["1 views " * 14 + "x", "By " + "A " * 70 + "!", "facebook " * 8 + "!a", "AP/" * 150 + "x", "a, left, " * 33],
)
def test_a_hostile_line_costs_no_more_than_another(line: str) -> None:
    started = time.perf_counter()
    mark("\n".join([line] * 100), None)
    assert time.perf_counter() - started < 2
