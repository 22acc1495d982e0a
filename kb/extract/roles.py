"""Who fills the roles of a frame: the places of its slots, read off the parse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from spacy.tokens import Token

from kb.extract.article import Sentence
from kb.extract.cast import Cast
from kb.extract.frames import Frame, Slot, Where
from kb.extract.people import Reader
from kb.extract.syntax import after, auxiliaries, governing_verb, objects, passive_subjects, subjects
from kb.records import EntityKind

# Prepositions that tie a noun to the clause whose subject takes part: "after a meeting in Rome, the two said".
_CIRCUMSTANCES = frozenset({"after", "during", "at", "following", "in", "before", "since", "ahead", "on"})
_FIRST_PERSON = frozenset({"i", "we"})
_LIGHT = frozenset(
    "hold have conduct begin resume start attend make pay give reaffirm reiterate express renew affirm maintain announce sign "
    "reach strike conclude offer provide receive seek build strengthen deepen enjoy expand forge form be remain become honor "
    "honour keep break fulfil fulfill declare voice pledge promise extend send cancel postpone scrap boycott skip "
    "plan propose arrange "
    "schedule request attend refuse reject welcome end suspend".split()
)


@dataclass(frozen=True)
class Filled:
    """Figures in roles, each once; ``host``: a place in a role, which is then also where it happens."""

    roles: tuple[tuple[str, int], ...]
    host: int | None = None
    objection: str | None = None


def fill(frame: Frame, trigger: Token, sentence: Sentence, reader: Reader, cast: Cast) -> Filled:
    """Fill a frame's slots at a trigger. ``objection`` says why the trigger cannot tell this frame's fact."""
    objection = _grammar(frame, trigger)
    if objection:
        return Filled(roles=(), objection=objection)
    roles: dict[int, str] = {}
    host = None
    for slot in frame.slots:
        for figure in _slot(slot, trigger, sentence, reader):
            if slot.role == "host" and cast.is_place(figure):
                host = figure
            actor: int | None = reader.state_of(figure)
            if actor is not None and not _can_act(cast, actor):
                # A city does not act; a visit to it is a visit to its country.
                actor = _country_of(cast, figure) if slot.role == "host" else None
            if actor is not None:
                roles.setdefault(actor, slot.role)
    return Filled(roles=tuple((role, figure) for figure, role in roles.items()), host=host)


def _slot(slot: Slot, trigger: Token, sentence: Sentence, reader: Reader) -> list[int]:
    found: list[int] = []
    for where in slot.where:
        figures = reader.figures(_PLACES[where](trigger) if where in _PLACES else after(trigger, where))
        if not figures and where in ("subject", "circumstance"):
            verb = trigger if where == "subject" else _verb_of_circumstance(trigger)
            figures = _lost_subject(verb, sentence, reader) if verb is not None else []
        found += [figure for figure in figures if figure not in found]
        if found and not slot.join:
            break
    return found


def _lost_subject(verb: Token, sentence: Sentence, reader: Reader) -> list[int]:
    """The names directly before a verb that the parser left without a subject ("After talks in Rome, A and B pledged")."""
    if any(child.dep_ in ("nsubj", "nsubjpass", "expl") for child in verb.children) or verb.dep_ in (
        "acl",
        "xcomp",
        "pcomp",
    ):
        return []
    found: list[int] = []
    for token in reversed([t for t in sentence.span if t.i < verb.i]):
        figure = reader.named(token)
        if figure is not None:
            if figure not in found:
                found.insert(0, figure)
        elif token.lower_ not in ("and", "have", "has", "had", "also", "will", "would") and token.dep_ != "aux":
            break
    return found


def _grammar(frame: Frame, trigger: Token) -> str | None:
    doers = subjects(trigger) if trigger.pos_ == "VERB" else _joint(trigger)
    if any(token.lower_ in _FIRST_PERSON for token in doers):
        return "it does not name who “we” are"
    if frame.modal and not auxiliaries(trigger) & set(frame.modal):
        return "no word of commitment"
    if frame.complement and not any(_has_complement(kind, trigger) for kind in frame.complement):
        return "it does not say what is undertaken"
    return None


def _has_complement(kind: str, trigger: Token) -> bool:
    match kind:
        case "to":
            return any(
                c.dep_ in ("xcomp", "acl", "ccomp", "advcl") and "to" in auxiliaries(c) for c in trigger.children
            )
        case "that":
            return any(c.dep_ in ("ccomp", "acl", "relcl") and "to" not in auxiliaries(c) for c in trigger.children)
        case "object":
            return bool(objects(trigger))
    return any(c.dep_ == "prep" and c.lower_ in ("to", "of", "on", "for") for c in trigger.children)


def _possessors(noun: Token) -> list[Token]:
    return [child for child in noun.children if child.dep_ == "poss"]


def _modifiers(noun: Token) -> list[Token]:
    return [child for child in noun.children if child.dep_ in ("compound", "amod", "nmod")]


def _joint(noun: Token) -> list[Token]:
    """Who holds or makes what the noun names: the subject of its light verb, and whom that is done with."""
    verb = noun.head
    if noun.dep_ in ("dobj", "nsubjpass", "attr", "oprd") and verb.lemma_ in _LIGHT:
        return [*subjects(verb), *after(verb, "with", "between")]
    if noun.dep_ == "conj" and noun.head.pos_ == "NOUN":
        return _joint(noun.head)
    return []


def _circumstance(noun: Token) -> list[Token]:
    """The subject of the clause to which "after the meeting" belongs."""
    verb = _verb_of_circumstance(noun)
    return subjects(verb) or passive_subjects(verb) if verb is not None else []


def _verb_of_circumstance(noun: Token) -> Token | None:
    inside = noun.dep_ == "pobj" and noun.head.lower_ in _CIRCUMSTANCES
    return governing_verb(noun) if inside else None


_PLACES: Mapping[Where, Callable[[Token], list[Token]]] = {
    "subject": subjects,
    "object": objects,
    "possessor": _possessors,
    "modifier": _modifiers,
    "joint": _joint,
    "circumstance": _circumstance,
}


def _can_act(cast: Cast, figure: int) -> bool:
    return cast.figures[figure].kind is not EntityKind.PLACE


def _country_of(cast: Cast, figure: int) -> int | None:
    """The state that is visited in one of its cities."""
    known = cast.figures[figure].known
    return cast.country(known.country) if known is not None and known.country else None
