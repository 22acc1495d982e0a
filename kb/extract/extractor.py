"""The interface, and the one extractor behind it: a parse, and the catalogue's trigger frames over it."""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import spacy

from kb.extract.article import Article
from kb.extract.assembly import assemble
from kb.extract.cast import Cast
from kb.records import Document, Extraction


class Extractor(Protocol):
    """Reads documents. What it says of one depends on that document alone, whatever is read beside it."""

    @property
    def version(self) -> str:
        """A hash of all that the answers depend on: weights, catalogue, actors and code."""

    def extract(self, documents: Sequence[Document]) -> tuple[Extraction, ...]:
        """One extraction for each document, in order."""


class FrameExtractor:
    """spaCy's small English pipeline proposes a parse and names; trigger frames of the catalogue read them."""

    def __init__(self) -> None:
        folder = files(__package__).joinpath("weights", "en_core_web_sm")
        self._nlp = spacy.load(Path(str(folder)), exclude=["senter"])
        self._version = _version()

    @property
    def version(self) -> str:
        """See Extractor."""
        return self._version

    def extract(self, documents: Sequence[Document]) -> tuple[Extraction, ...]:
        """See Extractor. Each article is parsed by itself: a batch that is shared would change the last digits."""
        return tuple(self._read(document) for document in documents)

    def _read(self, document: Document) -> Extraction:
        article = Article.parse(document, self._nlp)
        cast = Cast(article)
        evidence, unused = assemble(article, cast)
        return Extraction(
            article_id=document.article_id,
            text_id=document.text_id,
            extractor=self._version,
            actors=cast.actors(),
            mentions=cast.mentions(),
            evidence=evidence,
            unused=unused,
        )


@cache
def load() -> Extractor:
    """The extractor of this process; loaded at the first call, about a second and 150 MB."""
    return FrameExtractor()


def _version() -> str:
    digest = hashlib.sha256()
    package = Path(str(files("kb")))
    parts = (
        "extract/*.py",
        "extract/weights/manifest.json",
        "ontology/*.py",
        "ontology/facts/*.toml",
        "ontology/known/*.toml",
    )
    for path in sorted(path for part in parts for path in package.glob(part)):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
