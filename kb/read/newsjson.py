"""One JSON object → one article."""

import re
from collections.abc import Mapping
from typing import Any

from kb.errors import UnreadableFile
from kb.read import fields, markup, strictjson
from kb.read.decoding import decode
from kb.records import MediaType, RawArticle

# NewsAPI cuts its texts and says by how much; the mark is not the article's last sentence.
_CUT = re.compile(r"\[\+\d{1,9} chars\]$")
_CUT_CHARS = 24


def parse_json(article_id: str, data: bytes) -> RawArticle:
    """One JSON object, under any of the usual field names. Raises UnreadableFile when it is no article."""
    try:
        record = strictjson.loads(decode(data))
    except ValueError as error:
        raise UnreadableFile(f"The file is not JSON that can be read: {error}.") from None
    fault = fault_of(record)
    if fault:
        raise UnreadableFile(f"This JSON is no article: {fault}.")
    return RawArticle(
        id=article_id,
        media_type=MediaType.JSON,
        body=body_of(record),
        metadata=fields.metadata_of(record),
        metadata_origin="json",
    )


def fault_of(record: Any) -> str | None:
    """Why this JSON value is no article, or ``None`` when it is one: it has a text, or at least a headline."""
    if not isinstance(record, Mapping):
        return "it is not an object"
    if not body_of(record) and not fields.metadata_of(record).title:
        names = ", ".join(str(name)[:30] for name in list(record)[:6]) or "no field at all"
        return f"it has no text under a usual name such as text, body, content or articleBody (it has: {names})"
    return None


def body_of(record: Mapping[str, Any]) -> str:
    """The article's plain text, its standfirst before it when the text does not begin with that; "" for none."""
    body = _plain(fields.first(record, fields.BODY))
    lead = _plain(fields.first(record, fields.STANDFIRST))
    # Excerpts are the text's own first words; the last letters may be a cut or an ellipsis.
    known = " ".join(body.split()).startswith(" ".join(lead.split())[:80].rstrip(" .…"))
    return body if known else f"{lead}\n\n{body}".strip()


def _plain(value: str | None) -> str:
    text = value or ""
    if markup.looks_like_html(text):
        text = markup.to_text(text)
    text = text.rstrip()
    cut = _CUT.search(text, max(0, len(text) - _CUT_CHARS))
    return f"{text[: cut.start()].rstrip(' .…')}…\n\n{cut[0]}" if cut else text
