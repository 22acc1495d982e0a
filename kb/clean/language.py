"""Which language a text is in, and whether we can read it."""

from functools import cache

from babel import Locale, UnknownLocaleError
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

from kb.errors import UnreadableLanguage

READABLE = "en"
# Fewer words than these say too little: what the file says of itself then decides, else we read it.
_ENOUGH_WORDS = 12
_SURE = 0.9
_SAMPLE = 4000


def detect(prose: str, said: str | None) -> str:
    """The language of a text as an ISO 639-1 code. ``said``: what the file claims, which only breaks doubt.

    Raises UnreadableLanguage unless it is one that we read.
    """
    claimed = (said or "").split("-")[0].split("_")[0].lower()[:2]
    language, probability = _identifier().classify(prose[:_SAMPLE])
    doubtful = len(prose.split()) < _ENOUGH_WORDS or float(probability) < _SURE
    if doubtful:
        language = claimed or (READABLE if language != READABLE and prose.isascii() else str(language))
    if language != READABLE:
        raise UnreadableLanguage(f"the text is in {_name(str(language))}; kb reads English")
    return str(language)


def _name(code: str) -> str:
    try:
        return f"{Locale.parse(code).get_display_name('en') or code} ({code})"
    except (UnknownLocaleError, ValueError):
        return code


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_modelpath(str(MODEL_DIR / MODEL_FILE), norm_probs=True)
