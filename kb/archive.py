"""Bytes in, id out: blobs under their SHA-256, written once and never changed."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.errors import NotFound, StillChanging

_ID = re.compile(r"[0-9a-f]{64}")
_CHUNK = 2**20


class Archive:
    """A folder of blobs, ``ab/cdef…`` each. Safe for many writers: a blob appears whole, by a rename, or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keep these bytes; returns their SHA-256 in hex. Durable on return: file and folder are synced."""
        blob = hashlib.sha256(data).hexdigest()
        if not self.has(blob):
            self._store([data])
        return blob

    def put_file(self, path: Path) -> str:
        """Keep a file's bytes, streamed; returns their SHA-256. Raises StillChanging if it changed while we read."""
        before = _stamp(path)
        with path.open("rb") as source:
            blob = self._store(iter(lambda: source.read(_CHUNK), b""))
        if _stamp(path) != before:
            raise StillChanging(f"{path.name} is still being written; it will be taken when it rests")
        return blob

    def get(self, blob: str) -> bytes:
        """The bytes of a blob. Raises NotFound when there are none, or when the disk has changed them."""
        path = self._path(blob)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise NotFound(f"the archive has no blob {blob}; was {self._folder} restored from a backup?") from None
        if hashlib.sha256(data).hexdigest() != blob:
            raise NotFound(f"blob {blob} is damaged on disk: its bytes no longer have this hash")
        return data

    def has(self, blob: str) -> bool:
        """True if the archive holds this blob."""
        return self._path(blob).exists()

    def remove(self, blob: str) -> None:
        """Forget a blob, if it is there."""
        self._path(blob).unlink(missing_ok=True)

    def _path(self, blob: str) -> Path:
        if not _ID.fullmatch(blob):
            raise NotFound(f"{blob!r} is no blob's id: these are 64 hexadecimal digits")
        return self._folder / blob[:2] / blob[2:]

    def _store(self, chunks: Iterable[bytes] | Iterator[bytes]) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        temporary = self._folder / f".new-{os.getpid()}-{secrets.token_hex(8)}"
        digest = hashlib.sha256()
        try:
            with temporary.open("wb") as target:
                for chunk in chunks:
                    digest.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            path = self._path(digest.hexdigest())
            path.parent.mkdir(exist_ok=True)
            temporary.replace(path)
            sync_folder(path.parent)
        finally:
            temporary.unlink(missing_ok=True)
        return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
