"""Names compared without what writers leave out: accents, case, points."""

import re
import unicodedata

# Letters that NFKD does not take apart, and marks that are written or not.
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ß": "ss", "’": "", "'": "", ".": ""}
)
_NOT_A_WORD = re.compile(r"[^\w]+")


def without_accents(text: str) -> str:
    """A text in compatibility form (NFKD) without its combining marks: "Ćosić" → "Cosic"."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def fold(name: str) -> str:
    """A name without accents, case and punctuation, words parted by one space: "Željko Ćosić" → "zeljko cosic"."""
    return _NOT_A_WORD.sub(" ", without_accents(name).translate(_LETTERS).casefold()).strip()
