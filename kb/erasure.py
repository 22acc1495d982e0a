"""Erasing an article: its bytes, texts and quotes go from the graph, the archive and the folders of files that were read.

What stays is a tombstone: the ids of the article and of its evidence, the reason and the time. By it the same bytes are known
and refused when they come again. Every step may be done again, and the whole is repeated to finish one that was cut off.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from kb.archive import Archive
from kb.graph import Graph, erase, unneeded
from kb.graph.schema import clean_files
from kb.read import SIDECAR_SUFFIX
from kb.readings import readings_of
from kb.records import Record
from kb.settings import Settings

REASON, FAULTS = ".reason.txt", ".faults.txt"
BESIDE = ("", REASON, FAULTS, SIDECAR_SUFFIX)
"""What the names of files beside a file that was read end in."""


class Erasure(Record):
    """What was removed: blobs of the archive, and files with what lay beside them, relative to the home folder.

    ``left``: what this cannot reach, for people.
    """

    article: str
    blobs: tuple[str, ...]
    files: tuple[str, ...]
    left: str


_LOG = "the graph's write-ahead log holds traces until `kb up` is next stopped in order; backups hold what they hold"
_SERVER = (
    "the Neo4j server's store files and transaction logs hold traces until it reuses or prunes them; so do backups"
)


def erase_article(settings: Settings, graph: Graph, article_id: str, reason: str, author: str) -> Erasure:
    """Withdraw an article and remove all that says what it said. Raises NotFound, and UsageFault while it is read."""
    archive = Archive(settings.folder.archive)
    found = erase(graph, article_id, reason, author)
    wanted = {*found.blobs, *readings_of(archive, article_id)}
    files = tuple(_remove_files(settings, wanted, set(found.sizes)))
    blobs = unneeded(graph, wanted)
    for blob in blobs:
        archive.remove(blob)
    archive.sweep()
    return Erasure(article=article_id, blobs=blobs, files=files, left=_LOG if clean_files(settings) else _SERVER)


def _remove_files(settings: Settings, blobs: set[str], sizes: set[int]) -> Iterator[str]:
    """Remove the files with these bytes from processed/ and failed/, and what lies beside them."""
    root = settings.folder.root
    for folder in (settings.folder.processed, settings.folder.failed):
        for path in sorted(folder.rglob("*")) if folder.exists() else []:
            if path.is_file() and not path.is_symlink() and path.stat().st_size in sizes and _digest(path) in blobs:
                for ending in BESIDE:
                    beside = path.with_name(path.name + ending)
                    if beside.exists():
                        beside.unlink()
                        yield str(beside.relative_to(root))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
