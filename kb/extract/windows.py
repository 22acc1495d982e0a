"""An article cut into what the encoder reads at once: whole sentences with the title before them."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from kb.extract.wordpiece import CLS, SEP, WordPieces, shape

# Pieces in a window. The encoder knows 512 positions; news stays in reach with a few sentences, and short rows are cheap.
LONGEST = 192
_TITLE = 24
# Of a word with more pieces (an address, a run of signs) only these are read.
_WIDEST = 48
_STEPS = (1, 2, 4, 8, 16)
# Inside the trigger, or before or after it by one of six steps; each in the trigger's sentence or outside.
DISTANCES = 2 * (1 + 2 * (len(_STEPS) + 1))


class Window(NamedTuple):
    """Pieces with their words' shapes; word ``start + n`` of the article begins at piece ``heads[n]``."""

    pieces: tuple[int, ...]
    shapes: tuple[int, ...]
    heads: tuple[int, ...]
    start: int


def windows(words: Sequence[str], sentences: Sequence[tuple[int, int]], pieces: WordPieces) -> list[Window]:
    """Every word of every sentence in exactly one window; the first sentence stands before each later window too.

    ``sentences`` are half-open ranges of words, in order and without gaps. A sentence that is too long for a window is cut.
    """
    if not sentences:
        return []
    widths = [len(pieces.of(word)[:_WIDEST]) for word in words]
    title = list(range(*sentences[0]))
    while title and sum(widths[at] for at in title) > _TITLE:
        title.pop()
    room = LONGEST - 3 - sum(widths[at] for at in title)
    before = [0, *accumulate(widths)]
    cuts = [sentences[0][0]]
    for first, last in sentences:
        if before[last] - before[cuts[-1]] > room and first > cuts[-1]:
            cuts.append(first)
        for at in range(first, last):
            if before[at + 1] - before[cuts[-1]] > room:
                cuts.append(at)
    bounds = pairwise([*cuts, sentences[-1][1]])
    return [_window(words, title if start > cuts[0] else [], start, end, pieces) for start, end in bounds]


def distance(word: int, trigger: tuple[int, int], sentence: tuple[int, int]) -> int:
    """Where a word stands to a trigger, in one of DISTANCES steps; spans are half-open ranges of words."""
    gap = trigger[0] - word if word < trigger[0] else word - trigger[1] + 1
    step = 0 if gap < 1 else 1 + sum(gap > limit for limit in _STEPS)
    after = len(_STEPS) + 1 if step and word >= trigger[1] else 0
    outside = 0 if sentence[0] <= word < sentence[1] else DISTANCES // 2
    return step + after + outside


def _window(words: Sequence[str], title: Sequence[int], start: int, end: int, pieces: WordPieces) -> Window:
    numbers, shapes, heads = [CLS], [0], []
    for at in (*title, *range(start, end)):
        if at == start and title:
            numbers.append(SEP)
            shapes.append(0)
        if at >= start:
            heads.append(len(numbers))
        own = pieces.of(words[at])[:_WIDEST]
        numbers += own
        shapes += [shape(words[at])] * len(own)
    return Window((*numbers, SEP), (*shapes, 0), tuple(heads), start)
