"""Sentences that tell the same event are given the same actors and date, so that they become one fact."""

from collections.abc import Callable, Sequence

from kb.extract.assembling import Told
from kb.extract.timing import When


def gathered(told: Sequence[Told]) -> list[Told]:
    """The same list, where an event told with fewer actors takes those of the fuller telling.

    Two tellings are of one event when one's actors are among the other's, their status is the same, and their dates
    do not disagree.
    """
    # Only a telling with three or more actors can be the fuller one of a pair.
    full = [(_actors(item), item) for item in told if item.found.owner.placed and len(_actors(item)) > 2]
    return [_completed(item, full) if item.found.owner.placed else item for item in told]


def dated(told: Sequence[Told], heard: Callable[[Told], When | None]) -> list[Told]:
    """The same list, where an event that occurred without a date has the one that ``heard`` finds for it."""
    return [item._replace(when=heard(item)) if _undated(item) else item for item in told]


def _undated(item: Told) -> bool:
    return item.found.owner.placed and item.when is None and item.status == item.found.owner.status.get("past")


def _completed(item: Told, full: Sequence[tuple[frozenset[int], Told]]) -> Told:
    own = _actors(item)
    fits = [(who, other) for who, other in full if len(own) > 1 and own < who and _compatible(item, other)]
    if not fits:
        return item
    _, fuller = min(fits, key=lambda fit: (len(fit[0]), fit[1].text, fit[1].at))
    place = item.place if item.place is not None else fuller.place
    return item._replace(roles=fuller.roles, when=item.when or fuller.when, place=place)


def _actors(item: Told) -> frozenset[int]:
    return frozenset(actor for who in item.roles.values() for actor in who)


def _compatible(one: Told, two: Told) -> bool:
    if one.found.owner.type != two.found.owner.type or one.status != two.status:
        return False
    return len({item.when.date for item in (one, two) if item.when and item.when.date}) < 2
