"""Which reader a file gets: by its name, and for names that say nothing by a look at its first bytes."""

import hashlib
from pathlib import PurePath

from kb.errors import UnreadableFile
from kb.read import jsons, pages, texts
from kb.read.decoding import decode, refuse_binary
from kb.records import ArticleSlice, MediaType, RawArticle, RecordFault

_BY_SUFFIX = {
    ".txt": MediaType.TEXT,
    ".text": MediaType.TEXT,
    ".md": MediaType.MARKDOWN,
    ".markdown": MediaType.MARKDOWN,
    ".html": MediaType.HTML,
    ".htm": MediaType.HTML,
    ".xhtml": MediaType.HTML,
    ".json": MediaType.JSON,
}
_LINES = (".jsonl", ".ndjson")
_LOOK = 1000


def split(data: bytes, name: str) -> tuple[tuple[ArticleSlice, ...], tuple[RecordFault, ...]]:
    """The articles that a file holds, and its parts that are none. ``name`` is the file's, for its suffix.

    Raises UnreadableFile when nothing in it is an article.
    """
    if not data.strip():
        raise UnreadableFile("the file is empty")
    refuse_binary(data)
    suffix = PurePath(name).suffix.lower()
    if suffix in _LINES:
        slices, faults = jsons.split_lines(data)
    else:
        media_type = _BY_SUFFIX.get(suffix) or _sniff(data)
        if media_type is MediaType.JSON:
            slices, faults = jsons.split(data)
        else:
            slices, faults = [ArticleSlice(id=hashlib.sha256(data).hexdigest(), data=data, media_type=media_type)], []
    if not slices:
        raise UnreadableFile(faults[0].reason if len(faults) == 1 else _nothing_of(faults))
    return tuple(slices), tuple(faults)


def parse(article_id: str, data: bytes, media_type: MediaType) -> RawArticle:
    """One article's bytes as title, body and what the file says of itself. Raises UnreadableFile."""
    refuse_binary(data)
    match media_type:
        case MediaType.JSON:
            return jsons.parse(article_id, data)
        case MediaType.HTML:
            return pages.parse(article_id, data)
        case MediaType.TEXT | MediaType.MARKDOWN:
            return texts.parse(article_id, data, media_type)


def _sniff(data: bytes) -> MediaType:
    head = decode(data[: _LOOK * 4])[:_LOOK].lstrip().lower()
    if head.startswith(("<!doctype html", "<html", "<?xml")) or "<body" in head:
        return MediaType.HTML
    if head.startswith(("{", "[{")):
        return MediaType.JSON
    return MediaType.TEXT


def _nothing_of(faults: list[RecordFault]) -> str:
    shown = "; ".join(f"{fault.locator}: {fault.reason}" for fault in faults[:3])
    return f"none of its {len(faults)} records is an article ({shown})" if faults else "it holds no article"
