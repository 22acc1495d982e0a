"""The language model: loaded once per process from the weights that lie beside this file, never from elsewhere."""

import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import compile_infix_regex

WEIGHTS = Path(__file__).parent / "weights"
# "U.S.-India" are two names; spaCy parts words at a hyphen between letters only.
_BETWEEN_NAMES = r"(?<=[A-Z]\.)[-–](?=[A-Z])"


@cache
def language_model() -> Language:
    """spaCy's small English pipeline: tagger, parser and lemmatizer."""
    with warnings.catch_warnings():
        # W095: made with another patch release of the same spaCy series, whose weights are compatible by its policy.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        nlp = spacy.load(WEIGHTS / "en_core_web_sm")
    infixes = [*(nlp.Defaults.infixes or ()), _BETWEEN_NAMES]
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer  # type: ignore[union-attr]
    return nlp


def parse(texts: Sequence[str]) -> list[Doc]:
    """Parsed texts of one document. Each text is its own batch, so that nothing depends on its neighbours."""
    return list(language_model().pipe(texts, batch_size=1))
