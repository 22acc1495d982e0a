"""A real watcher for tests: a process on a home folder of its own, with a real graph."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from kb.archive import Archive
from kb.graph import Graph
from kb.settings import Settings


class Watcher:
    """``python -m workers.watch`` on ``home``, started with ``environment``; ``log`` is what it has logged."""

    def __init__(self, home: Path, graph: Settings, **environment: str) -> None:
        given = {f"KB_{key.upper()}": _plain(value) for key, value in graph if key.startswith("graph_") and value}
        clean = {key: value for key, value in os.environ.items() if not key.startswith("KB_")}
        self.home = home
        self.inbox = Path(environment.get("KB_INBOX", home / "inbox"))
        self.inbox.mkdir(parents=True, exist_ok=True)
        self.environment = {**clean, **given, "KB_HOME": str(home), "KB_SETTLE_SECONDS": "0.5", **environment}
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "workers.watch"], env=self.environment)

    def limit_file_size(self, size: int) -> None:
        """Let the running process write files of at most this size: from then on the disk is full to it."""
        hard = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, hard))

    def stop(self, *, kill: bool = False) -> None:
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        self.process.wait(20)

    @property
    def log(self) -> str:
        path = self.home / "log" / "watch.log"
        return path.read_text("utf-8") if path.exists() else ""

    @property
    def archive(self) -> Archive:
        return Archive(self.home / "archive")

    def drop(self, name: str, words: str | bytes = "some words") -> Path:
        """Put a file into the inbox, as a program would that writes and closes it."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(words.encode() if isinstance(words, str) else words)
        return path

    def wait(self, what: str, condition: Callable[[], bool], seconds: float = 90.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, f"the watcher ended:\n{self.log}"
            assert time.monotonic() < deadline, f"{what} did not come within {seconds:.0f} s:\n{self.log}"
            time.sleep(0.05)


@contextmanager
def watching(home: Path, graph: Settings, **environment: str) -> Iterator[Watcher]:
    watcher = Watcher(home, graph, **environment)
    try:
        watcher.wait("its start", (home / "log" / "watch.log").exists)
        yield watcher
    finally:
        watcher.stop(kill=watcher.process.poll() is None)


def paths(graph: Graph) -> list[str]:
    """The paths of all deliveries in the ledger, sorted."""
    return sorted(row["path"] for row in graph.read("MATCH (d:Delivery) RETURN d.path AS path"))


def blobs(graph: Graph) -> list[str]:
    return [row["blob"] for row in graph.read("MATCH (d:Delivery) RETURN d.blob AS blob ORDER BY d.path")]


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
