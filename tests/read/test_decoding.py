import pytest

from kb.errors import UnreadableFile
from kb.read.decoding import decode

WORDS = "“Naïve” ministers met in Århus, said Zoë – twice."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_with_and_without_a_mark(encoding: str) -> None:
    assert decode(WORDS.encode(encoding)) == WORDS


def test_english_with_windows_quotes_is_read_as_windows() -> None:
    text = "The minister said it was “a good day” for the whole region and for its people. " * 3
    assert decode(text.encode("cp1252")) == text


def test_a_declared_encoding_of_a_page_is_believed() -> None:
    page = '<html><head><meta charset="koi8-r"></head><body>Встреча министров прошла в порту</body></html>'
    assert decode(page.encode("koi8-r")) == page


def test_a_guessed_encoding_gives_back_the_words() -> None:
    text = "Министры двух стран встретились сегодня в порту и говорили о новой паромной линии. " * 5
    assert decode(text.encode("cp1251")) == text


def test_one_broken_letter_does_not_change_the_encoding() -> None:
    broken = WORDS.encode() * 4 + b"Caf\xc3 " + WORDS.encode()
    assert decode(broken) == WORDS * 4 + "Caf\N{REPLACEMENT CHARACTER} " + WORDS


def test_a_cut_off_utf_16_text_is_no_text() -> None:
    with pytest.raises(UnreadableFile, match="cut off"):
        decode("words".encode("utf-16")[:-1])
