"""The records that the ledger hands to the running system, and takes from it."""

from typing import Literal

from kb.records import MediaType, Metadata, Record, RecordFault

Kind = Literal["delivery", "article"]
Lane = Literal["live", "bulk"]


class Arrival(Record):
    """A file that was taken from the inbox: ``path`` relative to it, ``blob`` its SHA-256, ``size`` in bytes.

    ``refused``: why it is not even looked into (it is too large); its ``blob`` is then "".
    """

    id: str
    path: str
    blob: str
    size: int
    metadata: Metadata = Metadata()
    lane: Lane = "live"
    refused: str | None = None


class Due(Record):
    """Something that waits for a worker."""

    kind: Kind
    id: str
    lane: Lane


class Lease(Record):
    """The right to work on something until the lease ends; every result must show its ``token``.

    ``name`` is the file's path as it came; ``blob`` the bytes to read; ``metadata`` the sidecar's.
    """

    kind: Kind
    id: str
    token: str
    attempts: int
    name: str
    blob: str
    media_type: MediaType | None
    metadata: Metadata
    lane: Lane


class Outcome(Record):
    """How a delivery ended, with all its articles: ``final`` when nothing of it waits, ``failed`` if nothing came of it.

    ``blob`` is its id in the archive, "" where it was never put there. ``erased``: it holds an article whose bytes must not stay.
    """

    final: bool
    failed: bool
    blob: str
    erased: bool
    reason: str | None
    faults: tuple[RecordFault, ...]
