"""The watcher's loop: events of the file system wake it, and a rescan finds what events missed."""

import itertools
import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import watchfiles

from kb.errors import GraphUnavailable, StorageUnavailable
from kb.graph import Graph, Ledger
from kb.phrasing import legible
from kb.settings import Settings
from workers.watch.filters import InboxFilter
from workers.watch.intake import BULK, Intake
from workers.watch.stability import StabilityTracker

log = logging.getLogger("kb.watch")

_RESCAN_SECONDS = 10.0
_POLL_SECONDS = 1.0
_SETTLE_SECONDS = 0.25
_BATCH = 200
# A round that takes files begins again at the top after this long: what came meanwhile overtakes the bulk.
_ROUND_SECONDS = 1.0
_AWAY_SECONDS = 2.0


def watch(settings: Settings, stop: threading.Event) -> None:
    """Take what arrives until told to stop. While graph or disk cannot take it, files stay where they are."""
    settings.folder.make()
    woken = threading.Event()
    listener = threading.Thread(target=_listen, args=(settings, woken, stop), daemon=True)
    if not settings.polling:
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
    if not settings.polling:
        listener.join(2)


class _Loop:
    def __init__(self, settings: Settings, ledger: Ledger, woken: threading.Event) -> None:
        self._inbox, self._woken = settings.folder.inbox, woken
        self._rescan = _POLL_SECONDS if settings.polling else _RESCAN_SECONDS
        self._tracker = StabilityTracker(settings.settle_seconds, polling=settings.polling)
        self._intake = Intake(settings, ledger)
        self._next_scan = self._next_settling = 0.0

    def run(self, stop: threading.Event) -> None:
        """Step until told to stop; a disk that is full is waited for."""
        self._intake.resume()
        told = False
        while not stop.is_set():
            try:
                self._step(stop)
                told = False
            except StorageUnavailable as error:
                if not told:
                    log.warning("files wait: %s", error)
                told = True
                stop.wait(_AWAY_SECONDS)

    def _step(self, stop: threading.Event) -> None:
        """One round over the inbox, if there is cause for one, and one look at what is settled; then rest."""
        self._settle()
        now = time.monotonic()
        if self._intake.waits:
            self._intake.enter()
        if self._woken.is_set() or now >= self._next_scan or self._tracker.waiting():
            self._woken.clear()
            if now >= self._next_scan:
                self._next_scan = now + self._rescan
                self._intake.forget_stuck()
            if self._round(now, stop):
                return
        self._rest(stop)

    def _round(self, now: float, stop: threading.Event) -> int:
        """Claim and enter what is complete; returns how many files that were."""
        took, files = 0, scan(self._inbox)
        while batch := list(itertools.islice(files, _BATCH)):
            moment = time.monotonic()
            free = (path for path in batch if not self._intake.is_stuck(path))
            took += self._intake.claim(self._tracker.complete(free, moment))
            if self._intake.waits:
                self._intake.enter()
            self._settle()
            if stop.is_set() or (took and moment - now > _ROUND_SECONDS):
                self._tracker.next_round(whole=False)
                self._woken.set()
                return took
        self._tracker.next_round()
        return took

    def _settle(self) -> None:
        now = time.monotonic()
        if now >= self._next_settling:
            self._intake.settle()
            # Asking takes longer the more waits; that must not be all we do.
            self._next_settling = time.monotonic() + max(_SETTLE_SECONDS, 4 * (time.monotonic() - now))

    def _rest(self, stop: threading.Event) -> None:
        """Sleep until something can have happened."""
        if self._tracker.waiting() or self._intake.waits:
            stop.wait(self._tracker.rest(time.monotonic()))
        else:
            self._woken.wait(_SETTLE_SECONDS if self._intake.unsettled else _POLL_SECONDS)


def scan(inbox: Path) -> Iterator[Path]:
    """Files of the inbox and its subfolders that the filter lets through, as the disk lists them, bulk last.

    Links are not followed, and what is no regular file is passed over. Folders are read piece by piece, so that memory
    does not grow with the number of files.
    """
    folders = [inbox]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    path = Path(entry.path)
                    if InboxFilter.waits(entry.name):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.insert(0 if path == inbox / BULK else len(folders), path)
                    elif entry.is_file(follow_symlinks=False) and InboxFilter.is_delivery(path.relative_to(inbox)):
                        yield path
        except FileNotFoundError:
            continue
        except OSError as error:
            log.warning("%s is not looked into: %s", legible(str(folder)), error.strerror)


def _listen(settings: Settings, woken: threading.Event, stop: threading.Event) -> None:
    """Set ``woken`` whenever the file system tells of a change."""
    while not stop.is_set():
        try:
            for _ in watchfiles.watch(
                settings.folder.inbox,
                watch_filter=None,
                stop_event=stop,
                debounce=50,
                step=20,
                ignore_permission_denied=True,
            ):
                woken.set()
        except (OSError, RuntimeError) as error:
            # The rescan goes on without events (the limit of watches is reached, or the folder was replaced).
            log.warning("no events from the inbox, only rescans: %s", error)
            stop.wait(_RESCAN_SECONDS)
