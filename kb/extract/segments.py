"""The stretches of a document that speak of events, with white space folded and a way back to its offsets."""

from typing import NamedTuple

from kb.records import SPEAKING, Document, PassageKind

# The parser's memory grows with a text's length; a paragraph of news has some 500 characters.
LONGEST = 4_000


class Segment(NamedTuple):
    """A folded text; ``origin[i]`` is the offset of its i-th character in ``Document.text``."""

    text: str
    origin: tuple[int, ...]
    kind: PassageKind

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the document of a non-empty stretch of the folded text."""
        return self.origin[start], self.origin[end - 1] + 1


def segments(document: Document) -> tuple[Segment, ...]:
    """What is to be read of a document, in its order: no bylines, disclaimers or noise, and nothing twice."""
    found: list[Segment] = []
    for passage in document.passages:
        if passage.kind in SPEAKING and not passage.duplicate:
            folded = _folded(document.text, passage.start, passage.end, passage.kind)
            found += _pieces(folded)
    return tuple(found)


def _folded(text: str, start: int, end: int, kind: PassageKind) -> Segment:
    letters: list[str] = []
    origin: list[int] = []
    for at in range(start, end):
        blank = text[at].isspace()
        if blank and (not letters or letters[-1] == " "):
            continue
        letters.append(" " if blank else text[at])
        origin.append(at)
    if letters and letters[-1] == " ":
        letters.pop()
        origin.pop()
    return Segment("".join(letters), tuple(origin), kind)


def _pieces(segment: Segment) -> list[Segment]:
    pieces, at = [], 0
    while at < len(segment.text):
        end = len(segment.text)
        if end - at > LONGEST:
            cut = segment.text.rfind(". ", at, at + LONGEST)
            cut = cut if cut > at else segment.text.rfind(" ", at, at + LONGEST)
            end = cut + 1 if cut > at else at + LONGEST
        while at < end and segment.text[at] == " ":
            at += 1
        if at < end:
            pieces.append(Segment(segment.text[at:end], segment.origin[at:end], segment.kind))
        at = end
    return pieces
