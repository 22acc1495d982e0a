"""What an article was found to say and why, sentence by sentence: for a terminal, and as JSON."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.ontology import fact_types
from kb.phrasing import counted
from kb.records import Document, Evidence, Explanation, Outcome, Passage, ReadSentence
from kb.resolve import article_facts, read_article

WIDTH = 100
_SHOWN = 300


def explained(document: Document, found: Explanation, file: Path) -> dict[str, Any]:
    """The explanation of one article as JSON, with names and quotes in place of numbers and offsets."""
    article = document.model_dump(mode="json", include={"title", "published", "published_origin", "words"})
    return {
        "article": {"file": str(file), "id": document.article_id, **article},
        "sentences": [
            {
                "quote": _quote(document, sentence),
                "passage": sentence.kind.value,
                "start": sentence.start,
                "end": sentence.end,
                "triggers": [_trigger(found, outcome) for outcome in sentence.outcomes],
            }
            for sentence in found.sentences
        ],
        "not_read": [{"quote": _quote(document, p), "why": _why_left_out(p)} for p in found.left_out],
        "facts": [fact.summary for fact in article_facts(read_article(document, found.extraction))],
        "why_nothing": why_nothing(document, found),
    }


def explained_lines(document: Document, found: Explanation, file: Path) -> Iterator[str]:
    """The explanation of one article in lines of at most WIDTH characters."""
    origin = f" ({document.published_origin})" if document.published_origin else ""
    when = f"{document.published}{origin}" if document.published else "publication date unknown"
    yield from _wrapped(f"{file} · {document.title or 'without title'} · {when}", "", "  ")
    fired = sum(len(sentence.outcomes) for sentence in found.sentences)
    read, evidence = counted(len(found.sentences), "sentence"), found.extraction.evidence
    kept = f"{len(evidence)} kept as evidence, {sum(not item.firm for item in evidence)} of them tentative"
    yield from _wrapped(
        f"{counted(document.words, 'word')}, {read} read, {counted(fired, 'trigger')}, {kept}", "", "  "
    )
    for number, sentence in enumerate(found.sentences, 1):
        yield ""
        yield from _wrapped(f"“{_quote(document, sentence)}”", f"{number:3}  ", "     ")
        for outcome in sentence.outcomes:
            yield from _wrapped(_told(found, outcome), "       ", "           ")
        if not sentence.outcomes:
            yield "       no trigger"
    yield from _ending(document, found)


def why_nothing(document: Document, found: Explanation) -> list[str]:
    """The reasons why an article gives no fact, the most telling first; none where it gives one."""
    if found.extraction.evidence:
        return []
    outcomes = [outcome for sentence in found.sentences for outcome in sentence.outcomes]
    why = [] if found.extraction.actors else ["no political actor is named"]
    if not outcomes:
        *types, last = (fact_type.label.lower() for fact_type in fact_types().values())
        why.append(f"no sentence has a trigger, words that could tell a fact ({', '.join(types)} or {last})")
    reasons = Counter(re.sub(r" *\(.*\)", "", outcome.reason or "") for outcome in outcomes)
    why += [f"{reason}: {counted(count, 'trigger')}" for reason, count in reasons.most_common()]
    if found.left_out:
        dropped = sum(passage.end - passage.start for passage in found.left_out)
        share = dropped / sum(passage.end - passage.start for passage in document.passages)
        kinds = ", ".join(sorted({_why_left_out(passage) for passage in found.left_out}))
        why.append(f"{share:.0%} of the text was not read ({kinds}): {counted(len(found.left_out), 'passage')}")
    return why


def _ending(document: Document, found: Explanation) -> Iterator[str]:
    """The passages that were not read, and the facts, or why there are none."""
    if found.left_out:
        yield from ("", "Not read:")
    for passage in found.left_out:
        yield from _wrapped(f"“{_quote(document, passage)}”", f"  {_why_left_out(passage):11}", " " * 13)
    facts = article_facts(read_article(document, found.extraction))
    yield from ("", f"{counted(len(facts), 'fact')}{':' if facts else ', because'}")
    for line in [fact.summary for fact in facts] or why_nothing(document, found):
        yield from _wrapped(line, "  - ", "    ")


def _told(found: Explanation, outcome: Outcome) -> str:
    trigger = f"“{outcome.trigger}” {outcome.p_trigger:.2f}"
    if outcome.evidence is None:
        return f"{trigger} ✗ no {outcome.type}: {outcome.reason}"
    made = _made(found, found.extraction.evidence[outcome.evidence])
    parts = [" ".join(part for part in (outcome.type, made["kind"], made["status"].replace("_", " ")) if part)]
    parts += [f"{role}: {', '.join(names)}" for role, names in made["roles"].items()]
    parts += [f"place: {made['place']}"] if made["place"] else []
    parts += [f"said by: {made['said_by']}"] if made["said_by"] else []
    parts += [f"content: “{made['content']}”"] if made["content"] else []
    for name in ("date", "due"):
        date, words = made[name], made[f"{name}_text"]
        if date or words:
            parts.append(f"{name}: {date or 'unknown'}" + (f" (“{words}”)" if words else ""))
    parts += [
        f"p {made['p_correct']:.2f} {'firm' if made['firm'] else 'tentative'}",
        f"PLOVER {made['plover'] or 'none'}",
    ]
    return f"{trigger} ✓ {' · '.join(parts)}"


def _trigger(found: Explanation, outcome: Outcome) -> dict[str, Any]:
    made = None if outcome.evidence is None else _made(found, found.extraction.evidence[outcome.evidence])
    return {**outcome.model_dump(exclude={"evidence"}), "made": made}


def _made(found: Explanation, evidence: Evidence) -> dict[str, Any]:
    """A piece of evidence with its actors by name."""
    names = [actor.name for actor in found.extraction.actors]
    roles: dict[str, list[str]] = {}
    for filler in evidence.roles:
        roles.setdefault(filler.role, []).append(names[filler.actor])
    code = fact_types()[evidence.type].coded(evidence.kind, evidence.status, evidence.rule, evidence.quote)
    own = {"kind", "status", "content", "date", "date_text", "due", "due_text", "p_correct", "firm", "rule"}
    return {
        **evidence.model_dump(mode="json", include=own),
        "roles": roles,
        "place": None if evidence.place is None else names[evidence.place],
        "said_by": None if evidence.said_by is None else names[evidence.said_by],
        "plover": str(code) if code else None,
    }


def _why_left_out(passage: Passage) -> str:
    return "repeated" if passage.duplicate else passage.kind.value


def _quote(document: Document, stretch: Passage | ReadSentence) -> str:
    words = " ".join(document.text[stretch.start : stretch.end].split())
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN].rstrip()} …"


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=rest)
