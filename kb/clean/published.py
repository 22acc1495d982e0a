"""When an article was published, and where that stands. A file's own time never counts."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from kb.dates import interval, precision
from kb.records import Metadata, Passage, PassageKind, RawArticle

_MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|october oct"
        "|november nov|december dec".split("|"),
        1,
    )
    for name in names.split()
}
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d{1,5}(?!\d))")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[ -]({_NAMES})\.?,?[ -]((?:19|20)\d{{2}})\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b({_NAMES})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? ((?:19|20)\d{{2}})\b", re.IGNORECASE)
_URL = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})(?:[/-](\d{1,2}))?(?=[/-]|$)")
_YEAR = re.compile(r"(?:19|20)\d{2}")
# A dateline stands at the head of the text; a date further on is what the article speaks of.
_DATELINE = 160


def find_published(
    raw: RawArticle, stated: Metadata, name: str, text: str, passages: Iterable[Passage]
) -> tuple[str | None, str | None]:
    """The publication date as a partial date, and its origin; (None, None) where nothing says it.

    In this order: sidecar, front matter or JSON or HTML, byline or dateline, address, file name.
    """
    sources = (
        ("sidecar", as_partial(stated.published)),
        (raw.metadata_origin, as_partial(raw.metadata.published)),
        ("byline", _byline(text, passages)),
        ("url", _from_url(stated.url or raw.metadata.url)),
        ("file name", _from_name(name)),
    )
    return next(((date, origin) for origin, date in sources if date), (None, None))


def as_partial(said: str | None) -> str | None:
    """A date as people and machines write it, as a partial date: the day as it is printed, never shifted by a zone."""
    if not said:
        return None
    said = said.strip()
    if precision(said) in ("day", "month", "year"):
        return said if _possible(said) else None
    return next(_dates(said), None)


def _dates(said: str) -> Iterator[str]:
    for found in _ISO.finditer(said):
        yield from _made(found[1], found[2], found[3])
    for found in _COMPACT.finditer(said):
        yield from _made(found[1], found[2], found[3])
    for found in _DAY_FIRST.finditer(said):
        yield from _made(found[3], _MONTHS[found[2].lower()], found[1])
    for found in _MONTH_FIRST.finditer(said):
        yield from _made(found[3], _MONTHS[found[1].lower()], found[2])


def _made(year: str, month: str | int, day: str | None) -> Iterator[str]:
    date = f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    if _possible(date):
        yield date


def _possible(date: str) -> bool:
    try:
        return interval(date) is not None
    except ValueError:
        return False


def _byline(text: str, passages: Iterable[Passage]) -> str | None:
    first_body = True
    for passage in passages:
        words = text[passage.start : passage.end]
        if passage.kind is PassageKind.BYLINE:
            found = next(_dates(words), None)
            if found:
                return found
        elif passage.kind is PassageKind.BODY and first_body:
            first_body = False
            place = re.match(r"\(?[A-Z][\w .,'’/-]{1,40}?[,(]\s*", words)
            if place:
                head = words[place.end() : _DATELINE]
                for pattern in (_DAY_FIRST, _MONTH_FIRST):
                    dateline = pattern.match(head)
                    if dateline and re.match(r"\)?\s*(?:[(/–—-]|\()", head[dateline.end() :]):
                        return next(_dates(dateline[0]), None)
    return None


def _from_url(url: str | None) -> str | None:
    found = _URL.search(url or "")
    return next(_made(found[1], found[2], found[3]), None) if found else None


def _from_name(name: str) -> str | None:
    stem = PurePath(name).stem
    return next(_dates(stem.replace("_", "-")), None)
