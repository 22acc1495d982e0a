"""Who fills which role of a trigger, by the grammar that the catalogue names."""

from spacy.tokens import Token

from kb.extract.names import Name
from kb.extract.reference import Reader
from kb.extract.syntax import (
    agents,
    children,
    expand,
    governor,
    grammatical_subjects,
    is_passive,
    objects,
    prepositional,
)
from kb.extract.triggers import Found
from kb.records import EntityKind

Roles = dict[str, list[int]]
_LOOSE = ("subject", "object", "possessor", "modifier", "copula", "appositive", "governor", "dative", "held")


def roles_of(found: Found, token: Token, text: int, reader: Reader) -> Roles:
    """Actors by role, each actor in one role only, the explicit slots before the far ones."""
    words = _verb_words(found, token) if found.part != "nouns" else _noun_words(found, token)
    roles: Roles = {}
    taken: set[int] = set()
    for slot, role in found.trigger.slots.items():
        for word in words.get(slot, []):
            for actor in _actors(word, role, found, text, reader):
                if actor not in taken and not _same_side(actor, taken, reader):
                    taken.add(actor)
                    roles.setdefault(role, []).append(actor)
    if found.part == "nouns" and "modifier" in found.trigger.slots:
        _add_modifiers(found, token, text, reader, roles, taken)
    if found.trigger.gather and lacking(found, roles):
        _gather(found, token, text, reader, roles, taken)
    return roles


def lacking(found: Found, roles: Roles) -> list[str]:
    """Roles that have fewer actors than the catalogue asks for."""
    return [role for role, least in found.trigger.require.items() if len(roles.get(role, [])) < least]


def _actors(word: Token, role: str, found: Found, text: int, reader: Reader) -> list[int]:
    name = reader.cast.name_at(text, word)
    if role == "host":
        return [_host(name, reader)] if name and (name.place is not None or name.adjective) else []
    actors = [actor for actor in reader.meant(text, word) if reader.kind(actor) is not EntityKind.PLACE]
    if role in found.trigger.people:
        actors = [actor for actor in actors if reader.kind(actor) is EntityKind.PERSON] or actors
    if role in found.trigger.states:
        actors = [actor for actor in actors if reader.kind(actor) is not EntityKind.PERSON]
    return actors


def _host(name: Name, reader: Reader) -> int:
    """The state that a place belongs to, where the catalogue knows it, else the place."""
    known = reader.cast.drafts[name.place if name.place is not None else name.actor].known
    state = reader.cast.catalogue.get(known.country) if known and known.country else None
    return reader.cast.of_known(state) if state else (name.place if name.place is not None else name.actor)


def _same_side(actor: int, taken: set[int], reader: Reader) -> bool:
    """Whether a state's own person takes part already, or a person whose state does."""
    draft = reader.cast.drafts[actor]
    for other in taken:
        mate = reader.cast.drafts[other]
        if draft.known and mate.kind is EntityKind.PERSON and mate.country == draft.known.id and mate.offices:
            return True
        if mate.known and draft.kind is EntityKind.PERSON and draft.country == mate.known.id and draft.offices:
            return True
    return False


def _verb_words(found: Found, verb: Token) -> dict[str, list[Token]]:
    passive = is_passive(verb) and not found.trigger.middle
    subjects = _subjects(verb if found.part == "verbs" else _copula(verb))
    words = {
        "subject": agents(verb) if passive else subjects,
        "object": subjects if passive else objects(verb),
        "dative": [word for noun in children(verb, "dative") if noun.pos_ != "ADP" for word in expand(noun)],
    }
    for slot in found.trigger.slots:
        if slot not in _LOOSE:
            words[slot] = list(prepositional(verb, frozenset({slot})))
    return words


def _copula(word: Token) -> Token:
    return word.head if word.dep_ in {"acomp", "attr", "xcomp"} and word.head.pos_ in {"AUX", "VERB"} else word


def _subjects(verb: Token) -> list[Token]:
    found = grammatical_subjects(verb)
    return found or _misparsed_subjects(verb)


def _misparsed_subjects(verb: Token) -> list[Token]:
    """Names that the parser hung on a place before them ("in Istanbul, A and B pledged"), when a verb has no subject.

    A finite verb of a main clause must have one: it is what stands between the comma and the verb.
    """
    if verb.tag_ not in {"VBD", "VBZ", "VBP", "MD"}:
        return []
    start = verb.sent.start
    commas = [word.i for word in verb.doc[start : verb.i] if word.text == ","]
    at = commas[-1] + 1 if commas else start
    return [
        word for word in verb.doc[at : verb.i] if word.pos_ in {"PROPN", "NOUN", "PRON"} and word.dep_ != "compound"
    ]


def _noun_words(found: Found, noun: Token) -> dict[str, list[Token]]:
    verb = governor(noun)
    words: dict[str, list[Token]] = {
        "possessor": [word for child in children(noun, "poss") for word in expand(child)],
        "copula": _subjects(noun.head) if noun.dep_ == "attr" else [],
        "appositive": [noun.head]
        if noun.dep_ == "appos"
        else [word for child in children(noun, "appos") for word in expand(child)],
        "held": [
            word
            for child in children(noun, "acl", "relcl")
            if child.lemma_ in {"hold", "host", "attend"}
            for word in agents(child)
        ],
    }
    for slot in found.trigger.slots:
        if slot not in _LOOSE:
            words[slot] = list(prepositional(noun, frozenset({slot})))
            if (
                verb is not None
                and noun.dep_ in {"dobj", "nsubjpass"}
                and not words[slot]
                and slot in {"with", "between", "by", "to", "for"}
            ):
                words[slot] = list(prepositional(verb, frozenset({slot})))
    words["governor"] = _governing(found, noun, verb)
    return words


def _governing(found: Found, noun: Token, verb: Token | None) -> list[Token]:
    if verb is None or noun.dep_ == "nsubj":
        return []
    near = noun.dep_ in {"dobj", "nsubjpass"} or (noun.dep_ == "conj" and noun.head.dep_ == "dobj")
    inside = noun.dep_ == "pobj" and noun.head.lower_ in found.owner.after | {"to", "for", "from", "into"}
    if not (near or inside):
        return []
    if near and verb.lemma_.lower() not in found.owner.carriers:
        return []
    if inside and noun.head.lower_ not in found.owner.after and verb.lemma_.lower() not in found.owner.carriers:
        return []
    return agents(verb) if is_passive(verb) else _subjects(verb)


def _add_modifiers(found: Found, noun: Token, text: int, reader: Reader, roles: Roles, taken: set[int]) -> None:
    role = found.trigger.slots["modifier"]
    for word in noun.doc[noun.left_edge.i : noun.i]:
        name = reader.cast.name_at(text, word)
        if name is None or name.actor in taken or reader.kind(name.actor) is EntityKind.PLACE:
            continue
        if not _same_side(name.actor, taken, reader):
            taken.add(name.actor)
            roles.setdefault(role, []).append(name.actor)


def _gather(found: Found, noun: Token, text: int, reader: Reader, roles: Roles, taken: set[int]) -> None:
    """Persons named in the sentence, when the grammar gives at most one party."""
    role = next(iter(found.trigger.require))
    for actor in reader.named(text, noun.sent):
        if reader.kind(actor) is EntityKind.PERSON and actor not in taken and not _same_side(actor, taken, reader):
            taken.add(actor)
            roles.setdefault(role, []).append(actor)
