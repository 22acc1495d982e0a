"""What a crash left unfinished: leases that ran out or whose worker is gone, and blocks that were left dirty."""

import logging

from kb.graph import Graph, Ledger, consolidate, dirty_blocks
from kb.settings import Settings
from workers.holder import is_gone

log = logging.getLogger("kb.reconcile")

_EVERY = 5.0
# A block that is dirty for this long belongs to no article in progress.
_BLOCK_PATIENCE = 30.0


class Reconciler:
    """Looks every few seconds; what it does is idempotent, so two of them do no harm."""

    def __init__(self, settings: Settings, graph: Graph) -> None:
        self._settings, self._graph, self._ledger = settings, graph, Ledger(graph)
        self._next = 0.0
        self._dirty_since: dict[str, float] = {}

    def step(self, now: float) -> None:
        """Do what is due at ``now`` (seconds of a clock that never goes back)."""
        if now < self._next:
            return
        self._next = now + _EVERY
        gone = [token for token, holder in self._ledger.holders().items() if is_gone(holder or "")]
        if gone:
            self._ledger.break_leases(gone)
        taken_back = self._ledger.expire(self._settings.max_attempts)
        if taken_back:
            log.warning("%d pieces of work lost their worker", taken_back)
        dirty = dirty_blocks(self._graph)
        self._dirty_since = {block: self._dirty_since.get(block, now) for block in dirty}
        left = [block for block, since in self._dirty_since.items() if now - since >= _BLOCK_PATIENCE]
        if left:
            log.info("%d blocks were left dirty", len(left))
            consolidate(self._graph, left)
