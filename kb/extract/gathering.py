"""Sentences that tell one event are given the same actors, date and place, so that they become one fact."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from itertools import combinations, product

from kb.dates import precision
from kb.extract.assembling import Told
from kb.extract.casting import Roles, acting
from kb.extract.judging import Signs, chance
from kb.extract.labels import Labels
from kb.extract.timing import When

# From this many sentences on it does not matter how far apart two are.
_FAR = 10
# The sentences after the title in which an article says what it is about.
_LEAD = 2


def gathered(told: Sequence[Told], labels: Labels) -> list[Told]:
    """The same list, where all tellings of one event have its actors, kind, content, date and place.

    Two are of one event by a learned chance (``pair_signs``); a group grows while the mean chance between its members and
    the next ones is at least ``labels.same``.
    """
    result = list(told)
    for group in _groups(told, labels):
        items = [told[at] for at in group]
        surest = max(items, key=lambda item: (item.p, -item.nth, -item.at))
        roles = _agreed(items)
        when = next((item.when for item in items if item.when and item.when.date), None)
        due = next((item.due for item in items if item.due and item.due.date), None)
        place = next((item.place for item in items if item.place is not None), None)
        for at in group:
            own = told[at]
            result[at] = own._replace(
                roles=roles,
                kind=surest.kind,
                content=surest.content,
                when=own.when if own.when and own.when.date else when or own.when,
                due=own.due if own.due and own.due.date else due or own.due,
                place=own.place if own.place is not None else place,
            )
    return result


def dated(told: Sequence[Told], heard: Callable[[Told], When | None]) -> list[Told]:
    """The same list, where an event that occurred without a date has the one that ``heard`` finds for it."""
    return [item._replace(when=heard(item)) if _undated(item) else item for item in told]


def of_today(told: Sequence[Told], subjects: Set[str], published: str | None) -> list[Told]:
    """The same list, where an undated event of the lead is of the day of publication if the title is about it.

    So a readout's meeting is ("Telephone conversation with the President of Finland"), by the annotation guide.
    ``subjects`` are the types of what the title is about.
    """
    if published is None or precision(published) != "day":
        return list(told)
    lead = (item for item in told if item.nth <= _LEAD and item.type.name in subjects and _undated(item))
    events = {_event(item) for item in lead} - {_event(item) for item in told if item.when and item.when.date}
    today = When(0, 0, "", published, deictic=True)
    return [item._replace(when=today) if _event(item) in events and item.when is None else item for item in told]


def may_be_one(one: Told, two: Told) -> bool:
    """Whether two tellings can be of one event: of one type and status, with an actor in common."""
    return (one.type, one.status) == (two.type, two.status) and bool(_actors(one) & _actors(two))


def pair_signs(one: Told, two: Told) -> Signs:
    """What speaks for and against two tellings being of one event that may be, each a number near 0."""
    mine, theirs = _actors(one), _actors(two)
    apart = abs(one.nth - two.nth)
    return {
        "constant": 1.0,
        "likeness": float(one.vector @ two.vector),
        "overlap": len(mine & theirs) / max(1, len(mine | theirs)),
        "within": float(mine <= theirs or theirs <= mine),
        "dates differ": float(not _dates_agree(one, two)),
        "one sentence": float(apart == 0),
        "apart": min(apart, _FAR) / _FAR,
        "one kind": float(one.kind == two.kind),
    }


def _event(item: Told) -> tuple[str, frozenset[int]]:
    return item.type.name, _actors(item)


def _undated(item: Told) -> bool:
    return item.type.placed and item.when is None and item.status in item.type.asserted


def _groups(told: Sequence[Told], labels: Labels) -> Iterator[list[int]]:
    """Indices of the tellings of one event each, where there are at least two."""
    chances = {
        (one, two): chance(labels.merging.get(told[one].type.name, {}), pair_signs(told[one], told[two]))
        for one, two in combinations(range(len(told)), 2)
        if may_be_one(told[one], told[two])
    }
    home = {at: [at] for at in range(len(told))}
    for one, two in sorted(chances, key=lambda pair: (-chances[pair], pair)):
        left, right = home[one], home[two]
        if left is not right and _mean(chances, left, right) >= labels.same:
            left += right
            home.update(dict.fromkeys(right, left))
    yield from (sorted(group) for at, group in home.items() if len(group) > 1 and at == min(group))


def _mean(chances: Mapping[tuple[int, int], float], left: Sequence[int], right: Sequence[int]) -> float:
    found = [chances.get((min(pair), max(pair)), 0.0) for pair in product(left, right)]
    return sum(found) / len(found)


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
