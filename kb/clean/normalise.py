"""The one form of a text that all offsets count in."""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Soft hyphens, zero-width blanks, byte order marks and marks of direction: no eye sees them, every search stumbles.
_UNSEEN = re.compile("[\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufff9-\ufffb]")
_BLANKS = re.compile("[ \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_EMPTY_LINES = re.compile("\n{3,}")


def normal(text: str) -> str:
    """This text with ``\\n`` line ends, in NFC, without control or unseen characters or surrogates.

    Runs of blanks are one space, lines neither begin nor end with one, and no two empty lines follow each other.
    ``normal(normal(x)) == normal(x)``.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _CONTROLS.sub("", _UNSEEN.sub("", text)))
    text = unicodedata.normalize("NFC", _BLANKS.sub(" ", text))
    text = "\n".join(line.strip(" ") for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", text).strip("\n")


def normal_line(text: str | None) -> str | None:
    """This text in ``normal`` form on one line; ``None`` when nothing is left."""
    return " ".join(normal(text or "").split()) or None


def folded(text: str) -> str:
    """A form for comparing: without case, quotation marks, outer punctuation and kinds of white space."""
    plain = re.sub("[\"'`´‘’‚‛“”„«»]", "", text).casefold()
    return " ".join(plain.split()).strip(" .,:;!?…-–—|*#")
