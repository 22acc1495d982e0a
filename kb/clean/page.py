"""A web page → its article's text and what the page says of itself. Nothing is fetched."""

import re
from typing import Any

import lxml.html
import trafilatura
from trafilatura.utils import load_html

from kb.clean.normalise import folded
from kb.errors import UnreadableFile
from kb.read import markup
from kb.records import Metadata

# The page's own statements only: in its guessing mode htmldate takes any date that stands somewhere on the page.
_DATES = {"extensive_search": False, "original_date": True}
_MOST_SAID = {"script": 20_000, "style": 0, "title": 1000, "meta": 5000}
_BETWEEN = re.compile(r"\s+[|–—·»-]\s+")


def read_page(source: str) -> tuple[str, Metadata]:
    """The main text, paragraphs apart by blank lines, and the page's title, address, author, site, date and language.

    Raises UnreadableFile when no article is found in the page.
    """
    fault = markup.fault_of(source)
    if fault:
        raise UnreadableFile(f"The page cannot be read: {fault}.")
    try:
        tree = load_html(source)
        _shorten(tree)
        language = _language(tree)
        found = _extract(tree)
    except RecursionError:
        raise UnreadableFile("The page is nested too deeply to be an article.") from None
    text = str(found.get("text") or "")
    if not text.strip():
        raise UnreadableFile("The page holds no article text.")
    site = found.get("sitename") or found.get("hostname")
    return text.replace("\n", "\n\n"), Metadata(
        title=_bare_title(found.get("title"), site, found.get("hostname")),
        url=found.get("url"),
        author=found.get("author"),
        source=site,
        published=found.get("date"),
        language=language,
    )


def _shorten(tree: lxml.html.HtmlElement | None) -> None:
    """Take out what says something about the page in more words than it takes: it is searched with slow patterns."""
    for element in [] if tree is None else list(tree.iter("script", "style", "title", "meta")):
        said = element.get("content") if element.tag == "meta" else element.text
        if said and len(said) > _MOST_SAID.get(str(element.tag), 0):
            element.drop_tree()


def _extract(tree: Any) -> dict[str, Any]:
    if tree is None:
        return {}
    found = trafilatura.bare_extraction(
        tree, with_metadata=True, include_comments=False, include_tables=False, date_extraction_params=_DATES
    )
    return found if isinstance(found, dict) else found.as_dict() if found else {}


def _language(tree: lxml.html.HtmlElement | None) -> str | None:
    root = None if tree is None else tree.getroottree().getroot()
    return None if root is None else root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")


def _bare_title(title: str | None, *names: str | None) -> str | None:
    # "Headline - Section | Site": the site's name at the end is no part of the headline.
    known = [_letters(name) for name in names if name]
    while title:
        parts = list(_BETWEEN.finditer(title))
        tail = _letters(title[parts[-1].end() :]) if parts else ""
        if len(tail) < 3 or not any(tail.startswith(name) or name.startswith(tail) for name in known if name):
            break
        title = title[: parts[-1].start()]
    return title


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", folded(name)).removeprefix("the")
