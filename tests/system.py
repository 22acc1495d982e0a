"""A whole running system for tests: ``kb up`` on a home folder of its own, stopped with all that it started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psutil

from kb.graph import Graph
from kb.settings import Settings

T = TypeVar("T")


class System:
    """``kb up`` as a process. ``output`` is what it has printed."""

    def __init__(self, home: Path, *options: str, **environment: str) -> None:
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        self._out = home.parent / f"{home.name}.out"
        clean = {key: value for key, value in os.environ.items() if not key.startswith("KB_")}
        with self._out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from workers.cli import kb; kb()", "up", *options],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**clean, "KB_HOME": str(home), "KB_WORKERS": "1", "KB_SETTLE_SECONDS": "0.5", **environment},
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self._out.read_text("utf-8")

    def settings(self) -> Settings:
        first = Settings(home=self.home)
        return Settings.model_validate({**first.folder.read_endpoints(), "home": self.home})

    def drop(self, name: str, words: str) -> None:
        """Put a file into the inbox, as a program would that writes and closes it."""
        path = self.home / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, "utf-8")

    def wait(self, what: str, condition: Callable[[], T], seconds: float = 60.0) -> T:
        """What the condition gives as soon as it is true; fails with the output when it never is."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None and "--once" not in self.process.args:  # type: ignore[operator]
                raise AssertionError(f"kb up ended with {self.process.returncode}:\n{self.output[-3000:]}")
            found = condition()
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"{what} did not come within {seconds:.0f} s:\n{self.output[-3000:]}")

    def ready(self) -> None:
        self.wait("the system", lambda: "Drop articles into" in self.output)

    def stop(self, seconds: float = 60.0) -> int:
        """Ask it to stop as a person would, and wait for its end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def processes(self) -> list[psutil.Process]:
        """All processes that belong to the home folder, by their environment or command line."""
        found = []
        for process in psutil.process_iter():
            try:
                mine = process.environ().get("KB_HOME") == str(self.home) or str(self.home) in " ".join(
                    process.cmdline()
                )
            except psutil.Error:
                continue
            if mine and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        return found


@contextmanager
def running(home: Path, *options: str, **environment: str) -> Iterator[System]:
    """A system that is up; whatever a test leaves of it is killed at the end."""
    system = System(home, *options, **{"KB_EXAMPLES": "false", **environment})
    try:
        if "--once" not in options:
            system.ready()
        yield system
    finally:
        try:
            system.stop()
        finally:
            for process in system.processes():
                process.kill()


def states(graph: Graph, label: str) -> list[str]:
    """The states of deliveries or articles, sorted."""
    return sorted(row["state"] for row in graph.read(f"MATCH (x:{label}) RETURN x.state AS state"))
