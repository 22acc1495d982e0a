"""Bytes → text, and the bytes that are no text at all."""

import codecs
import re

import charset_normalizer

from kb.errors import UnreadableFile

# First bytes of formats that come under any name; what a person calls them.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "a rich text (RTF) document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a sound, film or image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
)

# Longest first: the mark of UTF-32 begins with that of UTF-16.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_REPLACED = "\N{REPLACEMENT CHARACTER}"
_GUESS_BYTES = 1 << 18
_NOT_ASCII = bytes(range(128, 256))
# Browsers read ISO 8859-1 as its superset of Windows, and pages are made for browsers.
_AS_BROWSERS = {"iso8859-1": "cp1252"}
_NEVER_DECLARED = frozenset({"utf-7", "punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})


def decode(data: bytes) -> str:
    """The text of these bytes, without a byte order mark.

    A mark decides; else UTF-8 (also with a few damaged letters), the encoding that an HTML or XML head declares,
    Windows-1252 where only single letters are not ASCII, and last what charset_normalizer finds. Raises
    UnreadableFile for empty files, for files of other formats under a false name, and for bytes that are no text.
    """
    if not data or data.isspace():
        raise UnreadableFile("The file is empty.")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise UnreadableFile(f"The file is {what}, which kb does not read; save its text as .txt or .html.")
    mark = next((name for start, name in _MARKS if data.startswith(start)), None)
    text = _by_mark(data, mark) if mark else _without_mark(data)
    if not text or text.isspace():
        raise UnreadableFile("The file is empty.")
    if "\0" in text:
        raise UnreadableFile("The file holds binary data, not text.")
    return text


def _by_mark(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise UnreadableFile(f"The file begins as {encoding.upper()} text but is not; it may be cut off.") from None


def _without_mark(data: bytes) -> str:
    if b"\0" in data:
        raise UnreadableFile("The file holds binary data, not text.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    damaged = data.decode("utf-8", errors="replace")
    broken = damaged.count(_REPLACED)
    beyond_ascii = len(damaged) - len(data.translate(None, _NOT_ASCII))
    # UTF-8 with a letter cut in half here and there: in any other encoding hardly any pair of bytes is valid UTF-8.
    if beyond_ascii > 9 * broken:
        return damaged
    return _declared(data) or _mostly_ascii(data) or _guessed(data)


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:4096])
    if not found or not data.lstrip().startswith(b"<"):
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name.replace("_", "-")
        # These are no encodings of pages: slow on purpose-made input, or ways to hide a tag or half a character.
        return None if name in _NEVER_DECLARED else data.decode(_AS_BROWSERS.get(name, name), errors="replace")
    except (LookupError, ValueError):
        return None


def _mostly_ascii(data: bytes) -> str | None:
    try:
        rare = len(data) - len(data.translate(None, _NOT_ASCII)) < len(data) * 0.03
        return data.decode("cp1252") if rare else None
    except UnicodeDecodeError:
        return None


def _guessed(data: bytes) -> str:
    best = charset_normalizer.from_bytes(data[:_GUESS_BYTES]).best()
    if best is None:
        raise UnreadableFile("The encoding of the text is not known; save it as UTF-8.")
    return data.decode(best.encoding, errors="replace")
