"""From the ledger to the queue: one dispatcher keeps a bounded number of messages in Redis; the rest wait in the ledger.

``python -m workers.dispatch`` runs it, and the reconciler beside it.
"""

import logging
import secrets
import threading
import time

import redis
from celery import Celery

from kb.errors import TryAgain
from kb.graph import Graph, Ledger
from kb.logs import to_file
from kb.settings import Settings
from workers.app import LANES, VERSION, make_app
from workers.reconcile import Reconciler
from workers.redis_url import client
from workers.stopping import on_signal

log = logging.getLogger("kb.dispatch")

EPOCH = "kb:epoch"
"""Key that is there as long as Redis remembers what was put on its queues."""
_LOCK = "kb:dispatcher"
_LOCK_SECONDS = 15
_IDLE, _BUSY = 0.2, 0.02
_TASKS = {"delivery": "kb.expand", "article": "kb.process"}


class Dispatcher:
    """One step at a time; two that run at once do no harm, for only the holder of a lock in Redis sends."""

    def __init__(self, settings: Settings, graph: Graph, queue: redis.Redis, app: Celery) -> None:
        self._settings, self._ledger, self._queue, self._app = settings, Ledger(graph), queue, app
        self._token = secrets.token_hex(8)

    def step(self) -> int:
        """Send what is due, as far as the queue's bound allows; the number of messages sent."""
        if not self._holds_lock():
            return 0
        if not self._queue.exists(EPOCH):
            waiting = self._ledger.forget_queue()
            self._queue.set(EPOCH, secrets.token_hex(8))
            log.info("the queue is new: %d messages are sent again", waiting)
        room = self._settings.queue_bound - queue_length(self._queue)
        due = self._ledger.due(room) if room > 0 else ()
        # Sent before it is noted: a crash between the two sends a message twice, and the lease makes that harmless.
        with self._app.producer_pool.acquire(block=True, timeout=10) as producer:
            for item in due:
                message = {"v": VERSION, "id": item.id}
                self._app.send_task(_TASKS[item.kind], (message,), queue=item.lane, producer=producer, retry=False)
        if due:
            self._ledger.queued(due, patience=self.patience)
        return len(due)

    @property
    def patience(self) -> float:
        """Seconds after which a message that nobody started counts as lost: all that is before it, and then some."""
        return 4.0 * self._settings.lease_seconds

    def release(self) -> None:
        """Give the lock back, so that the next dispatcher need not wait for it."""
        if self._queue.get(_LOCK) == self._token.encode():
            self._queue.delete(_LOCK)

    def _holds_lock(self) -> bool:
        if self._queue.set(_LOCK, self._token, nx=True, ex=_LOCK_SECONDS):
            return True
        if self._queue.get(_LOCK) != self._token.encode():
            return False
        self._queue.expire(_LOCK, _LOCK_SECONDS)
        return True


def queue_length(queue: redis.Redis) -> int:
    """Messages in Redis: those that wait, and those that workers hold."""
    waiting = sum(int(queue.llen(lane)) for lane in LANES)
    return waiting + int(queue.hlen("unacked"))


def run(settings: Settings, stop: threading.Event) -> None:
    """Dispatch and reconcile until told to stop; waits, with growing patience, while graph or queue are away."""
    away = 0
    while not stop.is_set():
        try:
            with Graph.connect(settings) as graph:
                queue = client(settings)
                dispatcher = Dispatcher(settings, graph, queue, make_app(settings))
                reconciler = Reconciler(settings, graph)
                while not stop.is_set():
                    sent = dispatcher.step()
                    reconciler.step(time.monotonic())
                    away = 0
                    stop.wait(_BUSY if sent else _IDLE)
                dispatcher.release()
        except (TryAgain, redis.RedisError, OSError) as error:
            away += 1
            if away == 1:
                log.warning("waiting: %s", error)
            stop.wait(min(0.5 * away, 5.0))


def main() -> None:
    """The process's entry point."""
    settings = Settings.load()
    to_file(settings.folder.log, "dispatch")
    run(settings, on_signal())


if __name__ == "__main__":
    main()
