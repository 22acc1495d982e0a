"""Every format becomes articles; what is none is refused with a reason."""

import hashlib
import json

import pytest

from kb.errors import UnreadableFile
from kb.read import parse, read_sidecar, split
from kb.records import MediaType, Metadata, RawArticle


def _read(data: bytes, name: str) -> RawArticle:
    ((item,), faults) = split(data, name)
    assert faults == ()
    return parse(item.id, item.data, item.media_type)


def test_a_text_file_is_one_article_under_the_hash_of_its_bytes() -> None:
    ((item,), _) = split(b"A headline\n\nSome words.", "a.txt")
    assert item.id == hashlib.sha256(b"A headline\n\nSome words.").hexdigest()
    assert parse(item.id, item.data, item.media_type).metadata == Metadata()


def test_front_matter_is_what_a_file_says_of_itself() -> None:
    raw = _read(b"---\ntitle: A: B\npublished: 2020-01-08\nsource: Wire\n---\nBody.", "a.md")
    assert (raw.metadata, raw.body) == (Metadata(), "---\ntitle: A: B\npublished: 2020-01-08\nsource: Wire\n---\nBody.")
    raw = _read(b'---\ntitle: "A: B"\npublished: 2020-01-08\nsource: Wire\n---\nBody.', "a.md")
    assert raw.metadata == Metadata(title="A: B", published="2020-01-08", source="Wire")
    assert (raw.body, raw.metadata_origin) == ("Body.", "front matter")


def test_markdown_reads_as_its_words() -> None:
    raw = _read(b"# Title\n\n**Bold** and [a link](http://x.example) and *more*.\n\n- item", "a.md")
    assert raw.body == "Title\n\nBold and a link and more.\n\nitem"


def test_a_page_gives_main_text_title_and_date() -> None:
    page = (
        b"<html lang='en'><head><title>T | Site</title><meta property='og:title' content='Talks held'>"
        b"<meta property='article:published_time' content='2020-01-09T07:30:00+01:00'></head><body><nav>Menu Sport</nav>"
        b"<article><h1>Talks held</h1><p>"
        + b"The two ministers spoke for an hour about the river. "
        * 8
        + b"</p></article>"
        b"<script>evil()</script></body></html>"
    )
    raw = _read(page, "a.html")
    assert (raw.metadata.title, raw.metadata.published, raw.metadata.language) == ("Talks held", "2020-01-09", "en")
    assert "ministers spoke" in raw.body
    assert "Menu" not in raw.body
    assert "evil" not in raw.body


@pytest.mark.parametrize(
    ("record", "source"),
    [
        ({"title": "T", "content": "Words.", "publishedAt": "2020-01-08T10:00:00Z", "source": {"name": "S"}}, "S"),
        ({"webTitle": "T", "fields": {"bodyText": "Words."}, "webPublicationDate": "2020-01-08"}, None),
        ({"headline": {"main": "T"}, "articleBody": "Words.", "datePublished": "2020-01-08"}, None),
        (
            {"title": "T", "maintext": "Words.", "date_publish": "2020-01-08 10:00:00", "source_domain": "s.example"},
            "s.example",
        ),
    ],
)
def test_the_field_names_of_news_interfaces_are_known(
    record: dict[str, object], expected: tuple[str, str | None]
) -> None:
    raw = _read(json.dumps(record).encode(), "a.json")
    assert (raw.metadata.title, raw.metadata.source) == expected
    assert (raw.metadata.published or "")[:10] == "2020-01-08"
    assert raw.body == "Words."


def test_a_line_of_json_lines_is_an_article_and_a_bad_one_is_named() -> None:
    good = b'{"text": "One."}'
    slices, faults = split(good + b"\nno json\n" + b'{"title": "no text"}\n' + b'{"text": "<p>Two.</p>"}\n', "a.jsonl")
    assert [(item.locator, item.media_type) for item in slices] == [
        ("line 1", MediaType.JSON),
        ("line 4", MediaType.JSON),
    ]
    assert slices[0].id == hashlib.sha256(good).hexdigest()
    assert [fault.locator for fault in faults] == ["line 2", "line 3"]
    assert "no JSON" in faults[0].reason
    assert parse(slices[1].id, slices[1].data, slices[1].media_type).body == "Two."


def test_the_records_of_an_array_have_the_id_of_their_canonical_form() -> None:
    one, two = (
        split(b'{"articles": [{"text": "One.", "n": 1.0}]}', "a.json")[0],
        split(b'[{"n":1,"text":"One."}]', "b.json")[0],
    )
    assert [item.id for item in one] == [item.id for item in two]
    assert one[0].locator == "record 1"


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "empty"),
        (b" \n ", "a.txt", "empty"),
        (b"%PDF-1.7 ...", "a.txt", "a PDF"),
        (b"PK\x03\x04....", "a.json", "zip"),
        (b"some\x00bytes", "a.txt", "zero bytes"),
        (b"{", "a.json", "no JSON"),
        (b'{"title": "T"}', "a.json", "no text"),
        (b'{"a": 1, "a": 2, "text": "x"}', "a.json", "stands twice"),
        (b"[" * 100_000, "a.json", "nested too deeply"),
        (b'{"text": NaN}', "a.json", "NaN"),
        (b"\n\n", "a.jsonl", "empty"),
    ],
)
def test_what_is_no_article_is_refused_with_its_reason(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        _read(data, name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told(encoding: str) -> None:
    words = "The minister’s café in Genève stayed open, said Mr. Müller – it always does. " * 5
    assert "café in Genève" in _read(words.encode(encoding), "a.txt").body


def test_names_that_say_nothing_are_looked_into() -> None:
    assert _read(b'{"text": "Words."}', "article").media_type is MediaType.JSON
    assert _read(b"Just words.", "article.unknown").media_type is MediaType.TEXT


def test_a_sidecar_with_an_unknown_field_is_refused_by_name() -> None:
    assert read_sidecar(b'{"published": "2020-01-08"}') == Metadata(published="2020-01-08")
    with pytest.raises(UnreadableFile, match="publishd"):
        read_sidecar(b'{"publishd": "2020-01-08"}')
    with pytest.raises(UnreadableFile, match="no JSON object"):
        read_sidecar(b"[")
