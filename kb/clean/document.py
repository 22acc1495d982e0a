"""One article, cleaned: the text that all offsets count, and what is known of it."""

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit

from kb.clean.language import detect
from kb.clean.passages import is_prose, passages
from kb.clean.published import find_published
from kb.errors import UnreadableFile
from kb.ontology import fold
from kb.records import Document, Metadata, Passage, PassageKind, RawArticle, Source

MAX_CHARS = 400_000
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_BLANKS = re.compile(r"[^\S\n]+")
_GAPS = re.compile(r"\n{3,}")
_TRANSLATED = re.compile(r"\b(?:ai|machine|automatic(?:ally)?|google|deepl)\b", re.IGNORECASE)


def clean(raw: RawArticle, stated: Metadata, name: str, *, max_chars: int = MAX_CHARS) -> Document:
    """The document of a raw article. ``stated``: what a sidecar says, which is believed before all; ``name``: the file's.

    Raises UnreadableLanguage for a text that is not English, UnreadableFile for one without words or over ``max_chars``.
    """
    said = stated.over(raw.metadata)
    text = _with_title(_normalised(raw.body), _one_line(said.title))
    if len(text) > max_chars:
        raise UnreadableFile(
            f"the article has {len(text):,} characters; the limit is {max_chars:,} (KB_MAX_ARTICLE_CHARS)"
        )
    if not re.search(r"\w", text):
        raise UnreadableFile("the article has no words")
    marked = passages(text, _one_line(said.title))
    language = detect(_prose(text, marked), said.language)
    published, origin = find_published(raw, stated, name, text, marked)
    disclaimed = any(
        passage.kind is PassageKind.DISCLAIMER and _TRANSLATED.search(text[passage.start : passage.end])
        for passage in marked
    )
    return Document(
        article_id=raw.id,
        text_id=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        passages=marked,
        media_type=raw.media_type,
        title=_one_line(said.title) or _found_title(text, marked),
        url=_address(said.url),
        author=_one_line(said.author),
        source=_source(said),
        language=language,
        original_language=said.original_language,
        translated=said.translated if said.translated is not None else disclaimed,
        published=published,
        published_origin=origin,
        words=len(text.split()),
        example=bool(stated.example),
    )


def _normalised(body: str) -> str:
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", body))
    text = _BLANKS.sub(" ", _CONTROLS.sub("", text))
    text = re.sub(r" ?\n ?", "\n", text)
    return _GAPS.sub("\n\n", text).strip()


def _one_line(said: str | None) -> str | None:
    return " ".join(_normalised(said or "").split()) or None


def _with_title(body: str, title: str | None) -> str:
    """The body under its title, unless the title stands among its first lines already."""
    if title is None or any(fold(line) == fold(title) for line in body.split("\n")[:8]):
        return body
    return f"{title}\n\n{body}"


def _found_title(text: str, marked: tuple[Passage, ...]) -> str | None:
    return next((text[p.start : p.end] for p in marked if p.kind is PassageKind.TITLE), None)


def _prose(text: str, marked: tuple[Passage, ...]) -> str:
    """The paragraphs by which the language is told; the whole text where none is a sentence."""
    prose = [text[p.start : p.end] for p in marked if p.kind is PassageKind.BODY]
    return "\n".join([paragraph for paragraph in prose if is_prose(paragraph)] or prose or [text])


def _address(url: str | None) -> str | None:
    return url if url and urlsplit(url).scheme in ("http", "https") else None


def _source(said: Metadata) -> Source | None:
    """Who published: by the domain of the article's address, else by the name that the file gives."""
    address = _address(said.url)
    host = (urlsplit(address).hostname or "") if address else ""
    name = _one_line(said.source)
    domain = host.removeprefix("www.").lower()
    if domain:
        return Source(id=domain, name=name or domain)
    word = fold(name or "").replace(" ", "-")
    return Source(id=word, name=name or word) if word else None
