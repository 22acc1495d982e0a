"""Which ad-hoc statements may run: a list of what reads, applied to the statement's own tokens.

Escapes are resolved and comments removed first, so that neither can hide a word. Whatever is not on the list is
refused; the reading user and the read-only transaction stand behind this, each on its own.
"""

import re

from kb.errors import RefusedQuery

PROCEDURES = frozenset({"db.index.fulltext.querynodes"})

# Words that begin a clause or command in Cypher 5 and do more than read, or read more than the graph.
_REFUSED = frozenset(
    "alter call create deallocate delete deny detach drop dryrun enable explain finish foreach grant insert load merge "
    "profile reallocate remove rename revoke set show start stop terminate use using".split()
)
_OPENING = frozenset({"match", "optional", "with", "unwind", "return", "call"})
_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<quoted>`(?:[^`]|``)*`)
      | (?P<word>[^\W\d]\w*)
      | (?P<number>\d[\w.]*)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u+([0-9A-Fa-f]{4})")
_CALL = re.compile(r"call([\w.]+)\(")


def check(statement: str) -> None:
    """Raise RefusedQuery, naming the word, unless the statement only reads."""
    resolved = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), statement)
    tokens = [found for found in _TOKEN.finditer(resolved) if found.lastgroup != "space"]
    if not tokens:
        raise RefusedQuery("the query is empty")
    if any(token[0] in ("'", '"', "`") for token in tokens):
        raise RefusedQuery("a quotation mark is never closed")
    words = [(index, token[0].casefold()) for index, token in enumerate(tokens) if token.lastgroup == "word"]
    if not words or words[0] != (0, words[0][1]) or words[0][1] not in _OPENING:
        raise RefusedQuery(
            "a query begins with MATCH, OPTIONAL MATCH, WITH, UNWIND, RETURN or CALL of the full-text index"
        )
    for index, word in words:
        if word in _REFUSED and not _is_name(tokens, index):
            _check_command(tokens, index, word)
    if any(token[0] == ";" for token in tokens[:-1]):
        raise RefusedQuery("one statement at a time: leave out the semicolon")


def _is_name(tokens: list[re.Match[str]], index: int) -> bool:
    """True where a word is a property, a label, a parameter or a map's key, and no clause."""
    before = tokens[index - 1][0] if index else ""
    after = tokens[index + 1][0] if index + 1 < len(tokens) else ""
    return before in (".", ":", "$", "|", "&") or (before in ("{", ",") and after == ":")


def _check_command(tokens: list[re.Match[str]], index: int, word: str) -> None:
    if word == "call":
        called = _CALL.match("".join(token[0].casefold().strip("`") for token in tokens[index : index + 12]))
        if called and called[1] in PROCEDURES:
            return
        raise RefusedQuery("CALL may only search the full-text indexes: CALL db.index.fulltext.queryNodes(name, words)")
    raise RefusedQuery(f"{word.upper()} is not allowed here: ad-hoc queries only read (MATCH … RETURN …)")
