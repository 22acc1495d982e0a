"""Grammar over spaCy's English dependency labels: who does what in a clause."""

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
