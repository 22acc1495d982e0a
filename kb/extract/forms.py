"""Which forms of a name are one actor's: "Putin" and "Vladimir Putin", "LNA" and "Libyan National Army"."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from spacy.tokens import Doc, Span

from kb.extract.spotting import TITLES, Spotted, bare
from kb.ontology import without_accents

_LONGEST = 4
_ARTICLES = re.compile(r"^(al|el|as|ash|an|ad)-")
_DOUBLED = re.compile(r"(.)\1")


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
            for word in dict.fromkeys(map(_plain, form.split())):
                by_word.setdefault(word, []).append(form)
    for form in dict.fromkeys(folded(bare(item)) for item in unknown):
        wider = _wider(form, by_word)
        if form not in full and wider:
            full[form] = wider
    return full


def echoed(doc: Doc, items: Sequence[Spotted], people: Mapping[str, str]) -> list[Spotted]:
    """The names of a text with the forms of known people that stand there unmarked, as in headlines.

    ``people`` are the forms from ``fullest_people``. One word counts only where it is not part of a longer name.
    """
    last = {full.split()[-1] for full in people.values() if " " in full}
    taken = {at for item in items for at in range(item.span.start, item.span.end)}
    found: list[Spotted] = []
    at = 0
    while at < len(doc):
        span = _echo(doc, at, taken, people, last)
        if span is not None:
            found.append(Spotted(span, None, "PER"))
        at = span.end if span is not None else at + 1
    return sorted([*items, *found], key=lambda item: item.span.start)


def _echo(doc: Doc, at: int, taken: set[int], people: Mapping[str, str], last: set[str]) -> Span | None:
    for length in range(min(_LONGEST, len(doc) - at), 0, -1):
        span = doc[at : at + length]
        if taken & set(range(span.start, span.end)) or not (span[0].text[0].isupper() and span[-1].text[0].isupper()):
            continue
        form = folded(span.text)
        if length > 1 and form in people:
            return span
        if length == 1 and (form in people or form in last) and _stands_alone(span, taken):
            return span
    return None


def _stands_alone(span: Span, taken: set[int]) -> bool:
    """Whether a capital word is a name by itself: a noun of its own, no given name before it."""
    before = span.doc[span.start - 1] if span.start else None
    if len(span[0]) < 3 or span[0].pos_ != "PROPN":
        return False
    if before is None or before.is_sent_start or before.i in taken or not before.text[0].isupper():
        return True
    return before.lower_.strip(".") in TITLES or before.pos_ != "PROPN"


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
    parts = [_plain(word) for word in form.split()]
    candidates = by_word.get(parts[-1], []) if parts else []
    if len(parts) > 1:
        candidates = [*candidates, *by_word.get(parts[0], [])]
    fuller = [longer for longer in candidates if _is_short_form(parts, [_plain(word) for word in longer.split()])]
    if fuller:
        return fuller[0]
    # "Lula" and "Kim" are neither first nor last of the names they are short for in every language.
    alone = dict.fromkeys(candidates) if len(parts) == 1 and len(parts[0]) > 2 else ()
    return next(iter(alone), None) if len(alone) == 1 else None


def _plain(word: str) -> str:
    """A word of a name as it compares across spellings of one alphabet in another: "zelenskyy", "zelensky"."""
    return _DOUBLED.sub(r"\1", _ARTICLES.sub("", word)).replace("iy", "y")


def _is_short_form(short: list[str], longer: list[str]) -> bool:
    """Whether a name is another one without given names ("putin"), or without its last or middle ones."""
    if len(short) == len(longer):
        return short == longer
    if len(short) > len(longer):
        return False
    outer = len(short) == 2 and short[0] == longer[0] and short[-1] == longer[-1]
    return longer[-len(short) :] == short or outer or (len(short) > 1 and longer[: len(short)] == short)
