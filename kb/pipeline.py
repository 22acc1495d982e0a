"""The hallway: the steps of a delivery and of an article in order, on one screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.archive import Archive
from kb.clean import clean
from kb.errors import KbError, LeaseLost, Rejected, TryAgain
from kb.extract import Extractor
from kb.graph import Graph, Lease, Ledger, consolidate, finish, is_erased, store_reading, unneeded
from kb.knowledge import Reading
from kb.read import SIDECAR_SUFFIX, parse, read_sidecar, split
from kb.readings import keep_reading
from kb.records import Document, MediaType, Metadata
from kb.resolve import read_article
from kb.settings import Settings


class StageError(Exception):
    """An unexpected error, with the step in which it rose; the error itself is the cause."""

    def __init__(self, stage: str, error: Exception) -> None:
        super().__init__(str(error))
        self.stage, self.error = stage, error


class Pipeline:
    """The steps, with what they need. One per worker process."""

    def __init__(self, settings: Settings, graph: Graph, extractor: Extractor) -> None:
        self._settings, self._graph, self._extractor = settings, graph, extractor
        self._archive, self._ledger = Archive(settings.folder.archive), Ledger(graph)

    def run(self, lease: Lease) -> None:
        """Take what is leased through its steps, and end it in the ledger: settled, done, rejected or failed.

        TryAgain passes through, and leaves the lease held: the caller waits, or gives the work back.
        """
        try:
            if lease.kind == "delivery":
                self._expand(lease)
            else:
                self._process(lease)
        except LeaseLost:
            return
        except Rejected as error:
            self._ledger.reject(lease, str(error))
        except StageError as error:
            self._ledger.fail(lease, error.stage, error.error)

    def _expand(self, lease: Lease) -> None:
        with _stage("read"):
            slices, faults = split(self._archive.get(lease.blob), lease.name)
        with _stage("archive"):
            for item in slices:
                self._archive.put(item.data)
        with _stage("settle"):
            erased = self._ledger.settle(lease, slices, faults)
        with _stage("archive"):
            for blob in (*erased, lease.blob) if erased else ():
                self._archive.remove(blob)

    def _process(self, lease: Lease) -> None:
        assert lease.media_type is not None, "an article has a media type from its creation"
        with _stage("read"):
            raw = parse(lease.id, self._archive.get(lease.blob), lease.media_type)
        with _stage("clean"):
            document = clean(raw, lease.metadata, lease.name, max_chars=self._settings.max_article_chars)
        with _stage("extract"):
            (extraction,) = self._extractor.extract([document])
        with _stage("resolve"):
            reading = read_article(document, extraction)
        with _stage("archive"):
            extraction_id = keep_reading(self._archive, document, extraction)
        with _stage("write"):
            try:
                blocks = store_reading(self._graph, lease, reading, extraction_id)
            except LeaseLost:
                self._forget(lease, {document.text_id, extraction_id})
                raise
        with _stage("consolidate"):
            consolidate(self._graph, blocks)
            # Another article may have touched one of the blocks since; whoever comes last cleans it.
            while not finish(self._graph, lease):
                consolidate(self._graph, blocks)

    def _forget(self, lease: Lease, blobs: set[str]) -> None:
        """Somebody may have erased the article while we read it: then what we kept of it goes as well."""
        if is_erased(self._graph, lease.id):
            for blob in unneeded(self._graph, blobs):
                self._archive.remove(blob)


def read_file(path: Path, extractor: Extractor, published: str | None = None) -> Iterator[Reading]:
    """What each article of a file says, without any server. Raises Rejected for a file that cannot be read."""
    for document in read_documents(path, published):
        yield read_article(document, extractor.extract([document])[0])


def read_documents(path: Path, published: str | None = None) -> Iterator[Document]:
    """The articles of a file as documents. Raises Rejected for a file that cannot be read."""
    slices, _ = split(path.read_bytes(), path.name)
    for item in slices:
        yield read_document(path, item.id, item.data, item.media_type, published)


def read_document(path: Path, article_id: str, data: bytes, media_type: MediaType, published: str | None) -> Document:
    """One article of a file as a document; a sidecar beside the file is believed."""
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    stated = read_sidecar(sidecar.read_bytes()) if sidecar.exists() else Metadata()
    stated = Metadata(published=published).over(stated)
    return clean(parse(article_id, data, media_type), stated, path.name)


@contextmanager
def _stage(name: str) -> Iterator[None]:
    """Name the step of whatever unexpected error rises inside."""
    try:
        yield
    except (TryAgain, Rejected, LeaseLost):
        raise
    except (KbError, Exception) as error:
        raise StageError(name, error) from error
