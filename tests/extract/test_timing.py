"""Dates in words become partial dates, or stay unknown."""

import pytest

from kb.extract.timing import dates_in

WEDNESDAY = "2020-01-08"


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("on January 12, 2021", "2021-01-12"),
        ("on 12 January 2021", "2021-01-12"),
        ("on the 3rd of March 2019", "2019-03-03"),
        ("from 8-9 May 2019", "2019-05-08/2019-05-09"),
        ("in May 1991", "1991-05"),
        ("in 2013", "2013"),
        ("today", "2020-01-08"),
        ("yesterday", "2020-01-07"),
        ("tomorrow", "2020-01-09"),
        ("on Tuesday", "2020-01-07"),
        ("on Wednesday", "2020-01-08"),
        ("last Wednesday", "2020-01-01"),
        ("next Monday", "2020-01-13"),
        ("last week", "2019-12-30/2020-01-05"),
        ("this week", "2020-01"),
        ("next week", "2020-01-13/2020-01-19"),
        ("next month", "2020-02"),
        ("last year", "2019"),
        ("on December 30", "2019-12-30"),
        ("2020-01-05", "2020-01-05"),
        ("on May 35", None),
    ],
)
def test_words_are_resolved_against_the_day_of_publication(words: str, date: str | None) -> None:
    assert [when.date for when in dates_in(f"They met {words}.", WEDNESDAY)] == [date]


@pytest.mark.parametrize(
    ("words", "date"), [("on Monday", "2020-01-13"), ("on Wednesday", "2020-01-08"), ("on January 2", "2021-01-02")]
)
def test_what_is_to_come_lies_after_publication(words: str, date: str) -> None:
    assert [when.date for when in dates_in(f"They will meet {words}.", WEDNESDAY, ahead=True)] == [date]


@pytest.mark.parametrize(
    ("words", "date"), [("January 12", "XXXX-01-12"), ("today", None), ("next week", None), ("in March", None)]
)
def test_without_a_day_of_publication_nothing_is_invented(words: str, date: str | None) -> None:
    assert [(when.date, bool(when.words)) for when in dates_in(f"It begins {words}.", None)] == [(date, True)]


@pytest.mark.parametrize("text", ["1991 views 0 comments", "in 1991 views", "room 2020", "it may 12 times"])
def test_a_bare_number_is_no_date(text: str) -> None:
    assert [when.date for when in dates_in(text, WEDNESDAY) if when.date and when.date.startswith("19")] == []
    assert not any(when.date == "2020" for when in dates_in(text, WEDNESDAY))
