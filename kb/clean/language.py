"""Which language a text is in, and the sentence that says why another than English is rejected."""

from functools import cache
from typing import Any

from babel import Locale
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from kb.errors import UnreadableLanguage

READ = "en"
_SAMPLE_CHARS = 6000
_SHORT_WORDS = 30
# Chances of English. Of 1300 English articles none has less than 0.7, of the others none more than 0.01; names alone
# ("Erdogan, Putin, Istanbul") have about 0.01 whatever the language.
_ENGLISH = 0.5
_OTHER = 0.2
_OTHER_WHEN_SHORT = 0.002


def language_of(text: str, hint: str | None) -> str:
    """The ISO 639 code of a text's language; always English, for which extraction exists.

    The detector decides where it is sure; for short texts, and where it is not sure, ``hint`` (what the file or its
    sidecar says; ``None``: English) does. Raises UnreadableLanguage naming the language.
    """
    stated = (hint or READ).replace("_", "-").split("-")[0].strip().lower()
    stated = _codes().get(stated, stated)
    ranked = [(str(code), float(chance)) for code, chance in _identifier().rank(text[:_SAMPLE_CHARS])]
    english = dict(ranked)[READ]
    bar = _OTHER_WHEN_SHORT if len(text.split()) < _SHORT_WORDS else _OTHER
    language = READ if english >= _ENGLISH else ranked[0][0] if english < bar else stated
    if language == READ:
        return READ
    raise UnreadableLanguage(f"The text is in {language_name(language)} ({language}); kb reads English.")


def language_name(code: str) -> str:
    """The English name of a language; the code itself when it has none."""
    return str(_names().get(code, code))


@cache
def _names() -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale("en").languages.items()}


@cache
def _codes() -> dict[str, str]:
    # Some feeds write the name ("English") where others write the code.
    return {name.lower(): code for code, name in _names().items()} | {"eng": "en"}


@cache
def _identifier() -> Any:
    # The normalised form gives probabilities; the module's own shortcut gives scores without a scale.
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
