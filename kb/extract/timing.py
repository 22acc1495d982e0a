"""Dates in a sentence, absolute or relative to the day of publication. What can't be known stays unknown."""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kb.dates import interval, precision

_MONTHS = {name.casefold(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.casefold(): n for n, name in enumerate(calendar.month_abbr) if name and name != "May"} | {"sept": 9}
_DAYS = {name.casefold(): n for n, name in enumerate(calendar.day_name)}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_DAY = "(?P<weekday>" + "|".join(_DAYS) + ")"
_FORMS = re.compile(
    rf"""(?<!\w)(?:
      (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
    | {_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:(?:\s?[-–]\s?|\sto\s)(?P<last>\d{{1,2}}))?
      (?:,?\s(?P<year>(?:19|20)\d\d))?
    | (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:(?:\s?[-–]\s?|\s(?:to|and)\s)(?P<last2>\d{{1,2}}))?(?:st|nd|rd|th)?\s(?:of\s)?
      {_MONTH.replace("month", "month2")}(?:,?\s(?P<year2>(?:19|20)\d\d))?
    | {_MONTH.replace("month", "month3")}\s(?:of\s)?(?P<year3>(?:19|20)\d\d)
    | (?:(?P<which>last|next|this|on|until|by)\s)?{_DAY}
    | (?P<word>today|tonight|yesterday|tomorrow)
    | (?P<period>last|next|this)\s(?P<unit>week|month|year)
    | (?:in|since|by|during|of|until|early|late|from)\s(?P<bare>(?:19|20)\d\d)
    | (?:in|since|by|during|until|last|next|early|late)\s{_MONTH.replace("month", "month4")}(?!\s(?:of\s)?\d)
    )(?!\w|\sviews?\b|%)""",
    re.IGNORECASE | re.VERBOSE,
)


class When(NamedTuple):
    """A date expression: where it stands in the sentence, its words, and the partial date if it can be known."""

    start: int
    end: int
    words: str
    date: str | None
    deictic: bool


def dates_in(text: str, published: str | None, *, ahead: bool = False) -> list[When]:
    """All date expressions of a text. ``ahead``: what lacks a year or is a weekday lies after publication."""
    return [_resolved(found, published, ahead) for found in _FORMS.finditer(text)]


def _resolved(found: re.Match[str], published: str | None, ahead: bool) -> When:
    parts = {key: value for key, value in found.groupdict().items() if value}
    day = _day_of(published)
    value, deictic = None, False
    for keys, resolve in _RULES:
        if keys & parts.keys():
            value = resolve(parts, day, ahead)
            deictic = bool(keys & {"word", "weekday", "unit"})
            break
    value = value if value is None or _possible(value) else None
    return When(found.start(), found.end(), found.group(0), value, deictic)


def _day_of(published: str | None) -> dt.date | None:
    return dt.date.fromisoformat(published) if published and precision(published) == "day" else None


def _possible(value: str) -> bool:
    try:
        if value.startswith("XXXX"):
            dt.date.fromisoformat("2000" + value[4:])
        return precision(value) == "yearless" or interval(value) is not None
    except ValueError:
        return False


def _iso(parts: dict[str, str], _day: dt.date | None, _ahead: bool) -> str | None:
    return parts["iso"]


def _month_day(parts: dict[str, str], day: dt.date | None, ahead: bool) -> str | None:
    month = _MONTHS[(parts.get("month") or parts["month2"]).casefold()]
    first = int(parts.get("day") or parts["day2"])
    year = parts.get("year") or parts.get("year2") or _nearest_year(month, first, day, ahead)
    last = parts.get("last") or parts.get("last2")
    start = f"{year}-{month:02}-{first:02}"
    return f"{start}/{year}-{month:02}-{int(last):02}" if last and year != "XXXX" and int(last) > first else start


def _nearest_year(month: int, day: int, published: dt.date | None, ahead: bool) -> str:
    if published is None:
        return "XXXX"
    years: list[dt.date] = []
    for year in (published.year - 1, published.year, published.year + 1):
        try:
            years.append(dt.date(year, month, day))
        except ValueError:
            continue
    if ahead:
        years = [date for date in years if date >= published] or years
    return str(min(years, key=lambda date: abs((date - published).days)).year) if years else str(published.year)


def _month_year(parts: dict[str, str], _day: dt.date | None, _ahead: bool) -> str | None:
    return f"{parts['year3']}-{_MONTHS[parts['month3'].casefold()]:02}"


def _month_only(parts: dict[str, str], day: dt.date | None, ahead: bool) -> str | None:
    if day is None:
        return None
    month = _MONTHS[parts["month4"].casefold()]
    later, earlier = month >= day.month, month <= day.month
    year = day.year if (later if ahead else earlier) else day.year + (1 if ahead else -1)
    return f"{year}-{month:02}"


def _weekday(parts: dict[str, str], day: dt.date | None, ahead: bool) -> str | None:
    if day is None:
        return None
    wanted = _DAYS[parts["weekday"].casefold()]
    which = parts.get("which", "").casefold()
    if which == "next" or (ahead and which != "last"):
        days = (wanted - day.weekday()) % 7
        return str(day + dt.timedelta(days=7 if which == "next" and days == 0 else days))
    back = (day.weekday() - wanted) % 7
    return str(day - dt.timedelta(days=7 if which == "last" and back == 0 else back))


def _word(parts: dict[str, str], day: dt.date | None, _ahead: bool) -> str | None:
    shift = {"yesterday": -1, "tomorrow": 1}.get(parts["word"].casefold(), 0)
    return str(day + dt.timedelta(days=shift)) if day else None


def _period(parts: dict[str, str], day: dt.date | None, _ahead: bool) -> str | None:
    if day is None:
        return None
    shift = {"last": -1, "this": 0, "next": 1}[parts["period"].casefold()]
    unit = parts["unit"].casefold()
    if unit == "year":
        return str(day.year + shift)
    if unit == "week" and shift == 1:
        monday = day + dt.timedelta(days=7 - day.weekday())
        return f"{monday}/{monday + dt.timedelta(days=6)}"
    if unit == "week":
        monday = day + dt.timedelta(days=7 * shift - day.weekday())
        return f"{monday:%Y-%m}" if shift == 0 else f"{monday}/{monday + dt.timedelta(days=6)}"
    months = day.year * 12 + day.month - 1 + shift
    return f"{months // 12}-{months % 12 + 1:02}"


def _year(parts: dict[str, str], _day: dt.date | None, _ahead: bool) -> str | None:
    return parts["bare"]


_Resolver = Callable[[dict[str, str], dt.date | None, bool], str | None]
_RULES: tuple[tuple[frozenset[str], _Resolver], ...] = (
    (frozenset({"iso"}), _iso),
    (frozenset({"day", "day2"}), _month_day),
    (frozenset({"month3"}), _month_year),
    (frozenset({"weekday"}), _weekday),
    (frozenset({"word"}), _word),
    (frozenset({"unit"}), _period),
    (frozenset({"bare"}), _year),
    (frozenset({"month4"}), _month_only),
)


def nearest(found: list[When], at: int) -> Iterator[When]:
    """Date expressions by their distance from a place in the sentence."""
    yield from sorted(found, key=lambda when: min(abs(when.start - at), abs(when.end - at)))
