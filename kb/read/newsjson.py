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
_HEAD = 1000


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
    texts = _texts(record)
    html_fault = next((fault for text in texts if (fault := _html_fault(text))), None)
    if html_fault:
        return f"its text cannot be read: {html_fault}"
    if not _joined(*texts) and not fields.metadata_of(record).title:
        names = ", ".join(fields.whole(str(name)[:30]) for name in list(record)[:6]) or "no field at all"
        return f"it has no text under a usual name such as text, body, content or articleBody (it has: {names})"
    return None


def body_of(record: Mapping[str, Any]) -> str:
    """The article's plain text, its standfirst before it when the text does not begin with that; "" for none."""
    return _joined(*_texts(record))


def _joined(body_source: str | None, lead_source: str | None) -> str:
    body, lead = _plain(body_source), _plain(lead_source)
    # Excerpts are the text's own first words; the last letters may be a cut or an ellipsis.
    known = " ".join(body[:_HEAD].split()).startswith(" ".join(lead[:_HEAD].split())[:80].rstrip(" .…"))
    return body if known else f"{lead}\n\n{body}".strip()


def _texts(record: Mapping[str, Any]) -> tuple[str | None, str | None]:
    return fields.first(record, fields.BODY), fields.first(record, fields.STANDFIRST)


def _html_fault(text: str | None) -> str | None:
    return markup.fault_of(text) if text and markup.looks_like_html(text) else None


def _plain(value: str | None) -> str:
    text = value or ""
    if markup.looks_like_html(text):
        text = markup.to_text(text)
    text = text.rstrip()
    cut = _CUT.search(text, max(0, len(text) - _CUT_CHARS))
    return f"{text[: cut.start()].rstrip(' .…')}…\n\n{cut[0]}" if cut else text
