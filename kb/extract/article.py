"""An article as the extractor sees it: the parsed sentences of those passages in which it speaks of events."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from kb.records import Document, Passage, PassageKind

_SPEAKING = (PassageKind.TITLE, PassageKind.STANDFIRST, PassageKind.BODY, PassageKind.CAPTION)


@dataclass(frozen=True)
class Sentence:
    """One sentence: its tokens, its place in the document's text, and its number in the article."""

    span: Span
    offset: int
    number: int
    kind: PassageKind

    @property
    def start(self) -> int:
        """Where it begins in the document's text."""
        return self.offset + self.span.start_char

    @property
    def end(self) -> int:
        """Where it ends in the document's text."""
        return self.offset + self.span.end_char

    def place(self, token: Token) -> int:
        """Where a token of it begins in the document's text."""
        return self.offset + token.idx


class Article:
    """A document with its parsed sentences, in order."""

    def __init__(self, document: Document, sentences: tuple[Sentence, ...]) -> None:
        self.document, self.sentences = document, sentences

    @classmethod
    def parse(cls, document: Document, nlp: Language) -> "Article":
        """Parse the speaking passages of a document, each once, together and apart from any other document's."""
        passages = [p for p in document.passages if p.kind in _SPEAKING and not p.duplicate]
        # A line end inside a passage is a space to the parser; the length, and so every offset, stays.
        texts = [document.text[p.start : p.end].replace("\n", " ") for p in passages]
        parsed = nlp.pipe(texts, batch_size=max(len(texts), 1))
        return cls(document, tuple(_sentences(zip(passages, parsed, strict=True))))


def _sentences(parsed: Iterator[tuple[Passage, Doc]]) -> Iterator[Sentence]:
    number = 0
    for passage, doc in parsed:
        for span in doc.sents:
            if span.text.strip():
                yield Sentence(span=span, offset=passage.start, number=number, kind=passage.kind)
                number += 1
