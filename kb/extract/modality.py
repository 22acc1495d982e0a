"""How a clause is asserted: done, going on, to come, possible, negated or only wished."""

from enum import StrEnum

from spacy.tokens import Token

from kb.extract.lexicon import word_table
from kb.extract.syntax import children, governor


class Mode(StrEnum):
    """The ways in which a clause may be asserted; the catalogue says which statuses these make certain."""

    PAST = "past"
    PRESENT = "present"
    FUTURE = "future"
    POSSIBLE = "possible"
    CONDITIONAL = "conditional"
    DENIED = "denied"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    ENDED = "ended"
    DEMANDED = "demanded"


# What a verb makes of the clause that it governs ("refused to meet", "called for talks", "plans a visit").
GOVERNORS: dict[Mode, frozenset[str]] = {Mode(name): found for name, found in word_table("governors").items()}
_BY_AUXILIARY: dict[Mode, frozenset[str]] = {
    Mode.DEMANDED: frozenset({"should", "must", "ought"}),
    Mode.POSSIBLE: frozenset({"may", "might", "could", "can"}),
    Mode.FUTURE: frozenset({"will", "shall", "'ll", "’ll", "wo", "would", "'d", "’d"}),
}
_PAST_AUX = frozenset({"had", "was", "were", "has", "have", "did", "been"})
_PARTICIPLE = frozenset({"advcl", "xcomp", "pcomp", "acl", "conj"})
_MAYBE = frozenset({"possible", "potential", "proposed"})
_COMING = frozenset({"planned", "upcoming", "next", "future", "forthcoming", "scheduled", "expected"})


def asserted(trigger: Token) -> Mode | None:
    """How the event of a verb or noun is asserted; ``None`` where a noun stands under no verb."""
    return mode(trigger) if trigger.pos_ in {"VERB", "AUX"} else governed(trigger, governor(trigger))


def mode(verb: Token) -> Mode:
    """How a verb's clause is asserted, seen from its auxiliaries, its negation and the verbs above it."""
    tense, above = _tense(verb), _from_above(verb)
    if above is Mode.DEMANDED:
        return above
    if _negated(verb):
        return Mode.REFUSED if tense is Mode.FUTURE else Mode.DENIED
    if above is not None:
        return above
    if tense in {Mode.FUTURE, Mode.PRESENT, Mode.PAST} and _conditional(verb):
        return Mode.CONDITIONAL
    return tense


def governed(noun: Token, verb: Token | None) -> Mode | None:
    """How a noun's event is asserted by the verb over it: "called for talks", "will hold talks"; ``None`` unsaid."""
    for child in noun.children:
        if child.dep_ == "det" and child.lower_ == "no":
            return Mode.DENIED
        if child.dep_ in {"amod", "compound"} and child.lemma_.lower() in _MAYBE | _COMING:
            return Mode.POSSIBLE if child.lemma_.lower() in _MAYBE else Mode.FUTURE
    if verb is None:
        return None
    own = next((found for found, lemmas in GOVERNORS.items() if verb.lemma_.lower() in lemmas), None)
    return own if own is not None and not _negated(verb) else mode(verb)


def _negated(verb: Token) -> bool:
    return bool(children(verb, "neg")) or any(child.lower_ in {"never", "not", "n't"} for child in verb.children)


def _tense(verb: Token) -> Mode:
    around = {child.lower_ for child in verb.children if child.dep_ in {"aux", "auxpass"}}
    for found, auxiliaries in _BY_AUXILIARY.items():
        if around & auxiliaries:
            return found
    if verb.tag_ in {"VBD", "VBN"} or around & _PAST_AUX:
        return Mode.PAST
    if verb.tag_ == "VB" and "to" in around:
        return Mode.FUTURE
    if verb.tag_ == "VBG" and verb.dep_ in _PARTICIPLE and verb.head.pos_ in {"VERB", "AUX"}:
        return _tense(_finite(verb.head))
    if verb.dep_ == "conj" and verb.head.pos_ == "VERB" and verb.tag_ in {"VB", "VBG"}:
        return _tense(verb.head)
    return Mode.PRESENT


def _finite(verb: Token) -> Token:
    """The verb over an infinitive of purpose: in "worked to calm them, talking", as past as "worked"."""
    while (
        verb.tag_ == "VB"
        and verb.dep_ in {"advcl", "acl", "xcomp"}
        and verb.head is not verb
        and _from_above(verb) is None
    ):
        verb = verb.head
    return verb


def _from_above(verb: Token) -> Mode | None:
    """What the verb or adjective over an infinitive or a noun clause makes of it, over any infinitives between."""
    if verb.dep_ == "conj" and verb.tag_ == "VB" and verb.head.pos_ == "VERB":
        return _from_above(verb.head)
    if verb.dep_ not in {"xcomp", "ccomp", "pcomp", "acl", "dobj", "pobj"} or verb.head is verb:
        return None
    head = verb.head.head if verb.head.pos_ == "ADP" else verb.head
    lemma = head.lemma_.lower()
    if lemma == "go" and verb.dep_ == "xcomp":
        return Mode.FUTURE
    found = next((found for found, lemmas in GOVERNORS.items() if lemma in lemmas), None)
    if verb.dep_ == "ccomp" and verb.tag_ != "VB":
        strong = found in {Mode.DENIED, Mode.DEMANDED} and lemma not in _FACTUAL
        return found if strong else None
    if found is None and head.tag_ == "VB":
        return _from_above(head)
    return found


# With a finite clause these verbs state it ("insisted that they met"), with an infinitive they demand it.
_FACTUAL = frozenset({"insist", "warn", "rule"})


def _conditional(verb: Token) -> bool:
    clauses = [child for child in verb.children if child.dep_ == "advcl"] + ([verb] if verb.dep_ == "advcl" else [])
    return any(mark.lower_ in {"if", "unless", "provided"} for clause in clauses for mark in children(clause, "mark"))
