"""Plain text and Markdown, with or without a YAML front matter."""

from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from kb.read import fields
from kb.read.decoding import decode
from kb.records import MediaType, Metadata, RawArticle

# Far more than any site generator writes; PyYAML reads some 50,000 characters a second.
_MOST_FRONT_MATTER = 16_384


def parse_text(article_id: str, data: bytes, media_type: MediaType) -> RawArticle:
    """A text file. A front matter that is broken, or is no table, is text like the rest. Raises UnreadableFile."""
    text = decode(data)
    front, body = _front_matter(text.lstrip("\ufeff\r\n"))
    if front is None:
        return RawArticle(id=article_id, media_type=media_type, body=text, metadata=Metadata(), metadata_origin="")
    return RawArticle(
        id=article_id,
        media_type=media_type,
        body=body,
        metadata=fields.metadata_of(front),
        metadata_origin="front matter",
    )


class _Loader(yaml.BaseLoader):
    """Strings, lists and tables only: a date stays as it is written. Aliases are refused: ten of ten of ten are a thousand."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


def _front_matter(text: str) -> tuple[dict[str, Any] | None, str]:
    handler = YAMLHandler()
    if not handler.detect(text):
        return None, text
    try:
        front, head = handler.split(text[:_MOST_FRONT_MATTER])
        body = head + text[_MOST_FRONT_MATTER:]
        found = handler.load(front, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None, text
    return (found, body) if isinstance(found, dict) else (None, text)
