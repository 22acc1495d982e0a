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
_EMPTY_LINES = re.compile(r"\n\s*\n\s*")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST_CHARS, _MOST_TAGS = 4_000_000, 100_000
_TAG_WITH_ATTRIBUTES = re.compile(r"""<[a-z](?:[^"'>]++|"[^"]*+"|'[^']*+')*+""", re.I)
_QUOTED = re.compile(r""""[^"]*+"|'[^']*+'""")
_MOST_ATTRIBUTES = 1000


def looks_like_html(text: str) -> bool:
    """Whether a string holds tags of HTML, at least one of them as it is written."""
    return bool(_TAG.search(text))


def fault_of(source: str) -> str | None:
    """Why HTML is not even parsed: it would take more time or memory than any page that holds an article."""
    if len(source) > _MOST_CHARS:
        return f"it has {len(source):,} characters of HTML; at most {_MOST_CHARS:,} are read"
    if (tags := source.count("<")) > _MOST_TAGS:
        return f"it has {tags:,} tags of HTML; at most {_MOST_TAGS:,} are read"
    # The parser compares each attribute of a tag with all others of it.
    long = (found[0] for found in _TAG_WITH_ATTRIBUTES.finditer(source) if len(found[0]) > 2 * _MOST_ATTRIBUTES)
    if any(len(re.split(r"[\s=/]+", _QUOTED.sub(" ", tag))) > _MOST_ATTRIBUTES for tag in long):
        return f"one of its tags has more than {_MOST_ATTRIBUTES:,} attributes"
    return None


def to_text(fragment: str) -> str:
    """The words of an HTML fragment; scripts and forms left out, blocks apart by blank lines. "" for none."""
    try:
        root = lxml.html.fragment_fromstring(_CONTROLS.sub(" ", fragment), create_parent="div")
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        return ""
    lxml.etree.strip_elements(root, *_UNSEEN, lxml.etree.Comment, with_tail=False)
    for element in root.iter():
        element.text, element.tail = _one_line(element.text), _one_line(element.tail)
        if element.tag == "br":
            element.tail = "\n" + (element.tail or "")
        elif element.tag in _BLOCKS:
            element.text = "\n\n" + (element.text or "")
            element.tail = "\n\n" + (element.tail or "")
    lines = str(root.text_content()).split("\n")
    return _EMPTY_LINES.sub("\n\n", "\n".join(line.rstrip(" \t") for line in lines)).strip()


def _one_line(text: str | None) -> str | None:
    # White space of the source is no more than one blank; only elements break lines. References may name controls.
    return re.sub(r"\s+", " ", _CONTROLS.sub(" ", text)) if text else text
