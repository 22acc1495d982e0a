"""Plain text and Markdown, with or without a YAML front matter."""

import datetime as dt
import re

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from kb.read.decoding import decode
from kb.read.fields import metadata_from
from kb.records import MediaType, Metadata, RawArticle

_FENCE = re.compile(r"\A\s*---[ \t]*\r?\n")


def parse(article_id: str, data: bytes, media_type: MediaType) -> RawArticle:
    """The article of a text file. A front matter that is no YAML map is part of the body."""
    text = decode(data)
    body, metadata = text, Metadata()
    if _FENCE.match(text):
        try:
            stated, content = frontmatter.parse(text.lstrip(), handler=YAMLHandler())
        except (yaml.YAMLError, ValueError):
            stated, content = {}, text
        if stated:
            body, metadata = content, metadata_from({str(key): _plain(value) for key, value in stated.items()})
    return RawArticle(
        id=article_id,
        media_type=media_type,
        body=_plain_markdown(body) if media_type is MediaType.MARKDOWN else body,
        metadata=metadata,
        metadata_origin="front matter" if metadata != Metadata() else "",
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value


def _plain_markdown(body: str) -> str:
    """Markdown without its marks: headings, emphasis, links and images read as their words."""
    body = re.sub(r"!?\[([^\]\n]*)\]\([^)\n]*\)", r"\1", body)
    body = re.sub(r"(?m)^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+)", "", body)
    return re.sub(r"(\*\*|__|\*|`)(?=\S)([^\n]+?)(?<=\S)\1", r"\2", body)
