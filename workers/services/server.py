"""A server as a process of its own: started, waited for, and stopped, whatever the server is."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from kb.errors import ServiceFault

_TAIL = 2000


class ServerProcess:
    """One server; ``run`` and ``stop`` once each. What it prints goes to LOG/NAME.out."""

    def __init__(self, name: str, folder: Path, log: Path) -> None:
        self.name, self.folder, self.log = name, folder.absolute(), log.absolute()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of the running server."""
        if self.process is None:
            raise ServiceFault(f"the embedded {self.name} is not running")
        return self.process.pid

    def run(self, command: Sequence[str], answers: Callable[[], bool], wait: float) -> None:
        """Start the server and return when it answers. Raises ServiceFault with the end of its output otherwise."""
        self.log.mkdir(parents=True, exist_ok=True)
        with self._output.open("ab") as out:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.folder, start_new_session=True
            )
        deadline = time.monotonic() + wait
        while not answers():
            ended = self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                self.stop(5)
                how = f"ended with code {self.process.returncode}" if ended else f"was not ready after {wait:.0f} s"
                tail = self._output.read_text("utf-8", "replace")[-_TAIL:]
                raise ServiceFault(f"the embedded {self.name} {how}; the end of {self._output}:\n{tail}")
            time.sleep(0.03)

    def stop(self, wait: float = 30.0) -> None:
        """End the server; kill it when it takes longer than ``wait`` seconds."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(wait)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def _output(self) -> Path:
        return self.log / f"{self.name}.out"


def free_port() -> int:
    """A TCP port on loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
