"""Texts in, mentions and evidence out: what lies behind ``Extractor`` may be replaced without anybody noticing."""

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from kb.extract import explaining
from kb.extract.coding import Coder
from kb.extract.encoder import encoder
from kb.extract.extractor import EncoderExtractor
from kb.records import Document, Explanation, Extraction

__all__ = ["Coder", "Extractor", "coder", "explain", "load"]


class Extractor(Protocol):
    """Reads documents. ``version`` changes with whatever could change an extraction."""

    @property
    def version(self) -> str:
        """Twelve hex digits over weights, catalogue, actors and code."""

    def extract(self, documents: Sequence[Document]) -> tuple[Extraction, ...]:
        """One extraction for each document, in their order; each depends on its own document alone."""


@cache
def load() -> Extractor:
    """The extractor of this process; loading takes about a second, once."""
    return EncoderExtractor()


@cache
def coder() -> Coder:
    """The event coder of this process, on the same weights."""
    return Coder(encoder())


def explain(document: Document) -> Explanation:
    """How this process's extraction of a document comes about, sentence by sentence."""
    return explaining.explain(document, encoder(), load().version)
