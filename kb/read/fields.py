"""How feeds, news APIs and front matters call what we want to know: names as data.

The names are those of NewsAPI, GDELT, the Guardian, the New York Times, Event Registry, mediastack, Common Crawl news
dumps, schema.org's NewsArticle, WordPress' REST interface and of common site generators. A dot goes into an object; a
list counts by its first element, authors by all. Names are compared without case, "-" and "_".
"""

import functools
import html
import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kb.records import Metadata

METADATA: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline", "webTitle", "headline.main", "title.rendered", "fields.headline"),
    "url": ("url", "webUrl", "web_url", "link", "links", "canonical_url", "permalink", "source_url", "mainEntityOfPage",
            "mainEntityOfPage.@id", "uri"),
    "author": ("author", "authors", "byline", "byline.original", "fields.byline", "author.name", "authors.name",
               "creator", "creator.name", "by", "dc:creator"),
    "source": ("source", "source.name", "source.title", "source_name", "publisher", "publisher.name", "publication",
               "fields.publication", "site", "site_name", "sitename", "outlet", "source_domain", "domain",
               "source.uri"),
    "published": ("published", "publishedAt", "published_at", "published_date", "publish_date", "publication_date",
                  "datePublished", "date_publish", "date_published", "pub_date", "pubDate", "webPublicationDate",
                  "fields.firstPublicationDate", "seendate", "dateTimePub", "dateTime", "date", "issued"),
    "modified": ("modified", "dateModified", "date_modified", "date_modify", "updated", "updated_at", "updated_date",
                 "lastmod", "fields.lastModified"),
    "language": ("language", "lang", "inLanguage", "fields.language"),
    "original_language": ("original_language", "source_language", "translated_from"),
    "translated": ("translated", "machine_translated", "is_translated"),
    "example": ("example",),
}  # fmt: skip

BODY = (
    "body", "content", "articleBody", "text", "maintext", "main_text", "full_text", "fulltext", "article_text",
    "body_text", "fields.bodyText", "fields.body", "content.rendered", "content_text", "content_html", "cleaned_text",
    "raw_content", "story",
)  # fmt: skip

STANDFIRST = (
    "standfirst", "subtitle", "dek", "lead", "abstract", "description", "fields.standfirst", "fields.trailText",
    "trailText", "summary", "excerpt.rendered", "snippet", "lead_paragraph",
)  # fmt: skip

CONTAINERS = (
    "articles", "articles.results", "items", "docs", "response.docs", "response.results", "results", "data", "news",
    "entries", "posts", "hits", "@graph",
)  # fmt: skip

_NO_VALUE = frozenset({"", "-", "~", "unknown", "none", "null", "n/a", "nan", "undefined"})
_TRUE = frozenset({"true", "yes", "1"})
_FALSE = frozenset({"false", "no", "0"})
_SURROGATES = re.compile("[\ud800-\udfff]")
_MAX_CHARS = 2000
_MOST_PARTS = 50
_MAX_NAME = 100  # no name of ours is nearly as long
_MAX_FIELDS = 300  # above this, names are compared as they are written: folding them all would be slow


def metadata_of(record: Mapping[str, Any]) -> Metadata:
    """What a JSON object or a front matter says about its article, strings as found and bounded in length."""
    found: dict[str, Any] = {field: first(record, names, joined=field == "author") for field, names in METADATA.items()}
    for field in ("translated", "example"):
        found[field] = _truth(found[field])
    return Metadata(
        **{field: value[:_MAX_CHARS] if isinstance(value, str) else value for field, value in found.items()}
    )


def first(record: Mapping[str, Any], names: tuple[str, ...], *, joined: bool = False) -> str | None:
    """The first of these fields that says something, as a string; ``joined``: of a list all parts, else its first."""
    few = len(record) <= _MAX_FIELDS
    keys = {_folded(key) for key in record if isinstance(key, str) and len(key) <= _MAX_NAME} if few else set()
    for name in names:
        if few and _folded(name) not in keys and _folded(name.split(".")[0]) not in keys:
            continue
        found = (text for value in _reach(record, name.split(".")) if (text := _string(value)) is not None)
        parts = list(itertools.islice(found, _MOST_PARTS if joined else 1))
        if parts:
            return ", ".join(parts)
    return None


def list_in(record: Mapping[str, Any]) -> list[Any] | None:
    """The list of articles that a news API's answer is wrapped around."""
    for name in CONTAINERS:
        value: Any = record
        for step in name.split("."):
            value = _get(value, step) if isinstance(value, Mapping) else None
        if isinstance(value, list):
            return value
    return None


def _reach(value: Any, steps: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for part in value:
            if not isinstance(part, list):
                yield from _reach(part, steps)
    elif not steps:
        yield value
    elif isinstance(value, Mapping):
        # Keys may hold dots themselves, as those of flattened exports do.
        yield from _reach(_get(value, ".".join(steps)), [])
        if len(steps) > 1:
            yield from _reach(_get(value, steps[0]), steps[1:])


def _get(record: Mapping[str, Any], name: str) -> Any:
    if name in record:
        return record[name]
    if len(record) > _MAX_FIELDS:
        return None
    wanted = _folded(name)
    short = ((key, value) for key, value in record.items() if isinstance(key, str) and len(key) <= _MAX_NAME)
    return next((value for key, value in short if _folded(key) == wanted), None)


@functools.lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "")


def _string(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value) if value == int(value) else value)
    if not isinstance(value, str) or value.strip().casefold() in _NO_VALUE:
        return None
    return html.unescape(whole(value)).strip()


def whole(text: str) -> str:
    """The text without halves of characters, which neither UTF-8 nor the graph can hold."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def _truth(value: str | None) -> bool | None:
    folded = (value or "").casefold()
    return True if folded in _TRUE else False if folded in _FALSE else None
