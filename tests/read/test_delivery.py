import hashlib
import json
from pathlib import Path

import pytest

from kb.archive import Archive
from kb.errors import UnreadableFile
from kb.read import parse, split
from kb.records import ArticleSlice, MediaType, RawArticle

TEXT = "The harbour stays open\n\nMayor Lind told the council that ferries will sail all winter."
ARTICLE = {"title": "The harbour stays open", "body": "Ferries will sail all winter, Mayor Lind said."}


def only(data: bytes, name: str) -> tuple[ArticleSlice, RawArticle]:
    slices, faults = split(data, name)
    assert len(slices) == 1
    assert faults == ()
    return slices[0], parse(slices[0].id, slices[0].data, slices[0].media_type)


def read_all(data: bytes, name: str) -> list[RawArticle]:
    return [parse(found.id, found.data, found.media_type) for found in split(data, name)[0]]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.txt", MediaType.TEXT), ("a.md", MediaType.MARKDOWN), ("a", MediaType.TEXT), ("a.weird", MediaType.TEXT)],
)
def test_a_text_is_one_article_under_the_hash_of_the_file(name: str, media_type: MediaType) -> None:
    data = TEXT.encode()
    found, raw = only(data, name)
    assert (found.id, found.data, found.locator) == (hashlib.sha256(data).hexdigest(), data, "")
    assert found.media_type is raw.media_type is media_type
    assert raw.body == TEXT
    assert raw.metadata_origin == ""


def test_a_page_is_known_by_its_suffix_and_by_its_first_words() -> None:
    page = b"<!DOCTYPE html><html><body><p>Ferries will sail.</p></body></html>"
    assert {only(page, name)[0].media_type for name in ("a.html", "a.htm", "a.txt", "a")} == {MediaType.HTML}
    assert only(page, "a.html")[1].metadata_origin == "html"


def test_one_json_object_keeps_the_bytes_of_its_file() -> None:
    data = json.dumps(ARTICLE, indent=4).encode()
    found, raw = only(data, "a.json")
    assert (found.data, found.id) == (data, hashlib.sha256(data).hexdigest())
    assert (raw.body, raw.metadata.title, raw.metadata_origin) == (ARTICLE["body"], ARTICLE["title"], "json")
    assert only(data, "unnamed")[0].media_type is MediaType.JSON


def test_a_line_keeps_its_own_bytes_without_its_end() -> None:
    lines = [json.dumps({**ARTICLE, "n": number}, indent=None).encode() for number in (1, 2)]
    slices, faults = split(b"\xef\xbb\xbf" + lines[0] + b"\r\n\r\n" + lines[1] + b"\n", "a.jsonl")
    assert [found.data for found in slices] == lines
    assert [found.locator for found in slices] == ["line 1", "line 3"]
    assert faults == ()
    assert split(lines[0] + b"\n" + lines[1], "a.json")[0][1].locator == "line 2"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda records: records,
        lambda records: {"articles": records},
        lambda records: {"items": records},
        lambda records: {"docs": records},
        lambda records: {"response": {"docs": records}},
        lambda records: {"response": {"results": records}},
        lambda records: {"articles": {"results": records}},
    ],
)
def test_each_record_of_a_list_is_an_article_in_canonical_form(wrap: object) -> None:
    records = [{**ARTICLE, "n": 1.0}, {**ARTICLE, "n": 12345678901234567890}]
    assert callable(wrap)
    slices, _ = split(json.dumps(wrap(records)).encode(), "a.json")
    assert [found.locator for found in slices] == ["record 1", "record 2"]
    assert slices[0].data.startswith(b'{"body":"Ferries will sail')
    assert slices[0].data.endswith(b'"n":1,"title":"The harbour stays open"}')
    assert all(parse(found.id, found.data, found.media_type).body == ARTICLE["body"] for found in slices)


def test_every_slice_lies_in_the_archive_under_its_own_id(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    deliveries = [(TEXT, "a.txt"), (json.dumps([ARTICLE, {"text": "b"}]), "a.json"), (json.dumps(ARTICLE), "a.jsonl")]
    for text, name in deliveries:
        for found in split(text.encode(), name)[0]:
            assert archive.put(found.data) == found.id


def test_bad_records_are_named_and_the_good_ones_go_on() -> None:
    good = json.dumps(ARTICLE)
    bad = [
        "{broken",
        '{"a": 1, "a": 2}',
        '{"text": NaN}',
        "[1]",
        '{"colour": "blue"}',
        "[" * 100_000,
        '{"text": 1e999}',
    ]
    slices, faults = split("\n".join([*bad, good]).encode(), "a.jsonl")
    assert [found.locator for found in slices] == ["line 8"]
    assert [fault.locator for fault in faults] == [f"line {number}" for number in range(1, 8)]
    reasons = "\n".join(fault.reason for fault in faults)
    for words in ("line 1, column 2", "'a' stands twice", "NaN", "not an object", "colour", "too deeply", "too large"):
        assert words in reasons


def test_a_record_of_a_list_without_a_canonical_form_is_a_fault() -> None:
    slices, faults = split(b'[{"text": "Ferries sail.", "x": "\\ud800"}, {"text": "Ferries rest."}]', "a.json")
    assert len(slices) == 1
    assert faults[0].locator == "record 1"


def test_the_same_record_twice_is_one_article() -> None:
    line = json.dumps(ARTICLE).encode()
    slices, faults = split(line + b"\n" + line, "a.jsonl")
    assert [found.locator for found in slices] == ["line 1"]
    assert faults == ()


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "empty"),
        (b" \n\t ", "a.txt", "empty"),
        (b"\xef\xbb\xbf", "a.txt", "empty"),
        (b"%PDF-1.7 ...", "a.txt", "PDF"),
        (b"PK\x03\x04....", "a.json", "zip archive"),
        (b"\x89PNG\r\n", "a.html", "PNG"),
        (b"words\x00words", "a.txt", "binary"),
        (b"<?xml version='1.0'?><rss></rss>", "a", "XML"),
        (b"no tags here", "a.html", "no HTML"),
        (b"[]", "a.json", "empty list"),
        (b'{"articles": []}', "a.json", "empty list"),
        (b'{"a": ', "a.json", "not JSON"),
        (b'{"colour": "blue"}', "a.json", "colour"),
        (b"17", "a.json", "not an object"),
        (b'[{"colour": 1}, 2]', "a.json", "none of its 2 records"),
        (b"not json\n", "a.jsonl", "none of its 1 records"),
        (b"[" * 100_000, "a.json", "nested too deeply"),
    ],
)
def test_a_file_without_an_article_says_why(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read_all(data, name)
