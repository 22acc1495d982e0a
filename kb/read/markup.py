"""HTML inside a JSON string → plain text with a blank line between paragraphs."""

import re

import lxml.etree
import lxml.html

_TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|blockquote|figure|img|table|article|section)\b", re.I
)
_BLOCKS = frozenset({
    "p", "div", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figure", "figcaption", "table",
    "tr", "article", "section", "header", "footer", "aside", "hr", "pre",
})  # fmt: skip
_UNSEEN = ("script", "style", "noscript", "template", "iframe", "svg", "form")
_BLANKS = re.compile(r"[ \t]*\n\s*\n\s*")


def looks_like_html(text: str) -> bool:
    """Whether a string holds tags of HTML, at least one of them as it is written."""
    return bool(_TAG.search(text))


def to_text(fragment: str) -> str:
    """The words of an HTML fragment; scripts and forms left out, blocks apart by blank lines. "" for none."""
    try:
        root = lxml.html.fragment_fromstring(fragment, create_parent="div")
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        return ""
    lxml.etree.strip_elements(root, *_UNSEEN, lxml.etree.Comment, with_tail=False)
    for element in root.iter():
        # White space of the source is no more than one blank; only elements break lines.
        element.text = re.sub(r"\s+", " ", element.text) if element.text else element.text
        element.tail = re.sub(r"\s+", " ", element.tail) if element.tail else element.tail
        if element.tag == "br":
            element.tail = "\n" + (element.tail or "")
        elif element.tag in _BLOCKS:
            element.text = "\n\n" + (element.text or "")
            element.tail = "\n\n" + (element.tail or "")
    return _BLANKS.sub("\n\n", str(root.text_content())).strip()
