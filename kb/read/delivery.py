"""The two doors of reading: a delivery into its articles' bytes, and those bytes into an article."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from kb.errors import UnreadableFile
from kb.read import fields, newsjson, strictjson
from kb.read.decoding import decode
from kb.read.formats import Format, format_of
from kb.read.newsjson import parse_json
from kb.read.plaintext import parse_text
from kb.read.webpage import parse_html
from kb.records import ArticleSlice, MediaType, RawArticle, RecordFault

Found = tuple[tuple[ArticleSlice, ...], tuple[RecordFault, ...]]

_LINE = re.compile(rb"[^\n]+")
MOST_RECORDS = 100_000
"""Records of one delivery; more are no delivery that one worker can expand in its time."""
_MOST_FAULTS = 1000
_WHOLE = {Format.TEXT: MediaType.TEXT, Format.MARKDOWN: MediaType.MARKDOWN, Format.HTML: MediaType.HTML}


class _TooManyRecords(UnreadableFile):
    """The delivery is readable, but too long."""


def split(data: bytes, name: str) -> Found:
    """The articles in a delivery and the faults of its records; ``name`` is the file's, for its suffix.

    A slice's data are the file's bytes where it is one article (one JSON object too), a line's bytes without its end
    in JSON lines, and the canonical JSON (RFC 8785) of a record in a list. Records with the same bytes are one
    article, under the first one's locator. Raises UnreadableFile when nothing in the delivery is an article.
    """
    text = decode(data)
    form = format_of(name, text)
    if form in _WHOLE:
        return (_slice(data, _WHOLE[form]),), ()
    if form is Format.JSON_LINES:
        return _settled(_lines(data, text))
    try:
        value = strictjson.loads(text)
    except ValueError as error:
        # JSON lines often come under the name of JSON; one line that is an object by itself shows it.
        try:
            return _settled(_lines(data, text))
        except _TooManyRecords:
            raise
        except UnreadableFile:
            raise UnreadableFile(f"The file is not JSON that can be read: {error}.") from None
    return _of_value(value, data)


def parse(article_id: str, data: bytes, media_type: MediaType) -> RawArticle:
    """One slice's bytes as an article. Raises UnreadableFile with a reason for people."""
    match media_type:
        case MediaType.HTML:
            return parse_html(article_id, data)
        case MediaType.JSON:
            return parse_json(article_id, data)
        case MediaType.TEXT | MediaType.MARKDOWN:
            return parse_text(article_id, data, media_type)


def _of_value(value: Any, data: bytes) -> Found:
    listed = value if isinstance(value, list) else None
    if isinstance(value, dict) and not newsjson.body_of(value):
        listed = fields.list_in(value)
    if listed is not None:
        return _settled(_records(listed))
    fault = newsjson.fault_of(value)
    if fault:
        raise UnreadableFile(f"This JSON is no article and no list of articles: {fault}.")
    return (_slice(data, MediaType.JSON),), ()


def _lines(data: bytes, text: str) -> Iterator[ArticleSlice | RecordFault]:
    # Lines of UTF-8 keep the very bytes of the file; of other encodings they are written as UTF-8, which JSON is in.
    whole = data.removeprefix(b"\xef\xbb\xbf")
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        whole = text.encode("utf-8", errors="replace")
    number, at = 1, 0
    for line in _LINE.finditer(whole):
        number, at = number + whole.count(b"\n", at, line.start()), line.start()
        raw = line[0].removesuffix(b"\r")
        if raw.strip():
            yield _record(raw, f"line {number}")


def _record(raw: bytes, locator: str) -> ArticleSlice | RecordFault:
    try:
        fault = newsjson.fault_of(strictjson.loads(raw.decode("utf-8")))
    except ValueError as error:
        fault = f"it is not JSON: {error}"
    return RecordFault(locator=locator, reason=fault) if fault else _slice(raw, MediaType.JSON, locator)


def _records(values: Iterable[Any]) -> Iterator[ArticleSlice | RecordFault]:
    for number, value in enumerate(values, start=1):
        locator = f"record {number}"
        try:
            fault, raw = newsjson.fault_of(value), strictjson.canonical(value)
        except ValueError as error:
            fault, raw = f"it has no canonical form: {error}", b""
        yield RecordFault(locator=locator, reason=fault) if fault else _slice(raw, MediaType.JSON, locator)


def _slice(data: bytes, media_type: MediaType, locator: str = "") -> ArticleSlice:
    return ArticleSlice(id=hashlib.sha256(data).hexdigest(), data=data, media_type=media_type, locator=locator)


def _settled(items: Iterable[ArticleSlice | RecordFault]) -> Found:
    slices: dict[str, ArticleSlice] = {}
    faults: list[RecordFault] = []
    bad = 0
    for number, item in enumerate(items, start=1):
        if number > MOST_RECORDS:
            raise _TooManyRecords(f"The file holds more than {MOST_RECORDS:,} records; split it.")
        if isinstance(item, ArticleSlice):
            slices.setdefault(item.id, item)
            continue
        bad += 1
        if bad <= _MOST_FAULTS:
            faults.append(item)
    if not slices:
        why = (
            f"none of its {bad:,} records is one: {faults[0].locator}: {faults[0].reason}"
            if faults
            else "it is an empty list"
        )
        raise UnreadableFile(f"The file holds no article: {why}.")
    if bad > _MOST_FAULTS:
        faults.append(RecordFault(locator="and so on", reason=f"{bad - _MOST_FAULTS:,} more records are no articles"))
    return tuple(slices.values()), tuple(faults)
