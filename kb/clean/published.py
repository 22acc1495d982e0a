"""When an article was published, and where that is said. The time of a file or of its arrival never counts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from kb.clean.datewords import days_in, parse_date
from kb.dates import PartialDate
from kb.records import MediaType, Metadata, Passage, PassageKind, RawArticle

_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?:[/-]|$)|[-/_.]((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)")
# The place and date before the first sentence end with a dash, a colon or an agency in brackets.
_DATELINE = re.compile(r"^[^.!?]{3,90}?(?=\s[–—-]{1,2}\s|\s?\(|:\s)")
_CHANGED = re.compile(r"\b(?:updated|modified|edited)\b", re.IGNORECASE)


def published(
    raw: RawArticle, stated: Metadata, page: Metadata, text: str, passages: Sequence[Passage], name: str
) -> tuple[PartialDate | None, str | None]:
    """The publication date and its origin as ``Document`` names them; ``(None, None)`` when nobody says.

    Precedence: sidecar, front matter or JSON, the page's own metadata, a full date in a byline or dateline, in the
    URL, in the file's name. A JSON file's name is not asked: it dates the query or the crawl, not the article.
    """
    url = stated.url or raw.metadata.url or page.url or ""
    file_name = "" if raw.media_type is MediaType.JSON else PurePath(name).name
    said: Iterable[tuple[str, str | None]] = (
        ("sidecar", stated.published),
        (raw.metadata_origin, raw.metadata.published),
        ("html", page.published),
        ("byline", next(_in_text(text, passages), None)),
        ("url", _joined(_IN_URL.search(url))),
        ("file name", _joined(_IN_NAME.search(file_name))),
    )
    for origin, value in said:
        date = parse_date(value) if value else None
        if date is not None:
            return date, origin
    return None, None


def _in_text(text: str, passages: Sequence[Passage]) -> Iterator[PartialDate]:
    for passage in passages:
        line = text[passage.start : passage.end]
        # "Updated" is when a page was changed last, which may be years after the news.
        if passage.kind is PassageKind.BYLINE and not _CHANGED.search(line):
            yield from days_in(line)
    first = next((p for p in passages if p.kind is PassageKind.BODY), None)
    if first and (found := _DATELINE.match(text[first.start : first.end])):
        yield from days_in(found[0])


def _joined(found: re.Match[str] | None) -> str | None:
    return "-".join(part for part in found.groups() if part and part.isdigit()) if found else None
