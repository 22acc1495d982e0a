"""``python -m tests.bench.intake [FILES]``: many small files dropped at once.

The watcher runs with a real Redis, a real embedded graph and the dispatcher, without workers, so that all of them have to
wait. Printed: files per second from the inbox into the ledger, the watcher's and the dispatcher's peak memory, and the
most messages that Redis held.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from kb.graph import Graph, Ledger, migrate
from kb.settings import Settings
from tests.watch.watching import Watcher, watching
from workers.dispatch import queue_length
from workers.redis_url import client
from workers.services.arcadedb import EmbeddedGraph
from workers.services.redis_server import EmbeddedRedis


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        graph_server = EmbeddedGraph(folder / "graph", folder / "log")
        redis_server = EmbeddedRedis(folder / "redis", folder / "log")
        graph_server.start()
        redis_server.start()
        try:
            found = {**graph_server.settings(), **redis_server.settings(), "home": folder / "home"}
            _measure(Settings.model_validate(found), number)
        finally:
            redis_server.stop()
            graph_server.stop()


def _measure(settings: Settings, number: int) -> None:
    with Graph.connect(settings) as graph:
        migrate(graph, settings)
        with watching(settings.folder.root, settings) as watcher, _dispatching(watcher, settings) as dispatcher:
            _drop(watcher.inbox, number)
            print(f"{0:9} files  {_peak(watcher.process.pid):6.0f} MB", flush=True)
            begun, queue, most, last = time.monotonic(), client(settings), 0, 0
            while (entered := _entered(graph)) < number:
                assert watcher.process.poll() is None, watcher.log
                most = max(most, queue_length(queue))
                if entered - last >= number / 10:
                    last = entered
                    print(f"{entered:9,} files  {_peak(watcher.process.pid):6.0f} MB", flush=True)
                time.sleep(0.5)
            seconds = time.monotonic() - begun
            most = max(most, queue_length(queue))
            print(f"{number:,} files in {seconds:.0f} s: {number / seconds:.0f} files/s")
            print(
                f"peak memory: watcher {_peak(watcher.process.pid):.0f} MB, dispatcher {_peak(dispatcher.pid):.0f} MB"
            )
            print(f"messages in Redis: at most {most}, bound {settings.queue_bound}")
            print(f"waiting in the ledger: {Ledger(graph).unfinished():,}")


@contextmanager
def _dispatching(watcher: Watcher, settings: Settings) -> "Iterator[subprocess.Popen[bytes]]":
    assert settings.redis_url is not None
    environment = {**watcher.environment, "KB_REDIS_URL": settings.redis_url.get_secret_value()}
    with subprocess.Popen([sys.executable, "-m", "workers.dispatch"], env=environment) as process:
        yield process
        process.terminate()


def _drop(inbox: Path, number: int) -> None:
    """Files of a few hundred bytes, all there at the same moment."""
    outside = inbox.parent / "dropped"
    outside.mkdir()
    for each in range(number):
        words = f"Note {each}\n\nNorway pledged to build {each} bridges over the river by 2031.\n" * 4
        (outside / f"{each:07}.txt").write_text(words)
    outside.rename(inbox / "dropped")


def _entered(graph: Graph) -> int:
    return int(graph.read("MATCH (d:Delivery) RETURN count(d) AS n")[0]["n"])


def _peak(pid: int) -> float:
    """The most memory that the process has held, in MB (VmHWM)."""
    status = Path(f"/proc/{psutil.Process(pid).pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
