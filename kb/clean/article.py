"""The steps of cleaning one article, in order."""

import hashlib

from kb.clean import markdown
from kb.clean.language import language_of
from kb.clean.normalise import folded, normal, normal_line
from kb.clean.page import read_page
from kb.clean.passages import find_title, mark
from kb.clean.published import published
from kb.clean.source import machine_translated, safe_url, source_of
from kb.errors import UnreadableFile
from kb.records import SPEAKING, Document, MediaType, Metadata, Passage, RawArticle


def clean(raw: RawArticle, stated: Metadata, name: str, *, max_chars: int = 400_000) -> Document:
    """One article, ready to be read.

    ``stated`` is the sidecar's metadata, stronger than the file's own; ``name`` the file's name. Raises UnreadableFile
    when there is no article in it or more than ``max_chars`` characters, UnreadableLanguage when it is not English.
    """
    body, page = read_page(raw.body) if raw.media_type is MediaType.HTML else (raw.body, Metadata())
    if len(body) > max_chars:
        raise UnreadableFile(f"The article has {len(body):,} characters; at most {max_chars:,} are read.")
    told = stated.over(raw.metadata).over(page)
    text, title = _text_and_title(markdown.plain(body) if raw.media_type is MediaType.MARKDOWN else body, told.title)
    passages, disclaimed = mark(text, title)
    speaking = _speaking(text, passages)
    date, origin = published(raw, stated, page, text, passages, name)
    return Document(
        article_id=raw.id,
        text_id=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        text=text,
        passages=passages,
        media_type=raw.media_type,
        title=title,
        url=safe_url(told.url),
        author=normal_line(told.author),
        source=source_of(told),
        language=language_of(speaking, told.language),
        original_language=told.original_language,
        translated=disclaimed or machine_translated(told) if told.translated is None else told.translated,
        published=date,
        published_origin=origin,
        words=len(text.split()),
        example=bool(told.example),
    )


def _text_and_title(body: str, told: str | None) -> tuple[str, str | None]:
    """The text, the title on its top, and the title."""
    text, title = normal(body), normal_line(told)
    if title is None:
        return text, find_title(text)
    first = text.split("\n", 1)[0]
    stem = title.rstrip(" .…")
    # A feed without headlines takes the first words for one; the sentence itself is not told twice.
    begins = title.endswith(("…", "...")) and first.startswith(stem)
    if not text or begins or folded(first) == folded(title):
        return text or title, title
    return f"{title}\n\n{text}", title


def _speaking(text: str, passages: tuple[Passage, ...]) -> str:
    """What the article itself says, without marks. Raises UnreadableFile when that holds no word."""
    found = "\n".join(text[p.start : p.end] for p in passages if p.kind in SPEAKING and not p.duplicate)
    if not any(letter.isalpha() for letter in found):
        raise UnreadableFile("There is no article in the file, only names, numbers or marks.")
    return found
