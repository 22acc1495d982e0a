"""Facts and articles in words, the same on the terminal and on the page."""

import re
from collections.abc import Sequence

from kb.records import Unused
from kb.views import ArticleView, EvidenceView, FactView

_RECEIVING = ("recipient", "supported")
# Control characters, ends of lines, marks that turn the direction of writing, and bytes of a file name that are no text.
_ILLEGIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def fact_line(fact: FactView, *, marked: bool = True) -> str:
    """A fact in one line: ``MEETING occurred · A – B · Istanbul · date unknown ("today") · 2 sentences``.

    ``marked``: with the words that say how far to trust it, for where they are not shown beside it.
    """
    head = " ".join(part for part in (fact.type.upper(), fact.kind, fact.status.replace("_", " ")) if part)
    parts = [head, participants(fact)]
    if fact.content:
        parts.append(f"“{fact.content}”")
    if fact.place:
        parts.append(fact.place)
    if fact.type == "pledge":
        parts += [f"due {fact.due}"] if fact.due else [f"due unknown (“{fact.due_text}”)"] if fact.due_text else []
    else:
        parts.append(fact.date or _unknown("date", fact.date_text))
    parts.append(counted(len(fact.evidence), "sentence"))
    if fact.sources > 1:
        parts.append(counted(fact.sources, "source"))
    parts += [word for word, holds in marks(fact) if holds and marked]
    return " · ".join(parts)


def legible(name: str) -> str:
    """A file's name on one line and in valid Unicode: what a name must not do to a terminal is written as ``\\x1b``."""
    return _ILLEGIBLE.sub(lambda found: _escaped(ord(found[0])), name)


def _escaped(code: int) -> str:
    byte = code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code
    return f"\\x{byte:02x}" if byte < 0x100 else f"\\u{byte:04x}"


def marks(fact: FactView) -> tuple[tuple[str, bool], ...]:
    """What a reader must know before believing a fact, and whether it holds."""
    return (
        ("tentative", not fact.firm),
        ("disputed", fact.disputed),
        ("self-reported", fact.self_reported),
        ("example", fact.example),
    )


def plover_line(fact: FactView) -> str:
    """A fact's PLOVER code: "PLOVER CONSULT (phone)", or that it has none."""
    if fact.plover is None:
        return "PLOVER none: nothing happened"
    return f"PLOVER {fact.plover}" + (f" ({fact.plover_mode})" if fact.plover_mode else "")


def participants(fact: FactView) -> str:
    """Who takes part: ``A – B``, and with an arrow to those who receive: ``A → B``."""
    giving = [p.name for p in fact.participants if p.role not in _RECEIVING]
    receiving = [p.name for p in fact.participants if p.role in _RECEIVING]
    return " – ".join(giving) + (f" → {', '.join(receiving)}" if receiving else "")


def quote_line(sentence: EvidenceView) -> str:
    """A quote with where it stands, and that it is a translation where it is one."""
    where = (
        " · ".join(part for part in (sentence.source, sentence.published, sentence.title) if part) or "unknown source"
    )
    note = ""
    if sentence.translated:
        note = f" [machine-translated{f' from {sentence.original_language}' if sentence.original_language else ''}]"
    return f"“{' '.join(sentence.quote.split())}”{note} — {where}"


def fact_lines(fact: FactView) -> list[str]:
    """A fact, and under it its sentences."""
    return [fact_line(fact), *(f"    {quote_line(sentence)}" for sentence in fact.evidence)]


def article_lines(article: ArticleView, text: str | None, unused: Sequence[Unused]) -> list[str]:
    """What is to be known of an article beside its facts. ``text``: that of the article, for the unused sentences."""
    lines = [f"ARTICLE {article.state} · {article.title or 'without title'} · {', '.join(article.came_in)}"]
    lines += [f"    {note}" for note in article_notes(article)]
    if text is not None and unused:
        lines.append(f"    looked at and not used: {counted(len(unused), 'sentence')}")
        lines += [f"      - {unused_line(item, text)}" for item in unused]
    return lines


def article_notes(article: ArticleView) -> list[str]:
    """That an article is an example, or translated; that its date is unknown and how to set it; why nothing was found."""
    notes = []
    if article.example:
        notes.append("an example that kb brings; `kb examples remove` takes the examples out")
    if article.translated:
        language = f" from {article.original_language}" if article.original_language else ""
        notes.append(f"machine-translated{language}: its quotes are a translator's words")
    if article.text_id and not article.published:
        name = article.came_in[0].split(", ")[0] if article.came_in else "FILE"
        notes.append(
            f"publication date unknown, so “today” stays unknown: `kb add {name} --published 2020-01-08` sets it, "
            f'or a file {name}.meta.json beside it with {{"published": "2020-01-08"}}'
        )
    if article.reason:
        notes.append(f"{article.state}: {article.reason}")
    elif article.state == "done" and not article.facts:
        notes.append("no facts found")
    return notes


def unused_line(item: Unused, text: str) -> str:
    """A sentence that was not used, and why."""
    return f"“{' '.join(text[item.start : item.end].split())}” — {item.type} (“{item.trigger}”): {item.reason}"


def counted(number: int, word: str) -> str:
    """ "1 sentence", "2 sentences"."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def _unknown(what: str, words: str | None) -> str:
    return f'{what} unknown ("{words}")' if words else f"{what} unknown"
