"""Dates in words: resolved against the publication date where it is known, and never invented where it is not."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator

from kb.dates import interval, precision
from kb.records import Record

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_DAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = "|".join(_DAYS)
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("full", rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTH})\.?,? (?P<y>(?:19|20)\d\d)\b"),
    ("full", rf"(?P<m>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>(?:19|20)\d\d)\b"),
    ("full", r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"),
    ("month", rf"(?P<m>{_MONTH})\.?,?(?: of)? (?P<y>(?:19|20)\d\d)\b"),
    ("day", rf"(?P<m>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,? \d{{4}})"),
    ("day", rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTH})\b(?!,? \d{{4}})"),
    ("relative", r"(?P<r>today|yesterday|tomorrow|tonight|overnight|this (?:morning|afternoon|evening))\b"),
    ("weekday", rf"(?P<q>last |next |this |on |late |early |by )?(?P<w>{_DAY})\b"),
    ("week", r"(?P<q>last|next|this) (?P<u>week|month|year)\b"),
    ("bare", rf"(?:in|last|next|this|by|since|until|early|late|mid-?) ?(?P<m>{_MONTH})\b(?! \d)"),
    ("year", r"(?:in|since|by|of|until|during) (?P<y>(?:19|20)\d\d)\b(?![-\d])"),
)
_COMPILED = tuple((kind, re.compile(rf"\b{pattern}", re.IGNORECASE)) for kind, pattern in _PATTERNS)


class Said(Record):
    """A date in words at [start, end) of a sentence; ``date`` is None when the words alone do not say it."""

    start: int
    end: int
    text: str
    date: str | None


def find_dates(sentence: str, published: str | None, *, ahead: bool = False) -> tuple[Said, ...]:
    """The dates that a sentence names, in order, none overlapping. ``ahead``: they lie in the future (a due date)."""
    today = dt.date.fromisoformat(published) if precision(published) == "day" and published else None
    found: list[Said] = []
    taken: set[int] = set()
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(sentence):
            if not taken.intersection(range(*match.span())):
                taken.update(range(*match.span()))
                date = next(_dates(kind, match.groupdict(), today, published, ahead), None)
                found.append(Said(start=match.start(), end=match.end(), text=match[0].strip(), date=date))
    return tuple(sorted(found, key=lambda said: said.start))


def _dates(
    kind: str, part: dict[str, str | None], today: dt.date | None, published: str | None, ahead: bool
) -> Iterator[str]:
    month = int(m) if (m := part.get("m")) and m.isdigit() else _MONTHS.get((part.get("m") or "").lower(), 0)
    day, year = part.get("d") or "", part.get("y") or ""
    match kind:
        case "full":
            yield from _possible(f"{year}-{month:02}-{int(day):02}")
        case "month":
            yield f"{year}-{month:02}"
        case "year":
            yield year
        case "day":
            yield from _yearless(month, int(day), today, published, ahead)
        case "bare" if today:
            yield f"{_nearest_year(month, 1, today, ahead)}-{month:02}"
        case "relative" if today:
            shift = {"yesterday": -1, "tomorrow": 1}.get((part.get("r") or "").lower(), 0)
            yield (today + dt.timedelta(days=shift)).isoformat()
        case "weekday" if today:
            yield _weekday(_DAYS[(part.get("w") or "").lower()], (part.get("q") or "").strip().lower(), today, ahead)
        case "week" if today:
            yield _period((part.get("u") or "").lower(), (part.get("q") or "").lower(), today)


def _possible(date: str) -> Iterator[str]:
    try:
        interval(date)
    except ValueError:
        return
    yield date


def _yearless(month: int, day: int, today: dt.date | None, published: str | None, ahead: bool) -> Iterator[str]:
    if not 1 <= day <= calendar.monthrange(2000, month)[1]:
        return
    if today:
        yield from _possible(f"{_nearest_year(month, day, today, ahead)}-{month:02}-{day:02}")
    elif published is None:
        yield f"XXXX-{month:02}-{day:02}"
    else:
        yield from _possible(f"{published[:4]}-{month:02}-{day:02}")


def _nearest_year(month: int, day: int, today: dt.date, ahead: bool) -> int:
    """The year in which the day lies nearest; for a due date, the next time it comes round (a week's grace)."""
    last = calendar.monthrange(today.year, month)[1]
    candidates = [dt.date(today.year + step, month, min(day, last, 28 if month == 2 else last)) for step in (-1, 0, 1)]
    if ahead:
        candidates = [c for c in candidates if c >= today - dt.timedelta(days=7)] or candidates
        return candidates[0].year
    return min(candidates, key=lambda c: abs((c - today).days)).year


def _weekday(number: int, word: str, today: dt.date, ahead: bool) -> str:
    """ "on Wednesday": the last one up to today; ahead, or after "next", the one that comes."""
    back = (today.weekday() - number) % 7
    if word == "next" or ahead:
        return (today + dt.timedelta(days=(-back) % 7 or 7)).isoformat()
    return (today - dt.timedelta(days=back or (7 if word == "last" else 0))).isoformat()


def _period(unit: str, word: str, today: dt.date) -> str:
    """As the annotation guide rules: this week is the month, next and last week run from Monday to Sunday."""
    step = {"last": -1, "next": 1}.get(word, 0)
    if unit == "year":
        return str(today.year + step)
    if unit == "month" or step == 0:
        number = today.year * 12 + today.month - 1 + (step if unit == "month" else 0)
        return f"{number // 12:04}-{number % 12 + 1:02}"
    monday = today - dt.timedelta(days=today.weekday()) + dt.timedelta(weeks=step)
    return f"{monday.isoformat()}/{(monday + dt.timedelta(days=6)).isoformat()}"
