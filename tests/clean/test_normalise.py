import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from kb.clean.normalise import normal


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_a_normal_text_has_one_form_only(text: str) -> None:
    found = normal(text)
    assert normal(found) == found
    assert unicodedata.is_normalized("NFC", found)
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in found if letter != "\n")
    assert all(line == line.strip(" ") for line in found.split("\n"))
    assert "\n\n\n" not in found
    found.encode("utf-8")


def test_line_ends_blanks_and_unseen_marks_are_told_apart_from_words() -> None:
    assert normal("\ufeffa\u00a0 b\t\r\nc\u200bd\u2028e\u0301\r\r\r\nf  ") == "a b\ncd\n\u00e9\n\nf"
