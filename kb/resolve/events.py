"""When claims of an event type are one event.

Dated claims of one pair of participants, sorted by (first day, id), join the first cluster whose *seed* lies within the
type's tolerance, or seed one: they are compared with seeds, never with members, so nothing chains. Coarse and undated
claims attach last, each alone, to the only compatible cluster of their block; with none or several they stay alone.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from kb.dates import interval
from kb.knowledge import ClaimState
from kb.ontology import FactType
from kb.resolve.blocks import UNDATED, is_dated, pair_of

Cluster = tuple[ClaimState, ...]


def days(state: ClaimState) -> tuple[dt.date, dt.date]:
    """First and last day of a dated claim."""
    found = interval(state.claim.date)
    if found is None:
        raise ValueError(f"claim {state.claim.id} has no day")
    return found


def gap(one: ClaimState, other: ClaimState) -> int:
    """Days between two dated claims, 0 where they overlap."""
    (a, b), (c, d) = days(one), days(other)
    return max((c - b).days, (a - d).days, 0)


def pairs_of(state: ClaimState) -> tuple[str, ...]:
    """The pairs in whose blocks a claim lies."""
    return tuple(sorted({pair_of(block) for block in state.claim.blocks}))


def clusters(states: Iterable[ClaimState], fact_type: FactType) -> tuple[Cluster, ...]:
    """The clusters of one pair's dated claims, by their seeds' order; the seed comes first in each."""
    found: list[list[ClaimState]] = []
    for state in sorted(states, key=lambda state: (days(state), state.claim.id)):
        home = next((c for c in found if gap(c[0], state) <= fact_type.tolerance_days), None)
        if home is None:
            found.append([state])
        else:
            home.append(state)
    return tuple(tuple(cluster) for cluster in found)


def candidates(coarse: ClaimState, pair_clusters: Sequence[Cluster]) -> tuple[Cluster, ...]:
    """The clusters of its pair that a coarse claim is compatible with: its month, its place, its participants.

    A claim that is dated to the year only is compatible with none: a year holds too many meetings.
    """
    block = coarse.claim.blocks[0]
    return tuple(
        cluster
        for cluster in pair_clusters
        if (block.endswith(f"|{UNDATED}") or any(block in member.claim.blocks for member in cluster))
        and _places_agree(coarse, cluster)
        and _participants_agree(coarse, cluster)
    )


def groups(states: Iterable[ClaimState], fact_type: FactType) -> tuple[Cluster, ...]:
    """The claims of each event, each claim in exactly one. Pair clusters that share a claim are one event."""
    every = sorted(states, key=lambda state: state.claim.id)
    by_pair: dict[str, list[ClaimState]] = defaultdict(list)
    for state in every:
        if is_dated(state.claim.date):
            for pair in pairs_of(state):
                by_pair[pair].append(state)
    pair_clusters = {pair: clusters(by_pair[pair], fact_type) for pair in sorted(by_pair)}
    union = _Union(state.claim.id for state in every)
    for found in pair_clusters.values():
        for cluster in found:
            for member in cluster[1:]:
                union.join(cluster[0].claim.id, member.claim.id)
    for state in every:
        if not is_dated(state.claim.date):
            fitting = candidates(state, pair_clusters.get(pairs_of(state)[0], ()))
            if len(fitting) == 1:
                union.join(state.claim.id, fitting[0][0].claim.id)
    return union.sets(every)


def _places(state: ClaimState) -> list[tuple[str, ...]]:
    return [tally.place_path for tally in state.tallies if tally.place_path]


def _places_agree(coarse: ClaimState, cluster: Cluster) -> bool:
    """True unless both sides name places and no two of these are the same or lie one in the other."""
    mine = _places(coarse)
    theirs = [place for member in cluster for place in _places(member)]
    if not mine or not theirs:
        return True
    return any(a[0] in b or b[0] in a for a in mine for b in theirs)


def _participants_agree(coarse: ClaimState, cluster: Cluster) -> bool:
    mine = {participant.entity_id for participant in coarse.claim.participants}
    theirs = {participant.entity_id for member in cluster for participant in member.claim.participants}
    return mine <= theirs or theirs <= mine


class _Union:
    """Disjoint sets of claim ids."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._parent = {key: key for key in ids}

    def root(self, key: str) -> str:
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def join(self, one: str, other: str) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self._parent[high] = low

    def sets(self, states: Iterable[ClaimState]) -> tuple[Cluster, ...]:
        found: dict[str, list[ClaimState]] = defaultdict(list)
        for state in states:
            found[self.root(state.claim.id)].append(state)
        return tuple(tuple(found[key]) for key in sorted(found))
