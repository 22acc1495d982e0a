"""Dates that keep their precision.

A partial date is a string in one of these forms (a subset of EDTF, ISO 8601-2):

    2020-01-12              a day              2020-01                 a month            2020   a year
    2020-01-08/2020-01-10   a range, ends included
    XXXX-01-12              a day of an unknown year
"""

import calendar
import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import AfterValidator

Precision = Literal["day", "month", "year", "range", "yearless", "unknown"]

_DAY = r"\d{4}-\d{2}-\d{2}"
_FORMS: tuple[tuple[Precision, re.Pattern[str]], ...] = (
    ("day", re.compile(_DAY)),
    ("month", re.compile(r"\d{4}-\d{2}")),
    ("year", re.compile(r"\d{4}")),
    ("range", re.compile(f"{_DAY}/{_DAY}")),
    ("yearless", re.compile(r"XXXX-\d{2}-\d{2}")),
)


def precision(value: str | None) -> Precision:
    """How exact a partial date is; ``None`` and strings of no known form are ``unknown``."""
    if value is None:
        return "unknown"
    return next((name for name, form in _FORMS if form.fullmatch(value)), "unknown")


def interval(value: str | None) -> tuple[dt.date, dt.date] | None:
    """First and last day that a partial date may mean, ends included.

    ``None`` for an unknown date and for a day of an unknown year. Raises ValueError for impossible days.
    """
    match precision(value), value:
        case "day", str(day):
            return dt.date.fromisoformat(day), dt.date.fromisoformat(day)
        case "month", str(month):
            year, number = int(month[:4]), int(month[5:])
            return dt.date(year, number, 1), dt.date(year, number, calendar.monthrange(year, number)[1])
        case "year", str(year):
            return dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
        case "range", str(both):
            first, last = (dt.date.fromisoformat(part) for part in both.split("/"))
            if last < first:
                raise ValueError(f"the range {both} ends before it begins")
            return first, last
    return None


def _checked(value: str) -> str:
    if precision(value) == "unknown":
        raise ValueError(f"{value!r} is not a date of the form 2020-01-12, 2020-01, 2020, a range or XXXX-01-12")
    if value.startswith("XXXX"):
        dt.date.fromisoformat(f"2000{value[4:]}")
    interval(value)
    return value


PartialDate = Annotated[str, AfterValidator(_checked)]
