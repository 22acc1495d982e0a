"""Processes that belong to one home folder: started, remembered on disk, stopped as whole trees, and found again."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import psutil

from kb.records import Record


class Known(Record):
    """A process as the home folder remembers it: a pid alone may be somebody else's by now."""

    name: str
    pid: int
    created: float


class Registry:
    """The home folder's memory of its processes: one small file each in ``run/``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def remember(self, name: str, pid: int) -> None:
        """Write down a process that was started."""
        known = Known(name=name, pid=pid, created=psutil.Process(pid).create_time())
        path = self._folder / f"{name}.pid.json"
        path.write_text(known.model_dump_json(), "utf-8")

    def forget(self, name: str) -> None:
        """Forget a process that has ended."""
        (self._folder / f"{name}.pid.json").unlink(missing_ok=True)

    def running(self) -> list[Known]:
        """Those that still run: same pid and same time of start."""
        found = []
        for path in sorted(self._folder.glob("*.pid.json")):
            with contextlib.suppress(ValueError, OSError):
                known = Known.model_validate(json.loads(path.read_text("utf-8")))
                if process_of(known) is not None:
                    found.append(known)
        return found

    def stop_leftovers(self, grace: float = 10.0) -> list[Known]:
        """Stop all that an earlier run left behind, with everything that they started; returns what was found."""
        left = self.running()
        for known in left:
            process = process_of(known)
            if process is not None:
                stop_tree(process, grace)
        for path in self._folder.glob("*.pid.json"):
            path.unlink(missing_ok=True)
        return left


def start(command: list[str], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a Python module as a process in a session of its own, so that a Ctrl-C reaches the supervisor alone."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, **environment},
            start_new_session=True,
        )


def process_of(known: Known) -> psutil.Process | None:
    """The process, if it is still the one that was started."""
    try:
        process = psutil.Process(known.pid)
        same = abs(process.create_time() - known.created) < 1.0 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return None
    return process if same else None


def stop_tree(process: psutil.Process, grace: float) -> None:
    """Ask a process to end, and kill what is left of it and of its children after ``grace`` seconds."""
    try:
        tree = [process, *process.children(recursive=True)]
        process.send_signal(signal.SIGTERM)
    except psutil.NoSuchProcess:
        return
    kill(psutil.wait_procs(tree, timeout=grace)[1])


def kill(processes: Iterable[psutil.Process]) -> None:
    """Kill processes that do not end by themselves, and wait for their end."""
    left = list(processes)
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=10)
