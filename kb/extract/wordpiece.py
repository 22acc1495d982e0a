"""Words into the pieces that the encoder's vocabulary knows."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

CLS, SEP, UNKNOWN, PADDING = 101, 102, 100, 0
SHAPES = 6
_PARTS = re.compile(r"\w+|[^\w\s]")
_LONGEST = 40


def read_vocabulary(path: Path) -> dict[str, int]:
    """Piece to number: one piece a line, numbered from 0 (the form of BERT's vocab.txt)."""
    return {piece: number for number, piece in enumerate(path.read_text("utf-8").split("\n")) if piece}


def shape(word: str) -> int:
    """How a word is written: 1 lower case, 2 Capitalised, 3 CAPITALS, 4 with a digit, 5 anything else; 0 is padding.

    The vocabulary has no capitals, and names live by them.
    """
    if any(character.isdigit() for character in word):
        return 4
    if word.islower():
        return 1
    if len(word) > 1 and word.isupper():
        return 3
    return 2 if word[:1].isupper() else 5


class WordPieces:
    """Greedy longest match over a vocabulary, as BERT's uncased models split words (Devlin et al. 2019)."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._vocabulary = vocabulary
        self.of = lru_cache(maxsize=50_000)(self._of)

    def _of(self, word: str) -> tuple[int, ...]:
        """The numbers of a word's pieces; at least one."""
        plain = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
        found = [piece for part in _PARTS.findall(plain) for piece in self._split(part)]
        return tuple(found) or (UNKNOWN,)

    def _split(self, part: str) -> Sequence[int]:
        if len(part) > _LONGEST:
            return (UNKNOWN,)
        found: list[int] = []
        at = 0
        while at < len(part):
            for end in range(len(part), at, -1):
                number = self._vocabulary.get(part[at:end] if at == 0 else f"##{part[at:end]}")
                if number is not None:
                    found.append(number)
                    at = end
                    break
            else:
                return (UNKNOWN,)
        return found
