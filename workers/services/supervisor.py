"""Everything behind ``kb up``: started in order, kept running, and stopped in order with nothing left behind."""

import fcntl
import json
import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import psutil

from kb.errors import UsageFault
from kb.graph import Graph, Ledger, migrate
from kb.settings import Settings
from workers.redis_url import client
from workers.services.arcadedb import EmbeddedGraph
from workers.services.processes import Registry, start, stop_tree
from workers.services.redis_server import EmbeddedRedis
from workers.services.server import free_port, write_private

log = logging.getLogger("kb.up")

# A process that dies this often within a minute will not get well by itself.
_MOST_RESTARTS = 5
_WARM_STOP_SECONDS = 20.0


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the home folder's lock. Raises UsageFault when another ``kb up`` runs on it."""
    settings.folder.make()
    path = settings.folder.run / "lock"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            page = settings.folder.read_endpoints().get("dashboard_url")
            raise UsageFault(
                f"kb is already running on {settings.folder.root} (process {lock.read().strip() or 'unknown'}). "
                f"Drop files into {settings.folder.inbox}{f'; its page is {page}' if page else ''}"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


class Child:
    """A process of ours that is started again when it dies."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name, self.command = name, command
        self.process: Popen[bytes] | None = None
        self.deaths: list[float] = []
        self.given_up = False


class Supervisor:
    """The whole system on one machine. ``say`` gets lines for the person who looks on."""

    def __init__(self, settings: Settings, say: Callable[[str], None], *, page: bool = True) -> None:
        self._folder, self._say, self._page = settings.folder, say, page
        self.settings = settings
        self._registry = Registry(settings.folder.run)
        self._redis: EmbeddedRedis | None = None
        self._graph: EmbeddedGraph | None = None
        self._children: list[Child] = []
        self._environment: dict[str, str] = {}
        self.page_url: str | None = None
        self.hurry = False

    @property
    def embedded(self) -> bool:
        """True if the graph is our own."""
        return self._graph is not None

    def start(self) -> None:
        """Start all that does not run yet. Raises ServiceFault or GraphUnavailable; then ``stop`` cleans up."""
        for known in self._registry.stop_leftovers():
            self._say(f"stopped {known.name} (process {known.pid}), which an earlier run had left behind")
        self._folder.endpoints.unlink(missing_ok=True)
        given = Settings.load()
        endpoints: dict[str, str] = {}
        if given.redis_url is None:
            self._redis = EmbeddedRedis(self._folder.redis, self._folder.log)
            self._redis.start()
            self._registry.remember("redis", self._redis.pid)
            endpoints |= self._redis.settings()
        if given.graph_uri is None:
            self._graph = EmbeddedGraph(self._folder.graph, self._folder.log)
            self._graph.start()
            self._registry.remember("graph", self._graph.pid)
            endpoints |= self._graph.settings()
        endpoints |= self._prepare_page()
        write_private(self._folder.endpoints, json.dumps(endpoints))
        self.settings = Settings.load()
        self._prepare_graph()
        self._environment = {"KB_HOME": str(self._folder.root)}
        self._children = self._plan()
        for child in self._children:
            self._launch(child)

    def watch_over(self) -> None:
        """Start again what has died, unless it dies all the time. Raises ServiceFault if a server does not come back."""
        for server in (self._redis, self._graph):
            if server is not None and server.process is not None and server.process.poll() is not None:
                self._say(f"{server.name} ended with code {server.process.returncode}; it is started again")
                server.start()
                self._registry.remember(server.name, server.pid)
        for child in self._children:
            if child.process is None or child.given_up or child.process.poll() is None:
                continue
            now = time.monotonic()
            child.deaths = [moment for moment in child.deaths if now - moment < 60] + [now]
            if len(child.deaths) > _MOST_RESTARTS:
                child.given_up = True
                self._say(f"{child.name} died {len(child.deaths)} times in a minute; see {self._log_of(child)}")
                continue
            self._say(f"{child.name} ended with code {child.process.returncode}; it is started again")
            self._launch(child)

    @property
    def broken(self) -> str | None:
        """Name of a process that was given up, ``None`` while all is well."""
        return next((child.name for child in self._children if child.given_up), None)

    def stop(self) -> None:
        """Stop in order: intake, dispatcher, workers, page, queue, graph. Nothing is left running."""
        for child in self._children:
            if child.process is not None:
                self._say(f"stopping {child.name}")
                self._stop_process(child.process.pid, _WARM_STOP_SECONDS)
                child.process.wait()
                self._registry.forget(child.name)
        for server in (self._redis, self._graph):
            if server is not None and server.process is not None:
                self._say(f"stopping {server.name}")
                server.stop(2 if self.hurry else 30)
                self._registry.forget(server.name)
        self._folder.endpoints.unlink(missing_ok=True)

    def _stop_process(self, pid: int, grace: float) -> None:
        try:
            process = psutil.Process(pid)
        except psutil.NoSuchProcess:
            return
        stop_tree(process, 0.5 if self.hurry else grace)

    def _prepare_page(self) -> dict[str, str]:
        if not self._page:
            return {}
        token = self._folder.run / "token"
        if not token.exists():
            write_private(token, secrets.token_urlsafe(24))
        port = self.settings.dashboard_port or free_port()
        self.page_url = f"http://127.0.0.1:{port}/?token={token.read_text('utf-8')}"
        return {"dashboard_port": str(port), "dashboard_url": f"http://127.0.0.1:{port}/"}

    def _prepare_graph(self) -> None:
        with Graph.connect(self.settings) as graph:
            migrate(graph, self.settings)
            if self._redis is not None:
                # The queue is ours alone and no worker can be alive: all that was in flight is sent again at once.
                client(self.settings).flushdb()
                ledger = Ledger(graph)
                ledger.break_leases(list(ledger.holders()))
                ledger.expire(self.settings.max_attempts)

    def _plan(self) -> list[Child]:
        workers = ["--loglevel", "WARNING", "--pool", "prefork", "--concurrency", str(self.settings.workers)]
        queues = ["--queues", "live,bulk", "--hostname", "kb@%h", "--without-mingle", "--without-gossip"]
        planned = [
            Child("watch", ["workers.watch"]),
            Child("dispatch", ["workers.dispatch"]),
            Child("workers", ["celery", "--app", "workers.tasks", "worker", *workers, *queues]),
        ]
        if self._page:
            planned.append(Child("dashboard", ["workers.dashboard"]))
        return planned

    def _launch(self, child: Child) -> None:
        child.process = start(child.command, self._environment, self._log_of(child))
        self._registry.remember(child.name, child.process.pid)

    def _log_of(self, child: Child) -> Path:
        return self._folder.log / f"{child.name}.out"
