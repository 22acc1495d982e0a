"""Dates as news writes them → partial dates. What is ambiguous or impossible is no date."""

import datetime as dt
import re
from collections.abc import Iterator

from kb.dates import PartialDate

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NUMBER = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<y>(?:1[89]|20)\d\d)"
_END = r"(?!\d)"

_DAYS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<![\d.])\b{_YEAR}[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_END}",
        rf"\b{_NUMBER}(?: of)?[ -]{_MONTH},?[ -]{_YEAR}{_END}",
        rf"\b{_MONTH} {_NUMBER},? {_YEAR}{_END}",
        rf"(?<![\d.])\b(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.{_YEAR}{_END}",
        rf"(?<![\d/])\b(?P<d>1[3-9]|2\d|3[01])/(?P<m>\d{{1,2}})/{_YEAR}{_END}",
        rf"(?<![\d/])\b(?P<m>\d{{1,2}})/(?P<d>1[3-9]|2\d|3[01])/{_YEAR}{_END}",
    )
)
# Only where the whole string is a date: in running text these are numbers.
_WHOLE = (
    re.compile(rf"{_YEAR}(?P<m>\d\d)(?P<d>\d\d)(?:T?\d{{4}}(?:\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?"),
    re.compile(rf"{_YEAR}[-/](?P<m>\d{{1,2}})"),
    re.compile(rf"{_MONTH},? {_YEAR}", re.IGNORECASE),
    re.compile(_YEAR),
)
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_SECONDS = re.compile(r"\d{10}|\d{13}")


def parse_date(text: str) -> PartialDate | None:
    """The date that a field of metadata holds, as precise as it is written; a time of day and an offset are dropped.

    Seconds and milliseconds since 1970 count in UTC. ``None`` for what is no date, or may be two (08/01/2020).
    """
    value = " ".join(text.split())
    value = value[len(found[0]) :] if (found := _WEEKDAY.match(value)) else value
    if _SECONDS.fullmatch(value):
        return dt.datetime.fromtimestamp(int(value[:10]), dt.UTC).date().isoformat()
    for form in _WHOLE:
        if found := form.fullmatch(value):
            return _date(found)
    return next((_date(found) for form in _DAYS if (found := form.match(value))), None)


def days_in(text: str) -> Iterator[PartialDate]:
    """The full dates (day, month and year) that a line of text names, in order of their forms."""
    for form in _DAYS:
        for found in form.finditer(text):
            if (day := _date(found)) is not None:
                yield day


def _date(found: re.Match[str]) -> PartialDate | None:
    parts = found.groupdict()
    year, month, day = int(parts["y"]), parts.get("m"), parts.get("d")
    if month is None:
        return f"{year:04}"
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    try:
        whole = dt.date(year, number, int(day or 1))
    except ValueError:
        return None
    return whole.isoformat() if day else whole.isoformat()[:7]
