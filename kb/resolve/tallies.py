"""Counting sentences: what consolidation needs to know of ten thousand sentences that say the same."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby

from kb.knowledge import Statement, Tally
from kb.ontology import Code, fact_types


def tally(statements: Iterable[Statement]) -> tuple[Tally, ...]:
    """One tally for each claim, source, status, day of publication and place, sorted by these."""
    ordered = sorted(statements, key=lambda statement: (*_key(statement), statement.id))
    return tuple(_count(list(group)) for _, group in groupby(ordered, _key))


def _key(statement: Statement) -> tuple[str, str, str, str, tuple[str, ...]]:
    return (
        statement.claim_id,
        statement.source_id,
        statement.status,
        statement.published or "",
        statement.place_path,
    )


def _count(group: list[Statement]) -> Tally:
    first = group[0]
    code = most_told((_code(statement), 1) for statement in group)
    return Tally(
        claim_id=first.claim_id,
        source_id=first.source_id,
        status=first.status,
        published=first.published,
        place_path=first.place_path,
        content=_first(statement.content for statement in group),
        date_text=_first(statement.date_text for statement in group),
        due=_first(statement.due for statement in group),
        due_text=_first(statement.due_text for statement in group),
        evidence=len(group),
        articles=tuple(sorted({statement.article_id[:12] for statement in group})),
        firm=sum(statement.firm for statement in group),
        attributed=sum(statement.said_by is not None for statement in group),
        doubt=min(1 - statement.p_correct for statement in group),
        said_by=tuple(sorted({statement.said_by for statement in group if statement.said_by})),
        about=tuple(sorted({entity for statement in group for entity in statement.about})),
        plover=code.event if code else None,
        plover_mode=code.mode if code else None,
    )


def most_told(codes: Iterable[tuple[Code | None, int]]) -> Code | None:
    """Of PLOVER codes with counts the event type told most, and of its modes the one told most, if any is told.

    The first by the alphabet on a tie, so that the order of the sentences does not count.
    """
    events, modes = Counter[str](), Counter[Code]()
    for code, count in codes:
        if code is not None:
            events[code.event] += count
            modes[code] += count if code.mode else 0
    if not events:
        return None
    event = min(events, key=lambda name: (-events[name], name))
    return min((code for code in modes if code.event == event), key=lambda code: (-modes[code], code.mode or ""))


def _code(statement: Statement) -> Code | None:
    told = fact_types()[statement.type]
    return told.coded(statement.kind, statement.status, statement.rule, statement.quote)


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)
