"""An article's words in one row, over the parsed texts that they come from."""

from collections.abc import Iterable, Sequence

from spacy.tokens import Doc, Span, Token


class Words:
    """``texts`` are the words and ``sentences`` half-open ranges of them, both in the article's order."""

    def __init__(self, docs: Sequence[Doc]) -> None:
        self._docs = docs
        self._tokens: list[tuple[int, Token]] = []
        self.sentences: list[tuple[int, int]] = []
        for at, doc in enumerate(docs):
            start = len(self._tokens)
            self._tokens += [(at, token) for token in doc]
            self.sentences += [(start + sentence.start, start + sentence.end) for sentence in doc.sents]
        self.texts = [token.text for _, token in self._tokens]

    def tokens(self, start: int, end: int) -> tuple[int, list[Token]]:
        """The number of the text that a non-empty range of words begins in, and its tokens in that text."""
        text = self._tokens[start][0]
        return text, [token for at, token in self._tokens[start:end] if at == text]

    def token(self, at: int) -> tuple[int, Token]:
        """A word's text by number, and its token there."""
        return self._tokens[at]

    def spans(self, ranges: Iterable[tuple[int, int, str]]) -> list[list[Span]]:
        """Labelled ranges of words as spans, for each text."""
        found: list[list[Span]] = [[] for _ in self._docs]
        for start, end, label in ranges:
            text, tokens = self.tokens(start, end)
            found[text].append(Span(self._docs[text], tokens[0].i, tokens[-1].i + 1, label=label))
        return found
