"""What is undertaken, in a few words of the sentence."""

from spacy.tokens import Token

from kb.extract.syntax import clause

_MOST_WORDS = 30


def content_of(trigger: Token) -> str | None:
    """The infinitive, clause or object behind a pledging word; for "will send …" the verb with all that follows it."""
    for labels in (("xcomp", "ccomp", "acl"), ("dobj",), ("prep",), ("advcl",)):
        for child in trigger.children:
            if child.dep_ in labels and child.i > trigger.i:
                return _shortened(clause(child))
    following = [token for token in trigger.subtree if token.i >= trigger.i]
    return _shortened(trigger.doc[following[0].i : following[-1].i + 1].text) if len(following) > 1 else None


def _shortened(words: str) -> str:
    found = words.removeprefix("that ").removeprefix("to ").strip(" ,;.").split()
    return " ".join(found[:_MOST_WORDS])
