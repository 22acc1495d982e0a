"""Cleaning marks what is not the article, and never moves a character that is counted."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.clean import as_partial, clean
from kb.errors import Rejected, UnreadableFile, UnreadableLanguage
from kb.read import parse, split
from kb.records import Document, MediaType, Metadata, PassageKind, RawArticle
from tests.conftest import SHARED

NOISY = """Ministers agree on a bridge over the river after years of quarrels
They speak of a new beginning
1,203 views 4 comment(s)
The ministers on the bank, Photo: Agency
The ministers on the bank, Photo: Agency
Disclaimer: The text below was translated by a machine and may contain mistakes.

The two ministers met in the border town on Monday and signed the plan for a bridge.

Work is to begin in the spring, they said.

Bonus video:
"""


def _clean(text: str, name: str = "a.txt", stated: Metadata = Metadata(), **said: str) -> Document:
    raw = RawArticle(
        id="0" * 64, media_type=MediaType.TEXT, body=text, metadata=Metadata(**said), metadata_origin="front matter"
    )
    return clean(raw, stated, name)


def _kinds(document: Document) -> list[tuple[str, bool]]:
    return [(passage.kind.value, passage.duplicate) for passage in document.passages]


def test_noise_is_marked_and_not_cut() -> None:
    document = _clean(NOISY)
    assert [kind for kind, _ in _kinds(document)] == [
        "title", "standfirst", "noise", "caption", "caption", "disclaimer", "body", "body", "noise",
    ]  # fmt: skip
    assert [duplicate for _, duplicate in _kinds(document)] == [False] * 4 + [True] + [False] * 4
    assert document.title == "Ministers agree on a bridge over the river after years of quarrels"
    assert document.translated
    assert "1,203 views" in document.text
    assert (document.published, document.published_origin) == (None, None)


def test_a_title_that_stands_apart_comes_first() -> None:
    document = _clean("The minister met his guest in the old town hall on Monday.", title="A visit")
    assert document.text.startswith("A visit\n\nThe minister")
    assert document.passages[0].kind is PassageKind.TITLE
    assert _clean("A visit\n\nThe minister met his guest in the hall.", title="A visit").text.count("A visit") == 1


BODY = "The minister met his guest in the old town hall on Monday, and both spoke to the press."


@pytest.mark.parametrize(
    ("stated", "said", "text", "name", "expected"),
    [
        (
            Metadata(published="2020-01-01"),
            {"published": "2020-01-02"},
            BODY,
            "2020-01-05.txt",
            ("2020-01-01", "sidecar"),
        ),
        (Metadata(), {"published": "2020-01-02T23:30:00-05:00"}, BODY, "x.txt", ("2020-01-02", "front matter")),
        (Metadata(), {"published": "2020-01"}, BODY, "x.txt", ("2020-01", "front matter")),
        (Metadata(), {}, f"Published: 3 January 2020\n\n{BODY}", "x.txt", ("2020-01-03", "byline")),
        (Metadata(), {"url": "https://a.example/2020/01/04/visit"}, BODY, "x.txt", ("2020-01-04", "url")),
        (Metadata(), {}, BODY, "wire_20200105_visit.txt", ("2020-01-05", "file name")),
        (Metadata(), {"published": "soon"}, BODY, "x.txt", (None, None)),
        (Metadata(), {}, f"{BODY} He had been there on 3 January 2019.", "x.txt", (None, None)),
    ],
)
def test_the_publication_date_says_where_it_comes_from(
    stated: Metadata, said: dict[str, str], text: str, name: str, expected: tuple[str | None, str | None]
) -> None:
    document = _clean(text, name, stated, **said)
    assert (document.published, document.published_origin) == expected


def test_a_date_is_taken_as_printed() -> None:
    assert as_partial("Wed, 08 Jan 2020 23:59:00 +0300") == "2020-01-08"
    assert as_partial("20200108T101500Z") == "2020-01-08"
    assert as_partial("January 8th, 2020") == "2020-01-08"
    assert as_partial("2020-02-31") is None


def test_the_source_is_the_domain_or_the_folded_name() -> None:
    assert _clean(BODY, source="The Éxample Times").source is not None
    named = _clean(BODY, source="The Éxample Times").source
    placed = _clean(BODY, source="Times", url="https://www.Times.example/a").source
    assert (named and named.id, placed and placed.id) == ("the-example-times", "times.example")
    assert _clean(BODY).source is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "El presidente se reunió el lunes con la ministra en la capital para hablar de la paz y del comercio.",
            "Spanish",
        ),
        (
            "Президент встретился в понедельник с министром в столице и говорил о мире и торговле между странами.",
            "Russian",
        ),
    ],
)
def test_a_language_that_we_cannot_read_is_named(text: str, language: str) -> None:
    with pytest.raises(UnreadableLanguage, match=language):
        _clean(text)


def test_a_text_without_words_or_over_the_limit_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="no words"):
        _clean("… — !")
    raw = RawArticle(id="0" * 64, media_type=MediaType.TEXT, body=BODY * 10, metadata=Metadata(), metadata_origin="")
    with pytest.raises(UnreadableFile, match="the limit is 100"):
        clean(raw, Metadata(), "a.txt", max_chars=100)


@given(st.text(max_size=400))
def test_passages_are_in_order_and_inside_the_text(text: str) -> None:
    try:
        document = _clean(BODY + "\n" + text)
    except Rejected:
        return
    at = 0
    for passage in document.passages:
        assert at <= passage.start < passage.end <= len(document.text)
        at = passage.end
    assert unicodedata.is_normalized("NFC", document.text)
    assert "\r" not in document.text


@given(st.text(max_size=300))
def test_cleaning_its_own_text_changes_nothing(text: str) -> None:
    try:
        document = _clean(BODY + "\n" + text)
        assert _clean(document.text).text == document.text
    except Rejected:
        return


@pytest.mark.skipif(not SHARED.exists(), reason="the shared articles are not here")
def test_real_articles_are_read_without_an_error() -> None:
    files = sorted(SHARED.glob("eval/unlabelled/*.txt")) + sorted(SHARED.glob("eval/html/*.html"))
    assert len(files) > 100
    for path in files:
        ((item,), _) = split(path.read_bytes(), path.name)
        assert clean(parse(item.id, item.data, item.media_type), Metadata(), path.name).words > 20


@pytest.mark.skipif(not SHARED.exists(), reason="the shared articles are not here")
@pytest.mark.parametrize("path", sorted(SHARED.glob("eval/clusters/*/other-lang/*.txt")), ids=lambda p: Path(p).name)
def test_real_articles_in_other_languages_are_rejected(path: Path) -> None:
    ((item,), _) = split(path.read_bytes(), path.name)
    with pytest.raises(UnreadableLanguage):
        clean(parse(item.id, item.data, item.media_type), Metadata(), path.name)
