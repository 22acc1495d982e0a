"""Walking a dependency parse (ClearNLP labels): subjects, objects, prepositions, and what governs a word."""

from collections.abc import Iterator

from spacy.tokens import Token

_SUBJECTS = frozenset({"nsubj", "csubj"})
_OBJECTS = frozenset({"dobj", "obj", "dative", "oprd", "attr"})
_CLAUSES = frozenset({"ROOT", "ccomp", "xcomp", "advcl", "relcl", "acl", "conj", "pcomp", "parataxis", "csubj"})


def conjuncts(token: Token) -> list[Token]:
    """A word and all that is coordinated with it."""
    return (
        [token, *token.conjuncts] if token.dep_ != "conj" else [token, *(t for t in token.conjuncts if t.i > token.i)]
    )


def subjects(verb: Token) -> list[Token]:
    """Who does it: its subject, or that of the clause it continues; the agent of a passive."""
    if is_passive(verb):
        return [pobj for prep in verb.children if prep.dep_ == "agent" for pobj in prep.children if pobj.dep_ == "pobj"]
    found = [child for child in verb.children if child.dep_ in _SUBJECTS]
    if found:
        return found
    if verb.dep_ in ("conj", "xcomp") and verb.head.pos_ in ("VERB", "AUX"):
        governing = [child for child in verb.head.children if child.dep_ in ("dobj", "dative")]
        if verb.dep_ == "xcomp" and governing and verb.head.lemma_ in OBJECT_CONTROL:
            return governing
        return passive_subjects(verb.head) if is_passive(verb.head) else subjects(verb.head)
    if verb.dep_ in ("acl", "relcl") and verb.head.pos_ in ("NOUN", "PROPN", "PRON"):
        return [verb.head]
    if verb.dep_ in ("advcl", "pcomp"):
        outer = governing_verb(verb)
        return subjects(outer) if outer is not None and outer != verb else []
    return []


# Verbs whose object, not subject, does what the infinitive says: "urged Iran to sign".
OBJECT_CONTROL = frozenset(
    "urge ask tell order call invite force press encourage allow enable persuade want expect require request warn beg "
    "demand instruct".split()
)


def objects(verb: Token) -> list[Token]:
    """Whom it is done to: the object, or the subject of a passive."""
    if is_passive(verb):
        return passive_subjects(verb)
    found = [child for child in verb.children if child.dep_ in _OBJECTS]
    if not found and verb.dep_ == "relcl" and any(child.dep_ in _SUBJECTS for child in verb.children):
        found = [verb.head]
    return found


def passive_subjects(verb: Token) -> list[Token]:
    """The subject of a passive verb, or the noun that a participle describes ("backed by")."""
    found = [child for child in verb.children if child.dep_ == "nsubjpass"]
    if not found and verb.dep_ == "acl":
        return [verb.head]
    return found


def is_passive(verb: Token) -> bool:
    """True for a passive: "was received", or a participle after its noun ("backed by Turkey")."""
    labels = {child.dep_ for child in verb.children}
    return bool(labels & {"auxpass", "nsubjpass"}) or (verb.dep_ == "acl" and verb.tag_ == "VBN")


def after(token: Token, *words: str) -> list[Token]:
    """What stands behind these prepositions of a word, also of its object ("held talks with")."""
    found: list[Token] = []
    for prep in token.children:
        if prep.dep_ in ("prep", "agent", "dative") and prep.lower_ in words:
            found += [child for child in prep.children if child.dep_ in ("pobj", "pcomp")]
            # "along with", "together with": one preposition governs the next.
            found += [pobj for inner in prep.children if inner.dep_ == "prep" for pobj in after_prep(inner, words)]
    return found


def after_prep(prep: Token, words: tuple[str, ...]) -> Iterator[Token]:
    """The object of an inner preposition, if it is one of these words."""
    if prep.lower_ in words:
        yield from (child for child in prep.children if child.dep_ == "pobj")


def governing_verb(token: Token) -> Token | None:
    """The verb of the clause that a word stands in."""
    head = token.head
    while head.head != head and head.pos_ not in ("VERB", "AUX"):
        head = head.head
    return head if head.pos_ in ("VERB", "AUX") else None


def governors(token: Token) -> Iterator[Token]:
    """The words above a word, up to the root of its sentence."""
    while token.head != token:
        yield token.head
        token = token.head


def auxiliaries(verb: Token) -> set[str]:
    """Lower-case forms of a verb's auxiliaries, its own if it stands behind "to", those of the verb it continues."""
    found = {child.lower_ for child in verb.children if child.dep_ in ("aux", "auxpass")}
    if not found and verb.dep_ == "conj" and verb.head.pos_ == "VERB" and verb.tag_ == verb.head.tag_:
        found = {child.lower_ for child in verb.head.children if child.dep_ in ("aux", "auxpass")}
    return found


def is_negated(token: Token) -> bool:
    """True under "not", "never", "no"."""
    return any(
        child.dep_ == "neg" or (child.lower_ in ("no", "neither", "nor") and child.dep_ in ("det", "preconj", "cc"))
        for child in token.children
    )


def clause(token: Token) -> str:
    """The words of a clause or phrase, from its first to its last."""
    words = sorted(token.subtree, key=lambda word: word.i)
    return token.doc[words[0].i : words[-1].i + 1].text.strip()


def is_clause(token: Token) -> bool:
    """True for the head of a clause."""
    return token.dep_ in _CLAUSES
