"""JSON: one article, many in an array, or one a line (JSON lines)."""

import hashlib
import json
import re
from typing import Any

import rfc8785

from kb.errors import UnreadableFile
from kb.read.decoding import decode
from kb.read.fields import BODY, first, metadata_from
from kb.read.pages import text_of
from kb.records import ArticleSlice, MediaType, RawArticle, RecordFault

# Where news interfaces put their articles.
_LISTS = (
    "articles",
    "items",
    "docs",
    "results",
    "response.docs",
    "response.results",
    "articles.results",
    "data",
    "news",
)
_TAG = re.compile(r"</?(?:p|div|br|span|a|h\d|ul|li|strong|em|article)\b[^>]*>", re.IGNORECASE)


def split(data: bytes) -> tuple[list[ArticleSlice], list[RecordFault]]:
    """The articles of a JSON file: the file itself, or the records of its list. Raises UnreadableFile."""
    value = _load(data)
    records = value if isinstance(value, list) else None
    if isinstance(value, dict):
        listed = first(value, _LISTS)
        if first(value, BODY) is None and isinstance(listed, list):
            records = listed
    if records is None:
        return [_slice(data)], []
    slices: list[ArticleSlice] = []
    faults: list[RecordFault] = []
    for number, record in enumerate(records, 1):
        locator = f"record {number}"
        try:
            _check(record)
            slices.append(_slice(rfc8785.dumps(record), locator))
        except (UnreadableFile, rfc8785.CanonicalizationError) as error:
            faults.append(RecordFault(locator=locator, reason=str(error)))
    return slices, faults


def split_lines(data: bytes) -> tuple[list[ArticleSlice], list[RecordFault]]:
    """The articles of JSON lines; a line that is none is named, and the others go on."""
    slices: list[ArticleSlice] = []
    faults: list[RecordFault] = []
    for number, line in enumerate(data.splitlines(), 1):
        if line.strip():
            locator = f"line {number}"
            try:
                _check(_load(line))
                slices.append(_slice(line, locator))
            except UnreadableFile as error:
                faults.append(RecordFault(locator=locator, reason=str(error)))
    return slices, faults


def parse(article_id: str, data: bytes) -> RawArticle:
    """The article of one JSON object. Raises UnreadableFile when it has no text."""
    record = _load(data)
    _check(record)
    metadata = metadata_from(record)
    body = first(record, BODY)
    text = str(body)
    return RawArticle(
        id=article_id,
        media_type=MediaType.JSON,
        body=text_of(text) if _TAG.search(text) else text,
        metadata=metadata,
        metadata_origin="json",
    )


def _slice(data: bytes, locator: str = "") -> ArticleSlice:
    return ArticleSlice(id=hashlib.sha256(data).hexdigest(), data=data, media_type=MediaType.JSON, locator=locator)


def _load(data: bytes) -> Any:
    try:
        return json.loads(decode(data), object_pairs_hook=_unique, parse_constant=_refuse)
    except RecursionError:
        raise UnreadableFile("its JSON is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"it is no JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except ValueError as error:
        raise UnreadableFile(f"it is no JSON: {error}") from None


def _check(record: Any) -> None:
    if not isinstance(record, dict):
        raise UnreadableFile("it is no JSON object")
    if not isinstance(first(record, BODY), str):
        raise UnreadableFile(f"it has no text: none of the fields {', '.join(BODY[:6])} … holds one")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON number")
