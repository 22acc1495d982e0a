"""Who works: Celery's own events, received by Celery's own receiver and state, as frozen views."""

import logging
import threading
import time

import psutil
from celery import Celery
from celery.events.state import State

from kb.records import Record

log = logging.getLogger("kb.monitor")

_RETRY_SECONDS = 2.0


class WorkerView(Record):
    """A worker: ``processes`` of its pool, tasks ``active`` now and ``done`` since it started, memory in MB (PSS)."""

    name: str
    pid: int
    alive: bool
    heartbeat: float
    processes: int
    active: int
    done: int
    load: float
    memory: float | None


class Monitor:
    """Listens in a thread of its own, and goes on listening when Redis was away."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._state: State = app.events.State()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="celery-events", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; the thread ends with its next event or within a second."""
        self._stopped.set()

    def workers(self) -> tuple[WorkerView, ...]:
        """The workers whose heartbeat has not expired, by name."""
        found = []
        for name, worker in sorted(dict(self._state.workers).items()):
            if worker.alive and worker.heartbeats:
                processes = _children(worker.pid)
                found.append(
                    WorkerView(
                        name=name,
                        pid=worker.pid or 0,
                        alive=True,
                        heartbeat=time.time() - worker.heartbeats[-1],
                        processes=max(len(processes) - 1, 1),
                        active=worker.active or 0,
                        done=worker.processed or 0,
                        load=(worker.loadavg or [0.0])[0],
                        memory=_memory(processes),
                    )
                )
        return tuple(found)

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                with self._app.connection() as connection:
                    receiver = self._app.events.Receiver(connection, handlers={"*": self._state.event})
                    while not self._stopped.is_set():
                        self._drain(receiver)
            except OSError as error:
                log.warning("no events: %s", error)
            except Exception:  # the broker's own errors have no common base
                log.exception("no events")
            self._stopped.wait(_RETRY_SECONDS)

    def _drain(self, receiver: object) -> None:
        try:
            receiver.capture(limit=None, timeout=1.0, wakeup=True)  # type: ignore[attr-defined]
        except TimeoutError:
            return


def _children(pid: int | None) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except (psutil.Error, ValueError):
        return []


def _memory(processes: list[psutil.Process]) -> float | None:
    total = 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except (psutil.Error, AttributeError):
            return None
    return total / 2**20 if total else None
