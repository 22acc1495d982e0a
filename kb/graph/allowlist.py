"""Which ad-hoc statements may run: a list of what reads, applied to the statement's own tokens.

A statement is followed as far as it takes to know, at each word, whether a value has just ended. Where one has, only an
operator or a reading clause may go on; where none has, the word is a name or one of the functions listed here. So a
writing clause, a command or a plug-in's function is refused because it is on no list, not because somebody thought of it.
The reading user and the read-only transaction stand behind this, each on its own.
"""

from typing import NamedTuple, NoReturn

from kb.errors import RefusedQuery
from kb.graph.cypher import Kind, Token, tokens

PROCEDURES = frozenset({"db.index.fulltext.querynodes"})
CLAUSES = frozenset({"call", "match", "optional", "return", "union", "unwind", "with"})
# Functions of Cypher 5 that neither read files nor look outside of the graph's data.
FUNCTIONS = frozenset(
    "abs acos all allshortestpaths any asin atan atan2 avg btrim ceil char_length character_length coalesce collect cos "
    "cosh cot coth count date date.fromepoch date.fromepochmillis date.realtime date.statement date.transaction "
    "date.truncate datetime datetime.fromepoch datetime.fromepochmillis datetime.realtime datetime.statement "
    "datetime.transaction datetime.truncate degrees duration duration.between duration.indays duration.inmonths "
    "duration.inseconds e elementid endnode exists exp floor haversin head id isempty isnan keys labels last left length "
    "localdatetime localdatetime.realtime localdatetime.statement localdatetime.transaction localdatetime.truncate "
    "localtime localtime.realtime localtime.statement localtime.transaction localtime.truncate log log10 lower ltrim max "
    "min nodes none normalize nullif percentilecont percentiledisc pi point point.distance point.withinbbox properties "
    "radians rand randomuuid range reduce relationships replace reverse right round rtrim shortestpath sign sin single "
    "sinh size split sqrt startnode stdev stdevp substring sum tail tan tanh time time.realtime time.statement "
    "time.transaction time.truncate timestamp toboolean tobooleanlist tobooleanornull tofloat tofloatlist tofloatornull "
    "tointeger tointegerlist tointegerornull tolower tostring tostringlist tostringornull toupper trim type upper "
    "valuetype vector.similarity.cosine vector.similarity.euclidean".split()
)
# After a value these join it to a next one, or say what follows.
_JOINING = frozenset("and or xor in contains where when then else skip limit offset yield".split())
_PAIRED = {"starts": "with", "ends": "with", "order": "by"}
_ENDING = frozenset({"asc", "ascending", "desc", "descending", "end"})
_SUBQUERY = frozenset({"exists", "count", "collect"})
# Words that begin a clause or command that does more than read: as a variable before a bracket they need backticks.
_COMMANDS = frozenset(
    "alter call create deallocate delete deny detach drop explain finish foreach grant insert load merge profile "
    "reallocate remove rename revoke set show start stop terminate use".split()
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_MAX_DEPTH = 200
_HOW = "ad-hoc queries only read (MATCH … RETURN …)"
_SEARCH = "CALL may only search the full-text indexes: CALL db.index.fulltext.queryNodes(name, words)"


class _Open(NamedTuple):
    """A bracket that is not closed yet; ``clauses`` may stand in that of a subquery, ``call`` is that of CALL {…}."""

    closing: str
    clauses: bool = False
    call: bool = False


def check(statement: str) -> None:
    """Raise RefusedQuery, naming the word and what to do, unless the statement only reads."""
    found = tokens(statement)
    if not found:
        raise RefusedQuery("the query is empty")
    _Reader(found).read()


class _Reader:
    """Reads tokens from left to right. ``_ended``: a value, or the name of something, has just ended."""

    def __init__(self, found: tuple[Token, ...]) -> None:
        self._tokens, self._at = found, 0
        self._brackets: list[_Open] = []
        self._ended = False

    def read(self) -> None:
        self._clause()
        while self._at < len(self._tokens):
            kind = self._tokens[self._at].kind
            if kind is Kind.SIGN:
                self._sign()
            elif kind in (Kind.WORD, Kind.NAME):
                self._word()
            else:
                self._value()
        if self._brackets:
            raise RefusedQuery(f"a bracket is never closed: {self._brackets[-1].closing} is missing")

    def _key(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at].key if 0 <= at < len(self._tokens) else ""

    def _is_word(self, *keys: str, ahead: int = 0) -> bool:
        at = self._at + ahead
        return 0 <= at < len(self._tokens) and self._tokens[at].kind is Kind.WORD and self._tokens[at].key in keys

    def _is_named(self) -> bool:
        """True at a word or a name in backticks."""
        return self._at < len(self._tokens) and self._tokens[self._at].kind in (Kind.WORD, Kind.NAME)

    def _skip(self, *keys: str) -> None:
        """Step over the next token where it is one of these words."""
        if self._is_word(*keys):
            self._at += 1

    def _expect(self, *keys: str) -> None:
        if not self._is_word(*keys):
            before = self._tokens[self._at - 1].text.upper()
            raise RefusedQuery(f"after {before} comes {' or '.join(keys).upper()}; {_HOW}")
        self._at += 1

    def _refuse(self) -> NoReturn:
        token = self._tokens[self._at]
        if token.kind is Kind.WORD:
            raise RefusedQuery(f"{token.text.upper()} is not allowed here: {_HOW}")
        raise RefusedQuery(f"{token.text} stands beside another value, without a word or sign between them; {_HOW}")

    def _clause(self) -> None:
        """A clause from its first word on."""
        if not self._is_word(*CLAUSES):
            if self._is_word(*_COMMANDS):
                self._refuse()
            raise RefusedQuery(
                "a query begins with MATCH, OPTIONAL MATCH, WITH, UNWIND, RETURN or CALL of the full-text index"
            )
        word, self._at, self._ended = self._key(), self._at + 1, False
        match word:
            case "optional":
                self._expect("match", "call")
                if self._is_word("call", ahead=-1):
                    self._call()
            case "return" | "with":
                self._skip("distinct")
            case "union":
                self._skip("all", "distinct")
                self._clause()
            case "call":
                self._call()

    def _call(self) -> None:
        """What follows CALL: a subquery, with or without the variables that it takes, or a procedure."""
        if self._key() == "(":
            self._taken()
        if self._key() == "{":
            self._open(_Open("}", clauses=True, call=True))
            self._clause()
            return
        if self._dotted() not in PROCEDURES:
            raise RefusedQuery(_SEARCH)
        self._ended = True

    def _taken(self) -> None:
        """The variables that a subquery takes, in their brackets."""
        self._at += 1
        while self._key() in (",", "*") or self._is_named():
            self._at += 1
        if self._key() != ")" or self._key(1) != "{":
            raise RefusedQuery("the brackets after CALL hold the variables that the subquery takes: CALL (a, b) {…}")
        self._at += 1

    def _open(self, bracket: _Open) -> None:
        if len(self._brackets) == _MAX_DEPTH:
            raise RefusedQuery(f"brackets are nested more than {_MAX_DEPTH} deep")
        self._brackets.append(bracket)
        self._at += 1
        self._ended = False

    def _sign(self) -> None:
        key = self._key()
        if key in _CLOSING:
            self._open(_Open(_CLOSING[key]))
            return
        if key in _CLOSING.values():
            self._close()
        elif key == ";" and (self._brackets or self._at + 1 < len(self._tokens)):
            raise RefusedQuery("one statement at a time: leave out the semicolon")
        # "*" ends a value only where it stands for everything: RETURN *, count(*), n {.*}.
        before = self._is_word("with", "return", "distinct", "yield", ahead=-1) or self._key(-1) in ("(", ".")
        self._ended = key in _CLOSING.values() or (key == "*" and before)
        self._at += 1

    def _close(self) -> None:
        if not self._brackets or self._brackets[-1].closing != self._key():
            raise RefusedQuery(f"the bracket {self._key()} closes none that is open")
        if self._brackets.pop().call and self._is_word("in", ahead=1):
            raise RefusedQuery(f"CALL {{…}} IN TRANSACTIONS is not allowed here: {_HOW}")

    def _value(self) -> None:
        if self._ended:
            self._refuse()
        self._at, self._ended = self._at + 1, True

    def _word(self) -> None:
        if self._key(-1) == ".":
            self._name()
        elif self._ended:
            self._go_on()
        else:
            self._begin()

    def _name(self) -> None:
        """The name of a property or label: it is never called."""
        if self._key(1) == "(":
            raise RefusedQuery(f"the function {self._tokens[self._at].text} is not allowed here: {_HOW}")
        self._value_ended()

    def _value_ended(self) -> None:
        self._at, self._ended = self._at + 1, True

    def _go_on(self) -> None:
        """A word after a value."""
        if self._tokens[self._at].kind is Kind.NAME:
            self._refuse()
        word = self._key()
        if word in CLAUSES and (not self._brackets or self._brackets[-1].clauses):
            self._clause()
        elif word in _JOINING or word in _PAIRED or word in _ENDING or word in ("is", "as"):
            self._at += 1
            self._ended = word in _ENDING
            if word in _PAIRED:
                self._expect(_PAIRED[word])
            elif word == "is":
                self._skip("not")
                self._expect("null")
                self._ended = True
            elif word == "as":
                self._alias()
        else:
            self._refuse()

    def _alias(self) -> None:
        if not self._is_named():
            raise RefusedQuery("after AS comes a name")
        self._value_ended()

    def _begin(self) -> None:
        """A word where a value may begin: a prefix, a subquery, a function or a name."""
        bare = self._tokens[self._at].kind is Kind.WORD
        word, after = self._key(), self._key(1)
        if self._key(-1) == ":" and not (self._brackets and self._brackets[-1].closing == "}"):
            self._name()
        elif bare and (word == "not" or (word == "distinct" and self._key(-1) == "(")):
            self._at += 1
        elif bare and word == "case":
            self._at += 1
            self._skip("when")
        elif bare and word in _SUBQUERY and after == "{":
            self._at += 1
            self._open(_Open("}", clauses=True))
            if self._key() != "(":
                self._clause()
        else:
            self._function_or_name(bare and word in _COMMANDS)

    def _function_or_name(self, command: bool) -> None:
        begin = self._at
        called = self._dotted()
        if self._key() == "(":
            if called in FUNCTIONS:
                return
            self._at = begin
            if command or called in CLAUSES:
                self._refuse()
            raise RefusedQuery(f"the function {called} is not allowed here: only those that come with Cypher")
        self._at = begin
        if command and self._key(1) in ("[", "{"):
            self._refuse()
        self._value_ended()

    def _dotted(self) -> str:
        """A name, or several joined by dots, without case and backticks; steps over it."""
        parts = []
        while self._is_named():
            parts.append(self._key().strip("`"))
            self._at += 1
            if self._key() != ".":
                break
            self._at += 1
        return ".".join(parts)
