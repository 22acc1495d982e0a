"""Which forms of a name are one actor's: "Putin" and "Vladimir Putin", "LNA" and "Libyan National Army"."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from kb.extract.spotting import Spotted, bare
from kb.ontology import without_accents


def folded(name: str) -> str:
    """A name without accents, points and case, for comparing."""
    return without_accents(name.replace("’", "'")).replace(".", "").casefold().strip()


def fullest_people(found: Iterable[Sequence[Spotted]]) -> dict[str, str]:
    """Each form of a person's name, folded, to its fullest form, folded; the earlier named of equally full ones."""
    unknown = [item for items in found for item in items if item.label and not item.known]
    people = list(dict.fromkeys(folded(bare(item)) for item in unknown if item.label == "PER"))
    full: dict[str, str] = {}
    by_word: dict[str, list[str]] = {}
    for form in sorted(people, key=lambda form: -len(form.split())):
        full[form] = _wider(form, by_word) or form
        if full[form] == form:
            for word in dict.fromkeys(form.split()):
                by_word.setdefault(word, []).append(form)
    for form in dict.fromkeys(folded(bare(item)) for item in unknown):
        wider = _wider(form, by_word)
        if form not in full and wider:
            full[form] = wider
    return full


def acronyms(found: Iterable[Sequence[Spotted]]) -> dict[str, str]:
    """Acronyms that a text puts in brackets after a name, to that name: "lna" to "libyan national army"; folded."""
    known: dict[str, str] = {}
    for items in found:
        for full, short in pairwise(items):
            doc, at = short.span.doc, short.span.start
            bracketed = full.span.end == at - 1 and doc[at - 1].text == "(" and doc[at : at + 1].text.isupper()
            if bracketed and _initials(bare(full)).startswith(bare(short)[:2]):
                known[folded(bare(short))] = folded(bare(full))
    return known


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"[^\W\d_]+", name) if word[0].isupper())


def _wider(form: str, by_word: dict[str, list[str]]) -> str | None:
    parts = form.split()
    candidates = by_word.get(parts[-1], []) if parts else []
    if len(parts) > 1:
        candidates = [*candidates, *by_word.get(parts[0], [])]
    return next((longer for longer in candidates if _is_short_form(parts, longer.split())), None)


def _is_short_form(short: list[str], longer: list[str]) -> bool:
    """Whether a name is another one without given names ("putin"), or without its last or middle ones."""
    if len(short) >= len(longer):
        return False
    outer = len(short) == 2 and short[0] == longer[0] and short[-1] == longer[-1]
    return longer[-len(short) :] == short or outer or (len(short) > 1 and longer[: len(short)] == short)
