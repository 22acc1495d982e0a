"""Files made to hurt, each in a form and a size that did or would; and a process that reads them all under a limit.

``python -m tests.read.hostile`` prints what came of each, with time and peak memory.
"""

import gzip
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kb.clean import clean
from kb.errors import Rejected
from kb.read import parse, split
from kb.records import Metadata

_M = 2**20
_PROSE = "The minister of Norway met the minister of Chile in Oslo on Monday. "
MEMORY = 768 * _M
"""Bytes that the reading process may allocate, the models that it loads included."""


def _words(size: int) -> bytes:
    return (_PROSE * (size // len(_PROSE) + 1))[:size].encode()


def _page(body: bytes, head: bytes = b"") -> bytes:
    return b"<html><head>" + head + b"</head><body><article><p>" + _words(1000) + b"</p>" + body + b"</article></body>"


def _laughing_html() -> bytes:
    entities = [b'<!ENTITY a0 "ha">', *(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))]
    return b"<!DOCTYPE html [" + b"".join(entities) + b"]>" + _page(b"<p>&a11;</p>")


def _laughing_xml() -> bytes:
    return b"<?xml version='1.0'?>" + _laughing_html().replace(b"DOCTYPE html", b"DOCTYPE ha")


def _laughing_yaml() -> bytes:
    lines = [b"s: &s x", b"n: &n [%s]" % (b"*s, " * 3000), b"m: &m {name: *n}", b"author: [%s]" % (b"*m, " * 3000)]
    return b"---\n" + b"\n".join(lines) + b"\n---\n" + _words(500)


def _outside_html(what: str) -> bytes:
    return f'<!DOCTYPE html [<!ENTITY x SYSTEM "{what}">]>'.encode() + _page(b"<p>It says &x; there.</p>")


HOSTILE: Mapping[str, tuple[str, Callable[[], bytes], str]] = {
    # what it is: (name of the file, its bytes, words of the reason; "" where it is read as an article)
    "one line of text": ("a.txt", lambda: _words(60 * _M), "62,914,560 characters; at most 400,000"),
    "one line of text beyond the basic plane": ("a.txt", lambda: _words(50 * _M) + "😀".encode(), "at most 400,000"),
    "text in Latin-1": ("a.txt", lambda: "é à ü ".encode("latin-1") * 3 * _M, "at most 400,000"),
    "random bytes": ("a.txt", lambda: os.urandom(8 * _M).replace(b"\0", b"\1"), "encoding of the text is not known"),
    "zeros": ("a.txt", lambda: b"\0" * 60 * _M, "binary data"),
    "blanks": ("a.txt", lambda: b" " * 60 * _M, "empty"),
    "a program under a false name": ("a.txt", lambda: Path(sys.executable).read_bytes()[: 4 * _M], "program"),
    "a zip bomb": ("a.html", lambda: gzip.compress(b"0" * 100 * _M), "gzip archive"),
    "an office document": ("a.json", lambda: b"PK\x03\x04" + bytes(1000), "zip archive"),
    "one line of HTML": ("a.html", lambda: _page(_words(60 * _M)), "characters of HTML; at most 4,000,000"),
    "HTML of nothing but tags": ("a.html", lambda: _page(b"<p>a" * 900_000), "tags of HTML; at most 100,000"),
    "HTML as large as is read": ("a.html", lambda: _page((b"<p>" + _words(75) + b"</p>") * 48_000), ""),
    "deep HTML": ("a.html", lambda: b"<html><body>" + b"<div>" * 90_000 + _words(1000), "no article text"),
    "a tag of many attributes": (
        "a.html",
        lambda: _page(b"<p x='>\"' " + b" ".join(b"a%d='<p>'" % n for n in range(40_000)) + b">"),
        "more than 1,000 attributes",
    ),
    "billion laughs in HTML": ("a.html", _laughing_html, ""),
    "billion laughs in XML": (
        "a.txt",
        _laughing_xml,
        "XML",
    ),
    "billion laughs in a front matter": ("a.md", _laughing_yaml, "kb reads English"),
    "a long title": ("a.html", lambda: _page(b"", b"<title>" + b" - x" * 500_000 + b"</title>"), ""),
    "slow patterns in JSON-LD": (
        "a.html",
        lambda: _page(
            b"",
            b'<script type=\'application/ld+json\'>{"@type":"NewsArticle","author":"' + b'\\"' * 500_000 + b"</script>",
        ),
        "",
    ),
    "comments without end": ("a.txt", lambda: b"<!---->" * 500 + b"x" + _words(500), ""),
    "a heading of blanks": ("a.md", lambda: b"# x" + b" " * 300_000 + b"y\n" + _words(500), ""),
    "a heading of hashes": ("a.md", lambda: _words(9000) + b"\n# " + b"#" * 300_000 + b"y", ""),
    "a front matter without end": ("a.md", lambda: b"---\n" + b"k: [a, {b: c}]\n" * 20_000 + b"---\nx", ""),
    "one line of JSON": ("a.json", lambda: b'{"text":"' + _words(60 * _M) + b'"}', "at most 400,000"),
    "blanks between tags in JSON": (
        "a.json",
        lambda: b'{"text":"' + _words(200) + b"<b> </b>" * 40_000 + b'"}',
        "",
    ),
    "JSON of empty lists": ("a.json", lambda: b"[" + b"[]," * 20 * _M + b"[]]", "4,000,000 are read"),
    "JSON of many values": ("a.json", lambda: b'{"text":"a","n":[' + b'{"":0},' * 1_000_000 + b"0]}", ""),
    "deep JSON": ("a.json", lambda: b"[" * 3_000_000, "nested too deeply"),
    "deep JSON of objects": ("a.json", lambda: b'{"a":' * 3_000_000, "nested too deeply"),
    "a key twice among many": (
        "a.json",
        lambda: b"{" + b",".join(b'"%d":0' % n for n in range(300_000)) + b',"299999":1}',
        "stands twice",
    ),
    "a number of many digits": ("a.json", lambda: b'{"text":"a","n":' + b"1" * 20 * _M + b"}", "too large"),
    "lines that are no JSON": ("a.jsonl", lambda: b"a\n" * 10 * _M, "more than 100,000 records"),
    "lines that are empty": ("a.jsonl", lambda: b"\n" * 60 * _M + b"a", "none of its 1 records"),
    "a page that names a slow encoding": (
        "a.html",
        lambda: b"<html><meta charset=punycode><p>\xff\xfe\xff " + "é".encode("latin-1") * 2 * _M,
        "at most 400,000",
    ),
    "a page that wants a file": ("a.html", lambda: _outside_html("file:///etc/passwd"), ""),
    "a page that wants another page": ("a.html", lambda: _outside_html("http://127.0.0.1:9/x.dtd"), ""),
}


def outcome(name: str, data: bytes) -> str:
    """What comes of a delivery: the texts of its first articles, or the reason why there is none."""
    try:
        slices, _ = split(data, name)
        return "article: " + " ".join(
            clean(parse(found.id, found.data, found.media_type), Metadata(), name).text[:3000] for found in slices[:2]
        )
    except Rejected as error:
        return f"rejected: {error}"


def read_all() -> dict[str, dict[str, Any]]:
    """What comes of all of them in a process that may not allocate more than MEMORY, by what they are."""
    found = subprocess.run([sys.executable, "-m", "tests.read.hostile"], check=True, capture_output=True, text=True)
    return {row["what"]: row for row in map(json.loads, found.stdout.splitlines())}


def _peak() -> float:
    """The process's peak memory in MiB since it was last asked."""
    status = Path("/proc/self/status").read_text()
    Path("/proc/self/clear_refs").write_text("5")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _main() -> None:
    outcome("warm.txt", _words(1000))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    for what, (name, make, _) in HOSTILE.items():
        data = make()
        _peak()
        begun = time.monotonic()
        try:
            ended = outcome(name, data)
        except Exception as error:  # noqa: BLE001  whatever it is, a test names it
            ended = f"{type(error).__name__}: {error}"
        row = {"what": what, "ended": ended[:4000], "seconds": round(time.monotonic() - begun, 2), "MiB": _peak()}
        sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()
        del data


if __name__ == "__main__":
    _main()
