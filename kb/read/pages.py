"""HTML pages: main text, title and date by trafilatura and htmldate, which know the pages of news sites."""

import re

import trafilatura
from htmldate import find_date
from lxml import etree, html

from kb.errors import UnreadableFile
from kb.read.decoding import decode
from kb.records import MediaType, Metadata, RawArticle

_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*$")


def parse(article_id: str, data: bytes) -> RawArticle:
    """The article of a page, as plain text. Raises UnreadableFile when the page has no main text."""
    source = decode(data)
    tree = _tree(source)
    body = trafilatura.extract(tree, include_comments=False, include_tables=False, favor_precision=False) or ""
    if not body.strip():
        raise UnreadableFile("the page has no main text: it is a front page, a picture, or is made by scripts")
    return RawArticle(
        id=article_id,
        media_type=MediaType.HTML,
        body=body,
        metadata=_metadata(tree, source),
        metadata_origin="html",
    )


def text_of(fragment: str) -> str:
    """The words of an HTML fragment, a paragraph a line."""
    tree = html.fragment_fromstring(fragment, create_parent="div")
    for element in tree.iter("script", "style"):
        element.clear()
    for element in tree.iter("p", "div", "br", "li", "h1", "h2", "h3", "h4", "tr"):
        element.tail = f"\n\n{element.tail or ''}"
    return str(tree.text_content()).strip()


def _tree(source: str) -> html.HtmlElement:
    try:
        tree = trafilatura.load_html(source)
    except (etree.LxmlError, ValueError, RecursionError):
        tree = None
    if tree is None:
        raise UnreadableFile("the file is no HTML that can be read")
    found: html.HtmlElement = tree
    return found


def _metadata(tree: html.HtmlElement, source: str) -> Metadata:
    said = trafilatura.extract_metadata(tree)
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    return Metadata(
        title=said.title,
        url=said.url,
        author=said.author,
        source=said.sitename or said.hostname,
        # Without its guessing mode: a date from the text of the page would be somebody's else.
        published=find_date(source, extensive_search=False, original_date=True, outputformat="%Y-%m-%d"),
        language=language if language and _LANGUAGE.match(language) else None,
    )
