"""Which format a file is in: by its suffix, and by its first characters where they say more."""

import re
from enum import StrEnum
from pathlib import PurePath

from kb.errors import UnreadableFile


class Format(StrEnum):
    """The shapes that a delivery comes in."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    JSON_LINES = "json lines"


SUFFIXES = {
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".json": Format.JSON,
    ".jsonl": Format.JSON_LINES,
    ".ndjson": Format.JSON_LINES,
}

_PAGE = re.compile(
    # Each comment ends at its own end, for good: else there are 2^n ways to read n comments.
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?>.*?-->)\s*)*+<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_JSON = re.compile(r'\s*(?:\{\s*"|\[\s*[\[{"])')
_XML = re.compile(r"\s*<(?:\?xml|rss|feed)\b", re.IGNORECASE)


def format_of(name: str, text: str) -> Format:
    """The format of a file of this name and text. Raises UnreadableFile for formats that have no reader.

    A page or a feed under the name of a text is what it is; files without a known suffix are looked at, and what is
    neither a page nor JSON is text.
    """
    head = text[:4096]
    named = SUFFIXES.get(PurePath(name).suffix.lower())
    if named in (None, Format.TEXT):
        if _PAGE.match(head):
            return Format.HTML
        if _XML.match(head):
            raise UnreadableFile("The file is XML (a feed, perhaps), which kb does not read.")
    if named is None:
        return Format.JSON if _JSON.match(head) else Format.TEXT
    return named
