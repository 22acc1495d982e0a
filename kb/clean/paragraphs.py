"""A text → its paragraphs. A line is one, unless the whole text is broken into lines of a screen's width."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Mails and plain-text releases are broken at 72 to 80 characters; the last word leaves lines shorter.
_WRAPPED_CHARS = range(50, 101)
_GOES_ON_CHARS = range(40, 101)
_ITEM = re.compile(r"(?:[-–—•*▪◦]|\d{1,2}[.)]|\([a-z\d]{1,2}\))\s")
_MIN_WRAPPED_LINES = 6
_MIN_SHARE = 0.6
_STOPS = (".", "!", "?", ":", ";", "…", '."', ".”", '?"', "?”", '!"', "!”", ".)", ".’", ".'")


@dataclass(frozen=True)
class Paragraph:
    """A stretch of a text in code points, and its words on one line."""

    start: int
    end: int
    words: str


def paragraphs(text: str, title: str | None) -> tuple[Paragraph, ...]:
    """All paragraphs of a text in ``normal`` form, in order, without the empty lines between them.

    The line that is the title never becomes part of another paragraph. ``words`` are as long as the stretch is.
    """
    blocks = _blocks(text)
    wrapped = _is_wrapped([[line for _, line in block] for block in blocks])
    found: list[Paragraph] = []
    for block in blocks:
        previous: str | None = None
        for start, line in block:
            end = start + len(line)
            if wrapped and previous not in (None, title) and _goes_on(str(previous), line):
                found[-1] = Paragraph(found[-1].start, end, f"{found[-1].words} {line}")
            else:
                found.append(Paragraph(start, end, line))
            previous = line
    return tuple(found)


def ends_sentence(words: str) -> bool:
    """Whether a paragraph ends as a sentence does; headings, names and teasers do not."""
    return words.endswith(_STOPS)


def _blocks(text: str) -> list[list[tuple[int, str]]]:
    blocks: list[list[tuple[int, str]]] = [[]]
    at = 0
    for line in text.split("\n"):
        if line:
            blocks[-1].append((at, line))
        elif blocks[-1]:
            blocks.append([])
        at += len(line) + 1
    return [block for block in blocks if block]


def _is_wrapped(blocks: Sequence[Sequence[str]]) -> bool:
    # Only lines that another follows in their block can have been broken.
    inner = [line for block in blocks for line in block[:-1]]
    broken = [line for line in inner if len(line) in _WRAPPED_CHARS and not ends_sentence(line)]
    return len(broken) >= _MIN_WRAPPED_LINES and len(broken) >= _MIN_SHARE * len(inner)


def _goes_on(line: str, following: str) -> bool:
    # A line much shorter than the screen ended by itself, and so did one before a bullet.
    return len(line) in _GOES_ON_CHARS and len(following) < _WRAPPED_CHARS.stop and not _ITEM.match(following)
