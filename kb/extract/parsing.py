"""The language model: loaded once per process from the weights that lie beside this file, never from elsewhere."""

import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

WEIGHTS = Path(__file__).parent / "weights"


@cache
def language_model() -> Language:
    """spaCy's small English pipeline: tagger, parser and lemmatizer."""
    with warnings.catch_warnings():
        # W095: made with another patch release of the same spaCy series, whose weights are compatible by its policy.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return spacy.load(WEIGHTS / "en_core_web_sm")


def parse(texts: Sequence[str]) -> list[Doc]:
    """Parsed texts of one document. Each text is its own batch, so that nothing depends on its neighbours."""
    return list(language_model().pipe(texts, batch_size=1))
