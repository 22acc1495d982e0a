"""Names compared without what writers leave out: accents, case, points."""

import re
import unicodedata

# Letters that NFKD does not take apart, and marks that are written or not.
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ß": "ss", "’": "", "'": "", ".": ""}
)
_NOT_A_WORD = re.compile(r"[^\w]+")


def fold(name: str) -> str:
    """A name without accents, case and punctuation, words parted by one space: "Željko Ćosić" → "zeljko cosic"."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return _NOT_A_WORD.sub(" ", plain.translate(_LETTERS).casefold()).strip()
