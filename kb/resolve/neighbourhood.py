"""What must be seen, beside the dirty blocks themselves, to make their facts exactly as from the whole graph.

A fact can reach beyond a block in three ways, and each is followed to its end:

1. a claim of three parties lies in three pairs' blocks, and ties their clusters into one fact;
2. claims a day apart over a month's edge share a cluster;
3. a claim without any date may attach to a cluster of any month of its pair.

A coarse claim is taken along only where it attaches to a cluster that was reached: it never leads further.
"""

from collections.abc import Callable, Iterable
from itertools import chain

from kb.knowledge import ClaimState
from kb.ontology import FactType, Identity, fact_types
from kb.records import Record
from kb.resolve.blocks import UNDATED, is_dated, pair_of, whole_pair
from kb.resolve.events import Cluster, candidates, clusters, gap, pairs_of

Fetch = Callable[[frozenset[str]], Iterable[ClaimState]]
"""Claims that lie in any of these blocks; an id that ends in "|*" means the blocks of all months of that pair."""


class Neighbourhood(Record):
    """``states``: the claims whose facts must be made anew, sorted by id; ``blocks``: all blocks looked at, sorted."""

    blocks: tuple[str, ...]
    states: tuple[ClaimState, ...]


def neighbourhood(dirty: Iterable[str], fetch: Fetch) -> Neighbourhood:
    """The neighbourhood of dirty blocks: ``facts_of(states)`` are exactly the facts of the whole that they touch."""
    search = _Search(fetch)
    search.take_blocks(frozenset(dirty))
    search.spread()
    found = sorted(search.taken.values(), key=lambda state: state.claim.id)
    return Neighbourhood(blocks=tuple(sorted(b for b in search.blocks if not b.endswith("|*"))), states=tuple(found))


class _Search:
    """Breadth-first over claims; ``seen`` holds all that was fetched, ``taken`` what belongs to the answer."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self.blocks: set[str] = set()
        self.seen: dict[str, ClaimState] = {}
        self.taken: dict[str, ClaimState] = {}
        self._waiting: list[ClaimState] = []

    def take_blocks(self, blocks: frozenset[str]) -> None:
        """Everything in these blocks belongs to the answer."""
        self._load(blocks)
        for state in sorted(self.seen.values(), key=lambda state: state.claim.id):
            if blocks.intersection(state.claim.blocks):
                self._take(state)
        self._attach_undated({pair_of(block) for block in blocks if _is_event(block)})

    def spread(self) -> None:
        """Follow every claim that was taken, until none leads further."""
        while self._waiting:
            state = self._waiting.pop()
            if not _is_event(state.claim.blocks[0]) or not is_dated(state.claim.date):
                continue
            self._load(frozenset(state.claim.blocks))
            for pair in pairs_of(state):
                self._take_run(pair, state)
                self._attach_coarse(pair, state)
                self._cross_edge(pair, state)
            self._attach_undated(set(pairs_of(state)))

    def _load(self, blocks: frozenset[str]) -> None:
        missing = blocks - self.blocks
        if missing:
            self.blocks |= missing
            for state in self._fetch(missing):
                self.seen.setdefault(state.claim.id, state)

    def _take(self, state: ClaimState) -> None:
        if state.claim.id not in self.taken:
            self.taken[state.claim.id] = state
            self._waiting.append(state)

    def _dated(self, pair: str) -> list[ClaimState]:
        return [s for s in self.seen.values() if is_dated(s.claim.date) and pair in pairs_of(s)]

    def _candidates(self, coarse: ClaimState, pair: str) -> tuple[Cluster, ...]:
        living = (state for state in self._dated(pair) if state.tallies)
        return candidates(coarse, clusters(living, _type(pair)))

    def _take_run(self, pair: str, state: ClaimState) -> None:
        tolerance = _type(pair).tolerance_days
        for other in self._dated(pair):
            if gap(state, other) <= tolerance:
                self._take(other)

    def _load_runs(self, pair: str, block: str) -> None:
        """See all claims that can share a cluster with one of this block, over the months' edges."""
        self._load(frozenset((block,)))
        while True:
            before = len(self.blocks)
            self._load(frozenset(b for s in self._dated(pair) for b in s.claim.blocks if pair_of(b) == pair))
            if len(self.blocks) == before:
                return

    def _cross_edge(self, pair: str, state: ClaimState) -> None:
        """A cluster over a month's edge ties both months: what it looks like decides where coarse claims attach."""
        months = frozenset(block for block in state.claim.blocks if pair_of(block) == pair)
        if len(months) > 1:
            self.take_blocks(months)

    def _attach_coarse(self, pair: str, state: ClaimState) -> None:
        mine = {block for block in state.claim.blocks if pair_of(block) == pair}
        for coarse in list(self.seen.values()):
            block = coarse.claim.blocks[0]
            if block in mine and not is_dated(coarse.claim.date) and coarse.claim.id not in self.taken:
                self._load_runs(pair, block)
                fitting = self._candidates(coarse, pair)
                if len(fitting) == 1 and any(member.claim.id in self.taken for member in fitting[0]):
                    self._take(coarse)

    def _attach_undated(self, pairs: set[str]) -> None:
        for pair in sorted(pairs):
            block = f"{pair}|{UNDATED}"
            self._load(frozenset((block,)))
            undated = [s for s in self.seen.values() if block in s.claim.blocks]
            if undated:
                self._load(frozenset((whole_pair(block),)))
            for state in undated:
                self._take(state)
                for member in chain.from_iterable(self._candidates(state, pair)):
                    self._take(member)


def _type(block: str) -> FactType:
    return fact_types()[block.partition("|")[0]]


def _is_event(block: str) -> bool:
    return _type(block).identity is Identity.EVENT
