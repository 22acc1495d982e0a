"""What claims state together: facts, computed anew from their claims' tallies and nothing else."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any

from kb.dates import interval, precision
from kb.knowledge import ClaimState, Entity, Fact, Participant, Reading, Shortcut, StatusChange, Tally
from kb.ontology import Code, Edge, FactType, Identity, fact_types
from kb.resolve.blocks import is_dated
from kb.resolve.events import Cluster, groups
from kb.resolve.ids import digest
from kb.resolve.summary import summarise
from kb.resolve.tallies import most_told, tally
from kb.resolve.tenures import acting_for

# A shortcut between each two of thirty delegations is no longer a short way to anything.
MAX_SHORTCUT_PARTICIPANTS = 8
_PRECISIONS = ("day", "range", "month", "yearless", "year", "unknown")


def facts_of(states: Iterable[ClaimState], entities: Mapping[str, Entity]) -> tuple[Fact, ...]:
    """The facts that these claims state, sorted by id; each claim supports exactly one.

    Claims without tallies have lost their evidence and state nothing. ``entities`` gives the names of participants
    and places; an entity that is not in it goes by its id.
    """
    by_type: dict[str, list[ClaimState]] = defaultdict(list)
    for state in states:
        if state.tallies:
            by_type[state.claim.type].append(state)
    found: list[Fact] = []
    for name in sorted(by_type):
        fact_type = fact_types()[name]
        event = fact_type.identity is Identity.EVENT
        together = groups(by_type[name], fact_type) if event else _by_block(by_type[name])
        found += [_fact(fact_type, group, entities) for group in together]
    return tuple(sorted(found, key=lambda fact: fact.id))


def article_facts(reading: Reading) -> tuple[Fact, ...]:
    """The facts of one article alone."""
    tallies: dict[str, list[Tally]] = defaultdict(list)
    for item in tally(reading.statements):
        tallies[item.claim_id].append(item)
    states = [ClaimState(claim=claim, tallies=tuple(tallies[claim.id])) for claim in reading.claims]
    return facts_of(states, {entity.id: entity for entity in reading.entities})


def _by_block(states: Iterable[ClaimState]) -> tuple[Cluster, ...]:
    found: dict[str, list[ClaimState]] = defaultdict(list)
    for state in sorted(states, key=lambda state: state.claim.id):
        found[state.claim.blocks[0]].append(state)
    return tuple(tuple(found[block]) for block in sorted(found))


def _fact(fact_type: FactType, group: Cluster, entities: Mapping[str, Entity]) -> Fact:
    seed = min(group, key=_seed_order).claim
    tallies = sorted((item for state in group for item in state.tallies), key=_report_order)
    history = _history(fact_type, tallies)
    status = history[-1].status
    who = _who(group)
    code = most_told((_code(item), item.evidence) for item in tallies if item.status == status)
    what = _what(group, tallies, {participant.entity_id for participant in who["participants"]})
    reports = _reports(tallies, {participant.entity_id for participant in who["participants"]})
    day = what["date"] if interval(what["date"]) else reports["first_reported"]
    draft = Fact(
        id=digest("fact", seed.id),
        type=fact_type.name,
        kind=seed.kind,
        status=status,
        summary="",
        history=history,
        disputed=_disputed(fact_type, tallies),
        plover=code.event if code else None,
        plover_mode=code.mode if code else None,
        claims=tuple(sorted(state.claim.id for state in group)),
        shortcuts=_shortcuts(fact_type, seed.kind, status, who["participants"]),
        standings=tuple(
            acting_for(participant.entity_id, entities.get(participant.entity_id), day)
            for participant in who["participants"]
        ),
        **who,
        **what,
        **reports,
    )
    return draft.model_copy(update={"summary": summarise(fact_type, draft, entities)})


def _who(group: Cluster) -> dict[str, Any]:
    support = Counter[Participant]()
    for state in group:
        support.update(dict.fromkeys(state.claim.participants, sum(item.evidence for item in state.tallies)))
    participants = tuple(sorted(support, key=lambda p: (p.role, p.entity_id)))
    return {"participants": participants, "support": tuple(support[participant] for participant in participants)}


def _what(group: Cluster, tallies: Sequence[Tally], participants: set[str]) -> dict[str, Any]:
    place = _most_specific({item.place_path for item in tallies if item.place_path})
    named = {entity for item in tallies for entity in item.about}
    return {
        "place": place,
        "about": tuple(sorted(named - participants - {place or ""})),
        "content": _first(item.content for item in tallies),
        "date": _most_specific_date(state.claim.date for state in group),
        "date_text": _first(item.date_text for item in tallies),
        "due": _most_specific_date(item.due for item in tallies),
        "due_text": _first(item.due_text for item in tallies),
    }


def _reports(tallies: Sequence[Tally], participants: set[str]) -> dict[str, Any]:
    doubts = _doubt_by_source(tallies)
    published = sorted(item.published for item in tallies if item.published)
    evidence = sum(item.evidence for item in tallies)
    attributed = sum(item.attributed for item in tallies)
    return {
        "evidence": evidence,
        "articles": len({article for item in tallies for article in item.articles}),
        "sources": len(doubts),
        "independent_sources": len(doubts),
        "p_stated": round(1 - prod(doubts[source] for source in sorted(doubts)), 6),
        "firm": any(item.firm for item in tallies),
        "self_reported": attributed == evidence and {e for item in tallies for e in item.said_by} <= participants,
        "first_reported": published[0] if published else None,
        "last_reported": published[-1] if published else None,
    }


def _code(item: Tally) -> Code | None:
    return Code(item.plover, item.plover_mode) if item.plover else None


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _seed_order(state: ClaimState) -> tuple[bool, str, str]:
    dated = is_dated(state.claim.date)
    return (not dated, state.claim.date or "" if dated else "", state.claim.id)


def _report_order(item: Tally) -> tuple[str, str, str, str, tuple[str, ...]]:
    return (item.published or "", item.source_id, item.claim_id, item.status, item.place_path)


def _history(fact_type: FactType, tallies: Sequence[Tally]) -> tuple[StatusChange, ...]:
    """The status at each day of publication at which it changed; unknown days come first.

    Where sources of one day disagree, the catalogue's precedence decides.
    """
    by_day: dict[str, set[str]] = defaultdict(set)
    for item in tallies:
        by_day[item.published or ""].add(item.status)
    changes: list[StatusChange] = []
    for day in sorted(by_day):
        status = min(by_day[day], key=fact_type.precedence.index)
        if not changes or changes[-1].status != status:
            changes.append(StatusChange(published=day or None, status=status))
    return tuple(changes)


def _doubt_by_source(tallies: Iterable[Tally]) -> dict[str, float]:
    """For each source the doubt of its strongest sentence.

    The form is INDRA's (Gyori et al. 2017): a fact is misstated only if every source misstates it, so doubts multiply
    over sources; within one source sentences repeat each other and its best one stands for all.
    """
    doubts: dict[str, float] = {}
    for item in tallies:
        doubts[item.source_id] = min(item.doubt, doubts.get(item.source_id, 1.0))
    return doubts


def _most_specific(places: Iterable[tuple[str, ...]]) -> str | None:
    ranked = sorted(places, key=lambda place: (-len(place), place))
    return ranked[0][0] if ranked else None


def _most_specific_date(dates: Iterable[str | None]) -> str | None:
    known = sorted({date for date in dates if date}, key=lambda d: (_PRECISIONS.index(precision(d)), _length(d), d))
    return known[0] if known else None


def _length(date: str) -> int:
    days = interval(date)
    return (days[1] - days[0]).days if days else 0


def _disputed(fact_type: FactType, tallies: Sequence[Tally]) -> bool:
    """True if the last word of one source asserts the fact and that of another does not, or if places conflict."""
    last: dict[str, str] = {}
    for item in tallies:
        last[item.source_id] = item.status
    places = {item.place_path for item in tallies if item.place_path}
    verdicts = {status in fact_type.asserted for status in last.values()}
    apart = any(a[0] not in b and b[0] not in a for a in places for b in places)
    return len(verdicts) > 1 or apart


def _shortcuts(
    fact_type: FactType, kind: str | None, status: str, participants: Sequence[Participant]
) -> tuple[Shortcut, ...]:
    if len(participants) > MAX_SHORTCUT_PARTICIPANTS:
        return ()
    found = {
        shortcut
        for edge in fact_type.edges
        if status in edge.statuses and (not edge.kinds or kind in edge.kinds)
        for shortcut in _edges(edge, participants)
    }
    return tuple(sorted(found, key=lambda shortcut: (shortcut.edge, shortcut.start, shortcut.end)))


def _edges(edge: Edge, participants: Sequence[Participant]) -> Iterable[Shortcut]:
    for one in participants:
        for other in participants:
            if one.role == edge.start and other.role == edge.end and one.entity_id != other.entity_id:
                start, end = one.entity_id, other.entity_id
                if not edge.directed:
                    start, end = sorted((start, end))
                yield Shortcut(edge=edge.name, start=start, end=end)
