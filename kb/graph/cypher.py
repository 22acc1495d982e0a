"""A Cypher statement as tokens, cut so that no escape, comment or quotation mark can hide a word.

The graphs differ in where they resolve an escape: Neo4j everywhere and before all else, ArcadeDB within a text only.
So an escape may only stand within quotation marks, and for a character that ends nothing; then both cut alike.
"""

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple

from kb.errors import RefusedQuery

MAX_LENGTH = 50_000
"""Characters that a statement may have."""

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n\r]*|/\*.*?\*/)
      | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<name>`(?:[^`]|``)*`)
      | (?P<parameter>\$(?:\w+|`(?:[^`]|``)*`))
      | (?P<word>[^\W\d]\w*)
      | (?P<number>0[xX][0-9a-fA-F]+|0o[0-7]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | (?P<sign>\.\.|[()\[\]{}.,:;|&!=<>+\-*/^%~])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u+([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_BOUNDARIES = "'\"`\\/*"


class Kind(StrEnum):
    """What a token is; a name stands in backticks, a word does not."""

    WORD = "word"
    NAME = "name"
    TEXT = "text"
    NUMBER = "number"
    PARAMETER = "parameter"
    SIGN = "sign"


class Token(NamedTuple):
    """A piece of a statement. ``key``: of a word, name (with its backticks) or sign the text without case, else ""."""

    kind: Kind
    text: str
    key: str


def tokens(statement: str) -> tuple[Token, ...]:
    """The statement's tokens, without blanks and comments. Raises RefusedQuery where it can be cut in two ways."""
    if len(statement) > MAX_LENGTH:
        raise RefusedQuery(f"the query has {len(statement):,} characters; the limit is {MAX_LENGTH:,}")
    _check_escapes(statement)
    found = []
    for piece in _TOKEN.finditer(statement):
        if piece.lastgroup == "space":
            _check_comment(piece[0])
        else:
            found.append(_token(piece, statement))
    return tuple(found)


def _token(piece: re.Match[str], statement: str) -> Token:
    text = piece[0]
    if piece.lastgroup == "other":
        raise RefusedQuery(_stray(text))
    kind = Kind(piece.lastgroup or "sign")
    if kind is Kind.WORD and not text.isidentifier():
        raise RefusedQuery(f"{text} is no word of Cypher; write it in backticks if it is a name")
    if kind is Kind.NUMBER and re.match(r"\.(?!\.)", statement[piece.end() :]):
        raise RefusedQuery(f"a digit is missing after {text}.")
    if kind is Kind.SIGN and statement.startswith("/*", piece.start()):
        raise RefusedQuery("a comment that begins with /* is never closed")
    return Token(kind, text, text.casefold() if kind in (Kind.WORD, Kind.NAME, Kind.SIGN) else "")


def _check_escapes(statement: str) -> None:
    for escape in _ESCAPE.finditer(statement):
        number = int(escape[1] or escape[2], 16)
        character = chr(number) if number < 0x110000 else ""
        if not character or character in _BOUNDARIES or unicodedata.category(character)[0] in "CZ":
            raise RefusedQuery(f"the escape {escape[0]} is not allowed here: pass the text as a parameter (--param)")


def _check_comment(text: str) -> None:
    """A line comment ends at a line feed or carriage return; of other line ends the graphs' opinions may differ."""
    if text.startswith("//") and len(text.splitlines()) > 1:
        raise RefusedQuery("a comment holds an unusual line end: leave the comment out")


def _stray(character: str) -> str:
    match character:
        case "'" | '"' | "`":
            return f"a quotation mark ({character}) is never closed"
        case "\\":
            return "a \\ stands outside of quotation marks: write the character itself instead of its escape"
    name = unicodedata.name(character, "without a name")
    return f"the character {character!r} ({name}) means nothing in Cypher outside of quotation marks"
