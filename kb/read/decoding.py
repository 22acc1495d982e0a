"""From bytes to characters, without trusting what the bytes claim to be."""

import codecs

from charset_normalizer import from_bytes

from kb.errors import UnreadableFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive or an office document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x1f\x8b": "gzip-compressed",
    b"\x7fELF": "a program",
    b"SQLite": "a database",
}
# Detection reads this much; an encoding that differs further on is a damaged file.
_SAMPLE = 100_000


def refuse_binary(data: bytes) -> None:
    """Raise UnreadableFile for bytes that are no text, whatever the file's name says."""
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise UnreadableFile(f"the file is {what}, not a text; kb reads .txt, .md, .html, .json and .jsonl")
    if b"\x00" in data[:4096] and not any(data.startswith(mark) for mark, _ in _MARKS):
        raise UnreadableFile("the file holds zero bytes: it is no text")


def decode(data: bytes) -> str:
    """The text of these bytes: by their mark, as UTF-8, else as what they most look like. Raises UnreadableFile."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A sample that was cut inside a character is UTF-8 all the same.
        if error.start > len(data) - 4 and error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8")
    best = from_bytes(data[:_SAMPLE]).best()
    if best is None:
        raise UnreadableFile("the file's character encoding cannot be told; save it as UTF-8")
    return _strictly(data, best.encoding)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise UnreadableFile(f"the file looks like {encoding} but is damaged; save it as UTF-8") from None
