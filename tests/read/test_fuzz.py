"""Whatever the bytes: a document or a reason, in valid Unicode, and never another exception."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kb.clean import clean
from kb.errors import Rejected
from kb.read import parse, read_sidecar, split
from kb.records import Document, Metadata

_SUFFIXES = ("", ".txt", ".md", ".html", ".xhtml", ".json", ".jsonl", ".weird")
names = st.builds(lambda stem, suffix: stem + suffix, st.text(max_size=8), st.sampled_from(_SUFFIXES))

_WORDS = "Norway pledged to send ships to the Baltic, the minister said on Monday. "
_MARKS = [
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\0",
    b"\x85",
    b"\xed\xa0\x80",
    b"---\n",
    b"\n---\n",
    b"title: &a [*a]\n",
    b'"\\uD800": "\\x00"\n',
    b"<!--",
    b"-->",
    b"<?xml encoding='x'?>",
    b"<!DOCTYPE html>",
    b"<html lang=en>",
    b"<head><title>",
    b"<meta charset=utf-7>",
    b"<script type='application/ld+json'>",
    b"</script>",
    b"<article><p>",
    b"&#0;",
    b"&#1;",
    b"&#xD800;",
    b"<br>",
    b"<a href='x'>",
    b"<table><tr><td>",
    b"<svg><math>",
    b'{"text": "',
    b'"}',
    b'"title": "\\ud800", ',
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b":",
    b"1e999",
    b"# ",
    b"](",
    b"![",
    b"* _",
    b"\n",
    b"\r\n",
    b" ",
    b"\t",
    b'"',
    b"'",
    b"\\",
    _WORDS.encode(),
    _WORDS.encode("utf-16"),
    "Zoë – “naïve” 🙂 é".encode(),
    "Zoë – “naïve”".encode("cp1252"),
    b"By Jane Doe, January 8, 2020 - ",
]
marks = st.sampled_from(_MARKS)
mixtures = st.lists(st.one_of(marks, st.binary(max_size=20)), max_size=40).map(b"".join)
pumped = st.builds(
    lambda before, mark, times, after: before + mark * (times // len(mark)) + after,
    mixtures,
    st.lists(marks, min_size=1, max_size=3).map(b"".join),
    st.integers(0, 60_000),
    mixtures,
)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["text", "title", "body", "content", "author", "name", "date", "url", "articles", "rendered"]
            )
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def _read(data: bytes, name: str) -> list[Document]:
    """The documents of a delivery, each reason checked."""
    try:
        slices, faults = split(data, name)
        for fault in faults:
            fault.reason.encode()
        return [clean(parse(item.id, item.data, item.media_type), Metadata(), name) for item in slices[:5]]
    except Rejected as error:
        str(error).encode()
        return []


def _check(data: bytes, name: str) -> None:
    for document in _read(data, name):
        document.model_dump_json().encode()
        for passage in document.passages:
            assert 0 <= passage.start < passage.end <= len(document.text)


@given(st.binary(max_size=3000), names)
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    _check(data, name)


@given(mixtures, names)
def test_mixtures_of_formats_are_read_or_refused(data: bytes, name: str) -> None:
    _check(data, name)


@given(pumped, names)
def test_long_repeats_are_read_or_refused(data: bytes, name: str) -> None:
    """A pattern or parser that is slow on some repeat shows here by the time limit of all tests."""
    _check(data, name)


@given(values, names)
def test_any_json_is_read_or_refused(value: Any, name: str) -> None:
    _check(json.dumps(value).encode(), name)


@given(values)
def test_an_article_of_any_other_values_is_read_or_refused(value: Any) -> None:
    _check(
        json.dumps({"text": _WORDS, "title": value, "author": value, "source": value, "date": value}).encode(), "a.json"
    )


@given(mixtures)
def test_an_article_of_any_html_is_read_or_refused(data: bytes) -> None:
    _check(json.dumps({"text": f"<p>{_WORDS}</p>{data.decode('latin-1')}"}).encode(), "a.json")
    _check(b"<html><body><article><p>" + _WORDS.encode() * 4 + b"</p>" + data, "a.html")


@given(st.binary(max_size=300) | values.map(lambda value: json.dumps(value).encode()))
def test_any_sidecar_is_read_or_refused(data: bytes) -> None:
    try:
        read_sidecar(data)
    except Rejected as error:
        str(error).encode()
