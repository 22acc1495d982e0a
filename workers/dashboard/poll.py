"""One look at the graph for all open browsers: a thread polls, and pages show what it saw last."""

import logging
import threading
import time

import redis

from kb.archive import Archive
from kb.errors import KbError
from kb.graph import Graph, look
from kb.readings import Kept, kept_reading
from kb.records import Record
from kb.settings import Settings
from kb.views import ArticleView, FactView, StatusView
from workers.app import make_app
from workers.dispatch import queue_length
from workers.monitor import Monitor, WorkerView
from workers.redis_url import client

log = logging.getLogger("kb.dashboard")

_EVERY = 0.7
_STUCK_SECONDS = 120.0
_SHOWN = 40


class Seen(Record):
    """What was seen at one look; ``readings`` are parallel to ``articles``. ``trouble``: why there is nothing to see."""

    status: StatusView | None = None
    facts: tuple[FactView, ...] = ()
    tentative: int = 0
    articles: tuple[ArticleView, ...] = ()
    readings: tuple[Kept, ...] = ()
    workers: tuple[WorkerView, ...] = ()
    queue: int | None = None
    trouble: str | None = None

    @property
    def light(self) -> tuple[str, str]:
        """Colour and words of the status light: never green while work waits and nothing moves."""
        if self.trouble:
            return "red", self.trouble
        if self.queue is None:
            return "red", "the queue is away"
        if not self.workers:
            return "amber", "no worker answers yet"
        waiting = self.status.oldest_waiting if self.status else None
        if waiting is not None and waiting > _STUCK_SECONDS:
            return "amber", f"the oldest work waits for {waiting:.0f} s"
        return ("green", "idle") if waiting is None else ("green", "working")


class Poller:
    """``seen`` is the last look, ``version`` grows whenever it differs from the one before."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._archive = Archive(settings.folder.archive)
        self._monitor = Monitor(make_app(settings))
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="poll", daemon=True)
        self._graph: Graph | None = None
        # Texts do not change: an article that looks as it did is not read again.
        self._readings: dict[ArticleView, Kept] = {}
        self.seen = Seen(trouble="looking for the graph")
        self.version = 0

    def start(self) -> None:
        """Begin to look."""
        self._monitor.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._monitor.stop()
        self._stopped.set()
        self._thread.join(5)

    def connection(self) -> Graph:
        """The graph, connected when it is first needed. Raises GraphUnavailable."""
        if self._graph is None:
            self._graph = Graph.connect(self._settings)
        return self._graph

    def open(self, item_id: str) -> tuple[look.Shown, tuple[FactView, ...], Kept]:
        """Whatever has this id; with an article its facts, text and unused sentences. Raises NotFound or GraphUnavailable."""
        graph = self.connection()
        found = look.show(graph, item_id)
        if isinstance(found, ArticleView):
            return found, look.facts_by_id(graph, found.facts), kept_reading(self._archive, found)
        return found, (), (None, ())

    def _run(self) -> None:
        while not self._stopped.is_set():
            begun = time.monotonic()
            seen = self._look()
            if seen != self.seen:
                self.seen, self.version = seen, self.version + 1
            # Never more than a third of the time: many facts must not make the page a load of its own.
            self._stopped.wait(max(_EVERY, 2 * (time.monotonic() - begun)))
        if self._graph is not None:
            self._graph.close()

    def _look(self) -> Seen:
        workers = tuple(worker.model_copy(update={"heartbeat": 0.0}) for worker in self._monitor.workers())
        try:
            queue = queue_length(client(self._settings))
        except (KbError, redis.RedisError, OSError):
            queue = None
        try:
            graph = self.connection()
            articles = look.articles(graph, limit=_SHOWN)
            self._readings = {
                article: self._readings.get(article) or kept_reading(self._archive, article) for article in articles
            }
            return Seen(
                status=_steady(look.status(graph)),
                facts=look.facts(graph, all=True, limit=_SHOWN),
                tentative=look.count_tentative(graph),
                articles=articles,
                readings=tuple(self._readings[article] for article in articles),
                workers=workers,
                queue=queue,
            )
        except KbError as error:
            if self._graph is not None:
                self._graph.close()
                self._graph = None
            return Seen(workers=workers, queue=queue, trouble=str(error))


def _steady(status: StatusView) -> StatusView:
    """Waiting time in whole seconds, so that an idle page does not change."""
    waiting = status.oldest_waiting
    return status.model_copy(update={"oldest_waiting": None if waiting is None else float(int(waiting))})
