"""Sentences that tell one event are given the same actors, date and place, so that they become one fact."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from kb.extract.assembling import Told
from kb.extract.casting import Roles, acting
from kb.extract.timing import When


def gathered(told: Sequence[Told], same: float) -> list[Told]:
    """The same list, where all tellings of one event have its actors, date and place.

    Two tellings are of one event when they share an actor, their dates and kinds do not disagree, and the likeness of
    their vectors is at least ``same``; or when one's actors are among the other's, which has at least three.
    """
    result = list(told)
    for group in _groups(told, same):
        items = [told[at] for at in group]
        roles = _agreed(items)
        when = next((item.when for item in items if item.when and item.when.date), None)
        due = next((item.due for item in items if item.due and item.due.date), None)
        place = next((item.place for item in items if item.place is not None), None)
        for at in group:
            own = told[at]
            result[at] = own._replace(
                roles=roles,
                when=own.when if own.when and own.when.date else when or own.when,
                due=own.due if own.due and own.due.date else due or own.due,
                place=own.place if own.place is not None else place,
            )
    return result


def dated(told: Sequence[Told], heard: Callable[[Told], When | None]) -> list[Told]:
    """The same list, where an event that occurred without a date has the one that ``heard`` finds for it."""
    return [item._replace(when=heard(item)) if _undated(item) else item for item in told]


def _undated(item: Told) -> bool:
    return item.type.placed and item.when is None and item.status in item.type.asserted


def _groups(told: Sequence[Told], same: float) -> Iterator[list[int]]:
    """Indices of the tellings of one event each, where there are at least two."""
    leader = list(range(len(told)))

    def root(at: int) -> int:
        while leader[at] != at:
            at = leader[at]
        return at

    for one, two in combinations(range(len(told)), 2):
        if _of_one_event(told[one], told[two], same):
            leader[root(two)] = root(one)
    groups: dict[int, list[int]] = {}
    for at in range(len(told)):
        groups.setdefault(root(at), []).append(at)
    yield from (group for group in groups.values() if len(group) > 1)


def _of_one_event(one: Told, two: Told, same: float) -> bool:
    if one.type != two.type or one.status != two.status or not _dates_agree(one, two):
        return False
    mine, theirs = _actors(one), _actors(two)
    if one.type.placed and ((mine < theirs and len(theirs) > 2) or (theirs < mine and len(mine) > 2)):
        return min(len(mine), len(theirs)) > 1
    return one.kind == two.kind and bool(mine & theirs) and float(one.vector @ two.vector) >= same


def _dates_agree(one: Told, two: Told) -> bool:
    when = {item.when.date for item in (one, two) if item.when and item.when.date}
    due = {item.due.date for item in (one, two) if item.due and item.due.date}
    return len(when) < 2 and len(due) < 2


def _actors(item: Told) -> frozenset[int]:
    return acting(item.type, item.roles)


def _agreed(items: Sequence[Told]) -> Roles:
    """The roles of the surest telling of those with the most actors that two tellings agree on."""
    votes = Counter(actor for item in items for actor in _actors(item))
    best = max(items, key=lambda item: (sum(votes[actor] > 1 for actor in _actors(item)), item.p, -item.at))
    return best.roles
