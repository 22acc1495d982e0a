"""``make bench``: articles per second of the whole system and of extraction alone on the same files, and what memory it takes.

``python -m tests.bench [FOLDER]`` reads the .txt files of FOLDER; without it, the labelled articles beside the project,
or else kb's own examples.
"""

import shutil
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

import psutil

from kb import extract
from kb.graph import Graph
from kb.pipeline import read_file
from tests.conftest import SHARED
from tests.system import System, running, states


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _articles()
    paths = sorted(folder.glob("*.txt"))
    alone = _extract_alone(paths)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        with running(home, KB_WORKERS="2") as system, Graph.connect(system.settings()) as graph:
            ready = time.monotonic()
            _drop(system, paths[:1])
            system.wait("the first article", lambda: _finished(graph) == 1)
            first = time.monotonic() - ready
            begun = time.monotonic()
            _drop(system, paths[1:])
            system.wait("all articles", lambda: _finished(graph) == len(paths), seconds=600)
            whole = (len(paths) - 1) / (time.monotonic() - begun)
            print(f"{len(paths)} articles of {folder}")
            print(f"extraction alone, one process   {alone:8.1f} articles/s")
            print(f"whole system, two workers       {whole:8.1f} articles/s   ({whole / alone:.2f} of it)")
            print(f"drop to done, idle system       {first:8.2f} s")
            for name, size in _memory(system):
                print(f"memory (PSS) {name:18} {size:8.0f} MB")


def _articles() -> Path:
    labelled = SHARED / "eval" / "dev"
    return labelled if labelled.exists() else Path(str(files("kb").joinpath("examples")))


def _extract_alone(paths: list[Path]) -> float:
    extractor = extract.load()
    begun = time.monotonic()
    for path in paths:
        list(read_file(path, extractor))
    return len(paths) / (time.monotonic() - begun)


def _drop(system: System, paths: list[Path]) -> None:
    for path in paths:
        hidden = system.home / "inbox" / f".{path.name}"
        shutil.copyfile(path, hidden)
        hidden.rename(system.home / "inbox" / path.name)


def _finished(graph: Graph) -> int:
    return sum(state in ("done", "rejected", "failed") for state in states(graph, "Article"))


def _memory(system: System) -> list[tuple[str, float]]:
    found = []
    for process in system.processes():
        line = " ".join(process.cmdline())
        known = {"watch": "workers.watch", "dispatch": "workers.dispatch", "dashboard": "workers.dashboard"}
        known |= {"worker": "celery", "redis": "redis-server", "graph": "arcadedb", "supervisor": "workers.cli"}
        name = next((name for name, word in known.items() if word in line), "other")
        try:
            found.append((name, process.memory_full_info().pss / 2**20))
        except psutil.Error:
            continue
    return sorted(found)


if __name__ == "__main__":
    main()
