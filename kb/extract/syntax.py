"""Grammar over spaCy's English dependency labels: who does what in a clause."""

from collections.abc import Iterator

from spacy.tokens import Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})


def children(token: Token, *labels: str) -> list[Token]:
    """A token's direct dependents with one of these labels."""
    return [child for child in token.children if child.dep_ in labels]


def expand(token: Token) -> list[Token]:
    """A token and what is coordinated with it: all three of "France, Germany and Italy"."""
    found = [token]
    for child in children(token, "conj"):
        found += expand(child)
    return found


def is_passive(verb: Token) -> bool:
    """Whether a verb is in the passive voice, also as a bare participle ("talks held by")."""
    return bool(children(verb, "auxpass", "nsubjpass")) or (verb.tag_ == "VBN" and verb.dep_ == "acl")


def agents(verb: Token) -> list[Token]:
    """The nouns after "by" of a passive verb."""
    by = [child for child in verb.children if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by")]
    return [word for prep in by for noun in children(prep, "pobj") for word in expand(noun)]


def grammatical_subjects(verb: Token) -> list[Token]:
    """The subject's nouns, looked for upward where a clause has none of its own (coordination, "to", "-ing", "who")."""
    seen: set[int] = set()
    current = verb
    while current.i not in seen:
        seen.add(current.i)
        own = [child for child in current.children if child.dep_ in SUBJECTS]
        if own:
            relative = own[0].lower_ in {"who", "which", "that"} and current.dep_ == "relcl"
            return expand(current.head) if relative else [word for noun in own for word in expand(noun)]
        if current.dep_ in {"acl", "relcl"} and current.head.pos_ in {"NOUN", "PROPN", "PRON"}:
            return expand(current.head)
        if current.dep_ in {"conj", "xcomp", "advcl", "aux", "pcomp", "dep", "ccomp", "prep"}:
            current = current.head
        else:
            break
    return []


def objects(verb: Token) -> list[Token]:
    """Direct and indirect objects, coordinations spelled out."""
    return [
        word
        for noun in children(verb, "dobj", "dative")
        if noun.dep_ == "dobj" or noun.pos_ != "ADP"
        for word in expand(noun)
    ]


def prepositional(token: Token, words: frozenset[str]) -> Iterator[Token]:
    """Nouns after one of these prepositions that hang on a token, coordinations spelled out."""
    for prep in token.children:
        if prep.dep_ in {"prep", "dative", "agent"} and prep.lower_ in words:
            for noun in children(prep, "pobj"):
                yield from expand(noun)
            for inner in children(prep, "prep"):
                if inner.lower_ in words:
                    for noun in children(inner, "pobj"):
                        yield from expand(noun)


def governor(noun: Token) -> Token | None:
    """The verb that a noun belongs to, as subject, object or in a phrase with a preposition."""
    current = noun
    for _ in range(6):
        if current.dep_ == "ROOT" or current.head is current:
            return None
        current = current.head
        if current.pos_ in {"VERB", "AUX"}:
            return current
    return None
