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
    r"""(?P<space>\s+|//[^\n\r]*|/\*.*?\*/)
      | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<quoted>`(?:[^`]|``)*`)
      | (?P<word>[^\W\d]\w*)
      | (?P<number>\d[\w.]*)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u+([0-9A-Fa-f]{4})")
# Functions in a namespace that Cypher itself has; any other is a plug-in's, and may do anything.
_NAMESPACES = frozenset({"date", "datetime", "duration", "localdatetime", "localtime", "point", "time", "vector"})
_NAMESPACED = re.compile(r"([a-z_]\w*(?:\.[a-z_]\w*)+)\(")
_WORDS = ("word", "quoted", "number")
_CALL = re.compile(r"call([\w.]+)\(")


def check(statement: str) -> None:
    """Raise RefusedQuery, naming the word, unless the statement only reads.

    It must pass as it stands and with its escapes resolved: the two graphs differ in which of these they run.
    """
    _check(statement)
    _check(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), statement))


def _check(statement: str) -> None:
    tokens = [found for found in _TOKEN.finditer(statement) if found.lastgroup != "space"]
    if not tokens:
        raise RefusedQuery("the query is empty")
    if any(token[0] in ("'", '"', "`") for token in tokens):
        raise RefusedQuery("a quotation mark is never closed")
    words = [(index, token[0].casefold()) for index, token in enumerate(tokens) if token.lastgroup == "word"]
    if not words or words[0][0] != 0 or words[0][1] not in _OPENING:
        raise RefusedQuery(
            "a query begins with MATCH, OPTIONAL MATCH, WITH, UNWIND, RETURN or CALL of the full-text index"
        )
    for index, word in words:
        if word in _REFUSED and not _is_name(tokens, index):
            _check_command(tokens, index, word)
    if any(token[0] == ";" for token in tokens[:-1]):
        raise RefusedQuery("one statement at a time: leave out the semicolon")
    for called in _NAMESPACED.finditer(_spelled(tokens)):
        if called[1] not in PROCEDURES and called[1].partition(".")[0] not in _NAMESPACES:
            raise RefusedQuery(f"the function {called[1]} is not allowed here: only those that come with Cypher")


def _spelled(tokens: list[re.Match[str]]) -> str:
    """The statement without blanks, comments and quotation marks around names; two words are parted by one blank."""
    found, before = "", ""
    for token in tokens:
        kind = token.lastgroup or ""
        found += " " if kind in _WORDS and before in _WORDS else ""
        found += "''" if kind == "text" else token[0].casefold().strip("`")
        before = kind
    return found


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
