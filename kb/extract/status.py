"""How a sentence asserts a fact: as done, planned, possible, called off, refused or denied (the annotation guide's words)."""

from dataclasses import dataclass

from spacy.tokens import Token

from kb.extract.syntax import auxiliaries, governing_verb, governors, is_negated
from kb.ontology import FactType

_PLANS = frozenset("plan schedule agree expect intend invite prepare set due arrange decide announce".split())
_HOPES = frozenset(
    "offer propose hope want seek consider suggest wish ready willing open like aim try request discuss possible".split()
)
_CALLS_OFF = frozenset(
    "cancel postpone scrap abort refuse reject decline snub skip boycott suspend delay shelve".split()
)
_DENIALS = frozenset("deny rule dismiss refute".split())
_ENDS = frozenset(
    "leave quit withdraw suspend end break abandon terminate scrap tear cut sever exit freeze revoke halt".split()
)
_REFUSALS = frozenset("refuse decline reject".split())
DEMANDS = frozenset(
    "urge call demand ask request press appeal insist want expect tell order warn encourage require".split()
)
_FUTURE = frozenset({"will", "'ll", "shall", "wo"})
_MAYBE = frozenset({"may", "might", "could", "can", "would", "should"})
_PAST = frozenset({"had", "has", "have", "was", "were", "did"})
_GOVERNING = {
    "planned": _PLANS,
    "hoped": _HOPES,
    "called_off": _CALLS_OFF,
    "denied": _DENIALS,
    "ended": _ENDS,
    "refused": _REFUSALS,
    "demanded": DEMANDS,
}


@dataclass(frozen=True)
class Mood:
    """What grammar says of a trigger: the names of all that holds ("negated", "future", …)."""

    holding: frozenset[str]

    def holds(self, condition: str) -> bool:
        """True if all parts of a condition "negated+future" hold; "" always does."""
        return all(part in self.holding for part in condition.split("+") if part)


def status_of(fact_type: FactType, found: Mood) -> str:
    """The status of the first of the catalogue's rules (``triggers.moods``: [status, condition]) that holds."""
    return next(str(status) for status, condition in fact_type.triggers["moods"] if found.holds(condition))


def mood(trigger: Token, *, headline: bool = False) -> Mood:
    """The mood of a trigger: its own auxiliaries as a verb, those of its verb as a noun.

    Headlines tell in the present tense what has happened.
    """
    verb = trigger if trigger.pos_ in ("VERB", "AUX") else governing_verb(trigger)
    helpers = auxiliaries(verb) if verb is not None else set()
    above = {g.lemma_.lower() for g in governors(trigger) if g.pos_ in ("VERB", "ADJ", "AUX", "NOUN")}
    past = headline or (verb is not None and (verb.tag_ in ("VBD", "VBN") or bool(helpers & _PAST)))
    named = {
        "negated": is_negated(trigger) or (verb is not None and is_negated(verb)),
        "future": bool(helpers & _FUTURE),
        "maybe": bool(helpers & _MAYBE),
        "conditional": verb is not None and _in_condition(verb),
        "infinitive": "to" in helpers,
        "past": past,
        "present": not past,
        **{name: bool(above & words) for name, words in _GOVERNING.items()},
    }
    return Mood(frozenset(name for name, holds in named.items() if holds))


def _in_condition(verb: Token) -> bool:
    """True in an if-clause, and for what depends on one, also by way of its infinitive: "pledged to come if asked"."""
    own = [verb, *(child for child in verb.children if child.dep_ in ("xcomp", "ccomp"))]
    clauses = [clause for word in own for clause in word.children if clause.dep_ == "advcl"]
    marks = [child for word in (verb, *clauses) for child in word.children if child.dep_ == "mark"]
    return any(mark.lower_ in ("if", "unless", "provided") for mark in marks)
