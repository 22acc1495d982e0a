"""Partial dates keep their precision and refuse the impossible."""

import datetime as dt

import pytest
from pydantic import TypeAdapter, ValidationError

from kb.dates import PartialDate, interval, precision

_DATE = TypeAdapter(PartialDate)


@pytest.mark.parametrize(
    ("value", "kind", "first", "last"),
    [
        ("2020-01-12", "day", "2020-01-12", "2020-01-12"),
        ("2020-02", "month", "2020-02-01", "2020-02-29"),
        ("2020", "year", "2020-01-01", "2020-12-31"),
        ("2020-01-08/2020-01-10", "range", "2020-01-08", "2020-01-10"),
    ],
)
def test_a_date_means_the_days_that_it_may_mean(value: str, kind: str, first: str, last: str) -> None:
    assert _DATE.validate_python(value) == value
    assert precision(value) == kind
    assert interval(value) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_a_day_without_a_year_means_no_known_day() -> None:
    assert _DATE.validate_python("XXXX-02-29") == "XXXX-02-29"
    assert precision("XXXX-02-29") == "yearless"
    assert interval("XXXX-02-29") is None
    assert interval(None) is None


@pytest.mark.parametrize("value", ["2020-02-30", "2020-13", "20", "2020-01-10/2020-01-08", "XXXX-02-30", "today", ""])
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        _DATE.validate_python(value)
