"""The extractor's version: a hash over everything that an extraction depends on beside the document."""

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path


@cache
def extractor_version() -> str:
    """Twelve hex digits over weights, catalogue, actors, this room's code and the language library's version."""
    here = Path(__file__).parent
    ontology = Path(str(files("kb.ontology")))
    sources = [here / "weights" / "manifest.json", *here.glob("*.py"), *here.glob("*.toml")]
    sources += [*ontology.rglob("*.py"), *ontology.rglob("*.toml")]
    digest = hashlib.sha256(version("spacy").encode())
    for path in sorted(sources):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
