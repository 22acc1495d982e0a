"""Bytes in, id out: each blob lies once under its SHA-256, and is never changed.

    FOLDER/ab/cdef…      the blob whose SHA-256 in hex is ``abcdef…``

A blob appears by a rename within its own folder, after its bytes and before its name were forced to the disk: what is
there after a crash is whole. What a crash may leave is a file whose name begins with ``.part-``; it is never read.
"""

import contextlib
import hashlib
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import NotFound, StillChanging, StorageUnavailable, UnreadableFile
from kb.phrasing import legible

_ID = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20
# A partial file that nothing was written to for this long belongs to nobody.
_ABANDONED_SECONDS = 3600.0


class Archive:
    """A folder of blobs on a local file system. Safe for many processes at once: equal names hold equal bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._synced: set[Path] = set()

    def put(self, data: bytes) -> str:
        """Keep these bytes. Returns their id; nothing is written when they are there already.

        Raises StorageUnavailable when the disk is full or cannot be written; then nothing is left behind.
        """
        blob = hashlib.sha256(data).hexdigest()
        if not self.has(blob):
            with writing(self.folder):
                self._place(self._write([data], self._path(blob).parent), blob)
        return blob

    def put_file(self, path: Path) -> str:
        """Keep a file's bytes, copied in pieces and hashed on the way. Returns their id.

        A link is not followed. Raises StillChanging when size, modification time or inode are others after the copy
        than before it, FileNotFoundError when there is no such file, UnreadableFile when it cannot be read, and
        StorageUnavailable like ``put``.
        """
        before = _fingerprint(path)
        with reading(path):
            source = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        digest = hashlib.sha256()

        def pieces() -> Iterator[bytes]:
            while piece := _read(source, path):
                digest.update(piece)
                yield piece

        try:
            # The id is known only after the last byte; the folder of folders is on the same file system as they are.
            with writing(self.folder):
                partial = self._write(pieces(), self.folder)
        finally:
            os.close(source)
        if _fingerprint(path) != before:
            partial.unlink()
            raise StillChanging(
                f"{legible(path.name)} changed while it was copied; it is taken up again once it is complete."
            )
        blob = digest.hexdigest()
        if self.has(blob):
            partial.unlink()
        else:
            with writing(self.folder):
                self._place(partial, blob)
        return blob

    def get(self, blob: str) -> bytes:
        """The bytes of this id. Raises NotFound when there are none, or when they are no longer what they were."""
        try:
            data = self._path(blob).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"The archive holds no blob {blob}.") from None
        if hashlib.sha256(data).hexdigest() != blob:
            raise NotFound(f"The bytes of blob {blob} are damaged: restore {self._path(blob)} from a backup.")
        return data

    def has(self, blob: str) -> bool:
        """Whether there is a blob of this id."""
        return self._path(blob).is_file()

    def link(self, blob: str, path: Path) -> bool:
        """Give the blob a second name, which takes no room; False where the file system cannot, or there is no blob.

        What already has that name is replaced. Whoever wrote to the file would write to the archive: it is read-only.
        """
        hidden = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}")
        try:
            self._path(blob).chmod(0o400)
            os.link(self._path(blob), hidden)
        except OSError:
            return False
        hidden.replace(path)
        # Two names of one file already: then the rename does nothing.
        hidden.unlink(missing_ok=True)
        return True

    def is_link(self, blob: str, path: Path) -> bool:
        """True if the path is a name of this blob."""
        return path.exists() and self.has(blob) and path.samefile(self._path(blob))

    def heads(self, length: int) -> Iterator[tuple[str, bytes]]:
        """Every blob's id with the first bytes of it, sorted by folder."""
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(folder.iterdir()):
                blob = folder.name + path.name
                if _ID.fullmatch(blob):
                    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
                        yield blob, file.read(length)

    def sweep(self) -> None:
        """Remove what a crash left half written; what may still be written at this moment stays."""
        for path in (*self.folder.glob(".part-*"), *self.folder.glob("*/.part-*")):
            with contextlib.suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                    path.unlink()

    def remove(self, blob: str) -> None:
        """Forget these bytes for good; nothing happens when they are not there."""
        self._path(blob).unlink(missing_ok=True)

    def _path(self, blob: str) -> Path:
        # Ids come from queries and URLs as well: nothing but 64 hex digits ever becomes a path.
        if not _ID.fullmatch(blob):
            raise NotFound(f"{blob!r} is not the id of a blob: that is 64 hexadecimal digits.")
        return self.folder / blob[:2] / blob[2:]

    def _write(self, pieces: Iterable[bytes], folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(prefix=".part-", dir=folder)
        try:
            with os.fdopen(handle, "wb") as target:
                for piece in pieces:
                    target.write(piece)
                target.flush()
                os.fsync(target.fileno())
        except BaseException:
            Path(name).unlink()
            raise
        return Path(name)

    def _place(self, partial: Path, blob: str) -> None:
        path = self._path(blob)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            partial.replace(path)
        except BaseException:
            partial.unlink()
            raise
        sync_folder(path.parent)
        # The folder's own entry is forced out too: it may be as new as the blob.
        if path.parent not in self._synced:
            sync_folder(self.folder)
            self._synced.add(path.parent)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Raise StorageUnavailable, for people, when what is written below this folder cannot be."""
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(
            f"{folder} cannot be written ({error.strerror}); make room or mend it, and work goes on by itself"
        ) from error


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Raise UnreadableFile, for people, when a file that is there cannot be read."""
    try:
        yield
    except FileNotFoundError:
        raise
    except PermissionError:
        raise UnreadableFile(
            f"kb may not read {legible(path.name)}: allow it (chmod u+r, as the user that kb runs as) and drop it again."
        ) from None
    except OSError as error:
        raise UnreadableFile(f"{legible(path.name)} cannot be read from its disk ({error.strerror}).") from None


def _read(source: int, path: Path) -> bytes:
    with reading(path):
        return os.read(source, _CHUNK)


def _fingerprint(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
