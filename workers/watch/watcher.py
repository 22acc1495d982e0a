"""The watcher's loop: events of the file system wake it, and a rescan finds what events missed."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import watchfiles

from kb.errors import GraphUnavailable
from kb.graph import Graph, Ledger
from kb.settings import Settings
from workers.watch.filters import InboxFilter
from workers.watch.intake import Intake
from workers.watch.stability import LOOK_SECONDS, StabilityTracker

log = logging.getLogger("kb.watch")

_RESCAN_SECONDS = 10.0
_SETTLE_SECONDS = 0.25
_MOST_AT_ONCE = 200
_AWAY_SECONDS = 2.0


def watch(settings: Settings, stop: threading.Event) -> None:
    """Take what arrives until told to stop. While the graph is away, files stay where they are."""
    settings.folder.make()
    woken = threading.Event()
    listener = threading.Thread(target=_listen, args=(settings, woken, stop), daemon=True)
    listener.start()
    told = False
    while not stop.is_set():
        try:
            with Graph.connect(settings) as graph:
                told = False
                _Loop(settings, Ledger(graph), woken).run(stop)
        except GraphUnavailable as error:
            if not told:
                log.warning("files wait in the inbox: %s", error)
            told = True
            stop.wait(_AWAY_SECONDS)
    listener.join(2)


class _Loop:
    def __init__(self, settings: Settings, ledger: Ledger, woken: threading.Event) -> None:
        self._inbox, self._woken = settings.folder.inbox, woken
        self._tracker = StabilityTracker(settings.settle_seconds)
        self._intake = Intake(settings, ledger)
        self._next_scan = self._next_settling = 0.0

    def run(self, stop: threading.Event) -> None:
        self._intake.resume()
        while not stop.is_set():
            now = time.monotonic()
            took = self._take(now)
            if self._intake.unsettled and now >= self._next_settling:
                self._intake.settle()
                self._next_settling = now + _SETTLE_SECONDS
            if not took:
                self._rest()

    def _take(self, now: float) -> int:
        """Claim and enter what is complete; returns how many files that were."""
        if self._intake.waits:
            self._intake.enter()
        if not (self._woken.is_set() or now >= self._next_scan or self._tracker.waiting()):
            return 0
        self._woken.clear()
        self._next_scan = now + _RESCAN_SECONDS
        complete = self._tracker.complete(scan(self._inbox), now)[:_MOST_AT_ONCE]
        self._intake.claim(complete)
        return self._intake.enter() if self._intake.waits else 0

    def _rest(self) -> None:
        """Sleep until something can have happened."""
        if self._tracker.waiting() or self._intake.waits:
            time.sleep(LOOK_SECONDS)
        elif self._intake.unsettled:
            self._woken.wait(_SETTLE_SECONDS)
        else:
            self._woken.wait(1.0)


def scan(inbox: Path) -> Iterator[Path]:
    """Files of the inbox and its subfolders that the filter lets through; links are not followed."""
    for folder, folders, names in os.walk(inbox, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if InboxFilter.is_delivery(path.relative_to(inbox)) and not path.is_symlink():
                yield path


def _listen(settings: Settings, woken: threading.Event, stop: threading.Event) -> None:
    """Set ``woken`` whenever the file system tells of a change."""
    while not stop.is_set():
        try:
            for _ in watchfiles.watch(
                settings.folder.inbox,
                stop_event=stop,
                debounce=50,
                step=20,
                force_polling=settings.polling or None,
                ignore_permission_denied=True,
            ):
                woken.set()
        except (OSError, RuntimeError) as error:
            # The rescan goes on without events (the limit of watches is reached, or the folder was replaced).
            log.warning("no events from the inbox, only rescans: %s", error)
            stop.wait(_RESCAN_SECONDS)
