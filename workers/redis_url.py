"""One address of Redis, in the two forms that its clients want."""

from urllib.parse import urlsplit

import redis

from kb.errors import QueueUnavailable
from kb.settings import Settings


def celery_url(settings: Settings) -> str:
    """The broker's address as kombu writes it: ``redis+socket://`` for a socket, else unchanged. Raises QueueUnavailable."""
    address = _address(settings)
    if not address.startswith("unix://"):
        return address
    parts = urlsplit(address)
    login = f":{parts.password}@" if parts.password else ""
    return f"redis+socket://{login}{parts.path}?virtual_host=0"


def client(settings: Settings) -> redis.Redis:
    """A Redis client; it connects at its first command. Raises QueueUnavailable when no address is known."""
    return redis.Redis.from_url(_address(settings), socket_timeout=10, socket_connect_timeout=5)


def _address(settings: Settings) -> str:
    if settings.redis_url is None:
        raise QueueUnavailable(
            f"no queue is running for {settings.folder.root}: start it with `kb up`, or set KB_REDIS_URL"
        )
    return settings.redis_url.get_secret_value()
