"""The two tasks, and the worker processes that run them: ``celery --app workers.tasks worker``."""

import itertools
import logging
import random
import time
from typing import Any

from celery import signals

from kb import extract
from kb.errors import GraphUnavailable, TryAgain
from kb.graph import Graph, Kind, Lease, Ledger
from kb.logs import to_file
from kb.pipeline import Pipeline
from kb.settings import Settings
from workers.app import VERSION, make_app
from workers.holder import this_process

_MOST_WAIT = 10.0

settings = Settings.load()
app = make_app(settings)
log = logging.getLogger("kb.worker")


class _Process:
    """What one worker process holds: made after the fork, for no connection survives it."""

    graph: Graph | None = None

    @classmethod
    def connection(cls) -> Graph:
        if cls.graph is None:
            cls.graph = Graph.connect(settings)
        return cls.graph


@signals.worker_init.connect
def _load_model(**_: Any) -> None:
    """Load the language model before the fork: the children share its memory."""
    to_file(settings.folder.log, "worker")
    extract.load()


@signals.worker_process_shutdown.connect
def _disconnect(**_: Any) -> None:
    if _Process.graph is not None:
        _Process.graph.close()
        _Process.graph = None


@app.task(name="kb.expand")
def expand(message: dict[str, Any]) -> None:
    """Make articles of a delivery. The message is ``{"v": 1, "id": DELIVERY}``."""
    work("delivery", message)


@app.task(name="kb.process")
def process(message: dict[str, Any]) -> None:
    """Make facts of an article. The message is ``{"v": 1, "id": ARTICLE}``."""
    work("article", message)


def work(kind: Kind, message: dict[str, Any]) -> None:
    """Work off one message, whatever the graph does meanwhile; what is wrong with the work ends in the ledger."""
    if message.get("v") != VERSION or not isinstance(message.get("id"), str):
        log.error("dropped a message of another version: %s", str(message)[:200])
        return
    lease: Lease | None = None
    for attempt in itertools.count():
        try:
            graph = _Process.connection()
            lease = lease or Ledger(graph).start(kind, message["id"], settings.lease_seconds, this_process())
            if lease is not None:
                Pipeline(settings, graph, extract.load()).run(lease)
        except TryAgain as error:
            # The message stays ours and nobody else's time is lost; the article's attempts are not touched.
            if attempt == 0:
                log.warning("%s %s waits: %s", kind, message["id"][:12], error)
            if isinstance(error, GraphUnavailable):
                _disconnect()
            time.sleep(random.uniform(0.2, min(_MOST_WAIT, 0.5 * 2 ** min(attempt, 6))))  # noqa: S311  jitter, not a secret
        else:
            return
