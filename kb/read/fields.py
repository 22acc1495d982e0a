"""The names under which files and news interfaces give an article's parts, as data."""

from collections.abc import Mapping
from typing import Any

from kb.records import Metadata

# Field names of NewsAPI, GNews, mediastack, the Guardian, the New York Times, Event Registry, Common Crawl news,
# schema.org and front matters, in the order in which they are believed. A dot leads into an object.
BODY = (
    "body", "text", "content", "articleBody", "article_body", "maintext", "full_text", "fulltext", "fields.bodyText",
    "fields.body", "body_text", "body_html", "html", "description", "summary", "abstract",
)  # fmt: skip
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline.main", "headline", "webTitle", "fields.headline", "name"),
    "url": ("url", "link", "webUrl", "web_url", "canonical_url", "source_url", "permalink"),
    "author": ("author", "authors", "creator", "byline.original", "byline", "fields.byline"),
    "source": (
        "source.name", "source.title", "source", "publisher.name", "publisher", "site_name", "outlet",
        "source_domain", "sourceName", "domain",
    ),
    "published": (
        "published", "publishedAt", "published_at", "datePublished", "date_publish", "date_published",
        "webPublicationDate", "pub_date", "pubDate", "publication_date", "dateTimePub", "dateTime", "seendate", "date",
    ),
    "modified": ("modified", "dateModified", "date_modify", "updated", "updated_at", "updatedAt", "lastModified"),
    "language": ("language", "lang", "inLanguage"),
    "original_language": ("original_language", "originalLanguage", "translated_from"),
}  # fmt: skip
_TRANSLATED = ("translated", "is_translated", "machine_translated")


def metadata_from(values: Mapping[str, Any]) -> Metadata:
    """What these values say of an article, under whichever names they say it."""
    found = {field: _text(first(values, names)) for field, names in _FIELDS.items()}
    translated = first(values, _TRANSLATED)
    return Metadata(**found, translated=translated if isinstance(translated, bool) else None)


def first(values: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """The first value that is there and not empty, ``None`` if none is. Names match in any case."""
    folded = {key.lower(): value for key, value in values.items()}
    for name in names:
        value: Any = folded
        for part in name.lower().split("."):
            value = {k.lower(): v for k, v in value.items()}.get(part) if isinstance(value, dict) else None
        if value not in (None, "", [], {}):
            return value
    return None


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        return ", ".join(text for item in value if (text := _text(item))) or None
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("title"))
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value).strip()[:2000] or None
    return None
