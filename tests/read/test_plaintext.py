import pytest

from kb.errors import UnreadableFile
from kb.read import SIDECAR_SUFFIX, parse, read_sidecar
from kb.records import MediaType, Metadata, RawArticle


def read(text: str) -> RawArticle:
    return parse("0" * 64, text.encode(), MediaType.TEXT)


def test_a_front_matter_is_metadata_with_dates_as_they_are_written() -> None:
    raw = read(
        '---\ntitle: "A ferry: again"\npublished: 2020-01-08\nurl: unknown\ntranslated: yes\n---\n\nMayors met.\n'
    )
    assert raw.metadata == Metadata(title="A ferry: again", published="2020-01-08", translated=True)
    assert raw.metadata_origin == "front matter"
    assert raw.body.strip() == "Mayors met."


@pytest.mark.parametrize("written", ["2020", "2020-01", "2020-02-31", "2020-01-08T23:30:00+03:00"])
def test_a_date_of_a_front_matter_keeps_its_precision(written: str) -> None:
    assert read(f"---\ndate: {written}\n---\nMayors met.").metadata.published == written


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: a: b: c\n  - x\n---\nMayors met.",
        "---\ntitle: never closed\n\nMayors met.",
        "---\njust words\n---\nMayors met.",
        "Mayors met.\n---\ntitle: later\n---\n",
        "---\na: &a [*a]\nb: !!python/object/apply:os.system [ls]\n---\nMayors met.",
    ],
)
def test_what_is_no_front_matter_is_text_or_harmless(text: str) -> None:
    raw = read(text)
    assert "Mayors met." in raw.body
    assert raw.metadata == Metadata()


def test_a_sidecar_gives_metadata() -> None:
    assert SIDECAR_SUFFIX == ".meta.json"
    found = read_sidecar(b'{"published": "2020-01-08", "translated": true}')
    assert found == Metadata(published="2020-01-08", translated=True)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"pubdate": "2020", "colour": 1}', "colour, pubdate"),
        (b"[]", "not one JSON object"),
        (b"{", "not JSON"),
        (b'{"title": ["a"]}', "title"),
        (b"", "empty"),
    ],
)
def test_a_wrong_sidecar_says_what_is_wrong(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read_sidecar(data)
